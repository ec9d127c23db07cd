//! `draft-variable-name`: a variable by its name in the draft of RFC 0008 (VAR-3).

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, Tag, rule};
use crate::template::{Change, draft_names};

pub(super) static RULE: Rule = rule!(
    "draft-variable-name",
    Warning,
    "a variable name from the draft of RFC 0008",
    ["VAR-3"]
)
.tagged(Tag::Deprecated);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::DraftName(reference) = &fact.kind else {
        return None;
    };
    let path = fact.place.path();
    let (name, accepted) = draft_names::accepted(&reference.name)?;
    let message =
        format!("`{name}` is a name from the draft of RFC 0008, which a runtime need not know");
    let text = draft_names::accepted_form(&reference.name);
    let change = Change::Replace(path.clone(), reference.range.clone(), text);
    let draft = Draft::new(&RULE, fact.place.clone(), message).help(format!("write `{accepted}`"));
    Some(draft.fix(Proposal::safe(
        format!("replace `{name}` with `{accepted}`"),
        change,
    )))
}
