//! `openjd-monitor describe`.

mod json;
mod page;
mod words;

use super::files::{self, Input};
use super::{Status, Streams, parameters, templates};
use openjd_monitor_core::describe::{Description, Stack, describe};
use openjd_monitor_core::template::{Document, TemplateKind, limits};
use page::Markup;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Templates, each described on its own, or `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,

    /// An environment template to put around each; repeatable, outermost first
    #[arg(long, value_name = "FILE")]
    environment: Vec<PathBuf>,

    #[command(flatten)]
    parameters: parameters::OfJob,

    /// The format of the description
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people at a terminal
    Text,
    /// For documents
    Markdown,
    /// For programs
    Json,
}

/// A template and its description.
struct Described {
    path: String,
    kind: TemplateKind,
    name: String,
    description: Description,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    if let Some(folder) = arguments.paths.iter().find(|path| path.is_dir()) {
        let folder = folder.display();
        streams.error(format_args!("`{folder}` is a folder: name its templates"))?;
        return Ok(Status::Usage);
    }
    let outer = match templates::environments(&arguments.environment, streams)? {
        Ok(documents) => documents,
        Err(status) => return Ok(status),
    };
    let mut all = Vec::new();
    let mut worst = Status::Clean;
    for input in &files::find(&arguments.paths, None).inputs {
        match one(arguments, input, &outer, streams)? {
            Ok(described) => all.push(described),
            Err(status) => worst = worst.max(status),
        }
    }
    match arguments.format {
        Format::Json => json::write(&all, streams.out)?,
        Format::Text => page::write(&words::page(&all), Markup::Text, streams.out)?,
        Format::Markdown => page::write(&words::page(&all), Markup::Markdown, streams.out)?,
    }
    streams.out.flush()?;
    Ok(worst)
}

/// Describes a file, or returns the status to end with; what is wrong has been said then.
fn one(
    arguments: &Arguments,
    input: &Input,
    outer: &[Document],
    streams: &mut Streams<'_>,
) -> io::Result<Result<Described, Status>> {
    let name = &input.name;
    let bytes = match input.read(limits::DEFAULT_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            streams.error(format_args!("cannot read `{name}`: {error}"))?;
            return Ok(Err(Status::Failure));
        }
    };
    let (kind, document) = match templates::any(input, &bytes, streams)? {
        Ok(template) => template,
        Err(status) => return Ok(Err(status)),
    };
    let outer = outer.iter().map(Document::value);
    let is_job = kind == TemplateKind::Job;
    let inner = (!is_job).then(|| document.value());
    let stack = Stack {
        job: is_job.then(|| document.value()),
        environments: outer.chain(inner).collect(),
        parameters: arguments.parameters.all(),
    };
    match describe(&stack) {
        Ok(description) => {
            let owner = match kind {
                TemplateKind::Job => document.value(),
                TemplateKind::Environment => &document.value()["environment"],
            };
            Ok(Ok(Described {
                path: name.clone(),
                kind,
                name: owner["name"].as_str().unwrap_or_default().to_owned(),
                description,
            }))
        }
        Err(error) => templates::refuse(&error, streams).map(Err),
    }
}
