//! Behavior of processes, by the entries of a scenario.

use super::format::{self, Match, OnNotify as Way, Process, Word};
use super::processes::{End, OnNotify, Run};
use crate::session::{Owner, Start, Stream, Target, Time};

/// Entries of a scenario, with the number of processes that each has described.
#[derive(Debug)]
pub struct Behaviour(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    matches: Match,
    runs: Vec<Run>,
    used: usize,
}

impl Behaviour {
    pub(super) fn new(processes: Vec<Process>) -> Self {
        let entries = processes.into_iter().map(|process| Entry {
            matches: process.matches,
            runs: process.runs.into_iter().map(run).collect(),
            used: 0,
        });
        Self(entries.collect())
    }

    /// Returns the next run of the first entry that matches; a process that none matches exits 0 at once.
    pub(super) fn of(&mut self, start: &Start) -> Run {
        let entry = self.0.iter_mut().find(|entry| entry.matches.fits(start));
        let run = entry.and_then(|entry| {
            let run = entry.runs.get(entry.used).or(entry.runs.last()).cloned();
            entry.used += 1;
            run
        });
        run.unwrap_or(Run::succeeding(Time::ZERO))
    }
}

impl Match {
    fn fits(&self, start: &Start) -> bool {
        let is_check = start.target == Target::Check;
        let (environment, step) = match &start.action.owner {
            Owner::Environment(name) => (Some(name), None),
            Owner::Step(name) => (None, Some(name)),
        };
        let slot = start.action.slot;
        let (of_action, of_check) = if is_check {
            (None, Some(slot))
        } else {
            (Some(slot), None)
        };
        fits(self.environment.as_ref(), environment)
            && fits(self.step.as_ref(), step)
            && fits(self.slot.as_deref(), of_action)
            && fits(self.beside.as_deref(), of_check)
            && fits(self.check, Some(is_check))
            && fits(self.wraps.as_ref(), start.wraps.as_ref())
            && fits(self.command.as_ref(), Some(&start.invocation.command))
            && fits(self.args.as_ref(), Some(&start.invocation.args))
            && fits(self.parameters.as_ref(), start.parameters.as_ref())
    }
}

/// Returns `true` if nothing is wanted of a field, or the field is as wanted.
fn fits<T: PartialEq>(wanted: Option<T>, actual: Option<T>) -> bool {
    wanted.is_none() || wanted == actual
}

/// Converts a run, of whose fields for its end one is given.
fn run(given: format::Run) -> Run {
    let after = given.after.0;
    let end = match (given.spawn_error, format::exit(given.exit, given.signal)) {
        (Some(error), _) => End::CannotStart(error),
        (None, Some(exit)) => End::Ends(after, exit),
        (None, None) => End::Hangs,
    };
    let on_notify = match given.on_notify {
        None => None,
        Some(Way::Word(Word::Ignore)) => Some(OnNotify::Ignores),
        Some(Way::End {
            exit,
            signal,
            after,
        }) => format::exit(exit, signal).map(|exit| OnNotify::Ends(after.0, exit)),
    };
    let mut output: Vec<_> = given
        .output
        .into_iter()
        .filter_map(|line| match (line.stdout, line.stderr) {
            (Some(text), _) => Some((line.at.0, Stream::Stdout, text)),
            (None, text) => Some((line.at.0, Stream::Stderr, text?)),
        })
        .collect();
    // Stable: lines of one instant stay in their order.
    output.sort_by_key(|(at, ..)| *at);
    let default = Run::new(end);
    Run {
        output,
        on_notify: on_notify.unwrap_or(default.on_notify),
        on_kill: given.on_kill.map_or(default.on_kill, |kill| kill.after.0),
        ..default
    }
}
