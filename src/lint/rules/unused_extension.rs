//! `unused-extension`: `MONITOR` is listed and nothing uses it.

use super::misplaced_monitor;
use crate::lint::context::{Context, MONITOR};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Change, Segment, visit};

pub(crate) static RULE: Rule = rule!(
    "unused-extension",
    Warning,
    "MONITOR in `extensions` of a template without `onMonitor`",
    ["SCH-1"]
);

/// `drafts` are the findings so far: a monitor out of place is one that is meant to be used.
pub(crate) fn check(context: &Context<'_>, drafts: &[Draft]) -> Option<Draft> {
    let (item, _) = context
        .extensions
        .iter()
        .find(|(_, name)| *name == MONITOR)?;
    let mut is_used = drafts
        .iter()
        .any(|draft| draft.rule.id == misplaced_monitor::RULE.id);
    visit(context.document.value(), &mut |path, _| {
        if let Some(Segment::Key(key)) = path.segments().last() {
            is_used |= spelling::is_near(key, "onMonitor");
        }
    });
    if is_used {
        return None;
    }
    let message = "the template lists MONITOR, but has no `onMonitor`";
    let help = "remove it: a runtime without the extension would reject the template for nothing";
    let draft = Draft::new(&RULE, Place::Value(item.clone()), message).help(help);
    let title = format!("remove `{MONITOR}` from `extensions`");
    Some(draft.fix(Proposal::safe(title, Change::Remove(vec![item.clone()]))))
}
