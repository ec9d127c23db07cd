//! Progress line of a long run, on a terminal only.

use std::io::{self, IsTerminal, Stderr, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time before the line is first drawn.
const LONG: Duration = Duration::from_secs(1);

/// Shortest time between two drawings.
const PAUSE: Duration = Duration::from_millis(100);

/// A progress line; shows nothing where standard error is no terminal.
pub(super) struct Progress<W: Write = Stderr>(Option<Mutex<State<W>>>);

struct State<W> {
    out: W,
    /// Noun and participle of the count: `files checked`.
    what: &'static str,
    all: usize,
    done: usize,
    next_drawing: Instant,
    is_drawn: bool,
}

impl Progress {
    /// Starts the progress of `all` items. `what` is a noun and a participle, such as `files checked`.
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
        Self(Some(Mutex::new(State {
            out,
            what,
            all,
            done: 0,
            next_drawing: Instant::now() + after,
            is_drawn: false,
        })))
    }

    /// Counts one more item as done.
    pub fn step(&self) {
        let Some(line) = &self.0 else { return };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        line.done += 1;
        let now = Instant::now();
        if now >= line.next_drawing {
            line.next_drawing = now + PAUSE;
            line.is_drawn = true;
            let (done, all, what) = (line.done, line.all, line.what);
            // The line is a courtesy; errors do not matter.
            let _ = write!(line.out, "\r\u{1b}[K{done} of {all} {what}");
            let _ = line.out.flush();
        }
    }

    /// Erases the line.
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
