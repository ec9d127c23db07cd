//! The command line of the supervisor of one action.

use super::check_line::Strings;
use super::supervisor::Supervisor;
use crate::template::{Effective, Environment, Field, OnFailure, text_of};

/// The supervisor of one action.
pub(super) struct CommandLine<'s, 'd> {
    pub strings: Strings<'s, 'd>,
    pub environment: &'s Environment<'d>,
    pub effective: &'s Effective<'d>,
    pub action: Field<'d>,
    pub supervisor: Supervisor,
    /// `true` if `openjd_redacted_env` sets variables in the Session.
    pub redacts: bool,
}

impl CommandLine<'_, '_> {
    /// Returns the arguments before those of the action; the last of them is its command.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = self.supervisor.first_arguments();
        let on_failure = self.effective.acts_as().unwrap_or(OnFailure::Log);
        let cancelation = self.action.child("cancelation");
        let mode = cancelation.as_ref().and_then(|own| own.child("mode"));
        let notify_period = cancelation.and_then(|own| own.child("notifyPeriodInSeconds"));
        let effective = self.effective;
        let options = [
            ("environment", Some(self.environment.name().to_owned())),
            ("slot", Some(effective.slot.name().to_owned())),
            ("period", self.number(effective.period.as_ref())),
            ("on-failure", Some(on_failure.name().to_owned())),
            (
                "failure-threshold",
                self.number(effective.failure_threshold.as_ref()),
            ),
            (
                "initial-delay",
                self.number(effective.initial_delay.as_ref()),
            ),
            ("timeout", self.number(effective.check_timeout().as_ref())),
            ("cancelation", mode.map(|mode| text_of(mode.value))),
            ("notify-period", self.number(notify_period.as_ref())),
        ];
        for (name, value) in options {
            arguments.extend(value.map(|value| format!("--{name}={value}")));
        }
        if self.redacts {
            arguments.push("--redacted-env".to_owned());
        }
        let check = self.effective.command.as_ref();
        let (count, check) =
            check.map_or_else(Default::default, |check| self.strings.arguments(check));
        arguments.push(format!("--check={count}"));
        arguments.extend(check);
        arguments.push("--".to_owned());
        arguments.extend(self.action.child("command").map(|own| text_of(own.value)));
        arguments
    }

    fn number(&self, field: Option<&Field<'_>>) -> Option<String> {
        field.map(|field| self.strings.number(field))
    }
}
