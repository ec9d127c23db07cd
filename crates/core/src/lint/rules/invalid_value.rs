//! `invalid-value`: a value of the right type that is not allowed.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::{spelling, words};
use crate::template::{Change, Path, Segment};

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
            let path = fact.place.path();
            let is_reaction = path.last_key() == Some("onFailure");
            if let Some(meant) = words::reaction(written).filter(|_| is_reaction) {
                let draft = Draft::new(&RULE, fact.place.clone(), message);
                return Some(draft.help(reaction(written, meant)));
            }
            let is_type = path.last_key() == Some("type")
                && !path
                    .segments()
                    .contains(&Segment::Key("embeddedFiles".into()));
            if let Some(help) = words::parameter_type(written).filter(|_| is_type) {
                return Some(Draft::new(&RULE, fact.place.clone(), message).help(help));
            }
            let near = spelling::nearest(written, allowed());
            // Of a single word, there is no doubt.
            let only =
                Some(allowed().next_back().unwrap_or_default()).filter(|_| allowed().count() == 1);
            Some(Draft {
                help: near
                    .map(|near| format!("did you mean `{near}`?"))
                    .or_else(|| Some(format!("write `{}`", only?))),
                fix: respelling(path, written, choices),
                ..Draft::new(&RULE, fact.place.clone(), message)
            })
        }
        _ => None,
    }
}

/// Explains the word of another system.
fn reaction(written: &str, meant: &str) -> String {
    let what = match meant {
        "terminate" => "cancels the watched action, and the job fails; nothing is started again",
        "warn" => "tolerates `failureThreshold` failures in a row, and cancels on the next",
        _ => "writes a line to the log, and the action goes on",
    };
    format!("there is no `{written}`; `{meant}` {what}")
}

/// Returns the fix of a misspelt word, if there is no doubt which of `choices` is meant.
fn respelling(path: &Path, written: &str, choices: &[String]) -> Option<Proposal> {
    let choices: Vec<_> = choices.iter().map(String::as_str).collect();
    let meant = spelling::unmistakable(written, &choices)?;
    let title = format!("replace `{written}` with `{meant}`");
    let change = Change::SetWord(path.clone(), meant.to_owned());
    Some(Proposal::safe(title, change))
}
