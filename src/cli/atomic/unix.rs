//! Replaces files on systems with inodes.
//!
//! All steps are relative to the open folder, so that a folder that is swapped meanwhile changes nothing. The
//! new file has no name before it is complete (`O_TMPFILE`), where the system can do that: a program that is killed
//! leaves nothing. The name it has for the instant of its renaming follows from that of the old file, and a
//! file found under it is removed.

use super::{Snapshot, folder_of};
use nix::fcntl::{AtFlags, OFlag, openat, renameat};
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use nix::fcntl::{RenameFlags, renameat2};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use xattr::FileExt;

/// Device and inode of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Id(u64, u64);

/// Bits of a mode that `chmod` sets.
const MODE: u32 = 0o7777;

/// Opens a file of `folder`, which must be no link. A pipe that has taken its place makes nobody wait.
fn open_in(folder: &File, name: &OsStr) -> io::Result<File> {
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    match openat(folder, name, flags, Mode::empty()) {
        Ok(file) => Ok(file.into()),
        Err(nix::Error::ELOOP) => Err(io::Error::other("it has become a link")),
        Err(error) => Err(error.into()),
    }
}

/// Returns the identity of a file.
pub(super) fn id(metadata: &Metadata) -> Option<Id> {
    Some(Id(metadata.dev(), metadata.ino()))
}

/// Replaces the file at `path`, or makes it; one with a snapshot must still be what that says, and is left alone if it
/// already has the bytes that it is to get.
pub(super) fn replace(
    path: &Path,
    expected: Option<(&Snapshot, &[u8])>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let folder = File::open(folder_of(path))?;
    let old = match open_in(&folder, name) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == ErrorKind::NotFound && expected.is_none() => None,
        Err(error) => return Err(error),
    };
    if let (Some((snapshot, bytes)), Some(old)) = (expected, &old) {
        if has(old, bytes)? {
            return Ok(());
        }
        let metadata = old.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        if metadata.permissions().readonly() {
            return Err(io::Error::new(
                ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        if metadata.nlink() > 1 {
            return Err(io::Error::other(
                "it has other names (hard links), which would keep the old text",
            ));
        }
        same(&folder, name, snapshot)?;
    }
    let new = Unnamed::in_folder(&folder, name, old.is_some())?;
    let mut buffered = BufWriter::new(&new.file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    if let Some(old) = &old {
        keep_attributes(old, &new.file)?;
    }
    new.file.sync_all()?;
    match expected {
        Some((snapshot, _)) => new.take_place_if(name, |name| same(&folder, name, snapshot)),
        None => new.take_place_of(name),
    }
}

/// Checks that the file with this name is the one that was read, with the bytes that were read.
fn same(folder: &File, name: &OsStr, snapshot: &Snapshot) -> io::Result<()> {
    let mut file = open_in(folder, name)?;
    let id = id(&file.metadata()?);
    snapshot.expect(&mut file, id)
}

/// Returns true if `file` has these bytes.
fn has(file: &File, bytes: &[u8]) -> io::Result<bool> {
    let is_as_long = file.metadata()?.len() == bytes.len() as u64;
    Ok(is_as_long && openjd_monitor_core::read::start(file, bytes.len() as u64)? == bytes)
}

/// Gives `new` the owner, group, mode and extended attributes of `old`, or fails.
fn keep_attributes(old: &File, new: &File) -> io::Result<()> {
    let lost = |what: &str, error: io::Error| {
        io::Error::new(error.kind(), format!("its {what} cannot be kept: {error}"))
    };
    let (was, is) = (old.metadata()?, new.metadata()?);
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        fchown(new, Some(was.uid()), Some(was.gid())).map_err(|error| lost("owner", error))?;
    }
    keep_extended_attributes(old, new).map_err(|error| lost("extended attributes", error))?;
    // Last: a change of the owner takes the set-user-ID bit away.
    let mode = was.mode() & MODE;
    new.set_permissions(Permissions::from_mode(mode))
        .map_err(|error| lost("mode", error))?;
    match new.metadata()?.mode() & MODE == mode {
        true => Ok(()),
        false => Err(lost("mode", ErrorKind::PermissionDenied.into())),
    }
}

fn keep_extended_attributes(old: &File, new: &File) -> io::Result<()> {
    let names = |file: &File| -> io::Result<BTreeSet<OsString>> {
        match file.list_xattr() {
            Ok(names) => Ok(names.collect()),
            // A file system without them.
            Err(error) if error.kind() == ErrorKind::Unsupported => Ok(BTreeSet::new()),
            Err(error) => Err(error),
        }
    };
    let (old_names, new_names) = (names(old)?, names(new)?);
    for name in &old_names {
        let value = old.get_xattr(name)?.unwrap_or_default();
        if new.get_xattr(name)?.as_ref() != Some(&value) {
            new.set_xattr(name, &value)?;
        }
    }
    // Such as the access control list that the folder gives to new files.
    for name in new_names.difference(&old_names) {
        new.remove_xattr(name)?;
    }
    Ok(())
}

/// A file that is removed unless it takes the place of another.
pub(super) struct Unnamed<'f> {
    folder: BorrowedFd<'f>,
    pub file: File,
    /// Temporary name in the folder: before the renaming, or from the start where files must have names.
    name: OsString,
    is_named: bool,
}

impl<'f> Unnamed<'f> {
    pub fn in_folder(folder: &'f File, target: &OsStr, is_private: bool) -> io::Result<Self> {
        // Nobody else may read what an old file keeps from them; a new one follows the umask.
        let mode = Mode::from_bits_truncate(if is_private { 0o600 } else { 0o666 });
        let name = temporary_name(target);
        let unnamed = |file, is_named| Self {
            folder: folder.as_fd(),
            file,
            name: name.clone(),
            is_named,
        };
        #[cfg(target_os = "linux")]
        if Path::new("/proc/self/fd").is_dir() {
            let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC;
            if let Ok(file) = openat(folder, ".", flags, mode) {
                return Ok(unnamed(file.into(), false));
            }
        }
        remove(folder.as_fd(), &name)?;
        let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let file = openat(folder, name.as_os_str(), flags, mode)?;
        Ok(unnamed(file.into(), true))
    }

    /// Renames it to `target`, if `is_same`, asked for the name of the old file, says that nothing has changed.
    pub fn take_place_if(
        mut self,
        target: &OsStr,
        is_same: impl Fn(&OsStr) -> io::Result<()>,
    ) -> io::Result<()> {
        self.give_name()?;
        is_same(target)?;
        if !self.exchange(target)? {
            return self.take_place_of(target);
        }
        // What was written since is in the old file, which has the temporary name now.
        let Err(changed) = is_same(&self.name) else {
            return Ok(());
        };
        // Should this fail, both files stay.
        self.is_named = false;
        self.is_named = self.exchange(target)?;
        Err(changed)
    }

    /// Renames it to `target`.
    fn take_place_of(mut self, target: &OsStr) -> io::Result<()> {
        self.give_name()?;
        renameat(self.folder, self.name.as_os_str(), self.folder, target)?;
        self.is_named = false;
        Ok(())
    }

    fn give_name(&mut self) -> io::Result<()> {
        if !self.is_named {
            remove(self.folder, &self.name)?;
            let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
            let follow = AtFlags::AT_SYMLINK_FOLLOW;
            linkat(
                self.folder,
                own.as_str(),
                self.folder,
                self.name.as_os_str(),
                follow,
            )?;
            self.is_named = true;
        }
        Ok(())
    }

    /// Exchanges the files with the temporary name and the name `target`. Returns false if the system cannot do that.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn exchange(&self, target: &OsStr) -> io::Result<bool> {
        let (name, flags) = (self.name.as_os_str(), RenameFlags::RENAME_EXCHANGE);
        match renameat2(self.folder, name, self.folder, target, flags) {
            Ok(()) => Ok(true),
            Err(nix::Error::EINVAL | nix::Error::ENOSYS) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    fn exchange(&self, _: &OsStr) -> io::Result<bool> {
        Ok(false)
    }
}

impl Drop for Unnamed<'_> {
    fn drop(&mut self) {
        if self.is_named {
            // The next run removes the rest.
            let _ = remove(self.folder, &self.name);
        }
    }
}

/// Removes what a run that was killed has left beside the file at `path`, if it can.
pub(super) fn remove_leftover(path: &Path) {
    if let (Some(name), Ok(folder)) = (path.file_name(), File::open(folder_of(path))) {
        let _ = remove(folder.as_fd(), &temporary_name(name));
    }
}

/// Returns the name of the new file for the instant of its renaming to `target`.
fn temporary_name(target: &OsStr) -> OsString {
    let digest = Sha256::digest(target.as_bytes());
    let hash: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(".openjd-monitor-{hash}.tmp").into()
}

/// Removes the file that a killed run left.
fn remove(folder: BorrowedFd<'_>, name: &OsStr) -> io::Result<()> {
    match unlinkat(folder, name, UnlinkatFlags::NoRemoveDir) {
        Ok(()) | Err(nix::Error::ENOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
