//! `unused-suppression`: a comment that is meant to suppress findings, and suppresses none.

use crate::lint::finding::Finding;
use crate::lint::rule::{Rule, rule};
use crate::lint::{can_be_ignored, nearest_rule};
use std::ops::Range;

pub(crate) static RULE: Rule = rule!(
    "unused-suppression",
    Warning,
    "a suppression that suppresses nothing, or names no rule",
    []
);

/// The comment at `span` ignores `rule`, in the file or where it stands, and there is nothing to ignore.
pub(crate) fn without_use(span: Range<usize>, rule: &Rule, is_of_file: bool) -> Finding {
    let place = if is_of_file { "in this file" } else { "here" };
    let message = if can_be_ignored(rule) {
        format!("`{}` finds nothing {place} that could be ignored", rule.id)
    } else {
        format!("`{}` cannot be ignored", rule.id)
    };
    finding(span, message, "remove it from the comment".to_owned())
}

/// The comment at `span` names a rule that is none.
pub(crate) fn without_rule(span: Range<usize>, name: &str) -> Finding {
    let help = match nearest_rule(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`openjd-monitor rules` lists them".to_owned(),
    };
    finding(span, format!("there is no rule `{name}`"), help)
}

/// The comment at `span` names nothing.
pub(crate) fn malformed(span: Range<usize>) -> Finding {
    let message = "the comment names no rule to ignore".to_owned();
    let help =
        "write `# openjd-monitor: ignore[rule] reason`, or `ignore-file[rule]` for the whole file";
    finding(span, message, help.to_owned())
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
