//! Summary of a run, after its log.

use super::log::relative;
use crate::cli::Status;
use crate::run::Cleanup;
use openjd_monitor_core::session::{
    ActionState, Canceler, CheckResult, Effect, SessionState, Start, Target, Time,
};
use openjd_monitor_core::shown::Shown;
use std::fmt;

#[derive(Debug)]
pub(super) struct Summary {
    job: String,
    step: Option<String>,
    actions: u64,
    tasks: u64,
    /// Descriptions of what did not succeed, with their times.
    failed: Vec<(String, Time)>,
    checks: Checks,
    ended: Option<(SessionState, Time)>,
    canceled_by: Option<Canceler>,
}

/// Number of checks with each result.
#[derive(Debug, Default)]
struct Checks {
    started: u64,
    healthy: u64,
    unhealthy: u64,
    discarded: u64,
    skipped: u64,
    /// The first unhealthy one: when its result was known, and why.
    first: Option<(Time, String)>,
}

impl Summary {
    pub fn new(job: &str, step: Option<&str>) -> Self {
        Self {
            job: job.to_owned(),
            step: step.map(str::to_owned),
            actions: 0,
            tasks: 0,
            failed: Vec::new(),
            checks: Checks::default(),
            ended: None,
            canceled_by: None,
        }
    }

    pub fn push(&mut self, at: Time, effect: &Effect) {
        match effect {
            Effect::Start(start) => self.start(start),
            Effect::CheckEnded { action, result } => match result {
                CheckResult::Healthy => self.checks.healthy += 1,
                CheckResult::Discarded => self.checks.discarded += 1,
                CheckResult::Unhealthy { reason, .. } => {
                    self.checks.unhealthy += 1;
                    let first = || (at, format!("while {action} was running: {reason}"));
                    self.checks.first.get_or_insert_with(first);
                }
            },
            Effect::TickSkipped { .. } => self.checks.skipped += 1,
            Effect::ActionEnded { action, ending } => {
                self.tasks += u64::from(action.is_of_task() && ending.exit.is_some());
                if ending.state != ActionState::Success {
                    self.failed.push((format!("{action} {ending}"), at));
                }
            }
            Effect::SessionEnded { state, canceled_by } => {
                self.ended = Some((*state, at));
                self.canceled_by = *canceled_by;
            }
            _ => {}
        }
    }

    fn start(&mut self, start: &Start) {
        match start.target {
            Target::Action => self.actions += 1,
            Target::Check => self.checks.started += 1,
        }
    }

    /// The exit status that tells how the Session ended.
    pub fn status(&self) -> Status {
        match self.ended {
            Some((SessionState::Success, _)) => Status::Clean,
            _ => Status::Findings,
        }
    }

    /// The summary in words, with what was left when the Session was over.
    pub fn with(&self, cleanup: &Cleanup) -> impl fmt::Display {
        fmt::from_fn(move |f| self.write(cleanup, f))
    }

    fn write(&self, cleanup: &Cleanup, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, duration) = self.ended.unwrap_or((SessionState::Failed, Time::ZERO));
        let message = match (state, self.canceled_by) {
            (SessionState::Success, _) => "Session ended successfully".to_owned(),
            (SessionState::Failed, _) => {
                "Session ended with errors; see Task logs for details".to_owned()
            }
            (SessionState::Canceled, Some(by)) => {
                format!("Session was {by}; see Task logs for details")
            }
            (SessionState::Canceled, None) => {
                "Session was canceled; see Task logs for details".to_owned()
            }
        };
        writeln!(f, "\n--- Results of local session ---\n\n{message}")?;
        for (words, at) in &self.failed {
            writeln!(f, "{}: {}", relative(*at), Shown::line(words))?;
        }
        if let (Some(path), None) = (&cleanup.kept, &cleanup.error) {
            writeln!(f, "Working directory preserved at: {}", path.display())?;
        }
        writeln!(f, "\nJob: {}", self.job)?;
        if let Some(step) = &self.step {
            writeln!(f, "Step: {step}")?;
        }
        writeln!(f, "Duration: {:.3} seconds", duration.as_secs_f64())?;
        writeln!(f, "Chunks run: {}", self.tasks)?;
        writeln!(f, "Actions run: {}", self.actions)?;
        write!(f, "{}", self.checks)?;
        for (what, processes) in [("Killed", &cleanup.killed), ("Not ended", &cleanup.alive)] {
            if !processes.is_empty() {
                let processes = processes
                    .iter()
                    .map(|(name, pid)| format!("{name} ({pid})"));
                let processes = processes.collect::<Vec<_>>().join(", ");
                writeln!(f, "{what}, left behind by the session: {processes}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.started == 0 {
            return Ok(());
        }
        let parts = [
            (self.healthy, "healthy"),
            (self.unhealthy, "unhealthy"),
            (self.discarded, "discarded"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = parts
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        write!(f, "Checks run: {} ({})", self.started, parts.join(", "))?;
        if self.skipped > 0 {
            write!(f, ", ticks skipped: {}", self.skipped)?;
        }
        writeln!(f)?;
        match &self.first {
            Some((at, why)) => writeln!(f, "First unhealthy check: {} {why}", relative(*at)),
            None => Ok(()),
        }
    }
}
