//! `invalid-value`: a value of the right type that is not allowed.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::{Change, Path};

pub(super) static RULE: Rule = rule!(
    "invalid-value",
    Error,
    "a value that its field does not accept: an unknown word, out of range, empty, or a duplicate",
    ["SCH-3", "SCH-4", "SCH-5", "SCH-7", "SCH-9"]
)
.once_per_value();

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::InvalidValue { message, help } => {
            let draft = Draft::new(&RULE, fact.place.clone(), message);
            let help = help.clone();
            Some(Draft { help, ..draft })
        }
        FactKind::NotOneOf {
            label,
            written,
            allowed,
            choices,
        } => {
            let allowed = || allowed.iter().map(String::as_str);
            let expected = spelling::list(allowed(), "or");
            let message = format!("{label} must be {expected}, not `{written}`");
            let near = spelling::nearest(written, allowed());
            Some(Draft {
                help: near.map(|near| format!("did you mean `{near}`?")),
                fix: respelling(fact.place.path(), written, choices),
                ..Draft::new(&RULE, fact.place.clone(), message)
            })
        }
        _ => None,
    }
}

/// Returns the fix of a misspelt word, if there is no doubt which of `choices` is meant.
fn respelling(path: &Path, written: &str, choices: &[String]) -> Option<Proposal> {
    let choices: Vec<_> = choices.iter().map(String::as_str).collect();
    let meant = spelling::unmistakable(written, &choices)?;
    let title = format!("replace `{written}` with `{meant}`");
    let change = Change::SetWord(path.clone(), meant.to_owned());
    Some(Proposal::safe(title, change))
}
