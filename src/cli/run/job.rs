//! From the arguments to a Session, and to its exit status.

use super::Arguments;
use super::log::Log;
use super::record::Record;
use super::summary::Summary;
use crate::cli::{Status, Streams, collisions, templates};
use crate::run::{Observer, Site};
use openjd_monitor_core::session::{Effect, Job, Request, Selection, Session, Tasks, Time};
use openjd_monitor_core::template::{Document, TemplateKind};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let tasks = match tasks(arguments) {
        Ok(tasks) => tasks,
        Err(message) => return usage(&message, streams),
    };
    let template = match templates::read(&arguments.template, TemplateKind::Job, streams)? {
        Ok(document) => document,
        Err(status) => return Ok(status),
    };
    let outer = match templates::environments(&arguments.environment, streams)? {
        Ok(documents) => documents,
        Err(status) => return Ok(status),
    };
    if let Err(message) = collide(arguments) {
        return usage(&message, streams);
    }
    let record = match Record::new(arguments) {
        Ok(record) => record,
        Err(message) => return failure(&message, streams),
    };
    let site = match Site::new(arguments.preserve) {
        Ok(site) => site,
        Err(error) => return failure(&format!("cannot make a place to run: {error}"), streams),
    };
    let folder = arguments.template.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    let rules = arguments.path_mapping_rules.clone();
    let rules = rules.map(|rules| rules.0).unwrap_or_default();
    let host = match site.host(folder.unwrap_or(Path::new(".")), rules) {
        Ok(host) => host,
        Err(error) => return failure(&format!("cannot run here: {error}"), streams),
    };
    let job = Job::create(&Request {
        template: template.value(),
        environments: outer.iter().map(Document::value).collect(),
        parameters: arguments.parameters.all(),
        tasks,
        host,
    });
    match job {
        Ok(job) => session(arguments, job, site, record, streams),
        Err(error) => templates::refuse(&error, streams),
    }
}

/// Fails if a file to write is one that is read, or is to be written twice.
fn collide(arguments: &Arguments) -> Result<(), String> {
    let trace = arguments
        .trace
        .iter()
        .map(|file| (file.as_path(), "a trace"));
    let picture = arguments
        .timeline
        .iter()
        .map(|file| (file.as_path(), "a picture"));
    let templates = std::iter::once(&arguments.template).chain(&arguments.environment);
    collisions::check(
        trace.chain(picture),
        templates.map(|file| (file.as_path(), "a template")),
    )
}

fn usage(message: &str, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Usage)
}

fn failure(message: &str, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Failure)
}

/// The tasks that the arguments name.
fn tasks(arguments: &Arguments) -> Result<Tasks, String> {
    if arguments.maximum_tasks == Some(0) {
        let message =
            "--maximum-tasks 0 would run nothing: give 1 or more, or leave it out to run all tasks";
        return Err(message.to_owned());
    }
    let parameters = match (arguments.task_param.as_slice(), &arguments.tasks) {
        ([], None) => None,
        ([], Some(sets)) => Some(sets.0.clone()),
        (pairs, _) => {
            let mut set = BTreeMap::new();
            for (name, value) in pairs {
                if set.insert(name.clone(), value.clone()).is_some() {
                    return Err(format!("--task-param gives '{name}' twice"));
                }
            }
            Some(vec![set])
        }
    };
    Ok(Tasks::Of(Selection {
        step: arguments.step.clone(),
        with_dependencies: arguments.run_dependencies,
        parameters,
        // As `openjd run` has it, -1 is all.
        maximum: arguments
            .maximum_tasks
            .and_then(|maximum| usize::try_from(maximum).ok())
            .filter(|maximum| *maximum > 0),
    }))
}

fn session(
    arguments: &Arguments,
    job: Job,
    mut site: Site,
    mut record: Record<'_>,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let mut summary = Summary::new(job.name(), arguments.step.as_deref());
    let mut log = Log::new(
        arguments.timestamp_format,
        arguments.raw_output,
        &mut *streams.out,
    );
    log.begin(job.name())?;
    let mut session = Session::new(job);
    let mut witnesses = Witnesses {
        log: &mut log,
        record: &mut record,
        summary: &mut summary,
    };
    let followed = site.run(&mut session, &mut witnesses);
    let cleanup = site.close();
    followed?;
    write!(streams.out, "{}", summary.with(&cleanup))?;
    streams.out.flush()?;
    let mut status = summary.status();
    if let (Some(path), Some(error)) = (&cleanup.kept, &cleanup.error) {
        let path = path.display();
        streams.error(format_args!("cannot remove `{path}`: {error}"))?;
        status = Status::Failure;
    }
    let recorded = record.finish(streams)?;
    Ok(status.max(recorded))
}

/// All that are told of a Session.
struct Witnesses<'w, 'o, 'r> {
    log: &'w mut Log<'o>,
    record: &'w mut Record<'r>,
    summary: &'w mut Summary,
}

impl Observer for Witnesses<'_, '_, '_> {
    fn observe(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        self.record.push(at, effect);
        self.summary.push(at, effect);
        self.log.push(at, effect)
    }

    fn rest(&mut self) -> io::Result<()> {
        self.record.flush();
        self.log.flush()
    }
}
