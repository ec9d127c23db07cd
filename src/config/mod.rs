//! The configuration, `openjd-monitor.toml`: from the file to what a check goes by.
//! `schema/config.schema.json` describes it.

mod find;
mod globs;
mod read;

pub use find::{Choice, Configs, Configured, Failure, Reason};

use globs::Globs;
use openjd_monitor_core::lint::Settings;
use openjd_monitor_core::template::{Problem, limits};
use read::Entries;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const FILE_NAME: &str = "openjd-monitor.toml";

/// The largest configuration to read, in bytes: 1 MiB.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// Contents of one configuration file; empty by default.
#[derive(Debug, Default)]
pub struct Config {
    /// The folder that the patterns are relative to.
    folder: PathBuf,
    entries: Entries,
}

impl Config {
    /// Reads the text of a configuration in `folder`.
    ///
    /// # Errors
    ///
    /// Every problem, in order of position.
    pub fn parse(text: &str, folder: PathBuf) -> Result<Self, Vec<Problem>> {
        let entries = read::read(text)?;
        Ok(Self { folder, entries })
    }

    /// Returns true if the file at the absolute `path` is excluded from checks.
    pub fn excludes(&self, path: &Path) -> bool {
        self.matches(&self.entries.exclude, path)
    }

    /// Returns the settings for a check of the file at the absolute `path`.
    pub fn settings(&self, path: &Path) -> Settings {
        let mut settings = Settings {
            max_bytes: self
                .entries
                .max_template_size
                .unwrap_or(limits::DEFAULT_MAX_BYTES),
            levels: self.entries.levels.clone(),
            ..Settings::default()
        };
        if let Some(floor) = self.entries.period_floor {
            settings.period_floor = floor;
        }
        for (globs, rules) in &self.entries.per_file_ignores {
            if self.matches(globs, path) {
                settings
                    .levels
                    .extend(rules.iter().map(|rule| (*rule, None)));
            }
        }
        settings
    }

    fn matches(&self, globs: &Globs, path: &Path) -> bool {
        globs.match_path(path.strip_prefix(&self.folder).unwrap_or(path))
    }
}
