"""The budget: what many estimated trips come to, together and by locality, month and agency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc import estimate
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.faults import MEANINGS
from perdiem_calc.planning.estimator.summary import NOT_PRICED, NOT_STATED, SUMMED, Budget, Group, sums_by
from tests.support.estimates import BOOK, ORLANDO

PLANNED = "miles: planning rate of $0.76 a mile, the latest known"
OTHER_REMARK = "miles: another remark"


def row(locality: str, dollars: tuple[float, float, float], *, cut: float = 0.0, reason: str = "") -> dict[str, Any]:
    """A priced row: what its group costs, is reimbursed and leaves the agency, and by how much the limit cuts it."""
    total, reimbursable, _ = dollars
    fixed = {"locality": locality, "status": "resolved", "reason": reason, "total": total}
    money = {"allowable": reimbursable + cut, "reimbursable": reimbursable}
    return fixed | money | dict(zip(SUMMED, dollars, strict=True))


def not_priced(status: str) -> dict[str, Any]:
    """A row without amounts."""
    amounts = ("total", "allowable", "reimbursable", *SUMMED)
    return {"locality": "", "status": status, "reason": f"place: {status}", **dict.fromkeys(amounts, np.nan)}


def budget_of(*blocks: tuple[list[dict[str, Any]], dict[str, list[Any]]]) -> Budget:
    """The budget of blocks of rows, each with the columns of its trips."""
    budget = Budget()
    for rows, trips in blocks:
        budget.add(pd.DataFrame(trips), pd.DataFrame(rows))
    return budget


def plain(groups: dict[str, Group]) -> dict[str, tuple[int, list[int]]]:
    """Groups as plain numbers: the rows that are priced, and the cents."""
    return {name: (group.rows, group.cents.tolist()) for name, group in groups.items() if group.rows}


def left_out(groups: dict[str, Group]) -> dict[str, int]:
    """How many rows of each group are not priced, where some are not."""
    return {name: group.not_priced for name, group in groups.items() if group.not_priced}


# 0.29 x 100 is 28.999999999999996 and 1.15 x 100 is 114.99999999999999 as doubles: they are 29 and 115 cents.
FIRST = (
    [
        row("Orlando, FL", (1.44, 1.15, 0.29), cut=0.29),
        not_priced("error"),
        row("Vail, CO", (10.0, 10.0, 0.0), reason=PLANNED),
        row("Orlando, FL", (3.0, 2.5, 0.5), reason=PLANNED),
        not_priced("unresolved") | {"reason": "place: planning rate is not known"},
        not_priced("error"),
    ],
    {
        "depart_on": ["2026-10-04", "soon", "2026-12-31", "2027-01-01", "2026-10-05", None],
        "agency": ["Peoria PD", "Nobody", None, " Peoria PD ", "Nobody", "Nobody"],
    },
)
SECOND = (
    [
        row("Vail, CO", (200.0, 150.0, 50.0), cut=50.0, reason=PLANNED),
        row("Boston, MA", (0.07, 0.07, 0.0), reason=OTHER_REMARK),
        not_priced("error"),
    ],
    {"depart_on": ["2026-10-31", "2026-10-04", "2026-10-04"], "agency": ["  ", "Pekin PD", "Pekin PD"]},
)


def test_a_budget_sums_whole_cents_of_all_the_priced_rows_of_all_its_blocks() -> None:
    budget = budget_of(FIRST, SECOND)
    assert (budget.rows, budget.priced, budget.total.rows) == (9, 5, 5)
    assert budget.total.cents.tolist() == [144 + 1000 + 300 + 20000 + 7, 115 + 1000 + 250 + 15000 + 7, 29 + 50 + 5000]
    assert budget.total.dollars() == (214.51, 163.72, 50.79)


def test_a_budget_groups_by_locality_month_of_departure_and_agency() -> None:
    budget = budget_of(FIRST, SECOND)
    assert plain(budget.groups["locality"]) == {
        "Orlando, FL": (2, [444, 365, 79]),
        "Vail, CO": (2, [21000, 16000, 5000]),
        "Boston, MA": (1, [7, 7, 0]),
    }
    assert plain(budget.groups["month"]) == {
        "2026-10": (3, [144 + 20000 + 7, 115 + 15000 + 7, 29 + 5000]),
        "2026-12": (1, [1000, 1000, 0]),
        "2027-01": (1, [300, 250, 50]),
    }
    # An agency that is blank is not stated; spaces around a name are not part of it.
    assert plain(budget.groups["agency"]) == {
        "Peoria PD": (2, [444, 365, 79]),
        NOT_STATED: (2, [21000, 16000, 5000]),
        "Pekin PD": (1, [7, 7, 0]),
    }


def test_every_row_that_is_not_priced_is_counted_in_its_month_and_agency() -> None:
    budget = budget_of(FIRST, SECOND)
    # Rows 2, 5 and 6 of the first table and 3 of the second; "soon" and a blank are no dates.
    assert budget.total.not_priced == 4
    assert left_out(budget.groups["locality"]) == {NOT_PRICED: 4}
    assert left_out(budget.groups["month"]) == {NOT_STATED: 2, "2026-10": 2}
    assert left_out(budget.groups["agency"]) == {"Nobody": 3, "Pekin PD": 1}
    rows, trips = FIRST
    assert left_out(budget_of((rows, {"depart_on": trips["depart_on"]})).groups["agency"]) == {NOT_STATED: 3}


def test_agencies_of_any_kind_are_groups_of_their_own() -> None:
    rows = [row("Vail, CO", (1.0, 1.0, 0.0))] * 4
    budget = budget_of((rows, {"depart_on": ["2026-10-04"] * 4, "agency": [1, True, ["Pekin"], 1]}))
    assert plain(budget.groups["agency"]) == {
        "1": (2, [200, 200, 0]),
        "True": (1, [100, 100, 0]),
        "['Pekin']": (1, [100, 100, 0]),
    }


def test_a_budget_counts_the_rows_that_the_limit_cuts_and_those_at_a_planning_rate() -> None:
    budget = budget_of(FIRST, SECOND)
    assert (budget.capped, budget.planned) == (2, 3)


def test_a_budget_says_in_words_why_rows_are_not_priced_in_the_order_of_the_statuses() -> None:
    budget = budget_of(FIRST, SECOND)
    assert budget.statuses == {"resolved": 5, "error": 3, "unresolved": 1}
    assert budget.not_priced() == [(MEANINGS["error"], 3), (MEANINGS["unresolved"], 1)]
    assert budget_of(([row("Vail, CO", (1.0, 1.0, 0.0))], {"depart_on": ["2026-10-04"]})).not_priced() == []


def test_without_a_column_of_agencies_all_of_a_budget_is_of_one_that_is_not_stated() -> None:
    rows, trips = FIRST
    budget = budget_of((rows, {"depart_on": trips["depart_on"]}), (SECOND[0], {"depart_on": SECOND[1]["depart_on"]}))
    assert plain(budget.groups["agency"]) == {NOT_STATED: (5, [21451, 16372, 5079])}


def test_a_budget_without_a_priced_row_has_no_amounts() -> None:
    budget = budget_of(([not_priced("oconus")] * 2, {"depart_on": ["2026-10-04"] * 2, "agency": ["Pekin PD"] * 2}))
    assert (budget.rows, budget.priced, budget.capped, budget.planned) == (2, 0, 0, 0)
    assert (plain(budget.groups["locality"]), plain(budget.groups["month"]), plain(budget.groups["agency"])) == (
        {},
        {},
        {},
    )
    assert budget.total.dollars() == (0.0, 0.0, 0.0)


def test_a_budget_is_of_what_an_estimate_gives(law: Law) -> None:
    # 1,165.00 of the trip, of which 1,000.00 are within the limit, for two officers; and once with 76.00 of mileage.
    dates = pd.to_datetime(pd.Series(["2026-10-04", "2026-10-04", "2027-01-03"]))
    trips = pd.DataFrame(
        {"place": ORLANDO["place"], "depart_on": dates, "return_on": dates + pd.Timedelta(days=5)}
        | {"officers": [2, 1, 1], "miles": [0, 0, 100], "airfare": [0, "far", 0]}
    )
    trips.loc[2, "place"] = "Ottumwa, IA"
    budget = Budget()
    budget.add(trips, estimate(trips, BOOK, law))
    # At the standard rate: five nights at 113.00, and 2 x 51 + 4 x 68 = 374.00 of M&IE.
    assert plain(budget.groups["locality"])["Orlando, FL"] == (1, [233000, 200000, 33000])
    assert plain(budget.groups["month"]) == {
        "2026-10": (1, [233000, 200000, 33000]),
        "2027-01": (1, [101500, 100000, 1500]),
    }
    assert (budget.capped, budget.planned, budget.statuses) == (2, 1, {"resolved": 2, "error": 1})


def test_the_officers_of_a_trip_are_counted_once(law: Law) -> None:
    trips = pd.DataFrame(
        [
            ("Orlando, FL", "2026-10-04", "2026-10-06", 3, "A"),
            ("Tampa, FL", "2026-10-06", "2026-10-08", 3, "A"),
            ("Orlando, FL", "2026-10-04", "2026-10-09", 2, "B"),
            ("Nowhere, FL", "2026-10-04", "2026-10-09", 9, "C"),
        ],
        columns=["place", "depart_on", "return_on", "officers", "trip_id"],
    )
    budget, costs = Budget(), estimate(trips, BOOK, law)
    budget.add(trips, costs)
    assert budget.officers == 5
    each = budget.per_officer()
    assert each is not None
    assert each[0] == pytest.approx(costs["group_total"].sum() / 5, abs=0.005)
    assert budget.use_of(Decimal(1000)) == pytest.approx(costs["group_reimbursable"].sum() / 5000)
    assert set(budget.groups["site"]) == {"Orlando, FL", "Tampa, FL", "Nowhere, FL"}
    assert {name: group.rows for name, group in budget.groups["state"].items()} == {"FL": 3, NOT_PRICED: 0}


def test_without_an_officer_there_is_no_cost_of_one() -> None:
    assert (Budget().per_officer(), Budget().use_of(Decimal(1000))) == (None, None)


def test_sums_in_python_by_state(law: Law) -> None:
    trips = pd.DataFrame(
        [("Orlando, FL", 3), ("Springfield, IL", 1), ("Tampa, FL", 1), ("Nowhere, IL", 1)],
        columns=["Place", "officers"],
    ).assign(depart_on="2026-10-04", return_on="2026-10-09")
    costs = estimate(trips, BOOK, law)
    sums = sums_by(trips, costs, "state")
    assert sums.index.to_list() == ["FL", "IL", NOT_PRICED]
    assert sums["rows"].to_list() == [2, 1, 0]
    assert sums.loc["IL", "group_total"] == 939.0
    assert sums["group_total"].sum() == pytest.approx(costs["group_total"].sum())
    with pytest.raises(InputError, match="by: 'color' is no grouping; use state, agency"):
        sums_by(trips, costs, "color")
