//! How far a long run is, for people at a terminal.

use std::io::{self, IsTerminal, Stderr, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A run shorter than this shows nothing.
const LONG: Duration = Duration::from_secs(1);

/// No more than one drawing in this time.
const PAUSE: Duration = Duration::from_millis(100);

/// A line that says how many of something are done; nothing anywhere but on a terminal.
pub(super) struct Progress<W: Write = Stderr>(Option<Mutex<Line<W>>>);

struct Line<W> {
    out: W,
    /// What is counted and what is done to it: `files checked`.
    what: &'static str,
    all: usize,
    done: usize,
    next_drawing: Instant,
    is_drawn: bool,
}

impl Progress {
    /// Of a run that does so many of `what`, such as `files checked`.
    pub fn of(all: usize, what: &'static str, is_quiet: bool) -> Self {
        let err = io::stderr();
        if is_quiet || !err.is_terminal() {
            return Self(None);
        }
        Self::on(err, all, what, LONG)
    }
}

impl<W: Write> Progress<W> {
    fn on(out: W, all: usize, what: &'static str, after: Duration) -> Self {
        Self(Some(Mutex::new(Line {
            out,
            what,
            all,
            done: 0,
            next_drawing: Instant::now() + after,
            is_drawn: false,
        })))
    }

    /// One more is done.
    pub fn step(&self) {
        let Some(line) = &self.0 else { return };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        line.done += 1;
        let now = Instant::now();
        if now >= line.next_drawing {
            line.next_drawing = now + PAUSE;
            line.is_drawn = true;
            let (done, all, what) = (line.done, line.all, line.what);
            // What cannot be drawn is not missed.
            let _ = write!(line.out, "\r\u{1b}[K{done} of {all} {what}");
            let _ = line.out.flush();
        }
    }

    /// Leaves the terminal as it was.
    pub fn clear(&self) {
        let Some(line) = &self.0 else { return };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        if line.is_drawn {
            let _ = write!(line.out, "\r\u{1b}[K");
            let _ = line.out.flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(after: Duration) -> String {
        let mut out = Vec::new();
        let progress = Progress::on(&mut out, 3, "files checked", after);
        for _ in 0..3 {
            progress.step();
        }
        progress.clear();
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn a_long_run_is_drawn_from_time_to_time_and_cleared_and_a_short_one_is_not() {
        assert_eq!(
            drawn(Duration::ZERO),
            "\r\u{1b}[K1 of 3 files checked\r\u{1b}[K"
        );
        assert_eq!(drawn(LONG), "");
    }
}
