"""From a field of a claim to the cell it stands in: what findings and the reader's refusals point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from perdiem_calc.checks.finding import Finding, Where
from perdiem_calc.claims.model import MEALS, Claim
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import ATTACHMENTS, ClaimPage, checklist_area, explanation_areas
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES, NIGHT_COLUMNS
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW, Area, CellMap, joined


def cells_of(contents: Contents) -> CellMap:
    """Where each field of a claim stands in the workbook that is written of it."""
    cells = CellMap()
    claim = contents.claim
    map_page(cells, contents.page, claim)
    for row, day_row in enumerate(contents.day_rows, start=FIRST_ROW):
        if day_row.night is not None:
            map_night(cells, day_row.night.index, row)
        if day_row.day is not None:
            map_day(cells, claim, day_row.on, row)
    map_groups(cells, FIRST_ROW, FIRST_ROW + contents.calendar_rows - 1)
    for index in range(len(claim.expenses)):
        map_expense(cells, index, FIRST_ROW + index)
    return cells


def map_page(cells: CellMap, page: ClaimPage, claim: Claim) -> None:
    """The cells of the sheets Claim and Checklist."""
    for placed in page.placed:
        area = placed.area
        cells.add(placed.field.path, area.first, placed.field.label)
    for item, label, _ in ATTACHMENTS:
        cells.add(f"attachments.{item}", checklist_area(item), label)
    for index, check in enumerate(claim.explanations):
        cells.add(f"explanations.{check}", explanation_areas(index)[1], "Explanation")


def map_night(cells: CellMap, index: int, row: int) -> None:
    """The cells of one night's lodging."""
    cells.add(f"lodging[{index}].night", DAYS.cell("date", row), "Date")
    for column in NIGHT_COLUMNS:
        cells.add(f"lodging[{index}].{column.field}", DAYS.cell(column.key, row), column.header)


def map_day(cells: CellMap, claim: Claim, on: date, row: int) -> None:
    """The cells of one calendar day of a claim."""
    for index, meals in enumerate(claim.furnished_meals or ()):
        if meals.date == on:
            map_meals(cells, index, row)
    cells.add(f"mie_paid.{on}", DAYS.cell("mie_paid", row), "M&IE paid")
    for index, personal in enumerate(claim.trip.personal_days):
        if personal == on:
            cells.add(f"trip.personal_days[{index}]", DAYS.cell("personal", row), "Personal day")
    for index, day_trip in enumerate(claim.trip.day_trips):
        if day_trip.date == on:
            map_day_trip(cells, index, row)


def map_meals(cells: CellMap, index: int, row: int) -> None:
    """The cells of one day's furnished meals."""
    cells.add(f"furnished_meals[{index}].date", DAYS.cell("date", row), "Date")
    for key in (*MEALS, "meal_statement"):
        cells.add(f"furnished_meals[{index}].{key}", DAYS.cell(key, row), DAYS.column(key).header)


def map_day_trip(cells: CellMap, index: int, row: int) -> None:
    """The cells of one day trip."""
    for key in ("left_at", "returned_at", "date"):
        cells.add(f"trip.day_trips[{index}].{key}", DAYS.cell(key, row), DAYS.column(key).header)


def map_expense(cells: CellMap, index: int, row: int) -> None:
    """The cells of one expense."""
    for column in EXPENSES.inputs:
        cells.add(f"expenses[{index}].{column.field}", EXPENSES.cell(column.key, row), column.header)


def map_groups(cells: CellMap, first_row: int, last_row: int) -> None:
    """The cells of what is stated by the day, over the rows of the calendar."""
    for path, key, last_key in (
        ("furnished_meals", "breakfast", "dinner"),
        ("trip.personal_days", "personal", "personal"),
        ("lodging", "room_rate", "room_rate"),
        ("mie_paid", "mie_paid", "mie_paid"),
    ):
        cells.add(path, Area(DAYS.sheet, first_row, DAYS.places[key], last_row, DAYS.places[last_key]))


def describe_where(where: Where, cells: CellMap) -> str:
    """A finding's place as cells, like `Days!K5:K9`; the sheet alone where it is about no field."""
    areas = [area for area in map(cells.area, where.paths) if area is not None]
    return joined(areas) or layout.CLAIM


def located(findings: Iterable[Finding], cells: CellMap) -> Iterator[Finding]:
    """Findings on a workbook that was read, each with the cells of its fields there."""
    for finding in findings:
        areas = [area for area in map(cells.area, finding.where.paths) if area is not None]
        if finding.where.cells or not areas:
            yield finding
        else:
            places = tuple(joined(areas).split(", "))
            yield replace(finding, where=replace(finding.where, cells=places))


def place_of(path: str, cells: CellMap) -> str:
    """The cell in which a field stands in a workbook that was read; the field's path where it has none."""
    area = cells.area(path)
    return area.address if area is not None else path
