//! Removes folders of any depth and size, with few open files and in time proportional to the size.

use nix::dir::{Dir, Type};
use nix::errno::Errno;
use nix::fcntl::{self, OFlag};
use nix::sys::stat::{FchmodatFlags, Mode, fchmodat};
use nix::unistd::{UnlinkatFlags, unlinkat};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// Removes a folder with its contents, if it still exists. Goes on after an error.
///
/// Follows no symbolic link, even if one is swapped in meanwhile. Moves nested folders up into `root` before it empties
/// them, so that the depth does not matter.
///
/// # Errors
///
/// Returns the first error; a part of the folder is left then.
pub(super) fn remove(root: &Path) -> io::Result<()> {
    let top = match open(fcntl::AT_FDCWD, root) {
        // Its processes may have removed it.
        Err(Errno::ENOENT) => return Ok(()),
        top => top?,
    };
    let mut removal = Removal {
        root: top.try_clone()?,
        folders: Vec::new(),
        moved: 0,
        error: None,
    };
    removal.empty(top, true);
    while let Some(name) = removal.folders.pop() {
        match open(&removal.root, name.as_c_str()) {
            Ok(folder) => removal.empty(folder, false),
            Err(error) => removal.fail(error),
        }
        let removed = unlinkat(&removal.root, name.as_c_str(), UnlinkatFlags::RemoveDir);
        removed.unwrap_or_else(|error| removal.fail(error));
    }
    match removal.error {
        Some(error) => Err(error.into()),
        None => std::fs::remove_dir(root),
    }
}

struct Removal {
    root: OwnedFd,
    /// Folders in `root` that are to be emptied and removed.
    folders: Vec<CString>,
    /// The number of folders that have been moved.
    moved: u64,
    /// The first error.
    error: Option<Errno>,
}

impl Removal {
    fn fail(&mut self, error: Errno) {
        self.error.get_or_insert(error);
    }

    /// Removes the files in a folder, and queues its folders.
    fn empty(&mut self, folder: OwnedFd, is_root: bool) {
        let listing = folder.try_clone().map_err(|_| Errno::EMFILE);
        let mut listing = match listing.and_then(Dir::from_fd) {
            Ok(listing) => listing,
            Err(error) => return self.fail(error),
        };
        for entry in listing.iter() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.fail(error),
            };
            let name = entry.file_name();
            if [c".", c".."].contains(&name) {
                continue;
            }
            let removed = match entry.file_type() {
                Some(Type::Directory) => self.list(&folder, name, is_root),
                kind => match unlinkat(&folder, name, UnlinkatFlags::NoRemoveDir) {
                    // Some file systems do not tell the type beforehand.
                    Err(Errno::EISDIR | Errno::EPERM) if kind.is_none() => {
                        self.list(&folder, name, is_root)
                    }
                    removed => removed,
                },
            };
            removed.unwrap_or_else(|error| self.fail(error));
        }
    }

    fn list(&mut self, folder: &OwnedFd, name: &CStr, is_root: bool) -> nix::Result<()> {
        // Makes the folder accessible to its owner. If this fails, so does the next step.
        let _ = fchmodat(folder, name, Mode::S_IRWXU, FchmodatFlags::NoFollowSymlink);
        if is_root {
            self.folders.push(name.to_owned());
            return Ok(());
        }
        self.moved += 1;
        let to = format!(".openjd-monitor-removed-{}", self.moved);
        let to = CString::new(to).map_err(|_| Errno::EINVAL)?;
        match fcntl::renameat(folder, name, &self.root, to.as_c_str()) {
            Ok(()) => self.folders.push(to),
            // An empty one of another user can be removed, but not moved.
            Err(error) => {
                unlinkat(folder, name, UnlinkatFlags::RemoveDir).map_err(|_| error)?;
            }
        }
        Ok(())
    }
}

fn open<P: ?Sized + nix::NixPath>(at: impl AsFd, name: &P) -> nix::Result<OwnedFd> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    fcntl::openat(at, name, flags, Mode::empty())
}
