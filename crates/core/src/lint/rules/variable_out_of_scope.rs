//! `variable-out-of-scope`: a variable that not every monitored slot has (VAR-2).

use crate::lint::fact::{Fact, FactKind, Gap};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling::slot_names;
use crate::template::{Change, Monitor, Slot};

pub(super) static RULE: Rule = rule!(
    "variable-out-of-scope",
    Error,
    "a variable in a monitor that not every monitored slot has",
    ["VAR-2", "SCH-5"]
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    match &fact.kind {
        FactKind::OutOfScope(gap) => Some(draft(fact.place.clone(), gap)),
        FactKind::OutOfScopeInNumber { field, name } => {
            let message =
                format!("`{name}` is in scope in the commands of a monitor, but not in `{field}`");
            let help =
                "use a job parameter (`Param.…`, `RawParam.…` for a path) or write the number";
            Some(Draft::new(&RULE, fact.place.clone(), message).help(help))
        }
        _ => None,
    }
}

fn draft(place: Place, gap: &Gap<'_>) -> Draft {
    let Gap {
        written,
        name,
        missing,
        having,
        environment,
        monitor,
    } = gap;
    let meaning = if written == name {
        String::new()
    } else {
        format!(" (accepted as `{name}`)")
    };
    let message = format!(
        "`{written}`{meaning} is not in scope in {}, which this command monitors",
        slot_names(missing)
    );
    let mut draft = Draft::new(&RULE, place, message);
    let watched: Vec<_> = monitor
        .slots()
        .into_iter()
        .filter(|slot| having.contains(slot))
        .collect();
    for slot in environment.slots() {
        let key = Place::Key(environment.actions_path().key(slot.name()));
        if missing.contains(&slot) {
            draft = draft.related(key, format!("`{}` does not have it", slot.name()));
        } else if having.contains(&slot) {
            draft = draft.related(key, format!("`{}` has it", slot.name()));
        }
    }
    let help = if !watched.is_empty() {
        draft.fix = narrowing(monitor, missing, &watched);
        let scope: Vec<_> = watched.iter().map(|slot| slot.name()).collect();
        format!(
            "narrow the monitor with `scope: [{}]`, or give {} another `command` in `overrides`",
            scope.join(", "),
            slot_names(missing)
        )
    } else {
        let defined: Vec<_> = having
            .iter()
            .copied()
            .filter(|&slot| environment.defines(slot))
            .collect();
        match defined.as_slice() {
            [] if having.len() == 1 => {
                format!(
                    "only {} has it, and this Environment does not define that action",
                    slot_names(having)
                )
            }
            [] => format!(
                "only {} have it, and this Environment defines none of these actions",
                slot_names(having)
            ),
            _ => format!(
                "put {} in `scope` instead of {}: the variable is in scope there",
                slot_names(&defined),
                slot_names(missing)
            ),
        }
    };
    draft.help(help)
}

/// Returns the fix that narrows the monitor to the slots `watched`, if none of the others has an override.
fn narrowing(monitor: &Monitor<'_>, missing: &[Slot], watched: &[Slot]) -> Option<Proposal> {
    let is_of_missing =
        |name: &&str| Slot::from_name(name).is_some_and(|slot| missing.contains(&slot));
    if monitor.override_names().iter().any(is_of_missing) {
        return None;
    }
    let change = match monitor.scope() {
        Some(names) => {
            let going = names.into_iter().filter(|(_, name)| is_of_missing(name));
            Change::Remove(going.map(|(path, _)| path).collect())
        }
        None => Change::Insert {
            after: monitor.base().child("period")?.path,
            entries: vec![(
                "scope".to_owned(),
                watched.iter().map(|slot| slot.name()).collect(),
            )],
        },
    };
    let title = format!("narrow `scope` to {}", slot_names(watched));
    Some(Proposal::not_safe(title, change))
}
