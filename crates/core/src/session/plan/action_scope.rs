//! Scopes of actions: their own symbols, and in a wrap hook those of the action that it replaces (VAR-1,
//! RFC 0008).

use super::command::{self, Cancelation};
use super::error::PlanError;
use crate::session::event::{File, Variables};
use crate::session::job::{Definitions, Environment, Step};
use crate::session::scope::{self, PATHS, Scope, set};
use crate::template::draft_names::DRAFT_NAMES;
use openjd_expr::{ExprType, ExprValue, FunctionLibrary, PathMappingRule};
use openjd_model::job::Action;
use openjd_model::types::EndOfLine;
use openjd_model::{SymbolTable, TaskParameterSet, TaskParameterType};
use std::time::Duration;

/// Scope of an action, with the embedded files that the Session writes for it.
pub(super) struct ActionScope<'l> {
    pub scope: Scope<'l>,
    pub files: Vec<File>,
}

/// The action that a wrap hook replaces.
pub(super) struct Wrapped<'a, 'l> {
    pub action: &'a Action,
    /// Scope that the action would have had.
    pub scope: &'a Scope<'l>,
    /// `WrappedEnv.Name` or `WrappedStep.Name`, and its value.
    pub name: (&'static str, &'a str),
    /// Default notify period of the action.
    pub notify_period: Duration,
    /// Content of `WrappedAction.Environment`.
    pub variables: &'a Variables,
}

/// Builds the scope of an Environment's own actions.
pub(super) fn of_environment<'l>(
    environment: &Environment,
    library: &'l FunctionLibrary,
) -> Result<ActionScope<'l>, PlanError> {
    let symbols = environment.symbols.clone();
    define(Scope { symbols, library }, environment.definitions(), None)
}

/// Builds the scope of a wrap hook of `environment`.
pub(super) fn of_hook<'l>(
    environment: &Environment,
    wrapped: &Wrapped<'_, '_>,
    library: &'l FunctionLibrary,
) -> Result<ActionScope<'l>, PlanError> {
    let scope = Scope {
        symbols: environment.symbols.clone(),
        library,
    };
    define(scope, environment.definitions(), Some(wrapped))
}

/// Builds the scope of a Step's task.
pub(super) fn of_task<'l>(
    step: &Step,
    task: &TaskParameterSet,
    rules: &[PathMappingRule],
    library: &'l FunctionLibrary,
) -> Result<ActionScope<'l>, PlanError> {
    let mut symbols = step.symbols.clone();
    for (name, parameter) in task {
        let given = &parameter.value;
        let (raw, value) = match parameter.param_type {
            TaskParameterType::Path => {
                let path = scope::coerce(given, &ExprType::PATH)?;
                (given.clone(), scope::map_paths(path, rules)?)
            }
            TaskParameterType::ChunkInt => (given.clone(), given.clone()),
            other => {
                let typed = scope::coerce(given, &other.expr_type())?;
                (typed.clone(), typed)
            }
        };
        set(&mut symbols, &format!("Task.RawParam.{name}"), raw)?;
        set(&mut symbols, &format!("Task.Param.{name}"), value)?;
    }
    define(Scope { symbols, library }, step.definitions(), None)
}

/// Builds the scope of a check: that of the action beside it, and the draft's names (VAR-1, VAR-3).
pub(super) fn of_check<'l>(action: &Scope<'l>) -> Scope<'l> {
    let mut scope = action.clone();
    for (draft, name) in DRAFT_NAMES {
        if let Some(value) = action.symbols.get_value(name).cloned() {
            // A task parameter's table stands beside `Task.Command`, never in its way.
            let _ = scope.symbols.set(draft, value);
        }
    }
    scope
}

/// Adds a script's own symbols in the order of the official runtime: paths of embedded files, `let`, the
/// wrapped action. Resolves the content of the files last.
fn define<'l>(
    mut scope: Scope<'l>,
    own: Definitions<'_>,
    wrapped: Option<&Wrapped<'_, '_>>,
) -> Result<ActionScope<'l>, PlanError> {
    for file in own.files {
        let name = format!("{}.{}", own.prefix, file.name);
        let path = ExprValue::new_path(own.path_of(file), PATHS);
        set(&mut scope.symbols, &name, path)?;
    }
    if let Some(bindings) = own.bindings {
        scope.bind(bindings)?;
    }
    if let Some(wrapped) = wrapped {
        define_wrapped(&mut scope.symbols, wrapped)?;
    }
    let mut files = Vec::new();
    for file in own.files {
        let data = match &file.data {
            Some(data) => scope.lenient_text(data, "the data of an embedded file")?,
            None => String::new(),
        };
        files.push(File {
            path: own.path_of(file),
            data: with_line_ends(data, file.end_of_line),
            is_runnable: file.runnable.unwrap_or_default(),
        });
    }
    Ok(ActionScope { scope, files })
}

fn with_line_ends(data: String, wanted: Option<EndOfLine>) -> String {
    match wanted {
        None => data,
        Some(EndOfLine::Lf | EndOfLine::Auto) => data.replace("\r\n", "\n"),
        Some(EndOfLine::Crlf) => data.replace("\r\n", "\n").replace('\n', "\r\n"),
    }
}

/// Sets `WrappedAction.*` and the name of the wrapped Environment or Step. Values are resolved in the scope of
/// the replaced action, so that no symbol of the wrapping Environment gets into them.
fn define_wrapped(symbols: &mut SymbolTable, wrapped: &Wrapped<'_, '_>) -> Result<(), PlanError> {
    let invocation = command::invocation(wrapped.scope, wrapped.action)?;
    let text = |text: &str| ExprValue::String(text.to_owned());
    let integer = |number: Option<i64>| number.map_or(ExprValue::Null, ExprValue::Int);
    let list = |items: Vec<String>| {
        let items = items.into_iter().map(ExprValue::String).collect();
        scope::list(items, ExprType::STRING)
    };
    let environment = wrapped
        .variables
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
    let (mode, period) = match command::cancelation(wrapped.scope, wrapped.action)? {
        Cancelation::Undeclared => (ExprValue::Null, None),
        Cancelation::Terminate => (text("TERMINATE"), None),
        declared @ Cancelation::NotifyThenTerminate(_) => (
            text("NOTIFY_THEN_TERMINATE"),
            declared
                .notify_period(wrapped.notify_period)
                .and_then(|period| i64::try_from(period.as_secs()).ok()),
        ),
    };
    let values = [
        (wrapped.name.0, text(wrapped.name.1)),
        ("WrappedAction.Command", text(&invocation.command)),
        ("WrappedAction.Args", list(invocation.args)?),
        ("WrappedAction.Environment", list(environment.collect())?),
        (
            "WrappedAction.Timeout",
            integer(command::timeout(wrapped.scope, wrapped.action)?),
        ),
        ("WrappedAction.Cancelation.Mode", mode),
        (
            "WrappedAction.Cancelation.NotifyPeriodInSeconds",
            integer(period),
        ),
    ];
    for (name, value) in values {
        set(symbols, name, value)?;
    }
    Ok(())
}
