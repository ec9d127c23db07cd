//! What the commands write to.

use crate::screen::Screen;
use openjd_monitor_core::shown::Shown;
use std::fmt::Display;
use std::io::{self, Write};

/// The streams of a command.
pub struct Streams<'s> {
    /// For what was asked for.
    pub out: &'s mut Screen<'static>,
    err: &'s mut Screen<'static>,
}

impl<'s> Streams<'s> {
    /// Streams for what was asked for, and for what went wrong on the way.
    pub fn new(out: &'s mut Screen<'static>, err: &'s mut Screen<'static>) -> Self {
        Self { out, err }
    }

    /// Says in a line that something could not be done.
    pub(super) fn error(&mut self, message: impl Display) -> io::Result<()> {
        writeln!(self.err, "error: {}", Shown::line(&message))
    }

    /// Says in a line what is good to know.
    pub(super) fn note(&mut self, message: impl Display) -> io::Result<()> {
        writeln!(self.err, "note: {}", Shown::line(&message))
    }

    /// The stream of [`error`](Self::error), for what is made fit to be shown elsewhere: reports.
    pub(super) fn raw_err(&mut self) -> io::Result<&mut (dyn Write + 'static)> {
        self.err.raw()
    }

    /// The stream of [`error`](Self::error), for more than a line.
    pub(super) fn err(&mut self) -> &mut dyn Write {
        self.err
    }
}
