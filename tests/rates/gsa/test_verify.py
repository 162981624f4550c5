"""The ratebook held against the service: what is compared, and that every difference is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses

from perdiem_calc.rates.gsa import GsaClient, GsaUnavailable
from perdiem_calc.rates.gsa.transport import BASE_URL
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.verify import Report, verify_year
from tests.rates.gsa.bulk import Bulk
from tests.rates.gsa.conftest import KEY, NOW, PaperClock
from tests.support.command import Perdiem

Verify = Callable[..., Report]


@pytest.fixture
def bulk() -> Bulk:
    return Bulk()


@pytest.fixture
def verify(paper: PaperClock, ratebook: Ratebook, tmp_path: Path) -> Iterator[Verify]:
    """Compares the ratebook with what a Bulk states."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:

        def run(bulk: Bulk, **options: Any) -> Report:
            for path, content in bulk.bodies().items():
                mock.get(BASE_URL + path, body=content)
            return verify_year(ratebook, GsaClient(KEY, tmp_path / "c.sqlite", clock=paper.clock()), 2027, **options)

        yield run


def said(report: Report) -> list[str]:
    return [str(difference) for difference in report.differences]


def test_fiscal_year_2027_as_the_service_would_state_it(verify: Verify, bulk: Bulk) -> None:
    told: list[str] = []
    report = verify(bulk, tell=told.append)
    assert said(report) == []
    # 295 localities and the standard rate; five tiers.
    assert (report.fiscal_year, report.localities, report.tiers) == (2027, 296, 5)
    assert report.zips > 40_000
    assert told == ["localities", "M&IE tiers", "ZIPs"]


def test_a_month_a_name_and_an_mie(verify: Verify, bulk: Bulk) -> None:
    bulk.of("Boise")["Jun"] = "202"
    bulk.of("Orlando")["City"] = "Orlando / Kissimmee"
    bulk.of("Birmingham")["Meals"] = "86"
    assert sorted(said(verify(bulk))) == [
        "Birmingham, AL (1) M&IE: ratebook 80, service 86.00",
        "Boise, ID (495) Jun lodging: ratebook 201, service 202.00",
        "Orlando, FL (98) name: ratebook Orlando, service Orlando / Kissimmee",
    ]


def test_a_zero_is_a_difference_not_a_rate(verify: Verify, bulk: Bulk) -> None:
    bulk.of("Boise")["Jun"] = "0"
    assert said(verify(bulk)) == ["Boise, ID (495) Jun lodging: ratebook 201, service has none"]


def test_the_district_in_one_of_its_three_states(verify: Verify, bulk: Bulk) -> None:
    virginia = [row for row in bulk.lodging if row["DID"] == "75" and row["State"] == "VA"]
    virginia[0]["Jan"] = "204"
    assert said(verify(bulk)) == ["District of Columbia, DC (75) Jan lodging: ratebook 203, service 204.00"]


def test_a_locality_of_one_side_only(verify: Verify, bulk: Bulk) -> None:
    bulk.of("Boise")["DID"] = "9999"
    assert said(verify(bulk)) == [
        "locality 495: ratebook Boise, ID, service has none",
        "locality 9999: ratebook has none, service Boise, ID",
    ]


def test_a_tier(verify: Verify, bulk: Bulk) -> None:
    bulk.mie[0] |= {"breakfast": 17, "lunch": 18}
    bulk.mie[-1] = {"total": 96, "breakfast": 24, "lunch": 27, "dinner": 40, "incidental": 5, "FirstLastDay": 72}
    assert said(verify(bulk)) == [
        "M&IE tier $68.00: ratebook 16.00/19.00/28.00/5.00, 51.00, service 17.00/18.00/28.00/5.00, 51.00",
        "M&IE tier $92.00: ratebook 23.00/26.00/38.00/5.00, 69.00, service has none",
        "M&IE tier $96.00: ratebook has none, service 24.00/27.00/40.00/5.00, 72.00",
    ]


def test_zips(verify: Verify, bulk: Bulk) -> None:
    holtsville = [row for row in bulk.zips if row["Zip"] == "501"]
    for row in holtsville:
        row["DID"] = "0"
    bulk.zips.append({"Zip": "1", "DID": "0", "ST": "NY"})
    assert said(verify(bulk)) == [
        "ZIP 00001: ratebook has none, service locality 0",
        "ZIP 00501: ratebook locality 271, service locality 0",
    ]


@pytest.mark.slow
def test_a_sample_is_the_same_at_every_run(verify: Verify, bulk: Bulk) -> None:
    for row in bulk.lodging:
        row["Jan"] = "1000"
    first = verify(bulk, sample=7)
    assert (first.localities, first.tiers, first.zips) == (7, 5, 7)
    assert len(first.differences) == 7
    assert verify(bulk, sample=7) == first
    assert verify(bulk, sample=10_000).localities == 296


def test_a_stale_or_empty_answer_verifies_nothing(
    verify: Verify, bulk: Bulk, paper: PaperClock, ratebook: Ratebook, tmp_path: Path
) -> None:
    verify(bulk)
    paper.sleep(8 * 86400)
    offline = GsaClient(KEY, tmp_path / "c.sqlite", clock=paper.clock())
    with responses.RequestsMock(), pytest.raises(GsaUnavailable, match="kept is stale since 2026-11-30"):
        verify_year(ratebook, offline, 2027)
    assert (paper.at - NOW).days == 8
    empty = Bulk()
    empty.lodging = []
    paper.sleep(60)
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE_URL}/rates/conus/lodging/2027", body=b"[]")
        with pytest.raises(GsaUnavailable, match="no data for this fiscal year"):
            verify_year(ratebook, offline, 2027)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("GSA_API_KEY", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path


@pytest.mark.slow
def test_the_command(perdiem: Perdiem, home: Path, bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    with responses.RequestsMock() as mock:
        for path, content in bulk.bodies().items():
            mock.get(BASE_URL + path, body=content)
        run = perdiem("ratebook", "verify", "--fiscal-year", "2027")
        assert run.code == 0
        assert run.out.startswith("Fiscal year 2027: 296 localities, 5 M&IE tiers and 4")
        assert run.out.endswith("ZIPs compared, no differences\n")
    with responses.RequestsMock():
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        again = perdiem("ratebook", "verify", "--fiscal-year", "2027", "--sample", "5", "--json")
        assert (again.code, again.record["zips"], again.record["differences"]) == (0, 5, [])
    bulk.of("Boise")["Jun"] = "202"
    perdiem("cache", "clear")
    with responses.RequestsMock() as mock:
        for path, content in bulk.bodies().items():
            mock.get(BASE_URL + path, body=content)
        run = perdiem("ratebook", "verify", "--fiscal-year", "2027")
        assert run.code == 1
        assert run.out.startswith("Boise, ID (495) Jun lodging: ratebook 201, service 202.00\n")


def test_the_command_without_a_service_a_year_or_a_key(
    perdiem: Perdiem, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE_URL}/rates/conus/lodging/2027", status=404)
        assert perdiem("ratebook", "verify", "--fiscal-year", "2027").code == 3
    assert perdiem("ratebook", "verify", "--fiscal-year", "2020").code == 3
    monkeypatch.delenv("GSA_API_KEY")
    run = perdiem("ratebook", "verify", "--fiscal-year", "2027")
    assert (run.code, "no API key is set" in run.err) == (2, True)
