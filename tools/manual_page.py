"""The manual page perdiem.1, made from the helps: `python -m tools.manual_page FILE VERSION`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from perdiem_calc.cli import app

HEAD = """.TH PERDIEM 1 "" "perdiem_calc {version}" "Travel claims at GSA per diem rates"
.SH NAME
perdiem \\- travel claims of school resource officers, at GSA per diem rates
.SH SYNOPSIS
.B perdiem
.I COMMAND
[OPTIONS] [ARGUMENTS]
"""


def page(version: str) -> str:
    """The page: a section a command, with its help as `--help` prints it."""
    root = typer.main.get_command(app)
    return HEAD.format(version=version) + "".join(_sections(root, "perdiem", None))


def _sections(command: Any, name: str, parent: Any) -> Iterator[str]:
    context = command.make_context(name.rpartition(" ")[2], [], parent=parent, resilient_parsing=True)
    context.max_content_width = context.terminal_width = 76
    yield f".SH {_text(name.upper())}\n.nf\n{_text(command.get_help(context))}\n.fi\n"
    for one in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from _sections(command.get_command(context, one), f"{name} {one}", context)


def _text(text: str) -> str:
    """A text as roff takes it literally."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(sys.argv[2]), encoding="utf-8")
