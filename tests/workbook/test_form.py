"""The form's XML against what Excel 2016 accepts, and the form as a file. Neither Excel nor Google Sheets was run."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from perdiem_calc.errors import InputError
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.edition import edition_of, years_asked
from perdiem_calc.workbook.form.table import BOXES, CHOICES, SHEETS, TABLES
from tests.support.forms import blank_form, edition, rates

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_BYTES = 260 * 1024
LONGEST_FORMULA, DEEPEST, LONGEST_TEXT, LONGEST_LIST = 8192, 64, 255, 255
FUNCTIONS = frozenset(
    {
        "ABS",
        "AND",
        "CHOOSE",
        "COUNT",
        "COUNTIF",
        "DATE",
        "EDATE",
        "FALSE",
        "FIND",
        "HYPERLINK",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISNUMBER",
        "LEFT",
        "LEN",
        "LOWER",
        "MATCH",
        "MAX",
        "MID",
        "MIN",
        "MOD",
        "MONTH",
        "N",
        "NOT",
        "OR",
        "ROUND",
        "ROW",
        "ROWS",
        "SEARCH",
        "SUBSTITUTE",
        "SUM",
        "SUMIF",
        "SUMPRODUCT",
        "TEXT",
        "TRIM",
        "TRUE",
        "UPPER",
        "VALUE",
        "WEEKDAY",
        "YEAR",
    }
)
"""Each of them is in Excel 2010."""


@pytest.fixture(scope="module")
def parts() -> dict[str, etree._Element]:
    with ZipFile(BytesIO(blank_form())) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


@pytest.fixture(scope="module")
def formulas(parts: dict[str, etree._Element]) -> list[str]:
    """Every formula of cells, conditional formats, validations and names."""
    tags = ("f", "formula", "formula1", "formula2", "definedName")
    return [found.text for part in parts.values() for tag in tags for found in part.iter(f"{NS}{tag}") if found.text]


def depth_of(formula: str) -> int:
    """How deep the parentheses of a formula go."""
    deepest = depth = 0
    for sign in re.sub(r'"[^"]*"', "", formula):
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def test_formulas_keep_to_the_limits_of_excel(formulas: list[str]) -> None:
    assert len(formulas) > 1000
    assert max(map(len, formulas)) <= LONGEST_FORMULA
    assert max(map(depth_of, formulas)) <= DEEPEST
    assert max(len(text) for formula in formulas for text in re.findall(r'"((?:[^"]|"")*)"', formula)) <= LONGEST_TEXT


def test_formulas_use_only_functions_of_excel_2010(formulas: list[str]) -> None:
    used = {
        name for formula in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", formula))
    }
    assert used <= FUNCTIONS


def test_no_formula_is_an_array_points_outside_or_names_a_table(
    parts: dict[str, etree._Element], formulas: list[str]
) -> None:
    kinds = {found.get("t") for part in parts.values() for found in part.iter(f"{NS}f")}
    assert kinds == {None, "shared"}
    assert not [formula for formula in formulas if "[" in re.sub(r'"[^"]*"', "", formula)]


def test_every_name_in_a_formula_is_defined(parts: dict[str, etree._Element], formulas: list[str]) -> None:
    defined = {found.get("name") for found in parts["xl/workbook.xml"].iter(f"{NS}definedName")}
    used = {
        name
        for formula in formulas
        for name in re.findall(r"(?<![\w$!])([a-z]\w*)(?![\w(!])", re.sub(r'"[^"]*"', "", formula))
    }
    assert used <= defined
    assert defined >= {*BOXES, "layout_version"}


def test_validations_keep_to_the_limits_of_excel(parts: dict[str, etree._Element]) -> None:
    found = [one for part in parts.values() for one in part.iter(f"{NS}dataValidation")]
    assert len(found) > 100
    for one in found:
        texts = [one.findtext(f"{NS}formula1") or "", one.get("prompt") or "", one.get("error") or ""]
        assert all(len(text) <= LONGEST_LIST for text in texts), one.get("sqref")
        assert len(one.get("promptTitle") or "") <= 32


def test_cells_stand_in_order_and_nothing_is_hidden(parts: dict[str, etree._Element]) -> None:
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/")]
    assert len(sheets) == len(SHEETS)
    for sheet in sheets:
        rows = [int(row.get("r", "0")) for row in sheet.iter(f"{NS}row")]
        assert rows == sorted(rows)
        assert not [row for row in sheet.iter(f"{NS}row", f"{NS}col") if row.get("hidden")]
    assert not [one for one in parts["xl/workbook.xml"].iter(f"{NS}sheet") if one.get("state")]


def test_merged_cells_do_not_overlap(parts: dict[str, etree._Element]) -> None:
    from openpyxl.utils import range_boundaries

    for name, part in parts.items():
        taken: set[tuple[int, int]] = set()
        for merged in part.iter(f"{NS}mergeCell"):
            left, top, right, bottom = (int(side or 0) for side in range_boundaries(merged.get("ref", "")))
            cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            assert not cells & taken, (name, merged.get("ref"))
            taken |= cells


def test_the_form_is_small_enough_to_mail() -> None:
    assert len(blank_form()) <= MOST_BYTES


def test_every_choice_of_the_contract_has_words() -> None:
    from typing import get_args

    from perdiem_calc.claims import model

    for name, kinds in (
        ("categories", model.Category),
        ("meals", model.FurnishedBy),
        ("rooms", model.LodgingType),
        ("outcomes", model.CourseOutcome),
        ("statuses", model.AttachmentStatus),
        ("excuses", model.MealStatement),
    ):
        assert set(CHOICES[name].values()) == set(get_args(kinds)), name


def test_no_two_boxes_or_columns_share_a_name_or_a_cell() -> None:
    areas = [field.area for field in BOXES.values()]
    areas += [told.area(column.key) for told in TABLES.values() for column in told.columns]
    cells = [
        (area.sheet, row, column)
        for area in areas
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, area.last_column + 1)
    ]
    assert len(cells) == len(set(cells))


def test_a_rate_row_has_the_limits_of_both_years_by_month() -> None:
    # GSA, fiscal years 2026 and 2027: Orlando has $145 from October to December 2026, and M&IE of $80.
    told = edition()
    orlando = next(row for row in told.rows if row.key == "FL|Orlando")
    assert (orlando.limits[12], orlando.mie[1]) == (145, 80)
    assert len(orlando.limits) == 24


@pytest.mark.parametrize("text", ["2026", "2026,x", "2026,2027,2028", "26,27"])
def test_fiscal_years_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="not two fiscal years"):
        years_asked(text, rates())


def test_fiscal_years_apart_are_refused() -> None:
    with pytest.raises(InputError, match="not two fiscal years in a row"):
        edition_of((2024, 2026), rates(), load_law())
    assert years_asked(None, rates()) == (2026, 2027)
