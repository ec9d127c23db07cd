//! Output of a check: its failure status (OUT-3) and its fail message (ACT-6).

use super::effect::Reason;
use super::redaction::Redactions;
use std::collections::VecDeque;

/// Upper bound on a failure status, in bytes, without the ellipsis of a cut.
const MAX_STATUS: usize = 4096;

/// Bytes at the end of a check's output that are kept, with the whole line in which they start. It is more than a status
/// has, because white space is trimmed and secrets may be longer than the stars that replace them.
const MAX_KEPT: usize = 64 * 1024;

/// Output of one check.
#[derive(Debug, Default)]
pub(super) struct CheckOutput {
    /// Last lines that are no messages, unredacted: a secret named later may overlap one that is known now.
    lines: VecDeque<String>,
    /// Size of these lines with their ends, in bytes.
    size: usize,
    /// Text of the last `openjd_fail`, unredacted.
    fail_message: Option<String>,
}

impl CheckOutput {
    /// Appends a line that is no message; drops the oldest lines that are not to be kept.
    pub fn push(&mut self, line: &str) {
        self.size += line.len() + 1;
        self.lines.push_back(line.to_owned());
        while let Some(oldest) = self.lines.front() {
            let without = self.size - (oldest.len() + 1);
            if without < MAX_KEPT {
                break;
            }
            self.size = without;
            self.lines.pop_front();
        }
    }

    /// Sets the text of an `openjd_fail`.
    pub fn set_fail_message(&mut self, text: &str) {
        self.fail_message = Some(text.to_owned());
    }

    /// Returns the failure status, redacted, trimmed and cut at the start (OUT-3).
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

    /// Returns the fail message of a monitor that fires: of `environment`, after `failures` unhealthy results,
    /// beside the action in `slot` (ACT-6). It is neither redacted nor trimmed.
    pub fn fail_message(
        &self,
        environment: &str,
        slot: &str,
        failures: u64,
        reason: &Reason,
    ) -> String {
        self.fail_message.clone().unwrap_or_else(|| {
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
        let mut output = CheckOutput::default();
        for line in lines {
            output.push(line);
        }
        output.status(&Reason::Exit(1), &Redactions::default())
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
        let mut output = CheckOutput::default();
        for number in 0..100_000 {
            output.push(&format!("line {number}"));
        }
        assert!((MAX_KEPT..MAX_KEPT + "line 99999\n".len()).contains(&output.size));
        let kept: usize = output.lines.iter().map(|line| line.len() + 1).sum();
        assert_eq!(output.size, kept);
        let status = output.status(&Reason::Signal(9), &Redactions::default());
        assert!(status.ends_with("line 99998\nline 99999"), "{status}");
    }

    #[test]
    fn a_short_line_does_not_drop_a_long_one_before_it() {
        let long = "x".repeat(2 * MAX_KEPT);
        let end = "x".repeat(MAX_STATUS - "\ngone".len());
        assert_eq!(status_of(&[&long, "gone"]), format!("…{end}\ngone"));
    }

    #[test]
    fn a_secret_that_is_named_too_late_is_hidden_before_the_cut() {
        let secret = "s".repeat(5000);
        let mut output = CheckOutput::default();
        output.push(&format!("<{secret}>"));
        let mut redactions = Redactions::default();
        redactions.learn(&format!("openjd_redacted_env: S={secret}"));
        let status = output.status(&Reason::Exit(1), &redactions);
        assert_eq!(status, "<********>");
    }
}
