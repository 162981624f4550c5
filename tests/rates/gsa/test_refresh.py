"""A fiscal year fetched from the service: written only when every check has passed, and used from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import responses

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import user_folder
from perdiem_calc.rates.gsa import GsaClient
from perdiem_calc.rates.gsa.transport import BASE_URL
from perdiem_calc.rates.ratebook import Ratebook, text
from perdiem_calc.rates.refresh import Refreshed, RefreshRefused, known_counties, refresh_year, year_before
from tests.rates.gsa.bulk import Bulk, shortened, year_text
from tests.rates.gsa.conftest import KEY, PaperClock
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT

Refresh = Callable[..., Refreshed]
DATA = ROOT / "data"
FEW = 2000


@pytest.fixture
def bulk() -> Bulk:
    return Bulk(zips=FEW)


@pytest.fixture(scope="module")
def counties() -> Set[tuple[str, str]]:
    return known_counties(DATA)


@pytest.fixture
def refresh(paper: PaperClock, tmp_path: Path, counties: Set[tuple[str, str]]) -> Iterator[Refresh]:
    """Fetches fiscal year 2028 as a Bulk states it into a folder, and holds it against 2027."""
    before = shortened(year_text(2027), FEW)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:

        def run(bulk: Bulk, into: Path = tmp_path) -> Refreshed:
            for path, content in bulk.bodies(2028).items():
                mock.get(BASE_URL + path, body=content)
            client = GsaClient(KEY, None, clock=paper.clock())
            return refresh_year(client, 2028, before if len(bulk.zips) < 2 * FEW else year_text(2027), counties, into)

        yield run


def test_the_same_figures_give_the_same_text(refresh: Refresh, tmp_path: Path) -> None:
    written = refresh(Bulk())
    assert (written.localities, written.tiers) == (295, 5)
    for name in (text.LODGING, text.MIE, text.ZIPCODES, text.STATES, text.COUNTIES, text.EXCEPTIONS):
        ours = DATA / "rates" / "2027" / name
        assert (tmp_path / "rates" / "2028" / name).read_bytes() == ours.read_bytes(), name
    provenance = text.read_year(tmp_path / "rates" / "2028").provenance
    assert 'document = "GSA Per Diem API"\nurl = "https://' in provenance
    assert '/rates/conus/lodging/2028"\n' in provenance
    assert 'retrieved_at = "2026-11-23"' in provenance
    assert "carried over from fiscal year 2027" in provenance
    assert all(line.startswith("carried over: ") for line in written.review)
    assert sorted(path.name for path in (tmp_path / "rates").iterdir()) == ["2028"]


def test_new_changed_and_ended_localities_are_for_review(refresh: Refresh, bulk: Bulk, tmp_path: Path) -> None:
    new = bulk.of("Boise") | {"City": "Twin Falls", "County": "Twin Falls", "DID": "555"}
    vague = bulk.of("Boise") | {"City": "Sun Valley", "County": "Blaine / the valley", "DID": "556"}
    bulk.lodging += [new, vague]
    bulk.of("Blacksburg")["County"] = "Montgomery / Pulaski Counties"
    bulk.lodging.remove(bulk.of("Wallops Island"))
    bulk.zips = [row for row in bulk.zips if row["DID"] != "372"]
    written = refresh(bulk)
    reviewed = [line for line in written.review if not line.startswith("carried over")]
    assert reviewed == [
        "Sun Valley, ID (556) is new: 'Blaine / the valley': could not be read in full (the valley); "
        "check counties.csv",
        "Twin Falls, ID (555) is new: 'Twin Falls': read as counties; check counties.csv",
        "Blacksburg, VA (459) was 'Montgomery' and is now 'Montgomery / Pulaski Counties': read as counties; "
        "check counties.csv",
        "Wallops Island, VA (372) is no longer listed: the standard rate applies",
    ]
    counties = text.read_year(tmp_path / "rates" / "2028").counties
    assert text.CountyRow("ID", "twin falls", 555) in counties
    assert text.CountyRow("VA", "pulaski", 459) in counties
    assert not [row for row in counties if row.did in (372, 556)]


def zero(bulk: Bulk) -> None:
    bulk.of("Boise")["Jun"] = "0"


def missing(bulk: Bulk) -> None:
    del bulk.of("Boise")["Jun"]


def cents(bulk: Bulk) -> None:
    bulk.of("Boise")["Jun"] = "200.50"


def tier_in_cents(bulk: Bulk) -> None:
    bulk.mie[0] |= {"breakfast": 16.5, "lunch": 18.5}


def no_such_tier(bulk: Bulk) -> None:
    bulk.of("Boise")["Meals"] = "87"


def unknown_locality(bulk: Bulk) -> None:
    bulk.zips[5]["DID"] = "7777"


def fewer_localities(bulk: Bulk) -> None:
    bulk.lodging = [row for row in bulk.lodging if int(row["DID"]) < 200 or row["DID"] == "0"]


def fewer_zips(bulk: Bulk) -> None:
    bulk.zips = bulk.zips[:1700]


def no_standard(bulk: Bulk) -> None:
    bulk.lodging = [row for row in bulk.lodging if row["DID"] != "0"]
    bulk.zips = [row for row in bulk.zips if row["DID"] != "0"]


def two_rates(bulk: Bulk) -> None:
    next(row for row in bulk.lodging if row["DID"] == "75" and row["State"] == "VA")["Jan"] = "999"


def two_names(bulk: Bulk) -> None:
    next(row for row in bulk.lodging if row["DID"] == "75" and row["State"] == "VA")["City"] = "Arlington"


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (zero, "Boise, ID: no rate above zero for Jun"),
        (missing, "Boise, ID: no rate above zero for Jun"),
        (cents, "Boise, ID: 200.50 is not whole dollars"),
        (tier_in_cents, "M&IE tier 68.00 is not in whole dollars"),
        (no_such_tier, "Boise (495) has M&IE 87, which is no tier"),
        (unknown_locality, "names locality 7777"),
        (fewer_localities, "localities, and 296 in fiscal year 2027: more than 10 % apart"),
        (fewer_zips, "in fiscal year 2027: more than 10 % apart"),
        (no_standard, "10 % apart"),
        (two_rates, "locality 75 is listed with different names or rates"),
        (two_names, "locality 75 is listed with different names or rates"),
    ],
)
def test_a_failed_check_changes_nothing(
    refresh: Refresh, bulk: Bulk, tmp_path: Path, spoil: Callable[[Bulk], None], check: str
) -> None:
    spoil(bulk)
    with pytest.raises(RefreshRefused) as caught:
        refresh(bulk)
    assert check in str(caught.value)
    assert "nothing was changed" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_year_that_is_there_is_replaced_whole_or_not_at_all(
    refresh: Refresh, bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(bulk)
    folder = tmp_path / "rates" / "2028"
    bulk.of("Boise")["Jun"] = "205"
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if target == folder and path.parent.name.startswith(".") and path.name == "2028":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fails)
        with pytest.raises(OutputError, match="No space left on device"):
            refresh(bulk)
    assert text.read_year(folder).lodging == year_text(2027).lodging
    refresh(bulk)
    (boise,) = (row for row in text.read_year(folder).lodging if row.city == "Boise")
    assert boise.months[5] == 205
    assert [path.name for path in folder.parent.iterdir()] == ["2028"]


def test_what_does_not_read_back_is_not_put_there(
    refresh: Refresh, bulk: Bulk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = year_text(2027)
    monkeypatch.setattr(text, "read_year", lambda folder: before)
    with pytest.raises(OutputError, match="does not read back"):
        refresh(bulk)
    assert list((tmp_path / "rates").iterdir()) == []


def test_a_folder_that_cannot_be_written(refresh: Refresh, bulk: Bulk, tmp_path: Path) -> None:
    (tmp_path / "rates").write_text("a file where the folder should be")
    with pytest.raises(OutputError):
        refresh(bulk)


def test_which_year_a_year_is_held_against() -> None:
    folders = text.year_folders(DATA)
    assert year_before(2028, folders).fiscal_year == 2027
    assert year_before(2025, folders).fiscal_year == 2025
    with pytest.raises(InputError, match="no fiscal year before 2020"):
        year_before(2020, folders)


# ---- a user's own years


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("GSA_API_KEY", KEY)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "perdiem_calc"


def serve(mock: responses.RequestsMock) -> None:
    bulk = Bulk()
    bulk.of("Boise")["Oct"] = "205"
    for path, content in bulk.bodies(2028).items():
        mock.get(BASE_URL + path, body=content)


@pytest.mark.unmeasured
@pytest.mark.slow
def test_the_command_and_the_year_it_adds(perdiem: Perdiem, home: Path) -> None:
    assert perdiem("rate", "Boise, ID", "--on", "2027-10-01", "--source", "ratebook").code == 3
    with responses.RequestsMock() as mock:
        serve(mock)
        run = perdiem("ratebook", "refresh", "--fiscal-year", "2028")
    assert run.code == 0
    assert "295 localities, 5 M&IE tiers and 4" in run.out
    assert f"ZIPs are in {home / 'rates' / '2028'}\n" in run.out
    assert "Please review:\n  carried over: " in run.out
    rate = perdiem("rate", "Boise, ID", "--on", "2027-10-01", "--source", "ratebook", "--json").record
    assert (rate["lodging"], rate["source"]["file"]) == ("205.00", "perdiem_calc/rates/2028/lodging.csv")
    assert rate["source"]["file_sha256"] == text.sha256_of(home / "rates" / "2028" / "lodging.csv")
    years = perdiem("ratebook", "status", "--json").record["years"]
    assert [year["fiscal_year"] for year in years] == list(range(2021, 2029))
    assert years[-1]["sources"][2]["url"].endswith("/rates/conus/lodging/2028")
    before = (home / "ratebook.sqlite").stat().st_mtime_ns
    Ratebook.open().close()
    assert (home / "ratebook.sqlite").stat().st_mtime_ns == before, "compiled once"


@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_year_of_ones_own_stands_for_the_embedded_one(home: Path) -> None:
    ours = year_text(2027)
    changed = [row._replace(months=(300,) * 12) if row.city == "Boise" else row for row in ours.lodging]
    text.write_year(home / "rates" / "2027", replace_lodging(ours, changed))
    book = Ratebook.open()
    assert book.years == tuple(range(2021, 2028))
    assert book.rate("Boise, ID", date(2026, 11, 23)).lodging == 300
    assert book.rate("Boise, ID", date(2025, 11, 23)).source.name == "data/rates/2026/lodging.csv"
    book.close()
    (home / "rates" / "2027" / "mie.csv").write_text("total\n")
    with pytest.raises(InputError, match=r"mie\.csv, line 1"):
        Ratebook.open()


def replace_lodging(year: text.RateYear, lodging: Any) -> text.RateYear:
    from dataclasses import replace

    return replace(year, lodging=tuple(lodging))


def test_the_command_into_a_folder(perdiem: Perdiem, home: Path, tmp_path: Path) -> None:
    with responses.RequestsMock() as mock:
        serve(mock)
        run = perdiem("ratebook", "refresh", "--fiscal-year", "2028", "--into", tmp_path / "data", "--json")
    assert run.record["folder"] == str(tmp_path / "data" / "rates" / "2028")
    assert not home.exists()


def test_the_users_folder_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/ann")
    assert user_folder() == Path("/srv/ann/perdiem_calc")
    monkeypatch.setenv("XDG_DATA_HOME", "")
    assert user_folder().is_absolute()
    assert user_folder().parts[-3:] == (".local", "share", "perdiem_calc")
