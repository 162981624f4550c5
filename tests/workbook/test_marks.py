"""The marks of an audited copy: fills and comments on the cells in question, in workbooks of any make."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.utils.cell import coordinate_from_string, get_column_letter

from perdiem_calc.checks.finding import Severity
from perdiem_calc.errors import InputError
from perdiem_calc.workbook.marking.marks import BEGINNING, LONGEST_SAID, MOST_SAID
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.submitted import read_claim
from perdiem_calc.workbook.writing.severities import FILLS
from tests.support.audited_claims import question
from tests.support.copying import (
    ALL,
    CEILING,
    EMPTY,
    PRIOR,
    ROOMS,
    TAXES,
    CopyDesk,
    checks_listed,
    commented,
    comments,
    edit,
    fills,
    findings_rows,
    opened,
    parts,
)
from tests.support.hostile import (
    BOOK,
    DAYS,
    MAIN,
    TYPES,
    own_parts,
    own_workbook,
    repacked,
    small,
    zipped,
)

# --- marks ----------------------------------------------------------------------------------------------------------


def test_the_cells_in_question_are_filled_by_severity_and_say_why(desk: CopyDesk) -> None:
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


def test_the_gravest_fill_wins(desk: CopyDesk) -> None:
    copy = desk.copy([replace(ROOMS, severity=severity) for severity in Severity])
    assert fills(copy) == {"Days!K5:K9": FILLS[Severity.BLOCKS]}
    rules = [rule for ranges in opened(copy)["Days"].conditional_formatting for rule in ranges.rules]
    assert sorted(rule.priority for rule in rules) == list(range(1, len(rules) + 1))


def test_a_large_block_says_it_once_and_joined_cells_where_they_begin(desk: CopyDesk) -> None:
    meals = question("meals-not-answered", Severity.REVIEW, "Days!W5:Y10", message="Who furnished them?")
    agency = question("payee-not-agency", Severity.BLOCKS, "Claim!B8:C8", message="A person.")
    copy = desk.copy([meals, agency])
    assert list(comments(copy)) == ["Claim!A8", "Days!W5"]
    assert set(fills(copy)) == {"Days!W5:Y10", "Claim!B8:C8"}


def test_what_is_questioned_in_a_folded_column_is_told_where_people_see_it(desk: CopyDesk) -> None:
    driven = question("comparison-missing", Severity.REVIEW, "Expenses!Q10", message="What would a flight cost?")
    copy = desk.copy([driven])
    assert opened(own_workbook())["Expenses"].column_dimensions["P"].hidden
    said = "review, comparison-missing: What would a flight cost?"
    assert comments(copy) == {
        "Expenses!A10": f"{BEGINNING}2026-11-23\n\nIn the folded column Q: {said}",
        "Expenses!Q10": f"{BEGINNING}2026-11-23\n\n{said}",
    }
    assert fills(copy) == dict.fromkeys(("Expenses!Q10", "Expenses!A10"), FILLS[Severity.REVIEW])
    assert opened(copy)["Expenses"].column_dimensions["P"].hidden


def test_where_a_look_of_the_workbook_competes_ours_comes_first(desk: CopyDesk) -> None:
    """LibreOffice shows the first look that applies, Excel all, by their priority."""
    missing = question("certificate-missing", Severity.BLOCKS, "Checklist!C6")
    rules = list(opened(desk.copy([missing]))["Checklist"].conditional_formatting)
    assert [[str(ranges.sqref), *(rule.priority for rule in ranges.rules)] for ranges in rules] == [
        ["C6", 1],
        ["C5:C15", 2],
    ]


def test_a_comment_has_room_for_a_few_findings_and_refers_to_the_sheet_for_more(desk: CopyDesk) -> None:
    many = [question(f"check-{n}", Severity.REVIEW, "Days!K5", message="z" * 5000) for n in range(9)]
    (said,) = comments(desk.copy(many)).values()
    assert said.count("check-") == MOST_SAID
    assert said.endswith(f"z …\n\nand {9 - MOST_SAID} more: see the sheet Findings")
    assert len(said) < MOST_SAID * (LONGEST_SAID + 60)


def test_characters_that_no_workbook_can_hold_are_replaced(desk: CopyDesk) -> None:
    copy = desk.copy([question("x", Severity.REVIEW, "Days!K5", message="bell\x07 and 🙂 漢\ufffe")])
    assert comments(copy)["Days!K5"].endswith("review, x: bell? and 🙂 漢?")


@pytest.mark.parametrize(
    "place", ["Nowhere!A1", "Days", "Findings!A5", "Days!ZZ9", "Days!A99999", "Days!K5:K6:K7", "lodging[0].tax"]
)
def test_a_place_that_is_no_cell_of_the_claim_is_told_where_its_id_stands(desk: CopyDesk, place: str) -> None:
    copy = desk.copy([question("x", Severity.REVIEW, place, message="Look.")])
    assert comments(copy) == {"Claim!A10": f"{BEGINNING}2026-11-23\n\nreview, x: Look."}
    assert findings_rows(copy)[0][2] == place


def test_boxes_of_comments_stand_beside_their_cells_over_visible_columns(desk: CopyDesk) -> None:
    copy = parts(desk.copy([replace(TAXES, where=replace(TAXES.where, cells=("Days!K7",)))]))
    (drawing,) = [content for name, content in copy.items() if name.endswith(".vml")]
    anchor = re.search(rb"<x:Anchor>([^<]*)</x:Anchor>", drawing)
    assert anchor is not None
    first, _, _, _, last, *_ = (int(number) for number in anchor[1].split(b","))
    dims = opened(own_workbook())["Days"].column_dimensions
    hidden = {n for dim in dims.values() if dim.hidden for n in range(dim.min - 1, dim.max)}
    assert len(set(range(first, last + 1)) - hidden) >= 3


def test_an_audited_copy_that_comes_in_again_loses_the_marks_of_before(desk: CopyDesk) -> None:
    first = desk.copy()
    again = desk.copy([CEILING], content=first)
    assert comments(again) == {"Days!I6": f"{BEGINNING}2026-11-23\n\nadjusts, lodging-rate-not-in-force: Edited."}
    assert fills(again) == {"Days!I6": FILLS[Severity.ADJUSTS]}
    drawings = b"".join(content for name, content in parts(again).items() if name.endswith(".vml"))
    assert drawings.count(b"<x:Row>") == 1
    assert desk.copy(ALL, content=first).count(b"PK\x01\x02") == first.count(b"PK\x01\x02")
    assert comments(desk.copy(ALL, content=first)) == comments(first)


# --- comments of the agency -----------------------------------------------------------------------------------------


def test_comments_of_the_agency_stay_and_ours_follow(desk: CopyDesk) -> None:
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


@pytest.mark.parametrize(
    "said",
    [
        "Please see: Audit as of last year, ref 77, keep!",
        "Audit as of 2025 by the city's own auditor: fine.",
        "Audit as of 2025-06-30 was fine.\n\nKeep this.",
        "As the city's\n\nAudit as of 2025-06-30\nsays.",
    ],
)
def test_what_the_agency_says_of_an_audit_of_its_own_stays(said: str, desk: CopyDesk) -> None:
    def change(book: Any) -> None:
        for cell in ("K7", "C7"):
            book["Days"][cell].comment = Comment(said, "D. Cole")

    copy = desk.copy([TAXES], content=edit(own_workbook(), change))
    ours = comments(desk.copy([TAXES]))["Days!K7"]
    for content in (copy, desk.copy([TAXES], content=copy)):
        assert comments(content) == {"Days!K7": f"{said}\n\n{ours}", "Days!C7": said, "Days!O7": ours}
    assert comments(desk.copy([], content=copy)) == {"Days!K7": said, "Days!C7": said}


def test_a_conversation_on_a_cell_in_question_becomes_a_plain_comment(desk: CopyDesk) -> None:
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


def test_comments_that_are_damaged_are_refused(desk: CopyDesk) -> None:
    broken = parts(commented())
    (listed,) = [name for name in broken if "comments" in name.lower() and name.endswith(".xml")]
    for content, said in (
        (b"<comments", "is damaged: the XML of"),
        (b"<comments>" + b"<a/>" * 1_300_000, "holds far more than a claim"),
    ):
        with pytest.raises(InputError, match=said):
            desk.copy(content=zipped({**broken, listed: content}.items(), zipfile.ZIP_STORED))


def test_comments_without_their_list_are_refused(desk: CopyDesk) -> None:
    broken = parts(commented())
    (listed,) = [name for name in broken if "comments" in name.lower() and name.endswith(".xml")]
    broken[listed] = f'<comments xmlns="{MAIN}"/>'.encode()
    with pytest.raises(InputError, match="its comments cannot be read"):
        desk.copy(content=zipped(broken.items()))
    assert findings_rows(desk.copy([CEILING, PRIOR], content=zipped({**broken, listed: EMPTY}.items())))


@pytest.mark.parametrize("stated", ["", "x", "-1", "9" * 5000])
def test_numbers_that_are_none_are_no_stumbling_block(desk: CopyDesk, stated: str) -> None:
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


# --- what comes in other clothes ------------------------------------------------------------------------------------


def prefixed(content: bytes) -> bytes:
    """A sheet whose elements have a prefix, as some libraries write them."""
    content = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", content).replace(b"<?x:xml", b"<?xml")
    return content.replace(b" xmlns=", b" xmlns:x=", 1)


def test_a_workbook_with_prefixes_is_marked_too(desk: CopyDesk) -> None:
    changed = {
        name: prefixed(content) for name, content in own_parts().items() if name in (DAYS, BOOK, "xl/styles.xml")
    }
    copy = desk.copy(content=repacked(changed))
    assert comments(copy) == comments(desk.copy())
    assert fills(copy) == fills(desk.copy())
    assert findings_rows(copy) == findings_rows(desk.copy())


def test_a_strict_workbook_stays_one(desk: CopyDesk) -> None:
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


def test_cells_that_do_not_state_their_address_are_found(desk: CopyDesk) -> None:
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


def test_a_workbook_without_styles_or_claim_gets_the_findings(desk: CopyDesk) -> None:
    copy = desk.copy(content=small('<row r="1"><c r="A1"><v>1</v></c></row>', strings="<si><t>x</t></si>"))
    assert parts(copy)[TYPES].count(b"/xl/styles.xml") == 1
    book = opened(copy)
    assert book.sheetnames == ["S", "Findings"]
    assert (book["S"]["A1"].value, book["Findings"]["A5"].value) == (1, "lodging-rate-not-in-force")
    assert book["Findings"]["A1"].font.size == 16
