//! Findings that are known and pass, so that an old repository can adopt the linter.
//!
//! A finding is known by its rule, its template and the text that it stands on, not by its line. So
//! many of a kind pass as were there when the baseline was written.

use crate::cli::atomic;
use crate::report::{Report, Template};
use openjd_monitor_core::lint::Finding;
use openjd_monitor_core::read;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// The largest baseline to read, in bytes: 16 MiB.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A text longer than this, in bytes, is kept as its start and its hash.
const LONG: usize = 200;

/// How often each kind of finding is known.
#[derive(Debug)]
pub(super) struct Baseline {
    /// The folder of the file, which paths are relative to.
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

impl Baseline {
    /// What `report` has, for a file at `path`.
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

    /// Reads the file at `path`, to be applied to `report`; or says why that cannot be.
    pub fn read(report: &Report, path: &Path) -> Result<Self, String> {
        let counts = known(path)
            .map_err(|error| format!("cannot use the baseline `{}`: {error}", path.display()))?;
        Ok(Self {
            folder: folder_of(report, path),
            counts,
        })
    }

    /// Writes it to `path`: the same findings give the same bytes.
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

    /// Takes what is known out of `report`; what remains here is known and not in it.
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

    /// What remains of the files with these names, as `report` knows them, and of files that are no
    /// longer there: a line for each kind.
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

fn known(path: &Path) -> Result<BTreeMap<Kind, usize>, String> {
    let bytes = read::whole(path, MAX_BYTES).map_err(|error| error.to_string())?;
    let document: Document = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if document.version != 1 {
        return Err(format!("its version is {}, not 1", document.version));
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
