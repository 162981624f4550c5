"""Claims given together: what each one is to the others, and that joined with what the ledger tells.

Of two claims that claim the same, the earlier one counts: by the day received, else submitted, else prepared, then
by claim id, then by the name of the file. So it does not matter in which order the files are given. A claim on record
is the ledger's to tell of, and comes before all that are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from perdiem_calc.claim import Claim, claim_key
from perdiem_calc.identity import SroKey, likeness
from perdiem_calc.known import (
    EarlierClaim,
    Fingerprint,
    Known,
    NearMatch,
    Sighting,
    canonical,
    content_sha256,
    fingerprints,
    sighted,
)
from perdiem_calc.money import ZERO

MOST_OWNERS = 20
"""Of one document so many claims are remembered: one is enough to bar it, and a room has no more sharers."""
MOST_COMPARED, MOST_NEAR = 20, 5
"""With so many officers who share a word of the name under the same award is a name compared; so many are named."""

Officer = SroKey | int
"""What tells an officer from others; a number where the award or the name has no letter, who is like nobody."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A claim as it was given: its file, and what the ledger says of it, None where no ledger was asked.

    `recorded_since` says that this very claim was recorded after the batch began.
    """

    source: str
    claim: Claim
    ledger: Known | None = None
    recorded_since: bool = False


def known_together(submitted: Sequence[Submitted]) -> tuple[Known, ...]:
    """What is known around each of the claims given together, in their order, with what the ledger tells.

    The work grows with the number of claims alone.
    """
    ones = [_one(number, given) for number, given in enumerate(submitted)]
    _tell(sorted(ones, key=_place_in_order))
    return tuple(joined(one.given.ledger, one.known) for one in ones)


def counted_in_order(submitted: Sequence[Submitted]) -> list[int]:
    """The numbers of the claims given together, in the order in which they count."""
    ones = [_one(number, given) for number, given in enumerate(submitted)]
    return sorted(range(len(ones)), key=lambda number: _place_in_order(ones[number]))


def joined(ledger: Known | None, together: Known) -> Known:
    """What the ledger tells and what the claims given together tell, as one. The roster is the ledger's."""
    if ledger is None:
        return together
    met = {match.key for match in ledger.near}
    return replace(
        ledger,
        standing=together.standing if ledger.standing == "new" else ledger.standing,
        near=ledger.near + tuple(match for match in together.near if match.key not in met),
        claims=ledger.claims + together.claims,
        sightings=ledger.sightings + together.sightings,
        copy_of=together.copy_of,
        corrected_by=together.corrected_by,
        of_ledger=ledger,
    )


@dataclass(slots=True)
class _One:
    """A claim of those given together: whose it is, as the others know it, and what the others tell of it."""

    given: Submitted
    officer: Officer
    earlier: EarlierClaim
    marks: tuple[Fingerprint, ...]
    known: Known = field(default_factory=lambda: Known("new"))

    @property
    def key(self) -> tuple[Officer, str]:
        """What tells its officer's claims apart by id."""
        return self.officer, claim_key(self.earlier.claim_id)

    @property
    def is_recorded(self) -> bool:
        """Whether this very claim is in the ledger."""
        return self.given.ledger is not None and self.given.ledger.recorded is not None

    @property
    def is_by_one_on_record(self) -> bool:
        """Whether the ledger tells for certain whose it is."""
        return self.given.ledger is not None and self.given.ledger.standing == "recorded"


def as_earlier(given: Submitted) -> EarlierClaim:
    """A claim of the batch as the others know it: nothing of it is recorded, its amounts are zero."""
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
    return _One(given, key if key.award and key.name else number, earlier, fingerprints(given.claim))


def _place_in_order(one: _One) -> tuple[object, ...]:
    claim = one.given.claim
    came_on = claim.received_on or claim.counted_on
    return not one.is_recorded, came_on, claim.claim_id, one.given.source, one.earlier.content_sha256


def _tell(in_order: Sequence[_One]) -> None:
    """Say of each claim what those before it tell. What is recorded the ledger tells, so it tells nothing here."""
    first: dict[tuple[Officer, str], _One] = {}
    for one in in_order:
        first.setdefault((one.officer, one.earlier.content_sha256), one)
    _mark_corrected([one for one in first.values() if not one.is_recorded])
    claims: dict[Officer, list[EarlierClaim]] = defaultdict(list)
    documents, people = _Documents(), _People()
    nearness: dict[Officer, tuple[NearMatch, ...]] = {}
    for one in in_order:
        same = first[one.officer, one.earlier.content_sha256]
        if same is not one:
            one.known = replace(one.known, copy_of=same.given.source)
        elif not one.is_recorded:
            # What is open of an officer's first claim is open of all that follow.
            near = nearness[one.officer] if one.officer in nearness else people.near(one)
            nearness[one.officer] = near
            one.known = replace(
                one.known,
                standing="undecided" if near else "new",
                near=near,
                claims=tuple(claims[one.officer]),
                sightings=tuple(documents.seen(one)),
            )
            claims[one.officer].append(one.earlier)
            documents.enter(one)
            people.enter(one)


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
    """The documents, rooms, vehicles and unnumbered lines of claims, by what tells them again, then by vendor."""

    def __init__(self) -> None:
        self._owners: dict[tuple[object, ...], dict[str, list[_Owner]]] = defaultdict(lambda: defaultdict(list))

    def enter(self, one: _One) -> None:
        """Remember the documents of a claim that stands."""
        if one.earlier.stands:
            for mark in one.marks:
                owners = self._owners[_told_by(mark, one)][mark.vendor]
                if len(owners) < MOST_OWNERS:
                    owners.append(_Owner(mark, one))

    def seen(self, one: _One) -> Iterator[Sighting]:
        """Where a claim's documents were seen before."""
        for mark in one.marks:
            for owners in self._owners.get(_told_by(mark, one), {}).values():
                for before, other in owners:
                    if mark.is_of_same_document(before):
                        same_sro = one.officer == other.officer
                        found = sighted(mark, before, one.given.claim, other.earlier, same_sro=same_sro)
                        if found is not None:
                            yield found


def _told_by(mark: Fingerprint, one: _One) -> tuple[object, ...]:
    """Unnumbered lines are compared within one officer's claims alone: every taxi costs $34.00 somewhere."""
    return (mark.kind, mark.value, one.officer) if mark.kind == "line" else (mark.kind, mark.value)


class _People:
    """The officers of whom nothing is recorded, by what a similar name would share with theirs."""

    def __init__(self) -> None:
        self._sharing: dict[tuple[str, str], dict[SroKey, EarlierClaim]] = defaultdict(dict)

    def enter(self, one: _One) -> None:
        """Remember an officer."""
        if isinstance(one.officer, SroKey) and not one.is_by_one_on_record:
            for shared in _shared(one.officer):
                alike = self._sharing[shared]
                if len(alike) < MOST_COMPARED:
                    alike.setdefault(one.officer, one.earlier)

    def near(self, one: _One) -> tuple[NearMatch, ...]:
        """Who of those remembered the officer of a claim may be."""
        found: dict[SroKey, NearMatch] = {}
        if isinstance(one.officer, int) or one.is_by_one_on_record:
            return ()
        for shared in _shared(one.officer):
            for key, other in self._sharing.get(shared, {}).items():
                why = likeness(one.officer, key) if key not in found else ""
                if why and len(found) < MOST_NEAR:
                    found[key] = NearMatch(0, other.award_number, other.officer, why)
        return tuple(found.values())


def _shared(officer: SroKey) -> Iterator[tuple[str, str]]:
    yield "", officer.name
    for word in dict.fromkeys(officer.name.split()):
        yield officer.award, word
