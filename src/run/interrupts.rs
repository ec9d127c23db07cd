//! Signals by which a user, or the system, wants the Session canceled.

use crate::session::Event;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals SIGINT (Ctrl-C), SIGTERM and SIGHUP.
pub(super) struct Interrupts {
    signals: [Option<Signal>; 3],
    has_come: bool,
}

impl Interrupts {
    /// From now on they end nothing by themselves. One that is ignored, as under `nohup`, stays so.
    pub fn new() -> io::Result<Self> {
        let ignored = ignored();
        let listen = |kind: SignalKind| {
            let is_ignored = ignored >> (kind.as_raw_value() - 1) & 1 == 1;
            (!is_ignored).then(|| signal(kind)).transpose()
        };
        Ok(Self {
            signals: [
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
            ],
            has_come: false,
        })
    }

    /// The next of them. The first is a user's cancel (SES-6); a later one lets no notify period go on.
    pub async fn next(&mut self) -> Event {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            () = recv(interrupt) => {}
            () = recv(terminate) => {}
            () = recv(hangup) => {}
        }
        let is_later = std::mem::replace(&mut self.has_come, true);
        Event::Cancel {
            notify_period: is_later.then_some(Duration::ZERO),
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
