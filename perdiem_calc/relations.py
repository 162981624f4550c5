"""How the claims known beside one claim relate to it: which leave it no room, what of it was claimed before.

A correction or a supplement names the claim that it goes with. All claims that go with one another, over however many
steps, are about the same travel and so may share officer, course, days and, for a correction, documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from perdiem_calc.claim import Claim, claim_key, same_id
from perdiem_calc.known import EarlierClaim, Known, Sighting
from perdiem_calc.plain_text import harmless
from perdiem_calc.wording import on_one_line

DECIDE_ON_THAT = "decide on that one; this one is not paid beside it"
"""What a reviewer does with a claim that another one corrects."""


CLAIM_IN_WORDS = re.compile(r"claim (\S+) of .* \(travel (?:.*\)|.*)", re.DOTALL)
"""What `claim_in_words` says in a sentence, from the first such claim to the last."""


class Rival(NamedTuple):
    """Another claim that leaves no room for this one, the field of this one that mends it, and what is said of it."""

    claim: EarlierClaim
    path: str
    before: str
    after: str

    @property
    def why(self) -> str:
        """The sentence, with the mend."""
        return f"{self.before}{claim_in_words(self.claim)}{self.after}"


def claim_in_words(other: EarlierClaim) -> str:
    """Another claim as a person finds it: its id, officer and travel, and where it is."""
    where = f"in {harmless(other.source)}" if other.source else f"recorded {other.recorded_at[:10]}"
    officer = on_one_line(other.officer)
    return f"claim {other.claim_id} of {officer} (travel {other.departed_on} to {other.returned_on}, {where})"


@dataclass(frozen=True)
class Relations:
    """A claim and what is known around it."""

    claim: Claim
    known: Known

    @cached_property
    def others(self) -> tuple[EarlierClaim, ...]:
        """The other claims of the officer: all but this very claim, where it is recorded."""
        own = self.known.recorded
        return tuple(one for one in self.known.claims if own is None or one.content_sha256 != own.content_sha256)

    @cached_property
    def rivals(self) -> tuple[Rival, ...]:
        """The other claims of the officer that leave no room for this one, each once.

        They are those of the same id, the one that corrects this one, another correction of the same claim, and those
        that stand for the same course without going with this one.
        """
        found: dict[EarlierClaim, Rival] = {}
        for rival in (*self._of_same_id(), *self._corrections(), *self._of_same_course()):
            found.setdefault(rival.claim, rival)
        return tuple(found.values())

    @cached_property
    def beside(self) -> tuple[EarlierClaim, ...]:
        """The claims of the officer that stand, were there first and leave room for this one."""
        rivals = {rival.claim for rival in self.rivals}
        return tuple(one for one in self.others if one.stands and self.known.came_before(one) and one not in rivals)

    @property
    def overlapping(self) -> tuple[EarlierClaim, ...]:
        """Those beside this one whose trip overlaps with its trip, and which do not go with it."""
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
        """Those beside this one that were given together with it, so that nobody has decided on them."""
        return tuple(one for one in self.beside if one.source)

    @property
    def goes_with_unknown(self) -> bool:
        """Whether the claim names one that the ledger does not have, and nothing was paid before the ledger."""
        named_there = any(same_id(one.claim_id, self.claim.replaces or "") for one in self.others)
        missing = self.claim.replaces is not None and not named_there
        return missing and self.known.has_ledger and not self.known.opening

    @cached_property
    def seen_before(self) -> tuple[Sighting, ...]:
        """Where documents, vehicles and lines of the claim were claimed before, in claims that stand beside it.

        A correction claims anew what the claim that it replaces did, and so does a rival: that says nothing.
        """
        return self._counting(self.known.sightings)

    @cached_property
    def alike_before(self) -> tuple[Sighting, ...]:
        """Likewise what may be the same document or vehicle, for a person to decide."""
        return self._counting(self.known.alike)

    def _counting(self, sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
        anew = {rival.claim for rival in self.rivals}
        return tuple(
            sighting
            for sighting in sightings
            if sighting.claim.stands
            and self.known.came_before(sighting.claim)
            and sighting.claim not in anew
            and not self._replaces(sighting)
        )

    def _replaces(self, sighting: Sighting) -> bool:
        named_there = same_id(sighting.claim.claim_id, self.claim.replaces or "")
        return self.claim.kind == "corrected" and sighting.same_sro and named_there

    def _of_same_id(self) -> Iterator[Rival]:
        mend = ": give this one an id of its own, and say that it corrects that one."
        for other in self.others:
            if same_id(other.claim_id, self.claim.claim_id):
                sent_back = other.verdict == "return"
                said = "A claim of this id was sent back, " if sent_back else "Another claim has the same id, "
                yield Rival(other, "claim_id", said, mend)

    def _corrections(self) -> Iterator[Rival]:
        correction, replaces = self.known.corrected_by, self.claim.replaces
        if correction is not None and self.known.recorded is None:
            mend = f": {DECIDE_ON_THAT}."
            yield Rival(correction, "claim_id", "This claim is corrected by ", mend)
        for other in self.others:
            is_second = other.kind == "corrected" and replaces is not None and same_id(other.replaces, replaces)
            if is_second and other.stands and self.known.came_before(other):
                said = f"Claim {on_one_line(other.replaces)} was corrected already, by "
                yield Rival(other, "replaces", said, ": name that one as the claim that this one goes with.")

    def _of_same_course(self) -> Iterator[Rival]:
        mend = ": if this claim corrects or supplements that one, say so and name it."
        for other in self.others:
            if other.stands and other.is_for_same_course(self.claim) and not self._goes_with(other):
                course = f"The course of {other.course_starts_on} to {other.course_ends_on}"
                yield Rival(other, "kind", f"{course} was claimed for this officer before, by ", mend)

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
