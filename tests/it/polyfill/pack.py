"""Packs the script of the supervisor: without comments, compressed, as ASCII without braces and double quotes.

    python3 pack.py SCRIPT PACKED [--write]

Fails unless PACKED holds what SCRIPT says; with --write, writes it before.
"""

import ast
import re
import sys
import zlib

# Five digits of base 85, from `#` on, stand for four bytes.
FIRST = ord("#")
HEAD = """\
# supervisor.py of openjd-monitor, without its comments and compressed.
import zlib
d = [c - %d for c in rb"%s"]
exec(zlib.decompress(b"".join(((((a*85+b)*85+c)*85+d)*85+e).to_bytes(4, "big") for a, b, c, d, e in zip(*[iter(d)]*5))))
"""


def bare(source):
    """Returns the syntax tree of a script without its docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def written(tree):
    """Returns the text of a script, with indentation of one space for each level."""
    text = re.sub("(?m)^( {4})+", lambda indent: " " * (len(indent[0]) // 4), ast.unparse(tree))
    return re.sub(r"\n+", "\n", text)


def packed_text(tree):
    data = zlib.compress(written(tree).encode(), 9)
    data += bytes(-len(data) % 4)
    digits = ""
    for at in range(0, len(data), 4):
        number = int.from_bytes(data[at : at + 4], "big")
        digits += "".join(chr(FIRST + number // 85**power % 85) for power in (4, 3, 2, 1, 0))
    # A backslash at the end would belong to the quote behind it; the digits of four zero bytes are five of the first.
    return HEAD % (FIRST, digits + chr(FIRST) * 5 * digits.endswith("\\"))


def unpacked(text):
    """Returns the script that a packed one runs."""
    found = []
    exec(text, {"exec": found.append})
    return found[0]


script, packed, *options = sys.argv[1:]
with open(script, encoding="utf-8") as file:
    tree = bare(file.read())
if options == ["--write"]:
    with open(packed, "w", encoding="utf-8") as file:
        file.write(packed_text(tree))
with open(packed, encoding="utf-8") as file:
    text = file.read()
if ast.dump(ast.parse(unpacked(text))) != ast.dump(tree):
    sys.exit(f"{packed} is not {script}: run `UPDATE_GENERATED=1 cargo test polyfill` to write it anew")
