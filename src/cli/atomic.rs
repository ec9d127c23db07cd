//! Files that are there whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::Builder;

/// Puts what `write` writes in place of the file at `path`, whose permissions stay. What is no file of
/// its own, such as a pipe, is written to as it is.
///
/// # Errors
///
/// What the system gives; the file at `path` is as it was, then.
pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // A link stays one.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let known = fs::metadata(&path).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return write(&mut fs::OpenOptions::new().write(true).open(&path)?);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = Builder::new();
    #[cfg(unix)]
    {
        // What the system gives a new file, instead of what it gives a secret one.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    let mut buffered = BufWriter::new(&mut file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    if let Some(known) = known {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.persist(&path)?;
    Ok(())
}
