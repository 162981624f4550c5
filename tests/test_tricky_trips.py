"""Twelve trips that calculators get wrong, each worked out by hand from the published rates and the rules.

The claim states a dearer room than any ceiling, so that what is allowed of the lodging is the ceiling of each night,
and no tax; the estimate plans rooms at the ceiling. Both must come to the sums of the docstrings, which take the
rates from GSA's yearly files and the meals from the M&IE tier of the fiscal year. Where an estimate cannot take the
trip, or takes it otherwise, the test says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from perdiem_calc import Claim, ItemizedClaim, RateSource, audit, estimate, itemize
from perdiem_calc.checks.finding import Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.sources import open_rates
from tests.support.case_files import claim_of
from tests.support.command import Perdiem

ROOM = "600.00"
"""What every room costs: more than any ceiling below."""


@dataclass(frozen=True)
class Desk:
    """What a trip comes to, as a claim and as an estimate."""

    rates: RateSource
    law: Law

    def itemized(self, trip: str, at: str = "", **case: Any) -> ItemizedClaim:
        """The claim for a trip, itemized; `case` as in tests/support/case_files.py."""
        place = {"at": at} if at else {}
        claim = Claim.model_validate(claim_of({"trip": trip, "rooms": ROOM, **place, **case}))
        return itemize(claim, self.rates, self.law)

    def claimed(self, trip: str, at: str = "", **case: Any) -> tuple[str, str, str, str]:
        """Of the claim for a trip: each night's lodging, each day's M&IE, what is allowable, and payable."""
        itemized = self.itemized(trip, at, **case)
        groups = ("lodging", "mie")
        nights, days = (
            " ".join(str(line.amount_allowed) for line in itemized.lines if line.group == group) for group in groups
        )
        return nights, days, str(itemized.totals.allowable), str(itemized.totals.payable)

    def estimated(self, *stops: Mapping[str, Any]) -> tuple[str, str, str, str]:
        """Of the estimate for a trip, a row a stop: lodging, M&IE, what is allowable, and reimbursable."""
        costs = estimate(pd.DataFrame([{"trip_id": "T", **stop} for stop in stops]), self.rates, self.law)
        assert list(costs["status"]) == ["resolved"] * len(stops), list(costs["reason"])
        columns = ("lodging", "mie", "allowable", "reimbursable")
        lodging, mie, allowable, reimbursable = (f"{costs[column].sum():.2f}" for column in columns)
        return lodging, mie, allowable, reimbursable


@pytest.fixture(scope="module")
def desk(ratebook: Ratebook, law: Law) -> Desk:
    return Desk(ratebook, law)


def stop(place: str, depart_on: str, return_on: str, **more: object) -> dict[str, object]:
    """One row of an estimate."""
    return {"place": place, "depart_on": depart_on, "return_on": return_on, **more}


def furnished(day: str, *meals: str) -> dict[str, dict[str, str]]:
    """A day whose meals came with the registration."""
    return {day: dict.fromkeys(meals, "registration")}


def total(*amounts: str | Sequence[str]) -> str:
    """The sum of amounts, so that the sums of the docstrings are also checked against their parts."""
    parts = [part for amount in amounts for part in ([amount] if isinstance(amount, str) else amount)]
    return str(sum((Decimal(part) for part in parts), Decimal("0.00")))


def test_1_a_plain_week(desk: Desk) -> None:
    """Sunday, October 4 to Friday, October 9, 2026, in Orlando. FY2027: lodging 145 in October, M&IE 80.

    Lodging: 5 nights x 145 = 725.00. M&IE: 75 % of 80 = 60.00 on the first and the last day, 4 x 80 = 320.00
    between (five and a half days: 440.00). Allowable 725 + 440 = 1,165.00; the programme pays its limit of
    1,000.00. A tool that counts a night for each of the six days pays a sixth night of 145.
    """
    nights, days = "145.00 145.00 145.00 145.00 145.00", "60.00 80.00 80.00 80.00 80.00 60.00"
    assert (total(nights.split()), total(days.split())) == ("725.00", "440.00")
    claimed = desk.claimed("2026-10-04 to 2026-10-09", "Orlando, FL")
    assert claimed == (nights, days, "1165.00", "1000.00")
    estimated = desk.estimated(stop("Orlando, FL", "2026-10-04", "2026-10-09"))
    assert estimated == ("725.00", "440.00", "1165.00", "1000.00")


def test_2_across_the_fiscal_year_in_washington(desk: Desk) -> None:
    """September 28 to October 3, 2026, in Washington, DC: one trip in two fiscal years.

    Lodging: FY2026 has 275 for September, so three nights (28, 29, 30) x 275 = 825; FY2027 has 287 for October, so
    two nights (1, 2) x 287 = 574; together 1,399.00. M&IE is 92 in both: 75 % = 69.00 on the two true ends only, 4
    x 92 = 368 between; together 506.00. Allowable 1,905.00, paid 1,000.00. Two estimates of a month each would take
    75 % four times; one month's rate for all gives 1,375 or 1,435.
    """
    nights, days = "275.00 275.00 275.00 287.00 287.00", "69.00 92.00 92.00 92.00 92.00 69.00"
    assert (total(nights.split()), total(days.split())) == ("1399.00", "506.00")
    claimed = desk.claimed("2026-09-28 to 2026-10-03", "Washington, DC")
    assert claimed == (nights, days, "1905.00", "1000.00")
    estimated = desk.estimated(stop("Washington, DC", "2026-09-28", "2026-10-03"))
    assert estimated == ("1399.00", "506.00", "1905.00", "1000.00")


def test_3_the_standard_mie_changes_on_the_day_of_return(desk: Desk, law: Law) -> None:
    """September 28 to October 1, 2024, in Moody, AL (St. Clair County, in no locality): the standard rate.

    Lodging: FY2024 has 107; three nights (28, 29, 30) = 321.00. M&IE: FY2024 has 59, FY2025 has 68. The day of
    return takes the rate of the previous day of travel, September 30: 75 % of 59 = 44.25, and not 51.00, 75 % of
    68. So 44.25 + 59 + 59 + 44.25 = 206.50. Allowable and paid: 527.50. The two readings differ, so the claim says
    so.
    """
    nights, days = "107.00 107.00 107.00", "44.25 59.00 59.00 44.25"
    assert (total(nights.split()), total(days.split())) == ("321.00", "206.50")
    claimed = desk.claimed("2024-09-28 to 2024-10-01", "Moody, AL")
    assert claimed == (nights, days, "527.50", "527.50")
    estimated = desk.estimated(stop("Moody, AL", "2024-09-28", "2024-10-01"))
    assert estimated == ("321.00", "206.50", "527.50", "527.50")
    found = audit(desk.itemized("2024-09-28 to 2024-10-01", "Moody, AL"), desk.rates, law)
    (told,) = [finding.message for finding in found if finding.check == "fiscal-year-return"]
    assert "$59.00 of the day before, fiscal year 2024; by its own date the rate would be $68.00" in told


def test_4_a_season_ends_within_the_trip(desk: Desk) -> None:
    """March 29 to April 3, 2026, in Vail, CO. FY2026: lodging 397 from December to March, 201 from April; M&IE 92.

    Lodging: three nights of March (29, 30, 31) x 397 = 1,191, two of April (1, 2) x 201 = 402; together 1,593.00.
    M&IE 69 + 4 x 92 + 69 = 506.00. Allowable 2,099.00, paid 1,000.00. One month's rate for all nights would give
    1,985 or 1,005 of lodging.
    """
    nights, days = "397.00 397.00 397.00 201.00 201.00", "69.00 92.00 92.00 92.00 92.00 69.00"
    assert (total(nights.split()), total(days.split())) == ("1593.00", "506.00")
    claimed = desk.claimed("2026-03-29 to 2026-04-03", "Vail, CO")
    assert claimed == (nights, days, "2099.00", "1000.00")
    estimated = desk.estimated(stop("Vail, CO", "2026-03-29", "2026-04-03"))
    assert estimated == ("1593.00", "506.00", "2099.00", "1000.00")


def test_5_one_day_of_fourteen_hours(desk: Desk) -> None:
    """October 5, 2026, from 6:00 to 20:00, in Orlando (FY2027: M&IE 80): more than 12 hours, less than 24.

    75 % of 80 = 60.00, once, for the one calendar day; no lodging.
    """
    claimed = desk.claimed("2026-10-05 06:00 to 2026-10-05 20:00", "Orlando, FL")
    assert claimed == ("", "60.00", "60.00", "60.00")
    estimated = desk.estimated(stop("Orlando, FL", "2026-10-05", "2026-10-05", hours=14))
    assert estimated == ("0.00", "60.00", "60.00", "60.00")


def test_6_one_day_of_eight_hours(desk: Desk) -> None:
    """October 5, 2026, from 8:00 to 16:00, in Orlando: 12 hours or less earn nothing, neither 60.00 nor 80.00."""
    claimed = desk.claimed("2026-10-05 08:00 to 2026-10-05 16:00", "Orlando, FL")
    assert claimed == ("", "0.00", "0.00", "0.00")
    estimated = desk.estimated(stop("Orlando, FL", "2026-10-05", "2026-10-05", hours=8))
    assert estimated == ("0.00", "0.00", "0.00", "0.00")


def test_7_dinner_on_the_first_day_and_breakfast_on_the_last(desk: Desk) -> None:
    """The week in Orlando, with a dinner furnished on October 4 and a breakfast on October 9, 2026.

    FY2027's tier of 80: breakfast 20, lunch 22, dinner 33, incidental 5. The whole value of a meal comes off the
    reduced amount of the day: 60 - 33 = 27.00 on the first, 60 - 20 = 40.00 on the last, and not 75 % of what is
    left of 80 (35.25 and 45.00). M&IE 27 + 4 x 80 + 40 = 387.00; with the lodging of 725.00, allowable 1,112.00.

    An estimate is told how many meals are furnished, not when; both come off in full on any day, so its sum is the
    same.
    """
    nights, days = "145.00 145.00 145.00 145.00 145.00", "27.00 80.00 80.00 80.00 80.00 40.00"
    assert total(days.split()) == "387.00"
    meals = furnished("2026-10-04", "dinner") | furnished("2026-10-09", "breakfast")
    claimed = desk.claimed("2026-10-04 to 2026-10-09", "Orlando, FL", meals=meals)
    assert claimed == (nights, days, "1112.00", "1000.00")
    estimated = desk.estimated(stop("Orlando, FL", "2026-10-04", "2026-10-09", breakfasts=1, dinners=1))
    assert estimated == ("725.00", "387.00", "1112.00", "1000.00")


def test_8_all_meals_on_the_last_day(desk: Desk) -> None:
    """October 8 to 9, 2026, in Orlando, with breakfast, lunch and dinner furnished on the 9th.

    The meals of the 80 tier are worth 20 + 22 + 33 = 75.00, more than the last day's 60.00; the full incidental
    amount stays, also on a 75 % day: 5.00, not 0.00, not -15.00, and not 75 % of 5 = 3.75. M&IE 60 + 5 = 65.00,
    lodging 145.00, together 210.00. Here an estimate can only mean the last day, as no full day takes the meals
    first.
    """
    meals = furnished("2026-10-09", "breakfast", "lunch", "dinner")
    claimed = desk.claimed("2026-10-08 to 2026-10-09", "Orlando, FL", meals=meals)
    assert claimed == ("145.00", "60.00 5.00", "210.00", "210.00")
    all_meals = {"breakfasts": 1, "lunches": 1, "dinners": 1}
    estimated = desk.estimated(stop("Orlando, FL", "2026-10-08", "2026-10-09", **all_meals))
    assert estimated == ("145.00", "65.00", "210.00", "210.00")


def test_9_a_city_at_the_standard_rate(desk: Desk) -> None:
    """The week in Moody, AL: the Census puts it in St. Clair County, which no locality of FY2027 covers.

    FY2027's standard rate: lodging 113, M&IE 68, 75 % 51.00. Lodging 5 x 113 = 565.00; M&IE 51 + 4 x 68 + 51 =
    374.00; together 939.00, all of it paid. A tool that knows only listed places has no answer, or takes
    Birmingham's rate.
    """
    nights, days = "113.00 113.00 113.00 113.00 113.00", "51.00 68.00 68.00 68.00 68.00 51.00"
    assert (total(nights.split()), total(days.split())) == ("565.00", "374.00")
    claimed = desk.claimed("2026-10-04 to 2026-10-09", "Moody, AL")
    assert claimed == (nights, days, "939.00", "939.00")
    estimated = desk.estimated(stop("Moody, AL", "2026-10-04", "2026-10-09"))
    assert estimated == ("565.00", "374.00", "939.00", "939.00")


def test_10_two_stops(desk: Desk) -> None:
    """October 4 to 6 in Moody, AL (113, M&IE 68), then to the 9th in Orlando (145, M&IE 80): one trip, FY2027.

    Lodging: nights of the 4th and 5th x 113 = 226, of the 6th, 7th and 8th x 145 = 435; together 661.00. M&IE: a
    day takes the rate of where its night is spent, so the day of the move, the 6th, has Orlando's 80; the day of
    return takes the previous day's, Orlando's. 75 % only on the 4th (51.00) and the 9th (60.00), not where the
    stops meet: 51 + 68 + 80 + 80 + 80 + 60 = 419.00. Allowable 1,080.00, paid 1,000.00.
    """
    nights, days = "113.00 113.00 145.00 145.00 145.00", "51.00 68.00 80.00 80.00 80.00 60.00"
    assert (total(nights.split()), total(days.split())) == ("661.00", "419.00")
    stops = ["Moody, AL 2026-10-04 to 2026-10-06", "Orlando, FL 2026-10-06 to 2026-10-09"]
    claimed = desk.claimed("2026-10-04 to 2026-10-09", stops=stops)
    assert claimed == (nights, days, "1080.00", "1000.00")
    estimated = desk.estimated(
        stop("Moody, AL", "2026-10-04", "2026-10-06"), stop("Orlando, FL", "2026-10-06", "2026-10-09")
    )
    assert estimated == ("661.00", "419.00", "1080.00", "1000.00")


OCONUS = """\
ALASKA;[OTHER];01/01;12/31;150;80;60;20;;;250;01/01/2026
ALASKA;ANCHORAGE;05/16;09/15;300;100;75;24;;;424;01/01/2026
ALASKA;ANCHORAGE;09/16;05/15;200;90;65;22;;;312;01/01/2026
"""
"""The form is that of the Defense Department's OCONUS file; the figures are invented. Columns: state, locality,
season from and to, lodging, local meals, proportional meals, local incidental, two notes, maximum per diem,
effective."""


@pytest.fixture
def with_alaska(
    request: pytest.FixtureRequest, law: Law, perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """The embedded rates, and those of a file that was imported: of 2026, or of the year that a test asks for."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    path = tmp_path / "oconus.txt"
    path.write_text(OCONUS.replace("2026", getattr(request, "param", "2026")), encoding="utf-8")
    assert perdiem("ratebook", "import-dtmo", path).code == 0
    return Desk(open_rates("ratebook"), law)


def test_11_anchorage_by_the_official_file(with_alaska: Desk, desk: Desk) -> None:
    """September 13 to 18, 2026, in Anchorage, at the (invented) figures above: the season changes within the month.

    Until September 15: lodging 300, M&IE 100 + 24 = 124; from the 16th: 200 and 90 + 22 = 112. Lodging: three
    nights (13, 14, 15) x 300 = 900, two x 200 = 400; together 1,300.00. M&IE: 75 % of 124 = 93.00 on the 13th, 124
    on the 14th and 15th, 112 on the 16th and 17th, and 75 % of the 17th's 112 = 84.00 on the 18th: 649.00.
    Allowable 1,949.00, paid 1,000.00. GSA sets no rate there: without the file there is no figure, and never the
    standard rate's 110.
    """
    nights, days = "300.00 300.00 300.00 200.00 200.00", "93.00 124.00 124.00 112.00 112.00 84.00"
    assert (total(nights.split()), total(days.split())) == ("1300.00", "649.00")
    trip, place = "2026-09-13 to 2026-09-18", "Anchorage, AK"
    assert with_alaska.claimed(trip, place) == (nights, days, "1949.00", "1000.00")
    estimated = with_alaska.estimated(stop(place, "2026-09-13", "2026-09-18"))
    assert estimated == ("1300.00", "649.00", "1949.00", "1000.00")
    with pytest.raises(RateUnavailable, match="the Department of Defense"):
        desk.claimed(trip, place)


@pytest.mark.parametrize("with_alaska", ["2025"], indirect=True)
def test_through_december_7_2025_laundry_is_paid_in_the_contiguous_states_only(with_alaska: Desk) -> None:
    """September 13 to 18, 2025, five nights: $15.00 of laundry is paid in Moody, AL, after the fourth night.

    In Anchorage it is none of the rule `laundry`, which is for the contiguous states. Of a trip by way of Moody it is
    paid where four of the nights were there, not where three were.
    """
    laundry = [{"category": "laundry", "amount": "15.00", "date": "2025-09-17"}]

    def paid(*stops: str) -> str:
        itemized = with_alaska.itemized("2025-09-13 to 2025-09-18", stops=list(stops), expenses=laundry)
        return str(itemized.line("E1").amount_allowed)

    assert paid("Moody, AL 2025-09-13 to 2025-09-18") == "15.00"
    assert paid("Anchorage, AK 2025-09-13 to 2025-09-18") == "0.00"
    assert paid("Moody, AL 2025-09-13 to 2025-09-17", "Anchorage, Alaska 2025-09-17 to 2025-09-18") == "15.00"
    assert paid("Moody, AL 2025-09-13 to 2025-09-16", "Anchorage, AK 2025-09-16 to 2025-09-18") == "0.00"


def test_a_collision_waiver_is_paid_beyond_the_contiguous_states_and_reviewed(with_alaska: Desk) -> None:
    """In Anchorage, by way of Moody or not; in Moody alone it is not paid. Accident insurance never is."""
    waiver = {"category": "rental_insurance", "amount": "30.00", "description": "collision waiver"}
    of_person = waiver | {"description": "personal accident insurance"}

    def paid(*stops: str) -> list[str]:
        itemized = with_alaska.itemized("2026-09-13 to 2026-09-18", stops=list(stops), expenses=[waiver, of_person])
        found = audit(itemized, with_alaska.rates, with_alaska.law)
        reviews = [
            str(one.where) for one in found if one.check == "rental-insurance" and one.severity is Severity.REVIEW
        ]
        return [*(str(itemized.line(name).amount_allowed) for name in ("E1", "E2")), *reviews]

    of_waiver, of_insurance = "expenses[0].description", "expenses[1].description"
    assert paid("Anchorage, AK 2026-09-13 to 2026-09-18") == ["30.00", "0.00", of_insurance, of_waiver]
    by_moody = paid("Moody, AL 2026-09-13 to 2026-09-14", "Anchorage, AK 2026-09-14 to 2026-09-18")
    assert by_moody == ["30.00", "0.00", of_insurance, of_waiver]
    assert paid("Moody, AL 2026-09-13 to 2026-09-18") == ["0.00", "0.00", "expenses[0].category", of_insurance]


def test_12_todays_fiscal_year(desk: Desk, law: Law, ratebook: Ratebook) -> None:
    """November 22 to 27, 2026, in Atlanta: the week this was written in, of the fiscal year that began on October 1.

    FY2027: lodging 188, M&IE 86. Lodging 5 x 188 = 940.00; M&IE 64.50 + 4 x 86 + 64.50 = 473.00; together 1,413.00,
    paid 1,000.00. With last year's ceiling (182) it would be 1,383.00. A year that is not known, FY2028, is
    refused; no other year's figures stand in for it.
    """
    nights, days = "188.00 188.00 188.00 188.00 188.00", "64.50 86.00 86.00 86.00 86.00 64.50"
    assert (total(nights.split()), total(days.split())) == ("940.00", "473.00")
    claimed = desk.claimed("2026-11-22 to 2026-11-27", "Atlanta, GA")
    assert claimed == (nights, days, "1413.00", "1000.00")
    estimated = desk.estimated(stop("Atlanta, GA", "2026-11-22", "2026-11-27"))
    assert estimated == ("940.00", "473.00", "1413.00", "1000.00")
    assert ratebook.years[-1] == 2027
    with pytest.raises(RateUnavailable, match="no rates of fiscal year 2028"):
        desk.claimed("2027-10-03 to 2027-10-08", "Atlanta, GA")
    next_year = pd.DataFrame([stop("Atlanta, GA", "2027-10-03", "2027-10-08")])
    (status,) = estimate(next_year, ratebook, law)["status"]
    assert status == "unavailable"
