//! The JUnit report: a test suite for each template, in which each finding is a test that failed.

use super::{Report, Template};
use openjd_monitor_core::lint::Finding;
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::Position;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

pub(super) fn write<'r>(
    report: &'r Report,
    shown: impl Iterator<Item = (&'r Template, &'r Finding)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut shown = shown.peekable();
    let mut document = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
    for template in &report.templates {
        let path = Shown::whole(&report.relative_path(template)).to_string();
        let mut suite = TestSuite::new(&path);
        let is_of_template = |(of, _): &(&Template, &Finding)| std::ptr::eq(*of, template);
        while let Some((_, finding)) = shown.next_if(is_of_template) {
            suite.add_test_case(failed(template, finding, &path));
        }
        if suite.test_cases.is_empty() {
            let mut passed = TestCase::new("no findings", TestCaseStatus::success());
            passed.set_classname(&path);
            suite.add_test_case(passed);
        }
        document.add_test_suite(suite);
    }
    document.serialize(out).map_err(io::Error::other)
}

fn failed(template: &Template, finding: &Finding, path: &str) -> TestCase {
    let Position { line, column, .. } = template.start(finding);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_type(finding.level.name())
        .set_message(&finding.message)
        .set_description(format!("{path}:{line}:{column}: {}", finding.with_help()));
    let name = format!("{} at {line}:{column}", finding.rule.id);
    let mut case = TestCase::new(name, status);
    case.set_classname(path);
    case.extra.insert("file".into(), path.into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}
