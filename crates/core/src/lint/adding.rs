//! Adds to each Environment the monitor that fits what it wraps or starts.

use super::context::Context;
use super::extensions;
use super::hooks;
use super::pass::Pass;
use super::settings::Settings;
use super::watchable::{self, Watchable};
use crate::template::{Change, Document, Edit, Environment, Home, MONITOR, Slot, TemplateKind};
use serde_json::{Value, json};
use thiserror::Error;

/// Monitors to add to a template.
#[derive(Debug, Default)]
pub struct Additions {
    /// The edits that add them, in order of position.
    pub edits: Vec<Edit>,
    /// The monitors.
    pub added: Vec<Addition>,
    /// For each Environment that gets none, although it has none: its name and the reason.
    pub missed: Vec<(String, Missed)>,
}

/// A monitor to add.
#[derive(Debug, PartialEq, Eq)]
pub struct Addition {
    /// Name of the Environment.
    pub environment: String,
    /// The thing that the monitor watches, in words.
    pub watched: String,
    /// `true` if the wrap hooks are added, too, so that the monitor watches tasks.
    pub has_new_hooks: bool,
}

/// The reason for which an Environment gets no monitor, with what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Missed {
    /// Nothing in its actions is known as something to watch.
    #[error(
        "nothing that a monitor could watch is recognized; looked for `docker exec`, `podman exec` and `apptainer exec \
         instance://NAME` in the wrap hooks, and in `onEnter` for a container or instance with a name, a container in a \
         variable or a file, `openjd_env: NAME=$!`, a pid file (`echo $! > FILE`, `--pidfile FILE`) and `--port NUMBER`; write \
         an `onMonitor` whose command exits with 0 as long as all is well, as `openjd-monitor init` does"
    )]
    Unrecognized,
    /// The tasks are wrapped by another Environment.
    #[error(
        "{watched} can be watched, but beside tasks only by the Environment that wraps them: write the check into the \
         `onMonitor` of `{wrapping}`"
    )]
    WrappedElsewhere {
        /// The thing to watch, in words.
        watched: String,
        /// Name of the Environment with the wrap hooks.
        wrapping: String,
    },
    /// No edit of the text adds the monitor.
    #[error(
        "the monitor cannot be written beside what is there (aliases or merge keys, or text in an unusual form); write it \
         by hand, as `openjd-monitor init` does"
    )]
    Unwritable,
}

/// Slots after which a monitor may come, the best first.
const PLACES: [Slot; 5] = [
    Slot::OnWrapEnvExit,
    Slot::OnExit,
    Slot::OnEnter,
    Slot::OnWrapTaskRun,
    Slot::OnWrapEnvEnter,
];

/// Returns the timeout for the check of a new monitor with this `period`, in seconds; less than the period (SCH-8).
pub fn proposed_timeout(period: i64) -> i64 {
    (period - 1).min(10)
}

/// Looks for the monitor of each Environment of a valid template that has none, with this `period`, in seconds, and
/// `failureThreshold`.
pub fn add_monitors(
    document: &Document,
    kind: TemplateKind,
    period: i64,
    threshold: i64,
) -> Additions {
    let settings = Settings::default();
    let context = Context::new(document, kind, &settings);
    let pass = Pass::new(&context);
    let mut additions = Additions::default();
    let mut changes = Vec::new();
    let mut needed = Vec::new();
    let mut with_new_hooks: Vec<&Environment<'_>> = Vec::new();
    for (environment, script) in context.environments.iter().zip(&pass.commands.scripts) {
        if environment
            .actions()
            .is_none_or(|actions| actions.contains_key("onMonitor"))
        {
            continue;
        }
        let name = environment.name().to_owned();
        // Only one Environment of a Session may have wrap hooks; those of different steps do not meet.
        let homes = [Home::Job, environment.home];
        let mut added = with_new_hooks.iter().copied();
        let added = added.find(|other| homes.contains(&other.home));
        let wrapping = context.wrapping.as_ref().or(added);
        let found = watchable::of(script)
            .ok_or(Missed::Unrecognized)
            .and_then(|found| {
                let change = change(&context, wrapping, environment, &found, period, threshold)?;
                Ok((found, change))
            });
        match found {
            Ok((found, change)) => {
                let has_new_hooks = !environment.wraps();
                if has_new_hooks {
                    with_new_hooks.push(environment);
                    needed.extend(hooks::EXTENSIONS);
                }
                changes.push(change);
                additions.added.push(Addition {
                    environment: name,
                    watched: found.what,
                    has_new_hooks,
                });
            }
            Err(reason) => additions.missed.push((name, reason)),
        }
    }
    if changes.is_empty() {
        return additions;
    }
    needed.push(MONITOR);
    let needed = extensions::missing(&context, needed);
    if !needed.is_empty() && extensions::can_be_listed(&context) {
        changes.push(extensions::listing(&context, &needed));
    }
    match document.edits(&Change::All(changes)) {
        Some(edits) => additions.edits = edits.list,
        None => {
            let added = additions.added.drain(..);
            let missed = added.map(|addition| (addition.environment, Missed::Unwritable));
            additions.missed.extend(missed);
        }
    }
    additions
}

/// Returns the change that adds the monitor, and the hooks if there are none; else the reason for which there is none.
fn change(
    context: &Context<'_>,
    wrapping: Option<&Environment<'_>>,
    environment: &Environment<'_>,
    found: &Watchable,
    period: i64,
    threshold: i64,
) -> Result<Change, Missed> {
    let wraps = environment.wraps();
    if let (false, Some(other)) = (wraps, wrapping) {
        return Err(Missed::WrappedElsewhere {
            watched: found.what.clone(),
            wrapping: other.name().to_owned(),
        });
    }
    let scope: Vec<_> = [Slot::OnWrapEnvEnter, Slot::OnWrapTaskRun]
        .into_iter()
        .filter(|slot| !wraps || environment.defines(*slot))
        .map(Slot::name)
        .collect();
    let mut command = found.command.clone();
    command["timeout"] = json!(proposed_timeout(period));
    let monitor = json!({
        "command": command,
        "period": period,
        "failureThreshold": threshold,
        "onFailure": "terminate",
        "scope": scope,
    });
    let hooks: Vec<(String, Value)> = match wraps {
        true => Vec::new(),
        false => hooks::passing_on().to_vec(),
    };
    let monitor = [("onMonitor".to_owned(), monitor)];
    let entries: Vec<_> = hooks.into_iter().chain(monitor).collect();
    let places = PLACES.into_iter().filter(|slot| environment.defines(*slot));
    let mut inserts = places.map(|slot| Change::Insert {
        after: environment.actions_path().key(slot.name()),
        entries: entries.clone(),
    });
    let can_be_made = |change: &Change| {
        let edits = context.document.edits(change);
        edits.is_some_and(|edits| edits.places == 1)
    };
    inserts.find(can_be_made).ok_or(Missed::Unwritable)
}
