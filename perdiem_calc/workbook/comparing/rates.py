"""Compares the figures on the sheet Rates, which the formulas of a submitted workbook use, with those in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from perdiem_calc.checks.submission import StatedCell, StatedRate
from perdiem_calc.claims.model import TRANSPORTATION
from perdiem_calc.dated import Entry
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules.expenses import NEVER
from perdiem_calc.rules.mie import DEDUCTED_FROM
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.columns import CATEGORIES, DAYS
from perdiem_calc.workbook.form.contents import Contents, DayRow
from perdiem_calc.workbook.form.layout import Area, Kind
from perdiem_calc.workbook.reading.extents import extent_of
from perdiem_calc.workbook.reading.opening import LAST_ROW, OpenBook, ReadCell
from perdiem_calc.workbook.reading.stating import changed, is_same, moved, value_of
from perdiem_calc.workbook.writing import reference_sheets as rates_sheet

AMOUNTS: Mapping[str, int] = {
    "lodging": rates_sheet.VALUE,
    "total": rates_sheet.MIE,
    "breakfast": rates_sheet.BREAKFAST,
    "lunch": rates_sheet.LUNCH,
    "dinner": rates_sheet.DINNER,
    "incidental": rates_sheet.INCIDENTAL,
    "first_last_day": rates_sheet.FIRST_LAST,
}
"""The amounts of a rate, those of M&IE by their names in its tier, and the column of each."""
MILEAGE_NAMES: Mapping[str, int] = {
    "mileage_from": rates_sheet.FROM,
    "mileage_rate": rates_sheet.VALUE,
    "mileage_rate_assigned": rates_sheet.MIE,
}
LISTS: Mapping[str, str] = {
    "expense_kinds": "category of expenses",
    "category_groups": "group of a category",
    "never_paid": "category that is never paid",
    "meals_deducted": "furnished meal that is deducted",
}
"""Defined names of the lists on Rates, and what an entry of each is."""
BUILD_BLOCKS = "blocks_at_build"

Numbered = Sequence[tuple[DayRow, int]]
"""The rows of Days, from 0."""


@dataclass(frozen=True)
class _Row:
    """A row of rates as it stands there: its cells by amount, and what it says it is the rate of."""

    cells: Mapping[str, ReadCell]
    named: str

    def differing(self, due: PerDiemRate, *, of_lodging: bool) -> dict[str, tuple[Decimal, Decimal]]:
        """The amounts, of lodging or of M&IE, that are not those of a rate: stated and due."""
        found = {}
        for field in _fields(of_lodging):
            stated, right = value_of(self.cells[field].value), _amount_of(due, field)
            if not is_same(stated, right):
                found[field] = (stated if isinstance(stated, Decimal) else Decimal(0), right)
        return found


def other_rates(book: OpenBook, rows: Numbered, contents: Contents) -> Iterator[StatedRate]:
    """The per diem rates that the workbook prices days with and that are not those in force there and then.

    A rate on the sheet Rates that prices no day is compared with the one that it says it is.
    """
    first, last = extent_of(book, layout.RATES, rates_sheet.RATE_NAMES)
    users: dict[tuple[int, PerDiemRate], list[tuple[DayRow, int]]] = {}
    for day_row, row in rows:
        due, at = _due(day_row), first + _number(book, row) - 1
        if due is not None and first <= at <= last:
            users.setdefault((at, due), []).append((day_row, row))
    for (at, due), of_rate in users.items():
        yield from _stated_rates(_row(book, at), due, of_rate)
    by_name = {_name_of(rate): rate for rate in contents.rates}
    for at in range(first, last + 1):
        row_of_rate = _row(book, at)
        if all(at != used for used, _ in users) and row_of_rate.named in by_name:
            yield from _stated_rates(row_of_rate, by_name[row_of_rate.named], [])


def _stated_rates(row: _Row, due: PerDiemRate, users: Numbered) -> Iterator[StatedRate]:
    is_other = row.named != _name_of(due)
    for is_lodging in (True, False):
        differing = row.differing(due, of_lodging=is_lodging)
        priced = [(day_row, at, lines) for day_row, at in users if (lines := _priced(day_row, due, is_lodging))]
        if differing and (priced or not is_other):
            yield StatedRate(
                is_lodging=is_lodging,
                cells=(
                    _cells_of(priced, "lodging_ceiling" if is_lodging else "mie_rate")
                    if is_other
                    else tuple(row.cells[field].area.address for field in differing)
                ),
                named=row.named,
                stated={field: stated for field, (stated, _) in differing.items()},
                due={field: right for field, (_, right) in differing.items()},
                lines=tuple(line for _, _, lines in priced for line in lines),
                on=tuple(day_row.on for day_row, *_ in (priced if is_other else users)),
                is_other=is_other,
            )


def _cells_of(priced: Sequence[tuple[DayRow, int, tuple[str, ...]]], key: str) -> tuple[str, ...]:
    return tuple(layout.joined([DAYS.cell(key, at) for _, at, _ in priced]).split(", "))


def _due(day_row: DayRow) -> PerDiemRate | None:
    """The rate whose number stands in a row."""
    day = day_row.day
    return day_row.lodging_rate or (day.mie_rate if day is not None else None)


def _priced(day_row: DayRow, due: PerDiemRate, is_lodging: bool) -> tuple[str, ...]:
    """The lines of a row that take their lodging or M&IE from the row's rate."""
    if is_lodging:
        number = day_row.night.index + 1 if day_row.night is not None and day_row.lodging_rate else 0
        return (f"N{number}", f"T{number}") if number else ()
    day = day_row.day
    return (f"D{day_row.number}",) if day is not None and day.share > 0 and day.mie_rate == due else ()


def wrong_numbers(book: OpenBook, rows: Numbered, contents: Contents) -> Iterator[StatedCell]:
    """The rate numbers on Days that lead to no rate."""
    first, last = extent_of(book, layout.RATES, rates_sheet.RATE_NAMES)
    column = DAYS.column("rate_number")
    for day_row, row in rows:
        due = _due(day_row)
        if due is not None and not first <= first + _number(book, row) - 1 <= last:
            cell = book.cell(DAYS.sheet, row, DAYS.places[column.key])
            line = f"N{day_row.night.index + 1}" if day_row.night else f"D{day_row.number}"
            number = Decimal(contents.rate_number(due))
            yield from changed(cell, number, column.kind, column.key, column.header, line, day_row.on)


def numbers_of(book: OpenBook, contents: Contents) -> Mapping[int, int]:
    """The number of each rate of the claim in the workbook's own list, by the number that a new build gives it."""
    first, last = extent_of(book, layout.RATES, rates_sheet.RATE_NAMES)
    listed = [_row(book, at).named for at in range(first, last + 1)]
    found: dict[int, int] = {}
    for number, rate in enumerate(contents.rates, start=1):
        name = _name_of(rate)
        in_place = name not in listed or name in listed[number - 1 : number]
        found[number] = number if in_place else listed.index(name) + 1
    return found


def _number(book: OpenBook, row: int) -> int:
    """The number of the rate in a row of Days; 0 where there is none."""
    value = book.cell(DAYS.sheet, row, DAYS.places["rate_number"]).value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 < value < LAST_ROW else 0


def _row(book: OpenBook, at: int) -> _Row:
    cells = {field: book.cell(layout.RATES, at, column) for field, column in AMOUNTS.items()}
    named = (rates_sheet.LABEL, rates_sheet.MONTH, rates_sheet.YEAR)
    label, month, year = (value_of(book.cell(layout.RATES, at, column).value) for column in named)
    return _Row(cells, f"{label}, month {month} of fiscal year {year}")


def _name_of(rate: PerDiemRate) -> str:
    return f"{rate.locality.name}, {rate.locality.state}, month {rate.month:02} of fiscal year {rate.fiscal_year}"


def _fields(of_lodging: bool) -> tuple[str, ...]:
    return tuple(field for field in AMOUNTS if (field == "lodging") is of_lodging)


def _amount_of(rate: PerDiemRate, field: str) -> Decimal:
    return rate.lodging if field == "lodging" else getattr(rate.mie, field)


# --- the other figures ----------------------------------------------------------------------------------------------


def changed_figures(book: OpenBook, contents: Contents) -> Iterator[StatedCell]:
    """The other figures and lists on Rates that formulas use and that are not those in force; and their names."""
    yield from _moved(book, rates_sheet.RATE_NAMES, "column of rates")
    yield from _mileage(book, contents)
    yield from _parameters(book, contents)
    yield from _lists(book)


def _moved(book: OpenBook, names: Mapping[str, int], label: str) -> Iterator[StatedCell]:
    """Names of columns that do not stand side by side."""
    first, last = extent_of(book, layout.RATES, names)
    for name, column in names.items():
        due, found = Area(layout.RATES, first, column, last, column), book.names.get(name)
        if found != due:
            yield moved(name, label, due, found)


def _mileage(book: OpenBook, contents: Contents) -> Iterator[StatedCell]:
    yield from _moved(book, MILEAGE_NAMES, "column of mileage rates")
    first, last = extent_of(book, layout.RATES, MILEAGE_NAMES)
    values: Mapping[str, Any] = contents.law.rules["pov-mileage"].values
    entries: Sequence[Entry[Any]] = values["car_no_gov_vehicle"].entries
    assigned = values["car_gov_vehicle_available"]
    by_start: dict[date | None, Entry[Any]] = {entry.effective_from: entry for entry in entries}
    for row in range(first, last + 1):
        cells = {column: book.cell(layout.RATES, row, column) for column in range(rates_sheet.MIE + 1)}
        entry = by_start.get(_day(cells[rates_sheet.FROM]), entries[min(row - first, len(entries) - 1)])
        on = entry.effective_from
        until = entry.effective_to or rates_sheet.FOREVER
        label = f"mileage rates from {on}"
        yield from changed(cells[rates_sheet.FROM], str(on), Kind.DATE, "mileage_from", f"{label}: from")
        if _day(cells[rates_sheet.UNTIL]) != rates_sheet.FOREVER:
            yield from changed(cells[rates_sheet.UNTIL], str(until), Kind.DATE, "mileage_until", f"{label}: until")
        for column, name, due in (
            (rates_sheet.VALUE, "car_no_gov_vehicle", entry.value),
            (rates_sheet.MIE, "car_gov_vehicle_available", assigned.on(on)),
        ):
            yield from changed(cells[column], due, Kind.MILEAGE_RATE, f"pov-mileage.{name}", label, "", on)
    due, found = Area.cell(layout.RATES, last, rates_sheet.UNTIL), book.names.get("mileage_until")
    if found != due:
        yield moved("mileage_until", "end of the mileage rates", due, found)


def _parameters(book: OpenBook, contents: Contents) -> Iterator[StatedCell]:
    law, on = contents.law, contents.claim.trip.returned_on
    labels = _labels(book)
    for name, label, rule, value, kind in rates_sheet.PARAMETERS:
        due = law.rules[rule].values[value].on(on)
        cell = yield from _figure(book, name, label, labels)
        if cell is not None:
            yield from changed(cell, _comparable(due), kind, f"{rule}.{value}", label)
    cell = yield from _figure(book, BUILD_BLOCKS, rates_sheet.BARRED_AT_BUILD, labels)
    if cell is not None and value_of(cell.value) not in (None, *rates_sheet.ONLY_AT_BUILD):
        yield from changed(cell, None, Kind.CHOICE, BUILD_BLOCKS, rates_sheet.BARRED_AT_BUILD)


def _figure(
    book: OpenBook, name: str, label: str, labels: Mapping[str, int]
) -> Generator[StatedCell, None, ReadCell | None]:
    """The cell of a figure, beside its label or by its name; a name that points elsewhere is reported."""
    found = book.names.get(name)
    if label not in labels:
        return book.named(name)
    due = Area.cell(layout.RATES, labels[label], rates_sheet.VALUE)
    if found != due:
        yield moved(name, label, due, found)
    return book.cell(due.sheet, due.row, due.column)


def _labels(book: OpenBook) -> dict[str, int]:
    """The rows of the sheet Rates by what stands in their first cell, where no two have the same."""
    cells = book.cells.get(layout.RATES, {})
    found = [(str(cell.value), row) for (row, column), cell in cells.items() if column == rates_sheet.LABEL]
    counts = Counter(label for label, _ in found)
    return {label: row for label, row in found if counts[label] == 1}


def _comparable(value: object) -> object:
    return value if isinstance(value, str) else Decimal(str(value))


def _lists(book: OpenBook) -> Iterator[StatedCell]:
    """The lists of categories and of meals; a cell that two lists share is reported once."""
    kinds = sorted(CATEGORIES, key=lambda category: category in NEVER)
    lists: Mapping[str, Sequence[str]] = {
        "never_paid": [category for category in kinds if category in NEVER],
        "expense_kinds": kinds,
        "category_groups": ["transportation" if category in TRANSPORTATION else "other" for category in kinds],
        "meals_deducted": sorted(DEDUCTED_FROM),
    }
    told: set[str] = set()
    for name, due in lists.items():
        found, right = book.names.get(name), _area_of_list(book, due)
        if right is not None or found is None or found.last_row - found.row + 1 != len(due):
            if found is None or found != right:
                yield moved(name, f"list: {LISTS[name]}", right or Area.cell(layout.RATES, 0, 0), found)
            continue
        for row, entry in enumerate(due, start=found.row):
            cell = book.cell(found.sheet, row, found.column)
            if cell.area.address not in told:
                for stated in changed(cell, entry, Kind.CHOICE, name, LISTS[name]):
                    told.add(cell.area.address)
                    yield stated


def _area_of_list(book: OpenBook, entries: Sequence[str]) -> Area | None:
    """Where a list stands on the sheet Rates; None where it stands nowhere as it should."""
    for (row, column), cell in book.cells.get(layout.RATES, {}).items():
        if cell.value == entries[0]:
            texts = [book.cell(layout.RATES, row + n, column).value for n in range(len(entries))]
            if texts == list(entries):
                return Area(layout.RATES, row, column, row + len(entries) - 1, column)
    return None


def _day(cell: ReadCell) -> date | None:
    value = value_of(cell.value, Kind.DATE)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
