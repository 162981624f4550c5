"""The decisions that a reviewer fills in on an audited copy are read back, and what cannot be one is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.checks.finding import Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.review.decisions import concluded
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.writing.blank_form import write_form
from tests.golden import BUILT_ON
from tests.support.audited_claims import audited_of, question
from tests.support.checking import moody

Fill = Callable[..., Path]
FINDINGS = (
    question("lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I6", message="The rate is of another month."),
    question("duplicate-line", Severity.REVIEW, "Expenses!J5", message="Claimed twice?"),
)
"""They stand in the rows 5 and 6 of Findings, beside the date to keep documents in row 7."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, law: Law) -> Path:
    """The audited copy of a claim."""
    folder = tmp_path_factory.mktemp("copy")
    audited = audited_of(moody(), "claim.json", FINDINGS)
    write_copy(folder / "claim.json", audited, folder / "copy.xlsx", law, as_of=BUILT_ON)
    return folder / "copy.xlsx"


@pytest.fixture
def fill(copy: Path, tmp_path: Path) -> Fill:
    """The copy, in which cells are filled in: `fill(Findings_I5="accept", nasro_approved_by="R. Viewer")`."""

    def filled(**cells: Any) -> Path:
        book = openpyxl.load_workbook(copy)
        for name, value in cells.items():
            defined = book.defined_names.get(name)
            where = defined.attr_text.replace("$", "").replace("!", "_") if defined else name
            sheet, _, cell = where.partition("_")
            book[sheet][cell] = value
        path = tmp_path / "filled.xlsx"
        book.save(path)
        return path

    return filled


def refusals(path: Path) -> list[str]:
    """What is refused, line by line."""
    with pytest.raises(InputErrors) as refused:
        read_decisions(path)
    return str(refused.value).splitlines()


def test_a_copy_that_nobody_filled_in_says_nothing(fill: Fill) -> None:
    path = fill()
    found = read_decisions(path)
    assert (found.source, found.claim_id, found.decisions) == (str(path), "2026-MDY-0007", ())
    assert (found.approved_amount, found.approved_by, found.approved_on) == (None, "", None)
    assert (found.payment_number, found.is_approved) == ("", False)


def test_decisions_are_read_with_check_place_reason_and_cell(fill: Fill) -> None:
    path = fill(Findings_I5="adjust", Findings_J5="  The rate of October.  ", Findings_I6=" Accept ")
    first, second = read_decisions(path).decisions
    assert (first.check, first.where, first.cell) == ("lodging-rate-not-in-force", "Claim!A10", "Findings!I5")
    assert (first.verdict, first.reason, first.why) == ("adjust", "The rate of October.", "The rate of October.")
    assert (second.check, second.verdict, second.reason, second.why) == (
        "duplicate-line",
        "accept",
        "",
        "Claimed twice?",
    )


def test_the_box_of_nasro_is_read(fill: Fill) -> None:
    path = fill(
        nasro_approved_amount=898.68,
        nasro_approved_by="R. Viewer",
        nasro_approved_on=datetime(2026, 12, 1),
        nasro_payment_number=4417.0,
    )
    found = read_decisions(path)
    assert (found.approved_amount, found.approved_by, found.approved_on, found.payment_number) == (
        Decimal("898.68"),
        "R. Viewer",
        date(2026, 12, 1),
        "4417",
    )
    assert found.is_approved


def test_a_date_typed_as_text_and_an_amount_of_zero_are_read(fill: Fill) -> None:
    found = read_decisions(fill(nasro_approved_amount="0.00", nasro_approved_on="2026-12-01"))
    assert (found.approved_amount, found.approved_on) == (Decimal("0.00"), date(2026, 12, 1))


def test_a_word_that_is_no_decision_is_refused_with_its_cell(fill: Fill) -> None:
    assert refusals(fill(Findings_I5="approve", Findings_I6="maybe", Findings_J6="why")) == [
        "Findings!I5: 'approve' is not a decision; choose accept, adjust, return",
        "Findings!I6: 'maybe' is not a decision; choose accept, adjust, return",
    ]


def test_adjust_needs_a_reason_and_return_does_not(fill: Fill) -> None:
    assert refusals(fill(Findings_I5="adjust", Findings_J5="  ")) == ["Findings!J5: adjust needs a reason; say why"]
    (returned,) = read_decisions(fill(Findings_I6="return")).decisions
    assert returned.why == "Claimed twice?"


def test_a_note_beside_an_undecided_finding_is_no_decision(fill: Fill) -> None:
    assert read_decisions(fill(Findings_J5="ask Ms. Cole first")).decisions == ()


def test_a_decision_on_nothing_is_refused(fill: Fill) -> None:
    expected = ["Findings!A30: the check is missing; fill in the copy that was written"]
    assert refusals(fill(Findings_I30="accept")) == expected


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (898.685, "'898.685' is not an amount; write dollars and cents like 159.00"),
        ("1,000.00", "'1,000.00' is not an amount; write dollars and cents like 159.00, without $ or comma"),
        (-5, "'-5.00' is not an amount; write dollars and cents like 159.00"),
        (True, "must be an amount; type dollars and cents, like 159.00"),
        ("=1/0", 'holds a formula, "=1/0"; type the value itself'),
        ("=A1+500", 'holds a formula, "=A1+500"; type the value itself'),
        ("=1000/3", "'333.333333333' is not an amount; write dollars and cents like 159.00"),
    ],
)
def test_an_approved_amount_that_is_none_is_refused(fill: Fill, amount: object, said: str) -> None:
    (refused,) = refusals(fill(nasro_approved_amount=amount))
    assert refused.partition(": ")[2] == said
    assert refused.startswith("Claim!A")


def test_a_day_of_approval_that_is_none_is_refused(fill: Fill) -> None:
    (text,) = refusals(fill(nasro_approved_on="last week"))
    assert text.endswith(": 'last week' is not a date; type it as year-month-day, like 2026-10-04")
    (none,) = refusals(fill(nasro_approved_on="2026-02-30"))
    assert none.endswith(": '2026-02-30' is not a date; type it as year-month-day, like 2026-10-04")
    (timed,) = refusals(fill(nasro_approved_on=datetime(2026, 12, 1, 9, 30)))
    assert timed.endswith(": holds a time as well; type the date alone, like 2026-10-04")


def test_everything_that_is_refused_is_told_at_once(fill: Fill) -> None:
    found = refusals(fill(Findings_I5="no", Findings_I6="adjust", nasro_approved_amount="ten"))
    assert [line.partition(":")[0] for line in found] == ["Findings!I5", "Findings!J6", found[2].partition(":")[0]]
    assert len(found) == 3


def test_columns_are_found_by_their_headers(fill: Fill) -> None:
    path = fill(Findings_I5="accept")
    book = openpyxl.load_workbook(path)
    sheet = book["Findings"]
    del sheet.tables["Findings"]
    sheet.move_range("I4:J7", cols=10)
    book.save(path)
    (found,) = read_decisions(path).decisions
    assert (found.verdict, found.cell) == ("accept", "Findings!S5")
    sheet["S4"] = "Verdict"
    book.save(path)
    assert refusals(path) == ['Findings!I4: the column "Decision" is missing; fill in the copy that was written']


def test_a_name_that_points_elsewhere_does_not_move_the_box(fill: Fill) -> None:
    """Or whoever moves it could have another cell taken for the approval."""
    path = fill(nasro_approved_by="R. Viewer")
    book = openpyxl.load_workbook(path)
    for name in ("nasro_approved_amount", "nasro_approved_by"):
        book.defined_names[name].attr_text = "Claim!$A$22"
    book.save(path)
    found = read_decisions(path)
    assert (found.approved_amount, found.approved_by) == (None, "R. Viewer")
    book["Claim"]["A7"] = "The agency"  # now the names count, as they do where rows were inserted
    book.save(path)
    assert refusals(path) == ["Claim: the box for NASRO is not where it was; fill in the copy that was written"]


def test_what_is_no_audited_copy_is_refused(fill: Fill, tmp_path: Path, law: Law) -> None:
    path = fill()
    book = openpyxl.load_workbook(path)
    del book["Findings"]
    book.save(path)
    with pytest.raises(InputError, match="is not an audited copy of a claim; name a copy that the audit wrote"):
        read_decisions(path)
    (tmp_path / "other.xlsx").write_bytes(b"PK")
    with pytest.raises(InputError):
        read_decisions(tmp_path / "other.xlsx")


def test_a_form_has_no_decisions(tmp_path: Path, law: Law) -> None:
    from perdiem_calc.rates.places import Place
    from perdiem_calc.rates.ratebook import Ratebook

    path = tmp_path / "form.xlsx"
    write_form(path, Place(city="Orlando", state="FL"), date(2026, 10, 4), date(2026, 10, 9), Ratebook.open(), law)
    found = read_decisions(path)
    assert (found.claim_id, found.decisions, found.approved_amount) == ("", (), None)


def test_what_was_decided_on_a_copy_is_concluded(fill: Fill) -> None:
    audited = audited_of(moody(), "claim.json", FINDINGS)
    decided = {"Findings_I5": "adjust", "Findings_J5": "Approved by phone.", "Findings_I6": "accept"}
    found = concluded(audited, read_decisions(fill(**decided, nasro_approved_amount=880, nasro_approved_by="R. V.")))
    assert (found.verdict, found.amount, found.reason, found.open) == (
        "adjust",
        Decimal("880.00"),
        "Approved by phone.",
        (),
    )
