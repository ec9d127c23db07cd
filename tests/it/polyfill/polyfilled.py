"""Runs a job with monitors on a command line that knows none.

    python3 polyfilled.py OPENJD OPENJD_MONITOR TEMPLATE [--environment TEMPLATE]... [ARGUMENT]...

Compiles the templates with `openjd-monitor polyfill`, and runs `OPENJD run` with the results. `without` in the place of
OPENJD_MONITOR strips the monitors instead, from templates in JSON.
"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile

# What interrupts its process group is for OPENJD.
signal.signal(signal.SIGINT, lambda number, frame: None)

openjd, monitor, template, *arguments = sys.argv[1:]
places = [index + 1 for index, argument in enumerate(arguments) if argument == "--environment"]
environments = [arguments[index] for index in places]


def strip(text):
    template = json.loads(text)
    layers = [template["environment"]] if "environment" in template else template.get("jobEnvironments", [])
    for environment in layers:
        environment["script"]["actions"].pop("onMonitor", None)
    template["extensions"] = [name for name in template.get("extensions", []) if name != "MONITOR"]
    if not template["extensions"]:
        del template["extensions"]
    return json.dumps(template)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    if monitor == "without":
        for path in map(pathlib.Path, [template, *environments]):
            (folder / path.name).write_text(strip(path.read_text()))
    else:
        layers = [argument for path in environments for argument in ("--environment", path)]
        compile = [monitor, "polyfill", template, *layers, "--output", folder, "--exit-overrides"]
        status = subprocess.run(compile + ([] if environments else ["--not-wrapped"])).returncode
        if status:
            sys.exit(status)
    for index in places:
        arguments[index] = str(folder / pathlib.Path(arguments[index]).name)
    sys.exit(subprocess.run([openjd, "run", folder / pathlib.Path(template).name, *arguments]).returncode)
