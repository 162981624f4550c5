"""Files: read only up to a limit and never a pipe; CSV read strictly; written whole or not at all; where they are.

Every row of a CSV file is one line:

>>> table = CsvTable(["place;zip\\r\\n", "Orlando, FL;32801\\r\\n", "\\r\\n", '"Moab; UT";\\r\\n'])
>>> table.names, list(table.rows())
(['place', 'zip'], [(2, ['Orlando, FL', '32801']), (4, ['Moab; UT', ''])])

What could hide a row or a cell is refused with its line:

>>> list(CsvTable(['officer,paid\\n', '"Jordan Vale,100.00\\n', 'Sam Tiller,400.00\\n']).rows())
Traceback (most recent call last):
...
perdiem_calc.errors.InputError: line 2: a cell in quotes does not end on its line; close the quote, ...

A file is written for its owner alone (mode 0600), because it is about people and their money, unless the owner of its
folder chose otherwise: by an access control list for new files; by giving new files to the folder's group
(`chmod g+s`), which may then do with them what it may do with the folder; or by the mode of the file that is
replaced. Readers find the old file or the new one, whole, even after a power cut. On Linux an unfinished file has no
name, so that a killed process leaves nothing behind; elsewhere it has a name that nobody can guess.

The extras of pyproject.toml are here too: what each is for, and the command that installs it.

>>> extra("ledger").modules
('sqlalchemy',)
"""

from __future__ import annotations

import csv
import errno
import gzip
import hashlib
import io
import os
import re
import secrets
import shutil
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from perdiem_calc.errors import InputError, OutputError

LARGEST_FILE = 10 << 20
"""Bytes; a claim or a roster is far smaller, and what is larger is another file."""

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
_DAYS = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})"),
)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")


# --- whole files ----------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file, open for reading.

    Raises InputError, which does not name the file, where it cannot be read, or is a pipe, a device or a folder.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError("file.not-regular", "is a pipe or a device, not a file", fix="give the file itself")
            yield file
    except FileNotFoundError:
        raise InputError("file.missing", "the file does not exist", fix="check the name and the folder") from None
    except OSError as error:
        raise InputError(
            "file.unreadable", f"cannot be read ({error.strerror})", fix="check the name and your rights"
        ) from None


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
        raise InputError("file.not-regular", "is a pipe or a device, not a file", fix="give the file itself")
    if len(content) > most:
        size = f"{most >> 20} MB" if most >> 20 else f"{most:,} bytes"
        raise InputError("file.too-large", f"is larger than {size}", fix="check that it is the right file")
    if not content:
        raise InputError("file.empty", "is empty", fix="check that it is the right file")
    return content


def decoded(content: bytes) -> str:
    """The text of a UTF-8 file, with or without its mark. Raises InputError for another encoding."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("file.encoding", "is not UTF-8 text", fix="save it as UTF-8 (in Excel: CSV UTF-8)") from None


def toml_of(text: str) -> dict[str, Any]:
    """What a TOML text states. Raises ValueError as tomllib does, and InputError for a key of very many parts.

    Reading a dotted key takes the square of its parts: of 40,000 half a minute.

    >>> toml_of("trip.stops = 'a.b.c.d'")
    {'trip': {'stops': 'a.b.c.d'}}
    """
    import tomllib

    keys = _NO_KEY.sub("", text).replace(" ", "").replace("\t", "")
    if _LONG_KEY.search(keys):
        raise InputError(
            "claim-file.nested-too-deeply",
            f"a key has more than {MOST_PARTS} parts",
            fix="check the dots in the names of the fields",
        )
    return tomllib.loads(text)


def unpacked(content: bytes, most: int) -> bytes:
    """What a gzip file holds. Raises InputError where it is damaged, or holds more than `most` bytes."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError("file.gzip.damaged", "is not a whole gzip file", fix="get the file again") from None
    if len(found) > most:
        raise InputError(
            "file.unpacks-too-large", f"unpacks to more than {most >> 20} MB", fix="check that it is the right file"
        )
    return found


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


# --- CSV ------------------------------------------------------------------------------------------------------------


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
    return InputError(
        "table.columns.too-many", f"names {named:,} columns", fix=f"give a table of at most {MOST_COLUMNS:,}"
    )


def in_unnamed_column(names: Sequence[str], cells: Sequence[str]) -> InputError | None:
    """The refusal of a row that has text in a column without a name; None for any other row."""
    for name, cell in zip(names, cells, strict=False):
        if not name and cell.strip():
            fix = "name the column, or clear the cell"
            return InputError(
                "table.column.nameless", f"{cell.strip()[:40]!r} is in a column without a name", fix=fix
            )
    return None


def day_in(text: str) -> date | None:
    """The day in a cell: as this program writes it, or as Excel does in the United States; None where it is no day.

    >>> day_in("2026-12-01") == day_in("12/1/2026"), day_in("2026-02-30")
    (True, None)
    """
    found = next(filter(None, (shape.fullmatch(text) for shape in _DAYS)), None)
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day"))) if found else None
    except ValueError:
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
            raise _wrong(
                "table.column.repeated",
                self.header_line,
                f"the column {twice[0]} appears twice",
                "leave one out or rename it",
            )

    @classmethod
    def of(cls, text: TextIO) -> CsvTable:
        """The table of a text that was opened with `newline=""`; never more than one line of it is in memory."""
        return cls(iter(lambda: text.readline(LONGEST_LINE + 1), ""))

    @classmethod
    def of_text(cls, text: str) -> CsvTable:
        """The table that a whole text states."""
        return cls.of(io.StringIO(text, newline=""))

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
                raise _wrong(
                    "table.header.repeated",
                    line,
                    "repeats the header",
                    "give one table a file, and leave the line out",
                )
            yield line, cells

    def fault(self, cells: Sequence[str]) -> InputError | None:
        """What is wrong with a row: more cells than columns, or text in a column without a name."""
        return self.too_long() if len(cells) > len(self.names) else in_unnamed_column(self.names, cells)

    def too_long(self) -> InputError:
        """The refusal of a row of more cells than columns."""
        return InputError(
            "table.row.too-long",
            "more cells than columns",
            fix=f"put a cell with a {SEPARATORS[self.separator]} in quotes",
        )


def exact_rows(text: str, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table that has exactly these columns, and a cell in each of them; with their lines.

    >>> list(exact_rows("total,breakfast\\n80,20\\n", ["total", "breakfast"]))
    [(2, ['80', '20'])]
    """
    table = CsvTable.of_text(text)
    if table.names != list(header):
        what = f"the header is {','.join(table.names)[:80]!r}"
        raise _wrong("table.header.other", table.header_line, what, f"write {','.join(header)}")
    for line, cells in table.every_row():
        if len(cells) != len(header):
            raise _wrong(
                "table.row.length", line, f"{len(cells)} columns", f"write {len(header)}: {','.join(header)}"
            )
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
            raise _wrong(
                "table.cell.too-long",
                before + line,
                f"a cell is longer than {LONGEST_CELL:,} characters",
                "shorten it",
            ) from None
        fix = "put the whole cell in quotes, and write a quote inside it twice"
        raise _wrong("table.cell.quotes", before + line, "text follows a quote that ends a cell", fix) from None


def _checked(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a text. Raises InputError for characters that no cell has, such as a line break in mid-line."""
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise _wrong(
                "table.line.too-long",
                number,
                f"is longer than {LONGEST_LINE:,} characters",
                "give a table with a row a line",
            )
        odd = _NO_TEXT.search(line)
        if odd:
            what = f"character {odd.start() + 1} is a control character or a line break (U+{ord(odd[0]):04X})"
            raise _wrong("table.line.unreadable", number, what, "remove it")
        yield line


def _open_quote(line: int) -> InputError:
    fix = "close the quote, and write no line break in a cell"
    return _wrong("table.cell.quotes", line, "a cell in quotes does not end on its line", fix)


def _wrong(code: str, line: int, what: str, fix: str) -> InputError:
    return InputError(code, what, where=f"line {line}", fix=fix)


# --- writing whole files --------------------------------------------------------------------------------------------

_NO_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS)
"""What a file system says that has no files without a name."""
_OPEN_FILES = "/proc/self/fd"
_OWNER, _GROUP, _ANYBODY = 0o600, 0o060, 0o666


@contextmanager
def whole_file(path: Path, *, replaces: bool) -> Iterator[Path]:
    """An empty file to fill, under the path that is given; it becomes `path` when the block ends without an error.

    Raises FileExistsError where something has that name by then and `replaces` does not say to take it, OutputError
    where that is a pipe or a device, another OSError where the file cannot be made.
    """
    if replaces and path.exists() and not (path.is_file() or path.is_dir()):
        raise OutputError(
            "output.not-regular", "is a pipe or a device, not a file", where=str(path), fix="choose another name"
        )
    mode = _mode(path, replaces=replaces)
    at_first = _ANYBODY if mode is None else _OWNER
    scratch = path.with_name(f"{_beginning(path)}{secrets.token_hex(6)}")
    unnamed = _unnamed(path.parent, at_first)
    try:
        file = _created(scratch, at_first) if unnamed is None else unnamed
        try:
            yield scratch if unnamed is None else Path(f"{_OPEN_FILES}/{file}")
            _finish(file, mode)
            if unnamed is not None and not _is_named(file, scratch if replaces else path):
                unnamed = None
                with open(f"{_OPEN_FILES}/{file}", "rb") as content, open(_created(scratch, at_first), "wb") as copy:
                    shutil.copyfileobj(content, copy)
                    copy.flush()
                    _finish(copy.fileno(), mode)
        finally:
            os.close(file)
        if replaces:
            os.replace(scratch, path)
        elif unnamed is None:
            _put_in_place(scratch, path)
    finally:
        with suppress(OSError):
            scratch.unlink()


def clear_away(path: Path) -> None:
    """Remove what is left of a file for `path`, where the process that filled it was killed.

    The caller makes sure that nothing else writes that file.
    """
    left = re.compile(rf"{re.escape(_beginning(path))}[0-9a-f]{{12}}")
    with suppress(OSError):
        for other in path.parent.iterdir():
            if left.fullmatch(other.name):
                other.unlink()


def make_folder(folder: Path) -> None:
    """Make a folder for whom a file at its place would be, unless it is there.

    Raises OutputError where it cannot be made.
    """
    mode = _mode(folder, replaces=False)
    try:
        # Who may read may also enter.
        folder.mkdir(mode=0o777 if mode is None else mode | mode >> 2 & 0o110, exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be made ({error.strerror})"
        raise OutputError(
            "output.folder.missing", what, where=str(folder), fix="make it first, or choose another"
        ) from None


def unwritable(path: Path, error: OSError, fix: str = "check the space and rights of the folder") -> OutputError:
    """That a file or folder cannot be written, and why."""
    what = f"cannot be written ({error.strerror or type(error).__name__})"
    return OutputError("output.unwritable", what, where=str(path), fix=fix)


def _mode(path: Path, *, replaces: bool) -> int | None:
    """The mode of a new file at a path; None where an access control list of its folder says it."""
    with suppress(OSError):
        there = os.stat(path).st_mode
        if replaces and stat.S_ISREG(there):
            return stat.S_IMODE(there) & 0o777
    with suppress(OSError, AttributeError):
        os.getxattr(path.parent, "system.posix_acl_default")
        return None
    with suppress(OSError):
        folder = os.stat(path.parent).st_mode
        return _OWNER | (folder & _GROUP if folder & stat.S_ISGID else 0)
    return _OWNER


def _unnamed(folder: Path, mode: int) -> int | None:
    """A new file without a name, open; None where the system has none."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, mode)
    except OSError as error:
        if error.errno in _NO_UNNAMED:
            return None
        raise


def _created(path: Path, mode: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)


def _finish(file: int, mode: int | None) -> None:
    """Bring an open file to the disk, with its mode whatever the umask says."""
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(file, mode)
    os.fsync(file)


def _is_named(file: int, path: Path) -> bool:
    """Give a file without a name one; whether the system can. Raises FileExistsError where something has the name."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        # Only with a folder does the system follow the link to the open file.
        os.link(f"{_OPEN_FILES}/{file}", path.name, dst_dir_fd=folder)
    except FileExistsError:
        raise
    except OSError:
        return False
    finally:
        os.close(folder)
    return True


def _beginning(path: Path) -> str:
    """How the name of a file for `path` begins while it is filled; never longer than a name may be.

    >>> _beginning(Path("claims/2026-ORL-0001.xlsx"))
    '.perdiem-f8bb2677.'
    """
    return f".perdiem-{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}."


def _put_in_place(scratch: Path, path: Path) -> None:
    """Give a finished file its name, unless something has it. Raises FileExistsError then."""
    try:
        os.link(scratch, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        scratch.rename(path)


# --- a person's own folders -----------------------------------------------------------------------------------------

_PROGRAM = "perdiem_calc"


def user_folder() -> Path:
    """The folder of what is kept: fiscal years fetched, imported files, the ledger."""
    from platformdirs import user_data_path

    return user_data_path(_PROGRAM, appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be had again: the answers of GSA's service."""
    from platformdirs import user_cache_path

    return user_cache_path(_PROGRAM, appauthor=False)


# --- extras ---------------------------------------------------------------------------------------------------------

DISTRIBUTION = "perdiem-calc"


@dataclass(frozen=True, slots=True)
class Extra:
    """A group of libraries that some commands need: its name, what for, and the modules it brings."""

    name: str
    use: str
    modules: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The modules that are not there. Nothing is loaded to find that out."""
        from importlib.util import find_spec

        return tuple(module for module in self.modules if find_spec(module) is None)


NEEDED = Extra(
    "",
    "everything",
    (
        "jinja2",
        "lxml",
        "numpy",
        "openpyxl",
        "pandas",
        "platformdirs",
        "pydantic",
        "pydantic_core",
        "requests",
        "requests_cache",
        "rich",
        "typer",
        "xlsxwriter",
    ),
)
"""What is always installed."""

EXTRAS = (
    Extra("ledger", "the ledger of what was paid", ("sqlalchemy",)),
    Extra("postgres", "a ledger on a PostgreSQL server", ("sqlalchemy", "psycopg")),
    Extra("analysis", "pictures, Parquet, fast CSV, planning distances", ("matplotlib", "pyarrow", "zipcodes")),
    Extra(
        "web",
        "the browser application",
        ("django", "csp", "whitenoise", "waitress", "django_htmx", "axes", "argon2"),
    ),
    Extra("mcp", "the tools for chat programs", ("mcp",)),
    Extra("letters", "letters as Word documents", ("docx",)),
    Extra("dask", "estimates on several machines", ("dask", "distributed")),
)


def extra(name: str) -> Extra:
    """An extra by its name."""
    return next(one for one in EXTRAS if one.name == name)


def how_to_install(name: str = "") -> str:
    """The command that installs an extra into the Python that runs, from where the program was installed from.

    >>> how_to_install("ledger").endswith('[ledger]"')
    True
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{python} -m pip install {_what(f'[{name}]' if name else '')}"


def _what(wanted: str) -> str:
    """The argument for pip: a folder, an archive, or the name alone."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    origin = _origin()
    url = str(origin.get("url", ""))
    if "dir_info" in origin:
        editable = "-e " if origin["dir_info"].get("editable") else ""
        return f'{editable}"{url2pathname(urlsplit(url).path)}{wanted}"'
    return f'"{DISTRIBUTION}{wanted} @ {url}"' if "archive_info" in origin else f'"{DISTRIBUTION}{wanted}"'


def _origin() -> dict[str, Any]:
    """What pip wrote down of where the program came from; nothing where it is no installation, or from an index."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        stated = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    return dict(json.loads(stated)) if stated else {}
