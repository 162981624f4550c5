"""The audit report: what stands where, that its formulas come to its values, and that it reads as it should."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Severity
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.history.conflicts import AS_COPY, COPY_FIX, outside_of
from perdiem_calc.history.records import History, Take
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.report.write import report_bytes, write_report
from perdiem_calc.workbook.writing.sheet import LONGEST_TEXT
from tests.golden import BUILT_ON, REPORT, dump
from tests.support.audited_claims import audited_of, batch, not_computed, question, small, small_report, unreadable
from tests.support.checking import edited, moody
from tests.support.claims import MIXED, TEXTS
from tests.support.edits import without_kept_values
from tests.support.known_claims import earlier
from tests.support.libreoffice import recalculate

SHEETS = ["Summary", "Findings", "Accept", "Decide", "Adjust", "Return", "Charts", "About"]
HEADER = 4


def opened(content: bytes, *, values: bool = False) -> Any:
    """A workbook's cells: formulas, or values."""
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def report(audited: Sequence[AuditedClaim], unread: Sequence[Unreadable] = (), *, values: bool = True) -> Any:
    """The report on some claims, opened."""
    return opened(report_bytes(audited, unread, BUILT_ON), values=values)


def column(book: Any, sheet: str, header: str) -> list[Any]:
    """What stands below a header, down to the row of totals or the end."""
    cells = book[sheet]
    (place,) = [cell.column for cell in cells[HEADER] if cell.value == header]
    found = []
    for row in range(HEADER + 1, cells.max_row + 1):
        if cells.cell(row, 1).value in ("Total", None):
            break
        found.append(cells.cell(row, place).value)
    return found


def charts(content: bytes) -> list[str]:
    """The XML of the charts, in order."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        names = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [package.read(name).decode() for name in names]


def test_the_golden_text_is_the_report() -> None:
    assert dump(small_report()) == REPORT.read_text(encoding="utf-8"), "python -m tests.golden"


def test_the_sheets_stand_in_order_and_the_amounts_are_those_of_the_claims() -> None:
    book = opened(small_report(), values=True)
    assert book.sheetnames == SHEETS
    assert column(book, "Summary", "Claimed") == [898.68, 1820.56, 2752.05, None]
    assert column(book, "Summary", "Stated payable") == [898.68, 1250, None, 1000]
    assert column(book, "Summary", "Allowable") == [898.68, 1741.81, 2065.22, None]
    assert column(book, "Summary", "Paid before") == [0, 0, 400, None]
    assert column(book, "Summary", "Payable") == [898.68, 1000, 0, 0]
    assert column(book, "Summary", "Payable once fixed") == [898.68, 1000, 600, None]
    assert column(book, "Summary", "Agency share") == [0, 820.56, 2752.05, None]
    assert column(book, "Summary", "Suggested") == ["accept", "adjust", "return", "return"]
    assert column(book, "Summary", "To look at") == [0, 1, 1, 1]


def test_a_claim_with_a_question_is_for_a_person_to_decide() -> None:
    looked_at = audited_of(moody(), "inbox/moody.xlsx", [question("claim-late", Severity.REVIEW, message="Late.")])
    book = report([looked_at])
    assert column(book, "Decide", "What to do next") == [
        "Decide on claim-late. If you accept, pay $898.68 to Floyd County Police Department."
    ]
    assert (column(book, "Decide", "Main reason"), column(book, "Accept", "File")) == (["Late."], [])
    assert "nothing is questioned" not in repr([cell.value for sheet in book for row in sheet for cell in row])


def test_copies_of_one_claim_count_once_and_say_so() -> None:
    """Moody, $898.68, in two files: its amounts are added once, and the copy is listed without any."""
    audited = audited_of(moody(), "inbox/a.xlsx")
    again = question("claim-resubmitted", Severity.BLOCKS, message=f"{AS_COPY}inbox/a.xlsx{COPY_FIX}")
    copy = audited_of(moody(), "inbox/b.xlsx", [again])
    copy = replace(copy, known=History("new", copy_of="inbox/a.xlsx"))
    book = report([audited, copy])
    assert book["Summary"]["A2"].value.startswith("As of 2026-11-23. 1 claim audited; suggested: accept 1, ")
    assert "1 copy of one of them." in book["Summary"]["A2"].value
    for header in ("Claimed", "Allowable", "Payable"):
        assert column(book, "Summary", header) == [898.68, None]
    assert column(book, "Summary", "To look at") == [0, None]
    listed = zip(column(book, "Findings", "File"), column(book, "Findings", "Check"), strict=True)
    assert {check for file, check in listed if file == "inbox/b.xlsx"} == {"claim-resubmitted"}


def test_what_other_claims_of_the_batch_take_has_a_column_of_its_own() -> None:
    law, rates, stated = load_law(), Ratebook.open(), parse_claim(moody())
    known = History("new", takes=(Take(earlier("P-1", source="inbox/p.xlsx"), Decimal("898.68")),))
    itemized = itemize(stated, rates, law, as_of=BUILT_ON, outside=outside_of(stated, known, law))
    findings = audit(itemized, rates, law, known=known)
    book = report([AuditedClaim("inbox/moody.xlsx", stated, itemized, findings, known)])
    assert [column(book, "Summary", header)[0] for header in ("Paid before", "Other claims", "Payable")] == [
        0, 898.68, 101.32,
    ]  # fmt: skip
    assert "taken by claim P-1 of Avery O'Neal" in column(book, "Accept", "Main reason")[0]


def test_totals_are_formulas_over_the_rows() -> None:
    formulas, values = opened(small_report()), opened(small_report(), values=True)
    row = HEADER + 5
    assert formulas["Summary"].cell(row, 1).value == "Total"
    totals = {cell.column_letter: cell.value for cell in formulas["Summary"][row] if cell.data_type == "f"}
    assert totals == {letter: f"=SUM({letter}5:{letter}8)" for letter in "IJKLNOPR"}
    # 898.68 + 1,820.56 + 2,752.05; 898.68 + 1,250.00 + 1,000.00; 898.68 + 1,741.81 + 2,065.22
    assert [values["Summary"][f"{letter}{row}"].value for letter in "IJK"] == [5471.29, 3148.68, 4705.71]


def test_files_that_cannot_be_read_stand_below_with_the_reason() -> None:
    sheet = opened(small_report())["Summary"]
    assert [sheet[cell].value for cell in ("A11", "A13", "E13")] == [
        "Files that could not be read",
        "@inbox/macro.xlsm",
        "is a workbook with macros; save it as .xlsx",
    ]
    assert opened(report_bytes(small(), (), BUILT_ON))["Summary"]["A11"].value is None


def test_each_claim_stands_on_the_sheet_of_its_decision_alone() -> None:
    book = opened(small_report(), values=True)
    files = {name: column(book, name, "File") for name in ("Accept", "Decide", "Adjust", "Return")}
    assert files == {
        "Accept": ["inbox/moody.xlsx"],
        "Decide": [],
        "Adjust": ["inbox/orlando.xlsx"],
        "Return": ["-inbox/washington.json", "inbox/broken.xlsx"],
    }
    assert column(book, "Return", "What to do next")[0] == (
        "Pay nothing. Send it back and say why (certificate-missing). Once everything is fixed, $600.00 is payable."
    )
    assert book["Adjust"]["G6"].value == 1000


def test_findings_stand_in_order_of_payment_effect_over_all_claims() -> None:
    book = report(batch(12))
    effects = [abs(effect) for effect in column(book, "Findings", "Payment effect")]
    assert effects == sorted(effects, reverse=True)
    assert len(set(column(book, "Findings", "File"))) > 1
    # What could not be judged has one row a check on About, and not one a claim here.
    assert len(effects) == sum(len(one.questioned) for one in batch(12))


def test_a_finding_names_the_cells_of_the_submission() -> None:
    book = report([audited_of(moody(), "m.xlsx", [question("x", Severity.REVIEW, "Days!K5", "Days!K6")])])
    places = dict(zip(column(book, "Findings", "Check"), column(book, "Findings", "Where"), strict=True))
    assert places["x"] == "Days!K5, Days!K6"
    assert places["retention-date"] == "prepared_on"


def _name(text: str) -> str:
    """A text as a name, which is written in one alphabet."""
    return "A name" if text == MIXED else text


def test_text_from_a_submission_is_text() -> None:
    audited = [
        audited_of(
            edited(moody(), dict.fromkeys(("agency.name", "agency.payee", "officer.name"), _name(text))),
            text,
            [question(text, Severity.ADJUSTS, message=text)],
        )
        for text in TEXTS
        if text.strip() == text and "\t" not in text and "_x000D_" not in text
    ]
    unread = [Unreadable("=file", InputError("file.unreadable", "+what", fix="@fix"))]
    book = report(audited, unread, values=False)
    for sheet in ("Summary", "Findings", "Accept", "Adjust", "Return"):
        for row in book[sheet].iter_rows():
            for cell in row:
                assert cell.data_type != "f" or str(cell.value).startswith("=SUM("), cell
                assert cell.hyperlink is None
    # A file's name is shown on one line.
    assert {one.source.replace("\n", "\\n") for one in audited} <= set(column(book, "Summary", "File"))
    said = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert "+what; @fix" in said


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so() -> None:
    long = question("x", Severity.REVIEW, message="y" * (LONGEST_TEXT + 1))
    just = question("z", Severity.REVIEW, message="y" * LONGEST_TEXT)
    book = report(
        [audited_of(moody(), "m.xlsx", [long, just])],
        [Unreadable("f" * 40_000, InputError("file.unreadable", "bad"))],
    )
    texts = dict(
        zip(
            column(book, "Findings", "Check"),
            column(book, "Findings", "What it is, and how to fix it"),
            strict=True,
        )
    )
    assert texts["z"] == "y" * LONGEST_TEXT
    assert len(texts["x"]) == LONGEST_TEXT
    assert texts["x"].endswith("y … (cut here: a cell holds no more)")
    assert len(book["Summary"]["A10"].value) == LONGEST_TEXT


def test_it_prints_on_letter_paper_and_repeats_the_headers() -> None:
    book = report(batch(3), values=False)
    for sheet in book:
        assert str(sheet.page_setup.paperSize) == "1"
        assert "Audit as of 2026-11-23" in sheet.oddFooter.left.text
        if sheet.title != "Charts":
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
    for name in ("Summary", "Findings", "Accept", "Decide", "Adjust", "Return"):
        assert book[name].print_title_rows == "$4:$4"
        assert book[name].freeze_panes == "C5"
    assert book["Findings"].auto_filter.ref == f"A4:M{4 + sum(len(one.questioned) for one in batch(3))}"
    assert book["Summary"].auto_filter.ref == "A4:T7"


def test_amounts_are_numbers_with_two_decimals() -> None:
    book = report(batch(5), values=False)
    for name, letters in (("Summary", "IJKLMNO"), ("Findings", "GHIJ"), ("Accept", "EFGHI")):
        for letter in letters:
            for cell in book[name][letter][HEADER:]:
                assert cell.value is None or "0.00" in cell.number_format, cell
    frame = pd.read_excel(
        BytesIO(report_bytes(small(), (), BUILT_ON)), sheet_name="Summary", header=HEADER - 1, nrows=4
    )
    assert frame["Payable"].sum() == pytest.approx(1898.68)
    assert frame["Departed"].dtype.kind == "M"


def test_charts_have_titles_and_axes_and_keep_what_they_are_drawn_from() -> None:
    content = small_report()
    amounts, counts, effects = charts(content)
    titles = [re.findall(r"<a:t>([^<]*)</a:t>", xml) for xml in (amounts, counts, effects)]
    assert titles == [
        ["Amounts of all claims", "Amount", "Dollars"],
        ["Findings by check and severity", "Check", "Findings"],
        ["Payment effect by check", "Check", "Dollars"],
    ]
    kept = re.findall(r"<c:v>([^<]*)</c:v>", amounts)
    assert kept[:5] == ["Dollars", "Claimed", "Allowable", "Payable by NASRO", "Agency share"]
    assert kept[5:] == ["5471.29", "4705.71", "1898.68", "3572.61"]
    assert re.findall(r"<c:f>(Charts![^<]*)</c:f>", effects)[1:] == ["Charts!$A$51:$A$52", "Charts!$B$51:$B$52"]
    sheet = opened(content, values=True)["Charts"]
    assert [sheet[f"A{row}"].value for row in (51, 52, 53)] == [
        "certificate-missing",
        "formula-overwritten",
        "cap-applied",
    ]


def test_many_checks_are_listed_all_and_the_first_are_drawn() -> None:
    checks = [question(f"check-{n:02}", Severity.REVIEW, effect=f"-{n}.00") for n in range(1, 41)]
    content = report_bytes([audited_of(moody(), "m.xlsx", checks)], (), BUILT_ON)
    counts, effects = charts(content)[1:]
    assert re.search(r"<c:f>Charts!\$A\$27:\$A\$38</c:f>", counts)
    assert effects.count("<c:pt ") == 2 * 12 + 1
    listed = [cell.value for cell in opened(content)["Charts"]["A"]]
    assert {check.check for check in checks} <= set(listed)
    after = listed.index("Payment effect by check")
    assert listed[after + 3 : after + 5] == ["check-40", "check-39"]


def test_a_check_that_could_not_be_made_is_not_counted_but_told() -> None:
    book = report(small())
    assert "not-on-roster" not in [cell.value for cell in book["Charts"]["A"]]
    told = {row[0].value: (row[1].value, row[2].value) for row in book["About"].iter_rows()}
    assert told["not-on-roster"] == (
        3,
        "Not judged: no roster was given; look the award and the officer up among the funded positions.",
    )


def test_where_every_check_was_made_about_says_so() -> None:
    book = report([not_computed("b.xlsx")])
    said = [cell.value for cell in book["About"]["C"]]
    assert "Every check could be made of every claim that was read." in said


def test_a_batch_without_findings_draws_the_amounts_alone() -> None:
    content = report_bytes([replace(audited_of(moody(), "m.xlsx"), findings=())], (), BUILT_ON)
    assert len(charts(content)) == 1
    said = [cell.value for cell in opened(content)["Charts"]["A"]]
    assert "Nothing is questioned." in said
    assert "No finding but the limit changes a payment." in said
    assert opened(content)["Findings"].max_row == HEADER


def test_an_empty_batch_gives_a_sound_report() -> None:
    content = report_bytes((), [unreadable(), unreadable("b.xlsx")], BUILT_ON)
    book = opened(content)
    assert book.sheetnames == SHEETS
    assert charts(content) == []
    assert book["Charts"]["A3"].value == "No claim was audited, so there is nothing to draw."
    assert [book["Summary"][cell].value for cell in ("A2", "A6", "A8", "A9")] == [
        "As of 2026-11-23. 0 claims audited; suggested: accept 0, decide 0, adjust 0, return 0. "
        "2 files could not be read.",
        "Files that could not be read",
        "inbox/macro.xlsm",
        "b.xlsx",
    ]
    assert book["Summary"].auto_filter.ref is None


def test_the_same_input_gives_the_same_bytes() -> None:
    assert report_bytes(batch(4), [unreadable()], BUILT_ON) == report_bytes(batch(4), [unreadable()], BUILT_ON)


def test_a_report_that_exists_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("precious")
    with pytest.raises(OutputError, match="already exists"):
        write_report(path, small(), (), as_of=BUILT_ON)
    assert path.read_text() == "precious"
    write_report(path, small(), (), as_of=date(2026, 12, 1), force=True)
    assert openpyxl.load_workbook(path)["Findings"]["A2"].value.startswith("As of 2026-12-01.")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("soffice")
def test_recalculated_by_another_program_every_formula_comes_to_its_value(tmp_path: Path) -> None:
    contents = {"batch": report_bytes(batch(40), [unreadable()], BUILT_ON), "small": small_report()}
    for name, content in contents.items():
        (tmp_path / f"{name}.xlsx").write_bytes(without_kept_values(content, (), opened(content).sheetnames))
    made = recalculate([tmp_path / f"{name}.xlsx" for name in contents], tmp_path / "out")
    for content, path in zip(contents.values(), made, strict=True):
        formulas, values = opened(content), opened(content, values=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            computed = openpyxl.load_workbook(path, data_only=True)
        cells = [cell for sheet in formulas for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert len(cells) > 60
        for cell in cells:
            found, written = (book[cell.parent.title][cell.coordinate].value for book in (computed, values))
            assert round(Decimal(repr(found)), 6) == round(Decimal(repr(written)), 6), (cell.parent.title, cell)
