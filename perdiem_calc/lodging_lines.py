"""The lines of lodging: one for each night, and one for its tax.

Rules `lodging-ceiling`, `lodging-tax-share`, `shared-room`, `lodging-type`, `actual-expense-300`, `receipts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perdiem_calc import ftr
from perdiem_calc.claim import Approval, Claim, Credit, LodgingNight
from perdiem_calc.days import DayKind, TravelDay
from perdiem_calc.errors import Located, PerdiemError
from perdiem_calc.lines import Line, Workings
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.others import Bar, Outside
from perdiem_calc.parameters import Law
from perdiem_calc.rates import PerDiemRate, RateSource

OVER_CEILING = frozenset({"lodging-over-ceiling", "lodging-tax-over-share"})
NEITHER_ITS_TAX = "the night itself is not paid, so neither is its tax"


@dataclass(frozen=True, slots=True)
class PricedNight:
    """A night of lodging with what the rules know of it. Amounts in dollars.

    `day` and `rate` are None for a night outside the trip. `approved` is the accepted ceiling above the locality's
    (at most `limit`), None where there is none. `room` is the officer's part of the room rate, `tax` and `flat_tax`
    of the taxes. `bar` is what bars the night whatever it cost, `barred_outside` what other claims tell against it.
    `refuses_over_rate`: a room above the ceiling is refused, not capped.
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


def priced_nights(
    claim: Claim, days: Sequence[TravelDay], rates: RateSource, law: Law, as_of: date | None, outside: Outside
) -> tuple[PricedNight, ...]:
    """The nights of a claim with their rates, approvals and what bars them, by themselves or from outside.

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
        priced.append(_priced(claim, night, index, day, rate, bar, outside, law))
    return tuple(priced)


def _priced(
    claim: Claim,
    night: LodgingNight,
    index: int,
    day: TravelDay | None,
    rate: PerDiemRate | None,
    bar: Bar | None,
    outside: Outside,
    law: Law,
) -> PricedNight:
    room = night.room_rate if night.single_rate is None else min(night.single_rate, night.room_rate)
    tax = night.tax
    if room != night.room_rate:
        tax = ftr.lodging_tax_allowed(night.tax, room, night.room_rate)
    limit = ZERO
    approved = None
    refuses = False
    if rate is not None:
        multiple = law.count("actual-expense-300", "multiple", night.night)
        limit = ftr.actual_expense_limit(rate.lodging, rate.mie.total, multiple)
        refuses = law.setting("chp-settings", "over_rate_lodging", night.night) == "refused"
        if night.approval is not None and night.approval.ceiling and _approval_counts(claim, night.approval):
            approved = ftr.lodging_ceiling(rate.lodging, night.approval.ceiling, limit)
    room, tax, flat_tax = (ftr.shared(whole, night.sharers) for whole in (room, tax, night.flat_tax))
    return PricedNight(
        index=index,
        night=night,
        day=day,
        rate=rate,
        approved=approved,
        limit=limit,
        room=room,
        tax=tax,
        flat_tax=flat_tax,
        bar=bar,
        refuses_over_rate=refuses,
        barred_outside=outside.bars.get(f"N{index + 1}"),
    )


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
    if night.type == "own_home":
        why = "lodging in the officer's own home is not paid: leave it out"
        return Bar("lodging-type", "lodging-type", why)
    return None


def lodging_lines(
    nights: Sequence[PricedNight], credits_by_line: Mapping[str, Sequence[Credit]], law: Law
) -> list[Line]:
    """A line for each night and, after all nights, a line for each night's tax."""
    night_lines = []
    tax_lines = []
    for night in nights:
        with Located(f"lodging[{night.index}].night"):
            refusals = _refusals(night)
            night_lines.append(_night_line(night, refusals, credits_by_line, law))
            tax_lines.append(_tax_line(night, refusals, credits_by_line, law))
    return night_lines + tax_lines


def _refusals(night: PricedNight) -> tuple[Bar, ...]:
    """Everything but its price for which a night, and its tax with it, is not paid at all."""
    if night.bar is not None:
        return (night.bar,)
    stated = night.night
    refusals = []
    if not stated.has_receipt:
        why = "lodging always needs a receipt: enter the folio's number, or sign a missing-receipt statement"
        refusals.append(Bar("lodging-receipt-missing", "receipts", why, "receipt"))
    if night.barred_outside is not None:
        refusals.append(night.barred_outside)
    if stated.paid_by == "other":
        why = "another payer bore this night, so it is not paid again"
        refusals.append(Bar("other-payer", "credits", why, "paid_by"))
    return tuple(refusals)


def _split(night: PricedNight, whole: Decimal, part: Decimal) -> Workings:
    """Workings of an amount that begin with the officer's part of it."""
    work = Workings(whole)
    if part == whole:
        return work
    if night.night.sharers > 1:
        sharing = f"{night.night.sharers} officers share the room"
        why = f"{sharing}, so one claims {in_dollars(part)} of {in_dollars(whole)}"
    else:
        why = f"with a companion who is not an officer, the single room counts: {in_dollars(part)}"
    work.change(lambda amount: part, "shared-room-split", "shared-room", why)
    return work


def _over_ceiling_said(night: PricedNight) -> str:
    where = night.rate.locality.name if night.rate else "no place"
    ceiling = f"the ceiling of {in_dollars(night.ceiling)} for {where}{_approval_said(night)}"
    return f"the room at {in_dollars(night.room)} is above {ceiling}"


def _night_line(
    night: PricedNight,
    refusals: Sequence[Bar],
    credits_by_line: Mapping[str, Sequence[Credit]],
    law: Law,
) -> Line:
    stated = night.night
    work = _split(night, stated.room_rate, night.room)
    if night.bar is None:
        most = ZERO if night.is_refused else night.ceiling
        work.at_most(most, "lodging-over-ceiling", "lodging-ceiling", lambda: _over_ceiling_said(night))
    for refusal in refusals:
        work.nothing(refusal.check, refusal.rule, refusal.why, about=refusal.field)
    work.credited(credits_by_line.get(f"N{night.index + 1}", ()))
    steps = work.finished()
    rule = steps[-1].rule if steps else "lodging-ceiling"
    if steps:
        reason = "; ".join(step.why for step in steps)
    elif stated.room_rate == 0:
        reason = "nothing was paid for the room"
    else:
        reason = f"the room is within the ceiling of {in_dollars(night.ceiling)}{_approval_said(night)}"
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
    )


def _approval_said(night: PricedNight) -> str:
    """Who approved the ceiling and when, where it is above the place's own."""
    approval = night.night.approval
    if night.approved is None or approval is None or night.rate is None or night.approved <= night.rate.lodging:
        return ""
    by = "NASRO" if approval.by == "nasro" else "the COPS Office"
    return f", approved by {by} on {approval.on}"


def _tax_line(
    night: PricedNight,
    refusals: Sequence[Bar],
    credits_by_line: Mapping[str, Sequence[Credit]],
    law: Law,
) -> Line:
    stated = night.night
    claimed = night.tax + night.flat_tax
    work = _split(night, stated.tax + stated.flat_tax, claimed)
    if night.bar is None:
        work.change(
            lambda amount: _tax_within(night, amount),
            "lodging-tax-over-share",
            "lodging-tax-share",
            lambda: _over_share_said(night),
        )
    for refusal in refusals:
        work.nothing(refusal.check, refusal.rule, NEITHER_ITS_TAX, about=refusal.field)
    work.credited(credits_by_line.get(f"T{night.index + 1}", ()))
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
        basis=f"The tax on the room was {in_dollars(stated.tax)}" + _flat_said(stated),
        steps=steps,
        rate=night.rate,
    )


def _over_share_said(night: PricedNight) -> str:
    if night.room == 0:
        return "tax on a free room is not tax on lodging that is paid"
    if night.is_refused:
        return NEITHER_ITS_TAX
    counted = min(night.room, night.ceiling)
    return f"tax counts on {in_dollars(counted)} of the room's {in_dollars(night.room)} only"


def _flat_said(stated: LodgingNight) -> str:
    return f", with a flat charge of {in_dollars(stated.flat_tax)}" if stated.flat_tax else ""


def _tax_within(night: PricedNight, amount: Decimal) -> Decimal:
    """What of the officer's tax, or of the whole room's where the split is waived, counts below the ceiling."""
    if night.is_refused:
        return ZERO
    if amount == night.tax + night.flat_tax:
        return min(amount, _tax_share(night) + night.flat_tax)
    stated = night.night
    share = ftr.lodging_tax_allowed(stated.tax, min(stated.room_rate, night.ceiling), stated.room_rate)
    return min(amount, share + stated.flat_tax)


def _tax_share(night: PricedNight) -> Decimal:
    """The tax on the part of the room below the ceiling."""
    lodging = min(night.room, night.ceiling)
    stated = night.night
    if stated.sharers == 1:
        return ftr.lodging_tax_allowed(stated.tax, lodging, stated.room_rate)
    return ftr.lodging_tax_allowed(night.tax, lodging, night.room)
