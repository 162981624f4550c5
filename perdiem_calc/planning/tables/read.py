"""Reading trips: CSV with any of the usual separators, Parquet, or the first sheet of an Excel workbook."""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.files import how_to_install, opened, too_many
from perdiem_calc.planning.estimator.columns import is_blank
from perdiem_calc.planning.estimator.names import matched
from perdiem_calc.planning.estimator.planned import TRIP_COLUMNS
from perdiem_calc.planning.tables.csv_tables import BLOCK_BYTES, BLOCK_ROWS, Pieces, open_csv

EXCEL = (".xlsx", ".xlsm")
EXCEL_ROWS = 1 << 20
MOST_UNPACKED, MOST_RATIO, WORTH_A_LOOK = 400 << 20, 100, 20 << 20
"""Bytes that a workbook may unpack to, and how many for each of its own; a small one is read in any case."""
MOST_BEYOND = 50_000_000
"""Cells without a value outside the table; each takes time."""
KINDS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet"}
_FORMULA = re.compile(rb"<(\w{1,9}:)?f[ />]")
_OVERLAP = 64


def kind_of(path: Path) -> str:
    """What kind of table a file is, by its name. Raises InputError for another name."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            "table.kind.unknown",
            f"{path.suffix or 'a name without an ending'} is not a kind of table",
            where=str(path),
            fix="give a .csv, .xlsx or .parquet file",
        )
    return kind


class SeenIds:
    """The trips met in earlier blocks, eight bytes each, in a few sorted runs."""

    def __init__(self) -> None:
        self._runs: list[np.ndarray[Any, np.dtype[np.uint64]]] = []

    def check(self, ids: pd.Series[Any], path: Path) -> None:
        """Remember a block's trips. Raises InputError for one that an earlier block had."""
        codes, distinct = pd.factorize(ids)
        hashes = pd.util.hash_array(np.asarray(distinct, dtype=object))
        hashes[[text == "" for text in distinct]] = 0
        known = np.zeros(len(hashes), dtype=bool)
        for run in self._runs:
            at = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            known |= (run[at] == hashes) & (hashes != 0)
        if known.any():
            row = int(np.flatnonzero(known[codes])[0])
            raise InputError(
                "table.trip.scattered",
                f"trip_id {ids.iloc[row]!r} appears further up too",
                where=f"{path}, row {ids.index[row]}",
                fix="sort the file so that the rows of a trip are together",
            )
        self._runs.append(np.sort(hashes))
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]))]


@dataclass
class TripTable:
    """A file of trips, open: `blocks()` gives its rows as pandas tables, in order.

    `columns` are the names of its columns, `written` those that the file gives them: `Room rate` is room_rate.
    `done` is the part of the file that has been read, from 0 to 1. Rows of one trip (`trip_id`) are never in
    different blocks; they must be together in the file.
    """

    path: Path
    columns: tuple[str, ...]
    written: tuple[str, ...]
    _pieces: Pieces
    done: float = 0.0
    _ids: SeenIds = field(default_factory=SeenIds)

    def blocks(self) -> Iterator[pd.DataFrame]:
        """The rows in which a cell says something; the index counts as a spreadsheet does, from 2 on.

        Raises InputError for a line that is malformed, and for a trip whose rows are not together.
        """
        return self._numbered() if "trip_id" not in self.columns else self._whole_trips()

    def _numbered(self) -> Iterator[pd.DataFrame]:
        start = 2
        with _readable(self.path):
            for piece, done in self._pieces(list(self.columns)):
                piece.index = pd.RangeIndex(start, start + len(piece))
                start += len(piece)
                self.done = done
                block = _without_blank(piece)
                if len(block):
                    yield block

    def _whole_trips(self) -> Iterator[pd.DataFrame]:
        kept: pd.DataFrame | None = None
        for piece in self._numbered():
            block = piece if kept is None else pd.concat([kept, piece])
            ids = _ids(block)
            begins = np.flatnonzero((ids != ids.shift()).to_numpy())
            cut = int(begins[-1]) if ids.iloc[-1] else len(block)
            kept = block.iloc[cut:]
            if cut:
                self._ids.check(ids.iloc[:cut], self.path)
                yield block.iloc[:cut]
        if kept is not None and len(kept):
            self._ids.check(_ids(kept), self.path)
            yield kept


def open_trips(path: Path, known: Sequence[str] = TRIP_COLUMNS) -> TripTable:
    """The trips of a file, its columns by the `known` names that they match.

    Raises InputError where it cannot be read, or names a column twice or none at all.
    """
    kind = kind_of(path)
    with _readable(path):
        with opened(path) as file:
            if not file.read(1):
                raise InputError("file.empty", "the file is empty", fix="give a table with a header row")
        if kind == "csv":
            written, pieces = open_csv(path)
        elif kind == "xlsx":
            written, pieces = _xlsx(path)
        else:
            written, pieces = _parquet(path)
    _check_names(written, path)
    # Without names the rows of a column would have nowhere to go.
    names = [name or blank_name(index) for index, name in enumerate(written, start=1)]
    try:
        columns = matched(names, known)
    except InputError as error:
        raise error.at(str(path)) from None
    return TripTable(path, tuple(columns), tuple(names), pieces)


def blank_name(number: int) -> str:
    """What the column of a number, from 1 on, is called where its header is blank."""
    return f"column {number}"


def _ids(block: pd.DataFrame) -> pd.Series[Any]:
    """The trip of each row as text, blank where it has none."""
    ids = block["trip_id"]
    return ids.astype(str).where(ids.notna(), "")


def _without_blank(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows but those whose every cell is blank, which plan nothing."""
    blank = np.arange(len(frame))
    for at in range(frame.shape[1]):
        blank = blank[_blank_cells(frame.iloc[blank, at])]
        if not blank.size:
            return frame
    return frame.drop(index=frame.index[blank])


def _blank_cells(column: pd.Series[Any]) -> Any:
    if column.dtype == object:
        return column.map(is_blank).to_numpy(dtype=bool)
    if pd.api.types.is_string_dtype(column.dtype):
        return (column.fillna("").str.strip() == "").to_numpy(dtype=bool)
    return column.isna().to_numpy(dtype=bool)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Says what a library's error means for the person whose file it is."""
    try:
        yield
    except PerdiemError as error:
        raise error if error.file or str(path) in error.where else error.in_file(path) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            "file.unreadable", f"cannot be read ({why})", where=str(path), fix="check the name and the file"
        ) from error
    except UnicodeDecodeError as error:
        fix = 'save it as "CSV UTF-8"'
        raise InputError("file.encoding", "is not text in UTF-8", where=str(path), fix=fix) from error
    except Exception as error:  # what openpyxl and pyarrow raise for a damaged file is of every kind
        what, fix = "is not an Excel workbook, or is damaged", "open it in Excel and save it as .xlsx again"
        if path.suffix.lower() not in EXCEL:
            what, fix = "is not a Parquet table, or is damaged", "write it again"
        raise InputError("table.damaged", f"{what} ({type(error).__name__})", where=str(path), fix=fix) from error


def _check_names(columns: Sequence[str], path: Path) -> None:
    if many := too_many(columns):
        raise many.at(str(path))
    twice = [name for index, name in enumerate(columns) if name and name in columns[:index]]
    if twice:
        raise InputError(
            "table.column.repeated",
            f"the column {twice[0]} appears twice",
            where=str(path),
            fix="leave one out or rename it",
        )
    if not any(columns):
        raise InputError(
            "table.header.missing",
            "has no header",
            where=str(path),
            fix="write the names of the columns in the first row",
        )


def _name(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


# ---- Parquet


def _parquet(path: Path) -> tuple[list[str], Pieces]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "python.pyarrow.missing",
            "Parquet needs pyarrow",
            where=str(path),
            fix=f"run: {how_to_install('analysis')}",
        ) from None
    file = parquet.ParquetFile(path)
    return list(file.schema_arrow.names), partial(_parquet_blocks, file)


def _parquet_blocks(file: Any, columns: list[str]) -> Iterator[tuple[pd.DataFrame, float]]:
    rows = 0
    for batch in file.iter_batches(batch_size=BLOCK_ROWS):
        rows += batch.num_rows
        yield batch.rename_columns(columns).to_pandas(), rows / file.metadata.num_rows


# ---- Excel


def _xlsx(path: Path) -> tuple[list[str], Pieces]:
    from openpyxl import load_workbook

    _check_sizes(path)
    with ExitStack() as stack, _without_warnings():

        def sheet(*, data_only: bool) -> Any:
            file = stack.enter_context(opened(path))
            return _first_sheet(stack.enter_context(closing(load_workbook(file, True, data_only=data_only))))

        values = sheet(data_only=True)
        formulas = sheet(data_only=False) if _has_formulas(path) else None
        rows = values.iter_rows(values_only=True) if formulas is None else _with_formulas(values, formulas)
        names = [_name(cell) for cell in next(rows, ())]
        book = stack.pop_all()
    while names and not names[-1]:
        names.pop()
    return names, partial(_xlsx_blocks, book, rows)


def _check_sizes(path: Path) -> None:
    """Raises InputError for a file that is no ZIP, or unpacks to more than a table."""
    try:
        with opened(path) as file, ZipFile(file) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, struct.error):
        raise InputError("table.damaged", "is not an Excel workbook", fix="save it as .xlsx") from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > WORTH_A_LOOK and unpacked > MOST_RATIO * packed):
        raise InputError("file.unpacks-too-large", f"unpacks to {unpacked >> 20:,} MB", fix="save the table as CSV")


@contextmanager
def _without_warnings() -> Iterator[None]:
    """A block in which openpyxl says nothing of styles and the like: no cell that is read depends on them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _first_sheet(book: Any) -> Any:
    sheet = book["Trips"] if "Trips" in book.sheetnames else book.worksheets[0]
    sheet.reset_dimensions()
    return sheet


def _has_formulas(path: Path) -> bool:
    with ZipFile(path) as package:
        for name in package.namelist():
            if "worksheets/" in name:
                with package.open(name) as file:
                    if _contains(file, _FORMULA):
                        return True
    return False


def _contains(file: IO[bytes], pattern: re.Pattern[bytes]) -> bool:
    before = b""
    while piece := file.read(BLOCK_BYTES):
        if pattern.search(before + piece):
            return True
        before = piece[-_OVERLAP:]
    return False


def _with_formulas(values: Any, formulas: Any) -> Iterator[tuple[Any, ...]]:
    """The rows; a formula whose value the file does not hold is given as it is written, to be refused."""
    for row, written in zip(values.iter_rows(), formulas.iter_rows(values_only=True), strict=True):
        yield tuple(
            # One that comes to an empty text says so by its type.
            cell.value if cell.value is not None or cell.data_type == "str" else getattr(formula, "text", formula)
            for cell, formula in zip(row, written, strict=True)
        )


def _xlsx_blocks(
    book: ExitStack, rows: Iterator[tuple[Any, ...]], columns: list[str]
) -> Iterator[tuple[pd.DataFrame, float]]:
    with book:
        yield from _frames(rows, columns)
        yield pd.DataFrame([], columns=columns, dtype=object), 1.0


def _frames(rows: Iterator[tuple[Any, ...]], columns: list[str]) -> Iterator[tuple[pd.DataFrame, float]]:
    width, number, beyond = len(columns), 1, 0
    while True:
        block: list[tuple[Any, ...]] = []
        with _without_warnings():
            for row in islice(rows, BLOCK_ROWS):
                number, beyond = number + 1, beyond + max(0, len(row) - width)
                if number > EXCEL_ROWS or beyond > MOST_BEYOND:
                    raise InputError(
                        "table.row.far-outside", f"row {number} lies far outside the table", fix="clear what is there"
                    )
                if any(cell is not None for cell in row[width:]):
                    what = f"row {number} has a cell outside the table"
                    raise InputError("table.column.nameless", what, fix="give its column a name, or clear it")
                block.append((*row[:width], *[None] * (width - len(row))))
        if not block:
            return
        yield pd.DataFrame(block, columns=columns, dtype=object), 0.5
