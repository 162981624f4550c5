"""Tables of trips as CSV, in blocks: at the speed of Arrow, wherever Arrow reads the same as the strict reader.

The strict reader of `files` decides what a table is, and names the line of every fault. Arrow is ten times as fast,
but takes a quote that is never closed for a very long cell. So the bytes are scanned first: where no quote, line
break or character is out of the ordinary, both readers give the same cells, and Arrow reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.files import LONGEST_LINE, CsvTable, opened
from perdiem_calc.planning.estimator.columns import QUANTITIES

BLOCK_ROWS = 100_000
BLOCK_BYTES = 8 << 20
Pieces = Callable[[list[str]], Iterator[tuple[pd.DataFrame, float]]]
"""What reads a file, given the names of its columns: some rows at a time, and the part that has been read."""

_MARK = b"\xef\xbb\xbf"
_QUOTE, _NEWLINE, _RETURN, _TAB, _BLANK = b'"\n\r\t '
_BLANKS = re.compile(rb"\n[ \t]+\r?\n")
_ODD = (b"\x7f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
_PLAIN_NUMBERS = r"^ *[0-9]{1,12}(\.[0-9]{1,9})? *$"


def open_csv(path: Path) -> tuple[list[str], Pieces]:
    """The names of a file's columns, and what reads its rows. Raises InputError for a header that is wrong."""
    with opened(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        table = CsvTable.of(text)
    read: Pieces = partial(_by_library, path)
    with opened(path) as file:
        if _has_arrow() and _is_ordinary(file, table):
            read = partial(_by_arrow, path, table)
    return table.names, read


def _has_arrow() -> bool:
    try:
        import pyarrow  # noqa: F401 - whether it can be had at all
    except ImportError:
        return False
    return True


def _by_library(path: Path, columns: list[str], read_before: int = 0) -> Iterator[tuple[pd.DataFrame, float]]:
    """The rows by the strict reader, but for those that were read before."""
    size = path.stat().st_size
    with opened(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        table = CsvTable.of(text)
        block: list[list[str]] = []
        for line, cells in islice(table.every_row(), read_before, None):
            if cells and len(cells) != len(columns):
                short = InputError(
                    "table.row.too-short", "fewer cells than columns", fix="write every cell, the blank ones too"
                )
                raise (table.too_long() if len(cells) > len(columns) else short).at(f"line {line}")
            block.append(cells or [""] * len(columns))
            if len(block) >= BLOCK_ROWS:
                yield pd.DataFrame(block, columns=columns, dtype=str), file.tell() / size
                block = []
        yield pd.DataFrame(block, columns=columns, dtype=str), 1.0


def _by_arrow(path: Path, table: CsvTable, columns: list[str]) -> Iterator[tuple[pd.DataFrame, float]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    size, rows = path.stat().st_size, 0
    with pa.OSFile(str(path)) as file:
        try:
            reader = arrow_csv.open_csv(
                file,
                read_options=arrow_csv.ReadOptions(
                    block_size=BLOCK_BYTES, column_names=columns, skip_rows=table.header_line
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=table.separator),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                yield _frame_of(pa.Table.from_batches([batch])), min(1.0, file.tell() / size)
                rows += batch.num_rows
        except pa.ArrowInvalid:
            # Arrow does not say which line it is: the strict reader stumbles over the same one, and does.
            yield from _by_library(path, columns, rows)


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


# ---- whether both readers read the same


def _is_ordinary(file: BinaryIO, table: CsvTable) -> bool:
    """Whether Arrow reads a file as the strict reader does, or refuses it."""
    for _ in range(table.header_line - 1):
        file.readline(LONGEST_LINE)
    header = file.readline(LONGEST_LINE + 1).removeprefix(_MARK)
    scan = _Scan(ord(table.separator), header.strip())
    rest = header
    while piece := file.read(BLOCK_BYTES):
        lines, newline, rest = (rest + piece).rpartition(b"\n")
        if len(rest) > LONGEST_LINE or not scan.takes(lines + newline):
            return False
    return scan.takes(rest)


class _Scan:
    """A look at the lines of a CSV file, some at a time."""

    def __init__(self, separator: int, header: bytes) -> None:
        self._separator, self._header = separator, b"\n" + header
        self._has_blank = self._has_header = False

    def takes(self, lines: bytes) -> bool:
        """Whether both readers read these lines alike."""
        if not lines:
            return True
        lines = b"\n" + lines
        data = np.frombuffer(lines, dtype=np.uint8)
        breaks = np.flatnonzero(data == _NEWLINE)
        return (
            not self._repeats_header(lines)
            and _takes_characters(lines, data, len(breaks))
            and self._takes_blanks(data, breaks)
            and self._takes_quotes(data, breaks)
        )

    def _repeats_header(self, lines: bytes) -> bool:
        """Whether the header is there, but for the file's first line."""
        after = 0 if self._has_header else len(self._header)
        self._has_header = True
        return lines.find(self._header, after) >= 0

    def _takes_blanks(self, data: Any, breaks: Any) -> bool:
        """Whether blank lines are at the end alone, and empty: Arrow does not count those."""
        ends = np.append(breaks[1:], len(data))
        starts = breaks + 1
        if starts[-1] == len(data):
            starts, ends = starts[:-1], ends[:-1]
        first = data[starts]
        if ((first == _BLANK) | (first == _TAB)).any() and _BLANKS.search(data.tobytes()):
            return False
        is_blank = (first == _NEWLINE) | ((first == _RETURN) & (ends - starts == 1))
        if not self._has_blank and not is_blank.any():
            return True
        begins = 0 if self._has_blank else int(np.argmax(is_blank))
        self._has_blank = True
        return bool(is_blank[begins:].all())

    def _takes_quotes(self, data: Any, breaks: Any) -> bool:
        """Whether quotes open and close cells, or are doubled inside one, and no line ends inside quotes."""
        quotes = np.flatnonzero(data == _QUOTE)
        if not len(quotes):
            return True
        around = np.zeros(256, dtype=bool)
        around[[self._separator, _NEWLINE, _RETURN, _QUOTE]] = True
        before, after = data[quotes[::2] - 1], data[np.minimum(quotes[1::2] + 1, len(data) - 1)]
        if len(quotes) % 2 or not around[before].all() or not around[after].all():
            return False
        return not (np.searchsorted(quotes, breaks) % 2).any()


def _takes_characters(lines: bytes, data: Any, breaks: int) -> bool:
    """Whether no character is a line break or a control character, but for the ends of the lines."""
    # Looking for one byte is a hundred times as fast as looking for two.
    if any(odd[:1] in lines and odd in lines for odd in _ODD):
        return False
    returns = lines.count(b"\r") if b"\r" in lines else 0
    tabs = lines.count(b"\t") if b"\t" in lines else 0
    if returns and returns != lines.count(b"\r\n"):
        return False
    return int(np.count_nonzero(data < _BLANK)) == breaks + returns + tabs
