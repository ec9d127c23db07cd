//! Working directory of a Session, and the files in it.

use super::removal;
use chrono::{DateTime, Utc};
use openjd_expr::PathMappingRule;
use openjd_monitor_core::session::{File, Host};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Folder of embedded files, below the working directory.
const FILES: &str = "embedded_files";

/// File that announces a cancel (Template Schemas 5.3.2).
const CANCEL_INFO: &str = "cancel_info.json";

/// Temporary name of a file that is being written.
const NEW: &str = ".openjd-monitor-new";

/// Working directory of the processes.
pub(super) struct Directory {
    /// The same, removed at the end; `None` if another runtime has made it.
    folder: Option<TempDir>,
    path: PathBuf,
}

impl Directory {
    /// Creates the directory in the system's folder for temporary files. Only the user can access it.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("openjd-monitor-")
            .permissions(private(true))
            .tempdir()?;
        // Other views of the file system, as in a container, need the real path.
        let path = folder.path().canonicalize()?;
        Ok(Self {
            folder: Some(folder),
            path,
        })
    }

    /// Takes the present directory of this process, which another runtime has made.
    pub fn current() -> Self {
        Self {
            folder: None,
            path: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// Makes it the directory of a process to start. That of another runtime is named to all processes already.
    pub fn put(&self, command: &mut Command) {
        command.current_dir(&self.path);
        if self.folder.is_some() {
            command.env("OPENJD_SESSION_WORKING_DIR", &self.path);
        }
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
        fs::write(self.cancel_info(), json!({ "NotifyEnd": end }).to_string())
    }

    /// Returns the path of the file that announces a cancel.
    pub fn cancel_info(&self) -> PathBuf {
        self.path.join(CANCEL_INFO)
    }

    /// Keeps the directory; returns its path.
    pub fn keep(self) -> PathBuf {
        let _ = self.folder.map(TempDir::keep);
        self.path
    }

    /// Removes the directory with its contents, unless another runtime has made it.
    pub fn remove(self) -> io::Result<()> {
        let Some(path) = self.folder.map(TempDir::keep) else {
            return Ok(());
        };
        // If this fails, so does the removal.
        let _ = fs::set_permissions(&path, private(true));
        removal::remove(&path)
    }
}

/// State of cancel_info.json, to notice that a runtime announces a cancel: time of the last change and number of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CancelInfo(Option<(i64, i64, u64)>);

impl CancelInfo {
    /// Reads the state of the file in the present directory.
    pub fn current() -> Self {
        Self::read(Path::new(CANCEL_INFO))
    }

    pub(super) fn read(path: &Path) -> Self {
        let file = fs::metadata(path).ok();
        Self(file.map(|file| (file.mtime(), file.mtime_nsec(), file.ino())))
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
