//! Lines about the monitor, for the log of the runtime.

use crate::check_log::{CheckLog, tagged};
use crate::run::{Observer, Speaker};
use openjd_monitor_core::session::{Cause, Effect, Target, Time};
use openjd_monitor_core::shown::Shown;
use std::io;

/// Longest line, in bytes. The official runtime in Python cuts a line after 64000 characters.
const MAX_LINE: usize = 60_000;

/// A malformed message. Both official runtimes cancel the action for it, even one that has ended, and report it as FAILED;
/// `openjd_fail` alone is not enough for the one in Python if the action exits with status 0.
const NEAR_MISS: &str = "openjd_env is not meant by this line: onMonitor has ended the action, and it makes the runtime report FAILED";

/// Observer that says what happens, as messages where the runtime is to act on it.
pub(super) struct Log {
    checks: CheckLog,
    speaker: Speaker,
}

impl Log {
    pub fn new(speaker: Speaker) -> Self {
        Self {
            checks: CheckLog::default(),
            speaker,
        }
    }

    fn log(&mut self, text: &str) {
        for line in tagged(text) {
            self.say(&line);
        }
    }

    fn say(&mut self, line: &str) {
        self.speaker.say(shown(line));
    }
}

impl Observer for Log {
    fn observe(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        for line in self.checks.push(effect) {
            self.say(&line);
        }
        match effect {
            Effect::Status { text, source } if *source == Target::Check => {
                self.speaker.say(message("openjd_status", text));
            }
            Effect::Note { text, about } if *about == Target::Action => self.log(text),
            Effect::Notify { kill_at, .. } => {
                let left = kill_at.saturating_sub(at).as_secs_f64();
                self.log(&format!("sending SIGTERM; SIGKILL follows in {left} s"));
            }
            Effect::Kill { target, .. } if *target == Target::Action => {
                self.log("sending SIGKILL");
            }
            Effect::ActionEnded { ending, .. } => self.speaker.end(match &ending.cause {
                Some(Cause::Monitor(text)) => {
                    vec![NEAR_MISS.to_owned(), message("openjd_fail", text)]
                }
                _ => Vec::new(),
            }),
            _ => {}
        }
        Ok(())
    }

    fn on_idle(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns a message, which has one line only.
fn message(name: &str, text: &str) -> String {
    let text = text.replace(['\n', '\r'], " / ");
    cut(format!("{name}: {text}"))
}

/// Returns a line of the log. A carriage return would end it for the runtime in Python.
fn shown(line: &str) -> String {
    let line = line.replace('\r', " / ");
    cut(Shown::excerpt(&line).to_string())
}

fn cut(mut line: String) -> String {
    line.truncate(line.floor_char_boundary(MAX_LINE));
    line
}
