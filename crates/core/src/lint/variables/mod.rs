//! Stage 5: what the format strings of each effective monitor refer to (clauses VAR, SCH-5, SCH-8).

mod judge;
mod numbers;
mod probe;
mod strings;

use super::base::Base;
use super::context::Context;
use super::fact::Fact;
use super::finding::Place;
use super::references;
use crate::template::{Environment, Field, Monitor, draft_names, visit};
use judge::{Judge, Questions};
use openjd_expr::FormatString;
use probe::Probe;
use serde_json::Value;
use strings::{Stage, Used};

pub(crate) fn check<'d>(
    context: &Context<'d>,
    base: &Base,
    structural: &[Fact<'d>],
) -> Vec<Fact<'d>> {
    let mut facts = Vec::new();
    for environment in &context.environments {
        if let Some(monitor) = environment.monitor() {
            facts.extend(unparsable(context, &monitor));
            facts.extend(check_monitor(
                context,
                base,
                structural,
                environment,
                &monitor,
            ));
        }
    }
    facts
}

/// The strings that are no format strings, where a format string may stand.
fn unparsable(context: &Context<'_>, monitor: &Monitor<'_>) -> Vec<Fact<'static>> {
    let mut written = strings::written(monitor);
    let has_numbers = context.constants().has_format_strings();
    written.retain(|field| has_numbers || !numbers::is_number(field));
    let mut facts = Vec::new();
    for field in &written {
        let text = field.value.as_str().unwrap_or_default();
        for (range, reason) in references::parse_errors(text) {
            let place = Place::Text(field.path.clone(), range.clone());
            facts.push(Fact::unparsable(place, &reason, &text[range]));
        }
    }
    facts
}

fn check_monitor<'d>(
    context: &Context<'d>,
    base: &Base,
    structural: &[Fact<'d>],
    environment: &Environment<'d>,
    monitor: &Monitor<'d>,
) -> Vec<Fact<'d>> {
    let numbers = numbers::check(context, environment, monitor);
    let mut used = strings::used(monitor);
    // What is wrong as a number is not looked at as an expression.
    used.retain(|used| {
        let is_number = used.stage != Stage::Action;
        let is_wrong = numbers.iter().any(|fact| *fact.place.path() == used.path);
        !is_wrong && (!is_number || context.constants().has_format_strings())
    });
    let mut probe = Probe::default();
    let asked: Vec<_> = used
        .iter()
        .map(|used| ask_about(used, &mut probe))
        .collect();
    let commands: Vec<_> = sound_commands(monitor, structural)
        .into_iter()
        .map(|command| (probe.action(whole_action(&command)), command))
        .collect();
    let mut facts = numbers;
    let Some(answer) = probe.ask(context, base, environment) else {
        return facts;
    };
    let check = Judge {
        base,
        environment,
        monitor,
        answer: &answer,
    };
    for (copy, command) in &commands {
        facts.extend(check.command(context, *copy, command));
    }
    for (used, asked) in used.iter().zip(&asked) {
        for (interpolation, asked) in used.interpolations.iter().zip(asked) {
            facts.extend(check.interpolation(used, interpolation, asked));
        }
        facts.extend(shadowing(environment, used));
    }
    facts
}

fn ask_about(used: &Used<'_>, probe: &mut Probe) -> Vec<Questions> {
    let mut asked = Vec::new();
    for interpolation in &used.interpolations {
        let mut ask = |text: String| match used.stage {
            Stage::Action => probe.command(text),
            Stage::Timeout | Stage::JobCreation => probe.timeout(&text),
        };
        let whole = ask(used.accepted_text(interpolation));
        let names = interpolation
            .references
            .iter()
            .map(|reference| &reference.name);
        let texts = names.map(|name| format!("{{{{{}}}}}", draft_names::accepted_form(name)));
        let own: Vec<_> = texts.clone().map(&mut ask).collect();
        let as_command = texts.map(|text| probe.command(text));
        asked.push(Questions {
            whole,
            references: own.into_iter().zip(as_command).collect(),
        });
    }
    asked
}

/// The checks that decode: the schema finds nothing wrong with them, and each string parses.
fn sound_commands<'d>(monitor: &Monitor<'d>, structural: &[Fact<'_>]) -> Vec<Field<'d>> {
    let commands = monitor
        .layers()
        .into_iter()
        .filter_map(|fields| fields.child("command"));
    let is_sound = |command: &Field<'_>| {
        let mut parses = true;
        visit(command.value, &mut |_, value| {
            parses &= value
                .as_str()
                .is_none_or(|text| references::parse_errors(text).is_empty());
        });
        parses
            && !structural
                .iter()
                .any(|fact| fact.place.path().is_within(&command.path))
    };
    commands.filter(is_sound).collect()
}

/// A check as an `<Action>` of its own.
fn whole_action(command: &Field<'_>) -> Value {
    let mut action = command.value.clone();
    if let Value::Object(fields) = &mut action {
        // SCH-9 leaves nothing of it to check.
        fields.remove("cancelation");
    }
    action
}

/// Loop variables of the string that hide a `let` name.
fn shadowing(environment: &Environment<'_>, used: &Used<'_>) -> Option<Fact<'static>> {
    let bindings = environment.value.get("script")?.get("let")?.as_array()?;
    let names = bindings
        .iter()
        .filter_map(|binding| Some(binding.as_str()?.split_once('=')?.0.trim().to_owned()));
    let error = FormatString::new(used.text)
        .ok()?
        .validate_comprehension_vars(&names.collect())
        .err()?;
    Some(Fact::ill_typed(
        Place::Text(used.path.clone(), 0..used.text.len()),
        &error.message(),
    ))
}
