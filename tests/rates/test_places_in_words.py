"""What a person is told of a place: the whole answer, its reason, what to type instead, and each refusal.

On the small country of test_places.py, with a few more names, and localities that are not named like their counties.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from perdiem_calc.errors import InputError, PlaceNotResolved
from perdiem_calc.rates.places import (
    Candidate,
    Fact,
    Listed,
    Locality,
    Place,
    Resolution,
    demand,
    parse_place,
    place_of,
    resolve,
)
from tests.support.small_country import SmallCountry

WHICH = "correct the ZIP or the place, or give only one of them"
DTMO = "get its file of rates and import it: perdiem ratebook import-dtmo FILE"
STATE_DEPARTMENT = "take the rate from the Department of State's foreign per diem table"


class Country(SmallCountry):
    """The small country, in which Low County belongs to Lowtown and High County to Hightown."""

    FACTS: ClassVar = {
        **SmallCountry.FACTS,
        "peru": [Fact("place", "peru", "low", 1)],
        "lonely": [Fact("destination", "lonely", "", 2)],
        "plain": [Fact("place", "plain", "empty", 0), Fact("place", "plain", "plain", 4)],
        "maconbibbcounty": [Fact("place", "macon bibb county", "low", 1)],
        "dekalb": [Fact("place", "de kalb", "low", 1), Fact("place", "dekalb", "high", 2)],
        "both": [Fact("destination", "both", "", 1), Fact("destination", "both", "", 2)],
        "within": [Fact("destination", "within", "", 2), Fact("town", "within", "high", 2)],
        "apart": [
            Fact("destination", "apart", "", 2),
            Fact("town", "apart", "low", 1),
            Fact("town", "apart", "empty", 0),
        ],
        "spread": [
            Fact("destination", "spread", "", 2),
            Fact("place", "spread", "high", 2),
            Fact("place", "spread", "low", 1),
        ],
        "namesake": [Fact("destination", "namesake", "", 2), Fact("place", "namesake", "low", 1)],
        "wide": [Fact("place", "wide", letter, 1 + number % 2) for number, letter in enumerate("abcdefg")],
        **{f"oldtown{letter}": [Fact("place", f"oldtown{letter}", "low", 1)] for letter in "abcdef"},
    }
    ELSEWHERE: ClassVar = {
        "LA": {
            "caddo": [Fact("county", "caddo", "caddo", 1)],
            "double": [Fact("destination", "double", "", 1), Fact("destination", "double", "", 2)],
            "split": [Fact("place", "split", "caddo", 1), Fact("place", "split", "bossier", 2)],
        },
        "DC": {"washington": [Fact("place", "washington", "district of columbia", 2)]},
        "VA": {"cape": [Fact("place", "cape", "james city", 1), Fact("place", "cape", "fairfax city", 2)]},
    }
    LISTED: ClassVar = {
        0: Listed("Standard Rate", "", "elsewhere", (100,) * 12 + (68,)),
        1: Listed("Lowtown", "TX", "all of Low", (110,) * 12 + (68,)),
        2: Listed("Hightown", "TX", "all of High", (150,) * 12 + (80,)),
        3: Listed("Same", "TX", "all of Same", (110,) * 12 + (68,)),
        4: Listed("Plainville", "TX", "all of Plain", (100,) * 12 + (68,)),
    }
    ZIPS: ClassVar = {
        **SmallCountry.ZIPS,
        "75004": [(1, "TX")],
        "75005": [(2, "OK")],
        "75006": [(1, "")],
        "75007": [(2, "OK"), (1, "NM")],
    }

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        if state in self.ELSEWHERE:
            return self.ELSEWHERE[state].get(squashed, [])
        return super().facts(squashed, state, fiscal_year)

    def states(self, squashed: str) -> Sequence[str]:
        return ["CA", "FL", "GA", "ME", "NY", "TX"] if squashed == "wide" else super().states(squashed)

    def names(self, state: str) -> Sequence[str]:
        return super().names(state) if state in ("", "TX") else []


def answer(text: str | Place) -> Resolution:
    return resolve(parse_place(text) if isinstance(text, str) else text, 2027, Country())


LOW, HIGH = Locality(1, "Lowtown", "TX"), Locality(2, "Hightown", "TX")
STANDARD = Locality(0, "Standard Rate", "TX")


@pytest.mark.parametrize(
    ("text", "locality", "reason"),
    [
        ("Low County, TX", LOW, "Low County, TX belongs to Lowtown (all of Low)"),
        ("Low County", LOW, "Low County, TX belongs to Lowtown (all of Low)"),
        ("Caddo Parish, LA", Locality(1, "Lowtown", "LA"), "Caddo Parish, LA belongs to Lowtown (all of Low)"),
        (
            "Empty County, TX",
            STANDARD,
            "Empty city, TX is outside every listed locality: the standard rate applies",
        ),
        ("Peru, TX", LOW, "Peru lies in Low County, TX"),
        ("Peru 75004", LOW, "Peru lies in Low County, TX"),
        ("Macon-Bibb County, TX", LOW, "Macon-Bibb County lies in Low County, TX"),
        ("Carved, TX", HIGH, "Carved has a rule of its own within its limits"),
        (
            "Maryville, TX",
            HIGH,
            "Maryville is named in the destination Hightown, TX (for the Maryville in Low County, add the county)",
        ),
        ("Lonely, TX", HIGH, "Lonely is named in the destination Hightown, TX"),
        # a county outside the destination's locality where another place of the name may lie is mentioned
        ("Within, TX", HIGH, "Within is named in the destination Hightown, TX"),
        (
            "Apart, TX",
            HIGH,
            "Apart is named in the destination Hightown, TX (for the Apart in Empty County or Low County, add the "
            "county)",
        ),
        # a destination's own city may reach into another county; a namesake there is another place
        ("Spread, Low County, TX", HIGH, "Spread is named in the destination Hightown, TX"),
        ("Namesake, Low County, TX", LOW, "Namesake lies in Low County, TX"),
        # the one place whose county says its state
        ("Washington, DC", Locality(2, "Hightown", "DC"), "Washington lies in District of Columbia"),
        # two names that differ in a space
        ("De Kalb, TX", LOW, "De Kalb lies in Low County, TX"),
        ("DeKalb, TX", HIGH, "DeKalb lies in High County, TX"),
        ("Twin, High County", HIGH, "Twin lies in High County, TX"),
        ("Twin, Low County, TX", LOW, "Twin lies in Low County, TX"),
        ("75004", LOW, "ZIP 75004 is listed under Lowtown, TX"),
        ("TX 75003", LOW, "ZIP 75003 is listed under Lowtown, TX"),
        (
            "TX 75002",
            STANDARD,
            "ZIP 75002 is outside every listed locality: the standard rate applies",
        ),
        # the ZIP tells which of the city's counties it is, and is named for it; where it tells nothing new it is not
        (
            "Twin, TX 75004",
            LOW,
            "Twin lies in High County, Low County, TX, and ZIP 75004 is listed under Lowtown, TX",
        ),
        (
            "Twin 75003",
            LOW,
            "Twin lies in High County, Low County, TX, and ZIP 75003 is listed under Lowtown, TX",
        ),
        (
            "Outville, TX 75002",
            STANDARD,
            "Outville lies in Empty County, TX, outside every listed locality: the standard rate applies",
        ),
        # one of the things given is not known, and the other decides
        ("Nowhere, TX 75004", LOW, "ZIP 75004 is listed under Lowtown, TX (Nowhere itself is not in the tables)"),
        (
            "Nowhere, Low County, TX",
            LOW,
            "Low County, TX belongs to Lowtown (all of Low) (Nowhere itself is not in the tables)",
        ),
        ("Peru, TX 79999", LOW, "Peru lies in Low County, TX (ZIP 79999 itself is not in the tables)"),
    ],
)
def test_a_locality_that_is_found_says_why(text: str, locality: Locality, reason: str) -> None:
    found = answer(text)
    assert (found.status, found.locality, found.reason) == ("resolved", locality, reason)
    assert (found.fix, found.suggestions, found.candidates) == ("", (), ())
    assert found.fiscal_year == 2027


@pytest.mark.parametrize(
    ("text", "reason", "suggestions", "fix"),
    [
        (
            "Twinn, TX",
            "Twinn is not known in Texas",
            ("Twin, TX",),
            "check the spelling, or give the ZIP or the county",
        ),
        (
            "Low, TX",
            "Low is not known in Texas",
            ("Low County, TX",),
            "check the spelling, or give the ZIP or the county",
        ),
        (
            "Oldtown, TX",
            "Oldtown is not known in Texas",
            ("Oldtownf, TX", "Oldtowne, TX", "Oldtownd, TX", "Oldtownc, TX", "Oldtownb, TX"),
            "check the spelling, or give the ZIP or the county",
        ),
        (
            "Wide, Texarkana",
            "'Texarkana' is not a state",
            ("Wide, CA", "Wide, FL", "Wide, GA", "Wide, ME", "Wide, NY"),
            "write the state's two letters, like FL",
        ),
        ("Zzz, TX", "Zzz is not known in Texas", (), "check the spelling, or give the ZIP or the county"),
        ("Hgh County, TX", "Hgh County is not known in Texas", ("High County, TX",), "check the county's spelling"),
        (
            "Twin, Lowe County, TX",
            "Lowe County is not known in Texas",
            ("Low County, TX",),
            "check the county's spelling",
        ),
        (
            "79999",
            "ZIP 79999 is not in the list of fiscal year 2027",
            (),
            'check it, or give "City, ST" or the county',
        ),
        ("Twinn", "no place named 'Twinn' is known", ("Twin",), 'write "City, ST", or the ZIP'),
        (
            "Twin, Texarkana",
            "'Texarkana' is not a state",
            ("Twin, AK", "Twin, TX"),
            "write the state's two letters, like FL",
        ),
        (
            "Twin, Low County, Texarkana",
            "'Texarkana' is not a state",
            ("Twin, Low County, TX",),
            "write the state's two letters, like FL",
        ),
        ("TX", "Texas is a state, not a place in it", (), 'add the city: "City, TX"'),
        ("NY", "New York is a state, not a place in it", ("New York City, NY",), 'add the city: "City, NY"'),
        ("WA", "Washington is a state, not a place in it", ("Washington, DC",), 'add the city: "City, WA"'),
    ],
)
def test_a_place_that_is_not_known_says_what_to_type(
    text: str, reason: str, suggestions: tuple[str, ...], fix: str
) -> None:
    found = answer(text)
    assert (found.status, found.locality, found.candidates) == ("unresolved", None, ())
    assert (found.reason, found.suggestions, found.fix) == (reason, suggestions, fix)


@pytest.mark.parametrize(
    ("text", "reason", "fix"),
    [
        (
            "France",
            "France is a foreign area: the Department of State sets its rates, not GSA",
            STATE_DEPARTMENT,
        ),
        (
            "Paris, France",
            "France is a foreign area: the Department of State sets its rates, not GSA",
            STATE_DEPARTMENT,
        ),
        (
            "Anchorage, AK",
            "Alaska is outside the contiguous states: the Department of Defense (DTMO) sets its rates, not GSA",
            DTMO,
        ),
        (
            "99501",
            "ZIP 99501 is outside the contiguous states: the Department of Defense (DTMO) sets its rates, not GSA",
            DTMO,
        ),
    ],
)
def test_a_place_whose_rates_are_not_gsas_says_whose_they_are(text: str, reason: str, fix: str) -> None:
    found = answer(text)
    assert (found.status, found.locality, found.reason, found.fix) == ("oconus", None, reason, fix)


@pytest.mark.parametrize(
    ("text", "reason", "suggestions", "fix"),
    [
        (
            "Twin, TX 75001",
            "Twin, TX, ZIP 75001 is in more than one locality at different rates: Hightown, TX and Lowtown, TX",
            ("Twin, High County, TX", "Twin, Low County, TX"),
            'add the county: "Twin, High County, TX" or "Twin, Low County, TX"',
        ),
        (
            "75003",
            "ZIP 75003 is in more than one locality at different rates: Lowtown, TX and Hightown, OK",
            (),
            "add the city, or the county and the state",
        ),
        (
            "Cape, VA",
            "Cape, VA is in more than one locality at different rates: Hightown, VA and Lowtown, VA",
            ("Cape, Fairfax city, VA", "Cape, James City County, VA"),
            'add the county: "Cape, Fairfax city, VA" or "Cape, James City County, VA"',
        ),
        (
            "Split, LA",
            "Split, LA is in more than one locality at different rates: Hightown, LA and Lowtown, LA",
            ("Split, Bossier Parish, LA", "Split, Caddo Parish, LA"),
            'add the county: "Split, Bossier Parish, LA" or "Split, Caddo Parish, LA"',
        ),
        ("Peru", "Peru is a foreign area, and in 1 state", ("Peru, TX",), "add the state"),
        ("Twin", "Twin is in 2 states", ("Twin, AK", "Twin, TX"), "add the state"),
        ("Nowhere 75003", "Nowhere, ZIP 75003 is in 2 states", ("Nowhere, OK", "Nowhere, TX"), "add the state"),
    ],
)
def test_a_place_that_may_be_several_says_which(
    text: str, reason: str, suggestions: tuple[str, ...], fix: str
) -> None:
    found = answer(text)
    assert (found.status, found.locality) == ("ambiguous", None)
    assert (found.reason, found.suggestions, found.fix) == (reason, suggestions, fix)


def test_an_answer_names_the_place_asked_for_with_the_state_that_was_found() -> None:
    assert answer("Peru, TX 75004").place == Place("Peru", "TX", None, "75004")
    assert answer("Twin, High County").place == Place("Twin", "TX", "High")
    assert answer("Twinn").place == Place("Twinn")


def test_a_name_in_two_destinations_is_both_of_them() -> None:
    assert answer("Double, Caddo Parish, LA").reason.startswith("Double, Caddo Parish, LA is in more than one")
    both = answer("Both, Low County, TX")
    assert both.candidates == (Candidate(LOW, "all of Low"), Candidate(HIGH, "all of High"))
    assert both.reason == (
        "Both, Low County, TX is in more than one locality at different rates: Lowtown, TX and Hightown, TX"
    )


def test_the_candidates_are_localities_with_the_county_or_what_they_cover() -> None:
    assert answer("Twin, TX").candidates == (Candidate(HIGH, "High"), Candidate(LOW, "Low"))
    assert answer("TX 75001").candidates == (Candidate(LOW, "all of Low"), Candidate(HIGH, "all of High"))
    assert answer("Peru").candidates == (Candidate(LOW, ""),)
    oklahoma = Candidate(Locality(2, "Hightown", "OK"), "")
    assert answer("Nowhere 75003").candidates == (oklahoma, Candidate(LOW, ""))


def test_a_city_of_many_counties_offers_six_of_them_to_type() -> None:
    wide = answer("Wide, TX")
    assert len(wide.suggestions) == 7
    assert wide.fix.startswith('add the county: "Wide, A County, TX" or "Wide, B County, TX" or ')
    assert wide.fix.endswith(' or "Wide, F County, TX"')


def test_a_county_given_as_the_city_and_a_zip_without_a_state() -> None:
    assert answer(Place(city="Low County", state="TX")).reason == "Low County, TX belongs to Lowtown (all of Low)"
    assert answer("75006").reason == "ZIP 75006 is listed under Lowtown"


def test_localities_at_equal_rates_are_one_and_a_listed_one_goes_before_the_standard_rate() -> None:
    even = answer("Even, TX")
    assert (even.status, even.locality) == ("resolved", LOW)
    assert even.reason == "Even lies in Low County, Same County, TX; its localities have equal rates in every month"
    plain = answer("Plain, TX")
    assert plain.locality == Locality(4, "Plainville", "TX")
    assert plain.candidates == (
        Candidate(STANDARD, "Empty"),
        Candidate(Locality(4, "Plainville", "TX"), "Plain"),
    )


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(), "no place is named; give a city and state, a county and state, or a ZIP"),
        (Place(city="\udcff", state="TX"), r"'\udcff' is not readable text; type the place again"),
        (Place(state="\ud800"), r"'\ud800' is not readable text; type the place again"),
        (Place(county="\udfff"), r"'\udfff' is not readable text; type the place again"),
        (Place(city="Orlando\x1b[31m", state="FL"), r"'Orlando\x1b[31m' is not readable text; type the place again"),
        (
            Place(city="a" * 201, state="TX"),
            f"'{'a' * 40}'... is longer than a place's name; write a city and state, or a ZIP",
        ),
        (Place(city="a" * 50 + "\udcff"), f"'{'a' * 40}' is not readable text; type the place again"),
        ("8544", "'8544' is not a ZIP; write its five digits, with any leading zero"),
        ("1" * 50, f"'{'1' * 40}' is not a ZIP; write its five digits, with any leading zero"),
        (" , ;", 'the place is empty; write a city and state like "Orlando, FL", or a ZIP'),
        ("NM 75003", f"ZIP 75003 lies in OK and TX, not in NM; {WHICH}"),
        ("Twin, TX 99501", f"ZIP 99501 lies outside the contiguous states, not in TX; {WHICH}"),
        ("Anchorage, AK 75001", f"ZIP 75001 does not lie in Alaska; {WHICH}"),
        (
            "Outville, TX 75004",
            "ZIP 75004 and Outville contradict each other: ZIP 75004 is listed under Lowtown, TX, but Outville lies "
            f"in Empty County, TX, outside every listed locality; {WHICH}",
        ),
        (
            "Empty County, TX 75004",
            "ZIP 75004 and Empty contradict each other: ZIP 75004 is listed under Lowtown, TX, but Empty city, TX is "
            f"outside every listed locality; {WHICH}",
        ),
        (
            "Left Out 75005",
            "ZIP 75005 lies in OK, where Left Out is not known; correct the ZIP or the place, or add the state",
        ),
        (
            "Left Out 75007",
            "ZIP 75007 lies in NM and OK, where Left Out is not known; correct the ZIP or the place, or add the "
            "state",
        ),
        (
            "Twin 75005",
            "ZIP 75005 lies in OK, where Twin is not known; correct the ZIP or the place, or add the state",
        ),
        (
            "Carved, High County, TX",
            "Carved does not lie in High County, TX; it lies in Low County; correct the county, or leave it out",
        ),
        ("Lonely, Low County, TX", "Lonely does not lie in Low County, TX; leave out the county"),
    ],
)
def test_what_contradicts_itself_or_names_nothing_is_refused_with_the_mend(place: str | Place, said: str) -> None:
    with pytest.raises(InputError) as refused:
        answer(place)
    assert str(refused.value) == said


def test_a_place_without_a_locality_offers_what_is_near_and_where_to_go() -> None:
    with pytest.raises(PlaceNotResolved) as unknown:
        demand(answer("Twin, Texarkana"))
    assert str(unknown.value) == (
        "'Texarkana' is not a state; perhaps Twin, AK or Twin, TX; write the state's two letters, like FL"
    )
    assert (unknown.value.status, unknown.value.suggestions) == ("unresolved", ("Twin, AK", "Twin, TX"))
    with pytest.raises(PlaceNotResolved) as abroad:
        demand(answer("France"))
    assert str(abroad.value).endswith(f"not GSA; {STATE_DEPARTMENT}")
    with pytest.raises(PlaceNotResolved) as several:
        demand(answer("Twin, TX"))
    assert several.value.fix.startswith("add the county")
    with pytest.raises(PlaceNotResolved) as in_two:
        demand(answer("Twin"))
    assert str(in_two.value) == "Twin is in 2 states; add the state: Twin, AK or Twin, TX"
    assert several.value.candidates == (Candidate(HIGH, "High"), Candidate(LOW, "Low"))


@pytest.mark.parametrize(
    ("states", "said"), [(5, "add the state: A, AA or B, AB or C, AC or D, AD or E, AE"), (6, "")]
)
def test_up_to_five_states_are_named_and_more_are_not(states: int, said: str) -> None:
    places = tuple(f"{letter}, A{letter}" for letter in "ABCDEF"[:states])
    of_many = Resolution("ambiguous", Place("Twin"), 2027, "many", suggestions=places, fix="add the state")
    with pytest.raises(PlaceNotResolved) as unknown:
        demand(of_many)
    assert unknown.value.fix == (said or "add the state")


def test_a_place_is_taken_as_text_or_as_itself() -> None:
    assert place_of("Orlando, FL") == Place("Orlando", "FL")
    assert place_of(Place(zip="32801")) == Place(zip="32801")
