"""The file of `perdiem rate --batch`: a question a row, from CSV with any of the usual separators or from Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import TextIOWrapper
from pathlib import Path

from perdiem_calc.cli.rate_answers import Asked
from perdiem_calc.errors import InputError
from perdiem_calc.files import CsvTable, in_unnamed_column, opened

COLUMNS = ("place", "county", "zip", "state", "on")
WORKBOOKS = (".xlsx", ".xlsm")


def read_batch(path: Path, on: date, last: date | None) -> Iterator[Asked]:
    """The questions of a file, a row each; a row without `on` is asked of the day given.

    Rows and columns that are blank, as spreadsheets leave them behind, ask nothing. Raises InputError for a file
    that cannot be read, or whose columns are not those known.
    """
    if path.suffix.lower() in WORKBOOKS:
        yield from _of_workbook(path, on, last)
        return
    try:
        with opened(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            table = CsvTable.of(text)
            header = _header(table.names)
            for line, cells in table.every_row():
                if cells:
                    yield _asked(path, line, header, cells, on, last, table.fault(cells))
    except UnicodeDecodeError as error:
        mend = 'save it as "CSV UTF-8" or .xlsx'
        raise InputError("is not text in UTF-8", where=str(path), mend=mend) from error
    except InputError as error:
        raise error.in_file(path) from None


def _of_workbook(path: Path, on: date, last: date | None) -> Iterator[Asked]:
    """The questions of a workbook's first sheet; its dates are dates, and a number in it is a ZIP."""
    from perdiem_calc.tables import open_trips
    from perdiem_calc.tables.read import blank_name

    table = open_trips(path, COLUMNS)
    blocks = list(table.blocks())  # which closes the workbook
    named = ["" if name == blank_name(number) else name for number, name in enumerate(table.columns, start=1)]
    try:
        header = _header(named)
    except InputError as error:
        raise error.in_file(path) from None
    for block in blocks:
        for number, cells in zip(block.index, block.itertuples(index=False, name=None), strict=True):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield _asked(path, int(number), header, texts, on, last, in_unnamed_column(header, texts))


def _text(cell: object) -> str:
    from perdiem_calc.estimator.ratetable import cell_text

    if isinstance(cell, datetime) and cell.time() == time():
        return str(cell.date())
    return cell_text(cell)


def _header(cells: Sequence[str]) -> list[str]:
    """The names of the columns. Raises InputError where one is unknown or there twice, or none names a place."""
    header = [cell.strip().lower() for cell in cells]
    unknown = [name for name in header if name and name not in COLUMNS]
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if unknown:
        what = f"unknown columns: {', '.join(unknown)}"
    elif twice:
        what = f"columns that are there twice: {', '.join(twice)}"
    elif not {"place", "county", "zip"} & set(header):
        what = "no column names a place"
    else:
        return header
    raise InputError(what, mend=f"use the columns {', '.join(COLUMNS)}")


def _asked(
    path: Path,
    line: int,
    header: Sequence[str],
    cells: Sequence[str],
    on: date,
    last: date | None,
    fault: InputError | None,
) -> Asked:
    row = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(str.strip, cells), strict=False))
    where = f"{path}, line {line}"
    return Asked(where, row["place"], row["county"], row["zip"], row["state"], row["on"] or on, last, line, fault)
