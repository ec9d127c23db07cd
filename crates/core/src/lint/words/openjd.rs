//! The words of earlier drafts, of GitHub Actions, of Deadline 10 and of habit for the fields of templates.

use super::{Table, otherwise, renamed};

const TO_ACTIONS: &str = "it stands in `script`: write `script: {actions: {…}}`";
const TO_FILES: &str = "it stands in `script`: write `script: {actions: {…}, embeddedFiles: […]}`";
const RUN: &str =
    "a step runs a command: write `script: {actions: {onRun: {command: bash, args: [\"-c\", …]}}}`";
const ON_RUN: &str =
    "an action is a mapping: write `onRun: {command: PROGRAM, args: [ARGUMENT, …]}`";
const ON_ENTER: &str =
    "an action is a mapping: write `onEnter: {command: PROGRAM, args: [ARGUMENT, …]}`";
const NO_SHELL: &str = "a command is no shell line: write `command: bash` and `args: [\"-c\", …]`";
const VARIABLES: &str = "environment variables belong to an Environment: write `variables: {NAME: VALUE}` in `jobEnvironments` or `stepEnvironments`";
const NO_DIRECTORY: &str = "an action starts in the Session's directory: write `command: bash` and `args: [\"-c\", \"cd … && …\"]`";
const NO_CONDITION: &str = "there are no conditions: leave it out";
const QUEUE: &str = "that is for the queue or the submission: leave it out";
const REQUIREMENTS: &str =
    "write `hostRequirements: {amounts: [{name: amount.worker.vcpu, min: 4}], attributes: […]}`";
const SPACE: &str = "write `parameterSpace: {taskParameterDefinitions: [{name: Frame, type: INT, range: \"1-10\"}]}`, and `{{Task.Param.Frame}}` in the script";
const NEEDS: &str = "write `dependencies: [{dependsOn: STEP}]`";
const ENVIRONMENTS: &str = "write `stepEnvironments: [{name: …, variables: {NAME: VALUE}}]`";
const TIMEOUT: &str =
    "a timeout belongs to an action: write `onRun: {command: …, timeout: SECONDS}`";
const SUBMISSION: &str = "that is Deadline's, and for the submission: leave it out";

pub(super) const TABLES: &[Table] = &[
    Table {
        mark: "jobEnvironments",
        entries: &[
            renamed(
                "steps",
                "job jobs tasks step stages stage workflow operations",
            ),
            renamed("name", "title jobName"),
            renamed("description", "comment comments desc summary"),
            renamed("extensions", "extension features feature uses"),
            renamed(
                "parameterDefinitions",
                "parameters params inputs input parameter arguments jobParameters jobParameterDefinitions parameterDefs",
            ),
            renamed(
                "jobEnvironments",
                "environments environment jobEnvironment environmentTemplates containers",
            ),
            otherwise(
                "jobEnvironments",
                "env variables environmentVariables envVars vars defaults environmentKeyValue",
                "write `jobEnvironments: [{name: …, variables: {NAME: VALUE}}]`",
            ),
            otherwise(
                "steps",
                "script run command actions onRun cmd",
                "a job runs by steps: write `steps: [{name: …, script: {actions: {onRun: {command: …}}}}]`",
            ),
            otherwise(
                "steps",
                "parameterSpace matrix strategy frames dependencies needs hostRequirements stepEnvironments chunkSize",
                "it belongs to a step: write it in an item of `steps`",
            ),
            otherwise(
                "specificationVersion",
                "version apiVersion schemaVersion kind schema",
                "`specificationVersion` says all of it: leave it out",
            ),
            otherwise("steps", "on permissions concurrency runName", QUEUE),
            otherwise(
                "steps",
                "plugin pluginInfo group pool secondaryPool department priority userName batchName initialStatus machineLimit outputDirectory \
                 allowlist denylist whitelist blacklist maxRetries maxFailedTasksCount targetTaskRunStatus",
                SUBMISSION,
            ),
        ],
    },
    Table {
        mark: "environment",
        entries: &[
            renamed("environment", "environmentDefinition"),
            renamed(
                "parameterDefinitions",
                "parameters params inputs input parameter arguments jobParameters jobParameterDefinitions parameterDefs",
            ),
            renamed("extensions", "extension features feature uses"),
            otherwise(
                "environment",
                "name description script variables actions onEnter onExit onMonitor embeddedFiles env",
                "it stands in `environment`: write `environment: {name: …, script: {…}}`",
            ),
            otherwise(
                "environment",
                "environments jobEnvironments stepEnvironments",
                "an environment template has one Environment: write `environment: {name: …}`",
            ),
            otherwise(
                "specificationVersion",
                "version apiVersion schemaVersion kind schema",
                "`specificationVersion` says all of it: leave it out",
            ),
        ],
    },
    Table {
        mark: "stepEnvironments",
        entries: &[
            renamed("name", "id title stepName"),
            renamed("description", "comment comments desc summary"),
            otherwise(
                "dependencies",
                "needs dependsOn depends after requires dependency jobDependencies runAfter prerequisites",
                NEEDS,
            ),
            otherwise(
                "stepEnvironments",
                "env variables environmentVariables envVars vars environmentKeyValue",
                ENVIRONMENTS,
            ),
            renamed(
                "stepEnvironments",
                "environments environment stepEnvironment jobEnvironments",
            ),
            otherwise(
                "parameterSpace",
                "matrix strategy parameters params parameterDefinitions taskParameterDefinitions taskParameters frames frameList frameRange \
                 range chunkSize framesPerTask foreach withItems combination",
                SPACE,
            ),
            otherwise(
                "hostRequirements",
                "resources requirements runsOn machine constraints resourceRequirements hosts limits pool group amounts attributes",
                REQUIREMENTS,
            ),
            otherwise(
                "script",
                "run command cmd commands shell exec uses args onExecute plugin arguments executable",
                RUN,
            ),
            otherwise("script", "actions action onRun", TO_ACTIONS),
            otherwise(
                "script",
                "embeddedFiles files file scripts attachments",
                TO_FILES,
            ),
            otherwise(
                "script",
                "timeout timeoutMinutes timeoutSeconds taskTimeoutMinutes",
                TIMEOUT,
            ),
            otherwise(
                "script",
                "workingDirectory workingDir workdir cwd startupDirectory",
                NO_DIRECTORY,
            ),
            otherwise("script", "if when unless continueOnError", NO_CONDITION),
            otherwise(
                "script",
                "with outputs inputs permissions container services image",
                "a step has no such thing: an Environment prepares what its tasks need",
            ),
            otherwise(
                "script",
                "onEnter onExit onMonitor setup teardown",
                "it belongs to an Environment: write `stepEnvironments: [{name: …, script: {actions: {…}}}]`",
            ),
            otherwise("script", "priority maxRetries retries", QUEUE),
        ],
    },
    Table {
        mark: "onRun",
        entries: &[
            renamed(
                "onRun",
                "run runs onExecute execute onTask onTaskRun onStart main task render",
            ),
            otherwise(
                "onRun",
                "command args cmd arguments timeout cancelation script shell exec",
                ON_RUN,
            ),
            otherwise(
                "onRun",
                "onEnter onExit onWrapTaskRun onWrapEnvEnter onWrapEnvExit onMonitor",
                "it belongs to an Environment: write it in `stepEnvironments` or `jobEnvironments`",
            ),
        ],
    },
    Table {
        mark: "onWrapTaskRun",
        entries: &[
            renamed(
                "onEnter",
                "enter onInit init setup onSetup onStart start onCreate before activate onActivate pre preStart execStart",
            ),
            renamed(
                "onExit",
                "exit teardown onTeardown onStop stop cleanup onCleanup onClose onLeave leave after finally deactivate post postStop execStop onEnd",
            ),
            renamed(
                "onWrapEnvEnter",
                "onWrapEnter onWrapEnvironmentEnter wrapEnter wrapEnvEnter wrapOnEnter",
            ),
            renamed(
                "onWrapEnvExit",
                "onWrapExit onWrapEnvironmentExit wrapExit wrapEnvExit wrapOnExit",
            ),
            renamed(
                "onWrapTaskRun",
                "onWrapRun onWrapTask wrapRun wrapTaskRun wrapOnRun onWrapStepRun onWrap",
            ),
            renamed(
                "onMonitor",
                "healthCheck healthChecks onHealthCheck health livenessProbe readinessProbe startupProbe probe check checks \
                 watchdog watch monitoring onCheck onHealth heartbeat onWatch onMonitoring",
            ),
            otherwise(
                "onEnter",
                "command args cmd arguments timeout cancelation script shell exec",
                ON_ENTER,
            ),
            otherwise(
                "onEnter",
                "onRun onTaskRun run runs execute",
                "tasks run by the `onRun` of a step; an Environment has `onEnter` and `onExit`, and wraps tasks by `onWrapTaskRun`",
            ),
            otherwise(
                "onWrapTaskRun",
                "onWrapServiceHealthCheck onWrapServiceRun onWrapServiceStart onWrapServiceStop",
                "this revision of the specification has no Services: leave it out",
            ),
        ],
    },
    Table {
        mark: "embeddedFiles",
        entries: &[
            renamed("actions", "action"),
            renamed("embeddedFiles", "files file scripts attachments embedded"),
            otherwise(
                "actions",
                "onRun onEnter onExit onMonitor onWrapEnvEnter onWrapTaskRun onWrapEnvExit",
                "it stands in `actions`: write `actions: {…}` and move it there",
            ),
            otherwise(
                "actions",
                "command args cmd run arguments timeout cancelation shell exec interpreter",
                "an action of `actions` runs the command: write `actions: {onRun: {command: PROGRAM}}`, in an Environment `onEnter`",
            ),
            otherwise(
                "embeddedFiles",
                "data content filename text body runnable type",
                "it belongs to an embedded file: write `embeddedFiles: [{name: …, type: TEXT, data: …}]`",
            ),
        ],
    },
    Table {
        mark: "variables",
        entries: &[
            renamed(
                "variables",
                "env vars variable environmentVariables envVars environment environmentVariable envs",
            ),
            renamed("name", "id title"),
            renamed("description", "comment comments desc summary"),
            otherwise(
                "script",
                "actions action onEnter onExit onMonitor onWrapEnvEnter onWrapTaskRun onWrapEnvExit",
                TO_ACTIONS,
            ),
            otherwise("script", "embeddedFiles files file scripts", TO_FILES),
            otherwise(
                "script",
                "command cmd run args exec",
                "an Environment runs a command when it is entered: write `script: {actions: {onEnter: {command: …}}}`",
            ),
            otherwise(
                "script",
                "healthCheck livenessProbe readinessProbe startupProbe monitor probe onHealthCheck health",
                "write `onMonitor` in `script: {actions: {…}}`",
            ),
            otherwise(
                "script",
                "image container services volumes ports",
                "an Environment starts a container by a command: write `script: {actions: {onEnter: {command: docker, args: [run, …]}}}`",
            ),
            otherwise(
                "script",
                "resolvedSymTab resolvedSymtab requiresServices runScope",
                "this revision of the specification has no such field: leave it out",
            ),
        ],
    },
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
