"""Places: every case of cases/places.yaml with the embedded rates, and the resolver on a small country."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from perdiem_calc.errors import InputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.places import (
    Candidate,
    Locality,
    Place,
    Resolution,
    demand,
    parse_place,
    resolve,
    squash,
)
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.house_rules import ROOT
from tests.support.small_country import SmallCountry

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "places.yaml").read_text(encoding="utf-8"))


def each_place() -> Iterator[Any]:
    for case in CASES:
        for place in case["places"]:
            yield pytest.param(case, place, id=f"{case['case']}: {place}")


@pytest.mark.parametrize(("case", "place"), list(each_place()))
def test_a_place_leads_where_the_case_says(case: dict[str, Any], place: str, ratebook: Ratebook) -> None:
    year = case.get("fiscal_year", 2027)
    if "contradicts" in case:
        with pytest.raises(InputError, match=case["contradicts"]):
            ratebook.resolve(place, year)
        return
    resolution = ratebook.resolve(place, year)
    if "is" in case:
        assert resolution.locality == Locality(*case["is"]), resolution.reason
        assert resolution.status == "resolved"
        assert by_county(resolution) == [tuple(one) for one in case.get("equal", [])]
    elif "ambiguous" in case:
        assert (resolution.status, resolution.locality) == ("ambiguous", None), resolution.reason
        assert by_county(resolution) == [tuple(one) for one in case["ambiguous"]]
        assert resolution.fix
    elif "unresolved" in case:
        assert (resolution.status, resolution.locality) == ("unresolved", None), resolution.reason
        assert list(resolution.suggestions) == case["unresolved"]
        assert resolution.fix
    else:
        assert (resolution.status, resolution.locality) == ("oconus", None)
        assert case["oconus"] in resolution.reason


def by_county(resolution: Resolution) -> list[tuple[str, int]]:
    return [(candidate.county, candidate.locality.id) for candidate in resolution.candidates]


def test_what_is_typed_for_a_candidate_leads_to_it(ratebook: Ratebook) -> None:
    ambiguous = ratebook.resolve("Derry Township, PA", 2027)
    assert ambiguous.suggestions[0] == "Derry Township, Dauphin County, PA"
    for typed, candidate in zip(ambiguous.suggestions, ambiguous.candidates, strict=True):
        assert ratebook.resolve(typed, 2027).locality == candidate.locality


def test_the_standard_rate_says_why() -> None:
    assert answer("Outville, TX").reason == (
        "Outville lies in Empty County, TX, outside every listed locality: the standard rate applies"
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Orlando, FL", Place("Orlando", "FL")),
        ("  orlando ,fl ", Place("orlando", "FL")),
        ("Orlando FL 32801", Place("Orlando", "FL", None, "32801")),
        ("Orlando, FL 32801-1234", Place("Orlando", "FL", None, "32801")),
        ("Charleston West Virginia", Place("Charleston", "WV")),
        ("Kansas City Kansas", Place("Kansas City", "KS")),
        ("Orlando - FL", Place("Orlando", "FL")),
        ("Miami, Florida, United States of America", Place("Miami", "FL")),
        ("Miami, FL, U.S.A.", Place("Miami", "FL")),
        ("Baltimore City", Place("Baltimore City")),
        ("Orange County", Place(None, None, "Orange")),
        ("Irvine, Orange County", Place("Irvine", None, "Orange")),
        ("Irvine, Orange County, CA 92602", Place("Irvine", "CA", "Orange", "92602")),
        ("St. Mary Parish, Louisiana", Place(None, "LA", "St. Mary")),
        ("Washington D.C. 20001", Place("Washington", "DC", None, "20001")),
        ("Hotel Row, Boston, MA", Place("Hotel Row, Boston", "MA")),
        ("Paris, France", Place("Paris", "France")),
        ("FL", Place(None, "FL")),
        ("FL 32801", Place(None, "FL", None, "32801")),
        ("20001 ", Place(zip="20001")),
        ("PHOENIX AZ", Place("PHOENIX", "AZ")),
        ("Phoenix/AZ 85001", Place("Phoenix/AZ", None, None, "85001")),
        ("Phoenix / AZ", Place("Phoenix", "AZ")),
        ("D.C.", Place("Washington", "DC")),
        ("New York", Place(None, "NY")),
        ("Caddo Parish, LA", Place(None, "LA", "Caddo")),
        ("county of Orange, CA", Place(None, "CA", "Orange")),
    ],
)
def test_what_is_typed_is_read_into_its_parts(text: str, place: Place) -> None:
    assert parse_place(text) == place


# ---- a small country: two counties of Texas with localities, one without, and odd facts that the real tables
# ---- do not have at present, but may


def answer(text: str | Place) -> Resolution:
    return resolve(parse_place(text) if isinstance(text, str) else text, 2027, SmallCountry())


def locality(text: str | Place) -> int | None:
    found = answer(text).locality
    return found.id if found else None


def test_localities_at_equal_rates_are_one_and_the_candidates_are_named() -> None:
    even = answer("Even, TX")
    assert even.locality == Locality(1, "Low", "TX")
    assert even.candidates == (
        Candidate(Locality(1, "Low", "TX"), "Low"),
        Candidate(Locality(3, "Same", "TX"), "Same"),
    )


def test_a_city_left_out_of_its_county_without_a_locality_of_its_own_has_the_standard_rate() -> None:
    assert locality("Left Out, TX") == 0
    assert locality("Left Out, Low County, TX") == 0
    assert locality("Low County, TX") == 1


def test_a_carved_in_city_ignores_its_county_but_not_a_wrong_one() -> None:
    assert locality("Carved, Low County, TX") == 2
    assert locality("Carved Nowhere, High County, TX") == 2
    with pytest.raises(InputError, match="Carved does not lie in High County"):
        answer("Carved, High County, TX")


def test_a_namesake_of_a_destination_is_mentioned_and_reached_by_its_county() -> None:
    assert locality("Maryville, TX") == 2
    assert "for the Maryville in Low County, add the county" in answer("Maryville, TX").reason
    assert locality("Maryville, Low County, TX") == 1
    assert locality("Maryville, High County, TX") == 2


def test_a_county_may_be_an_independent_city_and_need_not_say_so() -> None:
    assert locality(Place(state="TX", county="Empty")) == 0
    assert locality(Place(state="TX", county="City of Empty")) == 0


def test_a_county_typed_as_the_city_is_the_county() -> None:
    assert locality(Place(city="Low County", state="Texas")) == 1


def test_an_unknown_county_beside_a_known_city_is_reported() -> None:
    assert answer("Twin, Lowe County, TX").suggestions == ("Low County, TX",)


def test_a_zip_narrows_a_city() -> None:
    assert answer("Twin, TX").status == "ambiguous"
    assert locality("Carved, TX 75001") == 2
    assert answer("75001").fix == "add the city, or the county and the state"
    assert locality("OK 75003") == 2


def test_a_zip_without_a_state_in_the_tables_takes_the_state_asked_for() -> None:
    assert answer("75002").locality == Locality(0, "Standard Rate", "")
    assert answer("Outville, TX 75002").locality == Locality(0, "Standard Rate", "TX")
    assert answer("Outville 75002").locality == Locality(0, "Standard Rate", "TX")


def test_a_name_in_several_states_lists_the_candidates_of_each() -> None:
    twin = answer("Twin")
    assert (twin.status, twin.fix) == ("ambiguous", "add the state")
    assert by_county(twin) == [("High", 2), ("Low", 1)]
    assert twin.suggestions == ("Twin, AK", "Twin, TX")


def test_a_place_must_name_something() -> None:
    with pytest.raises(InputError, match="no place is named"):
        answer(Place())


@pytest.mark.parametrize("name", ["city", "state", "county", "zip"])
def test_the_parts_of_a_place_are_texts(name: str) -> None:
    parts: dict[str, Any] = {name: 32801}
    with pytest.raises(InputError, match=f"{name}: 32801 is not text; write it in quotation marks"):
        Place(**parts)


def test_a_foreign_or_unknown_state_without_a_city() -> None:
    assert answer(Place(state="France")).status == "oconus"
    assert answer(Place(state="Nowhere")).status == "unresolved"


def test_demand_raises_what_a_person_can_act_on() -> None:
    assert demand(answer("Outville, TX")) == Locality(0, "Standard Rate", "TX")
    with pytest.raises(PlaceNotResolved) as raised:
        demand(answer("Twin, TX"))
    error = raised.value
    assert (error.status, error.exit_code) == ("ambiguous", 3)
    assert isinstance(error, RateUnavailable)
    assert [candidate.county for candidate in answer("Twin, TX").candidates] == ["High", "Low"]
    assert error.suggestions == ("Twin, High County, TX", "Twin, Low County, TX")
    assert str(error) == (
        "Twin, TX is in more than one locality at different rates: High, TX and Low, TX; "
        'add the county: "Twin, High County, TX" or "Twin, Low County, TX"'
    )


def test_names_of_counties_are_squashed_like_those_of_cities() -> None:
    assert squash("de kalb") == "dekalb"
    assert locality("Empty City County, TX") == 0
