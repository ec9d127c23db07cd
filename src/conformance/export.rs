//! Exports the cases as plain files, in the layout of the base specification's own conformance tests.

use super::{case, packed, process, templates};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Folder of the extension's cases in that layout.
const FOLDER: &str = "2023-09/MONITOR";

/// Writes every case below `folder`, which must be empty or not exist. Returns the number of cases.
///
/// # Errors
///
/// Fails if the folder is not empty, or a file cannot be written.
pub fn export(folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        let message = "it is not empty, and nothing is overwritten";
        return Err(io::Error::new(io::ErrorKind::DirectoryNotEmpty, message));
    }
    let root = folder.join(FOLDER);
    let cases = cases();
    for (folder, name, text) in &cases {
        write(&root.join(folder), name, text)?;
    }
    write(
        &root,
        "README.md",
        packed::text("fixtures/conformance/README.md"),
    )?;
    Ok(cases.len())
}

/// Returns folder, name and text of each case.
fn cases() -> Vec<(&'static str, String, &'static str)> {
    let files = templates::all().into_iter().chain(process::all());
    let files = files.map(|file| (file.folder, file.name.to_owned(), file.text));
    let traces = case::all().into_iter();
    let traces = traces.map(|case| ("scenarios", format!("{}.yaml", case.id), case.text()));
    files.chain(traces).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::File::create_new(folder.join(name))?.write_all(text.as_bytes())
}
