"""Draws docs/examples/neovim.svg: what a session of Neovim with the server shows.

After tests/editors.sh, which installs Neovim and builds the server:

    target/tools/editors/bin/pip install pyte==0.8.2 rich==15.0.0
    target/tools/editors/bin/python tests/editors/picture.py
"""

import fcntl
import io
import os
import pty
import re
import select
import shutil
import struct
import sys
import tempfile
import termios
import time
from itertools import groupby
from pathlib import Path

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NEOVIM = ROOT / "target/tools/editors/bin/nvim"
SERVER = ROOT / "target/debug/openjd-monitor"
COLUMNS, ROWS = 112, 35

# What a user types, and what is on the screen afterwards.
SESSION = [
    ("", "first check"),
    ('G$F"i{{}}\x1b[D\x1b[D', "{{}}"),
    ("\x18\x0f", "Job.Name"),
    ("\x0e" * 12, "job parameter"),
]


def play(template):
    """The screen after the session."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    child, terminal = pty.fork()
    if child == 0:
        settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "OPENJD_MONITOR": str(SERVER)}
        # Neovim writes its state nowhere else.
        settings["XDG_STATE_HOME"] = str(template.parent)
        call = [NEOVIM, "--clean", "-u", HERE / "picture.lua", template]
        os.execve(NEOVIM, call, os.environ | settings)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    for keys, expected in SESSION:
        os.write(terminal, keys.encode())
        start = last = time.monotonic()
        # Until it is there, and nothing more comes.
        while expected not in "\n".join(screen.display) or time.monotonic() < last + 1:
            if time.monotonic() > start + 30:
                sys.exit(f"{expected!r} is not shown:\n" + "\n".join(screen.display))
            if select.select([terminal], [], [], 0.1)[0]:
                stream.feed(os.read(terminal, 65536))
                last = time.monotonic()
    os.write(terminal, b"\x1b\x1b:qa!\r")
    os.waitpid(child, 0)
    return screen


def colour(name):
    """A colour of pyte as one of rich."""
    if name == "default":
        return None
    return f"#{name}" if re.fullmatch("[0-9a-f]{6}", name) else name


def text_of(screen):
    """The screen as text with colours."""

    def style(at):
        cell = screen.buffer[at[0]][at[1]]
        is_cursor = at == (screen.cursor.y, screen.cursor.x)
        return Style(
            color=colour(cell.fg),
            bgcolor=colour(cell.bg),
            bold=cell.bold,
            italic=cell.italics,
            underline=cell.underscore,
            reverse=cell.reverse or is_cursor,
        )

    text = Text()
    for row in range(ROWS):
        for own, places in groupby(((row, column) for column in range(COLUMNS)), style):
            text.append("".join(screen.buffer[row][column].data for row, column in places), own)
        text.append("\n")
    return text


def main():
    with tempfile.TemporaryDirectory() as folder:
        template = Path(shutil.copy(HERE / "picture.yaml", Path(folder) / "docker.yaml"))
        screen = play(template)
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(text_of(screen), end="")
    svg = console.export_svg(title="docker.yaml", unique_id="neovim")
    # Fonts of other sites are never loaded in a picture.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    (ROOT / "docs/examples/neovim.svg").write_text(svg)


if __name__ == "__main__":
    main()
