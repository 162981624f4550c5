"""Compares what a submitted workbook states beside the claim with what the rules give.

A computed cell with our formula shows the value kept with it; another formula, or a value typed over, states an
amount of its own. The sheets that nobody fills in are those of the form's edition (see `constants`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils.datetime import from_excel

from perdiem_calc.checks.submission import Shown, StatedCell, StatedRate, Submission
from perdiem_calc.errors import PerdiemError
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.workbook.comparing.constants import changed_constants, moved_names
from perdiem_calc.workbook.comparing.shown import concealed_in
from perdiem_calc.workbook.form import checks
from perdiem_calc.workbook.form.computed import (
    BOXES,
    CHECK_COLUMNS,
    NEEDED,
    check_formulas,
    formula_at,
    letters_of,
    needed,
)
from perdiem_calc.workbook.form.edition import Edition, edition_for
from perdiem_calc.workbook.form.layout import LETTERS, Area, Kind
from perdiem_calc.workbook.form.table import DAY, DOCUMENT, EXPENSE, STANDARD, Table
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.read import ReadForm
from perdiem_calc.workbook.reading.stating import Due, computed
from perdiem_calc.workbook.writing.fill import kept_values
from perdiem_calc.workbook.writing.sheet import Value

TOTALS = ("payable", "allowable_total", "claimed_total")
"""The totals that a sender looks at, the one that counts most first."""


def compare(form: ReadForm, itemized: ItemizedClaim | None, rates: RateSource) -> Submission:
    """What a workbook states beside its claim; `itemized` is the claim by itself, as of no day.

    Where the claim lacks what cannot be read, its amounts are not compared.
    """
    edition = edition_for(form.years) if form.years is not None else None
    due = {} if itemized is None or form.unread else kept_values(itemized)
    dues = list(_computed(form, itemized, due))
    stated = [cell for one in dues for cell in _of(one)]
    cells = [*moved_names(form.book), *(cell for cell in stated if cell.how != "kept")]
    cells += changed_constants(form, edition) if edition is not None else []
    others: tuple[StatedRate, ...] = ()
    if edition is not None and itemized is not None and not form.unread:
        others = tuple(_other_areas(form, itemized, edition, rates))
    kept = [cell for cell in stated if cell.how == "kept" and cell.stated is not None]
    # What follows from a cell that is reported by itself is not reported again.
    shown = _shown(kept) if kept and not cells and not others else None
    formulas = tuple(replace(one, key=form.cells.path(one.cell) or one.label) for one in form.formulas)
    amounts = ((_with_value(one), one.kind, one.label) for one in dues if one.value is not None)
    concealed = tuple(concealed_in(form, amounts)) if itemized is not None else ()
    return Submission(tuple(cells), others, form.refused, form.unread, shown, formulas, concealed)


def _with_value(due: Due) -> ReadCell:
    """A computed cell with what it will show, where no value was kept with its formula."""
    cell, value = due.cell, due.value
    if cell.value is not None or cell.formula is None:
        return cell
    if due.kind is Kind.DATE and isinstance(value, int):
        value = from_excel(value)
    return cell._replace(value=float(value) if isinstance(value, Decimal) else value)


def _of(due: Due) -> Iterator[StatedCell]:
    """What a computed cell states; words kept with our formula are no amount: programs have words of their own."""
    is_amount = due.value is not None and due.kind is not Kind.TEXT
    return (cell for cell in computed(due) if cell.how != "kept" or is_amount)


def _shown(kept: list[StatedCell]) -> Shown:
    """The cells of lines at which the difference begins, or else the totals; and the total that it leads to."""
    by_key = {cell.key: cell for cell in kept}
    total = next((by_key[key] for key in TOTALS if key in by_key), kept[0])
    first = tuple(cell for cell in kept if cell.line and cell.key != "day_total") or (total,)
    return Shown(first, tuple(cell.cell for cell in first), total)


# --- computed cells -----------------------------------------------------------------------------------------------


def _computed(form: ReadForm, itemized: ItemizedClaim | None, due: Mapping[str, Value]) -> Iterator[Due]:
    """Every computed cell of the pages, with our formula for it and the engine's value, None where none is known."""
    book = form.book
    for name, box in BOXES.items():
        cell = book.named(name)
        if cell is not None:
            yield Due(cell, box.formula, due.get(box.shows or name), box.kind, name, box.label)
    days = {number: number for number in range(1, DAY.rows + 1)}
    on = [day.on for day in itemized.days] if itemized is not None else []
    nights = {night.night: number for number, night in enumerate(itemized.claim.lodging, 1)} if itemized else {}
    yield from _of_table(form, DAY, days, due, lambda key, number: _line_of_day(key, number, on, nights))
    yield from _of_table(form, EXPENSE, form.lines, due, lambda _, number: (f"E{number}", _date(itemized, number)))
    for index, item in enumerate(NEEDED):
        if cell := _cell_of(form, DOCUMENT.name("needed"), index):
            yield Due(cell, needed(item), None, Kind.TEXT, "needed", "Needed?")
    yield from _of_check(form)


def _line_of_day(key: str, number: int, days: list[date], nights: Mapping[date, int]) -> tuple[str, date | None]:
    """The line that a column of Days is about, and the day."""
    on = days[number - 1] if number <= len(days) else None
    if on is None:
        return "", None
    night = nights.get(on)
    if key in ("room_ok", "ceiling") and night:
        return f"N{night}", on
    return (f"T{night}", on) if key == "tax_ok" and night else (f"D{number}", on)


def _date(itemized: ItemizedClaim | None, number: int) -> date | None:
    return itemized.claim.expenses[number - 1].date if itemized is not None else None


def _of_table(
    form: ReadForm,
    told: Table,
    entries: Mapping[int, int],
    due: Mapping[str, Value],
    line_of: Callable[[str, int], tuple[str, date | None]],
) -> Iterator[Due]:
    """The computed columns of a table; `entries` are the claim's entries by the number on the row."""
    book = form.book
    numbers = book.names.get(told.name(told.columns[0].key))
    letters = letters_of(book.names, told)
    for column in told.columns:
        area = book.names.get(told.name(column.key))
        if not column.formula or area is None or numbers is None:
            continue
        for row in range(area.row, area.last_row + 1):
            number = book.cell(numbers.sheet, row, numbers.column).value
            entry = entries.get(number) if isinstance(number, int) else None
            cell = book.cell(area.sheet, row, area.column)
            if entry is None and cell.is_blank:
                continue  # a row that a person inserted
            value = due.get(f"{told.name(column.key)}[{entry - 1}]") if entry is not None else None
            line, on = line_of(column.key, entry) if entry is not None and due else ("", None)
            formula = formula_at(column.formula, row, letters)
            key = column.stated_as or column.key
            yield Due(cell, formula, value, column.kind, key, column.header, line, on)


def _of_check(form: ReadForm) -> Iterator[Due]:
    areas = [form.book.names.get(name) for name in CHECK_COLUMNS]
    if areas[0] is None:
        return
    rows = iter(checks.rows())
    letter = LETTERS[areas[0].column]
    check = next(rows)
    for row in range(areas[0].row, areas[0].last_row + 1):
        if form.book.cell(areas[0].sheet, row, areas[0].column + 1).value != check.title:
            continue  # the head of a group
        for area, formula in zip(areas, check_formulas(row, check, letter), strict=True):
            if area is not None:
                yield Due(
                    form.book.cell(area.sheet, row, area.column), formula, None, Kind.TEXT, "check", check.title
                )
        check = next(rows, check)


def _cell_of(form: ReadForm, name: str, index: int) -> ReadCell | None:
    area: Area | None = form.book.names.get(name)
    return form.book.cell(area.sheet, area.row + index, area.column) if area is not None else None


# --- the rate area chosen -------------------------------------------------------------------------------------------


def _other_areas(
    form: ReadForm, itemized: ItemizedClaim, edition: Edition, rates: RateSource
) -> Iterator[StatedRate]:
    """The rate areas that were chosen for a stop or a hotel, and are not those of its city, county or ZIP."""
    claim = itemized.claim
    stops = {f"trip.stops[{number}]": stop for number, stop in enumerate(claim.trip.stops)}
    nights = {f"lodging[{number}]": night for number, night in enumerate(claim.lodging)}
    keys = {row.key for row in edition.rows}
    for path, (state, area, cell) in form.areas.items():
        if path in stops:
            place, on = stops[path].place, max(stops[path].arrived_on, claim.trip.departed_on)
        else:
            alternate = nights[path].alternate_place
            if alternate is None:
                continue
            place, on = alternate, nights[path].night
        try:
            right = edition.row(rates.locality(place.place, on), on)
        except PerdiemError:
            continue  # which is a finding of its own
        key = f"{state}|{area}"
        if right is not None and key in keys and edition.rows[right - 1].key != key:
            named = f"{area}, {state}" if area != STANDARD else f"the standard rate of {state}"
            due = edition.rows[right - 1].key
            yield from _rates_of(itemized, edition, path, _Chosen(key, due, named, cell))


class _Chosen(NamedTuple):
    """The rate area that was chosen and the right one, by their keys; the first in words, and its cell."""

    key: str
    due: str
    named: str
    cell: str


def _rates_of(itemized: ItemizedClaim, edition: Edition, path: str, chosen: _Chosen) -> Iterator[StatedRate]:
    """The rates of an area that was chosen, where others are in force: room limits, and for a stop the M&IE too."""
    claim = itemized.claim
    numbers = {night.night: number for number, night in enumerate(claim.lodging, 1)}
    if path.startswith("trip"):
        index = int(path.removeprefix("trip.stops[").rstrip("]"))
        days = [day.on for day in itemized.days if day.stop == index]
    else:
        days = [claim.lodging[int(path.removeprefix("lodging[").rstrip("]"))].night]
    for place, field in enumerate(("lodging", "total") if path.startswith("trip") else ("lodging",)):
        differing: dict[tuple[Decimal, Decimal], list[tuple[str, date]]] = {}
        for on in days:
            stated, due = (edition.figures(key, on)[place] for key in (chosen.key, chosen.due))
            number = numbers.get(on) if field == "lodging" else (on - claim.trip.departed_on).days + 1
            if stated != due and number is not None:
                differing.setdefault((stated, due), []).append((f"{'N' if field == 'lodging' else 'D'}{number}", on))
        for (stated, due), of_rate in differing.items():
            lines = tuple(line for line, _ in of_rate)
            lines += tuple(f"T{line[1:]}" for line in lines if line[0] == "N")
            on_days = tuple(on for _, on in of_rate)
            of_area = {field: stated} if field == "lodging" else edition.tier(stated, on_days[0])
            yield StatedRate(field == "lodging", (chosen.cell,), chosen.named, of_area, {field: due}, lines, on_days)
