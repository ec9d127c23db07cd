//! `--trace` and `--timeline`: records of a run.

use super::Arguments;
use crate::cli::picture::Picture;
use crate::cli::pipe;
use crate::cli::{Status, Streams};
use crate::screen::Screen;
use openjd_monitor_core::session::{Effect, Time};
use openjd_monitor_core::trace;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

pub(super) struct Record<'r> {
    trace: Option<Trace<'r>>,
    picture: Picture<'r>,
}

struct Trace<'r> {
    path: &'r Path,
    out: Screen<'static>,
    /// First error; the run goes on without the trace.
    error: Option<io::Error>,
}

/// Error creating a trace.
#[derive(Debug, Error)]
#[error("cannot write `{}`: {error}", path.display())]
pub(super) struct TraceError {
    path: PathBuf,
    error: io::Error,
}

impl<'r> Record<'r> {
    /// Creates the records that the arguments ask for.
    ///
    /// # Errors
    ///
    /// Fails if the file of the trace cannot be created.
    pub fn new(arguments: &'r Arguments) -> Result<Self, TraceError> {
        let open = |path: &'r Path| -> Result<Trace<'r>, TraceError> {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            let file = pipe::open(path, &mut options).map_err(|error| TraceError {
                path: path.to_owned(),
                error,
            })?;
            Ok(Trace {
                path,
                out: Screen::new(BufWriter::new(file)),
                error: None,
            })
        };
        let title = arguments.template.to_string_lossy();
        Ok(Self {
            trace: arguments.trace.as_deref().map(open).transpose()?,
            picture: Picture::new(arguments.timeline.as_deref(), &title),
        })
    }

    pub fn push(&mut self, at: Time, effect: &Effect) {
        self.picture.push(at, effect);
        if let Some(trace) = &mut self.trace {
            trace.write(|out| match trace::line(at, effect)? {
                Some(line) => out.write_all(&line),
                None => Ok(()),
            });
        }
    }

    pub fn flush(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.write(Write::flush);
        }
    }

    /// Writes the rest and the picture, and reports errors.
    pub fn finish(mut self, streams: &mut Streams<'_>) -> io::Result<Status> {
        self.flush();
        let mut status = Status::Clean;
        if let Some(Trace {
            path,
            error: Some(error),
            ..
        }) = &self.trace
        {
            let path = path.display();
            streams.error(format_args!("cannot write `{path}`: {error}"))?;
            status = Status::Failure;
        }
        Ok(status.max(self.picture.write(streams)?))
    }
}

impl Trace<'_> {
    fn write(&mut self, write: impl FnOnce(&mut Screen<'static>) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(&mut self.out).err();
        }
    }
}
