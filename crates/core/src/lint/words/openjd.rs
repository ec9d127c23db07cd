//! The words of earlier drafts, of GitHub Actions, of Deadline 10 and of habit for templates, steps and Environments.

use super::{Table, otherwise, renamed};

const TO_ACTIONS: &str = "it stands in `script`: write `script: {actions: {…}}`";
const TO_FILES: &str = "it stands in `script`: write `script: {actions: {…}, embeddedFiles: […]}`";
const RUN: &str =
    "a step runs a command: write `script: {actions: {onRun: {command: bash, args: [\"-c\", …]}}}`";
const ON_RUN: &str =
    "an action is a mapping: write `onRun: {command: PROGRAM, args: [ARGUMENT, …]}`";
const ON_ENTER: &str =
    "an action is a mapping: write `onEnter: {command: PROGRAM, args: [ARGUMENT, …]}`";
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
                "resources requirements runsOn machine constraints resourceRequirements requiredCapabilities capabilities hosts limits pool \
                 group amounts attributes",
                REQUIREMENTS,
            ),
            otherwise(
                "script",
                "run command commands shell exec uses args onExecute plugin arguments executable",
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
                "resolvedSymTab requiresServices runScope",
                "this revision of the specification has no such field: leave it out",
            ),
        ],
    },
];
