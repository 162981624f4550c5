"""Reading trips: CSV with any of the usual separators, Parquet, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.estimator.columns import QUANTITIES, is_blank
from perdiem_calc.estimator.names import matched
from perdiem_calc.estimator.planned import TRIP_COLUMNS
from perdiem_calc.extras import how_to_install
from perdiem_calc.separators import separator_of, stated_separator

BLOCK_ROWS = 100_000
BLOCK_BYTES = 4 << 20
KINDS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet"}
Pieces = Callable[[list[str]], Iterator[tuple[pd.DataFrame, float]]]
"""What reads a file, given the names of its columns: some rows at a time, and the part that has been read."""

# Empty lines at the end of the file are no rows to anyone.
_EMPTY_LINE = re.compile(rb"\n(?:[ \t]*\r?\n(?=[^\r\n])|[ \t]+\r?\n)")
_FORMULA = re.compile(rb"<(\w{1,9}:)?f[ />]")
_OVERLAP = 64
_PLAIN_NUMBERS = r"^ *\d{1,12}(\.\d{1,9})? *$"


def kind_of(path: Path) -> str:
    """What kind of table a file is, by its name. Raises InputError for another name."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            f"{path.suffix or 'a name without an ending'} is not a kind of table",
            where=str(path),
            mend="give a .csv, .xlsx or .parquet file",
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
                f"trip_id {ids.iloc[row]!r} stands further up too",
                where=f"{path}, row {ids.index[row]}",
                mend="sort the file so that the rows of a trip stand together",
            )
        self._runs.append(np.sort(hashes))
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]))]


@dataclass
class TripTable:
    """A file of trips, open: `blocks()` gives its rows as pandas tables, in order.

    `columns` are the names of its columns, `written` those that the file gives them: `Room rate` is room_rate.
    `done` is the part of the file that has been read, from 0 to 1. Rows of one trip (`trip_id`) are never in
    different blocks; they must stand together in the file.
    """

    path: Path
    columns: tuple[str, ...]
    written: tuple[str, ...]
    _pieces: Pieces
    done: float = 0.0
    _ids: SeenIds = field(default_factory=SeenIds)

    def blocks(self) -> Iterator[pd.DataFrame]:
        """The rows in which a cell says something; the index counts as a spreadsheet does, from 2 on.

        Raises InputError for a line that is malformed, and for a trip whose rows do not stand together.
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
        if not path.stat().st_size:
            raise InputError("the file is empty", where=str(path), mend="give a table with a header row")
        if kind == "csv":
            written, pieces = _csv(path)
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
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"cannot be read ({why})", where=str(path), mend="check the name and the file") from error
    except UnicodeDecodeError as error:
        mend = 'save it as "CSV UTF-8"'
        raise InputError("is not text in UTF-8", where=str(path), mend=mend) from error
    except (BadZipFile, KeyError) as error:
        raise InputError("is not an Excel workbook", where=str(path), mend="save it as .xlsx") from error
    except (ValueError, csv.Error) as error:
        if isinstance(error, InputError):
            raise
        text = str(error)
        if "UTF8" in text or "UTF-8" in text:
            raise InputError("is not text in UTF-8", where=str(path), mend='save it as "CSV UTF-8"') from error
        said = " ".join(text.split())[:200]
        raise InputError(f"is malformed: {said}", where=str(path), mend="correct that line") from error


def _check_names(columns: Sequence[str], path: Path) -> None:
    twice = [name for index, name in enumerate(columns) if name and name in columns[:index]]
    if twice:
        raise InputError(f"the column {twice[0]} is there twice", where=str(path), mend="leave one out or rename it")
    if not any(columns):
        raise InputError("has no header", where=str(path), mend="write the names of the columns in the first row")


def _name(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


# ---- CSV


def _csv(path: Path) -> tuple[list[str], Pieces]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline(1 << 20)
        stated = stated_separator(line)
        if stated:
            # Excel takes this line for no row.
            line = file.readline(1 << 20)
        separator = stated or separator_of(line)
        names = [_name(cell) for cell in next(csv.reader([line], delimiter=separator), [])]
    read = _csv_by_arrow
    try:
        import pyarrow  # noqa: F401 - whether it can be had at all
    except ImportError:
        read = _csv_by_library
    with path.open("rb") as binary:
        # Arrow does not count empty lines.
        if _contains(binary, _EMPTY_LINE):
            read = _csv_by_library
    return names, partial(read, path, separator, 2 if stated else 1)


def _contains(file: IO[bytes], pattern: re.Pattern[bytes]) -> bool:
    before = b""
    while piece := file.read(BLOCK_BYTES):
        if pattern.search(before + piece):
            return True
        before = piece[-_OVERLAP:]
    return False


def _csv_by_library(
    path: Path, separator: str, heads: int, columns: list[str]
) -> Iterator[tuple[pd.DataFrame, float]]:
    """The standard library's reader, where pyarrow is not installed or lines are empty."""
    size = path.stat().st_size
    with path.open("rb") as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text, delimiter=separator)
        block: list[list[str]] = []
        for row in islice(rows, heads, None):
            is_empty = not "".join(row).strip()
            if not is_empty and len(row) != len(columns):
                raise ValueError(f"line {rows.line_num}: expected {len(columns)} cells, got {len(row)}")
            block.append([""] * len(columns) if is_empty else row)
            if len(block) >= BLOCK_ROWS:
                yield pd.DataFrame(block, columns=columns, dtype=str), file.tell() / size
                block = []
        yield pd.DataFrame(block, columns=columns, dtype=str), 1.0


def _csv_by_arrow(path: Path, separator: str, heads: int, columns: list[str]) -> Iterator[tuple[pd.DataFrame, float]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    size = path.stat().st_size
    with pa.OSFile(str(path)) as file:
        try:
            reader = arrow_csv.open_csv(
                file,
                read_options=arrow_csv.ReadOptions(block_size=BLOCK_BYTES, column_names=columns, skip_rows=heads),
                parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                yield _frame_of(pa.Table.from_batches([batch])), min(1.0, file.tell() / size)
        except pa.ArrowInvalid:
            # Arrow does not say which line it is: the library's reader stumbles over the same one, and does.
            for _ in _csv_by_library(path, separator, heads, columns):
                pass
            raise


def _frame_of(table: Any) -> pd.DataFrame:
    """An arrow table of texts as a pandas table; columns of plain numbers as numbers, and the others as they are."""
    import pyarrow as pa
    from pyarrow import compute

    for index, name in enumerate(table.column_names):
        if name not in QUANTITIES:
            continue
        column = table.column(index)
        blank = compute.equal(column, "")
        plain = compute.or_(blank, compute.match_substring_regex(column, _PLAIN_NUMBERS))
        # One cell that is not a number leaves the column as text, to be read and blamed cell by cell.
        if compute.all(plain).as_py():
            numbers = compute.if_else(blank, None, compute.utf8_trim_whitespace(column)).cast(pa.float64())
            table = table.set_column(index, name, numbers)
    frame: pd.DataFrame = table.to_pandas()
    return frame


# ---- Parquet


def _parquet(path: Path) -> tuple[list[str], Pieces]:
    try:
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow", where=str(path), mend=f"run: {how_to_install('analysis')}"
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

    books = [load_workbook(path, read_only=True, data_only=True)]
    rows = _first_sheet(books[0]).iter_rows(values_only=True)
    if _has_formulas(path):
        books.append(load_workbook(path, read_only=True))
        rows = _with_formulas(*map(_first_sheet, books))
    names = [_name(cell) for cell in next(rows, ())]
    while names and not names[-1]:
        names.pop()
    return names, partial(_xlsx_blocks, books, rows)


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


def _with_formulas(values: Any, formulas: Any) -> Iterator[tuple[Any, ...]]:
    """The rows; a formula whose value the file does not hold is given as it is written, to be refused."""
    for row, written in zip(values.iter_rows(), formulas.iter_rows(values_only=True), strict=True):
        yield tuple(
            # One that comes to an empty text says so by its type.
            cell.value if cell.value is not None or cell.data_type == "str" else getattr(formula, "text", formula)
            for cell, formula in zip(row, written, strict=True)
        )


def _xlsx_blocks(
    books: list[Any], rows: Iterator[tuple[Any, ...]], columns: list[str]
) -> Iterator[tuple[pd.DataFrame, float]]:
    block: list[tuple[Any, ...]] = []
    width = len(columns)
    for number, row in enumerate(map(tuple, rows), start=2):
        if any(cell is not None for cell in row[width:]):
            raise InputError(f"row {number} has a cell beside the table; give its column a name, or clear it")
        block.append(row[:width] + (None,) * (width - len(row)))
        if len(block) >= BLOCK_ROWS:
            yield pd.DataFrame(block, columns=columns, dtype=object), 0.5
            block = []
    yield pd.DataFrame(block, columns=columns, dtype=object), 1.0
    for book in books:
        book.close()
