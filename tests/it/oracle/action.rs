//! One action with its monitor, from start to end, by plain arithmetic over instants.

use super::case::{Cancel, Cancelation, Command, Declared, OnFailure, Processes};
use super::check::{CheckRun, lines, natural_end};
use super::instant::{Key, Moment, Rank};
use super::text;
use openjd_monitor_core::session::Exit;
use openjd_monitor_core::simulate::{End, OnNotify};
use std::time::Duration;

/// An action to run.
pub struct Action<'c> {
    pub start: Moment,
    pub declared: &'c Declared,
    /// In seconds; depends on the place where the action runs.
    pub default_timeout: Option<u64>,
    pub default_notify_period: u64,
    pub watch: Option<Watch>,
    pub processes: &'c Processes,
    pub cancels: &'c [Cancel],
}

/// An effective monitor.
#[derive(Debug, Clone)]
pub struct Watch {
    pub command: Command,
    pub period: u64,
    pub initial_delay: u64,
    pub threshold: u64,
    pub acts_as: OnFailure,
}

/// An effect, with its texts before redaction.
#[derive(Debug, Clone)]
pub enum Seen {
    /// This text is a secret from now on.
    Secret(String),
    /// A message changes a variable, in a slot whose messages may.
    Change(String, Option<String>),
    Status {
        text: String,
        by_monitor: bool,
    },
    FailureStatus {
        lines: Vec<String>,
        reason: String,
    },
    Notify,
    Kill {
        of_check: bool,
    },
    CheckStarted(Command),
    Healthy,
    Unhealthy {
        reason: &'static str,
        failures: u64,
    },
    Discarded,
}

/// The first cause that ends an action.
#[derive(Debug, Clone, PartialEq)]
enum Cause {
    Exit,
    User {
        notify_period: Option<u64>,
    },
    Timeout,
    /// A malformed message (SES-5), which fixes the Session's state when the action starts to be canceled.
    Malformed,
    Monitor(Fired),
}

/// The result with which a monitor fired.
#[derive(Debug, Clone, PartialEq)]
pub struct Fired {
    pub own_text: Option<String>,
    pub failures: u64,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Success,
    Failed { text: Option<String> },
    FailedByMonitor(Fired),
    Canceled,
    Timeout,
}

/// Result of an action.
pub struct Outcome {
    pub seen: Vec<(Key, Seen)>,
    pub end: Key,
    pub verdict: Verdict,
    /// The instant at which it began to fail, if it failed.
    pub failed_at: Option<Key>,
}

pub fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

impl Action<'_> {
    pub fn outcome(&self) -> Outcome {
        let mut seen = Vec::new();
        let natural = natural_end(self.start, &self.processes.action, Rank::ActionExit);
        let (mut begin, mut cause) = self.first_cause(natural);
        if let Some(watch) = &self.watch
            && let Some((at, fired)) = self.run_monitor(watch, begin, &mut seen)
        {
            (begin, cause) = (at, Cause::Monitor(fired));
        }
        let (end, killed) = match &cause {
            Cause::Exit => (begin, None),
            cause => self.cancel(begin, cause, natural, &mut seen),
        };
        let written = self.lines_until(killed.map_or(end, |killed| killed.min(end)));
        for (at, line) in &written {
            seen.extend(of_action_line(line).into_iter().map(|seen| (*at, seen)));
        }
        let fail_texts = written.iter().rev();
        let last_fail = fail_texts.filter_map(|(_, line)| text::fail(line)).next();
        let (verdict, failed_at) = match cause {
            Cause::User { .. } => (Verdict::Canceled, None),
            Cause::Timeout => (Verdict::Timeout, Some(begin)),
            Cause::Monitor(fired) => (Verdict::FailedByMonitor(fired), Some(begin)),
            Cause::Malformed => (Verdict::Failed { text: last_fail }, Some(begin)),
            Cause::Exit if self.exits_well() && last_fail.is_none() => (Verdict::Success, None),
            Cause::Exit => (Verdict::Failed { text: last_fail }, Some(end)),
        };
        Outcome {
            seen,
            end,
            verdict,
            failed_at,
        }
    }

    /// The first cause, other than the monitor, that ends the monitor's activity (TIM-3).
    fn first_cause(&self, natural: Option<Key>) -> (Key, Cause) {
        let timeout = self.declared.timeout.or(self.default_timeout);
        let timeout = timeout.map(|timeout| {
            let at = self.start.after(seconds(timeout)).key(Rank::ActionTimeout);
            (at, Cause::Timeout)
        });
        let user = self
            .cancels()
            .next()
            .map(|(at, notify_period)| (at, Cause::User { notify_period }));
        let action_lines = lines(self.start, &self.processes.action, Rank::ActionLine);
        let malformed = action_lines
            .into_iter()
            .find(|(_, line)| text::is_malformed(line));
        let causes = [
            natural.map(|at| (at, Cause::Exit)),
            timeout,
            user,
            malformed.map(|(at, _)| (at, Cause::Malformed)),
        ];
        let causes = causes.into_iter().flatten();
        causes
            .min_by_key(|(at, _)| *at)
            .expect("a generated action ends")
    }

    /// The user's cancels after the start of this action.
    fn cancels(&self) -> impl Iterator<Item = (Key, Option<u64>)> {
        let cancels = self.cancels.iter().enumerate();
        let keys = cancels.map(|(index, cancel)| {
            let at = Moment::at(cancel.at).key(Rank::UserCancel).nth(index);
            (at, cancel.notify_period)
        });
        keys.filter(|(at, _)| at.moment > self.start)
    }

    /// Runs the monitor up to the `end` of its activity; returns when and why it fires, if it does.
    fn run_monitor(
        &self,
        watch: &Watch,
        end: Key,
        seen: &mut Vec<(Key, Seen)>,
    ) -> Option<(Key, Fired)> {
        let grid = (0..).map(|k| watch.initial_delay + k * watch.period);
        let ticks = grid.map(|offset| self.start.after(seconds(offset)).key(Rank::Tick));
        let ticks: Vec<_> = ticks.take_while(|tick| *tick < end).collect();
        let timeout = watch.command.timeout.unwrap_or((watch.period - 1).min(30));
        let (mut started, mut failures, mut gone) = (0, 0, None);
        for tick in ticks {
            if gone.is_some_and(|gone| gone > tick) {
                continue;
            }
            let run = self.processes.check(started);
            let check = CheckRun::of(tick.moment, run, timeout);
            started += 1;
            gone = Some(check.gone);
            seen.push((tick, Seen::CheckStarted(watch.command.clone())));
            check.record_messages(run, end, seen);
            if end < check.known {
                seen.push((end, Seen::Kill { of_check: true }));
                seen.push((end, Seen::Discarded));
                return None;
            }
            if check.is_timeout() {
                seen.push((check.known, Seen::Kill { of_check: true }));
            }
            let Some((name, reason)) = check.unhealthy else {
                failures = 0;
                seen.push((check.known, Seen::Healthy));
                continue;
            };
            failures += 1;
            let unhealthy = Seen::Unhealthy {
                reason: name,
                failures,
            };
            seen.push((check.known, unhealthy));
            let (is_shown, fires) = match watch.acts_as {
                OnFailure::Log => (true, false),
                OnFailure::Warn => (true, failures == watch.threshold + 1),
                OnFailure::Terminate => {
                    let fires = failures == watch.threshold;
                    (fires, fires)
                }
            };
            let own_text = check.lines.iter().rev().find_map(|line| text::fail(line));
            if is_shown {
                let status = Seen::FailureStatus {
                    lines: check.lines,
                    reason: reason.clone(),
                };
                seen.push((check.known, status));
            }
            if fires {
                let fired = Fired {
                    own_text,
                    failures,
                    reason,
                };
                return Some((check.known, fired));
            }
        }
        None
    }

    /// Cancels the action at `begin`; returns when its process ends, and when it is killed, if it is.
    fn cancel(
        &self,
        begin: Key,
        cause: &Cause,
        natural: Option<Key>,
        seen: &mut Vec<(Key, Seen)>,
    ) -> (Key, Option<Key>) {
        let run = &self.processes.action;
        let limit = match cause {
            Cause::User { notify_period } => *notify_period,
            _ => None,
        };
        let (mut exit, mut kill) = (natural, begin);
        if let Cancelation::Notify(period) = self.declared.cancelation {
            let period = period.unwrap_or(self.default_notify_period);
            let period = limit.map_or(period, |limit| limit.min(period));
            seen.push((begin, Seen::Notify));
            // Whose exit falls on the instant has ended at it.
            let has_ended = natural.is_some_and(|exit| exit.moment.time == begin.moment.time);
            if let OnNotify::Ends(after, _) = run.on_notify
                && !has_ended
            {
                exit = Some(begin.moment.after(after).key(Rank::ActionExit));
            }
            let end_of =
                |from: Moment, period| from.after(seconds(period)).key(Rank::EndOfNotifyPeriod);
            kill = end_of(begin.moment, period);
            for (at, limit) in self.cancels() {
                let is_running = exit.is_none_or(|exit| at < exit);
                if at > begin && at < kill && is_running {
                    kill = limit.map_or(kill, |limit| kill.min(end_of(at.moment, limit)));
                }
            }
        }
        if let Some(exit) = exit.filter(|exit| *exit < kill) {
            return (exit, None);
        }
        seen.push((kill, Seen::Kill { of_check: false }));
        let has_ended = exit.filter(|exit| exit.moment.time == kill.moment.time);
        let killed = || kill.moment.after(run.on_kill).key(Rank::ActionExit);
        (has_ended.unwrap_or_else(killed), Some(kill))
    }

    fn exits_well(&self) -> bool {
        matches!(self.processes.action.end, End::Ends(_, Exit::Status(0)))
    }

    /// The lines up to `end`. Lines of one round are reported together, even if one of them is malformed.
    fn lines_until(&self, end: Key) -> Vec<(Key, &str)> {
        let mut lines = lines(self.start, &self.processes.action, Rank::ActionLine);
        lines.retain(|(at, _)| at.moment <= end.moment);
        lines
    }
}

fn of_action_line(line: &str) -> Vec<Seen> {
    let secrets = text::secrets(line).into_iter().map(Seen::Secret);
    let status = text::status(line).map(|text| Seen::Status {
        text,
        by_monitor: false,
    });
    let change = text::change(line).map(|(name, value)| Seen::Change(name, value));
    secrets.chain(status).chain(change).collect()
}
