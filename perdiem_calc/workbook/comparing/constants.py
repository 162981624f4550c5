"""Compares the sheets that nobody fills in with those of a fresh form of the same edition.

A sheet that is ours to the byte is not looked at again. One that another program saved is compared cell by cell:
rates, ZIPs and lists by their values, Workings by its formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lxml import etree

from perdiem_calc.checks.submission import StatedCell, Unit
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form import formulas, table
from perdiem_calc.workbook.form.computed import BOXES, figures
from perdiem_calc.workbook.form.edition import Edition, edition_for, latest_years
from perdiem_calc.workbook.form.layout import LETTERS, Area, column_number, joined
from perdiem_calc.workbook.form.lists import lists
from perdiem_calc.workbook.form.table import FIELDS, TABLES
from perdiem_calc.workbook.reading.cells import namespace, text_of
from perdiem_calc.workbook.reading.opening import OpenBook, names_in
from perdiem_calc.workbook.reading.package import Package, relation_named
from perdiem_calc.workbook.reading.read import ReadForm
from perdiem_calc.workbook.reading.stating import is_ours, moved, value_of
from perdiem_calc.workbook.writing.sheet import serial
from perdiem_calc.workbook.writing.write import BLANK, CONSTANT, form_bytes

LABELS = {table.RATES: "rate of GSA", table.LISTS: "list or figure", table.ZIPS: "rate area of a ZIP"}
MOST_TOLD = 20
"""So many changed cells of one sheet are told one by one."""


@dataclass(frozen=True)
class Fresh:
    """The gray sheets of a fresh form as its file has them, and the texts to which they refer."""

    parts: Mapping[str, bytes]
    texts: tuple[str, ...]


@lru_cache(maxsize=8)
def fresh(years: tuple[int, int]) -> Fresh:
    """The gray sheets of an edition."""
    package = Package.of(form_bytes(edition_for(years), load_law(), BLANK))
    parts = {sheet: package.parts[part] for sheet, part in parts_of(package).items() if sheet in CONSTANT}
    used = max(int(cell.findtext("{*}v") or 0) for part in parts.values() for cell in _texts_in(part))
    return Fresh(parts, tuple(_texts(package)[: used + 1]))


def _texts_in(part: bytes) -> Iterator[etree._Element]:
    tree = etree.fromstring(part)
    return (cell for cell in tree.iter("{*}c") if cell.get("t") == "s")


def _texts(package: Package) -> list[str]:
    strings = package.only(package.workbook, "sharedstrings")
    if strings is None:
        return []
    tree = package.tree(strings)
    ns = namespace(tree)
    return [text_of(item, ns) for item in tree.iterchildren(f"{ns}si")]


def parts_of(package: Package) -> dict[str, str]:
    """The parts of the sheets, by the names of the sheets."""
    tree = package.tree(package.workbook)
    ns = namespace(tree)
    relations = package.relations.get(package.workbook, {})
    found = {}
    for sheet in tree.iterfind(f"{ns}sheets/{ns}sheet"):
        relation = relations.get(relation_named(sheet))
        if relation is not None:
            found[sheet.get("name", "")] = relation.target
    return found


def changed_constants(form: ReadForm, edition: Edition) -> list[StatedCell]:
    """The cells of the gray sheets that are not as in a fresh form."""
    ours, names = fresh(edition.years), form.book.names
    parts, texts = parts_of(form.package), form.book.texts
    # In a form of this program the texts to which the gray sheets refer come first.
    same_texts = texts[: len(ours.texts)] == ours.texts
    found: list[StatedCell] = []
    for sheet, name, differences in (
        (table.RATES, "rate_key", _of_rates),
        (table.LISTS, "layout_version", _of_lists),
        (table.ZIPS, "zip_from", _of_zips),
        (table.WORKINGS, "touched", _of_workings),
    ):
        part = parts.get(names[name].sheet if name in names else sheet, "")
        if not same_texts or form.package.parts.get(part) != ours.parts[sheet]:
            tree = form.package.tree(part) if part in form.package.parts else None
            found += differences(_Stored(tree, texts), names, edition)
    return found


Names = Mapping[str, Area]


def _column(
    stored: _Stored, area: Area | None, name: str, values: Sequence[object], key: str, label: str
) -> Iterator[StatedCell]:
    """The cells of a column that are not the values due."""
    if area is None or area.last_row - area.row + 1 != len(values):
        yield _moved(name, label, len(values), area)
        return
    told = 0
    for row, value in enumerate(values, start=area.row):
        due = serial(value) if isinstance(value, date) else value
        if not stored.holds(row, area.column, due):
            yield _changed(stored, Area.cell(area.sheet, row, area.column), due, key, label)
            told += 1
            if told == MOST_TOLD:
                return


def _changed(stored: _Stored, area: Area, due: object, key: str, label: str) -> StatedCell:
    found = value_of(stored.values.get((area.row, area.column)))
    unit: Unit = "text" if isinstance(due, str) else "number"
    return StatedCell(key, label, area.address, value_of(due), stated=found, how="changed", unit=unit)


def _moved(name: str, label: str, rows: int, area: Area | None) -> StatedCell:
    due = Area(table.LISTS, 4, 0, 3 + rows, 0)
    return moved(name, label, due, area)


def _of_rates(stored: _Stored, names: Names, edition: Edition) -> Iterator[StatedCell]:
    rows, label = edition.rows, LABELS[table.RATES]
    for name, values in (
        ("rate_area", [row.name for row in rows]),
        ("rate_key", [row.key for row in rows]),
        ("rate_counties", [row.counties for row in rows]),
    ):
        yield from _column(stored, names.get(name), name, values, "rates.area", label)
    for name, amounts, what in (
        ("rate_lodging", [row.limits for row in rows], "room limit"),
        ("rate_mie", [row.mie for row in rows], "M&IE"),
    ):
        area = names.get(name)
        if area is None or area != area._replace(
            last_row=area.row + len(rows) - 1, last_column=area.column + len(amounts[0]) - 1
        ):
            yield _moved(name, label, len(rows), area)
            continue
        for row, figures_of_row in enumerate(amounts):
            for place, amount in enumerate(figures_of_row):
                at = Area.cell(area.sheet, area.row + row, area.column + place)
                if not stored.holds(at.row, at.column, amount):
                    place_of = f"{what} of {rows[row].name}, {rows[row].state}"
                    yield _changed(stored, at, amount, "rates.amount", place_of)


def _of_lists(stored: _Stored, names: Names, edition: Edition) -> Iterator[StatedCell]:
    for name, values in lists(edition, load_law()):
        yield from _column(stored, names.get(name), name, values, name, name.replace("_", " "))


def _of_zips(stored: _Stored, names: Names, edition: Edition) -> Iterator[StatedCell]:
    for place, name in enumerate(("zip_from", "zip_row")):
        values = [zips[place] for zips in edition.zips]
        yield from _column(stored, names.get(name), name, values, "rates.zip", LABELS[table.ZIPS])


# --- Workings -----------------------------------------------------------------------------------------------------


def _of_workings(stored: _Stored, names: Names, edition: Edition) -> Iterator[StatedCell]:
    """The cells of Workings that hold no formula of ours, those of one column together."""
    law, on = load_law(), edition.first
    for name, label, formula in figures(law, on):
        area = names.get(name)
        if area is None:
            yield _moved(name, label, 1, None)
        elif not stored.is_ours(area.row, area.column, formula):
            yield _overwritten(name, label, area, stored)
    for block in formulas.blocks(law, on):
        areas = {key: names.get(f"{block.prefix}_{key}") for key, _ in block.columns}
        # The numbers of the rows stand before the first column.
        numbers = LETTERS[max(0, min((area.column for area in areas.values() if area), default=2) - 1)]
        for key, template in block.columns:
            area = areas[key]
            label = f"{block.title}, {key.replace('_', ' ')}"
            if area is None or area.last_row - area.row + 1 < block.rows:
                yield _moved(f"{block.prefix}_{key}", label, block.rows, area)
                continue
            wrong = [
                Area.cell(area.sheet, row, area.column)
                for row in range(area.row, area.last_row + 1)
                if not stored.follows(row, area)
                and not stored.is_ours(row, area.column, _formula(template, row, area, areas, numbers))
            ]
            if wrong:
                yield _overwritten(f"{block.prefix}_{key}", label, wrong[0], stored, joined(wrong))


def _formula(template: str, row: int, area: Area, areas: Mapping[str, Area | None], numbers: str) -> str:
    """Our formula for a cell of a block, wherever the block stands."""
    index = row - area.row
    places = {key: (LETTERS[one.column], one.row + index) for key, one in areas.items() if one is not None}
    places["k"] = (numbers, area.row + index)
    return formulas.cell_formula(template, places).removeprefix("=")


def _overwritten(name: str, label: str, first: Area, stored: _Stored, cells: str = "") -> StatedCell:
    formula = stored.own.get((first.row, first.column))
    return StatedCell(
        name,
        label,
        cells or first.address,
        None,
        stated=value_of(stored.values.get((first.row, first.column))) if formula is None else None,
        how="typed" if formula is None else "formula",
        formula=f"={formula}" if formula else "",
        unit="text",
    )


class _Stored:
    """The cells of a sheet as they are stored: values, formulas that are written down, and shared ones."""

    def __init__(self, tree: etree._Element | None, texts: Sequence[str]) -> None:
        self.own: dict[tuple[int, int], str] = {}
        self.values: dict[tuple[int, int], str | float] = {}
        self.shares: dict[tuple[int, int], str] = {}
        self.masters: dict[str, tuple[int, int]] = {}
        if tree is None:
            return
        ns = namespace(tree)
        for cell in tree.iter(f"{ns}c"):
            reference = cell.get("r", "")
            letters = reference.rstrip("0123456789")
            number = reference[len(letters) :]
            if not number or not letters.isascii() or not letters.isalpha():
                continue
            at = int(number) - 1, column_number(letters)
            formula = cell.find(f"{ns}f")
            if formula is None:
                self._value(at, cell, ns, texts)
            elif formula.get("t") == "shared" and not formula.text:
                self.shares[at] = formula.get("si", "")
            else:
                self.own[at] = formula.text or ""
                if formula.get("t") == "shared":
                    self.masters[formula.get("si", "")] = at

    def _value(self, at: tuple[int, int], cell: etree._Element, ns: str, texts: Sequence[str]) -> None:
        said, kind = cell.findtext(f"{ns}v") or "", cell.get("t", "n")
        if kind == "inlineStr":
            inside = cell.find(f"{ns}is")
            self.values[at] = text_of(inside, ns) if inside is not None else ""
        elif kind == "s" and said.isdecimal() and int(said) < len(texts):
            self.values[at] = texts[int(said)]
        elif said:
            try:
                self.values[at] = float(said) if kind == "n" else said
            except ValueError:
                self.values[at] = said

    def holds(self, row: int, column: int, due: object) -> bool:
        """Whether a cell holds this value, and no formula."""
        return self.values.get((row, column), "") == due

    def is_ours(self, row: int, column: int, formula: str) -> bool:
        """Whether a cell holds this formula, written down."""
        found = self.own.get((row, column))
        return found is not None and is_ours(f"={found}", formula)

    def follows(self, row: int, area: Area) -> bool:
        """Whether a cell shares the formula of a cell above it in its column, which is compared by itself."""
        master = self.masters.get(self.shares.get((row, area.column), "?"))
        return master is not None and master[1] == area.column and area.row <= master[0] < row


# --- names --------------------------------------------------------------------------------------------------------


def moved_names(book: OpenBook) -> Iterator[StatedCell]:
    """The defined names of the pages that are gone, or stand elsewhere than the cells around them."""
    for sheet, due in _layout().items():
        found = {name: book.names.get(name) for name in due}
        rows: dict[int, int] = {}
        columns: dict[int, int] = {}
        home = next((area.sheet for area in found.values() if area is not None), sheet)
        for name, (area, label) in due.items():
            at = found[name]
            is_there = at is not None and at.sheet == home and _fits(rows, area.row, at.row)
            if at is None or not is_there or columns.get(area.column, at.column) != at.column:
                yield moved(name, label, area, at)
            else:
                rows[area.row], columns[area.column] = at.row, at.column


def _fits(places: Mapping[int, int], due: int, found: int) -> bool:
    """Whether a row stands below those that come before it, and above those after it."""
    if due in places:
        return places[due] == found
    return all((one < due) == (at < found) for one, at in places.items())


@lru_cache(maxsize=1)
def _layout() -> Mapping[str, Mapping[str, tuple[Area, str]]]:
    """Where each box and column of the pages stands in a fresh form, by sheet and name, with its label."""
    names = names_in(Package.of(form_bytes(edition_for(latest_years()), load_law(), BLANK)))
    labels = {field.name: field.label for field in FIELDS}
    labels |= {told.name(column.key): column.header for told in TABLES.values() for column in told.columns}
    labels |= {name: box.label for name, box in BOXES.items()}
    labels |= {name: label for name, label, _ in table.FOR_NASRO}
    found: dict[str, dict[str, tuple[Area, str]]] = {}
    for name, label in labels.items():
        area = names[name]
        if area.sheet != table.REVIEW:
            found.setdefault(area.sheet, {})[name] = area, label
    return found
