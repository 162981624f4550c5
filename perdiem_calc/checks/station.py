"""Where the officer was: at home, on the way, or away; and whether every night has an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from perdiem_calc.checks.case import Case, about_claim, about_lines, not_evaluated
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.reductions import reductions
from perdiem_calc.claims.model import CARRIERS, Expense
from perdiem_calc.claims.trip import ClaimPlace, Stop
from perdiem_calc.errors import PerdiemError
from perdiem_calc.rates.model import CountySource
from perdiem_calc.rates.places import STANDARD_ID, bare_county, place_key
from perdiem_calc.rules.away import (
    AT_STATION,
    COMMUTING,
    home_of_stop,
    homes,
    nights_at_home,
    nights_with_room,
    shared_area,
    station_is_approved,
)
from perdiem_calc.rules.legs import is_round_trip
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import counted, describe_days, listed, on_one_line

WAYS = CARRIERS | {"pov_mileage", "rental_car", "rental_fuel", "agency_vehicle_fuel"}
"""The expenses that show how the officer traveled."""
TWICE = 2
"""A room at so many times the ceiling may be the whole folio."""


def at_official_station(case: Case) -> Iterator[Finding]:
    """Lodging and M&IE in the city of the official station or the residence. Rule `official-station`.

    With an approval by NASRO or the COPS Office before the trip, a person decides.
    """
    yield from reductions(case, AT_STATION, Severity.BLOCKS)
    trip = case.claim.trip
    if trip.station_approval is None or not station_is_approved(trip):
        return
    lines = [
        line for index in range(len(trip.stops)) if home_of_stop(case.claim, index) for line in _per_diem(case, index)
    ]
    if lines:
        at = [stop for index, stop in enumerate(trip.stops) if home_of_stop(case.claim, index)]
        cities = listed(list(dict.fromkeys(stop.place.in_words for stop in at)))
        by = {"nasro": "NASRO", "cops": "the COPS Office"}[trip.station_approval.by]
        reason = trip.station_approval.reason
        said = f', who gave the reason "{on_one_line(reason, 1000)}"' if reason else ""
        message = (
            f"Per diem in {cities}, the city of the official station or the residence, is paid because {by} approved "
            f"it on {trip.station_approval.on}{said}: check that the approval is attached."
        )
        paths = ["trip.station_approval.by"]
        yield about_lines(case, AT_STATION, "official-station", Severity.REVIEW, lines, message, paths=paths)


def near_official_station(case: Case) -> Iterator[Finding]:
    """A stop in the county, or under the ZIP, of the official station or the residence. Rule `official-station`."""
    trip = case.claim.trip
    for index, stop in enumerate(trip.stops):
        if home_of_stop(case.claim, index) or not _per_diem(case, index):
            continue
        for path, home in homes(trip):
            here, there = (_counties(case, place, stop.arrived_on) for place in (stop.place, home))
            area = shared_area(stop.place, home, here, there) or _in_one_locality(case, stop, home, here, there)
            if area:
                name = "residence" if path.endswith("residence") else "official station"
                yield about_claim(
                    case,
                    "near-official-station",
                    "official-station",
                    Severity.REVIEW,
                    Where((f"trip.stops[{index}].place", path)),
                    f"The stop of {stop.arrived_on} to {stop.departed_on} in {stop.place.in_words} and the {name} in "
                    f"{home.in_words} {area}, and per diem is paid away from home only: explain why the officer had "
                    "to stay, or correct the place.",
                )
                break
            if not (stop.place.city and home.city):
                yield _only_zip(case, index, path, home)


def _in_one_locality(case: Case, stop: Stop, home: ClaimPlace, here: frozenset[str], there: frozenset[str]) -> str:
    """That two cities lie in one listed locality, where the county of one is not known; else empty."""
    if not (stop.place.city and home.city) or (here and there):
        return ""
    return "lie in one per diem locality" if _share_locality(case, stop, home) else ""


def _share_locality(case: Case, stop: Stop, home: ClaimPlace) -> bool:
    """Whether a stop and a home lie in one listed locality."""
    try:
        ids = {case.rates.locality(place.place, stop.arrived_on).id for place in (stop.place, home)}
    except PerdiemError:
        return False
    return len(ids) == 1 and STANDARD_ID not in ids


def _only_zip(case: Case, index: int, path: str, home: ClaimPlace) -> Finding:
    """That a stop and a home cannot be compared; a review where they lie in one listed locality."""
    stop = case.claim.trip.stops[index]
    check, rule = "near-official-station", "official-station"
    where = path if not home.city else f"trip.stops[{index}].place"
    name = "residence" if path.endswith("residence") else "official station"
    if _share_locality(case, stop, home):
        said = (
            f"The stop of {stop.arrived_on} in {stop.place.in_words} and the {name} in {home.in_words} lie in one "
            "per diem locality, and one of them is named by its ZIP alone: enter the city, or explain why the "
            "officer had to stay."
        )
        return about_claim(case, check, rule, Severity.REVIEW, Where((where,)), said)
    said = (
        f"Not judged: whether the stop of {stop.arrived_on} in {stop.place.in_words} is at the {name} in "
        f"{home.in_words}; one of them is named by its ZIP alone: "
        "enter its city."
    )
    return not_evaluated(case, check, rule, where, said)


def _counties(case: Case, place: ClaimPlace, on: date) -> frozenset[str]:
    """The counties in which a place may lie, as keys: the one it names, else those that the rates know."""
    if place.county:
        return frozenset({place_key(bare_county(place.county))})
    return case.rates.counties(place.place, on) if isinstance(case.rates, CountySource) else frozenset()


def _per_diem(case: Case, index: int) -> list[Line]:
    """The lines of lodging and M&IE at a stop that are paid at least in part."""
    on = {day.on for day in case.itemized.days if day.stop == index}
    groups = ("lodging", "mie")
    return [one for one in case.itemized.lines if one.group in groups and one.on in on and one.amount_allowed > 0]


def commuting(case: Case) -> Iterator[Finding]:
    """M&IE of days before or after a night at home. Rule `official-station`."""
    yield from reductions(case, COMMUTING, Severity.BLOCKS)


def night_unanswered(case: Case) -> Iterator[Finding]:
    """Official nights of a trip of 24 hours or more without a lodging entry. Rule `lodging-ceiling`."""
    claim = case.claim
    if case.submission is not None and (case.submission.unread or case.submission.refused):
        return  # what cannot be read may be the answer
    # A supplement leaves out the nights of the claim before it, and a trip that was not made has none.
    not_asked = claim.kind == "supplemental" or (claim.course.outcome == "cancelled" and not claim.course.traveled)
    if not case.itemized.shape.is_full or claim.trip.day_trips or not_asked:
        return
    left_last_stop = max(stop.departed_on for stop in claim.trip.stops)
    answered = {night.night for night in claim.lodging} | {night.on for night in nights_at_home(claim, case.law)}
    nights = [
        day.on
        for day in case.itemized.days
        if day.night_is_payable and day.on not in answered and day.on < left_last_stop
    ]
    if nights:
        yield about_claim(
            case,
            "night-unanswered",
            "lodging-ceiling",
            Severity.REVIEW,
            "lodging",
            f"There is no lodging entry for the nights of {describe_days(nights)}: enter the room of each night, or "
            "why "
            "there "
            "is none (own home, with friends or relatives, traveling, or not claimed).",
        )


def folio_on_one_night(case: Case) -> Iterator[Finding]:
    """A room at twice the ceiling or more, in a stay with nights without a room. Rule `lodging-ceiling`."""
    rooms = nights_with_room(case.claim)
    for night, line, _ in case.nights():
        if night.day is None or not night.ceiling or night.night.room_rate < TWICE * night.ceiling:
            continue
        stop = case.claim.trip.stops[night.day.stop]
        without = [
            day.on
            for day in case.itemized.days
            if day.night_is_payable and stop.arrived_on <= day.on < stop.departed_on and day.on not in rooms
        ]
        if without:
            yield about_claim(
                case,
                "folio-on-one-night",
                "lodging-ceiling",
                Severity.REVIEW,
                Where((line.path,), (line.id,)),
                f"The room of the night of {line.on} cost ${night.night.room_rate:,.2f}, at least twice the ceiling "
                "of "
                f"${night.ceiling:,.2f}, and the nights of {describe_days(without)} of the same stay have no room: "
                "if "
                "it is "
                "the whole folio, divide it by night.",
            )


def en_route_nights(case: Case) -> Iterator[Finding]:
    """Several nights en route in one direction, or one that no drive or carrier explains.

    Rule `per-diem-locality`.
    """
    stops = case.claim.trip.stops
    course = [number for number, stop in enumerate(stops) if stop.reason == "course"]
    first, last = (course[0], course[-1]) if course else (len(stops), len(stops))
    ways = (("to the course", range(first), _is_outbound), ("home", range(last + 1, len(stops)), _is_homebound))
    for way, indexes, is_of_way in ways:
        nights = [
            stops[index].arrived_on + timedelta(days=number)
            for index in indexes
            for number in range((stops[index].departed_on - stops[index].arrived_on).days)
        ]
        is_explained = any(is_of_way(case, expense) for expense in case.claim.expenses)
        lines = [line for line in _lines_on(case, nights) if line.amount_allowed > 0]
        if not lines or (len(nights) == 1 and is_explained):
            continue
        why = "no drive or carrier in the claim explains it" if len(nights) == 1 else "one each way is usual"
        yield about_lines(
            case,
            "en-route-nights",
            "per-diem-locality",
            Severity.REVIEW,
            lines,
            f"On the way {way}: {counted(len(nights), 'night')} en route ({describe_days(nights)}), and {why}: "
            "explain "
            "the way, or name personal days as such.",
            paths=[f"trip.stops[{index}].reason" for index in indexes],
        )


def _lines_on(case: Case, nights: Sequence[date]) -> list[Line]:
    return [line for line in case.itemized.lines if line.group in ("lodging", "mie") and line.on in nights]


def _is_outbound(case: Case, expense: Expense) -> bool:
    return expense.category in WAYS and (_is_both_ways(case, expense) or expense.date <= case.claim.course.starts_on)


def _is_homebound(case: Case, expense: Expense) -> bool:
    return expense.category in WAYS and (_is_both_ways(case, expense) or expense.date >= case.claim.course.ends_on)


def _is_both_ways(case: Case, expense: Expense) -> bool:
    """Whether an expense is for both directions: a rental, a return ticket, a drive there and back."""
    if expense.category == "pov_mileage":
        return is_round_trip(expense, case.law)
    return expense.category == "rental_car" or (expense.category in CARRIERS and not expense.one_way)
