#!/usr/bin/env python3
"""Compares the CPU time of whole processes: openjd-monitor beside the official Rust `openjd`.

    cargo build --release
    python3 benches/process.py target/release/openjd-monitor PATH_OF_OPENJD [PAIRS]

Runs both in turn, so that whatever else the machine does slows both. Prints the median of each, and the median of the
ratios of all pairs. The last two lines compare one process for a folder of 1,000 templates with a process of `openjd` for
each of them: by CPU time, one after the other, where `openjd` reads them without their monitors; and by the time on the
clock, on all cores, where both read them without.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

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


def clock(command, given=b""):
    """Returns the time of a command on the clock in milliseconds; it reads what is `given`."""
    start = time.perf_counter()
    process = subprocess.run(command, input=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    taken = (time.perf_counter() - start) * 1000
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ends with {process.returncode}")
    return taken


def compare(name, own, peers, pairs):
    """Prints the CPU time of a command beside that of one or more commands together."""
    show(name, [(cpu(own), sum(map(cpu, peers))) for _ in range(pairs)])


def compare_on_all_cores(name, own, peer, folder, pairs):
    """Prints the time of one process for a folder beside that of a process of the peer for each of its files."""
    paths = "\0".join(map(str, sorted(folder.iterdir()))).encode()
    each = ["xargs", "-0", "-n", "1", "-P", str(os.cpu_count()), peer, "check"]
    show(name, [(clock([own, "check", "--quiet", str(folder)]), clock(each, paths)) for _ in range(pairs)])


def show(name, times):
    """Prints the medians of pairs of times, and that of their ratios."""
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
    with tempfile.TemporaryDirectory() as top:
        folder, many, bare = (pathlib.Path(top, name) for name in ("each", "many", "bare"))
        for made in (folder, many, bare):
            made.mkdir()
        for path in sorted(TEMPLATES.glob("*.yaml")):
            text = path.read_text()
            plain = folder / path.name
            plain.write_text(without_monitor(text))
            for copy in range(COPIES):
                (many / f"{path.stem}-{copy}.yaml").write_text(text)
                (bare / f"{path.stem}-{copy}.yaml").write_text(plain.read_text())
            compare(f"check, {path.stem}", [own, "check", str(path)], [[peer, "check", str(plain)]], pairs)
            if plain.read_text() != text:
                compare(f"check, {path.stem} without it", [own, "check", str(plain)], [[peer, "check", str(plain)]], pairs)
        each = [[peer, "check", str(path)] for path in sorted(folder.iterdir()) for _ in range(COPIES)]
        compare(f"check, {len(each)} files", [own, "check", "--quiet", str(many)], each, -(-pairs // 2))
        compare_on_all_cores(f"check, {len(each)} without, clock", own, peer, bare, -(-pairs // 2))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
