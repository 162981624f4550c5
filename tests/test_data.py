"""The reviewed text: no gaps, no overlaps, nothing lost on the way from the source to the compiled rates."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib
import importlib.util
import io
import json
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.files import exact_rows
from perdiem_calc.rates.dtmo.names import HEADER
from perdiem_calc.rates.places import Locality, Place, place_key, squash
from perdiem_calc.rates.places.names import OCONUS_STATES
from perdiem_calc.rates.ratebook import Ratebook, text
from perdiem_calc.rates.ratebook.compiled import census_keys, compile_ratebook, compiled_in_memory, name_parts
from tests.support.house_rules import ROOT, unmeasured

DATA = ROOT / "data"
YEARS = [folder.name for folder in text.year_folders(DATA)]
OCONUS_PREFIXES = ("006", "007", "008", "009", "967", "968", "969", "995", "996", "997", "998", "999")


@pytest.fixture(scope="session")
def years() -> dict[str, text.RateYear]:
    with unmeasured():
        return {year: text.read_year(DATA / "rates" / year) for year in YEARS}


@pytest.fixture(scope="session")
def compiled() -> Iterator[sqlite3.Connection]:
    with unmeasured():
        book = compiled_in_memory(DATA)
    yield book
    book.close()


# ---- what the text must be


def test_the_fiscal_years_have_no_gap() -> None:
    assert list(map(int, YEARS)) == list(range(int(YEARS[0]), int(YEARS[-1]) + 1))
    assert int(YEARS[0]) <= 2021
    assert int(YEARS[-1]) >= 2027


@pytest.mark.parametrize("year", YEARS)
def test_a_fiscal_year_has_no_fault(year: str, years: dict[str, text.RateYear]) -> None:
    assert text.lint_year(years[year]) == []


@pytest.mark.parametrize("year", YEARS)
def test_every_locality_is_listed_by_its_state_and_covered(year: str, years: dict[str, text.RateYear]) -> None:
    one = years[year]
    listed = {(row.state, row.did) for row in one.listings}
    assert {(row.state, row.did) for row in one.lodging if row.did} <= listed
    reached = {row.did for row in one.counties} | {row.did for row in one.exceptions if row.kind == "carve_in"}
    assert {row.did for row in one.lodging} - {0} <= reached


@pytest.mark.parametrize("year", YEARS)
def test_a_city_left_out_of_a_locality_is_carved_into_another(year: str, years: dict[str, text.RateYear]) -> None:
    carved = {(row.state, row.city): row.did for row in years[year].exceptions if row.kind == "carve_in"}
    for row in years[year].exceptions:
        if row.kind == "excluded_from":
            assert carved[row.state, row.city] != row.did


@pytest.mark.parametrize("year", YEARS)
def test_no_zip_of_the_outlying_areas_has_a_rate(year: str, years: dict[str, text.RateYear]) -> None:
    assert not [row.zip for row in years[year].zips if row.zip.startswith(OCONUS_PREFIXES)]


@pytest.mark.parametrize("year", YEARS)
def test_the_hash_is_that_of_the_document_in_the_reference(
    shared_folder: Path, year: str, years: dict[str, text.RateYear]
) -> None:
    recorded = {row["url"]: row for row in reference(shared_folder, "sources.csv")}
    for name in (text.LODGING, text.MIE, text.ZIPCODES, text.STATES, text.COUNTIES, text.EXCEPTIONS):
        document = text.document_of(years[year], name)
        assert document.sha256 == recorded[document.url]["sha256"]
        assert document.published == recorded[document.url]["published"]


@pytest.mark.parametrize("year", YEARS)
def test_every_file_states_its_provenance(year: str, years: dict[str, text.RateYear]) -> None:
    for name in (text.LODGING, text.MIE, text.ZIPCODES, text.STATES, text.COUNTIES, text.EXCEPTIONS):
        date.fromisoformat(text.stated(years[year], name, "retrieved_at"))
        for what in ("publisher", "document", "url", "sha256", "checked"):
            assert text.stated(years[year], name, what)


def test_every_county_of_every_year_is_a_census_county(years: dict[str, text.RateYear]) -> None:
    counties = {(row.state, row.county) for row in text.read_places(DATA / text.PLACES)}
    for year in years.values():
        assert {(row.state, row.county) for row in year.counties} <= counties


POST_OFFICE = re.compile(r"post office ([0-9]{5})\b")


@pytest.mark.unmeasured
def test_an_alias_gives_a_reason_and_is_not_a_name_already_known(years: dict[str, text.RateYear]) -> None:
    """A name that the Census knows elsewhere needs a post office, which the ZIP list puts in another locality."""
    rows = [row for row in text.read_places(DATA / text.PLACES) if row.kind != "county"]
    lies_in = {(row.state, squash(key), row.county) for row in rows for key in census_keys(row.place)}
    census = {(state, key) for state, key, _ in lies_in}
    parts = {(row.state, squash(key)) for y in years.values() for row in y.lodging for key in name_parts(row.city)}
    bases = {(row.state, squash(place_key(row.city))) for y in years.values() for row in y.exceptions}
    aliases = text.read_aliases(DATA / text.ALIASES)
    for alias in aliases:
        assert alias.reason
        assert bool(alias.same_as) != bool(alias.county), alias
        key = squash(place_key(alias.name))
        if POST_OFFICE.match(alias.reason):
            assert (alias.state, key) not in parts, alias
            assert (alias.state, key, alias.county) not in lies_in, alias
        else:
            assert (alias.state, key) not in (census - bases) | parts, alias
    assert len(set(aliases)) == len(aliases)
    assert list(aliases) == sorted(aliases)


def test_a_post_office_of_an_alias_is_listed_where_the_alias_says(years: dict[str, text.RateYear]) -> None:
    found = [
        (alias, match[1])
        for alias in text.read_aliases(DATA / text.ALIASES)
        if (match := POST_OFFICE.match(alias.reason))
    ]
    assert found
    for year in years.values():
        of_county = {(row.state, row.county): row.did for row in year.counties}
        of_city = {(row.state, row.city): row.did for row in year.exceptions if row.kind == "carve_in"}
        for alias, zip5 in found:
            listed = {row.did for row in year.zips if row.zip == zip5}
            same = of_city.get((alias.state, alias.same_as.lower())) if alias.same_as else None
            assert (same or of_county.get((alias.state, alias.county), 0)) in listed, (year.fiscal_year, alias)


def test_an_other_name_outside_gives_a_reason_and_leads_to_one_place() -> None:
    """A former name, or a part of a larger place; the table is in order, and no name is there twice."""
    rows = [row for _, row in exact_rows((DATA / "oconus_names.csv").read_text(encoding="utf-8"), HEADER)]
    assert rows == sorted(rows, key=lambda row: (row[0], row[1].lower()))
    for state, name, relation, place, reason in rows:
        assert state in OCONUS_STATES, name
        assert relation in ("is", "in"), name
        assert place_key(name) != place_key(place)
        assert reason, name
    keys = [(row[0], place_key(row[1])) for row in rows]
    assert len(set(keys)) == len(keys)


def test_no_file_is_large_and_packed_files_carry_no_clock() -> None:
    for name in text.text_files(DATA):
        content = (DATA / name).read_bytes()
        assert len(content) < 2_000_000
        if name.endswith(".gz"):
            assert content[4:8] == bytes(4)


def test_a_year_written_again_is_the_same(years: dict[str, text.RateYear], tmp_path: Path) -> None:
    text.write_year(tmp_path / "2027", years["2027"])
    assert text.read_year(tmp_path / "2027") == years["2027"]
    for path in (tmp_path / "2027").iterdir():
        assert unpacked(path) == unpacked(DATA / "rates" / "2027" / path.name)


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


# ---- a fault is found


@pytest.mark.parametrize(
    ("field", "change", "fault"),
    [
        ("lodging", lambda r: r[1]._replace(months=(0, *r[1].months[1:])), "has not twelve positive months"),
        ("lodging", lambda r: r[1]._replace(months=r[1].months[1:]), "has not twelve positive months"),
        ("lodging", lambda r: r[1]._replace(meals=67), "M&IE 67, which is no tier"),
        ("lodging", lambda r: r[1]._replace(state=""), "a locality has a state"),
        ("lodging", lambda r: r[0]._replace(state="TX"), "the standard rate has none"),
        ("lodging", lambda r: r[1], "appears twice"),
        ("tiers", lambda r: r[0]._replace(dinner=29), "do not add up"),
        ("tiers", lambda r: r[0]._replace(first_last_day="51.01"), "51.01 is not 75 % of 68"),
        ("tiers", lambda r: r[0], "appears twice"),
        ("zips", lambda r: r[0]._replace(did=9999), "names locality 9999"),
        ("zips", lambda r: r[0]._replace(zip="8544"), "'8544' is not five digits"),
        ("zips", lambda r: r[0], "appears twice"),
        ("listings", lambda r: r[0]._replace(did=9999), "AL names locality 9999"),
        ("counties", lambda r: r[0]._replace(did=9999), "baldwin, AL names locality 9999"),
        ("counties", lambda r: r[0]._replace(did=1), "appears twice"),
        ("exceptions", lambda r: r[0]._replace(did=9999), "sedona, AZ names locality 9999"),
        ("exceptions", lambda r: r[0]._replace(kind="carved"), "unknown kind 'carved'"),
    ],
)
def test_a_fault_is_named(field: str, change: Any, fault: str, years: dict[str, text.RateYear]) -> None:
    rows = getattr(years["2027"], field)
    changed: dict[str, Any] = {field: (*rows, change(rows))}
    faulty = dataclasses.replace(years["2027"], **changed)
    assert [found for found in text.lint_year(faulty) if fault in found]


def test_a_missing_standard_rate_is_named(years: dict[str, text.RateYear]) -> None:
    without = dataclasses.replace(years["2027"], lodging=years["2027"].lodging[1:])
    assert "lodging.csv: the standard rate (did 0) is missing" in text.lint_year(without)


def test_a_row_that_cannot_be_read_is_named_by_file_and_line(tmp_path: Path) -> None:
    year = tmp_path / "2027"
    shutil.copytree(DATA / "rates" / "2027", year)
    tiers = (year / text.MIE).read_text(encoding="utf-8")
    for written, fault in (
        (tiers.replace("68,16,", "68,sixteen,"), "line 2: 'sixteen' is not a whole number"),
        (tiers.replace("68,16,", "68,"), "line 2: 5 columns; write 6"),
        (tiers.replace("total,", "sum,"), "line 1: the header is"),
        ("", "is empty; restore it from the repository"),
    ):
        (year / text.MIE).write_text(written, encoding="utf-8")
        with pytest.raises(InputError, match=fault):
            text.read_year(year)
    (year / text.MIE).unlink()
    with pytest.raises(InputError, match="restore it from the repository"):
        text.read_year(year)
    with pytest.raises(InputError, match="'data' is not a fiscal year"):
        text.read_year(DATA)


def test_provenance_that_states_nothing_is_named(years: dict[str, text.RateYear]) -> None:
    for written in ("", "[file", '[file."mie.csv"]\npublisher = "GSA"\n'):
        with pytest.raises(InputError, match=r"no retrieved_at of mie\.csv"):
            text.stated(dataclasses.replace(years["2027"], provenance=written), text.MIE, "retrieved_at")


@pytest.mark.parametrize(
    ("name", "written", "fault"),
    [
        ("rates/2027/counties.csv", "state,county,did\nAL,nowhere,1\n", "nowhere, AL is not a county"),
        ("rates/2027/counties.csv", "state,county,did\nAL,baldwin,9999\n", "names locality 9999"),
        ("aliases.csv", "state,name,same_as,county,reason\nNY,Here,,nowhere,x\n", "Here, NY: no such county"),
        ("aliases.csv", "state,name,same_as,county,reason\nNY,Here,Nowhere,,x\n", "Here, NY: no such place"),
    ],
)
def test_a_faulty_text_is_not_compiled(name: str, written: str, fault: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("202[1-6]", "*.sqlite*", "samples"))
    (data / name).write_text(written, encoding="utf-8")
    with pytest.raises(InputError, match=fault):
        compile_ratebook(data, tmp_path / "book.sqlite")
    assert not (tmp_path / "book.sqlite").exists()


# ---- compiled equals text


@pytest.mark.unmeasured
def test_the_compiled_localities_and_tiers_are_the_text(
    compiled: sqlite3.Connection, years: dict[str, text.RateYear]
) -> None:
    for year in years.values():
        fy = year.fiscal_year
        rows = {row[1]: row[2:] for row in compiled.execute("SELECT * FROM locality WHERE fy = ?", (fy,))}
        assert rows == {r.did: (r.city, r.state, r.county, *r.months, r.meals) for r in year.lodging}
        tiers = {row[1:] for row in compiled.execute("SELECT * FROM tier WHERE fy = ?", (fy,))}
        assert tiers == set(year.tiers)
        listed = set(compiled.execute("SELECT state, id FROM listing WHERE fy = ?", (fy,)))
        assert listed == set(year.listings)


@pytest.mark.unmeasured
def test_the_compiled_zips_and_counties_are_the_text(
    compiled: sqlite3.Connection, years: dict[str, text.RateYear]
) -> None:
    counties = "SELECT c.state, c.key, l.id FROM county_locality l JOIN county c ON c.id = l.county"
    for year in years.values():
        in_force = (year.fiscal_year, year.fiscal_year)
        zips = compiled.execute("SELECT zip, id, state FROM zip WHERE fy_from <= ? AND fy_to >= ?", in_force)
        assert Counter((f"{z:05}", did, state) for z, did, state in zips) == Counter(year.zips)
        mapped = compiled.execute(f"{counties} WHERE l.fy_from <= ? AND l.fy_to >= ?", in_force)
        assert set(mapped) == {(r.state, place_key(r.county), r.did) for r in year.counties}


@pytest.mark.unmeasured
def test_every_locality_is_found_by_its_name_and_by_each_part_of_it(
    ratebook: Ratebook, years: dict[str, text.RateYear]
) -> None:
    for year in years.values():
        for row in year.lodging[1:]:
            for name in (row.city, *row.city.split("/")):
                found = ratebook.resolve(f"{name.strip()}, {row.state}", year.fiscal_year).locality
                assert found == Locality(row.did, row.city, row.state), (year.fiscal_year, name)


@pytest.mark.unmeasured
def test_every_zip_of_the_current_year_resolves_to_its_localities(
    ratebook: Ratebook, years: dict[str, text.RateYear]
) -> None:
    localities = defaultdict(set)
    for row in years["2027"].zips:
        localities[row.zip].add(row.did)
    rates = {row.did: (row.months, row.meals) for row in years["2027"].lodging}
    for zip_code, dids in localities.items():
        found = ratebook.resolve(Place(zip=zip_code), 2027)
        candidates = {candidate.locality.id for candidate in found.candidates}
        if len({rates[did] for did in dids}) > 1:
            assert (found.status, candidates) == ("ambiguous", dids)
        else:
            assert found.locality is not None
            assert {found.locality.id} | candidates == dids


@pytest.mark.unmeasured
def test_nearly_every_census_name_resolves_to_one_locality(ratebook: Ratebook) -> None:
    """97.9 % do in fiscal year 2027; the others lie, or a post office of the name lies, in several localities."""
    outlying = {"AK", "HI", "PR", "GU", "VI", "AS", "MP", "UM"}
    rows = text.read_places(DATA / text.PLACES)
    names = {(r.state, r.place) for r in rows if r.kind != "county" and r.state not in outlying}
    assert len(names) == 40_746
    statuses = Counter(ratebook.resolve(Place(city=n, state=s), 2027).status for s, n in names)
    assert round(statuses["resolved"] / len(names), 3) == 0.979
    assert statuses["unresolved"] <= 3


# ---- equal to the figures they started from


def reference(shared_folder: Path, name: str) -> list[dict[str, str]]:
    content = unpacked(shared_folder / "reference" / name).decode("utf-8")
    return list(csv.DictReader(io.StringIO(content, newline="")))


@pytest.mark.unmeasured
def test_every_locality_and_month_equals_the_starting_figures(shared_folder: Path, ratebook: Ratebook) -> None:
    rows = reference(shared_folder, "conus_rates_monthly.csv")
    compared = 0
    for row in rows:
        locality = Locality(int(row["did"]), row["destination"], row["state"])
        for month, name in enumerate(text.MONTHS, start=1):
            on = date(int(row["fiscal_year"]) - (month >= 10), month, 1)
            rate = ratebook.rate(locality, on)
            assert (rate.lodging, rate.mie.total) == (Decimal(row[name]), Decimal(row["mie"]))
            compared += 1
    assert compared == 12 * 2150


def test_every_tier_equals_the_starting_figures(shared_folder: Path, years: dict[str, text.RateYear]) -> None:
    rows = reference(shared_folder, "mie_breakdown.csv")
    found = {(year.fiscal_year, *map(str, tier)) for year in years.values() for tier in year.tiers}
    columns = ("total", "breakfast", "lunch", "dinner", "incidentals", "first_last_day_75")
    assert found == {(int(row["fiscal_year"]), *(row[name] for name in columns)) for row in rows}
    assert len(rows) == 36


@pytest.mark.unmeasured
def test_every_zip_equals_the_starting_figures(shared_folder: Path, ratebook: Ratebook) -> None:
    rows = reference(shared_folder, "zip_destination.csv.gz")
    expected = defaultdict(list)
    for row in rows:
        expected[int(row["fiscal_year"]), row["zip"]].append((int(row["did"]), row["state"]))
    assert sum(map(len, expected.values())) == 297_300
    for (year, zip_code), localities in expected.items():
        assert sorted(ratebook.zip_rows(zip_code, year)) == sorted(localities)


@pytest.mark.unmeasured
def test_the_text_is_what_the_script_makes_of_the_starting_figures(shared_folder: Path, tmp_path: Path) -> None:
    script = loaded(DATA / "from_reference.py")
    script.write(shared_folder / "reference", tmp_path, date(2026, 11, 23))
    for name in text.text_files(DATA):
        if name != text.ALIASES:
            assert digest(tmp_path / name) == digest(DATA / name), name


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digest(path: Path) -> str:
    return hashlib.sha256(unpacked(path)).hexdigest()


def test_places_the_api_was_asked_for_lead_to_the_locality_it_answered(
    shared_folder: Path, ratebook: Ratebook
) -> None:
    for place, file in (
        ("Bethesda, MD", "city_Bethesda_state_MD_year_2027.json"),
        ("Boise, ID", "city_Boise_state_ID_year_2027.json"),
        ("Crystal City, VA", "city_Crystal20City_state_VA_year_2027.json"),
        ("Abingdon, VA", "city_Abingdon_state_VA_year_2027.json"),
    ):
        body = json.loads((shared_folder / "reference" / "api" / file).read_text(encoding="utf-8"))
        (row,) = body["rates"][0]["rate"]
        for month in row["months"]["month"]:
            on = date(2027 - (month["number"] >= 10), month["number"], 1)
            rate = ratebook.rate(place, on)
            assert (rate.locality.name, rate.lodging, rate.mie.total) == (row["city"], month["value"], row["meals"])
