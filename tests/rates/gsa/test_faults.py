"""Every way the service can fail, over real HTTP: no wrong or zero rate, no endless wait, no sight of the key."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from email.utils import format_datetime
from functools import partial
from typing import Any

import pytest

from perdiem_calc.errors import PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.gsa import GsaClient, Limits
from tests.rates.gsa.conftest import KEY, NOW, PaperClock, refusal
from tests.rates.gsa.server import (
    BOISE,
    Connection,
    Server,
    Step,
    body,
    broken_off,
    file,
    recorded,
    reset_mid_body,
    silence,
    slow_body,
    slow_headers,
)

pytestmark = pytest.mark.loopback

ON = date(2026, 11, 23)
BOISE_BODY = recorded("city_Boise_state_ID_year_2027.json")
GOOD = body(BOISE_BODY)
OVER_LIMIT = "error_429_over_rate_limit_TEMPLATE.json"
LIMITED = file(OVER_LIMIT, 429)
PAGE = recorded("error_403_nginx_issue112.html")


def changed(change: Callable[[dict[str, Any]], None]) -> Step:
    """The recorded answer about Boise, with its one row changed."""
    answer = json.loads(BOISE_BODY)
    change(answer["rates"][0]["rate"][0])
    return body(json.dumps(answer).encode())


def november(value: object) -> Callable[[dict[str, Any]], None]:
    """November's rate replaced."""

    def change(row: dict[str, Any]) -> None:
        row["months"]["month"][10]["value"] = value

    return change


def without_november(row: dict[str, Any]) -> None:
    del row["months"]["month"][10]


def boise(client: GsaClient) -> Decimal:
    """What Boise's lodging ceiling is on November 23, 2026; $176 by the recorded answer."""
    return client.rate("Boise, ID", ON).lodging


# ---- the service cannot be reached, or does not finish


def test_connection_refused(another: Callable[..., GsaClient], paper: PaperClock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = another(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert "could not be reached" in refusal(lambda: boise(client))
    assert client.requests_made == 4
    assert paper.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REQUESTS_CA_BUNDLE", "/there/is/none.pem"),
        ("HTTPS_PROXY", "foo://127.0.0.1:1"),
        ("HTTPS_PROXY", "::::"),
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
    ],
)
def test_a_proxy_or_certificates_that_cannot_be_used_are_a_fault_of_this_computer(
    another: Callable[..., GsaClient], monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    client = another(base_url="https://localhost.invalid:1")
    said = refusal(lambda: boise(client))
    assert "a proxy or the certificates that this computer names cannot be used (" in said
    assert "check HTTPS_PROXY, ALL_PROXY and REQUESTS_CA_BUNDLE, or use --source ratebook" in said
    assert client.requests_made == 1  # which no second try would change


@pytest.mark.parametrize("step", [reset_mid_body(BOISE_BODY), broken_off(BOISE_BODY)])
def test_a_body_that_breaks_off_is_asked_for_again(client: GsaClient, server: Server, step: Step) -> None:
    server.on(BOISE, step, step, GOOD)
    assert boise(client) == 176
    assert server.paths.count(BOISE) == 3


def test_a_body_that_always_breaks_off(client: GsaClient, server: Server) -> None:
    server.on(BOISE, reset_mid_body(BOISE_BODY))
    assert "broke off" in refusal(lambda: boise(client))
    assert server.paths.count(BOISE) == 4


@pytest.mark.parametrize("step", [slow_headers, slow_body])
def test_what_never_ends_is_left_behind(another: Callable[..., GsaClient], server: Server, step: Step) -> None:
    server.on(BOISE, step)
    client = another(limits=Limits(tries=1, total=0.2, connect=0.1, silence=0.1))
    assert "did not finish answering within 0.2 seconds" in refusal(lambda: boise(client))


def test_silence(another: Callable[..., GsaClient], server: Server, paper: PaperClock) -> None:
    server.on(BOISE, silence)
    client = another(limits=Limits(connect=0.1, silence=0.05))
    assert "did not answer in time" in refusal(lambda: boise(client))
    assert len(server.asked) == 4


def test_all_tries_and_waits_end_within_the_total(client: GsaClient, server: Server, paper: PaperClock) -> None:
    def takes_nine_seconds(link: Connection) -> None:
        paper.elapsed += 9
        body(b"", 503)(link)

    server.on(BOISE, takes_nine_seconds)
    refusal(lambda: boise(client))
    assert paper.elapsed <= 30
    assert len(server.asked) == 3


def test_a_service_that_cannot_be_reached_is_left_in_peace_for_a_minute(
    client: GsaClient, server: Server, paper: PaperClock
) -> None:
    server.on(BOISE, LIMITED)
    refusal(lambda: boise(client))
    asked = len(server.asked)
    server.on(BOISE, GOOD)
    refusal(lambda: boise(client))
    assert len(server.asked) == asked
    paper.sleep(60)
    assert boise(client) == 176


@pytest.mark.parametrize("step", [body(b"", 500), body(PAGE, 403), body(b"<html>"), body(b"", 404)])
def test_a_question_that_failed_is_not_asked_again_for_each_day_of_a_claim(
    client: GsaClient, server: Server, paper: PaperClock, step: Step
) -> None:
    server.on(BOISE, step)
    for day in range(1, 11):
        refusal(partial(client.rate, "Boise, ID", date(2026, 11, day)))
    assert len(server.asked) <= 4
    assert paper.elapsed <= 30
    server.on(BOISE, GOOD)
    paper.sleep(60)
    assert boise(client) == 176


def test_a_body_larger_than_any(another: Callable[..., GsaClient], server: Server) -> None:
    server.on(BOISE, body(b" " * 300_000))
    client = another(limits=Limits(body_bytes=200_000))
    assert "larger than any answer" in refusal(lambda: boise(client))
    assert len(server.asked) == 1


def test_a_body_that_unpacks_to_more_than_any(another: Callable[..., GsaClient], server: Server) -> None:
    server.on(BOISE, body(gzip.compress(b" " * 10_000_000), Content_Encoding="gzip"))
    client = another(limits=Limits(body_bytes=200_000))
    assert "larger than any answer" in refusal(lambda: boise(client))


def test_the_key_does_not_follow_a_redirect(client: GsaClient, server: Server) -> None:
    server.on(BOISE, body(b"", 302, Location=f"{server.url}/elsewhere"))
    assert "status 302" in refusal(lambda: boise(client))
    assert server.paths == [BOISE]


# ---- the service refuses


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (file("error_403_api_key_invalid_TEMPLATE.json", 403), "refuses the API key (API_KEY_INVALID)"),
        (file("error_403_api_key_missing.json", 403), "refuses the API key (API_KEY_MISSING)"),
        (body(PAGE, 403, Content_Type="text/html"), "an access page, not an error code"),
        (file(OVER_LIMIT, 403), "hourly limit"),
        (body(b'{"error":{"code":["x"]}}', 401), "refuses the API key (401)"),
        (body(b"gone", 404), "status 404"),
    ],
)
def test_a_refusal_is_not_asked_again(client: GsaClient, server: Server, step: Step, said: str) -> None:
    server.on(BOISE, step)
    assert said in refusal(lambda: boise(client))
    assert server.paths == [BOISE]


def test_a_refusal_that_repeats_the_key(client: GsaClient, server: Server) -> None:
    page = json.dumps({"error": {"code": KEY, "message": f"{KEY} is not a key"}}).encode()
    server.on(BOISE, body(page, 403))
    assert "refuses the request" in refusal(lambda: boise(client))


def test_an_answer_that_repeats_the_key_is_not_kept(client: GsaClient, server: Server) -> None:
    server.on(BOISE, body(BOISE_BODY.replace(b'"version":null', f'"version":"{KEY}"'.encode())))
    assert "repeats the key" in refusal(lambda: boise(client))


def test_429_without_retry_after_waits_longer_each_time(client: GsaClient, server: Server, paper: PaperClock) -> None:
    server.on(BOISE, LIMITED)
    assert "hourly limit" in refusal(lambda: boise(client))
    assert server.paths.count(BOISE) == 4
    assert paper.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("asked_for", "waited"), [("7", 7.0), ("0", 0.0), (format_datetime(NOW + timedelta(seconds=9)), 9.0)]
)
def test_429_with_retry_after(
    client: GsaClient, server: Server, paper: PaperClock, asked_for: str, waited: float
) -> None:
    server.on(BOISE, file(OVER_LIMIT, 429, Retry_After=asked_for), GOOD)
    assert boise(client) == 176
    assert paper.slept == [waited]


@pytest.mark.parametrize("asked_for", ["21600", "11", format_datetime(NOW + timedelta(hours=6))])
def test_a_retry_after_of_hours_is_not_waited_for(
    client: GsaClient, server: Server, paper: PaperClock, asked_for: str
) -> None:
    server.on(BOISE, file(OVER_LIMIT, 429, Retry_After=asked_for))
    assert "hourly limit" in refusal(lambda: boise(client))
    assert len(server.asked) == 1
    assert paper.slept == []


@pytest.mark.parametrize("nonsense", ["soon", "-5", "", "1e9", "Mon, 99 Foo 2026 12:00:00 GMT"])
def test_a_retry_after_of_nonsense_is_as_none(
    client: GsaClient, server: Server, paper: PaperClock, nonsense: str
) -> None:
    server.on(BOISE, file(OVER_LIMIT, 429, Retry_After=nonsense), GOOD)
    assert boise(client) == 176
    assert paper.slept == [0.5]


def test_500_then_200(client: GsaClient, server: Server, paper: PaperClock) -> None:
    server.on(BOISE, body(b"<html>oops</html>", 500), body(b"", 502), GOOD)
    assert boise(client) == 176
    assert paper.slept == [0.5, 1.0]


def test_500_for_ever(client: GsaClient, server: Server) -> None:
    server.on(BOISE, body(b"<html>oops</html>", 500))
    assert "fault of its own (status 500)" in refusal(lambda: boise(client))


# ---- the service answers, but not with what it promises


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOISE_BODY[:400], "not JSON"),
        (b"", "not JSON"),
        (PAGE, "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "rates is missing"),
        (b'{"rates":null}', "not a JSON array"),
        (b'{"rates":[],"rates":[]}', "stated twice"),
        (b'{"rates":[NaN]}', "NaN"),
        (b'{"error":{"code":"API_KEY_INVALID","message":""}}', "rates is missing"),
        (b'{"errors":["no"],"rates":[]}', "reports errors"),
        (BOISE_BODY.replace(b'"year":2027', b'"year":2026'), "answered for 2026"),
        (BOISE_BODY.replace(b'"state":"ID"', b'"state":"IL"'), "another state"),
    ],
)
def test_an_answer_that_is_none(
    client: GsaClient, another: Callable[..., GsaClient], server: Server, content: bytes, said: str
) -> None:
    server.on(BOISE, body(content))
    assert said in refusal(lambda: boise(client))
    assert server.paths == [BOISE]


@pytest.mark.parametrize(
    "change", [november(0), november(-176), november(None), november("0"), november(""), without_november]
)
def test_a_month_of_zero_or_none_is_no_rate(
    client: GsaClient, another: Callable[..., GsaClient], server: Server, change: Callable[[dict[str, Any]], None]
) -> None:
    server.on(BOISE, changed(change))
    assert "no rate above zero for Nov" in refusal(lambda: boise(client))
    assert client.rate("Boise, ID", date(2026, 12, 1)).lodging == 176
    server.on(BOISE, GOOD)
    assert boise(another()) == 176, "an answer with a fault is not kept"


@pytest.mark.parametrize("meals", [0, -86, None])
def test_mie_of_zero_or_none_is_no_rate(client: GsaClient, server: Server, meals: object) -> None:
    server.on(BOISE, changed(lambda row: row.update(meals=meals)))
    assert "no rate above zero for M&IE" in refusal(lambda: boise(client))


def test_mie_of_no_tier_is_no_rate(client: GsaClient, server: Server) -> None:
    server.on(BOISE, changed(lambda row: row.update(meals=87)))
    assert "no M&IE tier of $87" in refusal(lambda: boise(client))


@pytest.mark.parametrize(
    "change",
    [
        november("a lot"),
        november(True),
        november({}),
        november([176]),
        november(1e9),
        november(176.005),
        november("NaN"),
        november("9" * 5000),
        lambda row: row.update(meals="free"),
        lambda row: row.update(months=[]),
        lambda row: row["months"].update(month={}),
        lambda row: row["months"]["month"].append({"number": 1, "value": 5}),
        lambda row: row["months"]["month"][0].update(number="1"),
        lambda row: row["months"]["month"][0].update(number=13),
        lambda row: row.update(city=7),
        lambda row: row.update(city="x" * 401),
        lambda row: row.update(city="Boise\x1b[31m"),
        lambda row: row.pop("city"),
        lambda row: row.pop("months"),
    ],
)
def test_wrong_types_refuse_the_whole_answer(
    client: GsaClient, server: Server, change: Callable[[dict[str, Any]], None]
) -> None:
    server.on(BOISE, changed(change))
    assert "not usable" in refusal(lambda: boise(client))


def test_fields_nobody_knows_are_passed_over(client: GsaClient, server: Server) -> None:
    server.on(BOISE, changed(lambda row: row.update(lodging={"new": [1]}, standardRate=None)))
    assert boise(client) == 176


def test_no_rates_at_all(client: GsaClient, server: Server) -> None:
    server.on(BOISE, file("empty_rates_CONSTRUCTED.json"))
    with pytest.raises(RateUnavailable, match="no rates for this place in fiscal year 2027"):
        boise(client)


def test_a_row_outside_the_contiguous_states_is_no_rate(client: GsaClient, server: Server) -> None:
    server.on(BOISE, body(BOISE_BODY.replace(b'"isOconus":"false"', b'"isOconus":"true"')))
    rows = client.city("Boise", "ID", 2027)
    assert rows[0].faults == ("it is outside the contiguous states",)
    assert "outside the contiguous states" in refusal(lambda: boise(client))


def test_an_unknown_city_is_never_the_first_row(client: GsaClient, server: Server) -> None:
    server.on("/rates/city/Xyzzyville/state/VA/year/2027", file("city_Xyzzyville_state_VA_year_2027.json"))
    with pytest.raises(PlaceNotResolved, match="Xyzzyville") as caught:
        client.rate("Xyzzyville, VA", ON)
    assert caught.value.status == "unresolved"


def test_a_city_in_two_localities_is_ambiguous(client: GsaClient, server: Server) -> None:
    server.on("/rates/city/McLean/state/VA/year/2027", file("city_McLean_state_VA_year_2027.json"))
    with pytest.raises(PlaceNotResolved) as caught:
        client.rate("McLean, VA", ON)
    assert caught.value.status == "ambiguous"
    assert len(caught.value.candidates) == 2


def test_a_zip_loses_its_leading_zeros_and_gets_them_back(client: GsaClient, server: Server) -> None:
    answer = recorded("gsa_docs_ep3_zip_20171_2023.json").replace(b'"zip": "20171"', b'"zip": "8544"')
    answer = answer.replace(b'"year": 2025', b'"year": 2027')
    server.on("/rates/zip/08544/year/2027", body(answer))
    assert client.zip("08544", 2027)[0].zip == "08544"


def test_an_answer_about_another_zip(client: GsaClient, server: Server) -> None:
    server.on("/rates/zip/08544/year/2027", file("gsa_docs_ep3_zip_20171_2023.json"))
    assert "another" in refusal(lambda: client.zip("08544", 2027))
