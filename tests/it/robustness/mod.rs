//! Hostile input by hand: each is answered with a message, within a bound on time and memory. `docs/robustness.md` lists
//! them, and what other tests show of processes.

mod contents;
mod elsewhere;
mod paths;
mod texts;

use crate::run::wait;
use crate::support::{each, generated, program, read};
use elsewhere::ELSEWHERE;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGE: &str = "docs/robustness.md";

/// Number of characters of a message that the page shows.
const SHOWN: usize = 150;

/// What makes the files of an input in an empty folder.
type Make = Box<dyn Fn(&Path) + Sync>;

/// A hostile input, and what must follow.
struct Hostile {
    name: &'static str,
    make: Make,
    /// The command line behind the name of the program, for a shell in that folder.
    command: &'static str,
    status: i32,
    /// A part of the first line of the output; empty if nothing is to be said.
    says: &'static str,
    /// Bound on the CPU time, in seconds.
    seconds: u32,
    /// Bound on the memory (the address space), in MiB.
    mebibytes: u32,
}

impl Hostile {
    /// An input within the bounds of most.
    fn new(
        name: &'static str,
        make: impl Fn(&Path) + Sync + 'static,
        command: &'static str,
        status: i32,
        says: &'static str,
    ) -> Self {
        Self {
            name,
            make: Box::new(make),
            command,
            status,
            says,
            seconds: 10,
            mebibytes: 512,
        }
    }

    /// Allows it so many seconds: it is large.
    fn within(mut self, seconds: u32) -> Self {
        self.seconds = seconds;
        self
    }

    /// Runs the program within the bounds. Returns the first line that it prints, or what is not as expected.
    fn run(&self) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("input");
        std::fs::create_dir(&input).expect("a folder");
        (self.make)(&input);
        let script = format!(
            "ulimit -t {}; ulimit -v {}; \"$0\" {}",
            self.seconds,
            self.mebibytes * 1024,
            self.command
        );
        let path = |name: &str| folder.path().join(name);
        let file = |name: &str| Stdio::from(File::create(path(name)).expect("a file"));
        let mut child = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_openjd-monitor")])
            .current_dir(&input)
            .env_clear()
            // Each thread takes address space, and there may be one for each core.
            .env("RAYON_NUM_THREADS", "2")
            .stdin(Stdio::null())
            .stdout(file("out"))
            .stderr(file("err"))
            .spawn()
            .expect("a shell");
        // On a busy machine, seconds of CPU time take long.
        let mut end = || wait(|| child.try_wait().expect("a child"));
        let Some(status) = (0..5).find_map(|_| end()) else {
            let _ = child.kill();
            return Err(format!("{}: it does not end", self.name));
        };
        let read = |name: &str| std::fs::read_to_string(path(name)).expect("UTF-8");
        let printed = read("out") + &read("err");
        let first = printed.lines().next().unwrap_or_default();
        let is_as_expected = match self.says {
            "" => first.is_empty(),
            says => first.contains(says),
        };
        match status.code() == Some(self.status) && is_as_expected {
            true => Ok(first.to_owned()),
            false => Err(format!("{}: {status}: {}", self.name, start(first))),
        }
    }

    /// Runs the program, and returns the row of the page.
    fn row(&self) -> Result<String, String> {
        let said = match start(&self.run()?) {
            nothing if nothing.is_empty() => "nothing".to_owned(),
            line => format!("`` {} ``", cell(&line)),
        };
        Ok(format!(
            "| {} | `{}` | {} | {said} | {} s | {} MiB |\n",
            self.name,
            cell(self.command),
            self.status,
            self.seconds,
            self.mebibytes
        ))
    }
}

/// Returns a text as a cell of a table has it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Returns as much of a line as the page shows.
fn start(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

const INTRODUCTION: &str = "# Robustness

Whatever the program reads, it ends in good time, takes no more memory than it may, and says what is wrong. The tests in
`tests/it/robustness` make each input, run the program on it with limits on CPU time and memory (address space, with two
threads; `ulimit -t` and `ulimit -v`), and compare the exit status and the first line that is printed. The bounds are far
above what an unoptimized build takes. [SECURITY.md](../SECURITY.md) says what else is promised.

`UPDATE_GENERATED=1 cargo test robustness` writes this page, on Linux.
";

const HEAD: &str = "
| input | command | exit status | first line | CPU time | memory |
| --- | --- | --- | --- | --- | --- |
";

const REST: &str = "
## Processes, edits and reports

What these inputs do takes longer, or has effects beside a message. Other tests show it, each with the bounds that it
needs.

| input | what is promised | tests |
| --- | --- | --- |
";

#[test]
fn each_hostile_input_has_its_message_within_its_bounds() {
    let mut page = INTRODUCTION.to_owned();
    let mut faults = Vec::new();
    let sections = [
        ("Templates", texts::all()),
        ("Paths", paths::inputs()),
        ("Outputs", paths::outputs()),
    ];
    for (heading, inputs) in sections {
        page += &format!("\n## {heading}\n{HEAD}");
        for row in each(&inputs, Hostile::row) {
            match row {
                Ok(row) => page += &row,
                Err(fault) => faults.push(fault),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    page += REST;
    for (input, promise, tests) in ELSEWHERE {
        let tests: Vec<_> = tests.iter().map(|test| format!("`{test}`")).collect();
        page += &format!("| {input} | {promise} | {} |\n", tests.join(", "));
    }
    generated(PAGE, &page);
}

#[test]
fn every_test_that_the_page_names_exists() {
    let page = read(PAGE);
    // Messages have the marks of code in them, too.
    let (_, rest) = page.split_once(REST).expect("the end of the page");
    crate::docs::assert_tests_exist(rest);
}

#[test]
fn a_pipe_without_a_name_is_read() {
    let text =
        "specificationVersion: environment-2023-09\nenvironment: {name: A, variables: {A: b}}\n";
    let ended = program(["check", "--no-config", "/dev/stdin"])
        .stdin(text)
        .run();
    assert_eq!(
        (ended.status, &*ended.out),
        (0, "no findings in 1 template\n")
    );
}
