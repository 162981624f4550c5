"""Opens a workbook that came by e-mail: never trusted, never executed, refused before it can do harm.

A workbook is a ZIP of XML. Its size, its parts and their declarations are looked at before openpyxl sees it, and
openpyxl reads cells only: values as they were stored, and formulas as text.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.layout import Area

LARGEST_FILE = 10 * 1024 * 1024
MOST_SHEETS = 20
MOST_CELLS = 100_000
MOST_COMPRESSED = 100
MOST_PARTS = 1_000
LAST_ROW, LAST_COLUMN = 2_000, 100
"""What stands further down or to the right of this is not a claim's."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
_EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_REFERENCE = re.compile(r"^'?([^'!]+)'?!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?$")
_FORBIDDEN_PARTS = (
    ("xl/vbaproject", "holds macros", "save it as .xlsx without macros"),
    ("xl/macrosheets", "holds macros", "save it as .xlsx without macros"),
    ("xl/externallinks", "links to another workbook", "replace the links by their values (Data, Edit Links)"),
    ("xl/connections", "holds a data connection", "remove it (Data, Queries & Connections)"),
    ("xl/querytables", "holds a data connection", "remove it (Data, Queries & Connections)"),
    ("xl/model", "holds a data model", "remove it, and save the workbook again"),
    ("xl/embeddings", "holds an embedded object", "remove it, and save the workbook again"),
    ("xl/activex", "holds a control", "remove it, and save the workbook again"),
    ("xl/ctrlprops", "holds a control", "remove it, and save the workbook again"),
)
_BROKEN_MEND = "open it in Excel or LibreOffice, save it as .xlsx, and try again"


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as it was found: its stored or typed value, and its formula if it has one (with the equals sign).

    `is_error`: the value is a spreadsheet's error, like #N/A.
    """

    area: Area
    value: object
    formula: str | None = None
    is_error: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the cell."""
        return self.formula is None and (
            self.value is None or (isinstance(self.value, str) and not self.value.strip())
        )


@dataclass(frozen=True)
class OpenBook:
    """The cells and defined names of a workbook that was opened."""

    names: Mapping[str, Area]
    cells: Mapping[str, Mapping[tuple[int, int], ReadCell]]

    def cell(self, sheet: str, row: int, column: int) -> ReadCell:
        """A cell; a blank one where the workbook has none."""
        found = self.cells.get(sheet, {}).get((row, column))
        return found or ReadCell(Area.cell(sheet, row, column), None)

    def named(self, name: str) -> ReadCell | None:
        """The first cell of a defined name; None where the workbook does not define it."""
        area = self.names.get(name)
        return None if area is None else self.cell(area.sheet, area.row, area.column)


def open_book(path: Path, sheets: tuple[str, ...]) -> OpenBook:
    """The cells of the sheets named, and the defined names.

    Raises InputError, each with its own message, for what is not an .xlsx workbook, is too large, or holds what a
    claim never holds: macros, links to other files, data connections, entity declarations.
    """
    content = _content(path)
    with _zip(content) as package:
        _check_package(package)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            formulas = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
            values = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False, data_only=True)
            names = dict(_names(formulas))
            cells = {name: _cells(formulas, values, name) for name in sheets if name in formulas.sheetnames}
    except Exception as error:  # noqa: BLE001 - openpyxl raises anything at all on a damaged part
        raise InputError(f"the workbook is damaged ({type(error).__name__})", mend=_BROKEN_MEND) from None
    return OpenBook(names, cells)


def _content(path: Path) -> bytes:
    suffix = path.suffix.lower()
    if suffix == ".xlsm":
        raise InputError("is a workbook with macros", mend="save it as .xlsx (File, Save As, Excel Workbook)")
    if suffix != ".xlsx":
        raise InputError(f"is not an .xlsx workbook but {suffix or 'without a suffix'}", mend="save it as .xlsx")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError("is larger than 10 MB", mend="a claim is far smaller; remove pictures and other sheets")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", mend="check that you may read it") from None
    if not content:
        raise InputError("is empty", mend="save the workbook again")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise InputError("is encrypted", mend="remove the password (File, Info, Protect Workbook)")
        raise InputError("is an old .xls workbook under a new name", mend="save it as .xlsx")
    return content


def _zip(content: bytes) -> zipfile.ZipFile:
    if not content.startswith(b"PK"):
        raise InputError("is not an .xlsx workbook", mend="save it as .xlsx from Excel or LibreOffice")
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise InputError("is damaged: its ZIP cannot be read", mend=_BROKEN_MEND) from None


def _check_package(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise InputError("is encrypted", mend="remove the password")
    stored = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or any(
        part.file_size > MOST_COMPRESSED * max(part.compress_size, 100) for part in parts
    ):
        raise InputError("is packed too tightly to be a claim", mend=_BROKEN_MEND)
    if unpacked > MOST_COMPRESSED * max(stored, 1):
        raise InputError("is packed too tightly to be a claim", mend=_BROKEN_MEND)
    names = {part.filename.lower().lstrip("/") for part in parts}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise InputError("is a ZIP, but not an .xlsx workbook", mend="save it as .xlsx from Excel or LibreOffice")
    for prefix, what, mend in _FORBIDDEN_PARTS:
        if any(name.startswith(prefix) for name in names):
            raise InputError(what, mend=mend)
    _check_parts(package, parts)


def _check_parts(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    cells = 0
    for part in parts:
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        try:
            content = package.read(part)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
            raise InputError(
                f"is damaged ({type(error).__name__} in {part.filename[:60]!a})", mend=_BROKEN_MEND
            ) from None
        _check_xml(content)
        if name.endswith(".rels"):
            _check_relations(content)
        if name.endswith("xl/workbook.xml") and len(_SHEET.findall(content)) > MOST_SHEETS:
            raise InputError(f"has more than {MOST_SHEETS} sheets", mend="remove the sheets that are not the claim's")
        if "worksheets/" in name:
            cells += len(_CELL.findall(content))
        if name == "[content_types].xml" and b"macroenabled" in content.lower():
            raise InputError("is a workbook with macros", mend="save it as .xlsx without macros")
    if cells > MOST_CELLS:
        raise InputError(f"has more than {MOST_CELLS:,} cells", mend="remove what is not the claim's")


def _check_xml(content: bytes) -> None:
    if b"\x00" in content[:200] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("holds XML that is not UTF-8", mend=_BROKEN_MEND)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError("declares XML entities, which a workbook never does", mend=_BROKEN_MEND)
    head = content[:200].lower()
    if b"encoding=" in head and b"utf-8" not in head and b"us-ascii" not in head:
        raise InputError("holds XML that is not UTF-8", mend=_BROKEN_MEND)


def _check_relations(content: bytes) -> None:
    for relation in _EXTERNAL.findall(content):
        if not _HYPERLINK.search(relation):
            raise InputError(
                "links to something outside itself", mend="replace links by their values (Data, Edit Links)"
            )


def _names(book: Any) -> Iterator[tuple[str, Area]]:
    for name, defined in book.defined_names.items():
        found = _REFERENCE.match(defined.attr_text or "")
        if found is None:
            continue
        sheet, first_letters, first_row, last_letters, last_row = found.groups()
        column, row = _column(first_letters), int(first_row) - 1
        last = (_column(last_letters), int(last_row) - 1) if last_letters else (column, row)
        yield name, Area(sheet, row, column, last[1], last[0])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cells(formulas: Any, values: Any, sheet: str) -> Mapping[tuple[int, int], ReadCell]:
    found: dict[tuple[int, int], ReadCell] = {}
    for row, column, value, kind in _each(values[sheet]):
        found[row, column] = ReadCell(Area.cell(sheet, row, column), value, is_error=kind == "e")
    for row, column, value, kind in _each(formulas[sheet]):
        if kind == "f":
            area = Area.cell(sheet, row, column)
            stored = found.get((row, column), ReadCell(area, None))
            found[row, column] = ReadCell(area, stored.value, _formula(value), stored.is_error)
    return found


def _formula(value: object) -> str:
    if isinstance(value, ArrayFormula):
        return str(value.text)
    return "=TABLE()" if isinstance(value, DataTableFormula) else str(value)


def _each(sheet: Any) -> Iterator[tuple[int, int, object, Literal["f", "s", "n", "b", "d", "e"]]]:
    for cells in sheet.iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN):
        for cell in cells:
            if cell.value is not None:
                yield cell.row - 1, cell.column - 1, cell.value, cell.data_type
