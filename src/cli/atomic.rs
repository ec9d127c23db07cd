//! Files that are replaced as a whole or not at all.

#[cfg(all(test, unix))]
mod tests;

#[cfg(unix)]
#[path = "atomic/unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "atomic/portable.rs"]
mod system;

use super::pipe;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use system::Id;

/// Upper bound on the links followed to the file to write.
const MAX_LINKS: usize = 40;

/// A file as it was read: bytes and identity.
#[derive(Debug)]
pub(super) struct Snapshot {
    path: PathBuf,
    id: Option<Id>,
    pub bytes: Vec<u8>,
}

impl Snapshot {
    /// Reads the file that `path` names, through links, up to one more byte than `max_bytes`.
    pub fn read(path: &Path, max_bytes: u64) -> io::Result<Self> {
        // What has no path of its own, such as a pipe, can be read and not replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = openjd_monitor_core::read::open(&path)?;
        let id = system::id(&file.metadata()?);
        let bytes = openjd_monitor_core::read::start(file, max_bytes)?;
        Ok(Self { path, id, bytes })
    }

    /// Creates a snapshot of bytes that are in no file.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        Self {
            path: PathBuf::new(),
            id: None,
            bytes,
        }
    }

    /// Replaces the file by one with these bytes.
    ///
    /// # Errors
    ///
    /// The file is left alone if it is no longer the one that was read, if it has other names (hard links), or if
    /// its owner, group, mode or extended attributes cannot be kept.
    pub fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        system::replace(&self.path, Some((self, bytes)), |out| out.write_all(bytes))
    }

    /// Removes what a run that was killed has left beside the file. It may have replaced the file already.
    pub fn remove_leftover(&self) {
        system::remove_leftover(&self.path);
    }

    /// Fails unless `file`, which has this id, is the one that was read, with the bytes that were read.
    fn expect(&self, file: &mut impl Read, id: Option<Id>) -> io::Result<()> {
        let changed =
            || io::Error::other("it has changed since it was read; run the program again");
        if id != self.id {
            return Err(changed());
        }
        let bytes = openjd_monitor_core::read::start(file, self.bytes.len() as u64)?;
        (bytes == self.bytes).then_some(()).ok_or_else(changed)
    }
}

/// Replaces the file that `path` names, through links, by what `write` writes. It keeps its owner, group, mode and
/// extended attributes. Writes to anything else, such as a pipe, in place.
///
/// # Errors
///
/// Fails with the system's error; the file is unchanged then.
pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        return write(&mut pipe::open(path, fs::OpenOptions::new().write(true))?);
    }
    system::replace(&target(path)?, None, write)
}

/// Identity of a file, however its path is spelt: the file itself, or its path if it does not exist yet.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity(Result<Id, PathBuf>);

/// Returns the identity of the file that writing to `path` would replace; `None` if that is no regular file, or
/// cannot be written.
pub(super) fn identity(path: &Path) -> Option<Identity> {
    let known = fs::metadata(path);
    if known.as_ref().is_ok_and(|known| !known.is_file()) {
        return None;
    }
    match known.ok().as_ref().and_then(system::id) {
        Some(id) => Some(Identity(Ok(id))),
        None => target(path).ok().map(|target| Identity(Err(target))),
    }
}

/// Follows links to the file that `path` names, which need not exist.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if let Ok(real) = path.canonicalize() {
            return Ok(real);
        }
        match fs::read_link(&path) {
            Ok(link) => path = folder_of(&path).join(link),
            Err(_) => {
                let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
                return Ok(folder_of(&path).canonicalize()?.join(name));
            }
        }
    }
    Err(io::Error::other("too many links"))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
