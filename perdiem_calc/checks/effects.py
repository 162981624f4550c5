"""What a stated amount would change if it counted: on its line, and in what NASRO pays.

The rules compute that themselves, with the one thing otherwise: a night at another ceiling, a day at another share, a
figure of the law. A cell from which no amount follows changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perdiem_calc.checks.case import Case, payment_effect
from perdiem_calc.checks.submission import StatedCell, StatedRate
from perdiem_calc.claims.model import Claim, Expense
from perdiem_calc.dated import Dated, Law
from perdiem_calc.money import ZERO
from perdiem_calc.rates.model import PerDiemRate, RateSource
from perdiem_calc.rates.places import Locality, Place
from perdiem_calc.rules import chp, ftr
from perdiem_calc.rules.days import DayKind, TravelDay, share_of, travel_days
from perdiem_calc.rules.expenses import NEVER, expense_line, expense_lines
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.lines import Line, index_of
from perdiem_calc.rules.lodging import PricedNight, lodging_lines
from perdiem_calc.rules.mie import mie_lines

FALSE = "FALSE"
MINUTES = 60
MOST_COUNT = 10_000
"""No law counts so many days, hours or months; a calendar does not reach much further."""
TIER_FIELDS = {
    "mie_rate": "total",
    "breakfast_value": "breakfast",
    "lunch_value": "lunch",
    "dinner_value": "dinner",
    "incidental": "incidental",
}
COUNTED_TOTALS = frozenset(
    {
        "allowable_total",
        "lodging_allowed_total",
        "lodging_tax_allowed_total",
        "mie_allowed_total",
        "transportation_allowed_total",
        "other_allowed_total",
        "credits_off_total",
    }
)
"""The totals from which the workbook computes what is payable."""


class Effect(NamedTuple):
    """What a stated amount adds to its line, and to what is payable; dollars, negative where it takes away."""

    line: Decimal = ZERO
    payment: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class AsStated:
    """Rates in which a submission's own amounts replace some, for some places and days."""

    rates: RateSource
    amounts: Mapping[str, Decimal]
    places: frozenset[Place]
    on: frozenset[date]

    def locality(self, place: Place, on: date) -> Locality:
        """As the rates say."""
        return self.rates.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force, with the stated amounts for their places and days."""
        rate = self.rates.rate(where, on)
        if where not in self.places or on not in self.on:
            return rate
        tier: dict[str, Any] = {field: amount for field, amount in self.amounts.items() if field != "lodging"}
        return replace(rate, lodging=self.amounts.get("lodging", rate.lodging), mie=replace(rate.mie, **tier))


def effect_of_rates(case: Case, rates: Sequence[StatedRate]) -> Effect:
    """What rates as stated would change."""
    source = case.rates
    for rate in rates:
        source = AsStated(source, rate.stated, _places(case.claim), frozenset(rate.on))
    return _computed_with(case, rates=source)


def effect_of_cell(case: Case, cell: StatedCell) -> Effect:
    """What a cell as stated would change; nothing if a name points elsewhere, since its value is then unknown."""
    if cell.how == "moved":
        return Effect()
    if isinstance(cell.stated, Decimal):
        if "." in cell.key:
            return _of_law(case, cell, cell.stated)
        compute = _OF_NUMBERS.get(cell.key)
        return Effect() if compute is None else compute(case, cell, cell.stated)
    if cell.stated is None and cell.how != "changed":
        return Effect()
    if "." in cell.key and cell.unit == "text":
        return _computed_with(case, law=_law_with(case.law, cell, cell.stated or ""))
    of_text = _OF_TEXTS.get(cell.key)
    return Effect() if of_text is None else of_text(case, cell, cell.stated or "")


# --- the rules with one thing otherwise -----------------------------------------------------------------------------


def _computed_with(
    case: Case, *, claim: Claim | None = None, rates: RateSource | None = None, law: Law | None = None
) -> Effect:
    now = case.itemized
    then = itemize(
        claim or case.claim, rates or case.rates, law or case.law, as_of=now.as_of, outside=now.outside
    ).totals
    return Effect(then.allowable - now.totals.allowable, then.payable - now.totals.payable)


def _gained(case: Case, gain: Decimal, line: Line | None = None) -> Effect:
    """A gain on a line, or on all of them; only what the comparison with the authorized way leaves is paid."""
    paid = gain if line is None else case.itemized.net_gain([(line, gain)])
    return Effect(gain, -payment_effect(case, gain=paid))


def _law_with(law: Law, cell: StatedCell, value: object) -> Law:
    """The law with one of its figures otherwise: that in force from a day on, or on all days."""
    rule_id, name = cell.key.split(".")
    rule = law.rules[rule_id]
    entries = tuple(
        replace(entry, value=value) if cell.on in (None, entry.effective_from) else entry
        for entry in rule.values[name].entries
    )
    return Law({**law.rules, rule_id: replace(rule, values={**rule.values, name: Dated(name, entries)})})


def _places(claim: Claim) -> frozenset[Place]:
    return frozenset(stop.place.place for stop in claim.trip.stops)


# --- nights and days ------------------------------------------------------------------------------------------------


def _of_night(change: Callable[[PricedNight, Decimal], PricedNight]) -> Callable[[Case, StatedCell, Decimal], Effect]:
    """The effect on a night's room and tax, with something of the night otherwise."""

    def effect(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
        if cell.line[:1] not in ("N", "T"):
            return Effect()
        night = case.itemized.nights[index_of(cell.line)]
        now = [case.itemized.line(f"{kind}{night.index + 1}") for kind in "NT"]
        then = lodging_lines([change(night, stated)], case.law)
        gain = sum((line.amount_allowed for line in then), ZERO) - sum((line.amount_allowed for line in now), ZERO)
        return _gained(case, gain, now[0])

    return effect


def _of_part(
    gain: Callable[[PricedNight, Decimal, Decimal], Decimal],
) -> Callable[[Case, StatedCell, Decimal], Effect]:
    """The effect on a night's room and tax, with another part of its bill; `gain` also takes the tax allowed now."""

    def effect(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
        if cell.line[:1] not in ("N", "T"):
            return Effect()
        night = case.itemized.nights[index_of(cell.line)]
        room, tax = (case.itemized.line(f"{kind}{night.index + 1}") for kind in "NT")
        is_refused = room.amount_allowed == ZERO != night.room
        return Effect() if is_refused else _gained(case, gain(night, stated, tax.amount_allowed), room)

    return effect


def _gain_of_room(night: PricedNight, stated: Decimal, _tax: Decimal) -> Decimal:
    return min(stated, night.ceiling) - min(night.room, night.ceiling)


def _gain_of_tax(night: PricedNight, stated: Decimal, tax: Decimal) -> Decimal:
    """Of a room of one officer no more counts than the share of the tax, of a shared one the part that is stated."""
    if night.night.sharers > 1:
        return stated - night.tax if night.room <= night.ceiling else ZERO
    allowed = tax - night.flat_tax
    return min(stated, allowed) - allowed


def _gain_of_flat_tax(night: PricedNight, stated: Decimal, _tax: Decimal) -> Decimal:
    return stated - night.flat_tax


def _of_ceiling(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    on = frozenset(filter(None, [cell.on]))
    return _computed_with(case, rates=AsStated(case.rates, {"lodging": stated}, _places(case.claim), on))


def _of_day(case: Case, cell: StatedCell, day: TravelDay, claim: Claim | None = None) -> Effect:
    """The effect on a day's M&IE, with something of the day, or of the claim, otherwise."""
    days = [day if one.on == day.on else one for one in case.itemized.days]
    then = mie_lines(claim or case.claim, days, case.law, case.itemized.bars)[index_of(cell.line)]
    line = case.itemized.line(cell.line)
    return _gained(case, then.amount_allowed - line.amount_allowed, line)


def _of_alternate(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """The rate of the hotel's own place, which is compared only where an approval lets it count."""
    night = case.itemized.nights[index_of(cell.line)]
    approval = night.night.approval
    approved = approval.ceiling if approval is not None else None
    ceiling = ftr.lodging_ceiling(stated, approved or None, night.limit)
    return _of_night(lambda night, _: replace(night, approved=ceiling))(case, cell, stated)


def _of_share(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return _of_day(case, cell, replace(case.itemized.days[index_of(cell.line)], share=stated))


def _of_day_type(case: Case, cell: StatedCell, stated: str) -> Effect:
    first_last = case.law.number("mie-first-last-day", "share", case.claim.trip.departed_on)
    kinds = {str(kind): share_of(kind, first_last) for kind in DayKind}
    return _of_share(case, cell, kinds.get(stated, ZERO))


def _of_minutes(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A commuter's day of so many minutes."""
    day = case.itemized.days[index_of(cell.line)]
    if day.kind not in (DayKind.DAY_TRIP, DayKind.TOO_SHORT) or not case.claim.trip.day_trips:
        return Effect()
    more_than = case.law.count("entitlement-12-hours", "more_than_hours", day.on)
    kind = DayKind.DAY_TRIP if stated > more_than * MINUTES else DayKind.TOO_SHORT
    return _of_day_type(case, cell, str(kind))


def _of_tier(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    day = case.itemized.days[index_of(cell.line)]
    amount: dict[str, Any] = {TIER_FIELDS[cell.key]: stated}
    rate = replace(day.mie_rate, mie=replace(day.mie_rate.mie, **amount)) if day.mie_rate is not None else None
    return _of_day(case, cell, replace(day, mie_rate=rate))


def _of_entitlement(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A day's M&IE at another amount before what the agency paid."""
    day, line = case.itemized.days[index_of(cell.line)], case.itemized.line(cell.line)
    if line.id in case.itemized.bars:
        return Effect()
    paid = case.claim.mie_paid.get(day.on)
    left = min(stated, paid) if paid is not None else stated
    return _gained(case, left - line.amount_allowed, line)


def _of_mie_claimed(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    day = case.itemized.days[index_of(cell.line)]
    claim = case.claim.model_copy(update={"mie_paid": {**case.claim.mie_paid, day.on: stated}})
    return _of_day(case, cell, day, claim)


def _of_hours(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """All days of M&IE, of a trip of so many hours."""
    itemized, law, trip = case.itemized, case.law, case.claim.trip
    nights = len(itemized.shape.official) - 1
    full_from = law.count("entitlement-12-hours", "full_from_hours", trip.departed_on)
    more_than = law.count("entitlement-12-hours", "more_than_hours", trip.departed_on)
    shape = replace(
        itemized.shape,
        hours=stated,
        is_full=ftr.counts_as_full_trip(stated, nights, full_from),
        is_entitled=ftr.short_trip_is_entitled(stated, more_than),
    )
    then = mie_lines(case.claim, travel_days(trip, case.rates, law, shape), law, itemized.bars)
    return _gained(case, sum((line.amount_allowed for line in then), ZERO) - itemized.totals.mie)


# --- expenses -------------------------------------------------------------------------------------------------------


def _of_line(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A line allowed at another amount; one in a row without a line is in no group, and so in no total."""
    return _gained(case, cell.excess, case.itemized.line(cell.line)) if cell.line else Effect()


def _of_total(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return _gained(case, cell.excess)


def _of_line_amount(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """An expense claimed at another amount."""
    if not cell.line:
        return Effect()
    expense = _expense(case, cell)
    if expense.miles is not None:
        return _of_mileage_rate(case, cell, stated / expense.miles / expense.round_trips)
    others = list(case.claim.expenses)
    others[index_of(cell.line)] = expense.model_copy(update={"amount": max(ZERO, stated)})
    return _computed_with(case, claim=case.claim.model_copy(update={"expenses": tuple(others)}))


def _of_mileage_rate(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """One drive at another rate a mile."""
    if not cell.line or _expense(case, cell).miles is None:
        return Effect()
    law = _law_with(case.law, replace(cell, key="pov-mileage.car_no_gov_vehicle", on=None), stated)
    now = case.itemized
    then = expense_line(case.claim, index_of(cell.line), now.facts, now.credits_by_line, law)
    line = now.line(cell.line)
    return _gained(case, then.amount_allowed - line.amount_allowed, line)


def _of_stay(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """The expenses of a trip with so many nights in a row."""
    itemized = case.itemized
    facts = replace(itemized.facts, longest_stay=int(stated))
    then = expense_lines(case.claim, facts, itemized.credits_by_line, case.law)
    now = [itemized.line(line.id) for line in then]
    gain = sum((line.amount_allowed for line in then), ZERO) - sum((line.amount_allowed for line in now), ZERO)
    return _gained(case, gain)


def _of_group(case: Case, cell: StatedCell, stated: str) -> Effect:
    """An expense in no group counts in no total."""
    if not cell.line or stated in ("transportation", "other"):
        return Effect()
    line = case.itemized.line(cell.line)
    return _gained(case, -line.amount_allowed, line)


def _expense(case: Case, cell: StatedCell) -> Expense:
    return case.claim.expenses[index_of(cell.line)]


# --- the claim ------------------------------------------------------------------------------------------------------


def _of_payable(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return Effect(cell.excess, stated - case.itemized.totals.payable)


def _of_limit(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """Another limit, or another remainder of it."""
    totals = case.itemized.totals
    if case.itemized.blocks:
        return Effect(cell.excess)
    outside = case.itemized.outside
    before = outside.taken + (totals.previously_reimbursed if cell.key != "cap_left" else ZERO)
    due = totals.allowable - outside.paid_for_same
    return Effect(cell.excess, chp.payable(due, stated, before) - totals.payable)


def _of_blocked(case: Case, cell: StatedCell, stated: str) -> Effect:
    """A workbook that states that its claim is barred, or that it is not."""
    itemized = case.itemized
    if itemized.blocks:
        return Effect(ZERO, itemized.within_limit) if stated == FALSE else Effect()
    return Effect(ZERO, -itemized.totals.payable) if stated != FALSE else Effect()


def _of_law(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A figure of the law otherwise; what is no figure, or no whole number of days or nights, gives nothing."""
    rule, name = cell.key.split(".")
    figure = case.law.rules[rule].values[name].entries[0].value
    is_count = isinstance(figure, int)
    is_possible = 0 <= stated <= MOST_COUNT and stated == stated.to_integral_value()
    if isinstance(figure, str) or (is_count and not is_possible):
        return Effect()
    return _computed_with(case, law=_law_with(case.law, cell, int(stated) if is_count else stated))


def _of_bar(case: Case, cell: StatedCell, stated: str) -> Effect:
    """A bar that only the submission states: nothing is allowed."""
    lines = [case.itemized.line(cell.line)] if cell.line[:1] in ("N", "E") else []
    if cell.line[:1] == "N":
        lines.append(case.itemized.line(f"T{cell.line[1:]}"))
    return _gained(case, -sum((line.amount_allowed for line in lines), ZERO), lines[0] if lines else None)


# --- lists on Rates -------------------------------------------------------------------------------------------------


def _of_never_paid(case: Case, cell: StatedCell, stated: str) -> Effect:
    """A category that is no more among those that are never paid."""
    check = NEVER[str(cell.due)][0]
    lines = [line for line in case.itemized.lines if line.category == cell.due]
    return _gained(case, sum((s.gain for line in lines for s in line.steps if s.check == check), ZERO))


def _of_meals_deducted(case: Case, cell: StatedCell, stated: str) -> Effect:
    """Meals of one who furnishes them, that are no more deducted."""
    kept = [
        meals.model_copy(update={meal: "none" for meal, by in meals.by_meal().items() if by == cell.due})
        for meals in case.claim.furnished_meals or ()
    ]
    return _computed_with(case, claim=case.claim.model_copy(update={"furnished_meals": tuple(kept)}))


_OF_NUMBERS: dict[str, Callable[[Case, StatedCell, Decimal], Effect]] = {
    **dict.fromkeys(("lodging_allowed", "tax_allowed", "mie_allowed", "allowed"), _of_line),
    **dict.fromkeys(COUNTED_TOTALS, _of_total),
    **dict.fromkeys(TIER_FIELDS, _of_tier),
    "lodging_ceiling": _of_ceiling,
    "alternate_ceiling": _of_alternate,
    "ceiling_applied": _of_night(lambda night, stated: replace(night, approved=stated)),
    "lodging_claimed": _of_part(_gain_of_room),
    "room_tax_claimed": _of_part(_gain_of_tax),
    "flat_tax_claimed": _of_part(_gain_of_flat_tax),
    "mie_percent": _of_share,
    "mie_entitlement": _of_entitlement,
    "mie_claimed": _of_mie_claimed,
    "day_trip_minutes": _of_minutes,
    "trip_hours": _of_hours,
    "longest_stay": _of_stay,
    "mileage_rate": _of_mileage_rate,
    "line_amount": _of_line_amount,
    "payable": _of_payable,
    "cap_limit": _of_limit,
    "cap_left": _of_limit,
}
_OF_TEXTS: dict[str, Callable[[Case, StatedCell, str], Effect]] = {
    "day_type": _of_day_type,
    "disallowed": _of_bar,
    "group": _of_group,
    "claim_blocked": _of_blocked,
    "claim_blocked_by": _of_blocked,
    "blocks_at_build": _of_blocked,
    "never_paid": _of_never_paid,
    "meals_deducted": _of_meals_deducted,
}
