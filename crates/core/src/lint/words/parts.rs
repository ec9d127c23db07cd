//! The words of other systems and of habit for actions, parameters and files.

use super::{Table, otherwise, renamed};

const NO_SHELL: &str = "a command is no shell line: write `command: bash` and `args: [\"-c\", …]`";
const VARIABLES: &str = "environment variables belong to an Environment: write `variables: {NAME: VALUE}` in `jobEnvironments` or `stepEnvironments`";
const NO_DIRECTORY: &str = "an action starts in the Session's directory: write `command: bash` and `args: [\"-c\", \"cd … && …\"]`";

pub(super) const TABLES: &[Table] = &[
    Table {
        mark: "cancelation",
        entries: &[
            renamed(
                "command",
                "cmd program executable exe execute exec entrypoint path binary executableName",
            ),
            renamed(
                "args",
                "arguments argv argument params parameters arg options",
            ),
            renamed(
                "timeout",
                "timeoutSeconds timeoutInSeconds timeoutSec maxTime timeLimit maxRuntime maxDuration",
            ),
            renamed(
                "cancelation",
                "cancel cancelling canceling onCancel cancellationMode cancelationMode cancelationMethod",
            ),
            otherwise(
                "timeout",
                "timeoutMinutes taskTimeoutMinutes",
                "write `timeout`, in seconds",
            ),
            otherwise(
                "command",
                "run shell script bash sh line commandLine",
                NO_SHELL,
            ),
            otherwise(
                "command",
                "env variables environment environmentVariables envVars vars",
                VARIABLES,
            ),
            otherwise(
                "command",
                "cwd workingDirectory workingDir workdir directory dir",
                NO_DIRECTORY,
            ),
            otherwise(
                "cancelation",
                "notifyPeriodInSeconds mode notifyPeriod gracePeriod",
                "write `cancelation: {mode: NOTIFY_THEN_TERMINATE, notifyPeriodInSeconds: 30}`",
            ),
            otherwise(
                "command",
                "name description if when id",
                "an action has no such field: leave it out",
            ),
            otherwise(
                "command",
                "runOnHost",
                "this revision of the specification has no such field: a wrap hook runs all that it wraps",
            ),
            otherwise(
                "command",
                "retries maxRetries user onFailure continueOnError",
                "that is for the queue, and no part of a template: leave it out",
            ),
        ],
    },
    Table {
        mark: "notifyPeriodInSeconds",
        entries: &[
            renamed("mode", "type method kind"),
            renamed(
                "notifyPeriodInSeconds",
                "notifyPeriod notifyPeriodSeconds gracePeriod gracePeriodSeconds terminationGracePeriodSeconds timeout seconds stopTimeout",
            ),
        ],
    },
    Table {
        mark: "default",
        entries: PARAMETER,
    },
    Table {
        mark: "range",
        entries: &[
            renamed(
                "range",
                "values value items list frames frameRange frameList sequence allowedValues choices enum",
            ),
            renamed("name", "id key title"),
            otherwise(
                "range",
                "min max start end minValue maxValue step stop first last",
                "write the values as `range`: `\"1-10\"`, `\"1-10:2\"` or a list",
            ),
            otherwise(
                "range",
                "chunk chunkSize defaultTaskCount targetRuntimeSeconds",
                "write `type: CHUNK[INT]` and `chunks: {defaultTaskCount: …, rangeConstraint: CONTIGUOUS}`, with the extension TASK_CHUNKING",
            ),
            otherwise(
                "name",
                "description default comment",
                "a task parameter has a name, a type and a range only: leave it out",
            ),
        ],
    },
    Table {
        mark: "data",
        entries: &[
            renamed(
                "data",
                "content contents text body script source code value",
            ),
            renamed("filename", "path file destination dest target filePath"),
            renamed("runnable", "executable exec chmod executableFlag"),
            renamed("name", "id title"),
            renamed("endOfLine", "lineEnding lineEndings newline eol"),
            otherwise(
                "runnable",
                "mode permissions",
                "write `runnable: true` for a file that is run as a program",
            ),
        ],
    },
    Table {
        mark: "dependsOn",
        entries: &[renamed(
            "dependsOn",
            "name step stepName needs on id depends after",
        )],
    },
    Table {
        mark: "amounts",
        entries: &[
            otherwise(
                "amounts",
                "cpu cpus vcpu vcpus memory mem gpu gpus cores ram disk",
                "write `amounts: [{name: amount.worker.vcpu, min: 4}]`, likewise `amount.worker.memory` and `amount.worker.gpu`",
            ),
            otherwise(
                "attributes",
                "os arch platform osFamily cpuArch operatingSystem",
                "write `attributes: [{name: attr.worker.os.family, anyOf: [linux]}]`",
            ),
        ],
    },
    Table {
        mark: "taskParameterDefinitions",
        entries: &[
            renamed(
                "taskParameterDefinitions",
                "parameters parameterDefinitions taskParameters params tasks definitions matrix",
            ),
            renamed("combination", "combine strategy combinations product"),
            otherwise(
                "taskParameterDefinitions",
                "chunks chunkSize",
                "write `chunks` in a task parameter of type `CHUNK[INT]`",
            ),
        ],
    },
    Table {
        mark: "defaultTaskCount",
        entries: &[
            renamed(
                "defaultTaskCount",
                "chunkSize size count framesPerTask taskCount tasksPerChunk",
            ),
            renamed(
                "targetRuntimeSeconds",
                "targetRuntime targetSeconds runtime targetDuration",
            ),
            renamed("rangeConstraint", "constraint type mode contiguous"),
        ],
    },
    Table {
        mark: "control",
        entries: &[
            renamed("control", "type widget kind"),
            renamed("label", "title name displayName text"),
            renamed("groupLabel", "group category section tab"),
        ],
    },
];

/// The words for the fields of a job parameter.
const PARAMETER: &[super::Entry] = &[
    renamed("default", "defaultValue value initial"),
    renamed(
        "allowedValues",
        "choices options enum values allowed oneOf validValues items",
    ),
    renamed("description", "comment desc help doc summary tooltip"),
    renamed("name", "id key parameterName"),
    renamed("type", "kind dataType valueType parameterType paramType"),
    renamed("minValue", "min minimum"),
    renamed("maxValue", "max maximum"),
    renamed("minLength", "minSize"),
    renamed("maxLength", "maxSize"),
    otherwise(
        "type",
        "minValue maxValue min max",
        "that is for numbers: write `type: INT` or `type: FLOAT`",
    ),
    otherwise(
        "type",
        "minLength maxLength",
        "that is for texts: a number has `minValue` and `maxValue`",
    ),
    otherwise(
        "type",
        "objectType dataFlow",
        "that is for files and folders: write `type: PATH`",
    ),
    renamed("userInterface", "ui uiHint uiHints widget gui"),
    otherwise(
        "userInterface",
        "control label groupLabel title displayName group",
        "write it in `userInterface: {…}`",
    ),
    otherwise(
        "default",
        "required optional mandatory",
        "leave it out: a parameter without a `default` is required",
    ),
    otherwise(
        "default",
        "range",
        "the values of tasks belong to a step: write `parameterSpace: {taskParameterDefinitions: […]}`",
    ),
];
