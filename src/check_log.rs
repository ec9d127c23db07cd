//! Lines of the log about checks.

use openjd_monitor_core::session::{CheckResult, Effect, Target};

/// Upper bound on the logged output of one check, in bytes. Nobody reads more of it.
const MAX_OF_CHECK: usize = 64 * 1024;

/// Prefix of the lines of checks (OUT-4).
const TAG: &str = "[onMonitor]";

/// Words by which other tools recognize the exit status of an action, and their replacement in lines of checks
/// (OUT-4).
const EXITED: (&str, &str) = ("exited with code", "exited with (code)");

/// Turns effects into lines about checks.
#[derive(Debug, Default)]
pub(crate) struct CheckLog {
    /// Bytes of output of the running check that can still be logged.
    left_of_check: usize,
    /// True if the log says that ticks are skipped.
    is_skipping: bool,
    /// True if the last result beside the running action was healthy; `None` without a result.
    was_healthy: Option<bool>,
}

impl CheckLog {
    /// Returns the lines that `effect` adds to the log, not escaped.
    pub fn push(&mut self, effect: &Effect) -> Vec<String> {
        match effect {
            Effect::Start(start) => {
                match start.target {
                    Target::Action => self.was_healthy = None,
                    Target::Check => {
                        self.left_of_check = MAX_OF_CHECK;
                        self.is_skipping = false;
                    }
                }
                Vec::new()
            }
            Effect::Line { text, source } if *source == Target::Check => self.output(text),
            Effect::Note { text, about } if *about == Target::Check => tagged(text),
            Effect::CheckEnded { result, .. } => self.result(result),
            Effect::TickSkipped { .. } if !self.is_skipping => {
                self.is_skipping = true;
                tagged("no check is started as long as the last one is alive")
            }
            _ => Vec::new(),
        }
    }

    fn output(&mut self, text: &str) -> Vec<String> {
        let left = self.left_of_check;
        if left == 0 {
            return Vec::new();
        }
        self.left_of_check = left.saturating_sub(text.len() + 1);
        let mut lines = tagged(text);
        if self.left_of_check == 0 {
            lines.extend(tagged("(more of what this check writes is not logged)"));
        }
        lines
    }

    fn result(&mut self, result: &CheckResult) -> Vec<String> {
        let was_healthy = self.was_healthy;
        match result {
            CheckResult::Unhealthy { .. } => {
                self.was_healthy = Some(false);
                tagged(&result.to_string())
            }
            CheckResult::Healthy => {
                self.was_healthy = Some(true);
                match was_healthy {
                    None => tagged(&result.to_string()),
                    Some(false) => tagged(&format!("{result} again")),
                    // Further healthy results are not logged.
                    Some(true) => Vec::new(),
                }
            }
            CheckResult::Discarded => Vec::new(),
        }
    }
}

/// Returns the lines of a text with the tag (OUT-4).
pub(crate) fn tagged(text: &str) -> Vec<String> {
    let text = text.replace(EXITED.0, EXITED.1);
    let lines = text.split('\n').map(|line| format!("{TAG} {line}"));
    lines.collect()
}
