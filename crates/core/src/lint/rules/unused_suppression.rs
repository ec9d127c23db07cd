//! `unused-suppression`: a comment that is meant to suppress findings, and suppresses none.

use crate::lint::fact::IdleSuppression;
use crate::lint::finding::Finding;
use crate::lint::rule::{Rule, Tag, rule};
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "unused-suppression",
    Warning,
    "a suppression that suppresses nothing, or names no rule that exists",
    []
)
.tagged(Tag::Unnecessary);

pub(super) fn check(span: Range<usize>, idle: &IdleSuppression) -> Finding {
    let (message, help) = match idle {
        IdleSuppression::Malformed => (
            "the comment names no rule to ignore".to_owned(),
            "write `# openjd-monitor: ignore[rule] reason`, or `ignore-file[rule]` for the whole file"
                .to_owned(),
        ),
        IdleSuppression::UnknownRule { name, near } => (
            format!("there is no rule `{name}`"),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`openjd-monitor rules` lists them".to_owned(),
            },
        ),
        IdleSuppression::NothingToIgnore {
            id,
            is_of_file,
            can_be_ignored,
        } => {
            let place = if *is_of_file { "in this file" } else { "here" };
            let message = if *can_be_ignored {
                format!("`{id}` has no finding {place} to ignore")
            } else {
                format!("`{id}` cannot be ignored")
            };
            (message, "remove it from the comment".to_owned())
        }
    };
    finding(span, message, help)
}

fn finding(span: Range<usize>, message: String, help: String) -> Finding {
    Finding {
        rule: &RULE,
        level: RULE.level,
        message,
        pointer: String::new(),
        span: Some(span),
        related: Vec::new(),
        help: Some(help),
        fix: None,
    }
}
