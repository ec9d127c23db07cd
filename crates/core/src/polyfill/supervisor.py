"""Runs an action of an Environment with its monitor (`onMonitor`) beside it, on runtimes that know no monitors.

    python3 -I -S supervisor.py --environment=NAME --slot=SLOT --period=S --on-failure=log|warn|terminate
        [--failure-threshold=N] [--initial-delay=S] [--timeout=S] [--cancelation=MODE] [--notify-period=S]
        [--redacted-env] --check=N CHECK-ARGUMENT... -- COMMAND [ARGUMENT...]

The process that the runtime has started becomes the action by exec. Before that it leaves a watcher behind, in a
session of its own, which passes on the output of the action, runs the checks, and ends the action when the monitor
fires. Ids such as TIM-4 are clauses of the specification of MONITOR.

It needs Linux and Python 3.9. It imports little, since every action waits for that. As part of a template it must not
contain two opening braces in a row.
"""

import errno
import os
import sys
import time

# The module `signal` adds only names to this one, and takes longer to import than everything else here.
import _signal as signal

# Size of a pipe; the longest line that is held until its end is there; a size that a writable pipe takes at once.
CHUNK = MAX_LINE = 64 * 1024
SLICE = 4096
# Longest line from a check: the runtime in Python ends a line after 64000 characters.
MAX_TEXT = 60_000
# Output that may wait for a runtime that does not read; more lines of checks are dropped.
MAX_QUEUE = 1024 * 1024
# Output of one check that is logged, and that is kept for its failure status (OUT-3), in characters; its size in bytes.
MAX_OF_CHECK = 64 * 1024
MAX_STATUS = 4096
# Seconds between two looks for a cancelation; lateness of one that shows that this process was stopped; and time for
# the rest of an output whose writer has ended.
BEAT = 0.1
STOPPED = 1.0
MOMENT = 0.5

STARS = "********"
CANCEL_INFO = "cancel_info.json"
# A malformed message. Both runtimes cancel its action, even one that has ended, and report it as FAILED; an
# `openjd_fail` alone would not make an action FAILED that exits with 0, in the runtime in Python.
NEAR_MISS = "openjd_env is not meant by this line: onMonitor has ended the action, and it makes the runtime report FAILED"
# As Unicode defines it; Python's own notion has four characters more.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


# --- Command line ---------------------------------------------------------------------------------------------------


class Refusal(Exception):
    """An error in the options, in words for the author of the template."""


class Plan:
    """The command line: the action, its monitor and the check."""

    def __init__(self, arguments):
        self.options = {}
        rest = list(arguments)
        while "check" not in self.options:
            name, equals, value = (rest.pop(0) if rest else b"").partition(b"=")
            if name[:2] != b"--" or not (equals or name == b"--redacted-env"):
                raise Refusal("the command line has no --check")
            self.options[name[2:].decode()] = value
        self.check_as_written = []
        for _ in range(self.number("check", 0)):
            argument = rest.pop(0) if rest else b"="
            self.options["*"] = argument[1:] if argument[:1] == b"*" else b"0"
            raw = self.number("*", 0)
            self.check_as_written.append((argument[:1], argument[1:], rest[:raw]))
            del rest[:raw]
        if rest[:1] != [b"--"] or not rest[1:]:
            raise Refusal("the command line has no -- with the action behind it")
        self.action = rest[1:]
        self.environment, self.slot = self.text("environment"), self.text("slot")
        self.is_exit = self.slot in ("onExit", "onWrapEnvExit")
        self.is_entering = self.slot in ("onEnter", "onWrapEnvEnter")
        self.has_redacted_env = "redacted-env" in self.options

    def read_monitor(self):
        """Reads the options that may come from format strings (SCH-6 to SCH-8)."""
        self.period = self.number("period", 5)
        self.threshold = self.number("failure-threshold", 1, 1)
        self.initial_delay = self.number("initial-delay", 0, self.period)
        self.timeout = self.number("timeout", 1, min(self.period - 1, 30))
        if self.timeout >= self.period:
            raise Refusal(f"timeout must be less than the period of {self.period} s, not '{self.timeout}'")
        self.on_failure = self.word("on-failure", "log", "warn", "terminate")
        # What a hook forwards is null if the wrapped action declares nothing.
        mode = self.word("cancelation", "", "null", "TERMINATE", "NOTIFY_THEN_TERMINATE")
        notify_period = self.number("notify-period", 1, 120 if self.slot == "onWrapTaskRun" else 30)
        self.notify_period = notify_period if mode == "NOTIFY_THEN_TERMINATE" else None
        self.check = [part for written in self.check_as_written for part in self.arguments(*written)]
        if not self.check or not self.check[0]:
            raise Refusal("the check has no command")

    def text(self, name):
        return self.options.get(name, b"").decode(errors="replace")

    def word(self, name, *words):
        if self.text(name) not in words:
            raise Refusal(f"{name} must be one of {', '.join(words)}, not '{self.text(name)}'")
        return self.text(name)

    def number(self, name, least, default=None):
        """Returns a whole number among the options, or the default where it is absent, empty or null. A FLOAT has a
        fraction or an exponent as text."""
        text = self.text(name)
        if text in ("", "null") and default is not None:
            return default
        try:
            number = float(text if set(text) <= set("0123456789+-.eE") else "nan")
        except ValueError:
            number = float("nan")
        if not (number.is_integer() and number >= least):
            raise Refusal(f"{name} must be a whole number of at least {least}, not '{text}'")
        return int(number)

    @staticmethod
    def arguments(kind, text, raw):
        """Returns the arguments that one of the check stands for: for a list its elements, for null none."""
        if kind == b"=":
            return [text]
        if kind == b"*":
            return raw
        import json

        try:
            value = json.loads(text.decode(), parse_int=str, parse_float=str, parse_constant=str)
            values = [value for value in (value if isinstance(value, list) else [value]) if value is not None]
            texts = [str(value).lower() if isinstance(value, bool) else value for value in values]
            arguments = [text.encode() for text in texts]
        except (ValueError, AttributeError) as error:
            raise Refusal(f"an argument of the check has no value for a process: {error}") from None
        if any(b"\0" in argument for argument in arguments):
            raise Refusal("an argument of the check contains a NUL character")
        return arguments


# --- Start of the action --------------------------------------------------------------------------------------------


def supervise(plan):
    """Leaves a watcher beside this process, which becomes the action."""
    environment = original_environment()
    try:
        plan.read_monitor()
    except Refusal as refusal:
        if not plan.is_exit:
            raise
        # Nothing about a monitor may prevent cleanup (VAR-4).
        say(f"[onMonitor] {plan.slot} runs without a monitor: {refusal}")
        become(plan.action, environment)
    output, action_output = os.pipe()
    # The exec closes it: that is the start of the action.
    start, started = os.pipe()
    action = Action(environment)
    child = os.fork()
    if child == 0:
        # The watcher is not a child of the action, which may wait for its children.
        os.setsid()
        if os.fork() == 0:
            try:
                watch(plan, action, output, start)
            finally:
                os._exit(0)
        os._exit(0)
    os.waitpid(child, 0)
    is_merged = os.path.sameopenfile(1, 2)
    for standard in (1, 2)[: 1 + is_merged]:
        os.dup2(action_output, standard)
    os.write(started, b"%r" % time.monotonic())
    try:
        become(plan.action, environment)
    finally:
        os.write(started, b" not started")


def become(arguments, environment):
    """Replaces this process by the action."""
    # Python ignores them, and what it starts would do so, too.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    try:
        at_path(arguments, environment, lambda path, arguments: os.execve(path, arguments, environment))
    except OSError as error:
        say(f"onMonitor: cannot start {os.fsdecode(arguments[0])}: {error.strerror}")
        raise SystemExit(127 if isinstance(error, FileNotFoundError) else 126) from None


def at_path(arguments, environment, start):
    """Calls `start` with the path of a program and its arguments, found and run as execvp(3) does it."""
    folders = [b""] if b"/" in arguments[0] else environment.get(b"PATH", b"/bin:/usr/bin").split(b":")
    failure = None
    for folder in folders:
        path = os.path.join(folder, arguments[0])
        try:
            return start(path, arguments)
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            if failure is None or isinstance(error, PermissionError):
                failure = error
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            # A script that does not name its interpreter.
            return start(b"/bin/sh", [b"/bin/sh", path] + arguments[1:])
    raise failure


def original_environment():
    """Returns the environment variables that this process was given; Python may have added LC_CTYPE."""
    try:
        with open("/proc/self/environ", "rb") as file:
            pairs = [entry.partition(b"=") for entry in file.read().split(b"\0")]
        return dict((name, value) for name, _, value in pairs if name)
    except OSError:
        return dict(os.environb)


def say(text):
    os.write(1, (text + "\n").encode(errors="surrogateescape"))


# --- Monitor --------------------------------------------------------------------------------------------------------


class Monitor:
    """Ticks, results, and their consequences. It knows no clock and no processes: times are passed in."""

    def __init__(self, plan, t0):
        self.plan = plan
        # None once it is inactive (TIM-3).
        self.next_tick = t0 + plan.initial_delay
        # End of the time of the check whose result is not known yet.
        self.timeout_at = None
        self.check_is_alive = False
        self.failures = 0

    def tick(self, now):
        """Returns True if a check starts, False if the tick is skipped (TIM-2), and None if there is no tick."""
        if self.next_tick is None or now < self.next_tick:
            return None
        missed = (now - self.next_tick) // self.plan.period
        self.next_tick += (missed + 1) * self.plan.period
        if self.check_is_alive:
            return False
        self.check_is_alive = True
        self.timeout_at = now + self.plan.timeout
        return True

    def times_out(self, now):
        return self.timeout_at is not None and now >= self.timeout_at

    def result(self, is_healthy):
        """Counts a result (RES-2); returns whether it has a failure status, and whether it fires (ACT-1 to ACT-3)."""
        self.timeout_at = None
        self.failures = 0 if is_healthy else self.failures + 1
        least = {"log": float("inf"), "warn": self.plan.threshold + 1, "terminate": self.plan.threshold}
        fires = self.failures >= least[self.plan.on_failure]
        return not is_healthy and (fires or self.plan.on_failure != "terminate"), fires

    def stop(self):
        """Makes it inactive; returns True if a check is to be killed and its result discarded (TIM-6)."""
        is_pending = self.timeout_at is not None
        self.next_tick = self.timeout_at = None
        return is_pending


# --- Output ---------------------------------------------------------------------------------------------------------


class Secrets:
    """Values to redact (OUT-2)."""

    def __init__(self):
        self.values = set()
        # Those that checks have named: the runtime does not know them.
        self.of_checks = set()

    def learn(self, line, is_of_check=False):
        """Learns the value in an `openjd_redacted_env`: as it is written and as JSON reads it, line by line."""
        if "redacted_env" not in line.lower():
            return
        import json
        import re

        for piece in line.split("\r"):
            message = re.match(r"\s*openjd_redacted_env(?:[:\s]\s*|$)(.*)", piece, re.IGNORECASE | re.DOTALL)
            payload = message[1] if message else ""
            values = [payload.partition("=")[2] or payload]
            if payload[:1] == '"':
                values = [values[0].rstrip().rstrip('"')]
                try:
                    values.append(str(json.loads(payload)).partition("=")[2])
                except ValueError:
                    pass
            parts = [part for value in values for part in re.split("[\n\r\0]", value)]
            values = {text for part in parts for text in (part, part.strip()) if text.strip()}
            self.values |= values
            self.of_checks |= values if is_of_check else set()

    def hide(self, text):
        """Replaces all secrets by stars; touching and overlapping ones by one group of them."""
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
        """Also hides what follows the name of the message, which may be a quotation of one that is still to come."""
        if "redacted_env" not in line.lower():
            return self.hide(line)
        import re

        mention = r'(openjd_redacted_env[:=\s]+"?(?:[A-Za-z_][A-Za-z0-9_]*=)?)[^"].*'
        return self.hide(re.sub(mention, lambda found: found[1] + STARS, line, flags=re.IGNORECASE))


class Output:
    """What the runtime reads: the lines of the action as they are, and lines of the monitor between them."""

    def __init__(self, plan, source, sink, secrets):
        self.plan, self.source, self.sink, self.secrets = plan, source, sink, secrets
        # Variables that the action has set by messages; None as the value of one that it has unset (VAR-5).
        self.changes = {}
        # The start of a line of the action; what waits for the runtime, and the last byte of that; and lines that
        # wait for the end of a line that is too long to be held.
        self.partial, self.queue, self.last, self.waiting = b"", bytearray(), b"\n", []
        self.is_at_end = self.is_broken = False

    def read(self):
        """Reads what the action has written, unless the runtime has to read first."""
        if self.is_at_end or len(self.queue) >= CHUNK:
            return
        try:
            chunk = os.read(self.source, CHUNK)
        except BlockingIOError:
            return
        self.is_at_end = not chunk
        data = self.partial + chunk
        # The runtime in Python ends lines at carriage returns, too.
        end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        if self.is_at_end or len(data) - end > MAX_LINE:
            end = len(data)
        lines, self.partial = data[:end], data[end:]
        self.take(lines)

    def take(self, lines):
        """Passes on lines of the action, or a part of one, and what they tell this process."""
        if not lines:
            return
        if b"openjd_" in lines:
            begin = 0 if self.last == b"\n" else lines.find(b"\n") + 1
            for line in lines[begin:].split(b"\n"):
                self.take_message(line.decode(errors="backslashreplace").rstrip("\r"))
        self.queue += self.redacted(lines)
        self.last = lines[-1:]
        if self.last == b"\n":
            self.queue += b"".join(self.waiting)
            self.waiting.clear()

    def take_message(self, line):
        """Learns secrets and changes of variables, as the runtimes read them."""
        name, _, text = line.partition(": ")
        if name == "openjd_redacted_env":
            self.secrets.learn(line)
            name = "openjd_env" if self.plan.has_redacted_env else ""
        if not self.plan.is_entering:
            return
        if name == "openjd_env":
            text = text.lstrip()
            if text[:1] == '"':
                import json

                try:
                    text = str(json.loads(text))
                except ValueError:
                    return
            variable, equals, value = text.partition("=")
            if equals and is_name(variable) and "\0" not in value:
                self.changes[variable.encode()] = value.encode(errors="replace")
        elif name == "openjd_unset_env" and is_name(text.strip()):
            self.changes[text.strip().encode()] = None

    def redacted(self, lines):
        """Redacts lines of the action that a check has named secrets of, but not messages that set variables."""
        if not any(value.encode() in lines for value in self.secrets.of_checks):
            return lines
        messages = (b"openjd_env", b"openjd_redacted_env", b"openjd_unset_env")
        hide = lambda line: self.secrets.hide(line.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        return b"\n".join(line if line.startswith(messages) else hide(line) for line in lines.split(b"\n"))

    def put(self, text, is_needed=False):
        """Writes a line of its own between two of the action; drops it if too much waits, unless it is needed."""
        line = text.replace("\r", " / ")[:MAX_TEXT].encode(errors="replace")[:MAX_TEXT] + b"\n"
        if len(self.queue) + sum(map(len, self.waiting)) > MAX_QUEUE and not is_needed:
            return
        if self.last == b"\r":
            self.finish()
        if self.last == b"\n":
            self.queue += line
        else:
            self.waiting.append(line)

    def log(self, text):
        """Writes a log line that is attributable to the monitor (OUT-4)."""
        self.put("[onMonitor] " + text.replace("exited with code", "exited with (code)"))

    def finish(self):
        """Ends a line of the action that has no end."""
        if self.last != b"\n":
            self.queue += b"\n" + b"".join(self.waiting)
            self.waiting.clear()
            self.last = b"\n"

    def end(self):
        """Passes on the start of a line that has no end, and ends it."""
        rest, self.partial = self.partial, b""
        self.take(rest)
        self.finish()

    def write(self, can_write):
        """Writes what waits, as long as the runtime takes it."""
        try:
            while self.queue and can_write():
                del self.queue[: os.write(self.sink, self.queue[:SLICE])]
        except OSError:
            self.is_broken = True


def is_name(text):
    return text.isidentifier() and text.isascii()


# --- Processes ------------------------------------------------------------------------------------------------------


class Action:
    """The process of the action: at first, this one."""

    def __init__(self, environment):
        self.environment = environment
        self.pid = os.getpid()
        self.started = start_of(self.pid)
        self.pidfd = pidfd_of(self.pid)
        self.cancel_info = cancel_info()

    def has_ended(self):
        """Returns True once it has exited, whether or not the runtime has noticed that."""
        return start_of(self.pid) != self.started

    def is_canceled(self):
        """Returns True once the runtime has begun to cancel it by a notify (TIM-3)."""
        return cancel_info() != self.cancel_info

    def notify(self, period):
        """Notifies it as the runtimes do; returns False if that is impossible."""
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + period))
        try:
            with open(CANCEL_INFO, "w") as file:
                file.write('{"NotifyEnd": "' + end + '"}')
        except OSError:
            return False
        self.cancel_info = cancel_info()
        self.signal(signal.SIGTERM)
        return True

    def signal(self, number):
        """Sends a signal to its group, which it leads wherever a runtime has started it."""
        try:
            os.killpg(self.pid, number)
        except OSError:
            if not self.has_ended():
                os.kill(self.pid, number)


class Check:
    """A check that runs: a group of processes, with a guard in it that kills them when the watcher is gone."""

    VARIABLE = b"OPENJD_MONITOR_CHECK"

    def __init__(self, arguments, environment, mark, lifeline):
        # By this variable, processes that have left the group are found.
        self.mark = self.VARIABLE + b"=" + mark
        environment[self.VARIABLE] = mark
        self.pipe, output = os.pipe()
        os.set_blocking(self.pipe, False)
        files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
        files += [(os.POSIX_SPAWN_DUP2, output, standard) for standard in (1, 2)]
        options = dict(file_actions=files, setpgroup=0, setsigdef=(signal.SIGPIPE, signal.SIGXFSZ))
        spawn = lambda path, arguments: os.posix_spawn(path, arguments, environment, **options)
        try:
            self.pid = at_path(arguments, environment, spawn)
        except OSError:
            os.close(self.pipe)
            raise
        finally:
            os.close(output)
        self.pidfd = pidfd_of(self.pid)
        self.guard = self.start_guard(lifeline)
        self.partial, self.is_at_end = b"", False

    def start_guard(self, lifeline):
        guard = os.fork()
        if guard == 0:
            try:
                for number in set(range(1, signal.NSIG)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}:
                    signal.signal(number, signal.SIG_IGN)
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

    def lines(self):
        """Returns the lines that it has written since the last call."""
        try:
            while not self.is_at_end and len(self.partial) <= MAX_LINE:
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
        """Returns its exit status, negative for a signal, or None while it is alive. It leaves no processes behind."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.kill()
            os.kill(self.guard, signal.SIGKILL)
            os.waitpid(self.guard, 0)
            return os.waitstatus_to_exitcode(status)
        if os.waitid(os.P_PID, self.guard, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            # Nobody would kill it any more if this process was killed.
            self.kill()
        return None

    def last_lines(self):
        """Returns the rest of its output after its end."""
        lines, end = self.lines(), time.monotonic() + MOMENT
        while not self.is_at_end and time.monotonic() < end:
            time.sleep(MOMENT / 50)
            lines += self.lines()
        for descriptor in {self.pipe, self.pidfd} - {None}:
            os.close(descriptor)
        return lines

    def kill(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        killed, found = set(), marked(self.mark)
        while found:
            for pid in found:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            killed |= found
            # They may have started others before they were killed.
            found = marked(self.mark) - killed


def marked(mark):
    """Returns the processes that have this environment variable."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if mark in file.read().split(b"\0"):
                    found.add(int(name))
        except OSError:
            pass
    return found


def start_of(pid):
    """Returns the time at which a process was started; None if it has ended, even if it is still a zombie."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in b"ZX" else fields[19]


def pidfd_of(pid):
    """Returns a descriptor that tells of the end of a process, or None on systems without them."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def cancel_info():
    """Identifies the state of the file that a runtime writes before it notifies an action."""
    try:
        state = os.stat(CANCEL_INFO)
        return state.st_ino, state.st_mtime_ns, state.st_size
    except OSError:
        return None


def close_all_but(*kept):
    for name in os.listdir("/proc/self/fd"):
        try:
            if int(name) not in kept:
                os.close(int(name))
        except OSError:
            # That of the list itself.
            pass


# --- Watcher --------------------------------------------------------------------------------------------------------


class Watcher:
    """Connects a monitor with the processes and the output, in the order of TIM-4."""

    IGNORED = ("openjd_progress", "openjd_env", "openjd_unset_env", "openjd_redacted_env", "openjd_session_runtime_loglevel")

    def __init__(self, plan, monitor, action, start_check, output, secrets):
        self.plan, self.monitor, self.action, self.start_check = plan, monitor, action, start_check
        self.output, self.secrets = output, secrets
        self.ended_at = None
        self.check, self.was_healthy, self.is_skipping = None, None, False
        self.clear()
        # Once it has fired: the fail message, whether the runtime has been told, and the end of the notify period.
        self.message, self.has_told, self.kill_at = None, False, None

    def clear(self):
        """Forgets a check: its last lines that are no messages, its fail text, and what is left to log."""
        self.lines, self.fail_text, self.left = [], None, MAX_OF_CHECK

    def step(self, now):
        """Applies what has happened, and then what is due."""
        self.output.read()
        self.take_lines(self.check.lines() if self.check else [])
        if self.ended_at is None and self.action.has_ended():
            self.ended_at = now
        if self.is_over():
            if self.monitor.stop():
                self.check.kill()
            self.tell(now)
        elif self.kill_at is not None and now >= self.kill_at:
            self.kill_action()
        if self.monitor.times_out(now):
            self.check.kill()
            self.conclude(f"timed out after {self.plan.timeout} s", now)
        status = self.check.status() if self.check else None
        if status is not None:
            self.take_lines(self.check.last_lines())
            self.end_check(status and (f"exit status {status}" if status > 0 else f"killed by signal {-status}"), now)
        self.tick(now)

    def is_over(self):
        """Returns True once the action has ended, or the runtime has begun to cancel it (TIM-3)."""
        return self.ended_at is not None or self.action.is_canceled()

    def tick(self, now):
        starts = self.monitor.tick(now)
        if starts is False and not self.is_skipping:
            self.is_skipping = True
            self.output.log("no check is started as long as the last one is alive")
        if starts:
            self.is_skipping = False
            self.clear()
            try:
                self.check = self.start_check(self.output.changes)
            except OSError as error:
                self.end_check(f"could not start: {error.strerror}", now)

    def take_lines(self, lines):
        """Logs lines of the check, and applies the messages in them (OUT-1, OUT-2)."""
        for line in lines:
            self.secrets.learn(line, is_of_check=True)
            self.log_line(line)
            name, _, text = line.partition(": ")
            if self.monitor.timeout_at is None:
                continue
            if name == "openjd_status" and text:
                text = self.secrets.hide(text).rstrip(WHITE_SPACE)
                self.output.put(f"openjd_status: {text}")
            elif name == "openjd_fail" and text:
                self.fail_text = text
            elif name in self.IGNORED and text:
                self.output.log("the message above has no effect, as it comes from a check")
            else:
                self.lines.append(line)
        size = 0
        for index in range(len(self.lines) - 1, -1, -1):
            size += len(self.lines[index]) + 1
            if size > MAX_OF_CHECK:
                del self.lines[:index]
                break

    def log_line(self, line):
        if self.left > 0:
            self.left -= len(line) + 1
            self.output.log(self.secrets.hide_in_log(line))
            if self.left <= 0:
                self.output.log("(more of what this check writes is not logged)")

    def end_check(self, reason, now):
        self.check, self.monitor.check_is_alive = None, False
        if self.monitor.timeout_at is not None:
            self.conclude(reason, now)

    def conclude(self, reason, now):
        """Applies a result, which is healthy without a reason (RES-2, ACT-1 to ACT-4, ACT-6)."""
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
            name, slot = self.plan.environment, self.plan.slot
            times = f"reported unhealthy {failures} consecutive time(s) while {slot} was running"
            self.fire(self.fail_text or f"onMonitor of environment '{name}' {times} ({reason})", now)

    def failure_status(self, reason):
        """Returns the text of OUT-3, in one line, as a message has no more."""
        text = "\n".join(map(self.secrets.hide, self.lines)).rstrip(WHITE_SPACE)
        if len(text.encode()) > MAX_STATUS:
            text = "…" + text.encode()[-MAX_STATUS:].decode(errors="ignore")
        return text.replace("\n", " / ") or self.secrets.hide(f"onMonitor: {reason}")

    def fire(self, message, now):
        """Ends the action by its own cancelation (ACT-4)."""
        self.monitor.stop()
        self.message = self.secrets.hide(message).rstrip(WHITE_SPACE)
        period = self.plan.notify_period
        if period is None or not self.action.notify(period):
            self.kill_action()
        else:
            self.kill_at = now + period
            self.output.log(f"sending SIGTERM; SIGKILL follows in {period} s")

    def kill_action(self):
        self.kill_at = None
        self.output.log("sending SIGKILL")
        self.action.signal(signal.SIGKILL)

    def tell(self, now):
        """Makes the runtime report FAILED with the message of the monitor, whatever the exit status (ACT-5).

        This waits for the end of the action, and of its output: what the runtime does about it would shorten the
        notify period. A user's cancel has done so already, and would be what the runtime reports.
        """
        is_read = self.ended_at is None or self.output.is_at_end or now - self.ended_at > MOMENT
        if self.message is not None and not self.has_told and is_read:
            self.has_told = True
            self.output.end()
            self.output.put(NEAR_MISS, is_needed=True)
            self.output.put(f"openjd_fail: {self.message}", is_needed=True)

    def is_done(self):
        if self.output.is_broken:
            # A writer to a runtime that does not read any more notices that as it would without this process.
            return True
        is_read = self.has_told if self.message is not None else self.output.is_at_end
        return self.ended_at is not None and is_read and not self.output.queue

    def wake(self, now):
        """Returns the time of the next step if nothing happens before."""
        beat = BEAT if self.action.pidfd is not None else BEAT / 10
        times = (self.monitor.next_tick, self.monitor.timeout_at, self.kill_at, now + beat)
        return min(time for time in times if time is not None)

    def sources(self):
        """Returns the descriptors to wait for."""
        yield None if self.output.is_at_end or len(self.output.queue) >= CHUNK else self.output.source
        yield self.action.pidfd if self.ended_at is None else None
        if self.check:
            yield None if self.check.is_at_end else self.check.pipe
            yield self.check.pidfd


def watch(plan, action, source, start):
    """Runs the watcher, as a process that has nothing of the action but its user, folder and environment."""
    sink = os.dup(1)
    secrets = Secrets()
    output = Output(plan, source, sink, secrets)
    try:
        close_all_but(source, start, sink, action.pidfd)
        silence = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(silence, standard)
        try:
            hide_command_line()
        except OSError as error:
            output.log(f"a check that looks for processes may find this one, whose command line stays: {error}")
        os.set_blocking(source, False)
        with open(start, "rb") as file:
            t0, _, failure = file.read().partition(b" ")
        monitor = Monitor(plan, float(t0 or 0))
        if failure or not t0:
            # An action that cannot be started has no t0, and no monitor (TIM-1).
            monitor.stop()
        # Held open by this process alone, so that guards notice its end.
        lifeline, _life = os.pipe()
        checks = iter(range(1, sys.maxsize))

        def start_check(changes):
            changed = {**action.environment, **changes}
            environment = dict((name, value) for name, value in changed.items() if value is not None)
            return Check(plan.check, environment, b"%d.%d" % (os.getpid(), next(checks)), lifeline)

        run(Watcher(plan, monitor, action, start_check, output, secrets))
    except Exception as error:
        # The action would be killed by SIGPIPE if nobody read its output.
        output.log(f"the action runs on without a monitor, because of an error in it: {error!r}")
        relay(output)


def hide_command_line():
    """Overwrites the name and the command line of this process, where a check would find itself and the action."""
    with open("/proc/self/comm", "w") as file:
        file.write("onMonitor")
    with open("/proc/self/stat", "rb") as file:
        first, last = map(int, file.read().rpartition(b")")[2].split()[45:47])
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(first)
        memory.write(b"onMonitor".ljust(last - first, b"\0"))


def run(watcher):
    """Runs a watcher by a clock that does not count the time in which this process is stopped (note under TIM-6)."""
    import select

    output = watcher.output
    sink = select.poll()
    sink.register(output.sink, select.POLLOUT)
    updated, skipped = time.monotonic(), 0.0
    due, ready = updated, set()
    while True:
        output.read()
        # A flood of output alone is no reason for a step.
        if updated >= due or output.is_at_end or ready - {output.source, output.sink}:
            watcher.step(updated - skipped)
            due = max(watcher.wake(updated - skipped) + skipped, updated)
        output.write(lambda: sink.poll(0))
        if watcher.is_done():
            return
        poll = select.poll()
        for descriptor in set(watcher.sources()) - {None}:
            poll.register(descriptor, select.POLLIN)
        # With nothing to write, this still tells that the runtime does not read any more.
        poll.register(output.sink, select.POLLOUT if output.queue else 0)
        events = dict(poll.poll(min(due - updated, BEAT) * 1000 + 1))
        output.is_broken |= bool(events.get(output.sink, 0) & select.POLLERR)
        ready, now = set(events), time.monotonic()
        if now - min(due, updated + BEAT) > STOPPED:
            skipped += now - updated
        updated = now


def relay(output):
    """Passes on the rest of the output of the action."""
    os.set_blocking(output.source, True)
    rest = bytes(output.queue) + output.partial
    while rest or (rest := os.read(output.source, CHUNK)):
        rest = rest[os.write(output.sink, rest) :]


if __name__ == "__main__":
    try:
        supervise(Plan([os.fsencode(argument) for argument in sys.argv[1:]]))
    except Refusal as refusal:
        say(f"openjd_fail: onMonitor: {refusal}")
        sys.exit(2)
