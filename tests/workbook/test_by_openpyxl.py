"""Cells and names of a workbook are those that openpyxl reads: of ours, LibreOffice's, and random ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from perdiem_calc.workbook.form.table import SHEETS
from perdiem_calc.workbook.reading.opening import OpenBook, open_book
from perdiem_calc.workbook.reading.package import open_package
from perdiem_calc.workbook.reading.read import book_in, read_claim
from tests.golden import SAMPLES, sample_bytes
from tests.support.command import Perdiem
from tests.support.copying import opened
from tests.support.forms import random_forms
from tests.support.hostile import noise, small
from tests.support.house_rules import COSTLY
from tests.support.libreoffice import recalculate

Said = dict[str, tuple[object, type, str | None, bool]]


def by_openpyxl(formulas: Any, values: Any) -> dict[str, Said]:
    """By sheet and address: value, its type, formula, and whether it is an error."""
    found: dict[str, Said] = {}
    for sheet in formulas.worksheets:
        found[sheet.title] = said = {}
        for row in sheet.iter_rows():
            for cell in row:
                value = values[sheet.title][cell.coordinate]
                formula = _formula(cell)
                if value.value is not None or formula is not None:
                    said[cell.coordinate] = (value.value, type(value.value), formula, value.data_type == "e")
    return found


def _formula(cell: Any) -> str | None:
    if cell.data_type != "f":
        return None
    return cell.value.text if isinstance(cell.value, ArrayFormula) else str(cell.value)


def by_us(book: OpenBook) -> dict[str, Said]:
    """The same of an opened workbook."""
    return {
        sheet: {
            cell.area.address.partition("!")[2]: (cell.value, type(cell.value), cell.formula, cell.is_error)
            for cell in cells.values()
        }
        for sheet, cells in book.cells.items()
    }


def compare(path: Path) -> OpenBook:
    """Read a workbook in both ways, and find no difference."""
    content = path.read_bytes()
    book = book_in(open_package(path))
    other = opened(content, values=False)
    found = by_openpyxl(other, opened(content, values=True))
    assert by_us(book) == {sheet: cells for sheet, cells in found.items() if sheet in book.cells}
    assert set(SHEETS[:6]) <= book.cells.keys()
    assert tuple(other.sheetnames) == book.sheets
    names = {name: defined.attr_text.replace("$", "") for name, defined in other.defined_names.items()}
    assert {name: area.address for name, area in book.names.items()} == names
    hidden = {
        sheet.title: {row - 1 for row, shape in sheet.row_dimensions.items() if shape.hidden and sheet[row]}
        for sheet in other.worksheets
        if sheet.title in book.cells
    }
    assert {sheet: set(rows) for sheet, rows in book.hidden_rows.items()} == hidden
    return book


def files(perdiem: Perdiem, folder: Path) -> list[Path]:
    """The samples' workbooks and a form."""
    form = folder / "form.xlsx"
    perdiem("claim", "new", "--place", "Orlando, FL", "--from", "2026-10-04", "--to", "2026-10-09", "-o", form)
    for sample in SAMPLES:
        (folder / f"{sample.stem}.xlsx").write_bytes(sample_bytes(sample))
    return sorted(folder.glob("*.xlsx"))


def test_the_samples_and_a_form_are_read_alike(perdiem: Perdiem, tmp_path: Path) -> None:
    paths = files(perdiem, tmp_path)
    assert len(paths) == len(SAMPLES) + 1
    assert all(len(compare(path).names) > 100 for path in paths)


@pytest.mark.usefixtures("soffice")
def test_what_libreoffice_saved_again_is_read_alike_and_is_the_same_claim(perdiem: Perdiem, tmp_path: Path) -> None:
    paths = files(perdiem, tmp_path)
    for old, new in zip(paths, recalculate(paths, tmp_path / "again"), strict=True):
        compare(new)
        if old.stem != "form":
            assert read_claim(new) == read_claim(old)


@pytest.mark.slow
def test_random_claims_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "claim.xlsx"
    for form in random_forms(4, seed=5):
        path.write_bytes(form.content)
        compare(path)


# --- random cells --------------------------------------------------------------------------------------------------

FORMATS = ("General", "yyyy-mm-dd", "[h]:mm:ss", "0.00%", '"days" 0', "[Red]0;(0)", "mm:ss.0", "@", "[$-409]d-mmm")
STYLES = (
    "<numFmts>"
    + "".join(f"<numFmt numFmtId='{164 + n}' formatCode='{code}'/>" for n, code in enumerate(FORMATS))
    + "</numFmts><cellXfs>"
    + "".join(f'<xf numFmtId="{number}"/>' for number in (*range(50), *range(164, 164 + len(FORMATS))))
    + "</cellXfs>"
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="_", exclude_categories=["Cc", "Cs", "Cn"]))


def escaped(text: str) -> str:
    """A text as XML writes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(0, 60000).map(repr),
    st.integers(0, 3_000_000).map(str),
)
VALUES = st.one_of(
    NUMBERS.map(lambda text: ("n", text)),
    st.booleans().map(lambda truth: ("b", str(int(truth)))),
    st.sampled_from(["#N/A", "#REF!", "#DIV/0!"]).map(lambda text: ("e", text)),
    TEXTS.map(lambda text: ("str", escaped(text))),
    st.integers(0, 3).map(lambda index: ("s", str(index))),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(
        lambda at: ("d", at.replace(microsecond=0).isoformat())
    ),
)
FORMULAS = st.sampled_from(
    [
        "",
        "<f>SUM(A1:B2)</f>",
        '<f t="array" ref="A1">A1:A3*2</f>',
        '<f t="shared" si="0"/>',
    ]
)
CELLS = st.tuples(VALUES, st.integers(0, 58), FORMULAS)


@COSTLY
@given(
    rows=st.lists(st.lists(st.none() | CELLS, max_size=6), max_size=6),
    texts=st.lists(st.lists(TEXTS, max_size=3), min_size=4, max_size=4),
)
def test_random_cells_are_read_alike(
    rows: list[list[Any]], texts: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    # A formula that is shared stands first where it is written down.
    shared = '<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:F9">B1*C$1+SUM($D1:E2)&amp;"A1"</f><v>0</v></c></row>'
    data = [shared]
    for number, row in enumerate(rows, start=2):
        cells = []
        for letter, cell in zip("ABCDEF", row, strict=False):
            if cell is not None:
                (kind, value), style, formula = cell
                cells.append(f'<c r="{letter}{number}" s="{style}" t="{kind}">{formula}<v>{value}</v></c>')
        data.append(f'<row r="{number}">{"".join(cells)}</row>')
    strings = "".join(f"<si>{''.join(f'<r><t>{escaped(run)}</t></r>' for run in runs)}</si>" for runs in texts)
    path = tmp_path_factory.mktemp("cells") / "cells.xlsx"
    path.write_bytes(small("".join(data) + noise(4_000).decode(), strings=strings, styles=STYLES))
    content = path.read_bytes()
    expected = by_openpyxl(opened(content, values=False), opened(content, values=True))
    assert by_us(open_book(path)) == expected
