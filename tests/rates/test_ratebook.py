"""The embedded rates as a source of rates: figures, provenance, refusals, and the compiled file."""

from __future__ import annotations

import copy
import dataclasses
import gc
import os
import pickle
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

import perdiem_calc.rates.ratebook as module
from perdiem_calc.errors import InputError, OutputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rates.places import Locality, Place
from perdiem_calc.rates.ratebook import Ratebook, text
from perdiem_calc.rates.ratebook.compiled import compile_ratebook
from tests.support.house_rules import ROOT

DATA = ROOT / "data"


# ---- figures: read off GSA's tables


@pytest.mark.parametrize(
    ("place", "on", "lodging", "mie", "first_last_day"),
    [
        ("Orlando, FL", date(2026, 9, 30), "140.00", "80.00", "60.00"),
        ("Orlando, FL", date(2026, 10, 1), "145.00", "80.00", "60.00"),
        ("Orlando, FL", date(2026, 12, 31), "145.00", "80.00", "60.00"),
        ("Orlando, FL", date(2027, 1, 1), "178.00", "80.00", "60.00"),
        ("Orlando, FL", date(2027, 4, 1), "145.00", "80.00", "60.00"),
        ("Washington, DC", date(2027, 6, 30), "295.00", "92.00", "69.00"),
        ("Washington, DC", date(2027, 7, 1), "192.00", "92.00", "69.00"),
        ("Aspen, CO", date(2026, 11, 30), "173.00", "92.00", "69.00"),
        ("Aspen, CO", date(2026, 12, 1), "419.00", "92.00", "69.00"),
        ("Martha's Vineyard", date(2021, 6, 1), "340.00", "76.00", "57.00"),
        ("Martha's Vineyard", date(2020, 10, 1), "158.00", "76.00", "57.00"),
        ("Abingdon, VA", date(2027, 1, 1), "113.00", "68.00", "51.00"),
        ("Abingdon, VA", date(2021, 9, 30), "96.00", "55.00", "41.25"),
        ("Abingdon, VA", date(2021, 10, 1), "96.00", "59.00", "44.25"),
    ],
)
def test_the_rate_of_a_place_on_a_day(
    ratebook: Ratebook, place: str, on: date, lodging: str, mie: str, first_last_day: str
) -> None:
    rate = ratebook.rate(place, on)
    assert (rate.lodging, rate.mie.total, rate.mie.first_last_day) == (
        Decimal(lodging),
        Decimal(mie),
        Decimal(first_last_day),
    )
    assert rate.month == on.month


def test_the_meals_of_a_tier(ratebook: Ratebook) -> None:
    tier = ratebook.rate("Orlando, FL", date(2026, 10, 4)).mie
    meals = (tier.breakfast, tier.lunch, tier.dinner, tier.incidental)
    assert meals == (Decimal(20), Decimal(22), Decimal(33), Decimal(5))


def test_a_rate_says_where_it_came_from(ratebook: Ratebook) -> None:
    source = ratebook.rate("Orlando, FL", date(2026, 10, 4)).source
    assert (source.kind, source.name) == ("ratebook", "data/rates/2027/lodging.csv")
    assert source.sha256 == text.sha256_of(ROOT / source.name)
    assert date.fromisoformat(source.retrieved_at) <= date(2027, 9, 30)
    assert source.stale_since is None


def test_a_locality_is_priced_without_looking_the_place_up(ratebook: Ratebook) -> None:
    on = date(2026, 10, 4)
    assert ratebook.rate(Locality(98, "Orlando", "FL"), on) == ratebook.rate("Orlando, FL", on)
    assert ratebook.rate(Place("Orlando", "FL"), on) == ratebook.rate("Orlando, FL", on)
    assert ratebook.rate(Locality(0, "", "TX"), on).locality == Locality(0, "Standard Rate", "TX")
    assert ratebook.rate(Locality(98, "", ""), on).locality == Locality(98, "Orlando", "FL")
    assert ratebook.locality("Bethesda, MD", on) == Locality(75, "District of Columbia", "MD")


def test_a_later_fiscal_year_never_touches_an_earlier_day(ratebook: Ratebook) -> None:
    years = {ratebook.rate("Orlando, FL", date(year, 9, 30)).fiscal_year for year in range(2021, 2028)}
    assert years == set(range(2021, 2028))


# ---- refusals


@pytest.mark.parametrize(("on", "year"), [(date(2020, 9, 30), 2020), (date(2027, 10, 1), 2028)])
def test_a_year_without_rates_is_refused_and_the_years_known_are_named(
    ratebook: Ratebook, on: date, year: int
) -> None:
    for ask in (ratebook.rate, ratebook.locality):
        with pytest.raises(RateUnavailable, match=f"no rates of fiscal year {year}; .* 2021 to 2027"):
            ask("Orlando, FL", on)
    with pytest.raises(RateUnavailable, match="no rates of fiscal year"):
        ratebook.rate(Locality(98, "Orlando", "FL"), on)
    with pytest.raises(RateUnavailable, match="no rates of fiscal year"):
        ratebook.localities(year)


def test_a_locality_that_a_year_does_not_list_is_refused(ratebook: Ratebook) -> None:
    boise = Locality(495, "Boise", "ID")
    assert ratebook.rate(boise, date(2027, 1, 1)).locality == boise
    with pytest.raises(RateUnavailable, match="lists no locality 9999; name the place"):
        ratebook.rate(Locality(9999, "Nowhere", "TX"), date(2021, 1, 1))


@pytest.mark.parametrize(("place", "status"), [("Bothell, WA", "ambiguous"), ("Anchorage, AK", "oconus")])
def test_a_place_without_one_locality_is_refused(ratebook: Ratebook, place: str, status: str) -> None:
    with pytest.raises(PlaceNotResolved) as raised:
        ratebook.rate(place, date(2026, 10, 4))
    assert raised.value.status == status


# ---- what is in it


def test_every_fiscal_year_is_there_with_its_standard_rate(ratebook: Ratebook) -> None:
    assert ratebook.years == tuple(range(2021, 2028))
    status = {year.fiscal_year: year for year in ratebook.status()}
    standard = {fy: (int(one.standard_lodging), int(one.standard_mie)) for fy, one in status.items()}
    assert standard == {
        2021: (96, 55),
        2022: (96, 59),
        2023: (98, 59),
        2024: (107, 59),
        2025: (110, 68),
        2026: (110, 68),
        2027: (113, 68),
    }
    assert [one.localities for one in ratebook.status()] == [319, 319, 316, 302, 296, 296, 295]
    for one in ratebook.status():
        assert len(ratebook.localities(one.fiscal_year)) == one.localities + 1
        assert {source.file for source in one.sources} >= {f"data/rates/{one.fiscal_year}/lodging.csv"}


def test_the_tiers_of_a_year(ratebook: Ratebook) -> None:
    assert [int(tier.total) for tier in ratebook.tiers(2027)] == [68, 74, 80, 86, 92]
    assert [int(tier.total) for tier in ratebook.tiers(2021)] == [55, 56, 61, 66, 71, 76]


def test_a_ratebook_is_a_source_of_rates(ratebook: Ratebook) -> None:
    source: RateSource = ratebook
    assert source.locality(Place(zip="32801"), date(2026, 10, 4)).id == 98


@pytest.mark.parametrize("on", ["2026-10-04", None, 20261004, float("nan"), pd.NaT, np.datetime64("2026-10-04")])
def test_what_is_no_day_is_refused(ratebook: Ratebook, on: Any) -> None:
    for ask in (ratebook.rate, ratebook.locality):
        with pytest.raises(InputError, match=r"is not a day; give a datetime\.date"):
            ask("Orlando, FL", on)


def test_a_datetime_counts_as_its_day(ratebook: Ratebook) -> None:
    """September 30 ends fiscal year 2026, at whatever hour: 140 dollars, and 145 from the next day on."""
    assert ratebook.rate("Orlando, FL", datetime(2026, 9, 30, 23, 59)).lodging == Decimal(140)
    assert ratebook.rate("Orlando, FL", pd.Timestamp("2026-10-01")).lodging == Decimal(145)


@pytest.mark.parametrize("where", [32801, None, ["Orlando", "FL"], float("nan")])
def test_what_is_no_place_is_refused(ratebook: Ratebook, where: Any) -> None:
    with pytest.raises(InputError, match="is not a place; give a text"):
        ratebook.rate(where, date(2026, 10, 4))


@pytest.mark.parametrize("year", ["2027", None, date(2026, 10, 4)])
def test_what_is_no_fiscal_year_is_refused(ratebook: Ratebook, year: Any) -> None:
    for ask in (partial(ratebook.resolve, "Orlando, FL"), ratebook.localities):
        with pytest.raises(InputError, match="is not a fiscal year; give its number, like 2027"):
            ask(year)


def _through_a_pipe(book: Ratebook) -> Ratebook:
    return cast(Ratebook, pickle.loads(pickle.dumps(book)))  # noqa: S301 - its own


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, _through_a_pipe])
def test_a_copy_of_a_ratebook_opens_the_same_file(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copied: Callable[[Ratebook], Ratebook]
) -> None:
    """So a ratebook goes to other processes; the file is the same one wherever they run."""
    compile_ratebook(checkout, tmp_path / "own.sqlite")
    monkeypatch.chdir(tmp_path)
    own = Ratebook.open("own.sqlite")
    monkeypatch.chdir("/")
    for book in (own, Ratebook.open()):
        other = copied(book)
        book.close()
        assert other.rate("Orlando, FL", date(2026, 10, 4)).lodging == Decimal(145)


def test_a_closed_ratebook_says_so() -> None:
    """Also of what it was asked before, so that the mistake shows at once."""
    book = Ratebook.open()
    orlando = book.rate("Orlando, FL", date(2026, 10, 4)).locality
    book.close()
    book.close()
    for ask in (
        lambda: book.rate("Orlando, FL", date(2026, 10, 4)),
        lambda: book.rate(orlando, date(2026, 10, 4)),
        book.status,
    ):
        with pytest.raises(InputError, match=r"the ratebook is closed; open another: Ratebook.open\(\)"):
            ask()


def test_a_ratebook_that_nothing_refers_to_closes_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a circle too, as an error makes one with what was asked: Python 3.13 warns of a file left open."""
    warned: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", warned.append)
    file = Ratebook.open()._book
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        file.execute("SELECT 1")
    for _ in range(9):
        book = Ratebook.open()
        book.__dict__["circle"] = book
    del book
    gc.collect()
    assert warned == []


def test_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    ratebook = Ratebook.open()
    for place in ("Orlando, FL", "Miami, FL", "Tampa, FL", "Stuart, FL", "Orlando, FL"):
        assert ratebook.rate(place, date(2026, 10, 4)).locality.state == "FL"
    assert len(ratebook._parsed) <= 2


# ---- the compiled file


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data as in a checkout, but little: two fiscal years with some of their ZIPs, the places of Florida."""
    data = tmp_path_factory.mktemp("checkout") / "data"
    for name in ("2026", "2027"):
        year = text.read_year(DATA / "rates" / name)
        text.write_year(data / "rates" / name, dataclasses.replace(year, zips=year.zips[:100]))
    places = text.read_places(DATA / text.PLACES)
    text.write_places(data / text.PLACES, [row for row in places if row.kind == "county" or row.state == "FL"])
    (data / text.ALIASES).write_text("state,name,same_as,county,reason\n", encoding="utf-8")
    return data


@pytest.fixture
def package(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package as if it stood beside that data; gives the compiled file's path."""
    monkeypatch.setattr(module, "_PACKAGE", str(checkout.parent / "perdiem_calc"))
    yield checkout / "ratebook.sqlite"
    (checkout / "ratebook.sqlite").unlink(missing_ok=True)


def test_the_same_text_compiles_to_the_same_bytes(checkout: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        compile_ratebook(checkout, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_checkout_compiles_on_first_use_and_not_again(package: Path) -> None:
    assert not package.exists()
    assert Ratebook.open().years == (2026, 2027)
    made = package.stat().st_mtime_ns
    assert Ratebook.open().years == (2026, 2027)
    assert package.stat().st_mtime_ns == made


def test_a_checkout_compiles_again_when_its_text_changed(package: Path, checkout: Path) -> None:
    Ratebook.open()
    lodging = checkout / "rates" / "2027" / "lodging.csv"
    before = lodging.read_bytes()
    try:
        lodging.write_bytes(before.replace(b"98,FL,Orlando,Orange,178,", b"98,FL,Orlando,Orange,1780,"))
        assert Ratebook.open().rate("Orlando, FL", date(2027, 1, 1)).lodging == 1780
    finally:
        lodging.write_bytes(before)


def test_a_checkout_compiles_again_for_a_newer_text_of_the_same_length(package: Path, checkout: Path) -> None:
    Ratebook.open()
    later = package.stat().st_mtime_ns + 1_000_000_000
    os.utime(checkout / "aliases.csv", ns=(later, later))
    os.utime(package, ns=(later - 1, later - 1))
    Ratebook.open()
    assert package.stat().st_mtime_ns != later - 1
    os.utime(checkout / "aliases.csv")


def test_a_checkout_compiles_again_when_the_compiler_changed(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ratebook.open()
    code = tmp_path / "compiled.py"
    code.touch()
    os.utime(code, ns=(0, 0))
    monkeypatch.setattr(module, "_CODE", [str(code)])
    os.utime(package, ns=(made := package.stat().st_mtime_ns, made))
    Ratebook.open()
    assert package.stat().st_mtime_ns == made
    os.utime(code, ns=(made + 1, made + 1))
    Ratebook.open()
    assert package.stat().st_mtime_ns != made


def test_a_file_of_an_older_program_or_a_broken_one_is_made_again(package: Path) -> None:
    Ratebook.open()
    book = sqlite3.connect(package)
    book.execute("PRAGMA user_version = 0")
    book.close()
    assert Ratebook.open().years == (2026, 2027)
    package.write_bytes(b"not a database at all")
    assert Ratebook.open().years == (2026, 2027)


def test_a_fiscal_year_taken_away_is_noticed(package: Path, checkout: Path) -> None:
    Ratebook.open()
    elsewhere = shutil.move(checkout / "rates" / "2026", checkout.parent / "2026")
    try:
        assert Ratebook.open().years == (2027,)
    finally:
        shutil.move(elsewhere, checkout / "rates" / "2026")


def test_where_nothing_can_be_written_the_rates_are_read_from_memory(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(data_folder: Path, target: Path) -> None:
        raise OutputError("file.unreadable", "read-only", where=str(target))

    monkeypatch.setattr("perdiem_calc.rates.ratebook.compiled.compile_ratebook", refuse)
    assert Ratebook.open().rate("Orlando, FL", date(2026, 10, 4)).lodging == 145
    assert not package.exists()


def test_an_installed_package_uses_the_file_it_carries(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = tmp_path / "perdiem_calc" / "data" / "ratebook.sqlite"
    carried.parent.mkdir(parents=True)
    compile_ratebook(checkout, carried)
    monkeypatch.setattr(module, "_PACKAGE", str(tmp_path / "perdiem_calc"))
    assert Ratebook.open().years == (2026, 2027)
    assert Ratebook.open(carried).years == (2026, 2027)


def test_a_package_without_any_data_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGE", str(tmp_path / "perdiem_calc"))
    with pytest.raises(InputError, match="the embedded rates are missing; install the package again"):
        Ratebook.open()


def test_a_path_that_is_no_ratebook_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.sqlite", tmp_path / "text.sqlite"):
        (tmp_path / "text.sqlite").write_text("not a database", encoding="utf-8")
        with pytest.raises(InputError, match="not a ratebook"):
            Ratebook.open(path)


def test_a_path_may_hold_any_character(checkout: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a 100% odd #name?.sqlite"
    compile_ratebook(checkout, odd)
    assert Ratebook.open(odd).years == (2026, 2027)


def test_a_target_that_cannot_be_written_is_refused_and_nothing_is_left(checkout: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="choose a folder you may write to"):
        compile_ratebook(checkout, tmp_path / "missing" / "book.sqlite")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError, match="check the space and rights"):
        compile_ratebook(checkout, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
