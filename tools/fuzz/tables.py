"""Targets of tables: rosters and tables of trips, and a way of changing a table that leaves most of it a table."""

from __future__ import annotations

import random
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import openpyxl

from perdiem_calc.auditing.claim_file import read_roster
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator import Estimator
from perdiem_calc.planning.tables import csv_tables, open_trips
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from tools.fuzz.texts import ODD_TEXTS

SEPARATORS = (",", ";", "\t", "|")
PIECES = (
    '"',
    '""',
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\ufeff",
    "\u2028",
    "sep=;\n",
    '"a\nb"',
    *ODD_TEXTS,
)
ROSTER = (
    "award,officer,agency,paid_before\n"
    '15JCOPS-25-GG-01234-UHPX,"Reyes, Jordan",PD,400.00\n'
    "2026ULWX0021,Sam Tiller,,\n"
)
TRIPS = (
    "trip_id,place,depart_on,return_on,officers,lodging_tax_rate,miles,airfare,Remarks\n"
    '1,"Orlando, FL",2026-10-04,2026-10-09,3,0.125,98.5,312.40,ask "Bob"\n'
    "1,Boise ID,2026-10-09,2026-10-11,3,,,,\n"
    ",32801,2026-11-01,2026-11-02,1,0,0,0,\n"
)


def seeds(table: str) -> Iterable[bytes]:
    """A table with each of the separators and ends of lines."""
    for separator in SEPARATORS:
        for end in ("\n", "\r\n", "\r"):
            yield table.replace(",", separator).replace("\n", end).encode()
    yield ("\ufeffsep=,\r\n" + table).encode()


def changed_table(data: bytes, rng: random.Random) -> bytes:
    """A table with one to four things put in, left out or twice."""
    text = data.decode("utf-8", "replace")
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randint(0, len(text)), rng.choice((0, 0, 1, 1, 5, 40))
        put = rng.choice((rng.choice(PIECES), text[at : at + length] * 2, ""))
        text = text[:at] + put + text[at + length :]
    return text.encode("utf-8", "replace")


def roster(data: bytes, path: Path) -> None:
    """A roster; what is read can be shown on one line."""
    path.write_bytes(data)
    found = read_roster(path)
    assert len({entry.key for entry in found.entries}) == len(found.entries)
    assert found.summary.isprintable()


def trips(data: bytes, path: Path) -> None:
    """A table of trips: both readers of CSV refuse it in the same words, or read trips that cost the same."""
    path.write_bytes(data)
    has_arrow = csv_tables._has_arrow
    try:
        csv_tables._has_arrow = lambda: False
        slow = _outcome(path)
    finally:
        csv_tables._has_arrow = has_arrow
    fast = _outcome(path)
    assert fast == slow, (fast, slow)


def _outcome(path: Path) -> str | list[str]:
    """What trips cost, block by block; or why their table is refused."""
    estimator = Estimator(Ratebook.open(), load_law())
    try:
        return [estimator.estimate(block).to_csv() for block in open_trips(path).blocks()]
    except InputError as error:
        return str(error)


def sheet(data: bytes, path: Path) -> None:
    """A workbook of trips."""
    path.write_bytes(data)
    for block in open_trips(path).blocks():
        Estimator(Ratebook.open(), load_law()).estimate(block)


def sheet_seeds() -> Iterable[bytes]:
    """The trips as a workbook."""
    book = openpyxl.Workbook()
    for line in TRIPS.splitlines():
        book.worksheets[0].append(line.split(","))
    book.worksheets[0]["F2"] = "=1/8"
    content = BytesIO()
    book.save(content)
    yield content.getvalue()
