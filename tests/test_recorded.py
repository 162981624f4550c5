"""A claim built again from the rates recorded in its workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.itemizer import as_record, itemize
from perdiem_calc.parameters import Law
from perdiem_calc.places import Locality, Place, parse_place
from perdiem_calc.ratebook import Ratebook
from perdiem_calc.rates import PerDiemRate
from perdiem_calc.recorded import RecordedRates, read_rates
from perdiem_calc.refusals import parse_claim
from perdiem_calc.workbook.write import write_claim
from tests.claim_data import sample
from tests.command import Perdiem

SAMPLES = ("2026-ORL-0001", "2026-MDY-0007", "2026-DCA-0003")
NIGHT = date(2026, 10, 4)
Edit = Callable[[Any], None]


class Dearer:
    """The ratebook with every lodging rate $10 higher, as a later one might be, or an earlier."""

    def __init__(self, book: Ratebook) -> None:
        self.book = book

    def locality(self, place: Place, on: date) -> Locality:
        return self.book.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        rate = self.book.rate(where, on)
        return replace(rate, lodging=rate.lodging + 10)


@pytest.fixture
def built(tmp_path: Path, law: Law, ratebook: Ratebook) -> Callable[..., Path]:
    """Writes a sample's workbook, with the ratebook's rates or others; `edit` changes it afterwards."""

    def build(name: str = SAMPLES[0], rates: Any = None, edit: Edit | None = None) -> Path:
        path = tmp_path / f"{name}.xlsx"
        write_claim(path, itemize(parse_claim(sample(name)), rates or ratebook, law), (), law, force=True)
        if edit is not None:
            book = openpyxl.load_workbook(path)
            edit(book)
            book.save(path)
        return path

    return build


@pytest.mark.parametrize("name", SAMPLES)
def test_a_claim_built_again_is_the_same(built: Callable[..., Path], law: Law, ratebook: Ratebook, name: str) -> None:
    recorded = read_rates(built(name, Dearer(ratebook)), ratebook)
    first = itemize(parse_claim(sample(name)), Dearer(ratebook), law)
    again = itemize(parse_claim(sample(name)), recorded, law)
    assert as_record(again)["lines"] == as_record(first)["lines"]
    assert as_record(again)["totals"] == as_record(first)["totals"]


def test_a_recorded_rate_says_so_and_what_the_ratebook_has(built: Callable[..., Path], ratebook: Ratebook) -> None:
    orlando = parse_place("Orlando, FL")
    rate = read_rates(built(), ratebook).rate(orlando, NIGHT)
    assert (rate.lodging, rate.mie.dinner, rate.locality.id) == (Decimal(145), Decimal(33), 98)
    assert (rate.source.kind, rate.source.differs) == ("recorded", None)
    assert rate.source.name == "2026-ORL-0001.xlsx (ratebook data/rates/2027/lodging.csv)"
    dearer = read_rates(built(rates=Dearer(ratebook)), ratebook).rate(orlando, NIGHT)
    assert dearer.lodging == 155
    assert dearer.source.differs == "the ratebook has Orlando: lodging $145.00, M&IE $80.00"


def test_places_that_the_workbook_names_otherwise(built: Callable[..., Path], ratebook: Ratebook) -> None:
    recorded = read_rates(built(), ratebook)
    assert recorded.rate("Orange County, FL", NIGHT).lodging == 145
    assert recorded.rate(Locality(98, "Orlando", "FL"), NIGHT).lodging == 145
    assert recorded.locality(parse_place("Orlando, FL"), date(2026, 10, 31)).name == "Orlando"
    assert recorded.rate("Orlando, FL", date(2026, 10, 31)).month == 10


@pytest.mark.parametrize(
    ("where", "on"),
    [
        ("Boise, ID", "2026-10-04"),
        ("Orlando, FL", "2026-11-01"),
        ("Xyzzyville, FL", "2026-10-04"),
        (Locality(495, "Boise", "ID"), "2026-10-04"),
    ],
)
def test_a_rate_that_is_not_recorded(
    built: Callable[..., Path], ratebook: Ratebook, where: str | Locality, on: str
) -> None:
    with pytest.raises(RateUnavailable, match="the workbook records no rate of"):
        read_rates(built(), ratebook).rate(where, date.fromisoformat(on))


def test_the_days_decide_where_the_county_map_has_changed(built: Callable[..., Path], ratebook: Ratebook) -> None:
    def renamed(book: Any) -> None:
        for row in book["Days"].iter_rows():
            for cell in row:
                if cell.value == "Orlando, FL" and cell.column == 3:
                    cell.value = "Lake Nowhere, FL"

    recorded = read_rates(built(edit=renamed), ratebook)
    assert recorded.rate("Lake Nowhere, FL", NIGHT).lodging == 145
    assert recorded.rate("Lake Nowhere, FL", date(2026, 10, 20)).lodging == 145


def cell(address: str, value: object) -> Edit:
    """One cell of the sheet Rates changed; row 4 is the first rate."""

    def change(book: Any) -> None:
        book["Rates"][address] = value

    return change


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (cell("E4", 0), "Rates!E4: '0' is not a rate above zero"),
        (cell("E4", -145), "Rates!E4: '-145' is not an amount"),
        (cell("E4", 145.005), "Rates!E4: '145.005' is not an amount"),
        (cell("E4", "145"), "Rates!E4: '145' is not an amount"),
        (cell("E4", True), "Rates!E4: 'True' is not an amount"),
        (cell("E4", None), "Rates!E4: 'None' is not an amount"),
        (cell("F4", 81), "Rates!F4: '81' is not an M&IE rate with 75 %"),
        (cell("G4", 21), "Rates!F4: '80' is not the sum of its meals"),
        (cell("C4", "FY2027"), "Rates!C4: 'FY2027' is not a whole number"),
        (cell("E3", "Ceiling"), "is not a claim workbook that records its rates"),
        (lambda book: book.remove(book["Rates"]), "is not a claim workbook that records its rates"),
    ],
)
def test_a_workbook_that_records_no_rates(
    built: Callable[..., Path], ratebook: Ratebook, edit: Edit, said: str
) -> None:
    path = built(edit=edit)
    with pytest.raises(InputError) as caught:
        read_rates(path, ratebook)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_meals_that_nobody_knew_stay_unknown(built: Callable[..., Path], ratebook: Ratebook) -> None:
    def unknown(book: Any) -> None:
        for address, value in zip(("G4", "H4", "I4", "J4"), (0, 0, 0, 16), strict=True):
            book["Rates"][address] = value

    assert not read_rates(built(edit=unknown), ratebook).rate("Orlando, FL", NIGHT).mie.meals_known


def test_a_locality_that_the_ratebook_does_not_have(built: Callable[..., Path], ratebook: Ratebook) -> None:
    recorded = read_rates(built(edit=cell("A4", "Atlantis, FL")), ratebook)
    rate = recorded.rate("Orlando, FL", NIGHT)
    assert (rate.locality, rate.source.differs) == (
        Locality(-1, "Atlantis", "FL"),
        "the ratebook has Orlando: lodging $145.00, M&IE $80.00",
    )
    standard = read_rates(built(edit=cell("A4", "Standard Rate, FL")), ratebook)
    assert isinstance(standard, RecordedRates)
    assert standard.rate("Orlando, FL", NIGHT).locality == Locality(0, "Standard Rate", "FL")


def test_the_command(perdiem: Perdiem, built: Callable[..., Path], ratebook: Ratebook, tmp_path: Path) -> None:
    workbook = built(rates=Dearer(ratebook))
    ours = perdiem("claim", "check", workbook, "--json").record
    again = perdiem("claim", "check", workbook, "--rates-from", workbook, "--json").record
    questioned = {finding["check"] for finding in again["findings"]}
    assert "rate-sources-differ" in questioned
    assert "rate-sources-differ" not in {finding["check"] for finding in ours["findings"]}
    (differ,) = [finding for finding in again["findings"] if finding["check"] == "rate-sources-differ"]
    assert "those of Orlando as the workbook records them, lodging $155.00" in differ["message"]
    run = perdiem("claim", "check", workbook, "--rates-from", tmp_path / "none.xlsx")
    assert run.code == 2
