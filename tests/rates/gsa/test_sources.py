"""Which source a rate is taken from, and that no change of source is silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from perdiem_calc.errors import InputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.gsa import GsaClient, GsaUnavailable
from perdiem_calc.rates.places import Locality, parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.sources import BookRates, Rates, ServiceRates, open_rates
from tests.rates.gsa.conftest import KEY, PaperClock
from tests.rates.gsa.server import BOISE, Server, body, file, recorded

ON = date(2026, 11, 23)
BOISE_BODY = recorded("city_Boise_state_ID_year_2027.json")
Sources = Callable[..., ServiceRates]


def stating(lodging: int, mie: int = 86, city: str = "Boise") -> bytes:
    """The recorded answer about Boise with another rate in every month."""
    answer = json.loads(BOISE_BODY)
    row = answer["rates"][0]["rate"][0]
    row["city"], row["meals"] = city, mie
    for month in row["months"]["month"]:
        month["value"] = lodging
    return json.dumps(answer).encode()


@pytest.fixture
def sources(another: Callable[..., GsaClient], ratebook: Ratebook) -> Sources:
    """The service and the ratebook, as `auto` has them, or as `api` has them."""
    return lambda falls_back=True: ServiceRates(another(), ratebook, falls_back=falls_back)


# ---- which source


@pytest.mark.parametrize(("source", "key"), [("auto", ""), ("auto", "  "), ("ratebook", KEY)])
def test_without_a_key_or_by_wish_the_ratebook(monkeypatch: pytest.MonkeyPatch, source: str, key: str) -> None:
    monkeypatch.setenv("GSA_API_KEY", key)
    rates = open_rates(source)
    assert isinstance(rates, BookRates)
    assert rates.rate("Boise, ID", ON).source.kind == "ratebook"
    assert rates.locality(parse_place("Boise, ID"), ON).id == 495
    assert rates.problems == ()


@pytest.mark.parametrize("source", ["auto", "api"])
def test_with_a_key_the_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, source: str) -> None:
    monkeypatch.setenv("GSA_API_KEY", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    rates = open_rates(source)
    assert isinstance(rates, ServiceRates)
    assert rates.problems == ()


def test_api_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GSA_API_KEY", raising=False)
    with pytest.raises(InputError, match="GSA_API_KEY: no API key is set"):
        open_rates("api")


def test_a_source_that_is_none() -> None:
    with pytest.raises(InputError, match="'gsa' is not a source of rates; choose auto, api, ratebook, latest"):
        open_rates("gsa")


# ---- the service answers


@pytest.mark.loopback
def test_the_service_s_rate_when_both_agree(sources: Sources, server: Server) -> None:
    server.on(BOISE, body(BOISE_BODY))
    rate = sources().rate("Boise, ID", ON)
    assert (rate.source.kind, rate.source.differs, rate.source.instead_of) == ("api", None, None)


@pytest.mark.loopback
@pytest.mark.parametrize("falls_back", [True, False])
@pytest.mark.parametrize(
    ("content", "lodging"),
    [(stating(180), 180), (stating(176, mie=80), 176), (stating(113, 68, "Standard Rate"), 113)],
)
def test_a_difference_is_noted_with_both_figures(
    sources: Sources, server: Server, content: bytes, lodging: int, falls_back: bool
) -> None:
    server.on(BOISE, body(content))
    rate = sources(falls_back).rate("Boise, ID", ON)
    assert int(rate.lodging) == lodging
    assert rate.source.differs == "the ratebook has Boise: lodging $176.00, M&IE $86.00"


@pytest.mark.loopback
def test_a_locality_is_compared_too(sources: Sources, server: Server) -> None:
    server.on(BOISE, body(stating(180)))
    rates = sources()
    boise = rates.locality("Boise, ID", ON)
    rate = rates.rate(boise, ON)
    assert server.paths.count("/rates/state/ID/year/2027") == 0, "where it was found is remembered"
    assert rate.source.differs is not None


@pytest.mark.loopback
def test_a_place_only_the_service_knows_is_no_difference(sources: Sources, server: Server) -> None:
    server.on("/rates/city/Newtown%20Landing/state/ID/year/2027", body(BOISE_BODY))
    assert sources().rate("Newtown Landing, ID", ON).source.differs is None


@pytest.mark.loopback
def test_a_locality_the_ratebook_does_not_have_is_not_compared(sources: Sources, server: Server) -> None:
    server.on("/rates/city/Newtown%20Landing/state/ID/year/2027", body(stating(150, 80, "Newtown")))
    rate = sources().rate("Newtown Landing, ID", ON)
    assert (rate.locality.id, rate.source.differs) == (-1, None)


@pytest.mark.loopback
def test_a_year_the_ratebook_does_not_have_is_not_compared(sources: Sources, server: Server) -> None:
    server.on("/rates/city/Boise/state/ID/year/2028", body(stating(180).replace(b"2027", b"2028")))
    tier = b'[{"total":86,"breakfast":22,"lunch":23,"dinner":36,"incidental":5,"FirstLastDay":64.5}]'
    server.on("/rates/conus/mie/2028", body(tier))
    assert sources().rate("Boise, ID", date(2027, 10, 1)).source.differs is None


# ---- the service does not answer


@pytest.mark.loopback
def test_first_the_kept_answer_then_the_ratebook(sources: Sources, server: Server, paper: PaperClock) -> None:
    server.on(BOISE, body(BOISE_BODY))
    sources().rate("Boise, ID", ON)
    paper.at += timedelta(days=10)
    server.on(BOISE, body(b"", 500))
    kept = sources().rate("Boise, ID", ON).source
    assert (kept.kind, kept.stale_since, kept.instead_of) == ("api", "2026-11-30T12:00:00+00:00", None)
    other = sources().rate("Orlando, FL", date(2026, 12, 1)).source
    assert other.kind == "ratebook"
    assert other.instead_of == "the GSA Per Diem API: the service answered with status 404"


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (recorded("error_403_nginx_issue112.html"), 403, "an access page"),
        (recorded("error_403_api_key_invalid_TEMPLATE.json"), 403, "API_KEY_INVALID"),
        (recorded("empty_rates_CONSTRUCTED.json"), 200, "has no rates for this place"),
        (stating(0), 200, "no rate above zero"),
        (b"<html>", 200, "not JSON"),
    ],
)
def test_the_ratebook_says_instead_of_what(
    sources: Sources, server: Server, content: bytes, status: int, reason: str
) -> None:
    server.on(BOISE, body(content, status))
    rates = sources()
    assert rates.resolve("Boise, ID", 2027).locality == Locality(495, "Boise", "ID")
    rate = rates.rate("Boise, ID", ON)
    assert (int(rate.lodging), rate.source.kind) == (176, "ratebook")
    assert reason in str(rate.source.instead_of)


@pytest.mark.loopback
def test_api_alone_never_takes_the_ratebook(sources: Sources, server: Server) -> None:
    rates: Rates = sources(falls_back=False)
    with pytest.raises(GsaUnavailable):
        rates.rate("Boise, ID", ON)
    with pytest.raises(GsaUnavailable):
        rates.resolve("Boise, ID", 2027)


@pytest.mark.loopback
def test_an_ambiguous_place_is_not_answered_by_the_ratebook_instead(sources: Sources, server: Server) -> None:
    server.on("/rates/city/McLean/state/VA/year/2027", file("city_McLean_state_VA_year_2027.json"))
    with pytest.raises(PlaceNotResolved) as caught:
        sources().rate("McLean, VA", ON)
    assert caught.value.status == "ambiguous"


@pytest.mark.loopback
def test_neither_has_a_rate(sources: Sources) -> None:
    with pytest.raises(RateUnavailable, match="no rates of fiscal year 2028; and the GSA Per Diem API: the service"):
        sources().rate("Boise, ID", date(2027, 10, 1))


@pytest.mark.loopback
def test_the_ratebook_does_not_know_the_place_either(sources: Sources) -> None:
    with pytest.raises(PlaceNotResolved):
        sources().rate("Newtown Landing, ID", ON)
