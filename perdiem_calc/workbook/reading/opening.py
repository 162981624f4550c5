"""Opens a workbook that came by e-mail: its cells, defined names and tables, read once and never executed.

`package` unpacks the file and refuses what a claim never holds before anything is read; `cells` reads a sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.reading.cells import (
    MOST_CELLS,
    ReadCell,
    SheetCells,
    Stored,
    Style,
    namespace,
    read_sheet,
    runs_of,
    text_of,
)
from perdiem_calc.workbook.reading.looks import THEME, Looks, theme_of
from perdiem_calc.workbook.reading.package import LESS_FIX, Package, damaged, open_package, relation_named
from perdiem_calc.workbook.reading.shapes import Shape
from perdiem_calc.workbook.reading.stored_formulas import LONGEST_FORMULA, StoredFormulas, points_outside

MOST_SHEETS = 20
LONGEST_NAME = 255
LONGEST_FORMAT = 255
MOST_FORMATS = 5_000
MOST_NAMES = 2_000
MOST_REMEMBERED = 1_000
_LOOKED_AT: dict[bytes, int] = {}
"""Of parts that were looked at and are harmless, by their hash, how many cells they have."""

_TRUE = ("1", "true", "on")
_MACRO_NAMES = frozenset({"function", "vbProcedure", "xlm"})


@dataclass(frozen=True)
class OpenBook:
    """What a workbook that was opened holds, of the sheets that were asked for.

    `cells`: by sheet, then by row and column from 0, those in which something stands. `hidden_rows`: by sheet, the
    rows from 0 that are hidden or have no height, and in which something stands. `tables`: Excel tables by their
    name, with their headers. `sheets`, `hidden_sheets`: of all sheets the names in order, and those that are hidden.
    `names`: the defined names of the workbook that are one block of cells. `epoch`: the day that dates count from.
    `shapes`: how each sheet is laid out. `looks`: what the styles of cells look like. `texts`: the shared texts.
    """

    names: Mapping[str, Area]
    cells: Mapping[str, Mapping[tuple[int, int], ReadCell]]
    sheets: tuple[str, ...] = ()
    hidden_sheets: frozenset[str] = frozenset()
    hidden_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    tables: Mapping[str, Area] = field(default_factory=dict)
    epoch: datetime = WINDOWS_EPOCH
    shapes: Mapping[str, Shape] = field(default_factory=dict, compare=False)
    looks: Looks = field(default_factory=Looks, compare=False)
    texts: tuple[str, ...] = field(default=(), compare=False)

    def cell(self, sheet: str, row: int, column: int) -> ReadCell:
        """A cell; a blank one where the workbook has none."""
        found = self.cells.get(sheet, {}).get((row, column))
        return found or ReadCell(Area.cell(sheet, row, column), None)

    def named(self, name: str) -> ReadCell | None:
        """The first cell of a defined name; None where the workbook does not define it."""
        area = self.names.get(name)
        return None if area is None else self.cell(area.sheet, area.row, area.column)


class _Sheet(NamedTuple):
    name: str
    part: str
    is_hidden: bool
    has_cells: bool


def open_book(path: Path, sheets: Collection[str] | None = None) -> OpenBook:
    """The cells of the sheets named (None: of all), and the defined names of a workbook in a file.

    Raises InputError, each with its own message, for what is not an .xlsx workbook, is too large, is damaged, or
    holds what a claim never holds: macros, links to other files, data connections, entity declarations.
    """
    return book_of(open_package(path), sheets)


def names_in(package: Package) -> dict[str, Area]:
    """The defined names of a workbook that was unpacked; raises as `book_of` does."""
    tree = package.tree(package.workbook)
    return dict(_names(tree, namespace(tree)))


def book_of(
    package: Package, sheets: Collection[str] | None = None, names: Mapping[str, Area] | None = None
) -> OpenBook:
    """The same of a file that was unpacked; `names` are its defined names if known already. Raises alike."""
    part = package.workbook
    tree = package.tree(part)
    ns = namespace(tree)
    if tree.find(f"{ns}externalReferences/*") is not None:
        raise InputError(
            "workbook.links", "links to another workbook", fix="replace the links by their values (Data, Edit Links)"
        )
    listed = tuple(_sheets(tree, ns, package, part))
    names = dict(_names(tree, ns)) if names is None else names
    asked = [sheet for sheet in listed if sheet.has_cells and (sheets is None or sheet.name in sheets)]
    listed_styles = package.only(part, "styles")
    styles = None if listed_styles is None else package.tree(listed_styles)
    stored = _stored(package, part, tree, ns, styles)
    found = _cells(package, listed, asked, stored)
    return OpenBook(
        names,
        {name: sheet.cells for name, sheet in found.items()},
        tuple(sheet.name for sheet in listed),
        frozenset(sheet.name for sheet in listed if sheet.is_hidden),
        {name: sheet.hidden_rows for name, sheet in found.items()},
        dict(_tables(package, asked)),
        stored.epoch,
        {name: sheet.shape for name, sheet in found.items()},
        Looks(styles, _theme(package, part)),
        tuple(stored.texts.values()),
    )


def _sheets(tree: etree._Element, ns: str, package: Package, part: str) -> Iterator[_Sheet]:
    entries = tree.findall(f"{ns}sheets/{ns}sheet")
    if len(entries) > MOST_SHEETS:
        raise InputError(
            "workbook.sheets.too-many",
            f"has more than {MOST_SHEETS} sheets",
            fix="remove the sheets that are not the claim's",
        )
    relations = package.relations.get(part, {})
    names: set[str] = set()
    parts: set[str] = set()
    for entry in entries:
        name = entry.get("name", "")
        relation = relations.get(relation_named(entry))
        if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME or name.casefold() in names:
            raise damaged(f"it has a sheet named {name[:40]!a}, or two")
        if relation is None or relation.target in parts:
            raise damaged(f"the sheet {name} has no cells of its own")
        names.add(name.casefold())
        parts.add(relation.target)
        hidden = entry.get("state", "visible") != "visible"
        yield _Sheet(name, relation.target, hidden, relation.kind == "worksheet")


def _cells(
    package: Package, listed: Collection[_Sheet], asked: Collection[_Sheet], stored: Stored
) -> dict[str, SheetCells]:
    """The cells of the sheets asked for; the others are held to the same limits."""
    found: dict[str, SheetCells] = {}
    formulas = StoredFormulas()
    count = 0
    for sheet in listed:
        if sheet in asked:
            found[sheet.name] = read_sheet(sheet.name, package.tree(sheet.part), stored, formulas)
            count += found[sheet.name].size
        elif sheet.has_cells:
            count += _looked_at(sheet.name, package, sheet.part, formulas)
        if count > MOST_CELLS:
            raise InputError("workbook.cells.too-many", f"has more than {MOST_CELLS:,} cells", fix=LESS_FIX)
    return found


def _looked_at(name: str, package: Package, part: str, formulas: StoredFormulas) -> int:
    """How many cells a sheet has that is not asked for; its formulas may not point outside either.

    The sheets that no claim changes are the same in many workbooks, and are looked at once.
    """
    content = package.parts.get(part, b"")
    key = sha256(content).digest()
    if key not in _LOOKED_AT:
        tree = package.tree(part)
        ns = namespace(tree)
        for formula in tree.iter(f"{ns}f"):
            cell = formula.getparent()
            formulas.own(formula, name, "" if cell is None else cell.get("r", ""))
        if len(_LOOKED_AT) == MOST_REMEMBERED:
            _LOOKED_AT.clear()
        _LOOKED_AT[key] = sum(1 for _ in tree.iter(f"{ns}c"))
    return _LOOKED_AT[key]


def _stored(package: Package, part: str, tree: etree._Element, ns: str, listed: etree._Element | None) -> Stored:
    """What the cells refer to: shared texts, styles, and the day from which dates count."""
    texts: dict[str, str] = {}
    runs: dict[str, tuple[etree._Element, ...]] = {}
    strings = package.only(part, "sharedstrings")
    if strings is not None:
        shared = package.tree(strings)
        inner = namespace(shared)
        for at, item in enumerate(shared.iterchildren(f"{inner}si")):
            texts[str(at)] = text_of(item, inner)
            if len(item) and (looks := runs_of(item, inner)):
                runs[str(at)] = looks
    styles = {} if listed is None else _styles(listed)
    properties = tree.find(f"{ns}workbookPr")
    counts_from_1904 = properties is not None and properties.get("date1904") in _TRUE
    return Stored(texts, runs, styles or {"0": Style.PLAIN}, MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH)


def _theme(package: Package, part: str) -> tuple[str, ...]:
    """The colors of the theme; the usual ones where it cannot be read, which refuses no claim."""
    themes = package.related(part, "theme")
    with suppress(InputError):
        return theme_of(package.tree(themes[0])) if themes else THEME
    return THEME


def _styles(tree: etree._Element) -> dict[str, Style]:
    """Which of the cell styles make a date or a duration of a number, by the style's number."""
    ns = namespace(tree)
    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    formats = tree.findall(f"{ns}numFmts/{ns}numFmt")
    if len(formats) > MOST_FORMATS:
        raise InputError("workbook.formats.too-many", f"has more than {MOST_FORMATS:,} number formats", fix=LESS_FIX)
    for listed in formats:
        code = listed.get("formatCode", "")
        if len(code) > LONGEST_FORMAT:
            raise damaged("a number format is longer than Excel takes")
        codes[listed.get("numFmtId", "")] = code
    kinds: dict[str, Style] = {}
    styles: dict[str, Style] = {}
    for number, style in enumerate(tree.iterfind(f"{ns}cellXfs/{ns}xf")):
        name = style.get("numFmtId", "0")
        if name not in kinds:
            kinds[name] = _style(codes.get(name, "General"))
        styles[str(number)] = kinds[name]
    return styles


def _style(code: str) -> Style:
    if not is_date_format(code):
        return Style.PLAIN
    return Style.DURATION if is_timedelta_format(code) else Style.MOMENT


def _names(tree: etree._Element, ns: str) -> Iterator[tuple[str, Area]]:
    """The names of the whole workbook that are one block of cells."""
    seen: set[str] = set()
    listed = tree.findall(f"{ns}definedNames/{ns}definedName")
    if len(listed) > MOST_NAMES:
        raise InputError("workbook.names.too-many", f"has more than {MOST_NAMES:,} defined names", fix=LESS_FIX)
    for defined in listed:
        name, said = defined.get("name", ""), defined.text or ""
        if any(value in _TRUE for key, value in defined.items() if key in _MACRO_NAMES):
            raise InputError(
                "workbook.macros", "holds macros", fix="remove the names that are macros (Formulas, Name Manager)"
            )
        if len(said) > LONGEST_FORMULA or points_outside(said):
            raise InputError(
                "workbook.links",
                f"has a name that points out of the workbook ({name[:40]!a})",
                fix="remove it (Formulas, Name Manager)",
            )
        if defined.get("localSheetId") is not None:
            continue
        if name.casefold() in seen:
            raise damaged(f"the name {name[:40]!a} is defined twice")
        seen.add(name.casefold())
        area = Area.at(said)
        if area is not None and area.sheet:
            yield name, area


def _tables(package: Package, asked: Collection[_Sheet]) -> Iterator[tuple[str, Area]]:
    seen: set[str] = set()
    for sheet in asked:
        for part in package.related(sheet.part, "table"):
            table = package.tree(part)
            name, said = table.get("displayName", ""), table.get("ref", "")
            area = Area.at(said)
            if area is None or area.sheet or name.casefold() in seen:
                raise damaged(f"the table {name[:40]!a} appears twice, or nowhere")
            seen.add(name.casefold())
            yield name, area._replace(sheet=sheet.name)
