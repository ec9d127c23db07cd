//! Detection of monitors outside of the `actions` of an Environment (SCH-1).

use super::spelling;
use crate::template::draft_names::is_or_below;
use crate::template::{Environment, Path, Segment, is_field, visit};
use serde_json::Value;
use std::collections::HashSet;

/// Variable of a design that was rejected.
pub(crate) const TASK_MONITOR: &str = "Task.Monitor";

/// Length of the shortest misspelling of `onMonitor`, in bytes; those of `monitorCommand` are longer.
const SHORTEST: usize = 6;

/// Returns the paths of the keys of misplaced monitors, without those inside another one.
pub(crate) fn keys(document: &Value, environments: &[Environment<'_>]) -> Vec<Path> {
    let homes: HashSet<Path> = environments.iter().map(Environment::actions_path).collect();
    let homes: HashSet<&[Segment]> = homes.iter().map(Path::segments).collect();
    let mut found: Vec<Path> = Vec::new();
    visit(document, &mut |path, _| {
        let [parent @ .., Segment::Key(key)] = path.segments() else {
            return;
        };
        if key.len() < SHORTEST {
            return;
        }
        // Most keys are fields, which are no misspellings.
        if is_field(key) && key != "onMonitor" {
            return;
        }
        let is_monitor = spelling::is_near(key, "onMonitor");
        if !is_monitor && !spelling::is_near(key, "monitorCommand") {
            return;
        }
        let is_home = is_monitor && homes.contains(parent);
        let is_inside = (0..parent.len()).any(|length| {
            homes.contains(&parent[..length]) && parent[length] == Segment::Key("onMonitor".into())
        });
        // Authors choose the keys of `variables` freely.
        let is_own_name = matches!(parent.last(), Some(Segment::Key(key)) if key == "variables" || key == "extensions");
        let is_nested = found.last().is_some_and(|outer| path.is_within(outer));
        if !is_home && !is_inside && !is_own_name && !is_nested && !is_in_wrong_shape(parent) {
            found.push(path.clone());
        }
    });
    found
}

/// Returns true if a mapping stands on the way where a list of Environments belongs, or a list where they have a mapping:
/// what is in it may be in its place once that is mended.
fn is_in_wrong_shape(parent: &[Segment]) -> bool {
    let mut steps = parent.iter().zip(parent.iter().skip(1));
    steps.any(|(owner, step)| match (owner, step) {
        (Segment::Key(owner), Segment::Key(_)) => {
            ["jobEnvironments", "stepEnvironments"].contains(&owner.as_str())
        }
        (Segment::Key(owner), Segment::Index(_)) => {
            ["environment", "script", "actions"].contains(&owner.as_str())
        }
        _ => false,
    })
}

/// Returns true if `name` is [`TASK_MONITOR`] or an attribute of it.
pub(crate) fn is_task_monitor(name: &str) -> bool {
    is_or_below(name, TASK_MONITOR)
}
