#!/usr/bin/env python3
"""Prints how the CPU time of each request of an editor grows with the document, for documents of many kinds.

    cargo build --release
    python3 benches/growth_editor.py target/release/openjd-monitor [KIND…]

As benches/growth.py does for commands. The time of a request has that of starting the server and opening the document
in it, and none of a check unless the request takes one.
"""
import json
import os
import subprocess
import sys

import growth
from growth import JOB, STEPS, embedded, environments, minified, parameters, step, steps

USES = "  parameterSpace: {taskParameterDefinitions: [{name: Frame, type: INT, range: '1-9'}]}\n"


def used(n):
    return parameters(1, steps(n, lambda i: step(i, command="\"{{Param.P0}}\""))[len(JOB):])


def own(n):
    return steps(n, lambda i: step(i, USES, "\"{{Task.Param.Frame}}\""))


def bound(n):
    return steps(n, lambda i: step(i, "  let: ['frame = 1']\n", "\"{{frame}}\""))


def ignored(n):
    return environments(n, 3, before="# openjd-monitor: ignore[period-below-floor] x\n")


def broken(n):
    return environments(n) + "x: [\n"


# The name of a kind, with the size, the document of a size, the text at which the cursor stands, and the request.
KINDS = {
    "symbols of monitors": (200, environments, "", "documentSymbol"),
    "symbols of one line": (200, minified, "", "documentSymbol"),
    "symbols of step environments": (200, lambda n: steps(n, lambda i: step(
        i, "  stepEnvironments: [{name: E, variables: {V: x}}]\n")), "", "documentSymbol"),
    "folds of monitors": (200, environments, "", "foldingRange"),
    "folds of one line": (200, minified, "", "foldingRange"),
    "links of comments": (200, ignored, "", "documentLink"),
    "hints of monitors": (200, environments, "", "inlayHint"),
    "hints of one line": (200, minified, "", "inlayHint"),
    "hover over a slot": (200, environments, "onMonitor", "hover"),
    "hover over a parameter": (200, used, "Param.P0", "hover"),
    "hover in a document that cannot be read": (200, broken, "onMonitor", "hover"),
    "references of one parameter": (200, used, "Param.P0", "references"),
    "references of own parameters": (200, own, "Task.Param.Frame", "references"),
    "references of own bindings": (200, bound, "frame", "references"),
    "references of files": (200, embedded, "Env.File.F", "references"),
    "definition of own parameters": (200, own, "Task.Param.Frame", "definition"),
    "highlights of one parameter": (200, used, "Param.P0", "documentHighlight"),
    "rename of one parameter": (200, used, "Param.P0", "rename"),
    "rename of own parameters": (200, own, "Task.Param.Frame", "rename"),
    "rename in one line": (200, lambda n: json.dumps({
        "specificationVersion": "jobtemplate-2023-09", "name": "J",
        "parameterDefinitions": [{"name": "P0", "type": "INT"}],
        "steps": [{"name": f"S{i}", "script": {"actions": {"onRun": {"command": "{{Param.P0}}"}}}} for i in range(n)]}),
        "Param.P0", "rename"),
    "completion of keys": (200, environments, "onEnter", "completion"),
    "completion of variables": (200, used, "Param.P0", "completion"),
    "actions for one finding": (200, lambda n: environments(n, 3), "period: 3", "codeAction"),
    "actions for all findings": (200, lambda n: environments(n, 3), "", "codeAction"),
    "diagnostics": (200, lambda n: environments(n, 3), "", "diagnostic"),
    "diagnostics of one line": (200, minified, "", "diagnostic"),
}


def params(text, cursor, uri):
    """Returns the parameters of any request: for the end of the first `cursor`, or for the whole document."""
    before = text[:text.find(cursor) + len(cursor)]
    position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    end = {"line": text.count("\n"), "character": len(text)}
    whole = {"start": {"line": 0, "character": 0}, "end": end}
    return {
        "textDocument": {"uri": uri}, "position": position, "newName": "Other", "context": {
            "includeDeclaration": True, "diagnostics": [], "triggerKind": 1},
        "range": {"start": position, "end": position} if cursor else whole}


def message(method, params, number=None):
    body = {"jsonrpc": "2.0", "method": method, "params": params, **({} if number is None else {"id": number})}
    data = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def read(stream):
    length = 0
    while line := stream.readline().strip():
        length = int(line.split(b":")[1])
    return json.loads(stream.read(length))


def answer(process, number):
    while (got := read(process.stdout)).get("id") != number or "method" in got:
        pass
    if "result" not in got:
        sys.exit(str(got))
    return got


def cpu(program, cursor, request, text):
    """Returns the CPU time of a server that answers one request in milliseconds, and its memory in MB."""
    uri = "file:///nowhere/t." + ("json" if text.startswith("{") else "yaml")
    process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def say(*all):
        process.stdin.write(message(*all))
        process.stdin.flush()
    # A client that asks for diagnostics gets none that it has not asked for.
    say("initialize", {"processId": None, "rootUri": None, "capabilities": {"textDocument": {
        "diagnostic": {}, "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": True}}}}, 1)
    answer(process, 1)
    say("initialized", {})
    say("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
    if request:
        say("textDocument/" + request, params(text, cursor, uri), 2)
        if answer(process, 2)["result"] is None:
            sys.exit(f"nothing answers {request}")
    say("shutdown", None, 3)
    answer(process, 3)
    say("exit", None)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024


if __name__ == "__main__":
    growth.main(sys.argv, KINDS, cpu, __doc__)
