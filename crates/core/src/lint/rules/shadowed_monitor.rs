//! `shadowed-monitor`: a wrapping Environment runs its hooks in place of every action that an inner
//! monitor watches (SES-2).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::template::{Environment, Home, Slot};

pub(super) static RULE: Rule = rule!(
    "shadowed-monitor",
    Warning,
    "a monitor whose actions are all replaced by the hooks of an outer Environment",
    ["SES-2"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        let inner = &monitored.environment;
        let slots: Vec<_> = monitored.slots.iter().map(|own| own.slot).collect();
        let shadows = |outer: &&Environment<'_>| {
            !slots.is_empty() && slots.iter().all(|&slot| replaces(outer, slot))
        };
        // The innermost one that wraps: the specification allows no more than one.
        let mut own = context.environments[..monitored.index].iter().rev();
        let own = own.find(|outer| is_around(outer.home, inner.home) && shadows(outer));
        let mut around = context.around.iter().rev();
        if let Some(outer) = own {
            drafts.push(draft(inner, outer, &slots));
        } else if let Some((file, outer)) = around.find(|(_, outer)| shadows(&outer)) {
            drafts.push(draft_of_file(inner, outer, file, &slots));
        }
    }
    drafts
}

/// Returns true if an Environment of the home `outer`, earlier in the template, is around one of
/// the home `inner`: the job's are around those of every step.
fn is_around(outer: Home, inner: Home) -> bool {
    outer == Home::Job || outer == inner
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
