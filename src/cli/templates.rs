//! The templates that a command is to run.

use super::files::Input;
use super::{Status, Streams};
use crate::report;
use openjd_monitor_core::lint::Level;
use openjd_monitor_core::session::{JobError, Part};
use openjd_monitor_core::simulate::{InvalidFile, ReadError, any_template, read_template};
use openjd_monitor_core::template::{Document, TemplateKind, limits, load};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Reads the environment templates in these files; otherwise reports the reason and returns the status to end with.
pub(super) fn environments(
    paths: &[PathBuf],
    streams: &mut Streams<'_>,
) -> io::Result<Result<Vec<Document>, Status>> {
    let mut documents = Vec::new();
    for path in paths {
        match read(path, TemplateKind::Environment, streams)? {
            Ok(document) => documents.push(document),
            Err(status) => return Ok(Err(status)),
        }
    }
    Ok(Ok(documents))
}

/// Reads the template in a file; otherwise reports the reason and returns the status to end with.
pub(super) fn read(
    path: &Path,
    kind: TemplateKind,
    streams: &mut Streams<'_>,
) -> io::Result<Result<Document, Status>> {
    let name = path.display();
    Ok(Err(match read_template(path, kind) {
        Ok(document) => return Ok(Ok(document)),
        Err(ReadError::Invalid(invalid)) => diagnose(&name.to_string(), *invalid, streams)?,
        Err(ReadError::Io(error)) => {
            streams.error(format_args!("cannot read `{name}`: {error}"))?;
            Status::Failure
        }
    }))
}

/// Reads a template of either kind from the bytes of `input`; otherwise reports the reason and returns the status to end
/// with.
pub(super) fn any(
    input: &Input,
    bytes: &[u8],
    streams: &mut Streams<'_>,
) -> io::Result<Result<(TemplateKind, Document), Status>> {
    let name = &input.name;
    let loaded = load(bytes, input.syntax, limits::DEFAULT_MAX_BYTES);
    match any_template(loaded) {
        Ok(Some(template)) => Ok(Ok(template)),
        Ok(None) => {
            streams.error(format_args!(
                "`{name}` is no template (a template's `specificationVersion` starts with `jobtemplate-` or \
                 `environment-`)"
            ))?;
            Ok(Err(Status::Usage))
        }
        Err(invalid) => diagnose(name, invalid, streams).map(Err),
    }
}

/// Reports the findings of an invalid file as `check` does.
pub(super) fn diagnose(
    name: &str,
    invalid: InvalidFile,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let name = invalid.path.unwrap_or_else(|| name.to_owned());
    let template = report::Template::new(name, invalid.source, invalid.findings);
    show_errors(vec![template], streams)?;
    Ok(Status::Usage)
}

/// Reports the errors in templates as `check` does, on standard error.
pub(super) fn show_errors(
    templates: Vec<report::Template>,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    let report = report::Report {
        templates,
        ..report::Report::default()
    };
    let stderr = io::stderr();
    let is_terminal = stderr.is_terminal();
    let style = report::Style {
        format: match is_terminal {
            true => report::Format::Pretty,
            false => report::Format::Plain,
        },
        color: anstream::AutoStream::choice(&stderr) != anstream::ColorChoice::Never,
        links: false,
        min_level: Level::Error,
        has_summary: true,
    };
    report::write(&report, style, streams.raw_err()?)
}

/// Says why a job cannot be created.
pub(super) fn refuse(error: &JobError, streams: &mut Streams<'_>) -> io::Result<Status> {
    let message = match error.part {
        Part::Parameters => format!("{} (give job parameters with -p NAME=VALUE)", error.message),
        Part::Tasks(Some(index)) => format!("task {}: {}", index + 1, error.message),
        _ => error.message.clone(),
    };
    streams.error(format_args!("the job cannot be created: {message}"))?;
    Ok(Status::Usage)
}
