//! `--timeline`: the trace as a picture, in a file of its own.

use super::{Status, Streams, atomic};
use crate::screen::Screen;
use openjd_monitor_core::session::{Effect, Time};
use openjd_monitor_core::trace::Timeline;
use std::io::{self, Write};
use std::path::Path;

/// The picture, if one was asked for.
pub(super) struct Picture<'p>(Option<(&'p Path, Timeline)>);

impl<'p> Picture<'p> {
    pub fn new(path: Option<&'p Path>, title: &str) -> Self {
        Self(path.map(|path| (path, Timeline::new(title))))
    }

    pub fn push(&mut self, at: Time, effect: &Effect) {
        if let Some((_, timeline)) = &mut self.0 {
            timeline.push(at, effect);
        }
    }

    /// Writes the file. A Session that was given up is drawn as far as it came: it shows what hangs.
    pub fn write(self, streams: &mut Streams<'_>) -> io::Result<Status> {
        let Some((path, timeline)) = self.0 else {
            return Ok(Status::Clean);
        };
        let written = atomic::replace(path, |out| {
            let mut screen = Screen::new(out);
            timeline.write(&mut screen)?;
            screen.flush()
        });
        if let Err(error) = written {
            let path = path.display();
            streams.error(format_args!("cannot write `{path}`: {error}"))?;
            return Ok(Status::Failure);
        }
        Ok(Status::Clean)
    }
}
