//! The format strings of a monitor, each with what uses it.

use crate::lint::expressions::Expressions;
use crate::lint::references::Interpolation;
use crate::template::{Effective, Field, Path, Slot, draft_names};
use serde_json::Value;
use std::collections::HashMap;

/// The stage at which a string is resolved, which decides what it may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// With the command of a slot's own action (VAR-1).
    Action,
    /// With the timeout of a slot's own action (SCH-8).
    Timeout,
    /// At job creation, as an ordinary action's timeout is (SCH-5).
    JobCreation,
}

/// A format string that some of a monitor's slots use.
pub(super) struct Used<'d> {
    pub path: Path,
    pub text: &'d str,
    pub stage: Stage,
    pub slots: Vec<Slot>,
    pub interpolations: Vec<Interpolation>,
}

/// The strings of the effective monitors, each once, in the order of the slots.
pub(super) fn used<'d>(monitors: &[Effective<'d>], expressions: &Expressions) -> Vec<Used<'d>> {
    let mut found: Vec<Used<'d>> = Vec::new();
    let mut indices: HashMap<Path, usize> = HashMap::new();
    let mut add = |slot: Slot, stage: Stage, field: &Field<'d>| {
        let (path, value) = (&field.path, field.value);
        let Value::String(text) = value else {
            return;
        };
        match indices.get(path) {
            Some(&index) => found[index].slots.push(slot),
            None => {
                indices.insert(path.clone(), found.len());
                let interpolations = expressions.interpolations(text);
                found.push(Used {
                    path: path.clone(),
                    text,
                    stage,
                    slots: vec![slot],
                    interpolations,
                });
            }
        }
    };
    for monitor in monitors {
        let strings = monitor.command.iter().flat_map(Field::action_strings);
        strings.for_each(|string| add(monitor.slot, Stage::Action, &string));
        let timeout = monitor.check_timeout();
        timeout
            .iter()
            .for_each(|timeout| add(monitor.slot, Stage::Timeout, timeout));
        let numbers = monitor.numbers();
        numbers.for_each(|number| add(monitor.slot, Stage::JobCreation, number));
    }
    found
}

impl Used<'_> {
    /// The interpolation's text with the draft's names of variables replaced by the accepted ones.
    pub fn accepted_text(&self, interpolation: &Interpolation) -> String {
        let mut text = String::new();
        let mut at = interpolation.range.start;
        for reference in &interpolation.references {
            if let Some((draft, accepted)) = draft_names::accepted(&reference.name) {
                text.push_str(&self.text[at..reference.range.start]);
                text.push_str(accepted);
                text.push_str(reference.name.strip_prefix(draft).unwrap_or_default());
                at = reference.range.end;
            }
        }
        text.push_str(&self.text[at..interpolation.range.end]);
        text
    }
}
