"""Compares the figures on the sheet Rates, which the formulas of a submitted workbook use, with those in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perdiem_calc.claim import TRANSPORTATION
from perdiem_calc.expense_lines import NEVER
from perdiem_calc.mie_lines import DEDUCTED_FROM
from perdiem_calc.rates import PerDiemRate
from perdiem_calc.submission import StatedCell, StatedRate
from perdiem_calc.workbook import layout
from perdiem_calc.workbook import reference_sheets as rates_sheet
from perdiem_calc.workbook.columns import CATEGORIES, DAYS
from perdiem_calc.workbook.contents import Contents, DayRow
from perdiem_calc.workbook.layout import Area, Kind
from perdiem_calc.workbook.opening import OpenBook, ReadCell
from perdiem_calc.workbook.submitted import Submitted
from perdiem_calc.workbook.values import FAR, Unfit, day

MEALS_AND_TOTAL: Mapping[str, str] = {
    "rate_mie": "total",
    "rate_breakfast": "breakfast",
    "rate_lunch": "lunch",
    "rate_dinner": "dinner",
    "rate_incidental": "incidental",
}
"""The names of the columns of M&IE, and the amount of the tier that each has."""


@dataclass(frozen=True, slots=True)
class _Difference:
    field: str
    cell: str
    named: str
    stated: Decimal
    due: Decimal
    is_other: bool


def other_rates(submitted: Submitted, contents: Contents) -> Iterator[StatedRate]:
    """The per diem rates that the workbook prices days with and that are not those in force there and then."""
    rows_by_date = {on: row for row, on in submitted.reading.calendar}
    found: dict[_Difference, tuple[list[str], list[date], list[Area]]] = {}
    for day_row in contents.day_rows:
        row, due = _row_of(submitted, day_row, rows_by_date), _due(day_row)
        if row is None or due is None:
            continue
        for difference in _differences(submitted.book, row, due):
            if line := _priced(day_row, difference.field):
                lines, days, cells = found.setdefault(difference, ([], [], []))
                lines.append(line)
                days.append(day_row.on)
                cells.append(DAYS.cell("lodging_ceiling" if difference.field == "lodging" else "mie_rate", row))
    for difference, (lines, days, cells) in found.items():
        yield StatedRate(
            field=difference.field,
            cell=layout.joined(cells) if difference.is_other else difference.cell,
            named=difference.named,
            stated=difference.stated,
            due=difference.due,
            lines=tuple(lines),
            on=tuple(days),
            is_other=difference.is_other,
        )


def _row_of(submitted: Submitted, day_row: DayRow, rows_by_date: Mapping[object, int]) -> int | None:
    if day_row.number:
        return rows_by_date.get(day_row.on)
    area = submitted.reading.cells.area(f"lodging[{day_row.night.index}].night") if day_row.night else None
    return area.row if area is not None else None


def _due(day_row: DayRow) -> PerDiemRate | None:
    """The rate whose number stands in a row."""
    day = day_row.day
    return day_row.lodging_rate or (day.mie_rate if day is not None else None)


def _priced(day_row: DayRow, field: str) -> str:
    """The line of a row that takes its lodging or M&IE from the row's rate; empty where none does."""
    if field == "lodging":
        return f"N{day_row.night.index + 1}" if day_row.night is not None else ""
    day = day_row.day
    earns = day is not None and day.share > 0 and day.mie_rate is not None and day.mie_rate == _due(day_row)
    return f"D{day_row.number}" if earns else ""


def _differences(book: OpenBook, row: int, due: PerDiemRate) -> Iterator[_Difference]:
    number = _number(book.cell(DAYS.sheet, row, DAYS.places["rate_number"]))
    area = book.names.get("rate_lodging")
    if area is None or area.sheet != layout.RATES:
        return
    at = area.row + int(number or 0) - 1
    if number is None or not area.row <= at <= area.last_row:
        return
    label, year, month = (
        _text(book.cell(layout.RATES, at, column))
        for column in (rates_sheet.LABEL, rates_sheet.YEAR, rates_sheet.MONTH)
    )
    named = f"{label}, month {month} of fiscal year {year}"
    is_other = named != (
        f"{due.locality.name}, {due.locality.state}, month {due.month:02} of fiscal year {due.fiscal_year}"
    )
    amounts = [("lodging", "rate_lodging", due.lodging)]
    amounts += [(field, name, getattr(due.mie, field)) for name, field in MEALS_AND_TOTAL.items()]
    told: set[bool] = set()
    for field, name, amount in amounts:
        cell = book.cell(layout.RATES, at, rates_sheet.RATE_NAMES[name])
        stated = _number(cell)
        is_lodging = field == "lodging"
        if stated is not None and stated != amount and is_lodging not in told:
            told.add(is_lodging)
            yield _Difference(field, cell.area.address, named, stated, amount, is_other)


def changed_figures(submitted: Submitted, contents: Contents) -> Iterator[StatedCell]:
    """The other figures and lists on Rates that formulas use and that are not those in force."""
    book = submitted.book
    yield from _changed_rates_names(book)
    yield from _changed_mileage(book, contents)
    law, on = contents.law, contents.claim.trip.returned_on
    for name, label, rule, value, kind in rates_sheet.PARAMETERS:
        cell = book.named(name)
        due = law.rules[rule].values[value].on(on)
        if cell is None or (cell.is_blank and due is None):
            continue
        stated = _text(cell) if kind is Kind.CHOICE else _number(cell)
        right = str(due) if kind is Kind.CHOICE else Decimal(str(due))
        if stated != right:
            yield StatedCell(name, label, cell.area.address, right, stated=stated, how="changed")
    yield from _changed_lists(book)


def _changed_rates_names(book: OpenBook) -> Iterator[StatedCell]:
    """Names of the columns of rates that do not stand side by side."""
    first = book.names.get("rate_lodging")
    for name, column in rates_sheet.RATE_NAMES.items():
        found = book.names.get(name)
        if first is None or first.sheet != layout.RATES:
            due = Area.cell(layout.RATES, rates_sheet.FIRST_RATE_ROW, column)
        else:
            due = Area(layout.RATES, first.row, column, first.last_row, column)
        if found != due:
            stated = found.address if found is not None else None
            yield StatedCell(name, f"the name {name}", due.address, due.address, stated=stated, how="changed")


def _changed_mileage(book: OpenBook, contents: Contents) -> Iterator[StatedCell]:
    values = contents.law.rules["pov-mileage"].values
    entries = {entry.effective_from: entry for entry in values["car_no_gov_vehicle"].entries}
    area = book.names.get("mileage_from")
    if area is None or area.sheet != layout.RATES:
        return
    for row in range(area.row, area.last_row + 1):
        start = _day(book.cell(layout.RATES, row, area.column))
        if start not in entries:
            cell = book.cell(layout.RATES, row, area.column)
            yield _mileage_cell(cell, "a day on which a rate begins", str(start) if start else None)
            continue
        for column, due in (
            (rates_sheet.VALUE, entries[start].value),
            (rates_sheet.MIE, values["car_gov_vehicle_available"].on(start)),
        ):
            cell = book.cell(layout.RATES, row, column)
            if _number(cell) != due:
                yield _mileage_cell(cell, Decimal(str(due)), _number(cell))


def _mileage_cell(cell: ReadCell, due: Decimal | str, stated: Decimal | str | None) -> StatedCell:
    return StatedCell("mileage_rates", "Mileage rates", cell.area.address, due, stated=stated, how="changed")


def _changed_lists(book: OpenBook) -> Iterator[StatedCell]:
    kinds = sorted(CATEGORIES, key=lambda category: category in NEVER)
    groups = ["transportation" if category in TRANSPORTATION else "other" for category in kinds]
    never = [category for category in kinds if category in NEVER]
    lists = {
        "expense_kinds": kinds,
        "category_groups": groups,
        "never_paid": never,
        "meals_deducted": sorted(DEDUCTED_FROM),
    }
    for name, due in lists.items():
        area = book.names.get(name)
        if area is None:
            continue
        cells = [book.cell(area.sheet, row, area.column) for row in range(area.row, area.last_row + 1)]
        if len(cells) != len(due):
            said, count = f"the list {name}", f"{len(due)} entries"
            yield StatedCell(name, said, area.address, count, stated=f"{len(cells)} entries", how="changed")
            continue
        for cell, right in zip(cells, due, strict=True):
            if _text(cell) != right:
                yield StatedCell(
                    name, f"the list {name}", cell.area.address, right, stated=_text(cell), how="changed"
                )


def _number(cell: ReadCell) -> Decimal | None:
    """The number in a cell; one that is none of a claim as the first that is none."""
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return None
    if not abs(cell.value) < FAR:
        return Decimal(FAR)
    return Decimal(repr(cell.value)).quantize(Decimal("0.000001")).normalize() + 0


def _text(cell: ReadCell) -> str | None:
    if cell.value is None:
        return None
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    return str(cell.value).strip()


def _day(cell: ReadCell) -> date | None:
    try:
        found = day(cell.value) if cell.value is not None else None
    except Unfit:
        return None
    return found if isinstance(found, date) else None
