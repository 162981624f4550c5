"""The dates: does everything belong to this trip, and the trip to the course?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, about_claim, about_lines, blocked, not_evaluated
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.reductions import reductions
from perdiem_calc.checks.sentences import describe_lines, quoted
from perdiem_calc.checks.stated import refused, stated
from perdiem_calc.claims.model import CARRIERS
from perdiem_calc.rules.days import DayKind
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import describe_days, on_one_line

BOOKED_AHEAD = CARRIERS | {"seat_fee", "baggage", "rental_car", "rental_insurance", "lodging_fee"}


def stops_not_continuous(case: Case) -> Iterator[Finding]:
    """Days and stops that do not fit together: a gap, an overlap, a day missing or twice. Rule `per-diem-locality`.

    A claim that is built is refused for it; a submitted one is barred.
    """
    yield from refused(case, "stops-not-continuous")


def extra_night(case: Case) -> Iterator[Finding]:
    """Arrival earlier than the day before the course, or return later than its last day. Rule `not-allowable`.

    Personal days at the ends, and stops and a night en route, do not count. A reason is quoted; a person judges it.
    """
    course, trip = case.claim.course, case.claim.trip
    arrived_on, returned_on = _arrived_on(case), _left_on(case)
    if arrived_on is None or returned_on is None:
        return
    fix = "give the reason for the extra night, or name the extra days as personal"
    if trip.extra_night_reason is not None:
        fix = f'the reason given is "{on_one_line(trip.extra_night_reason, 1000)}"; decide whether it was necessary'
    ends = (
        (
            "departed_at",
            arrived_on < course.starts_on - timedelta(days=1),
            f"The official travel to the course of {course.starts_on} begins on {arrived_on}, "
            "more than one day before it",
        ),
        (
            "returned_at",
            returned_on > course.ends_on,
            f"The official travel ends on {returned_on}, after the last day of the course, {course.ends_on}",
        ),
    )
    for field, is_extra, said in ends:
        if is_extra:
            yield about_claim(
                case, "extra-night", "not-allowable", Severity.REVIEW, f"trip.{field}", f"{said}: {fix}."
            )


def _arrived_on(case: Case) -> date | None:
    """The day the officer came to the course: the first official one, or the day after stops or a night en route.

    A night en route is spent travelling; one with a room would be a stop.
    """
    first, trip = case.itemized.shape.first, case.claim.trip
    if first is None:
        return None
    en_route = list(takewhile(lambda stop: stop.reason == "en_route", trip.stops))
    left_on = max([first, *(stop.departed_on for stop in en_route)])
    course = trip.stops[len(en_route) : len(en_route) + 1]
    has_room = any(night.night == left_on and not night.costs_nothing for night in case.claim.lodging)
    if trip.day_trips or has_room:
        return left_on
    return max([left_on, *(stop.arrived_on for stop in course)])


def _left_on(case: Case) -> date | None:
    """The day the officer left the course for home: the last official one, or the day before a night en route.

    A night on the way home is a stop en route, or has no room.
    """
    last, trip = case.itemized.shape.last, case.claim.trip
    if last is None or trip.day_trips:
        return last
    en_route = list(takewhile(lambda stop: stop.reason == "en_route", reversed(trip.stops)))
    left_on = trip.stops[len(trip.stops) - len(en_route) - 1].departed_on if len(en_route) < len(trip.stops) else last
    is_on_the_way = (last - max(stop.departed_on for stop in trip.stops)).days <= 1
    has_room = any(left_on <= night.night and not night.costs_nothing for night in case.claim.lodging)
    if en_route or (is_on_the_way and not has_room):
        return min(left_on, last)
    return last


def expense_outside_trip(case: Case) -> Iterator[Finding]:
    """An expense days before or after the trip; bookings ahead and hotels' charges excepted. Rule `not-allowable`."""
    trip = case.claim.trip
    for expense, line in case.paid_expenses():
        days = case.law.count("not-allowable", "days_outside_trip", expense.date)
        early = (trip.departed_on - expense.date).days > days
        late = (expense.date - trip.returned_on).days > days
        if late or (early and expense.category not in BOOKED_AHEAD):
            yield about_lines(
                case,
                "expense-outside-trip",
                "not-allowable",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} lies more than {days} days {'after' if late else 'before'} the trip from "
                f"{trip.departed_on} to {trip.returned_on}: correct the date, or explain the expense.",
                field="date",
            )


def date_in_future(case: Case) -> Iterator[Finding]:
    """A date of the claim, a night or an expense after the day of the check. Rule `chp-itemized-claim`."""
    if case.as_of is None:
        yield not_evaluated(
            case,
            "date-in-future",
            "chp-itemized-claim",
            "prepared_on",
            "Not judged: no day was given from which a date lies in the future.",
        )
    yield from blocked(case, "date-in-future")
    yield from reductions(case, "date-in-future", Severity.BLOCKS)


def claim_older_than_a_year(case: Case) -> Iterator[Finding]:
    """The trip ended more than a year before the claim. Rule `chp-itemized-claim`."""
    returned_on, counted_on = case.claim.trip.returned_on, case.claim.counted_on
    days = case.law.count("chp-itemized-claim", "older_than_days", returned_on)
    if (counted_on - returned_on).days > days:
        yield about_claim(
            case,
            "claim-older-than-a-year",
            "chp-itemized-claim",
            Severity.INFO,
            case.claim.counted_path,
            f"The claim of {counted_on} is for a trip that ended on {returned_on}, more than {days} days before: "
            "check the year of both dates.",
        )


def personal_day_paid(case: Case) -> Iterator[Finding]:
    """Lodging, M&IE or fare of personal days. Rule `personal-days`.

    The fares of a trip with personal days are reviewed where the fare on the direct dates is not stated, or where
    lines state different ones.
    """
    check, rule = "personal-day-paid", "personal-days"
    yield from reductions(case, check, Severity.ADJUSTS)
    fares = [(expense, line) for expense, line in case.expenses() if expense.category in CARRIERS]
    stated = {expense.direct_fare for expense, _ in fares} - {None}
    personal = case.claim.trip.personal_days
    paid = [line for _, line in fares if line.amount_allowed > 0]
    if not personal or not paid or len(stated) == 1:
        return
    if stated:
        said = "has several fares on the direct dates, and the lowest counts: state one figure for the trip"
    else:
        said = (
            f"is of a trip with personal days ({describe_days(personal)}), and only the fare on the direct dates is "
            "paid: "
            "enter it as the direct fare"
        )
    yield about_lines(
        case, check, rule, Severity.REVIEW, paid, f"{describe_lines(paid)} {said}.", field="direct_fare"
    )


def personal_day_expense(case: Case) -> Iterator[Finding]:
    """An expense dated on a personal day, other than a leg with a carrier. Rule `personal-days`."""
    personal = case.claim.trip.personal_days
    for expense, line in case.paid_expenses():
        if expense.date in personal and expense.category not in CARRIERS:
            yield about_lines(
                case,
                "personal-day-expense",
                "personal-days",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} is dated on a personal day: correct the date, leave the expense out, or "
                "explain "
                f"why it was official{quoted(expense)}.",
                field="date",
            )


def short_trip(case: Case) -> Iterator[Finding]:
    """Days of too short a trip for M&IE, or of one without times. Rule `entitlement-12-hours`."""
    check, rule = "short-trip", "entitlement-12-hours"
    lines = {line.on: line for line in case.itemized.lines if line.group == "mie"}
    short = [lines[day.on] for day in case.itemized.days if day.kind is DayKind.TOO_SHORT]
    untimed = [lines[day.on] for day in case.itemized.days if day.kind is DayKind.NO_TIMES]
    for severity, found, said in (
        (Severity.INFO, short, "earns none: the travel took {hours} hours or less; correct the times if mistaken"),
        (
            Severity.REVIEW,
            untimed,
            "earns none without times: enter {times} if it took over {hours} hours",
        ),
    ):
        if found:
            hours = case.law.count(rule, "more_than_hours", found[0].on)
            yield about_lines(
                case,
                check,
                rule,
                severity,
                found,
                f"{describe_lines(found)} {said.format(hours=hours, times=_missing_times(case))}.",
                paths=_times(case, found),
            )
    yield from stated(case, check)


def _missing_times(case: Case) -> str:
    """What says how long the official travel took: of a trip that ends in personal days, when the course ended."""
    ends_personal = case.itemized.shape.last != case.claim.trip.returned_on
    return "the time of departure and when the course ended" if ends_personal else "departure and return"


def _times(case: Case, lines: list[Line]) -> tuple[str, ...]:
    """The fields that say how long the travel of some days took."""
    days = {line.on for line in lines}
    trips = case.claim.trip.day_trips
    of_days = tuple(f"trip.day_trips[{index}]" for index, trip in enumerate(trips) if trip.date in days)
    return of_days or ("trip.departed_at", "trip.returned_at")


def trips_overlap(case: Case) -> Iterator[Finding]:
    """The same officer on two trips at once. Rule `chp-itemized-claim`."""
    check = "trips-overlap"
    yield from blocked(case, check)
    alone = "no other claims were given to compare the travel dates with"
    yield from not_asked(case, check, "chp-itemized-claim", "trip.departed_at", alone, of_officer=True)
