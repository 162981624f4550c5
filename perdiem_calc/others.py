"""What bars a claim, or lines of it, that the claim itself cannot tell: other claims, the roster, unreadable cells.

>>> Outside({"E2": Bar("duplicate-document", "receipts", "receipt 88213 was claimed before")}).bars["E2"].check
'duplicate-document'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from perdiem_calc.chp import Block
from perdiem_calc.claim import Claim, Expense, LodgingNight
from perdiem_calc.known import EarlierClaim, Known, Sighting, claim_key, paid_for_same, same_id
from perdiem_calc.money import ZERO
from perdiem_calc.wording import on_one_line

DOCUMENTS = frozenset({"ticket", "folio", "receipt"})


class Bar(NamedTuple):
    """Why a line is not payable whatever it cost: check and rule ids, the reason with the mend, and the field of the
    line that it is about, where that is another than its amount.
    """

    check: str
    rule: str
    why: str
    field: str = ""


class Rival(NamedTuple):
    """Another claim that leaves no room for this one, the field of this one that mends it, and a sentence."""

    claim: EarlierClaim
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands against a claim from outside: bars by line id (N1 bars the night's tax too), and blocks.

    `paid_before` is what was paid for the officer by NASRO's own records, dollars; None where nobody can say, and
    what the claim states counts. `paid_for_same` is the part of it that was paid for these very expenses, under the
    claims that this one corrects: it is paid what it gives beyond that.
    """

    bars: Mapping[str, Bar] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    paid_before: Decimal | None = None
    paid_for_same: Decimal = ZERO


NOTHING = Outside()
"""Nothing from outside stands against a claim."""


def outside_of(claim: Claim, known: Known) -> Outside:
    """What is known around a claim, as what stands against it.

    A claim that a person must first put to an officer counts as the claim itself states; nobody is taken for another.
    """
    blocks = (*_not_on_roster(claim, known), *_resubmitted(claim, known), *_overlapping(claim, known))
    bars: dict[str, Bar] = {}
    for line, bar in (*_documents(claim, known), *_vehicles(claim, known)):
        bars.setdefault(line, bar)
    if known.paid_before is None or known.is_undecided_on_record:
        return Outside(bars, blocks)
    return Outside(bars, blocks, known.paid_before, paid_for_same(claim, known.claims, known.opening))


def named(other: EarlierClaim) -> str:
    """Another claim as a person finds it: its id, officer and travel, and where it is."""
    where = f"in {other.source}" if other.source else f"recorded {other.recorded_at[:10]}"
    officer = on_one_line(other.officer)
    return f"claim {other.claim_id} of {officer} (travel {other.departed_on} to {other.returned_on}, {where})"


def rivals(claim: Claim, known: Known) -> tuple[Rival, ...]:
    """The other claims that leave no room for this one, each once.

    They are those of the same id, the one that corrects this one, another correction of the same claim, and those
    that stand for the same officer and course without a relation to this one: a correction or a supplement belongs
    to the claim that it names, and to what belongs to that.
    """
    others = [other for other in known.claims if not _is_itself(other, known)]
    found: dict[EarlierClaim, Rival] = {}
    for rival in (
        *_of_same_id(claim, others),
        *_corrections(claim, known, others),
        *_of_course(claim, known, others),
    ):
        found.setdefault(rival.claim, rival)
    return tuple(found.values())


def sent_back(claim: Claim, known: Known) -> EarlierClaim | None:
    """The claim of the same id that was sent back, with another content; None where there is none."""
    same = (other for other in known.claims if same_id(other.claim_id, claim.claim_id))
    return next((other for other in same if other.verdict == "return" and not _is_itself(other, known)), None)


def goes_with_unknown(claim: Claim, known: Known) -> bool:
    """Whether a correction or supplement names a claim that is not known, and nothing was paid before the ledger."""
    is_known = any(same_id(other.claim_id, claim.replaces or "") for other in known.claims)
    return claim.replaces is not None and known.has_ledger and not is_known and not known.opening


def unpaid_beside(claim: Claim, known: Known) -> tuple[EarlierClaim, ...]:
    """The claims of the same officer given together with this one, and before it, on which nobody has decided."""
    instead = {rival.claim for rival in rivals(claim, known)}
    return tuple(other for other in known.claims if other.source and other.stands and other not in instead)


def seen_before(claim: Claim, known: Known) -> Iterator[Sighting]:
    """The sightings that count: in claims that were there first, stand, and are not this one said anew."""
    instead = {rival.claim for rival in rivals(claim, known)}
    for sighting in known.sightings:
        other = sighting.claim
        replaced = claim.kind == "corrected" and sighting.same_sro and same_id(other.claim_id, claim.replaces or "")
        if other.stands and known.came_before(other) and other not in instead and not replaced:
            yield sighting


def _of_same_id(claim: Claim, others: Sequence[EarlierClaim]) -> Iterator[Rival]:
    for other in others:
        if same_id(other.claim_id, claim.claim_id) and other.verdict != "return":
            why = (
                f"Another claim has the same id, {named(other)}: give this one an id of its own, and say that it "
                "corrects that one."
            )
            yield Rival(other, "claim_id", why)


def _corrections(claim: Claim, known: Known, others: Sequence[EarlierClaim]) -> Iterator[Rival]:
    correction = known.corrected_by
    if correction is not None and known.recorded is None:
        why = f"This claim is corrected by {named(correction)}: decide on that one; this one is not paid beside it."
        yield Rival(correction, "claim_id", why)
    for other in others:
        is_second = other.kind == "corrected" and claim.replaces and same_id(other.replaces, claim.replaces)
        if is_second and other.stands and known.came_before(other):
            why = (
                f"Claim {other.replaces} was corrected already, by {named(other)}: name that one as the claim that "
                "this one goes with."
            )
            yield Rival(other, "replaces", why)


def _of_course(claim: Claim, known: Known, others: Sequence[EarlierClaim]) -> Iterator[Rival]:
    origin = _origins(claim, known)
    for other in others:
        is_related = origin(other.claim_id) == origin(claim.claim_id)
        if other.stands and not is_related and other.is_for_same_course(claim):
            why = (
                f"The course of {other.course_starts_on} to {other.course_ends_on} was claimed for this officer "
                f"before, by {named(other)}: if this claim corrects or supplements that one, say so and name it."
            )
            yield Rival(other, "kind", why)


def _is_itself(other: EarlierClaim, known: Known) -> bool:
    return known.recorded is not None and other.content_sha256 == known.recorded.content_sha256


def _origins(claim: Claim, known: Known) -> Callable[[str], str]:
    """From a claim's id to that of the first one, which it corrects or supplements, perhaps over several."""
    goes_with = {claim_key(other.claim_id): claim_key(other.replaces) for other in known.claims if other.replaces}
    if claim.replaces:
        goes_with[claim_key(claim.claim_id)] = claim_key(claim.replaces)

    def origin(claim_id: str) -> str:
        at, passed = claim_key(claim_id), set[str]()
        while at in goes_with:
            if at in passed:
                return min(passed)
            passed.add(at)
            at = goes_with[at]
        return at

    return origin


def _not_on_roster(claim: Claim, known: Known) -> Iterator[Block]:
    if known.on_roster is False:
        who = f"{on_one_line(claim.officer.name)}, award {on_one_line(claim.award.number)}"
        yield Block(
            "not-on-roster",
            "chp-cap",
            "officer.name",
            f"The officer {who}, is not on the roster{near_on_roster(known)}: correct the name or the award number, "
            "or have NASRO decide whether the position is funded.",
        )


def near_on_roster(known: Known) -> str:
    """Whom the roster has that comes near, as the sentence names them; empty where there is nobody."""
    return f" (near it: {some(known.near_on_roster)})" if known.near_on_roster else ""


def _resubmitted(claim: Claim, known: Known) -> Iterator[Block]:
    check, rule = "claim-resubmitted", "chp-itemized-claim"
    if known.copy_of:
        why = f"This very claim is in {known.copy_of} too, and is decided there: leave this one out."
        yield Block(check, rule, "claim_id", why)
        return
    for rival in rivals(claim, known)[:1]:
        yield Block(check, rule, rival.path, rival.why)


def _overlapping(claim: Claim, known: Known) -> Iterator[Block]:
    origin = _origins(claim, known)
    instead = {rival.claim for rival in rivals(claim, known)}
    found = [
        named(other)
        for other in known.claims
        if other.stands
        and other not in instead
        and not _is_itself(other, known)
        and known.came_before(other)
        and other.trip_overlaps(claim)
        and origin(other.claim_id) != origin(claim.claim_id)
    ]
    if found:
        trip = f"The travel from {claim.trip.departed_on} to {claim.trip.returned_on}"
        yield Block(
            "trips-overlap",
            "chp-itemized-claim",
            "trip.departed_at",
            f"{trip} overlaps another of this officer, {some(found)}: correct the dates of one of them.",
        )


def _documents(claim: Claim, known: Known) -> Iterator[tuple[str, Bar]]:
    sightings = [sighting for sighting in seen_before(claim, known) if sighting.seen.kind in DOCUMENTS]
    sharing = Counter(night for sighting in sightings for night in sighting.shared_on)
    for sighting in sightings:
        for line in sighting.seen.lines:
            entry = _entry(claim, line)
            if isinstance(entry, Expense):
                yield line, _document_bar(sighting, "ticket" if _is_ticket(sighting, entry) else "receipt")
            elif entry.night not in sighting.shared_on or sharing[entry.night] >= entry.sharers:
                yield line, _document_bar(sighting, "receipt")


def _is_ticket(sighting: Sighting, expense: Expense) -> bool:
    return sighting.seen.kind == "ticket" and expense.ticket is not None


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
    why = f"{kind} {number} was claimed before, in {named(sighting.claim)}: {mend}"
    return Bar("duplicate-document", "receipts", why, field)


def _vehicles(claim: Claim, known: Known) -> Iterator[tuple[str, Bar]]:
    """Mileage of a vehicle for which another officer claims it: whoever rides along is paid none."""
    undecided = {match.key for match in known.near}
    for sighting in seen_before(claim, known):
        other = sighting.claim
        is_other_officer = not sighting.same_sro and other.key not in undecided
        if sighting.seen.kind == "vehicle" and is_other_officer and other.is_for_same_course(claim):
            why = (
                f"mileage of the vehicle {on_one_line(sighting.seen.value.split()[0])} on that day is claimed by "
                f"another officer, in {named(other)}, and one is paid for each vehicle: leave it out, or correct the "
                "plate"
            )
            for line in sighting.seen.lines:
                yield line, Bar("second-payee-vehicle", "pov-one-payee", why, "plate")


def _entry(claim: Claim, line: str) -> LodgingNight | Expense:
    index = int(line[1:]) - 1
    return claim.lodging[index] if line.startswith("N") else claim.expenses[index]


def some(items: Sequence[str], most: int = 2) -> str:
    """The first few of many, and how many more there are.

    >>> some(["a", "b", "c", "d"])
    'a; b; and 2 more'
    """
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "; ".join([*items[:most], *more])
