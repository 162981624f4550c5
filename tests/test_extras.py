"""The extras: the same as pyproject.toml's, and the command that installs one into the Python that runs."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError

import pytest

from perdiem_calc.files import EXTRAS, NEEDED, Extra, how_to_install
from tests.support.house_rules import ROOT

MODULES = {
    "psycopg[binary]": "psycopg",
    "pydantic-core": "pydantic_core",
    "python-docx": "docx",
    "requests-cache": "requests_cache",
    "XlsxWriter": "xlsxwriter",
    "Django": "django",
    "argon2-cffi": "argon2",
    "django-axes": "axes",
    "django-csp": "csp",
    "django-htmx": "django_htmx",
}


def modules(requirements: list[str]) -> set[str]:
    """The modules that requirements bring, by their names in pyproject.toml."""
    names = {re.split("[>=<]", one)[0] for one in requirements}
    return {MODULES.get(name, name.partition("[")[0]) for name in names}


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = dict(project["optional-dependencies"])
    offered["postgres"] = [*offered["ledger"], *offered["postgres"][1:]]  # it begins with perdiem-calc[ledger]
    assert {one.name: set(one.modules) for one in EXTRAS} == {name: modules(needs) for name, needs in offered.items()}
    assert set(NEEDED.modules) == modules(project["dependencies"])


def test_what_is_not_there_is_missing() -> None:
    assert Extra("x", "nothing", ("json", "no_such_library", "re")).missing == ("no_such_library",)
    assert NEEDED.missing == ()


@pytest.mark.parametrize(
    ("origin", "what"),
    [
        ('{"url": "file:///srv/per%20diem", "dir_info": {"editable": true}}', '-e "/srv/per diem[ledger]"'),
        ('{"url": "file:///srv/perdiem", "dir_info": {}}', '"/srv/perdiem[ledger]"'),
        ('{"url": "file:///srv/p.whl", "archive_info": {}}', '"perdiem-calc[ledger] @ file:///srv/p.whl"'),
        (None, '"perdiem-calc[ledger]"'),
    ],
)
def test_an_extra_is_installed_from_where_the_program_came_from(
    origin: str | None, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return origin if name == "direct_url.json" else None

    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: Installed())
    monkeypatch.setattr(sys, "executable", "/opt/python")
    assert how_to_install("ledger") == f"/opt/python -m pip install {what}"


def test_a_program_that_is_not_installed_is_installed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", none)
    monkeypatch.setattr(sys, "executable", "/opt/my python")
    assert how_to_install() == '"/opt/my python" -m pip install "perdiem-calc"'
