//! `openjd-monitor add-monitor`.

use super::files;
use super::pace::Pace;
use super::{Status, Streams, templates};
use openjd_monitor_core::lint::{Additions, add_monitors};
use openjd_monitor_core::simulate::any_template;
use openjd_monitor_core::template::{Edit, limits, load};
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The template, or `-` for standard input, which goes to standard output with the monitor
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// Show the change as a unified diff, and change nothing
    #[arg(long)]
    diff: bool,

    #[command(flatten)]
    pace: Pace,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let path = &arguments.path;
    if path.is_dir() {
        streams.error(format_args!(
            "`{}` is a folder: name a template",
            path.display()
        ))?;
        return Ok(Status::Usage);
    }
    let found = files::find(std::slice::from_ref(path), None);
    let Some(input) = found.inputs.first() else {
        return Ok(Status::Failure);
    };
    let name = &input.name;
    let before = match input.snapshot(limits::DEFAULT_MAX_BYTES) {
        Ok(before) => before,
        Err(error) => {
            streams.error(format_args!("cannot read `{name}`: {error}"))?;
            return Ok(Status::Failure);
        }
    };
    let (kind, document) = match templates::any(input, &before.bytes, streams)? {
        Ok(template) => template,
        Err(status) => return Ok(status),
    };
    let pace = &arguments.pace;
    let additions = add_monitors(&document, kind, pace.period(), pace.failures());
    let old = document.source().text();
    let new = Edit::apply(&additions.edits, old);
    // What is added must leave the template a valid one.
    let loaded = load(new.as_bytes(), input.syntax, limits::DEFAULT_MAX_BYTES);
    if let Err(invalid) = any_template(loaded) {
        return templates::diagnose(name, invalid, streams).map(|_| Status::Failure);
    }
    let is_changed = new != old;
    if arguments.diff {
        files::write_diff(name, old, &new, streams.out)?;
    } else if input.is_stdin() {
        streams.out.raw()?.write_all(new.as_bytes())?;
    } else if is_changed && let Err(error) = before.replace(new.as_bytes()) {
        streams.error(format_args!("cannot change `{name}`: {error}"))?;
        return Ok(Status::Failure);
    }
    streams.out.flush()?;
    say(&additions, name, arguments.diff, streams)?;
    Ok(match additions.missed.is_empty() {
        false => Status::Failure,
        true if arguments.diff && is_changed => Status::Findings,
        true => Status::Clean,
    })
}

/// Says what was added, and what not.
fn say(
    additions: &Additions,
    name: &str,
    is_diff: bool,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    for added in additions.added.iter().filter(|_| !is_diff) {
        let hooks = match added.has_new_hooks {
            true => ", and gets the hooks that run tasks in it",
            false => "",
        };
        streams.note(format_args!(
            "{name}: the monitor of `{}` watches {}{hooks}",
            added.environment, added.watched
        ))?;
    }
    for (environment, reason) in &additions.missed {
        streams.error(format_args!("{name}: `{environment}`: {reason}"))?;
    }
    if additions.added.is_empty() && additions.missed.is_empty() {
        streams.note(format_args!(
            "{name}: there is no Environment without a monitor whose actions one could watch"
        ))?;
    }
    Ok(())
}
