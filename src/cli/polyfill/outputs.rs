//! The files that compiled templates are written to.

use super::stack::{Layer, Stack};
use crate::cli::collisions::{self, Collision};
use crate::cli::{Status, Streams, atomic};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Where compiled templates go.
pub(super) enum Outputs {
    /// Standard output, which takes one template.
    Stdout,
    /// A file for each template, in their order, with the name of the file that it is made from.
    Files(Vec<(PathBuf, String)>),
}

/// Error choosing the files.
#[derive(Debug, Error)]
pub(super) enum OutputError {
    #[error("several templates are compiled: name a folder for them with -o")]
    SeveralOnStdout,
    #[error("`{}` is a file, and several templates are compiled: name a folder", .0.display())]
    SeveralInFile(PathBuf),
    #[error("standard input has no file name for the folder: name a file with -o")]
    NoFileName,
    #[error("two templates have the file name `{0}`, and would be one file in the folder")]
    SameName(String),
    #[error("`{}` is no regular file: nothing is written through what is in the folder", .0.display())]
    NoFile(PathBuf),
    #[error(transparent)]
    Collision(#[from] Collision),
}

impl Outputs {
    /// Chooses the outputs of the templates of a stack.
    ///
    /// # Errors
    ///
    /// Fails if there is no file for each of them, or it is one of the templates, or something else than a file is there in
    /// the folder: the user has named the folder only, and a link there may come from a stranger.
    pub fn of(stack: &Stack, path: Option<&Path>) -> Result<Self, OutputError> {
        let layers = &stack.layers;
        let is_single = layers.len() == 1;
        let Some(path) = path else {
            return match is_single {
                true => Ok(Self::Stdout),
                false => Err(OutputError::SeveralOnStdout),
            };
        };
        let ends_with_slash = path
            .to_string_lossy()
            .ends_with(['/', std::path::MAIN_SEPARATOR]);
        let is_folder = path.is_dir() || ends_with_slash || !is_single;
        if path.is_file() && !is_single {
            return Err(OutputError::SeveralInFile(path.to_owned()));
        }
        let file = |layer: &Layer| match is_folder {
            true if layer.input.is_stdin() => Err(OutputError::NoFileName),
            true => Ok((path.join(&layer.file), layer.input.name.clone())),
            false => Ok((path.to_owned(), layer.input.name.clone())),
        };
        let files = layers.iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let is_foreign =
            |path: &&PathBuf| path.symlink_metadata().is_ok_and(|known| !known.is_file());
        let mut paths = files.iter().map(|(path, _)| path);
        if is_folder && let Some(path) = paths.find(is_foreign) {
            return Err(OutputError::NoFile(path.clone()));
        }
        let mut names = HashSet::new();
        if let Some(layer) = layers.iter().find(|layer| !names.insert(&layer.file)) {
            return Err(OutputError::SameName(layer.file.clone()));
        }
        let inputs = layers.iter().filter(|layer| !layer.input.is_stdin());
        collisions::check(
            files
                .iter()
                .map(|(path, _)| (path.as_path(), "a compiled template")),
            inputs.map(|layer| (layer.input.path(), "a template")),
        )?;
        Ok(Self::Files(files))
    }

    fn with<'t>(&self, texts: &'t [String]) -> impl Iterator<Item = (&Path, &str, &'t str)> {
        let files = match self {
            Self::Stdout => &[],
            Self::Files(files) => files.as_slice(),
        };
        let files = files.iter().zip(texts);
        files.map(|((path, from), text)| (path.as_path(), from.as_str(), text.as_str()))
    }

    /// Writes the files that differ from `texts`.
    pub fn write(&self, texts: &[String], streams: &mut Streams<'_>) -> io::Result<Status> {
        for (path, _, text) in self.with(texts) {
            if is_same(path, text) {
                continue;
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            let folder = fs::create_dir_all(folder);
            let written =
                folder.and_then(|()| atomic::replace(path, |out| out.write_all(text.as_bytes())));
            if let Err(error) = written {
                streams.error(format_args!("cannot write `{}`: {error}", path.display()))?;
                return Ok(Status::Failure);
            }
        }
        Ok(Status::Clean)
    }

    /// Reports the files that differ from `texts`.
    pub fn compare(&self, texts: &[String], streams: &mut Streams<'_>) -> io::Result<Status> {
        let mut status = Status::Clean;
        for (path, from, text) in self.with(texts) {
            if is_same(path, text) {
                continue;
            }
            status = Status::Findings;
            let state = match path.exists() {
                true => "is out of date",
                false => "is missing",
            };
            streams.error(format_args!(
                "`{}` {state}: it is made from `{from}`; run the same command without --check",
                path.display()
            ))?;
        }
        Ok(status)
    }
}

/// Returns true if a file has this text.
fn is_same(path: &Path, text: &str) -> bool {
    let known = || openjd_monitor_core::read::start_of(path, text.len() as u64);
    path.is_file() && known().is_ok_and(|bytes| bytes == text.as_bytes())
}
