//! `shadowed-monitor`: a wrapping Environment runs its hooks in place of every action that an inner
//! monitor watches (SES-2).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::template::{Environment, Home, Slot};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = rule!(
    "shadowed-monitor",
    Warning,
    "a monitor whose actions are all replaced by the hooks of an outer Environment",
    ["SES-2"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    let mut wrapping: BTreeMap<Home, Vec<(usize, &Environment<'_>)>> = BTreeMap::new();
    for (index, environment) in context.environments.iter().enumerate() {
        if environment.wraps() {
            let of_home = wrapping.entry(environment.home).or_default();
            of_home.push((index, environment));
        }
    }
    for monitored in &context.monitors {
        let inner = &monitored.environment;
        let slots: Vec<_> = monitored.slots.iter().map(|own| own.slot).collect();
        let shadows = |outer: &&Environment<'_>| {
            !slots.is_empty() && slots.iter().all(|&slot| replaces(outer, slot))
        };
        // Those of the job are around those of every step. The specification allows no more than one.
        let mut homes = vec![Home::Job, inner.home];
        homes.dedup();
        let own = homes.iter().rev().find_map(|home| {
            let of_home = wrapping.get(home)?;
            let outer = of_home.partition_point(|(index, _)| *index < monitored.index);
            let outer = of_home[..outer].iter().rev();
            outer.map(|(_, outer)| *outer).find(shadows)
        });
        let mut around = context.around.iter().rev();
        if let Some(outer) = own {
            drafts.push(draft(inner, outer, &slots));
        } else if let Some((file, outer)) = around.find(|(_, outer)| shadows(&outer)) {
            drafts.push(draft_of_file(inner, outer, file, &slots));
        }
    }
    drafts
}

fn replaces(outer: &Environment<'_>, slot: Slot) -> bool {
    slot.hook().is_some_and(|hook| outer.defines(hook))
}

/// The name by which a message calls an Environment.
fn name_of(environment: &Environment<'_>) -> String {
    let name = environment.value.get("name").and_then(|name| name.as_str());
    name.map_or("an outer Environment".to_owned(), |name| {
        format!("`{name}`")
    })
}

fn message(who: &str, slots: &[Slot]) -> String {
    format!(
        "this monitor never runs: the hooks of {who} replace {} of this Environment",
        slot_names(slots)
    )
}

fn draft(inner: &Environment<'_>, outer: &Environment<'_>, slots: &[Slot]) -> Draft {
    let who = name_of(outer);
    let place = Place::Key(inner.monitor_path());
    let mut draft = Draft::new(&RULE, place, message(&who, slots));
    for &slot in slots {
        if let Some(hook) = slot.hook() {
            draft = draft.related(
                Place::Key(outer.actions_path().key(hook.name())),
                format!("runs in place of `{}`", slot.name()),
            );
        }
    }
    draft.help(format!(
        "move the check to the `onMonitor` of {who}, or put this Environment before {who}"
    ))
}

/// The finding about a monitor that an Environment of another file shadows.
fn draft_of_file(
    inner: &Environment<'_>,
    outer: &Environment<'_>,
    file: &str,
    slots: &[Slot],
) -> Draft {
    let who = format!("{} of {file}", name_of(outer));
    let place = Place::Key(inner.monitor_path());
    Draft::new(&RULE, place, message(&who, slots))
        .help(format!("move the check to the `onMonitor` of {who}"))
}
