"""An adapter that passes everything on to another one, with one exception.

    filter.py once MARKER BEHAVIOUR COMMAND…   misbehave in the first case, unless the file MARKER is there
    filter.py lie HOW KIND COMMAND…            alter the effects of a kind: a field by its name, or drop, twice, late
                                               (by 1 ms)
    filter.py without FEATURES COMMAND…        claim fewer features (a comma between them)
    filter.py says FIELDS COMMAND…             answer `start` with these fields, too (a JSON object)
    filter.py decline COMMAND…                 skip every case
    filter.py plain COMMAND…                   change nothing
"""
import json
import os
import subprocess
import sys
import time

ARGUMENTS = {"once": 2, "lie": 2, "without": 1, "says": 1, "decline": 0, "plain": 0}
mode, rest = sys.argv[1], sys.argv[2:]
options, command = rest[: ARGUMENTS[mode]], rest[ARGUMENTS[mode] :]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def ask(line):
    child.stdin.write(line)
    child.stdin.flush()
    return json.loads(child.stdout.readline())


def say(answer):
    text = answer if isinstance(answer, str) else json.dumps(answer)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def misbehave(behaviour, request, answer):
    """What is answered instead; None for nothing out of the ordinary."""
    op, seq = request["op"], request.get("seq")
    begun, advanced = op == "begin", op == "advance"
    effects = answer.get("effects", [])
    if behaviour == "die in begin" and begun:
        os._exit(3)
    if behaviour == "die in advance" and advanced:
        os._exit(3)
    if behaviour == "die at the end" and op == "end":
        os._exit(3)
    if behaviour == "garbage" and advanced:
        return "no JSON"
    if behaviour == "no answer" and advanced:
        return "[]"
    if behaviour == "wrong seq" and advanced:
        return {**answer, "seq": seq + 1}
    if behaviour == "flood" and advanced:
        return "x" * (64 * 1024 * 1024 + 10)
    if behaviour in ("half a line", "hang in a line") and advanced:
        sys.stdout.write('{"seq": ')
        sys.stdout.flush()
        if behaviour == "half a line":
            os._exit(3)
        time.sleep(60)
    if behaviour == "hang" and advanced:
        time.sleep(60)
    if behaviour == "wake in the past" and advanced:
        return {**answer, "wake": request["to"] - 1}
    if behaviour == "wake now for ever" and begun | advanced:
        return {"seq": seq, "effects": [], "wake": request.get("to", 0)}
    if behaviour == "wake later for ever" and begun | advanced:
        return {"seq": seq, "effects": [], "wake": request.get("to", 0) + 4_000_000_000}
    if behaviour == "stuck" and begun:
        return {"seq": seq, "effects": [], "wake": None}
    if behaviour == "unknown effect" and begun:
        return {**answer, "effects": effects + [{"effect": "dance"}]}
    if behaviour == "unknown process" and begun:
        return {**answer, "effects": effects + [{"effect": "kill", "process": "nobody"}]}
    if behaviour == "same name" and begun:
        return {**answer, "effects": effects + effects}
    if behaviour == "unknown slot" and begun:
        return {**answer, "effects": [{**effect, "slot": "onTick"} for effect in effects]}
    if behaviour == "errored" and begun:
        return {"seq": seq, "errored": True, "message": "no idea"}
    if behaviour == "errored without a message" and advanced:
        return {"seq": seq, "errored": True}
    if behaviour == "refused" and begun:
        return {"seq": seq, "refused": True, "message": "no such job"}
    if behaviour == "refused in the middle" and advanced:
        return {"seq": seq, "refused": True, "message": "no such job"}
    if behaviour == "skipped" and begun:
        return {"seq": seq, "skipped": True, "message": "not today"}
    if behaviour == "skipped in the middle" and advanced:
        return {"seq": seq, "skipped": True, "message": "not today"}
    if behaviour == "chatty":
        sys.stderr.write("A lot to say.\n" * 20_000)
        sys.stderr.flush()
    return None


def other(field, value):
    """Another value of the field."""
    swaps = {"state": ("SUCCESS", "FAILED"), "source": ("action", "monitor"), "role": ("action", "check"),
             "result": ("healthy", "unhealthy"), "reason": ("exit", "signal"), "slot": ("onEnter", "onExit")}
    if field in swaps:
        one, two = swaps[field]
        return two if value == one else one
    if isinstance(value, str):
        return value + "2"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value + ["2"]
    return {**value, "TWO": "2"}


late = []


def lie(how, kind, answer):
    effects = late[:]
    late.clear()
    for effect in answer.get("effects", []):
        if effect["effect"] != kind:
            effects.append(effect)
        elif how == "late":
            late.append(effect)
        elif how == "twice":
            effects += [effect, effect]
        elif how == "without cause":
            effects.append({name: value for name, value in effect.items() if name != "cause"})
        elif how in effect:
            effects.append({**effect, how: other(how, effect[how])})
        elif how != "drop":
            effects.append(effect)
    wake = request.get("to", 0) + 1 if late else answer.get("wake")
    return {**answer, "effects": effects, "wake": wake}


for line in sys.stdin.buffer:
    try:
        request = json.loads(line)
        op = request["op"]
    except (ValueError, KeyError):
        request, op = {}, None
    if op == "stop":
        child.stdin.write(line)
        child.stdin.close()
        sys.exit(child.wait())
    answer = ask(line)
    if mode == "once" and op != "start":
        marker, behaviour = options
        if op == "begin":
            misbehaves = not os.path.exists(marker)
            open(marker, "w").close()
        if misbehaves:
            instead = misbehave(behaviour, request, answer)
            answer = answer if instead is None else instead
    elif mode == "lie" and op in ("begin", "advance"):
        answer = lie(*options, answer)
    elif mode == "without" and op == "start":
        lacks = options[0].split(",")
        answer["features"] = [feature for feature in answer["features"] if feature not in lacks]
    elif mode == "says" and op == "start":
        answer.update(json.loads(options[0]))
    elif mode == "decline" and op == "begin":
        answer = {"seq": request["seq"], "skipped": True, "message": "not today"}
    say(answer)
