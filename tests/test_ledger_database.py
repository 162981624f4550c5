"""What the database guards by itself; versions, backups, and files that are no ledger or a damaged one."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from perdiem_calc.errors import InputError, LedgerError, PerdiemError
from perdiem_calc.ledger import Entry, Ledger
from perdiem_calc.ledger.address import SCHEMA, Address
from perdiem_calc.ledger.backups import bring_forward
from perdiem_calc.ledger.migrations import BELOW_ZERO, NEVER_CHANGED, NEWEST, OVER_LIMIT
from perdiem_calc.ledger.reading import cents_of
from perdiem_calc.ledger.schema import metadata
from perdiem_calc.ledger.store import Stamp, Store
from perdiem_calc.parameters import Dated, Law, Rule
from tests.house_rules import ROOT
from tests.ledgers import AWARD, NOON, claim, corrects, course_on, entry, noon
from tests.postgres import Server

VERSION_1 = ROOT / "tests" / "golden" / "ledger-version-1.sql"
DAY = date(2026, 10, 20)
PAY = (
    "INSERT INTO payment (sro_id, claim_id, kind, amount_cents, counted_on, paid_on, reference, recorded_at, "
    "recorded_by) VALUES (1, {claim}, '{kind}', {cents}, '{on}', '', '', 'now', 'Eve')"
)


def begun(place: str, law: Law, *entries: Entry) -> Ledger:
    ledger = Ledger.begin(place, law, by="Ann", now=noon)
    for one in entries:
        ledger.record(one, law)
    return ledger


def run_sql(ledger: Ledger, statement: str) -> None:
    """A statement of somebody who does not use the program, in a transaction."""
    with ledger._store.writing() as connection:
        connection.exec_driver_sql(statement)


def paid(ledger: Ledger) -> Decimal:
    return ledger.balance(AWARD, "Jordan Reyes", DAY).paid


# --- what the database guards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", list(metadata.tables))
def test_no_entry_is_changed_or_removed(postgres: Server, tmp_path: Path, law: Law, table: str) -> None:
    for place in (str(tmp_path / "ledger.sqlite"), postgres.new_database(f"ledger_{uuid4().hex}")):
        fields = {"expenses": [{"date": "2026-10-05", "category": "taxi", "amount": "9.00", "receipt": "1-0099"}]}
        with begun(place, law, entry("A-1", "100.00", fields=fields)) as ledger:
            other = entry("A-2", "100.00", officer="Jordan Reyez", sro=1, fields=course_on("2026-11-05"))
            ledger.record(other, law)
            insert = "INSERT INTO {} ({}, recorded_at, recorded_by) VALUES ({}, 'now', 'Ann')"
            run_sql(ledger, insert.format("roster", "content_sha256, name", "'', 'r'"))
            names = "roster_id, award_number, award_key, officer, name_key, agency"
            run_sql(ledger, insert.format("roster_entry", names, "1, '', '', '', '', ''"))
            before = ledger.entries()
            attempts = ["UPDATE {} SET recorded_by = 'Eve'", "DELETE FROM {}"]
            if ledger._store.dialect == "postgresql":
                attempts.append("TRUNCATE {} CASCADE")
            else:
                attempts.append("INSERT OR REPLACE INTO {0} SELECT * FROM {0}")
            for attempt in attempts:
                with pytest.raises(LedgerError, match=NEVER_CHANGED):
                    run_sql(ledger, attempt.format(table))
            assert ledger.entries() == before


def test_an_entry_is_not_replaced_by_one_with_the_same_content(tmp_path: Path, law: Law) -> None:
    with begun(str(tmp_path / "ledger.sqlite"), law) as ledger:
        statement = (
            "INSERT OR REPLACE INTO cap_limit (effective_from, limit_cents, citation, recorded_at, recorded_by) "
            "VALUES ('2019-01-01', 1, '', 'now', 'Eve')"
        )
        with pytest.raises(LedgerError, match=NEVER_CHANGED):
            run_sql(ledger, statement)


def test_the_database_itself_keeps_the_limit(place: str, law: Law) -> None:
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        refused = [
            (PAY.format(claim=1, kind="payment", cents=30001, on="2026-10-09"), OVER_LIMIT),
            (PAY.format(claim="NULL", kind="opening", cents=30001, on="2026-10-09"), OVER_LIMIT),
            (PAY.format(claim=1, kind="payment", cents=1, on="2018-12-31"), OVER_LIMIT),
            (PAY.format(claim=1, kind="recovery", cents=-70001, on="2026-10-09"), BELOW_ZERO),
        ]
        for statement, why in refused:
            with pytest.raises(LedgerError, match=why):
                run_sql(ledger, statement)
        malformed = [
            PAY.format(claim=1, kind="payment", cents=0, on="2026-10-09"),
            PAY.format(claim=1, kind="payment", cents=-5, on="2026-10-09"),
            PAY.format(claim=1, kind="recovery", cents=5, on="2026-10-09"),
            PAY.format(claim="NULL", kind="payment", cents=5, on="2026-10-09"),
            PAY.format(claim=2, kind="payment", cents=5, on="2026-10-09"),
            PAY.format(claim=1, kind="gift", cents=5, on="2026-10-09"),
        ]
        for statement in malformed:
            with pytest.raises(LedgerError, match="the database refuses"):
                run_sql(ledger, statement)
        assert (paid(ledger), ledger.problems()) == (Decimal("700.00"), [])
        run_sql(ledger, PAY.format(claim=1, kind="payment", cents=30000, on="2026-10-09"))
        assert paid(ledger) == Decimal("1000.00")


def test_a_payment_in_a_transaction_that_reads_an_older_moment_is_refused(law: Law, postgres: Server) -> None:
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    with begun(url, law, entry("A-1", "700.00")) as ledger:
        engine = ledger._store.engine.execution_options(isolation_level="REPEATABLE READ")
        with (
            engine.connect() as connection,
            pytest.raises(sa.exc.DBAPIError, match="READ COMMITTED transactions only"),
        ):
            connection.exec_driver_sql(PAY.format(claim=1, kind="payment", cents=1, on="2026-10-09"))


def test_two_payments_at_once_by_hand_wait_for_each_other(law: Law, postgres: Server) -> None:
    """Without the program and its lock: the second waits at the officer's row, and then sees the first."""
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    statement = PAY.format(claim=1, kind="payment", cents=30000, on="2026-10-09")
    with begun(url, law, entry("A-1", "700.00")) as ledger:
        with ledger._store.engine.connect() as first, ledger._store.engine.connect() as second:
            first.exec_driver_sql(statement)
            second.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(sa.exc.DBAPIError, match="lock timeout"):
                second.exec_driver_sql(statement)
            second.rollback()
            first.commit()
            with pytest.raises(sa.exc.DBAPIError, match=OVER_LIMIT):
                second.exec_driver_sql(statement)
        assert paid(ledger) == Decimal("1000.00")


def test_who_may_only_add_can_record_and_nothing_else(law: Law, postgres: Server) -> None:
    name = f"ledger_{uuid4().hex}"
    url = postgres.new_database(name)
    begun(url, law).close()
    role = f"clerk_{uuid4().hex}"
    for statement in (
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}",
    ):
        postgres.sql(statement, name)
    with Ledger.open(postgres.url(name, user=role), by="clerk") as ledger:
        assert ledger.record(entry("A-1", "700.00"), law).paid == Decimal("700.00")
        with pytest.raises(LedgerError, match="may not be written"):
            run_sql(ledger, "UPDATE payment SET amount_cents = 1")
        with pytest.raises(LedgerError, match=OVER_LIMIT):
            run_sql(ledger, PAY.format(claim=1, kind="payment", cents=30001, on="2026-10-09"))


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["original", "corrected", "supplemental", "by hand", "return"]),
        st.integers(1, 150_000).map(lambda cents: Decimal(cents) / 100),
        st.integers(0, 1),
    ),
    max_size=12,
)


def act(ledger: Ledger, law: Law, number: int, kind: str, amount: Decimal, officer: str) -> None:
    """One thing that somebody does to a ledger; that it is refused is as good."""
    claims = [row for row in ledger.entries() if row["entry"] == "claim"]
    fields: dict[str, Any] = course_on(f"2026-10-{number + 1:02}")
    if kind == "by hand":
        statement = PAY.format(claim=1, kind="payment", cents=int(amount * 100), on="2026-10-09")
        run_sql(ledger, statement)
        return
    if kind in ("corrected", "supplemental") and claims:
        fields |= {"kind": kind, "replaces": claims[-1]["claim_id"]}
    one = entry(f"A-{number}", str(amount), officer, fields=fields)
    ledger.record(replace(one, verdict="return", reason="so") if kind == "return" else one, law)


@given(actions=ACTIONS)
def test_whatever_is_done_in_whatever_order_nobody_is_paid_above_the_limit(
    tmp_path_factory: pytest.TempPathFactory, law: Law, actions: list[tuple[str, Decimal, int]]
) -> None:
    place = tmp_path_factory.mktemp("cap") / "ledger.sqlite"
    check_cap(str(place), law, actions)


@settings(max_examples=10)
@given(actions=ACTIONS)
def test_nor_on_a_server(postgres: Server, law: Law, actions: list[tuple[str, Decimal, int]]) -> None:
    check_cap(postgres.new_database(f"ledger_{uuid4().hex}"), law, actions)


def check_cap(place: str, law: Law, actions: list[tuple[str, Decimal, int]]) -> None:
    officers = ("Jordan Reyes", "Dana Cole")
    with begun(place, law) as ledger:
        for number, (kind, amount, which) in enumerate(actions):
            try:
                act(ledger, law, number, kind, amount, officers[which])
            except LedgerError:
                continue
            finally:
                for officer in officers:
                    balance = ledger.balance(AWARD, officer, DAY)
                    assert 0 <= balance.paid <= Decimal("1000.00")
                    assert balance.paid + balance.remaining == Decimal("1000.00")
        by_hand = any(kind == "by hand" for kind, _, _ in actions)
        assert by_hand or ledger.problems() == []


def test_the_ledger_keeps_its_limit_against_another_programs(place: str, law: Law) -> None:
    rule = law.rules["chp-cap"]
    (first,) = rule.values["limit"].entries
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        more = _with_limits(law, rule, replace(first, value=Decimal("2000.00")))
        with pytest.raises(LedgerError, match=r"from 2019-01-01 is \$1,000.00 in the ledger and \$2,000.00 in this"):
            ledger.record(entry("B-1", "1.00", "Dana Cole"), more)
        until, later = date(2026, 10, 31), date(2026, 11, 1)
        raised = _with_limits(
            law,
            rule,
            replace(first, effective_to=until),
            replace(first, effective_from=later, value=Decimal("1200.00")),
        )
        before = ledger.record(entry("A-2", "700.00", fields=course_on("2026-10-31")), raised)
        after = ledger.record(entry("A-3", "700.00", fields=course_on("2026-11-01")), raised)
        assert [str(one.paid) for one in (before, after)] == ["300.00", "200.00"]
        assert str(ledger.record(entry("B-1", "1.00", "Dana Cole"), law).paid) == "1.00"
        assert ledger.problems() == []


def _with_limits(law: Law, rule: Rule, *entries: Any) -> Law:
    values = {**rule.values, "limit": Dated("chp-cap.limit", entries)}
    return Law({**law.rules, "chp-cap": replace(rule, values=values)})


# --- versions -------------------------------------------------------------------------------------------------------


def version_1(place: str) -> None:
    """A ledger of version 1 with a payment of $700, as that version wrote it."""
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(VERSION_1.read_text(encoding="utf-8"))


def test_a_ledger_of_version_1_is_brought_forward_after_a_backup(tmp_path: Path, law: Law) -> None:
    place = tmp_path / "ledger.sqlite"
    version_1(str(place))
    original = place.read_bytes()
    with Ledger.open(str(place), by="Ann", now=noon) as ledger:
        assert ledger.backup_made == tmp_path / "ledger.version-1.20261123T120000Z.sqlite"
        assert (ledger._store.version, paid(ledger), ledger.problems()) == (NEWEST, Decimal("700.00"), [])
        assert ledger.record(entry("A-2", "700.00", fields=course_on("2026-11-05")), law).paid == Decimal("300.00")
        known = [row["content_sha256"] for row in ledger.entries() if row["entry"] == "claim"]
        assert len(set(known)) == 2
    with closing(sqlite3.connect(tmp_path / "ledger.version-1.20261123T120000Z.sqlite")) as backup:
        restored = "\n".join(backup.iterdump())
    (tmp_path / "original.sqlite").write_bytes(original)
    with closing(sqlite3.connect(tmp_path / "original.sqlite")) as connection:
        assert "\n".join(connection.iterdump()) == restored
    with Ledger.open(str(place), by="Ann") as ledger:
        assert ledger.backup_made is None


def test_a_server_of_version_1_is_brought_forward_after_a_backup(tmp_path: Path, law: Law, postgres: Server) -> None:
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    version_1(str(tmp_path / "old.sqlite"))
    Ledger.restore(tmp_path / "old.sqlite", url)
    with Ledger.open(url, by="Ann", backups_in=tmp_path, now=noon) as ledger:
        assert ledger.backup_made == tmp_path / "ledger.version-1.20261123T120000Z.sqlite"
        assert (ledger._store.version, paid(ledger), ledger.problems()) == (NEWEST, Decimal("700.00"), [])
        assert ledger.record(entry("A-2", "700.00", fields=course_on("2026-11-05")), law).paid == Decimal("300.00")
    with Store.open(Address.of(str(ledger.backup_made))).reading() as connection:
        assert connection.exec_driver_sql("SELECT max(version) FROM ledger_version").scalar() == 1


def test_a_backup_that_cannot_be_made_leaves_the_old_version(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    version_1(str(place))
    (tmp_path / "ledger.version-1.20261123T120000Z.sqlite").write_text("something of the reviewer's")
    before = place.read_bytes()
    with pytest.raises(LedgerError, match="there is something already"):
        Ledger.open(str(place), by="Ann", now=noon)
    assert place.read_bytes() == before


def test_a_new_ledger_has_the_tables_of_one_brought_forward(tmp_path: Path, law: Law) -> None:
    version_1(str(tmp_path / "old.sqlite"))
    Ledger.open(str(tmp_path / "old.sqlite"), by="Ann").close()
    begun(str(tmp_path / "new.sqlite"), law).close()
    made = []
    for name in ("old.sqlite", "new.sqlite"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            query = "SELECT type, name, sql FROM sqlite_schema WHERE sql <> '' ORDER BY name"
            made.append([(kind, name, " ".join(sql.split())) for kind, name, sql in connection.execute(query)])
    assert made[0] == made[1]


def test_the_queries_name_the_columns_that_the_database_has(place: str, law: Law) -> None:
    with begun(place, law) as ledger, ledger._store.reading() as connection:
        held = sa.MetaData()
        held.reflect(connection)
        found = {table.name: {column.name for column in table.c} for table in held.tables.values()}
        found.pop("sqlite_sequence", None)
        assert found == {table.name: {column.name for column in table.c} for table in metadata.tables.values()}


def test_a_newer_ledger_is_neither_read_nor_written(place: str, law: Law) -> None:
    with begun(place, law) as ledger:
        run_sql(
            ledger,
            "INSERT INTO ledger_version (version, program, recorded_at, recorded_by) "
            "VALUES (99, '9.0', 'now', 'Ann')",
        )
    with pytest.raises(
        LedgerError, match=f"is of version 99, this program knows versions up to {NEWEST}; update the"
    ):
        Ledger.open(place, by="Ann")


# --- backup and restore ---------------------------------------------------------------------------------------------


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
            assert restored.record(third, law).paid == Decimal("400.00")
        with pytest.raises(LedgerError, match="already"):
            Ledger.restore(backup, target)


def test_a_backup_is_whole_while_others_record(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "ledger.sqlite")
    with begun(place, law, entry("A-1", "700.00")) as ledger, ledger._store.writing() as connection:
        connection.exec_driver_sql(PAY.format(claim=1, kind="payment", cents=100, on="2026-10-09"))
        ledger.backup(tmp_path / "backup.sqlite")
        connection.rollback()
    with Ledger.open(str(tmp_path / "backup.sqlite"), by="Ann") as backup:
        assert (paid(backup), backup.problems()) == (Decimal("700.00"), [])


def test_two_who_begin_a_ledger_at_once_share_one(place: str, law: Law) -> None:
    begun(place, law).close()
    with pytest.raises(LedgerError, match="there is something already"):
        Ledger.begin(place, law, by="Bob")


def test_a_ledger_that_could_not_be_begun_leaves_nothing(tmp_path: Path, law: Law) -> None:
    with pytest.raises(LedgerError, match="No such file or directory; check the name and the folder"):
        Ledger.begin(str(tmp_path / "missing" / "ledger.sqlite"), law, by="Ann")
    with pytest.raises(InputError, match="--by: nobody is named"):
        Ledger.begin(str(tmp_path / "ledger.sqlite"), law, by=" ")
    with pytest.raises(ValueError, match="has a zone"):
        Stamp("Ann", NOON.replace(tzinfo=None))
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_links_gets_its_ledger_too(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        assert paid(ledger) == Decimal("700.00")
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


# --- what is no ledger, or a damaged one ----------------------------------------------------------------------------


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
        if not damage_said(damaged):
            unnoticed.append(start)
    assert unnoticed == []


def damage_said(place: Path) -> str:
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
        assert damage_said(damaged) != ""


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("DROP TRIGGER payment_within_limit", "trigger payment_within_limit: is missing, or switched off"),
        ("DROP TRIGGER payment_no_update", "trigger payment_no_update: is missing, or switched off"),
        ("DROP INDEX payment_by_sro", "index payment_by_sro: is missing, or switched off"),
    ],
)
def test_a_ledger_without_its_guards_is_not_written(tmp_path: Path, law: Law, tampering: str, found: str) -> None:
    with begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")) as ledger:
        run_sql(ledger, tampering)
        with pytest.raises(LedgerError, match=f"{found}: the ledger does not guard itself"):
            ledger.record(entry("A-2", "1.00", fields=course_on("2026-11-05")), law)
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


def test_verify_finds_what_was_changed_behind_the_guards(tmp_path: Path, law: Law) -> None:
    place = str(tmp_path / "ledger.sqlite")
    begun(place, law, entry("A-1", "700.00"), entry("B-1", "100.00", "Dana Cole")).close()
    with closing(sqlite3.connect(place)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE payment SET amount_cents = 170000 WHERE id = 1")
        connection.execute("UPDATE payment SET amount_cents = -100, kind = 'recovery', counted_on = 'x' WHERE id = 2")
        connection.execute("INSERT INTO payment SELECT 3, 2, 2, 'recovery', -5, '2026-10-09', '', '', '', 'Eve' ")
        connection.execute("UPDATE claim SET content = '{}' WHERE id = 2")
        connection.execute("DELETE FROM decision WHERE claim_id = 1")
        connection.execute("UPDATE sro SET award_id = 77 WHERE id = 2")
        connection.execute("UPDATE ledger_version SET version = 3 WHERE version = 1")
        connection.execute("UPDATE ledger_version SET version = 1 WHERE version = 2")
        connection.execute("UPDATE ledger_version SET version = 2 WHERE version = 3")
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()
    with Ledger.open(place, by="Ann") as ledger:
        assert sorted(str(one) for one in ledger.problems()) == [
            "SRO 1: $1,700.00 is paid, above $1,000.00",
            "SRO 2: more was recovered than paid",
            "claim A-1: has no decision",
            "claim B-1: -$1.05 is paid where $100.00 was decided",
            "claim B-1: its content is not what was recorded",
            "ledger_version: the versions [2, 1] do not follow each other",
            "payment 2: no limit was in force on x",
            "sro 2: refers to an entry that is not there",
        ]


def test_a_file_that_may_only_be_read_is_read_and_not_written(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "ledger.sqlite")
    begun(place, law, entry("A-1", "700.00")).close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Ledger.open(place, by="Ann") as ledger:
        assert paid(ledger) == Decimal("700.00")
        with pytest.raises(LedgerError, match="may not be written"):
            ledger.record(entry("A-2", "1.00", fields=course_on("2026-11-05")), law)


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
            ledger.record(large, law)
        assert ledger.entries() == before


def test_a_busy_ledger_says_so(tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "ledger.sqlite")
    monkeypatch.setattr("perdiem_calc.ledger.address.BUSY_SECONDS", 0.01)
    with begun(place, law) as ledger, closing(sqlite3.connect(place)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="is busy with another writer; nothing was written; try again"):
            ledger.record(entry("A-1"), law)


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("a\0b", "holds a NUL byte"),
        ("mysql://ann:hunter2@host/db", "'mysql' is no kind of ledger"),
        ("postgresql+psycopg2://ann:hunter2@host/db", r"'postgresql\+psycopg2' is no kind of ledger"),
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


def test_a_password_is_never_said(law: Law, tmp_path: Path) -> None:
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
    [("sqlalchemy", "pip install 'perdiem-calc[ledger]'"), ("psycopg", "pip install 'perdiem-calc[postgres]'")],
)
def test_a_missing_library_is_named(library: str, said: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; sys.argv = ['perdiem', 'ledger', 'verify', '--ledger', "
    program += "'postgresql://host/db']; from perdiem_calc.cli import main; main()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, said in run.stderr, "Traceback" in run.stderr) == (2, True, False)


def test_an_old_sqlite_is_said(tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(str(tmp_path / "ledger.sqlite"), law).close()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(PerdiemError, match="is too old for the ledger"):
        Ledger.open(str(tmp_path / "ledger.sqlite"), by="Ann")


def test_copies_of_the_file_are_ledgers(tmp_path: Path, law: Law) -> None:
    begun(str(tmp_path / "ledger.sqlite"), law, entry("A-1", "700.00")).close()
    shutil.copy(tmp_path / "ledger.sqlite", tmp_path / "copy.sqlite")
    with Ledger.open(str(tmp_path / "copy.sqlite"), by="Ann") as ledger:
        assert ledger.known(claim("A-2", **course_on("2026-11-05"))).paid_before == Decimal("700.00")


def test_a_ledger_that_another_has_brought_forward_meanwhile_is_left_as_it_is(tmp_path: Path, law: Law) -> None:
    with begun(str(tmp_path / "ledger.sqlite"), law) as ledger:
        assert bring_forward(ledger._store, tmp_path, Stamp("Bob", NOON)) is None
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


@pytest.mark.parametrize("links", [True, False])
def test_a_ledger_begun_by_another_meanwhile_is_not_replaced(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    place, other = tmp_path / "ledger.sqlite", b"the other's"

    def meanwhile(scratch: Path, file: Path) -> None:
        Path(file).write_bytes(other)
        raise FileExistsError if links else PermissionError

    monkeypatch.setattr(os, "link", meanwhile)
    with pytest.raises(LedgerError, match="there is something already"):
        begun(str(place), law)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("ledger.sqlite", other)]


def test_amounts_are_whole_cents_and_names_have_letters(tmp_path: Path, law: Law) -> None:
    with pytest.raises(ValueError, match="is no whole number of cents"):
        cents_of(Decimal("0.005"))
    with begun(str(tmp_path / "ledger.sqlite"), law) as ledger:
        with pytest.raises(InputError, match="the award number has no letter or digit"):
            ledger.balance("--", "Jordan Reyes", DAY)
        with pytest.raises(InputError, match="the officer's name has no letter or digit"):
            ledger.balance(AWARD, ".", DAY)
        rule = law.rules["chp-cap"]
        odd = _with_limits(law, rule, replace(rule.values["limit"].entries[0], value="much"))
        with pytest.raises(TypeError, match="chp-cap.limit is not a decimal number"):
            ledger.record(entry("A-1"), odd)
