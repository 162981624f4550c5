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
from perdiem_calc.workbook.form.table import REVIEW, TABLES
from perdiem_calc.workbook.marking.marks import BEGINNING, LONGEST_SAID, MOST_SAID
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.read import read_claim
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
    at,
    commented,
    comments,
    edit,
    fills,
    opened,
    parts,
    review_rows,
)
from tests.support.edits import after, typed
from tests.support.hostile import (
    BOOK,
    BOOK_RELATIONS,
    DAYS,
    MAIN,
    STYLES,
    TYPES,
    own_parts,
    own_workbook,
    repacked,
    small,
    zipped,
)
from tests.support.look_edits import column_width
from tests.support.sheets import cell_of

MEALS = f"{at('day_breakfast[0]')}:{at('day_dinner[5]').partition('!')[2]}"
JOINED = at("agency_name").replace("A", "B") + ":C10"
"""Cells inside the joined ones of a box."""
TAX_COLUMN = f"<x:Column>{TABLES['day'].places['tax'][0]}</x:Column>".encode()

# --- marks ----------------------------------------------------------------------------------------------------------


def test_the_cells_in_question_are_filled_by_severity_and_say_why(desk: CopyDesk) -> None:
    copy = desk.copy()
    assert fills(copy) == {
        at("day_ceiling[1]"): FILLS[Severity.ADJUSTS],
        at("day_room[0:5]"): FILLS[Severity.INFO],
        at("day_room[2]"): FILLS[Severity.REVIEW],
        at("day_tax[2]"): FILLS[Severity.REVIEW],
        at("exp_receipt[0]"): FILLS[Severity.BLOCKS],
        at("claim_id"): FILLS[Severity.REVIEW],
    }
    head = f"{BEGINNING}2026-11-23\n\n"
    room = f"{head}To know, lodging-over-ceiling: Above the ceiling."
    tax = "To decide, lodging-tax-high: A high tax."
    assert comments(copy) == {
        at("day_ceiling[1]"): f"{head}Amount, lodging-rate-not-in-force: Edited.",
        **{at(f"day_room[{day}]"): room for day in (0, 1, 3, 4)},
        at("day_room[2]"): f"{room}\n\n{tax}",
        at("day_tax[2]"): head + tax,
        at("exp_receipt[0]"): f"{head}Not payable, receipt-missing: =No receipt <E1> & none to come.",
        at("claim_id"): f"{head}To decide, prior-course: A course was taken before.",
    }


def test_the_gravest_fill_wins(desk: CopyDesk) -> None:
    copy = desk.copy([replace(ROOMS, severity=severity) for severity in Severity])
    assert fills(copy) == {at("day_room[0:5]"): FILLS[Severity.BLOCKS]}
    rules = [rule for ranges in opened(copy)["Days"].conditional_formatting for rule in ranges.rules]
    assert len({rule.priority for rule in rules}) == len(rules)


def test_a_large_block_says_it_once_and_joined_cells_where_they_begin(desk: CopyDesk) -> None:
    meals = question("meals-not-answered", Severity.REVIEW, MEALS, message="Who furnished them?")
    agency = question("payee-not-agency", Severity.BLOCKS, JOINED, message="A person.")
    copy = desk.copy([meals, agency])
    assert list(comments(copy)) == [at("agency_name"), at("day_breakfast[0]")]
    assert set(fills(copy)) == {MEALS, JOINED}


def test_what_is_questioned_in_a_hidden_column_is_told_where_people_see_it(desk: CopyDesk) -> None:
    """Our form hides no column; an agency may have."""
    where = at("day_tax[2]")
    letter = where.partition("!")[2].rstrip("0123456789")
    sent = after(own_workbook(), column_width("Days", "A", None), column_width("Days", letter, None))
    copy = desk.copy([question("lodging-tax-high", Severity.REVIEW, where, message="High.")], content=sent)
    said = "To decide, lodging-tax-high: High."
    seen = at("day_date[2]")
    assert comments(copy) == {
        seen: f"{BEGINNING}2026-11-23\n\nIn the hidden column {letter}: {said}",
        where: f"{BEGINNING}2026-11-23\n\n{said}",
    }
    assert fills(copy) == dict.fromkeys((where, seen), FILLS[Severity.REVIEW])
    assert opened(copy)["Days"].column_dimensions[letter].hidden


def test_where_a_look_of_the_workbook_competes_ours_comes_first(desk: CopyDesk) -> None:
    """LibreOffice shows the first look that applies, Excel all, by their priority."""
    (first, *others) = opened(desk.copy([CEILING]))["Days"].conditional_formatting
    assert (f"Days!{first.sqref}", [rule.priority for rule in first.rules]) == (at("day_ceiling[1]"), [1])
    assert len(others) > 1
    assert min(rule.priority for ranges in others for rule in ranges.rules) == 2


def test_a_comment_has_room_for_a_few_findings_and_refers_to_the_sheet_for_more(desk: CopyDesk) -> None:
    many = [question(f"check-{n}", Severity.REVIEW, at("day_room[0]"), message="z" * 5000) for n in range(9)]
    (said,) = comments(desk.copy(many)).values()
    assert said.count("check-") == MOST_SAID
    assert said.endswith(f"z …\n\nand {9 - MOST_SAID} more: see the sheet Review")
    assert len(said) < MOST_SAID * (LONGEST_SAID + 60)


def test_characters_that_no_workbook_can_hold_are_replaced(desk: CopyDesk) -> None:
    copy = desk.copy([question("x", Severity.REVIEW, at("day_room[0]"), message="bell\x07 and 🙂 漢\ufffe")])
    assert comments(copy)[at("day_room[0]")].endswith("To decide, x: bell? and 🙂 漢?")


@pytest.mark.parametrize(
    "place", ["Nowhere!A1", "Days", "Review!A5", "Days!ZZ9", "Days!A99999", "Days!K5:K6:K7", "lodging[0].tax"]
)
def test_a_place_that_is_no_cell_of_the_claim_is_told_where_its_id_stands(desk: CopyDesk, place: str) -> None:
    copy = desk.copy([question("x", Severity.REVIEW, place, message="Look.")])
    assert comments(copy) == {at("claim_id"): f"{BEGINNING}2026-11-23\n\nTo decide, x: Look."}
    assert review_rows(copy)[0]["where"] == place


def test_boxes_of_comments_stand_beside_their_cells_over_several_columns(desk: CopyDesk) -> None:
    copy = parts(desk.copy([replace(TAXES, where=replace(TAXES.where, cells=(at("day_room[2]"),)))]))
    (drawing,) = [content for name, content in copy.items() if name.endswith(".vml")]
    anchor = re.search(rb"<x:Anchor>([^<]*)</x:Anchor>", drawing)
    assert anchor is not None
    first, _, _, _, last, *_ = (int(number) for number in anchor[1].split(b","))
    assert last - first >= 3


def test_an_audited_copy_that_comes_in_again_loses_the_marks_of_before(desk: CopyDesk) -> None:
    first = desk.copy()
    again = desk.copy([CEILING], content=first)
    assert comments(again) == {
        at("day_ceiling[1]"): f"{BEGINNING}2026-11-23\n\nAmount, lodging-rate-not-in-force: Edited."
    }
    assert fills(again) == {at("day_ceiling[1]"): FILLS[Severity.ADJUSTS]}
    drawings = b"".join(content for name, content in parts(again).items() if name.endswith(".vml"))
    assert drawings.count(b"<x:Row>") == 1
    assert desk.copy(ALL, content=first).count(b"PK\x01\x02") == first.count(b"PK\x01\x02")
    assert comments(desk.copy(ALL, content=first)) == comments(first)


# --- comments of the agency -----------------------------------------------------------------------------------------


def test_comments_of_the_agency_stay_and_ours_follow(desk: CopyDesk) -> None:
    copy = desk.copy(content=commented())
    found = comments(copy)
    assert found[at("day_tax[4]")] == "See the folio."
    assert found[at("day_room[2]")].startswith(f"The suite was all they had.\n\n{BEGINNING}2026-11-23\n\nTo know, ")
    assert found[at("day_room[0]")].startswith(BEGINNING)
    authors = {cell.comment.author for row in opened(copy)["Days"].iter_rows() for cell in row if cell.comment}
    assert authors == {"D. Cole", "Audit"}
    (drawing,) = [content for name, content in parts(copy).items() if name.endswith(".vml") and TAX_COLUMN in content]
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
        for name in ("day_room[2]", "day_personal[2]"):
            cell_of(book, name).comment = Comment(said, "D. Cole")

    copy = desk.copy([TAXES], content=edit(own_workbook(), change))
    room, personal, tax = at("day_room[2]"), at("day_personal[2]"), at("day_tax[2]")
    ours = comments(desk.copy([TAXES]))[room]
    for content in (copy, desk.copy([TAXES], content=copy)):
        assert comments(content) == {room: f"{said}\n\n{ours}", personal: said, tax: ours}
    assert comments(desk.copy([], content=copy)) == {room: said, personal: said}


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
    assert comments(mine)[at("day_room[2]")].startswith("The suite was all they had.\n\nAudit as of")


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
    assert review_rows(desk.copy([CEILING, PRIOR], content=zipped({**broken, listed: EMPTY}.items())))


@pytest.mark.parametrize("stated", ["", "x", "-1", "9" * 5000])
def test_numbers_that_are_none_are_no_stumbling_block(desk: CopyDesk, stated: str) -> None:
    sent = parts(desk.copy(content=commented()))
    for name, attribute in (
        ("xl/workbook.xml", "sheetId"),
        ("xl/workbook.xml", "activeTab"),
        ("xl/styles.xml", "numFmtId"),
        (DAYS, "priority"),
        (DAYS, "width"),
    ):
        changed = re.sub(rf' {attribute}="[0-9.]+"'.encode(), f' {attribute}="{stated}"'.encode(), sent[name])
        try:
            desk.copy([CEILING], content=zipped({**sent, name: changed}.items()))
        except InputError:
            continue
        listed = [row["check"] for row in review_rows((desk.folder / "copy.xlsx").read_bytes())]
        assert listed == ["lodging-rate-not-in-force"], attribute


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
    assert review_rows(copy) == review_rows(desk.copy())


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
    listed = [etree.fromstring(content)[1] for name, content in copy.items() if name.startswith("xl/comments")]
    assert sum(map(len, listed)) == len(comments(desk.copy()))
    assert read_claim(desk.folder / "copy.xlsx") == read_claim(desk.folder / "claim.xlsx")


def test_cells_that_do_not_state_their_address_are_found(desk: CopyDesk) -> None:
    sent = parts(after(own_workbook(), typed({"nasro_by": "R. V."})))
    claim = etree.fromstring(sent["xl/worksheets/sheet1.xml"])
    for row in claim.iter(f"{{{MAIN}}}row"):
        columns = [coordinate_from_string(cell.get("r", ""))[0] for cell in row]
        if columns == [get_column_letter(n) for n in range(1, len(columns) + 1)]:
            for cell in row:
                del cell.attrib["r"]
    sent["xl/worksheets/sheet1.xml"] = etree.tostring(claim)
    desk.copy([], content=zipped(sent.items()))
    assert read_decisions(desk.folder / "copy.xlsx").approved_by == ""


def test_a_workbook_without_styles_gets_those_of_the_marks(desk: CopyDesk) -> None:
    sent = own_parts()
    relations = re.sub(rb'<Relationship [^>]*/styles"[^>]*/>', b"", sent[BOOK_RELATIONS])
    types = re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", sent[TYPES])
    look = rb' s="[0-9]+"|<conditionalFormatting.*?</conditionalFormatting>'
    plain = {name: re.sub(look, b"", part) for name, part in sent.items() if "worksheets/sheet" in name}
    copy = desk.copy(content=repacked({**plain, BOOK_RELATIONS: relations, TYPES: types, STYLES: None}))
    assert parts(copy)[TYPES].count(b"/xl/styles.xml") == 1
    assert opened(copy)[REVIEW]["A1"].font.size == 16
    assert fills(copy) == fills(desk.copy())


def test_what_is_no_claim_form_is_not_marked(desk: CopyDesk) -> None:
    with pytest.raises(InputError, match="is not our claim form"):
        desk.copy(content=small('<row r="1"><c r="A1"><v>1</v></c></row>', strings="<si><t>x</t></si>"))
    assert not (desk.folder / "copy.xlsx").exists()
