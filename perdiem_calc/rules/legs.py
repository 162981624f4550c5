"""Whether the drives and one-way tickets of a claim lead back to where they began.

Places are free text, so the comparison is lenient: whatever names home, the station or its city is one place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perdiem_calc.claims.model import CARRIERS, Claim, Expense
from perdiem_calc.dated import Law
from perdiem_calc.rates.places import place_key
from perdiem_calc.text import mentions

HOME = "home"
"""The one name of home, the station and their cities."""
OTHER_RIDES = frozenset({"rental_car", "agency_vehicle_fuel"})


@dataclass(frozen=True, slots=True)
class Leg:
    """One drive in one direction: the expense's index, the day, where it began and ended."""

    index: int
    on: date
    origin: str
    goal: str


def is_round_trip(expense: Expense, law: Law) -> bool:
    """Whether a line of mileage is there and back: by its places, its count of round trips, or its words."""
    if expense.from_ == expense.to or expense.round_trips > 1:
        return True
    words = law.words("pov-mileage", "round_trip_words", expense.date)
    return mentions([expense.description, expense.justification, expense.from_, expense.to], words) is not None


def counts_as_round_trip(expense: Expense, claim: Claim, law: Law) -> bool:
    """Whether a line of mileage is there and back: by its words only where no other line drives the other way."""

    def ends(drive: Expense) -> tuple[str, str]:
        return _named(drive.from_, claim, law, drive.date), _named(drive.to, claim, law, drive.date)

    if expense.from_ == expense.to or expense.round_trips > 1:
        return True
    others = [ends(other) for other in claim.expenses if other.category == "pov_mileage"]
    return is_round_trip(expense, law) and ends(expense)[::-1] not in others


def trips_driven(claim: Claim, law: Law) -> dict[str, tuple[Decimal, list[int]]]:
    """How often the officer drove there and back, with the indexes of the drives, by where these led.

    `home` are drives between home and a stop (the direction driven more often counts), `terminal` those between home
    and a terminal, `local` those that touch no home, each direction as a half. Drives within the
    officer's own city are left out.
    """
    found: dict[str, tuple[Counter[str], list[int]]] = {}
    for index, expense in enumerate(claim.expenses):
        if expense.category != "pov_mileage":
            continue
        ends = (expense.from_, expense.to)
        from_home, to_home = (names_home(text, claim, law, expense.date) for text in ends)
        if from_home and to_home:
            continue
        kind = "local"
        if from_home or to_home:
            kind = "terminal" if any(names_terminal(text, law, expense.date) for text in ends) else "home"
        halves, indexes = found.setdefault(kind, (Counter(), []))
        indexes.append(index)
        both = counts_as_round_trip(expense, claim, law)
        halves["out"] += expense.round_trips * (2 if both or from_home else 0 if to_home else 1)
        halves["back"] += expense.round_trips * (2 if both or to_home else 0 if from_home else 1)
    return {kind: (Decimal(max(halves.values())) / 2, indexes) for kind, (halves, indexes) in found.items()}


def open_end(claim: Claim, law: Law) -> int | None:
    """The index of the expense whose way back is missing; None where every way leads back, or another fixes it."""
    legs = _legs(claim, law)
    one_way = [i for i, e in enumerate(claim.expenses) if e.category in CARRIERS and e.one_way]
    if len(one_way) != 1:
        return _first_open(legs)
    rode_otherwise = any(expense.category in OTHER_RIDES for expense in claim.expenses)
    return None if rode_otherwise or any(_balance(legs).values()) else one_way[0]


def ways(claim: Claim, law: Law) -> list[list[int]]:
    """The lines of mileage, by the indexes of their expenses: drives of one way together, round trips alone.

    Drives are one way where each leads on from the one before, up to the day of arrival at the first stop that is
    not en route, or from the day of departure from the last stop. No way leads on from home, or back to where it was.
    """
    stops = claim.trip.stops
    arrived_on = next((stop.arrived_on for stop in stops if stop.reason != "en_route"), stops[-1].arrived_on)
    found: list[list[Leg]] = []
    for leg in _legs(claim, law):
        way = found[-1] if found else []
        is_on_the_way = leg.on <= arrived_on or (bool(way) and way[-1].on >= stops[-1].departed_on)
        if way and is_on_the_way and _leads_on(way, leg):
            way.append(leg)
        else:
            found.append([leg])
    together = [[leg.index for leg in way] for way in found]
    met = {index for way in together for index in way}
    driven = (index for index, expense in enumerate(claim.expenses) if expense.category == "pov_mileage")
    return [*together, *([index] for index in driven if index not in met)]


def _leads_on(way: Sequence[Leg], leg: Leg) -> bool:
    return way[-1].goal == leg.origin != HOME and leg.goal not in {before.origin for before in way}


def _first_open(legs: Sequence[Leg]) -> int | None:
    """The leg whose way back is missing, if one is.

    Legs lead back when the place of the first is reached as often as it is left; with an odd number of them every
    place must be. So one place that is written in two ways is not taken for a missing way back.
    """
    if not legs:
        return None
    balance = _balance(legs)
    first = legs[0]
    if balance[first.origin] > 0:
        return first.index
    last = legs[-1]
    return last.index if len(legs) % 2 and any(balance.values()) else None


def _balance(legs: Sequence[Leg]) -> Counter[str]:
    """How much more often each place is left than reached."""
    balance = Counter(leg.origin for leg in legs)
    balance.subtract(leg.goal for leg in legs)
    return balance


def _legs(claim: Claim, law: Law) -> list[Leg]:
    """The drives in one direction, by date."""
    legs = []
    for index, expense in enumerate(claim.expenses):
        if expense.category != "pov_mileage" or is_round_trip(expense, law):
            continue
        origin, goal = (_named(text, claim, law, expense.date) for text in (expense.from_, expense.to))
        if origin != goal:
            legs.append(Leg(index, expense.date, origin, goal))
    return sorted(legs, key=lambda leg: leg.on)


def _named(text: str | None, claim: Claim, law: Law, on: date) -> str:
    """A place's name without case and punctuation; one name for home, the station and their cities."""
    if names_home(text, claim, law, on):
        return HOME
    return " ".join(re.findall(r"\w+", (text or "").casefold()))


def names_home(text: str | None, claim: Claim, law: Law, on: date) -> bool:
    """Whether an end of a drive is the officer's home, the official station, or a place in their cities.

    A terminal is none, whatever its name (a train station is no official station), nor is an office in the city of a
    stop, or the host's. A city of the same name in another state does not count. Rule `official-station`.
    """
    if names_terminal(text, law, on):
        return False
    of_stops = {place_key(city) for city in _cities_of_stops(claim)}
    homes = (claim.trip.official_station, claim.trip.residence)
    cities = tuple(home.city for home in homes if home is not None and home.city is not None)
    cities = tuple(city for city in cities if place_key(city) not in of_stops)
    if _names_city(text, cities) or any(home.zip and mentions([text], (home.zip[:5],)) for home in homes if home):
        return True
    return mentions([text], law.words("pov-mileage", "home_words", on)) is not None and not names_stop(
        text, claim, law, on
    )


def names_terminal(text: str | None, law: Law, on: date) -> bool:
    """Whether an end of a drive is an airport, or a station of trains or buses."""
    return mentions([text], law.words("pov-mileage", "terminal_words", on)) is not None


def names_stop(text: str | None, claim: Claim, law: Law, on: date) -> bool:
    """Whether an end of a drive is where the officer stayed or learned.

    It lies in the city of the course or of a stop, is a hotel of the claim or the host of the course, or has words
    for them: a claim has one course, and no terminal is meant.
    """
    if names_stop_itself(text, claim):
        return True
    words = law.words("pov-mileage", "stop_words", on)
    return not names_terminal(text, law, on) and mentions([text], words) is not None


def names_stop_itself(text: str | None, claim: Claim) -> bool:
    """Whether an end of a drive is where the officer stayed or learned, by a name and not by words like "hotel"."""
    names = tuple(filter(None, (claim.course.host, *(night.hotel for night in claim.lodging))))
    return _names_city(text, _cities_of_stops(claim)) or bool(names and mentions([text], names))


def _names_city(text: str | None, cities: Sequence[str]) -> bool:
    """Whether a text names one of some cities, however it is spelled: St. Louis is Saint Louis."""
    said = f" {place_key(text or '')} "
    return any(key and f" {key} " in said for key in map(place_key, cities))


def _cities_of_stops(claim: Claim) -> tuple[str, ...]:
    places = (claim.course.place, *(stop.place for stop in claim.trip.stops))
    return tuple(dict.fromkeys(place.city for place in places if place.city is not None))
