//! Runs the monitor of an action that another runtime has started.

use super::Observer;
use super::attached::Attached;
use super::directory::{CancelInfo, Directory};
use super::driver::Driver;
use super::group;
use super::guard::Guard;
use super::orphans;
use super::relay::{Relay, Speaker};
use super::signals::Signals;
use nix::unistd::Pid;
use openjd_monitor_core::session::{Redactions, Session};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use tokio::runtime::Builder;
use tokio::sync::watch;

/// An action that another runtime has started in the present directory, with the present environment.
pub(crate) struct ActionElsewhere {
    pub pid: Pid,
    /// The cancel that was announced when it started, of an action before it.
    pub cancel_info: CancelInfo,
    /// Pipe with its output.
    pub output: OwnedFd,
    /// Way of its output to the runtime.
    pub out: File,
}

/// Runs a Session beside the action, and passes on the output of the action to its end. The observer is made with the way
/// of its lines into the output.
///
/// # Errors
///
/// Fails if the output cannot be read, or signals cannot be handled.
pub(crate) fn run_beside<O: Observer>(
    session: &mut Session,
    action: ActionElsewhere,
    observer: impl FnOnce(Speaker) -> O,
) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    orphans::adopt();
    let directory = Directory::current();
    let mut guard = Guard::start(None).ok();
    runtime.block_on(async {
        let mut signals = Signals::of_children()?;
        let (redactions, secrets) = watch::channel(Redactions::default());
        let (relay, speaker, writer) = Relay::new(action.output, action.out, secrets)?;
        let attached = Attached::new(
            action.pid,
            action.cancel_info,
            &directory,
            redactions,
            relay,
        );
        let mut observer = observer(speaker);
        let run = Driver::run(
            session,
            &mut signals,
            &directory,
            &mut guard,
            Some(attached),
            &mut observer,
        );
        let (left, observed) = run.await;
        drop(observer);
        let spared = guard.as_ref().map(Guard::pid);
        // Blocking calls, which must not stop the relay.
        let ended = tokio::task::spawn_blocking(move || group::end_all(&left, spared));
        let written = tokio::task::spawn_blocking(|| writer.join());
        let _ = tokio::join!(ended, written);
        observed
    })
}
