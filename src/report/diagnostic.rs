//! Contents of a drawing: a finding of a rule, or a problem of a file that is not a template.

use super::Template;
use openjd_monitor_core::lint::{Finding, Level, Rule};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{Problem, Source};
use std::ops::Range;

pub(super) struct Diagnostic<'r> {
    pub path: Shown,
    pub source: &'r Source,
    pub rule: Option<&'static Rule>,
    pub level: Level,
    pub message: Shown,
    pub span: Option<Range<usize>>,
    pub related: Vec<(Range<usize>, Shown)>,
    pub help: Option<Shown>,
}

impl<'r> Diagnostic<'r> {
    pub fn of_finding((template, finding): (&'r Template, &'r Finding)) -> Self {
        let related = finding.related.iter();
        Self {
            path: Shown::whole(&template.path),
            source: &template.source,
            rule: Some(finding.rule),
            level: finding.level,
            message: Shown::whole(&finding.message),
            span: finding.span.clone(),
            related: related
                .filter_map(|other| Some((other.span.clone()?, Shown::whole(&other.message))))
                .collect(),
            help: finding.help.as_deref().map(Shown::whole),
        }
    }

    pub fn of_problem(path: &str, source: &'r Source, problem: &'r Problem) -> Self {
        Self {
            path: Shown::whole(path),
            source,
            rule: None,
            level: Level::Error,
            message: Shown::line(&problem.message),
            span: Some(problem.span.clone()),
            related: Vec::new(),
            help: problem.help.as_ref().map(Shown::line),
        }
    }
}
