//! `redundant-override`: a field of an override that changes nothing (SCH-4, SCH-7).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::monitored::Monitored;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::template::{Change, Effective, Field, OVERRIDABLE, OnFailure, Path};
use std::collections::HashSet;
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "redundant-override",
    Warning,
    "a field of an override that changes nothing",
    ["SCH-4", "SCH-7", "ACT-9"]
)
.tagged(Tag::Unnecessary);

/// A field of an override, and what makes it redundant, if something does.
struct Judged {
    path: Path,
    span: Option<Range<usize>>,
    reason: Option<(String, Option<Path>)>,
}

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut judged = Vec::new();
    for monitored in &context.monitors {
        for (slot, own) in monitored.monitor.overrides() {
            if let Some(effective) = monitored.slot(slot) {
                judge(context, monitored, effective, &own, &mut judged);
            }
        }
    }
    // With an alias, several slots share the field: it is redundant only if no slot needs it.
    let needed = judged.iter().filter(|field| field.reason.is_none());
    let needed: HashSet<_> = needed.filter_map(|field| field.span.clone()).collect();
    let is_needed = |field: &Judged| {
        field
            .span
            .as_ref()
            .is_some_and(|span| needed.contains(span))
    };
    let redundant = judged.iter().filter(|field| !is_needed(field));
    redundant.filter_map(draft).collect()
}

fn judge(
    context: &Context<'_>,
    monitored: &Monitored<'_>,
    effective: &Effective<'_>,
    own: &Field<'_>,
    judged: &mut Vec<Judged>,
) {
    let environment = &monitored.environment;
    let base = monitored.monitor.base();
    for name in OVERRIDABLE {
        let Some(field) = own.child(name) else {
            continue;
        };
        let is_same = |other: &Field<'_>| {
            let number = |field| context.integer(environment, field);
            let numbers = number(&field).zip(number(other));
            match name {
                "command" | "onFailure" => field.value == other.value,
                _ => numbers.map_or(field.value == other.value, |(a, b)| a == b),
            }
        };
        let repeats = |other: Field<'_>, what: &str| {
            is_same(&other).then(|| (what.to_owned(), Some(other.path)))
        };
        let inherited = base.child(name);
        let is_default = |default: i64| context.integer(environment, &field) == Some(default);
        let reason = match (name, inherited) {
            // In an exit slot, only an override with its own `onFailure` fires (ACT-9).
            ("onFailure", _) if effective.slot.is_exit() && field.value != "log" => None,
            (_, Some(base)) => repeats(base, "the monitor has the same value"),
            ("failureThreshold", None) if is_default(1) => {
                Some(("1 is the default".to_owned(), None))
            }
            ("initialDelay", None) => effective
                .period
                .clone()
                .and_then(|period| repeats(period, "the period is the default")),
            _ => None,
        };
        // A threshold without any effect is a finding of `threshold-without-effect`.
        let is_said = name == "failureThreshold" && effective.acts_as() == Some(OnFailure::Log);
        let path = field.path.clone();
        judged.push(Judged {
            span: context.document.key_span(&path),
            path,
            reason: reason.filter(|_| !is_said),
        });
    }
}

fn draft(judged: &Judged) -> Option<Draft> {
    let (reason, other) = judged.reason.clone()?;
    let name = judged.path.last_key()?;
    let message = format!("this `{name}` changes nothing: {reason}");
    let title = format!("remove `{name}` from the override");
    let change = Change::Remove(vec![judged.path.clone()]);
    let draft = Draft::new(&RULE, Place::Key(judged.path.clone()), message)
        .related(other.map(Place::Key), "without it, this applies")
        .help("remove it, and the override if that has no other field");
    Some(draft.fix(Proposal::safe(title, change)))
}
