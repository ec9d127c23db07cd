//! Finds the configuration of each file.

use super::{Config, FILE_NAME, MAX_BYTES};
use openjd_monitor_core::lint::Settings;
use openjd_monitor_core::read;
use openjd_monitor_core::template::{Problem, Source};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

/// Source of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The nearest file: in the folder of the template or in one above it, up to the root of the
    /// repository (the folder with `.git`).
    Nearest,
    /// This file, for every template.
    File(PathBuf),
    /// None.
    Nothing,
}

/// The configurations of the files of a run, each read once.
#[derive(Debug)]
pub struct Configs {
    is_nearest: bool,
    /// Configuration of files without a nearer one.
    fallback: Arc<Config>,
    /// By folder, as the caller names it.
    by_name: HashMap<PathBuf, (PathBuf, Arc<Config>)>,
    /// By canonical path of the folder.
    by_folder: HashMap<PathBuf, Arc<Config>>,
    files: Vec<PathBuf>,
    failures: Vec<Failure>,
}

/// A configuration that cannot be used.
#[derive(Debug)]
pub struct Failure {
    /// The file, by a path that the user knows.
    pub path: String,
    /// The reason.
    pub reason: Reason,
}

/// Reason that a configuration cannot be used.
#[derive(Debug)]
pub enum Reason {
    /// It could not be read.
    Unreadable(io::Error),
    /// It has mistakes.
    Wrong(Source, Vec<Problem>),
}

/// A file with the configuration that applies to it.
#[derive(Debug)]
pub struct Configured {
    path: PathBuf,
    config: Arc<Config>,
}

impl Configured {
    /// Returns true if the file is excluded from checks.
    pub fn is_excluded(&self) -> bool {
        self.config.excludes(&self.path)
    }

    /// Returns the settings for its check.
    pub fn settings(&self) -> Settings {
        self.config.settings(&self.path)
    }
}

impl Configs {
    /// Reads the file of [`Choice::File`], and nothing else yet.
    pub fn new(choice: &Choice) -> Self {
        let mut configs = Self {
            is_nearest: *choice == Choice::Nearest,
            fallback: Arc::default(),
            by_name: HashMap::new(),
            by_folder: HashMap::new(),
            files: Vec::new(),
            failures: Vec::new(),
        };
        if let Choice::File(file) = choice {
            configs.fallback = configs.load(file);
        }
        configs
    }

    /// Returns the configuration of `file`, which need not exist. Adds a failure if the configuration cannot be
    /// used.
    pub fn of(&mut self, file: &Path) -> Configured {
        let named = file.parent().unwrap_or(Path::new(""));
        let (folder, config) = match self.by_name.get(named) {
            Some(known) => known.clone(),
            None => {
                let found = self.of_named_folder(named);
                self.by_name.insert(named.to_owned(), found.clone());
                found
            }
        };
        Configured {
            path: file
                .file_name()
                .map_or(folder.clone(), |name| folder.join(name)),
            config,
        }
    }

    /// The files that were read.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The configurations that could not be used, each once.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    fn of_named_folder(&mut self, named: &Path) -> (PathBuf, Arc<Config>) {
        let folder = real_folder(named);
        let config = if self.is_nearest {
            self.nearest(&folder)
        } else {
            self.fallback.clone()
        };
        (folder, config)
    }

    fn nearest(&mut self, folder: &Path) -> Arc<Config> {
        if let Some(known) = self.by_folder.get(folder) {
            return known.clone();
        }
        let file = folder.join(FILE_NAME);
        let config = if file.is_file() {
            match other_name(&file) {
                None => self.load(&file),
                Some(target) => self.fail(&file, Reason::Unreadable(elsewhere(&target))),
            }
        } else {
            let is_root = folder.join(".git").exists();
            match folder.parent().filter(|_| !is_root) {
                Some(parent) => self.nearest(parent),
                None => self.fallback.clone(),
            }
        };
        self.by_folder.insert(folder.to_owned(), config.clone());
        config
    }

    fn load(&mut self, file: &Path) -> Arc<Config> {
        self.files.push(file.to_owned());
        let reason = match read::start_of(file, MAX_BYTES) {
            Ok(bytes) => match parse(&bytes, file) {
                Ok(config) => return Arc::new(config),
                Err((text, problems)) => Reason::Wrong(Source::new(text), problems),
            },
            Err(error) => Reason::Unreadable(error),
        };
        self.fail(file, reason)
    }

    fn fail(&mut self, file: &Path, reason: Reason) -> Arc<Config> {
        self.failures.push(Failure {
            path: shown(file),
            reason,
        });
        self.fallback.clone()
    }
}

/// Returns the file that `file` links to, if that has another name. A pull request can bring a link to any file of the
/// machine, and the excerpts of its mistakes would show lines of it.
fn other_name(file: &Path) -> Option<PathBuf> {
    let target = file.canonicalize().ok().filter(|_| file.is_symlink())?;
    (target.file_name() != file.file_name()).then_some(target)
}

fn elsewhere(target: &Path) -> io::Error {
    let target = target.display();
    io::Error::other(format!(
        "it is a link to `{target}`, and may only be one to a file called `{FILE_NAME}`; name other files with --config"
    ))
}

fn parse(bytes: &[u8], file: &Path) -> Result<Config, (String, Vec<Problem>)> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let problem = match std::str::from_utf8(bytes) {
        _ if bytes.len() as u64 > MAX_BYTES => Problem::new(
            0,
            format!("the configuration is larger than {MAX_BYTES} bytes"),
        ),
        Err(error) => Problem::new(error.valid_up_to(), "not valid UTF-8"),
        Ok(_) => {
            let folder = real_folder(file.parent().unwrap_or(Path::new("")));
            return Config::parse(&text, folder).map_err(|problems| (text, problems));
        }
    };
    Err((text, vec![problem]))
}

/// Returns the canonical path of a folder or, if that is unknown, the path as it is.
fn real_folder(named: &Path) -> PathBuf {
    let named = if named.as_os_str().is_empty() {
        Path::new(".")
    } else {
        named
    };
    let real = named.canonicalize().or_else(|_| absolute(named));
    real.unwrap_or_else(|_| named.to_owned())
}

/// `file` relative to the current folder, if it is in it.
fn shown(file: &Path) -> String {
    let here = real_folder(Path::new("."));
    let relative = file.strip_prefix(here).unwrap_or(file);
    relative.display().to_string()
}
