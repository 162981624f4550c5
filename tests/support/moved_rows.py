"""Rows inserted and deleted in a workbook as a spreadsheet program does it.

Cells, merged cells, tables, defined names and the formulas of all sheets move along; what pointed to a deleted row
alone points nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from tests.support.edits import MAIN, WORKBOOK, Edit, Package

NOWHERE = "#REF!"
_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)([0-9]+)(?::(\$?[A-Z]{1,3}\$?)([0-9]+))?")

Moved = Callable[[str], str]
"""From a reference like `A1` or `$A$1:$A$3` to what becomes of it."""


def row_inserted(sheet: str, number: int) -> Edit:
    """A blank row inserted above a row, by its number from 1."""

    def moved(reference: str) -> str:
        return _REFERENCE.sub(
            lambda m: _describe(m, *(int(n) + (int(n) >= number) for n in (m[2], m[4] or m[2]))), reference
        )

    return lambda package: _move(package, sheet, moved)


def _describe(match: re.Match[str], first: int, last: int) -> str:
    return f"{match[1]}{first}" + (f":{match[3]}{last}" if match[3] else "")


def _move(package: Package, sheet: str, moved: Moved) -> None:
    for row in package.sheet(sheet).iter(f"{MAIN}row"):
        row.set("r", moved(f"A{row.get('r')}").removeprefix("A"))
        for cell in row:
            cell.set("r", moved(cell.get("r", "")))
    for merged in list(package.sheet(sheet).iter(f"{MAIN}mergeCell")):
        _move_block(merged, moved)
    for part in [name for name in package.parts if name.startswith("xl/tables/")]:
        if package.tree(part).get("displayName") == sheet:
            _move_block(package.tree(part), moved)
    for name in package.tree(WORKBOOK).iter(f"{MAIN}definedName"):
        name.text = _of_formula(name.text or "", sheet, moved, is_there=False)
    for entry in package.tree(WORKBOOK).iter(f"{MAIN}sheet"):
        there = entry.get("name", "")
        for formula in package.sheet(there).iter(f"{MAIN}f"):
            formula.text = _of_formula(formula.text or "", sheet, moved, is_there=there == sheet)


def _move_block(element: etree._Element, moved: Moved) -> None:
    """Move what is about a block of cells; what is left of none goes."""
    reference, parent = moved(element.get("ref", "")), element.getparent()
    if reference == NOWHERE and parent is not None:
        parent.remove(element)
    element.set("ref", reference)


def _of_formula(formula: str, sheet: str, moved: Moved, *, is_there: bool) -> str:
    """A formula after its references moved; `is_there` says that it stands on the sheet itself."""
    if not is_there and f"{sheet}!" not in formula:
        return formula
    tokens = Tokenizer(f"={formula}")
    for token in tokens.items:
        of, mark, reference = token.value.rpartition("!")
        if token.subtype == Token.RANGE and (of == sheet or (is_there and not mark)):
            token.value = of + mark + (moved(reference) if _REFERENCE.fullmatch(reference) else reference)
    return "".join(token.value for token in tokens.items)
