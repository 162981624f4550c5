"""The audited copy: what the agency sent stays as it was; what the audit adds is there, and can be read."""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.utils.cell import coordinate_from_string, get_column_letter

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.findings import Finding, Outcome, Severity
from perdiem_calc.parameters import Law
from perdiem_calc.ratebook import Ratebook
from perdiem_calc.workbook.columns import FINDINGS
from perdiem_calc.workbook.copies import write_copy
from perdiem_calc.workbook.decisions import read_decisions
from perdiem_calc.workbook.grafting import OF_WORKSHEET
from perdiem_calc.workbook.layout import FIRST_ROW, HEADER_ROW, SHEETS
from perdiem_calc.workbook.marks import BEGINNING, LONGEST_SAID, MOST_SAID
from perdiem_calc.workbook.opening import open_book
from perdiem_calc.workbook.read import read_claim
from perdiem_calc.workbook.severities import FILLS
from tests.audited_claims import audited_of, not_computed, question
from tests.checking import sample
from tests.claims import random_claim
from tests.golden import BUILT_ON
from tests.hostile import (
    BOOK,
    BOOK_RELATIONS,
    DAYS,
    MAIN,
    TYPES,
    own_parts,
    own_workbook,
    repacked,
    small,
    zip_bomb,
    zipped,
)
from tests.libreoffice import recalculate, soffice_missing_reason, to_pdf
from tests.submissions import AuditDesk

EMPTY = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
CEILING = question(
    "lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I6", claimed="199.00", allowed="145.00", message="Edited."
)
ROOMS = question("lodging-over-ceiling", Severity.INFO, "Days!K5:K9", message="Above the ceiling.")
TAXES = question("lodging-tax-high", Severity.REVIEW, "Days!K7", "Days!O7", message="A high tax.")
TICKET = question("receipt-missing", Severity.BLOCKS, "Expenses!K5", message="=No receipt <E1> & none to come.")
PRIOR = question("prior-course", Severity.REVIEW, message="A course was taken before.")
DATES = question("retention-date", Severity.INFO, message="Keep the documents.")
UNJUDGED = replace(question("mou-late", Severity.INFO, "Claim!D19"), outcome=Outcome.NOT_EVALUATED)
ALL = (CEILING, ROOMS, TAXES, TICKET, PRIOR, DATES, UNJUDGED)


@cache
def opened(content: bytes, *, values: bool = False) -> Any:
    """A workbook's cells, to be read only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(BytesIO(content), data_only=values)


class Desk:
    """Where copies are made of the sample claim to Orlando, or of another workbook."""

    def __init__(self, law: Law, folder: Path) -> None:
        self.law, self.folder = law, folder
        self.audited = audited_of(sample("2026-ORL-0001"), "inbox/claim.xlsx")

    def copy(self, findings: Sequence[Finding] = ALL, content: bytes | None = None) -> bytes:
        """The copy of a submission with these findings."""
        submitted, target = self.folder / "claim.xlsx", self.folder / "copy.xlsx"
        submitted.write_bytes(own_workbook() if content is None else content)
        audited = replace(self.audited, findings=tuple(findings))
        write_copy(submitted, audited, target, self.law, as_of=BUILT_ON, force=True)
        return target.read_bytes()


@pytest.fixture
def desk(law: Law, tmp_path: Path) -> Desk:
    """A folder to copy in."""
    return Desk(law, tmp_path)


def cells(content: bytes, *, values: bool) -> dict[tuple[str, str], Any]:
    """Every cell in which something stands, but those of Findings."""
    book = opened(content, values=values)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        if sheet.title != "Findings"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def comments(content: bytes) -> dict[str, str]:
    """The comments of a workbook, by address."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def fills(content: bytes) -> dict[str, str]:
    """The marked ranges of a workbook, each with its colour, the one that wins last."""
    found: dict[str, str] = {}
    for sheet in opened(content):
        ranked = [
            (rule.priority, str(ranges.sqref), rule)
            for ranges in sheet.conditional_formatting
            for rule in ranges.rules
            if rule.formula == ['"audit"<>""']
        ]
        for _, ranges, rule in sorted(ranked, key=lambda one: -one[0]):
            for address in ranges.split():
                found[f"{sheet.title}!{address}"] = f"#{rule.dxf.fill.bgColor.rgb[2:]}"
    return found


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def findings_rows(content: bytes) -> list[list[Any]]:
    """The rows of the table Findings."""
    sheet = opened(content)["Findings"]
    return [[cell.value for cell in row] for row in sheet[sheet.tables["Findings"].ref]][1:]


def checks_listed(path: Path) -> list[object]:
    """The checks on Findings, read by the program itself, which takes workbooks that openpyxl does not."""
    cells = open_book(path, ("Findings",)).cells["Findings"]
    return [cells[row, 0].value for row in range(FIRST_ROW, max(row for row, _ in cells) + 1)]


def edit(content: bytes, change: Any) -> bytes:
    """A workbook that somebody changed with openpyxl."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# --- what stays -----------------------------------------------------------------------------------------------------


def test_values_and_formulas_are_those_of_the_submission(desk: Desk) -> None:
    copy = desk.copy()
    for values in (True, False):
        assert cells(copy, values=values) == cells(own_workbook(), values=values)
    for sheet in ("Days", "Expenses"):
        before, after = (
            pd.read_excel(BytesIO(content), sheet_name=sheet, header=HEADER_ROW) for content in (own_workbook(), copy)
        )
        pd.testing.assert_frame_equal(before, after)


def test_the_cells_of_the_sheets_are_the_same_to_the_letter(desk: Desk) -> None:
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


def test_parts_that_are_not_touched_are_the_same_byte_for_byte(desk: Desk) -> None:
    copy = parts(desk.copy())
    changed = {name for name, content in own_parts().items() if copy.get(name) != content}
    assert "xl/sharedStrings.xml" in copy.keys() - changed
    assert {"xl/theme/theme1.xml", "docProps/core.xml", "xl/tables/table1.xml"} <= copy.keys() - changed


def test_protection_validation_names_widths_and_print_set_up_stay(desk: Desk) -> None:
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


def test_no_cell_of_the_submission_looks_different_under_its_mark(desk: Desk) -> None:
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


def test_the_same_submission_gives_the_same_bytes(desk: Desk) -> None:
    assert desk.copy() == desk.copy()


# --- Findings -------------------------------------------------------------------------------------------------------


def test_findings_are_filled_anew_as_a_table_with_decisions_to_choose(desk: Desk) -> None:
    copy = desk.copy()
    rows = findings_rows(copy)
    assert [row[0] for row in rows] == [finding.check for finding in ALL]
    assert rows[0][1:8] == ["adjusts", "Days!I6", 199, 145, -54, 0, "Edited."]
    assert [row[2] for row in rows[2:5]] == ["Days!K7, Days!O7", "Expenses!K5", "claim_id"]
    assert [row[8:10] for row in rows] == [[None, None]] * len(ALL)
    assert [row[12] for row in rows] == ["questioned"] * 6 + ["not_evaluated"]
    sheet = opened(copy)["Findings"]
    assert sheet["A2"].value.startswith("Audit as of 2026-11-23: 6 questioned, in order of payment effect.")
    assert sheet.tables["Findings"].ref == "A4:M11"
    assert [column.name for column in sheet.tables["Findings"].tableColumns] == [c.header for c in FINDINGS.columns]
    (choices,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert (choices.formula1, str(choices.sqref)) == ('"accept,adjust,return"', "I5:I11")
    assert [sheet[cell].protection.locked for cell in ("A5", "I5", "J11")] == [True, False, False]
    assert sheet["D5"].number_format.startswith("$")
    assert sheet["H8"].data_type == "s"
    assert sheet.print_area == "'Findings'!$A$1:$M$11"


def test_a_claim_without_findings_has_a_blank_row(desk: Desk) -> None:
    copy = desk.copy([])
    assert findings_rows(copy) == [[None] * len(FINDINGS.columns)]
    assert comments(copy) == {}
    assert fills(copy) == {}


def without_findings() -> bytes:
    """The submission without its sheet Findings, as openpyxl leaves it."""

    def change(book: Any) -> None:
        del book["Findings"]

    return edit(own_workbook(), change)


def test_a_sheet_findings_that_is_missing_comes_last(desk: Desk) -> None:
    copy = desk.copy(content=without_findings())
    assert opened(copy).sheetnames == [name for name in SHEETS if name != "Findings"] + ["Findings"]
    assert len(findings_rows(copy)) == len(ALL)
    assert cells(copy, values=False) == cells(without_findings(), values=False)


@pytest.mark.parametrize("name", ["Feststellungen", "FINDINGS", "Findings (2)"])
def test_a_sheet_findings_that_was_renamed_has_its_name_again(desk: Desk, name: str) -> None:
    renamed = repacked({BOOK: own_parts()[BOOK].replace(b'name="Findings"', f'name="{name}"'.encode())})
    copy = desk.copy(content=renamed)
    assert opened(copy).sheetnames == list(SHEETS)
    assert len(findings_rows(copy)) == len(ALL)


def test_a_sheet_findings_that_is_damaged_or_hidden_is_made_anew(desk: Desk) -> None:
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


def test_another_sheet_with_the_table_of_that_name_stays(desk: Desk) -> None:
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


def test_no_two_tables_have_one_number_and_every_sheet_keeps_the_order_of_its_elements(desk: Desk) -> None:
    copy = desk.copy()
    tables = [table.id for sheet in opened(copy) for table in sheet.tables.values()]
    assert len(tables) == len(set(tables)) == 3
    order = OF_WORKSHEET.split()
    for name, content in parts(copy).items():
        if "worksheets/sheet" in name and name.endswith(".xml"):
            found = [order.index(etree.QName(element).localname) for element in etree.fromstring(content)]
            assert found == sorted(found), name


def test_the_order_of_computing_and_the_parts_of_the_old_sheet_are_gone(desk: Desk) -> None:
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


def test_the_sheet_that_was_open_is_open(desk: Desk) -> None:
    copy = opened(desk.copy())
    assert (copy.active.title, copy["Findings"].sheet_view.tabSelected) == ("Claim", False)

    def change(book: Any) -> None:
        book.active = book.sheetnames.index("Findings")

    chosen = opened(desk.copy(content=edit(own_workbook(), change)))
    assert (chosen.active.title, chosen["Findings"].sheet_view.tabSelected) == ("Findings", True)


# --- marks ----------------------------------------------------------------------------------------------------------


def test_the_cells_in_question_are_filled_by_severity_and_say_why(desk: Desk) -> None:
    copy = desk.copy()
    assert fills(copy) == {
        "Days!I6": FILLS[Severity.ADJUSTS],
        "Days!K5:K9": FILLS[Severity.INFO],
        "Days!K7": FILLS[Severity.REVIEW],
        "Days!O7": FILLS[Severity.REVIEW],
        "Expenses!K5": FILLS[Severity.BLOCKS],
        "Claim!A10": FILLS[Severity.REVIEW],
    }
    head = f"{BEGINNING}2026-11-23\n\n"
    room = f"{head}info, lodging-over-ceiling: Above the ceiling."
    tax = "review, lodging-tax-high: A high tax."
    assert comments(copy) == {
        "Days!I6": f"{head}adjusts, lodging-rate-not-in-force: Edited.",
        **{f"Days!K{row}": room for row in (5, 6, 8, 9)},
        "Days!K7": f"{room}\n\n{tax}",
        "Days!O7": head + tax,
        "Expenses!K5": f"{head}blocks, receipt-missing: =No receipt <E1> & none to come.",
        "Claim!A10": f"{head}review, prior-course: A course was taken before.",
    }


def test_the_gravest_fill_wins(desk: Desk) -> None:
    copy = desk.copy([replace(ROOMS, severity=severity) for severity in Severity])
    assert fills(copy) == {"Days!K5:K9": FILLS[Severity.BLOCKS]}
    rules = [rule for ranges in opened(copy)["Days"].conditional_formatting for rule in ranges.rules]
    assert sorted(rule.priority for rule in rules) == list(range(1, len(rules) + 1))


def test_a_large_block_says_it_once_and_joined_cells_where_they_begin(desk: Desk) -> None:
    meals = question("meals-not-answered", Severity.REVIEW, "Days!W5:Y10", message="Who furnished them?")
    agency = question("payee-not-agency", Severity.BLOCKS, "Claim!B8:C8", message="A person.")
    copy = desk.copy([meals, agency])
    assert list(comments(copy)) == ["Claim!A8", "Days!W5"]
    assert set(fills(copy)) == {"Days!W5:Y10", "Claim!B8:C8"}


def test_what_is_questioned_in_a_folded_column_is_told_where_people_see_it(desk: Desk) -> None:
    driven = question("pov-comparison-missing", Severity.REVIEW, "Expenses!Q10", message="What would a flight cost?")
    copy = desk.copy([driven])
    assert opened(own_workbook())["Expenses"].column_dimensions["P"].hidden
    said = "review, pov-comparison-missing: What would a flight cost?"
    assert comments(copy) == {
        "Expenses!A10": f"{BEGINNING}2026-11-23\n\nIn the folded column Q: {said}",
        "Expenses!Q10": f"{BEGINNING}2026-11-23\n\n{said}",
    }
    assert fills(copy) == dict.fromkeys(("Expenses!Q10", "Expenses!A10"), FILLS[Severity.REVIEW])
    assert opened(copy)["Expenses"].column_dimensions["P"].hidden


def test_where_a_look_of_the_workbook_competes_ours_comes_first(desk: Desk) -> None:
    """LibreOffice shows the first look that applies, Excel all, by their priority."""
    missing = question("certificate-missing", Severity.BLOCKS, "Checklist!C6")
    rules = list(opened(desk.copy([missing]))["Checklist"].conditional_formatting)
    assert [[str(ranges.sqref), *(rule.priority for rule in ranges.rules)] for ranges in rules] == [
        ["C6", 1],
        ["C5:C15", 2],
    ]


def test_a_comment_has_room_for_a_few_findings_and_refers_to_the_sheet_for_more(desk: Desk) -> None:
    many = [question(f"check-{n}", Severity.REVIEW, "Days!K5", message="z" * 5000) for n in range(9)]
    (said,) = comments(desk.copy(many)).values()
    assert said.count("check-") == MOST_SAID
    assert said.endswith(f"z …\n\nand {9 - MOST_SAID} more: see the sheet Findings")
    assert len(said) < MOST_SAID * (LONGEST_SAID + 60)


def test_characters_that_no_workbook_can_hold_are_replaced(desk: Desk) -> None:
    odd = question("x", Severity.REVIEW, "Days!K5", message="bell\x07 and 🙂 漢\ud800")
    with pytest.raises(UnicodeEncodeError):
        odd.message.encode()
    copy = desk.copy([replace(odd, message=odd.message.replace("\ud800", "\ufffe"))])
    assert comments(copy)["Days!K5"].endswith("review, x: bell? and 🙂 漢?")


@pytest.mark.parametrize(
    "place", ["Nowhere!A1", "Days", "Findings!A5", "Days!ZZ9", "Days!A99999", "Days!K5:K6:K7", "lodging[0].tax"]
)
def test_a_place_that_is_no_cell_of_the_claim_is_told_where_its_id_stands(desk: Desk, place: str) -> None:
    copy = desk.copy([question("x", Severity.REVIEW, place, message="Look.")])
    assert comments(copy) == {"Claim!A10": f"{BEGINNING}2026-11-23\n\nreview, x: Look."}
    assert findings_rows(copy)[0][2] == place


def test_boxes_of_comments_stand_beside_their_cells_over_visible_columns(desk: Desk) -> None:
    copy = parts(desk.copy([replace(TAXES, where=replace(TAXES.where, cells=("Days!K7",)))]))
    (drawing,) = [content for name, content in copy.items() if name.endswith(".vml")]
    anchor = re.search(rb"<x:Anchor>([^<]*)</x:Anchor>", drawing)
    assert anchor is not None
    first, _, _, _, last, *_ = (int(number) for number in anchor[1].split(b","))
    dims = opened(own_workbook())["Days"].column_dimensions
    hidden = {n for dim in dims.values() if dim.hidden for n in range(dim.min - 1, dim.max)}
    assert len(set(range(first, last + 1)) - hidden) >= 3


def test_an_audited_copy_that_comes_in_again_loses_the_marks_of_before(desk: Desk) -> None:
    first = desk.copy()
    again = desk.copy([CEILING], content=first)
    assert comments(again) == {"Days!I6": f"{BEGINNING}2026-11-23\n\nadjusts, lodging-rate-not-in-force: Edited."}
    assert fills(again) == {"Days!I6": FILLS[Severity.ADJUSTS]}
    drawings = b"".join(content for name, content in parts(again).items() if name.endswith(".vml"))
    assert drawings.count(b"<x:Row>") == 1
    assert desk.copy(ALL, content=first).count(b"PK\x01\x02") == first.count(b"PK\x01\x02")
    assert comments(desk.copy(ALL, content=first)) == comments(first)


# --- comments of the agency -----------------------------------------------------------------------------------------


def commented() -> bytes:
    """The submission with two comments of the agency's on Days."""

    def change(book: Any) -> None:
        book["Days"]["K7"].comment = Comment("The suite was all they had.", "D. Cole")
        book["Days"]["O9"].comment = Comment("See the folio.", "D. Cole")

    return edit(own_workbook(), change)


def test_comments_of_the_agency_stay_and_ours_follow(desk: Desk) -> None:
    copy = desk.copy(content=commented())
    found = comments(copy)
    assert found["Days!O9"] == "See the folio."
    assert found["Days!K7"].startswith(f"The suite was all they had.\n\n{BEGINNING}2026-11-23\n\ninfo, ")
    assert found["Days!K5"].startswith(BEGINNING)
    authors = {cell.comment.author for row in opened(copy)["Days"].iter_rows() for cell in row if cell.comment}
    assert authors == {"D. Cole", "Audit"}
    (drawing,) = [
        content
        for name, content in parts(copy).items()
        if name.endswith(".vml") and b"<x:Column>14</x:Column>" in content
    ]
    shapes = re.findall(rb'\bid="(_x0000_s[^"]*)"', drawing)
    assert len(shapes) == len(set(shapes)) == 8
    assert comments(desk.copy([], content=copy)) == comments(commented())


def test_a_conversation_on_a_cell_in_question_becomes_a_plain_comment(desk: Desk) -> None:
    """Excel shows the conversation alone, and so would hide what the audit says."""
    base = parts(commented())
    (listed,) = [name for name in base if "comments" in name.lower() and name.endswith(".xml")]
    owner = "xl/worksheets/_rels/sheet2.xml.rels"
    base[listed] = base[listed].replace(b">D. Cole<", b">tc={1-2}<")
    base["xl/threadedComments/threadedComment1.xml"] = b"<ThreadedComments/>"
    base[owner] = base[owner].replace(
        b"</Relationships>",
        b'<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
        b' Target="/xl/threadedComments/threadedComment1.xml"/></Relationships>',
    )
    sent = zipped(base.items())
    assert "xl/threadedComments/threadedComment1.xml" in parts(desk.copy([CEILING], content=sent))
    mine = desk.copy([TAXES], content=sent)
    assert "xl/threadedComments/threadedComment1.xml" not in parts(mine)
    assert comments(mine)["Days!K7"].startswith("The suite was all they had.\n\nAudit as of")


# --- NASRO's box ----------------------------------------------------------------------------------------------------


def test_what_stood_in_the_box_of_nasro_is_cleared_and_told(desk: Desk) -> None:
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


# --- what comes in other clothes ------------------------------------------------------------------------------------


def prefixed(content: bytes) -> bytes:
    """A sheet whose elements have a prefix, as some libraries write them."""
    content = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", content).replace(b"<?x:xml", b"<?xml")
    return content.replace(b" xmlns=", b" xmlns:x=", 1)


def test_a_workbook_with_prefixes_is_marked_too(desk: Desk) -> None:
    changed = {
        name: prefixed(content) for name, content in own_parts().items() if name in (DAYS, BOOK, "xl/styles.xml")
    }
    copy = desk.copy(content=repacked(changed))
    assert comments(copy) == comments(desk.copy())
    assert fills(copy) == fills(desk.copy())
    assert findings_rows(copy) == findings_rows(desk.copy())


def test_a_strict_workbook_stays_one(desk: Desk) -> None:
    strict = {
        name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in own_parts().items()
    }
    copy = parts(desk.copy(content=repacked(strict)))
    assert b"schemas.openxmlformats.org/spreadsheetml/2006/main" not in b"".join(copy.values())
    assert len(etree.fromstring(copy["xl/comments1.xml"])[1]) == 7
    assert read_claim(desk.folder / "copy.xlsx") == read_claim(desk.folder / "claim.xlsx")


def test_cells_that_do_not_state_their_address_are_found(desk: Desk) -> None:
    def change(book: Any) -> None:
        book["Claim"][book.defined_names["nasro_approved_by"].attr_text.partition("!")[2].replace("$", "")] = "R. V."

    sent = parts(edit(own_workbook(), change))
    claim = etree.fromstring(sent["xl/worksheets/sheet1.xml"])
    for row in claim.iter(f"{{{MAIN}}}row"):
        columns = [coordinate_from_string(cell.get("r", ""))[0] for cell in row]
        if columns == [get_column_letter(n) for n in range(1, len(columns) + 1)]:
            for cell in row:
                del cell.attrib["r"]
    sent["xl/worksheets/sheet1.xml"] = etree.tostring(claim)
    desk.copy([], content=zipped(sent.items()))
    assert read_decisions(desk.folder / "copy.xlsx").approved_by == ""


def test_a_workbook_without_styles_or_claim_gets_the_findings(desk: Desk) -> None:
    copy = desk.copy(content=small('<row r="1"><c r="A1"><v>1</v></c></row>', strings="<si><t>x</t></si>"))
    assert parts(copy)[TYPES].count(b"/xl/styles.xml") == 1
    book = opened(copy)
    assert book.sheetnames == ["S", "Findings"]
    assert (book["S"]["A1"].value, book["Findings"]["A5"].value) == (1, "lodging-rate-not-in-force")
    assert book["Findings"]["A1"].font.size == 16


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


def test_a_workbook_of_which_no_claim_can_be_read_is_marked_all_the_same(desk: Desk) -> None:
    desk.audited = not_computed("claim.xlsx")
    copy = desk.copy(desk.audited.findings)
    assert comments(copy)["Days!K5"].endswith("blocks, malformed: Room rate is no amount: type it like 159.00.")


def test_what_is_not_safe_to_read_is_refused_and_nothing_is_written(desk: Desk) -> None:
    for content, said in ((zip_bomb(), "packed too tightly"), (b"PK\x03\x04", "damaged"), (b"", "empty")):
        with pytest.raises(InputError, match=said):
            desk.copy(content=content)
    macros = desk.folder / "claim.xlsm"
    macros.write_bytes(own_workbook())
    with pytest.raises(InputError, match="macros"):
        write_copy(macros, desk.audited, desk.folder / "copy.xlsx", desk.law, as_of=BUILT_ON)
    assert {path.name for path in desk.folder.iterdir()} == {"claim.xlsx", "claim.xlsm"}


def test_comments_that_are_damaged_are_refused(desk: Desk) -> None:
    broken = parts(commented())
    (listed,) = [name for name in broken if "comments" in name.lower() and name.endswith(".xml")]
    for content in (b"<comments", b"<comments>" + b"<a/>" * 1_300_000):
        with pytest.raises(InputError, match="is damaged: the part"):
            desk.copy(content=zipped({**broken, listed: content}.items(), zipfile.ZIP_STORED))


def test_comments_without_their_list_are_refused(desk: Desk) -> None:
    broken = parts(commented())
    (listed,) = [name for name in broken if "comments" in name.lower() and name.endswith(".xml")]
    broken[listed] = f'<comments xmlns="{MAIN}"/>'.encode()
    with pytest.raises(InputError, match="its comments cannot be read"):
        desk.copy(content=zipped(broken.items()))
    assert findings_rows(desk.copy([CEILING, PRIOR], content=zipped({**broken, listed: EMPTY}.items())))


@pytest.mark.parametrize("stated", ["", "x", "-1", "9" * 5000])
def test_numbers_that_are_none_are_no_stumbling_block(desk: Desk, stated: str) -> None:
    sent = parts(desk.copy(content=commented()))
    for name, attribute in (
        ("xl/workbook.xml", "sheetId"),
        ("xl/workbook.xml", "activeTab"),
        ("xl/tables/table1.xml", "id"),
        ("xl/styles.xml", "numFmtId"),
        (DAYS, "priority"),
        (DAYS, "width"),
    ):
        changed = re.sub(rf' {attribute}="[0-9.]+"'.encode(), f' {attribute}="{stated}"'.encode(), sent[name])
        try:
            desk.copy([CEILING], content=zipped({**sent, name: changed}.items()))
        except InputError:
            continue
        assert checks_listed(desk.folder / "copy.xlsx") == ["lodging-rate-not-in-force"], attribute


def test_a_copy_that_exists_is_kept_unless_forced(desk: Desk) -> None:
    (desk.folder / "copy.xlsx").write_text("decided")
    (desk.folder / "claim.xlsx").write_bytes(own_workbook())
    with pytest.raises(OutputError, match="exists already"):
        write_copy(
            desk.folder / "claim.xlsx", desk.audited, desk.folder / "copy.xlsx", desk.law, as_of=date(2026, 12, 1)
        )
    assert (desk.folder / "copy.xlsx").read_text() == "decided"


# --- other programs -------------------------------------------------------------------------------------------------


def test_another_program_opens_it_computes_the_same_and_keeps_the_marks(desk: Desk, tmp_path: Path) -> None:
    if reason := soffice_missing_reason():
        pytest.skip(reason)
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
