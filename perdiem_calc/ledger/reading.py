"""What the ledger holds: the claims of an SRO, what is left of the limit, and what is known around a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.documents import DOCUMENTS, Fingerprint, fingerprints
from perdiem_calc.claims.model import Claim, claim_key
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.identity import OfficerKey, likeness
from perdiem_calc.history.payees import PaidTo
from perdiem_calc.history.people import Person, agency_keys, what_differs
from perdiem_calc.history.records import (
    SAME_DOCUMENT,
    Chosen,
    EarlierClaim,
    History,
    NearMatch,
    Sighting,
    Standing,
    as_stated,
    canonical,
    content_sha256,
    shows_one_officer,
    sighted,
)
from perdiem_calc.ledger import identities
from perdiem_calc.ledger.attendances import attendance_known
from perdiem_calc.ledger.identities import Officer
from perdiem_calc.ledger.schema import (
    award,
    cap_limit,
    claim,
    decision,
    effect,
    fingerprint,
    payment,
    roster,
    roster_entry,
    sro,
    sro_agency,
)
from perdiem_calc.money import CENT, ZERO
from perdiem_calc.text import harmless

MOST_SIGHTINGS = 200
MOST_ZEROS = 4
"""So many zeros are looked for before a document's number."""
MOST_OF_AGENCY = 20
"""Of an agency so many of the latest claims are asked who was paid."""
NOBODY = -1
"""The number of no SRO."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What counts against an SRO's limit in force on a day, what is left of it, and what of it is paid; dollars.

    `used` is what was approved, or paid before the ledger was begun, and is not void. `sro` is None for an officer
    not on record; `near` then lists who it may be.
    """

    sro: int | None
    award_number: str
    officer: str
    standing: Standing
    limit: Decimal
    used: Decimal
    paid: Decimal
    near: tuple[NearMatch, ...] = ()

    @property
    def remaining(self) -> Decimal:
        """The limit less what counts against it, never below zero."""
        return max(ZERO, self.limit - self.used)


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
        raise LedgerError("ledger.limit.missing", f"no limit was in force on {on}", fix="check the date of the trip")
    return dollars_of(found)


def _sum(name: str, table: sa.FromClause = payment) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(effect(name, table)), 0)


_COUNTED, _OUT = (sa.select(_sum(one)).where(payment.c.sro_id == sa.bindparam("sro")) for one in ("counted", "out"))
_ROSTER_IN_FORCE = sa.select(sa.func.max(roster.c.id))


def paid_for(connection: Connection, number: int) -> Decimal:
    """What counts against an SRO's limit: approved, or paid before the ledger was begun, and not void; dollars."""
    # PostgreSQL sums whole numbers as decimals.
    return dollars_of(int(connection.execute(_COUNTED, {"sro": number}).scalar_one()))


def paid_out(connection: Connection, number: int) -> Decimal:
    """The money that an SRO's agency has: paid, before the ledger or since, and not void or recovered; dollars."""
    return dollars_of(int(connection.execute(_OUT, {"sro": number}).scalar_one()))


def opening_of(connection: Connection, number: int) -> Decimal:
    """What was paid for an SRO before the ledger was begun, dollars."""
    query = _COUNTED.where(payment.c.claim_id.is_(None))
    return dollars_of(int(connection.execute(query, {"sro": number}).scalar_one()))


def claims_of(connection: Connection, number: int) -> tuple[EarlierClaim, ...]:
    """The claims of an SRO in the order they were recorded."""
    rows = connection.execute(_claims_query("sro"), {"sro": number}).mappings()
    return tuple(_earlier(row) for row in rows)


def claims_with(connection: Connection, contents: Iterable[str]) -> tuple[EarlierClaim, ...]:
    """The claims of some contents (SHA-256) in the order they were recorded."""
    rows = connection.execute(_claims_query("contents"), {"contents": list(contents)}).mappings()
    return tuple(_earlier(row) for row in rows)


def balance(connection: Connection, officer: Officer, on: date) -> Balance:
    """What is left of an officer's limit on a day."""
    limit = limit_on(connection, on)
    number = identities.find(connection, officer.key)
    if number is None:
        near = identities.near(connection, officer)
        standing: Standing = "undecided" if near else "new"
        return Balance(None, officer.award_number, officer.name, standing, limit, ZERO, ZERO, near)
    first = identities.spellings(connection, number)[0]
    used, paid = paid_for(connection, number), paid_out(connection, number)
    return Balance(number, first.award_number, first.name, "recorded", limit, used, paid)


def known(connection: Connection, stated: Claim, chosen: Chosen = None) -> History:
    """What is known around a claim that may or may not be recorded already.

    `chosen` is what a person decided about the officer. Raises LedgerError where that contradicts the ledger.
    """
    # A name or an award number without a letter is nobody's; recording refuses it.
    key = OfficerKey.of(stated.award.number, stated.officer.name)
    number = identities.find(connection, key)
    content = content_sha256(canonical(stated))
    sightings, alike = _sightings(connection, stated, content, number)
    near = _near(connection, stated, number, sightings)
    if chosen is not None:
        number, near = identities.decided(connection, Officer.of(stated), chosen, near), ()
        sightings, alike = _sightings(connection, stated, content, number)
    claims = claims_of(connection, number) if number is not None else ()
    officers = identities.spellings(connection, number) if number is not None else []
    spellings = tuple(officer.key for officer in officers)
    on_roster, near_on_roster, agency = roster_standing(connection, key, spellings)
    itself = next((earlier for earlier in claims if earlier.content_sha256 == content), None)
    paid = paid_for(connection, number) if number is not None else ZERO
    near = near if itself is None else ()
    decided_apart = identities.apart(connection, number) if number is not None else ()
    return History(
        standing="undecided" if near else "recorded" if number is not None else "new",
        paid_before=paid - (itself.paid if itself else ZERO),
        claims=claims,
        sightings=sightings,
        alike=alike,
        near=near,
        on_roster=on_roster,
        near_on_roster=near_on_roster,
        recorded=itself,
        spellings=spellings,
        sro=number or 0,
        paid_to=(*(PaidTo(one, agency=one) for one in agency), *_paid_to(connection, stated, content)),
        attendance=attendance_known(connection, stated, spellings),
        apart=frozenset(one.key for other in decided_apart for one in identities.spellings(connection, other)),
    )


def _paid_to(connection: Connection, stated: Claim, content: str) -> list[PaidTo]:
    """Who was paid under the latest claims of the agency, the latest last."""
    keys = agency_keys(stated)
    rows = connection.execute(_claims_query("agency"), {"agencies": sorted(keys)}).mappings()
    found = []
    for earlier in map(_earlier, rows):
        if earlier.stands and earlier.content_sha256 != content:
            other = as_stated(earlier.content)
            found += [PaidTo.of(other)] if keys & agency_keys(other) else []
    return found[::-1]


def _near(
    connection: Connection, stated: Claim, number: int | None, sightings: Iterable[Sighting]
) -> tuple[NearMatch, ...]:
    """The SROs who may be the officer of a claim: by name or employee id, or by a document that both claimed."""
    officer = Officer.of(stated)
    found = {match.sro: match for match in identities.near(connection, officer, number)}
    known_apart = identities.apart(connection, number) if number is not None else set()
    for sighting in sightings:
        other = sighting.claim
        if other.sro not in known_apart and shows_one_officer(stated, sighting):
            document = SAME_DOCUMENT.format(kind=sighting.seen.kind, number=sighting.seen.value)
            differs = what_differs(officer.person, Person(other.award_number, other.officer))
            match = found.get(other.sro) or NearMatch(
                other.sro, other.award_number, other.officer, "", differs=differs
            )
            if document not in match.why:
                found[other.sro] = replace(match, why="; ".join(filter(None, (match.why, document))))
    return tuple(replace(match, paid=paid_for(connection, match.sro)) for match in found.values())


def roster_standing(
    connection: Connection, officer: OfficerKey, spellings: Iterable[OfficerKey]
) -> tuple[bool | None, tuple[str, ...], tuple[str, ...]]:
    """Whether an officer, under any of the confirmed spellings, is on the roster in force; else who comes near there.

    Last comes the agency that the roster names, if it names one. None where no roster was imported. The roster in
    force is the one imported last.
    """
    current = connection.execute(_ROSTER_IN_FORCE).scalar()
    if current is None:
        return None, (), ()
    keys = {officer, *spellings}
    entry = roster_entry.c
    query = sa.select(entry.award_number, entry.officer, entry.agency, entry.award_key, entry.name_key).where(
        entry.roster_id == current,
        sa.or_(
            entry.award_key.in_({key.award for key in keys}),
            entry.name_key.in_({key.name for key in keys}),
        ),
    )
    listed = {OfficerKey(row.award_key, row.name_key): row for row in connection.execute(query)}
    found = [listed[one].agency for one in (officer, *spellings) if one in listed]
    if found:
        return True, (), tuple(filter(None, found[:1]))
    near = [f"{row.officer}, award {row.award_number}" for key, row in listed.items() if likeness(officer, key)]
    return False, tuple(sorted(near)), ()


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
    """What counts against the limit under a claim, cents."""
    return sum_under("counted", claim_column)


def sum_under(name: str, claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """One of the sums of a claim's payment entries, cents."""
    made = payment.alias()
    return sa.select(_sum(name, made)).where(made.c.claim_id == claim_column).scalar_subquery()


@cache
def _claims_query(by: str) -> sa.Select[Any]:
    """The claims of an SRO (`by` "sro"), of the numbers or contents listed, or an agency's latest ("agency").

    Building a query costs more than running it, so those of a look-up are built once.
    """
    which = claim.c.sro_id == sa.bindparam("sro")
    if by == "numbers":
        which = claim.c.id.in_(sa.bindparam("numbers", expanding=True))
    if by == "agency":
        keys: sa.BindParameter[Any] = sa.bindparam("agencies", expanding=True)
        which = claim.c.sro_id.in_(sa.select(sro_agency.c.sro_id).where(sro_agency.c.agency_key.in_(keys)))
    if by == "contents":
        which = claim.c.content_sha256.in_(sa.bindparam("contents", expanding=True))
    columns = [column for column in claim.c if column.name != "program"]
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
    )
    if by == "agency":
        return query.order_by(claim.c.id.desc()).limit(MOST_OF_AGENCY)
    return query.order_by(claim.c.id)


def _earlier(row: Mapping[Any, Any]) -> EarlierClaim:
    return EarlierClaim(
        claim_id=harmless(row["claim_id"]),
        kind=row["kind"],
        replaces=row["replaces"],
        officer=harmless(row["officer"]),
        award_number=harmless(row["number"]),
        agency=harmless(row["agency"]),
        course_title=harmless(row["course_title"]),
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
        recorded_by=harmless(row["recorded_by"]),
        number=row["id"],
        content=row["content"],
        sro=row["sro_id"],
    )


def _sightings(
    connection: Connection, stated: Claim, content: str, number: int | None
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Where a claim's documents, rooms, vehicles and unnumbered lines are in other claims that count.

    First those that are certainly the same, then those that may be.
    Left out are the claim itself, the claim it corrects, and what was sent back or superseded: those pay nothing.
    Unnumbered lines are compared within one officer's claims alone: every taxi costs $34.00 somewhere.
    """
    seen = fingerprints(stated)
    found = []
    for row in _same_values(connection, seen, number):
        before = _fingerprint(row)
        found += [(one, before, row, True) for one in seen if one.is_of_same_document(before)]
        found += [(one, before, row, False) for one in seen if one.is_like(before)]
    numbers = sorted({row["owner"] for _, _, row, _ in found})
    if not numbers:
        return (), ()
    rows = connection.execute(_claims_query("numbers"), {"numbers": numbers}).mappings()
    others = {row["id"]: _earlier(row) for row in rows}
    own_ids = {claim_key(stated.claim_id)}
    if stated.kind == "corrected":
        own_ids.add(claim_key(stated.replaces or ""))
    sightings: dict[bool, list[Sighting]] = {True: [], False: []}
    for one, before, row, certain in found:
        earlier, same_sro = others[row["owner"]], row["sro_id"] == number
        itself = earlier.content_sha256 == content or (same_sro and claim_key(earlier.claim_id) in own_ids)
        if earlier.stands and not itself:
            sighting = sighted(one, before, stated, earlier, same_sro=same_sro)
            sightings[certain] += [sighting] if sighting is not None else []
    return tuple(sightings[True]), tuple(sightings[False])


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
    documents = sorted({value for one in seen if one.kind not in ("line", "room") for value in _written(one)})
    found: list[Mapping[Any, Any]] = []
    if documents:
        found += connection.execute(_same_values_query("document"), {"values": documents}).mappings()
    if rooms:
        others = {"values": rooms, "sro": NOBODY if number is None else number}
        found += connection.execute(_same_values_query("room"), others).mappings()
    if lines and number is not None:
        found += connection.execute(_same_values_query("line"), {"values": lines, "sro": number}).mappings()
    return found


def _written(mark: Fingerprint) -> set[str]:
    """How a document's number may be written: with some zeros before it, or without."""
    bare = mark.bare
    return {mark.value} | (
        {"0" * zeros + bare for zeros in range(MOST_ZEROS + 1)} if mark.kind in DOCUMENTS else set()
    )


def columns_of(stated: Claim) -> dict[str, str]:
    """What is kept with a claim to look it up by."""
    return {
        "claim_id": stated.claim_id,
        "claim_key": claim_key(stated.claim_id),
        "kind": stated.kind,
        "replaces": stated.replaces or "",
        "agency": stated.agency.name,
        "course_title": stated.course.title,
        "course_starts_on": stated.course.starts_on.isoformat(),
        "course_ends_on": stated.course.ends_on.isoformat(),
        "class_id": stated.course.class_id or "",
        "departed_on": stated.trip.departed_on.isoformat(),
        "returned_on": stated.trip.returned_on.isoformat(),
    }


def marks_of(stated: Claim) -> list[tuple[Fingerprint, tuple[str, str, int]]]:
    """The fingerprints of a claim, each with its lines, day and cents as they are kept."""
    return [(one, (",".join(one.lines), one.on.isoformat(), cents_of(one.amount))) for one in fingerprints(stated)]


def _fingerprint(row: Mapping[Any, Any]) -> Fingerprint:
    return Fingerprint(
        kind=row["kind"],
        value=row["value"],
        vendor=row["vendor"],
        lines=tuple(row["lines"].split(",")),
        on=date.fromisoformat(row["happened_on"]),
        amount=dollars_of(row["amount_cents"]),
    )
