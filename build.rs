//! Packs the conformance suite and the specification into one compressed file: they would be a twelfth of the program.

#![allow(clippy::print_stdout, reason = "Cargo reads it")]

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is packed, and where it lies in the repository.
const PARTS: [&str; 2] = ["docs/specification.md", "fixtures/conformance"];

fn main() -> io::Result<()> {
    let mut files = String::new();
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        add(part, &mut files)?;
    }
    let packed = miniz_oxide::deflate::compress_to_vec(files.as_bytes(), 10);
    let folder = env::var_os("OUT_DIR").map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("Cargo sets OUT_DIR"))?;
    fs::write(folder.join("packed"), packed)
}

/// Adds path and text of a file, or of each file below a folder, with a NUL after each of both. Hidden files are left out:
/// systems and editors make them.
fn add(path: &str, files: &mut String) -> io::Result<()> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{path}: {error}"));
    if !Path::new(path).is_dir() {
        let text = fs::read_to_string(path).map_err(named)?;
        if text.contains('\0') {
            return Err(named(io::Error::other("it contains a NUL")));
        }
        files.extend([path, "\0", &text, "\0"]);
        return Ok(());
    }
    let names = fs::read_dir(path)?.map(|entry| entry?.file_name().into_string().map_err(not_utf8));
    let mut names = names.collect::<io::Result<Vec<_>>>().map_err(named)?;
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    for name in names {
        add(&format!("{path}/{name}"), files)?;
    }
    Ok(())
}

fn not_utf8(name: OsString) -> io::Error {
    io::Error::other(format!("{name:?} is not UTF-8"))
}
