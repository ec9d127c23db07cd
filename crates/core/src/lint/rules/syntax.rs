//! `syntax`: the file is not well-formed, or its indentation is not what is meant.

use crate::lint::finding::Finding;
use crate::lint::fix::Fix;
use crate::lint::rule::{Rule, rule};
use crate::template::Problem;

pub(super) static RULE: Rule = rule!(
    "syntax",
    Error,
    "the file is not UTF-8, not YAML or JSON, indented wrongly, or beyond a limit",
    []
);

pub(super) fn check(problem: &Problem) -> Finding {
    Finding {
        rule: &RULE,
        level: RULE.level,
        message: problem.message.clone(),
        pointer: String::new(),
        span: Some(problem.span.clone()),
        related: Vec::new(),
        help: problem.help.clone(),
        fix: problem
            .repair
            .as_ref()
            .map(|repair| Fix::of_repair(repair, &problem.span)),
    }
}
