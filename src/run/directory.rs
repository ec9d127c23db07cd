//! Working directory of a Session, and the files in it.

use super::removal;
use chrono::{DateTime, Utc};
use openjd_expr::PathMappingRule;
use openjd_monitor_core::session::{File, Host};
use serde_json::json;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// Folder of embedded files, below the working directory.
const FILES: &str = "embedded_files";

/// Temporary name of a file that is being written.
const NEW: &str = ".openjd-monitor-new";

/// Working directory; only the user can access it. Removed at the end.
pub(super) struct Directory {
    folder: TempDir,
    path: PathBuf,
}

impl Directory {
    /// Creates the directory in the system's folder for temporary files.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("openjd-monitor-")
            .permissions(private(true))
            .tempdir()?;
        // Other views of the file system, as in a container, need the real path.
        let path = folder.path().canonicalize()?;
        Ok(Self { folder, path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Describes this host, for a template in the folder `template`.
    pub fn host(&self, template: &Path, rules: Vec<PathMappingRule>) -> io::Result<Host> {
        let files = self.path.join(FILES);
        let mut host = Host::simple(&text(&self.path)?).with_path_mapping(rules);
        host.environment_files = text(&files.join("environments"))?;
        host.step_files = text(&files.join("steps"))?;
        host.path_mapping_file = text(&files.join("path_mapping.json"))?;
        host.template_directory = text(&template.canonicalize()?)?;
        host.current_directory = text(&std::env::current_dir()?)?;
        Ok(host)
    }

    /// Writes an embedded file. An equal file that exists stays, so that cleanup works on a full disk; a different one is
    /// replaced, and processes that have it open keep it.
    pub fn write_file(&self, file: &File) -> io::Result<()> {
        let path = Path::new(&file.path);
        let is_plain = |part| !matches!(part, Component::ParentDir);
        let folder = path.parent().filter(|_| path.components().all(is_plain));
        let folder = folder.filter(|folder| folder.starts_with(&self.path));
        let folder = folder.ok_or_else(|| {
            let message = "an Environment or Step with embedded files must have a name that is valid for a folder";
            io::Error::new(ErrorKind::InvalidInput, message)
        })?;
        if exists(file) {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let new = folder.join(NEW);
        let written = write_new(&new, file).and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            // Frees the space of the part that was written.
            let _ = fs::remove_file(&new);
        }
        written
    }

    /// Writes the time of SIGKILL for a notified action (Template Schemas 5.3.2).
    pub fn write_cancel_info(&self, kill_at: DateTime<Utc>) -> io::Result<()> {
        let end = kill_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let path = self.path.join("cancel_info.json");
        fs::write(path, json!({ "NotifyEnd": end }).to_string())
    }

    /// Keeps the directory; returns its path.
    pub fn keep(self) -> PathBuf {
        let _ = self.folder.keep();
        self.path
    }

    /// Removes the directory with its contents.
    pub fn remove(self) -> io::Result<()> {
        let path = self.folder.keep();
        // If this fails, so does the removal.
        let _ = fs::set_permissions(&path, private(true));
        removal::remove(&path)
    }
}

fn write_new(path: &Path, file: &File) -> io::Result<()> {
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(private(file.is_runnable).mode())
        .open(path)?;
    new.write_all(file.data.as_bytes())
}

/// Returns true if an equal file exists.
fn exists(file: &File) -> bool {
    let Ok(known) = fs::symlink_metadata(&file.path) else {
        return false;
    };
    known.is_file()
        && known.permissions().mode() & 0o777 == private(file.is_runnable).mode()
        && known.len() == file.data.len() as u64
        && fs::read(&file.path).is_ok_and(|data| data == file.data.as_bytes())
}

/// Returns permissions for the user only.
fn private(is_runnable: bool) -> Permissions {
    Permissions::from_mode(if is_runnable { 0o700 } else { 0o600 })
}

fn text(path: &Path) -> io::Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let message = format!("`{}` is not UTF-8", path.display());
        io::Error::new(ErrorKind::InvalidData, message)
    })
}
