//! `openjd-monitor conformance list` and `show`.

use crate::cli::{Status, Streams};
use crate::conformance::{self, BadCase, Case, CaseFile};
use std::fmt::Display;
use std::io::{self, Write};
use thiserror::Error;

/// List the cases: their names and what each shows.
#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    #[command(flatten)]
    filter: Filter,
}

/// Show a case: what it is about, its job, and the trace that is expected.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The name of the case
    #[arg(value_name = "CASE")]
    id: String,
}

/// Filter of cases.
#[derive(Debug, clap::Args)]
pub(super) struct Filter {
    /// Cases by their names, or by a part of the name that several have
    #[arg(value_name = "CASE")]
    cases: Vec<String>,

    /// Only cases about this clause; repeatable
    #[arg(long, value_name = "CLAUSE")]
    clause: Vec<String>,

    /// Only cases that need this feature; repeatable
    #[arg(long, value_name = "FEATURE")]
    feature: Vec<String>,
}

/// Error filtering cases.
#[derive(Debug, Error)]
pub(super) enum FilterError {
    #[error("no case is like this; {0}")]
    NoMatch(&'static str),
    #[error(transparent)]
    BadCase(#[from] BadCase),
}

impl Filter {
    /// Returns the cases for adapters that pass.
    ///
    /// # Errors
    ///
    /// Fails if none passes, or one is malformed.
    pub fn cases(&self) -> Result<Vec<Case>, FilterError> {
        let mut found = Vec::new();
        let all = conformance::all();
        let ids: Vec<_> = all.iter().map(|case| case.id).collect();
        for case in &all {
            if self.names(case.id, &ids) && self.admits_case(case)? {
                found.push(*case);
            }
        }
        some(found, "`openjd-monitor conformance list` lists them")
    }

    /// Returns those of `files` that pass. None of them needs a feature.
    ///
    /// # Errors
    ///
    /// Fails if none passes.
    pub fn files(&self, files: Vec<CaseFile>) -> Result<Vec<CaseFile>, FilterError> {
        let mut found = files;
        let ids: Vec<_> = found.iter().map(CaseFile::id).collect();
        found.retain(|file| self.names(file.id(), &ids) && self.admits(&file.clauses(), &[]));
        some(found, "`openjd-monitor conformance export` writes them")
    }

    /// Returns true if an argument is this id, or a part of it that is not itself an id.
    fn names(&self, id: &str, ids: &[&str]) -> bool {
        let is_meant = |part: &String| match ids.contains(&part.as_str()) {
            true => part == id,
            false => id.contains(part),
        };
        self.cases.is_empty() || self.cases.iter().any(is_meant)
    }

    /// Reads a case only if its text decides.
    fn admits_case(&self, case: &Case) -> Result<bool, BadCase> {
        if self.clause.is_empty() && self.feature.is_empty() {
            return Ok(true);
        }
        let scenario = case.scenario()?;
        Ok(self.admits(&scenario.clauses, &scenario.requires))
    }

    fn admits(&self, clauses: &[String], features: &[String]) -> bool {
        let has_any = |wanted: &[String], has: &[String]| {
            wanted.is_empty() || wanted.iter().any(|wanted| has.contains(wanted))
        };
        has_any(&self.clause, clauses) && has_any(&self.feature, features)
    }
}

fn some<T>(found: Vec<T>, hint: &'static str) -> Result<Vec<T>, FilterError> {
    match found.is_empty() {
        false => Ok(found),
        true => Err(FilterError::NoMatch(hint)),
    }
}

pub(super) fn list(arguments: &ListArguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let cases = match arguments.filter.cases() {
        Ok(cases) => cases,
        Err(error) => return usage(streams, error),
    };
    let width = cases
        .iter()
        .map(|case| case.id.len())
        .max()
        .unwrap_or_default();
    for case in cases {
        let scenario = case.scenario().map_err(io::Error::other)?;
        let clauses = scenario.clauses.join(" ");
        writeln!(
            streams.out,
            "{:width$}  {}  [{clauses}]",
            case.id, scenario.title
        )?;
    }
    Ok(Status::Clean)
}

pub(super) fn show(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let cases = conformance::all();
    let Some(case) = cases.iter().find(|case| case.id == arguments.id) else {
        let message = format!(
            "there is no case `{}`; `openjd-monitor conformance list` lists them",
            arguments.id
        );
        return usage(streams, message);
    };
    let scenario = case.scenario().map_err(io::Error::other)?;
    write!(streams.out, "{}", case.text())?;
    writeln!(streams.out, "\n# The clauses:")?;
    for id in scenario.clauses {
        writeln!(streams.out, "#\n# {id}")?;
        for line in conformance::clause(&id).unwrap_or_default().lines() {
            writeln!(streams.out, "#   {line}")?;
        }
    }
    Ok(Status::Clean)
}

pub(super) fn usage(streams: &mut Streams<'_>, message: impl Display) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Usage)
}
