"""What goes into the workbook of one claim, gathered once: its rows, its rates, and its values by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.trip import ClaimPlace, DayTrip
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules.days import DayKind, TravelDay, clock_hours
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.lines import Line
from perdiem_calc.rules.lodging import PricedNight
from perdiem_calc.workbook.form.claim_page import FOR_NASRO, ClaimPage, claim_page

SPARE_EXPENSES = 40
"""Blank rows below the expenses, ready for more."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of Days: a calendar day with its night, if one is claimed; or lodging that fits no day of the trip.

    `number` is the day's, from 1; 0 for a row without a day. `night_line` is the id that the row's lodging has, or
    would have. `mie` is the day's line.
    """

    on: date
    number: int
    day: TravelDay | None
    night: PricedNight | None
    night_line: str
    mie: Line | None
    day_trip: DayTrip | None

    @property
    def lodging_rate(self) -> PerDiemRate | None:
        """The lodging rate of the place of duty in the night that begins on this day; None where none does."""
        day = self.day or (self.night.day if self.night else None)
        return day.lodging_rate if day else None


@dataclass(frozen=True)
class Contents:
    """A claim on its way into a workbook. `unknown` are the paths of a form's fields that nobody has stated yet."""

    itemized: ItemizedClaim
    findings: tuple[Finding, ...]
    law: Law
    unknown: frozenset[str] = frozenset()

    @property
    def claim(self) -> Claim:
        """The claim as stated."""
        return self.itemized.claim

    @property
    def is_form(self) -> bool:
        """Whether this is a form to fill in."""
        return bool(self.unknown)

    @property
    def built_on(self) -> date:
        """The day that the findings are as of."""
        return self.itemized.as_of or self.claim.prepared_on

    @cached_property
    def page(self) -> ClaimPage:
        """The layout of the sheet Claim."""
        claim = self.claim
        return claim_page(len(claim.trip.stops), len(claim.previous_claims), len(claim.credits))

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines by their id."""
        return {line.id: line for line in self.itemized.lines}

    @cached_property
    def day_rows(self) -> tuple[DayRow, ...]:
        """The rows of Days: the calendar, then lodging that fits no day of it."""
        return tuple(_day_rows(self.itemized, self.lines))

    @property
    def calendar_rows(self) -> int:
        """How many rows of Days are calendar days."""
        return len(self.itemized.days)

    @property
    def expense_rows(self) -> int:
        """How many rows Expenses has, blank ones included."""
        return len(self.claim.expenses) + SPARE_EXPENSES

    @cached_property
    def rates(self) -> tuple[PerDiemRate, ...]:
        """The rates that the workbook's formulas look up, in order of use."""
        used: list[PerDiemRate | None] = []
        for day in self.itemized.days:
            used += [day.lodging_rate, day.mie_rate]
        used += [night.rate for night in self.itemized.nights]
        return tuple(dict.fromkeys(rate for rate in used if rate is not None))

    def rate_number(self, rate: PerDiemRate | None) -> int:
        """A rate's place among the rates, from 1; 0 for none."""
        return 0 if rate is None else self._rate_numbers[rate]

    @cached_property
    def _rate_numbers(self) -> dict[PerDiemRate, int]:
        return {rate: number for number, rate in enumerate(self.rates, start=1)}

    @property
    def credits_beyond(self) -> Decimal:
        """What credits exceed the cost of the lines that they name by, dollars."""
        unnamed = {f"credits[{index}].amount" for index, credit in enumerate(self.claim.credits) if not credit.line}
        beyond = (line for line in self.lines.values() if line.category == "credit" and line.path not in unnamed)
        return -sum((line.amount_allowed for line in beyond), Decimal("0.00"))

    @property
    def clock_shift(self) -> Decimal:
        """The hours that a change of clocks adds to the trip's, or takes away."""
        shape, trip = self.itemized.shape, self.claim.trip
        if shape.hours is None or shape.first is None or shape.last is None:
            return Decimal(0)
        return shape.hours - clock_hours(trip, shape.first, shape.last, self.claim.course.ends_at)

    def value(self, path: str) -> Any:
        """What the claim states at a path of the sheet Claim; None where nothing is stated."""
        if path in self.unknown or path.startswith(FOR_NASRO):
            return None
        return value_at(self.claim, path)


def _day_rows(itemized: ItemizedClaim, lines: dict[str, Line]) -> Iterator[DayRow]:
    by_date: dict[date, PricedNight] = {}
    left_over: list[PricedNight] = []
    calendar = {day.on for day in itemized.days}
    for night in itemized.nights:
        on = night.night.night
        if on in calendar and on not in by_date:
            by_date[on] = night
        else:
            left_over.append(night)
    trips = {day_trip.date: day_trip for day_trip in itemized.claim.trip.day_trips}
    free = len(itemized.nights)
    for number, day in enumerate(itemized.days, start=1):
        claimed = by_date.get(day.on)
        if claimed is None:
            free += 1
        line = f"N{free if claimed is None else claimed.index + 1}"
        yield DayRow(day.on, number, day, claimed, line, lines[f"D{number}"], trips.get(day.on))
    for night in left_over:
        yield DayRow(night.night.night, 0, None, night, f"N{night.index + 1}", None, None)


UNKNOWN_TO_FORMULAS = frozenset(
    {
        "at-official-station",
        "commuting",
        "course-cancelled",
        "laundry",
        "lodging-fee",
        "personal-day-paid",
        "prepaid-fuel",
        "rental-insurance",
        "resort-fee",
        "seat-fee",
        "extra-bag",
    }
)
"""Checks whose rules the workbook's formulas know in part or not at all."""
AFTER_ENTITLEMENT = frozenset({"mie-over-paid", "at-official-station", "commuting", "course-cancelled"})
"""Checks that reduce a day's M&IE after the rules have given it."""
MISSING_RECEIPT = frozenset({"lodging-receipt-missing", "receipt-missing"})


def limit_of(line: Line, receipt: str | None) -> Decimal | None:
    """What the program carries as a limit of a line that a rule unknown to the formulas cuts; None for other lines.

    A formula knows a receipt that is blank, not one whose text says that there is none.
    """
    unknown = UNKNOWN_TO_FORMULAS | (MISSING_RECEIPT if receipt else frozenset())
    return line.amount_allowed if any(step.check in unknown for step in line.steps) else None


def entitlement(line: Line) -> Decimal:
    """A day's M&IE by the rules, before what the agency paid and before credits."""
    for step in line.steps:
        if step.check in AFTER_ENTITLEMENT:
            return step.before
    return line.amount_allowed


def over_ceiling(lines: Iterable[Line], checks: frozenset[str]) -> Decimal:
    """What some lines lost to the lodging ceiling."""
    return -sum((step.effect for line in lines for step in line.steps if step.check in checks), Decimal("0.00"))


def is_personal(day: TravelDay) -> bool:
    """Whether a day is a personal one."""
    return day.kind is DayKind.PERSONAL


def in_words(place: ClaimPlace) -> str:
    """A place as people write it.

    >>> in_words(ClaimPlace(city="Orlando", state="FL"))
    'Orlando, FL'
    """
    return place.in_words


@lru_cache(maxsize=1024)
def _parts(path: str) -> tuple[str | int, ...]:
    parts = path.replace("[", ".[").split(".")
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in parts)


def value_at(claim: Claim, path: str) -> Any:
    """What a claim states at a path; None where nothing is stated.

    A date-time is split: `trip.departed_at` gives the day, `trip.departed_at_time` the time.
    """
    stem = path.removesuffix("_time")
    value: Any = claim
    for part in _parts(stem):
        if isinstance(part, int):
            value = value[part] if part < len(value) else None
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            value = getattr(value, part)
        if value is None:
            return None
    if isinstance(value, datetime):
        return value.time() if stem != path else value.date()
    return None if stem != path else value
