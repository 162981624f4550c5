"""A ledger begun, of one version, backed up and restored."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, LedgerError
from perdiem_calc.ledger import Ledger
from perdiem_calc.ledger.schema import metadata
from perdiem_calc.ledger.store import Stamp
from tests.support.ledgers import (
    NOON,
    PAY,
    begun,
    corrects,
    course_on,
    enter,
    entry,
    paid_so_far,
    run_sql,
)
from tests.support.postgres import Server


def test_the_queries_name_the_columns_that_the_database_has(place: str, law: Law) -> None:
    with begun(place, law) as ledger, ledger._store.reading() as connection:
        held = sa.MetaData()
        held.reflect(connection)
        found = {table.name: {column.name for column in table.c} for table in held.tables.values()}
        found.pop("sqlite_sequence", None)
        assert found == {table.name: {column.name for column in table.c} for table in metadata.tables.values()}


@pytest.mark.parametrize("version", [2, 3, 99])
def test_a_ledger_of_another_version_is_neither_read_nor_written(place: str, law: Law, version: int) -> None:
    """Formats 2 and 3 were never released; nothing migrates them."""
    names = "INSERT INTO ledger_version (version, program, recorded_at, recorded_by)"
    with begun(place, law) as ledger:
        run_sql(ledger, f"{names} VALUES ({version}, '9.0', 'now', 'Ann')")
    with pytest.raises(LedgerError, match=f"has format version {version}, and this program uses version 1; use the"):
        Ledger.open(place, by="Ann")


def test_a_backup_restored_anywhere_is_the_same_ledger(
    place: str, tmp_path: Path, law: Law, postgres: Server
) -> None:
    backup = tmp_path / "backup.sqlite"
    with begun(place, law, entry("A-1", "700.00"), entry("A-2", "600.00", fields=corrects("A-1"))) as ledger:
        assert ledger.backup(backup) == backup
        entries = ledger.entries()
        with pytest.raises(LedgerError, match="there is something already"):
            ledger.backup(backup)
    for target in (str(tmp_path / "restored.sqlite"), postgres.new_database(f"ledger_{uuid4().hex}")):
        Ledger.restore(backup, target)
        with Ledger.open(target, by="Bob") as restored:
            assert (restored.entries(), restored.problems()) == (entries, [])
            third = entry("A-3", "700.00", fields=course_on("2026-11-05"))
            assert enter(restored, third, law).paid == Decimal("400.00")
        with pytest.raises(LedgerError, match="already"):
            Ledger.restore(backup, target)


def test_a_backup_is_whole_while_others_record(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "ledger.sqlite")
    with begun(place, law, entry("A-1", "700.00")) as ledger, ledger._store.writing() as connection:
        connection.exec_driver_sql(PAY.format(claim=1, kind="approved", cents=100, on="2026-10-09"))
        ledger.backup(tmp_path / "backup.sqlite")
        connection.rollback()
    with Ledger.open(str(tmp_path / "backup.sqlite"), by="Ann") as backup:
        assert (paid_so_far(backup), backup.problems()) == (Decimal("700.00"), [])


def test_two_who_begin_a_ledger_at_once_share_one(place: str, law: Law) -> None:
    begun(place, law).close()
    with pytest.raises(LedgerError, match="there is something already"):
        Ledger.begin(place, law, by="Bob")


def test_a_ledger_that_could_not_be_begun_leaves_nothing(tmp_path: Path, law: Law) -> None:
    with pytest.raises(LedgerError, match=r"its folder does not exist; make the folder .*missing first"):
        Ledger.begin(str(tmp_path / "missing" / "ledger.sqlite"), law, by="Ann")
    with pytest.raises(InputError, match="--by: nobody is named"):
        Ledger.begin(str(tmp_path / "ledger.sqlite"), law, by=" ")
    with pytest.raises(ValueError, match="has a zone"):
        Stamp("Ann", NOON.replace(tzinfo=None))
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_links_gets_its_ledger_too(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        assert paid_so_far(ledger) == Decimal("700.00")
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


@pytest.mark.parametrize("links", [True, False])
def test_a_ledger_begun_by_another_meanwhile_is_not_replaced(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    place, other = tmp_path / "ledger.sqlite", b"the other's"

    def meanwhile(*_: object, **__: object) -> None:
        place.write_bytes(other)
        raise FileExistsError if links else PermissionError

    monkeypatch.setattr(os, "link", meanwhile)
    with pytest.raises(LedgerError, match="there is something already"):
        begun(str(place), law)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("ledger.sqlite", other)]
