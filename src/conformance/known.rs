//! List of known failures: the cases that a runtime fails for now, one id a line, in order. `#` starts a comment; a
//! comment line belongs to the id below it.

use super::outcome::{Outcome, Verdict};
use std::collections::BTreeMap;
use std::fmt;
use thiserror::Error;

/// A list of known failures.
#[derive(Debug, Clone, Default)]
pub struct KnownFailures {
    entries: BTreeMap<String, Entry>,
    /// Comment lines before the first blank line, where no id comes before it.
    head: Vec<String>,
    /// Comment lines after the last id.
    foot: Vec<String>,
}

/// Comments of an id: the lines above it, and the end of its line.
#[derive(Debug, Clone, Default)]
struct Entry {
    above: Vec<String>,
    behind: String,
}

/// Error in a list of known failures.
#[derive(Debug, Error)]
pub enum BadList {
    /// No case has this id.
    #[error("line {line}: there is no case `{id}`")]
    NoCase {
        /// Number of the line, from 1.
        line: usize,
        /// The id.
        id: String,
    },
    /// The id occurs before.
    #[error("line {line}: `{id}` is listed twice")]
    Twice {
        /// Number of the line, from 1.
        line: usize,
        /// The id.
        id: String,
    },
}

impl KnownFailures {
    /// Parses a list.
    ///
    /// # Errors
    ///
    /// Fails if an id occurs twice, or if `is_case` does not know it.
    pub fn parse(text: &str, is_case: impl Fn(&str) -> bool) -> Result<Self, BadList> {
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
                let entry = Entry {
                    above: std::mem::take(&mut above),
                    behind: line[id.len()..].to_owned(),
                };
                let (line, id) = (index + 1, id.to_owned());
                if !is_case(&id) {
                    return Err(BadList::NoCase { line, id });
                }
                if list.entries.insert(id.clone(), entry).is_some() {
                    return Err(BadList::Twice { line, id });
                }
            }
        }
        list.foot = above;
        Ok(list)
    }

    /// Returns true if the case is known to fail.
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// Adds the cases that failed and removes those that passed. A case that was skipped or not run stays as it is.
    pub fn updated(mut self, outcomes: &[Outcome]) -> Self {
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
