//! Tests of `run`, with real processes and the real clock. Each test has its own folder for temporary files, so that it
//! sees leftover files. Leftover processes are found by their working directory.

pub mod docker;
mod ends;
mod faults;
mod filters;
mod init;
mod interrupts;
mod lines;
mod monitors;
pub mod official_cli;
mod options;
mod reasons;
mod remains;
mod secrets;
mod stops;
mod values;

use crate::support::{root, variable};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::thread::sleep;
use std::time::{Duration, Instant};
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};
use tempfile::TempDir;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// Time limit for everything that a test waits for, unless the environment variable `PATIENCE` has other seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes sure that the program does not start with a stop signal ignored, even if the tests themselves did, as under
/// `nohup` or in the background of a script. A signal with a handler here has its default action in a child.
pub fn handle_ignored_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let _entered = runtime.enter();
        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ];
        for kind in kinds {
            if ignored.unwrap_or_default() >> (kind.as_raw_value() - 1) & 1 == 1 {
                // The handler stays.
                drop(signal(kind).expect("a handler"));
            }
        }
    });
}

/// A run in progress.
pub struct Running {
    child: Child,
    /// Contains `job.yaml`, the output, the trace, and the folder for temporary files.
    folder: TempDir,
    begin: Instant,
}

/// A run that has ended.
pub struct Ended {
    pub status: i32,
    pub out: String,
    pub err: String,
    pub trace: Vec<Value>,
    /// Time from its start to its end.
    pub took: Duration,
}

/// Starts a run of this job template.
pub fn start(template: &str, arguments: &[&str]) -> Running {
    start_with(template, arguments, &|_| {})
}

/// Starts a run whose command is prepared by `prepare`.
pub fn start_with(template: &str, arguments: &[&str], prepare: &dyn Fn(&mut Command)) -> Running {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("job.yaml"), template).expect("a file");
    std::fs::create_dir(path("tmp")).expect("a folder");
    let file = |name: &str| File::create(path(name)).expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"));
    command
        .arg("run")
        .arg(path("job.yaml"))
        .arg("--trace")
        .arg(path("trace.jsonl"))
        .args(arguments)
        .current_dir(root())
        .env("TMPDIR", path("tmp"))
        .stdin(Stdio::null())
        .stdout(file("out"))
        .stderr(file("err"));
    prepare(&mut command);
    handle_ignored_signals();
    let begin = Instant::now();
    Running {
        child: command.spawn().expect("the program starts"),
        folder,
        begin,
    }
}

/// Runs this job template to its end, and asserts that it leaves nothing behind.
pub fn run(template: &str, arguments: &[&str]) -> Ended {
    start(template, arguments).end()
}

impl Running {
    pub fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Time since it was started.
    pub fn age(&self) -> Duration {
        self.begin.elapsed()
    }

    /// Waits until it has printed `text`, and returns the rest of the line.
    pub fn wait_for(&self, text: &str) -> String {
        let found = wait(|| rest_of_line(&self.read("out"), text));
        found.unwrap_or_else(|| panic!("no `{text}` in {}{}", self.read("out"), self.read("err")))
    }

    pub fn has_printed(&self, text: &str) -> bool {
        self.read("out").contains(text)
    }

    /// Closes the reading end of its output.
    pub fn without_reader(mut self) -> Self {
        drop(self.child.stdout.take());
        self
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).expect("it runs");
    }

    fn read(&self, name: &str) -> String {
        let text = std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Waits for its end, and asserts that it leaves no process and no folder behind.
    pub fn end(self) -> Ended {
        let temporary = self.temporary();
        let ended = self.end_anyhow();
        ended.0.assert_nothing_left(&temporary);
        ended.0
    }

    /// Waits for its end. The folder exists as long as the returned `TempDir`.
    pub fn end_anyhow(mut self) -> (Ended, TempDir) {
        let status = wait(|| self.child.try_wait().expect("a child"));
        let Some(status) = status else {
            let _ = self.child.kill();
            panic!("it does not end: {}", self.read("out"));
        };
        let took = self.age();
        let trace = self.read("trace.jsonl");
        let trace = trace.lines().map(serde_json::from_str);
        let ended = Ended {
            status: status.code().unwrap_or(-1),
            out: self.read("out"),
            err: self.read("err"),
            trace: trace.collect::<Result<_, _>>().expect("JSON lines"),
            took,
        };
        (ended, self.folder)
    }
}

impl Ended {
    /// Asserts that the folder for temporary files is empty, and that no process works in it.
    pub fn assert_nothing_left(&self, temporary: &Path) {
        let left = std::fs::read_dir(temporary).map(|entries| entries.count());
        assert!(
            matches!(left, Ok(0) | Err(_)),
            "{temporary:?}\n{}",
            self.out
        );
        let alive = alive_in(temporary);
        assert!(alive.is_empty(), "{alive:?}\n{}", self.out);
    }

    /// The log without its times.
    pub fn log(&self) -> Vec<&str> {
        self.out
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(_, text)| text)
            .collect()
    }

    /// Asserts that the log has these lines, in this order, with any others between them.
    pub fn assert_logged(&self, lines: &[&str]) {
        let log = self.log();
        let mut rest = log.iter();
        for line in lines {
            assert!(
                rest.any(|logged| logged == line),
                "no `{line}` in\n{}{}",
                self.out,
                self.err
            );
        }
    }

    /// Asserts that a line of the log and one of the summary have this text.
    pub fn assert_reason(&self, text: &str) {
        let (log, summary) = self.out.split_once("--- Results").expect("a summary");
        for part in [log, summary] {
            assert!(
                part.lines().any(|line| line.contains(text)),
                "no `{text}` in\n{part}"
            );
        }
    }

    /// The instants of the events with this name, in seconds.
    pub fn at(&self, event: &str) -> Vec<f64> {
        let of = self.trace.iter().filter(|entry| entry["event"] == event);
        of.map(|entry| entry["at"].as_f64().expect("a time"))
            .collect()
    }

    /// End of each action, as `slot STATE`.
    pub fn actions(&self) -> Vec<String> {
        let of = self
            .trace
            .iter()
            .filter(|entry| entry["event"] == "action_ended");
        of.map(|entry| {
            let word = |key: &str| entry[key].as_str().expect("a text").to_owned();
            format!("{} {}", word("slot"), word("state"))
        })
        .collect()
    }
}

/// Command lines of the processes that work in a folder or have its path in their environment.
pub fn alive_in(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let folder = folder.to_string_lossy();
    let mut system = System::new().expect("a system");
    let kind = ProcessRefreshKind::nothing()
        .without_tasks()
        .with_cwd(UpdateKind::Always)
        .with_cmd(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    let processes = system.processes().values();
    processes
        .filter_map(|process| {
            let command = process
                .cmd()
                .join(" ".as_ref())
                .to_string_lossy()
                .into_owned();
            let works_there = process
                .cwd()
                .is_some_and(|cwd| cwd.to_string_lossy().starts_with(&*folder));
            (works_there || command.contains(&*folder)).then_some(command)
        })
        .collect()
}

/// The children of a process that are alive, with their command lines.
pub fn children(parent: i32) -> Vec<(Pid, String)> {
    let mut system = System::new().expect("a system");
    let kind = ProcessRefreshKind::nothing()
        .without_tasks()
        .with_cmd(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    let parent = Some(sysinfo::Pid::from_u32(parent.cast_unsigned()));
    let processes = system.processes().values();
    let children = processes
        .filter(|process| process.parent() == parent && process.status() != ProcessStatus::Zombie);
    children
        .map(|process| {
            let command = process.cmd().join(" ".as_ref());
            let pid = Pid::from_raw(process.pid().as_u32().cast_signed());
            (pid, command.to_string_lossy().into_owned())
        })
        .collect()
}

/// Returns what stands behind `text` on its line, once the line has ended.
pub fn rest_of_line(out: &str, text: &str) -> Option<String> {
    let (_, rest) = out.split_once(text)?;
    rest.split_once('\n').map(|(rest, _)| rest.to_owned())
}

/// Calls `ask` until it returns a value, for at most [`PATIENCE`].
pub fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let seconds = variable("PATIENCE", PATIENCE.as_secs() as usize);
    let deadline = Instant::now() + Duration::from_secs(seconds as u64);
    loop {
        match ask() {
            None if Instant::now() < deadline => sleep(Duration::from_millis(20)),
            answer => return answer,
        }
    }
}

/// A job with one task that runs a script, and `more` at the top level.
pub fn job(more: &str, script: &str) -> String {
    let script = script.trim_end().replace('\n', "\n          ");
    format!(
        "specificationVersion: jobtemplate-2023-09
extensions: [MONITOR, REDACTED_ENV_VARS]
name: Job
{more}
steps:
- name: Step
  script:
    embeddedFiles:
    - name: Run
      type: TEXT
      data: |
          {script}
    actions:
      onRun:
        command: sh
        args: ['{{{{Task.File.Run}}}}']
"
    )
}

/// An Environment whose actions are scripts, with `more` in each action.
pub fn environment(scripts: &[(&str, &str)], more: &str) -> String {
    let mut text = "jobEnvironments:\n- name: Env\n  script:\n    embeddedFiles:\n".to_owned();
    for (slot, script) in scripts {
        let script = script.trim_end().replace('\n', "\n          ");
        text +=
            &format!("    - name: {slot}\n      type: TEXT\n      data: |\n          {script}\n");
    }
    text += "    actions:\n";
    for (slot, _) in scripts.iter().filter(|(slot, _)| slot.starts_with("on")) {
        text += &format!(
            "      {slot}:\n        command: sh\n        args: ['{{{{Env.File.{slot}}}}}']\n"
        );
        if *slot != "onExit" {
            text +=
                "        cancelation: { mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 20 }\n";
        }
    }
    for line in more.lines() {
        text += &format!("      {line}\n");
    }
    text
}
