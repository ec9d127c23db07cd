//! `openjd`: what `openjd-model` rejects and no other rule covers.

use crate::lint::fact::{Fact, FactKind};
use crate::lint::finding::Draft;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "openjd",
    Error,
    "any other violation of the Open Job Description specification",
    []
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::Rejected { message } = &fact.kind else {
        return None;
    };
    // The model's messages are full sentences without a subject, or have a drawing below them.
    let sentence = message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let message = match fact.place.path().last_key() {
        Some(key) if sentence.starts_with(char::is_lowercase) && !sentence.starts_with(key) => {
            format!("`{key}`: {sentence}")
        }
        _ => sentence.to_owned(),
    };
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    Some(match sentence {
        "format strings in timeout are not allowed" => {
            draft.help("write an integer, or add FEATURE_BUNDLE_1 to `extensions`")
        }
        _ => draft,
    })
}
