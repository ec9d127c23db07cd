//! Output streams of the commands.

use crate::screen::Screen;
use openjd_monitor_core::shown::Shown;
use std::fmt::Display;
use std::io::{self, Write};

/// The streams of a command.
pub struct Streams<'s> {
    /// Standard output.
    pub out: &'s mut Screen<'static>,
    err: &'s mut Screen<'static>,
}

impl<'s> Streams<'s> {
    /// Creates the streams from standard output and standard error.
    pub fn new(out: &'s mut Screen<'static>, err: &'s mut Screen<'static>) -> Self {
        Self { out, err }
    }

    /// Writes an error in one line.
    pub(super) fn error(&mut self, message: impl Display) -> io::Result<()> {
        writeln!(self.err, "error: {}", Shown::line(&message))
    }

    /// Writes a warning in one line.
    pub(super) fn warning(&mut self, message: impl Display) -> io::Result<()> {
        writeln!(self.err, "warning: {}", Shown::line(&message))
    }

    /// Writes a note in one line.
    pub(super) fn note(&mut self, message: impl Display) -> io::Result<()> {
        writeln!(self.err, "note: {}", Shown::line(&message))
    }

    /// Returns standard error, for reports, which are escaped elsewhere.
    pub(super) fn raw_err(&mut self) -> io::Result<&mut (dyn Write + 'static)> {
        self.err.raw()
    }

    /// Returns standard error, for messages of several lines.
    pub(super) fn err(&mut self) -> &mut dyn Write {
        self.err
    }
}
