//! `openjd-monitor conformance run --check` and `--process`: the cases for command lines.

use super::parallel;
use super::show::usage;
use crate::cli::{Status, Streams};
use crate::conformance::{CaseFile, Judgement, Verdict};
use std::io::{self, Write};
use std::num::NonZero;
use std::time::Duration;

/// What judges a case by running a command, within a limit of time.
type Judge = fn(CaseFile, &[String], Duration) -> io::Result<Judgement>;

/// A command, and how it is run.
pub(super) struct Tier<'a> {
    pub command: &'a [String],
    pub judge: Judge,
    pub limit: Duration,
    pub jobs: Option<NonZero<usize>>,
}

/// Runs the command through the cases, and reports.
pub(super) fn run(
    tier: &Tier<'_>,
    cases: Result<Vec<CaseFile>, String>,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let cases = match cases {
        Ok(cases) => cases,
        Err(message) => return usage(streams, &message),
    };
    let judged: io::Result<Vec<_>> = parallel::map(
        tier.jobs,
        &cases,
        || (),
        |(), case| Ok((case.id(), (tier.judge)(*case, tier.command, tier.limit)?)),
    )
    .into_iter()
    .collect();
    match judged {
        Ok(judged) => report(tier, &judged, streams),
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
    judged: &[(&str, Judgement)],
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    for (id, judgement) in judged {
        let name = judgement.name();
        match judgement.message() {
            Some(message) => writeln!(streams.out, "{name:5} {id}: {message}")?,
            None if judgement.is_good() => {}
            None => writeln!(streams.out, "{name} {id}")?,
        }
    }
    let count = |name: &str| {
        let of_name = judged
            .iter()
            .filter(|(_, judgement)| judgement.name() == name);
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
        match judged.iter().all(|(_, judgement)| judgement.is_good()) {
            true => Status::Clean,
            false => Status::Findings,
        },
    )
}
