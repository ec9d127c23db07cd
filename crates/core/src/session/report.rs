//! What a check says: its failure status (OUT-3) and its `openjd_fail` text (ACT-6).

use super::effect::Reason;
use super::redaction::Redactions;
use std::collections::VecDeque;

/// The longest failure status, in bytes, without the mark of a cut.
const MAX_STATUS: usize = 4096;

/// How much of a check's output is kept, in bytes. More than a status may have: the rest of the memory
/// is for white space that is trimmed and secrets that are longer than the stars in their place.
const MAX_KEPT: usize = 64 * 1024;

/// The output of one check.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The last lines that are no messages, as written: a secret that is named later may overlap one that is
    /// named now.
    lines: VecDeque<String>,
    /// The bytes of these lines, ends included.
    size: usize,
    /// The text of the last `openjd_fail`, as written.
    fail: Option<String>,
}

impl Report {
    /// Takes in a line that is no message.
    pub fn line(&mut self, line: &str) {
        self.size += line.len() + 1;
        self.lines.push_back(line.to_owned());
        while self.size > MAX_KEPT && self.lines.len() > 1 {
            self.size -= self.lines.pop_front().map_or(0, |line| line.len() + 1);
        }
    }

    /// Takes in an `openjd_fail`.
    pub fn fails_with(&mut self, text: &str) {
        self.fail = Some(text.to_owned());
    }

    /// The failure status (OUT-3).
    pub fn status(&self, reason: &Reason, redactions: &Redactions) -> String {
        let mut text = String::with_capacity(self.size);
        for line in &self.lines {
            text.push_str(&redactions.apply(line));
            text.push('\n');
        }
        let text = text.trim_end();
        if text.is_empty() {
            return redactions.apply_to_text(&format!("onMonitor: {reason}"));
        }
        if text.len() <= MAX_STATUS {
            return text.to_owned();
        }
        let start = text.ceil_char_boundary(text.len() - MAX_STATUS);
        format!("…{}", &text[start..])
    }

    /// The fail message if this check makes the monitor of `environment` fire, after `failures` unhealthy
    /// results, beside the action in `slot` (ACT-6); neither redacted nor trimmed.
    pub fn fail_message(
        &self,
        environment: &str,
        slot: &str,
        failures: u64,
        reason: &Reason,
    ) -> String {
        self.fail.clone().unwrap_or_else(|| {
            format!(
                "onMonitor of environment '{environment}' reported unhealthy {failures} consecutive time(s) \
                 while {slot} was running ({reason})"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status_of(lines: &[&str]) -> String {
        let mut report = Report::default();
        for line in lines {
            report.line(line);
        }
        report.status(&Reason::Exit(1), &Redactions::default())
    }

    #[test]
    fn a_status_is_trimmed_and_never_empty() {
        assert_eq!(status_of(&[" a", "c ", "", " \t"]), " a\nc");
        assert_eq!(status_of(&["", " "]), "onMonitor: exit status 1");
    }

    #[test]
    fn a_long_status_is_cut_before_a_character() {
        let fits = "x".repeat(MAX_STATUS);
        assert_eq!(status_of(&[&fits]), fits);
        assert_eq!(status_of(&[&format!("a{fits}")]), format!("…{fits}"));
        let cut = status_of(&[&"€".repeat(2000)]);
        assert_eq!(cut, format!("…{}", "€".repeat(1365)));
    }

    #[test]
    fn a_flood_leaves_its_end() {
        let mut report = Report::default();
        for number in 0..100_000 {
            report.line(&format!("line {number}"));
        }
        assert!(report.size <= MAX_KEPT);
        let status = report.status(&Reason::Signal(9), &Redactions::default());
        assert!(status.ends_with("line 99998\nline 99999"), "{status}");
    }

    #[test]
    fn a_secret_that_is_named_too_late_is_hidden_before_the_cut() {
        let secret = "s".repeat(5000);
        let mut report = Report::default();
        report.line(&format!("<{secret}>"));
        let mut redactions = Redactions::default();
        redactions.learn(&format!("openjd_redacted_env: S={secret}"));
        let status = report.status(&Reason::Exit(1), &redactions);
        assert_eq!(status, "<********>");
    }
}
