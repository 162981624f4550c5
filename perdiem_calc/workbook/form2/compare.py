"""Compares what a form states beside the claim with what the rules give: its computed boxes and columns.

A cell with our formula shows the value kept with it; another formula, or a value typed over, states an amount of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator

from perdiem_calc.checks.submission import StatedCell
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.form2.fill import kept_values
from perdiem_calc.workbook.form2.read import ReadForm
from perdiem_calc.workbook.form2.table import DAY, EXPENSE, Table
from perdiem_calc.workbook.form2.write import TOTAL_FORMULAS, TOTAL_LABELS
from perdiem_calc.workbook.reading.stating import Due, computed
from perdiem_calc.workbook.writing.sheet import Value

SHOWN = {DAY.prefix: ("room_ok", "tax_ok", "mie_ok"), EXPENSE.prefix: ("claimed", "allowed")}
"""The computed columns of Days and Expenses whose amounts are lines of the claim."""


def compare(form: ReadForm, itemized: ItemizedClaim) -> Iterator[StatedCell]:
    """The computed cells of a form that are not as the rules have them."""
    if form.unread:
        return
    due = kept_values(itemized)
    for name, formula in TOTAL_FORMULAS.items():
        cell = form.book.named(name)
        if cell is not None and name in due:
            yield from computed(Due(cell, formula, due[name], Kind.AMOUNT, name, TOTAL_LABELS[name]))
    yield from _of_table(form, DAY, due, {number: number for number in range(1, len(itemized.days) + 1)}, itemized)
    yield from _of_table(form, EXPENSE, due, form.lines, itemized)


def _of_table(
    form: ReadForm, told: Table, due: dict[str, Value], rows: dict[int, int], itemized: ItemizedClaim
) -> Iterator[StatedCell]:
    """The computed columns of a table; `rows` are the number of the entry by the number on the row."""
    numbers = form.book.names.get(told.name(told.columns[0].key))
    nights = {night.night: index for index, night in enumerate(itemized.claim.lodging, start=1)}
    for key in SHOWN[told.prefix]:
        area = form.book.names.get(told.name(key))
        if area is None or numbers is None:
            continue
        for row in range(area.row, area.last_row + 1):
            number = form.book.cell(numbers.sheet, row, numbers.column).value
            entry = rows.get(number) if isinstance(number, int) else None
            value = due.get(f"{told.name(key)}[{entry - 1}]") if entry is not None else None
            if entry is None or value is None:
                continue
            on = itemized.days[entry - 1].on if told is DAY else itemized.claim.expenses[entry - 1].date
            kinds = {"room_ok": f"N{nights.get(on)}", "tax_ok": f"T{nights.get(on)}", "mie_ok": f"D{entry}"}
            column = told.column(key)
            yield from computed(
                Due(
                    form.book.cell(area.sheet, row, area.column),
                    column.formula.removeprefix("=").replace("{r}", str(row + 1)),
                    value,
                    Kind.AMOUNT,
                    key,
                    column.header,
                    kinds.get(key, f"E{entry}"),
                    on,
                )
            )
