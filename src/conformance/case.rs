//! Cases of the suite for adapters: scenarios that are built into the program.

use super::outcome::Trace;
use super::packed;
use openjd_monitor_core::session::{Effect, Session, Time};
use openjd_monitor_core::simulate::{Scenario, simulate};
use openjd_monitor_core::trace::event;
use std::convert::Infallible;
use std::sync::LazyLock;
use thiserror::Error;

/// Version of the suite: of the set of its cases and their expectations. A case with other expectations gets a
/// new id.
pub const SUITE: &str = "2026-11";

/// Revision of the specification that the cases test.
pub const SPECIFICATION: &str = "2026-11";

/// Text of the specification, for its clauses.
static TEXT: LazyLock<&str> = LazyLock::new(|| packed::text("docs/specification.md"));

/// A case: the file of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Permanent name.
    pub id: &'static str,
    text: &'static str,
}

/// Error for a file that is not a scenario; its findings.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct BadCase(String);

/// Returns every case, ordered by name.
pub fn all() -> Vec<Case> {
    let mut cases: Vec<_> = packed::cases("trace")
        .filter_map(|(path, text)| {
            let id = path.strip_suffix(".yaml")?;
            Some(Case { id, text })
        })
        .collect();
    cases.sort_by_key(|case| case.id);
    cases
}

impl Case {
    /// Returns the text of the file.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// Returns the scenario, ready to run.
    ///
    /// # Errors
    ///
    /// Fails if the file is not a scenario, which a test rules out.
    pub fn scenario(&self) -> Result<Scenario, BadCase> {
        read(self.text)
    }

    /// Returns the trace of the reference executor; `None` if the job is refused, or its Session does not end.
    pub fn trace(&self) -> Option<Trace> {
        let mut scenario = self.scenario().ok().filter(|own| !own.is_refused)?;
        let mut trace = Trace::new();
        let mut keep = |at: Time, effect: &Effect| -> Result<(), Infallible> {
            trace.extend(event(at, effect).map(|event| (at, event)));
            Ok(())
        };
        let session = Session::new(scenario.job.ok()?);
        let Ok(ended) = simulate(
            session,
            &mut scenario.processes,
            &scenario.inputs,
            &mut keep,
        );
        ended.is_ok().then_some(trace)
    }
}

/// Reads a scenario that is built in, and so has been checked by a test.
pub(super) fn read(text: &str) -> Result<Scenario, BadCase> {
    Scenario::read_sound(text).map_err(|bad| {
        let messages = bad.findings.into_iter().map(|finding| finding.message);
        BadCase(messages.collect::<Vec<_>>().join("; "))
    })
}

/// Returns the ids of the specification's clauses, in its order.
pub fn clauses() -> impl Iterator<Item = &'static str> {
    let marks = TEXT.split("\n**<a id=").skip(1);
    marks.filter_map(|text| Some(text.split_once("</a>")?.1.split_once(".**")?.0))
}

/// Returns the text of a clause, up to the next clause, heading or note. Links are replaced by their texts.
pub fn clause(id: &str) -> Option<String> {
    let start = TEXT.find(&format!("<a id=\"{}\"></a>{id}.**", id.to_lowercase()))?;
    let text = TEXT[start..].split_once(".**")?.1;
    let ends = ["\n**<a id=", "\n#", "\n*Note.*", "\n*Example"];
    let end = ends.iter().filter_map(|end| text.find(end)).min();
    let text = text[..end.unwrap_or(text.len())].trim();
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("](") {
        let (plain, label) = before.rsplit_once('[').unwrap_or((before, ""));
        words.push_str(plain);
        words.push_str(label);
        rest = link.split_once(')').map_or("", |(_, rest)| rest);
    }
    Some(words + rest)
}
