//! `period-below-floor`: a `period` below the floor of 5 seconds, or the configured one (SCH-6).

use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Change, Field, Number};

pub(super) static RULE: Rule = rule!(
    "period-below-floor",
    Error,
    "a `period` below the floor of 5 seconds",
    ["SCH-6"]
);

/// Checks every period in the template, whether or not a slot uses it.
pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let floor = context.settings.period_floor;
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        for fields in monitored.monitor.layers() {
            if let Some(period) = fields.child("period") {
                let seconds = context.integer(&monitored.environment, &period);
                drafts.extend(seconds.and_then(|seconds| draft(&period, seconds, floor)));
            }
        }
    }
    drafts
}

fn draft(period: &Field<'_>, seconds: i64, floor: i64) -> Option<Draft> {
    if seconds >= floor {
        return None;
    }
    let says = match period.number() {
        Some(Number::Format(_)) => format!("`period` resolves to {seconds}"),
        _ => format!("`period` is {seconds}"),
    };
    let (which, why) = if floor > PERIOD_FLOOR {
        (
            "the configured floor",
            "the configuration of this project requires it",
        )
    } else {
        (
            "the floor",
            "a runtime may require more, but never accepts less",
        )
    };
    let message = format!("{says}, which is below {which} of {floor} seconds");
    let help = format!("write {floor} or more; {why}");
    let draft = Draft::new(&RULE, Place::Value(period.path.clone()), message).help(help);
    let is_written_out = match period.number() {
        Some(Number::Format(text)) => text.trim().parse::<i64>().is_ok(),
        _ => true,
    };
    Some(if is_written_out {
        let change = Change::SetInteger(period.path.clone(), floor);
        draft.fix(Proposal::not_safe(
            format!("raise `period` to {floor}"),
            change,
        ))
    } else {
        draft
    })
}
