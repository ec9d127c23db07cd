//! Command line: one file for each subcommand.

mod add_monitor;
mod atomic;
mod check;
mod collisions;
mod completions;
mod conformance;
mod describe;
mod explain;
mod files;
mod init;
mod lsp;
mod man;
mod outputs;
mod pace;
mod parameters;
mod picture;
mod pipe;
mod polyfill;
mod progress;
mod rules;
mod run;
mod schema;
mod simulate;
mod streams;
mod supervise;
mod templates;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
pub use streams::Streams;

/// Linter, reference runtime and conformance suite for Open Job Description templates with health checks
/// (`onMonitor`, the proposed MONITOR extension).
#[derive(Debug, Parser)]
#[command(name = "openjd-monitor", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    /// Parses the command line.
    ///
    /// # Errors
    ///
    /// Fails on bad usage, and where help or the version is asked for.
    pub fn from_command_line() -> Result<Self, clap::Error> {
        let all: Vec<_> = std::env::args_os().collect();
        let of_check = all.get(2..).filter(|_| all[1] == "check");
        let options = of_check.unwrap_or_default().iter();
        let mut options = options.take_while(|argument| *argument != "--");
        match options.find(|argument| is_file_too(argument)) {
            Some(file) => Err(clap::Error::raw(
                ErrorKind::ArgumentConflict,
                format!(
                    "`{0}` is a file here, but would be read as an option; write `./{0}`, or `--` before the files\n",
                    file.display()
                ),
            )),
            None => Self::try_parse_from(all),
        }
    }
}

/// Returns true for an argument that looks like an option and names a file. Hooks put the names of files behind their
/// options, and a stranger may have chosen them: `-h.yaml` would end the program before it checks anything.
fn is_file_too(argument: &OsStr) -> bool {
    argument.as_encoded_bytes().starts_with(b"-") && Path::new(argument).is_file()
}

// The arguments of a command are defined only once it is asked for: defining those of all takes half as long as checking a
// template.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Check templates.
    ///
    /// Exit status: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or configuration, 3 could
    /// not go on (a path that cannot be read, or nothing checked).
    Check(check::Arguments),
    /// Write an environment template with a monitor, to start from.
    ///
    /// The template runs every task inside the Environment, and watches what the tasks depend on. Its comments say what
    /// each part is for.
    ///
    /// Exit status: 0 written, 2 bad usage, 3 FILE cannot be written.
    Init(init::Arguments),
    /// Add a monitor to the Environments of a template, for what they wrap tasks in or start beside them.
    ///
    /// Comments and formatting are kept. An Environment without wrap hooks gets them, because a monitor watches the
    /// actions of its own Environment only.
    ///
    /// Exit status: 0 done, 1 with --diff: there is something to add, 2 bad usage or a bad template, 3 nothing is
    /// recognized, or could not go on.
    AddMonitor(add_monitor::Arguments),
    /// Describe what will run, which monitor watches it, and how soon that notices a failure.
    ///
    /// Numbers that are format strings are resolved with the parameters that are given, and else with their defaults. An
    /// environment template is described around a job that is not known.
    ///
    /// Exit status: 0 described, 2 bad usage or a bad template, 3 could not go on.
    Describe(describe::Arguments),
    /// List the rules.
    Rules(rules::Arguments),
    /// Explain a rule: why it is there, what breaks it, and what to write instead.
    Explain(explain::Arguments),
    /// Print a JSON Schema, for editors and other programs; without a name, list them.
    Schema(schema::Arguments),
    /// Serve an editor: findings while you type, their fixes, explanations and completion.
    ///
    /// Speaks the Language Server Protocol on standard input and output.
    Lsp(lsp::Arguments),
    /// Run scenarios, or a template, under a simulated clock.
    ///
    /// A scenario says what to run, how each process behaves, and what must be observed. Without an `expect` its trace
    /// is printed; with one it is compared.
    ///
    /// A template is run with processes that all succeed at once, but for what the options say; the answer
    /// ends with what the monitor noticed, when, and what was cleaned up. An environment template is put around
    /// a job of one task.
    ///
    /// Exit status: 0 as expected, 1 a trace differs, 2 a bad scenario (also one that does not end) or bad usage,
    /// 3 could not go on: a file cannot be read, or the session of a template exceeds `--max-events` or 366 days.
    Simulate(simulate::Arguments),
    /// Run a job on this machine, with its monitors.
    ///
    /// Takes what `openjd run` takes, and logs like it; the lines of checks are tagged `[onMonitor]`, and what this
    /// program itself has to say `[session]`. The templates are checked first. Ctrl-C cancels the job, which is
    /// cleaned up then; a second Ctrl-C later on kills what is running, and lets the cleanup go on.
    ///
    /// Exit status: 0 success, 1 the session failed or was canceled, 2 bad usage or a bad template, 3 the job could
    /// not be run or not be cleaned up.
    Run(run::Arguments),
    /// Compile templates with monitors to templates for the runtimes of today, in which a supervisor runs the checks.
    ///
    /// The templates around a job or an environment template are compiled with it, since they decide which of its monitors
    /// run. Comments and formatting are kept; a template without monitors stays as it is.
    ///
    /// Exit status: 0 done, 1 something cannot be compiled, or with --check: a file is not up to date, 2 bad usage or a bad
    /// template, 3 could not go on.
    Polyfill(polyfill::Arguments),
    /// Run an action with its monitor beside it, on a runtime that knows no monitors.
    ///
    /// Templates that `openjd-monitor polyfill --supervisor native` has made call this command. There
    /// is no need to call it by hand. The arguments are
    ///
    ///   --environment=NAME --slot=SLOT --period=S --on-failure=log|warn|terminate
    ///   [--failure-threshold=N] [--initial-delay=S] [--timeout=S] [--cancelation=MODE]
    ///   [--notify-period=S] [--redacted-env] --check=N CHECK-ARGUMENT… -- COMMAND [ARGUMENT…]
    ///
    /// This process becomes COMMAND, which gives it its exit status: 127 if there is no such program,
    /// 126 if it cannot be started. It is 2 if an option is wrong.
    #[command(verbatim_doc_comment)]
    Supervise(supervise::Arguments),
    /// The conformance suite: run a runtime through it, or look at its cases.
    Conformance(conformance::Arguments),
    /// Print a script that lets a shell complete the arguments.
    Completions(completions::Arguments),
    /// Print a manual page (roff): of the program or, with a name, of a command.
    Man(man::Arguments),
}

/// Exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Success, without findings.
    Clean = 0,
    /// There are findings.
    Findings = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// The command could not be completed.
    Failure = 3,
    /// The program that this process was to become cannot be started, as shells report it.
    NotExecutable = 126,
    /// There is no such program, as shells report it.
    NotFound = 127,
}

/// Runs a command.
///
/// # Errors
///
/// Fails if writing to the streams fails.
pub fn run(arguments: Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    match arguments.command {
        Command::Check(arguments) => check::run(&arguments, streams),
        Command::Init(arguments) => init::run(&arguments, streams),
        Command::AddMonitor(arguments) => add_monitor::run(&arguments, streams),
        Command::Describe(arguments) => describe::run(&arguments, streams),
        Command::Rules(arguments) => rules::run(&arguments, streams),
        Command::Explain(arguments) => explain::run(&arguments, streams),
        Command::Schema(arguments) => schema::run(&arguments, streams),
        Command::Lsp(arguments) => lsp::run(&arguments, streams),
        Command::Simulate(arguments) => simulate::run(&arguments, streams),
        Command::Run(arguments) => run::run(&arguments, streams),
        Command::Polyfill(arguments) => polyfill::run(&arguments, streams),
        Command::Supervise(arguments) => supervise::run(&arguments, streams),
        Command::Conformance(arguments) => conformance::run(&arguments, streams),
        Command::Completions(arguments) => completions::run(&arguments, streams),
        Command::Man(arguments) => man::run(&arguments, streams),
    }
}
