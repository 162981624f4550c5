"""Writes the sheet Expenses: one row a line, and blank rows ready for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from perdiem_calc.claims.model import Expense
from perdiem_calc.rules.expenses import barred_expenses, document_of
from perdiem_calc.rules.lines import Line
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.columns import EXPENSES
from perdiem_calc.workbook.form.contents import SPARE_EXPENSES, Contents, limit_of
from perdiem_calc.workbook.form.formulas import Words, formulas_of_expense
from perdiem_calc.workbook.form.layout import FIRST_ROW, LETTERS, Role
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.claim_sheet import put_value
from perdiem_calc.workbook.writing.sheet import Value, formula_xml
from perdiem_calc.workbook.writing.tables import (
    TOTALS_ROW,
    finish,
    fit_height,
    note_of_table,
    sum_formula,
    write_head,
)

SAID, TYPED = ("rule", "reason", "citation"), ("description", "vendor", "from", "to", "justification")
"""The columns that may need several lines."""

COLUMN_NAMES = {
    "expense_categories": "category",
    "expense_plates": "plate",
    "expense_groups": "group",
    "expense_amounts": "net_amount",
    "expense_allowed": "allowed",
}
"""Defined names of whole columns, for the formulas."""

_DEFAULTS: Mapping[str, Any] = {
    "receipt_statement": False,
    "fare_class": "coach",
    "credit": Decimal(0),
    "paid_by": "agency",
    "agency_car_assigned": False,
    "round_trips": 1,
    "one_way": False,
}


def write_expenses_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Expenses."""
    sheet = book.sheets[layout.EXPENSES]
    write_head(book, sheet, EXPENSES, note_of_table(contents))
    words = words_of(contents)
    used: set[str] = set()
    barred = barred_expenses(contents.claim, contents.law, contents.itemized.as_of)
    for index in range(len(contents.claim.expenses)):
        check = barred[index][0] if index in barred else None
        _write_row(book, contents, index, words, check, used)
    first = len(contents.claim.expenses)
    styles = tuple(book.styles.of(column.role, column.kind) for column in EXPENSES.columns)
    strings = iter(sheet.string(f"E{number + 1}") for number in range(first, first + SPARE_EXPENSES))
    for row, cells in _blank_rows(FIRST_ROW + first, styles, words):
        sheet.ready_row(row, cells.replace("{line}", str(next(strings))))
    _write_totals(book, contents)
    for name, key in COLUMN_NAMES.items():
        book.name(name, EXPENSES.area(key, contents.expense_rows))
    finish(sheet, EXPENSES, contents.expense_rows, used, frozen=3)


def words_of(contents: Contents) -> Words:
    """The words that the formulas of expenses look for."""
    law, on = contents.law, contents.claim.trip.returned_on
    return (
        law.words("rental-car", "personal_insurance_words", on),
        law.words("rental-car", "prepaid_words", on),
        law.words("rental-car", "prepaid_denials", on),
        law.words("not-allowable", "optional_words", on),
        law.words("not-allowable", "optional_denials", on),
    )


def _write_totals(book: Book, contents: Contents) -> None:
    sheet, style = book.sheets[layout.EXPENSES], book.styles.plain("total")
    for key, amount in sums_of_expenses(contents).items():
        formula = sum_formula(EXPENSES.area(key, contents.expense_rows))
        sheet.formula(TOTALS_ROW, EXPENSES.places[key], formula, style, amount)


def sums_of_expenses(contents: Contents) -> Mapping[str, Decimal]:
    """The totals above the columns, by column."""
    expenses = [line for line in contents.itemized.lines if line.id.startswith("E")]
    return {
        "amount": sum((line.cost_stated for line in expenses), Decimal("0.00")),
        "allowed": sum((line.amount_allowed for line in expenses), Decimal("0.00")),
    }


def _write_row(book: Book, contents: Contents, index: int, words: Words, barred: str | None, used: set[str]) -> None:
    sheet = book.sheets[layout.EXPENSES]
    row, expense, line = FIRST_ROW + index, contents.claim.expenses[index], contents.lines[f"E{index + 1}"]
    formulas = formulas_of_expense(row + 1, words)
    computed = computed_of_expense(contents, expense, line)
    said: dict[str, Any] = {
        "line": line.id,
        "disallowed": barred,
        "line_limit": limit_of(line, document_of(expense)),
        "rule": line.rule,
        "reason": line.reason,
        "citation": line.citation,
    }
    for place, column in enumerate(EXPENSES.columns):
        key, style = column.key, book.styles.of(column.role, column.kind)
        if key in formulas and not (key == "amount" and expense.amount is not None):
            sheet.formula(row, place, formulas[key], style, computed[key])
            continue
        value = stated_of(expense, column.field) if column.role is Role.INPUT else said.get(key)
        put_value(sheet, row, place, value, column.kind, style)
        if value is not None:
            used.add(key)
    texts: list[tuple[object, float]] = [(said[key], EXPENSES.column(key).width) for key in SAID]
    texts += [(stated_of(expense, key), EXPENSES.column(key).width) for key in TYPED]
    fit_height(sheet, row, texts)


def stated_of(expense: Expense, field: str) -> Any:
    """What an expense states in a field; nothing where it is the default and would only fill the sheet."""
    value = getattr(expense, "from_" if field == "from" else field)
    return None if field in _DEFAULTS and value == _DEFAULTS[field] else value


def computed_of_expense(contents: Contents, expense: Expense, line: Line) -> dict[str, Value]:
    """The value of each formula of a row, by column."""
    rate = (
        contents.law.number("pov-mileage", "car_no_gov_vehicle", expense.date)
        if expense.category == "pov_mileage"
        else ""
    )
    return {
        "mileage_rate": rate,
        "amount": line.cost_stated,
        "line_amount": line.cost_stated,
        "net_amount": line.amount_claimed,
        "group": expense.group,
        "allowed": line.amount_allowed,
    }


@lru_cache(maxsize=64)
def _blank_rows(first: int, styles: tuple[int, ...], words: Words) -> tuple[tuple[int, str], ...]:
    """The blank rows from row `first` on, ready as XML but for `{line}`, the text number of the line's id."""
    return tuple((row, "".join(_blank_cells(row, styles, words))) for row in range(first, first + SPARE_EXPENSES))


def _blank_cells(row: int, styles: tuple[int, ...], words: Words) -> Iterator[str]:
    formulas = formulas_of_expense(row + 1, words)
    for place, (column, style) in enumerate(zip(EXPENSES.columns, styles, strict=True)):
        cell = f'<c r="{LETTERS[place]}{row + 1}" '
        if column.key in formulas:
            yield cell + formula_xml(escape(formulas[column.key]), style, "")
        elif column.key == "line":
            yield f'{cell}s="{style}" t="s"><v>{{line}}</v></c>'
        else:
            yield f'{cell}s="{style}"/>'
