//! Effective monitors, with their numbers as far as they are known.

use super::notice::{Hindrance, Notice, Times};
use crate::session::{JobError, Known, KnownNumber};
use crate::template::{Effective, Environment, Field, Number, OnFailure, Slot, defaults, text_of};

/// A number of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The format string that stands for it, if it is one.
    pub written: Option<String>,
    /// The value, if it is known.
    pub value: Option<i64>,
    /// `true` if the value is that of a parameter's default.
    pub is_by_default: bool,
}

/// The way in which an action is canceled when its monitor fires (ACT-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelation {
    /// It is killed at once.
    Terminate,
    /// It is notified, and killed after so many seconds.
    NotifyThenTerminate(Quantity),
    /// A format string decides.
    Deferred(String),
}

/// The effective monitor of a slot.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The slot.
    pub slot: Slot,
    /// Command and arguments of a check, as written.
    pub check: Vec<String>,
    /// Seconds from the start of the action to the first check (SCH-7).
    pub first_check: Quantity,
    /// Seconds from check to check (SCH-6).
    pub period: Quantity,
    /// Seconds after which a check is killed (SCH-8).
    pub check_timeout: Quantity,
    /// Tolerated or counted failures (SCH-7).
    pub threshold: Quantity,
    /// Effect of unhealthy checks as written.
    pub on_failure: OnFailure,
    /// Effect of unhealthy checks in this slot (ACT-9).
    pub acts_as: OnFailure,
    /// Number of consecutive failures at which it fires; `None` if it never fires or that is not known.
    pub failures_to_fire: Option<i64>,
    /// Time to notice a failure; `None` if what it depends on is not known, or something hinders it.
    pub notice: Option<Notice>,
    /// Timeout of the action, in seconds, if it has one.
    pub action_timeout: Option<Quantity>,
    /// Effect of firing on the action.
    pub cancelation: Cancelation,
    /// The reason for which it does not do what is written, if there is one.
    pub hindrance: Option<Hindrance>,
}

/// Effective monitors of an Environment.
pub(super) struct Watches<'w, 'd> {
    pub environment: &'w Environment<'d>,
    pub known: &'w Known,
}

impl Quantity {
    fn literal(value: i64) -> Self {
        Self {
            written: None,
            value: Some(value),
            is_by_default: false,
        }
    }

    fn new(field: &Field<'_>, known: Option<KnownNumber>) -> Self {
        Self {
            written: match field.number() {
                Some(Number::Literal(_)) => None,
                _ => Some(text_of(field.value)),
            },
            value: known.map(|number| number.value),
            is_by_default: known.is_some_and(|number| number.is_by_default),
        }
    }

    /// Returns the quantity that `derive` makes of this one, which depends on it and stands for itself.
    fn map(&self, derive: impl Fn(i64) -> i64) -> Self {
        Self {
            written: None,
            value: self.value.map(derive),
            is_by_default: self.is_by_default,
        }
    }
}

impl Watches<'_, '_> {
    /// Describes an effective monitor.
    pub fn of(&self, effective: &Effective<'_>) -> Result<Watch, JobError> {
        let slot = effective.slot;
        let period = self.of_monitor(slot, effective.period.as_ref())?;
        let period = period.unwrap_or_else(|| Quantity::literal(defaults::PERIOD_FLOOR));
        let first_check = self.of_monitor(slot, effective.initial_delay.as_ref())?;
        let threshold = self.of_monitor(slot, effective.failure_threshold.as_ref())?;
        let threshold = threshold.unwrap_or_else(|| Quantity::literal(1));
        let check_timeout = effective.check_timeout();
        let check_timeout = check_timeout.map_or_else(
            || period.map(defaults::check_timeout),
            |field| self.of_action(&field),
        );
        let first_check = first_check.unwrap_or_else(|| period.clone());
        let acts_as = effective.acts_as().unwrap_or(OnFailure::Log);
        let written = effective.on_failure.as_ref();
        let written = written.and_then(|field| OnFailure::from_name(field.value.as_str()?));
        let failures_to_fire = threshold
            .value
            .and_then(|threshold| acts_as.failures_to_fire(threshold));
        let failures = match acts_as {
            // Every unhealthy result is reported (ACT-1).
            OnFailure::Log => Some(1),
            _ => failures_to_fire,
        };
        let action_timeout = self.action_timeout(slot);
        let times = || {
            Some(Times {
                first: first_check.value?,
                period: period.value?,
                check_timeout: check_timeout.value?,
                failures: failures?,
            })
        };
        let times = times();
        let limit = action_timeout.as_ref().and_then(|timeout| timeout.value);
        let hindrance = times.and_then(|times| times.hindrance(limit, failures_to_fire.is_some()));
        let strings = effective.command.iter().flat_map(Field::action_strings);
        Ok(Watch {
            slot,
            check: strings.map(|field| text_of(field.value)).collect(),
            notice: times
                .filter(|_| hindrance.is_none())
                .map(|times| times.notice()),
            hindrance,
            first_check,
            period,
            check_timeout,
            threshold,
            on_failure: written.unwrap_or(acts_as),
            acts_as,
            failures_to_fire,
            action_timeout,
            cancelation: self.cancelation(slot),
        })
    }

    fn of_monitor(
        &self,
        slot: Slot,
        field: Option<&Field<'_>>,
    ) -> Result<Option<Quantity>, JobError> {
        let Some(field) = field else {
            return Ok(None);
        };
        let number = self
            .known
            .number_of_monitor(self.environment, slot, field)?;
        Ok(Some(Quantity::new(field, number)))
    }

    fn of_action(&self, field: &Field<'_>) -> Quantity {
        Quantity::new(field, self.known.number(self.environment.home, field))
    }

    fn action_timeout(&self, slot: Slot) -> Option<Quantity> {
        let timeout = self.environment.action(slot)?.child("timeout");
        match timeout {
            Some(field) => Some(self.of_action(&field)),
            None => slot
                .is_exit()
                .then(|| Quantity::literal(defaults::EXIT_TIMEOUT)),
        }
    }

    fn cancelation(&self, slot: Slot) -> Cancelation {
        let action = self.environment.action(slot);
        let Some(cancelation) = action.and_then(|action| action.child("cancelation")) else {
            return Cancelation::Terminate;
        };
        let period = cancelation.child("notifyPeriodInSeconds");
        match cancelation
            .child("mode")
            .and_then(|mode| mode.value.as_str())
        {
            None | Some("TERMINATE") => Cancelation::Terminate,
            Some("NOTIFY_THEN_TERMINATE") => {
                let default = defaults::notify_period(slot).as_secs();
                let default = || Quantity::literal(i64::try_from(default).unwrap_or(i64::MAX));
                let period = period.map(|field| self.of_action(&field));
                Cancelation::NotifyThenTerminate(period.unwrap_or_else(default))
            }
            Some(mode) => Cancelation::Deferred(mode.to_owned()),
        }
    }
}
