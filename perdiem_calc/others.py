"""What bars a claim, or lines of it, because of the officer's other claims and the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from perdiem_calc.chp import Block
from perdiem_calc.claim import Claim, Expense, LodgingNight
from perdiem_calc.claimed import RESUBMITTED, claimed_before
from perdiem_calc.documents import DOCUMENTS
from perdiem_calc.known import Known, Sighting, paid_for_same
from perdiem_calc.lines import index_of
from perdiem_calc.money import ZERO
from perdiem_calc.outside import Bar, Outside
from perdiem_calc.parameters import Law
from perdiem_calc.plain_text import harmless
from perdiem_calc.relations import Relations, claim_in_words
from perdiem_calc.wording import on_one_line, some

AS_COPY = "This very claim is in "
COPY_MEND = " too, and is decided on there: leave this one out."
"""How it is said of a file that another one has the same claim: before that one's name, and after it."""


def outside_of(claim: Claim, known: Known, law: Law) -> Outside:
    """What is known around a claim, as what stands against it.

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


def _not_on_roster(claim: Claim, known: Known) -> Iterator[Block]:
    if known.on_roster is False:
        who = f"{on_one_line(claim.officer.name)}, award {on_one_line(claim.award.number)}"
        near = f" (near it: {some(known.near_on_roster)})" if known.near_on_roster else ""
        yield Block(
            "not-on-roster",
            "chp-cap",
            "officer.name",
            f"The officer {who}, is not on the roster{near}: correct the name or the award number, or have NASRO "
            "decide whether the position is funded.",
        )


def _resubmitted(relations: Relations) -> Iterator[Block]:
    rule = "chp-itemized-claim"
    copy_of = relations.known.copy_of
    if copy_of:
        why = f"{AS_COPY}{harmless(copy_of)}{COPY_MEND}"
        yield Block(RESUBMITTED, rule, "claim_id", why)
    elif relations.rivals:
        rival = relations.rivals[0]
        yield Block(RESUBMITTED, rule, rival.path, rival.why)


def _overlapping(relations: Relations) -> Iterator[Block]:
    found = [claim_in_words(other) for other in relations.overlapping]
    if found:
        trip = relations.claim.trip
        yield Block(
            "trips-overlap",
            "chp-itemized-claim",
            "trip.departed_at",
            f"The travel of {trip.departed_on} to {trip.returned_on} overlaps another of this officer, {some(found)}"
            ": correct the dates of one of them.",
        )


def _documents(relations: Relations) -> Iterator[tuple[str, Bar]]:
    sightings = [sighting for sighting in relations.seen_before if sighting.seen.kind in DOCUMENTS]
    sharing = Counter(night for sighting in sightings for night in sighting.shared_on)
    for sighting in sightings:
        for line in sighting.seen.lines:
            entry = _entry(relations.claim, line)
            if isinstance(entry, Expense):
                is_ticket = sighting.seen.kind == "ticket" and entry.ticket is not None
                yield line, _document_bar(sighting, "ticket" if is_ticket else "receipt")
            elif entry.night not in sighting.shared_on or sharing[entry.night] >= entry.sharers:
                yield line, _document_bar(sighting, "receipt")


def _document_bar(sighting: Sighting, field: str) -> Bar:
    kind, number = sighting.seen.kind, on_one_line(sighting.seen.value)
    if kind == "folio" and not sighting.same_sro:
        mend = (
            "leave it out; if the officers shared the room, each names the other in the claim, and how many shared it"
        )
    elif sighting.same_sro:
        mend = "leave it out; if it carries another cost too, correct that claim instead"
    else:
        mend = "leave it out, or correct the number"
    why = f"{kind} {number} was claimed before, in {claim_in_words(sighting.claim)}: {mend}"
    return Bar("duplicate-document", "receipts", why, field)


def _vehicles(relations: Relations) -> Iterator[tuple[str, Bar]]:
    """Mileage of a vehicle for which another officer claims it: whoever rides along is paid none."""
    undecided = {match.key for match in relations.known.near}
    for sighting in relations.seen_before:
        other = sighting.claim
        is_other_officer = not sighting.same_sro and other.key not in undecided
        if sighting.seen.kind == "vehicle" and is_other_officer and other.is_for_same_course(relations.claim):
            plate = sighting.seen.value.split()[0]
            why = (
                f"mileage of the vehicle {on_one_line(plate)} on that day is claimed by another officer, in "
                f"{claim_in_words(other)}, and one is paid for each vehicle: leave it out, or correct the plate"
            )
            for line in sighting.seen.lines:
                yield line, Bar("second-payee-vehicle", "pov-one-payee", why, "plate")


def _travel(relations: Relations, law: Law) -> Iterator[tuple[str, Bar]]:
    """Nights, days of M&IE and drives that a claim which this one goes with claimed before."""
    days = list(relations.claim.trip.days())
    for line, earlier in claimed_before(relations, law).items():
        said = f"is paid once, and it was claimed before in {claim_in_words(earlier)}"
        correct = "or correct that claim if"
        if line.startswith("N"):
            why = f"a night {said}: leave the night out, {correct} another amount is right"
            yield line, Bar(RESUBMITTED, "lodging-ceiling", why, "night")
        elif line.startswith("D"):
            mend = "state 0.00 under M&IE paid for the day"
            why = f"M&IE of a calendar day {said}: {mend}, {correct} another amount is right"
            yield line, Bar(RESUBMITTED, "mie-first-last-day", why, f"mie_paid.{days[index_of(line)]}")
        else:
            why = f"a drive {said}: leave the drive out, {correct} it was driven again on that day"
            yield line, Bar(RESUBMITTED, "pov-mileage", why)


def _entry(claim: Claim, line: str) -> LodgingNight | Expense:
    return claim.lodging[index_of(line)] if line.startswith("N") else claim.expenses[index_of(line)]
