"""The estimate: what trips cost by hand, the same to the cent as the itemizer."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc import estimate
from perdiem_calc.dated import Law
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.planning.estimator import COLUMNS_OUT, Estimator
from perdiem_calc.planning.estimator.faults import Faults
from perdiem_calc.planning.estimator.in_force import CENTS, exact
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rates.places import Locality, Place
from tests.support.estimates import BOOK, ORLANDO, of, one, with_setting
from tests.support.house_rules import ROOT, seeds
from tests.support.planned_trips import a_trip, unlike

# ---- by hand


def test_a_plain_trip_costs_its_ceilings_and_mie(law: Law) -> None:
    row = one(law)
    assert row["locality"] == "Orlando, FL"
    assert (row["status"], row["reason"], row["nights"]) == ("resolved", "", 5)
    assert (row["lodging"], row["lodging_tax"], row["mie"], row["transportation"]) == (725.0, 0.0, 440.0, 0.0)
    assert (row["total"], row["allowable"], row["reimbursable"]) == (1165.0, 1165.0, 1000.0)
    assert row["agency_share"] == 165.0


def test_the_table_has_exactly_the_columns_of_the_contract_and_the_index_of_the_trips(law: Law) -> None:
    trips = pd.DataFrame([ORLANDO | {"agency": "Peoria PD"}] * 2, index=pd.Index(["a", "b"]))
    costs = estimate(trips, BOOK, law)
    assert tuple(costs.columns) == COLUMNS_OUT
    assert COLUMNS_OUT[:4] == ("locality", "status", "reason", "nights")
    assert list(costs.index) == ["a", "b"]
    assert list(trips.columns) == ["place", "depart_on", "return_on", "agency"]


def test_a_room_above_the_ceiling_is_planned_whole_and_allowed_to_the_ceiling(law: Law) -> None:
    # The sample claim's nights: 159.00 with 19.88 tax, of which 145.00 and 18.13 are allowed.
    row = one(law, room_rate=159.0, lodging_tax_rate=0.125)
    assert (row["lodging"], row["lodging_tax"]) == (795.0, 99.4)
    assert row["allowable"] == 725.0 + 5 * 18.13 + 440.0


def test_tax_is_rounded_half_up_each_night(law: Law) -> None:
    # 145.00 x 0.0501 = 7.2645 -> 7.26; 145.00 x 0.05 = 7.25; 100.10 x 0.05 = 5.005 -> 5.01
    assert one(law, lodging_tax_rate=0.0501)["lodging_tax"] == 36.3
    assert one(law, room_rate=100.1, lodging_tax_rate=0.05)["lodging_tax"] == 25.05


def test_a_free_room_has_neither_lodging_nor_tax(law: Law) -> None:
    row = one(law, room_rate=0, lodging_tax_rate=0.125)
    assert (row["lodging"], row["lodging_tax"], row["total"]) == (0.0, 0.0, 440.0)


def test_mileage_is_at_the_rate_of_the_day_of_departure(law: Law) -> None:
    # 123 x 0.725 = 89.175 -> 89.18 until June 30, 123 x 0.76 = 93.48 from July 1
    before = one(law, depart_on="2026-06-30", return_on="2026-07-03", miles=123)
    after = one(law, depart_on="2026-07-01", return_on="2026-07-03", miles=123)
    assert (before["transportation"], after["transportation"]) == (89.18, 93.48)


def test_mileage_beyond_the_known_rates_takes_the_latest_and_says_planning_rate(law: Law) -> None:
    last_known = one(law, depart_on="2026-12-31", return_on="2027-01-05", miles=100)
    planned = one(law, depart_on="2027-01-01", return_on="2027-01-05", miles=100)
    assert (last_known["transportation"], last_known["reason"]) == (76.0, "")
    assert (planned["transportation"], planned["status"]) == (76.0, "resolved")
    assert planned["reason"] == "miles: planning rate of $0.76 a mile, the latest known"
    assert one(law, depart_on="2027-01-01", return_on="2027-01-05")["reason"] == ""


def test_airfare_and_other_are_costs_and_allowable(law: Law) -> None:
    row = one(law, airfare=312.4, other=48.5)
    assert row["transportation"] == 312.4
    assert (row["total"], row["allowable"]) == (1525.9, 1525.9)


def test_earlier_payments_reduce_what_is_left_of_the_limit(law: Law) -> None:
    assert one(law, paid_before=400)["reimbursable"] == 600.0
    spent = one(law, paid_before=1250)
    assert (spent["reimbursable"], spent["agency_share"]) == (0.0, 1165.0)


def test_a_group_costs_as_often_as_it_has_officers(law: Law) -> None:
    row = one(law, officers=30)
    assert (row["total"], row["reimbursable"]) == (1165.0, 1000.0)
    assert (row["group_total"], row["group_reimbursable"], row["group_agency_share"]) == (34950.0, 30000.0, 4950.0)


@pytest.mark.parametrize(
    ("meals", "mie"),
    [
        ({"lunches": 1}, 418.0),  # a full day less 22
        ({"lunches": 4}, 352.0),  # the four full days
        ({"lunches": 5}, 330.0),  # then the last day: 60 - 22
        ({"lunches": 6}, 308.0),  # then the first
        ({"breakfasts": 1, "lunches": 1, "dinners": 1}, 365.0),  # all on one day: 5 are left of 80
        ({"breakfasts": 5, "lunches": 5, "dinners": 5}, 85.0),  # four times 5, last day 5, first day 60
        ({"breakfasts": 6, "dinners": 2}, 254.0),  # 440 - 6 x 20 - 2 x 33
    ],
)
def test_furnished_meals_come_off_full_days_first_then_the_last_then_the_first(
    law: Law, meals: dict[str, int], mie: float
) -> None:
    assert one(law, **meals)["mie"] == mie


def test_a_trip_across_the_fiscal_year_takes_each_nights_rate_and_the_last_nights_on_return(law: Law) -> None:
    # Moab: FY2026 to September 30, FY2027 from October 1.
    rates = {on: BOOK.rate("Moab, UT", date(2026, *on)) for on in ((9, 30), (10, 1))}
    old, new = rates[9, 30], rates[10, 1]
    assert old.lodging != new.lodging
    row = one(law, place="Moab, UT", depart_on="2026-09-29", return_on="2026-10-02")
    assert row["lodging"] == float(2 * old.lodging + new.lodging)
    assert row["mie"] == float(old.mie.first_last_day + old.mie.total + new.mie.total + new.mie.first_last_day)
    returned = one(law, place="Moab, UT", depart_on="2026-09-29", return_on="2026-10-01")
    assert returned["mie"] == float(2 * old.mie.first_last_day + old.mie.total)


@pytest.mark.parametrize(
    ("until", "hours", "mie"),
    [
        ("2026-10-04", None, 60.0),  # without hours, more than 12 are planned
        ("2026-10-04", 12.25, 60.0),
        ("2026-10-04", 12, 0.0),
        ("2026-10-05", None, 120.0),
        ("2026-10-05", 14, 120.0),  # across midnight, each day earns it
        ("2026-10-05", 12, 0.0),
        ("2026-10-05", 24, 120.0),
    ],
)
def test_short_trips_earn_by_their_hours(law: Law, until: str, hours: float | None, mie: float) -> None:
    assert one(law, return_on=until, hours=hours)["mie"] == mie


# ---- stops


def a_stop(place: str, depart: str, back: str, **more: object) -> dict[str, object]:
    """A row of the trip A."""
    return {"trip_id": "A", "place": place, "depart_on": depart, "return_on": back, **more}


def test_the_stops_of_a_trip_have_their_own_parts_and_share_one_limit(law: Law) -> None:
    costs = of(
        law,
        a_stop("Orlando, FL", "2026-10-04", "2026-10-06", paid_before=100, officers=2),
        a_stop("Springfield, IL", "2026-10-06", "2026-10-09"),
    )
    springfield = BOOK.rate("Springfield, IL", date(2026, 10, 6))
    lodging, mie = float(springfield.lodging), float(springfield.mie.total)
    assert costs["nights"].to_list() == [2, 3]
    assert costs["lodging"].to_list() == [290.0, 3 * lodging]
    # First day and a full day in Orlando; three full days, but for the last at 75 %, in Springfield.
    assert costs["mie"].to_list() == [140.0, 3 * mie + 0.75 * mie]
    assert costs["reimbursable"].to_list() == [430.0, 470.0]
    assert costs["group_reimbursable"].to_list() == [860.0, 940.0]


def test_rows_of_a_trip_need_not_stand_together_and_a_blank_id_is_a_trip_of_its_own(law: Law) -> None:
    apart = of(
        law,
        a_stop("Orlando, FL", "2026-10-04", "2026-10-06"),
        a_stop("Orlando, FL", "2026-10-06", "2026-10-09") | {"trip_id": None},
        a_stop("Orlando, FL", "2026-10-06", "2026-10-09"),
    )
    # Two days of the first part: 60 + 80; alone: 60 + 2 x 80 + 60; the second part: 3 x 80 and 60 on return.
    assert apart["mie"].to_list() == [140.0, 280.0, 300.0]


def test_a_day_with_several_stops_takes_the_dearest(law: Law) -> None:
    costs = of(
        law,
        a_stop("Springfield, IL", "2026-10-05", "2026-10-05", lunches=1),
        a_stop("Orlando, FL", "2026-10-05", "2026-10-05", breakfasts=0),
    )
    assert costs["mie"].to_list() == [0.0, 38.0]


def test_a_fault_in_one_stop_is_said_of_the_whole_trip(law: Law) -> None:
    costs = of(
        law,
        a_stop("Orlando, FL", "2026-10-04", "2026-10-06"),
        a_stop("Nowhere At All, FL", "2026-10-06", "2026-10-09"),
        ORLANDO | {"trip_id": "B"},
    )
    assert costs["status"].to_list() == ["unresolved", "unresolved", "resolved"]
    assert costs["reason"][0] == "trip_id: another stop of this trip (row 1) cannot be priced"
    assert costs["total"].isna().to_list() == [True, True, False]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"depart_on": "2026-10-07"}, "depart_on: is not the day the stop before ends"),
        ({"officers": 3}, "officers: differs from the trip's first row"),
        ({"paid_before": 7}, "paid_before: differs from the trip's first row"),
    ],
)
def test_stops_that_contradict_the_trip_are_refused(law: Law, changed: dict[str, object], reason: str) -> None:
    costs = of(
        law,
        a_stop("Orlando, FL", "2026-10-04", "2026-10-06", officers=2, paid_before=5),
        a_stop("Orlando, FL", "2026-10-06", "2026-10-09") | changed,
    )
    assert costs["status"].to_list() == ["error", "error"]
    assert costs["reason"][1].startswith(reason)


# ---- equal to the itemizer


@given(st.integers(0, 2**63), st.integers(1, 4))
def test_any_trip_is_estimated_as_its_claim_is_itemized(law: Law, seed: int, count: int) -> None:
    draw = random.Random(seed)
    trips = [a_trip(draw, f"T{number}") for number in range(count)]
    costs = of(law, *(row for rows in trips for row in rows))
    assert unlike(costs, trips, BOOK, law) == []


@pytest.mark.slow
def test_twenty_thousand_trips_are_estimated_as_their_claims_are_itemized() -> None:
    # Two processes of their own, without coverage's tracer: a claim is itemized line by line.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    count = len(seeds(0, 10_000))
    command = [sys.executable, "-m", "tests.support.planned_trips"]
    runs = [
        subprocess.Popen([*command, seed, str(count)], cwd=ROOT, env=plain, stdout=subprocess.PIPE, text=True)
        for seed in ("20261123", "7")
    ]
    printed = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(printed)
    assert all(int(text) > count for text in printed)


# ---- how it is computed


class Counting:
    """The embedded rates, and what they were asked."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int]] = []
        self.months: list[tuple[str, date]] = []

    def locality(self, place: Place, on: date) -> Locality:
        """As the ratebook."""
        self.places.append((str(place.city), on.year + (on.month >= 10)))
        return BOOK.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """As the ratebook."""
        assert isinstance(where, Locality)
        self.months.append((where.name, on))
        return BOOK.rate(where, on)


def test_a_place_is_asked_once_a_fiscal_year_and_a_rate_once_a_month(law: Law) -> None:
    counting = Counting()
    estimator = Estimator(counting, law)
    rows: list[Mapping[str, object]] = [
        ORLANDO,
        ORLANDO | {"depart_on": "2026-09-29"},
        ORLANDO | {"place": "Orlando , FL"},
    ]
    for _ in range(2):
        estimator.estimate(pd.DataFrame(rows * 50))
    assert sorted(set(counting.places)) == [("Orlando", 2026), ("Orlando", 2027)]
    assert len(counting.places) == 3  # the third spelling is another text
    assert sorted(counting.months) == [("Orlando", date(2026, 9, 1)), ("Orlando", date(2026, 10, 1))]


class WithoutNovember(Counting):
    """The embedded rates, but for one month."""

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """As the ratebook, or not available."""
        if on.month == 11:
            raise RateUnavailable("file.unreadable", "the service did not answer for November", fix="try again later")
        return super().rate(where, on)


def test_a_month_without_a_rate_is_said_of_the_rows_that_need_it(law: Law) -> None:
    rows = [ORLANDO, ORLANDO | {"depart_on": "2026-10-30", "return_on": "2026-11-02"}, ORLANDO]
    costs = estimate(pd.DataFrame(rows), WithoutNovember(), law)
    assert costs["status"].to_list() == ["resolved", "unavailable", "resolved"]
    assert costs["reason"][1] == "place: the service did not answer for November; try again later"
    # The first of November is the day of return: no night is priced in it.
    back = ORLANDO | {"depart_on": "2026-10-30", "return_on": "2026-11-01"}
    assert estimate(pd.DataFrame([back]), WithoutNovember(), law)["status"].to_list() == ["resolved"]


def test_the_same_reason_of_two_rows_is_one_text() -> None:
    faults = Faults(3)
    faults.blame_rows(np.array([True, False, False]), "miles: far")
    faults.blame_rows(np.array([False, False, True]), "miles: far")
    assert faults.texts == ["", "miles: far"]
    assert faults.good.tolist() == [False, True, False]


def test_places_are_forgotten_when_there_are_very_many(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.estimator.ratetable._REMEMBERED", 2)
    rows = [ORLANDO | {"place": place} for place in ("Orlando, FL", "Boston, MA", "Vail, CO", "Moab, UT")]
    expected = [float(BOOK.rate(str(row["place"]), date(2026, 10, 4)).lodging * 5) for row in rows]
    assert of(law, *rows)["lodging"].to_list() == expected


def test_many_rows_are_done_in_blocks_with_the_same_figures(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[Mapping[str, object]] = [
        ORLANDO,
        ORLANDO | {"miles": "far"},
        ORLANDO | {"place": "Vail, CO"},
        ORLANDO | {"lunches": 2},
    ] * 3
    whole = of(law, *rows)
    monkeypatch.setattr("perdiem_calc.planning.estimator._BLOCK", 5)
    pd.testing.assert_frame_equal(of(law, *rows), whole)


def test_the_order_of_rows_does_not_matter(law: Law) -> None:
    draw = random.Random(4)
    trips = pd.DataFrame([row for number in range(50) for row in a_trip(draw, f"T{number}")])
    shuffled = trips.assign(at=range(len(trips))).sort_values(["place", "at"], kind="stable")
    costs = estimate(trips, BOOK, law)
    # Stops of a trip stay in their order where they are told apart by day.
    by_day = shuffled.sort_values(["depart_on", "at"], kind="stable")
    pd.testing.assert_frame_equal(estimate(by_day.drop(columns="at"), BOOK, law).sort_index(), costs)


def test_where_lodging_above_the_ceiling_is_refused_its_tax_is_too_from_that_night_on(law: Law) -> None:
    refused = with_setting(
        law, "chp-settings", "over_rate_lodging", (date(2019, 1, 1), "capped"), (date(2026, 10, 7), "refused")
    )
    row = one(refused, room_rate=159.0, lodging_tax_rate=0.125)
    # Three nights capped at 145.00 and 18.13, two refused.
    assert row["total"] == 795.0 + 99.4 + 440.0
    assert row["allowable"] == 3 * (145.0 + 18.13) + 440.0
    assert one(refused, room_rate=145.0)["allowable"] == 1165.0


def test_a_share_that_changes_counts_from_the_day_of_departure(law: Law) -> None:
    changed = with_setting(
        law, "mie-first-last-day", "share", (date(2019, 1, 1), Decimal("0.75")), (date(2026, 10, 5), Decimal("0.5"))
    )
    assert one(changed)["mie"] == 440.0
    assert one(changed, depart_on="2026-10-05")["mie"] == 40.0 + 3 * 80.0 + 40.0


def test_a_figure_that_does_not_go_into_cents_is_not_rounded_away() -> None:
    assert exact(Decimal("145.00"), CENTS) == 14500
    with pytest.raises(ValueError, match=r"145\.005 is not a whole number of 1/100"):
        exact(Decimal("145.005"), CENTS)
