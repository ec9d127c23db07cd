//! Files in place of others on systems without inodes.

use super::{Snapshot, folder_of};
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Nothing tells a file from another with the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Id {}

pub(super) fn id(_: &Metadata) -> Option<Id> {
    None
}

pub(super) fn replace(
    path: &Path,
    expected: Option<(&Snapshot, &[u8])>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let known = std::fs::metadata(path).ok();
    if expected.is_some()
        && known
            .as_ref()
            .is_some_and(|known| known.permissions().readonly())
    {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "it is read-only",
        ));
    }
    let mut file = NamedTempFile::new_in(folder_of(path))?;
    let mut buffered = BufWriter::new(&mut file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    if let Some(known) = known {
        file.as_file().set_permissions(known.permissions())?;
    }
    if let Some((snapshot, _)) = expected {
        snapshot.expect(&mut File::open(path)?, None)?;
    }
    file.persist(path)?;
    Ok(())
}

/// Does nothing: the name of a temporary file does not follow from that of the file.
pub(super) fn remove_leftover(_: &Path) {}
