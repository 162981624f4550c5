"""Files that are no ledger or a damaged one, ledgers without their guards, full disks, hostile addresses."""

from __future__ import annotations

import gc
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, LedgerError, PerdiemError
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import content_sha256
from perdiem_calc.ledger import Ledger
from perdiem_calc.ledger.address import Address
from tests.support.ledgers import (
    AWARD,
    DAY,
    begun,
    claim,
    course_on,
    enter,
    entry,
    paid_so_far,
    rechain,
    run_sql,
)
from tests.support.postgres import Server


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE claim (id)")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(lambda path: None, "there is no ledger; check the name", id="nothing"),
        pytest.param(lambda path: path.mkdir(), "is not a file", id="a folder"),
        pytest.param(lambda path: path.touch(), "is empty, and a ledger never is", id="an empty file"),
        pytest.param(lambda path: path.write_text("award,officer\n" * 99), "no SQLite database", id="a text"),
        pytest.param(lambda path: path.write_bytes(b"SQLite format 3\0"), "no SQLite database", id="a bare header"),
        pytest.param(other_database, "holds no ledger; check the name", id="another program's database"),
    ],
)
def test_what_is_no_ledger_is_said_and_left_alone(tmp_path: Path, make: Any, why: str) -> None:
    place = tmp_path / "ledger.sqlite"
    make(place)
    before = place.read_bytes() if place.is_file() else None
    with pytest.raises(LedgerError, match=why) as refused:
        Ledger.open(str(place), by="Ann")
    assert str(place) in str(refused.value)
    assert (place.read_bytes() if place.is_file() else None) == before


def test_a_damaged_ledger_is_refused_or_found_by_verify(tmp_path: Path, law: Law) -> None:
    """Whatever page is overwritten: an error in plain words, or the damage is listed, and never a crash."""
    place, damaged = tmp_path / "ledger.sqlite", tmp_path / "damaged.sqlite"
    entries = [entry(f"A-{number}", "10.00", fields=course_on(f"2026-10-{number:02}")) for number in range(1, 9)]
    begun(str(place), law, *entries).close()
    data = place.read_bytes()
    noise = random.Random(4)
    unnoticed = []
    for start in range(0, len(data), 4096):
        damaged.write_bytes(data[:start] + noise.randbytes(4096) + data[start + 4096 :])
        if not describe_damage(damaged):
            unnoticed.append(start)
    assert unnoticed == []


USES: tuple[Callable[[Ledger], object], ...] = (
    lambda ledger: ledger.problems(),
    lambda ledger: ledger.balance(AWARD, "Kim Roe", DAY),
)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_damaged_ledger_is_let_go_of_at_once(tmp_path: Path, law: Law) -> None:
    """A server goes on after the error, and nobody may find the file locked until its memory is tidied."""
    place = tmp_path / "ledger.sqlite"
    begun(str(place), law, entry("A-1", "700.00"), entry("B-1", "300.00", officer="Kim Roe")).close()
    data = place.read_bytes()
    refused, tidies = 0, gc.isenabled()
    gc.disable()
    try:
        for page in range(1, len(data) // 4096):
            place.write_bytes(data[: 4096 * page] + bytes(4096) + data[4096 * (page + 1) :])
            for use in USES:
                with suppress(LedgerError), Ledger.open(str(place), by="Ann") as ledger:
                    use(ledger)
                    continue
                refused += 1
                left = [name for name in os.listdir("/proc/self/fd") if _leads_to(name) == str(place)]
                assert left == []
    finally:
        if tidies:
            gc.enable()
    assert refused > 5


def _leads_to(descriptor: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""


def test_a_damaged_ledger_has_no_backup(tmp_path: Path, law: Law) -> None:
    """A page that no ordinary look-up meets: SQLite copies it as it is, and the backup would pass for a good one."""
    place, target = tmp_path / "ledger.sqlite", tmp_path / "backup.sqlite"
    begun(str(place), law, entry("A-1", "700.00")).close()
    data = place.read_bytes()
    place.write_bytes(data[:4096] + bytes(4096) + data[8192:])
    with Ledger.open(str(place), by="Ann") as ledger, pytest.raises(LedgerError, match="the ledger is damaged"):
        ledger.backup(target)
    assert not target.exists()


def test_a_backup_that_cannot_be_written_names_its_own_file(tmp_path: Path, law: Law) -> None:
    place, target = tmp_path / "ledger.sqlite", tmp_path / f"{'n' * 255}.sqlite"
    begun(str(place), law).close()
    with Ledger.open(str(place), by="Ann") as ledger, pytest.raises(PerdiemError) as refused:
        ledger.backup(target)
    assert str(refused.value).startswith(f"{target}: cannot be written (File name too long)")


def describe_damage(place: Path) -> str:
    """What the program says of a ledger's file: its refusal, which names the file, or what verify lists."""
    try:
        with Ledger.open(str(place), by="Ann") as ledger:
            return "\n".join(map(str, ledger.problems()))
    except LedgerError as error:
        said = str(error)
    assert str(place) in said
    return said


def test_a_truncated_ledger_is_refused_or_found_by_verify(tmp_path: Path, law: Law) -> None:
    place, damaged = tmp_path / "ledger.sqlite", tmp_path / "damaged.sqlite"
    begun(str(place), law, entry("A-1", "700.00")).close()
    data = place.read_bytes()
    for length in range(1, len(data), 4096 * 5 + 512):
        damaged.write_bytes(data[:length])
        assert describe_damage(damaged) != ""


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("DROP TRIGGER payment_within_limit", "trigger payment_within_limit: is missing, or switched off"),
        ("DROP TRIGGER payment_no_update", "trigger payment_no_update: is missing, or switched off"),
        ("DROP INDEX payment_by_sro_id", "index payment_by_sro_id: is missing, or switched off"),
    ],
)
def test_a_ledger_without_its_guards_is_not_written(tmp_path: Path, law: Law, tampering: str, found: str) -> None:
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        run_sql(ledger, tampering)
        with pytest.raises(LedgerError, match=f"the ledger does not verify: {found}"):
            enter(ledger, entry("A-2", "1.00", fields=course_on("2026-11-05")), law)
        assert [str(one) for one in ledger.problems()] == [found]


def test_a_guard_that_was_weakened_is_found(tmp_path: Path, law: Law) -> None:
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        run_sql(ledger, "DROP TRIGGER payment_within_limit")
        run_sql(ledger, "CREATE TRIGGER payment_within_limit BEFORE INSERT ON payment WHEN 0 BEGIN SELECT 1; END")
        assert [str(one) for one in ledger.problems()] == [
            "trigger payment_within_limit: is not what the program made"
        ]


def test_a_guard_switched_off_on_a_server_is_found(law: Law, postgres: Server) -> None:
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    with begun(url, law, entry("A-1", "700.00")) as ledger:
        run_sql(ledger, "ALTER TABLE payment DISABLE TRIGGER payment_within_limit")
        assert [str(one) for one in ledger.problems()] == [
            "trigger payment_within_limit: is missing, or switched off"
        ]


def test_a_claim_of_another_version_of_the_program_is_said_and_named_by_verify(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "ledger.sqlite")
    first = entry("A-1", "700.00")
    begun(place, law, first).close()
    with closing(sqlite3.connect(place)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        (content,) = connection.execute("SELECT content FROM claim").fetchone()
        later = content[:-1] + ',"field_of_tomorrow":1}'
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE claim SET content = ?, content_sha256 = ?", (later, content_sha256(later)))
        rechain(connection)
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()
    supplement = entry("A-2", "5.00", fields={"kind": "supplemental", "replaces": "A-1"})
    with Ledger.open(place, by="Ann") as ledger:
        assert [str(one) for one in ledger.problems()] == [
            "claim A-1: it states what this version of the program does not know"
        ]
        stated = supplement.itemized.claim
        with pytest.raises(LedgerError, match="on record states what this version of the program does not know"):
            outside_of(stated, ledger.known(stated), law)


def test_a_file_that_may_only_be_read_is_read_and_not_written(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "ledger.sqlite")
    begun(place, law, entry("A-1", "700.00")).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Ledger.open(place, by="Ann") as ledger:
        assert paid_so_far(ledger) == Decimal("700.00")
        with pytest.raises(LedgerError, match="may not be written"):
            enter(ledger, entry("A-2", "1.00", fields=course_on("2026-11-05")), law)


def test_a_full_disk_is_said_and_nothing_is_written(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "ledger.sqlite")
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        before = ledger.entries()
        with ledger._store.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        expense = {"date": "2026-11-05", "category": "taxi", "amount": "1.00", "description": "x" * 900}
        large = entry("A-2", "1.00", fields=course_on("2026-11-05") | {"expenses": [expense] * 40})
        with pytest.raises(LedgerError, match="the disk is full; nothing was written"):
            enter(ledger, large, law)
        assert ledger.entries() == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as a quota of the disk does")
def test_a_disk_that_refuses_to_write_is_said_and_not_what_that_leads_to(tmp_path: Path, law: Law) -> None:
    """SQLite ends the transaction by itself then, and what belongs to it is gone."""
    import resource

    place = tmp_path / "ledger.sqlite"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with begun(str(place), law, entry("A-1", "700.00")) as ledger:
        before = ledger.entries()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, hard))
        try:
            with pytest.raises(LedgerError) as refused:
                enter(ledger, entry("A-2", "1.00", fields=course_on("2026-11-05")), law)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "the disk refuses (disk I/O error); nothing was written; check the disk" in str(refused.value)
        assert ledger.entries() == before


def test_a_busy_ledger_says_so(tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "ledger.sqlite")
    monkeypatch.setattr("perdiem_calc.ledger.address.BUSY_SECONDS", 0.01)
    with begun(place, law) as ledger, closing(sqlite3.connect(place)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="is busy with another writer; nothing was written; try again"):
            enter(ledger, entry("A-1"), law)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("a\0b", "holds a NUL byte"),
        ("mysql://ann:hunter2@host/db", "'mysql' is not a kind of ledger"),
        ("postgresql+psycopg2://ann:hunter2@host/db", r"'postgresql\+psycopg2' is not a kind of ledger"),
        ("sqlite://", "names a file after three slashes"),
        ("sqlite:///", "names a file after three slashes"),
        ("sqlite:///:memory:", "is not a file that lasts"),
        ("sqlite:///file:x.sqlite", "is not a file that lasts"),
        (":memory:", "is not a file that lasts"),
        ("sqlite:///x.sqlite?mode=memory", "takes no settings"),
        ("postgresql://ann:hunter2@host", "names no database"),
        ("postgresql://ann:hunter2@host:port/db", "cannot be read as a server's URL"),
        ("postgresql://ann:p@hunter2@host/db", "has an @ within the password"),
        ("postgresql://ann@host/db?password=hunter2", "takes no setting 'password'"),
        ("postgresql://ann:hunter2@host/db?options=-csearch_path%3Dx", "takes no setting 'options'"),
    ],
)
def test_a_hostile_address_is_refused_without_its_password(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        Address.of(text)
    assert "hunter2" not in str(refused.value)


def test_a_password_is_never_reported(law: Law, tmp_path: Path) -> None:
    url = f"postgresql://ann:hunter2@/db?host={tmp_path}"
    uses: list[Callable[[], Ledger]] = [
        lambda: Ledger.open(url, by="Ann"),
        lambda: Ledger.begin(url, law, by="Ann"),
    ]
    for use in uses:
        with pytest.raises(LedgerError, match="the server cannot be used") as refused:
            use()
        assert "hunter2" not in f"{refused.value!s}{refused.value!r}"
        assert refused.value.__suppress_context__
    address = Address.of("postgresql://ann:hunter2@host/db")
    with (
        pytest.raises(LedgerError, match="postgresql://ann@host/db: the server refuses") as refused,
        address.speaking(),
    ):
        raise sa.exc.OperationalError("", {}, Exception("odd: hunter2"))
    assert address.shown == "postgresql://ann@host/db"


def test_a_database_without_a_ledger_on_a_server_is_no_ledger(postgres: Server) -> None:
    with pytest.raises(LedgerError, match="holds no ledger; check the name"):
        Ledger.open(postgres.new_database(f"empty_{uuid4().hex}"), by="Ann")


@pytest.mark.parametrize(
    ("library", "said"),
    [("sqlalchemy", '[ledger]"'), ("psycopg", '[postgres]"')],
)
def test_a_missing_library_is_named(library: str, said: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; sys.argv = ['perdiem', 'ledger', 'verify', '--ledger', "
    program += "'postgresql://host/db']; from perdiem_calc.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.rstrip().endswith(said), "Traceback" in run.stderr) == (2, True, False)
    assert f"; run: {sys.executable} -m pip install " in run.stderr


def test_an_old_sqlite_is_reported(tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(str(tmp_path / "ledger.sqlite"), law).close()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(PerdiemError, match="is too old for the ledger"):
        Ledger.open(str(tmp_path / "ledger.sqlite"), by="Ann")


def test_copies_of_the_file_are_ledgers(tmp_path: Path, law: Law) -> None:
    begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")).close()
    shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
    with Ledger.open(str(tmp_path / "copy.sqlite"), by="Ann") as ledger:
        assert ledger.known(claim("A-2", **course_on("2026-11-05"))).paid_before == Decimal("700.00")
