//! Command line of `supervise`, which templates that `polyfill` has made call.

use super::check_argument::CheckArgument;
use super::number::whole;
use super::refusal::Refusal;
use openjd_monitor_core::session::{Beside, Invocation, MonitorPlan};
use openjd_monitor_core::template::{OnFailure, Slot, defaults};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;
use std::time::Duration;

const FLAG: &str = "redacted-env";

const OPTIONS: [&str; 10] = [
    "environment",
    "slot",
    "period",
    "on-failure",
    "failure-threshold",
    "initial-delay",
    "timeout",
    "cancelation",
    "notify-period",
    FLAG,
];

const NOTIFY: &str = "NOTIFY_THEN_TERMINATE";

/// The command line, divided into its parts.
#[derive(Debug)]
pub(super) struct CommandLine {
    options: BTreeMap<String, String>,
    check: Vec<CheckArgument>,
    /// Number of arguments before the action and its `--`.
    pub own: usize,
}

impl CommandLine {
    /// Divides the arguments. The values of the options may still be wrong.
    pub fn read(arguments: &[impl AsRef<OsStr>]) -> Result<Self, Refusal> {
        let text = |at: usize| {
            let argument = arguments.get(at).map(AsRef::as_ref);
            argument.map(|argument| argument.to_string_lossy().into_owned())
        };
        let mut options = BTreeMap::new();
        let mut at = 0;
        let count = loop {
            let argument = text(at).ok_or(Refusal::NoCheck)?;
            at += 1;
            let option = argument.strip_prefix("--").ok_or(Refusal::NoCheck)?;
            match option.split_once('=') {
                Some(("check", count)) => break whole("check", count, 0)?,
                Some((name, value)) if OPTIONS.contains(&name) && name != FLAG => {
                    options.insert(name.to_owned(), value.to_owned());
                }
                None if option == FLAG => drop(options.insert(FLAG.to_owned(), String::new())),
                _ => return Err(Refusal::UnknownOption(argument)),
            }
        };
        let mut check = Vec::new();
        for _ in 0..count {
            let argument = text(at).ok_or(Refusal::NoAction)?;
            at += 1;
            check.push(CheckArgument::read(&argument, || {
                at += 1;
                text(at - 1)
            })?);
        }
        let has_action = text(at).as_deref() == Some("--") && arguments.len() > at + 1;
        has_action
            .then_some(Self {
                options,
                check,
                own: at,
            })
            .ok_or(Refusal::NoAction)
    }

    /// Returns the slot of the action.
    pub fn slot(&self) -> Result<Slot, Refusal> {
        self.word("slot", &Slot::ALL.map(Slot::name), Slot::from_name)
    }

    /// Reads the options that describe the monitor (SCH-6 to SCH-8), for the action with these arguments.
    pub fn beside(&self, action: &[OsString]) -> Result<Beside, Refusal> {
        let mut words = action
            .iter()
            .map(|word| word.to_string_lossy().into_owned());
        let action = Invocation {
            command: words.next().unwrap_or_default(),
            args: words.collect(),
        };
        let slot = self.slot()?;
        let period = self.number("period", defaults::PERIOD_FLOOR.unsigned_abs(), None)?;
        let timeout = defaults::check_timeout(i64::try_from(period).unwrap_or(i64::MAX));
        let timeout = self.number("timeout", 1, Some(timeout.unsigned_abs()))?;
        if timeout >= period {
            return Err(Refusal::Timeout { timeout, period });
        }
        let notify_period = defaults::notify_period(slot).as_secs();
        let notify_period = self.number("notify-period", 1, Some(notify_period))?;
        Ok(Beside {
            environment: self.text("environment").to_owned(),
            slot,
            action,
            monitor: MonitorPlan {
                invocation: Arc::new(self.invocation()?),
                period: Duration::from_secs(period),
                initial_delay: Duration::from_secs(self.number(
                    "initial-delay",
                    0,
                    Some(period),
                )?),
                timeout: Duration::from_secs(timeout),
                threshold: self.number("failure-threshold", 1, Some(1))?,
                on_failure: self.word(
                    "on-failure",
                    &["log", "warn", "terminate"],
                    OnFailure::from_name,
                )?,
            },
            notify_period: self
                .notifies()?
                .then_some(Duration::from_secs(notify_period)),
            has_redacted_variables: self.options.contains_key(FLAG),
        })
    }

    /// Returns true if the action is notified before it is killed.
    fn notifies(&self) -> Result<bool, Refusal> {
        if ["", "null"].contains(&self.text("cancelation")) {
            return Ok(false);
        }
        self.word("cancelation", &["TERMINATE", NOTIFY], |mode| match mode {
            "TERMINATE" => Some(false),
            NOTIFY => Some(true),
            _ => None,
        })
    }

    /// Returns the command line of the check. A list stands for its elements, a null for nothing.
    fn invocation(&self) -> Result<Invocation, Refusal> {
        let mut words = Vec::new();
        for argument in &self.check {
            words.extend(argument.words()?);
        }
        let mut words = words.into_iter();
        let command = words.next().filter(|command| !command.is_empty());
        Ok(Invocation {
            command: command.ok_or(Refusal::NoCommand)?,
            args: words.collect(),
        })
    }

    fn text(&self, name: &str) -> &str {
        self.options.get(name).map_or("", String::as_str)
    }

    /// Returns a number; the default if it is absent, empty or null.
    fn number(&self, name: &str, least: u64, default: Option<u64>) -> Result<u64, Refusal> {
        match (self.text(name), default) {
            ("" | "null", Some(default)) => Ok(default),
            (text, _) => whole(name, text, least),
        }
    }

    fn word<T>(
        &self,
        name: &'static str,
        words: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        let text = self.text(name);
        read(text).ok_or_else(|| Refusal::Word {
            name,
            words: words.join(", "),
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: [&str; 4] = [
        "--environment=E",
        "--slot=onEnter",
        "--period=5",
        "--on-failure=log",
    ];

    fn read(arguments: &[&str]) -> Result<Beside, Refusal> {
        let line = CommandLine::read(&[&START, arguments].concat())?;
        line.beside(&[])
    }

    fn check(arguments: &[&str]) -> Vec<String> {
        let beside = read(arguments).expect("a command line");
        let Invocation { command, args } = &*beside.monitor.invocation;
        [std::slice::from_ref(command), args].concat()
    }

    #[test]
    fn the_arguments_of_a_check_are_counted_and_never_searched() {
        let written = ["--check=4", "=--", "=", "*2", "--", "=x", "=--check=1"];
        let action = ["--", "a", "--", "b"];
        let arguments = check(&[&written[..], &action].concat());
        assert_eq!(arguments, ["--", "", "--", "=x", "--check=1"]);
    }

    #[test]
    fn defaults_apply_to_what_is_absent_or_null() {
        let end = ["--check=1", "=c", "--", "a"];
        for absent in [
            [].as_slice(),
            &["--timeout=", "--initial-delay=null", "--cancelation="],
        ] {
            let beside = read(&[absent, &end].concat()).expect("a command line");
            let seconds = Duration::from_secs;
            assert_eq!(beside.monitor.timeout, seconds(4));
            assert_eq!(beside.monitor.initial_delay, seconds(5));
            assert_eq!(beside.monitor.threshold, 1);
            assert_eq!(beside.notify_period, None);
        }
        for (slot, seconds) in [("onWrapTaskRun", 120), ("onExit", 30)] {
            let slot = format!("--slot={slot}");
            let notify = [slot.as_str(), "--cancelation=NOTIFY_THEN_TERMINATE"];
            let beside = read(&[&notify[..], &end].concat()).expect("a command line");
            assert_eq!(beside.notify_period, Some(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn a_bad_option_is_named() {
        let end = ["--check=1", "=c", "--", "a"];
        for (option, message) in [
            (
                "--period=4",
                "period must be a whole number of at least 5, not '4'",
            ),
            (
                "--period=",
                "period must be a whole number of at least 5, not ''",
            ),
            (
                "--failure-threshold=0",
                "failure-threshold must be a whole number of at least 1, not '0'",
            ),
            (
                "--initial-delay=-1",
                "initial-delay must be a whole number of at least 0, not '-1'",
            ),
            (
                "--timeout=5",
                "timeout must be less than the period of 5 s, not '5'",
            ),
            (
                "--on-failure=stop",
                "on-failure must be one of log, warn, terminate, not 'stop'",
            ),
            ("--perod=5", "there is no option --perod=5"),
        ] {
            let refusal = read(&[&[option][..], &end].concat()).expect_err(option);
            assert_eq!(refusal.to_string(), message);
        }
        for line in [
            [].as_slice(),
            &["--check=1", "=c"],
            &["--check=1", "=c", "--"],
            &["--check=0", "--", "a"],
            &["--check=1", "=", "--", "a"],
            &["--check=1", "c", "--", "a"],
            &["--check=1", "*2", "a", "--"],
        ] {
            assert!(read(line).is_err(), "{line:?}");
        }
    }
}
