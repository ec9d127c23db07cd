//! A description as JSON, version 1.

use super::Described;
use openjd_monitor_core::describe::{
    Cancelation, Hindrance, Monitor, Owner, Part, Quantity, Runs, Unwatched, Watch, Watcher,
};
use openjd_monitor_core::template::TemplateKind;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the descriptions as one document.
pub(super) fn write(all: &[Described], out: &mut dyn Write) -> io::Result<()> {
    let templates: Vec<_> = all.iter().map(template).collect();
    let document = json!({ "version": 1, "templates": templates });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn template(described: &Described) -> Value {
    let kind = match described.kind {
        TemplateKind::Job => "job",
        TemplateKind::Environment => "environment",
    };
    let parts = described.description.parts.iter().map(part);
    let monitors = described.description.monitors.iter().map(monitor);
    json!({
        "path": described.path,
        "kind": kind,
        "name": described.name,
        "parts": parts.collect::<Vec<_>>(),
        "monitors": monitors.collect::<Vec<_>>(),
    })
}

fn part(part: &Part) -> Value {
    let (environment, step) = match &part.owner {
        Owner::Environment(name) => (Some(name), None),
        Owner::Step(name) => (None, Some(name)),
        Owner::AnyEnvironment | Owner::AnyStep => (None, None),
    };
    let (runs, hook) = match &part.runs {
        Runs::Itself => ("itself", None),
        Runs::Hook(hook) => ("hook", Some(watcher(hook))),
        Runs::Nothing => ("nothing", None),
    };
    let reason = part.watched.as_ref().err().map(|why| match why {
        Unwatched::Nothing => "nothing-runs",
        Unwatched::NotWrapped => "not-wrapped",
        Unwatched::NoMonitor(_) => "no-monitor",
        Unwatched::OutOfScope(_) => "out-of-scope",
    });
    json!({
        "action": part.action,
        "environment": environment,
        "step": step,
        "runs": runs,
        "hook": hook,
        "monitoredBy": part.watched.as_ref().ok().map(|watcher| &watcher.environment),
        "unmonitoredBecause": reason,
        "shadowed": part.is_shadowed,
    })
}

fn watcher(watcher: &Watcher) -> Value {
    json!({ "environment": watcher.environment, "slot": watcher.slot.name() })
}

fn monitor(monitor: &Monitor) -> Value {
    let left_out = monitor.left_out.iter().map(|slot| slot.name());
    json!({
        "environment": monitor.environment,
        "slots": monitor.watches.iter().map(watch).collect::<Vec<_>>(),
        "outOfScope": left_out.collect::<Vec<_>>(),
    })
}

fn watch(watch: &Watch) -> Value {
    let notice = watch
        .notice
        .map(|notice| json!({ "least": notice.least, "most": notice.most }));
    let (method, period) = match &watch.cancelation {
        Cancelation::Terminate => ("TERMINATE", None),
        Cancelation::NotifyThenTerminate(period) => {
            ("NOTIFY_THEN_TERMINATE", Some(quantity(period)))
        }
        Cancelation::Deferred(mode) => (mode.as_str(), None),
    };
    let hindrance = watch.hindrance.map(|hindrance| match hindrance {
        Hindrance::CheckTimeout => "check-timeout",
        Hindrance::NoCheck => "no-check",
        Hindrance::NoFiring => "no-firing",
    });
    json!({
        "slot": watch.slot.name(),
        "check": watch.check,
        "firstCheck": quantity(&watch.first_check),
        "period": quantity(&watch.period),
        "checkTimeout": quantity(&watch.check_timeout),
        "failureThreshold": quantity(&watch.threshold),
        "onFailure": watch.on_failure.name(),
        "actsAs": watch.acts_as.name(),
        "failuresToFire": watch.failures_to_fire,
        "timeToNotice": notice,
        "actionTimeout": watch.action_timeout.as_ref().map(quantity),
        "cancelation": { "mode": method, "notifyPeriod": period },
        "hindrance": hindrance,
    })
}

fn quantity(quantity: &Quantity) -> Value {
    json!({
        "value": quantity.value,
        "written": quantity.written,
        "byDefault": quantity.is_by_default,
    })
}
