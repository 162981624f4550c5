"""The Pythons that the tests are run on, and what comes of those that are not there."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.house_rules import ROOT
from tools import matrix

THIS = "{}.{}".format(*sys.version_info)


def ran(monkeypatch: pytest.MonkeyPatch, found: str | None, program: str, *arguments: str) -> int:
    """What the command ends with where each Python is `found`, and the tests are a program."""
    monkeypatch.setattr(matrix, "python_named", lambda version: found)
    monkeypatch.setattr(matrix, "environment", lambda *asked: Path(sys.executable))
    monkeypatch.setattr(matrix, "TESTS", ("-c", program))
    monkeypatch.setattr(sys, "argv", ["matrix", *arguments])
    return matrix.main()


def test_the_classifiers_name_what_is_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [one.rpartition(" :: ")[2] for one in project["classifiers"] if ":: Python :: 3." in one]
    assert named == [*matrix.PYTHONS]


@pytest.mark.parametrize(("arguments", "code"), [((), 1), (("--others",), 0)])
def test_a_machine_without_any_fails_unless_the_others_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int
) -> None:
    assert ran(monkeypatch, None, "", *arguments) == code
    said = capsys.readouterr().out
    assert (f"Python {THIS}: skipped: there is no such Python here" in said) is not bool(arguments)
    assert said.count("skipped") == len(matrix.PYTHONS) - len(arguments)


@pytest.mark.parametrize("code", [0, 1])
def test_a_failure_on_one_of_the_others_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    """What is not the command's own goes to the tests."""
    program = f"import sys; assert sys.argv[1:] == ['-m', 'fast']; sys.exit({code})"
    command = ("--others", "--dependencies", "newest", "-m", "fast")
    assert ran(monkeypatch, sys.executable, program, *command) == code
    said = capsys.readouterr().out
    assert THIS not in said
    assert said.count(": FAILED (1)" if code else ": passed") == len(matrix.PYTHONS) - 1
