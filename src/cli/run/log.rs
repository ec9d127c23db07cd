//! The log of a run: the lines of `openjd run`, and those about monitors.

#[cfg(test)]
mod tests;

use super::TimestampFormat;
use crate::check_log::CheckLog;
use crate::screen::Screen;
use chrono::{Local, Utc};
use openjd_monitor_core::session::{
    ActionName, ActionState, Effect, Exit, Phase, SessionState, Target, Time,
};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::Slot;
use std::io::{self, Write};
use std::time::Duration;

const RULE: &str = "==============================================";

/// Prefix of the lines that `openjd run` does not have.
const OWN: &str = "[session]";

pub(super) struct Log<'w> {
    out: &'w mut Screen<'static>,
    format: TimestampFormat,
    /// True if the lines of actions are not escaped.
    is_raw: bool,
    /// True if the running action has shown no output.
    is_silent: bool,
    checks: CheckLog,
}

impl<'w> Log<'w> {
    pub fn new(format: TimestampFormat, is_raw: bool, out: &'w mut Screen<'static>) -> Self {
        Self {
            out,
            format,
            is_raw,
            is_silent: false,
            checks: CheckLog::default(),
        }
    }

    pub fn begin(&mut self, job: &str) -> io::Result<()> {
        self.line(Time::ZERO, "Session start")?;
        self.line(Time::ZERO, &format!("Running job '{job}'"))
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub fn push(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        for line in self.checks.push(effect) {
            self.line(at, &line)?;
        }
        match effect {
            Effect::Phase(phase) => self.phase(at, phase),
            Effect::Start(start) => {
                self.is_silent |= start.target == Target::Action;
                Ok(())
            }
            Effect::Line { text, source } if *source == Target::Action => {
                self.output(at)?;
                self.line_of_action(at, text)
            }
            Effect::Note { text, about } if *about == Target::Action => self.own(at, text),
            Effect::Notify { kill_at, .. } => {
                let left = kill_at.saturating_sub(at).as_secs_f64();
                self.own(at, &format!("sending SIGTERM; SIGKILL follows in {left} s"))
            }
            Effect::Kill { target, .. } if *target == Target::Action => {
                self.own(at, "sending SIGKILL")
            }
            Effect::ActionEnded { action, ending, .. } => {
                self.end(at, action, ending.state, ending.exit)?;
                match ending.state {
                    ActionState::Success => Ok(()),
                    _ => self.own(at, &format!("{action} {ending}")),
                }
            }
            Effect::SessionEnded { state, canceled_by } => {
                if let Some(by) = canceled_by {
                    self.own(at, &format!("session {}: {by}", state.name()))?;
                }
                self.line(at, "")?;
                self.line(
                    at,
                    match state {
                        SessionState::Success => "All actions completed successfully!",
                        SessionState::Failed | SessionState::Canceled => {
                            "Session ended with errors."
                        }
                    },
                )?;
                self.line(at, "Local session ended.")
            }
            // The text of a status is in the log already, as a line of the process.
            _ => Ok(()),
        }
    }

    fn phase(&mut self, at: Time, phase: &Phase) -> io::Result<()> {
        match phase {
            Phase::Enter(name) => {
                self.line(at, "")?;
                self.banner(at, &format!("Entering Environment: {name}"))
            }
            Phase::Exit(name) => {
                self.line(at, "")?;
                self.banner(at, &format!("Exiting Environment: {name}"))
            }
            Phase::Step(name) => self.line(at, &format!("Running step '{name}'")),
            Phase::Task(parameters) => {
                self.banner(at, "Running Task")?;
                if !parameters.is_empty() {
                    self.line(at, "Parameter values:")?;
                }
                for parameter in parameters {
                    let (name, value) = (&parameter.name, &parameter.value);
                    self.line(at, &format!("{name}({}) = {value}", parameter.kind))?;
                }
                Ok(())
            }
        }
    }

    fn banner(&mut self, at: Time, title: &str) -> io::Result<()> {
        self.line(at, RULE)?;
        self.line(at, &format!("--------- {title}"))?;
        self.line(at, RULE)
    }

    /// The action that runs has output, or might have had.
    fn output(&mut self, at: Time) -> io::Result<()> {
        match std::mem::take(&mut self.is_silent) {
            true => self.line(at, "Output:"),
            false => Ok(()),
        }
    }

    /// The lines of `openjd run` at the end of an action.
    fn end(
        &mut self,
        at: Time,
        action: &ActionName,
        state: ActionState,
        exit: Option<Exit>,
    ) -> io::Result<()> {
        let Some(exit) = exit else {
            self.is_silent = false;
            return Ok(());
        };
        self.output(at)?;
        let code = match exit {
            Exit::Status(code) => Some(code),
            Exit::Signal(_) => None,
        };
        let shown = match Slot::from_name(action.slot) {
            _ if action.is_of_task() => Some(code.unwrap_or(-1)),
            Some(Slot::OnEnter | Slot::OnWrapEnvEnter) if state != ActionState::Success => code,
            _ => None,
        };
        match shown {
            Some(code) => self.line(at, &format!("Process exited with code: {code}")),
            None => Ok(()),
        }
    }

    fn own(&mut self, at: Time, text: &str) -> io::Result<()> {
        text.split('\n')
            .try_for_each(|line| self.line(at, &format!("{OWN} {line}")))
    }

    fn line(&mut self, at: Time, text: &str) -> io::Result<()> {
        self.time(at)?;
        writeln!(self.out, "{}", Shown::excerpt(text))
    }

    fn line_of_action(&mut self, at: Time, text: &str) -> io::Result<()> {
        self.time(at)?;
        match self.is_raw {
            true => writeln!(self.out.raw()?, "{text}"),
            false => writeln!(self.out, "{text}"),
        }
    }

    fn time(&mut self, at: Time) -> io::Result<()> {
        match self.format {
            TimestampFormat::Relative => write!(self.out, "{}", relative(at)),
            // The time of the Session does not count the time while this program was stopped.
            TimestampFormat::Utc => {
                let now = Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ");
                write!(self.out, "{now}")
            }
            TimestampFormat::Local => {
                let now = Local::now().format("%Y-%m-%dT%H:%M:%S%.3f");
                write!(self.out, "{now}")
            }
        }?;
        write!(self.out, "\t")
    }
}

/// A time since the start, as `openjd run` writes it.
pub(super) fn relative(at: Duration) -> String {
    let (seconds, millis) = (at.as_secs(), at.subsec_millis());
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours}:{minutes:02}:{:02}.{millis:03}", seconds % 60)
}
