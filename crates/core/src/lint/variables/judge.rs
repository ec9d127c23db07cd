//! Conclusions from the errors of a probe about the strings of a monitor.

use super::probe::{ProbeErrors, Question};
use super::strings::{Stage, Used};
use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::lint::fact::{Fact, FactKind, Gap};
use crate::lint::finding::Place;
use crate::lint::meant_name;
use crate::lint::misplaced;
use crate::lint::references::{self, Interpolation, Reference};
use crate::lint::unknown_name::Unknown;
use crate::template::{Environment, Field, Monitor, Path, Slot, draft_names};
use serde_json::Value;

/// The questions that were asked about one interpolation.
pub(super) struct Questions {
    /// Of the interpolation as a whole, in `slot`.
    pub whole: Question,
    pub slot: Slot,
    /// Of each reference alone, at its own stage and as in an action's command.
    pub references: Vec<(Question, Question)>,
}

/// Context for judging the probe errors of one monitor.
pub(super) struct Judge<'c, 'd> {
    pub context: &'c Context<'d>,
    pub base: &'c Base,
    pub environment: &'c Environment<'d>,
    pub monitor: &'c Monitor<'d>,
    pub answer: &'c ProbeErrors,
}

impl<'d> Judge<'_, 'd> {
    /// Reports errors in the check's `<Action>`, except those in expressions.
    pub fn command(&self, copy: usize, command: &Field<'_>) -> Vec<Fact<'d>> {
        let document = self.context.document.value();
        let errors = self.answer.errors(copy).into_iter();
        let errors = errors.map(|(rest, message)| (command.path.join(rest.segments()), message));
        let is_format_string = |path: &Path| {
            let text = path.get(document).and_then(Value::as_str);
            text.is_some_and(|text| text.contains("{{"))
        };
        let fact = |(path, message): (Path, &str)| match is_format_string(&path) {
            // What the whole string resolves to is no error of one of its expressions.
            true if is_of_value(message) => Some(Fact::invalid_value(
                &path,
                message.trim_end_matches('.'),
                None,
            )),
            true => None,
            false => Some(Fact::rejected(
                Place::named_in(message, document, &path),
                message,
            )),
        };
        errors.filter_map(fact).collect()
    }

    pub fn interpolation(
        &self,
        used: &Used<'_>,
        interpolation: &Interpolation,
        asked: &Questions,
    ) -> Vec<Fact<'d>> {
        let mut facts = Vec::new();
        let mut is_sound = true;
        for (reference, questions) in interpolation.references.iter().zip(&asked.references) {
            let place = Place::Text(used.path.clone(), reference.range.clone());
            match self.reference(used, reference, questions, place.clone()) {
                Judgement::Sound => {
                    if draft_names::accepted(&reference.name).is_some() {
                        let kind = FactKind::DraftName(reference.clone());
                        facts.push(Fact { place, kind });
                    }
                }
                Judgement::Unknown => is_sound = false,
                Judgement::Wrong(fact) => {
                    is_sound = false;
                    facts.push(*fact);
                }
            }
        }
        if is_sound {
            facts.extend(self.whole(used, interpolation, asked));
        }
        facts
    }

    fn reference(
        &self,
        used: &Used<'_>,
        reference: &Reference,
        (own, as_command): &(Question, Question),
        place: Place,
    ) -> Judgement<'d> {
        let name = draft_names::accepted_form(&reference.name);
        let wrong = |fact| Judgement::Wrong(Box::new(fact));
        if misplaced::is_task_monitor(&name) {
            return wrong(Fact::task_monitor(place));
        }
        let is_lost = |parameter: &String| {
            name == format!("Param.{parameter}") || name == format!("RawParam.{parameter}")
        };
        let template = self.context.document.value();
        let is_unknown = meant_name::is_of_a_wrong_list(template, &used.path, &name);
        if is_unknown || self.base.lost_parameters.iter().any(is_lost) {
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
                (true, false) => wrong(in_a_number(place, &used.path, &name)),
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
                    written: reference.name.clone(),
                    name,
                    missing,
                    having,
                    environment: self.environment.clone(),
                    monitor: self.monitor.clone(),
                };
                let kind = FactKind::OutOfScope(Box::new(gap));
                wrong(Fact { place, kind })
            }
            (false, true)
                if used.stage == Stage::Timeout && !slots(as_command, false).is_empty() =>
            {
                wrong(in_a_number(place, &used.path, &name))
            }
            (false, true) => wrong(self.undefined(place, reference, own)),
        }
    }

    fn undefined(&self, place: Place, reference: &Reference, question: &Question) -> Fact<'d> {
        let errors = Slot::ALL.into_iter();
        let errors = errors.filter_map(|slot| self.answer.error(question, slot));
        let message = errors.max_by_key(|message| references::suggestion(message).is_some());
        let template = self.context.document.value();
        undefined(template, place, &reference.name, message)
    }

    /// Reports the error of an interpolation whose variables all exist.
    fn whole(
        &self,
        used: &Used<'_>,
        interpolation: &Interpolation,
        asked: &Questions,
    ) -> Option<Fact<'d>> {
        let message = self.answer.error(&asked.whole, asked.slot)?;
        let reason = message.lines().next().unwrap_or_default();
        let place = Place::Text(used.path.clone(), interpolation.range.clone());
        (!is_of_value(reason)).then(|| Fact::ill_typed(place, reason))
    }
}

/// Reports a reference to the variable `name`, which does not exist at `place`.
pub(super) fn undefined(
    template: &Value,
    place: Place,
    name: &str,
    message: Option<&str>,
) -> Fact<'static> {
    let unknown = Unknown::new(template, place.path(), name, message);
    let kind = FactKind::UndefinedVariable(unknown);
    Fact { place, kind }
}

/// Reports a reference to `name` in the number at `path`, where it is not in scope.
fn in_a_number<'d>(place: Place, path: &Path, name: &str) -> Fact<'d> {
    let kind = FactKind::OutOfScopeInNumber {
        field: path.last_key().unwrap_or_default().to_owned(),
        name: name.to_owned(),
    };
    Fact { place, kind }
}

enum Judgement<'d> {
    Sound,
    /// It refers to what another finding says is broken.
    Unknown,
    Wrong(Box<Fact<'d>>),
}

/// Returns true if the model rejects the value of a timeout rather than its expressions.
fn is_of_value(message: &str) -> bool {
    message.starts_with("timeout must") || message.starts_with("resolves to")
}
