//! Running the built program, and reading the project's own files.

use openjd_monitor_core::lint::Level;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of one of the project's files.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below one of the project's folders whose names end with `ending`, in order.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Asserts that one of the project's files has this text; with `UPDATE_GENERATED` set, writes it.
pub fn generated(path: &str, text: &str) {
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(root().join(path), text).expect("a file");
    }
    let message = "run `UPDATE_GENERATED=1 cargo test` to write it anew";
    assert_eq!(read(path), text, "{path}: {message}");
}

/// A scratch folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// A scratch folder with these programs, each with the text of its script.
#[cfg(unix)]
pub fn programs(scripts: &[(&str, &str)]) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(scripts);
    for (name, _) in scripts {
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path().join(name), executable).expect("a mode");
    }
    folder
}

/// A value of `PATH` with which the programs in `folder` are found before all others.
pub fn path_with(folder: &Path) -> String {
    let path = std::env::var("PATH").expect("a path");
    format!("{}:{path}", folder.display())
}

/// A command of the program with an empty environment.
pub struct Program {
    command: Command,
    stdin: Vec<u8>,
}

/// Exit status and output of a finished run.
pub struct Ended {
    pub status: i32,
    pub out: String,
    pub err: String,
}

/// The program with these arguments, started at the root of the project.
pub fn program<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"));
    command.args(arguments).current_dir(root()).env_clear();
    Program {
        command,
        stdin: Vec::new(),
    }
}

impl Program {
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn run(mut self) -> Ended {
        let piped = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // The program need not read it.
        let _ = stdin.write_all(&self.stdin);
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        Ended {
            status: output.status.code().expect("no signal"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Ended {
    /// The findings of a JSON report as `rule line:column`.
    pub fn findings(&self) -> Vec<String> {
        let report: serde_json::Value = serde_json::from_str(&self.out).expect("a JSON report");
        let findings = report["findings"].as_array().expect("a list").iter();
        findings
            .map(|finding| {
                let start = &finding["location"]["start"];
                let rule = finding["rule"].as_str().expect("a rule");
                format!("{rule} {}:{}", start["line"], start["column"])
            })
            .collect()
    }
}

/// The findings of a template, as `rule line:column`.
pub fn findings(template: &str) -> Vec<String> {
    findings_from(Level::Warning, template)
}

/// The findings of a template that have at least this level.
pub fn findings_from(level: Level, template: &str) -> Vec<String> {
    let level = ["--min-level", level.name()];
    let arguments = ["check", "-", "--format", "json", "--allow-empty"];
    program(arguments.into_iter().chain(level))
        .stdin(template)
        .run()
        .findings()
}

/// The number in an environment variable, or `default` if it is not set.
pub fn variable(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |number| number.parse().expect("a number"))
}

/// SplitMix64: the same numbers on every machine and with every version of every crate.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `n` - 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// Reports that a test is skipped, and why. The harness counts it as passed; `tests/skipped.rs` counts it as skipped.
pub fn skip(test: &str, why: &str) {
    let thread = std::thread::current();
    let test = thread.name().filter(|name| *name != "main").unwrap_or(test);
    // The output of tests that pass is not shown; this is.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
    #[cfg(unix)]
    {
        let cargo = std::os::unix::process::parent_id();
        let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{cargo}"));
        let list = std::fs::File::options()
            .append(true)
            .create(true)
            .open(list);
        let written =
            list.and_then(|mut list| list.write_all(format!("{test}: {why}\n").as_bytes()));
        written.expect("a list of skipped tests");
    }
}

/// Path of Python 3. Without one, reports that `test` is skipped.
pub fn python(test: &str) -> Option<String> {
    let ask = ["-c", "import sys; print(sys.executable)"];
    let found = Command::new("python3").args(ask).output().ok();
    let found = found.filter(|output| output.status.success());
    if found.is_none() {
        skip(test, "there is no python3");
    }
    Some(String::from_utf8(found?.stdout).ok()?.trim().to_owned())
}

/// Command line of the reference adapter, which is the program itself.
pub fn reference() -> String {
    format!("{} conformance serve", env!("CARGO_BIN_EXE_openjd-monitor"))
}

/// Command line of an adapter that forwards everything to the program and misbehaves as `options` say
/// (`tests/it/adapters/filter.py`).
pub fn filter(python: &str, options: &[&str]) -> String {
    let script = root().join("tests/it/adapters/filter.py");
    let script = script.to_string_lossy();
    let options = options.iter().map(|option| format!("'{option}'"));
    let options = options.collect::<Vec<_>>().join(" ");
    format!("{python} {script} {options} {}", reference())
}

/// Runs `work` on each item, two at a time; returns the results in order.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(Vec::new());
    let next = || queue.lock().expect("a queue").next();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let result = work(item);
                    done.lock().expect("a list").push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("a list");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
