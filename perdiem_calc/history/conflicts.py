"""Conflicts between a claim and the officer's other claims, and what they bar.

Each piece of travel is paid once. A supplement is for what the claim that it names left out; it is about the same
travel, so the same night, the same day's M&IE and the same drive can be claimed in it again. Documents do not show
that, since M&IE and mileage have none. Rules `lodging-ceiling`, `mie-first-last-day`, `pov-mileage`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from perdiem_calc.claims.documents import DOCUMENTS
from perdiem_calc.claims.model import Claim, Expense, LodgingNight, claim_key, same_id
from perdiem_calc.claims.names import award_key
from perdiem_calc.claims.receipts import has_document
from perdiem_calc.dated import Law
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.history.records import EarlierClaim, History, Sighting, as_stated, paid_for_same
from perdiem_calc.money import ZERO
from perdiem_calc.rules.chp import Block
from perdiem_calc.rules.days import days_that_earn, trip_shape
from perdiem_calc.rules.lines import index_of
from perdiem_calc.rules.outside import Bar, Outside
from perdiem_calc.text import Worded, harmless, on_one_line, some, some_worded, worded

DECIDE_ON_THAT = Worded(
    "decide on that one; this one is not paid in addition", "nothing to do, NASRO decides on that one"
)
"""What is done with a claim that another one corrects."""


class Rival(NamedTuple):
    """A claim that conflicts with this one, the field of this one that fixes it, and the message with the fix."""

    claim: EarlierClaim
    path: str
    why: Worded


def claim_in_words(other: EarlierClaim, claim: Claim) -> Worded:
    """Another claim as a reviewer finds it: its id, officer and travel, and where it is.

    The agency of `claim` reads its own claim's id, and of any other no more than that there is one.
    """
    where = f"in {harmless(other.source)}" if other.source else f"recorded {other.recorded_at[:10]}"
    officer = on_one_line(other.officer)
    found = f"claim {other.claim_id} of {officer} (travel {other.departed_on} to {other.returned_on}, {where})"
    is_own = award_key(other.award_number) == award_key(claim.award.number)
    return Worded(found, f"your claim {other.claim_id}" if is_own else "another claim")


@dataclass(frozen=True)
class Relations:
    """A claim and what is known around it."""

    claim: Claim
    known: History

    @cached_property
    def others(self) -> tuple[EarlierClaim, ...]:
        """The other claims of the officer: all but this very claim, where it is recorded."""
        own = self.known.recorded
        return tuple(one for one in self.known.claims if own is None or one.content_sha256 != own.content_sha256)

    @cached_property
    def rivals(self) -> tuple[Rival, ...]:
        """The officer's other claims that conflict with this one, each once.

        They are those of the same id, the one that corrects this one, another correction of the same claim, and those
        that are for the same course and do not go with this one.
        """
        found: dict[EarlierClaim, Rival] = {}
        for rival in (*self._of_same_id(), *self._corrections(), *self._of_same_course()):
            found.setdefault(rival.claim, rival)
        return tuple(found.values())

    @cached_property
    def beside(self) -> tuple[EarlierClaim, ...]:
        """The officer's earlier claims that count and do not conflict with this one."""
        rivals = {rival.claim for rival in self.rivals}
        return tuple(one for one in self.others if one.stands and self.known.came_before(one) and one not in rivals)

    @property
    def overlapping(self) -> tuple[EarlierClaim, ...]:
        """The other claims whose trip overlaps with this one's, and which do not go with it."""
        return tuple(one for one in self.beside if one.trip_overlaps(self.claim) and not self._goes_with(one))

    @property
    def going_with(self) -> tuple[EarlierClaim, ...]:
        """The claims of the officer that go with this one, were there first and were not sent back, in that order."""
        return tuple(
            one
            for one in self.others
            if one.verdict != "return" and self.known.came_before(one) and self._goes_with(one)
        )

    @property
    def unpaid(self) -> tuple[EarlierClaim, ...]:
        """The other claims of the same batch, on which no one has decided."""
        return tuple(one for one in self.beside if one.source)

    @property
    def goes_with_unknown(self) -> bool:
        """Whether the claim names one that the ledger does not have, and nothing was paid before the ledger."""
        named_there = any(same_id(one.claim_id, self.claim.replaces or "") for one in self.others)
        missing = self.claim.replaces is not None and not named_there
        return missing and self.known.has_ledger and not self.known.opening

    @cached_property
    def seen_before(self) -> tuple[Sighting, ...]:
        """Where documents, vehicles and lines of the claim were claimed before, in claims that count as well.

        A correction claims again what the replaced claim did, and so does a conflicting claim: that is no finding.
        """
        return self._counting(self.known.sightings)

    @cached_property
    def alike_before(self) -> tuple[Sighting, ...]:
        """Likewise what may be the same document or vehicle, for a person to decide."""
        return self._counting(self.known.alike)

    def _counting(self, sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
        rivals = {rival.claim for rival in self.rivals}
        return tuple(
            sighting
            for sighting in sightings
            if sighting.claim.stands
            and self.known.came_before(sighting.claim)
            and sighting.claim not in rivals
            and not self._replaces(sighting)
        )

    def _replaces(self, sighting: Sighting) -> bool:
        named_there = same_id(sighting.claim.claim_id, self.claim.replaces or "")
        return self.claim.kind == "corrected" and sighting.same_sro and named_there

    def _of_same_id(self) -> Iterator[Rival]:
        fix = ": give this one an id of its own, and say that it corrects that one."
        for other in self.others:
            if same_id(other.claim_id, self.claim.claim_id):
                sent_back = other.verdict == "return"
                said = "A claim of this id was sent back, " if sent_back else "Another claim has the same id, "
                yield Rival(other, "claim_id", self._worded(said, other, fix))

    def _corrections(self) -> Iterator[Rival]:
        correction, replaces = self.known.corrected_by, self.claim.replaces
        if correction is not None and self.known.recorded is None:
            yield Rival(
                correction,
                "claim_id",
                worded(
                    "This claim is corrected by ", claim_in_words(correction, self.claim), ": ", DECIDE_ON_THAT, "."
                ),
            )
        for other in self.others:
            is_second = other.kind == "corrected" and replaces is not None and same_id(other.replaces, replaces)
            if is_second and other.stands and self.known.came_before(other):
                said = f"Claim {on_one_line(other.replaces)} was corrected already, by "
                fix = ": name that one as the claim that this one goes with."
                yield Rival(other, "replaces", self._worded(said, other, fix))

    def _of_same_course(self) -> Iterator[Rival]:
        fix = ": if this claim corrects or supplements that one, say so and name it."
        for other in self.others:
            if other.stands and other.is_for_same_course(self.claim) and not self._goes_with(other):
                course = f"The course of {other.course_starts_on} to {other.course_ends_on}"
                said = f"{course} was claimed for this officer before, by "
                yield Rival(other, "kind", self._worded(said, other, fix))

    def _worded(self, before: str, other: EarlierClaim, after: str) -> Worded:
        return worded(before, claim_in_words(other, self.claim), after)

    def _goes_with(self, other: EarlierClaim) -> bool:
        return self._origin(other.claim_id) == self._origin(self.claim.claim_id)

    @cached_property
    def _steps(self) -> dict[str, str]:
        """From each claim that goes with another to that one, by id."""
        steps = {claim_key(one.claim_id): claim_key(one.replaces) for one in self.known.claims if one.replaces}
        if self.claim.replaces is not None:
            steps[claim_key(self.claim.claim_id)] = claim_key(self.claim.replaces)
        return steps

    def _origin(self, claim_id: str) -> str:
        """The id of the claim with which one goes in the end; of claims that go with one another in a circle, one."""
        at, passed = claim_key(claim_id), dict[str, None]()
        while at in self._steps:
            if at in passed:
                trail = list(passed)
                return min(trail[trail.index(at) :])
            passed[at] = None
            at = self._steps[at]
        return at


RESUBMITTED = "claim-resubmitted"
"""The check for a claim, or a part of one, that conflicts with another claim."""


class Piece(NamedTuple):
    """A piece of travel: a night, a calendar day's M&IE, or a drive on a day from one place to another."""

    kind: Literal["night", "day", "drive"]
    on: date
    start: str = ""
    end: str = ""


def claimed_before(relations: Relations, law: Law) -> dict[str, EarlierClaim]:
    """The lines of a claim (N1, D1, E1) whose piece of travel was claimed before, each with the claim that did.

    Of several claims the first one counts: nothing was paid for the piece in the later ones. A correction claims
    again what the claim that it replaces did, and what it leaves out is free again. A claim that conflicts with this
    one as a whole bars all of it, so its lines are left out here.
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

    If a reviewer paid another amount than the rules give, these are all its pieces: it is not known which were paid.
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


AS_COPY = "This very claim is in "
COPY_FIX = " too, and is decided on there: leave this one out."
"""The message that another file has the same claim: the words before and after that file's name."""


def outside_of(claim: Claim, known: History, law: Law) -> Outside:
    """The conflicts that a claim's history causes.

    Where a person must first decide whether the officer is one on record, both limits count as one: what was paid for
    the other is taken too, so far as the claim does not state it.
    """
    relations = Relations(claim, known)
    blocks = (*_not_on_roster(claim, known), *_resubmitted(relations), *_overlapping(relations))
    bars: dict[str, Bar] = {}
    for line, bar in (*_documents(relations), *_vehicles(relations), *_travel(relations, law)):
        bars.setdefault(line, bar)
    near = known.paid_for_near
    if known.counts_as_stated:
        return Outside(bars, blocks, taken=known.taken + max(ZERO, near - claim.previously_reimbursed))
    before = paid_for_same(claim, known.claims, known.opening)
    return Outside(bars, blocks, known.paid_before, before, known.taken + near)


def _not_on_roster(claim: Claim, known: History) -> Iterator[Block]:
    if known.on_roster is False:
        who = f"{on_one_line(claim.officer.name)}, award {on_one_line(claim.award.number)}"
        near = f" (near it: {some(known.near_on_roster)})" if known.near_on_roster else ""
        why = worded(
            f"The officer {who}, is not on the roster",
            Worded(near, ""),
            ": correct the name or the award number, or have NASRO decide whether the position is funded.",
        )
        yield Block.worded("not-on-roster", "chp-cap", "officer.name", why)


def _resubmitted(relations: Relations) -> Iterator[Block]:
    rule = "chp-itemized-claim"
    copy_of = relations.known.copy_of
    if copy_of:
        why = worded(AS_COPY, Worded(harmless(copy_of), "another file"), COPY_FIX)
        yield Block.worded(RESUBMITTED, rule, "claim_id", why)
    elif relations.rivals:
        rival = relations.rivals[0]
        yield Block.worded(RESUBMITTED, rule, rival.path, rival.why)


def _overlapping(relations: Relations) -> Iterator[Block]:
    found = [claim_in_words(other, relations.claim) for other in relations.overlapping]
    if found:
        trip = relations.claim.trip
        why = worded(
            f"The travel of {trip.departed_on} to {trip.returned_on} overlaps another of this officer, ",
            some_worded(found),
            ": correct the dates of one of them.",
        )
        yield Block.worded("trips-overlap", "chp-itemized-claim", "trip.departed_at", why)


def _documents(relations: Relations) -> Iterator[tuple[str, Bar]]:
    sightings = [sighting for sighting in relations.seen_before if sighting.seen.kind in DOCUMENTS]
    sharing = Counter(night for sighting in sightings for night in sighting.shared_on)
    for sighting in sightings:
        for line in sighting.seen.lines:
            entry = _entry(relations.claim, line)
            if isinstance(entry, Expense):
                is_ticket = sighting.seen.kind == "ticket" and entry.ticket is not None
                yield line, _document_bar(relations.claim, sighting, "ticket" if is_ticket else "receipt")
            elif entry.night not in sighting.shared_on or sharing[entry.night] >= entry.sharers:
                yield line, _document_bar(relations.claim, sighting, "receipt")


def _document_bar(claim: Claim, sighting: Sighting, field: str) -> Bar:
    kind, number = sighting.seen.kind, on_one_line(sighting.seen.value)
    if kind == "folio" and not sighting.same_sro:
        fix = (
            "leave it out; if the officers shared the room, each names the other in the claim, and how many shared it"
        )
    elif sighting.same_sro:
        fix = "leave it out; if it carries another cost too, correct that claim instead"
    else:
        fix = "leave it out, or correct the number"
    other = claim_in_words(sighting.claim, claim)
    why = worded(f"{kind} {number} was claimed before, in ", other, f": {fix}")
    return Bar("duplicate-document", "receipts", why, field)


def _vehicles(relations: Relations) -> Iterator[tuple[str, Bar]]:
    """Mileage of a vehicle for which another officer claims it: whoever rides along is paid none."""
    undecided = {match.key for match in relations.known.near}
    for sighting in relations.seen_before:
        other = sighting.claim
        is_other_officer = not sighting.same_sro and other.key not in undecided
        if sighting.seen.kind == "vehicle" and is_other_officer and other.is_for_same_course(relations.claim):
            plate = sighting.seen.value.split()[0]
            why = worded(
                f"mileage of the vehicle {on_one_line(plate)} on that day is claimed by another officer, in ",
                claim_in_words(other, relations.claim),
                ", and one is paid for each vehicle: leave it out, or correct the plate",
            )
            for line in sighting.seen.lines:
                yield line, Bar("second-payee-vehicle", "pov-one-payee", why, "plate")


def _travel(relations: Relations, law: Law) -> Iterator[tuple[str, Bar]]:
    """Nights, days of M&IE and drives that a claim which this one goes with claimed before."""
    days = list(relations.claim.trip.days())
    for line, earlier in claimed_before(relations, law).items():
        said = worded("is paid once, and it was claimed before in ", claim_in_words(earlier, relations.claim))
        correct = "or correct that claim if"
        if line.startswith("N"):
            why = worded("a night ", said, f": leave the night out, {correct} another amount is right")
            yield line, Bar(RESUBMITTED, "lodging-ceiling", why, "night")
        elif line.startswith("D"):
            fix = "state 0.00 under M&IE paid for the day"
            why = worded("M&IE of a calendar day ", said, f": {fix}, {correct} another amount is right")
            yield line, Bar(RESUBMITTED, "mie-first-last-day", why, f"mie_paid.{days[index_of(line)]}")
        else:
            why = worded("a drive ", said, f": leave the drive out, {correct} it was driven again on that day")
            yield line, Bar(RESUBMITTED, "pov-mileage", why)


def _entry(claim: Claim, line: str) -> LodgingNight | Expense:
    return claim.lodging[index_of(line)] if line.startswith("N") else claim.expenses[index_of(line)]
