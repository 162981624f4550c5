"""One limit for all claims of an officer in a batch: what a claim takes is gone for those that count after it.

Claims that are payable take first, in the order of receipt; then those whose officer a person must still identify;
then what a claim on record would be paid beyond what it was paid; then what a blocked claim would be paid once it is
fixed. So everything that a batch promises for an officer is within one limit. Rule `chp-cap`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perdiem_calc.claim import same_id
from perdiem_calc.claimed import RESUBMITTED
from perdiem_calc.identity import SroKey
from perdiem_calc.itemizer import ItemizedClaim
from perdiem_calc.known import Known, Take
from perdiem_calc.money import ZERO
from perdiem_calc.together import Submitted, as_earlier, counted_in_order

Itemize = Callable[[int], ItemizedClaim | None]
"""Itemizes the claim of that number with what is known around it; None where it cannot be computed."""


def with_takes(submitted: Sequence[Submitted], known: Sequence[Known], itemize: Itemize) -> tuple[Known, ...]:
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


def _sharing(submitted: Sequence[Submitted], known: Sequence[Known]) -> Mapping[int, Collection[int]]:
    """With which others each claim shares a limit: those of its officer, and of all whom its officer may be."""
    keys = [
        {SroKey.of(one.claim.award.number, one.claim.officer.name), *its.spellings}
        for one, its in zip(submitted, known, strict=True)
    ]
    having: dict[SroKey, list[int]] = defaultdict(list)
    for number, own in enumerate(keys):
        for key in own:
            if key.award and key.name:
                having[key].append(number)
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for number, its in enumerate(known):
        for key in (*keys[number], *(match.key for match in its.near)):
            for other in having.get(key, ()):
                if other != number:
                    found[number][other] = found[other][number] = None
    return found


def _recorded_since(submitted: Sequence[Submitted]) -> set[str]:
    """The contents of the claims of the batch that were recorded since it began."""
    answers = [one.ledger for one in submitted if one.recorded_since and one.ledger is not None]
    return {ledger.recorded.content_sha256 for ledger in answers if ledger.recorded is not None}


def _paid_since(known: Known, since: Collection[str]) -> Iterator[Take]:
    """What was paid for the officer under other claims of the batch since it began."""
    for earlier in known.claims:
        if earlier != known.recorded and earlier.content_sha256 in since and earlier.paid:
            yield Take(earlier, earlier.paid, is_paid=True)


def _turn(known: Known, itemized: ItemizedClaim) -> int:
    """When a claim's turn comes; among those with one turn the order of receipt decides."""
    if itemized.blocks:
        return 4 if any(block.check == RESUBMITTED for block in itemized.blocks) else 3
    return 2 if known.recorded is not None else int(known.is_identity_open)


def _takes(
    number: int,
    others: Collection[int],
    amounts: Mapping[int, Decimal],
    submitted: Sequence[Submitted],
    known: Known,
) -> Iterator[Take]:
    """What is gone for a claim, less what it states itself as paid under such a claim, where that counts."""
    for other, amount in amounts.items():
        if other in others:
            earlier = as_earlier(submitted[other])
            stated = ZERO
            if known.counts_as_stated:
                paid = submitted[number].claim.previous_claims
                stated = sum((one.amount for one in paid if same_id(one.claim_id, earlier.claim_id)), ZERO)
            if amount > stated:
                yield Take(earlier, amount - stated)


def _promised(known: Known, itemized: ItemizedClaim) -> Decimal:
    """What a claim takes: what is payable, or would be once what blocks it is fixed; of one on record the rest."""
    if not all(block.mendable for block in itemized.blocks):
        return ZERO
    within = itemized.within_limit_if(taken=itemized.outside.taken + known.taken)
    return max(ZERO, within - (known.recorded.paid if known.recorded is not None else ZERO))
