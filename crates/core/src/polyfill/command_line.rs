//! The command line of the supervisor of one action.

use super::check_line::Strings;
use super::supervisor::Supervisor;
use crate::template::{Effective, Field, OnFailure, Path, text_of};

/// The supervisor of one action.
pub(super) struct CommandLine<'s, 'd> {
    pub strings: Strings<'s, 'd>,
    pub effective: &'s Effective<'d>,
    pub action: Field<'d>,
    pub supervisor: Supervisor,
    /// `true` if `openjd_redacted_env` sets variables in the Session.
    pub redacts: bool,
}

impl<'d> CommandLine<'_, 'd> {
    /// Returns the arguments before those of the action; the last of them is its command.
    ///
    /// # Errors
    ///
    /// Fails with the path of a number that cannot be an argument.
    pub fn arguments(&self) -> Result<Vec<String>, Path> {
        let mut arguments = self.supervisor.first_arguments();
        let on_failure = self.effective.acts_as().unwrap_or(OnFailure::Log);
        let cancelation = self.action.child("cancelation");
        let mode = cancelation.as_ref().and_then(|own| own.child("mode"));
        let notify_period = cancelation.and_then(|own| own.child("notifyPeriodInSeconds"));
        let effective = self.effective;
        let number = |field: &Option<Field<'d>>| {
            let number = field.as_ref().map(|field| {
                let number = self.strings.number(field);
                number.ok_or_else(|| field.path.clone())
            });
            number.transpose()
        };
        let options = [
            (
                "environment",
                Some(self.strings.environment.name().to_owned()),
            ),
            ("slot", Some(effective.slot.name().to_owned())),
            ("period", number(&effective.period)?),
            ("on-failure", Some(on_failure.name().to_owned())),
            ("failure-threshold", number(&effective.failure_threshold)?),
            ("initial-delay", number(&effective.initial_delay)?),
            ("timeout", number(&effective.check_timeout())?),
            ("cancelation", mode.map(|mode| text_of(mode.value))),
            ("notify-period", number(&notify_period)?),
        ];
        for (name, value) in options {
            arguments.extend(value.map(|value| format!("--{name}={value}")));
        }
        if self.redacts {
            arguments.push("--redacted-env".to_owned());
        }
        let check = self.effective.command.as_ref();
        let check = check.map(|check| self.strings.arguments(check));
        let (count, check) = check.unwrap_or_default();
        arguments.push(format!("--check={count}"));
        arguments.extend(check);
        arguments.push("--".to_owned());
        arguments.extend(self.action.child("command").map(|own| text_of(own.value)));
        Ok(arguments)
    }
}
