//! Runs of the program within the process of the fuzzer.

use clap::Parser;
use openjd_monitor::cli::{self, Arguments, Status, Streams};
use openjd_monitor::screen::Screen;
use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Exit status and output of a run.
#[derive(Debug)]
pub struct Ended {
    pub status: Status,
    pub out: String,
    pub err: String,
}

/// Runs the program with these arguments, which it must accept.
pub fn run<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Ended {
    let name = OsString::from("openjd-monitor");
    let arguments = arguments.into_iter().map(Into::into);
    let arguments = Arguments::try_parse_from(std::iter::once(name).chain(arguments));
    let (out, err) = (Buffer::default(), Buffer::default());
    let mut screens = [&out, &err].map(|buffer| Screen::new(buffer.clone()));
    let [screen, errors] = &mut screens;
    let status = cli::run(
        arguments.expect("arguments"),
        &mut Streams::new(screen, errors),
    );
    drop(screens);
    Ended {
        status: status.expect("memory takes all output"),
        out: out.text(),
        err: err.text(),
    }
}

/// Output in memory.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("UTF-8")
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
