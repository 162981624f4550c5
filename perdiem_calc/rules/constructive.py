"""Another way of travel by choice: the whole trip costs no more than the authorized way would have.

Rule `constructive-cost`. A mileage or rental line states in `comparable_cost` what the authorized way would have cost
in fares, bags, taxis to terminals and terminal parking, both directions. Per diem is on both sides: that of the trip
as it was made, and that of the days at the course stops alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from perdiem_calc.claims.model import CARRIERS, DRIVES, Claim
from perdiem_calc.dated import Law
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rules import ftr
from perdiem_calc.rules.days import DayKind, TravelDay, TripShape
from perdiem_calc.rules.lines import Line, Workings
from perdiem_calc.rules.mie import mie_entitlement
from perdiem_calc.rules.outside import Bar

TRAVEL = CARRIERS | {
    "pov_mileage", "parking", "tolls", "rental_car", "rental_fuel", "rental_insurance", "baggage", "seat_fee"
}  # fmt: skip
"""The categories that the comparison counts; local taxis are on neither side."""
PER_DIEM = frozenset({"lodging", "lodging_tax", "mie"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the trip cost and what the authorized way would have cost, dollars; `index` is the expense that states it.

    `on_both_sides` are the ids of the lines of per diem that the authorized way would have had too.
    """

    index: int
    comparable: Decimal
    actual: Decimal
    constructive: Decimal
    on_both_sides: frozenset[str]

    @property
    def excess(self) -> Decimal:
        """What the trip cost above the authorized way; zero where it cost less."""
        return ftr.constructive_excess(self.actual, self.constructive)

    def net(self, gains: Sequence[tuple[Line, Decimal]]) -> Decimal:
        """What gains of some lines, dollars, leave once the comparison is made again."""
        actual, constructive = self.actual, self.constructive
        for line, gain in gains:
            actual += gain if counts(line) else ZERO
            constructive += gain if line.id in self.on_both_sides else ZERO
        gained = sum((gain for _, gain in gains), ZERO)
        return gained - ftr.constructive_excess(actual, constructive) + self.excess


def counts(line: Line) -> bool:
    """Whether a line is a cost of the trip as it was made."""
    return line.group in PER_DIEM or line.category in TRAVEL


def stated_costs(claim: Claim) -> list[tuple[int, Decimal]]:
    """What the authorized way would have cost, as each line that states it does: the expense's index and dollars."""
    found = ((index, expense.comparable_cost) for index, expense in enumerate(claim.expenses))
    return [(index, cost) for index, cost in found if cost is not None and claim.expenses[index].category in DRIVES]


def compared(
    claim: Claim,
    shape: TripShape,
    days: Sequence[TravelDay],
    lines: Sequence[Line],
    bars: Mapping[str, Bar],
    law: Law,
) -> Comparison | None:
    """The comparison of a trip, at the lowest cost that is stated; None where no line states one.

    A trip below 24 hours, or of day trips, has the same per diem on both sides.
    """
    stated = stated_costs(claim)
    if not stated:
        return None
    index, comparable = min(stated, key=lambda one: one[1])
    is_whole = shape.is_full and not claim.trip.day_trips
    at_course = course_days(claim) if is_whole else list(claim.trip.days())
    nights = [line for line in lines if line.group in ("lodging", "lodging_tax") and line.on in at_course[:-1]]
    of_days = [line for line in lines if line.group == "mie" and line.on in at_course]
    mie = _mie_of_course(claim, days, at_course, bars, law) if is_whole else _sum(of_days)
    constructive = comparable + _sum(nights) + mie
    actual = _sum([line for line in lines if counts(line)])
    both = frozenset(line.id for line in (*nights, *of_days))
    return Comparison(index, comparable, actual, constructive, both)


def course_days(claim: Claim) -> list[date]:
    """The calendar days from arrival at the first course stop to departure from the last."""
    stops = [stop for stop in claim.trip.stops if stop.reason == "course"] or list(claim.trip.stops)
    first, last = stops[0].arrived_on, min(stops[-1].departed_on, claim.trip.returned_on)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _mie_of_course(
    claim: Claim, days: Sequence[TravelDay], at_course: Sequence[date], bars: Mapping[str, Bar], law: Law
) -> Decimal:
    """The M&IE that the days at the course stops would earn as a trip of their own.

    Their ends earn the share of a first and last day, and the last takes the rate of the day before, as on any trip.
    What is not payable on the trip as it was made would not be on this one either.
    """
    own = [day for day in days if day.on in at_course and day.kind is not DayKind.PERSONAL]
    first_last = law.number("mie-first-last-day", "share", claim.trip.departed_on)
    numbers = {day.on: number for number, day in enumerate(days, start=1)}
    shares = {day.on: first_last for day in own[:1] + own[-1:]}
    rates = {day.on: day.mie_rate for day in own}
    if own[1:]:
        rates[own[-1].on] = own[-2].mie_rate
    payable = [day.on for day in own if f"D{numbers[day.on]}" not in bars]
    return sum((mie_entitlement(rates[on], shares.get(on, Decimal(1)), claim.meals_on(on)) for on in payable), ZERO)


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount_allowed for line in lines), ZERO)


def excess_line(claim: Claim, comparison: Comparison | None, law: Law) -> Line | None:
    """The one negative line for what the trip cost above the authorized way; None where it did not."""
    if comparison is None or not comparison.excess:
        return None
    on, excess = claim.expenses[comparison.index].date, comparison.excess
    why = (
        f"the trip as it was made cost {in_dollars(comparison.actual)} with its per diem, and the authorized way "
        f"would have cost {in_dollars(comparison.constructive)}: {in_dollars(comparison.comparable)} for the way, "
        "the "
        "rest for the nights and days at the course"
    )
    work = Workings(ZERO)
    work.change(lambda amount: amount - excess, "over-constructive-cost", "constructive-cost", why)
    return Line(
        id="POV",
        group="transportation",
        category="over_constructive_cost",
        on=on,
        amount_claimed=ZERO,
        amount_allowed=-excess,
        rule="constructive-cost",
        citation=law.citation("constructive-cost", on),
        reason=why,
        path=f"expenses[{comparison.index}].comparable_cost",
        basis="Another way of travel by choice is paid up to the cost of the authorized way",
        steps=work.finished(),
    )
