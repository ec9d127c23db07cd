//! Worker host of a Session, as far as its job can see it.

use crate::session::event::File;
use openjd_expr::PathMappingRule;
use serde_json::json;

/// Paths of a Session's host. All are absolute and do not end in a slash.
#[derive(Debug, Clone)]
pub struct Host {
    /// Working directory of the Session.
    pub working_directory: String,
    /// Parent of the per-Environment directories of embedded files.
    pub environment_files: String,
    /// Parent of the per-Step directories of embedded files.
    pub step_files: String,
    /// File that `Session.PathMappingRulesFile` names.
    pub path_mapping_file: String,
    /// Directory of the job template, for relative defaults of PATH parameters.
    pub template_directory: String,
    /// Current directory of the user, for relative values of PATH parameters.
    pub current_directory: String,
    /// Rules that map paths of other hosts to this one. See [`Self::with_path_mapping`].
    pub(super) path_mapping: Vec<PathMappingRule>,
}

impl Host {
    /// Creates a host with everything in the working directory, as in scenarios.
    pub fn simple(working_directory: &str) -> Self {
        let place = || working_directory.to_owned();
        Self {
            working_directory: place(),
            environment_files: place(),
            step_files: place(),
            path_mapping_file: format!("{working_directory}/path_mapping.json"),
            template_directory: place(),
            current_directory: place(),
            path_mapping: Vec::new(),
        }
    }

    /// Sets the rules that map paths of other hosts to this one; the longest matching source path counts (How
    /// Jobs Are Run, Path Mapping).
    pub fn with_path_mapping(mut self, mut rules: Vec<PathMappingRule>) -> Self {
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.source_path.len()));
        self.path_mapping = rules;
        self
    }

    /// Returns the file that `Session.PathMappingRulesFile` names, with its content.
    pub(super) fn path_mapping_file(&self) -> File {
        let data = match self.path_mapping.as_slice() {
            [] => json!({}),
            rules => json!({ "version": "pathmapping-1.0", "path_mapping_rules": rules }),
        };
        File {
            path: self.path_mapping_file.clone(),
            data: data.to_string(),
            is_runnable: false,
        }
    }
}
