"""What rows of trips cost and earn, in whole cents, many rows at a time.

The rules are those of `itemizer`, one line after another; here each is a column. A row's nights are cut into
segments at one rate: a first pass does every row's first segment, a second one the rows that have two, and so on.
Nearly all trips have one or two, so the time is linear in rows; most of it goes into the gathers of rates by row
and into the integer divisions of the lodging tax, and the limit is the memory's speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perdiem_calc.planning.estimator.faults import Ints, Mask
from perdiem_calc.planning.estimator.in_force import MICRO, Calendar
from perdiem_calc.planning.estimator.planned import Planned
from perdiem_calc.planning.estimator.ratetable import RateArrays

Meals = tuple[Ints, Ints, Ints]


@dataclass(frozen=True, slots=True)
class Days:
    """Which days of the trip a row has: the first, the last, and how many between them."""

    has_first: Mask
    has_last: Mask
    between: Ints


@dataclass(frozen=True, slots=True)
class Costs:
    """A row's amounts for one officer, cents: planned costs, and of lodging and tax the part within the ceilings."""

    lodging: Ints
    lodging_tax: Ints
    mie: Ints
    lodging_allowed: Ints
    lodging_tax_allowed: Ints


@dataclass(frozen=True, slots=True)
class Segment:
    """Nights of rows at one rate: which rows (None: all), the nights, and how many nights of the row came before."""

    rows: Ints | None
    rate: npt.NDArray[np.int64]
    nights: Ints
    done: Ints
    is_final: Mask
    refuses: Mask

    def of(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The values of the segment's rows."""
        return values if self.rows is None else values[self.rows]


def half_up(amount: Ints, steps: int | Ints) -> Ints:
    """`amount` (not negative) divided by `steps`, rounded half up.

    >>> half_up(np.array([1249, 1250, 1251]), 100)
    array([12, 13, 13])
    """
    quotient: Ints = (2 * amount + steps) // (2 * steps)
    return quotient


def segments(planned: Planned, days: Calendar, rate_of: npt.NDArray[np.int64]) -> Iterator[Segment]:
    """The rows' nights at one rate, first segments first; `rate_of` is a rate's number by place and period.

    A row without a night has one segment, of the rate of its day.
    """
    rows: Ints | None = None
    begin, end, place = planned.depart, planned.depart + planned.nights, planned.place
    start = begin
    while begin.size:
        offset = begin - days.first
        period = days.period[offset]
        stop = np.minimum(end, days.ends[period])
        final = stop == end
        yield Segment(
            rows, rate_of[place, period], stop - begin, begin - start, final, days.refuses_over_rate[offset]
        )
        going = np.flatnonzero(~final)
        rows = going if rows is None else rows[going]
        begin, end, place, start = stop[going], end[going], place[going], start[going]


def costs(
    planned: Planned,
    row_days: Days,
    pieces: Iterator[Segment],
    rates: RateArrays,
    first_last: Ints,
    first_last_of: Ints,
    rooms: int = MICRO,
) -> Costs:
    """The costs of every row.

    `first_last` is the M&IE of a first or last day by share and rate; `first_last_of` numbers each row's share.
    `rooms` is what a planned room costs, in millionths of its rate.
    """
    total = Costs(*(np.zeros(planned.depart.size, dtype=np.int64) for _ in range(5)))
    furnished = np.flatnonzero(planned.meals[0] | planned.meals[1] | planned.meals[2])
    taxed = bool(planned.lodging_tax_rate.any())
    for piece in pieces:
        _add_lodging(total, planned, piece, rates, rooms, taxed=taxed)
        _add_mie(total, piece, row_days, rates, first_last[piece.of(first_last_of), piece.rate])
        if furnished.size:
            _take_meals(total, planned, piece, row_days, rates, first_last, first_last_of, furnished)
    return total


def _add_to(target: Ints, rows: Ints | None, amounts: Ints) -> None:
    if rows is None:
        target += amounts
    else:
        target[rows] += amounts


def _add_lodging(
    total: Costs, planned: Planned, piece: Segment, rates: RateArrays, rooms: int, *, taxed: bool
) -> None:
    """Rooms as planned and up to the ceiling of each night (rule `lodging-ceiling`), and their tax."""
    ceiling = rates.lodging[piece.rate]
    room = piece.of(planned.room_rate)
    room = np.where(room < 0, ceiling, room)
    if rooms != MICRO:
        room = half_up(room * rooms, MICRO)
    allowed = np.minimum(room, ceiling)
    if piece.refuses.any():
        allowed[piece.refuses & (room > ceiling)] = 0
    _add_to(total.lodging, piece.rows, piece.nights * room)
    _add_to(total.lodging_allowed, piece.rows, piece.nights * allowed)
    if not taxed:
        return
    tax = half_up(room * piece.of(planned.lodging_tax_rate), MICRO)
    tax_allowed = tax.copy()
    # Rule lodging-tax-share: only where the room is above its ceiling is the tax shared, so divide only there.
    over = np.flatnonzero(allowed < room)
    tax_allowed[over] = half_up(tax[over] * allowed[over], room[over])
    _add_to(total.lodging_tax, piece.rows, piece.nights * tax)
    _add_to(total.lodging_tax_allowed, piece.rows, piece.nights * tax_allowed)


def _add_mie(total: Costs, piece: Segment, row_days: Days, rates: RateArrays, first_last: Ints) -> None:
    """M&IE before meals (rule `mie-first-last-day`): the return day takes the rate of the night before it."""
    has_first = (row_days.has_first if piece.rows is None else row_days.has_first[piece.rows]) & (piece.done == 0)
    has_last = (row_days.has_last if piece.rows is None else row_days.has_last[piece.rows]) & piece.is_final
    ends = has_first.astype(np.int64) + has_last
    _add_to(total.mie, piece.rows, (piece.nights - has_first) * rates.mie[piece.rate] + ends * first_last)


def _take_meals(
    total: Costs,
    planned: Planned,
    piece: Segment,
    row_days: Days,
    rates: RateArrays,
    first_last: Ints,
    first_last_of: Ints,
    furnished: Ints,
) -> None:
    """Take furnished meals off: the row's full days in order first, then the last day, then the first."""
    if piece.rows is None:
        at, rows = furnished, furnished
    else:
        at = np.flatnonzero(np.isin(piece.rows, furnished, assume_unique=True))
        rows = piece.rows[at]
    number = piece.rate[at]
    has_first, has_last, between = row_days.has_first[rows], row_days.has_last[rows], row_days.between[rows]
    done, nights = piece.done[at], piece.nights[at]
    counts, values = _sorted_meals(
        tuple(meal[rows] for meal in planned.meals),
        (rates.breakfast[number], rates.lunch[number], rates.dinner[number]),
    )
    base, least = rates.mie[number], rates.incidental[number]
    begin = np.maximum(done - has_first, 0)
    end = np.maximum(done + nights - has_first, 0)
    taken = np.zeros(rows.size, dtype=np.int64)
    for low, high, worth in _steps(counts, values):
        days = np.minimum(high, end) - np.maximum(low, begin)
        taken += np.maximum(days, 0) * _deduction(base, worth, least)
    ends = first_last[first_last_of[rows], number]
    for here, index in (
        (has_last & piece.is_final[at], between),
        (has_first & (done == 0), between + has_last),
    ):
        worth = sum(
            (value * (index < count) for count, value in zip(counts, values, strict=True)), np.zeros_like(taken)
        )
        taken += here * _deduction(ends, worth, least)
    total.mie[rows] -= taken


def _deduction(base: Ints, worth: Ints, least: Ints) -> Ints:
    """What meals of some worth take off a day's M&IE: the incidental amount stays (`furnished-meal-deduction`)."""
    deducted: Ints = np.minimum(worth, np.maximum(base - least, 0))
    return deducted


def _sorted_meals(counts: tuple[Ints, ...], values: Meals) -> tuple[list[Ints], list[Ints]]:
    """The three meals of each row by the number of days they are furnished on, fewest first."""
    count, value = list(counts), list(values)
    for low, high in ((0, 1), (1, 2), (0, 1)):
        swap = count[low] > count[high]
        count[low], count[high] = np.where(swap, count[high], count[low]), np.where(swap, count[low], count[high])
        value[low], value[high] = np.where(swap, value[high], value[low]), np.where(swap, value[low], value[high])
    return count, value


def _steps(counts: list[Ints], values: list[Ints]) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Runs of full days with the same meals: from, up to, and the worth of the meals."""
    low = np.zeros_like(counts[0])
    worth = values[0] + values[1] + values[2]
    for count, value in zip(counts, values, strict=True):
        yield low, count, worth
        low, worth = count, worth - value


def mileage(planned: Planned, rate: Ints) -> Ints:
    """Mileage at the rate of the day of departure, cents (rule `pov-mileage`); `rate` in millionths of a dollar."""
    # Hundredths of a mile times millionths of a dollar are hundred-millionths: a million of them a cent.
    return half_up(planned.miles * rate, MICRO)


def reimbursed(planned: Planned, allowable: Ints, limit: Ints) -> Ints:
    """What is paid of each row (rule `chp-cap`): the stops of a trip use its limit up one after the other."""
    left = limit - planned.paid_before
    if planned.trips is None:
        paid: Ints = np.maximum(0, np.minimum(allowable, left))
        return paid
    order = planned.trips.order
    sums = np.cumsum(allowable[order])
    through = np.empty_like(sums)
    through[order] = sums
    before_trip = (through - allowable)[planned.trips.first_row]
    after: Ints = np.maximum(0, np.minimum(through - before_trip, left))
    before: Ints = np.maximum(0, np.minimum(through - before_trip - allowable, left))
    return after - before
