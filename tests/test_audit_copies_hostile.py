"""A copy is made of every workbook that the audit reads, whatever else is in its parts, and soon; or it is refused."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.parameters import Law
from perdiem_calc.workbook.opening import open_book
from tests.copying import ALL, CopyDesk, cells, comments, commented, edit, findings_rows, opened, parts
from tests.hostile import (
    BOOK,
    BOOK_RELATIONS,
    OFFICE,
    PACKAGE,
    STYLES,
    TYPES,
    own_parts,
    own_workbook,
    relations_of,
    repacked,
    replaced,
    zipped,
)

SECONDS = 5
FINDINGS_RELATIONS = "xl/worksheets/_rels/sheet5.xml.rels"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ENTITY = b'<!DOCTYPE c [<!ENTITY a "AAAAAAAAAA"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def desk(law: Law, tmp_path: Path) -> CopyDesk:
    """A folder to copy in."""
    return CopyDesk(law, tmp_path)


# --- one reader -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [b"<!-- x -->", b"<?x y?>"])
@pytest.mark.parametrize(
    ("part", "before"),
    [
        (BOOK, b"<sheet "),
        (BOOK, b"<definedName "),
        (BOOK_RELATIONS, b"<Relationship "),
        (FINDINGS_RELATIONS, b"<Relationship "),
        (TYPES, b"<Override "),
        (STYLES, b"<font>"),
        (STYLES, b"<xf "),
        ("xl/worksheets/sheet2.xml", b"<sheetPr>"),
        ("xl/worksheets/sheet2.xml", b"<cols>"),
        ("xl/worksheets/sheet2.xml", b"<dataValidations "),
    ],
)
def test_comments_and_instructions_between_elements_do_no_harm(
    part: str, before: bytes, what: bytes, desk: CopyDesk
) -> None:
    copy = desk.copy(content=replaced(part, before, what + before))
    assert len(findings_rows(copy)) == len(ALL)
    assert cells(copy, values=False) == cells(own_workbook(), values=False)


def test_a_comment_between_the_comments_of_the_agency_does_no_harm(desk: CopyDesk) -> None:
    sent = parts(commented())
    (name,) = (name for name in sent if "comments/comment" in name)
    sent[name] = sent[name].replace(b"<commentList>", b"<commentList><!-- x -->")
    assert "The suite was all they had." in comments(desk.copy(content=zipped(sent.items())))["Days!K7"]


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
    found = open_book(desk.folder / "again.xlsx", ("Findings",))
    assert found.sheets == tuple(opened(own_workbook()).sheetnames)
    assert found.cells["Findings"][4, 0].value == ALL[0].check
    assert [name for name in parts(copy) if "comments" in name]


def test_relations_left_behind_under_the_name_of_a_new_sheet_are_not_its_own(desk: CopyDesk) -> None:
    left = {"xl/worksheets/_rels/sheet8.xml.rels": relations_of({"rId1": ("comments", "../about.xml")})}
    copy = parts(desk.copy(content=repacked(left)))
    assert copy["xl/worksheets/_rels/sheet8.xml.rels"] == left["xl/worksheets/_rels/sheet8.xml.rels"]
    assert "xl/worksheets/sheet9.xml" in copy


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
    """The sheet Findings leads to a part, that to another, and so on; each leads also `more` times to the theme."""
    change = {f"xl/p{number}.bin": b"x" for number in range(length)}
    for number in range(length - 1):
        themes = {f"a{n}": ("foo", "theme/theme1.xml") for n in range(more)}
        change[f"xl/_rels/p{number}.bin.rels"] = relations_of({"r": ("foo", f"p{number + 1}.bin"), **themes})
    first = f'<Relationship Id="rId99" Type="{OFFICE}/foo" Target="/xl/p0.bin"/></Relationships>'
    change[FINDINGS_RELATIONS] = own_parts()[FINDINGS_RELATIONS].replace(b"</Relationships>", first.encode())
    return repacked(change)


def test_a_chain_of_parts_goes_with_the_sheet_that_leads_to_it(desk: CopyDesk) -> None:
    start = time.process_time()
    copy = parts(desk.copy(content=chained(480, 9)))
    assert time.process_time() - start < SECONDS
    assert not [name for name in copy if re.search(r"/p\d+\.bin", name)]
    assert "xl/theme/theme1.xml" in copy


def test_thousands_of_relations_are_refused(desk: CopyDesk) -> None:
    with pytest.raises(InputError, match="has more than 5,000 relations between its parts"):
        desk.copy(content=chained(60, 300))


@pytest.mark.parametrize("target", ["/", "/_rels/.rels", "/[Content_Types].xml", f"/{BOOK}", f"/{BOOK_RELATIONS}"])
def test_what_holds_the_package_together_stays_whatever_leads_to_it(target: str, desk: CopyDesk) -> None:
    more = f'<Relationship Id="rId99" Type="{OFFICE}/foo" Target="{target}"/></Relationships>'.encode()
    relations = own_parts()[FINDINGS_RELATIONS].replace(b"</Relationships>", more)
    copy = desk.copy(content=repacked({FINDINGS_RELATIONS: relations}))
    assert cells(copy, values=False) == cells(own_workbook(), values=False)
    assert {"_rels/.rels", TYPES, BOOK, BOOK_RELATIONS} <= parts(copy).keys()


def test_a_part_that_another_sheet_uses_too_stays(desk: CopyDesk) -> None:
    def image(name: str) -> bytes:
        own = own_parts()[name]
        more = f'<Relationship Id="rId98" Type="{OFFICE}/image" Target="/xl/media/1.png"/></Relationships>'
        return own.replace(b"</Relationships>", more.encode())

    both = (FINDINGS_RELATIONS, "xl/worksheets/_rels/sheet2.xml.rels")
    copy = parts(desk.copy(content=repacked({"xl/media/1.png": b"x", **{name: image(name) for name in both}})))
    assert "xl/media/1.png" in copy
    copy = parts(desk.copy(content=repacked({"xl/media/1.png": b"x", both[0]: image(both[0])})))
    assert "xl/media/1.png" not in copy
