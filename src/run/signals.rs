//! Signals to this program.

use std::io;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Stop signals within this time after the first one are part of the same stop: GNU `timeout` signals its child
/// and then the child's group, and wrappers forward what the terminal has already sent to the whole group.
const SAME_STOP: Duration = Duration::from_millis(500);

/// Event that a signal stands for.
pub(super) enum SignalEvent {
    /// A user cancels the Session.
    Cancel {
        /// Number of the signal.
        signal: i32,
        /// True for the first one.
        is_first: bool,
    },
    /// A child has ended.
    ChildEnded,
}

pub(super) struct Signals {
    /// SIGINT (Ctrl-C), SIGTERM, SIGHUP and SIGQUIT (Ctrl-\).
    cancels: [Option<Signal>; 4],
    children: Signal,
    /// Time of the first stop signal.
    canceled: Option<Instant>,
}

impl Signals {
    /// Handles the signals from now on, so that they do not end the program. Ignored ones, as under `nohup`, stay ignored.
    pub fn new() -> io::Result<Self> {
        let ignored = ignored();
        let listen = |kind: SignalKind| {
            let is_ignored = ignored >> (kind.as_raw_value() - 1) & 1 == 1;
            (!is_ignored).then(|| signal(kind)).transpose()
        };
        Ok(Self {
            cancels: [
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
                listen(SignalKind::quit())?,
            ],
            children: signal(SignalKind::child())?,
            canceled: None,
        })
    }

    /// Handles the end of children alone.
    pub fn of_children() -> io::Result<Self> {
        Ok(Self {
            cancels: [const { None }; 4],
            children: signal(SignalKind::child())?,
            canceled: None,
        })
    }

    /// Waits for the next event; a cancel comes first.
    pub async fn next(&mut self) -> SignalEvent {
        loop {
            let [interrupt, terminate, hangup, quit] = &mut self.cancels;
            let kind = tokio::select! {
                biased;
                () = recv(interrupt) => SignalKind::interrupt(),
                () = recv(terminate) => SignalKind::terminate(),
                () = recv(hangup) => SignalKind::hangup(),
                () = recv(quit) => SignalKind::quit(),
                _ = self.children.recv() => return SignalEvent::ChildEnded,
            };
            let signal = kind.as_raw_value();
            match self.canceled {
                Some(first) if first.elapsed() < SAME_STOP => {}
                Some(_) => {
                    return SignalEvent::Cancel {
                        signal,
                        is_first: false,
                    };
                }
                None => {
                    self.canceled = Some(Instant::now());
                    return SignalEvent::Cancel {
                        signal,
                        is_first: true,
                    };
                }
            }
        }
    }
}

async fn recv(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// Returns the signals that this process ignores, one bit each, signal 1 first; 0 if the system does not tell.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
