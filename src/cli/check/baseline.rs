//! Baselines: known findings that are not reported again, so that an old repository can adopt the linter.
//!
//! A finding is identified by its rule, its template and the text at its place, not by its line. As many
//! of a kind are suppressed as there were when the baseline was written.

use crate::cli::atomic;
use crate::report::{Report, Template};
use openjd_monitor_core::lint::Finding;
use openjd_monitor_core::read;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Upper bound on a baseline, in bytes: 16 MiB.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Longest text that is stored whole, in bytes; of a longer one, the start and the hash are stored.
const LONG: usize = 200;

/// Number of known findings of each kind.
#[derive(Debug)]
pub(super) struct Baseline {
    /// Folder of the file; paths are relative to it.
    folder: PathBuf,
    counts: BTreeMap<Kind, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Kind {
    /// The template, relative to the folder of the baseline.
    path: String,
    rule: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    kind: Kind,
    count: usize,
}

/// Error reading a baseline.
#[derive(Debug, Error)]
#[error("cannot use the baseline `{}`: {reason}", path.display())]
pub(super) struct BaselineError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug, Error)]
enum Reason {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error(transparent)]
    Malformed(#[from] serde_json::Error),
    #[error("its version is {0}, not 1")]
    Version(u32),
}

impl Baseline {
    /// Creates the baseline of `report`, for a file at `path`.
    pub fn of(report: &Report, path: &Path) -> Self {
        let mut baseline = Self {
            folder: folder_of(report, path),
            counts: BTreeMap::new(),
        };
        for template in &report.templates {
            for finding in template.findings() {
                let kind = baseline.kind(report, template, finding);
                *baseline.counts.entry(kind).or_default() += 1;
            }
        }
        baseline
    }

    /// Reads the file at `path`, to be applied to `report`.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or is no baseline.
    pub fn read(report: &Report, path: &Path) -> Result<Self, BaselineError> {
        let counts = read_counts(path).map_err(|reason| BaselineError {
            path: path.to_owned(),
            reason,
        })?;
        Ok(Self {
            folder: folder_of(report, path),
            counts,
        })
    }

    /// Writes the file. The same findings give the same bytes.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let findings = self.counts.iter().map(|(kind, count)| Entry {
            kind: kind.clone(),
            count: *count,
        });
        let document = Document {
            version: 1,
            findings: findings.collect(),
        };
        atomic::replace(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)
        })
    }

    /// Removes the known findings from `report`, and from this baseline.
    pub fn apply(&mut self, report: &mut Report) {
        let mut templates = std::mem::take(&mut report.templates);
        for template in &mut templates {
            template.pass_over(|template, finding| {
                match self.counts.get_mut(&self.kind(report, template, finding)) {
                    Some(left @ 1..) => {
                        *left -= 1;
                        true
                    }
                    _ => false,
                }
            });
        }
        report.templates = templates;
    }

    /// Returns a line for each kind with findings that remain after [`Self::apply`]: of the files with these names,
    /// and of files that no longer exist.
    pub fn remaining<'n>(
        &self,
        report: &Report,
        names: impl Iterator<Item = &'n str>,
    ) -> Vec<String> {
        let read: BTreeSet<_> = names.map(|name| self.path(report, name)).collect();
        let is_over =
            |kind: &Kind| read.contains(&kind.path) || !self.folder.join(&kind.path).exists();
        let left = self.counts.iter();
        left.filter(|(kind, left)| **left > 0 && is_over(kind))
            .map(|(Kind { path, rule, text }, left)| {
                format!("{path}: the baseline knows {left} more `{rule}` on {text:?}")
            })
            .collect()
    }

    fn kind(&self, report: &Report, template: &Template, finding: &Finding) -> Kind {
        Kind {
            path: self.path(report, &template.path),
            rule: finding.rule.id.to_owned(),
            text: shortened(template.text_of(finding)),
        }
    }

    fn path(&self, report: &Report, name: &str) -> String {
        let full = report.full_path(name);
        let relative = pathdiff::diff_paths(&full, &self.folder).unwrap_or(full);
        relative
            .to_string_lossy()
            .replace(std::path::MAIN_SEPARATOR, "/")
    }
}

fn read_counts(path: &Path) -> Result<BTreeMap<Kind, usize>, Reason> {
    let bytes = read::whole(path, MAX_BYTES)?;
    let document: Document = serde_json::from_slice(&bytes)?;
    if document.version != 1 {
        return Err(Reason::Version(document.version));
    }
    let mut counts = BTreeMap::new();
    for Entry { kind, count } in document.findings {
        let known: &mut usize = counts.entry(kind).or_default();
        *known = known.saturating_add(count);
    }
    Ok(counts)
}

fn folder_of(report: &Report, file: &Path) -> PathBuf {
    let mut folder = report.full_path(file);
    folder.pop();
    folder
}

fn shortened(text: &str) -> String {
    if text.len() <= LONG {
        return text.to_owned();
    }
    let start = &text[..text.floor_char_boundary(LONG / 2)];
    let digest = Sha256::digest(text);
    let hash: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{start}… (sha256 {hash})")
}
