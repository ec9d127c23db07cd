//! Drops warnings about monitors that already have errors.

use super::context::Context;
use super::finding::Draft;
use super::rule::Level;
use crate::schema;
use crate::template::{Effective, Environment, Field, OVERRIDABLE, Path, Segment};
use std::collections::HashMap;

/// Drops the warnings that only concern effective monitors with errors.
pub(super) fn without_hidden_warnings(context: &Context<'_>, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let is_error =
        |draft: &Draft| context.settings.level(draft.rule, draft.level) == Some(Level::Error);
    let has_error = |draft: &&Draft| is_error(draft) && draft.rule.hides_warnings;
    let errors: Vec<Path> = drafts
        .iter()
        .filter(has_error)
        .map(|draft| draft.place.path().clone())
        .collect();
    if errors.is_empty() {
        return drafts;
    }
    let environments = context.environments.iter();
    let homes: HashMap<Path, &Environment<'_>> = environments
        .map(|environment| (environment.monitor_path(), environment))
        .collect();
    let keeps = |draft: &Draft| {
        let path = draft.place.path();
        let home = monitor_of(path).and_then(|monitor| homes.get(&monitor));
        is_error(draft)
            || home.is_none_or(|environment| concerns_a_sound_one(environment, path, &errors))
    };
    drafts.retain(keeps);
    drafts
}

/// The first `onMonitor` on the way to `path`.
fn monitor_of(path: &Path) -> Option<Path> {
    let is_monitor = |segment: &Segment| *segment == Segment::Key("onMonitor".to_owned());
    let end = path.segments().iter().position(is_monitor)?;
    Some(Path::root().join(&path.segments()[..=end]))
}

/// Returns true if an effective monitor that uses `path` has no error.
fn concerns_a_sound_one(environment: &Environment<'_>, path: &Path, errors: &[Path]) -> bool {
    let Some(monitor) = environment.monitor() else {
        return true;
    };
    // An error of the monitor itself, or of a key right below it, is one of every effective monitor.
    let own = environment.monitor_path();
    let is_own =
        |error: &Path| *error == own || error.parent().as_ref() == Some(&own) && !is_field(error);
    if errors.iter().any(is_own) {
        return false;
    }
    // What is in no field of a layer, such as a name in `scope`, concerns every effective monitor.
    let layers = monitor.layers();
    let is_of_all = !layers.iter().any(|layer| {
        let is_in = path.is_within(&layer.path) && *path != layer.path;
        is_in
            && path
                .segments()
                .get(layer.path.segments().len())
                .is_some_and(is_monitor_field)
    });
    let mut effective = monitor
        .slots()
        .into_iter()
        .map(|slot| monitor.effective(slot));
    effective.any(|effective| {
        let fields = fields(&effective);
        let has = |path: &Path| fields.iter().any(|field| path.is_within(&field.path));
        (has(path) || is_of_all) && !errors.iter().any(has)
    })
}

/// Returns true if a segment below a layer is a field of an effective monitor.
fn is_monitor_field(segment: &Segment) -> bool {
    matches!(segment, Segment::Key(key) if OVERRIDABLE.contains(&key.as_str()))
}

/// Returns true if the schema has the key at the end of `path` among a monitor's fields.
fn is_field(path: &Path) -> bool {
    let fields = &schema::MONITOR.document()["$defs"]["Monitor"]["properties"];
    path.last_key().is_some_and(|key| fields.get(key).is_some())
}

fn fields<'d>(effective: &Effective<'d>) -> Vec<Field<'d>> {
    let Effective {
        command,
        period,
        on_failure,
        failure_threshold,
        initial_delay,
        ..
    } = effective.clone();
    [
        command,
        period,
        on_failure,
        failure_threshold,
        initial_delay,
    ]
    .into_iter()
    .flatten()
    .collect()
}
