//! `openjd-monitor conformance run --check` and `--process`: cases for command lines.

use super::parallel;
use super::show::{FilterError, usage};
use crate::cli::{Status, Streams};
use crate::conformance::{CaseFile, CommandVerdict, Verdict};
use std::io::{self, Write};
use std::num::NonZero;
use std::time::Duration;

/// Runs a command on a case, within a time limit.
type RunCase = fn(CaseFile, &[String], Duration) -> io::Result<CommandVerdict>;

/// Command under test and options of its run.
pub(super) struct Tier<'a> {
    pub command: &'a [String],
    pub run_case: RunCase,
    pub limit: Duration,
    pub jobs: Option<NonZero<usize>>,
}

/// Runs the command through the cases and writes the report.
pub(super) fn run(
    tier: &Tier<'_>,
    cases: Result<Vec<CaseFile>, FilterError>,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let cases = match cases {
        Ok(cases) => cases,
        Err(error) => return usage(streams, error),
    };
    let verdicts: io::Result<Vec<_>> = parallel::map(
        tier.jobs,
        &cases,
        || (),
        |(), case| Ok((case.id(), (tier.run_case)(*case, tier.command, tier.limit)?)),
    )
    .into_iter()
    .collect();
    match verdicts {
        Ok(verdicts) => report(tier, &verdicts, streams),
        Err(error) => {
            let command = tier.command.join(" ");
            streams.error(format_args!(
                "the command `{command}` cannot be run: {error}"
            ))?;
            Ok(Status::Failure)
        }
    }
}

fn report(
    tier: &Tier<'_>,
    verdicts: &[(&str, CommandVerdict)],
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    for (id, verdict) in verdicts {
        let name = verdict.name();
        match verdict.message() {
            Some(message) => writeln!(streams.out, "{name:5} {id}: {message}")?,
            None if verdict.is_good() => {}
            None => writeln!(streams.out, "{name} {id}")?,
        }
    }
    let count = |name: &str| {
        let of_name = verdicts
            .iter()
            .filter(|(_, verdict)| verdict.name() == name);
        of_name.count()
    };
    let counts = Verdict::NAMES.map(|name| format!("{} {name}", count(name)));
    writeln!(
        streams.out,
        "{}: {}",
        tier.command.join(" "),
        counts.join(", ")
    )?;
    Ok(
        match verdicts.iter().all(|(_, verdict)| verdict.is_good()) {
            true => Status::Clean,
            false => Status::Findings,
        },
    )
}
