#!/usr/bin/env python3
"""Prints how the CPU time and the memory of openjd-monitor grow with its input, for inputs of many kinds.

    cargo build --release
    python3 benches/growth.py target/release/openjd-monitor [KIND…]

Each kind is measured at a size and at ten times that size, less the time that it takes at size 1. The slope is the
exponent of the growth: 1 is linear, 2 quadratic. A slope above 1.1 is marked.
"""
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

JOB = "specificationVersion: jobtemplate-2023-09\nextensions: [EXPR, MONITOR, WRAP_ACTIONS, FEATURE_BUNDLE_1]\nname: J\n"
STEPS = "steps:\n- name: S\n  script: {actions: {onRun: {command: x}}}\n"
ENV = "specificationVersion: environment-2023-09\nextensions: [EXPR, MONITOR, WRAP_ACTIONS]\nenvironment:\n  name: E\n"
HOOKS = "      onWrapEnvEnter: {command: a}\n      onWrapTaskRun: {command: a}\n      onWrapEnvExit: {command: a}\n"
MONITOR = "{command: {command: b}, period: %s, onFailure: log}"


def environments(n, period=30, extra="", before=""):
    def environment(i):
        return (f"{before}- name: E{i}\n  script: {{actions: {{onEnter: {{command: a}}, onMonitor: {{command: "
                f"{{command: b}}, period: {period}, {extra}onFailure: log}}}}}}\n")
    return JOB + "jobEnvironments:\n" + "".join(map(environment, range(n))) + STEPS


def parameters(n, tail, before=""):
    lines = (f"- {{name: P{i}, type: INT, default: 5}}\n" for i in range(n))
    return JOB + "parameterDefinitions:\n" + "".join(lines) + before + tail


def steps(n, step):
    return JOB + "steps:\n" + "".join(step(i) for i in range(n))


def step(i, head="", command="x"):
    return f"- name: S{i}\n{head}  script: {{actions: {{onRun: {{command: {command}}}}}}}\n"


def check_line(text, hooks=""):
    return (ENV + "  script:\n    actions:\n" + hooks + "      onEnter: {command: a}\n      onMonitor:\n"
            f"        command: {{command: bash, args: ['-c', 'echo {text}']}}\n        period: 5\n        onFailure: log\n")


def beside(n, monitors, count):
    """Steps that use job parameters in turn, beside a number of monitored Environments."""
    before = environments(monitors).removeprefix(JOB).removesuffix(STEPS)
    all = steps(n, lambda i: step(i, command=f"\"{{{{Param.P{i % count}}}}}\"")).removeprefix(JOB)
    return parameters(count, all, before)


def step_environments(n):
    return steps(n, lambda i: step(i, "  stepEnvironments:\n  - name: E\n    script: {actions: {onEnter: {command: a}, "
                                      "onMonitor: " + MONITOR % 30 + "}}\n"))


def containers(n):
    actions = "{onEnter: {command: docker, args: [run, -d, --name, c, x]}, onExit: {command: docker, args: [rm, -f, c]}}"
    return steps(n, lambda i: step(i, f"  stepEnvironments:\n  - name: E\n    script:\n      actions: {actions}\n"))


def tasks(n):
    space = f"  parameterSpace: {{taskParameterDefinitions: [{{name: F, type: INT, range: '1-{n}'}}]}}\n"
    return environments(1).removesuffix(STEPS) + "steps:\n" + step(0, space)


def minified(n):
    environment = {"script": {"actions": {"onEnter": {"command": "a"}, "onMonitor": {
        "command": {"command": "b"}, "period": 3, "onFailure": "log"}}}}
    return json.dumps({
        "specificationVersion": "jobtemplate-2023-09", "extensions": ["MONITOR"], "name": "J",
        "jobEnvironments": [{"name": f"E{i}", **environment} for i in range(n)],
        "steps": [{"name": "S", "script": {"actions": {"onRun": {"command": "x"}}}}]})


def anchored(n):
    def environment(i):
        own = "&m " + MONITOR % 3 if i == 0 else "*m" if i % 2 else "{<<: *m, failureThreshold: 2}"
        return f"- name: E{i}\n  script: {{actions: {{onEnter: {{command: a}}, onMonitor: {own}}}}}\n"
    return JOB + "jobEnvironments:\n" + "".join(map(environment, range(n))) + STEPS


def embedded(n):
    def environment(i):
        return (f"- name: E{i}\n  script:\n    actions: {{onEnter: {{command: bash, args: ['{{{{Env.File.F}}}}']}}, onMonitor: "
                "{command: {command: bash, args: ['{{Env.File.G}}']}, period: 30, onFailure: log}}\n    embeddedFiles:\n"
                "    - {name: F, type: TEXT, data: \"echo a\\n\"}\n    - {name: G, type: TEXT, data: \"ps | grep x\\n\"}\n")
    return JOB + "jobEnvironments:\n" + "".join(map(environment, range(n))) + STEPS


def undefined_files(n, command):
    arguments = ", ".join(f"'{{{{Env.File.B{i}}}}}'" for i in range(n))
    files = "".join(f"    - {{name: A{i}, type: TEXT, data: x}}\n" for i in range(n))
    return ENV + "  script:\n    actions:\n" + command % arguments + "    embeddedFiles:\n" + files


CHECK = ["check", "--no-config", "--format", "concise"]
FIX = ["check", "--no-config", "--diff", "--unsafe-fixes"]
LOW = (200, lambda n: environments(n, 3))
GOOD = (200, environments)
UNDEFINED = "\"{{Param.Q%d}}\""

# The name of a kind, with the size, the template of a size, and the command.
KINDS = {
    "monitors": (*GOOD, CHECK),
    "monitors with low periods": (*LOW, CHECK),
    "misspelt fields": (200, lambda n: environments(n, extra="failureTreshold: 2, "), CHECK),
    "monitors of steps": (200, step_environments, CHECK),
    "monitors with embedded files": (200, embedded, CHECK),
    "parameters, each used": (20, lambda n: parameters(n, step(0, command="x, args: [" + ", ".join(
        f"'{{{{Param.P{i}}}}}'" for i in range(n)) + "]"), "steps:\n"), CHECK),
    "parameters, each a period": (20, lambda n: parameters(n, "jobEnvironments:\n" + "".join(
        f"- name: E{i}\n  script: {{actions: {{onEnter: {{command: a}}, onMonitor: "
        + MONITOR % f"'{{{{Param.P{i}}}}}'" + "}}\n" for i in range(n)) + STEPS), CHECK),
    "steps": (500, lambda n: steps(n, step), CHECK),
    "steps beside 1 monitor and 1 parameter": (500, lambda n: beside(n, 1, 1), CHECK),
    "steps beside 200 monitors": (500, lambda n: beside(n, 200, 1), CHECK),
    "steps beside 500 parameters": (500, lambda n: beside(n, 1, 500), CHECK),
    "steps beside 200 and 500": (500, lambda n: beside(n, 200, 500), CHECK),
    "steps in a chain": (500, lambda n: steps(n, lambda i: step(
        i, f"  dependencies: [{{dependsOn: S{i - 1}}}]\n" if i else "")), CHECK),
    "steps in circles": (500, lambda n: steps(n, lambda i: step(i, f"  dependencies: [{{dependsOn: S{i ^ 1}}}]\n")), CHECK),
    "unknown steps": (1000, lambda n: steps(n, lambda i: step(i, f"  dependencies: [{{dependsOn: T{i}}}]\n")), CHECK),
    "unknown keys": (2000, lambda n: ENV + "".join(f"  k{i}: v\n" for i in range(n)), CHECK),
    "undefined names in steps": (200, lambda n: steps(n, lambda i: step(i, command=UNDEFINED % i)), CHECK),
    "undefined names in monitors": (500, lambda n: check_line("{{Task.X}} " * n), CHECK),
    "names of drafts": (500, lambda n: check_line("{{Task.Command}} " * n, HOOKS), CHECK),
    "undefined files": (200, lambda n: undefined_files(n, "      onEnter: {command: a, args: [%s]}\n"), CHECK),
    "undefined files in a monitor": (200, lambda n: undefined_files(
        n, "      onEnter: {command: a}\n      onMonitor: {command: {command: a, args: [%s]}, period: 5, onFailure: log}\n"),
        CHECK),
    "names of wrapped actions": (500, lambda n: check_line("{{WrappedAction.Command}} " * n, HOOKS), CHECK),
    "arguments": (2000, lambda n: check_line("' ,'x', 'y".join("" for _ in range(n + 1))), CHECK),
    "commands of a script": (2000, lambda n: check_line("; ps | grep x" * n), CHECK),
    "bindings": (20, lambda n: JOB + "steps:\n- name: S\n  let:\n  - v0 = 1\n" + "".join(
        f"  - v{i} = v{i - 1} + 1\n" for i in range(1, n)) + "  script: {actions: {onRun: {command: x}}}\n", CHECK),
    "a costly expression": (10000, lambda n: check_line("{{sum([x for x in range(%d)])}}" % n, HOOKS), CHECK),
    "costly expressions": (10, lambda n: check_line("{{len([x for x in range(1000000)])}} " * n, HOOKS), CHECK),
    "variables": (2000, lambda n: ENV + "  variables:\n" + "".join(f"    V{i}: x\n" for i in range(n)), CHECK),
    "anchors": (200, anchored, CHECK),
    "comments": (20000, lambda n: JOB + STEPS + "# c\n" * n, CHECK),
    "suppressions": (200, lambda n: environments(n, 3, before="# openjd-monitor: ignore[period-below-floor] x\n"), CHECK),
    "idle suppressions": (200, lambda n: environments(n, before="# openjd-monitor: ignore[unused-let] x\n"), CHECK),
    "one long line": (200, minified, CHECK),
    "repeated keys": (5000, lambda n: JOB + STEPS + "x: 1\n" * n, CHECK),
    "fixes": (*LOW, FIX),
    "fixes of one line": (200, minified, FIX),
    **{f"report, {name}": (*LOW, [*CHECK[:3], name]) for name in ["pretty", "json", "sarif", "github", "gitlab", "junit"]},
    "describe": (*GOOD, ["describe"]),
    "describe monitors of steps": (200, step_environments, ["describe"]),
    "polyfill": (40, environments, ["polyfill", "--not-wrapped"]),
    "polyfill for the program": (*GOOD, ["polyfill", "--not-wrapped", "--supervisor", "native"]),
    "polyfill of monitors of steps": (200, step_environments, ["polyfill", "--not-wrapped", "--supervisor", "native"]),
    "polyfill refused": (*GOOD, ["polyfill"]),
    "simulate tasks": (10000, tasks, ["simulate"]),
    "simulate monitors": (*GOOD, ["simulate"]),
    "simulate monitors of steps": (200, step_environments, ["simulate"]),
    "add-monitor": (200, containers, ["add-monitor", "--diff"]),
}


def cpu(program, command, text):
    """Returns the CPU time of a command on a template in milliseconds, and its memory in MB."""
    suffix = ".json" if text.startswith("{") else ".yaml"
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as file:
        file.write(text)
        file.flush()
        arguments = [program, *command, file.name]
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ends with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024


def main(arguments, kinds, cpu, about):
    """Measures the kinds that the command line names, or all, with `cpu`."""
    program, chosen = arguments[1:2], arguments[2:]
    if not program or any(kind not in kinds for kind in chosen):
        sys.exit(about + "\n" + "\n".join(kinds))
    print(f"{'':<40} {'size':>6} {'once':>9} {'ten times':>12} {'memory':>8} {'slope':>6}")
    for kind in chosen or kinds:
        size, template, *command = kinds[kind]
        runs = {}
        for count in [1, size, 10 * size]:
            runs[count] = [cpu(program[0], *command, template(count)) for _ in range(5 if count <= size else 3)]
        start, once, ten = (statistics.median(time for time, _ in all) for all in runs.values())
        memory = max(memory for _, memory in runs[10 * size])
        slope = math.log10(max(ten - start, 0.1) / max(once - start, 0.1))
        mark = " *" if slope > 1.1 else ""
        print(f"{kind:<40} {size:>6} {once:>6.1f} ms {ten:>9.1f} ms {memory:>5.0f} MB {slope:>6.2f}{mark}", flush=True)


if __name__ == "__main__":
    main(sys.argv, KINDS, cpu, __doc__)
