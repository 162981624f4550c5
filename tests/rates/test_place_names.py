"""Names of places as they are compared and as they are written, by hand; and what is read out of a line of text."""

from __future__ import annotations

import pytest

from perdiem_calc.rates.places.names import county_name, county_title, place_key, spelled
from perdiem_calc.rates.ratebook import Ratebook


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("N Bend", "north bend"),
        ("So. Bend", "south bend"),
        ("No", "no"),  # a letter or two alone is a name
        ("W", "w"),
        ("Truth or W", "truth or w"),  # a direction comes first
        ("King & Queen", "king and queen"),
        ("King&Queen", "king and queen"),
        ("Edwards Air Force Base", "edwards afb"),
    ],
)
def test_a_name_is_compared_by_its_key(name: str, key: str) -> None:
    assert place_key(name) == key


@pytest.mark.parametrize(
    ("key", "name"),
    [("mcgee", "McGee"), ("mclean", "McLean"), ("mcco", "Mcco"), ("mc", "Mc"), ("mt vernon", "Mount Vernon")],
)
def test_a_mac_has_two_capitals_where_three_letters_follow(key: str, name: str) -> None:
    assert spelled(key) == name


@pytest.mark.parametrize(
    ("key", "state", "name", "title"),
    [
        ("fairfax city", "VA", "Fairfax city", "Fairfax city"),  # an independent city
        ("james city", "VA", "James City", "James City County"),  # counties that are called so
        ("charles city", "VA", "Charles City", "Charles City County"),
        ("carson city", "NV", "Carson City", "Carson City"),
        ("carson city", "VA", "Carson city", "Carson city"),
        ("james city", "MD", "James city", "James city"),
        ("district of columbia", "DC", "District of Columbia", "District of Columbia"),
        ("orleans", "LA", "Orleans", "Orleans Parish"),
        ("orange", "TX", "Orange", "Orange County"),
    ],
)
def test_a_county_is_written_as_its_state_calls_it(key: str, state: str, name: str, title: str) -> None:
    assert county_name(key, state) == name
    assert county_title(name, state) == title


def test_what_is_told_of_a_parish_calls_it_a_parish(ratebook: Ratebook) -> None:
    unknown = ratebook.resolve("Caddoo Parish, LA", 2027)
    assert unknown.reason == "Caddoo Parish is not known in Louisiana"
    assert unknown.suggestions[0] == "Caddo Parish, LA"
    elsewhere = ratebook.resolve("Shreveport, Caddo Parish, Acadia", 2027)
    assert elsewhere.reason == "'Acadia' is not a state"
    assert elsewhere.suggestions == ("Shreveport, Caddo Parish, LA",)


def test_the_district_is_no_county_in_a_state(ratebook: Ratebook) -> None:
    assert ratebook.resolve("Georgetown, DC", 2027).reason == "Georgetown lies in District of Columbia"


def test_a_county_that_several_states_have_is_named_with_their_number(ratebook: Ratebook) -> None:
    orange = ratebook.resolve("Orange County", 2027)
    assert orange.status == "ambiguous"
    # California, Florida, Indiana, New York, North Carolina, Texas, Vermont, Virginia
    assert orange.reason == "Orange County is in 8 states"
    assert orange.suggestions[:2] == ("Orange County, CA", "Orange County, FL")


def test_a_county_that_is_called_a_city_is_no_independent_city(ratebook: Ratebook) -> None:
    """Williamsburg's locality covers James City County."""
    found = ratebook.resolve("James City County, VA", 2027)
    assert found.reason.startswith("James City County, VA belongs to Williamsburg / York (")
