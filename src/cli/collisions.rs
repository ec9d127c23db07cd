//! Files to write that are something else as well.

use super::atomic::{self, Identity};
use std::collections::HashMap;
use std::path::Path;

/// A file of a run, and what it is there, as a noun with its article: `a report`.
pub(super) type Named<'p> = (&'p Path, &'static str);

/// Fails if a file to write is one of those to keep, or is to be written twice, however it is spelt.
///
/// # Errors
///
/// Says which file it is.
pub(super) fn check<'p>(
    writes: impl IntoIterator<Item = Named<'p>>,
    keeps: impl IntoIterator<Item = Named<'p>>,
) -> Result<(), String> {
    let mut written: HashMap<Identity, Named<'_>> = HashMap::new();
    for (path, what) in writes {
        let Some(identity) = atomic::identity(path) else {
            continue;
        };
        if let Some((other, as_what)) = written.insert(identity, (path, what)) {
            return Err(format!(
                "`{}` and `{}` are one file, which cannot be {as_what} and {what}",
                other.display(),
                path.display()
            ));
        }
    }
    if written.is_empty() {
        return Ok(());
    }
    for (path, what) in keeps {
        let identity = atomic::identity(path);
        if let Some((other, as_what)) = identity.and_then(|identity| written.get(&identity)) {
            return Err(format!(
                "`{}` is {what}, which {as_what} would replace (`{}`)",
                path.display(),
                other.display()
            ));
        }
    }
    Ok(())
}
