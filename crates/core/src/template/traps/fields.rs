//! The words that are fields of templates.

/// The names of all fields in the schemas, in order. Reading the schemas for each file would take longer than the rest of a
/// check.
const NAMES: [&str; 79] = [
    "$schema",
    "actions",
    "allOf",
    "allowedValues",
    "amounts",
    "anyOf",
    "args",
    "attributes",
    "bash",
    "cancelation",
    "chunks",
    "cmd",
    "combination",
    "command",
    "control",
    "data",
    "dataFlow",
    "decimals",
    "default",
    "defaultTaskCount",
    "dependencies",
    "dependsOn",
    "description",
    "embeddedFiles",
    "endOfLine",
    "environment",
    "extensions",
    "failureThreshold",
    "fileFilterDefault",
    "fileFilters",
    "filename",
    "groupLabel",
    "hostRequirements",
    "initialDelay",
    "item",
    "jobEnvironments",
    "label",
    "let",
    "max",
    "maxLength",
    "maxValue",
    "min",
    "minLength",
    "minValue",
    "mode",
    "name",
    "node",
    "notifyPeriodInSeconds",
    "objectType",
    "onEnter",
    "onExit",
    "onFailure",
    "onMonitor",
    "onRun",
    "onWrapEnvEnter",
    "onWrapEnvExit",
    "onWrapTaskRun",
    "overrides",
    "parameterDefinitions",
    "parameterSpace",
    "patterns",
    "period",
    "powershell",
    "python",
    "range",
    "rangeConstraint",
    "runnable",
    "scope",
    "script",
    "singleStepDelta",
    "specificationVersion",
    "stepEnvironments",
    "steps",
    "targetRuntimeSeconds",
    "taskParameterDefinitions",
    "timeout",
    "type",
    "userInterface",
    "variables",
];

/// Fields that are the names of programs as well, with which a command line may start.
const PROGRAMS: [&str; 5] = ["bash", "cmd", "node", "powershell", "python"];

/// Returns true for the name of a field of any part of a template, unless it is that of a program.
pub(crate) fn is_field(word: &str) -> bool {
    NAMES.binary_search(&word).is_ok() && !PROGRAMS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn add(schema: &'static Value, names: &mut BTreeSet<&'static str>) {
        match schema {
            Value::Object(keywords) => {
                for (keyword, given) in keywords {
                    if let ("properties", Some(fields)) = (keyword.as_str(), given.as_object()) {
                        names.extend(fields.keys().map(String::as_str));
                    }
                    add(given, names);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| add(item, names)),
            _ => {}
        }
    }

    #[test]
    fn the_names_are_those_of_the_schemas() {
        let mut names = BTreeSet::new();
        for schema in [
            &schema::JOB_TEMPLATE,
            &schema::ENVIRONMENT_TEMPLATE,
            &schema::MONITOR,
        ] {
            add(schema.document(), &mut names);
        }
        assert_eq!(NAMES.as_slice(), Vec::from_iter(names));
    }
}
