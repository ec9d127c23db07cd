//! Packs the schemas and the pages of the rules: they would be a thirtieth of the program, and most commands read none of
//! them.

#![allow(clippy::print_stdout, reason = "Cargo reads it")]

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

const FOLDERS: [&str; 2] = ["schema", "rules"];

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| io::Error::other("Cargo sets OUT_DIR"))?;
    let out = out.join("packed");
    // What has no source any more must not be found.
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir(&out)?;
    for folder in FOLDERS {
        println!("cargo:rerun-if-changed={folder}");
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{folder}: {error}"));
        for entry in fs::read_dir(folder).map_err(named)? {
            let path = entry?.path();
            if let (true, Some(name)) = (path.is_file(), path.file_name()) {
                let packed = miniz_oxide::deflate::compress_to_vec(&fs::read(&path)?, 10);
                fs::write(out.join(name), packed)?;
            }
        }
    }
    Ok(())
}
