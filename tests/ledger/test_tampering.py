"""Every change made behind the program is named by verify: triggers dropped and put back, the chain computed again.

The ledger has four claims (one paid, one adjusted with a reason), a void payment, a roster with an opening balance
and an attendance list.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.attendance import AttendanceList
from perdiem_calc.history.records import Attendee
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import Ledger, PaymentOrder
from tests.support.command import Perdiem
from tests.support.ledgers import AWARD, begun, course_on, enter, entry, tamper

ON = date(2026, 11, 20)
TICKET = {"date": "2026-10-04", "category": "airfare", "amount": "312.40", "ticket": "016 2345678901"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Path:
    place = tmp_path_factory.mktemp("whole") / "ledger.sqlite"
    with begun(str(place), law) as ledger:
        first = {"expenses": [TICKET]}
        enter(ledger, entry("A-1", "700.00", paid_on=ON, reference="CK-1", fields=first), law)
        listed = RosterEntry(AWARD, "Dana Cole", "Police", Decimal("400.00"), 2)
        ledger.import_roster(Roster("roster.csv", "x", (listed,)), law)
        attended = Attendee("NB-ORL-26", "Jordan Reyes", "Jacksonville Police", date(2026, 10, 9), 40)
        ledger.import_attendance(AttendanceList("class.csv", "x", (attended,)))
        adjusted: dict[str, Any] = {"verdict": "adjust", "amount": Decimal("250.00"), "reason": "one drive only"}
        enter(ledger, entry("B-1", "300.00", "Dana Cole", **adjusted), law)
        again = course_on("2026-11-05")
        enter(ledger, entry("A-2", "100.00", "Jordan Reyez", sro=1, fields=again), law)
        enter(ledger, entry("C-1", "50.00", "Jordan Reyes Jr.", sro="new"), law)
        ledger.pay([PaymentOrder("A-1", "void", "CK-1", ON, reason="returned")])
        assert ledger.problems(law) == []
    return place


@pytest.fixture
def place(whole: Path, tmp_path: Path) -> str:
    shutil.copy(whole, tmp_path / "ledger.sqlite")
    return str(tmp_path / "ledger.sqlite")


def named(place: str, law: Law) -> list[str]:
    with Ledger.open(place, by="Ann") as ledger:
        return [str(one) for one in ledger.problems(law)]


CHANGED = "is not what was recorded"
TAMPERINGS = {
    # What a dishonest hand would change first.
    "amount lowered": ("UPDATE payment SET amount_cents = 1000 WHERE id = 1", f"payment 1: {CHANGED}"),
    "first claim gone": ("DELETE FROM claim WHERE id = 1", "claim 1: is gone"),
    "officer renamed": ("UPDATE sro SET officer = 'Eve Doe' WHERE id = 2", f"sro 2: {CHANGED}"),
    "limit raised": ("UPDATE cap_limit SET limit_cents = 200000", f"cap_limit 1: {CHANGED}"),
    "reason": ("UPDATE decision SET reason = 'so' WHERE verdict = 'adjust'", f"decision 2: {CHANGED}"),
    "opening balance": ("UPDATE payment SET amount_cents = 100 WHERE kind = 'opening'", f"payment 3: {CHANGED}"),
    "payment number": ("UPDATE payment SET reference = 'CK-2' WHERE kind = 'paid'", f"payment 2: {CHANGED}"),
    # And of every table.
    "who recorded": ("UPDATE decision SET recorded_by = 'Eve' WHERE id = 1", f"decision 1: {CHANGED}"),
    "when recorded": ("UPDATE payment SET recorded_at = '2020' WHERE id = 2", f"payment 2: {CHANGED}"),
    "payment gone": ("DELETE FROM payment WHERE kind = 'void'", "payment 7: is gone"),
    "payment added": (
        "INSERT INTO payment SELECT 99, sro_id, claim_id, kind, 100, counted_on, paid_on, reference, method, reason, "
        "voids_id, recorded_at, recorded_by FROM payment WHERE id = 2",
        "payment 99: was not recorded by this program",
    ),
    "award number": ("UPDATE award SET number = 'X-1'", f"award 1: {CHANGED}"),
    "award gone": ("DELETE FROM award", "award 1: is gone"),
    "claim's content": ("UPDATE claim SET content = '{}' WHERE id = 2", f"claim 2: {CHANGED}"),
    "claimed amount": ("UPDATE claim SET claimed_cents = 1 WHERE id = 2", f"claim 2: {CHANGED}"),
    "claim of another": ("UPDATE claim SET sro_id = 1 WHERE id = 2", f"claim 2: {CHANGED}"),
    "fingerprint gone": ("DELETE FROM fingerprint", "fingerprint 1: is gone"),
    "fingerprint": ("UPDATE fingerprint SET value = value || 'x'", f"fingerprint 1: {CHANGED}"),
    "alias": ("UPDATE sro_alias SET sro_id = 2", f"sro_alias 1: {CHANGED}"),
    "agency": ("UPDATE sro_agency SET employee_key = 'x' WHERE id = 1", f"sro_agency 1: {CHANGED}"),
    "two people": ("DELETE FROM sro_apart", "sro_apart 1: is gone"),
    "roster": ("UPDATE roster SET name = 'y'", f"roster 1: {CHANGED}"),
    "roster entry": ("UPDATE roster_entry SET officer = 'Eve Doe'", f"roster_entry 1: {CHANGED}"),
    "attendance": ("UPDATE attendance SET name = 'y'", f"attendance 1: {CHANGED}"),
    "hours attended": ("UPDATE attendee SET hours = 80", f"attendee 1: {CHANGED}"),
    "version": ("UPDATE ledger_version SET program = '0'", f"ledger_version 1: {CHANGED}"),
    "link": ("UPDATE chain SET sha256 = 'x' WHERE id = 5", CHANGED),
    "link gone": ("DELETE FROM chain WHERE id = 5", "chain 6: does not follow entry 4"),
    "link of another": ("UPDATE chain SET recorded_by = 'Eve' WHERE id = 5", "chain 5: names another time or person"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_what_was_changed_behind_the_program(perdiem: Perdiem, place: str, law: Law, name: str) -> None:
    statement, found = TAMPERINGS[name]
    tamper(place, statement)
    assert any(found in one for one in named(place, law)), named(place, law)
    run = perdiem("ledger", "verify", "--ledger", place)
    assert (run.code, found in run.out, "Traceback" in run.err) == (1, True, False)
    with Ledger.open(place, by="Ann") as ledger:
        with pytest.raises(LedgerError, match=r"the ledger does not verify: .*; nothing was written"):
            enter(ledger, entry("D-1", "1.00", "Lee Park"), law)
        with pytest.raises(LedgerError, match="the ledger does not verify"):
            ledger.pay([PaymentOrder("B-1", "paid", "CK-9", ON)])


CHAINED = {
    "amount lowered": ("UPDATE payment SET amount_cents = 1000 WHERE id = 1", "claim A-1: $10.00 is"),
    "officer renamed": ("UPDATE sro SET officer = 'Eve Doe' WHERE id = 2", "sro 2: its key is not that of its name"),
    "surname": ("UPDATE sro SET surname = 'doe' WHERE id = 2", "sro 2: its key is not that of its name"),
    "limit raised": (
        "UPDATE cap_limit SET limit_cents = 200000",
        "cap_limit 1: $2,000.00 is the limit from 2019-01-01, and the rules give 1000.00",
    ),
    "award number": ("UPDATE award SET number = 'X-1'", "award 1: its key is not that of its number"),
    "content": ("UPDATE claim SET content = '{}' WHERE id = 2", "claim B-1: its content is not what was recorded"),
    "agency": ("UPDATE claim SET agency = 'Eve' WHERE id = 2", "claim B-1: its agency is not what it states"),
    "claim of another": ("UPDATE claim SET sro_id = 3 WHERE id = 2", "claim B-1: its officer is not SRO 3"),
    "fingerprint gone": ("DELETE FROM fingerprint", "claim A-1: its fingerprints are not what it states"),
    "employee id": (
        "UPDATE sro_agency SET employee_key = 'x' || id",
        "claim A-1: its agency or employee id is not",
    ),
    "decision gone": ("DELETE FROM decision WHERE claim_id = 1", "claim A-1: has no decision"),
    "decided amount": (
        "UPDATE decision SET amount_cents = 1 WHERE claim_id = 1",
        "claim A-1: $700.00 is approved",
    ),
    "above the limit": (
        "UPDATE payment SET amount_cents = 170000 WHERE id = 1",
        "SRO 1: $1,700.00 is approved,",
    ),
    "void in part": (
        "UPDATE payment SET amount_cents = 5 WHERE kind = 'void'",
        "payment 2: is not voided as a",
    ),
    "void of another": (
        "UPDATE payment SET claim_id = 3 WHERE kind = 'void'",
        "payment 7: voids a payment of another claim",
    ),
    "more back than out": (
        "UPDATE payment SET kind = 'recovered' WHERE id = 1",
        "SRO 1: more is taken back than",
    ),
    "day": ("UPDATE payment SET counted_on = '2026-01-01' WHERE id = 2", "payment 2: counts on another day than the"),
    "no limit": ("UPDATE payment SET counted_on = 'x' WHERE id = 2", "payment 2: no limit was in force on x"),
    "order of time": (
        "UPDATE payment SET recorded_at = '2020' WHERE id = 2",
        "payment 2: is recorded before the",
    ),
    "roster": ("UPDATE roster_entry SET officer = 'Eve Doe'", "roster_entry 1: its key is not that of its name"),
    "attendee": ("UPDATE attendee SET officer = 'Eve Doe'", "attendee 1: its keys are not those of its class"),
    "completion": ("UPDATE attendee SET completed_on = 'x'", "attendee 1: its completion date is no date"),
}


@pytest.mark.parametrize("name", CHAINED)
def test_with_the_chain_computed_again_what_is_kept_twice_shows_it(place: str, law: Law, name: str) -> None:
    with Ledger.open(place, by="Ann") as ledger:
        noted = ledger.head()
    statement, found = CHAINED[name]
    tamper(place, statement, chained=True)
    assert any(found in one for one in named(place, law)), named(place, law)
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.place_of(noted.sha256) is None


def test_a_truncated_ledger_and_a_changed_reason_are_seen_by_the_head_alone(place: str, law: Law) -> None:
    """What verify cannot see by itself: entries cut off at the end, and a text changed with the chain."""
    with Ledger.open(place, by="Ann") as ledger:
        noted = ledger.head()
        assert ledger.place_of(noted.sha256) == noted.entries
    tamper(place, "DELETE FROM payment WHERE kind = 'void'", "UPDATE decision SET reason = 'so'", chained=True)
    assert named(place, law) == []
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.place_of(noted.sha256) is None


def test_a_backup_that_does_not_verify_is_not_restored(perdiem: Perdiem, place: str, tmp_path: Path) -> None:
    tamper(place, "UPDATE payment SET amount_cents = 1000 WHERE id = 1")
    target = tmp_path / "restored.sqlite"
    run = perdiem("ledger", "restore", place, "--ledger", target)
    assert (run.code, target.exists()) == (2, False)
    assert run.err.startswith(f"perdiem: {place}: the backup does not verify: payment 1: {CHANGED}")
    assert run.err.endswith("; nothing was restored; take an earlier backup\n")


def test_what_was_changed_since_this_program_verified_it_is_seen_before_the_next_entry(place: str, law: Law) -> None:
    with Ledger.open(place, by="Ann") as ledger:
        enter(ledger, entry("D-1", "1.00", "Lee Park"), law)
        tamper(place, "INSERT INTO roster VALUES (9, '', 'r', 'now', 'Eve')")
        with pytest.raises(LedgerError, match="roster 9: was not recorded by this program"):
            enter(ledger, entry("E-1", "1.00", "Kim Ray"), law)
        tamper(place, "DELETE FROM roster WHERE id = 9", "UPDATE decision SET reason = 'x'", chained=True)
        with pytest.raises(LedgerError, match="is not what it was when this began"):
            enter(ledger, entry("E-1", "1.00", "Kim Ray"), law)


def test_a_ledger_without_a_chain_is_refused(place: str) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("DROP TABLE chain")
    with pytest.raises(LedgerError, match="the ledger has no chain of entries: no release of this program"):
        Ledger.open(place, by="Ann")


def test_an_entry_is_never_dated_before_the_one_before_it(place: str, law: Law) -> None:
    """This computer's clock is a year behind: the entry gets the time of the last one, and the ledger is whole."""
    with Ledger.open(place, by="Ann", now=lambda: datetime(2025, 1, 1, tzinfo=UTC)) as ledger:
        enter(ledger, entry("D-1", "1.00", "Lee Park"), law)
        assert ledger.problems(law) == []
        assert ledger.claims(4)[0].recorded_at == "2026-11-23T12:00:00.000000Z"
