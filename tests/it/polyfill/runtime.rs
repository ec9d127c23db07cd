//! Starts monitored actions as the official runtimes start actions: with a pipe as stdout and stderr, as the leader of a
//! session, in the working directory of the Session.

use crate::run::{alive_in, handle_ignored_signals, rest_of_line, wait};
use crate::support::{python, root};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{PipeReader, Read, pipe};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The script that a template embeds.
pub const SCRIPT: &str = "crates/core/src/polyfill/supervisor.py";

/// Path of that script, or of the one that the environment variable `SUPERVISOR` names.
pub fn script_under_test() -> String {
    let genuine = || root().join(SCRIPT).to_string_lossy().into_owned();
    std::env::var("SUPERVISOR").unwrap_or_else(|_| genuine())
}

/// Command line of a supervisor, without its options.
#[derive(Clone)]
pub struct Supervisor(pub Vec<String>);

impl Supervisor {
    /// The script under test, run as a template runs it. Without Python, reports that `test` is skipped.
    pub fn under_test(test: &str) -> Option<Self> {
        let script = script_under_test();
        Some(Self::script(&python(test)?, Path::new(&script)))
    }

    /// The program, or the one that the environment variable `NATIVE_SUPERVISOR` names. Without Python, which some cases
    /// need, reports that `test` is skipped.
    pub fn native(test: &str) -> Option<Self> {
        python(test)?;
        let genuine = env!("CARGO_BIN_EXE_openjd-monitor").to_owned();
        let program = std::env::var("NATIVE_SUPERVISOR").unwrap_or(genuine);
        Some(Self(vec![program, "supervise".to_owned()]))
    }

    pub fn script(python: &str, path: &Path) -> Self {
        Self(
            [python, "-I", "-S", &path.to_string_lossy()]
                .map(str::to_owned)
                .to_vec(),
        )
    }

    /// Starts an action in `onWrapTaskRun` beside a check that runs at once. `options` replace the defaults.
    pub fn start(&self, options: &[&str], check: &[&str], action: &[&str]) -> Started {
        self.prepare(options, check, action).start()
    }

    pub fn prepare(&self, options: &[&str], check: &[&str], action: &[&str]) -> Prepared {
        let defaults = [
            "--environment=Env",
            "--slot=onWrapTaskRun",
            "--period=5",
            "--initial-delay=0",
            "--on-failure=terminate",
        ];
        let raw = |argument: &&&str| !argument.starts_with("raw ");
        let count = format!("--check={}", check.iter().filter(raw).count());
        let mut command = self.0.clone();
        let options = defaults.iter().chain(options).copied().chain([&*count]);
        let check = check
            .iter()
            .map(|text| text.strip_prefix("raw ").unwrap_or(text));
        command.extend(options.chain(check).chain(["--"]).map(str::to_owned));
        command.extend(action.iter().copied().map(str::to_owned));
        Prepared::new(command)
    }
}

/// Arguments of a check that is a shell script.
pub fn shell(script: &str) -> [String; 3] {
    ["=sh", "=-c", &format!("={script}")].map(str::to_owned)
}

/// Starts an action that is a shell script beside a check that is one.
pub fn scripts(supervisor: &Supervisor, options: &[&str], check: &str, action: &str) -> Started {
    let check = shell(check);
    supervisor.start(
        options,
        &check.each_ref().map(|text| &**text),
        &["sh", "-c", action],
    )
}

/// A process that is not started yet.
pub struct Prepared {
    command: Command,
    folder: TempDir,
}

impl Prepared {
    /// The process of this command line, in a folder of its own.
    pub fn new(line: Vec<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // It makes itself the leader of a session, and then becomes the command.
        let mut command = Command::new("setsid");
        command.args(line).current_dir(folder.path());
        Self { command, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn with(mut self, prepare: impl FnOnce(&mut Command)) -> Self {
        prepare(&mut self.command);
        self
    }

    pub fn start(self) -> Started {
        let (reader, started) = self.start_unread();
        started.read(reader)
    }

    /// Starts it without reading its output.
    pub fn start_unread(mut self) -> (PipeReader, Started) {
        let (reader, writer) = pipe().expect("a pipe");
        let other = writer.try_clone().expect("a descriptor");
        self.command
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(other);
        handle_ignored_signals();
        let child = self.command.spawn().expect("it starts");
        let started = Started {
            child,
            folder: self.folder,
            output: Arc::default(),
            reading: None,
            begin: Instant::now(),
        };
        (reader, started)
    }
}

/// An action that runs, as a runtime sees it.
pub struct Started {
    child: Child,
    folder: TempDir,
    output: Arc<Mutex<Vec<u8>>>,
    reading: Option<JoinHandle<()>>,
    begin: Instant,
}

/// An action that has ended, and whose output has.
pub struct Ended {
    /// Exit status; negative for a signal.
    pub status: i32,
    pub out: Vec<u8>,
    /// Time from its start to the end of its process.
    pub took: Duration,
}

impl Started {
    /// Reads its output to the end, in the background.
    pub fn read(mut self, mut reader: PipeReader) -> Self {
        let output = Arc::clone(&self.output);
        self.reading = Some(std::thread::spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            while let Ok(size @ 1..) = reader.read(&mut chunk) {
                output
                    .lock()
                    .expect("no panic")
                    .extend_from_slice(&chunk[..size]);
            }
        }));
        self
    }

    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().expect("no panic")).into_owned()
    }

    /// Waits until this text has been printed, and returns the rest of its line.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        let found = wait(|| rest_of_line(&self.out(), text));
        found.unwrap_or_else(|| panic!("no `{text}` in {}", self.out()))
    }

    /// Waits until this file exists in the working directory and has a line, and returns its text.
    #[track_caller]
    pub fn wait_for_file(&self, name: &str) -> String {
        let text = wait(|| {
            std::fs::read_to_string(self.path(name))
                .ok()
                .filter(|text| text.ends_with('\n'))
        });
        text.unwrap_or_else(|| panic!("no {name}; {}", self.out()))
    }

    /// Signals its process, as the runtime in Python does.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).expect("it runs");
    }

    /// Writes the file by which a runtime tells an action of its cancelation.
    pub fn write_cancel_info(&self) {
        std::fs::write(
            self.path("cancel_info.json"),
            "{\"NotifyEnd\": \"2026-01-01T00:00:00Z\"}",
        )
        .expect("a file");
    }

    /// Waits for the end of its process and of its output. Asserts that no process is left in its working directory.
    #[track_caller]
    pub fn end(self) -> Ended {
        let (ended, folder) = self.end_in_folder();
        assert_nothing_runs(folder.path(), &ended.text());
        ended
    }

    /// Waits for the end of its process and of its output, whatever else still runs.
    #[track_caller]
    pub fn end_in_folder(mut self) -> (Ended, TempDir) {
        let status = wait(|| self.child.try_wait().expect("a child"));
        let took = self.begin.elapsed();
        let Some(status) = status else {
            let _ = self.child.kill();
            panic!("it does not end: {}", self.out());
        };
        if let Some(reading) = self.reading.take() {
            let has_ended = wait(|| reading.is_finished().then_some(()));
            assert!(
                has_ended.is_some(),
                "its output does not end: {}",
                self.out()
            );
        }
        let ended = Ended {
            status: status
                .code()
                .unwrap_or_else(|| -status.signal().expect("a signal")),
            out: std::mem::take(&mut *self.output.lock().expect("no panic")),
            took,
        };
        (ended, self.folder)
    }
}

/// Waits until no process works in a folder.
#[track_caller]
pub fn assert_nothing_runs(folder: &Path, context: &str) {
    let mut left = Vec::new();
    let is_empty = wait(|| {
        left = alive_in(folder);
        left.is_empty().then_some(())
    });
    assert!(is_empty.is_some(), "{left:?}\n{context}");
}

impl Ended {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    pub fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }

    /// Asserts that it has these lines, in this order, with any others between them.
    #[track_caller]
    pub fn assert_lines(&self, expected: &[&str]) {
        let lines = self.lines();
        let mut rest = lines.iter();
        for line in expected {
            assert!(
                rest.any(|printed| printed == line),
                "no `{line}` in\n{}",
                self.text()
            );
        }
    }

    #[track_caller]
    pub fn assert_lacks(&self, text: &str) {
        assert!(!self.text().contains(text), "`{text}` in\n{}", self.text());
    }
}

/// A file of the tests, beside this one.
pub fn beside(name: &str) -> String {
    root()
        .join("tests/it/polyfill")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

/// Processes with this name whose working directory is this folder.
pub fn named(name: &str, folder: &Path) -> Vec<i32> {
    let is_named = |pid: &i32| {
        let comm = std::fs::read_to_string(format!("/proc/{pid}/comm"));
        comm.is_ok_and(|comm| comm.trim_end() == name)
    };
    processes(folder).into_iter().filter(is_named).collect()
}

/// Processes whose working directory is in this folder.
pub fn processes(folder: &Path) -> Vec<i32> {
    let folder = folder.canonicalize().expect("a folder");
    let entries = std::fs::read_dir("/proc").expect("a folder");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_there = |pid: &i32| {
        let working = std::fs::read_link(format!("/proc/{pid}/cwd"));
        working.is_ok_and(|working| working.starts_with(&folder))
    };
    pids.filter(is_there).collect()
}
