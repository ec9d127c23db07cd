//! `--trace` and `--timeline`: what happens, for programs and as a picture.

use super::Arguments;
use crate::cli::picture::Picture;
use crate::cli::{Status, Streams};
use crate::screen::Screen;
use openjd_monitor_core::session::{Effect, Time};
use openjd_monitor_core::trace;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) struct Record<'r> {
    trace: Option<Trace<'r>>,
    picture: Picture<'r>,
}

struct Trace<'r> {
    path: &'r Path,
    out: Screen<'static>,
    /// The first error: a run is not given up because of its record.
    broken: Option<io::Error>,
}

impl<'r> Record<'r> {
    /// What the arguments ask for; a file that cannot be made is an error, in words.
    pub fn new(arguments: &'r Arguments) -> Result<Self, String> {
        let open = |path| -> Result<Trace<'r>, String> {
            let file = File::create(path)
                .map_err(|error| format!("cannot write `{}`: {error}", Path::display(path)))?;
            Ok(Trace {
                path,
                out: Screen::new(BufWriter::new(file)),
                broken: None,
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
        if let (Some(trace), Some(event)) = (&mut self.trace, trace::event(at, effect)) {
            trace.write(|out| writeln!(out, "{event}"));
        }
    }

    pub fn flush(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.write(Write::flush);
        }
    }

    /// Writes what is left, and says what could not be written.
    pub fn finish(mut self, streams: &mut Streams<'_>) -> io::Result<Status> {
        self.flush();
        let mut status = Status::Clean;
        if let Some(Trace {
            path,
            broken: Some(error),
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
        if self.broken.is_none() {
            self.broken = write(&mut self.out).err();
        }
    }
}
