//! The configuration files of the open documents, found as `check` finds them.

use super::uri;
use crate::config::{Choice, Configs, Configured, Reason};
use lsp_types::Uri;
use openjd_monitor_core::template::{Problem, Source};
use std::path::Path;

/// The configurations, each read once.
pub(super) struct Configuration {
    configs: Configs,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            configs: Configs::new(&Choice::Nearest),
        }
    }
}

impl Configuration {
    /// Returns what applies to a file: the defaults, where its configuration cannot be used.
    pub fn of(&mut self, file: &Path) -> Configured {
        self.configs.of(file)
    }

    /// Returns the files that cannot be used, with their texts and what is wrong with them.
    pub fn mistakes(&self) -> Vec<(Uri, Source, Vec<Problem>)> {
        let failures = self.configs.failures().iter();
        let mistakes = failures.filter_map(|failure| {
            let uri = uri::of_path(Path::new(&failure.path))?;
            let (source, problems) = match &failure.reason {
                Reason::Wrong(source, problems) => (source.clone(), problems.clone()),
                Reason::Unreadable(error) => {
                    let problem = Problem::new(0, format!("cannot read the file: {error}"));
                    (Source::new(String::new()), vec![problem])
                }
            };
            Some((uri, source, problems))
        });
        mistakes.collect()
    }
}
