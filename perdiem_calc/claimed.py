"""What of an officer's travel was claimed before, by claims that go with one another: each piece of it is paid once.

A supplement is for what the claim that it names left out. It is about the same travel, so the same night, the same
day's M&IE and the same drive can be claimed in it again; documents do not tell, since M&IE and mileage have none.
Rules `lodging-ceiling`, `mie-first-last-day`, `pov-mileage`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from perdiem_calc.claim import Claim, Expense, LodgingNight, same_id
from perdiem_calc.days import days_that_earn, trip_shape
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.known import EarlierClaim, as_stated
from perdiem_calc.money import ZERO
from perdiem_calc.parameters import Law
from perdiem_calc.receipts import has_document
from perdiem_calc.relations import Relations

RESUBMITTED = "claim-resubmitted"
"""The check of a claim, or a piece of one, beside another that leaves it no room."""


class Piece(NamedTuple):
    """A piece of travel: a night, a calendar day's M&IE, or a drive on a day from one place to another."""

    kind: Literal["night", "day", "drive"]
    on: date
    start: str = ""
    end: str = ""


def claimed_before(relations: Relations, law: Law) -> dict[str, EarlierClaim]:
    """The lines of a claim (N1, D1, E1) whose piece of travel was claimed before, each with the claim that did.

    Of several claims the first one counts: where another claimed the piece again, nothing was paid for it there. A
    correction claims anew what the claim that it replaces did, and what it leaves out is free again. A claim that
    leaves this one no room bars it whole, which says enough.
    """
    first: dict[Piece, EarlierClaim] = {}
    for earlier in relations.going_with:
        if earlier.kind == "corrected":
            first = _without(first, earlier.replaces)
        for piece in _claimed(earlier, law):
            first.setdefault(piece, earlier)
    claim = relations.claim
    if claim.kind == "corrected" and claim.replaces is not None:
        first = _without(first, claim.replaces)
    rivals = {rival.claim for rival in relations.rivals}
    before = {line: first[piece] for line, piece in _lines(claim) if piece in first}
    return {line: earlier for line, earlier in before.items() if earlier not in rivals}


def _without(first: dict[Piece, EarlierClaim], replaced: str) -> dict[Piece, EarlierClaim]:
    return {piece: earlier for piece, earlier in first.items() if not same_id(earlier.claim_id, replaced)}


def _lines(claim: Claim) -> Iterator[tuple[str, Piece]]:
    """The lines of a claim that are a piece of travel."""
    for number, night in enumerate(claim.lodging, start=1):
        yield f"N{number}", Piece("night", night.night)
    for number, on in enumerate(claim.trip.days(), start=1):
        yield f"D{number}", Piece("day", on)
    for number, expense in enumerate(claim.expenses, start=1):
        if expense.category == "pov_mileage":
            yield f"E{number}", _drive(expense)


def _claimed(earlier: EarlierClaim, law: Law) -> set[Piece]:
    """The pieces of travel that an earlier claim claimed and for which it can have been paid.

    Where a reviewer paid another amount than the rules give, that is everything it states: nobody knows for which.
    """
    if not earlier.content:
        return set()
    claim = as_stated(earlier.content)
    try:
        paid = _payable(claim, law)
    except RateUnavailable:  # A claim of a time without law cannot be computed, so it was never paid.
        return set()
    if earlier.verdict == "adjust":
        paid = {piece for _, piece in _lines(claim)}
    return {piece for piece in paid if piece.kind != "day" or claim.mie_paid.get(piece.on) != ZERO}


def _payable(claim: Claim, law: Law) -> set[Piece]:
    """The pieces of travel of a claim for which the rules give something."""
    shape = trip_shape(claim.trip, law, claim.course.ends_at)
    away = () if claim.trip.day_trips else shape.official[:-1]
    nights = {Piece("night", night.night) for night in claim.lodging if night.night in away and _is_paid(night, law)}
    days = {Piece("day", on) for on in days_that_earn(claim.trip, law, shape)}
    driven = [expense for expense in claim.expenses if expense.category == "pov_mileage"]
    return nights | days | {_drive(expense) for expense in driven if expense.paid_by != "other"}


def _is_paid(night: LodgingNight, law: Law) -> bool:
    is_documented = night.receipt_statement or has_document(night.receipt, law, night.night)
    return is_documented and night.type != "own_home" and night.paid_by != "other"


def _drive(expense: Expense) -> Piece:
    return Piece("drive", expense.date, _spelled(expense.from_), _spelled(expense.to))


def _spelled(place: str | None) -> str:
    """A place as it is compared: case and spaces do not count."""
    return "".join((place or "").casefold().split())
