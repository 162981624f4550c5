"""The commands with the live service: what is printed, what is kept, and that the key is in none of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
import requests

from perdiem_calc.rates.gsa import GsaClient
from tests.rates.gsa.conftest import KEY
from tests.rates.gsa.server import BOISE, Server, Step, body, file, recorded
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT

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


def test_a_failing_service_is_reported(perdiem: Perdiem, home: Path, server: Server) -> None:
    server.on(BOISE, body(PAGE, 403))
    run = perdiem(*ASK)
    assert run.code == 0
    assert "Note: the embedded rates were used instead of the GSA Per Diem API: the service refuses" in run.out
    run = perdiem(*ASK, "--json")
    assert "access page" in run.record["source"]["instead_of"]
    run = perdiem(*ASK, "--source", "api")
    assert run.code == 3
    assert run.err.startswith("perdiem: GSA Per Diem API: the service refuses the request")


def test_a_difference_is_reported(perdiem: Perdiem, home: Path, server: Server) -> None:
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


def test_a_cache_that_cannot_be_written_is_reported(perdiem: Perdiem, home: Path) -> None:
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
    assert "it is set aside, and a new one is begun" in run.err
    assert perdiem("cache", "status", "--json").record["answers"] == 2


def test_a_cache_that_cannot_be_removed(perdiem: Perdiem, home: Path) -> None:
    (home / "cache" / "perdiem_calc" / "gsa_answers.sqlite").mkdir(parents=True)
    run = perdiem("cache", "clear")
    assert run.code == 2
    assert "Is a directory; remove it yourself, once no other program uses it" in run.err


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
    assert KEY.encode() not in parts
    assert KEY not in run.out + run.err


@pytest.mark.parametrize("key", [KEY, f"{KEY} and more"])
@pytest.mark.slow
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


# ---- secrets


def heard(server: Server) -> str:
    return "\n".join(line for _, lines in server.asked for line in lines)


def test_a_password_of_another_program_is_not_sent(perdiem: Perdiem, home: Path, server: Server) -> None:
    """requests looks in ~/.netrc by itself for the host that it asks."""
    netrc = home / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password secret-word\ndefault login eve password other-word\n")
    netrc.chmod(0o600)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NETRC", str(netrc))
        assert perdiem(*ASK, "--source", "api").code == 0
    assert server.asked
    assert "authorization" not in heard(server).lower()


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_key_for_this_machine_goes_through_no_proxy(
    perdiem: Perdiem, home: Path, server: Server, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A proxy of plain HTTP would read it."""
    with Server() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(variable, proxy.url)
        run = perdiem(*ASK, "--source", "api", "--json")
        proxy.closing.set()
        proxy.shutdown()
        thread.join()
    assert (run.code, run.record["source"]["kind"]) == (0, "api")
    assert proxy.asked == []


def test_a_session_of_ones_own_keeps_its_proxies_out_too(server: Server, home: Path) -> None:
    session = requests.Session()
    session.proxies = {"http": "http://127.0.0.1:9", "all": "http://127.0.0.1:9", server.url: "http://127.0.0.1:9"}
    client = GsaClient(KEY, None, session, base_url=server.url)
    assert client.city("Boise", "ID", 2027)[0].city == "Boise"


@pytest.mark.parametrize("key", ['"Zk4Q0SecretSecret"', "'Zk4Q0SecretSecret'"])
def test_a_key_in_quotes_is_refused_and_not_repeated(
    perdiem: Perdiem, home: Path, server: Server, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("GSA_API_KEY", key)
    run = perdiem(*ASK)
    assert (run.code, server.asked) == (2, [])
    assert "GSA_API_KEY: the API key has characters that no key has; copy it again" in run.err
    assert "Zk4Q0" not in run.out + run.err
    doctor = {fact["name"]: fact for fact in perdiem("doctor", "--json").record["facts"]}
    assert doctor["API key"]["state"] == "broken"
    assert "the API key has characters that no key has" in doctor["API key"]["said"]


def test_an_address_that_is_none_is_refused_and_the_doctor_says_so(
    perdiem: Perdiem, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GSA_API_URL", "http://[::1")
    run = perdiem(*ASK)
    assert run.code == 2
    assert "GSA_API_URL: the address of the service is not usable: it is not a web address" in run.err
    doctor = {fact["name"]: fact for fact in perdiem("doctor", "--json").record["facts"]}
    assert doctor["API key"]["state"] == "broken"
    assert "it is not a web address" in doctor["API key"]["said"]


# ---- answers that are no rates


def dallas(october: object, *more: object) -> bytes:
    """An answer about Dallas: a row for each value that October has, every other month $184."""
    rows = [
        {
            "city": "Dallas",
            "county": "Dallas",
            "meals": 80,
            "zip": None,
            "months": {"month": [{"number": n, "value": value if n == 10 else 184} for n in range(1, 13)]},
        }
        for value in (october, *more)
    ]
    return json.dumps({"rates": [{"state": "TX", "year": 2027, "isOconus": "false", "rate": rows}]}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        dallas(0),
        dallas(0).replace(b"184", b"0"),
        dallas(0).replace(b'"meals": 80', b'"meals": 0'),
        dallas(None),
        dallas("0.00"),
        dallas("1_84"),
        dallas("\uff11\uff18\uff14"),
        dallas(184, 185),
        dallas(184, 0),
        dallas(-184),
    ],
)
def test_an_answer_that_is_no_rate_is_a_missing_one(
    perdiem: Perdiem, home: Path, server: Server, answer: bytes
) -> None:
    """GSA has served $0: never a free room. The program's own rates of Dallas are $184 and $80 (gsa.gov, FY2027)."""
    server.on("/rates/city/Dallas/state/TX/year/2027", body(answer))
    server.on("/rates/conus/mie/2027", body(b"[]"))
    ask = ("rate", "Dallas, TX", "--on", "2026-10-05", "--json")
    alone = perdiem(*ask, "--source", "api")
    assert alone.code == 3
    record = perdiem(*ask).record
    assert (record["lodging"], record["mie"], record["source"]["kind"]) == ("184.00", "80.00", "ratebook")
    assert "the GSA Per Diem API: " in record["source"]["instead_of"]
