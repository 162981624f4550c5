"""The journey: places, stops, personal days and day trips, and what makes them impossible.

>>> orlando = {"place": {"zip": "32801"}, "arrived_on": "2026-10-04", "departed_on": "2026-10-09"}
>>> Stop.model_validate(orlando).reason
'course'
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from perdiem_calc.claims.fields import Clock, ClockOrMoment, Day, Moment, MultilineText, Text
from perdiem_calc.claims.limits import LONGEST_TRIP
from perdiem_calc.rates.places import Place, state_code

_ZIP = r"^[0-9]{5}(-[0-9]{4})?$"
Zip = Annotated[Text, StringConstraints(pattern=_ZIP), WithJsonSchema({"type": "string", "pattern": _ZIP})]
"""A ZIP of five digits, or of nine."""

WITHOUT_DAYLIGHT_TIME = frozenset({"AZ", "HI", "PR", "GU", "VI", "AS", "MP", "UM"})
"""States and territories that keep standard time all year."""

NOT_CONTINUOUS = "stops-not-continuous"
"""The check that names days and stops that do not fit together."""


def refuse(code: str, where: str, what: str, *, check: str = "") -> NoReturn:
    """Refuse a model because of its field `where` (a path from the model down); `check` names what is refused."""
    raise PydanticCustomError("claim", "{what}", {"code": code, "what": what, "where": where, "check": check})


class Model(BaseModel):
    """A group of fields: unknown ones are refused, known ones do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ClaimPlace(Model):
    """A place: city and state, maybe with county and ZIP; or a ZIP alone."""

    city: Text | None = None
    state: Text | None = None
    county: Text | None = None
    zip: Zip | None = None

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.zip is None and (self.state is None or (self.city is None and self.county is None)):
            refuse("claim.place.missing", "", "a city and state, or a ZIP, are needed to know the place")
        return self

    @property
    def in_words(self) -> str:
        """The place as people write it, with the code of its state.

        >>> ClaimPlace(city="Orlando", state="Florida").in_words, ClaimPlace(zip="32801").in_words
        ('Orlando, FL', '32801')
        """
        state = state_code(self.state or "") or self.state
        where = ", ".join(part for part in (self.city or self.county, state) if part)
        return where or self.zip or ""

    @property
    def place(self) -> Place:
        """The same place as the core knows it."""
        return Place(city=self.city, state=self.state, county=self.county, zip=self.zip)


class Stop(Model):
    """A place of duty (or a night en route) with the nights from `arrived_on` up to `departed_on`."""

    place: ClaimPlace
    arrived_on: Day
    departed_on: Day
    reason: Literal["course", "en_route"] = "course"

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.departed_on < self.arrived_on:
            refuse(
                "claim.stop.dates-reversed",
                "departed_on",
                f"{self.departed_on} is before arrived_on {self.arrived_on}; swap the two dates",
                check=NOT_CONTINUOUS,
            )
        return self


class DayTrip(Model):
    """One day of a commuter: out and home again without lodging."""

    date: Day
    left_at: Clock
    returned_at: ClockOrMoment

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.back <= self.out:
            refuse(
                "claim.day-trip.times-reversed",
                "returned_at",
                f"{self.returned_at} is not after left_at {self.left_at}; "
                "where the return was past midnight, write its date and time",
            )
        if self.back - self.out >= timedelta(days=1):
            refuse(
                "claim.day-trip.too-long",
                "returned_at",
                "a day trip lasts less than 24 hours; enter a longer one as a trip with a stop",
            )
        return self

    @property
    def out(self) -> datetime:
        """When the officer left, local time."""
        return datetime.combine(self.date, self.left_at)

    @property
    def back(self) -> datetime:
        """When the officer was back, local time."""
        if isinstance(self.returned_at, datetime):
            return self.returned_at
        return datetime.combine(self.date, self.returned_at)

    def touches(self, day: Day) -> bool:
        """Whether a part of the day trip falls on a calendar day; a return at midnight does not touch the next."""
        midnight = datetime.combine(day, time.min)
        return self.out < midnight + timedelta(days=1) and midnight < self.back


class StationApproval(Model):
    """NASRO's or the COPS Office's approval of per diem for a course at the official station or the residence."""

    by: Literal["nasro", "cops"]
    on: Day | None = None
    reason: MultilineText | None = None


class Trip(Model):
    """The journey from departure to return, its stops, personal days and day trips."""

    official_station: ClaimPlace
    residence: ClaimPlace | None = None
    departed_at: Moment
    returned_at: Moment
    stops: Annotated[tuple[Stop, ...], Field(min_length=1, max_length=30)]
    personal_days: tuple[Day, ...] = ()
    day_trips: tuple[DayTrip, ...] = ()
    extra_night_reason: MultilineText | None = None
    station_approval: StationApproval | None = None

    @property
    def departed_on(self) -> date:
        """The calendar day of departure."""
        return _date_of(self.departed_at)

    @property
    def returned_on(self) -> date:
        """The last calendar day of travel: a return at exactly 00:00 ends on the day before.

        Rule `mie-first-last-day`.
        """
        day = _date_of(self.returned_at)
        is_midnight = isinstance(self.returned_at, datetime) and self.returned_at.time() == time.min
        return day - timedelta(days=1) if is_midnight and day > self.departed_on else day

    def hours_between(self, start: datetime, end: datetime) -> Decimal:
        """The elapsed hours from one local time to another, as clocks run at the official station."""
        return elapsed_hours(start, end, changes_clocks=changes_clocks(self.official_station))

    def days(self) -> Iterator[date]:
        """Every calendar day of the trip, personal days included."""
        first = self.departed_on
        for number in range((self.returned_on - first).days + 1):
            yield first + timedelta(days=number)

    def covers(self, day: date) -> bool:
        """Whether a day lies within the trip."""
        return self.departed_on <= day <= self.returned_on

    @model_validator(mode="after")
    def _possible(self) -> Self:
        self._check_ends()
        self._check_days()
        self._check_day_trips()
        self._check_stops()
        return self

    def _check_ends(self) -> None:
        backwards = _date_of(self.returned_at) < self.departed_on
        if isinstance(self.departed_at, datetime) and isinstance(self.returned_at, datetime):
            backwards = self.returned_at <= self.departed_at
        if backwards:
            refuse(
                "claim.trip.dates-reversed",
                "returned_at",
                f"the return {_describe(self.returned_at)} is not after the departure {_describe(self.departed_at)}; "
                "check both dates and times",
                check=NOT_CONTINUOUS,
            )
        if self.returned_on - self.departed_on > LONGEST_TRIP:
            refuse(
                "claim.trip.too-long", "returned_at", "the trip lasts more than a year; check the year of both dates"
            )

    def _check_days(self) -> None:
        days_named = (
            ("personal_days", self.personal_days),
            ("day_trips", tuple(t.date for t in self.day_trips)),
        )
        for name, days in days_named:
            for index, day in enumerate(days):
                if not self.covers(day):
                    refuse(
                        "claim.date.outside-trip", f"{name}[{index}]", f"{day} is not within the trip; check the date"
                    )
                if day in days[:index]:
                    refuse("claim.date.repeated", f"{name}[{index}]", f"{day} is named twice; leave one out")

    def _check_day_trips(self) -> None:
        for index, stop in enumerate(self.stops if self.day_trips else ()):
            if stop.departed_on > stop.arrived_on:
                refuse(
                    "claim.day-trip.with-nights",
                    f"stops[{index}].departed_on",
                    f"day trips go with stops without nights; write {stop.arrived_on}, the day of arrival, here too",
                )
        for index, day_trip in enumerate(self.day_trips):
            if day_trip.touches(self.returned_on + timedelta(days=1)):
                refuse(
                    "claim.day-trip.after-return",
                    f"day_trips[{index}].returned_at",
                    f"{_describe(day_trip.back)} is after the trip's return {self.returned_on}; check both",
                )
            for other in self.day_trips[:index]:
                if day_trip.out < other.back and other.out < day_trip.back:
                    refuse(
                        "claim.day-trip.overlap",
                        f"day_trips[{index}].left_at",
                        f"{_describe(day_trip.out)} is within the day trip of {other.date}; check the times of both",
                    )

    def _check_stops(self) -> None:
        for index, stop in enumerate(self.stops):
            here = f"stops[{index}]"
            if stop.arrived_on < self.departed_on:
                what = f"{stop.arrived_on} is before the departure {self.departed_on}"
                refuse("claim.stop.outside-trip", f"{here}.arrived_on", what, check=NOT_CONTINUOUS)
            if stop.departed_on > _date_of(self.returned_at):
                what = f"{stop.departed_on} is after the return {self.returned_on}"
                refuse("claim.stop.outside-trip", f"{here}.departed_on", what, check=NOT_CONTINUOUS)
            if index and stop.arrived_on < self.stops[index - 1].departed_on:
                refuse(
                    "claim.stop.overlap",
                    f"{here}.arrived_on",
                    f"{stop.arrived_on} overlaps the stop before, which ends on "
                    f"{self.stops[index - 1].departed_on}; a night belongs to one stop",
                    check=NOT_CONTINUOUS,
                )
        if self.day_trips:
            return
        gap = self._longest_gap()
        if len(gap) > 1:
            refuse(
                "claim.stop.missing",
                "stops",
                f"no stop covers the nights {gap[0]} to {gap[-1]}; one night en route is possible: "
                "add the missing stop, correct its dates, or name the personal days",
                check=NOT_CONTINUOUS,
            )

    def _longest_gap(self) -> list[date]:
        """The longest run of nights that no stop covers and no personal day explains."""
        longest: list[date] = []
        run: list[date] = []
        personal = set(self.personal_days)
        for night in self.days():
            explained = night in personal or night + timedelta(days=1) in personal
            covered = any(stop.arrived_on <= night < stop.departed_on for stop in self.stops)
            if night == self.returned_on or covered or explained:
                run = []
            else:
                run = [*run, night]
                longest = max(longest, run, key=len)
        return longest


def elapsed_hours(start: datetime, end: datetime, *, changes_clocks: bool) -> Decimal:
    """The hours that pass from one local time to another, to the minute.

    A stretch across the change to daylight saving time is an hour shorter than the clocks say, one across the change
    back an hour longer. Rule `entitlement-12-hours`.

    >>> elapsed_hours(datetime(2026, 10, 4, 12, 30), datetime(2026, 10, 5, 0, 45), changes_clocks=True)
    Decimal('12.25')
    >>> elapsed_hours(datetime(2026, 10, 31, 20, 0), datetime(2026, 11, 1, 8, 0), changes_clocks=True)
    Decimal('13')
    >>> elapsed_hours(datetime(2026, 10, 31, 20, 0), datetime(2026, 11, 1, 8, 0), changes_clocks=False)
    Decimal('12')
    """
    shift = _is_daylight_time(start) - _is_daylight_time(end) if changes_clocks else 0
    return Decimal((end - start + timedelta(hours=shift)) // timedelta(minutes=1)) / 60


def changes_clocks(place: ClaimPlace) -> bool:
    """Whether clocks change in spring and fall at a place: not in Arizona, Hawaii and the territories.

    >>> changes_clocks(ClaimPlace(city="Rome", state="GA")), changes_clocks(ClaimPlace(zip="85001"))
    (True, False)
    """
    state = state_code(place.state) if place.state else None
    if state is not None:
        return state not in WITHOUT_DAYLIGHT_TIME
    zip3 = (place.zip or "")[:3]
    return not ("850" <= zip3 <= "865" or zip3 in ("006", "007", "008", "009", "967", "968", "969"))


def _is_daylight_time(at: datetime) -> bool:
    """Whether a local time is daylight saving time: 2 a.m. on the second Sunday of March to the first of November.

    15 U.S.C. 260a.
    """
    return _sunday(at.year, 3, 2) <= at < _sunday(at.year, 11, 1)


def _sunday(year: int, month: int, number: int) -> datetime:
    """2 a.m. on a Sunday of a month, by its number."""
    first = datetime(year, month, 1, 2)
    return first + timedelta(days=(6 - first.weekday()) + 7 * (number - 1))


def _date_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _describe(moment: date) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else str(moment)
