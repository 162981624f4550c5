"""A copy is made of every workbook that the audit reads, whatever else is in it, and soon; or it is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perdiem_calc.checks.finding import Severity
from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.table import REVIEW, SHEETS
from perdiem_calc.workbook.marking.copies import MOST_FINDINGS
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.opening import open_book
from perdiem_calc.workbook.reading.read import read_claim, read_form
from tests.support.audited_claims import question
from tests.support.copying import (
    ALL,
    DATES,
    CopyDesk,
    at,
    commented,
    comments,
    parts,
    review_rows,
)
from tests.support.hostile import (
    BOOK,
    BOOK_RELATIONS,
    DAYS,
    OFFICE,
    STYLES,
    TYPES,
    added,
    noise,
    own_parts,
    relations_of,
    repacked,
    replaced,
    zipped,
)
from tests.support.timed import in_time

NUMBER = SHEETS.index(REVIEW) + 1
REVIEW_PART, REVIEW_RELATIONS = f"xl/worksheets/sheet{NUMBER}.xml", f"xl/worksheets/_rels/sheet{NUMBER}.xml.rels"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ENTITY = b'<!DOCTYPE c [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


# --- one reader -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "before"),
    [
        (BOOK, b"<sheet "),
        (BOOK, b"<definedName "),
        (BOOK_RELATIONS, b"<Relationship "),
        (TYPES, b"<Override "),
        (STYLES, b"<font>"),
        (STYLES, b"<xf "),
        ("xl/worksheets/sheet2.xml", b"<sheetPr>"),
        ("xl/worksheets/sheet2.xml", b"<cols>"),
        ("xl/worksheets/sheet2.xml", b"<dataValidations "),
    ],
)
def test_comments_and_instructions_between_elements_do_no_harm(part: str, before: bytes, desk: CopyDesk) -> None:
    copy = desk.copy(content=replaced(part, before, b"<!-- x --><?x y?>" + before))
    assert len(review_rows(copy)) == len(ALL)
    assert read_claim(desk.folder / "copy.xlsx") == desk.audited.claim


def test_a_comment_between_the_comments_of_the_agency_does_no_harm(desk: CopyDesk) -> None:
    sent = parts(commented())
    (name,) = (name for name in sent if "comments/comment" in name)
    sent[name] = sent[name].replace(b"<commentList>", b"<commentList><!-- x -->")
    assert "The suite was all they had." in comments(desk.copy(content=zipped(sent.items())))[at("day_room[2]")]


@pytest.mark.parametrize("part", [BOOK_RELATIONS, "_rels/.rels"])
def test_relations_inside_another_element_are_refused(part: str, desk: CopyDesk) -> None:
    nested = re.sub(rb"(<Relationships[^>]*>)(.*)(</Relationships>)", rb"\1<x>\2</x>\3", own_parts()[part])
    with pytest.raises(InputError, match="stands inside another element"):
        desk.copy(content=repacked({part: nested}))


def test_relations_that_are_no_parts_are_refused(desk: CopyDesk) -> None:
    other = {"xl/x/workbook.xml.rels": own_parts()[BOOK_RELATIONS]}
    with pytest.raises(InputError, match="has the relations of no other part"):
        desk.copy(content=repacked(other))


def test_two_relations_of_one_id_are_refused_though_one_leads_outside(desk: CopyDesk) -> None:
    link = b'<Relationship Id="rId1" Type="x/hyperlink" Target="http://x.example" TargetMode="External"/>'
    with pytest.raises(InputError, match="have one id"):
        desk.copy(content=replaced(BOOK_RELATIONS, b"<Relationship ", link + b"<Relationship "))


def test_sheets_that_name_their_relations_in_the_other_way_are_found(desk: CopyDesk) -> None:
    strict = own_parts()[BOOK].replace(OFFICE.encode(), STRICT_OFFICE.encode())
    copy = desk.copy(content=repacked({BOOK: strict}))
    (desk.folder / "again.xlsx").write_bytes(copy)
    assert open_book(desk.folder / "again.xlsx", (REVIEW,)).sheets == SHEETS
    assert len(review_rows(copy)) == len(ALL)
    assert [name for name in parts(copy) if "comments" in name]


def test_relations_left_behind_under_the_name_of_a_new_sheet_are_not_its_own(desk: CopyDesk) -> None:
    free = len(SHEETS) + 1
    name = f"xl/worksheets/_rels/sheet{free}.xml.rels"
    left = {name: relations_of({"rId1": ("comments", "../about.xml")})}
    copy = parts(desk.copy(content=repacked(left)))
    assert copy[name] == left[name]
    assert f"xl/worksheets/sheet{free + 1}.xml" in copy


# --- entities -------------------------------------------------------------------------------------------------------


def other_name(*, declared: bool) -> bytes:
    """The agency's comments with an entity, in a part that is not named like one of XML."""
    sent = parts(commented())
    (name,) = (name for name in sent if "comments/comment" in name)
    other = name.replace(".xml", ".dat")
    sent[other] = ENTITY + sent.pop(name).replace(b"See the folio", b"See &b;")
    for part in [part for part in sent if part.endswith(".rels")]:
        sent[part] = sent[part].replace(name.encode(), other.encode())
    types = sent[TYPES].replace(name.encode(), other.encode() if declared else b"xl/nothing.xml")
    return zipped([(TYPES, types), *((part, content) for part, content in sent.items() if part != TYPES)])


@pytest.mark.parametrize("declared", [True, False])
def test_entities_are_refused_in_comments_of_any_name(desk: CopyDesk, *, declared: bool) -> None:
    with pytest.raises(InputError, match="declares XML entities"):
        desk.copy(content=other_name(declared=declared))
    assert not (desk.folder / "copy.xlsx").exists()


def test_a_part_declared_to_be_xml_is_looked_at_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "mail.xlsx").write_bytes(other_name(declared=True))
    with pytest.raises(InputError, match="declares XML entities"):
        open_book(tmp_path / "mail.xlsx")
    by_ending = own_parts()[TYPES].replace(
        b"<Override ", b'<Default Extension="dat" ContentType="application/xml"/><Override ', 1
    )
    (tmp_path / "mail.xlsx").write_bytes(repacked({TYPES: by_ending, "xl/x.dat": ENTITY + b"<x/>"}))
    with pytest.raises(InputError, match="declares XML entities"):
        open_book(tmp_path / "mail.xlsx")


# --- chains of parts ------------------------------------------------------------------------------------------------


def chained(length: int, more: int) -> bytes:
    """The sheet Review leads to a part, that to another, and so on; each leads also `more` times to the theme."""
    change = {f"xl/p{number}.bin": b"x" for number in range(length)}
    for number in range(length - 1):
        themes = {f"a{n}": ("foo", "theme/theme1.xml") for n in range(more)}
        change[f"xl/_rels/p{number}.bin.rels"] = relations_of({"r": ("foo", f"p{number + 1}.bin"), **themes})
    change[REVIEW_RELATIONS] = relations_of({"rId99": ("foo", "/xl/p0.bin")})
    return repacked(change)


def test_a_chain_of_parts_goes_with_the_sheet_that_leads_to_it(desk: CopyDesk) -> None:
    with in_time():
        copy = parts(desk.copy(content=chained(480, 9)))
    assert not [name for name in copy if re.search(r"/p\d+\.bin", name)]
    assert "xl/theme/theme1.xml" in copy


def test_thousands_of_relations_are_refused(desk: CopyDesk) -> None:
    with pytest.raises(InputError, match="has more than 5,000 relations between its parts"):
        desk.copy(content=chained(60, 300))


@pytest.mark.parametrize("target", ["/", "/_rels/.rels", "/[Content_Types].xml", f"/{BOOK}", f"/{BOOK_RELATIONS}"])
def test_what_holds_the_package_together_stays_whatever_leads_to_it(target: str, desk: CopyDesk) -> None:
    copy = desk.copy(content=repacked({REVIEW_RELATIONS: relations_of({"rId99": ("foo", target)})}))
    assert read_claim(desk.folder / "copy.xlsx") == desk.audited.claim
    assert {"_rels/.rels", TYPES, BOOK, BOOK_RELATIONS} <= parts(copy).keys()


def test_a_part_that_another_sheet_uses_too_stays(desk: CopyDesk) -> None:
    image = relations_of({"rId98": ("image", "/xl/media/1.png")})
    used = {"xl/media/1.png": b"x", REVIEW_RELATIONS: image}
    assert "xl/media/1.png" not in parts(desk.copy(content=repacked(used)))
    used["xl/worksheets/_rels/sheet5.xml.rels"] = image
    assert "xl/media/1.png" in parts(desk.copy(content=repacked(used)))


# --- much of one thing ----------------------------------------------------------------------------------------------


def test_names_that_reach_below_the_last_row_cost_little(desk: CopyDesk) -> None:
    names = re.sub(r"(>(?:Days|Expenses)!\$[A-Z]+\$\d+:\$[A-Z]+\$)\d+<", r"\g<1>9999999<", own_parts()[BOOK].decode())
    assert names.count("$9999999<") > 40
    with in_time():
        desk.copy(content=repacked({BOOK: names.encode()}))
    assert read_claim(desk.folder / "copy.xlsx") == desk.audited.claim


def test_thousands_of_names_are_refused(tmp_path: Path) -> None:
    more = b"".join(b'<definedName name="credits_%d_line">Claim!$A$1</definedName>' % n for n in range(3, 60_000))
    (tmp_path / "mail.xlsx").write_bytes(added(BOOK, b"</definedNames>", more))
    with pytest.raises(InputError, match="has more than 2,000 defined names"):
        read_form(tmp_path / "mail.xlsx")
    few = b"".join(b'<definedName name="credits_%d_line">Claim!$A$1</definedName>' % n for n in range(3, 1_000))
    (tmp_path / "mail.xlsx").write_bytes(added(BOOK, b"</definedNames>", few))
    with in_time():
        read_form(tmp_path / "mail.xlsx")


def test_widths_and_heights_that_are_told_again_and_again_cost_no_more(desk: CopyDesk) -> None:
    days = own_parts()[DAYS]
    widths = b"".join(b'<col min="1" max="200" width="9.%d"/>' % n for n in range(100_000))
    heights = noise(40_000) + b'<row r="1" ht="30"/>' * 100_000
    sent = days.replace(b"</cols>", widths + b"</cols>").replace(b"</sheetData>", heights + b"</sheetData>")
    with in_time():
        copy = desk.copy(content=repacked({DAYS: sent}))
    assert comments(copy) == comments(desk.copy())


def test_a_sheet_whose_columns_are_all_hidden_is_marked(desk: CopyDesk) -> None:
    hidden = re.sub(
        rb"<cols>.*</cols>", b'<cols><col min="1" max="16384" width="9" hidden="1"/></cols>', own_parts()[DAYS]
    )
    assert at("day_ceiling[1]") in comments(desk.copy(content=repacked({DAYS: hidden})))


def test_thousands_of_joined_cells_under_a_thousand_comments_cost_little(desk: CopyDesk) -> None:
    small = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(3_000, 103_000))
    large = "".join(f'<mergeCell ref="A{row}:CV2000"/>' for row in range(2_000, 900, -1))
    findings = [
        question("lodging-tax-high", Severity.REVIEW, f"Days!S{row}", message="High.") for row in range(50, 950)
    ]
    days = own_parts()[DAYS]
    assert b"<mergeCells" in days
    with in_time(promises=2):
        copy = desk.copy(findings, content=joined(days, small))
        assert sum(content.count(b"<comment ") for name, content in parts(copy).items() if "comments" in name) == 900
        with pytest.raises(InputError, match="joined cells of the sheet Days overlap"):
            desk.copy(findings, content=joined(days, large))


def joined(days: bytes, cells: str) -> bytes:
    """The submission with other joined cells on Days."""
    ours = f"<mergeCells>{cells}</mergeCells>".encode()
    return repacked({DAYS: re.sub(rb"<mergeCells.*</mergeCells>", ours, days)})


def test_more_findings_than_are_read_back_are_no_copy(desk: CopyDesk) -> None:
    most = [DATES] * MOST_FINDINGS
    copy = desk.copy(most)
    assert len(read_decisions(desk.folder / "copy.xlsx").told) == len(most)
    most_said = f"has {MOST_FINDINGS + 1:,} findings; a copy is read back with at most {MOST_FINDINGS:,}"
    with pytest.raises(InputError, match=most_said):
        desk.copy([*most, DATES])
    assert (desk.folder / "copy.xlsx").read_bytes() == copy
