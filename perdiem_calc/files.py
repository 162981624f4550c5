"""Files that people give: opened only if they are files, read only up to a limit, and CSV read strictly.

A pipe or a device is refused, because waiting for it could take forever. In a CSV file every row is one line:

>>> table = CsvTable(["place;zip\\r\\n", "Orlando, FL;32801\\r\\n", "\\r\\n", '"Moab; UT";\\r\\n'])
>>> table.names, list(table.rows())
(['place', 'zip'], [(2, ['Orlando, FL', '32801']), (4, ['Moab; UT', ''])])

What could hide a row or a cell is refused with its line:

>>> list(CsvTable(['officer,paid\\n', '"Jordan Vale,100.00\\n', 'Sam Tiller,400.00\\n']).rows())
Traceback (most recent call last):
...
perdiem_calc.errors.InputError: line 2: a cell in quotes does not end on its line; close the quote, ...
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import stat
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from perdiem_calc.errors import InputError
from perdiem_calc.limits import LARGEST_FILE

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What separates the cells of a CSV file, and what people call it."""

LONGEST_CELL = csv.field_size_limit()
LONGEST_LINE = 1 << 20
"""Characters of one line of a CSV file."""
MOST_COLUMNS = 1_000
"""Named ones of a table; each name is compared with every other."""
LARGEST_TOML = 512 << 10
"""Bytes; tomllib reads a few hundred thousand a second."""
MOST_PARTS = 32
_NO_KEY = re.compile(
    r""""{3}(?:[^"\\]|\\.|"(?!""))*(?:"{3,5}|\\?\Z)"""
    r"""|'{3}.*?(?:'{3,5}|\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\\?\Z)"""
    r"""|'[^'\n]*'?|\#[^\n]*""",
    re.DOTALL,
)
"""The strings and comments of a TOML text; one that is not closed goes on to the end, so that none is read twice."""
_LONG_KEY = re.compile(rf"(?:\.[\w-]*){{{MOST_PARTS}}}", re.ASCII)
_STATED = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")


# --- whole files ---------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file, open for reading.

    Raises InputError, which does not name the file, where it cannot be read, or is a pipe, a device or a folder.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError("is a pipe or a device, not a file", mend="give the file itself")
            yield file
    except FileNotFoundError:
        raise InputError("the file does not exist", mend="check the name and the folder") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", mend="check the name and your rights") from None


def not_a_file(path: Path) -> str:
    """Why something cannot be opened as a file of a database; blank for a file, and for a name that nothing has."""
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if stat.S_ISREG(mode) else "is not a file"


def content_of(path: Path, most: int = LARGEST_FILE) -> bytes:
    """The bytes of a file. Raises InputError as `opened` does, and for an empty file or one above `most` bytes."""
    with opened(path) as file:
        content = file.read(most + 1)
    if content is None:
        raise InputError("is a pipe or a device, not a file", mend="give the file itself")
    if len(content) > most:
        size = f"{most >> 20} MB" if most >> 20 else f"{most:,} bytes"
        raise InputError(f"is larger than {size}", mend="check that it is the right file")
    if not content:
        raise InputError("is empty", mend="check that it is the right file")
    return content


def decoded(content: bytes) -> str:
    """The text of a UTF-8 file, with or without its mark. Raises InputError for another encoding."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", mend="save it as UTF-8 (in Excel: CSV UTF-8)") from None


def toml_of(text: str) -> dict[str, Any]:
    """What a TOML text states. Raises ValueError as tomllib does, and InputError for a key of very many parts.

    Reading a dotted key takes the square of its parts: of 40,000 half a minute.

    >>> toml_of("trip.stops = 'a.b.c.d'")
    {'trip': {'stops': 'a.b.c.d'}}
    """
    keys = _NO_KEY.sub("", text).replace(" ", "").replace("\t", "")
    if _LONG_KEY.search(keys):
        raise InputError(f"a key has more than {MOST_PARTS} parts", mend="check the dots in the names of the fields")
    return tomllib.loads(text)


def unpacked(content: bytes, most: int) -> bytes:
    """What a gzip file holds. Raises InputError where it is damaged, or holds more than `most` bytes."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError("is not a whole gzip file", mend="get the file again") from None
    if len(found) > most:
        raise InputError(f"unpacks to more than {most >> 20} MB", mend="check that it is the right file")
    return found


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


# --- CSV -----------------------------------------------------------------------------------------------------------


def separator_of(header: str) -> str:
    """The separator that occurs most often between the names of the columns; a comma where there is one name.

    >>> separator_of('"place, or so";zip'), separator_of("place")
    (';', ',')
    """
    outside_quotes = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside_quotes.count)


def plain_name(name: str) -> str:
    """A column's name as it is compared: capitals, blanks, hyphens and underscores make no difference.

    >>> plain_name(" Paid before")
    'paid_before'
    """
    return _BETWEEN_WORDS.sub("_", name.strip().casefold())


def too_many(names: Sequence[str]) -> InputError | None:
    """The refusal of a table that names more columns than any table has; None for any other."""
    named = sum(map(bool, names))
    if named <= MOST_COLUMNS:
        return None
    return InputError(f"names {named:,} columns", mend=f"give a table of at most {MOST_COLUMNS:,}")


def in_unnamed_column(names: Sequence[str], cells: Sequence[str]) -> InputError | None:
    """The refusal of a row that has text in a column without a name; None for any other row."""
    for name, cell in zip(names, cells, strict=False):
        if not name and cell.strip():
            mend = "name the column, or clear the cell"
            return InputError(f"{cell.strip()[:40]!r} is in a column without a name", mend=mend)
    return None


class CsvTable:
    """A CSV file, read line by line: `names` are its columns, `plain_names` the same as they are compared.

    `separator` is what the header shows; `header_line` is 2 under Excel's line `sep=;`, else 1. Raises InputError for
    a header that names a column twice, and while reading for each fault that the module describes.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = _checked(lines)
        first = next(self._lines, "")
        stated = _STATED.fullmatch(first)
        if stated:
            first = next(self._lines, "")
        self.header_line = 2 if stated else 1
        self.separator = stated[1] if stated else separator_of(first)
        header = _split([first], self.separator, self.header_line - 1)
        self.names = [name.strip() for name in next(header, (0, []))[1]]
        self.plain_names = [plain_name(name) for name in self.names]
        if many := too_many(self.names):
            raise many.at(f"line {self.header_line}")
        twice = [name for at, name in enumerate(self.plain_names) if name and name in self.plain_names[:at]]
        if twice:
            raise _wrong(self.header_line, f"the column {twice[0]} is there twice", "leave one out or rename it")

    @classmethod
    def of(cls, text: TextIO) -> CsvTable:
        """The table of a text that was opened with `newline=""`; never more than one line of it is in memory."""
        return cls(iter(lambda: text.readline(LONGEST_LINE + 1), ""))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, each with its line; a short one is filled up with blank cells.

        Raises InputError for a row that has a `fault`.
        """
        for line, cells in self.every_row():
            if cells:
                fault = self.fault(cells)
                if fault is not None:
                    raise fault.at(f"line {line}")
                yield line, cells + [""] * (len(self.names) - len(cells))

    def every_row(self) -> Iterator[tuple[int, list[str]]]:
        """All rows as they are, with their lines; a blank one has no cells. Raises InputError for a second header."""
        names = self.plain_names
        for line, cells in _split(self._lines, self.separator, self.header_line):
            if not any(map(str.strip, cells)):
                yield line, []
                continue
            if names and plain_name(cells[0]) == names[0] and [*map(plain_name, cells)] == names:
                raise _wrong(line, "repeats the header", "give one table a file, and leave the line out")
            yield line, cells

    def fault(self, cells: Sequence[str]) -> InputError | None:
        """What is wrong with a row: more cells than columns, or text in a column without a name."""
        return self.too_long() if len(cells) > len(self.names) else in_unnamed_column(self.names, cells)

    def too_long(self) -> InputError:
        """The refusal of a row of more cells than columns."""
        return InputError("more cells than columns", mend=f"put a cell with a {SEPARATORS[self.separator]} in quotes")


def exact_rows(text: str, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table that has exactly these columns, and a cell in each of them; with their lines.

    >>> list(exact_rows("total,breakfast\\n80,20\\n", ["total", "breakfast"]))
    [(2, ['80', '20'])]
    """
    table = CsvTable.of(io.StringIO(text, newline=""))
    if table.names != list(header):
        what = f"the header is {','.join(table.names)[:80]!r}"
        raise _wrong(table.header_line, what, f"write {','.join(header)}")
    for line, cells in table.every_row():
        if len(cells) != len(header):
            raise _wrong(line, f"{len(cells)} columns", f"write {len(header)}: {','.join(header)}")
        yield line, cells


def _split(lines: Iterable[str], separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, with the line's number; `before` lines were read before."""
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    line = 0
    try:
        for cells in reader:
            line += 1
            if reader.line_num > line:
                raise _open_quote(before + line)
            yield before + line, cells
    except csv.Error as error:
        line += 1
        if reader.line_num > line or "end of data" in str(error):
            raise _open_quote(before + line) from None
        if "limit" in str(error):
            raise _wrong(before + line, f"a cell is longer than {LONGEST_CELL:,} characters", "shorten it") from None
        mend = "put the whole cell in quotes, and write a quote inside it twice"
        raise _wrong(before + line, "text follows a quote that ends a cell", mend) from None


def _checked(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a text. Raises InputError for characters that no cell has, such as a line break in mid-line."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise _wrong(number, f"is longer than {LONGEST_LINE:,} characters", "give a table with a row a line")
        odd = _NO_TEXT.search(line)
        if odd:
            what = f"character {odd.start() + 1} is a control character or a line break (U+{ord(odd[0]):04X})"
            raise _wrong(number, what, "remove it")
        yield line


def _open_quote(line: int) -> InputError:
    mend = "close the quote, and write no line break in a cell"
    return _wrong(line, "a cell in quotes does not end on its line", mend)


def _wrong(line: int, what: str, mend: str) -> InputError:
    return InputError(what, where=f"line {line}", mend=mend)
