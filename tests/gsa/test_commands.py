"""The commands with the live service: what is printed, what is kept, and that the key is in none of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.command import Perdiem
from tests.gsa.conftest import KEY
from tests.gsa.server import BOISE, Server, Step, body, file, recorded
from tests.house_rules import ROOT

pytestmark = pytest.mark.loopback

TIERS_2027 = b'[{"total":86,"breakfast":22,"lunch":23,"dinner":36,"incidental":5,"FirstLastDay":64.5}]'
PAGE = recorded("error_403_nginx_issue112.html")
ASK = ("rate", "Boise, ID", "--on", "2026-11-23")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: Server) -> Path:
    """A person with a key, whose service is the test's server; fiscal year 2027 is running or past."""
    monkeypatch.setenv("GSA_API_KEY", KEY)
    monkeypatch.setenv("GSA_API_URL", server.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    server.on(BOISE, file("city_Boise_state_ID_year_2027.json"))
    server.on("/rates/conus/mie/2027", body(TIERS_2027))
    return tmp_path


def test_a_rate_from_the_service_then_from_the_cache(perdiem: Perdiem, home: Path, server: Server) -> None:
    first = perdiem(*ASK, "--json").record
    assert (first["lodging"], first["mie"]) == ("176.00", "86.00")
    assert first["locality"] == {"id": 495, "name": "Boise", "state": "ID"}
    assert first["source"]["kind"] == "api"
    assert first["source"]["file"] == BOISE
    asked = len(server.asked)
    assert perdiem(*ASK, "--source", "api", "--json").record == first
    assert len(server.asked) == asked


def test_the_ratebook_by_wish(perdiem: Perdiem, home: Path, server: Server) -> None:
    assert perdiem(*ASK, "--source", "ratebook", "--json").record["source"]["kind"] == "ratebook"
    assert server.asked == []


def test_a_failing_service_is_said(perdiem: Perdiem, home: Path, server: Server) -> None:
    server.on(BOISE, body(PAGE, 403))
    run = perdiem(*ASK)
    assert run.code == 0
    assert "Note: the embedded rates were used instead of the GSA Per Diem API: the service refuses" in run.out
    run = perdiem(*ASK, "--json")
    assert "access page" in run.record["source"]["instead_of"]
    run = perdiem(*ASK, "--source", "api")
    assert run.code == 3
    assert run.err.startswith("perdiem: GSA Per Diem API: the service refuses the request")


def test_a_difference_is_said(perdiem: Perdiem, home: Path, server: Server) -> None:
    changed = recorded("city_Boise_state_ID_year_2027.json").replace(b'"value":176', b'"value":177')
    server.on(BOISE, body(changed))
    assert (
        "Note: another source states otherwise: the ratebook has Boise: lodging $176.00, M&IE $86.00"
        in perdiem(*ASK).out
    )


def test_an_ambiguous_place_lists_its_localities(perdiem: Perdiem, home: Path, server: Server) -> None:
    server.on("/rates/city/McLean/state/VA/year/2027", file("city_McLean_state_VA_year_2027.json"))
    run = perdiem("rate", "McLean, VA", "--on", "2026-11-23", "--json")
    assert (run.code, run.record["status"]) == (3, "ambiguous")
    assert {one["locality"]["name"] for one in run.record["candidates"]} == {"District of Columbia", "Loudoun"}


def test_candidates_without_amounts_where_the_service_stops_answering(
    perdiem: Perdiem, home: Path, server: Server
) -> None:
    server.on("/rates/city/McLean/state/VA/year/2027", file("city_McLean_state_VA_year_2027.json"))
    run = perdiem("rate", "McLean, VA", "--on", "2026-11-23", "--source", "api")
    assert run.code == 3
    assert "  Loudoun: Loudoun, VA\n" in run.err


def test_a_cache_that_cannot_be_written_is_said(perdiem: Perdiem, home: Path) -> None:
    (home / "cache").write_text("a file where the folder should be")
    run = perdiem(*ASK)
    assert (run.code, "$176.00" in run.out) == (0, True)
    assert run.err.startswith("perdiem: note: the answer was not kept in the cache")


def test_cache_status_and_clear(perdiem: Perdiem, home: Path) -> None:
    path = home / "cache" / "perdiem_calc" / "gsa_answers.sqlite"
    assert perdiem("cache", "status").out == f"Kept answers: 0 (0 bytes) in {path}\n"
    perdiem(*ASK)
    record = perdiem("cache", "status", "--json").record
    assert (record["path"], record["answers"], record["readable"]) == (str(path), 2, True)
    assert f"in {path}\nRetrieved from {record['oldest']} to {record['newest']}" in perdiem("cache", "status").out
    assert perdiem("cache", "clear").out == "Forgotten: 2 answers\n"
    assert not path.exists()
    assert perdiem("cache", "clear", "--json").record == {"path": str(path), "forgotten": 0}


def test_a_damaged_cache(perdiem: Perdiem, home: Path) -> None:
    path = home / "cache" / "perdiem_calc" / "gsa_answers.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database " * 100)
    assert "The file is damaged" in perdiem("cache", "status").out
    run = perdiem(*ASK)
    assert "set aside and begun anew" in run.err
    assert perdiem("cache", "status", "--json").record["answers"] == 2


def test_a_cache_that_cannot_be_removed(perdiem: Perdiem, home: Path) -> None:
    (home / "cache" / "perdiem_calc" / "gsa_answers.sqlite").mkdir(parents=True)
    run = perdiem("cache", "clear")
    assert run.code == 2
    assert "end other programs that use it" in run.err


def orlando(lodging: int) -> bytes:
    """The recorded answer about Boise, made one about Orlando at $80 M&IE and one lodging rate in every month."""
    answer = json.loads(recorded("city_Boise_state_ID_year_2027.json"))
    (group,) = answer["rates"]
    group["state"] = "FL"
    group["rate"][0] |= {"city": "Orlando", "county": "Orange", "meals": 80}
    for month in group["rate"][0]["months"]["month"]:
        month["value"] = lodging
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("answer", "kind", "checks"),
    [
        (body(orlando(145)), "api", set()),
        (body(orlando(150)), "api", {"rate-sources-differ"}),
        (body(PAGE, 403), "ratebook", {"rate-source-failed"}),
        (body(orlando(0)), "ratebook", {"rate-source-failed"}),
        (body(b"<html>"), "ratebook", {"rate-source-failed"}),
    ],
)
def test_a_claim_says_where_its_rates_are_from_and_never_the_key(
    perdiem: Perdiem, home: Path, server: Server, answer: Step, kind: str, checks: set[str]
) -> None:
    server.on("/rates/city/Orlando/state/FL/year/2027", answer)
    sample, workbook = ROOT / "data" / "samples" / "2026-ORL-0001.json", home / "claim.xlsx"
    run = perdiem("claim", "build", sample, "-o", workbook, "--json")
    assert run.code == 0
    assert {rate["source"]["kind"] for rate in run.record["rates"]} == {kind}
    said = {finding["check"] for finding in run.record["findings"]}
    assert {check for check in said if check.startswith("rate-")} == checks
    with zipfile.ZipFile(workbook) as package:
        parts = b"".join(package.read(name) for name in package.namelist())
    assert f"{kind}".encode() in parts
    assert KEY.encode() not in parts
    assert KEY not in run.out + run.err
    again = perdiem("claim", "build", sample, "-o", home / "again.xlsx", "--rates-from", workbook, "--json").record
    assert again["totals"] == run.record["totals"]


@pytest.mark.parametrize("key", [KEY, f"{KEY} and more"])
def test_a_whole_process_never_shows_the_key(home: Path, server: Server, key: str) -> None:
    environment = {**os.environ, "GSA_API_KEY": key, "PYTHONPATH": os.pathsep.join(sys.path)}
    script = (
        "import logging, sys; logging.basicConfig(level=logging.DEBUG);"
        "from perdiem_calc.cli import main; sys.argv = ['perdiem', *sys.argv[1:]]; main()"
    )
    for path, status in ((b"{}", 500 - 97), (b"not json", 200)):
        server.on(BOISE, body(path, status))
        run = subprocess.run(
            [sys.executable, "-X", "dev", "-c", script, *ASK, "--source", "api"],
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert run.returncode in (2, 3)
        assert KEY.encode() not in run.stdout + run.stderr
