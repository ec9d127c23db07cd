//! `check-timeout-too-long`: a check that may outlast its period (SCH-8).

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::template::{Field, Path, Slot};

pub(super) static RULE: Rule = rule!(
    "check-timeout-too-long",
    Error,
    "a check `timeout` that is not less than the `period`",
    ["SCH-8"]
);

/// A timeout that is too long for the period of a slot, with both numbers of seconds.
struct Clash<'m, 'd> {
    slot: Slot,
    timeout: i64,
    period: (i64, &'m Field<'d>),
}

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        let seconds = |field: &Field<'_>| context.integer(&monitored.environment, field);
        let clashes = monitored.by_place(|monitor| {
            let field = monitor.check_timeout()?;
            let period = monitor.period.as_ref()?;
            let clash = Clash {
                slot: monitor.slot,
                timeout: seconds(&field)?,
                period: (seconds(period)?, period),
            };
            // A period below 1 is a mistake of its own.
            let is_clash = clash.timeout >= clash.period.0 && clash.period.0 >= 1;
            is_clash.then_some((field.path, clash))
        });
        drafts.extend(clashes.into_iter().filter_map(draft));
    }
    drafts
}

fn draft((path, clashes): (Path, Vec<Clash<'_, '_>>)) -> Option<Draft> {
    // The shortest period decides what the timeout must stay below.
    let shortest = clashes.iter().min_by_key(|clash| clash.period.0)?;
    let (timeout, (seconds, period)) = (shortest.timeout, shortest.period);
    let slots: Vec<_> = clashes.iter().map(|clash| clash.slot).collect();
    let periods = match clashes.iter().all(|clash| clash.period.0 == seconds) {
        true => format!("the period of {seconds} s"),
        false => format!("the periods, the shortest of which is {seconds} s"),
    };
    let slots = slot_names(&slots);
    let message =
        format!("the check's timeout of {timeout} s is not less than {periods} in {slots}");
    let draft = Draft::new(&RULE, Place::Value(path), message).related(
        Place::Value(period.path.clone()),
        format!("the next check is due after {seconds} s"),
    );
    Some(match seconds.saturating_sub(1) {
        longest if longest >= 1 => draft.help(format!(
            "write {longest} or less, so that a hanging check ends before the next one is due"
        )),
        _ => draft,
    })
}
