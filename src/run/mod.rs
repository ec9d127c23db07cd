//! Drives a Session with the real clock and real processes.
//!
//! It has no rules of the Session: it starts what the Session wants started, signals what it wants signaled,
//! and tells it what happens.

mod clock;
mod directory;
mod driver;
mod group;
mod guard;
mod lines;
mod orphans;
mod process;
mod refusal;
mod removal;
mod signals;
mod site;
mod strays;

pub use site::{Cleanup, Site};

use openjd_monitor_core::session::{Effect, Time};
use std::io;

/// Who is told what a Session does, as it happens.
pub trait Observer {
    /// The Session has this effect, so long after its start.
    ///
    /// # Errors
    ///
    /// What writing it down gives. The Session is canceled then, as by a user, and nothing more is told.
    fn observe(&mut self, at: Time, effect: &Effect) -> io::Result<()>;

    /// Nothing happens for a while.
    ///
    /// # Errors
    ///
    /// As in [`Self::observe`].
    fn rest(&mut self) -> io::Result<()>;
}
