"""Prints what a process can see of itself, as one line of JSON."""

import json
import os
import resource
import sys

status = dict(line.split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
listed = os.listdir("/proc/self/fd")
descriptors = {}
for name in sorted(listed):
    try:
        place = os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        continue
    kind = place.split(":")[0] if ":[" in place else place
    descriptors[name] = [kind, os.get_inheritable(int(name))]
try:
    os.waitpid(-1, os.WNOHANG)
    children = "some"
except ChildProcessError:
    children = "none"
print(
    json.dumps(
        {
            "pid": os.getpid(),
            "group": os.getpgrp(),
            "session": os.getsid(0),
            "parent": os.getppid(),
            "children": children,
            "environment": sorted(open("/proc/self/environ").read().split("\0")),
            "ignored": status["SigIgn"].strip(),
            "blocked": status["SigBlk"].strip(),
            "descriptors": descriptors,
            "stdout is stderr": os.path.sameopenfile(1, 2),
            "command": open("/proc/self/cmdline").read().split("\0"),
            "folder": os.path.samefile(os.getcwd(), os.environ["PROBE_FOLDER"]),
            "mask": os.umask(0o22),
            "limits": [resource.getrlimit(limit) for limit in range(16)],
            "nice": os.nice(0),
            "score": open("/proc/self/oom_score_adj").read(),
            "pipe": __import__("fcntl").fcntl(1, 1032),
        }
    ),
    flush=True,
)
sys.exit(7)
