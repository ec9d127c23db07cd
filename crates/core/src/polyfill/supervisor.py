"""Runs an action of an Environment with its monitor (`onMonitor`) beside it, on runtimes that know no monitors.

    python3 -I -S supervisor.py --environment=NAME --slot=SLOT --period=S --on-failure=log|warn|terminate
        [--failure-threshold=N] [--initial-delay=S] [--timeout=S] [--cancelation=MODE] [--notify-period=S]
        [--redacted-env] --check=N CHECK-ARGUMENT... -- COMMAND [ARGUMENT...]

The process that the runtime has started becomes the action by exec. Before that it leaves a watcher behind, a process
of a session of its own, which passes on the output of the action, runs the checks, and ends the action if the monitor
fires. Ids such as TIM-4 are those of the clauses of the specification of MONITOR.

It needs Linux and Python 3.9, and imports little, since every action waits for it. The text is part of a template, so
it must not contain two opening braces in a row.
"""

import errno
import os
import sys
import time

# The module `signal` only adds names to this one, and takes as long to import as everything else here.
import _signal as signal

EXIT_SLOTS = (b"onExit", b"onWrapEnvExit")
ENTERING_SLOTS = (b"onEnter", b"onWrapEnvEnter")

# Files are as large as the pipe of an action by default, which one read empties.
CHUNK = 64 * 1024
# Longest line that is held until its end is there.
MAX_LINE = 64 * 1024
# Longest text of a check in one line: a longer one would be two to the runtime in Python.
MAX_TEXT = 60_000
# A pipe that is writable takes so much without blocking.
SLICE = 4096
# Lines of checks are dropped while so much waits for a runtime that does not read.
MAX_QUEUE = 1024 * 1024
# Logged output of one check, and the end of it that is kept for its failure status; in characters.
MAX_OF_CHECK = 64 * 1024
MAX_STATUS = 4096
# Interval between two looks for a cancelation, in seconds, and lateness that shows that the watcher was stopped.
BEAT = 0.1
STOPPED = 1.0
# Time for the rest of an output whose writer has ended, in seconds.
MOMENT = 0.5

STARS = "********"
CANCEL_INFO = "cancel_info.json"
# To both runtimes a malformed message: they cancel the action, even one that has ended, and report it as FAILED. One
# of them would do so with an `openjd_fail` for an action that has exited with 0, the other would not.
NEAR_MISS = "openjd_env is not meant by this line: onMonitor has ended the action, and it makes the runtime report FAILED"


class Refusal(Exception):
    """An error in the options, in words for the author of the template."""


# --- Command line ---------------------------------------------------------------------------------------------------


def split_arguments(arguments):
    """Returns the options, the arguments of the check as they are written, and those of the action."""
    options = {}
    rest = list(arguments)
    while "check" not in options:
        name, equals, value = (rest.pop(0) if rest else b"").partition(b"=")
        if name[:2] != b"--" or not (equals or name == b"--redacted-env"):
            raise Refusal("the command line has no --check")
        options[name[2:].decode()] = value
    count = number(options, "check", 0)
    check = []
    while count > 0 and rest:
        check.append([rest.pop(0)])
        if check[-1][0][:1] == b"*":
            raw = number({"check": check[-1][0][1:]}, "check", 0)
            check[-1] += rest[:raw]
            del rest[:raw]
        count -= 1
    if rest[:1] != [b"--"] or not rest[1:]:
        raise Refusal("the command line has no -- with the action behind it")
    return options, check, rest[1:]


def number(options, name, least, default=None):
    """Returns a whole number among the options, or the default if it is empty or null."""
    text = options.get(name, b"")
    if text in (b"", b"null") and default is not None:
        return default
    digits = text[1:] if text[:1] in (b"-", b"+") else text
    if not digits.isdigit() or int(text) < least:
        shown = text.decode(errors="replace")
        raise Refusal(f"{name} must be a whole number of at least {least}, not '{shown}'")
    return int(text)


def choice(options, name, *values):
    text = options.get(name, b"").decode(errors="replace")
    if text not in values:
        raise Refusal(f"{name} must be one of {', '.join(values)}, not '{text}'")
    return text


def settings(options):
    """Returns the fields of the monitor, defaults included."""
    period = number(options, "period", 5)
    timeout = number(options, "timeout", 1, min(period - 1, 30))
    if timeout >= period:
        raise Refusal(f"timeout must be less than the period of {period} s, not '{timeout}'")
    notify_period = 120 if options.get("slot") == b"onWrapTaskRun" else 30
    options.setdefault("cancelation", b"TERMINATE")
    mode = choice(options, "cancelation", "TERMINATE", "NOTIFY_THEN_TERMINATE")
    return {
        "environment": options.get("environment", b"").decode(errors="replace"),
        "slot": options.get("slot", b"").decode(errors="replace"),
        "period": period,
        "timeout": timeout,
        "initial_delay": number(options, "initial-delay", 0, period),
        "threshold": number(options, "failure-threshold", 1, 1),
        "on_failure": choice(options, "on-failure", "log", "warn", "terminate"),
        "notify_period": number(options, "notify-period", 1, notify_period) if mode != "TERMINATE" else None,
        "redacted_env": "redacted-env" in options,
    }


def check_arguments(written):
    """Returns the command line of the check."""
    result = []
    for argument, *raw in written:
        kind, text = argument[:1], argument[1:]
        if kind == b"=":
            result.append(text)
        elif kind == b"*":
            result += raw
        elif kind == b"j":
            result += json_arguments(text)
        else:
            raise Refusal("an argument of the check is neither text nor JSON")
    if not result or b"" == result[0]:
        raise Refusal("the check has no command")
    return result


def json_arguments(text):
    """Returns the arguments that a value stands for: one for each element of a list, none for null."""
    import json

    try:
        value = json.loads(text.decode(), parse_int=str, parse_float=str, parse_constant=str)
    except ValueError as error:
        raise Refusal(f"an argument of the check is not JSON: {error}") from None
    values = [value for value in (value if isinstance(value, list) else [value]) if value is not None]
    texts = [str(value).lower() if isinstance(value, bool) else value for value in values]
    try:
        texts = [text.encode() for text in texts]
    except (AttributeError, UnicodeError):
        texts = [b"\0"]
    if any(b"\0" in text for text in texts):
        raise Refusal("an argument of the check is a value that no process can be given")
    return texts


# --- Start ----------------------------------------------------------------------------------------------------------


def supervise(arguments):
    """Leaves a watcher beside this process, which becomes the action."""
    options, check, action = split_arguments(arguments)
    environment = original_environment()
    try:
        plan = settings(options)
        plan["check"] = check_arguments(check)
    except Refusal as refusal:
        if options.get("slot") not in EXIT_SLOTS:
            raise
        # Nothing about a monitor may prevent cleanup (VAR-4).
        say(f"[onMonitor] {options['slot'].decode()} runs without a monitor: {refusal}")
        become(action, environment)
    # Closed by the exec, which is the start of the action.
    start, started = os.pipe()
    leave_watcher(plan, start)
    os.write(started, b"%r" % time.monotonic())
    try:
        become(action, environment)
    finally:
        os.write(started, b" not started")


def leave_watcher(plan, start):
    """Starts the watcher, and puts its pipe in the place of stdout; of stderr, too, where both were the same."""
    output, action_output = os.pipe()
    plan.update(pid=os.getpid(), start=start, output=output, runtime=os.dup(1), cancel_info=cancel_info())
    try:
        plan["pidfd"] = os.pidfd_open(plan["pid"])
    except (AttributeError, OSError):
        plan["pidfd"] = None
    child = os.fork()
    if child == 0:
        # The watcher is not a child of the action, which may wait for its own.
        os.setsid()
        if os.fork() == 0:
            try:
                become_watcher(plan)
            finally:
                os._exit(1)
        os._exit(0)
    os.waitpid(child, 0)
    is_merged = os.path.sameopenfile(1, 2)
    os.dup2(action_output, 1)
    if is_merged:
        os.dup2(action_output, 2)


def become_watcher(plan):
    """Starts this script anew, with a command line in which a check does not find itself or the action."""
    import marshal

    script = os.open(__file__, os.O_RDONLY)
    memory = os.memfd_create("onMonitor")
    os.write(memory, marshal.dumps(plan))
    kept = [plan[name] for name in ("start", "output", "runtime", "pidfd") if plan[name] is not None]
    for descriptor in [script, memory] + kept:
        os.set_inheritable(descriptor, True)
    python = sys.executable or "/proc/self/exe"
    command = [python, "-I", "-S", f"/proc/self/fd/{script}", "--watch", str(memory)]
    os.execve(python, command, original_environment())


def become(action, environment):
    """Replaces this process by the action."""
    # Ignored by Python, and so by what it starts.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    try:
        at_path(action, environment, lambda path, arguments: os.execve(path, arguments, environment))
    except OSError as error:
        say(f"onMonitor: cannot start the action: {os.fsdecode(action[0])}: {error.strerror}")
        raise SystemExit(127 if isinstance(error, FileNotFoundError) else 126) from None


def at_path(arguments, environment, start):
    """Calls `start` with the path of the program, and the arguments: as execvp(3) finds and runs it."""
    command = arguments[0]
    folders = [b""] if b"/" in command else environment.get(b"PATH", b"/bin:/usr/bin").split(b":")
    failure = None
    for folder in folders:
        path = os.path.join(folder, command)
        try:
            return start(path, arguments)
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            if failure is None or isinstance(error, PermissionError):
                failure = error
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            # A script without a line that names its interpreter.
            return start(b"/bin/sh", [b"/bin/sh", path] + arguments[1:])
    raise failure


def original_environment():
    """Returns the environment variables as this process was given them: Python may add LC_CTYPE."""
    try:
        with open("/proc/self/environ", "rb") as file:
            pairs = [entry.partition(b"=") for entry in file.read().split(b"\0")]
        return dict((name, value) for name, _, value in pairs if name)
    except OSError:
        return dict(os.environb)


def say(text):
    os.write(1, (text + "\n").encode(errors="surrogateescape"))


def cancel_info():
    """Identifies the state of the file that a runtime writes when it cancels an action."""
    try:
        state = os.stat(CANCEL_INFO)
        return state.st_ino, state.st_mtime_ns, state.st_size
    except OSError:
        return None


# --- Monitor --------------------------------------------------------------------------------------------------------


class Monitor:
    """Ticks, results, and their consequences. It knows no clock and no processes: times are passed in."""

    def __init__(self, plan, t0):
        self.plan = plan
        self.failures = 0
        # None once it is inactive (TIM-3).
        self.next_tick = t0 + plan["initial_delay"]
        # End of the time of a check whose result is not known yet.
        self.timeout_at = None
        self.check_is_alive = False

    def wake(self):
        """Returns the time at which something is due, or None."""
        return min((time for time in (self.next_tick, self.timeout_at) if time is not None), default=None)

    def tick(self, now):
        """Returns True if a check starts, False if the tick is skipped (TIM-2), and None if there is no tick."""
        if self.next_tick is None or now < self.next_tick:
            return None
        period = self.plan["period"]
        self.next_tick += ((now - self.next_tick) // period + 1) * period
        if self.check_is_alive:
            return False
        self.check_is_alive = True
        self.timeout_at = now + self.plan["timeout"]
        return True

    def times_out(self, now):
        return self.timeout_at is not None and now >= self.timeout_at

    def result(self, is_healthy):
        """Counts a result (RES-2); returns whether there is a failure status, and whether it fires (ACT-1 to ACT-3)."""
        self.timeout_at = None
        self.failures = 0 if is_healthy else self.failures + 1
        if is_healthy:
            return False, False
        kind, threshold = self.plan["on_failure"], self.plan["threshold"]
        fires = kind == "terminate" and self.failures >= threshold or kind == "warn" and self.failures > threshold
        return fires or kind != "terminate", fires

    def check_has_ended(self):
        self.check_is_alive = False

    def stop(self):
        """Makes it inactive; returns True if a check is to be killed and its result discarded (TIM-6)."""
        self.next_tick = None
        is_pending, self.timeout_at = self.timeout_at is not None, None
        return is_pending


# --- Output ---------------------------------------------------------------------------------------------------------


class Secrets:
    """Values that are to be redacted (OUT-2)."""

    def __init__(self):
        self.values = set()

    def learn(self, line):
        """Learns the value in an `openjd_redacted_env`: as it is written and as JSON reads it, line by line."""
        import json
        import re

        for piece in line.split("\r"):
            message = re.match(r"\s*openjd_redacted_env(?:[:\s]\s*|$)(.*)", piece, re.IGNORECASE | re.DOTALL)
            if not message:
                continue
            payload = message[1]
            values = [payload.partition("=")[2] or payload]
            if payload[:1] == '"':
                values = [values[0].rstrip().rstrip('"')]
                try:
                    values.append(str(json.loads(payload)).partition("=")[2])
                except ValueError:
                    pass
            parts = [part for value in values for part in re.split("[\n\r\0]", value)]
            self.values.update(text for part in parts for text in (part, part.strip()) if text.strip())

    def hide(self, text):
        """Replaces all secrets; touching and overlapping ones by one group of stars."""
        spans = []
        for value in self.values:
            at = text.find(value)
            while at >= 0:
                spans.append((at, at + len(value)))
                at = text.find(value, at + 1)
        shown, end = "", 0
        for first, last in sorted(spans):
            if first > end or not shown:
                shown += text[end:first] + STARS
            end = max(end, last)
        return shown + text[end:]

    def hide_in_log(self, line):
        """Also hides what follows a mention of the message, which may quote one that is still to come."""
        import re

        mention = re.compile(r'(openjd_redacted_env[:=\s]+"?(?:[A-Za-z_][A-Za-z0-9_]*=)?)[^"].*', re.IGNORECASE)
        return self.hide(mention.sub(lambda found: found[1] + STARS, line))


class Output:
    """What the runtime reads: the lines of the action as they are, and messages and log lines between them."""

    def __init__(self, plan, secrets):
        self.source, self.sink = plan["output"], plan["runtime"]
        self.is_entering = plan["slot"].encode() in ENTERING_SLOTS
        self.has_redacted_env = plan["redacted_env"]
        self.secrets = secrets
        # Variables that the action has set, or unset: then the value is None (VAR-5).
        self.changes = {}
        # A line of the action without its end; bytes for the runtime; and lines that wait for the end of a long one.
        self.partial, self.queue, self.waiting = b"", bytearray(), []
        self.last = b"\n"
        self.is_at_end = self.is_broken = False

    def read(self):
        """Reads what the action has written, unless too much waits already."""
        if self.is_at_end or len(self.queue) >= CHUNK:
            return
        try:
            chunk = os.read(self.source, CHUNK)
        except BlockingIOError:
            return
        self.is_at_end = not chunk
        data = self.partial + chunk
        # Some runtimes end a line at a carriage return, unless a line feed follows.
        end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        if self.is_at_end or len(data) - end > MAX_LINE:
            end = len(data)
        lines, self.partial = data[:end], data[end:]
        if not lines:
            return
        if b"openjd_" in lines:
            begin = 0 if self.last == b"\n" else lines.find(b"\n") + 1
            for line in lines[begin:].split(b"\n"):
                self.take_message(line.decode(errors="backslashreplace").rstrip("\r"))
        self.queue += lines
        self.last = lines[-1:]
        if self.last == b"\n" and self.waiting:
            self.queue += b"".join(self.waiting)
            self.waiting.clear()

    def take_message(self, line):
        """Learns secrets and, as the runtimes do, changes of variables."""
        name, _, text = line.partition(": ")
        if name == "openjd_redacted_env":
            self.secrets.learn(line)
            name = "openjd_env" if self.has_redacted_env else None
        if not self.is_entering or not text:
            return
        if name == "openjd_env":
            text = text.lstrip()
            if text[:1] == '"':
                import json

                try:
                    text = str(json.loads(text))
                except ValueError:
                    return
            name, equals, value = text.partition("=")
            if equals and is_name(name) and "\0" not in value:
                self.changes[name.encode()] = value.encode(errors="surrogateescape")
        elif name == "openjd_unset_env" and is_name(text.strip()):
            self.changes[text.strip().encode()] = None

    def put(self, text, is_needed=False):
        """Writes a line of its own: between two of the action, never within one."""
        line = text.replace("\r", " / ")[:MAX_TEXT].encode(errors="replace")[:MAX_TEXT] + b"\n"
        if len(self.queue) + sum(map(len, self.waiting)) > MAX_QUEUE and not is_needed:
            return
        if self.last == b"\n":
            self.queue += line
        elif self.last == b"\r":
            self.queue += b"\n" + line
            self.last = b"\n"
        else:
            self.waiting.append(line)

    def log(self, text):
        """Writes a log line that is attributable to the monitor (OUT-4)."""
        self.put("[onMonitor] " + text.replace("exited with code", "exited with (code)"))

    def finish(self):
        """Ends an unended line, so that nothing waits for its end any more."""
        if self.last != b"\n":
            self.queue += b"\n" + b"".join(self.waiting)
            self.waiting.clear()
            self.last = b"\n"

    def write(self, can_write):
        """Writes what waits, as long as the pipe of the runtime takes it."""
        try:
            while self.queue and can_write():
                del self.queue[: os.write(self.sink, self.queue[:SLICE])]
        except OSError:
            # The runtime does not read any more. A writer notices that as it does without a watcher.
            self.is_broken = True


def is_name(text):
    return text.isidentifier() and text.isascii()


# --- Processes ------------------------------------------------------------------------------------------------------


class Processes:
    """The action, and the checks beside it."""

    def __init__(self, plan):
        self.plan = plan
        self.pid, self.pidfd = plan["pid"], plan["pidfd"]
        self.cancel_info = plan["cancel_info"]
        self.environment = original_environment()
        self.started = start_of(self.pid)
        self.checks = 0
        # Held open by the watcher alone, for the guards to notice its end.
        self.lifeline, self.life = os.pipe()

    def action_has_ended(self):
        """Returns True once the action has exited, whether or not the runtime has noticed."""
        if self.pidfd is not None:
            return is_ready(self.pidfd)
        return start_of(self.pid) != self.started or self.started is None

    def is_canceled(self):
        """Returns True once the runtime has begun to cancel the action by notifying it (TIM-3)."""
        return cancel_info() != self.cancel_info

    def notify_action(self, period):
        """Cancels the action as both runtimes do; returns False if that is impossible."""
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + period))
        try:
            with open(CANCEL_INFO, "w") as file:
                file.write('{"NotifyEnd": "' + end + '"}')
        except OSError:
            return False
        self.cancel_info = cancel_info()
        self.signal_action(signal.SIGTERM)
        return True

    def signal_action(self, number):
        """Signals the group of the action, which has one of its own wherever a runtime has started it."""
        try:
            os.killpg(self.pid, number)
        except OSError:
            if not self.action_has_ended():
                os.kill(self.pid, number)

    def start_check(self, changes):
        """Starts a check with the environment of the action and these changes (VAR-5); fails with an OSError."""
        self.checks += 1
        environment = dict(self.environment)
        for name, value in changes.items():
            environment[name] = value
        environment = dict((name, value) for name, value in environment.items() if value is not None)
        return Check(self.plan["check"], environment, b"%d.%d" % (os.getpid(), self.checks), self.lifeline)


class Check:
    """A check that runs: a group of processes, with a guard that ends it when the watcher is gone."""

    VARIABLE = b"OPENJD_MONITOR_CHECK"

    def __init__(self, arguments, environment, mark, lifeline):
        # Found again by their mark: processes that have left the group.
        self.mark = self.VARIABLE + b"=" + mark
        environment[self.VARIABLE] = mark
        self.pipe, output = os.pipe()
        os.set_blocking(self.pipe, False)
        try:
            self.pid = at_path(arguments, environment, self.spawner(environment, output))
        except OSError:
            os.close(self.pipe)
            raise
        finally:
            os.close(output)
        try:
            self.pidfd = os.pidfd_open(self.pid)
        except (AttributeError, OSError):
            self.pidfd = None
        self.guard = self.start_guard(lifeline)
        self.partial, self.is_at_end, self.is_too_long = b"", False, False

    @staticmethod
    def spawner(environment, output):
        files = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)]
        files += [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
        ignored = (signal.SIGPIPE, signal.SIGXFSZ)
        return lambda path, arguments: os.posix_spawn(
            path, arguments, environment, file_actions=files, setpgroup=0, setsigdef=ignored
        )

    def start_guard(self, lifeline):
        guard = os.fork()
        if guard == 0:
            try:
                for number in range(1, signal.NSIG):
                    if number not in (signal.SIGKILL, signal.SIGSTOP):
                        try:
                            signal.signal(number, signal.SIG_IGN)
                        except (OSError, ValueError):
                            pass
                close_all_but(lifeline)
                os.read(lifeline, 1)
                self.kill()
            finally:
                os._exit(1)
        try:
            os.setpgid(guard, self.pid)
        except OSError:
            # The check has ended already.
            pass
        return guard

    def sources(self):
        """Returns the descriptors to wait for."""
        if not self.is_at_end:
            yield self.pipe
        if self.pidfd is not None:
            yield self.pidfd

    def lines(self):
        """Returns the lines that have been written since the last call."""
        try:
            while not self.is_at_end and len(self.partial) < CHUNK:
                chunk = os.read(self.pipe, CHUNK)
                self.is_at_end = not chunk
                self.partial += chunk
        except BlockingIOError:
            pass
        *lines, self.partial = self.partial.split(b"\n")
        if self.partial and (self.is_at_end or len(self.partial) > MAX_LINE):
            lines.append(self.partial)
            self.partial = b""
        return [line[:MAX_LINE].decode(errors="replace").rstrip("\r") for line in lines]

    def status(self):
        """Returns the exit status, negative for a signal, or None while it is alive. Its children are killed."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            if os.waitid(os.P_PID, self.guard, os.WEXITED | os.WNOWAIT | os.WNOHANG):
                # Nothing would end the check if the watcher was killed.
                self.kill()
            return None
        self.kill()
        os.kill(self.guard, signal.SIGKILL)
        os.waitpid(self.guard, 0)
        return os.waitstatus_to_exitcode(status)

    def last_lines(self):
        """Returns the rest of the output of a check that has ended."""
        lines, end = self.lines(), time.monotonic() + MOMENT
        while not self.is_at_end and time.monotonic() < end:
            is_ready(self.pipe, MOMENT)
            lines += self.lines()
        os.close(self.pipe)
        if self.pidfd is not None:
            os.close(self.pidfd)
        return lines

    def kill(self):
        """Kills the group, and the processes that have left it."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        killed = set()
        while True:
            found = marked(self.mark) - killed
            if not found:
                return
            for pid in found:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            killed |= found


def marked(mark):
    """Returns the processes with this variable in their environment."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read().split(b"\0"):
                        found.add(int(name))
            except OSError:
                pass
    return found


def start_of(pid):
    """Returns the time at which a process was started; None if it has ended, or is a zombie."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in b"ZX" else fields[19]


def is_ready(descriptor, seconds=0.0):
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def close_all_but(*kept):
    """Closes all descriptors but these and the standard ones."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass


# --- Watcher --------------------------------------------------------------------------------------------------------


class Watcher:
    """Connects a monitor with processes and output, in the order of TIM-4."""

    IGNORED = ("openjd_progress", "openjd_env", "openjd_unset_env", "openjd_redacted_env", "openjd_session_runtime_loglevel")
    # As Unicode defines it; Python has four more.
    WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

    def __init__(self, plan, monitor, processes, output, secrets):
        self.plan, self.monitor, self.processes, self.output, self.secrets = plan, monitor, processes, output, secrets
        self.check = None
        # Last lines of the check whose result is not known yet, their size, its fail text, and what may still be logged.
        self.lines, self.size, self.fail_text, self.left = [], 0, None, 0
        self.was_healthy, self.is_skipping = None, False
        # Set once it has fired: the fail message, and the end of the notify period.
        self.message, self.kill_at, self.has_told = None, None, False
        self.ended_at = None

    def step(self, now):
        """Applies everything that has happened, and what is due at this time."""
        self.output.read()
        if self.check:
            self.take_lines(self.check.lines())
        if self.ended_at is None and self.processes.action_has_ended():
            self.ended_at = now
        if self.is_over():
            if self.monitor.stop():
                self.check.kill()
            self.tell_if_due(now)
        if self.kill_at is not None and now >= self.kill_at and self.ended_at is None:
            self.kill_action()
        if self.monitor.times_out(now):
            self.check.kill()
            self.conclude(f"timed out after {self.plan['timeout']} s", now)
        status = self.check.status() if self.check else None
        if status is not None:
            self.take_lines(self.check.last_lines())
            self.check = None
            self.monitor.check_has_ended()
            if self.monitor.timeout_at is not None:
                self.conclude(status and (f"exit status {status}" if status > 0 else f"killed by signal {-status}"), now)
        self.tick(now)

    def is_over(self):
        """Returns True once the action has ended, or its cancelation has begun (TIM-3)."""
        return self.ended_at is not None or self.processes.is_canceled()

    def tick(self, now):
        starts = self.monitor.tick(now)
        if starts is False and not self.is_skipping:
            self.output.log("no check is started as long as the last one is alive")
        self.is_skipping = starts is False or starts is None and self.is_skipping
        if starts:
            self.lines, self.size, self.fail_text, self.left = [], 0, None, MAX_OF_CHECK
            try:
                self.check = self.processes.start_check(self.output.changes)
            except OSError as error:
                self.monitor.check_has_ended()
                self.conclude(f"could not start: {error.strerror}", now)

    def take_lines(self, lines):
        """Logs lines of the check, and applies the messages in them (OUT-1, OUT-2)."""
        for line in lines:
            self.secrets.learn(line)
            self.log_line(line)
            name, _, text = line.partition(": ")
            if self.monitor.timeout_at is None:
                continue
            if name == "openjd_status" and text:
                text = self.secrets.hide(text).rstrip(self.WHITE_SPACE)
                if text:
                    self.output.put(f"openjd_status: {text}")
            elif name == "openjd_fail" and text:
                self.fail_text = text
            elif name in self.IGNORED and text:
                self.output.log("the message above has no effect, as it comes from a check")
            else:
                self.lines.append(line)
                self.size += len(line) + 1
                while self.size - len(self.lines[0]) > MAX_OF_CHECK:
                    self.size -= len(self.lines.pop(0)) + 1

    def log_line(self, line):
        if self.left > 0:
            self.left -= len(line) + 1
            self.output.log(self.secrets.hide_in_log(line))
            if self.left <= 0:
                self.output.log("(more of what this check writes is not logged)")

    def conclude(self, reason, now):
        """Counts a result, healthy without a reason, and applies its consequence (RES-2, ACT-1 to ACT-4)."""
        if self.is_over():
            self.monitor.stop()
            return
        has_status, fires = self.monitor.result(not reason)
        failures = self.monitor.failures
        if reason:
            self.output.log(f"unhealthy, {failures} in a row: {reason}")
        elif self.was_healthy is not True:
            self.output.log("healthy" if self.was_healthy is None else "healthy again")
        self.was_healthy = not reason
        if has_status:
            self.output.put(f"openjd_status: {self.failure_status(reason)}", is_needed=True)
        if fires:
            name, slot = self.plan["environment"], self.plan["slot"]
            times = f"reported unhealthy {failures} consecutive time(s) while {slot} was running"
            self.fire(self.fail_text or f"onMonitor of environment '{name}' {times} ({reason})", now)

    def failure_status(self, reason):
        """Returns the text of OUT-3, in one line, since a message has no more."""
        text = "\n".join(map(self.secrets.hide, self.lines)).rstrip(self.WHITE_SPACE)
        encoded = text.encode()
        if len(encoded) > MAX_STATUS:
            text = "…" + encoded[-MAX_STATUS:].decode(errors="ignore")
        return text.replace("\n", " / ") or self.secrets.hide(f"onMonitor: {reason}")

    def fire(self, message, now):
        """Ends the action by its own cancelation (ACT-4)."""
        self.monitor.stop()
        self.message = self.secrets.hide(message).rstrip(self.WHITE_SPACE)
        period = self.plan["notify_period"]
        if period is None or not self.processes.notify_action(period):
            self.kill_action()
        else:
            self.kill_at = now + period
            self.output.log(f"sending SIGTERM; SIGKILL follows in {period} s")

    def kill_action(self):
        self.kill_at = None
        self.output.log("sending SIGKILL")
        self.processes.signal_action(signal.SIGKILL)

    def tell_if_due(self, now):
        """Makes the runtime report the action as FAILED with the message of the monitor (ACT-5).

        That waits for the end of the action, since a runtime may cut the notify period short. A user's cancel
        cannot be made worse, and would be what the runtime reports.
        """
        if self.message is None or self.has_told:
            return
        is_read = self.output.is_at_end or self.ended_at is not None and now - self.ended_at > MOMENT
        if is_read or self.ended_at is None:
            self.has_told = True
            self.output.finish()
            self.output.put(NEAR_MISS, is_needed=True)
            self.output.put(f"openjd_fail: {self.message}", is_needed=True)

    def wake(self, now):
        """Returns the time of the next step if nothing happens before; None if nothing is due."""
        times = [self.monitor.wake(), self.kill_at]
        if self.ended_at is None:
            is_watching = self.monitor.next_tick is not None or self.message is not None
            beat = BEAT if self.processes.pidfd is not None else BEAT / 10
            times.append(now + beat if is_watching or self.processes.pidfd is None else None)
        elif self.message is not None and not self.has_told:
            times.append(self.ended_at + MOMENT)
        return min((time for time in times if time is not None), default=None)

    def sources(self):
        """Returns the descriptors to wait for."""
        if not self.output.is_at_end and len(self.output.queue) < CHUNK:
            yield self.output.source
        if self.ended_at is None and self.processes.pidfd is not None:
            yield self.processes.pidfd
        if self.check:
            yield from self.check.sources()

    def is_done(self):
        """Returns True once nothing is left to do for the runtime."""
        if self.output.is_broken:
            return True
        if self.ended_at is None or self.output.queue:
            return False
        return self.has_told if self.message is not None else self.output.is_at_end


def watch(memory):
    """Runs the watcher, with the plan in this file in memory."""
    import marshal

    with open(memory, "rb") as file:
        file.seek(0)
        plan = marshal.load(file)
    close_all_but(*(plan[name] for name in ("start", "output", "runtime", "pidfd")))
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(silence, standard, inheritable=True)
    with open("/proc/self/comm", "w") as file:
        file.write("onMonitor")
    os.set_blocking(plan["output"], False)
    for name in ("output", "runtime", "pidfd"):
        if plan[name] is not None:
            os.set_inheritable(plan[name], False)
    with open(plan["start"], "rb") as file:
        start, _, failure = file.read().partition(b" ")
    secrets = Secrets()
    output = Output(plan, secrets)
    monitor = Monitor(plan, float(start or 0))
    if failure or not start:
        # An action that cannot be started has no t0, and no monitor (TIM-1).
        monitor.stop()
    try:
        run(Watcher(plan, monitor, Processes(plan), output, secrets), output)
    except Exception as error:
        # The action must not suffer: without a reader of its output, it would be killed by SIGPIPE.
        output.log(f"the action runs on without a monitor, because of an error in it: {error!r}")
        relay(output)


def run(watcher, output):
    """Runs a watcher by a clock that does not count the time in which this process was stopped (note under TIM-6)."""
    import select

    sink = select.poll()
    sink.register(output.sink, select.POLLOUT)
    updated, skipped = time.monotonic(), 0.0
    while True:
        now = updated - skipped
        watcher.step(now)
        output.write(lambda: sink.poll(0))
        if watcher.is_done():
            return
        poll = select.poll()
        for descriptor in watcher.sources():
            poll.register(descriptor, select.POLLIN)
        # Without a wish for anything, this waits for the end of the reader.
        poll.register(output.sink, select.POLLOUT if output.queue else 0)
        wake = watcher.wake(now)
        due = None if wake is None else max(wake + skipped, updated)
        events = poll.poll(None if due is None else (due - updated) * 1000 + 1)
        output.is_broken |= any(event & select.POLLERR for descriptor, event in events if descriptor == output.sink)
        late = time.monotonic()
        if due is not None and late - due > STOPPED:
            skipped += late - updated
        updated = late


def relay(output):
    """Passes on the rest of the output of the action."""
    os.set_blocking(output.source, True)
    rest = bytes(output.queue) + output.partial
    while rest or (rest := os.read(output.source, CHUNK)):
        rest = rest[os.write(output.sink, rest) :]


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["--watch"]:
            watch(int(sys.argv[2]))
            os._exit(0)
        supervise([os.fsencode(argument) for argument in sys.argv[1:]])
    except Refusal as refusal:
        say(f"openjd_fail: onMonitor: {refusal}")
        sys.exit(2)
