//! `openjd-monitor conformance run` and `smoke`.

use super::show::{Filter, usage};
use crate::cli::{Status, Streams};
use crate::conformance::protocol::Hello;
use crate::conformance::{Case, Outcome, Runtime, Verdict};
use std::io;
use std::num::NonZero;
use std::sync::Mutex;
use std::time::Duration;

/// Run a runtime through the cases, by its adapter.
///
/// Exit status: 0 nothing failed, 1 a case failed, 2 bad usage, 3 the adapter cannot be started.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    adapter: AdapterArguments,

    #[command(flatten)]
    filter: Filter,

    /// How many adapters to run at once [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
}

/// See whether an adapter is sound: it starts, answers, and ends as the protocol has it.
#[derive(Debug, clap::Args)]
pub(super) struct SmokeArguments {
    #[command(flatten)]
    adapter: AdapterArguments,
}

#[derive(Debug, clap::Args)]
struct AdapterArguments {
    /// The command line of the adapter, as a POSIX shell splits it
    #[arg(long, value_name = "COMMAND", value_parser = words)]
    adapter: Words,

    /// How long the adapter may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
}

#[derive(Debug, Clone)]
struct Words(Vec<String>);

fn words(text: &str) -> Result<Words, String> {
    match shlex::split(text) {
        Some(words) if !words.is_empty() => Ok(Words(words)),
        Some(_) => Err("no command".to_owned()),
        None => Err("a quote is not closed".to_owned()),
    }
}

impl AdapterArguments {
    fn runtime(&self) -> Runtime {
        Runtime::new(self.adapter.0.clone(), Duration::from_secs(self.timeout))
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let cases = match arguments.filter.cases() {
        Ok(cases) => cases,
        Err(message) => return usage(streams, &message),
    };
    let hello = match arguments.adapter.runtime().hello() {
        Ok(hello) => hello,
        Err(message) => {
            writeln!(streams.err, "error: the adapter: {message}")?;
            return Ok(Status::Failure);
        }
    };
    let outcomes = outcomes(arguments, &cases, &hello);
    for outcome in &outcomes {
        match &outcome.verdict {
            Verdict::Pass => {}
            Verdict::Fail(difference) => {
                writeln!(
                    streams.out,
                    "fail  {} {}",
                    outcome.case.id,
                    difference.lines().join("\n")
                )?;
            }
            Verdict::Skip(message) => {
                writeln!(streams.out, "skip  {}: {message}", outcome.case.id)?
            }
            Verdict::Error(message) => {
                writeln!(streams.out, "error {}: {message}", outcome.case.id)?
            }
            Verdict::TimeOut => writeln!(streams.out, "time-out {}", outcome.case.id)?,
        }
    }
    let count = |name: &str| {
        outcomes
            .iter()
            .filter(|outcome| outcome.verdict.name() == name)
            .count()
    };
    writeln!(
        streams.out,
        "{}: {} pass, {} fail, {} skip, {} error, {} time-out",
        hello.implementation.name,
        count("pass"),
        count("fail"),
        count("skip"),
        count("error"),
        count("time-out")
    )?;
    let has_failed = outcomes
        .iter()
        .any(|outcome| !matches!(outcome.verdict, Verdict::Pass | Verdict::Skip(_)));
    Ok(if has_failed {
        Status::Findings
    } else {
        Status::Clean
    })
}

/// Runs the cases, several at once, each adapter one after the other; the outcomes are in the order of the
/// cases.
fn outcomes(arguments: &Arguments, cases: &[Case], hello: &Hello) -> Vec<Outcome> {
    let jobs = arguments
        .jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZero::get)
        .min(cases.len());
    let queue = Mutex::new(cases.iter().enumerate());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let mut runtime = arguments.adapter.runtime();
                loop {
                    let next = queue.lock().ok().and_then(|mut queue| queue.next());
                    let Some((index, case)) = next else { break };
                    let outcome = runtime.run(*case, &hello.features);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, outcome));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

pub(super) fn smoke(arguments: &SmokeArguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let mut runtime = arguments.adapter.runtime();
    let hello = match runtime.hello() {
        Ok(hello) => hello,
        Err(message) => {
            writeln!(streams.out, "start: {message}")?;
            return Ok(Status::Findings);
        }
    };
    writeln!(
        streams.out,
        "start: ok, {} with {}",
        hello.implementation.name,
        hello.features.join(", ")
    )?;
    Ok(Status::Clean)
}
