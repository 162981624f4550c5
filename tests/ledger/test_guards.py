"""What the database guards by itself, whoever writes to it and in whatever order. On SQLite and on PostgreSQL."""

from __future__ import annotations

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

from perdiem_calc.dated import Dated, Law, Rule
from perdiem_calc.errors import InputError, LedgerError
from perdiem_calc.ledger import Ledger
from perdiem_calc.ledger.address import SCHEMA
from perdiem_calc.ledger.reading import cents_of
from perdiem_calc.ledger.schema import BELOW_ZERO, NEVER_CHANGED, OVER_LIMIT, metadata
from perdiem_calc.ledger.store import dialect_of
from tests.support.house_rules import COSTLY
from tests.support.ledgers import (
    AWARD,
    DAY,
    PAY,
    begun,
    course_on,
    enter,
    entry,
    paid_so_far,
    run_sql,
)
from tests.support.postgres import Server


@pytest.mark.parametrize("table", list(metadata.tables))
def test_no_entry_is_changed_or_removed(postgres: Server, tmp_path: Path, law: Law, table: str) -> None:
    for place in (str(tmp_path / "ledger.sqlite"), postgres.new_database(f"ledger_{uuid4().hex}")):
        fields = {"expenses": [{"date": "2026-10-05", "category": "taxi", "amount": "9.00", "receipt": "1-0099"}]}
        with begun(place, law, entry("A-1", "100.00", fields=fields)) as ledger:
            other = entry("A-2", "100.00", officer="Jordan Reyez", sro=1, fields=course_on("2026-11-05"))
            enter(ledger, other, law)
            enter(ledger, entry("A-3", "100.00", officer="Jordan Reyer", sro="new"), law)
            insert = "INSERT INTO {} ({}, recorded_at, recorded_by) VALUES ({}, 'now', 'Ann')"
            run_sql(ledger, insert.format("roster", "content_sha256, name", "'', 'r'"))
            names = "roster_id, award_number, award_key, officer, name_key, agency"
            run_sql(ledger, insert.format("roster_entry", names, "1, '', '', '', '', ''"))
            run_sql(ledger, insert.format("attendance", "content_sha256, name", "'', 'a'"))
            names = "attendance_id, class_id, class_key, officer, name_key, agency, agency_key, completed_on, hours"
            run_sql(ledger, insert.format("attendee", names, "1, 'C', 'c', '', 'o', '', '', '', 40"))
            before = ledger.entries()
            attempts = ["UPDATE {} SET recorded_by = 'Eve'", "DELETE FROM {}"]
            if dialect_of(ledger._store.engine) == "postgresql":
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
            (PAY.format(claim=1, kind="approved", cents=30001, on="2026-10-09"), OVER_LIMIT),
            (PAY.format(claim="NULL", kind="opening", cents=30001, on="2026-10-09"), OVER_LIMIT),
            (PAY.format(claim=1, kind="approved", cents=1, on="2018-12-31"), OVER_LIMIT),
            (PAY.format(claim=1, kind="lowered", cents=70001, on="2026-10-09"), BELOW_ZERO),
        ]
        for statement, why in refused:
            with pytest.raises(LedgerError, match=why):
                run_sql(ledger, statement)
        malformed = [
            PAY.format(claim=1, kind="approved", cents=0, on="2026-10-09"),
            PAY.format(claim=1, kind="approved", cents=-5, on="2026-10-09"),
            PAY.format(claim=1, kind="void", cents=5, on="2026-10-09"),
            PAY.format(claim="NULL", kind="approved", cents=5, on="2026-10-09"),
            PAY.format(claim=2, kind="approved", cents=5, on="2026-10-09"),
            PAY.format(claim=1, kind="gift", cents=5, on="2026-10-09"),
        ]
        for statement in malformed:
            with pytest.raises(LedgerError, match="the database refuses"):
                run_sql(ledger, statement)
        assert (paid_so_far(ledger), ledger.problems()) == (Decimal("700.00"), [])
        run_sql(ledger, PAY.format(claim=1, kind="approved", cents=30000, on="2026-10-09"))
        assert paid_so_far(ledger) == Decimal("1000.00")


def test_a_payment_in_a_transaction_that_reads_an_older_moment_is_refused(law: Law, postgres: Server) -> None:
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    with begun(url, law, entry("A-1", "700.00")) as ledger:
        engine = ledger._store.engine.execution_options(isolation_level="REPEATABLE READ")
        with (
            engine.connect() as connection,
            pytest.raises(sa.exc.DBAPIError, match="READ COMMITTED transactions only"),
        ):
            connection.exec_driver_sql(PAY.format(claim=1, kind="approved", cents=1, on="2026-10-09"))


def test_two_payments_at_once_by_hand_wait_for_each_other(law: Law, postgres: Server) -> None:
    """Without the program and its lock: the second waits at the officer's row, and then sees the first."""
    url = postgres.new_database(f"ledger_{uuid4().hex}")
    statement = PAY.format(claim=1, kind="approved", cents=30000, on="2026-10-09")
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
        assert paid_so_far(ledger) == Decimal("1000.00")


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
        assert enter(ledger, entry("A-1", "700.00"), law).paid == Decimal("700.00")
        with pytest.raises(LedgerError, match="may not be written"):
            run_sql(ledger, "UPDATE payment SET amount_cents = 1")
        with pytest.raises(LedgerError, match=OVER_LIMIT):
            run_sql(ledger, PAY.format(claim=1, kind="approved", cents=30001, on="2026-10-09"))


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
        statement = PAY.format(claim=1, kind="approved", cents=int(amount * 100), on="2026-10-09")
        run_sql(ledger, statement)
        return
    if kind in ("corrected", "supplemental") and claims:
        fields |= {"kind": kind, "replaces": claims[-1]["claim_id"]}
    one = entry(f"A-{number}", str(amount), officer, fields=fields)
    enter(ledger, replace(one, verdict="return", reason="so") if kind == "return" else one, law)


@COSTLY
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
                    assert 0 <= balance.used <= Decimal("1000.00")
                    assert balance.used + balance.remaining == Decimal("1000.00")
        by_hand = any(kind == "by hand" for kind, _, _ in actions)
        assert by_hand or ledger.problems() == []


def test_the_ledger_keeps_its_limit_against_another_programs(place: str, law: Law) -> None:
    rule = law.rules["chp-cap"]
    (first,) = rule.values["limit"].entries
    with begun(place, law, entry("A-1", "700.00")) as ledger:
        more = _with_limits(law, rule, replace(first, value=Decimal("2000.00")))
        with pytest.raises(LedgerError, match=r"from 2019-01-01 is \$1,000.00 in the ledger and \$2,000.00 in this"):
            enter(ledger, entry("B-1", "1.00", "Dana Cole"), more)
        until, later = date(2026, 10, 31), date(2026, 11, 1)
        raised = _with_limits(
            law,
            rule,
            replace(first, effective_to=until),
            replace(first, effective_from=later, value=Decimal("1200.00")),
        )
        before = enter(ledger, entry("A-2", "700.00", fields=course_on("2026-10-31")), raised)
        after = enter(ledger, entry("A-3", "700.00", fields=course_on("2026-11-01")), raised)
        assert [str(one.paid) for one in (before, after)] == ["300.00", "200.00"]
        assert str(enter(ledger, entry("B-1", "1.00", "Dana Cole"), law).paid) == "1.00"
        assert ledger.problems() == []


def _with_limits(law: Law, rule: Rule, *entries: Any) -> Law:
    values = {**rule.values, "limit": Dated("chp-cap.limit", entries)}
    return Law({**law.rules, "chp-cap": replace(rule, values=values)})


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
        with pytest.raises(TypeError, match=r"chp-cap\.limit is not a decimal number"):
            enter(ledger, entry("A-1"), odd)
