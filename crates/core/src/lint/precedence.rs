//! Drops warnings about monitors that already have errors.

use super::context::Context;
use super::finding::Draft;
use super::rule::Level;
use crate::schema;
use crate::template::{Effective, Field, Monitor, OVERRIDABLE, Path, PathSet, Segment};
use std::collections::HashMap;

/// Drops the warnings that only concern effective monitors with errors.
pub(super) fn without_hidden_warnings(context: &Context<'_>, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let is_error =
        |draft: &Draft| context.settings.level(draft.rule, draft.level) == Some(Level::Error);
    let has_error = |draft: &&Draft| is_error(draft) && draft.rule.hides_warnings;
    let mut errors: HashMap<Path, Vec<Path>> = HashMap::new();
    for draft in drafts.iter().filter(has_error) {
        if let Some(monitor) = monitor_of(draft.place.path()) {
            let path = draft.place.path().clone();
            errors.entry(monitor).or_default().push(path);
        }
    }
    let unsound: HashMap<Path, Unsound<'_>> = context
        .environments
        .iter()
        .filter_map(|environment| {
            let path = environment.monitor_path();
            let errors = errors.get(&path)?;
            Some((path, Unsound::new(&environment.monitor()?, errors)))
        })
        .collect();
    drafts.retain(|draft| {
        let path = draft.place.path();
        let home = || monitor_of(path).and_then(|monitor| unsound.get(&monitor));
        is_error(draft) || home().is_none_or(|monitor| monitor.concerns_a_sound_one(path))
    });
    drafts
}

/// The first `onMonitor` on the way to `path`.
fn monitor_of(path: &Path) -> Option<Path> {
    let is_monitor = |segment: &Segment| *segment == Segment::Key("onMonitor".to_owned());
    let end = path.segments().iter().position(is_monitor)?;
    Some(Path::root().join(&path.segments()[..=end]))
}

/// Monitor with errors.
struct Unsound<'d> {
    layers: Vec<Field<'d>>,
    /// The fields of the effective monitors without an error.
    sound: Vec<Vec<Field<'d>>>,
}

impl<'d> Unsound<'d> {
    fn new(monitor: &Monitor<'d>, errors: &[Path]) -> Self {
        // An error of the monitor itself, or of a key right below it that is no field, is one of every
        // effective monitor.
        let own = &monitor.path;
        let is_own =
            |error: &Path| error == own || error.parent().as_ref() == Some(own) && !is_field(error);
        let slots = match errors.iter().any(is_own) {
            true => Vec::new(),
            false => monitor.slots(),
        };
        let errors: PathSet = errors.iter().collect();
        let effective = slots
            .into_iter()
            .map(|slot| fields(monitor.effective(slot)));
        let is_sound =
            |fields: &Vec<Field<'_>>| !fields.iter().any(|field| errors.has_within(&field.path));
        Self {
            layers: monitor.layers(),
            sound: effective.filter(is_sound).collect(),
        }
    }

    /// Returns true if an effective monitor that uses `path` has no error.
    fn concerns_a_sound_one(&self, path: &Path) -> bool {
        // What is in no field of a layer, such as a name in `scope`, concerns every effective monitor.
        let is_of_all = !self.layers.iter().any(|layer| {
            let rest = path.segments().strip_prefix(layer.path.segments());
            rest.and_then(<[_]>::first).is_some_and(is_monitor_field)
        });
        let has = |fields: &Vec<Field<'_>>| fields.iter().any(|field| path.is_within(&field.path));
        self.sound.iter().any(|fields| is_of_all || has(fields))
    }
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

fn fields<'d>(effective: Effective<'d>) -> Vec<Field<'d>> {
    let Effective {
        command,
        period,
        on_failure,
        failure_threshold,
        initial_delay,
        ..
    } = effective;
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
