//! `check-timeout-too-long`: a check that may outlast its period (SCH-8).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Field, Slot};

pub(super) static RULE: Rule = rule!(
    "check-timeout-too-long",
    Error,
    "a check `timeout` that is not less than the `period`",
    ["SCH-8"]
);

/// A timeout with a period that it is too long for, and the slots where the two meet.
struct Clash<'d> {
    timeout: Field<'d>,
    timeout_seconds: i64,
    period: Field<'d>,
    period_seconds: i64,
    has_one_period: bool,
    slots: Vec<Slot>,
}

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut clashes: Vec<Clash<'_>> = Vec::new();
    for effective in context.effective() {
        let (Some(timeout), Some(period)) = (
            effective.monitor.check_timeout(),
            effective.monitor.period.clone(),
        ) else {
            continue;
        };
        let seconds = |field| context.integer(effective.environment, field);
        let (Some(timeout_seconds), Some(period_seconds)) = (seconds(&timeout), seconds(&period))
        else {
            continue;
        };
        if timeout_seconds < period_seconds {
            continue;
        }
        let slot = effective.monitor.slot;
        match clashes
            .iter_mut()
            .find(|clash| clash.timeout.path == timeout.path)
        {
            Some(clash) => {
                clash.slots.push(slot);
                clash.has_one_period &= clash.period_seconds == period_seconds;
                // The shortest period decides what the timeout must stay below.
                if period_seconds < clash.period_seconds {
                    (clash.period, clash.period_seconds) = (period, period_seconds);
                }
            }
            None => clashes.push(Clash {
                timeout,
                timeout_seconds,
                period,
                period_seconds,
                has_one_period: true,
                slots: vec![slot],
            }),
        }
    }
    clashes.iter().map(draft).collect()
}

fn draft(clash: &Clash<'_>) -> Draft {
    let Clash {
        timeout_seconds,
        period_seconds,
        ..
    } = clash;
    let slots = spelling::list(clash.slots.iter().map(|slot| slot.name()), "and");
    let period = match clash.has_one_period {
        true => format!("the period of {period_seconds} s"),
        false => format!("the periods, the shortest of which is {period_seconds} s"),
    };
    let message =
        format!("the check's timeout of {timeout_seconds} s is not less than {period} in {slots}");
    let draft = Draft::new(&RULE, Place::Value(clash.timeout.path.clone()), message).related(
        Place::Value(clash.period.path.clone()),
        format!("the next check is due after {period_seconds} s"),
    );
    match period_seconds.saturating_sub(1) {
        longest if longest >= 1 => draft.help(format!(
            "write {longest} or less, so that a hanging check ends before the next one is due"
        )),
        _ => draft,
    }
}
