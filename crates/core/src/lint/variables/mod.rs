//! Stage 5: the references in the format strings of each effective monitor (clauses VAR, SCH-5, SCH-8).

mod definitions;
mod judge;
mod numbers;
mod probe;
mod strings;

use super::base::Base;
use super::context::Context;
use super::fact::Fact;
use super::finding::Place;
use super::missing_files::Files;
use super::monitored::Monitored;
use crate::template::{
    Environment, Field, Monitor, Path, PathSet, Slot, bindings, draft_names, visit,
};
use definitions::Definitions;
use judge::{Judge, Questions};
use probe::Probe;
use serde_json::Value;
use std::collections::HashSet;
use strings::{Stage, Used};

pub(crate) fn check<'d>(
    context: &Context<'d>,
    base: &Base,
    structural: &[Fact<'d>],
) -> Vec<Fact<'d>> {
    let mut facts = Vec::new();
    let mut stage = Variables {
        context,
        base,
        definitions: Definitions::of(base),
        structural: structural.iter().map(|fact| fact.place.path()).collect(),
    };
    for monitored in &context.monitors {
        facts.extend(unparsable(context, &monitored.strings));
        facts.extend(stage.monitor(monitored));
    }
    facts
}

/// The input of the stage for one monitor.
struct Variables<'s, 'd> {
    context: &'s Context<'d>,
    base: &'s Base,
    definitions: Definitions<'s>,
    /// The places of the structural facts.
    structural: PathSet,
}

/// The strings that are no format strings, where a format string may stand.
fn unparsable(context: &Context<'_>, strings: &[Field<'_>]) -> Vec<Fact<'static>> {
    let has_numbers = context.constants().has_format_strings();
    let mut facts = Vec::new();
    for field in strings {
        if context.budget.skips(&field.path) || !has_numbers && numbers::is_number(field) {
            continue;
        }
        let text = field.value.as_str().unwrap_or_default();
        for (range, reason) in context.expressions.errors(text) {
            let place = Place::Text(field.path.clone(), range.clone());
            facts.push(Fact::unparsable(place, &reason, &text[range]));
        }
    }
    facts
}

impl<'d> Variables<'_, 'd> {
    fn monitor(&mut self, monitored: &Monitored<'d>) -> Vec<Fact<'d>> {
        let context = self.context;
        let Monitored {
            environment,
            monitor,
            ..
        } = monitored;
        let mut facts = numbers::check(context, monitored);
        let mut used = strings::used(&monitored.slots, &context.expressions);
        used.retain(|used| !context.budget.skips(&used.path));
        // A number with a mistake is not examined as an expression.
        used.retain(|used| {
            let is_number = used.stage != Stage::Action;
            let is_wrong = facts.iter().any(|fact| *fact.place.path() == used.path);
            !is_wrong && (!is_number || context.constants().has_format_strings())
        });
        let files = Files::of_environment(environment.value.get("script"));
        for used in used.iter_mut().filter(|used| used.stage == Stage::Action) {
            let (text, path) = (used.text, &used.path);
            used.interpolations.retain(|interpolation| {
                let missing = files.as_ref();
                let missing = missing.and_then(|files| files.missing(text, interpolation));
                facts.extend(missing.map(|reference| {
                    let place = Place::Text(path.clone(), reference.range.clone());
                    judge::undefined(context.document.value(), place, &reference.name, None)
                }));
                missing.is_none()
            });
        }
        let mut probe = Probe::default();
        let asked: Vec<_> = used
            .iter()
            .map(|used| ask_about(used, &mut probe))
            .collect();
        let commands: Vec<_> = sound_commands(context, monitor, &self.structural)
            .into_iter()
            .map(|command| {
                (
                    probe.action(without_expressions(context, &command)),
                    command,
                )
            })
            .collect();
        let interpolations = used.iter().flat_map(|used| &used.interpolations);
        let references = interpolations.flat_map(|interpolation| &interpolation.references);
        let names: Vec<_> = references
            .map(|reference| reference.name.as_str())
            .collect();
        let needed = self.definitions.needed(context, environment, &names);
        let Some(answer) = probe.ask(context, self.base, environment, &needed) else {
            return facts;
        };
        let judge = Judge {
            context,
            base: self.base,
            environment,
            monitor,
            answer: &answer,
        };
        for (copy, command) in &commands {
            facts.extend(judge.command(*copy, command));
        }
        let bound = bound_names(environment);
        for (used, asked) in used.iter().zip(&asked) {
            for (interpolation, asked) in used.interpolations.iter().zip(asked) {
                facts.extend(judge.interpolation(used, interpolation, asked));
            }
            facts.extend(shadowing(context, &bound, used));
        }
        facts
    }
}

fn ask_about(used: &Used<'_>, probe: &mut Probe) -> Vec<Questions> {
    let mut asked = Vec::new();
    // The variables that several slots have are of the same type in each.
    let first = match used.stage {
        Stage::JobCreation => Slot::OnEnter,
        Stage::Action | Stage::Timeout => used.slots[0],
    };
    for interpolation in &used.interpolations {
        let whole = used.accepted_text(interpolation);
        let whole = match used.stage {
            Stage::Action => probe.command(Some(first), whole),
            Stage::Timeout | Stage::JobCreation => probe.timeout(Some(first), whole),
        };
        let references = interpolation.references.iter().map(|reference| {
            let text = format!("{{{{{}}}}}", draft_names::accepted_form(&reference.name));
            let as_command = probe.command(None, text.clone());
            let own = match used.stage {
                Stage::Action => as_command.clone(),
                Stage::Timeout => probe.timeout(None, text),
                Stage::JobCreation => probe.timeout(Some(first), text),
            };
            (own, as_command)
        });
        asked.push(Questions {
            references: references.collect(),
            whole,
            slot: first,
        });
    }
    asked
}

/// The checks that decode: the schema finds nothing wrong with them, and each string parses.
fn sound_commands<'d>(
    context: &Context<'_>,
    monitor: &Monitor<'d>,
    structural: &PathSet,
) -> Vec<Field<'d>> {
    let commands = monitor
        .layers()
        .into_iter()
        .filter_map(|fields| fields.child("command"));
    let is_sound = |command: &Field<'_>| {
        let mut parses = true;
        visit(command.value, &mut |_, value| {
            parses &= value
                .as_str()
                .is_none_or(|text| context.expressions.parses(text));
        });
        parses && !structural.has_within(&command.path)
    };
    commands.filter(is_sound).collect()
}

/// A check as an `<Action>` of its own. Its command and arguments are asked about one by one.
fn without_expressions(context: &Context<'_>, command: &Field<'_>) -> Value {
    let mut action = command.value.clone();
    for field in command.action_strings() {
        let path = Path::root().join(&field.path.segments()[command.path.segments().len()..]);
        if let Some(text) = path.get_mut(&mut action)
            && text.as_str().is_some_and(|text| text.contains("{{"))
        {
            *text = "x".into();
        }
    }
    if let Value::Object(fields) = &mut action {
        // SCH-9 leaves nothing of it to check.
        fields.remove("cancelation");
        if context.budget.skips(&command.path.key("timeout")) {
            fields.remove("timeout");
        }
    }
    action
}

/// The names that the Environment's own `let` binds.
fn bound_names(environment: &Environment<'_>) -> HashSet<String> {
    let script = environment.value.get("script");
    let bindings = bindings(script.and_then(|script| script.get("let")));
    bindings.map(|(_, name, _)| name.to_owned()).collect()
}

/// Reports loop variables of the string that hide a `let` name.
fn shadowing(
    context: &Context<'_>,
    bound: &HashSet<String>,
    used: &Used<'_>,
) -> Option<Fact<'static>> {
    if bound.is_empty() {
        return None;
    }
    let format = context.expressions.format_string(used.text).ok()?;
    let error = format.validate_comprehension_vars(bound).err()?;
    Some(Fact::ill_typed(
        Place::Text(used.path.clone(), 0..used.text.len()),
        &error.message(),
    ))
}
