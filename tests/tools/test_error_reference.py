"""docs/errors.md is what the code makes of it, and every error has a code that a program can rely on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.house_rules import ROOT
from tools import error_reference

pytestmark = pytest.mark.unmeasured

IN_A_FILE = ROOT / "perdiem_calc" / "some.py"


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return error_reference.package()


def test_every_error_has_a_code_in_the_source(trees: dict[Path, ast.Module]) -> None:
    assert not [*error_reference.faults(trees)]


@pytest.mark.parametrize("first", ["what", "f'file.{kind}'", "'is empty'", "'file'", "'file.Empty'", ""])
def test_an_error_without_one_is_found(trees: dict[Path, ast.Module], first: str) -> None:
    bare = {IN_A_FILE: ast.parse(f"raise InputError({first})")}
    assert [*error_reference.faults(trees | bare)] == [
        f"perdiem_calc/some.py:1: {first or None} is not an error's code"
    ]


@pytest.mark.parametrize("first", ["'file.empty'", "'claim-file.field.repeated'", "code", "error.code"])
def test_an_error_with_one_is_not(trees: dict[Path, ast.Module], first: str) -> None:
    good = {IN_A_FILE: ast.parse(f"raise InputError({first}, what)")}
    assert not [*error_reference.faults(trees | good)]


def test_each_code_is_on_the_page_once_and_the_page_is_current() -> None:
    """After a change: `make reference`."""
    page = error_reference.PAGE.read_text(encoding="utf-8")
    assert page == error_reference.page()
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert len(listed) == len(set(listed)) > 200


def test_each_code_has_words_of_its_own(trees: dict[Path, ast.Module]) -> None:
    assert error_reference.without_meaning(trees) == set(error_reference.MEANINGS)


@pytest.mark.parametrize(
    ("source", "code", "what", "fix"),
    [
        ('raise InputError("file.empty", "is empty", fix="fill it in")', "file.empty", "is empty", "fill it in"),
        ('x = f"{in_dollars(a.paid)} is less"\nInputError("a.b", x)', "a.b", "{paid} is less", ""),
        ('def _f(code, at, what): ...\n_f("a.b", 3, "is bad; leave it out")', "a.b", "is bad", "leave it out"),
    ],
)
def test_a_message_is_read_from_the_source(
    trees: dict[Path, ast.Module], source: str, code: str, what: str, fix: str
) -> None:
    tree = {ROOT / "perdiem_calc" / "text.py": ast.parse(source)}
    errors = {ROOT / "perdiem_calc" / "errors.py": trees[ROOT / "perdiem_calc" / "errors.py"]}
    claims = {path: tree for path, tree in trees.items() if path.name == "trip.py" and path.parent.name == "claims"}
    found = [
        one for one in error_reference.raised(errors | claims | tree) if one.at.startswith("perdiem_calc/text.py")
    ]
    assert [one[1:] for one in found] == [(code, what, fix)]
