//! `openjd-monitor run`.

#[cfg(unix)]
mod job;
#[cfg(unix)]
mod log;
#[cfg(unix)]
mod record;
#[cfg(unix)]
mod summary;

use super::parameters::{self, Given, PathMapping, TaskSets};
use super::{Status, Streams};
use std::io;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The job template
    #[arg(value_name = "TEMPLATE")]
    template: PathBuf,

    /// An environment template to put around the job; repeatable, outermost first
    #[arg(long, alias = "env", value_name = "FILE")]
    environment: Vec<PathBuf>,

    #[command(flatten)]
    parameters: parameters::OfJob,

    /// Run the tasks of this step only
    #[arg(long, value_name = "NAME")]
    step: Option<String>,

    /// Run the steps before it that the step depends on, too
    #[arg(long, requires = "step")]
    run_dependencies: bool,

    /// Run one task of the step, with this parameter; repeatable, one for each parameter of the task
    #[arg(
        short = 't',
        long,
        value_name = "NAME=VALUE",
        value_parser = parameters::pair,
        conflicts_with_all = ["tasks", "maximum_tasks"]
    )]
    task_param: Vec<(String, String)>,

    /// Run these tasks of the step: a JSON list of objects with their parameters, or file:// and the path of a
    /// JSON or YAML file with such a list
    #[arg(long, value_name = "TASKS", value_parser = parameters::tasks, conflicts_with = "maximum_tasks")]
    tasks: Option<Given<TaskSets>>,

    /// Run at most so many tasks of each step [default: all]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    maximum_tasks: Option<i64>,

    /// Path mapping rules: JSON, or file:// and the path of a JSON file
    #[arg(long, value_name = "RULES", value_parser = parameters::path_mapping)]
    path_mapping_rules: Option<Given<PathMapping>>,

    /// Leave the working directory where it is
    #[arg(long)]
    preserve: bool,

    /// The time at the start of each line of the log: since the start of the run, or of day
    #[arg(long, value_name = "FORMAT", default_value = "relative")]
    timestamp_format: TimestampFormat,

    /// Log what actions write as it is: control characters and other characters that are not to be
    /// seen are escaped otherwise
    #[arg(long)]
    raw_output: bool,

    /// Write what happens to FILE as it happens: a JSON object a line, as `simulate --format json` prints them
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,

    /// Draw what has happened as a picture
    #[arg(long, value_name = "FILE.svg")]
    timeline: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TimestampFormat {
    Relative,
    Local,
    Utc,
}

#[cfg(unix)]
pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    job::run(arguments, streams)
}

#[cfg(not(unix))]
pub(super) fn run(_: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(format_args!(
        "`run` needs the process groups and signals of Linux or macOS; `simulate` works here"
    ))?;
    Ok(Status::Failure)
}
