"""Makes the workbooks that nobody should send: out of one of the program's own, or out of a few lines of XML."""

from __future__ import annotations

import random
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO

from perdiem_calc.workbook.form.table import LISTS, SHEETS, WORKINGS
from tests.golden import SAMPLES, sample_bytes

CLAIM_ID = "2026-ORL-0001"
TYPES, BOOK, BOOK_RELATIONS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
DAYS, EXPENSES, REVIEW = (f"xl/worksheets/sheet{number}.xml" for number in (2, 3, 7))
PAGES = ("S", *SHEETS[: SHEETS.index(WORKINGS)], LISTS)
"""The sheets that are read: of a small workbook, and of a claim."""
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
"""What a part's two headers in a ZIP begin with."""

# --- packages ------------------------------------------------------------------------------------------------------


@cache
def own_workbook() -> bytes:
    """The workbook of the sample CLAIM_ID."""
    return sample_bytes(next(path for path in SAMPLES if path.stem == CLAIM_ID))


@cache
def own_parts() -> Mapping[str, bytes]:
    """The parts of that workbook, by their names."""
    with zipfile.ZipFile(BytesIO(own_workbook())) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of parts, in their order; a name may be there twice."""
    content = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", method) as package:
        warnings.simplefilter("ignore")
        for name, part in parts:
            package.writestr(name, part)
    return content.getvalue()


def repacked(change: Mapping[str, bytes | None]) -> bytes:
    """The program's own workbook with parts replaced, added, or (None) left out."""
    return zipped((name, part) for name, part in {**own_parts(), **change}.items() if part is not None)


def added(part: str, before: bytes, what: bytes) -> bytes:
    """The program's own workbook with something written into a part, before what stands there."""
    content = own_parts()[part]
    at = content.rindex(before)
    return repacked({part: content[:at] + what + content[at:]})


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    """The program's own workbook with something in a part replaced where it first stands."""
    content = own_parts()[part]
    content.index(old)
    return repacked({part: content.replace(old, new, 1)})


def patched(content: bytes, name: str, *patches: tuple[bytes, int, bytes]) -> bytes:
    """A ZIP with bytes in the headers of one part replaced: which header, at which byte of it, by which bytes."""
    for header, offset, new in patches:
        name_at = 30 if header == LOCAL else 46
        at = content.index(header)
        while content[at + name_at :][: len(name)] != name.encode():
            at = content.index(header, at + 4)
        content = content[: at + offset] + new + content[at + offset + len(new) :]
    return content


# --- small workbooks -----------------------------------------------------------------------------------------------


def sheet(rows: str | bytes, before: str = "", after: str | bytes = "") -> bytes:
    """The XML of a sheet with these rows."""
    pieces = (f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>', rows, "</sheetData>", after)
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces) + b"</worksheet>"


def relations_of(relations: Mapping[str, tuple[str, str]]) -> bytes:
    """The XML of relations: by their id the last word of the type, and the target."""
    inner = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in relations.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'.encode()


def _types() -> bytes:
    """What the parts of a small workbook are declared to be."""
    parts = {BOOK: "sheet.main", "xl/worksheets/sheet1.xml": "worksheet", STRINGS: "sharedStrings", STYLES: "styles"}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    inner = "".join(f'<Override PartName="/{part}" ContentType="{kind}.{is_a}+xml"/>' for part, is_a in parts.items())
    return f'<Types xmlns="{PACKAGE}/content-types">{inner}</Types>'.encode()


def small(
    rows: str | bytes = "",
    *,
    strings: str = "",
    styles: str = "",
    book: str = "",
    after: str = "",
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook with the one sheet S: its rows, strings, styles, and what stands before or after the sheets."""
    relations = {"rId1": ("worksheet", "worksheets/sheet1.xml")}
    made = {
        TYPES: _types(),
        "_rels/.rels": relations_of({"rId1": ("officeDocument", BOOK)}),
        BOOK: (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}'
            f'<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>{after}</workbook>'
        ).encode(),
        "xl/worksheets/sheet1.xml": sheet(rows),
    }
    if strings:
        relations["rId2"] = ("sharedStrings", "sharedStrings.xml")
        made[STRINGS] = f'<sst xmlns="{MAIN}">{strings}</sst>'.encode()
    if styles:
        relations["rId3"] = ("styles", "styles.xml")
        made[STYLES] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()
    return zipped({**made, BOOK_RELATIONS: relations_of(relations), **(parts or {})}.items())


def with_tables(*names: str, at: str = "A1:B2") -> bytes:
    """A workbook with Excel tables on its sheet."""
    files = [f"tables/table{number}.xml" for number, _ in enumerate(names)]
    relations = {f"rId{number}": ("table", f"../{file}") for number, file in enumerate(files)}
    tables = [f'<table displayName="{name}" ref="{at}"/>'.encode() for name in names]
    made = {f"xl/{file}": table for file, table in zip(files, tables, strict=True)}
    return small(parts={**made, "xl/worksheets/_rels/sheet1.xml.rels": relations_of(relations)})


def one_cell(inside: str, attributes: str = "") -> bytes:
    """A workbook whose one cell is A1 of the sheet S."""
    return small(f'<row r="1"><c r="A1" {attributes}>{inside}</c></row>')


def noise(size: int) -> bytes:
    """A comment that hardly packs, so that what stands beside it may pack well."""
    return b"<!--" + random.Random(size).randbytes(size // 2).hex().encode() + b"-->"


# --- files that cost much, or say one thing twice ------------------------------------------------------------------


def zip_bomb() -> bytes:
    """45 MB of blanks in a few kilobytes."""
    return repacked({REVIEW: sheet("", after=b" " * 45_000_000)})


def bomb_that_says_it_is_small() -> bytes:
    """The same; both headers say that it unpacks to a thousand bytes."""
    small_size = (1_000).to_bytes(4, "little")
    return patched(zip_bomb(), REVIEW, (LOCAL, 22, small_size), (CENTRAL, 24, small_size))


def bomb_that_says_it_is_packed_less() -> bytes:
    """The same; both headers say that it takes 4 MB of the file."""
    large_size = (4_000_000).to_bytes(4, "little")
    return patched(zip_bomb(), REVIEW, (LOCAL, 18, large_size), (CENTRAL, 20, large_size))


def part_that_says_it_is_large() -> bytes:
    """A part whose headers say that it is one byte longer than it is."""
    size = (len(own_parts()[REVIEW]) + 1).to_bytes(4, "little")
    return patched(own_workbook(), REVIEW, (LOCAL, 22, size), (CENTRAL, 24, size))


def many_megabytes() -> bytes:
    """Eighteen parts of 3 MB, none packed too tightly."""
    return repacked({f"xl/media/{number}.bin": noise(60_000 + number) + b" " * 2_950_000 for number in range(18)})


def million_strings() -> bytes:
    """A million shared strings of one letter."""
    return repacked({STRINGS: b'<sst xmlns="%b">' % MAIN.encode() + noise(300_000) + b"<si><t>x</t></si>" * 10**6})


def cells(count: int, inside: bytes, rows: int = 1_000) -> bytes:
    """A sheet of `count` cells without addresses."""
    row = b"<row>" + inside * (count // rows) + b"</row>"
    return sheet(noise(400_000) + row * rows + b"<row>" + inside * (count % rows) + b"</row>")


def shared_formulas(length: int, count: int) -> bytes:
    """A formula of some length, shared by many cells."""
    formula = b"+".join([b"A1"] * (length // 3))
    first = b'<row><c r="A1"><f t="shared" si="0" ref="A1:CV1000">' + formula + b"</f></c></row>"
    row = b"<row>" + b'<c><f t="shared" si="0"/></c>' * 50 + b"</row>"
    return sheet(noise(100_000) + first + row * (count // 50))


def expenses(cell: bytes, rows: int = 40, columns: int = 33) -> bytes:
    """The program's own sheet Expenses, all rows from the first line on filled with one cell."""
    own = own_parts()[EXPENSES]
    start, table = own.index(b"<sheetData>") + 11, own.index(b'<row r="7"')
    row = b"<row>" + cell * columns + b"</row>"
    return own[:table] + noise(40_000) + row * rows + own[own.index(b"</sheetData>", start) :]


def stretched(change: Mapping[str, bytes] | None = None) -> bytes:
    """The same with other parts, and every name of a column leading down to the end of its sheet."""
    named = re.sub(rb"!\$([A-Z]+)\$([0-9]+):\$\1\$[0-9]+<", rb"!$\1$\2:$\1$1048576<", own_parts()[BOOK])
    return repacked({BOOK: named, **(change or {})})


def relation(kind: bytes, mode: bytes = b"External") -> bytes:
    """The program's own workbook with one more relation of the workbook."""
    what = b'<Relationship Id="x" Type="http://x.example/%b" Target="http://x.example" TargetMode="%b"/>'
    return added(BOOK_RELATIONS, b"</Relationships>", what % (kind, mode))


def declared(content_type: bytes) -> bytes:
    """The program's own workbook with one more part, declared to be of a type."""
    return added(TYPES, b"</Types>", b'<Override PartName="/xl/x.xml" ContentType="%b"/>' % content_type)


def named(name: bytes, said: bytes, more: bytes = b"") -> bytes:
    """The program's own workbook with one more defined name."""
    return added(BOOK, b"</definedNames>", b'<definedName name="%b"%b>%b</definedName>' % (name, more, said))


def renamed(old: str, new: str) -> bytes:
    """The program's own workbook with a part under another name."""
    return zipped((new if name == old else name, part) for name, part in own_parts().items())


def formula(text: str, kind: str = "") -> bytes:
    """A workbook with one formula."""
    return one_cell(f"<f{kind}>{text}</f><v>1</v>")
