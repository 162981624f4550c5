"""The ledger as an accountant reads it: what is to pay, what was paid, and the reconciliation; they add up to it.

The total of `payables` is the total of `open` in the reconciliation, and the total of `payments` is there what was
paid less what was void and recovered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import Agency
from perdiem_calc.history.records import as_stated
from perdiem_calc.ledger.chain import Head, head
from perdiem_calc.ledger.paying import Account
from perdiem_calc.ledger.reading import dollars_of, limit_on, superseding, verdict_of
from perdiem_calc.ledger.schema import EFFECTS, award, claim, payment, sro
from perdiem_calc.money import ZERO
from perdiem_calc.rates.model import fiscal_year

TableName = Literal["payables", "payments", "reconciliation", "officers"]
TABLES: tuple[TableName, ...] = get_args(TableName)
Kind = Literal["text", "amount", "count", "date"]
Row = Mapping[str, Any]


class Column(NamedTuple):
    """A column of a table; `total` says that it is added up below."""

    key: str
    header: str
    width: int
    kind: Kind = "text"
    total: bool = False


@dataclass(frozen=True, slots=True)
class AccountTable:
    """A table for an accountant: texts, dollars as Decimal, whole numbers and days; None where there is nothing."""

    name: TableName
    note: str
    head: Head
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


_WHO = (Column("payee", "Payee", 34), Column("agency", "Agency", 34))
_AWARD = (Column("award_number", "Award", 26),)
_CLAIM = (Column("officer", "Officer", 24), Column("claim_id", "Reference (claim)", 22))
_PERIOD = (
    Column("fiscal_year", "Federal fiscal year", 10, "count"),
    Column("quarter", "Quarter", 9, "count"),
)
_SUMS = (
    Column("paid_before", "Paid before the ledger", 14, "amount", total=True),
    Column("approved", "Approved", 14, "amount", total=True),
    Column("paid", "Paid", 14, "amount", total=True),
    Column("void", "Void", 14, "amount", total=True),
    Column("recovered", "Recovered", 14, "amount", total=True),
    Column("open", "Open", 14, "amount", total=True),
)
COLUMNS: Mapping[TableName, tuple[Column, ...]] = {
    "payables": (
        Column("what", "What to do", 11),
        *_WHO,
        Column("remit_to", "Remit to", 40),
        Column("ein", "EIN", 13),
        Column("uei", "UEI", 15),
        Column("vendor_number", "Vendor number", 14),
        Column("accounting_code", "Accounting code", 16),
        *_AWARD,
        *_CLAIM,
        Column("amount", "Amount", 14, "amount", total=True),
        Column("due_on", "Due", 12, "date"),
    ),
    "payments": (
        Column("payment", "Entry", 8, "count"),
        Column("paid_on", "Day", 12, "date"),
        *_PERIOD,
        Column("status", "Status", 11),
        Column("number", "Number", 16),
        Column("method", "Method", 12),
        *_WHO,
        *_AWARD,
        *_CLAIM,
        Column("amount", "Amount", 14, "amount", total=True),
        Column("reason", "Reason", 30),
        Column("recorded_at", "Recorded", 28),
        Column("recorded_by", "By", 20),
    ),
    "reconciliation": (
        *_AWARD,
        Column("agency", "Agency", 34),
        *_PERIOD,
        Column("officers", "Officers", 10, "count"),
        Column("claims", "Claims", 10, "count", total=True),
        Column("claimed", "Claimed", 14, "amount", total=True),
        *_SUMS,
    ),
    "officers": (
        Column("sro", "SRO", 8, "count"),
        *_AWARD,
        Column("officer", "Officer", 24),
        *_SUMS,
        Column("limit", "Limit", 14, "amount"),
        Column("left", "Left of the limit", 14, "amount", total=True),
    ),
}
NOTES: Mapping[TableName, str] = {
    "payables": "What is approved and not paid, void payments to reissue, and what agencies owe (below zero). "
    "Due is the day that was scheduled.",
    "payments": "Money that left or came back (below zero). What was paid before the ledger was begun is not in it.",
    "reconciliation": "A claim, and its money, is in the quarter of the last day of its trip. Claims that a "
    "correction replaced are not counted as claimed. Open is approved less paid, plus void and recovered.",
    "officers": "Left is the limit less what was paid before, approved and not void.",
}


def account_table(connection: Connection, name: TableName, on: date) -> AccountTable:
    """One of the tables; `on` is the day whose limit an officer's remainder is of."""
    makers: Mapping[TableName, Callable[[], Iterator[Row]]] = {
        "payables": lambda: _payables(connection),
        "payments": lambda: _payments(connection),
        "reconciliation": lambda: _reconciliation(connection),
        "officers": lambda: _officers(connection, on),
    }
    return AccountTable(name, NOTES[name], head(connection), COLUMNS[name], tuple(makers[name]()))


def _period(day: str) -> dict[str, int]:
    on = date.fromisoformat(day)
    return {"fiscal_year": fiscal_year(on), "quarter": (on.month - 10) % 12 // 3 + 1}


def _claims(connection: Connection) -> list[Mapping[Any, Any]]:
    """The claims with officer, award, and what took their place, in order of the agency's name."""
    query = (
        sa.select(
            claim,
            sro.c.officer,
            award.c.number.label("award_number"),
            superseding(claim.c.id).label("superseded_by"),
            verdict_of(claim.c.id).label("verdict"),
        )
        .join(sro, sro.c.id == claim.c.sro_id)
        .join(award, award.c.id == sro.c.award_id)
        .order_by(claim.c.agency, claim.c.id)
    )
    return list(connection.execute(query).mappings())


def _agency_of(content: str) -> Agency:
    return as_stated(content).agency


def _payables(connection: Connection) -> Iterator[Row]:
    counted: set[int] = set()
    for row in sorted(_claims(connection), key=lambda row: (row["verdict"] == "return", row["agency"], row["id"])):
        account = Account(connection, row["id"])
        voided = sum(account.voided.values(), ZERO)
        if row["superseded_by"] or row["id"] in counted or not (account.due or voided):
            continue
        counted.update(account.family)
        agency = _agency_of(row["content"])
        about = {
            "payee": agency.payee or agency.name,
            "agency": agency.name,
            "remit_to": agency.remit_to,
            "ein": agency.ein or "",
            "uei": agency.uei or "",
            "vendor_number": agency.vendor_number or "",
            "accounting_code": agency.accounting_code or "",
            "award_number": row["award_number"],
            "officer": row["officer"],
            "claim_id": row["claim_id"],
        }
        if account.due:
            what = "pay" if account.due > 0 else "recover"
            due_on = account.scheduled_on if what == "pay" else None
            yield {"what": what, **about, "amount": account.due, "due_on": due_on}
        if voided:
            yield {"what": "reissue", **about, "amount": voided, "due_on": None}


def _payments(connection: Connection) -> Iterator[Row]:
    claims = {row["id"]: row for row in _claims(connection)}
    moved = EFFECTS["moved"]
    query = sa.select(payment).where(payment.c.kind.in_(list(moved))).order_by(payment.c.id)
    for entry in connection.execute(query).mappings():
        row = claims[entry["claim_id"]]
        agency = _agency_of(row["content"])
        yield {
            "payment": entry["id"],
            "paid_on": date.fromisoformat(entry["paid_on"]),
            **_period(entry["paid_on"]),
            "status": "recovered" if entry["kind"] == "given_back" else entry["kind"],
            "number": entry["reference"],
            "method": entry["method"],
            "payee": agency.payee or agency.name,
            "agency": agency.name,
            "award_number": row["award_number"],
            "officer": row["officer"],
            "claim_id": row["claim_id"],
            "amount": dollars_of(moved[entry["kind"]] * entry["amount_cents"]),
            "reason": entry["reason"],
            "recorded_at": entry["recorded_at"],
            "recorded_by": entry["recorded_by"],
        }


PARTS: Mapping[str, Mapping[str, int]] = {
    "paid_before": {"opening": 1, "opening_lowered": -1},
    "approved": EFFECTS["approved"],
    "paid": {"paid": 1, "reissued": 1},
    "void": {"void": 1},
    "recovered": {"recovered": 1, "given_back": 1},
}
"""What of the payment entries is in which column of a reconciliation."""


def _sums(kinds: Mapping[str, int]) -> dict[str, Decimal]:
    """The columns of amounts, from the cents of each kind of entry."""
    sums = {
        name: dollars_of(sum(sign * kinds.get(kind, 0) for kind, sign in signs.items()))
        for name, signs in PARTS.items()
    }
    return {**sums, "open": sums["approved"] - sums["paid"] + sums["void"] + sums["recovered"]}


def _add(totals: dict[Any, dict[str, int]], key: Any, entry: Mapping[Any, Any]) -> None:
    kinds = totals.setdefault(key, {})
    kinds[entry["kind"]] = kinds.get(entry["kind"], 0) + entry["amount_cents"]


def _reconciliation(connection: Connection) -> Iterator[Row]:
    claims = {row["id"]: row for row in _claims(connection)}
    awards = _officers_on_record(connection)
    totals: dict[tuple[str, str, int, int], dict[str, int]] = {}
    officers: dict[tuple[str, str, int, int], set[int]] = {}
    claimed: dict[tuple[str, str, int, int], list[int]] = {}
    for row in claims.values():
        key = (row["award_number"], row["agency"], *_period(row["returned_on"]).values())
        totals.setdefault(key, {})
        officers.setdefault(key, set()).add(row["sro_id"])
        claimed.setdefault(key, []).extend([] if row["superseded_by"] else [row["claimed_cents"]])
    for entry in connection.execute(sa.select(payment).order_by(payment.c.id)).mappings():
        agency = claims[entry["claim_id"]]["agency"] if entry["claim_id"] is not None else ""
        key = (awards[entry["sro_id"]]["award_number"], agency, *_period(entry["counted_on"]).values())
        _add(totals, key, entry)
        officers.setdefault(key, set()).add(entry["sro_id"])
    for key in sorted(totals):
        cents = claimed.get(key, [])
        yield {
            **dict(zip(("award_number", "agency", "fiscal_year", "quarter"), key, strict=True)),
            "officers": len(officers[key]),
            "claims": len(cents),
            "claimed": dollars_of(sum(cents)),
            **_sums(totals[key]),
        }


def _officers_on_record(connection: Connection) -> dict[int, Mapping[Any, Any]]:
    query = sa.select(sro.c.id, sro.c.officer, award.c.number.label("award_number"))
    joined = query.join(award, award.c.id == sro.c.award_id)
    return {row["id"]: row for row in connection.execute(joined).mappings()}


def _officers(connection: Connection, on: date) -> Iterator[Row]:
    totals: dict[int, dict[str, int]] = {}
    for entry in connection.execute(sa.select(payment).order_by(payment.c.id)).mappings():
        _add(totals, entry["sro_id"], entry)
    limit = limit_on(connection, on)
    for number, row in sorted(_officers_on_record(connection).items()):
        kinds = totals.get(number, {})
        counted = dollars_of(sum(sign * kinds.get(kind, 0) for kind, sign in EFFECTS["counted"].items()))
        about = {"sro": number, "award_number": row["award_number"], "officer": row["officer"]}
        yield {**about, **_sums(kinds), "limit": limit, "left": max(ZERO, limit - counted)}
