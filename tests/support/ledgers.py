"""Claims for the tests of the ledger: small ones, itemized with plain amounts by hand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zlib import crc32

from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import name_key
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import (
    Chosen,
    History,
    Verdict,
)
from perdiem_calc.ledger import Entry, Ledger, Recorded
from perdiem_calc.ledger.chain import digest
from perdiem_calc.money import ZERO
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules import chp
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from tests.support.house_rules import ROOT

AWARD = "15JCOPS-25-GG-01234-UHPX"
TICKET = {"date": "2026-10-04", "category": "airfare", "amount": "312.40", "ticket": "016 2345678901"}
DRIVE = {"date": "2026-10-04", "category": "pov_mileage", "miles": "38", "from": "A", "to": "B", "plate": "il abc-12"}
TAXI = {"date": "2026-10-04", "category": "taxi", "amount": "34.00", "vendor": "Yellow Cab"}
DAY = date(2026, 10, 20)
PAY = (
    "INSERT INTO payment (sro_id, claim_id, kind, amount_cents, counted_on, paid_on, reference, method, reason, "
    "recorded_at, recorded_by) VALUES (1, {claim}, '{kind}', {cents}, '{on}', '', '', '', '', 'now', 'Eve')"
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def noon() -> datetime:
    """The clock of the tests stands still."""
    return NOON


@cache
def _sample() -> str:
    return (ROOT / "data" / "samples" / "2026-ORL-0001.json").read_text(encoding="utf-8")


@cache
def _itemized() -> ItemizedClaim:
    return itemize(Claim.model_validate(json.loads(_sample())), Ratebook.open(), load_law(), as_of=date(2026, 11, 23))


def claim(claim_id: str = "A-1", officer: str = "Jordan Reyes", *, employee_id: str = "", **fields: Any) -> Claim:
    """The Orlando sample with another id and officer, who has an own employee id; `fields` replace whole fields."""
    data = json.loads(_sample()) | {"claim_id": claim_id} | fields
    own = f"E{crc32(name_key(officer).encode()) % 10**6}"
    data["officer"] |= {"name": officer, "employee_id": employee_id or own}
    return Claim.model_validate(data)


def itemized(stated: Claim, allowable: str = "500.00") -> ItemizedClaim:
    """An itemized claim whose lines are allowable at so many dollars, and claimed at ten dollars more."""
    amount = Decimal(allowable)
    totals = replace(_itemized().totals, allowable=amount, claimed=amount + 10, previously_reimbursed=ZERO)
    return replace(_itemized(), claim=stated, totals=totals)


@dataclass(frozen=True)
class Order:
    """What a reviewer records: a claim, its findings, what was decided on it, and who the officer is."""

    itemized: ItemizedClaim
    verdict: Verdict | None = None
    amount: Decimal | None = None
    reason: str = ""
    paid_on: date | None = None
    reference: str = ""
    decisions: tuple[FindingDecision, ...] = ()
    findings: tuple[Finding, ...] = ()
    sro: Chosen = None

    def entry(self, known: History, law: Law) -> Entry:
        """What is entered: audited with that knowledge, so within what is left of the limit."""
        itemized = _with(self.itemized, known, law)
        return Entry(
            AuditedClaim("claim.json", itemized.claim, itemized, self.findings, known),
            self.verdict,
            self.amount,
            self.reason,
            self.paid_on,
            self.reference,
            self.decisions,
        )


def _with(itemized: ItemizedClaim, known: History, law: Law) -> ItemizedClaim:
    stated, totals = itemized.claim, itemized.totals
    outside = replace(outside_of(stated, known, law), bars={}, blocks=())
    cap = law.number("chp-cap", "limit", stated.trip.returned_on)
    before = totals.previously_reimbursed if outside.paid_before is None else outside.paid_before
    within = chp.payable(totals.allowable - outside.paid_for_same, cap, before + outside.taken)
    amounts = {"cap": cap, "previously_reimbursed": before, "payable": ZERO if itemized.blocks else within}
    return replace(itemized, outside=outside, totals=replace(totals, **amounts))


def entry(claim_id: str = "A-1", allowable: str = "500.00", officer: str = "Jordan Reyes", **options: Any) -> Order:
    """What a reviewer records: a claim of an officer, at a course of its own day, allowable at so many dollars.

    `options` are those of Order, and `fields`: fields of the claim.
    """
    fields = options.pop("fields", {})
    return Order(itemized(claim(claim_id, officer, **fields), allowable), **options)


def enter(ledger: Ledger, order: Order, law: Law, *, by: str = "") -> Recorded:
    """Record a claim, audited with what the ledger says of it within the same transaction."""
    with ledger.writer(law, by=by) as writer:
        return writer.record(order.entry(writer.known(order.itemized.claim, order.sro), law), order.sro)


def course_on(day: str) -> dict[str, Any]:
    """The fields of a claim for a course that lasts one day, so that several courses of one officer are possible."""
    data = json.loads(_sample())
    stop = data["trip"]["stops"][0] | {"arrived_on": day, "departed_on": day}
    trip = data["trip"] | {"departed_at": day, "returned_at": day, "stops": [stop]}
    course = data["course"] | {"starts_on": day, "ends_on": day, "completed_on": day}
    return {"course": course, "trip": trip, "lodging": [], "furnished_meals": [], "expenses": []}


def corrects(claim_id: str, **fields: Any) -> dict[str, Any]:
    """The fields of a claim that corrects another."""
    return {"kind": "corrected", "replaces": claim_id, **fields}


def begun(place: str, law: Law, *entries: Order) -> Ledger:
    """A new ledger with these entries."""
    ledger = Ledger.begin(place, law, by="Ann", now=noon)
    for one in entries:
        enter(ledger, one, law)
    return ledger


def run_sql(ledger: Ledger, statement: str) -> None:
    """A statement of somebody who does not use the program, in a transaction."""
    with ledger._store.writing() as connection:
        connection.exec_driver_sql(statement)


def paid_so_far(ledger: Ledger) -> Decimal:
    """What counts against the limit of Jordan Reyes."""
    return ledger.balance(AWARD, "Jordan Reyes", DAY).used


def night(**fields: Any) -> dict[str, Any]:
    """The night of October 4, for which the claims are in Orlando, at $150.00."""
    return {"night": "2026-10-04", "room_rate": "150.00"} | fields


def count(ledger: Ledger) -> int:
    """How many entries the ledger has."""
    return len(ledger.entries())


def paid(done: Recorded) -> tuple[str, str, str]:
    """What is paid under the claim, what moves now, what is left of the limit."""
    return str(done.paid), str(done.change), str(done.remaining)


def tamper(place: str, *statements: str, chained: bool = False) -> None:
    """Change a ledger's file behind the program: its triggers dropped before and put back after.

    With `chained` the chain is computed again, as somebody could who knows the program.
    """
    with closing(sqlite3.connect(place)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        if chained:
            rechain(connection)
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def rechain(connection: sqlite3.Connection) -> None:
    """Compute the whole chain again, in the order that it has; of entries that are gone without a gap."""
    connection.row_factory = sqlite3.Row
    links = connection.execute("SELECT * FROM chain ORDER BY id").fetchall()
    connection.execute("DELETE FROM chain")
    before, number = "0" * 64, 0
    for link in links:
        query = f"SELECT * FROM {link['table_name']} WHERE id = ?"  # noqa: S608 - the names are the ledger's own
        row = connection.execute(query, (link["row_id"],)).fetchone()
        if row is not None:
            number += 1
            before = digest(number, before, link["table_name"], dict(row))
            values = (number, link["table_name"], link["row_id"], before, row["recorded_at"], row["recorded_by"])
            connection.execute("INSERT INTO chain VALUES (?, ?, ?, ?, ?, ?)", values)
