"""The form computed by LibreOffice is the engine to the cent, line by line; and what its Check says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.workbook.form.table import CHECK
from perdiem_calc.workbook.writing.fill import kept_values
from tests.support.forms import (
    SAMPLES,
    Computed,
    Filled,
    blank_form,
    filled,
    once_for_every_day,
    random_forms,
    sample,
)
from tests.support.libreoffice import recalculate, soffice_missing_reason

RANDOM, SEED = 45, 20261004
TOTALS = ("claimed_total", "allowable_total", "payable", "agency_share", "over_ceiling_total", "not_allowable_total")


def typed_as_text(cells: dict[str, object]) -> None:
    """What people type: text for dates, times and amounts, blanks around words."""
    cells |= {
        "trip_departed_on": "10/4/2026",
        "trip_departed_time": "12:30 PM",
        "trip_returned_time": 1845,
        "station_state": " illinois ",
        "day_room[0]": "$159.00",
        "day_room[1]": " 159 ",
        "exp_category[0]": "airfare\u00a0",
        "exp_amount[0]": "$312.40",
    }


@pytest.fixture(scope="module")
def forms() -> dict[str, Filled]:
    """Every form that is computed, by the name of its file."""
    found = {path.stem: filled(sample(path.stem)) for path in SAMPLES}
    found["typed"] = filled(sample(), typed_as_text)
    found["once"] = filled(sample(), once_for_every_day)
    lonely = sample("2026-MDY-0007")
    lonely["signatures"] = {}
    lonely["lodging"] = lonely["lodging"][1:]
    found["unsigned"] = filled(lonely)
    return found | {f"random{number}": form for number, form in enumerate(random_forms(RANDOM, SEED))}


@pytest.fixture(scope="module")
def computed(forms: dict[str, Filled], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Computed]:
    """The forms as LibreOffice computes them, in one run."""
    if reason := soffice_missing_reason():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("forms")
    paths = []
    for name, content in {"blank": blank_form(), **{name: form.content for name, form in forms.items()}}.items():
        paths.append(folder / f"{name}.xlsx")
        paths[-1].write_bytes(content)
    return {path.stem: Computed(path) for path in recalculate(paths, folder / "computed")}


def as_money(value: Any) -> Any:
    """A computed value to the cent; blank is nothing."""
    if isinstance(value, int | float):
        return Decimal(repr(value)).quantize(Decimal("0.01"))
    return Decimal("0.00") if value in (None, "") else value


def lines_of(form: Filled, sheet: Computed) -> tuple[dict[str, Any], dict[str, Any]]:
    """The amounts of every line and total: as computed, and by the engine."""
    found: dict[str, Any] = {}
    due: dict[str, Any] = {}
    kept = kept_values(form.itemized)
    for name in TOTALS:
        found[name], due[name] = as_money(sheet[name]), kept[name]
    allowed = {line.id: line.amount_allowed for line in form.itemized.lines}
    claimed = {line.id: line.amount_claimed for line in form.itemized.lines}
    rooms, taxes, mie, kinds = (sheet[f"day_{key}"] for key in ("room_ok", "tax_ok", "mie_ok", "kind"))
    nights = {night.night: index for index, night in enumerate(form.claim.lodging, start=1)}
    for index, day in enumerate(form.itemized.days):
        found[f"D{index + 1}"], due[f"D{index + 1}"] = as_money(mie[index]), allowed[f"D{index + 1}"]
        found[f"kind {day.on}"], due[f"kind {day.on}"] = kinds[index], day.kind.value
        if number := nights.get(day.on):
            found[f"N{number}"], due[f"N{number}"] = as_money(rooms[index]), allowed[f"N{number}"]
            found[f"T{number}"], due[f"T{number}"] = as_money(taxes[index]), allowed[f"T{number}"]
    for index in range(len(form.claim.expenses)):
        line = f"E{index + 1}"
        found[line], due[line] = as_money(sheet["exp_allowed"][index]), allowed[line]
        found[f"{line} claimed"], due[f"{line} claimed"] = as_money(sheet["exp_claimed"][index]), claimed[line]
    return found, due


def test_every_line_is_the_engines_to_the_cent(forms: dict[str, Filled], computed: dict[str, Computed]) -> None:
    wrong = {}
    for name, form in forms.items():
        found, due = lines_of(form, computed[name])
        if found != due:
            wrong[name] = {key: (found[key], due[key]) for key in due if found[key] != due[key]}
    assert not wrong
    assert len(forms) == len(SAMPLES) + 3 + RANDOM


def test_the_samples_have_nothing_to_fix(computed: dict[str, Computed]) -> None:
    for path in SAMPLES:
        assert not [said for said in computed[path.stem].checks().values() if said.startswith("Fix")], path
    assert computed["2026-ORL-0001"].book["Claim"]["A5"].value == "All checks are fine."


def test_check_names_what_is_missing_and_where(computed: dict[str, Computed]) -> None:
    said = computed["unsigned"].checks()
    assert said["Signature of the fiscal official"].startswith("Fix: ")
    assert "has no room" in said["Every night has an entry"]
    assert said["The course"] == "OK: None"
    sentence = computed["unsigned"].book["Claim"]["A5"].value
    assert sentence.startswith("Not payable yet: 2 to fix, see the sheet Check. Once fixed: $")


def test_an_untouched_form_shows_no_amounts_and_no_alarms(computed: dict[str, Computed]) -> None:
    blank = computed["blank"]
    assert set(blank.checks().values()) == {"None: None"}
    assert [blank.book["Claim"][cell].value for cell in ("A4", "D4", "G4", "J4")] == [None] * 4
    assert blank.book["Claim"]["A5"].value.startswith("Start with the yellow cells")
    assert blank.book[CHECK]["A3"].value.startswith("Start on the sheet Claim")


def test_the_blank_form_keeps_what_a_spreadsheet_program_shows(computed: dict[str, Computed], tmp_path: Path) -> None:
    (tmp_path / "blank.xlsx").write_bytes(blank_form())
    kept = Computed(tmp_path / "blank.xlsx")
    for name in ("Claim", "Days", "Expenses", "Special", "Documents", "Check", "Review"):
        for row in computed["blank"].book[name].iter_rows():
            for cell in row:
                assert kept.book[name][cell.coordinate].value == cell.value, f"{name}!{cell.coordinate}"
