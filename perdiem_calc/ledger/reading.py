"""What the ledger holds: the claims of an SRO, what is left of the limit, and what is known around a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claim import Claim
from perdiem_calc.errors import LedgerError
from perdiem_calc.identity import SroKey, likeness
from perdiem_calc.known import (
    EarlierClaim,
    Fingerprint,
    Known,
    NearMatch,
    Sighting,
    Standing,
    canonical,
    claim_key,
    content_sha256,
    fingerprints,
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


def paid_for(connection: Connection, number: int) -> Decimal:
    """Everything paid for an SRO and not taken back, dollars."""
    total = sa.func.coalesce(sa.func.sum(payment.c.amount_cents), 0)
    # PostgreSQL sums whole numbers as decimals.
    return dollars_of(int(connection.execute(sa.select(total).where(payment.c.sro_id == number)).scalar_one()))


def opening_of(connection: Connection, number: int) -> Decimal:
    """What was paid for an SRO before the ledger was begun, dollars."""
    total = sa.func.coalesce(sa.func.sum(payment.c.amount_cents), 0)
    query = sa.select(total).where(payment.c.sro_id == number, payment.c.claim_id.is_(None))
    return dollars_of(int(connection.execute(query).scalar_one()))


def claims_of(connection: Connection, number: int) -> tuple[EarlierClaim, ...]:
    """The claims of an SRO in the order they were recorded."""
    return tuple(_claims(connection, claim.c.sro_id == number).values())


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
    officer = Officer(stated.award.number, stated.officer.name)
    number = identities.find(connection, officer.key)
    near = identities.near(connection, officer.key) if number is None else ()
    claims = claims_of(connection, number) if number is not None else ()
    content = content_sha256(canonical(stated))
    on_roster, near_on_roster = roster_standing(connection, officer, number)
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
    )


def roster_standing(
    connection: Connection, officer: Officer, number: int | None
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether an officer, under any confirmed spelling, is on the roster in force; else who there comes near.

    None where no roster was imported. The roster in force is the one imported last.
    """
    current = connection.execute(sa.select(sa.func.max(roster.c.id))).scalar()
    if current is None:
        return None, ()
    keys = {officer.key}
    if number is not None:
        keys |= {spelled.key for spelled in identities.spellings(connection, number)}
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
    near = [f"{row.officer}, award {row.award_number}" for key, row in listed.items() if likeness(officer.key, key)]
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
    """What was paid under a claim and not taken back, cents."""
    made = payment.alias()
    total = sa.func.coalesce(sa.func.sum(made.c.amount_cents), 0)
    return sa.select(total).where(made.c.claim_id == claim_column).scalar_subquery()


def _claims(connection: Connection, which: sa.ColumnElement[bool]) -> dict[int, EarlierClaim]:
    """Claims by their number in the ledger, in the order of recording."""
    columns = [column for column in claim.c if column.name not in ("content", "program")]
    query = (
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
    return {row["id"]: _earlier(row) for row in connection.execute(query).mappings()}


def _earlier(row: Mapping[Any, Any]) -> EarlierClaim:
    return EarlierClaim(
        claim_id=row["claim_id"],
        kind=row["kind"],
        replaces=row["replaces"],
        officer=row["officer"],
        award_number=row["number"],
        agency=row["agency"],
        course_title=row["course_title"],
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
        recorded_by=row["recorded_by"],
    )


def _sightings(connection: Connection, stated: Claim, content: str, number: int | None) -> tuple[Sighting, ...]:
    """Where a claim's documents, vehicles and unnumbered lines stand in other claims that count.

    Left out are the claim itself, the claim it corrects, and what was sent back or superseded: those pay nothing.
    Unnumbered lines are compared within one officer's claims alone: every taxi costs $34.00 somewhere.
    """
    seen = fingerprints(stated)
    rows = _same_values(connection, seen, number)
    owners = {row["owner"]: row["sro_id"] for row in rows}
    others = _claims(connection, claim.c.id.in_(list(owners))) if owners else {}
    own_ids = {claim_key(stated.claim_id)}
    if stated.kind == "corrected":
        own_ids.add(claim_key(stated.replaces or ""))
    found = []
    for row in rows:
        earlier, same_sro = others[row["owner"]], row["sro_id"] == number
        itself = earlier.content_sha256 == content or (same_sro and claim_key(earlier.claim_id) in own_ids)
        if itself or not earlier.stands:
            continue
        before = _fingerprint(row)
        found += [Sighting(one, before, earlier, same_sro) for one in seen if one.is_of_same_document(before)]
    return tuple(found)


def _same_values(connection: Connection, seen: Iterable[Fingerprint], number: int | None) -> list[Mapping[Any, Any]]:
    within_sro = {one.value for one in seen if one.kind == "line"}
    anywhere = {one.value for one in seen if one.kind != "line"}
    mark = fingerprint.c
    query = (
        sa.select(fingerprint, mark.claim_id.label("owner"), claim.c.sro_id)
        .join(claim, claim.c.id == mark.claim_id)
        .order_by(mark.id)
        .limit(MOST_SIGHTINGS)
    )
    found: list[Mapping[Any, Any]] = []
    if anywhere:
        found += connection.execute(query.where(mark.value.in_(anywhere), mark.kind != "line")).mappings()
    if within_sro and number is not None:
        own = query.where(claim.c.sro_id == number, mark.value.in_(within_sro), mark.kind == "line")
        found += connection.execute(own).mappings()
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
