"""A line explained: what was paid, the rate and its source, each step, the citation in force."""

from __future__ import annotations

import json

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.explanation import explain
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from tests.support.case_files import claim_of
from tests.support.house_rules import ROOT


@pytest.fixture
def orlando(ratebook: Ratebook, law: Law) -> ItemizedClaim:
    text = (ROOT / "data" / "samples" / "2026-ORL-0001.json").read_text(encoding="utf-8")
    return itemize(parse_claim(json.loads(text)), ratebook, law)


def test_a_night_above_the_ceiling_names_room_ceiling_source_and_citation(orlando: ItemizedClaim, law: Law) -> None:
    said = explain(orlando, "N1", law)
    assert said[0] == "Line N1, lodging on 2026-10-04: $159.00 claimed, $145.00 allowed."
    assert said[1] == "The room cost $159.00 for the night of 2026-10-04."
    assert said[2] == "The lodging rate for Orlando, FL, October 2026: $145.00 a night."
    assert said[3] == (
        "Source of the rate: U.S. General Services Administration, "
        "https://www.gsa.gov/system/files/FY2027_PerDiemRates_Validated090126.xlsx, publication date not stated, "
        "SHA-256 818af7d0e568228804f6e8d3d475504cf0c22562544f4d808509fc4aa8790618."
    )
    assert said[4].startswith("Read from: ratebook data/rates/2027/lodging.csv, retrieved ")
    assert "$159.00 becomes $145.00 (rule lodging-ceiling: 41 CFR 301-11.19)." in said[5]
    assert said[-1].endswith("In force on 2026-10-04: 41 CFR 301-11.19.")


def test_a_furnished_lunch_names_the_meal_values_of_the_tier(orlando: ItemizedClaim, law: Law) -> None:
    said = "\n".join(explain(orlando, "d4", law))
    assert "$80.00 a day (breakfast $20.00, lunch $22.00, dinner $33.00, incidentals $5.00)" in said
    assert "$80.00 becomes $58.00" in said


def test_a_line_allowed_as_claimed_says_that_nothing_is_taken_off(orlando: ItemizedClaim, law: Law) -> None:
    said = explain(orlando, "E6", law)
    assert said[1] == ("38 miles on 2026-10-04 at $0.76 a mile (GSA privately owned vehicle rates from 2026-07-01).")
    assert said[2] == "Allowed as claimed. Nothing is taken off."


def test_a_line_with_a_credit_says_what_was_paid_and_credited(law: Law, ratebook: Ratebook) -> None:
    """A room of $140.00 with $20.00 back: $120.00 are claimed and allowed."""
    credits = [{"source": "the hotel", "amount": "20.00", "line": "N1"}]
    claim = claim_of({"lodging": [{"room_rate": "140.00"}], "claim": {"credits": credits}})
    said = explain(itemize(parse_claim(claim), ratebook, law), "N1", law)
    assert (
        said[0] == "Line N1, lodging on 2026-10-04: $140.00 paid, $20.00 credited, $120.00 claimed, $120.00 allowed."
    )
    assert "Credited: $20.00 from the hotel. $140.00 becomes $120.00 (rule credits: 2 CFR 200.406(a))." in said


def test_what_another_way_of_travel_cost_too_much_is_an_adjustment(law: Law, ratebook: Ratebook) -> None:
    drive = {"category": "pov_mileage", "miles": "500", "comparable_cost": "300.00"}
    said = explain(itemize(parse_claim(claim_of({"expenses": [drive]})), ratebook, law), "POV", law)
    assert said[0] == "Line POV, over constructive cost: an adjustment of -$80.00."
    assert said[1] == "Another way of travel by choice is paid up to the cost of the authorized way."
    assert "(rule constructive-cost: 41 CFR 301-10.305, 301-10.4)" in said[2]


def test_the_cap_is_an_adjustment(orlando: ItemizedClaim, law: Law) -> None:
    said = explain(orlando, "CAP", law)
    assert said[0] == "Line CAP, cap: an adjustment of -$741.81."
    assert "$1,741.81 becomes $1,000.00 (rule chp-cap: CHP training fact sheet, Overview)." in said[2]


def test_a_line_that_is_not_there_names_those_that_are(orlando: ItemizedClaim, law: Law) -> None:
    with pytest.raises(InputError, match="'N9' is not a line of claim 2026-ORL-0001; choose from N1, N2,"):
        explain(orlando, "N9", law)
