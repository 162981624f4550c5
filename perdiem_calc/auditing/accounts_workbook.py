"""The ledger's tables for an accountant as an Excel workbook, with totals that Excel computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from perdiem_calc.ledger.accounts import AccountTable, Column, Row
from perdiem_calc.workbook.form.layout import Kind
from perdiem_calc.workbook.report.lists import ReportColumn, ReportList, write_list
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save


def write_accounts(path: Path, tables: Sequence[AccountTable], on: date, *, force: bool = False) -> None:
    """Write tables to a workbook, a sheet each.

    Raises OutputError where it cannot be written, or is there already and `force` does not say to replace it.
    """
    refuse_to_replace(path, force=force)
    sheets = [table.name.title() for table in tables]
    book = Book(f"Ledger as of {on}", f"Ledger: {tables[0].name}", on, sheets, protected=False)
    for sheet, table in zip(sheets, tables, strict=True):
        columns = tuple(
            ReportColumn(column.key, column.header, column.width, _value_of(column), _kind(column), column.total)
            for column in table.columns
        )
        write_list(
            book,
            sheet,
            f"As of {on}. {table.note} The ledger had {table.head}.",
            ReportList(sheet, columns, table.rows),
        )
    save(book.bytes(), path, force=force)


def _kind(column: Column) -> Kind:
    return Kind(column.kind)


def _value_of(column: Column) -> Callable[[Row], Any]:
    return lambda row: row[column.key]
