//! The paths of templates, as programs read them.

use super::{Report, Template};
use std::path::{Component, Path, PathBuf};

impl Report {
    /// The path of `template` relative to the current folder if it is below it, without `.` and `..`,
    /// with `/` between its parts; else as the user knows it.
    pub fn relative_path(&self, template: &Template) -> String {
        let full = without_dots(&self.folder.join(&template.path));
        match full.strip_prefix(&self.folder) {
            Ok(relative) => {
                let relative = relative.to_string_lossy();
                relative.replace(std::path::MAIN_SEPARATOR, "/")
            }
            Err(_) => template.path.clone(),
        }
    }
}

fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            _ => clean.push(component),
        }
    }
    clean
}
