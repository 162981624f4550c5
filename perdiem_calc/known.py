"""What is known around a claim: what was paid for the officer, earlier claims, documents seen before, the roster.

The ledger answers with these values, and so may a batch of claims; a check reads them and never asks where they
come from. Amounts are dollars.

>>> is_label("R12"), is_label("Folio 88213")
(True, False)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from perdiem_calc.claim import CARRIERS, Claim, Expense, Kind
from perdiem_calc.identity import name_key
from perdiem_calc.money import ZERO, in_dollars

Verdict = Literal["accept", "adjust", "return"]
"""What a reviewer decides: pay what the rules give, pay another amount, or send it back unpaid."""

FingerprintKind = Literal["ticket", "folio", "receipt", "vehicle", "line"]
Standing = Literal["recorded", "new", "undecided"]

_LABEL = re.compile(r"[A-Z]*[0-9]{0,3}")
# What people write before a number, and what is no part of it.
_BEFORE_NUMBER = re.compile(
    r"^\s*(?:(?:folio|receipt|invoice|ticket|confirmation|number|no|nr|inv|rec)\b[\s.:#]*)+", re.I
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one document or line again when it is claimed a second time.

    `value` is a normalised ticket, folio or receipt number; for a vehicle its plate and the day; for a line
    without a number its vendor, day and amount. `vendor` is normalised too. `lines` are line ids (E1, N2), `on`
    is the day and `amount` the sum of those lines.
    """

    kind: FingerprintKind
    value: str
    vendor: str
    lines: tuple[str, ...]
    on: date
    amount: Decimal

    def is_of_same_document(self, other: Fingerprint) -> bool:
        """Whether both are of one document: the same number, and not of two different vendors.

        Two hotels may well give the same folio number; two airlines never the same ticket number.
        """
        if (self.kind, self.value) != (other.kind, other.value):
            return False
        return self.kind in ("ticket", "vehicle") or "" in (self.vendor, other.vendor) or self.vendor == other.vendor


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim recorded before. `paid` is what was paid under it, less what was recovered.

    `superseded_by` is the claim id of the correction that took its place, empty while it stands.
    """

    claim_id: str
    kind: Kind
    replaces: str
    officer: str
    award_number: str
    agency: str
    course_title: str
    course_starts_on: date
    course_ends_on: date
    class_id: str
    departed_on: date
    returned_on: date
    claimed: Decimal
    allowable: Decimal
    verdict: Verdict
    paid: Decimal
    superseded_by: str
    content_sha256: str
    recorded_at: str
    recorded_by: str

    @property
    def stands(self) -> bool:
        """Whether it counts still: not sent back, and no correction took its place."""
        return self.verdict != "return" and not self.superseded_by

    def is_for_same_course(self, claim: Claim) -> bool:
        """Whether `claim` is for the same course: the days overlap, and nobody attends two courses at once."""
        course = claim.course
        return self.course_starts_on <= course.ends_on and course.starts_on <= self.course_ends_on

    def trip_overlaps(self, claim: Claim) -> bool:
        """Whether the trips share a day other than one's return and the other's departure."""
        trip = claim.trip
        return self.departed_on < trip.returned_on and trip.departed_on < self.returned_on


@dataclass(frozen=True, slots=True)
class Sighting:
    """A fingerprint of a claim, `seen`, that an earlier claim has too, `before`. `same_sro`: the same officer's."""

    seen: Fingerprint
    before: Fingerprint
    claim: EarlierClaim
    same_sro: bool


@dataclass(frozen=True, slots=True)
class NearMatch:
    """An officer who may be the one asked for, and why; a person decides. `sro` is the number to name them by."""

    sro: int
    award_number: str
    officer: str
    why: str

    def __str__(self) -> str:
        return f"{self.sro}: {self.officer}, award {self.award_number} ({self.why})"


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known around one claim.

    `standing`: the officer is `recorded`, `new`, or `undecided` between a new one and those in `near`.
    `paid_before` is everything paid for the officer but what this claim itself was paid. `on_roster` is None where
    no roster was imported. `recorded` is this very claim, if it was recorded.
    """

    standing: Standing
    paid_before: Decimal = ZERO
    claims: tuple[EarlierClaim, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    near: tuple[NearMatch, ...] = ()
    on_roster: bool | None = None
    near_on_roster: tuple[str, ...] = ()
    recorded: EarlierClaim | None = None


class KnownSource(Protocol):
    """Who can say what is known around a claim; the ledger does."""

    def known(self, claim: Claim) -> Known:
        """What is known around a claim."""
        ...


def canonical(claim: Claim) -> str:
    """A claim as one text, the same for equal claims: order of fields and days, spaces and defaults do not count."""
    fields = claim.in_order().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_sha256(content: str) -> str:
    """The digest of a canonical claim, by which it is known again.

    >>> content_sha256("{}")[:12]
    '44136fa355b3'
    """
    return hashlib.sha256(content.encode()).hexdigest()


def is_label(number: str) -> bool:
    """Whether a receipt "number" only numbers the papers of one claim (R1, Receipt 12), so another claim may have it.

    >>> is_label("receipt #3"), is_label("attached"), is_label("0012345")
    (True, True, False)
    """
    return _LABEL.fullmatch(_number(number)) is not None


def fingerprints(claim: Claim) -> tuple[Fingerprint, ...]:
    """What a claim's documents, vehicles and unnumbered lines can be told again by; each document once."""
    merged: dict[tuple[str, str, str], Fingerprint] = {}
    for found in (*_of_nights(claim), *_of_expenses(claim)):
        key = (found.kind, found.value, found.vendor)
        first = merged.setdefault(key, found)
        if first is not found:
            lines = tuple(dict.fromkeys(first.lines + found.lines))
            merged[key] = replace(first, lines=lines, amount=first.amount + found.amount)
    return tuple(merged.values())


def paid_under_corrected(claim: Claim, claims: Iterable[EarlierClaim]) -> Decimal:
    """What was paid under the claim that a correction replaces, and under those which that one replaced."""
    by_id = {claim_key(earlier.claim_id): earlier for earlier in claims}
    paid = ZERO
    named = claim.replaces if claim.kind == "corrected" else None
    while named and (earlier := by_id.pop(claim_key(named), None)) is not None:
        paid += earlier.paid
        named = earlier.replaces if earlier.kind == "corrected" else None
    return paid


def same_id(one: str, other: str) -> bool:
    """Whether two claim ids are the same, whatever their case.

    >>> same_id("2026-orl-0001", "2026-ORL-0001 ")
    True
    """
    return claim_key(one) == claim_key(other)


def claim_key(claim_id: str) -> str:
    """A claim id as it is compared."""
    return claim_id.strip().casefold()


def _of_nights(claim: Claim) -> Iterator[Fingerprint]:
    for index, night in enumerate(claim.lodging, start=1):
        if night.receipt and not is_label(night.receipt):
            paid = night.room_rate + night.tax + night.flat_tax
            vendor = name_key(night.hotel or "")
            yield Fingerprint("folio", _number(night.receipt), vendor, (f"N{index}",), night.night, paid)


def _of_expenses(claim: Claim) -> Iterator[Fingerprint]:
    for index, expense in enumerate(claim.expenses, start=1):
        line, vendor, amount = (f"E{index}",), name_key(expense.vendor or ""), expense.amount or ZERO
        for kind, number in _numbers(expense):
            yield Fingerprint(kind, number, vendor, line, expense.date, amount)
        if expense.plate and _number(expense.plate):
            value = f"{_number(expense.plate)} {expense.date}"
            yield Fingerprint("vehicle", value, "", line, expense.date, amount)
        if vendor and amount and not _numbers(expense):
            value = f"{vendor} {expense.date} {in_dollars(amount)}"
            yield Fingerprint("line", value, vendor, line, expense.date, amount)


def _numbers(expense: Expense) -> list[tuple[FingerprintKind, str]]:
    stated: list[tuple[FingerprintKind, str | None]] = [("ticket", expense.ticket), ("receipt", expense.receipt)]
    return [
        # What an airline calls a receipt is often the ticket itself.
        ("ticket" if kind == "receipt" and expense.category in CARRIERS and not expense.ticket else kind, _number(n))
        for kind, n in stated
        if n and not is_label(n)
    ]


def _number(text: str) -> str:
    """A number's letters and digits in capitals, without the words before it ("Folio no. 88-213" is 88213)."""
    return "".join(filter(str.isalnum, _BEFORE_NUMBER.sub("", text, count=1))).upper()
