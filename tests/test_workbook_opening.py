"""Opening a workbook that came by e-mail: its cells are those a spreadsheet shows, and nothing in it does harm."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.workbook import values
from perdiem_calc.workbook.layout import Area
from perdiem_calc.workbook.read import read_claim
from tests.hostile import BOOK, BOOK_RELATIONS, CLAIM_ID, TYPES, own_parts, own_workbook, repacked

RELATION = (
    b'<Relationship Id="x" Type="http://x/%s" Target="http://x.example" TargetMode="External"/></Relationships>'
)


def refusal(content: bytes, folder: Path, name: str = "mail.xlsx") -> str:
    """Why a file is refused."""
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_claim(path)
    return str(refused.value)


def claim_id(content: bytes, folder: Path) -> str:
    """The claim that is read."""
    path = folder / "mail.xlsx"
    path.write_bytes(content)
    return read_claim(path).claim_id


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "is empty"),
        (b"not a zip", "a.xlsx", "is not an .xlsx workbook"),
        (b"PK\x03\x04 broken", "a.xlsx", "its ZIP cannot be read"),
        (b"x", "a.xlsm", "is a workbook with macros"),
        (b"x", "a.xls", "is not an .xlsx workbook but .xls"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "a.xlsx", "is an old .xls workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "is encrypted"),
        (b"PK" + b"\0" * (10 * 1024 * 1024), "a.xlsx", "is larger than 10 MB"),
    ],
)
def test_what_is_no_workbook_says_what_it_is(content: bytes, name: str, said: str, tmp_path: Path) -> None:
    assert said in refusal(content, tmp_path, name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_claim(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"xl/vbaProject.bin": b"x"}, "holds macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "links to another workbook"),
        ({"xl/connections.xml": b"<x/>"}, "holds a data connection"),
        ({"xl/queryTables/queryTable1.xml": b"<x/>"}, "holds a data connection"),
        ({"xl/embeddings/oleObject1.bin": b"x"}, "holds an embedded object"),
        ({"xl/workbook.xml": None}, "is a ZIP, but not an .xlsx workbook"),
        ({"xl/extra.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "declares XML entities"),
        ({"xl/extra.xml": "<x/>".encode("utf-16")}, "holds XML that is not UTF-8"),
        ({"xl/extra.xml": b'<?xml version="1.0" encoding="utf-7"?><x/>'}, "holds XML that is not UTF-8"),
        ({"xl/extra.xml": b"<x>" + b" " * 3_000_000 + b"</x>"}, "is packed too tightly"),
        ({"xl/worksheets/sheet9.xml": b"<c " * 100_001}, "is packed too tightly"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet"}, "is damaged"),
        ({TYPES: own_parts()[TYPES].replace(b"sheet.main", b"sheet.macroEnabled.main")}, "holds macros"),
    ],
)
def test_what_a_claim_never_holds_is_refused(change: dict[str, bytes | None], said: str, tmp_path: Path) -> None:
    assert said in refusal(repacked(change), tmp_path)


def test_too_many_cells_and_sheets_are_refused(tmp_path: Path) -> None:
    rng = random.Random(1)
    cells = b"".join(b"<c><v>%d</v></c>" % rng.randrange(10**9) for _ in range(100_001 // 9 + 1))
    rows = b"".join(b"<row>%b</row>" % cells.replace(b"<c>", b'<c s="%d">' % n) for n in range(9))
    main = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = main + rows + b"</sheetData></worksheet>"
    assert "more than 100,000 cells" in refusal(repacked({"xl/worksheets/sheet7.xml": sheet}), tmp_path)
    book = own_parts()[BOOK].replace(b"</sheets>", b'<sheet name="x"/>' * 20 + b"</sheets>")
    assert "more than 20 sheets" in refusal(repacked({BOOK: book}), tmp_path)


def test_links_outside_are_refused_but_a_mail_address_is_only_a_link_to_click(tmp_path: Path) -> None:
    relations = own_parts()[BOOK_RELATIONS]
    outside = relations.replace(b"</Relationships>", RELATION % b"image")
    assert "links to something outside itself" in refusal(repacked({BOOK_RELATIONS: outside}), tmp_path)
    link = relations.replace(b"</Relationships>", RELATION % b"hyperlink")
    assert claim_id(repacked({BOOK_RELATIONS: link}), tmp_path) == CLAIM_ID


def test_a_part_that_cannot_be_unpacked_is_damage(tmp_path: Path) -> None:
    content = bytearray(own_workbook())
    at = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = b"\xff" * 40
    assert "is damaged" in refusal(bytes(content), tmp_path)


def test_a_part_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(own_workbook())
    for at in [found.start() for found in re.finditer(b"PK\x01\x02", bytes(content))]:
        content[at + 8] |= 1
    assert "is encrypted" in refusal(bytes(content), tmp_path)


# --- what is read of it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "value", "said"),
    [
        (values.amount, 1e300, "1" + "0" * 300),
        (values.amount, 10**39, "1" + "0" * 39),
        (values.amount, 1e-300, "0.00"),
        (values.amount, 999_999_999_999.99, "999999999999.99"),
    ],
)
def test_an_amount_of_any_size_is_stated_and_left_to_the_claim_to_refuse(
    reader: Callable[[object], object], value: object, said: str
) -> None:
    assert reader(value) == said


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (values.moment, datetime.max),
        (values.day, 2958465.9999999),
        (values.clock, datetime.max),
        (values.count, "9" * 5000),
    ],
)
def test_a_value_beyond_the_calendar_or_all_counting_is_refused(
    reader: Callable[[object], object], value: object
) -> None:
    with pytest.raises(values.Unfit, match="is due"):
        reader(value)


def test_an_address_far_to_the_right_can_be_said() -> None:
    assert Area("Days", 4, 701, 8, 16_383).address == "Days!ZZ5:XFD9"
    assert Area("Days", 4, 701, 8, 16_383).absolute == "Days!$ZZ$5:$XFD$9"
