"""Runs the watcher of a supervisor in scenarios, with a fake clock and fake processes.

    python3 scenarios.py SUPERVISOR < SCENARIOS

Reads a list of scenarios (docs/scenarios.md) with one monitored `onEnter` each. Prints for each of them what the
watcher does, as the events of `openjd-monitor simulate`, in a list on one line.
"""

import importlib.util
import json
import sys

specification = importlib.util.spec_from_file_location("supervisor", sys.argv[1])
supervisor = importlib.util.module_from_spec(specification)
specification.loader.exec_module(supervisor)

NEVER = float("inf")


class Plan:
    def __init__(self, actions):
        monitor, action = actions["onMonitor"], actions["onEnter"]
        self.environment, self.slot = "Service", "onEnter"
        self.is_entering, self.has_redacted_env = True, False
        self.period = monitor["period"]
        self.initial_delay = monitor.get("initialDelay", self.period)
        self.threshold = monitor.get("failureThreshold", 1)
        self.timeout = monitor["command"].get("timeout", min(self.period - 1, 30))
        self.on_failure = monitor["onFailure"]
        cancelation = action.get("cancelation", {"mode": "TERMINATE"})
        is_notified = cancelation["mode"] == "NOTIFY_THEN_TERMINATE"
        self.notify_period = cancelation.get("notifyPeriodInSeconds", 30) if is_notified else None


class Process:
    """A process of a scenario, which starts at `start`."""

    def __init__(self, run, start, clock):
        self.run, self.clock = run, clock
        self.end = NEVER if run.get("hang") else start + run.get("after", 0)
        self.start, self.shown = start, 0
        self.is_killed = self.is_notified = False

    def kill(self):
        # Whose end falls on this instant has ended; the first kill counts.
        if not self.is_killed and self.end > self.clock.now:
            self.is_killed = True
            self.end = self.clock.now + self.run.get("onKill", {}).get("after", 0)

    def notify(self):
        reaction = self.run.get("onNotify", {})
        if self.end > self.clock.now and not self.is_notified and reaction != "ignore":
            self.end = self.clock.now + reaction.get("after", 0)
        self.is_notified = True

    def has_ended(self):
        return self.clock.now >= self.end

    def new_lines(self):
        """Returns the lines that are due, the first of which was not returned before."""
        lines = self.run.get("output", [])
        due = [line["stdout"] for line in lines if self.start + line["at"] <= min(self.clock.now, self.end)]
        new, self.shown = due[self.shown :], max(len(due), self.shown)
        return new if not self.is_killed else []

    def instants(self):
        return [self.end] + [self.start + line["at"] for line in self.run.get("output", [])]


class Action(Process):
    pidfd = None

    def __init__(self, run, clock, trace, cancels):
        super().__init__(run, 0, clock)
        self.trace, self.cancels = trace, cancels

    def is_canceled(self):
        return self.clock.now >= min(self.cancels, default=NEVER) and not self.trace.has_fired

    def notify(self, period):
        self.trace.add("notify", target="action")
        super().notify()
        return True

    def signal(self, number):
        self.trace.add("kill", target="action")
        self.kill()


class Check(Process):
    def lines(self):
        return self.new_lines()

    def last_lines(self):
        return self.new_lines()

    def status(self):
        if not self.has_ended():
            return None
        return -9 if self.is_killed else self.run.get("exit", -self.run.get("signal", 0))


class Output(supervisor.Output):
    def __init__(self, plan, action, trace, secrets):
        super().__init__(plan, None, None, secrets)
        self.action, self.trace, self.is_at_end = action, trace, True

    def read(self):
        for line in self.action.new_lines():
            self.take_message(line)

    def put(self, text, is_needed=False):
        name, _, text = text.partition(": ")
        if name == "openjd_status":
            self.trace.add("status", text=text)
        elif name == "openjd_fail":
            self.trace.add("fail", text=text)


class Monitor(supervisor.Monitor):
    """Records the results."""

    def __init__(self, plan, trace):
        super().__init__(plan, 0)
        self.trace = trace

    def result(self, is_healthy):
        consequence = super().result(is_healthy)
        self.trace.add("check_ended", result="healthy" if is_healthy else "unhealthy", failures=self.failures)
        self.trace.has_fired = consequence[1]
        return consequence

    def stop(self):
        is_pending = super().stop()
        if is_pending:
            self.trace.add("check_ended", result="discarded", failures=None)
        return is_pending


class Trace:
    def __init__(self, clock):
        self.clock, self.events, self.has_fired = clock, [], False

    def add(self, event, **fields):
        self.events.append({"at": self.clock.now, "event": event, **fields})


class Clock:
    now = 0


def run(scenario):
    actions = scenario["job"]["template"]["jobEnvironments"][0]["script"]["actions"]
    plan, clock = Plan(actions), Clock()
    trace = Trace(clock)
    cancels = [given["at"] for given in scenario.get("inputs", [])]
    of_action, of_checks = [entry["runs"] for entry in scenario["processes"]]
    action = Action(of_action[0], clock, trace, cancels)
    started = []

    def start_check(changes):
        run = of_checks[min(len(started), len(of_checks) - 1)]
        started.append(Check(run, clock.now, clock))
        trace.add("check_started", variables={name.decode(): value.decode() for name, value in changes.items() if value})
        if "spawnError" in run:
            raise OSError(2, run["spawnError"])
        return started[-1]

    secrets = supervisor.Secrets()
    output = Output(plan, action, trace, secrets)
    monitor = Monitor(plan, trace)
    watcher = supervisor.Watcher(plan, monitor, action, start_check, output, secrets)
    kill_at = NEVER
    while True:
        if clock.now in cancels and action.end > clock.now and not trace.has_fired:
            # What the runtime does.
            if plan.notify_period is None:
                action.kill()
            else:
                Process.notify(action)
                kill_at = clock.now + plan.notify_period
        if clock.now >= kill_at:
            action.kill()
        # What follows from one step at once is applied by another one at the same time.
        for _ in range(4):
            watcher.step(clock.now)
        if action.has_ended():
            return trace.events
        times = [monitor.next_tick, monitor.timeout_at, watcher.kill_at, kill_at, *cancels, *action.instants()]
        for check in started[-1:]:
            times += check.instants()
        clock.now = min(time for time in times if time is not None and time > clock.now)


for scenario in json.load(sys.stdin):
    print(json.dumps(run(scenario)))
