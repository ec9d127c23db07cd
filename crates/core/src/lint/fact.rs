//! Mistakes as the stages find them. The rules put them into words.

use super::finding::Place;
use super::references::Reference;
use super::unknown_name::Unknown;
use super::{spelling, words};
use crate::template::{Change, Environment, Monitor, Path, Slot};
use openjd_model::ModelExtension;
use serde_json::Value;
use std::str::FromStr;

/// Mistake that a stage found, before a rule reports it.
#[derive(Clone)]
pub(crate) struct Fact<'d> {
    pub place: Place,
    pub kind: FactKind<'d>,
}

/// Kind of a mistake, with the details that its message needs.
#[derive(Clone)]
pub(crate) enum FactKind<'d> {
    /// A key that is none of the `known` fields of `owner`.
    UnknownField { owner: String, known: Vec<String> },
    /// A required field that `owner` lacks; `about` describes it.
    MissingField {
        owner: String,
        name: String,
        about: Option<String>,
    },
    /// A value whose type is not one of the `allowed`; `about` describes the field.
    WrongType {
        label: String,
        value: Value,
        allowed: Vec<&'static str>,
        about: Option<String>,
    },
    /// A value of another type than is `needed`, with what was meant by it: `written`, which holds the fields that
    /// stand `beside` it too.
    Shape {
        label: String,
        needed: &'static str,
        value: Value,
        beside: Vec<String>,
        written: String,
        change: Change,
    },
    /// A key that is no field of `owner`, and the text to be `written` instead.
    OtherName {
        owner: String,
        written: String,
        change: Change,
    },
    /// A text that YAML reads as a mapping or a list, because it stands without quotes.
    Unquoted {
        label: String,
        written: String,
        is_list: bool,
    },
    /// A string for the number `name` in a template without `FEATURE_BUNDLE_1` (SCH-5), and the integer that it is.
    NumberAsString { name: String, value: Option<i64> },
    /// A value of the right type that is not allowed.
    InvalidValue {
        message: String,
        help: Option<String>,
    },
    /// A word that is none of the `allowed`; a fix picks one of the `choices`.
    NotOneOf {
        label: String,
        written: String,
        allowed: Vec<String>,
        choices: Vec<String>,
    },
    /// A violation of the base specification, in the words of `openjd-model`.
    Rejected { message: String },
    /// A dependency on a step that there is not, with the nearest name of one, the name that is no doubt meant, and the
    /// names of all steps if they are few.
    UnknownStep {
        written: String,
        near: Option<String>,
        meant: Option<String>,
        steps: Vec<String>,
    },
    /// An invisible character, or a space that is none.
    Invisible(Invisible),
    /// An escape sequence that is meant as a backslash of a path and what follows it.
    PathEscape(PathEscape),
    /// Steps that depend on each other in a circle: the dependencies in order.
    Cycle(Vec<Dependency>),
    /// A use of an extension that the template does not list.
    NeedsExtension(ModelExtension),
    /// A format string that does not parse where `written` stands.
    Unparsable { reason: String, written: String },
    /// An expression that does not type-check.
    IllTyped { reason: String },
    /// The first of `count` strings whose expressions the budget of the file has no room for.
    Unevaluated { count: usize },
    /// A reference of a monitor to a variable that no slot has.
    UndefinedVariable(Unknown),
    /// A reference elsewhere to a variable that its place does not have.
    Undefined(Unknown),
    /// A reference to a variable that some of the monitored slots lack (VAR-2).
    OutOfScope(Box<Gap<'d>>),
    /// A reference in the number `field` to a variable that only commands have (SCH-5, SCH-8).
    OutOfScopeInNumber { field: String, name: String },
    /// A variable by its name in the draft of RFC 0008 (VAR-3).
    DraftName(Reference),
    /// A reference to `Task.Monitor`, the variable of a rejected design.
    TaskMonitor,
}

/// Reference to a variable that some of the slots of the string lack.
#[derive(Clone)]
pub(crate) struct Gap<'d> {
    /// The name as the template has it.
    pub written: String,
    /// The name in the accepted RFC.
    pub name: String,
    /// The slots that use the string and lack the variable.
    pub missing: Vec<Slot>,
    /// All slots that have the variable, monitored or not, defined or not.
    pub having: Vec<Slot>,
    pub environment: Environment<'d>,
    pub monitor: Monitor<'d>,
}

/// One `dependsOn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The name of the step that has it.
    pub step: String,
    /// The path of its value, which is the name of the other step.
    pub path: Path,
}

/// An invisible character in a key or a string.
#[derive(Debug, Clone)]
pub(crate) struct Invisible {
    pub character: char,
    /// The word or name in which it stands, without any such character.
    pub cleaned: String,
    /// Removes every such character of the key or the string, or writes a plain space in its place.
    pub change: Change,
    /// True if the template is not valid because of it.
    pub is_error: bool,
}

/// An escape sequence in a path of Windows.
#[derive(Debug, Clone)]
pub(crate) struct PathEscape {
    /// The sequence.
    pub written: String,
    /// The character that it stands for.
    pub character: char,
    /// Writes `/` for each such backslash.
    pub change: Change,
    pub is_json: bool,
    /// True if the template is not valid because of it.
    pub is_error: bool,
}

impl<'d> Fact<'d> {
    /// Reports an unknown key at the end of `path`.
    pub fn unknown_field(path: &Path, owner: &str, known: &[&str]) -> Self {
        let known = known.iter().map(|&name| name.to_owned()).collect();
        let owner = owner.to_owned();
        Self {
            place: Place::Key(path.clone()),
            kind: FactKind::UnknownField { owner, known },
        }
    }

    /// Reports that the value at `path` is not allowed; `help` says what is.
    pub fn invalid_value(path: &Path, message: impl Into<String>, help: Option<&str>) -> Self {
        Self::at_value(
            path,
            FactKind::InvalidValue {
                message: message.into(),
                help: help.map(str::to_owned),
            },
        )
    }

    /// Reports a rejection by `openjd-model`, including one for an extension that is not listed.
    pub fn rejected(place: Place, message: &str) -> Self {
        let kind = || FactKind::Rejected {
            message: message.to_owned(),
        };
        Self {
            place,
            kind: needed_extension(message).map_or_else(kind, FactKind::NeedsExtension),
        }
    }

    /// Reports an expression that does not type-check.
    pub fn ill_typed(place: Place, reason: &str) -> Self {
        let kind = || FactKind::IllTyped {
            reason: reason.to_owned(),
        };
        Self {
            place,
            kind: needed_extension(reason).map_or_else(kind, FactKind::NeedsExtension),
        }
    }

    /// Reports a format string that does not parse.
    pub fn unparsable(place: Place, reason: &str, written: &str) -> Self {
        Self {
            place,
            kind: FactKind::Unparsable {
                reason: reason.to_owned(),
                written: written.to_owned(),
            },
        }
    }

    /// Reports a reference to `Task.Monitor`.
    pub fn task_monitor(place: Place) -> Self {
        Self {
            place,
            kind: FactKind::TaskMonitor,
        }
    }

    pub fn at_value(path: &Path, kind: FactKind<'d>) -> Self {
        Self {
            place: Place::Value(path.clone()),
            kind,
        }
    }

    /// Returns true for a key that its object does not have.
    pub fn is_unknown_field(&self) -> bool {
        matches!(
            self.kind,
            FactKind::UnknownField { .. } | FactKind::OtherName { .. }
        )
    }

    /// Returns the keys of the fields that an unknown key is moved into a mapping with.
    pub fn covered_fields(&self) -> &[Path] {
        match &self.kind {
            FactKind::OtherName {
                change: Change::Nest(keys, _),
                ..
            } => keys,
            _ => &[],
        }
    }

    /// Returns true for an unknown key that is another word for the field `meant`, or a misspelling of it.
    pub fn may_mean(&self, meant: &str) -> bool {
        let (FactKind::UnknownField { known, .. }, Some(key)) =
            (&self.kind, self.place.path().last_key())
        else {
            return false;
        };
        let known = known.iter().map(String::as_str);
        match words::meaning(key, known) {
            Some(meaning) => meaning.field == meant,
            None => spelling::is_near(key, meant),
        }
    }

    /// Returns the field that an unknown key is another word for, or an unmistakable misspelling of.
    pub fn renamed_field(&self) -> Option<String> {
        let FactKind::UnknownField { known, .. } = &self.kind else {
            return None;
        };
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let key = self.place.path().last_key()?;
        let field = match words::meaning(key, known.iter().copied()) {
            Some(meaning) => meaning.advice.is_none().then_some(meaning.field),
            None => spelling::unmistakable(key, &known),
        };
        field
            .filter(|field| *field != "onMonitor")
            .map(str::to_owned)
    }

    /// Returns the object of an unknown key that is another word for a field, and what it may mean.
    pub fn meant_fields(&self) -> Option<(Path, Vec<String>)> {
        let FactKind::UnknownField { known, .. } = &self.kind else {
            return None;
        };
        let meant = known.iter().filter(|field| self.may_mean(field)).cloned();
        let meant: Vec<_> = meant.collect();
        (!meant.is_empty()).then_some((self.place.path().parent()?, meant))
    }

    /// Returns true for mistakes in an expression.
    pub fn is_in_expression(&self) -> bool {
        matches!(
            self.kind,
            FactKind::Unparsable { .. } | FactKind::IllTyped { .. } | FactKind::Undefined(_)
        )
    }
}

/// Suppression that ignores no finding.
pub(crate) enum IdleSuppression {
    /// It names no rule at all.
    Malformed,
    /// It names a rule that does not exist; `near` is the most similar id.
    UnknownRule {
        name: String,
        near: Option<&'static str>,
    },
    /// The rule `id` has no finding there.
    NothingToIgnore {
        id: &'static str,
        is_of_file: bool,
        can_be_ignored: bool,
    },
}

/// Returns the extension that a message of `openjd-model` asks for.
fn needed_extension(message: &str) -> Option<ModelExtension> {
    if message.ends_with("'CHUNK[INT]' is not allowed.")
        || message.ends_with("'CHUNK[INT]' is not allowed")
    {
        return Some(ModelExtension::TaskChunking);
    }
    if message.starts_with("parameter type '")
        && message.trim_end_matches('.').ends_with("is not allowed")
    {
        return Some(ModelExtension::Expr);
    }
    // An extension that itself needs another one: `WRAP_ACTIONS requires EXPR; both must be listed …`.
    let (_, rest) = message
        .split_once(" the ")
        .filter(|(before, rest)| before.contains(" require") && rest.contains(" extension"))
        .or_else(|| message.split_once("WRAP_ACTIONS requires "))?;
    let name = rest.split([' ', ';', '.']).next()?;
    ModelExtension::from_str(name).ok()
}
