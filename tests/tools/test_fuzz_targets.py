"""The fuzzers' targets take their seeds and every crash that was found; each crash has its test of what is right."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.rates.dtmo.files import read_file
from perdiem_calc.rates.places import Place, parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.reading.read import read_form
from tests.support.hostile import CENTRAL, own_parts, patched, repacked, zipped
from tools.fuzz.targets import TARGETS
from tools.fuzz.texts import changed_json

CRASHES: tuple[tuple[str, bytes], ...] = (("place", b"\xf9"),)
"""Inputs that once ended in something else than a refusal."""


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.slow
def test_a_target_reads_its_seeds_and_what_it_makes_of_them(name: str) -> None:
    target = TARGETS[name]
    rng = random.Random(1)
    seeds = list(target.seeds())
    assert seeds
    for seed in rng.sample(seeds, min(10, len(seeds))):
        target.run(seed)
        target.run(seed[: len(seed) // 2])
        if target.change is not None:
            target.run(target.change(seed, rng))


@pytest.mark.parametrize(("name", "data"), CRASHES)
def test_what_once_crashed_is_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name].run(data)


def test_changed_json_stays_json() -> None:
    rng = random.Random(2)
    text = json.dumps({"lodging": [{"night": "2026-10-04", "tax": None}], "trip": {"stops": []}}).encode()
    changed = [changed_json(text, rng) for _ in range(300)]
    assert len(set(changed)) > 100
    for one in changed:
        json.loads(one)  # which raises for anything else
    assert changed_json(b"{", rng) == b"{"


@pytest.mark.parametrize("place", ["\udcf9", "\udcf9, FL", "X\udcf9 County, FL", "Orlando, \udcf9", "\udcf9 32801"])
def test_bytes_that_are_no_text_are_no_place(place: str) -> None:
    with pytest.raises(InputError, match="is not readable text; type the place again") as refused:
        Ratebook.open().resolve(parse_place(place), 2027)
    str(refused.value).encode()


def test_a_county_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="is not readable text"):
        Ratebook.open().resolve(Place("Orlando", "FL", "\udcf9"), 2027)


@pytest.mark.parametrize(
    ("typed", "stated"), [(b"1e300", None), (b"1e26", None), (b"-1e12", None), (b"12.5", "12.50")]
)
def test_a_payable_beyond_all_amounts_states_none(typed: bytes, stated: str | None, tmp_path: Path) -> None:
    book = own_parts()["xl/workbook.xml"]
    cell = book[book.index(b'<definedName name="payable">') :].partition(b">")[2].partition(b"<")[0]
    address = cell.replace(b"$", b"").partition(b"!")[2]
    sheet = own_parts()["xl/worksheets/sheet1.xml"]
    at = sheet.index(b"<v>", sheet.index(b'<c r="%b"' % address)) + 3
    path = tmp_path / "claim.xlsx"
    path.write_bytes(repacked({"xl/worksheets/sheet1.xml": sheet[:at] + typed + sheet[sheet.index(b"</v>", at) :]}))
    assert read_form(path).stated["payable"] == (None if stated is None else Decimal(stated))


def test_a_zip_whose_names_are_no_text_is_refused(tmp_path: Path) -> None:
    name_in_utf8 = (CENTRAL, 8, b"\x00\x08")
    no_text = (CENTRAL, 46, b"\xb4\xb1")
    path = tmp_path / "oconus.zip"
    path.write_bytes(patched(zipped([("ONlynm.txt", b"x")]), "ONlynm.txt", name_in_utf8, no_text))
    with pytest.raises(InputError, match="the zip cannot be read"):
        read_file(path)
