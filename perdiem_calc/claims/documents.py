"""Keys by which documents, rooms, vehicles and unnumbered lines are recognized in another claim.

>>> is_label("R12"), is_label("Folio 88213")
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from perdiem_calc.claims.model import CARRIERS, Claim, Expense, claim_key
from perdiem_calc.claims.names import name_key, plain_letters, shape
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.places import state_code

FingerprintKind = Literal["ticket", "folio", "receipt", "room", "vehicle", "plate", "line"]
DOCUMENTS: frozenset[FingerprintKind] = frozenset({"ticket", "folio", "receipt"})
MOST_IN_A_ROOM = 20
"""If more officers than that shared a room, only the first are compared."""

_HAS_DIGIT = re.compile("[0-9]", re.ASCII)
_LABEL = re.compile(r"[A-Z]+[0-9]{0,3}|[0-9]{0,2}")
# What people write before a number, and what is no part of it.
_BEFORE_NUMBER = re.compile(
    r"^[\W_]*(?:(?:folio|receipt|invoice|ticket|confirmation|number|no|nr|num|inv|rec|rcpt)(?![^\W\d_])[\W_]*)+", re.I
)
# Of these the words that do not say of what kind a document is.
_BEFORE_LABEL = re.compile(r"^[\W_]*(?:(?:receipt|number|no|nr|num|rec|rcpt)(?![^\W\d_])[\W_]*)*(?=.*[0-9])", re.I)


SHORTEST_PLATE = 4
# Words that many vendors have in their names.
_OF_ANY_VENDOR = frozenset(
    map(
        shape,
        [
            "the", "and", "of", "at", "by", "an", "inn", "inns", "suite", "suites", "hotel", "hotels", "motel",
            "lodge", "resort", "hilton", "marriott", "wyndham", "ihg", "hyatt", "inc", "llc", "co", "corp",
            "company", "rental", "rentals", "car", "cars", "airport", "downtown"
        ],
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The key by which a document or line is recognized when it is claimed a second time.

    `value` is a normalised ticket, folio or receipt number; for a room who slept there, by name or claim id, and the
    night; for a vehicle driven its plate and the day, and as `plate` the same without the letters of a state; for a
    line without a number its vendor, day and amount.
    `vendor` is normalised too. `lines` are line ids (E1, N2), `on` is the day and `amount` the sum of those lines.
    """

    kind: FingerprintKind
    value: str
    vendor: str
    lines: tuple[str, ...]
    on: date
    amount: Decimal

    @property
    def bare(self) -> str:
        """The number without the zeros before it, which one claim writes and another leaves out."""
        return self.value.lstrip("0")

    def is_of_same_document(self, other: Fingerprint) -> bool:
        """Whether both are of one document: the same number, and not of two different vendors.

        Two hotels may well give the same folio number; two airlines never the same ticket number.
        """
        if (self.kind, self.value) != (other.kind, other.value) or self.kind == "plate":
            return False
        if self.kind in ("ticket", "room", "vehicle"):
            return True
        return "" in (self.vendor, other.vendor) or self.vendor == other.vendor

    def is_like(self, other: Fingerprint) -> bool:
        """Whether both may belong to one document or vehicle in spite of their spelling.

        A number may be written with zeros before it, at a vendor of a similar name, or as another kind of document;
        of another vendor it is one only on the same day or for the same amount. A plate may lack the state's letters.
        """
        if self.kind == other.kind == "plate":
            return self.value == other.value and ("" in (self.vendor, other.vendor) or self.vendor == other.vendor)
        if not {self.kind, other.kind} <= DOCUMENTS or self.is_of_same_document(other):
            return False
        if self.bare != other.bare:
            return False
        if vendors_alike(self.vendor, other.vendor):
            return True
        days, amounts = self.on == other.on, self.amount == other.amount
        return (days or amounts) if self.kind == other.kind else (days and amounts)


def is_label(number: str) -> bool:
    """Whether a receipt "number" only numbers the papers of one claim (R1, Receipt 12), so another claim may have it.

    >>> is_label("receipt #3"), is_label("attached"), is_label("0012345"), is_label("#881")
    (True, True, False, False)
    """
    return _LABEL.fullmatch(_number(number)) is not None


def paper_key(number: str) -> str:
    """The key of a receipt, folio or ticket within one claim, however its number is written.

    Of a label that only numbers the papers of the claim every sign counts, and the kind of document before it.

    >>> paper_key("Folio 88-213") == paper_key("88213"), paper_key("r 8") == paper_key("R8")
    (True, True)
    >>> paper_key("R1-1") == paper_key("R11"), paper_key("Receipt 1") == paper_key("Invoice 1")
    (False, False)
    >>> {paper_key(text) for text in ("#8", "8", "Receipt 8", "receipt no. 8")}
    {'8'}
    """
    if is_label(number):
        return "".join(_BEFORE_LABEL.sub("", plain_letters(number)).split()).upper()
    return _number(number)


def fingerprints(claim: Claim) -> tuple[Fingerprint, ...]:
    """The keys of a claim's documents, rooms, vehicles and unnumbered lines; each document once."""
    merged: dict[tuple[str, str, str], Fingerprint] = {}
    for found in (*_of_nights(claim), *_of_rooms(claim), *_of_expenses(claim)):
        key = (found.kind, found.value, found.vendor)
        first = merged.setdefault(key, found)
        if first is not found:
            lines = tuple(dict.fromkeys(first.lines + found.lines))
            merged[key] = replace(first, lines=lines, amount=first.amount + found.amount)
    return tuple(merged.values())


def vendors_alike(one: str, other: str) -> bool:
    """Whether two keys may belong to one vendor: their distinctive words agree, or one side has some more.

    >>> vendors_alike("hampton inn moody", "hampton inn suites moody"), vendors_alike("lake inn", "sea inn")
    (True, False)
    """
    words, others = ({shape(word) for word in name.split()} - _OF_ANY_VENDOR for name in (one, other))
    return bool(words and others) and (words <= others or others <= words)


def plate_cores(plate: str) -> frozenset[tuple[str, str]]:
    """A plate without the letters of a state before or after it, each with the state; as it is, with none.

    >>> sorted(plate_cores("GA ABC 123")), sorted(plate_cores("ABC123"))
    ([('ABC123', 'GA'), ('GAABC123', '')], [('ABC123', '')])
    """
    number = _number(plate)
    found = {(number, "")}
    for state, core in ((number[:2], number[2:]), (number[-2:], number[:-2])):
        if state.isalpha() and state_code(state) == state and _HAS_DIGIT.search(core) and len(core) >= SHORTEST_PLATE:
            found.add((core, state))
    return frozenset(found)


def _of_nights(claim: Claim) -> Iterator[Fingerprint]:
    for index, night in enumerate(claim.lodging, start=1):
        if night.receipt and not is_label(night.receipt):
            paid = night.room_rate + night.tax + night.flat_tax
            vendor = name_key(night.hotel or "")
            yield Fingerprint("folio", _number(night.receipt), vendor, (f"N{index}",), night.night, paid)


def _of_rooms(claim: Claim) -> Iterator[Fingerprint]:
    """Who slept in each room: the officer, by name and claim id, and those whom the claim names, by either.

    A claim's id differs from a name by its digits.
    """
    own = (name_key(claim.officer.name), claim_key(claim.claim_id))
    for index, night in enumerate(claim.lodging, start=1):
        named = night.shared_with[:MOST_IN_A_ROOM]
        others = (claim_key(one) if _HAS_DIGIT.search(one) else name_key(one) for one in named)
        for who in filter(None, (*own, *others)):
            yield Fingerprint("room", f"{who} {night.night}", "", (f"N{index}",), night.night, night.room_rate)


def _of_expenses(claim: Claim) -> Iterator[Fingerprint]:
    for index, expense in enumerate(claim.expenses, start=1):
        line, vendor, amount = (f"E{index}",), name_key(expense.vendor or ""), expense.amount or ZERO
        for kind, number in _numbers(expense):
            yield Fingerprint(kind, number, vendor, line, expense.date, amount)
        if expense.category == "pov_mileage" and expense.plate and _number(expense.plate):
            value = f"{_number(expense.plate)} {expense.date}"
            yield Fingerprint("vehicle", value, "", line, expense.date, amount)
            for core, state in sorted(plate_cores(expense.plate)):
                yield Fingerprint("plate", f"{core} {expense.date}", state, line, expense.date, amount)
        if amount and not _numbers(expense):
            who = vendor or f"{expense.category} {name_key(expense.description or '')}".strip()
            value = f"{who} {expense.date} {in_dollars(amount)}"
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
    return "".join(filter(str.isalnum, _BEFORE_NUMBER.sub("", plain_letters(text), count=1))).upper()
