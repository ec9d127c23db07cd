//! The list of known failures: cases that a runtime fails for now. A case id a line, in order; `#` starts a
//! comment. A comment line belongs to the id below it.

use super::outcome::{Outcome, Verdict};
use std::collections::BTreeMap;
use std::fmt;

/// A list of known failures.
#[derive(Debug, Clone, Default)]
pub struct KnownFailures {
    entries: BTreeMap<String, Entry>,
    /// Comment lines before the first blank line, where no id comes before it.
    head: Vec<String>,
    /// Comment lines after the last id.
    foot: Vec<String>,
}

/// The comments of an id: the lines above it, and what stands behind it.
#[derive(Debug, Clone, Default)]
struct Entry {
    above: Vec<String>,
    behind: String,
}

impl KnownFailures {
    /// Reads a list.
    ///
    /// # Errors
    ///
    /// In words, if an id stands in it twice, or `is_case` does not know it.
    pub fn read(text: &str, is_case: impl Fn(&str) -> bool) -> Result<Self, String> {
        let mut list = Self::default();
        let mut above = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() && list.entries.is_empty() && list.head.is_empty() {
                list.head = std::mem::take(&mut above);
            } else if line.starts_with('#') {
                above.push(line.to_owned());
            } else if !line.is_empty() {
                let id = line.split('#').next().unwrap_or_default().trim_end();
                let number = index + 1;
                if !is_case(id) {
                    return Err(format!("line {number}: there is no case `{id}`"));
                }
                let entry = Entry {
                    above: std::mem::take(&mut above),
                    behind: line[id.len()..].to_owned(),
                };
                if list.entries.insert(id.to_owned(), entry).is_some() {
                    return Err(format!("line {number}: `{id}` stands in the list twice"));
                }
            }
        }
        list.foot = above;
        Ok(list)
    }

    /// Whether the case is known to fail.
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// The list as these outcomes have it: with what failed, without what passed. What has not been run, or was
    /// skipped, stays as it was.
    pub fn after(mut self, outcomes: &[Outcome]) -> Self {
        for outcome in outcomes {
            if matches!(outcome.verdict, Verdict::Pass) {
                self.entries.remove(&outcome.id);
            } else if !outcome.verdict.is_good() {
                self.entries.entry(outcome.id.clone()).or_default();
            }
        }
        self
    }
}

impl fmt::Display for KnownFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            writeln!(f, "{line}")?;
        }
        if !self.head.is_empty() {
            writeln!(f)?;
        }
        for (id, entry) in &self.entries {
            for line in &entry.above {
                writeln!(f, "{line}")?;
            }
            writeln!(f, "{id}{}", entry.behind)?;
        }
        for line in &self.foot {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
