//! The reason why a command cannot be started, in words that say what to do.

use nix::errno::Errno;
use openjd_monitor_core::session::Start;
use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Upper bound on a `#!` line, in bytes: that of Linux.
const MAX_SHEBANG: u64 = 256;

/// Explains `error`, which starting a process in `directory` has given.
pub(super) fn explain(start: &Start, directory: &Path, error: &io::Error) -> String {
    let command = &start.invocation.command;
    let why = match error.raw_os_error().map(Errno::from_raw) {
        _ if command.is_empty() => "the command is empty".to_owned(),
        Some(Errno::E2BIG) => {
            "its arguments and environment variables together, or one of them, are longer than the \
             system allows; pass them in a file"
                .to_owned()
        }
        Some(Errno::ENOENT) if !directory.is_dir() => {
            "the working directory of the session is gone".to_owned()
        }
        Some(Errno::ENOENT | Errno::EACCES | Errno::ENOTDIR) => match find(start, directory) {
            Found::Nothing(place) => {
                let help = match command.contains(char::is_whitespace) {
                    true => "; a command is one program, and its arguments belong in `args`",
                    false => "",
                };
                format!("not found {place}{help}")
            }
            Found::File(file) => of_file(&file, directory, error),
        },
        _ => error.to_string(),
    };
    format!("`{command}`: {why}")
}

/// The file that a command names.
enum Found {
    File(PathBuf),
    /// None; says where it was looked for.
    Nothing(String),
}

/// Looks for the command as the system does.
fn find(start: &Start, directory: &Path) -> Found {
    let command = &start.invocation.command;
    if command.contains('/') {
        let path = directory.join(command);
        let is_there = path.symlink_metadata().is_ok();
        return match path.metadata() {
            Ok(_) => Found::File(path),
            Err(_) if is_there => Found::Nothing("at this path: it is a broken link".to_owned()),
            Err(_) => Found::Nothing("at this path".to_owned()),
        };
    }
    let path = match start.variables.get("PATH") {
        Some(value) => value.clone().map(OsString::from),
        None => env::var_os("PATH"),
    };
    let Some(path) = path else {
        return Found::Nothing("in the system's default PATH: PATH is not set".to_owned());
    };
    let mut files = env::split_paths(&path)
        .map(|folder| directory.join(folder).join(command))
        .filter(|file| file.is_file());
    match files.next() {
        Some(file) => Found::File(file),
        None => Found::Nothing(format!("in PATH ({})", path.to_string_lossy())),
    }
}

/// Explains why a file that is there cannot be run.
fn of_file(file: &Path, directory: &Path, error: &io::Error) -> String {
    let Ok(metadata) = file.metadata() else {
        return error.to_string();
    };
    if metadata.is_dir() {
        return "it is a directory".to_owned();
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        return "permission denied: it is not executable; make it so with `chmod +x`, or `runnable: true` for an \
                embedded file"
            .to_owned();
    }
    let Some(interpreter) = interpreter(file) else {
        return match error.raw_os_error().map(Errno::from_raw) {
            Some(Errno::ENOENT) => {
                "the file is there, but the loader or interpreter that it needs is not".to_owned()
            }
            _ => error.to_string(),
        };
    };
    let path = directory.join(&interpreter);
    let fault = match path.metadata() {
        _ if interpreter.ends_with('\r') => {
            return format!(
                "its `#!` line ends in a carriage return, which becomes part of the interpreter's name `{}`; use \
                 Unix line endings (`endOfLine: LF` for an embedded file)",
                interpreter.trim_end()
            );
        }
        Err(_) => "does not exist",
        Ok(metadata) if metadata.is_dir() => "is a directory",
        Ok(metadata) if metadata.permissions().mode() & 0o111 == 0 => "is not executable",
        Ok(_) => return error.to_string(),
    };
    format!("the interpreter `{interpreter}` of its `#!` line {fault}")
}

/// Returns the interpreter that the `#!` line of a file names.
fn interpreter(file: &Path) -> Option<String> {
    // Reading anything but a regular file may never end.
    if !fs::metadata(file).ok()?.is_file() {
        return None;
    }
    let mut start = Vec::new();
    let file = File::open(file).ok()?;
    file.take(MAX_SHEBANG).read_to_end(&mut start).ok()?;
    let line = start.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line.strip_prefix(b"#!")?).into_owned();
    let line = line.trim_start_matches([' ', '\t']);
    line.split([' ', '\t']).next().map(str::to_owned)
}
