"""Edits of a workbook as people make them in Excel, made in its XML, so that nothing else changes.

An edit changes a `Package`; `typed({"Days!K5": 120})` is the commonest, and `after(content, edit)` the workbook that
comes of it. The values that formulas were kept with stay as they are, as Excel leaves them where it does not compute.
`with_kept_values_of` takes them from another workbook, as if a spreadsheet program had computed them, and
`without_kept_values` takes them away, as other programs do.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from perdiem_calc.workbook.writing.sheet import serial

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
WORKBOOK = "xl/workbook.xml"

Value = str | int | float | bool | Decimal | date | time | None
"""What is typed; None clears the cell."""
Kept = tuple[str | None, str | None]
"""The value that a formula keeps, and its kind, as the file has them."""


class Package:
    """A workbook taken apart: its parts as XML trees, cells and names by address."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self._trees: dict[str, etree._Element] = {}

    def content(self) -> bytes:
        """The workbook as it is now."""
        for name, tree in self._trees.items():
            self.parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
        return out.getvalue()

    def tree(self, part: str) -> etree._Element:
        """The XML of a part; what is changed in it counts."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def sheet_entry(self, name: str) -> etree._Element:
        """The entry of a sheet in the workbook."""
        (entry,) = (e for e in self.tree(WORKBOOK).iter(f"{MAIN}sheet") if e.get("name") == name)
        return entry

    def sheet_part(self, name: str) -> str:
        """The part that holds a sheet."""
        relations = self.tree("xl/_rels/workbook.xml.rels")
        wanted = self.sheet_entry(name).get(RELATION)
        (target,) = (r.get("Target", "") for r in relations if r.get("Id") == wanted)
        return f"xl/{target.removeprefix('/xl/')}"

    def sheet(self, name: str) -> etree._Element:
        """The XML of a sheet."""
        return self.tree(self.sheet_part(name))

    def name(self, name: str) -> etree._Element:
        """The definition of a name."""
        (found,) = (n for n in self.tree(WORKBOOK).iter(f"{MAIN}definedName") if n.get("name") == name)
        return found

    def address(self, where: str) -> str:
        """An address (`Days!K5`) as it is; of a defined name its first cell, of `day_room[2]` the third."""
        if "!" in where:
            return where
        name, _, index = where.partition("[")
        first = (self.name(name).text or "").replace("$", "").partition(":")[0]
        sheet, _, reference = first.partition("!")
        letters, number = split(reference)
        return f"{sheet}!{letters}{number + int(index.rstrip(']') or 0)}" if index else first

    def row(self, sheet: str, number: int) -> etree._Element:
        """A row of a sheet, by its number from 1; made where it is not there."""
        data = self.sheet(sheet).find(f"{MAIN}sheetData")
        assert data is not None
        return _child(
            data, number, lambda row: int(row.get("r", "0")), lambda: etree.Element(f"{MAIN}row", r=str(number))
        )

    def cell(self, where: str) -> etree._Element:
        """A cell by its address or defined name; made where it is not there."""
        sheet, _, reference = self.address(where).partition("!")
        letters, number = split(reference)
        return _child(
            self.row(sheet, number),
            column_index_from_string(letters),
            lambda cell: column_index_from_string(split(cell.get("r", ""))[0]),
            lambda: etree.Element(f"{MAIN}c", r=reference),
        )

    def put(self, where: str, value: Value) -> None:
        """Type a value into a cell; its look stays."""
        cell = self.cell(where)
        _empty(cell)
        if value is None:
            return
        if isinstance(value, bool):
            cell.set("t", "b")
            etree.SubElement(cell, f"{MAIN}v").text = str(int(value))
        elif isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
            text.text = value
        else:
            number = serial(value) if isinstance(value, date | time) else value
            etree.SubElement(cell, f"{MAIN}v").text = str(number)

    def put_formula(self, where: str, formula: str, value: Value = None) -> None:
        """Put another formula into a cell, and the value that a spreadsheet program keeps beside it."""
        self.put(where, value)
        cell = self.cell(where)
        if isinstance(value, str):
            cell.set("t", "str")
            for text in cell:
                cell.remove(text)
            etree.SubElement(cell, f"{MAIN}v").text = value
        element = etree.Element(f"{MAIN}f")
        element.text = formula
        cell.insert(0, element)

    def shape_column(self, sheet: str, letters: str, shape: Mapping[str, str] | None = None) -> None:
        """Unfold one column, or give it another shape; those that it was listed with stay as they are."""
        columns = self.sheet(sheet).find(f"{MAIN}cols")
        number = column_index_from_string(letters)
        if columns is None:
            return
        for column in list(columns):
            first, last = int(column.get("min", "0")), int(column.get("max", "0"))
            if not first <= number <= last or (shape is None and column.get("hidden") is None):
                continue
            for start, end in ((first, number - 1), (number, number), (number + 1, last)):
                if start <= end:
                    part = deepcopy(column)
                    part.set("min", str(start))
                    part.set("max", str(end))
                    if start == number == end:
                        part.attrib.pop("hidden", "")
                        part.attrib.pop("outlineLevel", "")
                        for key, value in (shape or {}).items():
                            part.set(key, value)
                    column.addprevious(part)
            columns.remove(column)

    def formula(self, where: str) -> str:
        """The formula of a cell."""
        return self.cell(where).findtext(f"{MAIN}f") or ""

    def kept(self, where: str) -> str:
        """The value that is kept beside a formula, as it is written."""
        return self.cell(where).findtext(f"{MAIN}v") or ""


Edit = Callable[[Package], None]


def after(content: bytes, *edits: Edit) -> bytes:
    """The workbook after some edits."""
    package = Package(content)
    for edit in edits:
        edit(package)
    return package.content()


def both(*edits: Edit) -> Edit:
    """One edit after the other: a row is inserted to be typed into."""

    def edit(package: Package) -> None:
        for one in edits:
            one(package)

    return edit


def typed(cells: Mapping[str, Value]) -> Edit:
    """Values typed into cells, by address or defined name; None clears one.

    A person unfolds a column to type into it.
    """

    def edit(package: Package) -> None:
        for where, value in cells.items():
            package.put(where, value)
            if value is not None:
                sheet, _, reference = package.address(where).partition("!")
                package.shape_column(sheet, split(reference)[0])

    return edit


def formula(where: str, other: str, value: Value = None) -> Edit:
    """Another formula in a cell, with the value it gives."""
    return lambda package: package.put_formula(where, other, value)


def as_value(where: str) -> Edit:
    """A formula replaced by the value it has (Paste Special, Values)."""

    def edit(package: Package) -> None:
        cell = package.cell(where)
        found = cell.find(f"{MAIN}f")
        assert found is not None, where
        cell.remove(found)

    return edit


def name_moved(name: str, to: str) -> Edit:
    """A defined name that points elsewhere, like `Claim!$A$1`."""

    def edit(package: Package) -> None:
        package.name(name).text = to

    return edit


def name_gone(name: str) -> Edit:
    """A defined name deleted."""

    def edit(package: Package) -> None:
        found = package.name(name)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return edit


def kept(values: Mapping[str, Value]) -> Edit:
    """Other values kept with the formulas of cells, by address or defined name: what a sender sees there."""

    def edit(package: Package) -> None:
        for where, value in values.items():
            package.put_formula(where, package.formula(where), value)

    return edit


PAGES = ("Claim", "Days", "Expenses")
"""The sheets whose computed cells people look at."""


def with_kept_values_of(content: bytes, fresh: bytes, but: Collection[str] = ()) -> bytes:
    """A workbook whose formulas are kept with the values that the same formulas have in another workbook.

    A formula is the same in a row of the same date, on the sheet Claim wherever its rows moved. One that the other
    workbook lacks has no value; the cells of `but` stay as they are.
    """
    package, kept_in = Package(content), _kept_in(fresh)
    spared = {package.address(where) for where in but}
    for sheet in PAGES:
        same = kept_in[sheet]
        moved = {text: value for (text, _), value in same.items()} if sheet == "Claim" else {}
        for cell, text, row in _formulas_of(package, sheet):
            if f"{sheet}!{cell.get('r')}" not in spared:
                _keep_as(cell, same.get((text, row), moved.get(text)))
    return package.content()


@lru_cache(maxsize=32)
def _kept_in(content: bytes) -> dict[str, dict[tuple[str, str], Kept]]:
    """For each sheet of a workbook the values that its formulas keep, by formula and row."""
    package = Package(content)
    return {
        sheet: {
            (text, row): (cell.findtext(f"{MAIN}v"), cell.get("t"))
            for cell, text, row in _formulas_of(package, sheet)
        }
        for sheet in PAGES
    }


def _formulas_of(package: Package, sheet: str) -> Iterator[tuple[etree._Element, str, str]]:
    """The cells of a sheet with formulas, each with its formula and its row: its number and date, if it has one."""
    for row in package.sheet(sheet).iter(f"{MAIN}row"):
        dates = {cell.get("r"): cell.findtext(f"{MAIN}v") for cell in row if cell.get("t") != "s"}
        number = row.get("r", "")
        column = {"Days": "A", "Expenses": "B"}.get(sheet, "")
        for cell in row:
            formula = cell.findtext(f"{MAIN}f")
            if formula is not None:
                yield cell, formula, f"{number} {dates.get(column + number)}"


def _keep_as(cell: etree._Element, other: Kept | None) -> None:
    """Keep in a cell with a formula a value, or none."""
    for old in cell.findall(f"{MAIN}v"):
        cell.remove(old)
    cell.attrib.pop("t", "")
    if other is not None:
        value, kind = other
        etree.SubElement(cell, f"{MAIN}v").text = value
        if kind:
            cell.set("t", kind)


def without_kept_values(content: bytes, but: Collection[str] = (), sheets: Sequence[str] = PAGES) -> bytes:
    """A workbook whose formulas have no kept values, as some programs write it; those of `but` keep theirs."""
    package = Package(content)
    spared = {package.address(where) for where in but}
    for sheet in sheets:
        for computed in package.sheet(sheet).findall(f".//{MAIN}f/.."):
            value = computed.find(f"{MAIN}v")
            if value is not None and f"{sheet}!{computed.get('r')}" not in spared:
                computed.remove(value)
    return package.content()


def split(reference: str) -> tuple[str, int]:
    """The letters and the number of a reference like `AB12`."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]+)", reference)
    assert match is not None, reference
    return match[1], int(match[2])


def beside(reference: str, columns: int) -> str:
    """The reference so many columns to the right."""
    letters, number = split(reference)
    return f"{get_column_letter(column_index_from_string(letters) + columns)}{number}"


def _child(
    parent: etree._Element,
    wanted: int,
    number_of: Callable[[etree._Element], int],
    make: Callable[[], etree._Element],
) -> etree._Element:
    """The child with a number, among children in order of theirs; a new one in its place where none has it."""
    numbers = [number_of(child) for child in parent]
    place = bisect_left(numbers, wanted)
    if place == len(numbers) or numbers[place] != wanted:
        parent.insert(place, make())
    return parent[place]


def _empty(cell: etree._Element) -> None:
    for inner in list(cell):
        cell.remove(inner)
    if "t" in cell.attrib:
        del cell.attrib["t"]
