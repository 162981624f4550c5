"""The workbook reader's target: edits of a small claim workbook, five bytes each, applied to the XML of its parts.

So the ZIP and the XML stay what they are, and the fuzzer finds its way behind the first checks by joining edits.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from perdiem_calc.auditing.intake import examine, take
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.opening import OpenBook, open_book
from perdiem_calc.workbook.reading.package import open_package
from perdiem_calc.workbook.reading.read import book_in, read_claim, read_form
from tests.support.hostile import own_parts, small, zipped
from tools.fuzz.texts import ODD_TEXTS

ON = date(2026, 11, 23)
PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/worksheets/sheet3.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/worksheets/sheet4.xml",
    "xl/worksheets/sheet5.xml",
    "xl/worksheets/sheet6.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet7.xml",
    "xl/worksheets/sheet10.xml",
    "[Content_Types].xml",
    "_rels/.rels",
)
"""Those that are edited."""
READERS: tuple[Callable[[Path], object], ...] = (
    read_claim,
    lambda path: read_form(path).stated["payable"],
    read_decisions,
    lambda path: book_in(open_package(path)),
)
EDIT = 5
"""Bytes of one edit: part, unit (two), what is done, with which value."""
MOST_EDITS = 40
LONGEST_UNIT = 100_000
"""Edits of one unit add up, so far."""
LAST_ROW = 11
"""Of Expenses; the blank rows below it are like it."""
INSIDES = (
    b"<v>1</v>",
    b"<v>1e300</v>",
    b"<v>2958465.99999999</v>",
    b"<v>0.3125</v>",
    b"<v>46299.5</v>",
    b"<f>A1</f>",
    b"<f>1/0</f><v>#DIV/0!</v>",
    b'<f t="shared" si="0" ref="A1:Z99">A1+$B$2&amp;"x"</f><v>2</v>',
    b'<f t="shared" si="0"/><v>3</v>',
    b'<f t="array" ref="A1">A1:A3</f>',
    b"<is><t>Own car mileage</t></is>",
    b"<is><r><t>a</t></r><rPh><t>b</t></rPh></is>",
    b"<t>Not furnished</t>",
    b"<r><t>yes</t></r>",
)
ATTRIBUTES = (
    *(b't="%b"' % kind for kind in (b"s", b"str", b"n", b"b", b"e", b"d", b"inlineStr")),
    *(b's="%d"' % number for number in (0, 1, 5, 9, 20, 40, 9_999)),
    *(b'r="%b"' % where for where in (b"A1", b"H7", b"H8", b"XFD1048576", b"7", b"")),
    b'hidden="1"',
    b'ht="0"',
    b'state="veryHidden"',
    b'localSheetId="0"',
    b'TargetMode="External"',
    b'date1904="1"',
)

_BLANK = re.compile(rb"<c [^<>]*/>")
_LOWER_ROW = re.compile(rb'<row r="([0-9]+)".*?</row>', re.DOTALL)
_BEHIND = re.compile(rb"</sheetData>.*?(<tableParts|</worksheet>)", re.DOTALL)
_LONG_FORMULA = re.compile(rb"<f>[^<]{80,}</f>")
_UNIT = re.compile(
    rb"(<c [^<>]*>.*?</c>|<row [^<>]*>|<si>.*?</si>|<definedName [^<>]*>.*?</definedName>|<sheet [^<>]*/>|<xf [^<>]*|"
    rb"<numFmt [^<>]*/>|<Relationship [^<>]*/>|<Override [^<>]*/>|<table [^<>]*>|<workbookPr[^<>]*/>)",
    re.DOTALL,
)
_HEADER = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)")
_VALUE = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
_INSIDE = re.compile(rb"(?<=>).*(?=</)", re.DOTALL)
_NAME = re.compile(rb"<[A-Za-z]+")


@cache
def parts() -> Mapping[str, bytes]:
    """A claim workbook without what the reader passes over."""
    made = {name: part for name, part in own_parts().items() if not name.startswith(("docProps", "xl/theme"))}
    for name in [name for name in made if name.startswith("xl/worksheets/sheet")]:
        thin = _BLANK.sub(b"", _BEHIND.sub(rb"</sheetData>\1", made[name]))
        made[name] = _LONG_FORMULA.sub(b"<f>1+1</f>", thin)
    made[PARTS[2]] = _LOWER_ROW.sub(lambda row: row[0] if int(row[1]) <= LAST_ROW else b"", made[PARTS[2]])
    return made


@cache
def units(part: str) -> tuple[bytes, ...]:
    """A part in pieces; every second one can be edited."""
    return tuple(_UNIT.split(parts()[part]))


@cache
def others(part: str) -> bytes:
    """A ZIP of all parts but one."""
    return zipped(((name, content) for name, content in parts().items() if name != part), zipfile.ZIP_STORED)


def edited(data: bytes) -> Mapping[str, bytes]:
    """The parts that edits make, by name."""
    pieces: dict[str, list[bytes]] = {}
    for start in range(0, min(len(data), MOST_EDITS * EDIT) - EDIT + 1, EDIT):
        number, high, low, what, value = data[start : start + EDIT]
        name = PARTS[number % len(PARTS)]
        piece = pieces.setdefault(name, list(units(name)))
        at = (high * 256 + low) % (len(piece) // 2) * 2 + 1
        piece[at] = _edited(piece, at, what, value)
    return {name: b"".join(piece) for name, piece in pieces.items()}


def _edited(piece: list[bytes], at: int, what: int, value: int) -> bytes:
    unit, kind, which = piece[at], what % 8, what // 8
    if len(unit) > LONGEST_UNIT:
        return unit
    if kind == 0:
        return unit * (0, 2, 3)[value % 3]
    if kind == 1:
        return piece[(at + 2 * value) % (len(piece) // 2 * 2) | 1]
    if kind == 2:
        return _INSIDE.sub(lambda _: INSIDES[value % len(INSIDES)], unit, count=1)
    if kind == 3:
        return _NAME.sub(lambda name: name[0] + b" " + ATTRIBUTES[value % len(ATTRIBUTES)], unit, count=1)
    found = list(_VALUE.finditer(unit))
    if not found:
        return unit
    match = found[which % len(found)]
    text = ODD_TEXTS[value % len(ODD_TEXTS)].replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    kept = match[0][: len(match[0]) // 2] if kind == 4 else b""
    return unit[: match.start()] + kept + text.encode() + unit[match.end() :]


def audited(path: Path) -> AuditedClaim:
    """What the audit says of a workbook, which may be that it cannot be computed."""
    rates, law = Ratebook.open(), load_law()
    return examine(take(path, rates, law, ON), rates, law)


def copied(path: Path) -> OpenBook:
    """The copy of a submission for the reviewer can be opened."""
    target = path.with_name("copy.xlsx")
    write_copy(path, audited(path), target, Ratebook.open, load_law(), as_of=ON, force=True)
    return book_in(open_package(target))


AUDITORS: tuple[Callable[[Path], object], ...] = (audited, copied)


def seeds() -> Iterable[bytes]:
    """No edit and a few, for every reader."""
    for reader in range(len(READERS)):
        yield bytes([reader])
        for part in range(len(PARTS)):
            yield bytes([reader, part, 0, 40 + part, 5 + part, part * 7])


def workbook(data: bytes, path: Path, readers: Sequence[Callable[[Path], object]] = READERS) -> None:
    """Read the claim workbook that the edits make; the first byte says which of the readers does."""
    if not data:
        return
    changed = edited(data[1:])
    name = next(iter(changed), PARTS[0])
    content = BytesIO(others(name) if len(changed) < 2 else zipped(_unchanged(changed), zipfile.ZIP_STORED))
    with zipfile.ZipFile(content, "a") as package:
        for part in changed or [name]:
            package.writestr(part, changed.get(part, parts()[part]))
    path.write_bytes(content.getvalue())
    readers[data[0] % len(readers)](path)


def _unchanged(changed: Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    return ((name, content) for name, content in parts().items() if name not in changed)


def package_seeds() -> Iterable[bytes]:
    """Small workbooks, as they lie on the disk."""
    yield small('<row r="1"><c r="A1"><v>1</v></c></row>')
    yield zipped([("a", b"b"), ("c/", b"")], zipfile.ZIP_STORED)


def changed_package(data: bytes, rng: random.Random) -> bytes:
    """A ZIP with one or two fields of its headers changed; its parts still unpack."""
    for _ in range(rng.randint(1, 2)):
        headers = [match.start() for match in _HEADER.finditer(data)]
        if not headers:
            return data
        at = rng.choice(headers) + rng.randint(4, 60)
        odd = rng.choice(
            (b"\0", b"\1", b"\x08", b"\xff", b"\xff\xff", b"\xff\xff\xff\xff", b"/", b"..", rng.randbytes(2))
        )
        data = data[:at] + odd + data[at + len(odd) :]
    return data


def package(data: bytes, path: Path) -> None:
    """Open a file as a workbook."""
    path.write_bytes(data)
    open_book(path)
