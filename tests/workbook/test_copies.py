"""The audited copy: what the agency sent stays as it was, Findings is filled anew, and other programs read it."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import etree
from openpyxl.comments import Comment

from perdiem_calc.checks.finding import Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.history.records import History, NearMatch
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.form.columns import FINDINGS
from perdiem_calc.workbook.form.layout import HEADER_ROW, SHEETS
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.marking.grafting import OF_WORKSHEET
from perdiem_calc.workbook.marking.marks import BEGINNING
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.submitted import read_claim
from perdiem_calc.workbook.writing.severities import FILLS
from tests.golden import BUILT_ON
from tests.support.audited_claims import audited_of, not_computed
from tests.support.claim_data import sample
from tests.support.claims import random_claim
from tests.support.copying import ALL, CEILING, CopyDesk, cells, comments, edit, fills, findings_rows, opened, parts
from tests.support.hostile import (
    BOOK,
    BOOK_RELATIONS,
    MAIN,
    TYPES,
    own_parts,
    own_workbook,
    repacked,
    zip_bomb,
)
from tests.support.libreoffice import recalculate, to_pdf
from tests.support.submissions import AuditDesk

# --- what stays -----------------------------------------------------------------------------------------------------


def test_values_and_formulas_are_those_of_the_submission(desk: CopyDesk) -> None:
    copy = desk.copy()
    for values in (True, False):
        assert cells(copy, values=values) == cells(own_workbook(), values=values)
    for sheet in ("Days", "Expenses"):
        before, after = (
            pd.read_excel(BytesIO(content), sheet_name=sheet, header=HEADER_ROW) for content in (own_workbook(), copy)
        )
        pd.testing.assert_frame_equal(before, after)


def test_the_cells_of_the_sheets_are_the_same_to_the_letter(desk: CopyDesk) -> None:
    copy = parts(desk.copy())
    for number, sheet in enumerate(SHEETS, start=1):
        if sheet == "Findings":
            continue
        before, after = (
            etree.fromstring(content[f"xl/worksheets/sheet{number}.xml"]) for content in (own_parts(), copy)
        )
        ours = {"conditionalFormatting", "legacyDrawing"}
        for tree in (before, after):
            for element in list(tree):
                if etree.QName(element).localname in ours:
                    tree.remove(element)
        assert etree.tostring(before, method="c14n") == etree.tostring(after, method="c14n"), sheet


def test_parts_that_are_not_touched_are_the_same_byte_for_byte(desk: CopyDesk) -> None:
    copy = parts(desk.copy())
    changed = {name for name, content in own_parts().items() if copy.get(name) != content}
    assert "xl/sharedStrings.xml" in copy.keys() - changed
    assert {"xl/theme/theme1.xml", "docProps/core.xml", "xl/tables/table1.xml"} <= copy.keys() - changed


def test_protection_validation_names_widths_and_print_set_up_stay(desk: CopyDesk) -> None:
    before, after = opened(own_workbook()), opened(desk.copy())
    for name, defined in before.defined_names.items():
        assert after.defined_names[name].attr_text == defined.attr_text
    for old in before:
        new = after[old.title]
        assert new.protection.sheet == old.protection.sheet
        assert (new.print_title_rows, new.freeze_panes) == (old.print_title_rows, old.freeze_panes)
        if old.title != "Findings":
            assert new.print_area == old.print_area
            assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation)
            widths = {key: (dim.width, dim.hidden) for key, dim in old.column_dimensions.items()}
            assert {key: (dim.width, dim.hidden) for key, dim in new.column_dimensions.items()} == widths
            assert new.tables.items() == old.tables.items()


def test_no_cell_of_the_submission_looks_different_under_its_mark(desk: CopyDesk) -> None:
    before, after = (etree.fromstring(content["xl/styles.xml"]) for content in (own_parts(), parts(desk.copy())))
    for group in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs", "numFmts"):
        old, new = (tree.find(f"{{{MAIN}}}{group}") for tree in (before, after))
        assert old is not None
        assert new is not None
        assert [etree.tostring(one) for one in list(new)[: len(old)]] == [etree.tostring(one) for one in old], group
        assert new.get("count") == str(len(new))
    numbers = [one.get("numFmtId") for one in after.iter(f"{{{MAIN}}}numFmt")]
    assert len(numbers) == len(set(numbers))


def test_read_back_it_is_the_same_claim_and_audits_the_same(law: Law, ratebook: Ratebook, tmp_path: Path) -> None:
    desk = AuditDesk(law, ratebook, tmp_path)
    for seed in (3, 8, 21):
        built = desk.build(random_claim(random.Random(seed)))
        audited = desk.audit(built.content)
        write_copy(tmp_path / "claim.xlsx", audited, tmp_path / "copy.xlsx", law, as_of=BUILT_ON, force=True)
        assert read_claim(tmp_path / "copy.xlsx") == audited.claim
        again = desk.audit((tmp_path / "copy.xlsx").read_bytes())
        assert again.findings == audited.findings
        assert again.itemized == audited.itemized


def test_the_same_submission_gives_the_same_bytes(desk: CopyDesk) -> None:
    assert desk.copy() == desk.copy()


# --- Findings -------------------------------------------------------------------------------------------------------


def test_findings_are_filled_anew_as_a_table_with_decisions_to_choose(desk: CopyDesk) -> None:
    copy = desk.copy()
    rows = findings_rows(copy)
    assert [row[0] for row in rows] == [finding.check for finding in ALL]
    assert rows[0][1:8] == ["adjusts", "Days!I6", 199, 145, -54, 0, "Edited."]
    assert [row[2] for row in rows[2:5]] == ["Days!K7, Days!O7", "Expenses!K5", "claim_id"]
    assert [row[8:10] for row in rows] == [[None, None]] * len(ALL)
    assert [row[12] for row in rows] == ["questioned"] * 6 + ["not_evaluated"]
    sheet = opened(copy)["Findings"]
    assert sheet["A2"].value.startswith(
        "Audit as of 2026-11-23: $1,000.00 is payable, suggested: adjust. 6 questioned, in order of payment effect."
    )
    assert sheet.tables["Findings"].ref == "A4:M11"
    assert [column.name for column in sheet.tables["Findings"].tableColumns] == [c.header for c in FINDINGS.columns]
    (choices,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert (choices.formula1, str(choices.sqref)) == ('"accept,adjust,return"', "I5:I11")
    assert [sheet[cell].protection.locked for cell in ("A5", "I5", "J11")] == [True, False, False]
    assert sheet["D5"].number_format.startswith("$")
    assert sheet["H8"].data_type == "s"
    assert sheet.print_area == "'Findings'!$A$1:$M$11"


def test_the_note_promises_no_amount_while_the_officer_may_be_another(desk: CopyDesk) -> None:
    known = History("undecided", near=(NearMatch(1, "A", "Jordan Reyez", "same award, similar name"),))
    desk.audited = replace(desk.audited, known=known)
    note = opened(desk.copy(()))["Findings"]["A2"].value
    assert note.startswith("Audit as of 2026-11-23: no amount is payable, suggested: decide. 0 questioned")


def test_a_claim_without_findings_has_a_blank_row(desk: CopyDesk) -> None:
    copy = desk.copy([])
    assert findings_rows(copy) == [[None] * len(FINDINGS.columns)]
    assert comments(copy) == {}
    assert fills(copy) == {}


def without_findings() -> bytes:
    """The submission without its sheet Findings, as openpyxl leaves it."""

    def change(book: Any) -> None:
        del book["Findings"]

    return edit(own_workbook(), change)


def test_a_sheet_findings_that_is_missing_comes_last(desk: CopyDesk) -> None:
    copy = desk.copy(content=without_findings())
    assert opened(copy).sheetnames == [name for name in SHEETS if name != "Findings"] + ["Findings"]
    assert len(findings_rows(copy)) == len(ALL)
    assert cells(copy, values=False) == cells(without_findings(), values=False)


@pytest.mark.parametrize("name", ["Feststellungen", "FINDINGS", "Findings (2)"])
def test_a_sheet_findings_that_was_renamed_has_its_name_again(desk: CopyDesk, name: str) -> None:
    renamed = repacked({BOOK: own_parts()[BOOK].replace(b'name="Findings"', f'name="{name}"'.encode())})
    copy = desk.copy(content=renamed)
    assert opened(copy).sheetnames == list(SHEETS)
    assert len(findings_rows(copy)) == len(ALL)


def test_a_sheet_findings_that_is_damaged_or_hidden_is_made_anew(desk: CopyDesk) -> None:
    def change(book: Any) -> None:
        sheet = book["Findings"]
        del sheet.tables["Findings"]
        sheet.sheet_state = "hidden"
        sheet.delete_rows(1, 4)
        sheet["I6"], sheet["Z90"] = "accept", "=1+1"
        sheet["A1"].comment = Comment("Look here", "Agency")

    copy = desk.copy(content=edit(own_workbook(), change))
    sheet = opened(copy)["Findings"]
    assert (sheet.sheet_state, sheet["Z90"].value, sheet["I6"].value) == ("visible", None, None)
    assert "Findings!A1" not in comments(copy)
    assert len(findings_rows(copy)) == len(ALL)
    assert not any(b"Look here" in content for content in parts(copy).values())


def test_another_sheet_with_the_table_of_that_name_stays(desk: CopyDesk) -> None:
    def change(book: Any) -> None:
        del book["Findings"]
        table = book["Days"].tables.pop("Days")
        table.name = table.displayName = "Findings"
        book["Days"].add_table(table)

    copy = desk.copy(content=edit(own_workbook(), change))
    book = opened(copy)
    assert list(book["Days"].tables) == ["Findings"]
    assert list(book["Findings"].tables) == ["Findings_2"]
    assert len({table.id for sheet in book for table in sheet.tables.values()}) == 3


def test_no_two_tables_have_one_number_and_every_sheet_keeps_the_order_of_its_elements(desk: CopyDesk) -> None:
    copy = desk.copy()
    tables = [table.id for sheet in opened(copy) for table in sheet.tables.values()]
    assert len(tables) == len(set(tables)) == 3
    order = OF_WORKSHEET.split()
    for name, content in parts(copy).items():
        if "worksheets/sheet" in name and name.endswith(".xml"):
            found = [order.index(etree.QName(element).localname) for element in etree.fromstring(content)]
            assert found == sorted(found), name


def test_the_order_of_computing_and_the_parts_of_the_old_sheet_are_gone(desk: CopyDesk) -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="A5" i="5"/></calcChain>'.encode()
    relations = own_parts()[BOOK_RELATIONS].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"'
        b' Target="calcChain.xml"/></Relationships>',
    )
    types = own_parts()[TYPES].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.calcChain+xml"/></Types>',
    )
    copy = parts(desk.copy(content=repacked({"xl/calcChain.xml": chain, BOOK_RELATIONS: relations, TYPES: types})))
    assert "xl/calcChain.xml" not in copy
    assert b"calcChain" not in copy[TYPES] + copy[BOOK_RELATIONS]
    declared = re.findall(rb'PartName="/([^"]*)"', copy[TYPES])
    assert {name.decode() for name in declared} <= copy.keys()
    assert sum("worksheets/sheet" in name and name.endswith(".xml") for name in copy) == len(SHEETS)
    assert sum("tables/table" in name for name in copy) == 3


def test_the_sheet_that_was_open_is_open(desk: CopyDesk) -> None:
    copy = opened(desk.copy())
    assert (copy.active.title, copy["Findings"].sheet_view.tabSelected) == ("Claim", False)

    def change(book: Any) -> None:
        book.active = book.sheetnames.index("Findings")

    chosen = opened(desk.copy(content=edit(own_workbook(), change)))
    assert (chosen.active.title, chosen["Findings"].sheet_view.tabSelected) == ("Findings", True)


# --- NASRO's box ----------------------------------------------------------------------------------------------------


def test_what_stood_in_the_box_of_nasro_is_cleared_and_told(desk: CopyDesk) -> None:
    """Or the agency could approve its own claim."""

    def change(book: Any) -> None:
        for name, value in (("nasro_approved_amount", 1000), ("nasro_approved_by", "R. Viewer")):
            book["Claim"][book.defined_names[name].attr_text.partition("!")[2].replace("$", "")] = value
        book["Findings"]["I5"] = "accept"

    sent = edit(own_workbook(), change)
    (desk.folder / "sent.xlsx").write_bytes(sent)
    before = read_decisions(desk.folder / "sent.xlsx")
    assert (before.approved_amount, before.approved_by) == (Decimal(1000), "R. Viewer")
    assert len(before.decisions) == 1
    copy = desk.copy([], content=sent)
    after = read_decisions(desk.folder / "copy.xlsx")
    assert (after.approved_amount, after.approved_by, after.decisions) == (None, "", ())
    told = comments(copy)
    assert len(told) == 2
    assert any("'R. Viewer' stood here when the claim came in" in said for said in told.values())
    blank = {
        address: value for address, value in cells(sent, values=False).items() if value not in (1000, "R. Viewer")
    }
    assert {a: v for a, v in cells(copy, values=False).items() if a in blank} == blank


def test_a_name_of_the_box_that_points_elsewhere_clears_nothing_else(desk: CopyDesk) -> None:
    names = own_parts()[BOOK]
    moved = re.sub(rb'(name="nasro_approved_amount">)[^<]*', rb"\1Claim!$G$5", names)
    assert moved != names
    copy = desk.copy([], content=repacked({BOOK: moved}))
    assert cells(copy, values=False)["Claim", "G5"] == cells(own_workbook(), values=False)["Claim", "G5"]
    assert comments(copy) == {}


# --- JSON, TOML, refusals -------------------------------------------------------------------------------------------


def test_of_a_claim_in_json_the_copy_is_its_workbook_marked_the_same(law: Law, tmp_path: Path) -> None:
    record = sample("2026-ORL-0001")
    record["lodging"][2]["receipt"] = None
    audited = audited_of(record, "claim.json")
    write_copy(tmp_path / "claim.json", audited, tmp_path / "copy.xlsx", law, as_of=BUILT_ON)
    copy = (tmp_path / "copy.xlsx").read_bytes()
    assert read_claim(tmp_path / "copy.xlsx") == audited.claim
    assert opened(copy, values=True)["Claim"]["G5"].value == float(audited.payable)
    places = {row[0]: row[2] for row in findings_rows(copy)}
    paid_before = opened(copy).defined_names["previously_reimbursed"].attr_text.replace("$", "")
    assert (places["lodging-receipt-missing"], places["cap-applied"]) == ("Days!S7", paid_before)
    found = comments(copy)
    assert found["Days!S7"].startswith(f"{BEGINNING}2026-11-23\n\nblocks, lodging-receipt-missing: ")
    assert fills(copy)["Days!S7"] == FILLS[Severity.BLOCKS]


def test_a_claim_in_json_that_cannot_be_computed_has_no_workbook(law: Law, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"c\.toml: the claim cannot be computed, so there is no workbook to mark"):
        write_copy(tmp_path / "c.toml", not_computed("c.toml"), tmp_path / "copy.xlsx", law, as_of=BUILT_ON)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_of_which_no_claim_can_be_read_is_marked_all_the_same(desk: CopyDesk) -> None:
    desk.audited = not_computed("claim.xlsx")
    copy = desk.copy(desk.audited.findings)
    assert comments(copy)["Days!K5"].endswith("blocks, malformed: Room rate is no amount: type it like 159.00.")


def test_what_is_not_safe_to_read_is_refused_and_nothing_is_written(desk: CopyDesk) -> None:
    for content, said in ((zip_bomb(), "packed too tightly"), (b"PK\x03\x04", "damaged"), (b"", "empty")):
        with pytest.raises(InputError, match=said):
            desk.copy(content=content)
    macros = desk.folder / "claim.xlsm"
    macros.write_bytes(own_workbook())
    with pytest.raises(InputError, match=r"not an \.xlsx workbook but \.xlsm"):
        write_copy(macros, desk.audited, desk.folder / "copy.xlsx", desk.law, as_of=BUILT_ON)
    assert {path.name for path in desk.folder.iterdir()} == {"claim.xlsx", "claim.xlsm"}


def test_a_copy_that_exists_is_kept_unless_forced(desk: CopyDesk) -> None:
    (desk.folder / "copy.xlsx").write_text("decided")
    (desk.folder / "claim.xlsx").write_bytes(own_workbook())
    with pytest.raises(OutputError, match="already exists"):
        write_copy(
            desk.folder / "claim.xlsx", desk.audited, desk.folder / "copy.xlsx", desk.law, as_of=date(2026, 12, 1)
        )
    assert (desk.folder / "copy.xlsx").read_text() == "decided"


# --- other programs -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("soffice")
def test_another_program_opens_it_computes_the_same_and_keeps_the_marks(desk: CopyDesk, tmp_path: Path) -> None:
    (tmp_path / "ours.xlsx").write_bytes(desk.copy())
    (tmp_path / "own.xlsx").write_bytes(own_workbook())
    ours, own = recalculate([tmp_path / "ours.xlsx", tmp_path / "own.xlsx"], tmp_path / "saved")
    content = ours.read_bytes()
    assert cells(content, values=True) == cells(own.read_bytes(), values=True)
    assert comments(content) == comments(desk.copy())
    assert fills(content) == fills(desk.copy())
    again = desk.copy([CEILING], content=content)
    assert list(comments(again)) == ["Days!I6"]
    assert list(fills(again)) == ["Days!I6"]
    of_own = desk.copy(content=own.read_bytes())
    assert comments(of_own) == comments(desk.copy())
    assert cells(of_own, values=True) == cells(own.read_bytes(), values=True)
    (pdf,) = to_pdf([tmp_path / "ours.xlsx"], tmp_path / "printed")
    assert pdf.stat().st_size > 20_000
