"""From a claim and the rates to the itemized claim: every line, the totals, the cap.

Order of computation: eligibility, dates and the official station, the rate of each night and day, the cost of each
line less its credits, ceilings and other limits, deductions, receipts, duplicates, the trip's constructive cost,
credits without a line, totals, the cap less earlier payments. Each line is rounded once, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from perdiem_calc.claims.model import Claim, Credit
from perdiem_calc.dated import Law, day_of
from perdiem_calc.errors import InputError, Located
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import PerDiemRate, RateSource
from perdiem_calc.rules import away, chp
from perdiem_calc.rules.constructive import Comparison, compared, excess_line
from perdiem_calc.rules.days import TravelDay, TripShape, travel_days, trip_shape
from perdiem_calc.rules.expenses import ExpenseFacts, expense_lines, facts_of, longest_stay
from perdiem_calc.rules.lines import Line, Workings, credit_message, index_of
from perdiem_calc.rules.lodging import OVER_CEILING, PricedNight, lodging_lines, priced_nights
from perdiem_calc.rules.mie import mie_lines
from perdiem_calc.rules.outside import NOTHING, Bar, Outside

LACK_OF_A_DOCUMENT = frozenset({"lodging-receipt-missing", "receipt-missing"})
"""The checks that cut a line whose document is not there."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of a claim, dollars. The three causes add up to `agency_share`.

    `lodging` to `other` are allowed amounts; they add up to `allowable` but for credits without a line.
    `previously_reimbursed` is what counts against the limit: what the claim states, or what was paid by NASRO's own
    records. `payable_if_mended` is what would be paid, of the lines as they
    are allowed, once everything that bars the claim is fixed; zero where nothing can be fixed.
    """

    lodging: Decimal
    lodging_tax: Decimal
    mie: Decimal
    transportation: Decimal
    other: Decimal
    claimed: Decimal
    allowable: Decimal
    cap: Decimal
    previously_reimbursed: Decimal
    payable: Decimal
    payable_if_mended: Decimal
    agency_share: Decimal
    over_ceiling: Decimal
    not_allowable: Decimal
    over_cap: Decimal


@dataclass(frozen=True, slots=True)
class ItemizedClaim:
    """A claim with everything the rules say of its amounts. The last of `lines` is the cap.

    `blocks` are those of the claim itself and, after them, those from outside; `outside` is all that came from there.
    `bars` are why lines are not payable, from outside or because of where the officer was, by line id; `facts` is
    what the lines of expenses know of each other; `comparison` is that with the authorized way of travel, None where
    no line states its cost; `credits_by_line` are the credits that name a line.
    """

    claim: Claim
    lines: tuple[Line, ...]
    totals: Totals
    blocks: tuple[chp.Block, ...]
    shape: TripShape
    days: tuple[TravelDay, ...]
    nights: tuple[PricedNight, ...]
    as_of: date | None
    facts: ExpenseFacts
    bars: Mapping[str, Bar]
    credits_by_line: Mapping[str, Sequence[Credit]]
    comparison: Comparison | None = None
    outside: Outside = NOTHING

    def net_gain(self, gains: Sequence[tuple[Line, Decimal]]) -> Decimal:
        """What the total gains where some lines gain so many dollars; less what the authorized way leaves unpaid."""
        if self.comparison is None:
            return sum((gain for _, gain in gains), ZERO)
        return self.comparison.net(gains)

    def line(self, line_id: str) -> Line:
        """The line of that id. Raises InputError, naming the lines there are."""
        for line in self.lines:
            if line.id == line_id.upper():
                return line
        known = ", ".join(line.id for line in self.lines)
        raise InputError(
            "explain.line.unknown",
            f"{line_id!r:.40} is not a line of claim {self.claim.claim_id}",
            fix=f"choose from {known}",
        )

    @property
    def within_limit(self) -> Decimal:
        """What would be payable if nothing barred the claim, dollars."""
        return self.within_limit_if()

    def within_limit_if(
        self, *, gain: Decimal = ZERO, paid_before: Decimal | None = None, taken: Decimal | None = None
    ) -> Decimal:
        """What would be if the lines were allowed `gain` dollars more, too, or so much was paid before or taken."""
        totals = self.totals
        due = totals.allowable + gain - self.outside.paid_for_same
        before = totals.previously_reimbursed if paid_before is None else paid_before
        return chp.payable(due, totals.cap, before + (self.outside.taken if taken is None else taken))

    @property
    def left_of_limit(self) -> Decimal:
        """What is left of the officer's limit for this claim, dollars."""
        return _left(self.totals, self.outside)

    @property
    def lacks_documents(self) -> bool:
        """Whether more would be payable, if nothing barred the claim, with documents that are not there."""
        cuts = (step.gain for line in self.lines for step in line.steps if step.check in LACK_OF_A_DOCUMENT)
        return self.within_limit_if(gain=sum(cuts, ZERO)) != self.within_limit

    def payable_if(
        self,
        *,
        gain: Decimal = ZERO,
        without_block: str = "",
        paid_before: Decimal | None = None,
        taken: Decimal | None = None,
    ) -> Decimal:
        """What would be payable if the lines were allowed `gain` dollars more, a block were lifted, or so much were
        paid before or taken.
        """
        if any(block.check != without_block for block in self.blocks):
            return ZERO
        return self.within_limit_if(gain=gain, paid_before=paid_before, taken=taken)

    def rates_used(self) -> tuple[PerDiemRate, ...]:
        """The rates that price the lines, once each, in order of use."""
        used = [line.rate for line in self.lines if line.rate is not None]
        return tuple(dict.fromkeys(used))


def itemize(
    claim: Claim, rates: RateSource, law: Law, *, as_of: date | None = None, outside: Outside = NOTHING
) -> ItemizedClaim:
    """The itemized claim: one line for each night, tax, day, expense and credit, then the cap.

    Dates after `as_of` are rejected as future; None disables the check. `outside` has the facts from other claims,
    NASRO's records and the roster: the nights (N1; its tax goes with it), days (D1) and expenses (E1) that they bar
    are allowed nothing, the blocks are added to the claim's own, and what was paid before counts. Raises ValueError
    for a bar to a line that does not exist, RateUnavailable (exit 3) if a place, a fiscal year or a mileage rate is
    not known, InputError if the claim contradicts itself, each with the field's path, or if the argument is not a
    claim or not a day.
    """
    _require_claim(claim)
    as_of = day_of(as_of) if as_of is not None else None
    with Located("trip.departed_at"):
        shape = trip_shape(claim.trip, law, claim.course.ends_at)
        days = travel_days(claim.trip, rates, law, shape)
    _check_bars(claim, outside, len(days))
    bars = {**outside.bars, **away.bars(claim, days, law)}
    named = _named_credits(claim)
    nights = priced_nights(claim, days, rates, law, as_of, bars, named)
    stay = longest_stay([day.on for day in days if day.night_is_payable and not claim.trip.day_trips])
    facts = facts_of(claim, law, stay, as_of, bars, _fee_ceilings(claim, days, rates), named)
    lines = lodging_lines(nights, law)
    lines += mie_lines(claim, days, law, bars)
    lines += expense_lines(claim, facts, named, law)
    comparison = compared(claim, shape, days, lines, bars, law)
    excess = excess_line(claim, comparison, law)
    if excess is not None:
        lines.append(excess)
    lines += _credit_lines(claim, lines, named, law)
    with Located("course.starts_on"):
        blocks = (*chp.blocks(claim, law, as_of), *outside.blocks)
    totals = _totals(claim, lines, blocks, law, outside)
    lines.append(_cap_line(claim, totals, law, outside))
    return ItemizedClaim(
        claim=claim,
        lines=tuple(lines),
        totals=totals,
        blocks=blocks,
        shape=shape,
        days=days,
        nights=nights,
        as_of=as_of,
        facts=facts,
        bars=bars,
        credits_by_line=named,
        comparison=comparison,
        outside=outside,
    )


def _require_claim(claim: object) -> None:
    if not isinstance(claim, Claim):
        raise InputError(
            "python.claim.invalid",
            f"a {type(claim).__name__} is not a claim",
            fix="read_claim_file of perdiem_calc.auditing.claim_file reads one from a file, parse_claim of "
            "perdiem_calc.claims.parsing makes one of data",
        )


def _fee_ceilings(claim: Claim, days: Sequence[TravelDay], rates: RateSource) -> dict[int, Decimal]:
    """The lodging ceiling of the night of each charge of a hotel that is no night, by the expense's index.

    The night is that of the charge's date, at the stop where the officer was, outside the trip at the nearest stop.
    """
    found: dict[int, Decimal] = {}
    stops, by_date = claim.trip.stops, {day.on: day for day in days}
    for index, expense in enumerate(claim.expenses):
        if expense.category != "lodging_fee":
            continue
        day = by_date.get(expense.date)
        stop = day.stop if day is not None else 0 if expense.date < claim.trip.departed_on else len(stops) - 1
        with Located(f"expenses[{index}].date"):
            rate = day.lodging_rate if day is not None else None
            found[index] = (rate or rates.rate(stops[stop].place.place, expense.date)).lodging
    return found


def _check_bars(claim: Claim, outside: Outside, day_count: int) -> None:
    if outside.bars:
        counts = {"N": len(claim.lodging), "D": day_count, "E": len(claim.expenses)}
        there = {f"{kind}{number}" for kind, count in counts.items() for number in range(1, count + 1)}
        missing = sorted(outside.bars.keys() - there)
        if missing:
            raise ValueError(f"no night, day or expense of claim {claim.claim_id}: {missing}")


def _named_credits(claim: Claim) -> Mapping[str, Sequence[Credit]]:
    """The credits that name a line, by line. Raises InputError for a line that is not there."""
    counts = {"N": len(claim.lodging), "T": len(claim.lodging), "E": len(claim.expenses)}
    named: dict[str, list[Credit]] = {}
    for index, credit in enumerate(claim.credits):
        if credit.line is None:
            continue
        kind, number = credit.line[0], int(credit.line[1:])
        if number > counts[kind]:
            raise InputError(
                "claim.credit.line-unknown",
                f"{credit.line} is not a line of this claim",
                where=f"credits[{index}].line",
                fix=f"there are {counts[kind]} lines {kind}; name one, or leave it out to reduce the total",
            )
        named.setdefault(credit.line, []).append(credit)
    return named


def _credit_lines(claim: Claim, lines: Sequence[Line], named: Mapping[str, Sequence[Credit]], law: Law) -> list[Line]:
    """A line for each credit that names no line, and for what exceeds the cost of the line it names.

    They reduce the allowable total, down to zero, and lie in no group's total. Rule `credits`.
    """
    left = sum((line.amount_allowed for line in lines), ZERO)
    found = []
    for number, amount, on, path, why in (*_unnamed(claim), *_beyond_cost(claim, lines, named)):
        taken = min(amount, max(ZERO, left))
        left -= taken
        work = Workings(ZERO)
        work.change(_less(taken), "credit-applied", "credits", why)
        with Located(path.replace("].amount", "].on").replace("].credit", "].date")):
            citation = law.citation("credits", on)
        found.append(
            Line(
                id=f"C{number}",
                group="credit",
                category="credit",
                on=on,
                amount_claimed=ZERO,
                amount_allowed=work.amount,
                rule="credits",
                citation=citation,
                reason=why,
                path=path,
                basis="Refunds and credits reduce what is paid",
                steps=work.finished(),
            )
        )
    return sorted(found, key=lambda line: int(line.id[1:]))


_OffTotal = tuple[int, Decimal, date, str, str]
"""The number of a credit line, its dollars, its day, the field it comes from, and why."""


def _unnamed(claim: Claim) -> Iterator[_OffTotal]:
    for index, credit in enumerate(claim.credits):
        if credit.line is None:
            on = credit.on or claim.trip.returned_on
            why = f"{credit_message([credit])}, off the total"
            yield index + 1, credit.amount, on, f"credits[{index}].amount", why


def _beyond_cost(claim: Claim, lines: Sequence[Line], named: Mapping[str, Sequence[Credit]]) -> Iterator[_OffTotal]:
    """What credits exceed the cost of their line by; an expense's own is numbered after the claim's credits."""
    number = len(claim.credits)
    for line in lines:
        own = claim.expenses[index_of(line.id)].credit if line.id.startswith("E") else ZERO
        credits = named.get(line.id, ())
        beyond = own + sum((credit.amount for credit in credits), ZERO) - line.credit
        if beyond <= ZERO:
            continue
        why = f"the credits for {line.id} are {in_dollars(beyond)} more than it cost"
        if credits:
            index = next(i for i, credit in enumerate(claim.credits) if credit is credits[-1])
            yield index + 1, beyond, credits[-1].on or line.on, f"credits[{index}].amount", why
        else:
            number += 1
            yield number, beyond, line.on, f"expenses[{index_of(line.id)}].credit", why


def _less(amount: Decimal) -> Callable[[Decimal], Decimal]:
    return lambda before: before - amount


def _totals(claim: Claim, lines: Sequence[Line], blocks: Sequence[chp.Block], law: Law, outside: Outside) -> Totals:
    groups = dict.fromkeys(("lodging", "lodging_tax", "mie", "transportation", "other", "credit"), ZERO)
    for line in lines:
        groups[line.group] += line.amount_allowed
    claimed = sum((line.amount_claimed for line in lines), ZERO)
    allowable = sum(groups.values(), ZERO)
    del groups["credit"]
    limit = law.number("chp-cap", "limit", claim.trip.returned_on)
    before = claim.previously_reimbursed if outside.paid_before is None else outside.paid_before
    due = max(ZERO, allowable - outside.paid_for_same)
    within = chp.payable(due, limit, before + outside.taken)
    payable = ZERO if blocks else within
    over_ceiling = -sum((step.effect for line in lines for step in line.steps if step.check in OVER_CEILING), ZERO)
    over_cap = due - within
    share = claimed - payable - (allowable - due)
    return Totals(
        **groups,
        claimed=claimed,
        allowable=allowable,
        cap=limit,
        previously_reimbursed=before,
        payable=payable,
        payable_if_mended=within if all(block.fixable for block in blocks) else ZERO,
        agency_share=share,
        over_ceiling=over_ceiling,
        not_allowable=share - over_ceiling - over_cap,
        over_cap=over_cap,
    )


def _cap_line(claim: Claim, totals: Totals, law: Law, outside: Outside) -> Line:
    on = claim.trip.returned_on
    left = _left(totals, outside)
    gone = (totals.previously_reimbursed, "paid before"), (outside.taken, "taken by other claims")
    less = " and ".join(f"{in_dollars(amount)} {by}" for amount, by in gone if amount)
    limit = f"the limit of {in_dollars(totals.cap)} for each officer"
    if less:
        limit += f", less {less}, leaves {in_dollars(left)}"
    work = Workings(totals.allowable)
    why = f"{in_dollars(outside.paid_for_same)} was paid under the claim that this one corrects"
    work.less(outside.paid_for_same, "earlier-payment-differs", "chp-cap", why, about="replaces")
    work.at_most(left, "cap-applied", "chp-cap", limit)
    steps = work.finished()
    return Line(
        id="CAP",
        group="cap",
        category="cap",
        on=on,
        amount_claimed=ZERO,
        amount_allowed=work.amount - totals.allowable,
        rule="chp-cap",
        citation=law.citation("chp-cap", on),
        reason="; ".join(step.why for step in steps) or f"the total is within {limit}",
        path="previously_reimbursed",
        basis=f"The lines are allowable at {in_dollars(totals.allowable)}",
        steps=steps,
    )


def _left(totals: Totals, outside: Outside) -> Decimal:
    return max(ZERO, totals.cap - totals.previously_reimbursed - outside.taken)


def as_record(itemized: ItemizedClaim) -> dict[str, Any]:
    """The lines, totals and rates of an itemized claim as plain values for JSON; amounts as text."""
    return {
        "lines": [_line_record(line) for line in itemized.lines],
        "totals": {name: str(getattr(itemized.totals, name)) for name in Totals.__slots__},
        "rates": [_rate_record(rate) for rate in itemized.rates_used()],
    }


def _line_record(line: Line) -> dict[str, str]:
    return {
        "id": line.id,
        "on": line.on.isoformat(),
        "category": line.category,
        "cost_stated": str(line.cost_stated),
        "credit": str(line.credit),
        "amount_claimed": str(line.amount_claimed),
        "amount_allowed": str(line.amount_allowed),
        "rule": line.rule,
        "citation": line.citation,
        "reason": line.reason,
    }


def _rate_record(rate: PerDiemRate) -> dict[str, Any]:
    return {
        "locality": {"id": rate.locality.id, "name": rate.locality.name, "state": rate.locality.state},
        "fiscal_year": rate.fiscal_year,
        "month": rate.month,
        "lodging": f"{rate.lodging:.2f}",
        "mie": f"{rate.mie.total:.2f}",
        "source": {
            **rate.source.as_record(),
            **({"doubts": list(rate.source.doubts)} if rate.source.doubts else {}),
        },
    }
