//! Files, which are read up to a limit only.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What is in a file, or the first `limit` bytes and one more: enough for whoever refuses what is longer.
pub(crate) fn start_of(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    start(File::open(path)?, limit)
}

/// The same of anything that can be read.
pub(crate) fn start(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is in a file of at most `limit` bytes; a longer one is an error.
pub(crate) fn whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = start_of(path, limit)?;
    match bytes.len() as u64 > limit {
        true => Err(io::Error::other(format!("it is larger than {limit} bytes"))),
        false => Ok(bytes),
    }
}
