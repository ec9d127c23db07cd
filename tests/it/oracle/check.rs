//! One check by itself, as if the monitor stayed active: its result, when that is known, and when its process is gone.

use super::action::{Seen, seconds};
use super::instant::{Key, Moment, Rank};
use super::text;
use openjd_monitor_core::session::Exit;
use openjd_monitor_core::simulate::{End, Run};
use std::time::Duration;

pub struct CheckRun {
    start: Moment,
    pub known: Key,
    pub gone: Key,
    /// The name of the reason, and the reason in words; none if it is healthy (RES-1).
    pub unhealthy: Option<(&'static str, String)>,
    /// Lines written before its result is known.
    pub lines: Vec<String>,
}

impl CheckRun {
    /// The check that starts at `start`, with a timeout in seconds.
    pub fn of(start: Moment, run: &Run, timeout: u64) -> Self {
        let exit = natural_end(start, run, Rank::CheckExit);
        let due = start.after(seconds(timeout)).key(Rank::CheckTimeout);
        let in_time = exit.filter(|exit| *exit < due);
        let unhealthy = match &run.end {
            _ if in_time.is_none() => Some(("timeout", format!("timed out after {timeout} s"))),
            End::Ends(_, Exit::Status(0)) | End::Hangs => None,
            End::Ends(_, Exit::Status(status)) => Some(("exit", format!("exit status {status}"))),
            End::Ends(_, Exit::Signal(signal)) => {
                Some(("signal", format!("killed by signal {signal}")))
            }
            End::CannotStart(error) => Some(("spawn", format!("could not start: {error}"))),
        };
        // Whose exit falls on the instant of the timeout has ended at it, killed or not.
        let by_itself = exit.filter(|exit| exit.moment.time <= due.moment.time);
        let killed = due.moment.after(run.on_kill).key(Rank::CheckExit);
        let known = in_time.unwrap_or(due);
        let written = lines(start, run, Rank::CheckLine).into_iter();
        Self {
            start,
            known,
            gone: by_itself.unwrap_or(killed),
            unhealthy,
            lines: written
                .filter(|(at, _)| *at < known)
                .map(|(_, line)| line.to_owned())
                .collect(),
        }
    }

    pub fn is_timeout(&self) -> bool {
        matches!(self.unhealthy, Some(("timeout", _)))
    }

    /// Adds the effects of its messages, until its result is known or discarded at `end` (OUT-1, OUT-2).
    pub fn record_messages(&self, run: &Run, end: Key, seen: &mut Vec<(Key, Seen)>) {
        let until = self.known.min(end);
        for (at, line) in lines(self.start, run, Rank::CheckLine) {
            // The lines of one round are reported together; a secret is one also after the result.
            if at.moment <= until.moment {
                let secrets = text::secrets(line).into_iter();
                seen.extend(secrets.map(|text| (at, Seen::Secret(text))));
            }
            let status = text::status(line).filter(|_| at < until);
            seen.extend(status.map(|text| {
                let by_monitor = true;
                (at, Seen::Status { text, by_monitor })
            }));
        }
    }
}

/// The end of a process that starts at `start` and is not signaled; `None` if it hangs.
pub fn natural_end(start: Moment, run: &Run, rank: Rank) -> Option<Key> {
    match &run.end {
        End::Ends(after, _) => Some(start.after(*after).key(rank)),
        End::CannotStart(_) => Some(start.after(Duration::ZERO).key(rank)),
        End::Hangs => None,
    }
}

/// The lines of a process that starts at `start`; one that cannot be started has none.
pub fn lines(start: Moment, run: &Run, rank: Rank) -> Vec<(Key, &str)> {
    if matches!(run.end, End::CannotStart(_)) {
        return Vec::new();
    }
    let lines = run.output.iter().enumerate();
    lines
        .map(|(index, (at, _, line))| (start.after(*at).key(rank).nth(index), line.as_str()))
        .collect()
}
