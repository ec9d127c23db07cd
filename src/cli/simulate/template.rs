//! A question about a template.

mod effect;

use super::{Arguments, Format, Writer};
use crate::cli::picture::Picture;
use crate::cli::{Status, Streams, parameters, templates};
use openjd_monitor_core::session::{
    ActionName, Host, Job, Request, Selection, Session, Tasks, Time, any_job,
};
use openjd_monitor_core::simulate::{
    GaveUp, WORKING_DIRECTORY, WhatIf, WhatIfAnswer, check_template, simulate_up_to,
};
use openjd_monitor_core::template::{Document, Path, TemplateKind};
use std::io::{self, Write};
use std::num::ParseFloatError;
use std::path::PathBuf;
use std::time::{Duration, TryFromFloatSecsError};
use thiserror::Error;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "For a template")]
pub(super) struct Question {
    /// An environment template to put around the job; repeatable, outermost first
    #[arg(long, value_name = "FILE")]
    pub environment: Vec<PathBuf>,

    #[command(flatten)]
    pub parameters: parameters::OfJob,

    /// Run the tasks of this step only
    #[arg(long, value_name = "NAME")]
    step: Option<String>,

    /// The actions in this slot (onRun for a task that nothing wraps) hang; repeatable
    #[arg(long, value_name = "SLOT", value_parser = slot)]
    hang: Vec<String>,

    /// The actions in this slot take so long; repeatable
    #[arg(long, value_name = "SLOT=SECONDS", value_parser = slot_and_seconds)]
    take: Vec<(String, Time)>,

    /// Checks that start at or after this second of the session exit with status 1
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    fail_from: Option<Time>,

    /// Checks that start at or after this second of the session hang, until their timeout ends them
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    hang_checks_from: Option<Time>,

    /// Duration of each check [default: 0]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    check_takes: Option<Time>,

    /// Actions that hang go on when they are notified, until they are killed
    #[arg(long)]
    ignore_notify: bool,
}

impl Question {
    /// The first of the options that is given.
    pub fn first_option(&self) -> Option<&'static str> {
        let given = [
            (!self.environment.is_empty(), "--environment"),
            (self.parameters.are_given(), "--job-param"),
            (self.step.is_some(), "--step"),
            (!self.hang.is_empty(), "--hang"),
            (!self.take.is_empty(), "--take"),
            (self.fail_from.is_some(), "--fail-from"),
            (self.hang_checks_from.is_some(), "--hang-checks-from"),
            (self.check_takes.is_some(), "--check-takes"),
            (self.ignore_notify, "--ignore-notify"),
        ];
        given
            .into_iter()
            .find(|(is_given, _)| *is_given)
            .map(|(_, name)| name)
    }

    fn what_if(&self) -> WhatIf {
        WhatIf {
            hangs: self.hang.clone(),
            takes: self.take.iter().cloned().collect(),
            fail_from: self.fail_from,
            hang_checks_from: self.hang_checks_from,
            check_takes: self.check_takes.unwrap_or_default(),
            ignores_notify: self.ignore_notify,
        }
    }
}

/// Error in the value of an option.
#[derive(Debug, Error)]
enum BadOption {
    #[error("a slot is one of {0}")]
    Slot(String),
    #[error("write a number of seconds")]
    NoNumber(#[from] ParseFloatError),
    #[error(transparent)]
    Seconds(#[from] TryFromFloatSecsError),
    #[error("write SLOT=SECONDS")]
    NoPair,
}

fn slot(text: &str) -> Result<String, BadOption> {
    let names: Vec<_> = ActionName::slots().collect();
    match names.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(BadOption::Slot(names.join(", "))),
    }
}

fn seconds(text: &str) -> Result<Time, BadOption> {
    let time = Duration::try_from_secs_f64(text.parse()?)?;
    Ok(Time::from_millis(
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
    ))
}

fn slot_and_seconds(text: &str) -> Result<(String, Time), BadOption> {
    let (name, time) = text.split_once('=').ok_or(BadOption::NoPair)?;
    Ok((slot(name)?, seconds(time)?))
}

pub(super) fn run(
    arguments: &Arguments,
    name: &str,
    kind: TemplateKind,
    document: &Document,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let question = &arguments.question;
    if let Err(bad) = check_template(document, &Path::root(), kind) {
        return templates::diagnose(name, bad, streams);
    }
    let outer = match templates::environments(&question.environment, streams)? {
        Ok(documents) => documents,
        Err(status) => return Ok(status),
    };
    let around_nothing = any_job();
    let outer = outer.iter().map(|document| document.value());
    let (template, environments): (_, Vec<_>) = match kind {
        TemplateKind::Job => (document.value(), outer.collect()),
        TemplateKind::Environment => (&around_nothing, outer.chain([document.value()]).collect()),
    };
    let request = Request {
        template,
        environments,
        parameters: question.parameters.all(),
        tasks: Tasks::Of(Selection {
            step: question.step.clone(),
            ..Selection::default()
        }),
        host: Host::simple(WORKING_DIRECTORY),
    };
    let job = match Job::create(&request) {
        Ok(job) => job,
        Err(error) => return templates::refuse(&error, streams),
    };
    if let Some(message) = effect::missing(question, &job, || Job::create(&request).ok()) {
        return super::usage(streams, message);
    }
    answer(arguments, name, job, streams)
}

fn answer(
    arguments: &Arguments,
    name: &str,
    job: Job,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    let (question, format) = (&arguments.question, arguments.format);
    let mut what_if = question.what_if();
    let mut answer = WhatIfAnswer::new(&what_if, job.schedules());
    let mut writer = Writer::new(format, streams.out);
    let mut picture = Picture::new(arguments.timeline.as_deref(), name);
    let limit = arguments.max_events;
    let ended = simulate_up_to(
        limit,
        Session::new(job),
        &mut what_if,
        &[],
        &mut |at, effect| {
            answer.push(at, effect);
            picture.push(at, effect);
            writer.push(at, effect)
        },
    )?;
    writer.end()?;
    if format == Format::Text {
        writeln!(streams.out, "\n{answer}")?;
    }
    let status = match ended {
        Ok(()) => Status::Clean,
        Err(gave_up) => {
            match format {
                Format::Text => writeln!(streams.out, "Given up: {gave_up}.")?,
                Format::Json => streams.error(format_args!("given up: {gave_up}"))?,
            }
            match gave_up {
                // That nothing ends what hangs is an answer.
                GaveUp::Stuck(_) => Status::Clean,
                GaveUp::TooLong | GaveUp::TooManyEvents(_) => Status::Failure,
            }
        }
    };
    let drawn = picture.write(streams)?;
    Ok(match status {
        Status::Clean => drawn,
        _ => status,
    })
}
