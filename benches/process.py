#!/usr/bin/env python3
"""Compares the CPU time of whole processes: openjd-monitor beside the official Rust `openjd`.

    cargo build --release
    python3 benches/process.py target/release/openjd-monitor PATH_OF_OPENJD [PAIRS]

Runs both in turn, so that whatever else the machine does slows both. Prints the median of each, and the median of the
ratios of all pairs.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

TEMPLATES = pathlib.Path(__file__).parent / "templates"


def cpu(command):
    """Returns the CPU time of a command in milliseconds."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ends with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000


def compare(name, own, peer, pairs):
    times = [(cpu(own), cpu(peer)) for _ in range(pairs)]
    ratio = statistics.median(a / b for a, b in times)
    own, peer = (statistics.median(column) for column in zip(*times))
    print(f"{name:<32} {own:9.2f} ms {peer:9.2f} ms {ratio:6.2f}", flush=True)


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
    own, peer = sys.argv[1], sys.argv[2]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 25
    print(f"{'':<32} {'own':>12} {'peer':>12} {'ratio':>6}")
    compare("--version beside true", [own, "--version"], ["true"], pairs)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path in sorted(TEMPLATES.glob("*.yaml")):
            text = path.read_text()
            plain = folder / path.name
            plain.write_text(without_monitor(text))
            compare(f"check, {path.stem}", [own, "check", str(path)], [peer, "check", str(plain)], pairs)
            if plain.read_text() != text:
                compare(f"check, {path.stem} without it", [own, "check", str(plain)], [peer, "check", str(plain)], pairs)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
