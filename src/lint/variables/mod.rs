//! Stage 5: what the format strings of each effective monitor refer to (clauses VAR, SCH-5, SCH-8).

mod numbers;
mod probe;
mod strings;

use super::base::Base;
use super::context::Context;
use super::finding::{Draft, Place};
use super::references::{self, Interpolation, Reference};
use super::rules::variable_out_of_scope::{self, Gap};
use super::rules::{
    draft_variable_name, invalid_expression, invalid_value, misplaced_monitor, openjd,
    undefined_variable,
};
use crate::template::{Environment, Monitor, Path, Slot};
use openjd_expr::FormatString;
use probe::{Answer, Probe};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use strings::{Stage, Used};

pub(crate) fn check(context: &Context<'_>, base: &Base, structural: &[Draft]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for environment in &context.environments {
        if let Some(monitor) = environment.monitor() {
            drafts.extend(unparsable(&monitor));
            drafts.extend(numbers::check(context, environment, &monitor));
            drafts.extend(check_monitor(
                context,
                base,
                structural,
                environment,
                &monitor,
            ));
        }
    }
    drafts
}

/// The strings that are no format strings.
fn unparsable(monitor: &Monitor<'_>) -> Vec<Draft> {
    let written = strings::written(monitor);
    let errors = written.iter().filter_map(|field| {
        let (range, reason) = references::parse_error(field.value.as_str()?)?;
        Some(invalid_expression::draft(
            Place::Text(field.path.clone(), range),
            &reason,
        ))
    });
    errors.collect()
}

/// The numbers of what a probe asks about one interpolation.
struct Asked {
    /// Of the interpolation as a whole.
    whole: Question,
    /// Of each reference alone, at its own stage and as in an action's command.
    references: Vec<(Question, Question)>,
}

/// Where in the probe a text stands, in each slot.
struct Question {
    copy: usize,
    field: Path,
}

/// Puts texts into a probe: those of commands all into one copy, a timeout into one of its own.
#[derive(Default)]
struct Questions {
    probe: Probe,
    commands: Vec<String>,
}

const COMMANDS: usize = 0;

impl Questions {
    fn add(&mut self, stage: Stage, text: String) -> Question {
        match stage {
            Stage::Action => {
                self.commands.push(text);
                Question {
                    copy: COMMANDS,
                    field: Path::root().key("args").index(self.commands.len() - 1),
                }
            }
            Stage::Timeout | Stage::JobCreation => {
                let copy = 1 + self
                    .probe
                    .add(&Slot::ALL, &json!({"command": "x", "timeout": text}));
                Question {
                    copy,
                    field: Path::root().key("timeout"),
                }
            }
        }
    }

    fn ask(
        self,
        context: &Context<'_>,
        base: &Base,
        environment: &Environment<'_>,
    ) -> Option<Answer> {
        let commands = json!({"command": "x", "args": self.commands});
        self.probe
            .after(&Slot::ALL, &commands)
            .ask(context, base, environment)
    }
}

fn check_monitor(
    context: &Context<'_>,
    base: &Base,
    structural: &[Draft],
    environment: &Environment<'_>,
    monitor: &Monitor<'_>,
) -> Vec<Draft> {
    let mut used = strings::used(monitor);
    used.retain(|used| {
        used.stage != Stage::JobCreation || context.constants().has_format_strings()
    });
    let mut questions = Questions::default();
    let asked: Vec<Vec<Asked>> = used
        .iter()
        .map(|used| ask_about(used, &mut questions))
        .collect();
    let actions = whole_actions(monitor, structural);
    let actions_copy = 1 + questions.probe.add_actions(actions);
    let Some(answer) = questions.ask(context, base, environment) else {
        return Vec::new();
    };
    let check = Check {
        base,
        environment,
        monitor,
        answer: &answer,
    };
    let mut drafts = check.actions(context, actions_copy);
    for (used, asked) in used.iter().zip(&asked) {
        for (interpolation, asked) in used.interpolations.iter().zip(asked) {
            drafts.extend(check.interpolation(used, interpolation, asked));
        }
        drafts.extend(shadowing(environment, used));
    }
    drafts
}

fn ask_about(used: &Used<'_>, questions: &mut Questions) -> Vec<Asked> {
    let ask = |interpolation: &Interpolation| Asked {
        whole: questions.add(used.stage, used.accepted_text(interpolation)),
        references: interpolation
            .references
            .iter()
            .map(|reference| {
                let text = format!(
                    "{{{{{}}}}}",
                    draft_variable_name::accepted_form(&reference.name)
                );
                (
                    questions.add(used.stage, text.clone()),
                    questions.add(Stage::Action, text),
                )
            })
            .collect(),
    };
    used.interpolations.iter().map(ask).collect()
}

/// Each watched slot with its check as its action: for what is wrong with a check as an `<Action>`.
fn whole_actions(monitor: &Monitor<'_>, structural: &[Draft]) -> Vec<(Slot, Value)> {
    let slots = monitor.slots().into_iter();
    let actions = slots.filter_map(|slot| {
        let command = monitor.effective(slot).command?;
        let is_sound = !structural
            .iter()
            .any(|draft| draft.place.path().is_within(&command.path));
        let mut action = command.value.clone();
        // SCH-9 leaves nothing of it to check.
        action.as_object_mut()?.remove("cancelation");
        is_sound.then_some((slot, action))
    });
    actions.collect()
}

/// What the answers to the questions about one monitor are judged with.
struct Check<'c, 'd> {
    base: &'c Base,
    environment: &'c Environment<'d>,
    monitor: &'c Monitor<'d>,
    answer: &'c Answer,
}

impl Check<'_, '_> {
    fn error(&self, question: &Question, slot: Slot) -> Option<&str> {
        self.answer.error(question.copy, slot, &question.field)
    }

    /// The variable that is undefined in `slot`, if the question's answer there is that one is.
    fn lacks(&self, question: &Question, slot: Slot) -> bool {
        self.error(question, slot)
            .is_some_and(|message| references::undefined(message).is_some())
    }

    /// What is wrong with the checks as actions, format strings apart.
    fn actions(&self, context: &Context<'_>, copy: usize) -> Vec<Draft> {
        let mut seen = HashSet::new();
        let mut drafts = Vec::new();
        for (slot, rest, message) in self.answer.errors(copy) {
            let Some(command) = self.monitor.effective(slot).command else {
                continue;
            };
            let path = command.path.join(rest.steps());
            let is_format_string = matches!(path.get(context.document.value()), Some(Value::String(text)) if text.contains("{{"));
            if !is_format_string && seen.insert((path.clone(), message)) {
                drafts.push(openjd::draft(
                    openjd::place(context.document.value(), &path, message),
                    message,
                ));
            }
        }
        drafts
    }

    fn interpolation(
        &self,
        used: &Used<'_>,
        interpolation: &Interpolation,
        asked: &Asked,
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut is_sound = true;
        for (reference, questions) in interpolation.references.iter().zip(&asked.references) {
            let place = Place::Text(used.path.clone(), reference.range.clone());
            match self.reference(used, reference, questions, place.clone()) {
                Judgement::Sound => {
                    if let Some((draft, accepted)) = draft_variable_name::accepted(&reference.name)
                    {
                        drafts.push(draft_variable_name::draft(place, draft, accepted));
                    }
                }
                Judgement::Unknown => is_sound = false,
                Judgement::Wrong(draft) => {
                    is_sound = false;
                    drafts.push(*draft);
                }
            }
        }
        if is_sound {
            drafts.extend(self.whole(used, interpolation, &asked.whole));
        }
        drafts
    }

    fn reference(
        &self,
        used: &Used<'_>,
        reference: &Reference,
        (own, as_command): &(Question, Question),
        place: Place,
    ) -> Judgement {
        let name = draft_variable_name::accepted_form(&reference.name);
        let wrong = |draft| Judgement::Wrong(Box::new(draft));
        if misplaced_monitor::is_task_monitor(&name) {
            return wrong(misplaced_monitor::reference(place));
        }
        let is_lost = |parameter: &String| {
            name == format!("Param.{parameter}") || name == format!("RawParam.{parameter}")
        };
        if self.base.lost_parameters.iter().any(is_lost) {
            return Judgement::Unknown;
        }
        let slots = |question: &Question, lacking: bool| {
            Slot::ALL
                .into_iter()
                .filter(|&slot| self.lacks(question, slot) == lacking)
                .collect::<Vec<_>>()
        };
        if used.stage == Stage::JobCreation {
            return match (
                self.lacks(own, Slot::OnEnter),
                slots(as_command, false).is_empty(),
            ) {
                (false, _) => Judgement::Sound,
                (true, true) => wrong(self.undefined(place, reference, own)),
                (true, false) => wrong(variable_out_of_scope::at_job_creation(
                    place, &used.path, &name,
                )),
            };
        }
        let missing: Vec<_> = slots(own, true)
            .into_iter()
            .filter(|slot| used.slots.contains(slot))
            .collect();
        let having = slots(own, false);
        match (missing.is_empty(), having.is_empty()) {
            (true, _) => Judgement::Sound,
            (false, false) => {
                let gap = Gap {
                    name: &name,
                    missing,
                    having,
                };
                wrong(variable_out_of_scope::draft(
                    place,
                    &gap,
                    self.environment,
                    self.monitor,
                ))
            }
            (false, true)
                if used.stage == Stage::Timeout && !slots(as_command, false).is_empty() =>
            {
                wrong(variable_out_of_scope::at_job_creation(
                    place, &used.path, &name,
                ))
            }
            (false, true) => wrong(self.undefined(place, reference, own)),
        }
    }

    fn undefined(&self, place: Place, reference: &Reference, question: &Question) -> Draft {
        let messages = Slot::ALL
            .into_iter()
            .filter_map(|slot| self.error(question, slot));
        let suggestion = messages.into_iter().find_map(references::suggestion);
        undefined_variable::draft(place, &reference.name, suggestion)
    }

    /// The interpolation as a whole, all of whose variables are there: its types.
    fn whole(
        &self,
        used: &Used<'_>,
        interpolation: &Interpolation,
        question: &Question,
    ) -> Vec<Draft> {
        let slots = if used.stage == Stage::JobCreation {
            &[Slot::OnEnter][..]
        } else {
            &used.slots
        };
        let mut reasons: BTreeMap<&str, Vec<Slot>> = BTreeMap::new();
        for &slot in slots {
            if let Some(message) = self.error(question, slot) {
                reasons
                    .entry(message.lines().next().unwrap_or_default())
                    .or_default()
                    .push(slot);
            }
        }
        let drafts = reasons.into_iter().filter_map(|(reason, failing)| {
            let place = Place::Text(used.path.clone(), interpolation.range.clone());
            // What a constant resolves to is no error of the expression.
            if reason.starts_with("timeout must") || reason.starts_with("resolves to") {
                let is_timeout = used.stage == Stage::Timeout;
                return is_timeout
                    .then(|| invalid_value::draft(&used.path, reason.trim_end_matches('.'), None));
            }
            let draft = invalid_expression::draft(place, reason);
            let everywhere = failing.len() == slots.len();
            Some(if everywhere {
                draft
            } else {
                draft.help(format!(
                    "so it is in {}",
                    variable_out_of_scope::slot_names(&failing)
                ))
            })
        });
        drafts.collect()
    }
}

enum Judgement {
    Sound,
    /// It refers to what another finding says is broken.
    Unknown,
    Wrong(Box<Draft>),
}

/// Loop variables of the string that hide a `let` name.
fn shadowing(environment: &Environment<'_>, used: &Used<'_>) -> Option<Draft> {
    let bindings = environment.value.get("script")?.get("let")?.as_array()?;
    let names = bindings
        .iter()
        .filter_map(|binding| Some(binding.as_str()?.split_once('=')?.0.trim().to_owned()));
    let error = FormatString::new(used.text)
        .ok()?
        .validate_comprehension_vars(&names.collect())
        .err()?;
    Some(invalid_expression::draft(
        Place::Text(used.path.clone(), 0..used.text.len()),
        &error.message(),
    ))
}
