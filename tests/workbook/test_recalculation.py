"""LibreOffice computes every workbook anew, from cells without stored values; the engine must have said the same.

Two runs of LibreOffice: one for the samples and samples in which inputs were edited, one for 200 random claims. (It
ends silently after 250 files.)
"""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW
from perdiem_calc.workbook.reading.submitted import read_claim
from perdiem_calc.workbook.writing.write import workbook_bytes
from tests.golden import SAMPLES, itemized_of
from tests.support.claim_data import sample
from tests.support.claims import random_claim
from tests.support.edits import without_kept_values
from tests.support.house_rules import seeds
from tests.support.libreoffice import recalculate
from tests.support.made_once import made_once
from tests.support.sheets import NAMES, named
from tests.support.typed_blanks import BLANKS, NO_BREAK, Cells, typed

RANDOM_CLAIMS = 200

# Each on the claim to Orlando: 5 nights at $159.00 + $19.88, ceiling $145.00; M&IE $80.00.
EDITS: dict[str, Cells] = {
    "a cheaper room": typed(Days_K6=120, Days_O6=15),
    "a free room with a tax": typed(Days_K6=0),
    "a flat tax": typed(Days_P5=2.5),
    "a room shared by three": typed(Days_L5=3),
    "a companion": typed(Days_AH7=130.01),
    "no receipt": typed(Days_S8=None),
    "no receipt but a statement": typed(Days_S8=None, Days_T8="yes"),
    "another payer of a night": typed(Days_AJ5="other"),
    "an approved ceiling": typed(Days_J5=150, Days_AK5="nasro", Days_AL5=date(2026, 9, 1)),
    "an approval of 300 % and more": typed(Days_K5=900, Days_J5=800, Days_AK5="cops", Days_AL5=date(2026, 10, 3)),
    "an approval on the day of departure": typed(Days_J5=150, Days_AK5="nasro", Days_AL5=date(2026, 10, 4)),
    "an approval by the agency": typed(Days_J5=150, Days_AK5="agency", Days_AL5=date(2026, 9, 1)),
    "a furnished dinner": typed(Days_Y6="host"),
    "all meals furnished": typed(Days_W6="host", Days_X6="government", Days_Y6="registration"),
    "all meals furnished on the last day": typed(Days_W10="host", Days_X10="host", Days_Y10="host"),
    "a furnished lunch with a statement": typed(Days_Z8="medical"),
    "no lunch after all": typed(Days_X8="none"),
    "the agency paid less M&IE": typed(Days_AA6=41.5),
    "a personal day at the end": typed(Days_H10="yes"),
    "two personal days at the end": typed(Days_H9="yes", Days_H10="yes"),
    "a personal day in between": typed(Days_H7="yes"),
    "a personal day at the start": typed(Days_H5="yes"),
    "nothing but personal days": typed(**{f"Days_H{row}": "yes" for row in range(5, 11)}),
    "a night on the day of return": typed(Days_K10=100, Days_O10=10, Days_S10="R9"),
    "more miles": typed(Expenses_H10=1234.56),
    "an agency car was assigned": typed(Expenses_AD10="yes"),
    "driven twice": typed(Expenses_AE10=2),
    "mileage of another year": typed(Expenses_B10=date(2026, 6, 30)),
    "a taxi without a receipt over the threshold": typed(Expenses_J8=75.01),
    "a taxi just on the threshold": typed(Expenses_J8=75),
    "a taxi over it with a receipt": typed(Expenses_J8=75.01, Expenses_K8="R8"),
    "a taxi over it with a statement": typed(Expenses_J8=75.01, Expenses_M8="yes"),
    "the receipt shows less": typed(Expenses_L5=300),
    "a premium fare": typed(Expenses_O5="premium", Expenses_AJ5=250),
    "a premium fare without the coach fare": typed(Expenses_O5="premium"),
    "a second bag": typed(Expenses_B7=date(2026, 10, 4)),
    "a second bag with an approval": typed(
        Expenses_B7=date(2026, 10, 4), Expenses_T7="chief", Expenses_AI7=date(2026, 9, 1)
    ),
    "an approved bag before the standard one": typed(
        Expenses_B7=date(2026, 10, 4),
        Expenses_T6="chief",
        Expenses_AI6=date(2026, 9, 1),
        Expenses_B12=date(2026, 10, 4),
        Expenses_C12="baggage",
        Expenses_J12=45,
    ),
    "a credit of the line": typed(Expenses_U5=12.4),
    "another payer": typed(Expenses_V5="other"),
    "a new taxi": typed(
        Expenses_B12=date(2026, 10, 6), Expenses_C12="taxi", Expenses_D12="to course", Expenses_J12=9.99
    ),
    "a new drive": typed(
        Expenses_B12=date(2026, 10, 6),
        Expenses_C12="pov_mileage",
        Expenses_F12="a",
        Expenses_G12="b",
        Expenses_H12=12.5,
    ),
    "a new fine": typed(Expenses_B12=date(2026, 10, 6), Expenses_C12="fine", Expenses_J12=50),
    "a new seat fee": typed(Expenses_B12=date(2026, 10, 4), Expenses_C12="seat_fee", Expenses_J12=20),
    "prepaid fuel": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="rental_fuel", Expenses_D12="PrePaid Fuel", Expenses_J12=40
    ),
    "personal accident insurance": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="rental_insurance", Expenses_D12="Accident plan", Expenses_J12=9
    ),
    "an optional resort fee": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="resort_fee", Expenses_D12="optional spa pass", Expenses_J12=9
    ),
    "a resort fee that was not optional": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="resort_fee", Expenses_D12="Not optional", Expenses_J12=9
    ),
    "fuel that was not prepaid": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="rental_fuel", Expenses_D12="no PrePaid fuel", Expenses_J12=40
    ),
    "terminal parking": typed(
        Expenses_B12=date(2026, 10, 8), Expenses_C12="parking", Expenses_J12=60, Expenses_R12=45
    ),
    "an agency vehicle": typed(
        Expenses_B12=date(2026, 10, 8),
        Expenses_C12="agency_vehicle_fuel",
        Expenses_J12=30,
        Expenses_P12="G 1",
        Expenses_P10="G 1",
        Expenses_P11="P 2",
    ),
    "an agency vehicle whose plate is written otherwise": typed(
        Expenses_B12=date(2026, 10, 8),
        Expenses_C12="agency_vehicle_fuel",
        Expenses_J12=30,
        Expenses_P12="abc 12-3",
        Expenses_P10="ABC-123",
        Expenses_P11="P 2",
    ),
    "an agency vehicle, and a drive without a plate": typed(
        Expenses_B12=date(2026, 10, 8),
        Expenses_C12="agency_vehicle_fuel",
        Expenses_J12=30,
        Expenses_P10="-",
        Expenses_P11="P 2",
    ),
    "paid before": typed(previously_reimbursed=400.25),
    "paid more than the limit before": typed(previously_reimbursed=1200),
    "a credit off the total": typed(credits_0_source="airline", credits_0_amount=900.5),
    "a credit off a night": typed(credits_0_source="hotel", credits_0_amount=50, credits_0_line="N2"),
    "a credit off a tax": typed(credits_0_source="hotel", credits_0_amount=5, credits_0_line="T2"),
    "a return at midnight": typed(trip_returned_at=date(2026, 10, 10), trip_returned_at_time=time(0)),
    "sent before it was received": typed(submitted_on=date(2026, 10, 22), received_on=date(2026, 10, 25)),
    "a credit off an expense": typed(credits_0_source="airline", credits_0_amount=100, credits_0_line="E1"),
    "not completed": typed(course_completed_on=None),
    "completed after the claim": typed(course_completed_on=date(2026, 10, 21)),
    "received later": typed(course_completed_on=date(2026, 10, 21), received_on=date(2026, 10, 25)),
    "failed": typed(course_outcome="failed"),
    "cancelled": typed(course_outcome="cancelled", course_completed_on=None),
    "another course": typed(course_title="NASRO Advanced Course"),
    "too few hours": typed(course_hours=39),
    "not coordinated": typed(course_coordinated="no"),
    "a person is paid": typed(agency_payee_kind="individual"),
    "a backfill": typed(
        officer_position="backfill",
        officer_predecessor_completed_training="yes",
        officer_predecessor_left_agency="yes",
    ),
    "no certificate": typed(attachments_certificate="missing"),
    "not signed": typed(signatures_fiscal_on=None),
    "no times": typed(trip_departed_at_time=None, trip_returned_at_time=None),
    "later home": typed(trip_returned_at_time=time(23, 59)),
    "numbers pasted as text": typed(
        Days_L5="3",
        Days_O6="10.00",
        Days_P7="2.50",
        Days_AA6="41.50",
        Days_AH8="150.00",
        Expenses_J8="44.00",
        Expenses_L5="300.00",
        Expenses_U6="5.00",
        Expenses_AE11="2",
        course_hours="40",
        credits_0_source="hotel",
        credits_0_amount="20.00",
        credits_0_line="N4",
    ),
    "dates pasted as text": typed(
        Expenses_B10="2026-06-30",
        course_completed_on="2026-10-09",
        Days_J5="150.00",
        Days_AK5="nasro",
        Days_AL5="2026-09-01",
    ),
    "coach fare and taxi fares pasted as text": typed(
        Expenses_O5="premium", Expenses_AJ5="250.00", Expenses_C8="parking", Expenses_R8="20.00"
    ),
    "a free room pasted as text": typed(Days_K6="0.00"),
    "a line named with a space after it": typed(credits_0_source="x", credits_0_amount=50, credits_0_line="N2 "),
    "a line left blank with a space": typed(credits_0_source="x", credits_0_amount=50, credits_0_line=" "),
    "receipts that are a space": typed(Days_S8=" ", Expenses_K5=" "),
    "approvals that are a space": typed(
        Expenses_B7=date(2026, 10, 4), Expenses_T7=" ", Expenses_C8="seat_fee", Expenses_T8=" "
    ),
    "a plate and a justification that are a space": typed(
        Expenses_C8="rental_fuel",
        Expenses_D8="prepaid",
        Expenses_S8=" ",
        Expenses_C9="agency_vehicle_fuel",
        Expenses_P9="G 1",
        Expenses_P10=" ",
        Expenses_P11="P 2",
    ),
    "signed with a space": typed(signatures_fiscal_name=" "),
    **BLANKS,
}

# On a trip of two days without a night: from 19:00 to 07:30.
SHORT_EDITS: dict[str, Cells] = {
    "as it is": typed(),
    "twelve hours": typed(trip_returned_at_time=time(7, 0)),
    "a day and a night": typed(trip_departed_at_time=time(7, 0), trip_returned_at_time=time(7, 0)),
    "without a time": typed(trip_departed_at_time=None),
    "day trips": typed(Days_AR5=time(6, 0), Days_AS5=time(18, 1), Days_AR6=time(6, 0), Days_AS6=time(18, 0)),
    "times pasted as text": typed(trip_departed_at_time="07:00", trip_returned_at_time="07:00"),
    "no day trips but a blank": typed(Days_AR5=" ", Days_AS6=NO_BREAK),
    "day trips pasted as text": typed(Days_AR5="06:00", Days_AS5="18:01", Days_AR6="06:00", Days_AS6="18:00"),
}


def short_trip() -> Any:
    """The claim to Orlando as a trip across one midnight, without lodging."""
    record = sample("2026-ORL-0001")
    record["trip"] |= {
        "departed_at": "2026-10-04T19:00",
        "returned_at": "2026-10-05T07:30",
        "stops": [{**record["trip"]["stops"][0], "arrived_on": "2026-10-04", "departed_on": "2026-10-04"}],
    }
    record["lodging"], record["furnished_meals"] = [], []
    return record


def edit(content: bytes, cells: Cells) -> bytes:
    """A workbook in which somebody typed into cells."""
    book = openpyxl.load_workbook(BytesIO(content))
    for where, value in cells.items():
        defined = book.defined_names.get(where)
        address = defined.attr_text.replace("$", "").replace("!", "_") if defined else where
        sheet, _, cell = address.partition("_")
        book[sheet][cell] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook_of(record: Any, as_of: date | None = None) -> bytes:
    """The workbook of a claim."""
    return workbook_bytes(Contents(itemized_of(record, as_of), (), load_law()))


Workbooks = dict[str, tuple[bytes, date | None]]
"""Workbooks by file name, each with the day that decides what lies in the future."""


def samples_and_edits() -> Workbooks:
    """The samples, and the claims in which somebody typed."""
    made: Workbooks = {}
    for path in SAMPLES:
        made[path.stem] = (workbook_of(json.loads(path.read_text(encoding="utf-8"))), None)
    for kind, record, edits in (("edit", sample("2026-ORL-0001"), EDITS), ("short", short_trip(), SHORT_EDITS)):
        content = workbook_of(record)
        for number, cells in enumerate(edits.values()):
            made[f"{kind}{number}"] = (edit(content, cells), None)
    return made


def random_workbooks(chosen: Sequence[int]) -> Workbooks:
    """The workbooks of random claims."""
    made: Workbooks = {}
    for seed in chosen:
        rng = random.Random(seed)
        record = random_claim(rng)
        as_of = rng.choice([None, None, date.fromisoformat(record["prepared_on"]), date(2023, 1, 1)])
        made[f"random{seed}"] = (workbook_of(record, as_of), as_of)
    return made


Amounts = dict[str, str]
Recalculated = Callable[[str], tuple[Amounts, Amounts]]


def compute_anew(made: Workbooks, folder: Path) -> None:
    """Let LibreOffice compute each workbook, without the values that its formulas keep."""
    written, stripped = folder / "written", folder / "stripped"
    written.mkdir(parents=True)
    stripped.mkdir()
    for name, (content, _) in made.items():
        (written / f"{name}.xlsx").write_bytes(content)
        (stripped / f"{name}.xlsx").write_bytes(without_kept_values(content))
    recalculate([stripped / f"{name}.xlsx" for name in made], folder / "recalculated")


def amounts_in(folder: Path, name: str, as_of: date | None = None) -> tuple[Amounts, Amounts]:
    """The amounts of a workbook as LibreOffice computes them, and those of the claim in it as the engine does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(folder / "recalculated" / f"{name}.xlsx", data_only=True)
    claim = read_claim(folder / "written" / f"{name}.xlsx")
    return amounts_of(book), amounts_computed(itemize(claim, Ratebook.open(), load_law(), as_of=as_of))


@pytest.fixture(scope="module")
def recalculated(soffice: None, tmp_path_factory: pytest.TempPathFactory) -> Recalculated:
    """The samples and edits, recalculated."""
    folder = made_once(tmp_path_factory, "edits", lambda folder: compute_anew(samples_and_edits(), folder))
    return cache(lambda name: amounts_in(folder, name))


def amounts_of(book: Any) -> dict[str, str]:
    """What a workbook states: the totals, and the allowed amount of each line, in order."""
    found = {total: _money(named(book, name)) for total, name in NAMES.items()}
    days, expenses = book["Days"], book["Expenses"]
    nights: list[tuple[int, str, str]] = []
    mie = []
    for row in range(FIRST_ROW + 1, days.max_row + 1):
        value = {column.key: days.cell(row, place).value for place, column in enumerate(DAYS.columns, start=1)}
        if value["date"] is None:
            continue
        if str(value["room_rate"] if value["room_rate"] is not None else "").strip():
            number = int(value["night_line"][1:])
            nights.append((number, _money(value["lodging_allowed"]), _money(value["tax_allowed"])))
        if value["day_line"] is not None:
            mie.append(_money(value["mie_allowed"]))
    for number, (_, room, tax) in enumerate(sorted(nights), start=1):
        found[f"N{number}"], found[f"T{number}"] = room, tax
    found |= {f"D{number}": amount for number, amount in enumerate(mie, start=1)}
    category, allowed = EXPENSES.places["category"] + 1, EXPENSES.places["allowed"] + 1
    spent = [
        _money(expenses.cell(row, allowed).value)
        for row in range(FIRST_ROW + 1, expenses.max_row + 1)
        if expenses.cell(row, category).value is not None
    ]
    found |= {f"E{number}": amount for number, amount in enumerate(spent, start=1)}
    blocked = named(book, "claim_blocked")
    return {**found, "blocked": str(bool(blocked)), "blocked_by": str(named(book, "claim_blocked_by") or "")}


def _money(value: object) -> str:
    assert isinstance(value, int | float), value
    return f"{round(Decimal(repr(value)), 6).normalize() + 0:.2f}" if value else "0.00"


def amounts_computed(itemized: ItemizedClaim) -> dict[str, str]:
    """The same of the engine."""
    found = {total: f"{getattr(itemized.totals, total):.2f}" for total in NAMES}
    lines = {line.id: f"{line.amount_allowed:.2f}" for line in itemized.lines if line.id[0] in "NTDE"}
    checks = " ".join(dict.fromkeys(block.check for block in itemized.blocks))
    return {**found, **lines, "blocked": str(bool(checks)), "blocked_by": checks}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_recalculated_is_what_the_engine_computes(path: Path, recalculated: Recalculated) -> None:
    computed, expected = recalculated(path.stem)
    assert computed == expected


@pytest.mark.parametrize("number", range(len(EDITS)), ids=list(EDITS))
def test_an_edit_recalculated_is_a_fresh_build(number: int, recalculated: Recalculated) -> None:
    computed, expected = recalculated(f"edit{number}")
    assert computed == expected


@pytest.mark.parametrize("number", range(len(SHORT_EDITS)), ids=list(SHORT_EDITS))
def test_an_edit_of_a_short_trip_recalculated_is_a_fresh_build(number: int, recalculated: Recalculated) -> None:
    computed, expected = recalculated(f"short{number}")
    assert computed == expected


def test_numbers_pasted_as_text_count_in_the_workbook_too(recalculated: Recalculated) -> None:
    """What a cell holds as text, as a paste leaves it, is a number to a person, to the engine and to the formulas.

    N1 is a third of the room, 159.00 / 3 = 53.00. T2 is the tax on what is below the ceiling, 10.00 x 145 / 159 =
    9.12; T3 is 18.13 as it was, and the flat 2.50. D2 is what the agency paid, 41.50. N4 costs 159.00 less a credit
    of 20.00, 139.00, below the room for one at 150.00 and the ceiling of 145.00. The carrier's receipt
    shows 300.00; 5.00 comes off the bag, 35.00; the taxi is 44.00; the way home twice is 2 x 38 x 0.76 = 57.76. Forty
    hours bar nothing.
    """
    amounts, _ = recalculated(f"edit{list(EDITS).index('numbers pasted as text')}")
    lines = ("N1", "T2", "T3", "D2", "N4", "E1", "E2", "E4", "E7")
    due = ("53.00", "9.12", "20.63", "41.50", "139.00", "300.00", "30.00", "44.00", "57.76")
    assert [amounts[line] for line in lines] == list(due)
    assert amounts["blocked"] == "False"


def test_a_space_is_no_receipt_and_no_signature_in_the_workbook_either(recalculated: Recalculated) -> None:
    """Many clear a cell with the space bar. Lodging always needs a receipt, and so does a fare above $75.00."""
    amounts, _ = recalculated(f"edit{list(EDITS).index('receipts that are a space')}")
    assert [amounts[line] for line in ("N4", "T4", "E1")] == ["0.00", "0.00", "0.00"]
    unsigned, _ = recalculated(f"edit{list(EDITS).index('signed with a space')}")
    assert (unsigned["blocked_by"], unsigned["payable"]) == ("signature-missing", "0.00")


@pytest.mark.usefixtures("soffice")
def test_200_random_claims_recalculated_are_what_the_engine_computes(tmp_path: Path) -> None:
    chosen = seeds(0, RANDOM_CLAIMS)
    made = random_workbooks(chosen)
    compute_anew(made, tmp_path)
    for seed in chosen:
        name = f"random{seed}"
        computed, expected = amounts_in(tmp_path, name, made[name][1])
        assert computed == expected, f"random_claim(random.Random({seed}))"


def test_the_edits_change_what_is_paid(recalculated: Recalculated) -> None:
    """The edits reach the formulas: all but the few that are to change nothing give other amounts."""
    same, _ = recalculated("2026-ORL-0001")
    unchanged = {name for number, name in enumerate(EDITS) if recalculated(f"edit{number}")[0] == same}
    assert unchanged == {
        "no receipt but a statement",
        "a return at midnight",
        "sent before it was received",
        "an approval by the agency",
        "received later",
        "cancelled",
        "no times",
        "later home",
        "a second bag with an approval",
        "choices on Claim with blanks around them",
        "not received but a blank",
    }
