//! Actions with their format strings resolved, as the official runtime resolves them.

use super::event::Invocation;
use openjd_expr::{ExprType, ExprValue, FormatStringOptions, FunctionLibrary, PathFormat};
use openjd_model::job::{Action, CancelationMode};
use openjd_model::{FormatString, SymbolTable};
use std::time::Duration;

/// Paths in a Session are those of the worker host; hosts here are POSIX.
pub(super) const PATHS: PathFormat = PathFormat::Posix;

/// The longest notify period, in seconds (Template Schemas 5.3.2).
const MAX_NOTIFY_PERIOD: i64 = 600;

/// Why a format string has no value, in words.
pub(super) type Unresolved = String;

/// What format strings can refer to.
#[derive(Clone)]
pub(super) struct Scope<'l> {
    pub symbols: SymbolTable,
    pub library: &'l FunctionLibrary,
}

/// How an action is canceled, as it declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelation {
    Undeclared,
    Terminate,
    /// With a notify period in seconds; none where the default holds.
    NotifyThenTerminate(Option<i64>),
}

impl Cancelation {
    /// The notify period, `default` where it declares none; `None` if the action is killed at once.
    pub fn notify_period(self, default: Duration) -> Option<Duration> {
        match self {
            Self::Undeclared | Self::Terminate => None,
            Self::NotifyThenTerminate(period) => {
                let declared = period.and_then(|seconds| u64::try_from(seconds).ok());
                Some(declared.map_or(default, Duration::from_secs))
            }
        }
    }
}

impl Scope<'_> {
    fn value(
        &self,
        string: &FormatString,
        target: Option<&ExprType>,
        what: &str,
    ) -> Result<ExprValue, Unresolved> {
        let options = FormatStringOptions::new()
            .with_library(self.library)
            .with_path_format(PATHS);
        let options = match target {
            Some(target) => options.with_target_type(target),
            None => options,
        };
        string
            .resolve_with(&self.symbols, &options)
            .map_err(|error| format!("cannot resolve {what}: {error}"))
    }

    /// A text; null and lists are errors.
    pub fn text(&self, string: &FormatString, what: &str) -> Result<String, Unresolved> {
        let value = self.value(string, Some(&ExprType::STRING), what)?;
        Ok(value.to_display_string())
    }

    /// A text in which null is nothing.
    pub fn lenient_text(&self, string: &FormatString, what: &str) -> Result<String, Unresolved> {
        let options = FormatStringOptions::new()
            .with_library(self.library)
            .with_path_format(PATHS);
        string
            .resolve_string_with(&self.symbols, &options)
            .map_err(|error| format!("cannot resolve {what}: {error}"))
    }

    /// An integer; `None` for a null that is the whole field, which is as good as no field.
    pub fn integer(&self, string: &FormatString, what: &str) -> Result<Option<i64>, Unresolved> {
        let target = ExprType::union(vec![ExprType::INT, ExprType::NULLTYPE]);
        match self.value(string, Some(&target), what)? {
            ExprValue::Null => Ok(None),
            ExprValue::Int(number) => Ok(Some(number)),
            other => {
                let text = other.to_display_string();
                let number = text.trim().parse();
                number
                    .map(Some)
                    .map_err(|_| format!("{what} is not an integer, but '{text}'"))
            }
        }
    }

    fn positive(&self, string: &FormatString, what: &str) -> Result<Option<i64>, Unresolved> {
        match self.integer(string, what)? {
            Some(number) if number <= 0 => Err(format!("{what} is not positive, but {number}")),
            number => Ok(number),
        }
    }

    /// The command line. An argument that is a list as a whole becomes one for each element, and one that
    /// is null as a whole becomes none.
    pub fn invocation(&self, action: &Action) -> Result<Invocation, Unresolved> {
        let command = self.lenient_text(&action.command, "the command")?;
        let mut args = Vec::new();
        for string in action.args.iter().flatten() {
            let value = self.value(string, None, "an argument")?;
            match value.list_elements() {
                Some(elements) => args.extend(elements.iter().map(ExprValue::to_display_string)),
                None if matches!(value, ExprValue::Null) => {}
                None => args.push(value.to_display_string()),
            }
        }
        Ok(Invocation { command, args })
    }

    /// The timeout, in seconds, if the action has one.
    pub fn timeout(&self, action: &Action) -> Result<Option<i64>, Unresolved> {
        match &action.timeout {
            Some(string) => self.positive(string, "the timeout"),
            None => Ok(None),
        }
    }

    fn period(&self, string: Option<&FormatString>) -> Result<Option<i64>, Unresolved> {
        let what = "notifyPeriodInSeconds";
        let Some(string) = string else {
            return Ok(None);
        };
        match self.positive(string, what)? {
            Some(number) if number > MAX_NOTIFY_PERIOD => Err(format!(
                "{what} is more than {MAX_NOTIFY_PERIOD}, but {number}"
            )),
            number => Ok(number),
        }
    }

    /// The way in which the action is canceled. A mode that is a format string decides here; a null one
    /// makes the whole field as good as absent.
    pub fn cancelation(&self, action: &Action) -> Result<Cancelation, Unresolved> {
        let (mode, period) = match &action.cancelation {
            None => return Ok(Cancelation::Undeclared),
            Some(CancelationMode::Terminate) => return Ok(Cancelation::Terminate),
            Some(CancelationMode::NotifyThenTerminate {
                notify_period_in_seconds: period,
            }) => {
                return Ok(Cancelation::NotifyThenTerminate(
                    self.period(period.as_ref())?,
                ));
            }
            Some(CancelationMode::DeferredMode {
                mode,
                notify_period_in_seconds: period,
            }) => (mode, period.as_ref()),
        };
        let target = ExprType::union(vec![ExprType::STRING, ExprType::NULLTYPE]);
        let mode = match self.value(mode, Some(&target), "the mode of cancelation")? {
            ExprValue::Null => return Ok(Cancelation::Undeclared),
            mode => mode.to_display_string(),
        };
        match (mode.as_str(), self.period(period)?) {
            ("TERMINATE", None) => Ok(Cancelation::Terminate),
            ("TERMINATE", Some(_)) => {
                Err("cancelation by TERMINATE takes no notifyPeriodInSeconds".to_owned())
            }
            ("NOTIFY_THEN_TERMINATE", period) => Ok(Cancelation::NotifyThenTerminate(period)),
            _ => Err(format!("there is no mode of cancelation '{mode}'")),
        }
    }
}
