//! JUnit XML: one suite, one test case for each case. A known failure is a skipped test, as in other tools.

use super::sides::neighbourhood;
use super::{Report, Standing, message, text};
use crate::conformance::outcome::{Outcome, Verdict};
use crate::conformance::{SUITE, protocol};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut suite = TestSuite::new(report.runtime());
    suite.add_property(("suite", SUITE));
    suite.add_property(("protocol", protocol::VERSION.to_string().as_str()));
    suite.add_test_cases(report.outcomes.iter().map(|outcome| case(report, outcome)));
    let mut document = quick_junit::Report::new("openjd-monitor conformance");
    document.add_test_suite(suite);
    document.serialize(&mut *out).map_err(io::Error::other)
}

fn case(report: &Report, outcome: &Outcome) -> TestCase {
    let message = message(outcome);
    let mut status = match (report.standing(outcome), &outcome.verdict) {
        (Standing::UnexpectedPass, _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(text::UNEXPECTED_PASS);
            status
        }
        (Standing::Known, verdict) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("known failure ({}): {message}", verdict.name()));
            status
        }
        (_, Verdict::Pass) => TestCaseStatus::success(),
        (_, Verdict::Skip(_)) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(message.as_str());
            status
        }
        (_, verdict) => {
            let mut status = TestCaseStatus::non_success(match verdict {
                Verdict::Fail(_) => NonSuccessKind::Failure,
                _ => NonSuccessKind::Error,
            });
            status.set_message(message.as_str());
            status.set_type(verdict.name());
            status
        }
    };
    if report.standing(outcome) == Standing::Bad {
        let lines = text::unified(&neighbourhood(outcome));
        let reproduce = report.reproduce(&outcome.id);
        status.set_description(format!("{}\n\n{reproduce}", lines.join("\n")));
    }
    let mut case = TestCase::new(outcome.id.as_str(), status);
    case.set_classname(outcome.clauses.join(" "));
    case
}
