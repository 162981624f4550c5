"""The lines of lodging: one for each night, and one for its tax.

Rules `lodging-ceiling`, `lodging-tax-share`, `shared-room`, `lodging-type`, `actual-expense-300`, `receipts`,
`credits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from perdiem_calc.claims.model import Approval, Claim, Credit, LodgingNight
from perdiem_calc.claims.receipts import has_document
from perdiem_calc.dated import Law
from perdiem_calc.errors import Located, PerdiemError
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import PerDiemRate, RateSource
from perdiem_calc.rules import ftr
from perdiem_calc.rules.days import DayKind, TravelDay
from perdiem_calc.rules.lines import Line, Workings
from perdiem_calc.rules.outside import Bar
from perdiem_calc.text import on_one_line

OVER_CEILING = frozenset({"lodging-over-ceiling", "lodging-tax-over-share"})
NEITHER_ITS_TAX = "the night itself is not paid, so neither is its tax"
WITHOUT_ROOM_WORDS = {
    "friends_family": "the night was with friends or relatives, at no cost",
    "own_home": "the night was at home",
    "in_transit": "the night was spent traveling",
    "not_claimed": "no lodging is claimed for the night",
}


class Part(NamedTuple):
    """A part of a night's bill in dollars: the room, its tax, its flat charge."""

    room: Decimal
    tax: Decimal
    flat_tax: Decimal

    @property
    def taxes(self) -> Decimal:
        """The tax with the flat charge."""
        return self.tax + self.flat_tax


@dataclass(frozen=True, slots=True)
class PricedNight:
    """A night of lodging with its rate, ceiling and bar. Amounts in dollars.

    `day` and `rate` are None for a night outside the trip. `approved` is the accepted ceiling above the locality's
    (at most `limit`), None where there is none. `room_credits` and `tax_credits` are the credits that name the night
    and its tax. `room` is the officer's part of the room rate less its credits, `tax` and `flat_tax` of the taxes.
    `bar` is why the night is not paid whatever it cost, `barred_outside` the same by other claims or by where the
    officer slept. `refuses_over_rate`: a room above the ceiling is refused, not capped.
    """

    index: int
    night: LodgingNight
    day: TravelDay | None
    rate: PerDiemRate | None
    approved: Decimal | None
    limit: Decimal
    room: Decimal
    tax: Decimal
    flat_tax: Decimal
    bar: Bar | None
    refuses_over_rate: bool = False
    barred_outside: Bar | None = None
    room_credits: tuple[Credit, ...] = ()
    tax_credits: tuple[Credit, ...] = ()

    @property
    def ceiling(self) -> Decimal:
        """The lodging ceiling of the night, the approved one where one is accepted."""
        if self.approved is not None:
            return self.approved
        return self.rate.lodging if self.rate else ZERO

    @property
    def is_refused(self) -> bool:
        """Whether the room is refused for its price."""
        return self.refuses_over_rate and self.room > self.ceiling

    @property
    def part(self) -> Part:
        """The officer's part of the bill, less its credits."""
        return Part(self.room, self.tax, self.flat_tax)


def priced_nights(
    claim: Claim,
    days: Sequence[TravelDay],
    rates: RateSource,
    law: Law,
    as_of: date | None,
    bars: Mapping[str, Bar],
    credits_by_line: Mapping[str, Sequence[Credit]],
) -> tuple[PricedNight, ...]:
    """The nights of a claim with their rates, approvals, credits, and what bars them, by themselves or otherwise.

    Raises RateUnavailable and InputError as the rate source does, for the hotel's own place where one is claimed.
    """
    by_date = {day.on: day for day in days}
    seen: set[date] = set()
    priced = []
    for index, night in enumerate(claim.lodging):
        day = by_date.get(night.night)
        bar = _bar(claim, night, day, as_of, twice=night.night in seen)
        seen.add(night.night)
        rate = day.lodging_rate if day else None
        if rate is not None:
            rate = _alternate(claim, night, index, rates) or rate
        credits = (tuple(credits_by_line.get(f"{kind}{index + 1}", ())) for kind in "NT")
        priced.append(_priced(claim, night, index, day, rate, bar, bars.get(f"N{index + 1}"), law, *credits))
    return tuple(priced)


def _priced(
    claim: Claim,
    night: LodgingNight,
    index: int,
    day: TravelDay | None,
    rate: PerDiemRate | None,
    bar: Bar | None,
    barred_outside: Bar | None,
    law: Law,
    room_credits: tuple[Credit, ...],
    tax_credits: tuple[Credit, ...],
) -> PricedNight:
    limit = ZERO
    approved = None
    refuses = False
    if rate is not None:
        multiple = law.count("actual-expense-300", "multiple", night.night)
        limit = ftr.actual_expense_limit(rate.lodging, rate.mie.total, multiple)
        refuses = law.setting("chp-settings", "over_rate_lodging", night.night) == "refused"
        if night.approval is not None and night.approval.ceiling and _approval_counts(claim, night.approval):
            approved = ftr.lodging_ceiling(rate.lodging, night.approval.ceiling, limit)
    part = _part(night, _whole(night, _sum(room_credits), _sum(tax_credits)))
    return PricedNight(
        index=index,
        night=night,
        day=day,
        rate=rate,
        approved=approved,
        limit=limit,
        room=part.room,
        tax=part.tax,
        flat_tax=part.flat_tax,
        bar=bar,
        refuses_over_rate=refuses,
        barred_outside=barred_outside,
        room_credits=room_credits,
        tax_credits=tax_credits,
    )


def _whole(night: LodgingNight, off_room: Decimal, off_tax: Decimal) -> Part:
    """The whole bill of a night, less so many dollars of credits; one for the tax takes the flat charge last."""
    return Part(
        _less(night.room_rate, off_room),
        _less(night.tax, off_tax),
        _less(night.flat_tax, _less(off_tax, night.tax)),
    )


def _part(night: LodgingNight, whole: Part) -> Part:
    """One officer's part of a bill: its share, or with a companion who is no officer the single room's.

    Rule `shared-room`.
    """
    if night.sharers > 1:
        return Part(*(ftr.shared(amount, night.sharers) for amount in whole))
    if night.single_rate is None or night.single_rate >= whole.room:
        return whole
    tax = ftr.lodging_tax_allowed(night.tax, night.single_rate, night.room_rate)
    return whole._replace(room=night.single_rate, tax=min(whole.tax, tax))


def _less(amount: Decimal, other: Decimal) -> Decimal:
    return max(ZERO, amount - other)


def _sum(credits: Sequence[Credit]) -> Decimal:
    return sum((credit.amount for credit in credits), ZERO)


def _approval_counts(claim: Claim, approval: Approval) -> bool:
    return ftr.approval_is_accepted(approval.by, approval.on, claim.trip.departed_on)


def _alternate(claim: Claim, night: LodgingNight, index: int, rates: RateSource) -> PerDiemRate | None:
    """The rate of the hotel's own locality, where it is claimed with an approval that counts."""
    if night.alternate_place is None or night.approval is None:
        return None
    if not _approval_counts(claim, night.approval):
        return None
    try:
        return rates.rate(night.alternate_place.place, night.night)
    except PerdiemError as error:
        raise error.at(f"lodging[{index}].alternate_place") from None


def _bar(
    claim: Claim,
    night: LodgingNight,
    day: TravelDay | None,
    as_of: date | None,
    *,
    twice: bool,
) -> Bar | None:
    on = night.night
    if day is None or on == claim.trip.returned_on or claim.trip.day_trips:
        why = f"the night of {on} is not a night of this trip: correct the date, or leave the night out"
        return Bar("lodging-night-not-in-trip", "lodging-ceiling", why)
    if twice:
        why = f"the night of {on} is claimed twice: leave one entry out"
        return Bar("lodging-night-not-in-trip", "lodging-ceiling", why)
    if as_of is not None and on > as_of:
        return Bar("date-in-future", "chp-itemized-claim", f"the night of {on} lies after {as_of}: correct the date")
    if day.kind is DayKind.PERSONAL or not day.night_is_payable:
        why = f"the night of {on} belongs to personal days, which are not paid: leave it out"
        return Bar("personal-day-paid", "personal-days", why)
    if night.type == "own_home" and not night.costs_nothing:
        why = "lodging in the officer's own home is not paid: leave it out"
        return Bar("lodging-type", "lodging-type", why)
    return None


def lodging_lines(nights: Sequence[PricedNight], law: Law) -> list[Line]:
    """A line for each night and, after all nights, a line for each night's tax."""
    night_lines = []
    tax_lines = []
    for night in nights:
        with Located(f"lodging[{night.index}].night"):
            refusals = _refusals(night, law)
            night_lines.append(_night_line(night, refusals, law))
            tax_lines.append(_tax_line(night, refusals, law))
    return night_lines + tax_lines


def _refusals(night: PricedNight, law: Law) -> tuple[Bar, ...]:
    """Everything but its price for which a night, and its tax with it, is not paid at all."""
    if night.bar is not None:
        return (night.bar,)
    stated = night.night
    refusals = []
    if (
        not stated.receipt_statement
        and not stated.costs_nothing
        and not has_document(stated.receipt, law, stated.night)
    ):
        denied = f', and "{on_one_line(stated.receipt)}" says that there is none' if stated.receipt else ""
        why = f"lodging always needs a receipt{denied}: enter the folio's number, or sign a missing-receipt statement"
        refusals.append(Bar("lodging-receipt-missing", "receipts", why, "receipt"))
    if night.barred_outside is not None:
        refusals.append(night.barred_outside)
    if stated.paid_by == "other":
        why = "another payer bore this night, so it is not paid again"
        refusals.append(Bar("other-payer", "credits", why, "paid_by"))
    return tuple(refusals)


def _split(work: Workings, night: PricedNight, part_of: Callable[[Decimal], Decimal]) -> None:
    """Reduce an amount of the whole bill to the officer's part."""
    whole = work.amount
    work.change(part_of, "shared-room-split", "shared-room", lambda: _split_message(night, whole, part_of(whole)))


def _split_message(night: PricedNight, whole: Decimal, part: Decimal) -> str:
    if night.night.sharers > 1:
        sharing = f"{night.night.sharers} officers share the room"
        return f"{sharing}, so one claims {in_dollars(part)} of {in_dollars(whole)}"
    return f"with a companion who is not an officer, the single room counts: {in_dollars(part)}"


def _over_ceiling_message(night: PricedNight) -> str:
    where = night.rate.locality.said if night.rate else "no place"
    ceiling = f"the ceiling of {in_dollars(night.ceiling)} for {where}{_approval_message(night)}"
    return f"the room at {in_dollars(night.room)} is above {ceiling}"


def _night_line(night: PricedNight, refusals: Sequence[Bar], law: Law) -> Line:
    stated = night.night
    work = Workings(stated.room_rate)
    credit = work.credited(night.room_credits)
    _split(work, night, lambda room: _part(stated, Part(room, stated.tax, stated.flat_tax)).room)
    if night.bar is None:
        most = ZERO if night.is_refused else night.ceiling
        work.at_most(most, "lodging-over-ceiling", "lodging-ceiling", lambda: _over_ceiling_message(night))
    for refusal in refusals:
        work.nothing(refusal.check, refusal.rule, refusal.why, about=refusal.field)
    steps = work.finished()
    rule = steps[-1].rule if steps else "lodging-ceiling"
    if steps:
        reason = "; ".join(step.why for step in steps)
    elif stated.costs_nothing:
        reason = WITHOUT_ROOM_WORDS[stated.type]
    elif stated.room_rate == 0:
        reason = "nothing was paid for the room"
    else:
        reason = f"the room is within the ceiling of {in_dollars(night.ceiling)}{_approval_message(night)}"
    return Line(
        id=f"N{night.index + 1}",
        group="lodging",
        category="lodging",
        on=stated.night,
        amount_claimed=night.room,
        amount_allowed=work.amount,
        rule=rule,
        citation=law.citation(rule, stated.night),
        reason=reason,
        path=f"lodging[{night.index}].room_rate",
        basis=f"The room cost {in_dollars(stated.room_rate)} for the night of {stated.night}",
        steps=steps,
        rate=night.rate,
        cost=stated.room_rate,
        credit=credit,
    )


def _approval_message(night: PricedNight) -> str:
    """Who approved the ceiling and when, where it is above the place's own."""
    approval = night.night.approval
    if night.approved is None or approval is None or night.rate is None or night.approved <= night.rate.lodging:
        return ""
    by = "NASRO" if approval.by == "nasro" else "the COPS Office"
    return f", approved by {by} on {approval.on}"


def _tax_line(night: PricedNight, refusals: Sequence[Bar], law: Law) -> Line:
    stated = night.night
    work = Workings(stated.tax + stated.flat_tax)
    credit = work.credited(night.tax_credits)
    # What the tax is without its credit, and without the split: so that waiving either gains the right amount
    off_room = _sum(night.room_credits)
    uncredited = _part(stated, _whole(stated, off_room, ZERO))
    unsplit = _whole(stated, off_room, _sum(night.tax_credits))
    claimed = night.part.taxes
    _split(work, night, lambda taxes: claimed if taxes == unsplit.taxes else uncredited.taxes)
    if night.bar is None:
        within = {
            unsplit.taxes: _taxes_within(night, unsplit, 1),
            uncredited.taxes: _taxes_within(night, uncredited, stated.sharers),
            claimed: _taxes_within(night, night.part, stated.sharers),
        }
        work.change(
            lambda taxes: min(taxes, within[taxes]),
            "lodging-tax-over-share",
            "lodging-tax-share",
            lambda: _over_share_message(night),
        )
    for refusal in refusals:
        work.nothing(refusal.check, refusal.rule, NEITHER_ITS_TAX, about=refusal.field)
    steps = work.finished()
    rule = steps[-1].rule if steps else "lodging-tax-share"
    return Line(
        id=f"T{night.index + 1}",
        group="lodging_tax",
        category="lodging_tax",
        on=stated.night,
        amount_claimed=claimed,
        amount_allowed=work.amount,
        rule=rule,
        citation=law.citation(rule, stated.night),
        reason="; ".join(step.why for step in steps) or "tax on lodging that is paid in full",
        path=f"lodging[{night.index}].tax",
        basis=f"The tax on the room was {in_dollars(stated.tax)}" + _flat_message(stated),
        steps=steps,
        rate=night.rate,
        cost=stated.tax + stated.flat_tax,
        credit=credit,
    )


def _taxes_within(night: PricedNight, part: Part, sharers: int) -> Decimal:
    """The tax on the reimbursable part of the room, at most its own, and the flat charge. Rule `lodging-tax-share`.

    One of so many `sharers` pays the part.
    """
    stated = night.night
    if night.is_refused:
        return ZERO
    if sharers > 1:
        tax = ftr.shared_tax_allowed(stated.tax, sharers, part.room, night.ceiling, stated.room_rate)
    else:
        tax = ftr.lodging_tax_allowed(stated.tax, min(part.room, night.ceiling), stated.room_rate)
    return min(tax, part.tax) + part.flat_tax


def _over_share_message(night: PricedNight) -> str:
    if night.night.room_rate == 0:
        return "tax on a free room is not tax on lodging that is paid"
    if night.is_refused:
        return NEITHER_ITS_TAX
    counted = min(night.room, night.ceiling)
    whole = night.room if night.night.sharers > 1 else night.night.room_rate
    return f"tax counts on {in_dollars(counted)} of the room's {in_dollars(whole)} only"


def _flat_message(stated: LodgingNight) -> str:
    return f", with a flat charge of {in_dollars(stated.flat_tax)}" if stated.flat_tax else ""
