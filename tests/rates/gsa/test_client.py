"""The client's six endpoints, and which row of an answer is a place's. Bodies by `responses`, no server."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import responses

from perdiem_calc.errors import InputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.gsa import GsaClient, GsaUnavailable
from perdiem_calc.rates.gsa.bodies import MONTHS
from perdiem_calc.rates.gsa.transport import BASE_URL
from perdiem_calc.rates.places import Locality
from tests.rates.gsa.conftest import KEY, PaperClock
from tests.rates.gsa.server import recorded

ON = date(2026, 11, 23)
Row = tuple[str, str, int, int]


@pytest.fixture
def service() -> Any:
    """Bodies by path; a path nobody set is a connection error, and there are no tiers of 2027."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{BASE_URL}/rates/conus/mie/2027", status=404)
        yield mock


@pytest.fixture
def live(service: responses.RequestsMock, paper: PaperClock) -> GsaClient:
    return GsaClient(KEY, None, clock=paper.clock())


def answer(service: responses.RequestsMock, path: str, content: bytes) -> None:
    service.get(BASE_URL + path, body=content)


def rows(state: str, *given: Row, year: int = 2027, zip5: str | None = None) -> bytes:
    """An envelope: (locality, county, lodging in every month, M&IE)."""
    entries = [
        {
            "months": {"month": [{"value": lodging, "number": number} for number in range(1, 13)]},
            "meals": mie,
            "zip": zip5,
            "county": county or None,
            "city": city,
            "standardRate": "false",
        }
        for city, county, lodging, mie in given
    ]
    group = {"oconusInfo": None, "rate": entries, "state": state, "year": year, "isOconus": "false"}
    return json.dumps({"request": None, "errors": None, "rates": [group], "version": None}).encode()


STANDARD = ("Standard Rate", "", 113, 68)


# ---- the endpoints


def test_the_six_endpoints(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/city/McLean/state/VA/year/2027", recorded("city_McLean_state_VA_year_2027.json"))
    answer(service, "/rates/state/VA/year/2023", recorded("gsa_docs_ep2_state_VA_2023_excerpt.json"))
    answer(service, "/rates/zip/20171/year/2023", recorded("gsa_docs_ep3_zip_20171_2023.json"))
    answer(service, "/rates/conus/lodging/2023", recorded("gsa_docs_ep4_conus_lodging_2023_excerpt.json"))
    answer(service, "/rates/conus/mie/2023", recorded("gsa_docs_ep5_conus_mie_2023.json"))
    answer(service, "/rates/conus/zipcodes/2023", recorded("gsa_docs_ep6_conus_zipcodes_2023_excerpt.json"))
    assert [row.city for row in live.city("McLean", "Virginia", 2027)] == ["District of Columbia", "Loudoun"]
    assert live.state("VA", 2023)[0].city == "Blacksburg"
    assert live.zip("20171-1234", 2023)[0].zip == "20171"
    assert len(live.conus_lodging(2023)) == 4
    assert live.conus_mie(2023)[0].total == 59
    assert live.conus_zipcodes(2023)[2].zip == "08544"
    assert live.requests_made == 6


def test_the_bulk_answers_as_tables(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/conus/lodging/2023", recorded("gsa_docs_ep4_conus_lodging_2023_excerpt.json"))
    answer(service, "/rates/conus/mie/2023", recorded("gsa_docs_ep5_conus_mie_2023.json"))
    answer(service, "/rates/conus/zipcodes/2023", recorded("gsa_docs_ep6_conus_zipcodes_2023_excerpt.json"))
    lodging = live.conus_lodging(2023).frame()
    assert lodging.loc[lodging["did"] == 44, "Jan"].tolist() == [Decimal(245)]
    assert live.conus_mie(2023).frame()["total"].tolist() == [59, 64, 69, 74, 79]
    assert live.conus_zipcodes(2023).frame()["zip"].tolist() == ["57716", "35004", "08544", "87048"]


def test_the_key_is_one_header(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/conus/mie/2023", recorded("gsa_docs_ep5_conus_mie_2023.json"))
    live.conus_mie(2023)
    request = service.calls[0].request
    assert request.headers["X-API-Key"] == KEY
    assert KEY not in str(request.url)


def test_the_key_of_the_environment(monkeypatch: pytest.MonkeyPatch, service: responses.RequestsMock) -> None:
    monkeypatch.setenv("GSA_API_KEY", f" {KEY}\n")
    monkeypatch.setenv("GSA_API_URL", "https://proxy.example/gsa/")
    service.get("https://proxy.example/gsa/rates/conus/mie/2023", body=recorded("gsa_docs_ep5_conus_mie_2023.json"))
    GsaClient(cache=None).conus_mie(2023)
    assert service.calls[0].request.headers["X-API-Key"] == KEY


def test_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSA_API_KEY", "")
    with pytest.raises(InputError, match=r"GSA_API_KEY: no API key is set; get a free key"):
        GsaClient()


@pytest.mark.parametrize(
    "key",
    ["two words", "with\nnewline", "emdash\u2014", "x" * 201, '"quoted"', "'quoted'", "\u201cquoted\u201d", "a\x00b"],
)
def test_a_key_that_cannot_be_one_is_not_repeated(key: str) -> None:
    with pytest.raises(InputError) as caught:
        GsaClient(key, None)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://api.gsa.gov/travel", "not https"),
        ("ftp://api.gsa.gov", "not a web address"),
        ("api.gsa.gov", "not a web address"),
        ("https://user:word@api.gsa.gov", "more than a host and a path"),
        ("https://api.gsa.gov/?api_key=x", "more than a host and a path"),
        ("http://[::1", "not a web address"),
        ("http://127.0.0.1:99999", "not a web address"),
        ("http://127.0.0.1:abc", "not a web address"),
        ("https://api.gsa.gov\n.example", "not a web address"),
        ("https://api.gsa.gov/a b", "not a web address"),
        ("https://\udcff", "not a web address"),
        ("https://" + "a" * 2_000, "not a web address"),
    ],
)
def test_addresses_that_a_key_is_not_sent_to(url: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        GsaClient(KEY, None, base_url=url)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda live: live.state("Ontario", 2027), "not a state"),
        (lambda live: live.zip("123", 2027), "not a ZIP"),
        (lambda live: live.city("東京", "FL", 2027), "not a city"),
        (lambda live: live.conus_mie(2019), "no rates of fiscal year 2019"),
        (lambda live: live.conus_mie(20270), "no rates of fiscal year 20270"),
    ],
)
def test_questions_that_are_not_asked(live: GsaClient, call: Callable[[GsaClient], object], said: str) -> None:
    with pytest.raises((InputError, RateUnavailable), match=said):
        call(live)
    assert live.requests_made == 0


def test_saint_is_tried_in_every_way(live: GsaClient, service: responses.RequestsMock) -> None:
    whole_state = rows("MO", ("Kansas City", "Jackson", 140, 80), STANDARD)
    answer(service, "/rates/city/St%20Louis/state/MO/year/2027", whole_state)
    answer(service, "/rates/city/Saint%20Louis/state/MO/year/2027", rows("MO", ("St. Louis", "St. Louis", 150, 80)))
    assert live.city("St. Louis", "MO", 2027)[0].city == "St. Louis"
    assert live.requests_made == 2


def test_a_saint_that_no_spelling_finds(live: GsaClient, service: responses.RequestsMock) -> None:
    whole_state = rows("MO", ("Kansas City", "Jackson", 140, 80), STANDARD)
    for spelled in ("St%20Nowhere", "Saint%20Nowhere", "St.%20Nowhere"):
        answer(service, f"/rates/city/{spelled}/state/MO/year/2027", whole_state)
    assert len(live.city("Saint Nowhere", "MO", 2027)) == 2


# ---- which row is a place's


def test_the_recorded_cities(live: GsaClient, service: responses.RequestsMock) -> None:
    for city, state in (("Abingdon", "VA"), ("Bethesda", "MD"), ("Boise", "ID")):
        path = f"/rates/city/{city}/state/{state}/year/2027"
        answer(service, path, recorded(f"city_{city}_state_{state}_year_2027.json"))
    answer(
        service,
        "/rates/city/Crystal%20City/state/VA/year/2027",
        recorded("city_Crystal20City_state_VA_year_2027.json"),
    )
    found = {
        place: live.rate(place, ON) for place in ("Abingdon, VA", "Bethesda, MD", "Boise, ID", "Crystal City, VA")
    }
    assert {place: (r.locality, int(r.lodging), int(r.mie.total)) for place, r in found.items()} == {
        "Abingdon, VA": (Locality(0, "Standard Rate", "VA"), 113, 68),
        "Bethesda, MD": (Locality(75, "District of Columbia", "MD"), 203, 92),
        "Boise, ID": (Locality(495, "Boise", "ID"), 176, 86),
        "Crystal City, VA": (Locality(75, "District of Columbia", "VA"), 203, 92),
    }
    assert found["Boise, ID"].mie.first_last_day == Decimal("64.50")


def test_mclean_needs_its_county(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/city/McLean/state/VA/year/2027", recorded("city_McLean_state_VA_year_2027.json"))
    resolution = live.resolve("McLean, VA", 2027)
    assert resolution.status == "ambiguous"
    assert [candidate.locality.name for candidate in resolution.candidates] == ["District of Columbia", "Loudoun"]
    assert live.locality("McLean, Fairfax County, VA", ON).name == "District of Columbia"


def test_a_place_the_service_does_not_know_but_the_county_map_does(
    live: GsaClient, service: responses.RequestsMock
) -> None:
    answer(
        service,
        "/rates/city/Blacksburg/state/VA/year/2027",
        recorded("city_Xyzzyville_state_VA_year_2027.json"),
    )
    rate = live.rate("Blacksburg, VA", ON)
    assert (rate.locality.name, int(rate.mie.total)) == ("Blacksburg", 68)


def test_a_place_only_the_service_knows(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/city/Newtown%20Landing/state/ID/year/2027", rows("ID", ("Boise", "Ada", 176, 86)))
    resolution = live.resolve("Newtown Landing, ID", 2027)
    assert (resolution.status, resolution.reason) == ("resolved", "the service places it in Boise, ID")


def test_the_service_and_the_county_map_differ(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/city/Boise/state/ID/year/2027", rows("ID", STANDARD))
    assert live.rate("Boise, ID", ON).locality == Locality(0, "Standard Rate", "ID")


def test_a_standard_rate_for_a_place_nobody_knows_is_no_answer(
    live: GsaClient, service: responses.RequestsMock
) -> None:
    class NoLocalities:
        years = (2027,)

        def __getattr__(self, name: str) -> Any:
            return getattr(live_book, name)

        def localities(self, fiscal_year: int) -> tuple[Locality, ...]:
            return (Locality(0, "Standard Rate", ""),)

    live_book = live.book
    live.book = NoLocalities()
    answer(service, "/rates/city/Xyzzyville/state/VA/year/2027", rows("VA", STANDARD))
    with pytest.raises(PlaceNotResolved, match="does not know Xyzzyville in VA"):
        live.rate("Xyzzyville, VA", ON)


def test_several_localities_at_equal_rates_are_one(live: GsaClient, service: responses.RequestsMock) -> None:
    both = rows("VA", ("Loudoun", "Loudoun", 121, 80), ("Richmond", "City of Richmond", 121, 80))
    answer(service, "/rates/city/McLean/state/VA/year/2027", both)
    resolution = live.resolve("McLean, VA", 2027)
    assert resolution.status == "resolved"
    assert [candidate.locality.name for candidate in resolution.candidates] == ["Loudoun", "Richmond"]
    assert live.rate("McLean, VA", ON).lodging == 121


def test_a_county_and_a_locality(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/state/VA/year/2027", recorded("city_Xyzzyville_state_VA_year_2027.json"))
    assert live.rate("Loudoun County, VA", ON).lodging == 121
    assert live.rate(Locality(0, "Standard Rate", "VA"), ON).lodging == 113
    assert live.rate(Locality(75, "District of Columbia", "VA"), ON).lodging == 203
    with pytest.raises(RateUnavailable, match="Orlando, VA is not a locality of fiscal year 2027"):
        live.rate(Locality(98, "Orlando", "VA"), ON)


def test_an_unknown_county_is_not_asked_about(live: GsaClient) -> None:
    assert live.resolve("Xyzzy County, VA", 2027).status == "unresolved"
    assert live.requests_made == 0


def test_a_zip(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/zip/83702/year/2027", rows("ID", ("Boise", "Ada", 176, 86), zip5="83702"))
    assert live.rate("83702", ON).locality == Locality(495, "Boise", "ID")


@pytest.mark.parametrize("place", ["Anchorage, AK", "Honolulu, HI", "96950", "Toronto, Ontario"])
def test_places_outside_the_contiguous_states_are_not_asked_about(live: GsaClient, place: str) -> None:
    with pytest.raises(PlaceNotResolved):
        live.rate(place, ON)
    assert live.requests_made == 0


def test_a_fiscal_year_that_the_ratebook_does_not_have(live: GsaClient, service: responses.RequestsMock) -> None:
    answer(service, "/rates/city/Boise/state/ID/year/2028", rows("ID", ("Boise", "Ada", 180, 88), year=2028))
    tier = {"total": 88, "breakfast": 22, "lunch": 24, "dinner": 37, "incidental": 5, "FirstLastDay": 66}
    answer(service, "/rates/conus/mie/2028", json.dumps([tier]).encode())
    rate = live.rate("Boise, ID", date(2027, 10, 1))
    assert (int(rate.lodging), int(rate.mie.dinner)) == (180, 37)
    assert (rate.locality.id, rate.fiscal_year) == (495, 2028)


def test_a_new_locality_takes_its_id_from_endpoint_4(live: GsaClient, service: responses.RequestsMock) -> None:
    new = rows("ID", ("Twin Falls", "Twin Falls", 150, 80), year=2028)
    answer(service, "/rates/city/Twin%20Falls/state/ID/year/2028", new)
    listed = {"City": "Twin Falls", "State": "ID", "County": "Twin Falls", "DID": "555", "Meals": "80"}
    months = dict.fromkeys(MONTHS, "150")
    answer(service, "/rates/conus/lodging/2028", json.dumps([listed | months]).encode())
    assert live.locality("Twin Falls, ID", date(2027, 10, 1)).id == 555


def test_a_new_locality_whose_id_cannot_be_had(live: GsaClient, service: responses.RequestsMock) -> None:
    new = rows("ID", ("Twin Falls", "Twin Falls", 150, 80), year=2028)
    answer(service, "/rates/city/Twin%20Falls/state/ID/year/2028", new)
    assert live.locality("Twin Falls, ID", date(2027, 10, 1)).id == -1


def test_tiers_are_the_ratebook_s_when_the_service_has_none(
    live: GsaClient, service: responses.RequestsMock, paper: PaperClock
) -> None:
    answer(service, "/rates/city/Boise/state/ID/year/2027", recorded("city_Boise_state_ID_year_2027.json"))
    assert live.rate("Boise, ID", ON).mie.dinner == 36
    asked = live.requests_made
    assert live.rate("Boise, ID", ON).mie.dinner == 36
    assert live.requests_made == asked


def test_no_ratebook_and_no_service(live: GsaClient) -> None:
    with pytest.raises(GsaUnavailable):
        live.rate("Boise, ID", date(2027, 10, 1))
