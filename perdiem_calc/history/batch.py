"""A batch of claims: the conflicts of each with the others, and what they take of one limit.

Of two claims for the same travel, the earlier one counts: by the day received, else submitted, else prepared, then by
claim id, then by the name of the file, so the order of the files does not matter. Claims on record come first.

All claims of an officer in a batch share one limit. Payable claims take from it first, in the order of receipt; then
claims whose officer a person must still identify; then what a claim on record would be paid beyond what it was paid;
then what a blocked claim would be paid once it is fixed. So the batch never promises an officer more than one limit.
Rule `chp-cap`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from perdiem_calc.claims.documents import DOCUMENTS, Fingerprint, fingerprints
from perdiem_calc.claims.model import Claim, claim_key, same_id
from perdiem_calc.history.conflicts import RESUBMITTED
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.payees import PaidTo
from perdiem_calc.history.people import People, Person, resemblance, what_differs
from perdiem_calc.history.records import (
    SAME_DOCUMENT,
    EarlierClaim,
    History,
    NearMatch,
    Sighting,
    Take,
    canonical,
    content_sha256,
    shows_one_officer,
    sighted,
)
from perdiem_calc.money import ZERO
from perdiem_calc.rules.itemize import ItemizedClaim

MOST_OWNERS = 20
"""At most so many claims of one document are remembered: one is enough to bar it, and a room has no more sharers."""
MOST_NEAR = 5
"""A message lists at most so many officers who may be the same person."""

Officer = OfficerKey | int
"""The key of an officer; a number if the award or the name has no letter, so that it matches no other."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A claim as submitted: its file, and its history from the ledger; None if no ledger was asked.

    `recorded_since` says that this very claim was recorded after the batch began.
    """

    source: str
    claim: Claim
    ledger: History | None = None
    recorded_since: bool = False

    @property
    def is_recorded(self) -> bool:
        """Whether this very claim is in the ledger."""
        return self.ledger is not None and self.ledger.recorded is not None


def known_together(submitted: Sequence[Submitted]) -> tuple[History, ...]:
    """The history of each claim of a batch, in their order, with that from the ledger.

    The work grows with the number of claims alone.
    """
    ones = [_one(number, given) for number, given in enumerate(submitted)]
    _tell(sorted(ones, key=lambda one: _place_in_order(one.given, one.earlier)))
    return tuple(joined(one.given.ledger, one.known) for one in ones)


def counted_in_order(submitted: Sequence[Submitted]) -> list[int]:
    """The numbers of the claims given together, in the order in which they count."""
    places = [_place_in_order(given, as_earlier(given)) for given in submitted]
    return sorted(range(len(places)), key=places.__getitem__)


def joined(ledger: History | None, together: History) -> History:
    """The ledger's history and that of the batch as one. The roster and the attendance lists are the ledger's."""
    if ledger is None:
        return together
    near = _with(ledger.near, together.near)
    return replace(
        ledger,
        standing="undecided" if near else ledger.standing,
        near=near,
        claims=ledger.claims + together.claims,
        sightings=ledger.sightings + together.sightings,
        alike=ledger.alike + together.alike,
        copy_of=together.copy_of,
        corrected_by=together.corrected_by,
        paid_to=ledger.paid_to + together.paid_to,
        of_ledger=ledger,
    )


@dataclass(slots=True)
class _One:
    """A claim of the batch: its officer, how the others see it, and its conflicts with them."""

    given: Submitted
    officer: Officer
    earlier: EarlierClaim
    marks: tuple[Fingerprint, ...]
    person: Person
    known: History = field(default_factory=lambda: History("new"))

    @property
    def key(self) -> tuple[Officer, str]:
        """The key of a claim among its officer's claims: its id."""
        return self.officer, claim_key(self.earlier.claim_id)

    @property
    def on_record(self) -> History | None:
        """The ledger's history if it has the officer, else None."""
        ledger = self.given.ledger
        return ledger if ledger is not None and ledger.spellings else None


def as_earlier(given: Submitted) -> EarlierClaim:
    """A claim of the batch as the others see it: not recorded, with amounts of zero."""
    claim = given.claim
    content = canonical(claim)
    return EarlierClaim(
        claim_id=claim.claim_id,
        kind=claim.kind,
        replaces=claim.replaces or "",
        officer=claim.officer.name,
        award_number=claim.award.number,
        agency=claim.agency.name,
        course_title=claim.course.title,
        course_starts_on=claim.course.starts_on,
        course_ends_on=claim.course.ends_on,
        class_id=claim.course.class_id or "",
        departed_on=claim.trip.departed_on,
        returned_on=claim.trip.returned_on,
        claimed=ZERO,
        allowable=ZERO,
        verdict="accept",
        paid=ZERO,
        superseded_by="",
        content_sha256=content_sha256(content),
        recorded_at="",
        recorded_by="",
        source=given.source,
        content=content,
    )


def _one(number: int, given: Submitted) -> _One:
    earlier, spellings = as_earlier(given), given.ledger.spellings if given.ledger is not None else ()
    key = spellings[0] if spellings else earlier.key
    return _One(
        given,
        key if key.award and key.name else number,
        earlier,
        fingerprints(given.claim),
        Person.of(given.claim),
    )


def _place_in_order(given: Submitted, earlier: EarlierClaim) -> tuple[object, ...]:
    claim = given.claim
    came_on = claim.received_on or claim.counted_on
    return not given.is_recorded, came_on, claim.claim_id, given.source, earlier.content_sha256


def _tell(in_order: Sequence[_One]) -> None:
    """Record each claim's conflicts with earlier claims in the batch. Recorded claims are left to the ledger."""
    first: dict[tuple[Officer, str], _One] = {}
    for one in in_order:
        first.setdefault((one.officer, one.earlier.content_sha256), one)
    _mark_corrected([one for one in first.values() if not one.given.is_recorded])
    claims: dict[Officer, list[EarlierClaim]] = defaultdict(list)
    paid_to: dict[str, dict[PaidTo, None]] = defaultdict(dict)
    documents, people = _Documents(), People[_One]()
    nearness: dict[Officer, tuple[NearMatch, ...]] = {}
    for one in in_order:
        same = first[one.officer, one.earlier.content_sha256]
        if same is not one:
            one.known = replace(one.known, copy_of=same.given.source)
        elif not one.given.is_recorded:
            seen = list(documents.seen(one, Fingerprint.is_of_same_document))
            alike = list(documents.seen(one, Fingerprint.is_like))
            # What is open of an officer's first claim is open of all that follow.
            met = nearness.get(one.officer)
            near = _with(met or (), _near(one, people, seen, is_met=met is not None))
            nearness[one.officer] = near
            one.known = replace(
                one.known,
                standing="undecided" if near else "new",
                near=near,
                claims=tuple(claims[one.officer]),
                sightings=tuple(sighting for sighting, _ in seen),
                alike=tuple(sighting for sighting, _ in alike),
                paid_to=tuple(dict.fromkeys(was for key in sorted(one.person.agencies) for was in paid_to[key])),
            )
            if one.earlier.stands:
                own = PaidTo.of(one.given.claim)
                for key in one.person.agencies:
                    paid_to[key].pop(own, None)
                    paid_to[key] |= {own: None}
            claims[one.officer].append(one.earlier)
            documents.enter(one)
            if isinstance(one.officer, OfficerKey):
                people.enter(one.person, one)


def _mark_corrected(ones: Sequence[_One]) -> None:
    corrections: dict[tuple[Officer, str], _One] = {}
    for one in ones:
        if one.earlier.kind == "corrected":
            corrections.setdefault((one.officer, claim_key(one.earlier.replaces)), one)
    corrected = [(one, corrections[one.key]) for one in ones if corrections.get(one.key, one) is not one]
    for one, correction in corrected:
        one.earlier = replace(one.earlier, superseded_by=correction.earlier.claim_id)
    for one, correction in corrected:
        one.known = replace(one.known, corrected_by=correction.earlier)


class _Owner(NamedTuple):
    """A claim that has a document."""

    mark: Fingerprint
    one: _One


class _Documents:
    """The documents, rooms, vehicles and unnumbered lines of claims, by their keys, then by vendor."""

    def __init__(self) -> None:
        self._owners: dict[tuple[object, ...], dict[str, list[_Owner]]] = defaultdict(lambda: defaultdict(list))

    def enter(self, one: _One) -> None:
        """Remember the documents of a claim that counts."""
        if one.earlier.stands:
            for mark in one.marks:
                owners = self._owners[_told_by(mark, one)][mark.vendor]
                if len(owners) < MOST_OWNERS:
                    owners.append(_Owner(mark, one))

    def seen(self, one: _One, is_same: Callable[[Fingerprint, Fingerprint], bool]) -> Iterator[tuple[Sighting, _One]]:
        """Where a claim's documents, or those that may be the same, were seen before, and in which claim."""
        for mark in one.marks:
            for owners in self._owners.get(_told_by(mark, one), {}).values():
                for before, other in owners:
                    if is_same(mark, before):
                        same_sro = one.officer == other.officer
                        found = sighted(mark, before, one.given.claim, other.earlier, same_sro=same_sro)
                        if found is not None:
                            yield found, other


def _told_by(mark: Fingerprint, one: _One) -> tuple[object, ...]:
    """Documents are compared by number, whatever their kind; unnumbered lines within one officer's claims alone.

    Every taxi costs $34.00 somewhere.
    """
    if mark.kind in DOCUMENTS:
        return (mark.bare,)
    return (mark.kind, mark.value, one.officer) if mark.kind == "line" else (mark.kind, mark.value)


def _near(
    one: _One, people: People[_One], seen: Sequence[tuple[Sighting, _One]], *, is_met: bool
) -> tuple[NearMatch, ...]:
    """Whom of those given before the officer of a claim may be: by name, by employee id, by a document of both.

    A name is compared once: not of an officer who `is_met` already, nor with one on record, whom the ledger compares.
    Of officers of whom a person decided that they are others nothing is asked.
    """
    if isinstance(one.officer, int):
        return ()
    found: dict[Officer, NearMatch] = {}
    for other, _ in people.near(one.person):
        is_compared = is_met or one.on_record is not None or other.on_record is not None
        why = resemblance(one.person, other.person, by_name=not is_compared)
        if why is not None and _may_be(one, other):
            found.setdefault(other.officer, _match(other, why.same, why.differs))
    for sighting, other in seen:
        if shows_one_officer(one.given.claim, sighting) and _may_be(one, other):
            document = SAME_DOCUMENT.format(kind=sighting.seen.kind, number=sighting.seen.value)
            match = found.get(other.officer) or _match(other, "", what_differs(one.person, other.person))
            if document not in match.why:
                found[other.officer] = replace(match, why="; ".join(filter(None, (match.why, document))))
    return tuple(found.values())[:MOST_NEAR]


def _with(first: tuple[NearMatch, ...], others: tuple[NearMatch, ...]) -> tuple[NearMatch, ...]:
    """Near matches with others of other officers."""
    met = {match.key for match in first}
    return first + tuple(match for match in others if match.key not in met)


def _may_be(one: _One, other: _One) -> bool:
    """Whether it is open if two officers are one person."""
    if one.officer == other.officer or isinstance(other.officer, int):
        return False
    return not any(
        mine.on_record is not None and theirs.officer in mine.on_record.apart
        for mine, theirs in ((one, other), (other, one))
    )


def _match(other: _One, why: str, differs: str) -> NearMatch:
    sro = other.on_record.sro if other.on_record is not None else 0
    return NearMatch(sro, other.earlier.award_number, other.earlier.officer, why, differs=differs)


Itemize = Callable[[int], ItemizedClaim | None]
"""Itemizes the claim of that number with what is known around it; None where it cannot be computed."""


def with_takes(submitted: Sequence[Submitted], known: Sequence[History], itemize: Itemize) -> tuple[History, ...]:
    """What is known around each claim of a batch, with what the others take of the limit that they share."""
    sharing = _sharing(submitted, known)
    since = _recorded_since(submitted)
    found = [replace(one, takes=tuple(_paid_since(one, since))) for one in known]
    itemized = {number: one for number in sharing if (one := itemize(number)) is not None}
    in_order = [number for number in counted_in_order(submitted) if number in itemized]
    amounts: dict[int, Decimal] = {}
    for number in sorted(in_order, key=lambda number: _turn(known[number], itemized[number])):
        takes = tuple(_takes(number, sharing[number], amounts, submitted, known[number]))
        found[number] = replace(found[number], takes=found[number].takes + takes)
        amounts[number] = _promised(found[number], itemized[number])
    return tuple(found)


def _sharing(submitted: Sequence[Submitted], known: Sequence[History]) -> Mapping[int, Collection[int]]:
    """With which others each claim shares a limit: those of its officer, and of all whom its officer may be."""
    keys = [
        {OfficerKey.of(one.claim.award.number, one.claim.officer.name), *its.spellings}
        for one, its in zip(submitted, known, strict=True)
    ]
    having: dict[OfficerKey, list[int]] = defaultdict(list)
    for number, own in enumerate(keys):
        for key in own:
            if key.award and key.name:
                having[key].append(number)
    found: dict[int, set[int]] = defaultdict(set)
    for number, its in enumerate(known):
        for key in (*keys[number], *(match.key for match in its.near)):
            for other in having.get(key, ()):
                if other != number:
                    found[number].add(other)
                    found[other].add(number)
    return found


def _recorded_since(submitted: Sequence[Submitted]) -> set[str]:
    """The contents of the claims of the batch that were recorded since it began."""
    answers = [one.ledger for one in submitted if one.recorded_since and one.ledger is not None]
    return {ledger.recorded.content_sha256 for ledger in answers if ledger.recorded is not None}


def _paid_since(known: History, since: Collection[str]) -> Iterator[Take]:
    """What was paid for the officer under other claims of the batch since it began."""
    for earlier in known.claims:
        if earlier != known.recorded and earlier.content_sha256 in since and earlier.paid:
            yield Take(earlier, earlier.paid, is_paid=True)


def _turn(known: History, itemized: ItemizedClaim) -> int:
    """When a claim's turn comes; among those with one turn the order of receipt decides."""
    if itemized.blocks:
        return 4 if any(block.check == RESUBMITTED for block in itemized.blocks) else 3
    return 2 if known.recorded is not None else int(known.is_identity_open)


def _takes(
    number: int,
    others: Collection[int],
    amounts: Mapping[int, Decimal],
    submitted: Sequence[Submitted],
    known: History,
) -> Iterator[Take]:
    """What is gone for a claim, less what it states itself as paid under such a claim, where that counts."""
    for other, amount in amounts.items():
        if other in others:
            earlier = as_earlier(submitted[other])
            paid = submitted[number].claim.previous_claims if known.counts_as_stated else ()
            stated = sum(one.amount for one in paid if same_id(one.claim_id, earlier.claim_id))
            if amount > stated:
                yield Take(earlier, amount - stated)


def _promised(known: History, itemized: ItemizedClaim) -> Decimal:
    """What a claim takes: what is payable, or would be once what blocks it is fixed; of one on record the rest."""
    if not all(block.fixable for block in itemized.blocks):
        return ZERO
    within = itemized.within_limit_if(taken=itemized.outside.taken + known.taken)
    return max(ZERO, within - (known.recorded.paid if known.recorded is not None else ZERO))
