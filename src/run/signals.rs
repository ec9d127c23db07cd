//! The signals that this program gets.

use std::io;
use std::time::{Duration, Instant};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Stop signals within this time after the first one are part of the same stop: GNU `timeout` signals its child
/// and then the child's group, and wrappers forward what the terminal has already sent to the whole group.
const SAME_STOP: Duration = Duration::from_millis(500);

/// What a signal says.
pub(super) enum Said {
    /// The Session is to be canceled.
    Cancel {
        /// The signal.
        signal: i32,
        /// Whether nothing has said so before.
        is_first: bool,
    },
    /// A child has ended.
    ChildEnded,
}

pub(super) struct Signals {
    /// SIGINT (Ctrl-C), SIGTERM and SIGHUP.
    cancels: [Option<Signal>; 3],
    children: Signal,
    /// When the first stop signal came.
    canceled: Option<Instant>,
}

impl Signals {
    /// From now on no signal ends the program. One that is ignored, as under `nohup`, stays so.
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
            ],
            children: signal(SignalKind::child())?,
            canceled: None,
        })
    }

    /// Returns the next of them.
    pub async fn next(&mut self) -> Said {
        loop {
            let [interrupt, terminate, hangup] = &mut self.cancels;
            let kind = tokio::select! {
                () = recv(interrupt) => SignalKind::interrupt(),
                () = recv(terminate) => SignalKind::terminate(),
                () = recv(hangup) => SignalKind::hangup(),
                _ = self.children.recv() => return Said::ChildEnded,
            };
            let signal = kind.as_raw_value();
            match self.canceled {
                Some(first) if first.elapsed() < SAME_STOP => {}
                Some(_) => {
                    return Said::Cancel {
                        signal,
                        is_first: false,
                    };
                }
                None => {
                    self.canceled = Some(Instant::now());
                    return Said::Cancel {
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

/// The signals that this process ignores, a bit each from that of signal 1, where the system tells.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
