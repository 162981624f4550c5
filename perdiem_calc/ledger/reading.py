"""What the ledger holds: the claims of an SRO, what is left of the limit, and what is known around a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claim import Claim, claim_key
from perdiem_calc.errors import LedgerError, printable
from perdiem_calc.identity import SroKey, likeness
from perdiem_calc.known import (
    EarlierClaim,
    Fingerprint,
    Known,
    NearMatch,
    Sighting,
    Standing,
    canonical,
    content_sha256,
    fingerprints,
    sighted,
)
from perdiem_calc.ledger import identities
from perdiem_calc.ledger.identities import Officer
from perdiem_calc.ledger.schema import (
    award,
    cap_limit,
    claim,
    decision,
    fingerprint,
    payment,
    roster,
    roster_entry,
    sro,
)
from perdiem_calc.money import CENT, ZERO

MOST_SIGHTINGS = 200
NOBODY = -1
"""The number of no SRO."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What was paid for an SRO and what is left of the limit in force on a day; dollars.

    `sro` is None for an officer not on record; `near` then lists who it may be.
    """

    sro: int | None
    award_number: str
    officer: str
    standing: Standing
    limit: Decimal
    paid: Decimal
    near: tuple[NearMatch, ...] = ()

    @property
    def remaining(self) -> Decimal:
        """The limit less what was paid, never below zero."""
        return max(ZERO, self.limit - self.paid)


def dollars_of(amount_cents: int) -> Decimal:
    """Cents as dollars.

    >>> dollars_of(100000), dollars_of(-5)
    (Decimal('1000.00'), Decimal('-0.05'))
    """
    return (Decimal(amount_cents) / 100).quantize(CENT)


def cents_of(amount: Decimal) -> int:
    """Dollars as cents. Raises ValueError for a fraction of a cent.

    >>> cents_of(Decimal("741.81"))
    74181
    """
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(scaled)


def limit_on(connection: Connection, on: date) -> Decimal:
    """The limit in force on a day, as the ledger has it. Raises LedgerError before the first one."""
    query = (
        sa.select(cap_limit.c.limit_cents)
        .where(cap_limit.c.effective_from <= on.isoformat())
        .order_by(cap_limit.c.effective_from.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    if found is None:
        raise LedgerError(f"no limit was in force on {on}", mend="check the date of the trip")
    return dollars_of(found)


_TOTAL = sa.func.coalesce(sa.func.sum(payment.c.amount_cents), 0)
_PAID_FOR = sa.select(_TOTAL).where(payment.c.sro_id == sa.bindparam("sro"))
_ROSTER_IN_FORCE = sa.select(sa.func.max(roster.c.id))


def paid_for(connection: Connection, number: int) -> Decimal:
    """Everything paid for an SRO, less what was recovered, dollars."""
    # PostgreSQL sums whole numbers as decimals.
    return dollars_of(int(connection.execute(_PAID_FOR, {"sro": number}).scalar_one()))


def opening_of(connection: Connection, number: int) -> Decimal:
    """What was paid for an SRO before the ledger was begun, dollars."""
    query = _PAID_FOR.where(payment.c.claim_id.is_(None))
    return dollars_of(int(connection.execute(query, {"sro": number}).scalar_one()))


def claims_of(connection: Connection, number: int) -> tuple[EarlierClaim, ...]:
    """The claims of an SRO in the order they were recorded."""
    rows = connection.execute(_claims_query("sro"), {"sro": number}).mappings()
    return tuple(_earlier(row) for row in rows)


def balance(connection: Connection, officer: Officer, on: date) -> Balance:
    """What is left of an officer's limit on a day."""
    limit = limit_on(connection, on)
    number = identities.find(connection, officer.key)
    if number is None:
        near = identities.near(connection, officer.key)
        standing: Standing = "undecided" if near else "new"
        return Balance(None, officer.award_number, officer.name, standing, limit, ZERO, near)
    first = identities.spellings(connection, number)[0]
    paid = paid_for(connection, number)
    return Balance(number, first.award_number, first.name, "recorded", limit, paid)


def known(connection: Connection, stated: Claim) -> Known:
    """What is known around a claim that may or may not be recorded already."""
    # A name or an award number without a letter is nobody's; recording refuses it.
    key = SroKey.of(stated.award.number, stated.officer.name)
    number = identities.find(connection, key)
    near = identities.near(connection, key) if number is None else ()
    claims = claims_of(connection, number) if number is not None else ()
    content = content_sha256(canonical(stated))
    officers = identities.spellings(connection, number) if number is not None else []
    spellings = tuple(officer.key for officer in officers)
    on_roster, near_on_roster = roster_standing(connection, key, spellings)
    itself = next((earlier for earlier in claims if earlier.content_sha256 == content), None)
    paid = paid_for(connection, number) if number is not None else ZERO
    return Known(
        standing="recorded" if number is not None else "undecided" if near else "new",
        paid_before=paid - (itself.paid if itself else ZERO),
        claims=claims,
        sightings=_sightings(connection, stated, content, number),
        near=near,
        on_roster=on_roster,
        near_on_roster=near_on_roster,
        recorded=itself,
        spellings=spellings,
    )


def roster_standing(
    connection: Connection, officer: SroKey, spellings: Iterable[SroKey]
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether an officer, under any of the confirmed spellings, is on the roster in force; else who comes near there.

    None where no roster was imported. The roster in force is the one imported last.
    """
    current = connection.execute(_ROSTER_IN_FORCE).scalar()
    if current is None:
        return None, ()
    keys = {officer, *spellings}
    entry = roster_entry.c
    query = sa.select(entry.award_number, entry.officer, entry.award_key, entry.name_key).where(
        entry.roster_id == current,
        sa.or_(
            entry.award_key.in_({key.award for key in keys}),
            entry.name_key.in_({key.name for key in keys}),
        ),
    )
    listed = {SroKey(row.award_key, row.name_key): row for row in connection.execute(query)}
    if keys & listed.keys():
        return True, ()
    near = [f"{row.officer}, award {row.award_number}" for key, row in listed.items() if likeness(officer, key)]
    return False, tuple(sorted(near))


def verdict_of(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[str]:
    """The verdict in force on a claim: of its decisions about the whole claim the last."""
    return _last_decision(claim_column, decision.c.verdict)


def decided_amount_of(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """The amount of the decision in force on a claim, cents."""
    return _last_decision(claim_column, decision.c.amount_cents)


def _last_decision(claim_column: sa.ColumnElement[int], column: sa.Column[Any]) -> sa.ScalarSelect[Any]:
    made = decision.alias()
    return (
        sa.select(made.c[column.name])
        .where(made.c.claim_id == claim_column, made.c.check_id == "")
        .order_by(made.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def superseding(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[str]:
    """The claim id of the correction that took a claim's place: the first not sent back."""
    correction = claim.alias()
    return (
        sa.select(correction.c.claim_id)
        .where(
            correction.c.replaces_id == claim_column,
            correction.c.kind == "corrected",
            verdict_of(correction.c.id) != "return",
        )
        .order_by(correction.c.id)
        .limit(1)
        .scalar_subquery()
    )


def paid_under(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """What was paid under a claim, less what was recovered, cents."""
    made = payment.alias()
    total = sa.func.coalesce(sa.func.sum(made.c.amount_cents), 0)
    return sa.select(total).where(made.c.claim_id == claim_column).scalar_subquery()


@cache
def _claims_query(by: str) -> sa.Select[Any]:
    """The claims of an SRO (`by` "sro"), or those of the numbers listed (`by` "numbers").

    Building a query costs more than running it, so those of a look-up are built once.
    """
    which = claim.c.sro_id == sa.bindparam("sro")
    if by == "numbers":
        which = claim.c.id.in_(sa.bindparam("numbers", expanding=True))
    columns = [column for column in claim.c if column.name != "program"]
    return (
        sa.select(
            *columns,
            sro.c.officer,
            award.c.number,
            verdict_of(claim.c.id).label("verdict"),
            paid_under(claim.c.id).label("paid"),
            superseding(claim.c.id).label("superseded_by"),
        )
        .join(sro, sro.c.id == claim.c.sro_id)
        .join(award, award.c.id == sro.c.award_id)
        .where(which)
        .order_by(claim.c.id)
    )


def _earlier(row: Mapping[Any, Any]) -> EarlierClaim:
    return EarlierClaim(
        claim_id=printable(row["claim_id"]),
        kind=row["kind"],
        replaces=row["replaces"],
        officer=printable(row["officer"]),
        award_number=printable(row["number"]),
        agency=printable(row["agency"]),
        course_title=printable(row["course_title"]),
        course_starts_on=date.fromisoformat(row["course_starts_on"]),
        course_ends_on=date.fromisoformat(row["course_ends_on"]),
        class_id=row["class_id"],
        departed_on=date.fromisoformat(row["departed_on"]),
        returned_on=date.fromisoformat(row["returned_on"]),
        claimed=dollars_of(row["claimed_cents"]),
        allowable=dollars_of(row["allowable_cents"]),
        verdict=row["verdict"],
        paid=dollars_of(int(row["paid"])),
        superseded_by=row["superseded_by"] or "",
        content_sha256=row["content_sha256"],
        recorded_at=row["recorded_at"],
        recorded_by=printable(row["recorded_by"]),
        number=row["id"],
        content=row["content"],
    )


def _sightings(connection: Connection, stated: Claim, content: str, number: int | None) -> tuple[Sighting, ...]:
    """Where a claim's documents, rooms, vehicles and unnumbered lines stand in other claims that count.

    Left out are the claim itself, the claim it corrects, and what was sent back or superseded: those pay nothing.
    Unnumbered lines are compared within one officer's claims alone: every taxi costs $34.00 somewhere.
    """
    seen = fingerprints(stated)
    found = []
    for row in _same_values(connection, seen, number):
        before = _fingerprint(row)
        found += [(one, before, row) for one in seen if one.is_of_same_document(before)]
    numbers = sorted({row["owner"] for _, _, row in found})
    if not numbers:
        return ()
    rows = connection.execute(_claims_query("numbers"), {"numbers": numbers}).mappings()
    others = {row["id"]: _earlier(row) for row in rows}
    own_ids = {claim_key(stated.claim_id)}
    if stated.kind == "corrected":
        own_ids.add(claim_key(stated.replaces or ""))
    sightings = []
    for one, before, row in found:
        earlier, same_sro = others[row["owner"]], row["sro_id"] == number
        itself = earlier.content_sha256 == content or (same_sro and claim_key(earlier.claim_id) in own_ids)
        if earlier.stands and not itself:
            sightings.append(sighted(one, before, stated, earlier, same_sro=same_sro))
    return tuple(sighting for sighting in sightings if sighting is not None)


@cache
def _same_values_query(kind: Literal["line", "room", "document"]) -> sa.Select[Any]:
    """Each kind has a limit of its own, so that many of one hide none of another."""
    mark = fingerprint.c
    query = (
        sa.select(fingerprint, mark.claim_id.label("owner"), claim.c.sro_id)
        .join(claim, claim.c.id == mark.claim_id)
        .where(mark.value.in_(sa.bindparam("values", expanding=True)))
        .order_by(mark.id)
        .limit(MOST_SIGHTINGS)
    )
    if kind == "line":
        return query.where(claim.c.sro_id == sa.bindparam("sro"), mark.kind == kind)
    if kind == "room":
        return query.where(claim.c.sro_id != sa.bindparam("sro"), mark.kind == kind)
    return query.where(mark.kind.not_in(["line", "room"]))


def _same_values(connection: Connection, seen: Iterable[Fingerprint], number: int | None) -> list[Mapping[Any, Any]]:
    """The marks on record of the same values: lines of the SRO of that number, rooms of others, and all documents."""
    lines = sorted({one.value for one in seen if one.kind == "line"})
    rooms = sorted({one.value for one in seen if one.kind == "room"})
    documents = sorted({one.value for one in seen if one.kind not in ("line", "room")})
    found: list[Mapping[Any, Any]] = []
    if documents:
        found += connection.execute(_same_values_query("document"), {"values": documents}).mappings()
    if rooms:
        others = {"values": rooms, "sro": NOBODY if number is None else number}
        found += connection.execute(_same_values_query("room"), others).mappings()
    if lines and number is not None:
        found += connection.execute(_same_values_query("line"), {"values": lines, "sro": number}).mappings()
    return found


def _fingerprint(row: Mapping[Any, Any]) -> Fingerprint:
    return Fingerprint(
        kind=row["kind"],
        value=row["value"],
        vendor=row["vendor"],
        lines=tuple(row["lines"].split(",")),
        on=date.fromisoformat(row["happened_on"]),
        amount=dollars_of(row["amount_cents"]),
    )
