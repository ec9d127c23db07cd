//! What a drawing shows: a finding of a rule, or a problem of a file that is no template.

use super::Template;
use crate::lint::{Finding, Level, Rule};
use crate::template::{Problem, Source};
use std::ops::Range;

pub(super) struct Diagnostic<'r> {
    pub path: &'r str,
    pub source: &'r Source,
    pub rule: Option<&'static Rule>,
    pub level: Level,
    pub message: &'r str,
    pub span: Option<Range<usize>>,
    pub related: Vec<(Range<usize>, &'r str)>,
    pub help: Option<&'r str>,
}

impl<'r> Diagnostic<'r> {
    pub fn of_finding((template, finding): (&'r Template, &'r Finding)) -> Self {
        let related = finding.related.iter();
        Self {
            path: &template.path,
            source: &template.source,
            rule: Some(finding.rule),
            level: finding.level,
            message: &finding.message,
            span: finding.span.clone(),
            related: related
                .filter_map(|other| Some((other.span.clone()?, other.message.as_str())))
                .collect(),
            help: finding.help.as_deref(),
        }
    }

    pub fn of_problem(path: &'r str, source: &'r Source, problem: &'r Problem) -> Self {
        Self {
            path,
            source,
            rule: None,
            level: Level::Error,
            message: &problem.message,
            span: Some(problem.span.clone()),
            related: Vec::new(),
            help: problem.help.as_deref(),
        }
    }
}
