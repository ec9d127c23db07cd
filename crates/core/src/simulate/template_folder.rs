//! Template files of scenarios.

use super::file::{self, InvalidFile, ReadError};
use crate::lint;
use crate::template::{Document, Path, TemplateKind};
use std::io;

/// The template files that a scenario may name.
#[derive(Debug, Clone, Copy)]
pub struct TemplateFolder<'p> {
    /// Folder from which relative paths are taken.
    pub path: &'p std::path::Path,
    /// `true` if a file need not be in it or below. Links are followed before that is decided.
    pub allows_outside: bool,
}

impl TemplateFolder<'_> {
    /// Reads the template file that a scenario names. A file that is no template is not shown.
    pub(super) fn read(self, scenario: &Document, name: &str) -> Result<Document, InvalidFile> {
        let refused = |message: String| {
            let place = Path::root().key("job").key("templateFile");
            InvalidFile::mistake(scenario, &place, message)
        };
        let path = self.path.join(name);
        let unreadable = |error| refused(format!("cannot read `{}`: {error}", path.display()));
        if !self.allows_outside && !is_inside(&path, self.path).map_err(unreadable)? {
            let message = format!("`{name}` is outside of the folder of the scenario");
            return Err(refused(message));
        }
        // A pipe would make everybody wait.
        if !std::fs::metadata(&path).map_err(unreadable)?.is_file() {
            return Err(refused(format!("`{name}` is no regular file")));
        }
        file::read_template(&path, TemplateKind::Job).map_err(|error| match error {
            ReadError::Invalid(invalid) if lint::is_meant_as_template(invalid.source.text()) => {
                *invalid
            }
            ReadError::Invalid(_) => refused(format!("`{name}` is no template")),
            ReadError::Io(error) => unreadable(error),
        })
    }
}

/// Returns true if a file is in `folder` or one below, wherever links lead.
fn is_inside(path: &std::path::Path, folder: &std::path::Path) -> io::Result<bool> {
    let folder = match folder.as_os_str().is_empty() {
        true => std::path::Path::new("."),
        false => folder,
    };
    Ok(path.canonicalize()?.starts_with(folder.canonicalize()?))
}
