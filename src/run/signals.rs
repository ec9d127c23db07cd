//! The signals that this program gets.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal says.
pub(super) enum Said {
    /// The Session is to be canceled.
    Cancel {
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
    is_canceled: bool,
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
            is_canceled: false,
        })
    }

    /// The next of them.
    pub async fn next(&mut self) -> Said {
        let [interrupt, terminate, hangup] = &mut self.cancels;
        tokio::select! {
            () = recv(interrupt) => {}
            () = recv(terminate) => {}
            () = recv(hangup) => {}
            _ = self.children.recv() => return Said::ChildEnded,
        }
        let is_first = !std::mem::replace(&mut self.is_canceled, true);
        Said::Cancel { is_first }
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
