"""What a stated amount would change if it counted: on its line, and in what NASRO pays.

An amount allowed and a total of the claim count as they are stated, and so do the rates of another place. A cell that
only shows what the sheet Workings computes, such as a ceiling or a share, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from perdiem_calc.checks.case import Case, payment_effect
from perdiem_calc.checks.submission import StatedCell, StatedRate
from perdiem_calc.money import ZERO
from perdiem_calc.rates.model import PerDiemRate, RateSource
from perdiem_calc.rates.places import Locality, Place
from perdiem_calc.rules import chp
from perdiem_calc.rules.itemize import itemize

AT_TOP = "top_"
"""What the names of the boxes at the top of the sheet Claim begin with; they repeat the totals below."""
ALLOWED = ("lodging_allowed", "tax_allowed", "mie_allowed", "allowed")
"""The keys of the amounts allowed on a line."""
GROUPS = ("lodging", "lodging_tax", "mie", "transportation", "other", "credits")
LIMITS = ("cap_limit", "cap_left", "previously_reimbursed")


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
    places = frozenset(stop.place.place for stop in case.claim.trip.stops)
    source = case.rates
    for rate in rates:
        source = AsStated(source, rate.stated, places, frozenset(rate.on))
    now = case.itemized
    then = itemize(case.claim, source, case.law, as_of=now.as_of, outside=now.outside).totals
    return Effect(then.allowable - now.totals.allowable, then.payable - now.totals.payable)


def effect_of_cell(case: Case, cell: StatedCell) -> Effect:
    """What a cell as stated would change; nothing if a name points elsewhere, since its value is then unknown."""
    compute = _EFFECTS.get(cell.key.removeprefix(AT_TOP))
    if cell.how == "moved" or compute is None or not isinstance(cell.stated, Decimal):
        return Effect()
    return compute(case, cell, cell.stated)


def _of_line(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """A line allowed at another amount, of which the comparison with the authorized way may leave less to be paid.

    Nothing is paid of one that is barred, whatever is stated.
    """
    if not cell.line or cell.line in case.itemized.bars:
        return Effect()
    paid = case.itemized.net_gain([(case.itemized.line(cell.line), cell.excess)])
    return Effect(cell.excess, -payment_effect(case, gain=paid))


def _of_total(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return Effect(cell.excess, -payment_effect(case, gain=cell.excess))


def _of_payable(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    return Effect(cell.excess, stated - case.itemized.totals.payable)


def _of_limit(case: Case, cell: StatedCell, stated: Decimal) -> Effect:
    """Another limit, another remainder of it, or other earlier payments."""
    totals, outside = case.itemized.totals, case.itemized.outside
    if case.itemized.blocks:
        return Effect(cell.excess)
    limit, before = stated, outside.taken
    if cell.key == "cap_limit":
        before += totals.previously_reimbursed
    elif cell.key == "previously_reimbursed":
        limit, before = totals.cap, before + stated
    due = totals.allowable - outside.paid_for_same
    return Effect(cell.excess, chp.payable(due, limit, before) - totals.payable)


_EFFECTS: Mapping[str, Callable[[Case, StatedCell, Decimal], Effect]] = {
    **dict.fromkeys(ALLOWED, _of_line),
    **{f"{group}_allowed_total": _of_total for group in GROUPS},
    "allowable_total": _of_total,
    "payable": _of_payable,
    **dict.fromkeys(LIMITS, _of_limit),
}
