"""What people type into a form is understood, what is not is named with its cell; read after write is the same."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.auditing.claim_file import read_with_cells
from perdiem_calc.claims.model import Claim
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.reading import values as typed
from perdiem_calc.workbook.reading.values import Unfit
from tests.support.forms import SAMPLES, blank_form, filled, once_for_every_day, random_forms, sample


def read(content: bytes, folder: Path) -> Claim:
    """The claim of a form, as every command reads it."""
    path = folder / "form.xlsx"
    path.write_bytes(content)
    return read_with_cells(path).claim


def comparable(claim: Claim) -> dict[str, Any]:
    """What a claim says: its nights by date, and credits with the night or cost that they name."""
    nights = {f"{kind}{number}": night.night for number, night in enumerate(claim.lodging, 1) for kind in "NT"}
    credits = [
        (
            credit.model_copy(update={"line": None}),
            (credit.line or "")[:1],
            nights.get(credit.line or "", credit.line),
        )
        for credit in claim.credits
    ]
    by_night = tuple(sorted(claim.lodging, key=lambda night: night.night))
    told = claim.model_copy(update={"lodging": by_night, "credits": ()}).in_order().__dict__
    return {**told, "credits": credits}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_reads_back_as_the_same_claim(path: Path, tmp_path: Path) -> None:
    form = filled(sample(path.stem))
    assert comparable(read(form.content, tmp_path)) == comparable(form.claim)


def test_random_claims_read_back_as_the_same_claims(tmp_path: Path) -> None:
    for form in random_forms(25, 7):
        assert comparable(read(form.content, tmp_path)) == comparable(form.claim)


def test_what_people_type_reads_as_the_same_claim(tmp_path: Path) -> None:
    def type_it(cells: dict[str, object]) -> None:
        cells |= {
            "trip_departed_on": "Oct 4 2026",
            "trip_departed_time": "12:30 pm",
            "trip_returned_on": "10/9/2026",
            "trip_returned_time": "1845",
            "station_state": "Illinois ",
            "day_room[0]": "$159.00",
            "day_room[1]": 159,
            "exp_category[0]": "AIRFARE\u00a0",
            "exp_amount[0]": "$312.40",
            "exp_date[0]": "2026-10-04",
            "doc_status[0]": "attached",
        }

    form = filled(sample(), type_it)
    assert read(form.content, tmp_path) == form.claim


def test_what_is_typed_once_counts_for_every_night_and_day(tmp_path: Path) -> None:
    form = filled(sample(), once_for_every_day)
    assert read(form.content, tmp_path) == form.claim


@pytest.mark.parametrize(
    ("cell", "said", "where", "what", "fix"),
    [
        (
            "trip_departed_on",
            "Oct 44 2026",
            "Claim!A24",
            "Left on: 'Oct 44 2026' is no day of the calendar",
            "10/4/2026",
        ),
        ("trip_departed_on", "13/10/2026", "Claim!A24", "no day of the calendar", "10/4/2026"),
        ("trip_departed_time", "25:00", "Claim!C24", "at (time): '25:00' is not a time", "6:30 AM"),
        ("day_tax[0]", "12.5%", "Days!I7", "Tax on the room: '12.5%' is a percentage", "159.00"),
        ("day_room[0]", "about 90", "Days!H7", "Room, before tax: 'about 90' is not an amount", "159.00"),
        ("exp_category[0]", "Air fare", "Expenses!C7", "What: 'Air fare' is not in the list", "like Airfare"),
        ("station_state", "Ilinois", "Claim!C22", "State: 'Ilinois' is no state", "like FL"),
        ("day_personal[0]", "maybe", "Days!F7", "Personal day?: 'maybe' is neither yes nor no", "Yes or No"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_cell_and_an_example(
    cell: str, said: str, where: str, what: str, fix: str, tmp_path: Path
) -> None:
    def change(cells: dict[str, object]) -> None:
        cells[cell] = said

    form = filled(sample(), change)
    with pytest.raises(InputErrors) as refused:
        read(form.content, tmp_path)
    told = [error for error in refused.value.errors if error.where == where]
    assert len(told) == 1
    assert what in told[0].what
    assert fix in told[0].fix


def test_a_blank_form_names_every_box_that_a_claim_needs(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as refused:
        read(blank_form(), tmp_path)
    told = {error.where: error.what for error in refused.value.errors}
    assert told["Claim!A8"] == "Claim number: is blank, and every claim needs it"
    assert told["Claim!A24"].startswith("Left on: ")
    assert told["Claim!C27"] == "State: the place of the course is blank"


def test_a_note_on_a_row_that_is_no_day_is_named(tmp_path: Path) -> None:
    def change(cells: dict[str, object]) -> None:
        cells["day_receipt[20]"] = "TOTAL"

    with pytest.raises(InputErrors, match=r"no day of the trip"):
        read(filled(sample(), change).content, tmp_path)


def test_a_claim_that_needs_more_than_the_form_has_is_refused_with_the_limit() -> None:
    claim = sample()
    claim["expenses"] *= 20
    with pytest.raises(InputError, match=r"expenses, and the form has room for 40"):
        filled(claim)


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("10/4/2026", date(2026, 10, 4)),
        ("10-04-26", date(2026, 10, 4)),
        ("October 4, 2026", date(2026, 10, 4)),
        ("oct. 4th, 2026", date(2026, 10, 4)),
        ("2026-10-04", date(2026, 10, 4)),
        (datetime(2026, 10, 4), date(2026, 10, 4)),
    ],
)
def test_dates_are_understood(said: object, due: date) -> None:
    assert typed.day(said) == due


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("6:30 am", time(6, 30)),
        ("6:30PM", time(18, 30)),
        ("12:00 a.m.", time(0)),
        ("0530", time(5, 30)),
        (530, time(5, 30)),
        ("noon", time(12)),
        (0.25, time(6)),
    ],
)
def test_times_are_understood(said: object, due: time) -> None:
    assert typed.clock(said) == due


@pytest.mark.parametrize("said", ["13:00 pm", "24:00", "7", "morning", True])
def test_no_time_is_guessed(said: object) -> None:
    with pytest.raises(Unfit):
        typed.clock(said)


@pytest.mark.parametrize("said", ["-5", "1,50", "5%", "12.345", "", -5.0, 0.001])
def test_no_amount_is_guessed(said: object) -> None:
    with pytest.raises(Unfit):
        typed.amount(said)


def test_every_kind_of_cell_that_is_typed_in_has_a_reader() -> None:
    assert typed.reader_of("course_zip", Kind.TEXT, "")(2139) == "02139"
    assert typed.reader_of("agency_remit_to", Kind.TEXT, "")(" one\ntwo ") == "one\ntwo"
    assert typed.reader_of("by", Kind.CHOICE, "approvers")("cops office") == "cops"
