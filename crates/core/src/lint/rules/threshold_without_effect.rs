//! `threshold-without-effect`: a `failureThreshold` of a monitor that only logs (SCH-7).

use crate::lint::finding::{Draft, Place};
use crate::lint::monitored::Monitored;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::lint::spelling::slot_names;
use crate::template::{Effective, Field, OnFailure, Slot};

pub(super) static RULE: Rule = rule!(
    "threshold-without-effect",
    Warning,
    "`failureThreshold` of a monitor that only logs",
    ["SCH-7", "ACT-9"]
)
.tagged(Tag::Unnecessary);

const HELP: &str = "remove it, or let the monitor fire with `onFailure: warn` or `terminate`";

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for Monitored { monitor, slots, .. } in &context.monitors {
        for layer in monitor.layers() {
            let own = layer.child("onFailure");
            let is_override = layer.path != monitor.path;
            // A base that fires nowhere is another matter: there it is the scope that is odd.
            if is_override || own.is_some_and(|own| own.value == "log") {
                drafts.extend(draft(&layer, slots));
            }
        }
    }
    drafts
}

/// Returns the threshold of `layer`, if it has one that affects no effective monitor.
fn draft(layer: &Field<'_>, effective: &[Effective<'_>]) -> Option<Draft> {
    let threshold = layer.child("failureThreshold")?;
    let has_it = |monitor: &&Effective<'_>| {
        let field = monitor.failure_threshold.as_ref();
        field.is_some_and(|field| field.path == threshold.path)
    };
    let users: Vec<_> = effective.iter().filter(has_it).collect();
    let logs = |monitor: &&Effective<'_>| monitor.acts_as() == Some(OnFailure::Log);
    // An override may replace the threshold of the base in every slot.
    if !users.iter().all(logs) {
        return None;
    }
    let slots: Vec<Slot> = users.iter().map(|monitor| monitor.slot).collect();
    let written = users
        .first()
        .and_then(|monitor| monitor.on_failure.as_ref());
    let message = if written.is_none_or(|field| field.value == "log") {
        "`failureThreshold` has no effect on a monitor that only logs".to_owned()
    } else {
        format!(
            "`failureThreshold` has no effect in {}: in exit slots a monitor only logs unless the override sets `onFailure`",
            slot_names(&slots)
        )
    };
    let action = written.map(|field| Place::Value(field.path.clone()));
    let draft = Draft::new(&RULE, Place::Value(threshold.path), message);
    Some(draft.related(action, "the action on failures").help(HELP))
}
