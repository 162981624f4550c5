"""Writing estimated trips: each row as it was read, and its costs after it; complete or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import how_to_install, unwritable, whole_file
from perdiem_calc.planning.estimator import AMOUNTS
from perdiem_calc.planning.estimator.columns import MONEY_IN
from perdiem_calc.planning.tables.text import harmless_column, header, money_texts

_CHOOSE_A_FOLDER = "choose a folder you may write to, with space enough"
_DIGITS = 18
_MOST_DOLLARS = 10**9
_NEAR_A_CENT = 1e-3
_MOST_WHOLE = 2.0**53
_BATCH_ROWS = 1 << 10
_LOOKED_UP_FROM = 20_000
_LOOKED_UP_CENTS = 1 << 20


class TableWriter(Protocol):
    """Takes the trips and their costs block by block."""

    def write(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Finish the file, or discard it after an error."""


def check_free(path: Path, *, force: bool) -> None:
    """Raises OutputError where `path` exists and `force` does not allow to replace it, or is a folder."""
    if path.is_dir():
        raise OutputError("output.is-a-folder", "is a folder", where=str(path), fix="name a file in it")
    if path.exists() and not force:
        raise _exists(path)


def _exists(path: Path) -> OutputError:
    return OutputError("output.exists", "already exists", where=str(path), fix="choose another name, or add --force")


@contextmanager
def replacing(path: Path, *, force: bool) -> Iterator[Path]:
    """A file to write to, which replaces `path` at the end; after an error it is removed.

    Raises OutputError where `path` exists and `force` does not allow to replace it, or cannot be written.
    """
    check_free(path, force=force)
    try:
        with whole_file(path, replaces=force) as made:
            yield made
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise unwritable(path, error, _CHOOSE_A_FOLDER) from error


def check_output(path: Path) -> str:
    """The kind of table to write, by the name: csv, parquet or xlsx.

    Raises OutputError for another name, and where Parquet is asked for without pyarrow.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("csv", "parquet", "xlsx"):
        said = f"{path.suffix or 'a name without an ending'} is not a kind of table that is written"
        raise OutputError(
            "output.table.ending", said, where=str(path), fix="give a name ending in .xlsx, .csv or .parquet"
        )
    if kind == "parquet" and not _arrow():
        raise OutputError(
            "python.pyarrow.missing",
            "Parquet needs pyarrow",
            where=str(path),
            fix=f"run: {how_to_install('analysis')}",
        )
    return kind


def open_writer(
    path: Path, columns: tuple[str, ...], *, texts: bool, kind: str = "", written: tuple[str, ...] | None = None
) -> TableWriter:
    """A writer of a `kind`, csv or parquet, or of the one that the name says; that may raise OutputError.

    `texts` says that the trips' own columns were read as text; `written` are the headers of the trips' `columns`,
    where they differ.
    """
    headers = written or columns
    if (kind or check_output(path)) == "parquet":
        return _Parquet(path, columns, headers, texts=texts)
    return _ArrowCsv(path, headers) if _arrow() else _PlainCsv(path, headers)


def check_columns(columns: tuple[str, ...], results: tuple[str, ...], path: Path) -> None:
    """Raise InputError where a column of the trips has the name of one of the results."""
    for name in columns:
        if name in results:
            fix = "rename the column, or leave it out: is this a table that was estimated already?"
            raise InputError(
                "table.column.reserved", f"the column {name} is one that an estimate writes", where=str(path), fix=fix
            )


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        return None
    return pyarrow


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write one table as CSV, its texts harmless."""
    with closing(_PlainCsv(path, tuple(table.columns))) as writer:
        writer.write(table, pd.DataFrame(index=table.index))


class _PlainCsv:
    """CSV by the standard library, where pyarrow is not installed."""

    def __init__(self, path: Path, headers: tuple[str, ...]) -> None:
        self._headers = headers
        self._file = path.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._begun = False

    def write(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        if not self._begun:
            self._csv.writerow(header([*self._headers, *costs.columns]))
            self._begun = True
        columns = [_texts(trips[name]) for name in trips] + [_texts(costs[name]) for name in costs]
        self._csv.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        self._file.close()


def _texts(column: pd.Series[Any], *, as_read: bool = False) -> list[str]:
    """The cells as texts; those that begin like a formula made harmless, unless they are to stay `as_read`."""
    if _are_dollars(column):
        return money_texts(column)
    column = column if as_read else harmless_column(column)
    return ["" if blank else text_of_cell(cell) for cell, blank in zip(column, column.isna(), strict=True)]


def _are_dollars(column: pd.Series[Any]) -> bool:
    """Whether a column is of amounts: the results are, and of the trips' own what could be one in every cell."""
    if column.name in AMOUNTS:
        return True
    if column.name not in MONEY_IN or column.dtype != np.float64:
        return False
    dollars = column.to_numpy()
    with np.errstate(invalid="ignore"):
        is_whole = np.abs(dollars * 100 - np.rint(dollars * 100)) < _NEAR_A_CENT
    return bool((np.isnan(dollars) | is_whole & (dollars >= 0) & (dollars < _MOST_DOLLARS)).all())


def text_of_cell(cell: object) -> str:
    """A cell as text: a day as 2026-10-04, without the midnight that a spreadsheet's dates have."""
    if isinstance(cell, datetime):
        at_midnight = cell.time() == time() and cell.tzinfo is None
        return str(cell.date()) if at_midnight else cell.isoformat(timespec="minutes")
    return f"{cell:.12g}" if isinstance(cell, float) else str(cell)


class _ArrowCsv:
    """CSV at arrow's speed: the texts and the amounts take about half of a row's time, 1 µs each way."""

    def __init__(self, path: Path, headers: tuple[str, ...]) -> None:
        import pyarrow as pa

        self._headers = headers
        self._file = pa.OSFile(str(path), "wb")
        self._begun = False

    def write(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = header([*self._headers, *costs.columns])
        arrays = [_csv_array(trips[name]) for name in trips] + [_csv_array(costs[name]) for name in costs]
        # A column may be numbers in one block and text in the next: each block is a table of its own.
        options = arrow_csv.WriteOptions(include_header=not self._begun, batch_size=_BATCH_ROWS)
        arrow_csv.write_csv(pa.table(arrays, names=names), self._file, options)
        self._begun = True

    def close(self) -> None:
        self._file.close()


def _csv_array(column: pd.Series[Any]) -> Any:
    """A column as arrow writes it fastest: text, or whole numbers."""
    import pyarrow as pa
    from pyarrow import compute

    if _are_dollars(column):
        return _money(column.to_numpy(dtype=np.float64))
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = pa.array(column.array, from_pandas=True)
        # Whole numbers that a blank cell made floats: twice as fast to write.
        return numbers.cast(pa.int64()) if _are_whole(numbers) else numbers
    if not isinstance(column.dtype, pd.StringDtype):
        return pa.array(_texts(column), pa.string())
    texts = pa.array(column.array, from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if compute.any(compute.match_substring_regex(texts, r"^[=+\-@\t\r\n]")).as_py():
        texts = pa.array(harmless_column(column).astype(object), from_pandas=True)
    return compute.if_else(compute.equal(texts, ""), None, texts).cast(pa.string())


def _are_whole(numbers: Any) -> bool:
    """Whether an array of doubles has whole numbers alone, none of them endless or too large to be exact."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_floating(numbers.type) or (compute.max(compute.abs(numbers)).as_py() or 0) >= _MOST_WHOLE:
        return False
    return bool(compute.all(compute.equal(numbers, compute.floor(numbers))).as_py())


def _money(dollars: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Dollars as text with two decimals; in long tables looked up, since formatting each is five times as slow."""
    import pyarrow as pa

    cents = np.rint(dollars * 100)
    unknown = np.isnan(cents)
    cents[unknown] = 0
    if len(cents) < _LOOKED_UP_FROM or cents.max() >= _LOOKED_UP_CENTS:
        return _decimals(dollars).cast(pa.string())
    return _every_amount().take(pa.array(cents.astype(np.int32), mask=unknown))


@cache
def _every_amount() -> Any:
    """Every amount below some ten thousand dollars as text, by its cents."""
    import pyarrow as pa

    return _decimals(np.arange(_LOOKED_UP_CENTS) / 100).cast(pa.string())


def _decimals(dollars: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Dollars as exact decimals of cents, by writing the 128-bit integers that arrow holds them in."""
    import pyarrow as pa

    cents = dollars * 100
    np.rint(cents, out=cents)
    valid = None
    if np.isnan(cents.sum()):
        known = ~np.isnan(cents)
        valid = pa.py_buffer(np.packbits(known, bitorder="little"))
        cents[~known] = 0
    # No amount is negative, so the upper half of each integer is zero.
    halves = np.zeros((len(dollars), 2), dtype=np.int64)
    halves[:, 0] = cents
    return pa.Array.from_buffers(pa.decimal128(_DIGITS, 2), len(dollars), [valid, pa.py_buffer(halves)])


class _Parquet:
    """Parquet; the trips' own columns as they were, or as text where they were read from text."""

    def __init__(self, path: Path, columns: tuple[str, ...], headers: tuple[str, ...], *, texts: bool) -> None:
        self._path = path
        self._own = dict(zip(headers, columns, strict=True))
        self._texts = texts
        self._writer: Any = None

    def write(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        own = {header: self._own_array(trips[name]) for header, name in self._own.items()}
        given = {str(name): pa.array(costs[name].array, from_pandas=True) for name in costs}
        for name in ("locality", "status", "reason"):
            given[name] = given[name].cast(pa.string())
        table = pa.table(own | given)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table.cast(self._writer.schema))

    def _own_array(self, column: pd.Series[Any]) -> Any:
        import pyarrow as pa

        return pa.array(_texts(column, as_read=True), pa.string()) if self._texts else pa.array(column)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
