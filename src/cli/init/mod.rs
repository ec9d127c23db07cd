//! `openjd-monitor init`.

use super::pace::Pace;
use super::{Status, Streams, atomic, templates};
use clap::ValueEnum;
use openjd_monitor_core::lint::proposed_timeout;
use openjd_monitor_core::simulate::any_template;
use openjd_monitor_core::template::{Syntax, limits, load};
use serde_json::Value;
use std::io::{self, Write};
use std::path::PathBuf;
use thiserror::Error;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The kind of dependency that the tasks run in, or use
    #[arg(long, value_name = "KIND")]
    kind: Kind,

    /// The name of the Environment [default: after the kind]
    #[arg(long, value_name = "NAME", value_parser = line)]
    name: Option<String>,

    /// For docker and apptainer: the image to run in [default: ubuntu:24.04]
    #[arg(long, value_name = "IMAGE", value_parser = line)]
    image: Option<String>,

    /// For daemon, which needs it: the command line that starts it, in the foreground
    #[arg(long, value_name = "COMMAND", value_parser = line)]
    command: Option<String>,

    /// For license: the server [default: 27000@localhost]
    #[arg(long, value_name = "PORT@HOST", value_parser = line)]
    server: Option<String>,

    /// For conda: the packages to install [default: python]
    #[arg(long, value_name = "PACKAGES", value_parser = line)]
    packages: Option<String>,

    /// For heartbeat: the time within which a task has to touch the file [default: 10]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
    minutes: Option<u32>,

    #[command(flatten)]
    pace: Pace,

    /// Write to FILE, which must not exist [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace FILE if it exists
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A Docker container
    Docker,
    /// An Apptainer instance
    Apptainer,
    /// A process beside the tasks
    Daemon,
    /// A FlexNet license server
    License,
    /// A conda environment
    Conda,
    /// A file that tasks touch as they make progress
    Heartbeat,
}

/// Error in the choice of options.
#[derive(Debug, Error)]
enum OptionError {
    #[error("{option} is for --kind {of}, and has no effect with --kind {kind}")]
    Foreign {
        option: &'static str,
        of: String,
        kind: String,
    },
    #[error(
        "--kind daemon needs --command: the command line that starts the daemon, in the foreground"
    )]
    NoCommand,
}

/// Error in a value.
#[derive(Debug, Error)]
#[error("one line of text without control characters is expected")]
struct NoLine;

fn line(text: &str) -> Result<String, NoLine> {
    match text.is_empty() || text.chars().any(char::is_control) {
        true => Err(NoLine),
        false => Ok(text.to_owned()),
    }
}

impl Kind {
    fn template(self) -> &'static str {
        match self {
            Self::Docker => include_str!("docker.yaml"),
            Self::Apptainer => include_str!("apptainer.yaml"),
            Self::Daemon => include_str!("daemon.yaml"),
            Self::License => include_str!("license.yaml"),
            Self::Conda => include_str!("conda.yaml"),
            Self::Heartbeat => include_str!("heartbeat.yaml"),
        }
    }

    /// Its word on the command line.
    fn word(self) -> String {
        let value = self.to_possible_value();
        value.map_or(String::new(), |value| value.get_name().to_owned())
    }

    /// Its word with a capital, as the name of an Environment.
    fn title(self) -> String {
        let word = self.word();
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    }
}

impl Arguments {
    /// Fails if an option is missing, or one that another kind has is given.
    fn check(&self) -> Result<(), OptionError> {
        use Kind::{Apptainer, Conda, Daemon, Docker, Heartbeat, License};
        let given: [(_, _, &[Kind]); 5] = [
            ("--image", self.image.is_some(), &[Docker, Apptainer]),
            ("--command", self.command.is_some(), &[Daemon]),
            ("--server", self.server.is_some(), &[License]),
            ("--packages", self.packages.is_some(), &[Conda]),
            ("--minutes", self.minutes.is_some(), &[Heartbeat]),
        ];
        for (option, is_given, kinds) in given {
            if is_given && !kinds.contains(&self.kind) {
                let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
                return Err(OptionError::Foreign {
                    option,
                    of: words.join(" and "),
                    kind: self.kind.word(),
                });
            }
        }
        match self.kind == Daemon && self.command.is_none() {
            true => Err(OptionError::NoCommand),
            false => Ok(()),
        }
    }

    /// Returns the text that takes the place of `__PLACE__` in a template.
    fn value(&self, place: &str) -> String {
        let text = |given: &Option<String>, default: &str| {
            // A JSON string is one of YAML, too.
            Value::from(given.as_deref().unwrap_or(default)).to_string()
        };
        match place {
            "NAME" => text(&self.name, &self.kind.title()),
            "IMAGE" if self.kind == Kind::Apptainer => text(&self.image, "docker://ubuntu:24.04"),
            "IMAGE" => text(&self.image, "ubuntu:24.04"),
            "SERVER" => text(&self.server, "27000@localhost"),
            "PACKAGES" => text(&self.packages, "python"),
            "COMMAND" => self.command.clone().unwrap_or_default(),
            "MINUTES" => self.minutes.unwrap_or(10).to_string(),
            "PERIOD" => self.pace.period().to_string(),
            "FAILURES" => self.pace.failures().to_string(),
            "TIMEOUT" => proposed_timeout(self.pace.period()).to_string(),
            other => format!("__{other}__"),
        }
    }

    fn text(&self) -> String {
        let parts = self.kind.template().split("__").enumerate();
        parts
            .map(|(index, part)| match index % 2 {
                1 => self.value(part),
                _ => part.to_owned(),
            })
            .collect()
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    if let Err(error) = arguments.check() {
        streams.error(error)?;
        return Ok(Status::Usage);
    }
    let text = arguments.text();
    // A name or a command may be none that a template can have.
    let loaded = load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES);
    if let Err(invalid) = any_template(loaded) {
        return templates::diagnose("(the new template)", invalid, streams);
    }
    let Some(path) = &arguments.output else {
        streams.out.write_all(text.as_bytes())?;
        return Ok(Status::Clean);
    };
    let name = path.display();
    if !arguments.force && path.symlink_metadata().is_ok() {
        streams.error(format_args!("`{name}` exists already; --force replaces it"))?;
        return Ok(Status::Usage);
    }
    if let Err(error) = atomic::replace(path, |out| out.write_all(text.as_bytes())) {
        streams.error(format_args!("cannot write `{name}`: {error}"))?;
        return Ok(Status::Failure);
    }
    streams.note(format_args!(
        "wrote `{name}`; `openjd-monitor describe {name}` tells what it will do"
    ))?;
    Ok(Status::Clean)
}
