//! Drives a Session with the real clock and real processes.
//!
//! It knows no rules of the Session: it applies effects (starts and signals processes), and passes events back.

mod attached;
mod beside;
mod clock;
mod directory;
mod driver;
mod exit;
mod group;
mod guard;
mod lines;
mod orphans;
mod passage;
mod process;
mod processes;
mod refusal;
mod relay;
mod removal;
mod signals;
mod site;
mod strays;
mod watcher;

pub(crate) use beside::{ActionElsewhere, run_beside};
pub(crate) use directory::CancelInfo;
pub(crate) use group::Group;
pub(crate) use guard::Guard;
pub(crate) use relay::Speaker;
pub use site::{Cleanup, Site};

use openjd_monitor_core::session::{Effect, Time};
use std::io;

/// Observer of the effects of a Session.
pub trait Observer {
    /// Called for each effect, at the time `at` since the start of the Session.
    ///
    /// # Errors
    ///
    /// An error cancels the Session, as a user would; the observer is not called again.
    fn observe(&mut self, at: Time, effect: &Effect) -> io::Result<()>;

    /// Called when idle; flush here.
    ///
    /// # Errors
    ///
    /// As in [`Self::observe`].
    fn on_idle(&mut self) -> io::Result<()>;
}
