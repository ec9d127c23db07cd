//! Where a Session runs, as far as its job can tell.

use crate::session::event::File;
use openjd_expr::PathMappingRule;
use serde_json::json;

/// The places of a Session's host. All are absolute paths without an end slash.
#[derive(Debug, Clone)]
pub struct Host {
    /// The working directory of the Session.
    pub working_directory: String,
    /// Of each Environment's embedded files, which are in a folder of its name in it.
    pub environment_files: String,
    /// Of each Step's embedded files, which are in a folder of its name in it.
    pub step_files: String,
    /// The file that `Session.PathMappingRulesFile` names.
    pub path_mapping_file: String,
    /// Where the job template is: relative defaults of PATH parameters are taken from it.
    pub template_directory: String,
    /// Where the user is: relative values of PATH parameters are taken from it.
    pub current_directory: String,
    /// How paths of elsewhere become paths of here. See [`Self::with_path_mapping`].
    pub(super) path_mapping: Vec<PathMappingRule>,
}

impl Host {
    /// A host where everything is in the working directory, as the scenario format has it.
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

    /// This host with rules by which paths of elsewhere become paths of here; the longest source path that
    /// fits counts (How Jobs Are Run, Path Mapping).
    pub fn with_path_mapping(mut self, mut rules: Vec<PathMappingRule>) -> Self {
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.source_path.len()));
        self.path_mapping = rules;
        self
    }

    /// The file that `Session.PathMappingRulesFile` names, and what it holds.
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
