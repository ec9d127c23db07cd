//! The variables of format strings that the runtime defines.

use crate::template::Slot;

/// A variable that the runtime defines.
#[derive(Debug)]
pub(crate) struct RuntimeVariable {
    /// Dotted name.
    pub name: &'static str,
    /// Type, in the words of the expression language.
    pub kind: &'static str,
    /// Description, in one sentence.
    pub about: &'static str,
    /// The wrap hooks that alone have it; none if it is not about what they wrap.
    pub hooks: &'static [Slot],
}

const HOOKS: &[Slot] = &Slot::HOOKS;

/// The variables of Sessions, of jobs and steps, and of what wrap hooks wrap.
pub(crate) static RUNTIME_VARIABLES: [RuntimeVariable; 13] = [
    variable("Job.Name", "string", "Name of the job.", &[]),
    variable("Step.Name", "string", "Name of the step.", &[]),
    variable(
        "Session.WorkingDirectory",
        "path",
        "Working directory of the Session on the host.",
        &[],
    ),
    variable(
        "Session.HasPathMappingRules",
        "bool",
        "True if there are path mapping rules.",
        &[],
    ),
    variable(
        "Session.PathMappingRulesFile",
        "path",
        "JSON file with the path mapping rules; it has none, if there are none.",
        &[],
    ),
    variable(
        "WrappedAction.Command",
        "string",
        "Command of the action that this hook runs in place of.",
        HOOKS,
    ),
    variable(
        "WrappedAction.Args",
        "list[string]",
        "Arguments of the action that this hook runs in place of.",
        HOOKS,
    ),
    variable(
        "WrappedAction.Environment",
        "list[string]",
        "Environment variables of the action that this hook runs in place of, each as `NAME=VALUE`.",
        HOOKS,
    ),
    variable(
        "WrappedAction.Timeout",
        "int?",
        "Timeout of the action that this hook runs in place of, in seconds; null if it has none.",
        HOOKS,
    ),
    variable(
        "WrappedAction.Cancelation.Mode",
        "string?",
        "`mode` of the `cancelation` of the action that this hook runs in place of; null if it has none.",
        HOOKS,
    ),
    variable(
        "WrappedAction.Cancelation.NotifyPeriodInSeconds",
        "int?",
        "Seconds between the notification and the kill of the action that this hook runs in place of.",
        HOOKS,
    ),
    variable(
        "WrappedEnv.Name",
        "string",
        "Name of the inner Environment whose action this hook runs in place of.",
        &[Slot::OnWrapEnvEnter, Slot::OnWrapEnvExit],
    ),
    variable(
        "WrappedStep.Name",
        "string",
        "Name of the step whose task this hook runs in place of.",
        &[Slot::OnWrapTaskRun],
    ),
];

const fn variable(
    name: &'static str,
    kind: &'static str,
    about: &'static str,
    hooks: &'static [Slot],
) -> RuntimeVariable {
    RuntimeVariable {
        name,
        kind,
        about,
        hooks,
    }
}

/// Returns the names of those in a table, such as `Session`.
pub(crate) fn of_table(table: &str) -> impl Iterator<Item = &'static RuntimeVariable> {
    let all = RUNTIME_VARIABLES.iter();
    all.filter(move |variable| variable.name.split('.').next() == Some(table))
}
