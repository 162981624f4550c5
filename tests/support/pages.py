"""The README and the pages of docs/, read and run as a reader would.

* A ```` ```console ```` block is run line by line. A line that begins with ``$ `` is a command; ``> ``
  continues it. The lines up to the next command are what it must print (standard output and standard error
  together). ``...`` stands for anything, as in a doctest. A last line ``[exit 3]`` says that the command ends
  with that code; otherwise it must be 0.
* A ```` ```python ```` block with ``>>>`` is a doctest; the names of one are known to the next.
* A block whose first line names a file, ```` ```csv trips.csv ````, is that file: it is saved for what follows.
* Other blocks (``sh``, ``bat``, ``json``) are not run.

The blocks of a page share one folder that holds a copy of ``data/samples/``, in the order of the page: what a
command writes there, the next can read. Each command has a shell of its own, so ``cd`` and ``export`` do not last.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.house_rules import ROOT

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
COMMAND_SECONDS = 120

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)(?: (?P<file>[\w-]+\.\w+))?[^\n]*\n(?P<body>.*?)^(?P=indent)```",
    re.MULTILINE | re.DOTALL,
)
EXIT = re.compile(r"\[exit (\d+)\]")


@dataclass
class Command:
    """A command of the README, and what the README says comes of it."""

    text: str
    line: int
    printed: list[str] = field(default_factory=list)
    exit_code: int = 0


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is to be saved as, the number of its first line, its lines."""

    language: str
    file: str
    first: int
    lines: list[str]

    @property
    def text(self) -> str:
        """The lines as a text."""
        return "\n".join(self.lines) + "\n"


def blocks(markdown: str) -> list[Block]:
    """The fenced blocks of a page."""
    found = []
    for block in FENCE.finditer(markdown):
        lines = [line[len(block["indent"]) :].rstrip() for line in block["body"].splitlines()]
        first = markdown.count("\n", 0, block.start("body")) + 1
        found.append(Block(block["language"], block["file"] or "", first, lines))
    return found


def commands(markdown: str) -> list[Command]:
    r"""The commands of the console blocks.

    >>> for command in commands("```console\n$ perdiem \\\n> rate Lima\nwhere?\n[exit 3]\n$ perdiem\n```\n"):
    ...     print(command)
    Command(text='perdiem \\\nrate Lima', line=2, printed=['where?'], exit_code=3)
    Command(text='perdiem', line=6, printed=[], exit_code=0)
    """
    return [command for block in blocks(markdown) if block.language == "console" for command in commands_of(block)]


def commands_of(block: Block) -> list[Command]:
    """The commands of one console block. Raises ValueError where it does not begin with one."""
    found: list[Command] = []
    if not block.lines or not block.lines[0].startswith("$ "):
        raise ValueError(f"line {block.first}: a console block begins with a command: `$ perdiem ...`")
    for number, line in enumerate(block.lines, block.first):
        if line.startswith("$ "):
            found.append(Command(line[2:], number))
        elif line.startswith("> ") and not found[-1].printed and found[-1].text.endswith("\\"):
            found[-1].text += f"\n{line[2:]}"
        elif code := EXIT.fullmatch(line):
            found[-1].exit_code = int(code[1])
        else:
            found[-1].printed.append(line)
    return found


def as_shown(expected: list[str], printed: str) -> bool:
    """Whether a command printed what the README shows, but for trailing spaces and blank lines at the ends.

    >>> as_shown(["payable  1,000.00", "..."], "payable  1,000.00  \\nwritten\\n")
    True
    >>> as_shown(["payable  1,000.00"], "payable  999.00")
    False
    """
    want = "\n".join(line.rstrip() for line in expected).strip("\n")
    got = "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")
    return doctest.OutputChecker().check_output(f"{want}\n", f"{got}\n", doctest.ELLIPSIS)


def reader_environment(home: Path) -> dict[str, str]:
    """A shell of a fixed width without colours, whose `perdiem` is the one under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GSA_", "PERDIEM_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"PATH": path, "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"}


def faults_of_page(page: Path, folder: Path) -> list[str]:
    """Runs a page in a folder; what it shows that is not what the program does."""
    shutil.copytree(ROOT / "data" / "samples", folder / "data" / "samples")
    names: dict[str, object] = {"__name__": "__main__"}
    wrong = []
    with chdir(folder):
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.file:
                (folder / block.file).write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                wrong += [
                    f"{page.name}:{said}" for command in commands_of(block) for said in fault_of(command, folder)
                ]
            elif block.language == "python" and ">>>" in block.text:
                wrong += faults_of_session(block, names, page.name)
    return wrong


def fault_of(command: Command, folder: Path) -> Iterator[str]:
    """What a command printed and ended with, where that is not what the page shows."""
    run = subprocess.run(
        ["/bin/sh", "-c", command.text],
        cwd=folder,
        env=reader_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if run.returncode != command.exit_code or not as_shown(command.printed, run.stdout):
        shown = "\n".join(command.printed)
        yield (
            f"{command.line}: $ {command.text}\n--- the page, exit {command.exit_code}\n{shown}\n"
            f"--- program, exit {run.returncode}\n{run.stdout}"
        )


def faults_of_session(block: Block, names: dict[str, object], page: str) -> list[str]:
    """What a Python session gave, where that is not what the page shows; its names are added to those known."""
    session = doctest.DocTestParser().get_doctest(block.text, names, page, page, block.first - 1)
    printed: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    failed = runner.run(session, out=printed.append, clear_globs=False).failed
    names |= session.globs
    return ["".join(printed)] if failed else []
