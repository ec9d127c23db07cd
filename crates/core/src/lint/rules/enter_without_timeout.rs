//! `enter-without-timeout`: an `onEnter` that waits as long as it takes for what it starts.

use crate::lint::commands::Script;
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::services;
use crate::template::Slot;

pub(super) static RULE: Rule = rule!(
    "enter-without-timeout",
    Info,
    "an `onEnter` that waits for a container or daemon to start, without a timeout",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let slot = Slot::OnEnter;
    let fires = |index: usize| {
        let mut monitors = pass.context.monitors.iter();
        let own = monitors.find(|monitored| monitored.index == index);
        let effective = own.and_then(|own| own.slot(slot));
        effective.is_some_and(|effective| effective.can_fire())
    };
    // The Environments come first.
    let scripts = pass.commands.scripts.iter().enumerate();
    let environments = scripts.filter(|(index, script)| !script.owner.is_step && !fires(*index));
    environments
        .filter_map(|(_, script)| judge(script, slot))
        .collect()
}

fn judge(script: &Script<'_>, slot: Slot) -> Option<Draft> {
    let action = script.action(slot.name())?;
    if action.has_timeout() {
        return None;
    }
    let start = services::awaited_start(action)?;
    let message = "`onEnter` has no `timeout`: if what it starts does not come up, the Session may wait forever";
    let draft = Draft::new(&RULE, Place::Key(action.action.path.clone()), message)
        .related(start, "this may wait")
        .help("give it a `timeout`, in seconds, somewhat longer than the start takes");
    Some(draft)
}
