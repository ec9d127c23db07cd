//! Creates the job, runs its Session and returns the exit status.

use super::Arguments;
use super::log::Log;
use super::record::Record;
use super::summary::Summary;
use crate::cli::collisions::{self, Collision};
use crate::cli::{Status, Streams, templates};
use crate::run::{Observer, Site};
use openjd_monitor_core::session::{Effect, Job, Request, Selection, Session, Tasks, Time};
use openjd_monitor_core::shown::Shown;
use openjd_monitor_core::template::{Document, TemplateKind};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use thiserror::Error;

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let tasks = match tasks(arguments) {
        Ok(tasks) => tasks,
        Err(error) => return usage(error, streams),
    };
    let template = match templates::read(&arguments.template, TemplateKind::Job, streams)? {
        Ok(document) => document,
        Err(status) => return Ok(status),
    };
    let outer = match templates::environments(&arguments.environment, streams)? {
        Ok(documents) => documents,
        Err(status) => return Ok(status),
    };
    if let Err(error) = check_collisions(arguments) {
        return usage(error, streams);
    }
    let site = match Site::new(arguments.preserve) {
        Ok(site) => site,
        Err(error) => return failure(format!("cannot prepare the run: {error}"), streams),
    };
    let folder = arguments.template.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    let rules = arguments.path_mapping_rules.clone();
    let rules = rules.map(|rules| rules.value).unwrap_or_default();
    let host = match site.host(folder.unwrap_or(Path::new(".")), rules) {
        Ok(host) => host,
        Err(error) => return failure(format!("cannot run here: {error}"), streams),
    };
    let job = Job::create(&Request {
        template: template.value(),
        environments: outer.iter().map(Document::value).collect(),
        parameters: arguments.parameters.all(),
        tasks,
        host,
    });
    match job {
        // No file is written for a job that is refused.
        Ok(job) => match Record::new(arguments) {
            Ok(record) => session(arguments, job, site, record, streams),
            Err(error) => failure(error, streams),
        },
        Err(error) => templates::refuse(&error, streams),
    }
}

/// Fails if a file to write is one that is read, or is to be written twice.
fn check_collisions(arguments: &Arguments) -> Result<(), Collision> {
    let trace = arguments
        .trace
        .iter()
        .map(|file| (file.as_path(), "a trace"));
    let picture = arguments
        .timeline
        .iter()
        .map(|file| (file.as_path(), "a picture"));
    // Standard output may be redirected to a file.
    let log = std::iter::once((Path::new("/dev/stdout"), "the log"));
    let templates = std::iter::once(&arguments.template).chain(&arguments.environment);
    let templates = templates.map(|file| (file.as_path(), "a template"));
    let tasks = arguments
        .tasks
        .iter()
        .filter_map(|given| given.file.as_deref())
        .map(|file| (file, "the list of tasks"));
    let rules = arguments
        .path_mapping_rules
        .iter()
        .filter_map(|given| given.file.as_deref())
        .map(|file| (file, "the path mapping rules"));
    let parameters = arguments.parameters.files();
    let parameters = parameters.map(|file| (file, "a file of parameters"));
    collisions::check(
        trace.chain(picture).chain(log),
        templates.chain(parameters).chain(tasks).chain(rules),
    )
}

fn usage(message: impl Display, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Usage)
}

fn failure(message: impl Display, streams: &mut Streams<'_>) -> io::Result<Status> {
    streams.error(message)?;
    Ok(Status::Failure)
}

/// Error in the selection of tasks.
#[derive(Debug, Error)]
enum SelectionError {
    #[error(
        "--maximum-tasks 0 would run nothing: give 1 or more, or leave it out to run all tasks"
    )]
    NoTasks,
    #[error("--task-param gives '{0}' twice")]
    Twice(String),
}

/// Returns the tasks that the arguments select.
fn tasks(arguments: &Arguments) -> Result<Tasks, SelectionError> {
    if arguments.maximum_tasks == Some(0) {
        return Err(SelectionError::NoTasks);
    }
    let parameters = match (arguments.task_param.as_slice(), &arguments.tasks) {
        ([], None) => None,
        ([], Some(sets)) => Some(sets.value.clone()),
        (pairs, _) => {
            let mut set = BTreeMap::new();
            for (name, value) in pairs {
                if set.insert(name.clone(), value.clone()).is_some() {
                    return Err(SelectionError::Twice(name.clone()));
                }
            }
            Some(vec![set])
        }
    };
    Ok(Tasks::Of(Selection {
        step: arguments.step.clone(),
        with_dependencies: arguments.run_dependencies,
        parameters,
        // -1 means all, as with `openjd run`.
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
    let mut observers = Observers {
        log: &mut log,
        record: &mut record,
        summary: &mut summary,
    };
    let observed = site.run(&mut session, &mut observers);
    let mut cleanup = site.close();
    for (name, _) in cleanup.killed.iter_mut().chain(&mut cleanup.alive) {
        *name = Shown::line(&session.redact_name(name)).to_string();
    }
    observed?;
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

/// Observers of a Session.
struct Observers<'w, 'o, 'r> {
    log: &'w mut Log<'o>,
    record: &'w mut Record<'r>,
    summary: &'w mut Summary,
}

impl Observer for Observers<'_, '_, '_> {
    fn observe(&mut self, at: Time, effect: &Effect) -> io::Result<()> {
        self.record.push(at, effect);
        self.summary.push(at, effect);
        self.log.push(at, effect)
    }

    fn on_idle(&mut self) -> io::Result<()> {
        self.record.flush();
        self.log.flush()
    }
}
