"""What a stated amount would change if it counted: on its line, and in what NASRO pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perdiem_calc import chp, ftr
from perdiem_calc.checks.case import Case, payment_effect
from perdiem_calc.itemizer import itemize
from perdiem_calc.mie_lines import entitlement
from perdiem_calc.money import ZERO
from perdiem_calc.places import Locality, Place
from perdiem_calc.rates import PerDiemRate, RateSource
from perdiem_calc.submission import StatedCell, StatedRate

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
        "pov_excess",
        "credits_off_total",
    }
)
"""The totals from which the workbook computes what is payable."""
OF_LINE = frozenset({"lodging_allowed", "tax_allowed", "mie_allowed", "mie_entitlement", "allowed"})


class Effect(NamedTuple):
    """What a stated amount adds to its line, and to what is payable; dollars, negative where it takes away."""

    line: Decimal = ZERO
    payment: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class AsStated:
    """Rates of which one amount, on some days, is what a submission states instead of what is in force."""

    rates: RateSource
    field: str
    amount: Decimal
    on: frozenset[date]

    def locality(self, place: Place, on: date) -> Locality:
        """As the rates say."""
        return self.rates.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force, with the stated amount on its days."""
        rate = self.rates.rate(where, on)
        if on not in self.on:
            return rate
        if self.field == "lodging":
            return replace(rate, lodging=self.amount)
        amount: dict[str, Any] = {self.field: self.amount}
        return replace(rate, mie=replace(rate.mie, **amount))


def effect_of_rate(case: Case, rate: StatedRate) -> Effect:
    """What a rate as stated would change."""
    return _itemized_with(case, rate.field, rate.stated, frozenset(rate.on))


def effect_of_cell(case: Case, cell: StatedCell) -> Effect:
    """What a cell as stated would change; nothing where it states no amount."""
    if not isinstance(cell.stated, Decimal) or not isinstance(cell.due, Decimal):
        return Effect()
    if cell.key in OF_LINE or cell.key in COUNTED_TOTALS:
        return _of_gain(case, cell.excess)
    if cell.on is not None and cell.key in ("lodging_ceiling", "ceiling_applied"):
        return _itemized_with(case, "lodging", cell.stated, frozenset({cell.on}))
    if cell.on is not None and cell.key in TIER_FIELDS:
        return _itemized_with(case, TIER_FIELDS[cell.key], cell.stated, frozenset({cell.on}))
    compute = _EFFECTS.get(cell.key)
    return Effect() if compute is None else compute(case, cell, cell.stated)


def _of_gain(case: Case, gain: Decimal) -> Effect:
    return Effect(gain, -payment_effect(case, gain=gain))


def _itemized_with(case: Case, field: str, amount: Decimal, on: frozenset[date]) -> Effect:
    as_of, outside = case.itemized.as_of, case.itemized.outside
    with_it, right = (
        itemize(case.claim, rates, case.law, as_of=as_of, outside=outside).totals.allowable
        for rates in (AsStated(case.rates, field, amount, on), case.rates)
    )
    return _of_gain(case, with_it - right)


def _of_payable(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return Effect(cell.excess, stated - case.itemized.totals.payable)


def _of_cap(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """Another limit, or another rest of it."""
    totals = case.itemized.totals
    before = totals.previously_reimbursed if cell.key != "cap_left" else ZERO
    if case.itemized.blocks:
        return Effect(cell.excess)
    due = totals.allowable - case.itemized.outside.paid_for_same
    return Effect(cell.excess, chp.payable(due, stated, before) - totals.payable)


def _of_share(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A day of M&IE at another share."""
    day = case.itemized.days[int(cell.line[1:]) - 1]
    meals, paid = case.claim.meals_on(day.on), case.claim.mie_paid.get(day.on)
    _, right = entitlement(day, meals, paid)
    _, other = entitlement(replace(day, share=stated), meals, paid)
    return _of_gain(case, other - right)


def _of_mileage_rate(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    line = case.itemized.line(cell.line)
    expense = case.claim.expenses[int(cell.line[1:]) - 1]
    if expense.miles is None:
        return Effect()
    return _of_gain(case, ftr.pov_mileage(expense.miles, expense.round_trips, stated) - line.amount_claimed)


_EFFECTS: dict[str, Callable[[Case, StatedCell, Decimal], Effect]] = {
    "payable": _of_payable,
    "cap_limit": _of_cap,
    "cap_left": _of_cap,
    "limit_for_each_officer": _of_cap,
    "mie_percent": _of_share,
    "mileage_rate": _of_mileage_rate,
}
