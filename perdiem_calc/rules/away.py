"""Away from the official station: where no per diem is payable, and which nights the officer spent at home.

Lodging and M&IE are payable only away from the official station and the residence. Rule `official-station`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

from perdiem_calc.claims.model import CARRIERS, Claim, Expense
from perdiem_calc.claims.trip import ClaimPlace, Trip
from perdiem_calc.dated import Law
from perdiem_calc.errors import Located
from perdiem_calc.rates.places import place_key, state_code
from perdiem_calc.rules.days import TravelDay
from perdiem_calc.rules.legs import is_round_trip, names_home, names_stop, names_terminal
from perdiem_calc.rules.outside import Bar
from perdiem_calc.text import describe_days

AT_STATION, COMMUTING, CANCELLED = "at-official-station", "commuting", "course-cancelled"
DAY = timedelta(days=1)
ALIKE = 0.85
"""Names of so much in common, as `difflib` measures it, may be one name with a slip."""
_ASIDE = re.compile(r"\([^)]*\)")
_CITY_OF = re.compile(r"^(?:city|town|township|village|borough) of ")


class HomeNight(NamedTuple):
    """A night at home, and the field that shows it."""

    on: date
    path: str


def homes(trip: Trip) -> tuple[tuple[str, ClaimPlace], ...]:
    """The official station, and the residence where one is stated, each with its field."""
    stated = (("trip.official_station", trip.official_station), ("trip.residence", trip.residence))
    return tuple((path, place) for path, place in stated if place is not None)


def is_same_place(one: ClaimPlace, other: ClaimPlace) -> bool:
    """Whether two places are one city of one state, or one ZIP without two cities named.

    Rule `official-station`.

    >>> moody = ClaimPlace(city="Moody", state="AL", zip="35004")
    >>> is_same_place(moody, ClaimPlace(city="MOODY", state="Alabama")), is_same_place(moody, ClaimPlace(zip="35004"))
    (True, True)
    >>> is_same_place(moody, ClaimPlace(city="City of Moody", state="AL"))
    True
    >>> is_same_place(moody, ClaimPlace(city="Leeds", state="AL", zip="35004"))
    False
    """
    if one.city and other.city:
        return _state(one) == _state(other) and _city(one) == _city(other)
    return _zip(one) != "" and _zip(one) == _zip(other)


def shared_area(one: ClaimPlace, other: ClaimPlace, counties: frozenset[str], of_other: frozenset[str]) -> str:
    """What two places under different names share, in words: a ZIP, a county, nearly their names; else empty.

    `counties` and `of_other` are the counties in which each place may lie, as keys, where they are known.
    """
    if _zip(one) and _zip(one) == _zip(other):
        return f"lie in ZIP {_zip(one)}"
    if _state(one) != _state(other):
        return ""
    if counties & of_other:
        return "lie in one county"
    return "have nearly the same name" if one.city and other.city and _is_alike(_city(one), _city(other)) else ""


def home_of_stop(claim: Claim, index: int) -> str:
    """The field of the home in whose city a stop lies, or the course that the stop is for; empty where none does."""
    stop = claim.trip.stops[index]
    places = [stop.place, *([claim.course.place] if stop.reason == "course" else [])]
    return next((path for path, home in homes(claim.trip) if any(is_same_place(home, one) for one in places)), "")


def station_is_approved(trip: Trip) -> bool:
    """Whether NASRO or the COPS Office approved per diem at the official station before the trip."""
    approval = trip.station_approval
    return approval is not None and approval.on is not None and approval.on < trip.departed_on


def bars(claim: Claim, days: Sequence[TravelDay], law: Law) -> dict[str, Bar]:
    """What of lodging (N1) and M&IE (D1) is not payable because of where the officer was, by line id.

    Rules `official-station`, `chp-completed`.
    """
    found: dict[str, Bar] = {}
    for line, bar in (*_not_traveled(claim, days), *_at_home(claim, days), *_commuting(claim, days, law)):
        found.setdefault(line, bar)
    return found


def _not_traveled(claim: Claim, days: Sequence[TravelDay]) -> Iterator[tuple[str, Bar]]:
    """Lodging and M&IE of a trip that was not made, since the host cancelled the course."""
    course = claim.course
    if course.outcome != "cancelled" or course.traveled:
        return
    why = "the course was cancelled and the officer did not travel; enter what the hotel kept as a lodging fee"
    yield from _of_days(
        claim, days, {day.on for day in days}, Bar(CANCELLED, "chp-completed", why, "course.traveled")
    )


def _at_home(claim: Claim, days: Sequence[TravelDay]) -> Iterator[tuple[str, Bar]]:
    """The nights and days at a stop in the city of the official station or the residence."""
    if station_is_approved(claim.trip):
        return
    for index in range(len(claim.trip.stops)):
        home = home_of_stop(claim, index)
        if not home:
            continue
        name = "residence" if home.endswith("residence") else "official station"
        why = (
            f"no per diem is paid at the {name}, {dict(homes(claim.trip))[home].in_words}: correct the {name} or the "
            "place of the course, or enter the approval by NASRO or the COPS Office, dated before the trip"
        )
        here = {day.on for day in days if day.stop == index}
        yield from _of_days(claim, days, here, Bar(AT_STATION, "official-station", why, home))


def _of_days(
    claim: Claim, days: Sequence[TravelDay], on: set[date], bar: Bar, *, lodging: bool = True
) -> Iterator[tuple[str, Bar]]:
    """A bar to the nights and the M&IE of some days."""
    if lodging:
        nights = enumerate(claim.lodging, start=1)
        yield from ((f"N{number}", bar) for number, night in nights if night.night in on)
    yield from ((f"D{number}", bar) for number, day in enumerate(days, start=1) if day.on in on)


def _commuting(claim: Claim, days: Sequence[TravelDay], law: Law) -> Iterator[tuple[str, Bar]]:
    """The M&IE of the days that touch a night at home."""
    found = nights_at_home(claim, law)
    if found:
        nights = {night.on for night in found}
        why = (
            f"the officer slept at home in the nights of {describe_days(nights)}, and M&IE is paid away from home "
            "only: "
            "enter these days as day trips with their times, or correct what shows the nights at home"
        )
        bar = Bar(COMMUTING, "official-station", why, found[0].path)
        yield from _of_days(claim, days, nights | {night + DAY for night in nights}, bar, lodging=False)


def nights_at_home(claim: Claim, law: Law) -> list[HomeNight]:
    """The nights of the trip at home, in order. Rule `official-station`.

    A night that is entered so counts, one that drives show only without a paid room. None of a claim of day trips:
    whoever enters them has answered.
    """
    if claim.trip.day_trips:
        return []
    rooms = nights_with_room(claim)
    driven = {on: path for on, path in _by_drives(claim, law) if on not in rooms}
    found = driven | dict(_own_home(claim))
    last = claim.trip.returned_on
    return [HomeNight(on, found[on]) for on in sorted(found) if claim.trip.covers(on) and on < last]


def nights_with_room(claim: Claim) -> frozenset[date]:
    """The nights for which a room was paid."""
    return frozenset(night.night for night in claim.lodging if night.room_rate and night.type != "own_home")


def drives_of_nights_at_home(claim: Claim, law: Law) -> dict[date, str]:
    """The nights that drives show to have been at home, whatever room was paid, with the drive that shows it."""
    return {} if claim.trip.day_trips else dict(_by_drives(claim, law))


def _own_home(claim: Claim) -> Iterator[HomeNight]:
    for index, night in enumerate(claim.lodging):
        if night.type == "own_home":
            yield HomeNight(night.night, f"lodging[{index}].type")


def _by_drives(claim: Claim, law: Law) -> Iterator[HomeNight]:
    """The nights before which a drive ends at home, and after which one begins there."""
    ends: Mapping[date, str] = {}
    begins: set[date] = set()
    for index, expense in enumerate(claim.expenses):
        is_within = claim.trip.covers(expense.date) or expense.round_trips > 1
        if expense.category != "pov_mileage" or not is_within:
            continue
        with Located(f"expenses[{index}].date"):
            if not _counts(claim, expense, law):
                continue
            origin, goal = (names_home(text, claim, law, expense.date) for text in (expense.from_, expense.to))
            there_and_back = is_round_trip(expense, law) and (origin or goal)
        if goal or there_and_back:
            ends = {expense.date: f"expenses[{index}].to", **ends}
        if origin or there_and_back:
            begins.add(expense.date)
        if there_and_back and expense.round_trips > 1:
            yield from _between_round_trips(claim, expense, f"expenses[{index}].round_trips")
    yield from (HomeNight(on, path) for on, path in ends.items() if on + DAY in begins)


def _between_round_trips(claim: Claim, expense: Expense, path: str) -> Iterator[HomeNight]:
    """The nights between the course days of a line that was driven several times there and back."""
    last_first = claim.course.ends_on - (expense.round_trips - 1) * DAY
    first = max(min(expense.date, last_first), claim.course.starts_on)
    for number in range(expense.round_trips - 1):
        night = first + number * DAY
        if night < claim.course.ends_on:
            yield HomeNight(night, path)


def _counts(claim: Claim, expense: Expense, law: Law) -> bool:
    """Whether a drive can show a night at home: not one to or from a terminal in a claim with a carrier."""
    if not any(other.category in CARRIERS for other in claim.expenses):
        return True
    texts = (expense.from_, expense.to)
    at_terminal = any(names_terminal(text, law, expense.date) for text in texts)
    return not at_terminal and any(names_stop(text, claim, law, expense.date) for text in texts)


def _city(place: ClaimPlace) -> str:
    """A city as it is compared: the City of Rome, Rome (downtown) and Rome, GA are Rome; Rome City is not."""
    words = _CITY_OF.sub("", place_key(_ASIDE.sub(" ", place.city or ""))).split()
    for size in range(1, min(3, len(words) - 1) + 1):
        if _state(place) is not None and state_code(" ".join(words[-size:])) == _state(place):
            return " ".join(words[:-size])
    return " ".join(words)


def _is_alike(one: str, other: str) -> bool:
    """Whether one of two cities may be a slip or a longer form of the other: Mody and Moody, Boise City and Boise."""
    if one.removesuffix(" city") == other.removesuffix(" city"):
        return True
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _state(place: ClaimPlace) -> str | None:
    return state_code(place.state) if place.state else None


def _zip(place: ClaimPlace) -> str:
    return (place.zip or "")[:5]
