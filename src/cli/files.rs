//! Finds the files to check.

use super::atomic::Snapshot;
use ignore::{DirEntry, WalkBuilder};
use openjd_monitor_core::read;
use openjd_monitor_core::template::Syntax;
use similar::TextDiff;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Largest file of patterns that is read, in bytes.
const MAX_IGNORE_FILE: u64 = 1024 * 1024;

/// A file, or standard input.
#[derive(Debug)]
pub(super) struct Input {
    /// Name in reports.
    pub name: String,
    pub syntax: Syntax,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    File(PathBuf),
    Stdin(Option<PathBuf>),
}

/// Files to check, each once, and error messages.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub inputs: Vec<Input>,
    pub failures: Vec<String>,
}

/// Extensions of the files in a directory that may be templates.
const EXTENSIONS: [&str; 4] = ["yaml", "yml", "json", "template"];

impl Input {
    /// Creates the input of a file.
    pub fn file(path: PathBuf) -> Self {
        // Findings read better without the `./` of a walk through the current directory.
        let shown = path.strip_prefix(".").unwrap_or(&path);
        let name = shown
            .to_string_lossy()
            .replace(std::path::MAIN_SEPARATOR, "/");
        Self {
            name,
            syntax: Syntax::of_file(&path),
            origin: Origin::File(path),
        }
    }

    /// Returns the path that the user gave; empty for standard input without a name.
    pub fn path(&self) -> &Path {
        match &self.origin {
            Origin::File(path) => path,
            Origin::Stdin(name) => name.as_deref().unwrap_or(Path::new("")),
        }
    }

    fn stdin(name: Option<&Path>) -> Self {
        Self {
            name: name.map_or("<stdin>".to_owned(), |name| {
                name.to_string_lossy().into_owned()
            }),
            syntax: name.map_or(Syntax::Yaml, Syntax::of_file),
            origin: Origin::Stdin(name.map(Path::to_owned)),
        }
    }

    pub fn is_stdin(&self) -> bool {
        matches!(self.origin, Origin::Stdin(_))
    }

    /// Reads up to one byte more than `max_bytes`, and the identity of the file.
    pub fn snapshot(&self, max_bytes: u64) -> io::Result<Snapshot> {
        match &self.origin {
            Origin::File(path) => Snapshot::read(path, max_bytes),
            Origin::Stdin(_) => self.read(max_bytes).map(Snapshot::of_bytes),
        }
    }

    /// Reads up to one byte more than `max_bytes`.
    pub fn read(&self, max_bytes: u64) -> io::Result<Vec<u8>> {
        match &self.origin {
            Origin::File(path) => read::start_of(path, max_bytes),
            Origin::Stdin(_) => read::start(io::stdin().lock(), max_bytes),
        }
    }
}

/// Finds the files that `paths` name. Walks directories as git does.
pub(super) fn find(paths: &[PathBuf], stdin_filename: Option<&Path>) -> Found {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for path in paths {
        if path == OsStr::new("-") {
            if seen.insert(path.clone()) {
                found.inputs.push(Input::stdin(stdin_filename));
            }
        } else if path.is_dir() {
            found.walk(path, &mut seen);
        } else if seen.insert(path.strip_prefix(".").unwrap_or(path).to_owned()) {
            // A file that is named is read whatever its ending, and whether or not git ignores it.
            found.inputs.push(Input::file(path.clone()));
        }
    }
    found.inputs.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

impl Found {
    fn walk(&mut self, directory: &Path, seen: &mut HashSet<PathBuf>) {
        // Those of outer folders apply here, too.
        let full = directory.canonicalize().unwrap_or_default();
        if let Some(file) = full.ancestors().find_map(unfit_ignore_file) {
            self.failures.push(unread(directory, &file));
            return;
        }
        let unfit = Arc::new(Mutex::new(Vec::new()));
        let seen_unfit = unfit.clone();
        let is_wanted = move |entry: &DirEntry| match unfit_ignore_file(entry.path()) {
            Some(file) => {
                seen_unfit
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(file);
                false
            }
            None => entry.file_name() != ".git",
        };
        let mut walk = WalkBuilder::new(directory);
        // As in git, hidden files are included and `.ignore` files have no effect. A `.gitignore` applies even
        // outside of a repository.
        walk.hidden(false)
            .ignore(false)
            .require_git(false)
            .git_global(may_ask_for_home())
            .filter_entry(is_wanted);
        for entry in walk.build() {
            match entry {
                Ok(entry) => {
                    let path = entry.path();
                    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                    let ending = path.extension().and_then(OsStr::to_str);
                    let is_candidate = ending.is_some_and(|ending| EXTENSIONS.contains(&ending));
                    if is_file
                        && is_candidate
                        && seen.insert(path.strip_prefix(".").unwrap_or(path).to_owned())
                    {
                        self.inputs.push(Input::file(path.to_owned()));
                    }
                }
                Err(error) => self.failures.push(format!(
                    "cannot read a part of `{}`: {error}",
                    directory.display()
                )),
            }
        }
        let mut unfit = unfit.lock().unwrap_or_else(PoisonError::into_inner);
        unfit.sort();
        let messages = unfit.iter().map(|file| unread(directory, file));
        self.failures.extend(messages);
    }
}

/// Returns true if git's patterns for all repositories can be looked for. Without `HOME`, `ignore` asks the system for the
/// user's folder. In a program that is linked statically, glibc crashes if that takes the library of a directory service.
fn may_ask_for_home() -> bool {
    let is_static = cfg!(all(target_os = "linux", target_feature = "crt-static"));
    !is_static || std::env::var_os("HOME").is_some_and(|home| !home.is_empty())
}

/// Writes the difference between two texts of the file `name`, as a unified diff.
pub(super) fn write_diff(
    name: &str,
    before: &str,
    after: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header(name, name)
        .to_writer(out)
}

/// Returns a file of patterns that applies to `folder` if it is not to be read: what is no file, or one that nobody has
/// written by hand. Git does not follow a `.gitignore` that is a link, which may lead to a device.
fn unfit_ignore_file(folder: &Path) -> Option<PathBuf> {
    let is_fit = |known: Metadata| known.is_file() && known.len() <= MAX_IGNORE_FILE;
    let own = folder.join(".gitignore");
    let mut files = vec![(own.symlink_metadata(), own)];
    let of_git = git_files(folder).into_iter();
    files.extend(of_git.map(|file| (file.metadata(), file)));
    let unfit = |(known, file): (io::Result<Metadata>, _)| (!is_fit(known.ok()?)).then_some(file);
    files.into_iter().find_map(unfit)
}

/// Returns `info/exclude` of the repository whose top is `folder`, and what leads to it: in a linked worktree and in a
/// submodule, `.git` is a file that has the path of a folder, where `commondir` has the path of the repository.
fn git_files(folder: &Path) -> Vec<PathBuf> {
    let git = folder.join(".git");
    if !git.is_file() {
        return vec![git.join("info/exclude")];
    }
    let line = first_line(&git);
    let mut files = vec![git];
    if let Some(folder) = line
        .as_deref()
        .and_then(|line| line.strip_prefix("gitdir: "))
    {
        let common = Path::new(folder).join("commondir");
        files.extend(
            first_line(&common).map(|line| Path::new(folder).join(line).join("info/exclude")),
        );
        files.push(common);
    }
    files
}

/// Returns the first line of a file that is fit to be read.
fn first_line(path: &Path) -> Option<String> {
    let text = path.is_file().then(|| read::whole(path, MAX_IGNORE_FILE))?;
    let text = String::from_utf8(text.ok()?).ok()?;
    text.lines().next().map(str::to_owned)
}

/// Formats the error for a folder with a file of patterns that is not read.
fn unread(directory: &Path, file: &Path) -> String {
    format!(
        "cannot read a part of `{}`: `{}` must be a file, not a link, of at most {MAX_IGNORE_FILE} bytes",
        directory.display(),
        file.display()
    )
}
