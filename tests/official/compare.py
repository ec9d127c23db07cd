"""Compares the official command lines, in Rust and in Python, where a Session without monitors can show a difference.

    python3 tests/official/compare.py RUST PYTHON [NAME...]

RUST and PYTHON are the paths of the two `openjd` programs. Each probe is a job of two steps in an Environment. Its
actions show the variables that they were given, and one of them does what the probe is about. The table that is printed
has a row for each probe at which the two differ: what the actions wrote, and how the Session ended. The exit status
is 0.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SHOW = 'echo "SEEN A=${V_A-unset} B=${V_B-unset}"'
WAIT = "; sleep 2; echo AFTER"
MESSAGES = {
    "no equals sign": "openjd_env: nonsense",
    "bad name": "openjd_env: 1A=2",
    "malformed JSON": 'openjd_env: "V_A=1',
    "JSON without a value": 'openjd_env: "V_A"',
    "JSON that is no string": "openjd_env: 5",
    "no space": "openjd_env:V_A=1",
    "upper case": "OPENJD_ENV: V_A=1",
    "indented": " openjd_env: V_A=1",
    "unset of two names": "openjd_unset_env: A B",
    "unset with a blank behind": "openjd_unset_env: V_B ",
    "redacted without a value": "openjd_redacted_env: nonsense",
    "blank value": "openjd_env: ",
    "blanks around": "openjd_env:   V_A=1  ",
    "NUL": 'openjd_env: "V_A=1\u0000"',
    "fail": "openjd_fail: x",
    "progress out of range": "openjd_progress: 500",
}


def script(text, **more):
    return {"command": "sh", "args": ["-c", text], **more}


def write(*lines):
    return "; ".join(f"printf '%s\n' '{line}'" for line in lines)


def job(enter=SHOW, run=SHOW, leave=SHOW, inner=None, variables=None, extensions=("EXPR",)):
    """A job; each action is the text of a shell script, or an `<Action>`."""
    action = {"onEnter": enter, "onRun": run, "onExit": leave}
    action = {slot: script(text) if isinstance(text, str) else text for slot, text in action.items()}
    outer = {"name": "Outer", "script": {"actions": {slot: action[slot] for slot in ("onEnter", "onExit")}}}
    if variables:
        outer["variables"] = variables
    environments = [outer]
    if inner:
        actions = {"onEnter": script(inner), "onExit": script(SHOW)}
        environments.append({"name": "Inner", "script": {"actions": actions}})
    return {
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": list(extensions),
        "name": "Probe",
        "jobEnvironments": environments,
        "steps": [
            {"name": "One", "script": {"actions": {"onRun": action["onRun"]}}},
            {"name": "Two", "dependencies": [{"dependsOn": "One"}], "script": {"actions": {"onRun": script(SHOW)}}},
        ],
    }


def probes():
    for name, line in MESSAGES.items():
        for slot in ("enter", "run", "leave"):
            yield f"{name} in {slot}", job(**{slot: write(line) + WAIT})
    redacting = ("EXPR", "REDACTED_ENV_VARS")
    yield "redacted", job(enter=write("openjd_redacted_env: V_A=hunter"), extensions=redacting)
    yield "redacted without the extension", job(enter=write("openjd_redacted_env: V_A=hunter"))
    yield "malformed redacted", job(enter=write("openjd_redacted_env: nonsense") + WAIT, extensions=redacting)
    yield "set by a task", job(run=write("openjd_env: V_A=1"))
    yield "unset by a task", job(enter=write("openjd_env: V_A=1"), run=write("openjd_unset_env: V_A"))
    yield "set, unset", job(enter=write("openjd_env: V_A=1", "openjd_unset_env: V_A"))
    yield "unset, set", job(enter=write("openjd_unset_env: V_A", "openjd_env: V_A=1"), variables={"V_A": "0"})
    yield "unset of a declared one", job(enter=write("openjd_unset_env: V_A"), variables={"V_A": "0"})
    yield "unset by an inner one", job(enter=write("openjd_env: V_A=1"), inner=write("openjd_unset_env: V_A"))
    yield "standard error", job(enter=write("openjd_env: V_A=1") + " >&2")
    yield "variables of a failed onEnter", job(enter=write("openjd_env: V_A=1") + "; exit 1")
    notified = "trap 'echo NOTIFIED; exit 0' TERM; sleep 4 & wait; echo AFTER"
    cancelation = {"mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": 5}
    for slot in ("enter", "run", "leave"):
        yield f"timeout in {slot}", job(**{slot: script(notified, timeout=1, cancelation=cancelation)})
        yield f"killed in {slot}", job(**{slot: "kill -9 $$"})
        yield f"no such command in {slot}", job(**{slot: {"command": "/no/such/command"}})


def outcome(program, template):
    """What the actions wrote, and how the Session ended."""
    ended = subprocess.run([program, "run", template], capture_output=True, text=True, timeout=120)
    lines = [re.sub(r"^[\d:.]+\t", "", line) for line in ended.stdout.splitlines()]
    shown = [line for line in lines if re.match(r"SEEN |AFTER$|NOTIFIED$", line)]
    return [*shown, "SUCCESS" if ended.returncode == 0 else "FAILED"]


def main():
    rust, python, *names = sys.argv[1:]
    print("| probe | Rust | Python |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "job.json"
        for name, probe in probes():
            if names and name not in names:
                continue
            template.write_text(json.dumps(probe))
            both = [outcome(program, template) for program in (rust, python)]
            if both[0] != both[1]:
                print(f"| {name} | {' · '.join(both[0])} | {' · '.join(both[1])} |", flush=True)


if __name__ == "__main__":
    main()
