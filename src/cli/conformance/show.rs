//! `openjd-monitor conformance list` and `show`.

use crate::cli::{Status, Streams};
use crate::conformance::{self, Case};
use std::io;

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

/// Which cases.
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

impl Filter {
    /// The cases that pass.
    ///
    /// # Errors
    ///
    /// In words, if none does, or one cannot be read.
    pub fn cases(&self) -> Result<Vec<Case>, String> {
        let mut found = Vec::new();
        let all = conformance::all();
        let is_id = |part: &str| all.iter().any(|case| case.id == part);
        let names = |part: &String, id: &str| match is_id(part) {
            true => part == id,
            false => id.contains(part),
        };
        for case in &all {
            let is_named =
                self.cases.is_empty() || self.cases.iter().any(|part| names(part, case.id));
            if !is_named {
                continue;
            }
            let scenario = case.scenario()?;
            let has_any = |wanted: &[String], has: &[String]| {
                wanted.is_empty() || wanted.iter().any(|wanted| has.contains(wanted))
            };
            if has_any(&self.clause, &scenario.clauses)
                && has_any(&self.feature, &scenario.requires)
            {
                found.push(*case);
            }
        }
        if found.is_empty() {
            return Err(
                "no case is like this; `openjd-monitor conformance list` lists them".to_owned(),
            );
        }
        Ok(found)
    }
}

pub(super) fn list(arguments: &ListArguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let cases = match arguments.filter.cases() {
        Ok(cases) => cases,
        Err(message) => return usage(streams, &message),
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
        return usage(streams, &message);
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

pub(super) fn usage(streams: &mut Streams<'_>, message: &str) -> io::Result<Status> {
    writeln!(streams.err, "error: {message}")?;
    Ok(Status::Usage)
}
