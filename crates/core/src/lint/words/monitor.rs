//! The words of a monitor in other systems.

use super::{Entry, Table, otherwise, renamed};

const COMMAND: &str =
    "a check is a command, in two levels: write `command: {command: PROGRAM, args: [ARGUMENT, …]}`";
const REQUEST: &str = "a check is a command: write `command: {command: curl, args: [\"-fsS\", URL]}`, or another program that tests it";
const CONNECTION: &str = "a check is a command: write `command: {command: nc, args: [\"-z\", HOST, PORT]}`, or another program that tests it";
const TIMEOUT: &str =
    "a check's timeout stands in its command: write `command: {command: …, timeout: SECONDS}`";

/// Words for the check itself.
pub(super) const CHECKS: &str = "exec test cmd run check probe script healthCmd shell";

const ONE_PERIOD: &str = "leave it out: there is one `period`, from the end of `initialDelay` on, and a failed check is repeated after it";

/// Words for the fields that a monitor and an override share: of probes of Kubernetes, `HEALTHCHECK` of Docker and
/// Podman, compose files, Amazon ECS, load balancers of Amazon and Google, Nomad, Consul, systemd, Monit, Nagios and
/// Icinga, HAProxy, Keepalived, NGINX, Marathon, Pacemaker, Prometheus, Argo Rollouts and RFC 0009.
const SHARED: &[Entry] = &[
    renamed(
        "period",
        "periodSeconds periodInSeconds interval intervalSeconds intervalInSeconds healthInterval healthIntervalSeconds \
         healthCheckInterval healthCheckIntervalSeconds readinessInterval readinessIntervalSeconds livenessInterval checkInterval \
         checkIntervalSec checkIntervalSeconds normalCheckInterval inter probeInterval pollInterval pollingInterval \
         evaluationInterval scrapeInterval frequency every schedule watchdogSec watchdogSeconds watchdogInterval \
         heartbeatInterval onUnitActiveSec",
    ),
    otherwise(
        "period",
        "startInterval healthStartInterval retryInterval retryCheckInterval retryDelay fastInter downInter unhealthyInterval \
         noTrafficInterval",
        ONE_PERIOD,
    ),
    renamed(
        "failureThreshold",
        "retries retry maxRetries healthRetries threshold unhealthyThreshold unhealthyThresholdCount maxFailures maxFails fails \
         fall failureLimit failuresBeforeCritical failuresBeforeWarning attempts maxAttempts maxCheckAttempts \
         maxConsecutiveFailures consecutiveErrorLimit limit migrationThreshold startLimitBurst",
    ),
    otherwise(
        "failureThreshold",
        "for pendingPeriod keepFiringFor startLimitInterval startLimitIntervalSec",
        "write `failureThreshold`: the seconds that a failure may last, divided by `period`",
    ),
    renamed(
        "initialDelay",
        "initialDelaySec initialDelaySeconds initialDelayInSeconds startPeriod startPeriodSeconds healthStartPeriod startDelay \
         delay delaySeconds grace gracePeriod gracePeriodSeconds healthCheckGracePeriod healthCheckGracePeriodSeconds \
         readinessTimeout readinessTimeoutSeconds onActiveSec timeoutStartSec slowStart",
    ),
    otherwise(
        "command",
        "timeout timeoutSec timeoutSeconds timeoutInSeconds checkTimeout checkTimeoutSeconds healthTimeout healthTimeoutSeconds \
         healthCheckTimeout healthCheckTimeoutSeconds probeTimeout scrapeTimeout",
        TIMEOUT,
    ),
    otherwise("command", CHECKS, COMMAND),
    otherwise(
        "command",
        "args arguments argv execStart execCondition cmdShell runs checks checkCommand healthCheck healthCheckCommand \
         onHealthCheck livenessProbe readinessProbe startupProbe healthStartupCmd entrypoint program executable action \
         cancelation cancellation bash expr",
        COMMAND,
    ),
    otherwise(
        "command",
        "httpGet http https h2ping url path uri endpoint method header headers body healthEndpoint healthCheckPath",
        REQUEST,
    ),
    otherwise(
        "command",
        "tcpSocket tcp port grpc udp socket host hostname address healthCheckPort",
        CONNECTION,
    ),
    otherwise(
        "command",
        "ttl",
        "a check asks, and is not told: let the job write a file, and test its age with `command`, such as `find FILE -mmin -2`",
    ),
    otherwise(
        "command",
        "dockerContainerId container",
        "a check runs on the host: write `command: {command: docker, args: [exec, CONTAINER, …]}`",
    ),
    renamed(
        "onFailure",
        "onFail onError onUnhealthy healthOnFailure failureAction failAction unhealthyAction startLimitAction reaction restart \
         restartPolicy checkRestart onCritical",
    ),
    otherwise(
        "failureThreshold",
        "successThreshold successBeforePassing healthyThreshold healthyThresholdCount rise passes",
        "leave it out: one healthy check sets the count of failures back to 0",
    ),
    otherwise(
        "onFailure",
        "terminationGracePeriod terminationGracePeriodSeconds notifyPeriod notifyPeriodInSeconds stopGracePeriod killTimeout timeoutStopSec \
         deregisterCriticalServiceAfter",
        "leave it out: `onFailure: terminate` cancels the watched action by its own `cancelation`",
    ),
    otherwise(
        "onFailure",
        "restartSec restartLimit backoffLimit",
        "leave it out: nothing is started again, and the job fails",
    ),
    otherwise(
        "command",
        "disable disabled enabled none",
        "leave `onMonitor` out where nothing is to be watched",
    ),
    otherwise(
        "command",
        "name type id description notes status initialStatus onUpdate addressMode",
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
