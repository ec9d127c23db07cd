//! What the format strings of an action see: its own names, and in a wrap hook those of the action that
//! it replaces (VAR-1, RFC 0008).

use super::event::{File, Variables};
use super::job::{Environment, Script, Step};
use super::resolve::{Cancelation, PATHS, Scope, Unresolved};
use crate::template::draft_names::DRAFT_NAMES;
use openjd_expr::{ExprType, ExprValue, FunctionLibrary, PathMappingRule, path_mapping};
use openjd_model::job::Action;
use openjd_model::types::EndOfLine;
use openjd_model::{SymbolTable, TaskParameterSet, TaskParameterType, evaluate_let_bindings};
use std::time::Duration;

/// The default of notifyPeriodInSeconds for a task's `onRun` and its wrap hook (SES-7).
pub(super) const TASK_NOTIFY_PERIOD: Duration = Duration::from_secs(120);
/// Its default for all other actions (SES-7).
pub(super) const NOTIFY_PERIOD: Duration = Duration::from_secs(30);

/// A scope, and the files that it makes a Session write.
pub(super) struct Prepared<'l> {
    pub scope: Scope<'l>,
    pub files: Vec<File>,
}

/// The action that a wrap hook replaces, with what it would have seen.
pub(super) struct Wrapped<'a, 'l> {
    pub action: &'a Action,
    pub scope: &'a Scope<'l>,
    /// `WrappedEnv.Name` or `WrappedStep.Name`, and its value.
    pub name: (&'static str, &'a str),
    /// The default of the notify period of the action.
    pub notify_period: Duration,
    /// What `WrappedAction.Environment` lists.
    pub variables: &'a Variables,
}

/// The scope of an Environment's own actions.
pub(super) fn of_environment<'l>(
    environment: &Environment,
    library: &'l FunctionLibrary,
) -> Result<Prepared<'l>, Unresolved> {
    let scope = Scope {
        symbols: environment.symbols.clone(),
        library,
    };
    prepare(scope, environment.script(), None)
}

/// The scope of a Step's task.
pub(super) fn of_task<'l>(
    step: &Step,
    task: &TaskParameterSet,
    rules: &[PathMappingRule],
    library: &'l FunctionLibrary,
) -> Result<Prepared<'l>, Unresolved> {
    let mut symbols = step.symbols.clone();
    for (name, parameter) in task {
        let is_typed = parameter.param_type != TaskParameterType::ChunkInt;
        let value = |target: ExprType| {
            let value = parameter.value.clone();
            value.coerce(&target, PATHS)
        };
        let (raw, here) = match parameter.param_type {
            TaskParameterType::Path => (
                parameter.value.clone(),
                mapped(value(ExprType::PATH)?, rules)?,
            ),
            _ if is_typed => {
                let typed = value(parameter.param_type.expr_type())?;
                (typed.clone(), typed)
            }
            _ => (parameter.value.clone(), parameter.value.clone()),
        };
        set(&mut symbols, &format!("Task.RawParam.{name}"), raw)?;
        set(&mut symbols, &format!("Task.Param.{name}"), here)?;
    }
    prepare(Scope { symbols, library }, step.script(), None)
}

/// The scope of a wrap hook of `environment`.
pub(super) fn of_hook<'l>(
    environment: &Environment,
    wrapped: &Wrapped<'_, '_>,
    library: &'l FunctionLibrary,
) -> Result<Prepared<'l>, Unresolved> {
    let scope = Scope {
        symbols: environment.symbols.clone(),
        library,
    };
    prepare(scope, environment.script(), Some(wrapped))
}

/// The scope of a check: that of the action it runs beside, and the draft's names (VAR-1, VAR-3).
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

/// Adds what a script itself defines, in the order of the official runtime: the paths of the files, `let`,
/// what is wrapped, then what the files hold.
fn prepare<'l>(
    mut scope: Scope<'l>,
    script: Script<'_>,
    wrapped: Option<&Wrapped<'_, '_>>,
) -> Result<Prepared<'l>, Unresolved> {
    for file in script.files {
        let path = ExprValue::new_path(script.path_of(file), PATHS);
        set(
            &mut scope.symbols,
            &format!("{}.{}", script.prefix, file.name),
            path,
        )?;
    }
    if let Some(bindings) = script.bindings {
        scope.symbols = evaluate_let_bindings(bindings, &scope.symbols, Some(scope.library), PATHS)
            .map_err(|error| error.to_string())?;
    }
    if let Some(wrapped) = wrapped {
        seed(&mut scope.symbols, wrapped)?;
    }
    let files = script
        .files
        .iter()
        .map(|file| {
            let data = match &file.data {
                Some(data) => scope.lenient_text(data, "the data of an embedded file")?,
                None => String::new(),
            };
            Ok(File {
                path: script.path_of(file),
                data: with_line_ends(data, file.end_of_line),
                is_runnable: file.runnable.unwrap_or_default(),
            })
        })
        .collect::<Result<_, Unresolved>>()?;
    Ok(Prepared { scope, files })
}

fn with_line_ends(data: String, wanted: Option<EndOfLine>) -> String {
    match wanted {
        None => data,
        Some(EndOfLine::Lf | EndOfLine::Auto) => data.replace("\r\n", "\n"),
        Some(EndOfLine::Crlf) => data.replace("\r\n", "\n").replace('\n', "\r\n"),
    }
}

/// `WrappedAction.*` and the name of what is wrapped. Values are resolved in the scope of the action that
/// is replaced, so that nothing of the wrapping Environment gets into them.
fn seed(symbols: &mut SymbolTable, wrapped: &Wrapped<'_, '_>) -> Result<(), Unresolved> {
    let invocation = wrapped.scope.invocation(wrapped.action)?;
    let text = |text: &str| ExprValue::String(text.to_owned());
    let integer = |number: Option<i64>| number.map_or(ExprValue::Null, ExprValue::Int);
    let list = |items: Vec<String>| {
        let items = items.into_iter().map(ExprValue::String).collect();
        ExprValue::make_list(items, ExprType::STRING).map_err(|error| error.to_string())
    };
    let environment = wrapped
        .variables
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
    let (mode, period) = match wrapped.scope.cancelation(wrapped.action)? {
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
            integer(wrapped.scope.timeout(wrapped.action)?),
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

/// A path, or a list of paths, as the rules map it; another value as it is.
pub(super) fn mapped(value: ExprValue, rules: &[PathMappingRule]) -> Result<ExprValue, Unresolved> {
    let map = |path: &str| {
        let path = path_mapping::apply_rules_with_format(rules, path, PATHS);
        ExprValue::new_path(path, PATHS)
    };
    match &value {
        ExprValue::Path { value, .. } => Ok(map(value)),
        ExprValue::ListPath(paths, ..) => {
            let paths = paths.iter().map(|path| map(path)).collect();
            ExprValue::make_list(paths, ExprType::PATH).map_err(|error| error.to_string())
        }
        _ => Ok(value),
    }
}

pub(super) fn set(
    symbols: &mut SymbolTable,
    name: &str,
    value: ExprValue,
) -> Result<(), Unresolved> {
    symbols
        .set(name, value)
        .map_err(|error| format!("cannot set {name}: {error}"))
}
