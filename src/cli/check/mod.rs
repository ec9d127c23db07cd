//! `openjd-monitor check`.

mod arguments;
mod baseline;
mod checking;
mod fixing;
mod stack;

pub(super) use arguments::Arguments;

use super::collisions::{self, Collision};
use super::files::{self, Input};
use super::{Status, Streams, atomic};
use crate::config::{self, Configs, Reason};
use crate::report::{self, Report, Style};
use baseline::Baseline;
use checking::{Candidate, Doubt, Outcome, check_all};
use stack::Stack;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let found = files::find(&arguments.paths, arguments.stdin_filename.as_deref());
    let stack = Stack::read(&arguments.environment);
    let mut configs = Configs::new(&arguments.choice());
    let inside = found.inputs.iter().filter(|input| !stack.has(input));
    let inputs = stack.inputs().chain(inside);
    let candidates: Vec<Candidate<'_>> = inputs
        .map(|input| (input, configs.of(input.path())))
        .collect();
    if !configs.failures().is_empty() {
        return refuse(configs.failures(), arguments, streams);
    }
    let (excluded, candidates): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|(_, configured)| configured.is_excluded());
    for (input, _) in &excluded {
        arguments.fixing.pass_over(input, streams.out)?;
    }
    let mut report = Report {
        folder: std::env::current_dir().unwrap_or_default(),
        ..Report::default()
    };
    let known = arguments.baseline.as_deref();
    let mut known = match known.map(|file| Baseline::read(&report, file)).transpose() {
        Ok(known) => known,
        Err(error) => {
            streams.error(error)?;
            return Ok(Status::Usage);
        }
    };
    let mut failures = found.failures;
    failures.extend(stack.failures.iter().cloned());
    let mut notes = Vec::new();
    let outcomes = check_all(&candidates, &stack, arguments);
    if let Err(error) = check_collisions(&candidates, &outcomes, &configs, arguments) {
        streams.error(error)?;
        return Ok(Status::Usage);
    }
    for ((input, _), outcome) in candidates.iter().zip(outcomes) {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                failures.push(format!("cannot read `{}`: {error}", input.name));
                continue;
            }
        };
        let fixed = outcome.fixed.as_ref();
        let finish = |before| arguments.fixing.finish(input, before, fixed, streams.out);
        let finished = outcome.before.as_ref().map_or(Ok(()), finish);
        let template = match finished {
            Ok(()) => outcome.fixed.or(outcome.template),
            Err(error) => {
                failures.push(format!("cannot fix `{}`: {error}", input.name));
                outcome.template
            }
        };
        match (template, outcome.doubt) {
            (Some(template), _) => report.templates.push(template),
            (None, None) => report.skipped += 1,
            (None, Some(doubt)) => {
                report.skipped += 1;
                let message = unchecked(&input.name, doubt);
                match arguments.names(input) && !arguments.allow_empty {
                    true => failures.push(message),
                    false => notes.push(message),
                }
            }
        }
    }
    if report.templates.is_empty() && failures.is_empty() && !arguments.allow_empty {
        failures.push(no_template(report.skipped, excluded.len()));
    }
    if let Some(file) = &arguments.write_baseline {
        let new = Baseline::of(&report, file);
        match new.write(file) {
            Ok(()) => known = Some(new),
            Err(error) => failures.push(format!("cannot write `{}`: {error}", file.display())),
        }
    }
    if let Some(known) = &mut known {
        known.apply(&mut report);
        notes.extend(known.remaining(
            &report,
            candidates.iter().map(|(input, _)| input.name.as_str()),
        ));
    }
    let has_text = arguments.fixing.fix && found.inputs.iter().any(Input::is_stdin);
    let out = if has_text {
        streams.raw_err()?
    } else {
        streams.out.raw()?
    };
    failures.extend(write_reports(&report, arguments, out)?);
    // On a terminal, what was found comes before what went wrong.
    streams.out.flush()?;
    if !arguments.quiet {
        for note in notes {
            streams.note(note)?;
        }
    }
    for failure in &failures {
        streams.error(failure)?;
    }
    let is_bad = match arguments.fixing.diff {
        true => report.fixed() > 0,
        false => arguments.fails(report.worst()),
    };
    Ok(match (failures.is_empty(), is_bad) {
        (false, _) => Status::Failure,
        (true, true) => Status::Findings,
        (true, false) => Status::Clean,
    })
}

/// Fails if a file to write is one that was read. A file of a walked directory that is no template may be replaced: it
/// may be the report of the last run.
fn check_collisions(
    candidates: &[Candidate<'_>],
    outcomes: &[io::Result<Outcome>],
    configs: &Configs,
    arguments: &Arguments,
) -> Result<(), Collision> {
    let templates = candidates
        .iter()
        .zip(outcomes)
        .filter(|((input, _), outcome)| {
            let is_template = outcome
                .as_ref()
                .is_ok_and(|outcome| outcome.template.is_some());
            is_template && !input.is_stdin()
        });
    let templates = templates.map(|((input, _), _)| (input.path(), "a template"));
    let named = arguments.paths.iter().map(|path| match path.to_str() {
        // Which may come from a file.
        Some("-") => (Path::new("/dev/stdin"), "a file to check"),
        _ => (path.as_path(), "a file to check"),
    });
    let configs = configs
        .files()
        .iter()
        .map(|file| (file.as_path(), "a configuration"));
    let baseline = arguments
        .baseline
        .iter()
        .map(|file| (file.as_path(), "the baseline"));
    let new_baseline = arguments.write_baseline.iter();
    let new_baseline = new_baseline.map(|file| (file.as_path(), "the new baseline"));
    collisions::check(
        arguments.outputs.written().chain(new_baseline),
        templates.chain(named).chain(configs).chain(baseline),
    )
}

/// Writes the reports. Returns a message for each file that could not be written.
fn write_reports(
    report: &Report,
    arguments: &Arguments,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let outputs = &arguments.outputs;
    if outputs.has_stdout() && !arguments.fixing.diff {
        let style = Style {
            links: supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            ..arguments.style(&io::stdout(), outputs.stdout)
        };
        report::write(report, style, out)?;
    }
    let mut failures = Vec::new();
    for (path, format) in &outputs.files {
        let style = arguments.style_of_file(*format);
        if let Err(error) = atomic::replace(path, |out| report::write(report, style, out)) {
            failures.push(format!("cannot write `{}`: {error}", path.display()));
        }
    }
    Ok(failures)
}

/// Formats the message for a file of which it is not known whether it is a template.
fn unchecked(name: &str, doubt: Doubt) -> String {
    match doubt {
        Doubt::TooLarge(limit) => format!(
            "`{name}` is not checked: it is larger than {limit} bytes, and the start of it is no template; raise \
             `max-template-size` if it is one"
        ),
        Doubt::NoText => format!(
            "`{name}` is not checked: it is no text in UTF-8; save it as UTF-8 if it is a template"
        ),
    }
}

/// Formats the error for a run without templates, with the numbers of files that were read and excluded.
fn no_template(read: usize, excluded: usize) -> String {
    let read = match read {
        1 => "the 1 file that was read".to_owned(),
        files => format!("the {files} files that were read"),
    };
    let excluded = match excluded {
        0 => String::new(),
        files => format!(", {files} more being excluded"),
    };
    format!(
        "there is no template among {read}{excluded} (a template's `specificationVersion` starts with \
         `jobtemplate-` or `environment-`); --allow-empty makes this a success"
    )
}

/// Reports configurations that cannot be used.
fn refuse(
    failures: &[config::Failure],
    arguments: &Arguments,
    streams: &mut Streams<'_>,
) -> io::Result<Status> {
    for config::Failure { path, reason } in failures {
        match reason {
            Reason::Unreadable(error) => {
                streams.error(format_args!("cannot read `{path}`: {error}"))?
            }
            Reason::Wrong(source, problems) => {
                let style = arguments.style(&io::stderr(), None);
                report::write_problems(path, source, problems, style, streams.raw_err()?)?;
            }
        }
    }
    Ok(Status::Usage)
}
