//! `<Monitor>` as data, and the effective monitor of each slot (clause SCH-4).

use super::field::Field;
use super::path::Path;
use super::slot::Slot;
use serde_json::{Map, Value};

/// Effect of unhealthy checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// A failure status each (ACT-1).
    Log,
    /// A failure status each, and the end of the action after more than the threshold (ACT-2).
    Warn,
    /// The end of the action at the threshold (ACT-3).
    Terminate,
}

impl OnFailure {
    /// Parses one of the three words.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "log" => Some(Self::Log),
            "warn" => Some(Self::Warn),
            "terminate" => Some(Self::Terminate),
            _ => None,
        }
    }

    /// Returns the number of consecutive failures at which it fires, given the `failureThreshold` (SCH-7);
    /// `None` if it never does, or the number does not fit.
    pub fn failures_to_fire(self, threshold: i64) -> Option<i64> {
        match self {
            Self::Log => None,
            Self::Warn => threshold.checked_add(1),
            Self::Terminate => Some(threshold),
        }
    }

    /// Returns its word in a template.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Warn => "warn",
            Self::Terminate => "terminate",
        }
    }
}

/// The fields of a monitor that an override can replace (SCH-4).
pub const OVERRIDABLE: [&str; 5] = [
    "command",
    "period",
    "onFailure",
    "failureThreshold",
    "initialDelay",
];

/// The monitor of an Environment: what its `onMonitor` says.
#[derive(Debug, Clone)]
pub struct Monitor<'d> {
    /// The path of `onMonitor`.
    pub path: Path,
    pub(super) value: &'d Value,
    pub(super) defined: Vec<Slot>,
}

impl<'d> Monitor<'d> {
    /// The names in `scope` with their paths; `None` if there is no such list.
    pub fn scope(&self) -> Option<Vec<(Path, &'d str)>> {
        let scope = self
            .base()
            .child("scope")
            .filter(|scope| scope.value.is_array())?;
        Some(
            scope
                .items()
                .into_iter()
                .filter_map(|name| Some((name.path, name.value.as_str()?)))
                .collect(),
        )
    }

    /// The monitor's own fields, before any override.
    pub fn base(&self) -> Field<'d> {
        Field {
            path: self.path.clone(),
            value: self.value,
        }
    }

    /// The monitor's own fields, then those of each override: all that give a field of a monitor.
    pub fn layers(&self) -> Vec<Field<'d>> {
        let overrides = self.overrides().into_iter().map(|(_, fields)| fields);
        std::iter::once(self.base()).chain(overrides).collect()
    }

    /// The keys of `overrides`, whatever they stand for.
    pub fn override_names(&self) -> Vec<&'d str> {
        let overrides = self.value.get("overrides").and_then(Value::as_object);
        overrides
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect()
    }

    /// The overrides that are mappings under the name of a slot.
    pub fn overrides(&self) -> Vec<(Slot, Field<'d>)> {
        let overrides = self.value.get("overrides").and_then(Value::as_object);
        let path = self.path.key("overrides");
        let entry = |(name, value): (&String, &'d Value)| {
            let field = Field {
                path: path.key(name),
                value,
            };
            Some((Slot::from_name(name)?, field)).filter(|_| value.is_object())
        };
        overrides.into_iter().flatten().filter_map(entry).collect()
    }

    /// Returns true if `scope` names `slot`, or if there is no `scope` (SCH-3).
    pub fn has_in_scope(&self, slot: Slot) -> bool {
        self.scope()
            .is_none_or(|names| names.iter().any(|(_, name)| *name == slot.name()))
    }

    /// The slots that are watched: those in scope that the Environment defines. A scope none of
    /// whose names is one is read as if it were not there, so that the rest can be checked.
    pub fn slots(&self) -> Vec<Slot> {
        let in_scope = self
            .defined
            .iter()
            .copied()
            .filter(|&slot| self.has_in_scope(slot));
        let watched: Vec<_> = in_scope.collect();
        if watched.is_empty() {
            self.defined.clone()
        } else {
            watched
        }
    }

    /// Returns true if it is meant to fire, and each slot that it watches is an exit slot in which it
    /// only logs (ACT-9).
    pub fn fires_nowhere(&self) -> bool {
        let slots = self.slots().into_iter();
        let mut effective = slots.map(|slot| self.effective(slot)).peekable();
        let written = self.base().child("onFailure");
        let written = written.and_then(|field| OnFailure::from_name(field.value.as_str()?));
        effective.peek().is_some()
            && written.is_some_and(|action| action != OnFailure::Log)
            && effective.all(|own| own.acts_as() == Some(OnFailure::Log) && own.takes_base_action())
    }

    /// Returns the effective monitor of `slot`: the base, each field replaced as a whole if the
    /// override gives it (SCH-4).
    pub fn effective(&self, slot: Slot) -> Effective<'d> {
        let overriding = self
            .overrides()
            .into_iter()
            .find(|(of, _)| *of == slot)
            .map(|(_, field)| field);
        let base = self.base();
        let field = |key: &str| {
            overriding
                .as_ref()
                .and_then(|own| own.child(key))
                .or_else(|| base.child(key))
        };
        Effective {
            slot,
            command: field("command"),
            period: field("period"),
            on_failure: field("onFailure"),
            failure_threshold: field("failureThreshold"),
            initial_delay: field("initialDelay"),
        }
    }
}

/// The monitor of one slot: base plus override (SCH-4). A field that is missing, or null, is `None`.
#[derive(Debug, Clone)]
pub struct Effective<'d> {
    /// The slot it watches.
    pub slot: Slot,
    /// The check: an `<Action>`.
    pub command: Option<Field<'d>>,
    /// Seconds from tick to tick (SCH-6).
    pub period: Option<Field<'d>>,
    /// `log`, `warn` or `terminate`.
    pub on_failure: Option<Field<'d>>,
    /// Consecutive failures (SCH-7).
    pub failure_threshold: Option<Field<'d>>,
    /// Seconds from the start of the action to the first tick (SCH-7).
    pub initial_delay: Option<Field<'d>>,
}

impl<'d> Effective<'d> {
    /// The fields that it has.
    pub fn fields(&self) -> impl Iterator<Item = &Field<'d>> {
        let others = [&self.command, &self.on_failure].into_iter().flatten();
        others.chain(self.numbers())
    }

    /// The fields that are numbers (SCH-5).
    pub fn numbers(&self) -> impl Iterator<Item = &Field<'d>> {
        let fields = [&self.period, &self.failure_threshold, &self.initial_delay];
        fields.into_iter().flatten()
    }

    /// Returns the effect of its `onFailure`: in an exit slot, the base's acts as `log` (ACT-9).
    pub fn acts_as(&self) -> Option<OnFailure> {
        let field = self.on_failure.as_ref()?;
        let written = OnFailure::from_name(field.value.as_str()?)?;
        Some(if self.takes_base_action() && self.slot.is_exit() {
            OnFailure::Log
        } else {
            written
        })
    }

    /// Returns true if its `onFailure` is the monitor's own, not that of an override.
    fn takes_base_action(&self) -> bool {
        let field = self.on_failure.as_ref();
        let owner = field.and_then(|field| field.path.parent());
        owner.as_ref().and_then(Path::last_key) == Some("onMonitor")
    }

    /// Returns true if it can end the action.
    pub fn can_fire(&self) -> bool {
        self.acts_as()
            .is_some_and(|action| action != OnFailure::Log)
    }

    /// The `timeout` of the check, in seconds, if one is given (SCH-8).
    pub fn check_timeout(&self) -> Option<Field<'d>> {
        self.command.as_ref()?.child("timeout")
    }
}
