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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol, get_args

from pydantic import ValidationError

from perdiem_calc.claim import CARRIERS, Claim, Expense, Kind, LodgingNight, claim_key, same_id
from perdiem_calc.errors import LedgerError
from perdiem_calc.fields import AS_RECORDED
from perdiem_calc.identity import SroKey, award_key, likeness, name_key, plain_letters, shape
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.payees import PaidTo
from perdiem_calc.places import place_key, state_code
from perdiem_calc.wording import on_one_line

Verdict = Literal["accept", "adjust", "return"]
"""What a reviewer decides: pay what the rules give, pay another amount, or send it back unpaid."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

FingerprintKind = Literal["ticket", "folio", "receipt", "room", "vehicle", "plate", "line"]
DOCUMENTS: frozenset[FingerprintKind] = frozenset({"ticket", "folio", "receipt"})
Standing = Literal["recorded", "new", "undecided"]
Chosen = int | Literal["new"] | None
"""Whom a person said the officer is: an SRO by number, certainly a new one, or nothing said."""

OFFICER_MAY_BE_KNOWN = "officer-may-be-known"
"""The check of a claim whose officer may be one known already: a person decides before anything is paid."""

SAME_DOCUMENT = "same {kind} {number} for the same course"
"""What speaks for one officer: a document of two claims."""

MOST_IN_A_ROOM = 20
"""Of more officers than that who are said to have shared a room the first are compared."""

_HAS_DIGIT = re.compile("[0-9]", re.ASCII)
_LABEL = re.compile(r"[A-Z]*[0-9]{0,3}")
# What people write before a number, and what is no part of it.
_BEFORE_NUMBER = re.compile(
    r"^\s*(?:(?:folio|receipt|invoice|ticket|confirmation|number|no|nr|inv|rec)\b[\s.:#]*)+", re.I
)


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
_INVOICE = re.compile(r"\b(?:invoice|inv|direct bill|master (?:bill|account|folio))\b", re.I)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one document or line again when it is claimed a second time.

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
        """Whether both may be of one document or vehicle all the same, by what identifies it and not by its spelling.

        A number may be written with zeros before it, at a vendor of a similar name, or as another kind of document;
        of another vendor it is one only on the same day or for the same amount. A plate may lack the state's letters.
        """
        if self.kind == other.kind == "plate":
            return self.value == other.value and ("" in (self.vendor, other.vendor) or self.vendor == other.vendor)
        if not {self.kind, other.kind} <= DOCUMENTS or self.is_of_same_document(other):
            return False
        if self.value.lstrip("0") != other.value.lstrip("0"):
            return False
        if vendors_alike(self.vendor, other.vendor):
            return True
        days, amounts = self.on == other.on, self.amount == other.amount
        return (days or amounts) if self.kind == other.kind else (days and amounts)


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim recorded before, or given together with this one and earlier than it.

    `paid` is what was paid under it, less what was recovered. `superseded_by` is the claim id of the correction that
    took its place, empty while it stands. `number` counts the ledger's claims in the order of recording, `sro` is the
    ledger's number of the officer. Of a claim given together with this one `source` is the file; nothing of it is
    recorded, and its amounts are zero. `content` is the claim as it was stated, in its canonical text; empty where
    nobody has it.
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
    number: int = 0
    source: str = ""
    content: str = field(default="", compare=False, repr=False)
    sro: int = 0

    @property
    def key(self) -> SroKey:
        """What tells its officer from others, as first written."""
        return SroKey.of(self.award_number, self.officer)

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
    """A fingerprint of a claim, `seen`, that an earlier claim has too, `before`. `same_sro`: the same officer's.

    `shared_on` are the nights for which both claims name the other officer as one who shared the room.
    """

    seen: Fingerprint
    before: Fingerprint
    claim: EarlierClaim
    same_sro: bool
    shared_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class NearMatch:
    """An officer who may be the one asked for, and why; a person decides.

    `sro` is the number to name them by; 0 of one who is not on record, but in a claim given together with this one.
    `differs` is what differs between them, in words. `paid` is what was paid for them by the record, dollars: until a
    person decides, both limits count as one.
    """

    sro: int
    award_number: str
    officer: str
    why: str
    paid: Decimal = ZERO
    differs: str = ""

    @property
    def key(self) -> SroKey:
        """What tells them from others."""
        return SroKey.of(self.award_number, self.officer)

    def __str__(self) -> str:
        number = f"{self.sro}: " if self.sro else ""
        differs = f"; differs: {self.differs}" if self.differs else ""
        return f"{number}{on_one_line(self.officer)}, award {on_one_line(self.award_number)} ({self.why}{differs})"


@dataclass(frozen=True, slots=True)
class Take:
    """What another claim of the batch takes of the limit that it shares with this one, dollars.

    `is_paid` says that it was recorded since the batch began: the record of payments has the amount by now.
    """

    claim: EarlierClaim
    amount: Decimal
    is_paid: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known around one claim, from the ledger, from the claims given together with it, and the roster.

    `standing`: the officer is `recorded`, `new`, or `undecided`: a person must decide whether it is one of those in
    `near`, also where the ledger has the officer under this name. `paid_before` is everything paid for the officer
    but what this claim itself was paid; None where no ledger was asked. `on_roster` is None where there is no roster.
    `alike` are sightings of what may be the same document or vehicle, for a person to decide. `recorded` is this
    very claim, if it was recorded; `sro` the number of a recorded officer, 0 of another; `spellings` are all
    confirmed ones of a recorded officer, the first one first. `apart` are the keys of officers of whom a person
    decided that they are others. `paid_to` is who was paid for the agency by the roster and by earlier claims, the
    latest last.

    Of the claims given together: `copy_of` is the file with this very claim that counts instead of this one,
    `corrected_by` the claim that corrects this one, `takes` what others take of the same limit. `of_ledger` is what
    the ledger alone said, where both were asked.
    """

    standing: Standing
    paid_before: Decimal | None = None
    claims: tuple[EarlierClaim, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    alike: tuple[Sighting, ...] = ()
    near: tuple[NearMatch, ...] = ()
    on_roster: bool | None = None
    near_on_roster: tuple[str, ...] = ()
    recorded: EarlierClaim | None = None
    spellings: tuple[SroKey, ...] = ()
    copy_of: str = ""
    corrected_by: EarlierClaim | None = None
    sro: int = 0
    apart: frozenset[SroKey] = frozenset()
    paid_to: tuple[PaidTo, ...] = ()
    takes: tuple[Take, ...] = ()
    of_ledger: Known | None = field(default=None, compare=False, repr=False)

    @property
    def has_ledger(self) -> bool:
        """Whether a ledger was asked."""
        return self.paid_before is not None

    @property
    def is_undecided_on_record(self) -> bool:
        """Whether the officer may be one on record, so that nobody can say what was paid for them."""
        return any(match.sro for match in self.near)

    @property
    def counts_as_stated(self) -> bool:
        """Whether nobody can say what was paid for the officer, so that what the claim states counts."""
        return self.paid_before is None or self.is_undecided_on_record

    @property
    def is_identity_open(self) -> bool:
        """Whether a person must still decide who the officer is."""
        return self.standing == "undecided"

    @property
    def paid_for_near(self) -> Decimal:
        """What was paid for all those whom the officer may be, dollars."""
        return sum((match.paid for match in self.near), ZERO)

    @property
    def taken(self) -> Decimal:
        """What other claims of the batch take of the limit and nobody was paid yet, dollars."""
        return sum((take.amount for take in self.takes if not take.is_paid), ZERO)

    @property
    def paid_meanwhile(self) -> Decimal:
        """What was paid under other claims of the batch since it began, dollars: part of `paid_before`."""
        return sum((take.amount for take in self.takes if take.is_paid), ZERO)

    @property
    def opening(self) -> Decimal:
        """What was paid for the officer before the ledger was begun, dollars."""
        own = self.recorded.paid if self.recorded is not None else ZERO
        return (self.paid_before or ZERO) + own - sum((earlier.paid for earlier in self.claims), ZERO)

    def came_before(self, other: EarlierClaim) -> bool:
        """Whether another claim was there before this one: recorded before it, where this one stands on record."""
        own = self.recorded
        return own is None or not own.stands or 0 < other.number < own.number


class KnownSource(Protocol):
    """Who can say what is known around a claim; the ledger does."""

    def known(self, claim: Claim, sro: Chosen = None) -> Known:
        """What is known around a claim; of the officer whom a person chose, if one did."""
        ...


def canonical(claim: Claim) -> str:
    """A claim as one text, the same for equal claims: order of fields and days, spaces and defaults do not count."""
    fields = claim.in_order().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=256)
def as_stated(content: str) -> Claim:
    """The claim that a canonical text states. Raises LedgerError for one of another version of the program."""
    try:
        return Claim.model_validate_json(content, context=AS_RECORDED)
    except ValidationError:
        raise LedgerError(
            "a claim on record states what this version of the program does not know",
            mend="update the program; perdiem ledger verify names the claim",
        ) from None


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


def paper_key(number: str) -> str:
    """What tells a receipt, folio or ticket of one claim from its others, however its number is written.

    Of a label that only numbers the papers of the claim every sign counts, and the word before it.

    >>> paper_key("Folio 88-213") == paper_key("88213"), paper_key("r 8") == paper_key("R8")
    (True, True)
    >>> paper_key("R1-1") == paper_key("R11"), paper_key("Receipt 1") == paper_key("Invoice 1")
    (False, False)
    """
    return "".join(number.split()).upper() if is_label(number) else _number(number)


def fingerprints(claim: Claim) -> tuple[Fingerprint, ...]:
    """What a claim's documents, rooms, vehicles and unnumbered lines can be told again by; each document once."""
    merged: dict[tuple[str, str, str], Fingerprint] = {}
    for found in (*_of_nights(claim), *_of_rooms(claim), *_of_expenses(claim)):
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


def paid_for_same(claim: Claim, claims: Sequence[EarlierClaim], opening: Decimal) -> Decimal:
    """What was paid for the same expenses as a correction's: under the claims that it takes the place of.

    `opening` is what was paid before the ledger was begun. Of it counts what the correction says of the claim that it
    names, where that one is not on record; all of it where it says nothing.
    """
    recorded = (earlier for earlier in claims if not earlier.source)
    on_record = any(same_id(earlier.claim_id, claim.replaces or "") for earlier in recorded)
    if claim.kind != "corrected" or on_record:
        return paid_under_corrected(claim, claims)
    said = [one.amount for one in claim.previous_claims if same_id(one.claim_id, claim.replaces or "")]
    return min([opening, *said])


def vendors_alike(one: str, other: str) -> bool:
    """Whether two vendors' keys may be of one: the words that tell them apart are the same, or some more on one side.

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


def shows_one_officer(claim: Claim, sighting: Sighting) -> bool:
    """Whether a document of a claim, seen in a claim of another officer, speaks for one officer under two names.

    It does for a ticket, folio or receipt of the same course; not for a room that both say they shared, nor for an
    invoice of the agency, which may be for several officers. Rule `chp-cap`.
    """
    other = sighting.claim
    if sighting.same_sro or sighting.seen.kind not in ("ticket", "folio", "receipt"):
        return False
    if sighting.shared_on or not other.is_for_same_course(claim) or not other.content:
        return False
    return not (_is_invoice(claim, sighting.seen) or _is_invoice(as_stated(other.content), sighting.before))


def _is_invoice(claim: Claim, mark: Fingerprint) -> bool:
    """Whether a document is an invoice to the agency, by the words with its number, or of the agency itself."""
    agency = {name_key(claim.agency.name), name_key(claim.agency.payee or "")} - {""}
    if mark.vendor in agency:
        return True
    return any(_INVOICE.search(text) for text in _texts_of(claim, mark.lines))


def _texts_of(claim: Claim, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        number = int(line[1:]) - 1
        entry = claim.lodging[number] if line.startswith("N") else claim.expenses[number]
        yield entry.receipt or ""


def sighted(
    seen: Fingerprint, before: Fingerprint, stated: Claim, earlier: EarlierClaim, *, same_sro: bool
) -> Sighting | None:
    """That a fingerprint of a claim is one of an earlier claim too; None of a room of which both say the same."""
    if same_sro or seen.kind not in ("folio", "room"):
        return None if seen.kind == "room" else Sighting(seen, before, earlier, same_sro)
    other = as_stated(earlier.content)
    if seen.kind == "folio":
        return Sighting(seen, before, earlier, same_sro, nights_shared(stated, other))
    return Sighting(seen, before, earlier, same_sro) if seen.on in nights_at_odds(stated, other) else None


def nights_shared(one: Claim, other: Claim) -> frozenset[date]:
    """The nights of which both claims say that the two officers shared the room, by claim id or name.

    Rule `shared-room`.
    """
    return _nights_shared_with(one, other) & _nights_shared_with(other, one)


def _nights_shared_with(claim: Claim, other: Claim) -> frozenset[date]:
    return frozenset(night.night for night in claim.lodging if night.sharers > 1 and _is_shared_with(night, other))


def nights_at_odds(one: Claim, other: Claim) -> frozenset[date]:
    """The nights for which one of two claims names the other's officer as a sharer, and that one claims a whole room.

    It is one room only where both can have lodged in one place; nothing is claimed twice for a night that somebody
    else paid. Rule `shared-room`.
    """
    return _nights_denied(one, other) | _nights_denied(other, one)


def _nights_denied(naming: Claim, named: Claim) -> frozenset[date]:
    alone = {night.night: night for night in named.lodging if night.sharers == 1 and night.paid_by != "other"}
    return frozenset(
        night.night
        for night in naming.lodging
        if night.night in alone
        and night.paid_by != "other"
        and _names_officer_of(night, naming, named)
        and (_is_one_hotel(night, alone[night.night]) or _is_one_place(naming, named, night.night))
    )


def _is_shared_with(night: LodgingNight, other: Claim) -> bool:
    name = name_key(other.officer.name)
    return any(same_id(said, other.claim_id) or name_key(said) == name for said in night.shared_with)


def _names_officer_of(night: LodgingNight, naming: Claim, named: Claim) -> bool:
    """Whether a night names the officer of another claim: by name, or by the id of a claim of the same award.

    Another agency may number its claims alike.
    """
    is_of_award = award_key(naming.award.number) == award_key(named.award.number)
    name, by_id = name_key(named.officer.name), claim_key(named.claim_id)
    return any(name_key(said) == name or (is_of_award and claim_key(said) == by_id) for said in night.shared_with)


def _is_one_hotel(one: LodgingNight, other: LodgingNight) -> bool:
    name = name_key(one.hotel or "")
    return name != "" and name == name_key(other.hotel or "")


def _is_one_place(one: Claim, other: Claim, night: date) -> bool:
    """Whether two officers stopped in one city for a night, or under one ZIP."""
    return not _places_on(one, night).isdisjoint(_places_on(other, night))


def _places_on(claim: Claim, night: date) -> frozenset[str]:
    """What tells the place where an officer stopped for a night."""
    places = [stop.place for stop in claim.trip.stops if stop.arrived_on <= night < stop.departed_on]
    cities = (f"{place_key(one.city)}, {state_code(one.state or '')}" for one in places if one.city)
    return frozenset((*cities, *(one.zip[:5] for one in places if one.zip)))


class Listed(NamedTuple):
    """An officer of a roster as people read them, and the agency there, empty where none is named."""

    said: str
    agency: str = ""


def with_roster(known: Known, claim: Claim, listed: Mapping[SroKey, Listed]) -> Known:
    """What is known, with a roster: its officers, each under their key and as people read them.

    An officer counts as listed under any confirmed spelling. Who comes near is named for a person to decide.
    """
    own = SroKey.of(claim.award.number, claim.officer.name)
    found = [listed[key] for key in (own, *known.spellings) if key in listed]
    if found:
        agencies = tuple(PaidTo(one.agency, agency=one.agency) for one in found[:1] if one.agency)
        return replace(known, on_roster=True, near_on_roster=(), paid_to=agencies + known.paid_to)
    alike = {key: one.said for key, one in listed.items() if key.award == own.award or key.name == own.name}
    near = sorted(said for key, said in alike.items() if likeness(own, key))
    return replace(known, on_roster=False, near_on_roster=tuple(near))


def _of_nights(claim: Claim) -> Iterator[Fingerprint]:
    for index, night in enumerate(claim.lodging, start=1):
        if night.receipt and not is_label(night.receipt):
            paid = night.room_rate + night.tax + night.flat_tax
            vendor = name_key(night.hotel or "")
            yield Fingerprint("folio", _number(night.receipt), vendor, (f"N{index}",), night.night, paid)


def _of_rooms(claim: Claim) -> Iterator[Fingerprint]:
    """Who slept in each room: the officer, by name and claim id, and whom the claim names beside, by either.

    A claim's id is told from a name by its digits.
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
    return "".join(filter(str.isalnum, _BEFORE_NUMBER.sub("", plain_letters(text), count=1))).upper()
