//! What the answers of a probe mean for the strings of a monitor.

use super::probe::{ProbeErrors, Question};
use super::strings::{Stage, Used};
use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::references::{self, Interpolation, Reference};
use crate::lint::rules::variable_out_of_scope::{self, Gap};
use crate::lint::rules::{
    draft_variable_name, invalid_expression, invalid_value, misplaced_monitor, openjd,
    undefined_variable,
};
use crate::template::{Environment, Field, Monitor, Path, Slot};
use serde_json::Value;
use std::collections::BTreeMap;

/// The questions that were asked about one interpolation.
pub(super) struct Questions {
    /// Of the interpolation as a whole.
    pub whole: Question,
    /// Of each reference alone, at its own stage and as in an action's command.
    pub references: Vec<(Question, Question)>,
}

/// What the answers to the questions about one monitor are judged with.
pub(super) struct Judge<'c, 'd> {
    pub base: &'c Base,
    pub environment: &'c Environment<'d>,
    pub monitor: &'c Monitor<'d>,
    pub answer: &'c ProbeErrors,
}

impl Judge<'_, '_> {
    /// What is wrong with a check as an action, its expressions apart.
    pub fn command(&self, context: &Context<'_>, copy: usize, command: &Field<'_>) -> Vec<Draft> {
        let document = context.document.value();
        let errors = self.answer.errors(copy).into_iter();
        let errors = errors.map(|(rest, message)| (command.path.join(rest.segments()), message));
        let is_format_string = |path: &Path| {
            let text = path.get(document).and_then(Value::as_str);
            text.is_some_and(|text| text.contains("{{"))
        };
        let draft = |(path, message): (Path, &str)| match is_format_string(&path) {
            // What the whole string resolves to is no error of one of its expressions.
            true if is_of_value(message) => Some(invalid_value::draft(
                &path,
                message.trim_end_matches('.'),
                None,
            )),
            true => None,
            false => Some(openjd::draft(
                openjd::place(document, &path, message),
                message,
            )),
        };
        errors.filter_map(draft).collect()
    }

    pub fn interpolation(
        &self,
        used: &Used<'_>,
        interpolation: &Interpolation,
        asked: &Questions,
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut is_sound = true;
        for (reference, questions) in interpolation.references.iter().zip(&asked.references) {
            let place = Place::Text(used.path.clone(), reference.range.clone());
            match self.reference(used, reference, questions, place.clone()) {
                Judgement::Sound => {
                    drafts.extend(draft_variable_name::draft(&used.path, reference));
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
                .filter(|&slot| self.answer.lacks(question, slot) == lacking)
                .collect::<Vec<_>>()
        };
        if used.stage == Stage::JobCreation {
            return match (
                self.answer.lacks(own, Slot::OnEnter),
                slots(as_command, false).is_empty(),
            ) {
                (false, _) => Judgement::Sound,
                (true, true) => wrong(self.undefined(place, reference, own)),
                (true, false) => {
                    wrong(variable_out_of_scope::in_a_number(place, &used.path, &name))
                }
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
                    written: &reference.name,
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
                wrong(variable_out_of_scope::in_a_number(place, &used.path, &name))
            }
            (false, true) => wrong(self.undefined(place, reference, own)),
        }
    }

    fn undefined(&self, place: Place, reference: &Reference, question: &Question) -> Draft {
        let messages = Slot::ALL
            .into_iter()
            .filter_map(|slot| self.answer.error(question, slot));
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
            if let Some(message) = self.answer.error(question, slot) {
                reasons
                    .entry(message.lines().next().unwrap_or_default())
                    .or_default()
                    .push(slot);
            }
        }
        let drafts = reasons.into_iter().filter_map(|(reason, failing)| {
            let place = Place::Text(used.path.clone(), interpolation.range.clone());
            if is_of_value(reason) {
                return None;
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

/// Whether the model objects to what a timeout resolves to, and not to its expressions.
fn is_of_value(message: &str) -> bool {
    message.starts_with("timeout must") || message.starts_with("resolves to")
}
