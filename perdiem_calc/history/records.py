"""What is known around a claim: what was paid for the officer, earlier claims, documents seen before, the roster.

The ledger answers with these values, and so may a batch of claims; a check reads them and never asks where they
come from. Amounts are dollars.

>>> str(NearMatch(7, "A-5", "Jordan Reyes", "same award, nickname"))
'7: Jordan Reyes, award A-5 (same award, nickname)'
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

from perdiem_calc.claims.documents import Fingerprint
from perdiem_calc.claims.fields import AS_RECORDED
from perdiem_calc.claims.model import Claim, Kind, LodgingNight, claim_key, same_id
from perdiem_calc.claims.names import award_key, name_key
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.identity import OfficerKey, likeness
from perdiem_calc.history.payees import PaidTo
from perdiem_calc.money import ZERO
from perdiem_calc.rates.places import place_key, state_code
from perdiem_calc.text import on_one_line

Verdict = Literal["accept", "adjust", "return"]
"""What a reviewer decides: pay what the rules give, pay another amount, or send it back unpaid."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Standing = Literal["recorded", "new", "undecided"]
Chosen = int | Literal["new"] | None
"""The officer whom a person chose: an SRO by number, a new one, or None for no choice."""

OFFICER_MAY_BE_KNOWN = "officer-may-be-known"
"""The check of a claim whose officer may be one known already: a person decides before anything is paid."""

SAME_DOCUMENT = "same {kind} {number} for the same course"
"""Why two officers may be one: a document that two claims share."""

_INVOICE = re.compile(r"\b(?:invoice|inv|direct bill|master (?:bill|account|folio))\b", re.I)


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim recorded before, or given together with this one and earlier than it.

    `paid` is what was paid under it, less what was recovered. `superseded_by` is the claim id of the correction that
    replaced it, empty while it counts. `number` counts the ledger's claims in the order of recording, `sro` is the
    ledger's number of the officer. A claim of the same batch has its file as `source`; it is not recorded, and its
    amounts are zero. `content` is the claim as it was stated, in its canonical text; empty if it was not kept.
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
    def key(self) -> OfficerKey:
        """The key of its officer, as first written."""
        return OfficerKey.of(self.award_number, self.officer)

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
    def key(self) -> OfficerKey:
        """The officer's key."""
        return OfficerKey.of(self.award_number, self.officer)

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
class Attendee:
    """An officer on an attendance list: the class, the day it was completed, and the hours attended."""

    class_id: str
    officer: str
    agency: str
    completed_on: date
    hours: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """What attendance lists have about a claim: whether its class is on one, its officer's entries, and who is near.

    Without a class in the claim, `has_class` is whether a class was completed on the day that it states.
    """

    has_class: bool
    found: tuple[Attendee, ...] = ()
    near: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A claim's history: what the ledger, the other claims of its batch and the roster have on its officer.

    `standing`: the officer is `recorded`, `new`, or `undecided`: a person must decide whether it is one of those in
    `near`, also where the ledger has the officer under this name. `paid_before` is everything paid for the officer
    but what this claim itself was paid; None where no ledger was asked. `on_roster` is None where there is no roster.
    `alike` are sightings of what may be the same document or vehicle, for a person to decide. `recorded` is this
    very claim, if it was recorded; `sro` the number of a recorded officer, 0 of another; `spellings` are all
    confirmed ones of a recorded officer, the first one first. `apart` are the keys of officers of whom a person
    decided that they are others. `paid_to` is who was paid for the agency by the roster and by earlier claims, the
    latest last. `attendance` is None where there is no attendance list.

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
    spellings: tuple[OfficerKey, ...] = ()
    copy_of: str = ""
    corrected_by: EarlierClaim | None = None
    sro: int = 0
    apart: frozenset[OfficerKey] = frozenset()
    paid_to: tuple[PaidTo, ...] = ()
    takes: tuple[Take, ...] = ()
    attendance: Attendance | None = None
    of_ledger: History | None = field(default=None, compare=False, repr=False)

    @property
    def has_ledger(self) -> bool:
        """Whether a ledger was asked."""
        return self.paid_before is not None

    @property
    def is_undecided_on_record(self) -> bool:
        """Whether the officer may be one on record, so that it is not known what was paid for them."""
        return any(match.sro for match in self.near)

    @property
    def counts_as_stated(self) -> bool:
        """Whether it is not known what was paid for the officer, so that what the claim states counts."""
        return self.paid_before is None or (self.is_undecided_on_record and not self.spellings)

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
        """What other claims of the batch take of the limit and is not paid yet, dollars."""
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
        """Whether another claim came before this one: recorded before it, if this one is on record."""
        own = self.recorded
        return own is None or not own.stands or 0 < other.number < own.number


class HistorySource(Protocol):
    """A source of claims' histories, such as the ledger."""

    def known(self, claim: Claim, sro: Chosen = None) -> History:
        """The history of a claim; of the officer whom a person chose, if one did."""
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
            "ledger.entry.newer",
            "a claim on record states what this version of the program does not know",
            fix="update the program; perdiem ledger verify names the claim",
        ) from None


def content_sha256(content: str) -> str:
    """The digest of a canonical claim, by which it is known again.

    >>> content_sha256("{}")[:12]
    '44136fa355b3'
    """
    return hashlib.sha256(content.encode()).hexdigest()


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
    """What was paid for the same expenses as a correction's: under the claims that it replaces.

    `opening` is what was paid before the ledger was begun. If the claim that the correction names is not on record,
    what the correction states for it counts, or all of `opening` if it states nothing.
    """
    recorded = (earlier for earlier in claims if not earlier.source)
    on_record = any(same_id(earlier.claim_id, claim.replaces or "") for earlier in recorded)
    if claim.kind != "corrected" or on_record:
        return paid_under_corrected(claim, claims)
    said = [one.amount for one in claim.previous_claims if same_id(one.claim_id, claim.replaces or "")]
    return min([opening, *said])


def shows_one_officer(claim: Claim, sighting: Sighting) -> bool:
    """Whether a document of a claim, seen in a claim of another officer, speaks for one officer under two names.

    It does for a ticket, folio or receipt of the same course; not for a room that both claims say was shared, nor for
    what both claims call an invoice of the agency, which may be for several officers. Rule `chp-cap`.
    """
    other = sighting.claim
    if sighting.same_sro or sighting.seen.kind not in ("ticket", "folio", "receipt"):
        return False
    if sighting.shared_on or not other.is_for_same_course(claim) or not other.content:
        return False
    is_of_both = _is_invoice(claim, sighting.seen) and _is_invoice(as_stated(other.content), sighting.before)
    return sighting.seen.kind == "ticket" or not is_of_both


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
    """A fingerprint that an earlier claim has too; None for a room on which both claims agree."""
    if same_sro or seen.kind not in ("folio", "room"):
        return None if seen.kind == "room" else Sighting(seen, before, earlier, same_sro)
    other = as_stated(earlier.content)
    if seen.kind == "folio":
        return Sighting(seen, before, earlier, same_sro, nights_shared(stated, other))
    return Sighting(seen, before, earlier, same_sro) if seen.on in nights_at_odds(stated, other) else None


def nights_shared(one: Claim, other: Claim) -> frozenset[date]:
    """The nights on which both claims state that the two officers shared the room, by claim id or name.

    Rule `shared-room`.
    """
    return _nights_shared_with(one, other) & _nights_shared_with(other, one)


def _nights_shared_with(claim: Claim, other: Claim) -> frozenset[date]:
    return frozenset(night.night for night in claim.lodging if night.sharers > 1 and _is_shared_with(night, other))


def nights_at_odds(one: Claim, other: Claim) -> frozenset[date]:
    """The nights for which one of two claims names the other's officer as a sharer, and that one claims a whole room.

    It is one room only if both can have lodged in one place; nothing is claimed twice for a night that another
    party paid. Rule `shared-room`.
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
    """The key of the place where an officer spent a night."""
    places = [stop.place for stop in claim.trip.stops if stop.arrived_on <= night < stop.departed_on]
    cities = (f"{place_key(one.city)}, {state_code(one.state or '')}" for one in places if one.city)
    return frozenset((*cities, *(one.zip[:5] for one in places if one.zip)))


class Listed(NamedTuple):
    """An officer of a roster as people read them, and the agency there, empty where none is named."""

    said: str
    agency: str = ""


def with_roster(known: History, claim: Claim, listed: Mapping[OfficerKey, Listed]) -> History:
    """What is known, with a roster: its officers, each under their key and as people read them.

    An officer counts as listed under any confirmed spelling. Who comes near is named for a person to decide.
    """
    own = OfficerKey.of(claim.award.number, claim.officer.name)
    found = [listed[key] for key in (own, *known.spellings) if key in listed]
    if found:
        agencies = tuple(PaidTo(one.agency, agency=one.agency) for one in found[:1] if one.agency)
        return replace(known, on_roster=True, near_on_roster=(), paid_to=agencies + known.paid_to)
    alike = {key: one.said for key, one in listed.items() if key.award == own.award or key.name == own.name}
    near = sorted(said for key, said in alike.items() if likeness(own, key))
    return replace(known, on_roster=False, near_on_roster=tuple(near))
