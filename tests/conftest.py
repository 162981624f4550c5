"""The fixtures that tests share, and the marks that they bring.

What is imported here is imported late, by the tests that ask for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.support.command import Perdiem, Run
from tests.support.house_rules import NO_SHARED, SHARED

if TYPE_CHECKING:
    from perdiem_calc.dated import Law
    from perdiem_calc.rates.ratebook import Ratebook
    from tests.support.postgres import Server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by what it needs: its folder and its fixtures say so."""
    for item in items:
        for mark in _marks(item):
            item.add_marker(mark)


def _marks(item: pytest.Item) -> Iterator[str]:
    fixtures = set(getattr(item, "fixturenames", ()))
    place = getattr(getattr(item, "callspec", None), "params", {}).get("place")
    is_on_server = "postgres" in fixtures or place == "postgresql"
    is_of_ledger = "ledger" in item.path.parts or "place" in fixtures
    if is_of_ledger:
        yield "ledger"
    if "soffice" in fixtures:
        yield "office"
    if is_on_server:
        yield "slow"
    if not (is_of_ledger or is_on_server or "soffice" in fixtures or item.get_closest_marker("slow")):
        yield "fast"


@pytest.fixture(scope="session")
def soffice() -> None:
    """LibreOffice, which tests.support.libreoffice starts."""
    from tests.support.libreoffice import soffice_missing_reason

    if reason := soffice_missing_reason():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder ``shared`` beside the checkout: the contract and the reference figures."""
    if not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    return SHARED


@pytest.fixture(scope="session")
def law() -> Law:
    """The regulation and the programme, as ftr.toml and chp.toml have them."""
    from perdiem_calc.rules.law import load_law

    return load_law()


@pytest.fixture(scope="session")
def ratebook() -> Ratebook:
    """The embedded rates."""
    from perdiem_calc.rates.ratebook import Ratebook

    return Ratebook.open()


@pytest.fixture
def perdiem(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Perdiem:
    """The command line, run in this process: `perdiem("rate", "Orlando, FL")` gives a `Run`."""

    def run(*arguments: object) -> Run:
        from perdiem_calc.cli import main

        monkeypatch.setattr(sys, "argv", ["perdiem", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Run(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    from tests.support.postgres import missing_reason, running_server

    reason = missing_reason()
    if reason is not None:
        pytest.skip(reason)
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger may be begun: a file's name, then a server's URL."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    server: Server = request.getfixturevalue("postgres")
    return server.new_database(f"ledger_{uuid4().hex}")
