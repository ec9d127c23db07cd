//! Files to write that must not be overwritten.

use super::atomic::{self, Identity};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A file, and its purpose as a noun with its article: `a report`.
pub(super) type Named<'p> = (&'p Path, &'static str);

/// Error for a file with two purposes.
#[derive(Debug, Error)]
pub(super) enum Collision {
    #[error("`{}` and `{}` are one file, which cannot be {purpose} and {other}", path.display(), spelt.display())]
    WrittenTwice {
        path: PathBuf,
        purpose: &'static str,
        spelt: PathBuf,
        other: &'static str,
    },
    #[error("`{}` is {purpose}, which {writer} would replace (`{}`)", path.display(), spelt.display())]
    Replaced {
        path: PathBuf,
        purpose: &'static str,
        writer: &'static str,
        spelt: PathBuf,
    },
}

/// Compares files, however they are spelt.
///
/// # Errors
///
/// Fails if a file to write is one of those to keep, or is to be written twice.
pub(super) fn check<'p>(
    writes: impl IntoIterator<Item = Named<'p>>,
    keeps: impl IntoIterator<Item = Named<'p>>,
) -> Result<(), Collision> {
    let mut written: HashMap<Identity, Named<'_>> = HashMap::new();
    for (path, purpose) in writes {
        let Some(identity) = atomic::identity(path) else {
            continue;
        };
        if let Some((first, first_purpose)) = written.insert(identity, (path, purpose)) {
            return Err(Collision::WrittenTwice {
                path: first.to_owned(),
                purpose: first_purpose,
                spelt: path.to_owned(),
                other: purpose,
            });
        }
    }
    if written.is_empty() {
        return Ok(());
    }
    for (path, purpose) in keeps {
        let identity = atomic::identity(path);
        if let Some((spelt, writer)) = identity.and_then(|identity| written.get(&identity)) {
            return Err(Collision::Replaced {
                path: path.to_owned(),
                purpose,
                writer,
                spelt: spelt.to_path_buf(),
            });
        }
    }
    Ok(())
}
