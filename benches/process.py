#!/usr/bin/env python3
"""Compares the CPU time of whole processes: openjd-monitor beside the official Rust `openjd`.

    cargo build --release
    python3 benches/process.py target/release/openjd-monitor PATH_OF_OPENJD [PAIRS]

Runs both in turn, so that whatever else the machine does slows both. Prints the median of each, and the median of the
ratios of all pairs. The last line compares one process for a folder of 1,000 templates with a process of `openjd` for
each of them.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

# Of each template, in the folder of many.
COPIES = 200

TEMPLATES = pathlib.Path(__file__).parent / "templates"


def cpu(command):
    """Returns the CPU time of a command in milliseconds."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ends with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000


def compare(name, own, peers, pairs):
    """Prints the CPU time of a command beside that of one or more commands together."""
    times = [(cpu(own), sum(map(cpu, peers))) for _ in range(pairs)]
    ratio = statistics.median(a / b for a, b in times)
    own, peer = (statistics.median(column) for column in zip(*times))
    print(f"{name:<32} {own:9.2f} ms {peer:9.2f} ms {ratio:7.3f}", flush=True)


def without_monitor(text):
    """Returns a template without its monitors, as the official tools know it."""
    kept, indent = [], None
    for line in text.splitlines(keepends=True):
        own = len(line) - len(line.lstrip())
        if indent is not None and own > indent:
            continue
        indent = own if line.lstrip().startswith("onMonitor:") else None
        if indent is None:
            kept.append(line.replace(", MONITOR]", "]"))
    return "".join(kept)


def main():
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 25
    # Copied, both programs lie in the page cache in the same way: that alone changes the times by a tenth.
    with tempfile.TemporaryDirectory() as programs:
        own = shutil.copy(sys.argv[1], f"{programs}/own")
        peer = shutil.copy(sys.argv[2], f"{programs}/peer")
        compare_all(own, peer, pairs)


def compare_all(own, peer, pairs):
    print(f"{'':<32} {'own':>12} {'peer':>12} {'ratio':>7}")
    compare("--version beside true", [own, "--version"], [["true"]], pairs)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as many:
        folder, many = pathlib.Path(folder), pathlib.Path(many)
        for path in sorted(TEMPLATES.glob("*.yaml")):
            text = path.read_text()
            plain = folder / path.name
            plain.write_text(without_monitor(text))
            for copy in range(COPIES):
                (many / f"{path.stem}-{copy}.yaml").write_text(text)
            compare(f"check, {path.stem}", [own, "check", str(path)], [[peer, "check", str(plain)]], pairs)
            if plain.read_text() != text:
                compare(f"check, {path.stem} without it", [own, "check", str(plain)], [[peer, "check", str(plain)]], pairs)
        each = [[peer, "check", str(path)] for path in sorted(folder.iterdir()) for _ in range(COPIES)]
        compare(f"check, {len(each)} files", [own, "check", "--quiet", str(many)], each, -(-pairs // 2))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
