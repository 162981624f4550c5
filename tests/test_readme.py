"""The README and the pages of docs/ are tests: what they show is what the program does.

* A ```` ```console ```` block is run line by line. A line that begins with ``$ `` is a command; ``> ``
  continues it. The lines up to the next command are what it must print (standard output and standard error
  together). ``...`` stands for anything, as in a doctest. A last line ``[exit 3]`` says that the command ends
  with that code; otherwise it must be 0.
* A ```` ```python ```` block with ``>>>`` is a doctest.
* Blocks of other languages (``sh``, ``bat``, ``json``) are not run.

All blocks share one temporary folder that holds a copy of ``data/samples/``, in the order of the README:
what a command writes there, the next can read. Each command has a shell of its own, so ``cd`` and ``export``
do not last.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.house_rules import ROOT

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
COMMAND_SECONDS = 120

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
EXIT = re.compile(r"\[exit (\d+)\]")


@dataclass
class Command:
    """A command of the README, and what the README says comes of it."""

    text: str
    line: int
    printed: list[str] = field(default_factory=list)
    exit_code: int = 0


def blocks(markdown: str) -> list[tuple[str, int, list[str]]]:
    """The fenced blocks: language, number of the first line, lines."""
    found = []
    for block in FENCE.finditer(markdown):
        indent = len(block["indent"])
        lines = [line[indent:].rstrip() for line in block["body"].splitlines()]
        found.append((block["language"], markdown.count("\n", 0, block.start("body")) + 1, lines))
    return found


def commands(markdown: str) -> list[Command]:
    r"""The commands of the console blocks.

    >>> for command in commands("```console\n$ perdiem \\\n> rate Lima\nwhere?\n[exit 3]\n$ perdiem\n```\n"):
    ...     print(command)
    Command(text='perdiem \\\nrate Lima', line=2, printed=['where?'], exit_code=3)
    Command(text='perdiem', line=6, printed=[], exit_code=0)
    """
    found: list[Command] = []
    for language, first, lines in blocks(markdown):
        if language != "console":
            continue
        if not lines or not lines[0].startswith("$ "):
            raise ValueError(f"line {first}: a console block begins with a command: `$ perdiem ...`")
        for number, line in enumerate(lines, first):
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a reader of the README would try its commands."""
    samples = ROOT / "data" / "samples"
    if samples.is_dir():
        shutil.copytree(samples, tmp_path / "data" / "samples")
    return tmp_path


def reader_environment(home: Path) -> dict[str, str]:
    """A shell of a fixed width without colours, whose `perdiem` is the one under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GSA_", "PERDIEM_"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"PATH": path, "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_prints_what_the_page_shows(folder: Path, page: Path) -> None:
    wrong = []
    for command in commands(page.read_text(encoding="utf-8")):
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
            wrong.append(
                f"{page.name}:{command.line}: $ {command.text}\n--- the page, exit {command.exit_code}\n{shown}\n"
                f"--- program, exit {run.returncode}\n{run.stdout}"
            )
    assert not wrong, "\n\n".join(wrong)


def test_every_python_session_of_the_readme_is_a_doctest(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "__main__"}
    for language, first, lines in blocks(README.read_text(encoding="utf-8")):
        source = "\n".join(lines) + "\n"
        if language != "python" or ">>>" not in source:
            continue
        session = doctest.DocTestParser().get_doctest(source, names, "README.md", str(README), first - 1)
        printed: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        failed = runner.run(session, out=printed.append, clear_globs=False).failed
        names |= session.globs
        assert not failed, "".join(printed)


def test_the_readme_shows_at_least_one_claim() -> None:
    shown = [command.text for command in commands(README.read_text(encoding="utf-8"))]
    assert [text for text in shown if text.startswith("perdiem claim build ")]


def test_a_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: a console block begins with a command"):
        commands("```console\nperdiem rate Orlando\n```\n")


def test_blocks_of_other_languages_are_left_alone() -> None:
    markdown = "```sh\n$ rm -rf /\n```\n1. first\n\n   ```console\n   $ echo hello\n   hello\n   ```\n"
    (command,) = commands(markdown)
    assert command == Command("echo hello", line=7, printed=["hello"])
