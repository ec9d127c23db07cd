//! `openjd-monitor simulate`.

mod template;

use super::collisions::{self, Named};
use super::files::{self, Input};
use super::picture::Picture;
use super::templates::diagnose;
use super::{Status, Streams};
use openjd_monitor_core::session::{Effect, Session, Time};
use openjd_monitor_core::simulate::{MAX_EVENTS, Scenario, TemplateFolder, simulate_up_to};
use openjd_monitor_core::template::{Loaded, TemplateKind, limits, load};
use openjd_monitor_core::trace::{self, Alternatives, TextWriter};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenarios (files, or directories of them), or one template
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,

    /// The format of the trace: for people, or one JSON object a line, which is printed also where
    /// it is compared
    #[arg(long, default_value = "text")]
    format: Format,

    /// Draw the trace as a picture; with one FILE only
    #[arg(long, value_name = "FILE.svg")]
    timeline: Option<PathBuf>,

    /// Give up a session that has not ended after so many events; none is kept in memory
    #[arg(long, value_name = "NUMBER", default_value_t = MAX_EVENTS)]
    max_events: u64,

    /// Let scenarios name template files outside of their own folders
    #[arg(long)]
    allow_outside_templates: bool,

    #[command(flatten)]
    question: template::Question,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Arguments {
    /// Returns the files to write, with standard output, which may be redirected to a file.
    fn written(&self) -> impl Iterator<Item = Named<'_>> {
        let picture = self.timeline.iter();
        let picture = picture.map(|file| (file.as_path(), "a picture"));
        picture.chain([(Path::new("/dev/stdout"), "a trace")])
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let found = files::find(&arguments.paths, None);
    let mut worst = Status::Clean;
    for failure in &found.failures {
        streams.error(failure)?;
        worst = Status::Failure;
    }
    if found.inputs.is_empty() && found.failures.is_empty() {
        streams.error(format_args!("there is no scenario to run"))?;
        worst = Status::Failure;
    }
    let is_only = found.inputs.len() == 1;
    if arguments.timeline.is_some() && found.inputs.len() > 1 {
        let message = format!("--timeline draws one trace, not {}", found.inputs.len());
        return usage(streams, message);
    }
    let inputs = found.inputs.iter();
    let inputs = inputs.map(|input| (input.path(), "a file to run"));
    let environments = arguments.question.environment.iter();
    let environments = environments.map(|file| (file.as_path(), "a template"));
    let parameters = arguments.question.parameters.files();
    let parameters = parameters.map(|file| (file, "a file of parameters"));
    let kept = inputs.chain(environments).chain(parameters);
    if let Err(message) = collisions::check(arguments.written(), kept) {
        return usage(streams, message);
    }
    for input in &found.inputs {
        worst = worst.max(one(arguments, input, is_only, streams)?);
    }
    Ok(worst)
}

fn one(
    arguments: &Arguments,
    input: &Input,
    is_only: bool,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let bytes = match input.read(limits::DEFAULT_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            streams.error(format_args!("cannot read `{}`: {error}", input.name))?;
            return Ok(Status::Failure);
        }
    };
    let loaded = load(&bytes, input.syntax, limits::DEFAULT_MAX_BYTES);
    let template = match &loaded {
        Loaded::Document(document) => TemplateKind::of(document).map(|kind| (kind, document)),
        _ => None,
    };
    match template {
        Some((kind, document)) if is_only => {
            template::run(arguments, &input.name, kind, document, streams)
        }
        Some(_) => usage(
            streams,
            format!(
                "`{}` is a template, which must be the only file",
                input.name
            ),
        ),
        None => match arguments.question.first_option() {
            Some(option) => usage(
                streams,
                format!(
                    "{option} applies to templates, and `{}` is not one",
                    input.name
                ),
            ),
            None => scenario(arguments, input, loaded, streams),
        },
    }
}

fn usage(streams: &mut Streams<'_>, message: impl std::fmt::Display) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Usage)
}

fn scenario(
    arguments: &Arguments,
    input: &Input,
    loaded: Loaded,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let folder = TemplateFolder {
        path: input.path().parent().unwrap_or(Path::new("")),
        allows_outside: arguments.allow_outside_templates,
    };
    let scenario = match Scenario::of(loaded, folder) {
        Ok(scenario) => scenario,
        Err(bad) => return diagnose(&input.name, bad, streams),
    };
    let template = scenario.template_file.iter();
    let template = template.map(|file| (file.as_path(), "a template"));
    if let Err(message) = collisions::check(arguments.written(), template) {
        return usage(streams, message);
    }
    let job = match scenario.job {
        Ok(job) if !scenario.is_refused => job,
        made => return refusal(arguments, &scenario.id, made.is_err(), streams),
    };
    let mut processes = scenario.processes;
    let is_compared = !scenario.expect.is_empty();
    let traces = scenario.expect.iter();
    let mut comparison = Alternatives::new(traces.map(|expected| expected.trace.as_slice()));
    let mut writer = match arguments.format {
        Format::Text if is_compared => Writer::None,
        format => Writer::new(format, streams.out),
    };
    let mut picture = Picture::new(arguments.timeline.as_deref(), &scenario.id);
    let ended = simulate_up_to(
        arguments.max_events,
        Session::new(job),
        &mut processes,
        &scenario.inputs,
        &mut |at, effect| {
            if let Some(event) = trace::event(at, effect).filter(|_| is_compared) {
                comparison.push(at, &event);
            }
            picture.push(at, effect);
            writer.push(at, effect)
        },
    )?;
    writer.end()?;
    let drawn = picture.write(streams)?;
    if drawn != Status::Clean {
        return Ok(drawn);
    }
    if let Err(gave_up) = ended {
        streams.error(format_args!("`{}`: {gave_up}", input.name))?;
        return Ok(Status::Usage);
    }
    // The trace itself stays what its readers expect.
    let out = match arguments.format {
        Format::Text => &mut *streams.out,
        Format::Json => streams.err(),
    };
    match comparison.end() {
        Some(Err((_, difference))) => {
            let lines = difference.lines().join("\n");
            writeln!(out, "{}: differs {lines}", scenario.id)?;
            Ok(Status::Findings)
        }
        Some(Ok(_)) if arguments.format == Format::Text => {
            writeln!(out, "{}: as expected", scenario.id)?;
            Ok(Status::Clean)
        }
        _ => Ok(Status::Clean),
    }
}

/// Reports on a scenario whose job must be refused.
fn refusal(
    arguments: &Arguments,
    id: &str,
    is_refused: bool,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    if arguments.timeline.is_some() {
        let message = format!("--timeline has no trace to draw: the job of `{id}` must be refused");
        return usage(streams, message);
    }
    let out = match arguments.format {
        Format::Text => &mut *streams.out,
        Format::Json => streams.err(),
    };
    match is_refused {
        true if arguments.format == Format::Json => Ok(Status::Clean),
        true => {
            writeln!(out, "{id}: as expected")?;
            Ok(Status::Clean)
        }
        false => {
            let message = "the job was created, but must be refused";
            writeln!(out, "{id}: differs: {message}")?;
            Ok(Status::Findings)
        }
    }
}

/// A trace in the format that was asked for.
enum Writer<'w> {
    None,
    Text(TextWriter<'w>),
    Json(&'w mut dyn Write),
}

impl<'w> Writer<'w> {
    fn new(format: Format, out: &'w mut dyn Write) -> Self {
        match format {
            Format::Text => Self::Text(TextWriter::new(out)),
            Format::Json => Self::Json(out),
        }
    }

    fn push(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        match self {
            Self::None => Ok(()),
            Self::Text(writer) => writer.push(at, effect),
            Self::Json(out) => match trace::line(at, effect)? {
                Some(line) => out.write_all(&line),
                None => Ok(()),
            },
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Text(writer) => writer.end(),
            Self::None | Self::Json(_) => Ok(()),
        }
    }
}
