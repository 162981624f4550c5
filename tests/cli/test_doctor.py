"""`perdiem doctor`: what it says of a sound installation, and of each thing that can be missing or broken."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import perdiem_calc.rates.ratebook as ratebook_module
from perdiem_calc import __version__
from perdiem_calc.dated import Law
from perdiem_calc.ledger.schema import VERSION
from perdiem_calc.rates.gsa.cache import AnswerCache, Stored
from perdiem_calc.rates.ratebook import data_folder
from tests.support.command import Perdiem
from tests.support.ledgers import begun, entry, run_sql
from tests.support.oconus import LIST

SECRET = "q8Zk0notarealkey"  # noqa: S105 - of the tests alone
DAY = "2026-11-23"


class Home:
    """A person's own folders, empty at first, and what `perdiem doctor` says there on a day of fiscal year 2027."""

    def __init__(self, folder: Path, perdiem: Perdiem) -> None:
        self.folder = folder
        self.data, self.cache = folder / "share" / "perdiem_calc", folder / "cache" / "perdiem_calc"
        self._perdiem = perdiem

    def doctor(self, *options: object, code: int = 0, as_of: str = DAY) -> dict[str, dict[str, Any]]:
        """The facts by name, once the exit code is as expected and the text says the same."""
        run = self._perdiem("doctor", "--as-of", as_of, "--json", *options)
        assert (run.code, run.err) == (code, "")
        assert run.record["whole"] is (code == 0)
        assert any(fact["state"] == "broken" for fact in run.record["facts"]) is (code == 1)
        text = self._perdiem("doctor", "--as-of", as_of, *options)
        assert (text.code, text.err) == (code, "")
        assert ("Everything that the basic commands need is there." in text.out) is (code == 0)
        said = "".join(text.out.split())
        for fact in run.record["facts"]:
            assert "".join(fact["said"].split()) in said
            assert "".join(fact["fix"].split()) in said
        return {
            f"extra {fact['name']}" if fact["part"] == "extras" else fact["name"]: fact
            for fact in run.record["facts"]
        }


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, perdiem: Perdiem) -> Home:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "300")
    for name in ("PERDIEM_LEDGER", "GSA_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path, perdiem)


# ---- a sound installation


def test_a_new_installation_is_sound_and_looking_makes_nothing(home: Home) -> None:
    facts = home.doctor()
    assert facts["perdiem"]["version"] == __version__
    assert facts["Python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert set(facts["libraries"]["libraries"]) >= {"openpyxl", "pandas", "requests_cache"}
    assert facts["today"]["said"] == "2026-11-23 is in fiscal year 2027, which is known"
    assert [name for name, fact in facts.items() if fact["state"] == "note"] == ["OCONUS", "API key", "ledger"]
    assert list(home.folder.iterdir()) == []


def test_each_fiscal_year_says_when_it_was_retrieved_and_its_sha(home: Home) -> None:
    facts = home.doctor()
    assert [name for name in facts if name.startswith("FY")] == [f"FY{year}" for year in range(2021, 2028)]
    last = facts["FY2027"]
    assert last["said"] == f"retrieved {last['retrieved_at']}, sha256 {last['sha256'][:12]}..., 295 localities"
    assert (last["own"], last["folder"], len(last["sha256"])) == (False, f"{data_folder()}/rates/2027", 64)


def test_the_law_in_force_on_the_day_is_reported(home: Home, perdiem: Perdiem) -> None:
    facts = home.doctor()
    assert facts["limit"]["said"] == "$1,000.00 for each officer"
    assert facts["mileage"]["said"] == "$0.76 a mile until 2026-12-31"
    run = perdiem("doctor", "--as-of", DAY, "--json")
    settings = {fact["setting"]: fact["value"] for fact in run.record["facts"] if fact["name"] == "setting"}
    assert settings == {
        "lodging_tax_counts_towards_cap": "yes",
        "over_rate_lodging": "capped",
        "late_claim": "review",
        "receipt_threshold": "75.00",
        "mie_basis": "flat",
        "collision_waiver_paid_conus": "no",
    }
    assert home.doctor(as_of="2026-06-30")["mileage"]["said"] == "$0.725 a mile until 2026-06-30"


# ---- libraries


@pytest.mark.parametrize(
    ("library", "extra"),
    [("sqlalchemy", "ledger"), ("psycopg", "postgres"), ("zipcodes", "analysis"), ("dask", "dask")],
)
def test_a_missing_extra_is_a_note_with_the_command_that_installs_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    fact = home.doctor()[f"extra {extra}"]
    assert fact["state"] == "note"
    assert fact["missing"] == [library]
    assert fact["fix"].startswith(f"run: {sys.executable} -m pip install ")
    assert fact["fix"].endswith(f'[{extra}]"')


def test_a_missing_library_that_everything_needs_is_broken(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    fact = home.doctor(code=1)["libraries"]
    assert fact["said"] == "for everything: xlsxwriter not installed"
    assert "-m pip install" in fact["fix"]


def test_a_library_without_a_version_is_there_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "site").mkdir()
    (home.folder / "site" / "matplotlib.py").write_text("")
    monkeypatch.setattr("perdiem_calc.cli.examination.version", _no_version)
    assert "matplotlib (no version)" in home.doctor()["extra analysis"]["said"]


def _no_version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError

    raise PackageNotFoundError(name)


# ---- rates


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The compiled rates of an installation from a wheel, to be damaged."""
    package = tmp_path / "site" / "perdiem_calc"
    package.mkdir(parents=True)
    shutil.copytree(data_folder(), package / "data")
    monkeypatch.setattr(ratebook_module, "_PACKAGE", str(package))
    return package / "data" / "ratebook.sqlite"


@pytest.mark.parametrize("damage", [b"", b"no database at all " * 200])
def test_rates_that_are_no_database_are_broken_and_no_command_fails_with_a_traceback(
    home: Home, perdiem: Perdiem, installed: Path, damage: bytes
) -> None:
    installed.write_bytes(damage)
    fact = home.doctor(code=1)["ratebook"]
    assert fact["state"] == "broken"
    assert fact["said"].startswith(f"{installed.parent}: the embedded rates are damaged (")
    assert fact["fix"] == "install the program again"
    run = perdiem("rate", "Orlando, FL", "--on", "2026-10-04")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"perdiem: {installed.parent}: the embedded rates are damaged (")


def test_rates_damaged_in_the_middle_are_found(home: Home, perdiem: Perdiem, installed: Path) -> None:
    content = bytearray(installed.read_bytes())
    half = len(content) // 2
    content[half:] = b"\xff" * (len(content) - half)
    installed.write_bytes(content)
    assert home.doctor(code=1)["ratebook"]["said"].startswith("the embedded rates are damaged (")
    run = perdiem("rate", "Orlando, FL", "--on", "2026-10-04")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("perdiem: a database of the program is damaged (")
    assert run.err.endswith("; run: perdiem doctor\n")


@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_year_of_ones_own_is_said_with_its_folder(home: Home) -> None:
    own = home.data / "rates" / "2028"
    shutil.copytree(f"{data_folder()}/rates/2027", own)
    facts = home.doctor(as_of="2027-10-01")
    assert facts["FY2028"]["own"] is True
    assert facts["FY2028"]["said"].endswith(f"; your own, in {own}")
    assert facts["FY2027"]["own"] is False
    assert facts["today"]["known"] is True


@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_year_of_ones_own_that_cannot_be_read_is_broken(home: Home) -> None:
    own = home.data / "rates" / "2028"
    shutil.copytree(f"{data_folder()}/rates/2027", own)
    (own / "mie.csv").write_text("total,breakfast\n86,22\n")
    fact = home.doctor(code=1)["ratebook"]
    assert str(own / "mie.csv") in fact["said"]
    assert fact["fix"]


def test_a_day_whose_fiscal_year_is_not_known_is_broken(home: Home) -> None:
    fact = home.doctor(code=1, as_of="2027-10-01")["today"]
    assert fact["said"] == "2027-10-01 is in fiscal year 2028, which is not known"
    assert fact["fix"] == (
        "set GSA_API_KEY and run: perdiem ratebook refresh --fiscal-year 2028; or update the program"
    )


def test_a_day_without_a_mileage_rate_is_a_note(home: Home) -> None:
    fact = home.doctor(as_of="2027-01-01")["mileage"]
    assert (fact["state"], fact["said"]) == ("note", "no mileage rate is in force on 2027-01-01")
    assert "update the program" in fact["fix"]


def test_a_day_before_the_rules_is_broken(home: Home) -> None:
    facts = home.doctor(code=1, as_of="2018-12-31")
    assert facts["law"]["said"].endswith("is known for 2018-12-31")
    assert facts["today"]["state"] == "broken"


def test_imported_rates_of_the_defense_department_are_reported(home: Home, perdiem: Perdiem) -> None:
    (home.folder / "oconus.txt").write_text(LIST, encoding="utf-8")
    assert perdiem("ratebook", "import-dtmo", home.folder / "oconus.txt").code == 0
    fact = home.doctor()["OCONUS"]
    assert (fact["state"], fact["file"]) == ("ok", "oconus.txt")
    assert fact["said"].startswith(f"list of {fact['month']} (oconus.txt), imported ")
    (stored,) = (home.data / "oconus").iterdir()
    (stored / "seasons.csv").write_text("spoilt")
    broken = home.doctor(code=1)["OCONUS"]
    assert (broken["state"], broken["fix"]) == ("broken", "remove the folder and import the file again")


# ---- GSA's service


def test_kept_answers_are_counted(home: Home) -> None:
    path = home.cache / "gsa_answers.sqlite"
    AnswerCache(path).write(Stored("https://api.example/rates", b"[]", datetime(2026, 11, 23, tzinfo=UTC)), None)
    fact = home.doctor()["cache"]
    assert (fact["state"], fact["answers"], fact["path"], fact["writable"]) == ("ok", 1, str(path), True)
    assert fact["bytes"] >= path.stat().st_size > 0


def test_a_damaged_cache_is_broken_until_it_is_cleared(home: Home, perdiem: Perdiem) -> None:
    home.cache.mkdir(parents=True)
    path = home.cache / "gsa_answers.sqlite"
    path.write_bytes(b"no cache at all " * 100)
    fact = home.doctor(code=1)["cache"]
    assert (fact["said"], fact["fix"]) == (f"{path} cannot be read as a cache", "run: perdiem cache clear")
    assert path.read_bytes() == b"no cache at all " * 100
    assert perdiem("cache", "clear").code == 0
    assert home.doctor()["cache"]["state"] == "ok"


def test_a_cache_that_may_not_be_written_is_a_note(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "cache").write_text("a file where the folder should be")
    fact = home.doctor()["cache"]
    assert (fact["state"], fact["writable"]) == ("note", False)
    assert "which may not be written" in fact["said"]
    (home.folder / "cache").unlink()
    path = home.cache / "gsa_answers.sqlite"
    AnswerCache(path).write(Stored("https://api.example/rates", b"[]", datetime(2026, 11, 23, tzinfo=UTC)), None)
    monkeypatch.setattr(os, "access", lambda what, mode: what != path)
    assert home.doctor()["cache"]["writable"] is False


def test_a_cache_that_the_system_refuses_to_show_is_broken(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: AnswerCache) -> None:
        raise PermissionError(13, "Permission denied", str(self.path))

    monkeypatch.setattr(AnswerCache, "status", refuse)
    fact = home.doctor(code=1)["cache"]
    assert fact["said"] == f"{home.cache / 'gsa_answers.sqlite'}: Permission denied"
    assert fact["fix"] == "check the rights of that file"


def test_whether_a_key_is_set_is_said_and_never_the_key(
    home: Home, perdiem: Perdiem, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.doctor()["API key"]["set"] is False
    monkeypatch.setenv("GSA_API_KEY", SECRET)
    fact = home.doctor()["API key"]
    assert (fact["state"], fact["said"]) == ("ok", "GSA_API_KEY is set: rates come from GSA's service")
    monkeypatch.setenv("GSA_API_URL", "https://proxy.example")
    assert home.doctor()["API key"]["said"].endswith("rates come from the address in GSA_API_URL")
    # An address with a password would send it with each question, and is none that can be used.
    monkeypatch.setenv("GSA_API_URL", "https://ann:hunter2@proxy.example")
    assert home.doctor(code=1)["API key"]["state"] == "broken"
    for run in (perdiem("doctor"), perdiem("doctor", "--json")):
        assert SECRET not in run.out + run.err
        assert "hunter2" not in run.out + run.err
    monkeypatch.delenv("GSA_API_URL")
    monkeypatch.setenv("GSA_API_KEY", "  ")
    assert home.doctor()["API key"]["set"] is False


# ---- the ledger


def test_a_ledger_says_where_it_is_its_version_and_what_is_in_it(
    home: Home, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(home.folder / "ledger.sqlite")
    begun(place, law, entry("A-1", "700.00"), entry("B-1", "300.00", officer="Kim Roe")).close()
    fact = home.doctor("--ledger", place)["ledger"]
    assert (fact["state"], fact["address"], fact["version"], fact["writable"]) == ("ok", place, VERSION, True)
    assert fact["said"] == (
        f"{place}, version {VERSION}: 2 officers, 2 claims, $1,000.00 used of the limits; 0 payments, $0.00 paid"
    )
    monkeypatch.setenv("PERDIEM_LEDGER", place)
    assert home.doctor()["ledger"] == fact


def test_the_ledger_of_the_users_folder_is_looked_at_without_a_name(home: Home, law: Law) -> None:
    home.data.mkdir(parents=True)
    begun(str(home.data / "ledger.sqlite"), law).close()
    assert home.doctor()["ledger"]["officers"] == 0


def test_a_ledger_that_is_not_there_is_a_note_and_not_begun(home: Home) -> None:
    place = home.folder / "none.sqlite"
    fact = home.doctor("--ledger", place)["ledger"]
    assert (fact["state"], fact["said"]) == ("note", f"there is none at {place}")
    assert not place.exists()


def test_a_ledger_of_another_version_is_broken(home: Home, law: Law) -> None:
    place = str(home.folder / "ledger.sqlite")
    with begun(place, law) as ledger:
        version = (
            "INSERT INTO ledger_version (version, program, recorded_at, recorded_by) VALUES (99, '9.0', 'now', 'Ann')"
        )
        run_sql(ledger, version)
    fact = home.doctor("--ledger", place, code=1)["ledger"]
    assert "the ledger has format version 99, and this program uses version 1" in fact["said"]
    assert fact["fix"].startswith("use the release of the program")


@pytest.mark.parametrize("content", [b"", b"a list of payments, in words " * 40])
def test_a_file_that_is_no_ledger_is_broken(home: Home, content: bytes) -> None:
    (home.folder / "ledger.sqlite").write_bytes(content)
    assert home.doctor("--ledger", home.folder / "ledger.sqlite", code=1)["ledger"]["fix"]
    assert (home.folder / "ledger.sqlite").read_bytes() == content


def test_a_database_of_something_else_is_broken(home: Home) -> None:
    with closing(sqlite3.connect(home.folder / "ledger.sqlite")) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    fact = home.doctor("--ledger", home.folder / "ledger.sqlite", code=1)["ledger"]
    assert fact["said"] == f"{home.folder / 'ledger.sqlite'}: holds no ledger"


def test_a_ledger_that_may_not_be_written_is_a_note(home: Home, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    place = home.folder / "ledger.sqlite"
    begun(str(place), law).close()
    monkeypatch.setattr(os, "access", lambda what, mode: what != place)
    fact = home.doctor("--ledger", place)["ledger"]
    assert (fact["state"], fact["writable"]) == ("note", False)
    assert fact["fix"].startswith("it may not be written")


def test_a_ledger_without_the_library_that_opens_it_is_broken(
    home: Home, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home.folder / "ledger.sqlite"
    begun(str(place), law).close()
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    facts = home.doctor("--ledger", place, code=1)
    assert facts["ledger"]["fix"] == f"run: {facts['ledger']['fix'][5:]}"
    assert facts["ledger"]["fix"].endswith('[ledger]"')


def test_a_server_that_does_not_answer_is_broken_and_its_password_not_told(home: Home) -> None:
    fact = home.doctor("--ledger", "postgresql://ann:hunter2@127.0.0.1:9/claims", code=1)["ledger"]
    assert fact["said"].startswith("postgresql://ann@127.0.0.1:9/claims: the server cannot be used")
    assert "hunter2" not in str(fact)


def test_an_address_that_is_none_is_broken(home: Home) -> None:
    fact = home.doctor("--ledger", "oracle://db/claims", code=1)["ledger"]
    assert fact["said"] == "--ledger: 'oracle' is not a kind of ledger"


def test_a_day_that_is_none_is_refused(perdiem: Perdiem) -> None:
    run = perdiem("doctor", "--as-of", "tomorrow")
    assert (run.code, run.out) == (2, "")
    assert run.err == "perdiem: --as-of: 'tomorrow' is not a date; write year-month-day, like 2026-10-04\n"


# ---- the browser application


def test_claims_in_preparation_are_counted_and_whoever_may_read_them_is_named(home: Home) -> None:
    assert home.doctor()["claims"]["said"].startswith("none yet")
    folder = home.data / "web"
    folder.mkdir(mode=0o700, parents=True)
    with closing(sqlite3.connect(folder / "web.sqlite")) as book, book:
        book.execute("CREATE TABLE web_preparation (deleted_at TEXT)")
        book.execute("INSERT INTO web_preparation VALUES (NULL), ('2026-11-01')")
    assert home.doctor()["claims"]["claims"] == 1
    folder.chmod(0o755)
    fact = home.doctor()["claims"]
    assert (fact["state"], fact["fix"]) == ("note", f"run: chmod 700 {folder}")
