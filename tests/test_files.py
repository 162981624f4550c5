"""Files that people give: what is no file is refused at once, and a CSV file is read strictly."""

from __future__ import annotations

import io
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from perdiem_calc.errors import InputError
from perdiem_calc.files import LONGEST_LINE, CsvTable, content_of, decoded, opened
from perdiem_calc.planning.tables import csv_tables, open_trips
from tests.support.house_rules import seeds


def table(text: str) -> CsvTable:
    return CsvTable.of(io.StringIO(text, newline=""))


def rows(text: str) -> list[tuple[int, list[str]]]:
    return list(table(text).rows())


# ---- whole files


def test_a_file_is_read_whole_and_no_further_than_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfplace\n")
    assert content_of(path) == b"\xef\xbb\xbfplace\n"
    assert decoded(content_of(path)) == "place\n"
    assert content_of(path, 9) == b"\xef\xbb\xbfplace\n"
    with pytest.raises(InputError, match="is larger than 8 bytes; check that it is the right file"):
        content_of(path, 8)
    path.write_bytes(b"x" * ((2 << 20) + 1))
    with pytest.raises(InputError, match="is larger than 2 MB"):
        content_of(path, 2 << 20)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    for name, why in (
        ("none.csv", "the file does not exist; check the name and the folder"),
        ("x" * 300, r"cannot be read \(File name too long\); check the name and your rights"),
        (".", r"cannot be read \(Is a directory\)"),
        ("empty.csv", "is empty"),
    ):
        with pytest.raises(InputError, match=why):
            content_of(tmp_path / name)
    with pytest.raises(InputError, match="is not UTF-8 text; save it as UTF-8"):
        decoded("Mérida".encode("latin-1"))


@contextmanager
def _within(seconds: float, path: Path) -> Iterator[None]:
    """Fails a block that waits for a pipe, by opening the pipe's other end when the time is up."""
    late = threading.Timer(seconds, lambda: os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK)))
    late.start()
    start = time.monotonic()
    try:
        yield
    finally:
        late.cancel()
    assert time.monotonic() - start < seconds


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero"), Path("/dev/null")):
        with (
            _within(2, path),
            pytest.raises(InputError, match="is a pipe or a device, not a file; give the file itself"),
            opened(path),
        ):
            pytest.fail("it was opened")


# ---- CSV


@pytest.mark.parametrize(
    ("text", "names", "separator", "header_line", "found"),
    [
        ("a,b\n1,2\n", ["a", "b"], ",", 1, [(2, ["1", "2"])]),
        ("sep=;\r\na;b\r\n1,5;2\r\n", ["a", "b"], ";", 2, [(3, ["1,5", "2"])]),
        ("a\tb\r1\t2\r", ["a", "b"], "\t", 1, [(2, ["1", "2"])]),
        (' a , "b|c"\n"x ""y""", "2"\n', ["a", "b|c"], ",", 1, [(2, ['x "y"', "2"])]),
        ("a,b,\n\n1\n , ,\n,2,\n", ["a", "b", ""], ",", 1, [(3, ["1", "", ""]), (5, ["", "2", ""])]),
        ('name\nWilliam "Bill" Hart\n6" pipe\n', ["name"], ",", 1, [(2, ['William "Bill" Hart']), (3, ['6" pipe'])]),
        ("a,b\n1,2\n,,,,,\n", ["a", "b"], ",", 1, [(2, ["1", "2"])]),
        ("a\n1", ["a"], ",", 1, [(2, ["1"])]),
        ("", [], ",", 1, []),
        ("\n\n", [], ",", 1, []),
        (" \n \n", [""], ",", 1, []),
    ],
)
def test_csv_as_people_save_it(
    text: str, names: list[str], separator: str, header_line: int, found: list[tuple[int, list[str]]]
) -> None:
    read = table(text)
    assert (read.names, read.separator, read.header_line) == (names, separator, header_line)
    assert list(read.rows()) == found


_OPEN = "a cell in quotes does not end on its line; close the quote, and write no line break in a cell"
_TEXT_AFTER = "text follows a quote that ends a cell; put the whole cell in quotes, and write a quote inside it twice"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('a,b\n"Vale,1\nTiller,2\n', f"line 2: {_OPEN}"),
        ('a,b\n1,2\nVale,"PD\n', f"line 3: {_OPEN}"),
        ('a,b\n1,2\nVale,"PD', f"line 3: {_OPEN}"),
        ('a,b\n"Vale,1\nTiller,"PD",2\n', f"line 2: {_OPEN}"),
        ('a,b\n1,"two\r\nlines"\n', f"line 2: {_OPEN}"),
        ('a,b\n1,"two\rlines"\n', f"line 2: {_OPEN}"),
        ('"a,b\n1,2"\n', f"line 1: {_OPEN}"),
        ('sep=,\n"a\nb",c\n', f"line 2: {_OPEN}"),
        ('a,b\n"' + "x\n" * 200_000, f"line 2: {_OPEN}"),
        ('a,b\n"Vale"s,1\n', f"line 2: {_TEXT_AFTER}"),
        ('a,b\n1,2\n"Vale" ,1\n', f"line 3: {_TEXT_AFTER}"),
        ("a,b\n1,2\n1,2,3\n", "line 3: more cells than columns; put a cell with a comma in quotes"),
        ("a;b\n1;2;3\n", "line 2: more cells than columns; put a cell with a semicolon in quotes"),
        ("a,,c\n1,2,3\n", "line 2: '2' is in a column without a name; name the column, or clear the cell"),
        ("a,B,b\n", "line 1: the column b appears twice; leave one out or rename it"),
        ("Paid before,x,paid_before\n", "line 1: the column paid_before appears twice"),
        ("a,b\n1,2\nA, b\n3,4\n", "line 3: repeats the header; give one table a file, and leave the line out"),
        ("a,b\n1,2\u2028,3\n", "line 2: character 4 is a control character or a line break (U+2028); remove it"),
        ("a,b\n1\x002,3\n", "line 2: character 2 is a control character or a line break (U+0000); remove it"),
        ("a\x1b[2J,b\n", "line 1: character 2 is a control character or a line break (U+001B); remove it"),
        ("a,b\n1," + "x" * 131_073, "line 2: a cell is longer than 131,072 characters; shorten it"),
        ("a,b\n" + "1," * (LONGEST_LINE // 2 + 1), "line 2: is longer than 1,048,576 characters"),
    ],
)
def test_what_could_hide_a_row_or_a_cell_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        rows(text)
    assert str(refused.value).startswith(why)


# ---- tables: Arrow reads what the strict reader reads


CELLS = ("1", "x y", "", " ", '"a"', '"b,c"', '"d ""e"""', '""', "é", '"\u00c2x"')
ODD = (
    '"',
    '""',
    ",",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\x0b",
    "\x85",
    "\u2028",
    ' "',
    "a,b",
    '"a"x',
    '"a\nb"',
    "\n\n",
    "\n \n",
)


def _odd_csv(rng: random.Random) -> str:
    """A table with, now and then, a quote, a separator or a line break where it should not be."""
    text = "a,b\n"
    for _ in range(rng.randint(0, 6)):
        text += f"{rng.choice(CELLS)},{rng.choice(CELLS)}{rng.choice(ODD) if rng.random() < 0.2 else ''}"
        text += rng.choice(("\n", "\n", "\r\n", ""))
    return text


def _read(path: Path) -> list[list[str]] | str:
    try:
        blocks = [block.astype(str) for block in open_trips(path).blocks()]
    except InputError as error:
        return str(error)
    return [[str(index), *map(str.strip, row)] for block in blocks for index, *row in block.itertuples()]


@pytest.mark.parametrize("block", [4 << 20, 16])
def test_arrow_reads_what_the_strict_reader_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(csv_tables, "BLOCK_BYTES", block)
    path, by_arrow = tmp_path / "t.csv", 0
    real: Callable[..., object] = csv_tables._by_arrow

    def counted(*arguments: object) -> object:
        nonlocal by_arrow
        by_arrow += 1
        return real(*arguments)

    for seed in seeds(1, 2_000):
        path.write_bytes(_odd_csv(random.Random(seed)).encode())
        monkeypatch.setattr(csv_tables, "_by_arrow", counted)
        fast = _read(path)
        monkeypatch.setattr(csv_tables, "_has_arrow", lambda: False)
        assert fast == _read(path), seed
        monkeypatch.undo()
        monkeypatch.setattr(csv_tables, "BLOCK_BYTES", block)
    assert by_arrow > 50
