//! The paths of templates, as programs read them.

use super::{Report, Template};
use std::path::{Component, Path, PathBuf};

impl Report {
    /// The path of `template` relative to the current folder if it is below it, without `.` and `..`,
    /// with `/` between its parts; else as the user knows it.
    pub fn relative_path(&self, template: &Template) -> String {
        let full = self.full_path(&template.path);
        match full.strip_prefix(&self.folder) {
            Ok(relative) => {
                let relative = relative.to_string_lossy();
                relative.replace(std::path::MAIN_SEPARATOR, "/")
            }
            Err(_) => template.path.clone(),
        }
    }

    /// The path of a file from the root of the system, without `.` and `..`.
    pub fn full_path(&self, name: impl AsRef<Path>) -> PathBuf {
        without_dots(&self.folder.join(name))
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
