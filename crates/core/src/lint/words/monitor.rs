//! The words of a monitor in Kubernetes, Docker, Amazon ECS, Nomad, Consul, systemd and RFC 0009.

use super::{Entry, Table, otherwise, renamed};

const COMMAND: &str =
    "a check is a command, in two levels: write `command: {command: PROGRAM, args: [ARGUMENT, …]}`";
const REQUEST: &str = "a check is a command: write `command: {command: curl, args: [\"-fsS\", URL]}`, or another program that tests it";
const CONNECTION: &str = "a check is a command: write `command: {command: nc, args: [\"-z\", HOST, PORT]}`, or another program that tests it";
const TIMEOUT: &str =
    "a check's timeout stands in its command: write `command: {command: …, timeout: SECONDS}`";

/// Words for the check itself.
pub(super) const CHECKS: &str = "exec test cmd run check probe script healthCmd shell";

/// Words of the fields that a monitor and an override share.
const SHARED: &[Entry] = &[
    renamed(
        "period",
        "periodSeconds periodInSeconds interval intervalSeconds intervalInSeconds healthInterval healthIntervalSeconds \
         healthCheckInterval healthCheckIntervalSeconds readinessInterval readinessIntervalSeconds livenessInterval checkInterval \
         checkIntervalSeconds checkPeriod pollInterval pollingInterval pollIntervalSeconds probeInterval probePeriod frequency \
         every repeat rate schedule watchdogSec watchdogInterval watchdogSeconds heartbeatInterval heartbeatPeriod \
         onUnitActiveSec",
    ),
    renamed(
        "failureThreshold",
        "retries retry maxRetries retryCount threshold failures maxFailures maxFails failureCount failureLimit failLimit \
         unhealthyThreshold unhealthyThresholdCount failuresBeforeCritical failuresBeforeWarning attempts maxAttempts \
         consecutiveFailures maxConsecutiveFailures healthRetries limit tolerance startLimitBurst",
    ),
    renamed(
        "initialDelay",
        "initialDelaySeconds initialDelayInSeconds startPeriod startPeriodSeconds healthStartPeriod startDelay startupDelay \
         startAfter delay delaySeconds grace gracePeriod gracePeriodSeconds healthCheckGracePeriod \
         healthCheckGracePeriodSeconds readinessTimeout readinessTimeoutSeconds warmup warmupSeconds onActiveSec \
         timeoutStartSec",
    ),
    otherwise(
        "command",
        "timeout timeoutSeconds timeoutInSeconds checkTimeout checkTimeoutSeconds healthTimeout healthTimeoutSeconds \
         healthCheckTimeout healthCheckTimeoutSeconds probeTimeout timeoutSec execTimeout",
        TIMEOUT,
    ),
    otherwise("command", CHECKS, COMMAND),
    otherwise(
        "command",
        "args arguments argv execStart execCondition cmdShell runs checks healthCheck healthCheckCommand onHealthCheck \
         livenessProbe readinessProbe startupProbe entrypoint program executable action cancelation cancellation bash",
        COMMAND,
    ),
    otherwise(
        "command",
        "httpGet http https url path uri endpoint method header headers healthEndpoint",
        REQUEST,
    ),
    otherwise(
        "command",
        "tcpSocket tcp port grpc udp socket host hostname address",
        CONNECTION,
    ),
    renamed(
        "onFailure",
        "onFail onError onUnhealthy failureAction failAction unhealthyAction reaction restart restartPolicy checkRestart onCritical",
    ),
    otherwise(
        "failureThreshold",
        "successThreshold successBeforePassing healthyThreshold healthyThresholdCount",
        "leave it out: one healthy check sets the count of failures back to 0",
    ),
    otherwise(
        "onFailure",
        "terminationGracePeriod terminationGracePeriodSeconds notifyPeriod notifyPeriodInSeconds stopGracePeriod killTimeout timeoutStopSec \
         deregisterCriticalServiceAfter",
        "leave it out: `onFailure: terminate` cancels the watched action by its own `cancelation`",
    ),
    otherwise(
        "command",
        "disable disabled enabled none",
        "leave `onMonitor` out where nothing is to be watched",
    ),
    otherwise(
        "command",
        "name type id description",
        "leave it out: an Environment has one monitor, without a name or type",
    ),
];

/// Other words for the values of a monitor's `onFailure`, in small letters.
pub(super) const REACTIONS: &[(&str, &str)] = &[
    (
        "terminate",
        "restart kill stop cancel abort fail failure error exit always onfailure unlessstopped delete replace critical fatal \
         unhealthy true terminated",
    ),
    (
        "log",
        "ignore none continue never no nothing info print notify passing report false",
    ),
    ("warn", "alert retry tolerate"),
];

pub(super) const TABLES: &[Table] = &[
    Table {
        mark: "overrides",
        entries: &[
            renamed(
                "scope",
                "slots slot hooks phases actions targets watch watches onActions runScope",
            ),
            renamed("overrides", "perSlot slotOverrides except"),
        ],
    },
    Table {
        mark: "onFailure",
        entries: SHARED,
    },
];
