//! `unused-extension`: `MONITOR` is listed and nothing uses it.

use crate::lint::context::MONITOR;
use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::lint::spelling;
use crate::template::{Change, Segment, visit};

pub(super) static RULE: Rule = rule!(
    "unused-extension",
    Warning,
    "MONITOR in `extensions` of a template without `onMonitor`",
    ["SCH-1"]
)
.tagged(Tag::Unnecessary);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    judge(pass).into_iter().collect()
}

fn judge(pass: &Pass<'_, '_>) -> Option<Draft> {
    let context = pass.context;
    let (item, _) = context
        .extensions
        .iter()
        .find(|(_, name)| *name == MONITOR)?;
    // A monitor out of place, or by the word of another system, is meant to be used.
    let refers =
        |fact: &Fact<'_>| matches!(fact.kind, FactKind::TaskMonitor) || fact.may_mean("onMonitor");
    let mut is_used = !context.monitors.is_empty()
        || !context.misplaced.is_empty()
        || pass.facts.iter().any(refers);
    visit(context.document.value(), &mut |path, _| {
        if let Some(Segment::Key(key)) = path.segments().last() {
            is_used = is_used || spelling::is_near(key, "onMonitor");
        }
    });
    if is_used {
        return None;
    }
    let message = "the template lists MONITOR, but has no `onMonitor`";
    let help = "remove it, so that runtimes without the extension accept the template";
    let draft = Draft::new(&RULE, Place::Value(item.clone()), message).help(help);
    let title = format!("remove `{MONITOR}` from `extensions`");
    Some(draft.fix(Proposal::safe(title, Change::Remove(vec![item.clone()]))))
}
