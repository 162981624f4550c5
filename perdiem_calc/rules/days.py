"""The calendar days of a trip: which are official, what share of M&IE each earns, and whose rate it takes.

Rules `entitlement-12-hours`, `mie-first-last-day`, `per-diem-locality`, `after-midnight-arrival`, `personal-days`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from perdiem_calc.claims.trip import Trip, elapsed_hours
from perdiem_calc.dated import Law
from perdiem_calc.errors import PerdiemError, RateUnavailable
from perdiem_calc.rates.model import PerDiemRate, RateSource
from perdiem_calc.rates.places import Place
from perdiem_calc.rules.ftr import counts_as_full_trip, short_trip_is_entitled

NOTHING = Decimal(0)
WHOLE = Decimal(1)


class DayKind(StrEnum):
    """What a calendar day of a trip is; the claim's Days sheet shows the text."""

    FIRST = "first day"
    FULL = "full day"
    LAST = "last day"
    ONLY = "only day"
    SHORT = "short trip"
    TOO_SHORT = "12 hours or less"
    NO_TIMES = "no times given"
    DAY_TRIP = "day trip"
    HOME = "at home"
    PERSONAL = "personal day"


@dataclass(frozen=True, slots=True)
class TravelDay:
    """One calendar day: its kind, the share of M&IE it earns (0, 0.75 or 1), and the rates it takes.

    `lodging_rate` is the rate of the night that begins on this day, None on the day of return; `mie_rate` differs
    from it on the day of return, which takes the rate of the day before. `stop` is the index of the stop whose
    place counts. `mie_rate` is None only on a personal day whose rate nobody knows.
    """

    on: date
    kind: DayKind
    share: Decimal
    stop: int
    lodging_rate: PerDiemRate | None
    mie_rate: PerDiemRate | None
    night_is_payable: bool


@dataclass(frozen=True, slots=True)
class TripShape:
    """A trip once personal days at its ends are cut off: its official days, and how long it took.

    `hours` is None where a time is missing; `official` is empty when every day is personal.
    """

    official: tuple[date, ...]
    hours: Decimal | None
    is_full: bool
    is_entitled: bool

    @property
    def first(self) -> date | None:
        """The first official day."""
        return self.official[0] if self.official else None

    @property
    def last(self) -> date | None:
        """The last official day."""
        return self.official[-1] if self.official else None


def trip_shape(trip: Trip, law: Law, ends_at: time | None = None) -> TripShape:
    """The official days of a trip, and whether it is 24 hours or more, or more than 12 hours.

    `ends_at` is when the course ends on its last day: the official hours of a trip that ends in personal days run
    until then. Rules `entitlement-12-hours`, `personal-days`.
    """
    personal = set(trip.personal_days)
    official = tuple(day for day in trip.days() if day not in personal)
    if not official:
        return TripShape((), None, is_full=False, is_entitled=False)
    hours = _official_hours(trip, official[0], official[-1], ends_at)
    nights = (official[-1] - official[0]).days
    on = trip.departed_on
    full_from = law.count("entitlement-12-hours", "full_from_hours", on)
    more_than = law.count("entitlement-12-hours", "more_than_hours", on)
    return TripShape(
        official,
        hours,
        is_full=counts_as_full_trip(hours, nights, full_from),
        is_entitled=short_trip_is_entitled(hours, more_than),
    )


def travel_days(trip: Trip, rates: RateSource, law: Law, shape: TripShape) -> tuple[TravelDay, ...]:
    """Every calendar day of a trip of that shape, in order, priced.

    Raises RateUnavailable (a place or a fiscal year without a rate) and InputError as the rate source does, with
    the stop's path.
    """
    places = [stop.place.place for stop in trip.stops]
    returned_on = trip.returned_on
    first_last = law.number("mie-first-last-day", "share", trip.departed_on)
    days: list[TravelDay] = []
    before: TravelDay | None = None
    for on in trip.days():
        kind = _kind(trip, shape, on, law)
        day_before = before if _takes_day_before(trip, shape, on) else None
        stop, own = _stop_of(trip, on, before), None
        if day_before is None or on != returned_on:
            candidates = _candidates(trip, shape, stop, on)
            stop, own = _own_rate(places, candidates, on, rates, optional=kind is DayKind.PERSONAL)
        day = TravelDay(
            on=on,
            kind=kind,
            share=share_of(kind, first_last),
            stop=stop,
            lodging_rate=None if on == returned_on else own,
            mie_rate=own if day_before is None else day_before.mie_rate,
            night_is_payable=shape.last is not None and on < shape.last and kind is not DayKind.PERSONAL,
        )
        days.append(day)
        if kind is not DayKind.PERSONAL:
            before = day
    return tuple(days)


def days_that_earn(trip: Trip, law: Law, shape: TripShape) -> tuple[date, ...]:
    """The calendar days of a trip of that shape that earn M&IE, whatever the rates.

    Rules `mie-first-last-day`, `entitlement-12-hours`, `personal-days`.
    """
    first_last = law.number("mie-first-last-day", "share", trip.departed_on)
    return tuple(on for on in trip.days() if share_of(_kind(trip, shape, on, law), first_last))


def _official_hours(trip: Trip, first: date, last: date, ends_at: time | None) -> Decimal | None:
    """The hours from the first official day to the last; None where an end has no time.

    A start cut off by personal days counts from midnight, an end cut off by them up to `ends_at`.
    """
    ends = _official_ends(trip, first, last, ends_at)
    return None if ends is None else trip.hours_between(*ends)


def clock_hours(trip: Trip, first: date, last: date, ends_at: time | None) -> Decimal:
    """The same by the clocks alone, as a workbook subtracts them; 0 where an end has no time."""
    ends = _official_ends(trip, first, last, ends_at)
    return Decimal(0) if ends is None else elapsed_hours(*ends, changes_clocks=False)


def _official_ends(trip: Trip, first: date, last: date, ends_at: time | None) -> tuple[datetime, datetime] | None:
    start = trip.departed_at if first == trip.departed_on else datetime.combine(first, time.min)
    cut = datetime.combine(last, ends_at) if ends_at is not None else None
    end = trip.returned_at if last == trip.returned_on else cut
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return start, end


def _kind(trip: Trip, shape: TripShape, on: date, law: Law) -> DayKind:
    if on in trip.personal_days or shape.first is None:
        return DayKind.PERSONAL
    if trip.day_trips:
        return _day_trip_kind(trip, on, law)
    if not shape.is_full:
        if shape.is_entitled:
            return DayKind.SHORT
        return DayKind.NO_TIMES if shape.hours is None else DayKind.TOO_SHORT
    if shape.first == shape.last:
        return DayKind.ONLY
    if on == shape.first:
        return DayKind.FIRST
    return DayKind.LAST if on == shape.last else DayKind.FULL


def _day_trip_kind(trip: Trip, on: date, law: Law) -> DayKind:
    """The kind of a commuter's day. A day trip across midnight counts on both its days."""
    more_than = law.count("entitlement-12-hours", "more_than_hours", on)
    kind = DayKind.HOME
    for day_trip in trip.day_trips:
        if day_trip.touches(on):
            if short_trip_is_entitled(trip.hours_between(day_trip.out, day_trip.back), more_than):
                return DayKind.DAY_TRIP
            kind = DayKind.TOO_SHORT
    return kind


def share_of(kind: DayKind, first_last: Decimal) -> Decimal:
    """The share of M&IE that a day of a kind earns; `first_last` is that of the first and last day.

    Rules `mie-first-last-day`, `entitlement-12-hours`.

    >>> share_of(DayKind.FULL, Decimal("0.75")), share_of(DayKind.LAST, Decimal("0.75"))
    (Decimal('1'), Decimal('0.75'))
    >>> share_of(DayKind.HOME, Decimal("0.75"))
    Decimal('0')
    """
    if kind is DayKind.FULL:
        return WHOLE
    if kind in (DayKind.FIRST, DayKind.LAST, DayKind.ONLY, DayKind.SHORT, DayKind.DAY_TRIP):
        return first_last
    return NOTHING


def _stop_of(trip: Trip, on: date, before: TravelDay | None) -> int:
    """The stop whose place a day takes: where its night is spent, else the next one, else the day before's."""
    here = [index for index, stop in enumerate(trip.stops) if stop.arrived_on == on == stop.departed_on]
    if trip.day_trips and here:
        return here[0]
    for index, stop in enumerate(trip.stops):
        if stop.arrived_on <= on < stop.departed_on or on < stop.arrived_on:
            return index
    if here and before is None:
        return here[0]
    return before.stop if before is not None else len(trip.stops) - 1


def _takes_day_before(trip: Trip, shape: TripShape, on: date) -> bool:
    """Whether a day takes the M&IE rate of the day before: the last official day, and days en route home.

    Day trips return to where they began each day, so each takes its own, and the day after midnight that of its
    day trip.
    """
    if trip.day_trips:
        return any(t.touches(on) for t in trip.day_trips) and all(t.date != on for t in trip.day_trips)
    return on == shape.last or on >= trip.stops[-1].departed_on


def _candidates(trip: Trip, shape: TripShape, stop: int, on: date) -> list[int]:
    """The stops whose highest rate a day takes: one, unless several share it and no night follows there."""
    if not shape.is_full and not trip.day_trips and all(s.arrived_on == s.departed_on for s in trip.stops):
        of_duty = [index for index, s in enumerate(trip.stops) if s.reason == "course"]
        return of_duty or [stop]
    if trip.stops[stop].arrived_on == on == trip.stops[stop].departed_on:
        return [index for index, s in enumerate(trip.stops) if s.arrived_on == on == s.departed_on]
    return [stop]


def _own_rate(
    places: Sequence[Place], stops: Sequence[int], on: date, rates: RateSource, *, optional: bool
) -> tuple[int, PerDiemRate | None]:
    """The stop with the highest rate at the day's own date, and the rate; None where it is optional and unknown."""
    found = []
    for stop in stops:
        try:
            found.append((stop, rates.rate(places[stop], on)))
        except PerdiemError as error:
            if optional and isinstance(error, RateUnavailable):
                return stop, None
            raise error.at(f"trip.stops[{stop}].place") from None
    return max(found, key=lambda stop_and_rate: (stop_and_rate[1].mie.total, stop_and_rate[1].lodging))
