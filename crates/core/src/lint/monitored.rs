//! The monitors of a template, each with its effective monitor in every slot (SCH-4).

use crate::template::{Effective, Environment, Field, Monitor, Path, Slot};

/// An Environment with a monitor.
pub(crate) struct Monitored<'d> {
    pub environment: Environment<'d>,
    /// The index of the Environment in the template.
    pub index: usize,
    pub monitor: Monitor<'d>,
    /// The effective monitors, in the order of the slots.
    pub slots: Vec<Effective<'d>>,
    /// Every format string that the monitor or one of its overrides gives, used or not.
    pub strings: Vec<Field<'d>>,
}

/// Returns the monitors that are mappings, in the order of their Environments.
pub(super) fn of<'d>(environments: &[Environment<'d>]) -> Vec<Monitored<'d>> {
    let environments = environments.iter().enumerate();
    let monitored = environments.filter_map(|(index, environment)| {
        let monitor = environment.monitor()?;
        let slots = monitor.slots().into_iter();
        Some(Monitored {
            environment: environment.clone(),
            index,
            slots: slots.map(|slot| monitor.effective(slot)).collect(),
            strings: strings(&monitor),
            monitor,
        })
    });
    monitored.collect()
}

fn strings<'d>(monitor: &Monitor<'d>) -> Vec<Field<'d>> {
    let mut found = Vec::new();
    for fields in monitor.layers() {
        let command = fields.child("command");
        found.extend(command.clone());
        found.extend(fields.numbers());
        if let Some(command) = command {
            found.extend(command.action_strings());
            found.extend(command.child("timeout"));
        }
    }
    found.retain(|field| field.value.is_string());
    found
}

impl<'d> Monitored<'d> {
    /// Returns the effective monitor of `slot`, if that is watched.
    pub fn slot(&self, slot: Slot) -> Option<&Effective<'d>> {
        self.slots.iter().find(|effective| effective.slot == slot)
    }

    /// Groups the results of `of` for each slot by their places, in the order of the slots.
    pub fn by_place<'m, T>(
        &'m self,
        of: impl Fn(&'m Effective<'d>) -> Option<(Path, T)>,
    ) -> Vec<(Path, Vec<T>)> {
        let mut groups: Vec<(Path, Vec<T>)> = Vec::new();
        for (path, found) in self.slots.iter().filter_map(of) {
            match groups.iter_mut().find(|(place, _)| *place == path) {
                Some((_, group)) => group.push(found),
                None => groups.push((path, vec![found])),
            }
        }
        groups
    }
}
