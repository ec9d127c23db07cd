//! Patterns of paths.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::Path;
use thiserror::Error;

/// Patterns relative to a folder. `*` stays within a folder and `**` does not; a pattern without a
/// slash means files and folders of that name at any depth; a folder means everything below it.
#[derive(Debug, Default)]
pub(super) struct Globs(GlobSet);

/// Error for a pattern that is none.
#[derive(Debug, Error)]
#[error("{fault}")]
pub(super) struct BadPattern {
    /// Its index among the patterns.
    pub index: usize,
    fault: PatternFault,
}

#[derive(Debug, Error)]
enum PatternFault {
    #[error("it is empty")]
    Empty,
    #[error("{0}")]
    Syntax(globset::ErrorKind),
}

impl From<globset::Error> for PatternFault {
    fn from(error: globset::Error) -> Self {
        Self::Syntax(error.kind().clone())
    }
}

impl Globs {
    /// Reads several patterns.
    ///
    /// # Errors
    ///
    /// Fails at the first that is none.
    pub fn all<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, BadPattern> {
        let mut set = GlobSetBuilder::new();
        let mut count = 0;
        for (index, pattern) in patterns.into_iter().enumerate() {
            let bad = |fault| BadPattern { index, fault };
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
            if pattern.is_empty() {
                return Err(bad(PatternFault::Empty));
            }
            let anchored = match pattern.strip_prefix('/') {
                Some(below) => below.to_owned(),
                None if pattern.contains('/') => pattern.to_owned(),
                None => format!("**/{pattern}"),
            };
            let glob = GlobBuilder::new(&anchored).literal_separator(true).build();
            set.add(glob.map_err(|error| bad(error.into()))?);
            count = index;
        }
        let set = set.build().map_err(|error| BadPattern {
            index: count,
            fault: error.into(),
        });
        set.map(Self)
    }

    /// Returns true if a pattern matches `path` or a folder that it is in.
    pub fn match_path(&self, path: &Path) -> bool {
        let mut parts = path.ancestors().filter(|part| *part != Path::new(""));
        parts.any(|part| self.0.is_match(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Globs::all([pattern]).is_ok_and(|globs| globs.match_path(Path::new(path)))
    }

    #[test]
    fn a_pattern_without_a_slash_means_any_depth_and_one_with_a_slash_the_folder() {
        assert!(matches("*.template", "a.template"));
        assert!(matches("*.template", "jobs/old/a.template"));
        assert!(matches("legacy", "jobs/legacy/a/b.yaml"));
        assert!(matches("legacy/", "legacy/b.yaml"));
        assert!(matches("./jobs/*.yaml", "jobs/a.yaml"));
        assert!(!matches("jobs/*.yaml", "jobs/old/a.yaml"));
        assert!(matches("jobs/**/*.yaml", "jobs/old/a.yaml"));
        assert!(matches("jobs/**", "jobs/old/a.yaml"));
        assert!(!matches("jobs/a.yaml", "old/jobs/a.yaml"));
        assert!(matches("/a.yaml", "a.yaml"));
        assert!(!matches("/a.yaml", "jobs/a.yaml"));
        assert!(!matches("legacy", "legacy.yaml"));
        assert!(!matches("*", ""));
    }

    #[test]
    fn what_is_no_pattern_is_said() {
        assert!(Globs::all([""]).is_err());
        assert!(
            Globs::all(["a["]).is_err_and(|error| error.to_string().contains("character class"))
        );
        assert!(Globs::all(["a", "{b"]).is_err_and(|error| error.index == 1));
    }
}
