//! Drops warnings about monitors that already have errors.

use super::context::Context;
use super::finding::Draft;
use super::monitored::Monitored;
use super::rule::Level;
use crate::schema;
use crate::template::{Effective, Field, OVERRIDABLE, Path, PathSet, Segment};
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
    let unsound: HashMap<Path, Unsound<'_, '_>> = context
        .monitors
        .iter()
        .filter_map(|monitored| {
            let path = &monitored.monitor.path;
            Some((path.clone(), Unsound::new(monitored, errors.get(path)?)))
        })
        .collect();
    drafts.retain(|draft| {
        let path = draft.place.path();
        let home = || monitor_of(path).and_then(|monitor| unsound.get(&monitor));
        is_error(draft) || home().is_none_or(|monitor| monitor.concerns_a_sound_one(path))
    });
    drafts
}

/// Returns the path of the outermost `onMonitor` around `path`.
fn monitor_of(path: &Path) -> Option<Path> {
    let is_monitor = |segment: &Segment| *segment == Segment::Key("onMonitor".into());
    let end = path.segments().iter().position(is_monitor)?;
    Some(Path::root().join(&path.segments()[..=end]))
}

/// Monitor with errors.
struct Unsound<'m, 'd> {
    layers: Vec<Field<'d>>,
    /// The effective monitors without an error.
    sound: Vec<&'m Effective<'d>>,
}

impl<'m, 'd> Unsound<'m, 'd> {
    fn new(monitored: &'m Monitored<'d>, errors: &[Path]) -> Self {
        // An error of the monitor itself, or of a key right below it that is no field, is one of every
        // effective monitor.
        let own = &monitored.monitor.path;
        let is_own =
            |error: &Path| error == own || error.parent().as_ref() == Some(own) && !is_field(error);
        let slots = match errors.iter().any(is_own) {
            true => &[],
            false => monitored.slots.as_slice(),
        };
        let errors: PathSet = errors.iter().collect();
        let has_error = |field: &Field<'_>| errors.has_within(&field.path);
        let is_sound = |monitor: &&Effective<'_>| !monitor.fields().any(has_error);
        Self {
            layers: monitored.monitor.layers(),
            sound: slots.iter().filter(is_sound).collect(),
        }
    }

    /// Returns true if an effective monitor that uses `path` has no error.
    fn concerns_a_sound_one(&self, path: &Path) -> bool {
        // A finding outside of these fields, such as on a name in `scope`, concerns every effective monitor.
        let is_of_all = !self.layers.iter().any(|layer| {
            let rest = path.segments().strip_prefix(layer.path.segments());
            rest.and_then(<[_]>::first).is_some_and(is_monitor_field)
        });
        let is_in = |field: &Field<'_>| path.is_within(&field.path);
        let mut sound = self.sound.iter();
        sound.any(|monitor| is_of_all || monitor.fields().any(is_in))
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
