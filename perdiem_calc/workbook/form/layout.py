"""What every sheet shares: the kinds of cell, addresses, and where a field stands.

>>> Area("Days", 4, 10, 8, 10).address, Area.cell("Expenses", 6, 9).address
('Days!K5:K9', 'Expenses!J7')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!:]+))!)?\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?",
    re.ASCII,
)


class Kind(StrEnum):
    """What a cell holds; it decides the cell's number format, its validation, and how it is read."""

    TEXT = "text"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    COUNT = "count"
    MILES = "miles"
    MILEAGE_RATE = "rate"
    PERCENT = "percent"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LIST = "list"


NUMBER_FORMATS: Mapping[Kind, str] = {
    Kind.AMOUNT: "$#,##0.00",
    Kind.DATE: "mm/dd/yyyy",
    Kind.TIME: "h:mm AM/PM",
    Kind.MILES: "#,##0.##",
    Kind.MILEAGE_RATE: "$0.000",
    Kind.PERCENT: "0%",
    Kind.COUNT: "0",
    Kind.TEXT: "@",
    Kind.LIST: "@",
}
"""How a cell of each kind shows what it holds."""


def column_letters(column: int) -> str:
    """A column's letters, counted from 0.

    >>> column_letters(0), column_letters(26), column_letters(54)
    ('A', 'AA', 'BC')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


_ENTRY = re.compile(r"\[([0-9]+)\](.*)")


def column_number(letters: str) -> int:
    """A column's place, counted from 0, by its letters.

    >>> column_number("A"), column_number("BC")
    (0, 54)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


LETTERS = tuple(column_letters(column) for column in range(100))
LAST_ROW, LAST_COLUMN = 2_000, len(LETTERS)
"""What stands further down or to the right of this is not a claim's."""


class Area(NamedTuple):
    """A cell or a block of cells; rows and columns from 0, both ends inclusive."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int

    @classmethod
    def cell(cls, sheet: str, row: int, column: int) -> Area:
        """One cell."""
        return cls(sheet, row, column, row, column)

    @classmethod
    def at(cls, address: str) -> Area | None:
        """The cells of an address, with a sheet or without; None for what is no address.

        >>> Area.at("Days!K5:K9"), Area.at("'Day''s trips'!$B$2"), Area.at("Claim")
        (Area(sheet='Days', row=4, column=10, last_row=8, last_column=10), \
Area(sheet="Day's trips", row=1, column=1, last_row=1, last_column=1), None)
        """
        return _area_at(address)

    @property
    def first(self) -> Area:
        """Its first cell."""
        return Area.cell(self.sheet, self.row, self.column)

    @property
    def address(self) -> str:
        """The address as people write it."""
        first = f"{_letters(self.column)}{self.row + 1}"
        last = f"{_letters(self.last_column)}{self.last_row + 1}"
        return f"{self.sheet}!{first}" + ("" if first == last else f":{last}")

    @property
    def absolute(self) -> str:
        """The address as a formula or a defined name writes it.

        >>> Area("Days", 4, 10, 8, 10).absolute
        'Days!$K$5:$K$9'
        """
        first = f"${_letters(self.column)}${self.row + 1}"
        last = f"${_letters(self.last_column)}${self.last_row + 1}"
        return f"{self.sheet}!{first}" + ("" if first == last else f":{last}")


@lru_cache(maxsize=4096)
def _area_at(address: str) -> Area | None:
    """Every claim workbook has the same defined names and joined cells."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    quoted, plain, first, row, last, last_row = found.groups()
    sheet = quoted.replace("''", "'") if quoted else plain or ""
    column = column_number(first)
    return Area(sheet, int(row) - 1, column, int(last_row or row) - 1, column_number(last) if last else column)


def _letters(column: int) -> str:
    return LETTERS[column] if column < len(LETTERS) else column_letters(column)


def joined(areas: Iterable[Area]) -> str:
    """Several areas in words; cells that stand one below the other become one block.

    >>> joined([Area.cell("Days", 4, 10), Area.cell("Days", 5, 10), Area.cell("Days", 4, 14)])
    'Days!K5:K6, Days!O5'
    """
    blocks: list[Area] = []
    for area in areas:
        last = blocks[-1] if blocks else None
        if last is not None and _continues(last, area):
            blocks[-1] = Area(last.sheet, last.row, last.column, area.last_row, last.last_column)
        elif area not in blocks:
            blocks.append(area)
    return ", ".join(block.address for block in blocks)


def _continues(block: Area, area: Area) -> bool:
    same_columns = (block.sheet, block.column, block.last_column) == (area.sheet, area.column, area.last_column)
    return same_columns and area.row == block.last_row + 1


class CellMap:
    """Where each field of a claim stands, by its path, with the label that people see there."""

    def __init__(self) -> None:
        self._areas: dict[str, Area] = {}
        self._labels: dict[str, str] = {}

    def add(self, path: str, area: Area, label: str = "") -> None:
        """Say where a field stands."""
        self._areas[path] = area
        self._labels[path] = label

    def area(self, path: str) -> Area | None:
        """Where a field stands; of a group of fields the first one; of a field without a cell, its group."""
        if path in self._areas:
            return self._areas[path]
        for known, area in self._areas.items():
            if known.startswith((f"{path}.", f"{path}[")):
                return area
        group = path.rpartition(".")[0] or path.rpartition("[")[0]
        return self.area(group) if group else None

    def path(self, address: str) -> str:
        """The field that stands in a cell, the innermost where a group begins there; empty where none does.

        >>> cells = CellMap()
        >>> cells.add("lodging[0].tax", Area.cell("Days", 4, 14))
        >>> cells.path("Days!O5"), cells.path("Days!O6")
        ('lodging[0].tax', '')
        """
        # Most cells are told apart by their row alone, without spelling their address.
        row = address.partition(":")[0].rstrip("0123456789")
        number = int(address.partition(":")[0][len(row) :] or 0) - 1
        found = (path for path, area in self._areas.items() if area.row == number and area.address == address)
        return max(found, key=len, default="")

    def drop(self, path: str, index: int) -> None:
        """Forget an entry of a list; those behind it move up.

        >>> cells = CellMap()
        >>> cells.add("lodging[0].tax", Area.cell("Days", 4, 14))
        >>> cells.add("lodging[1].tax", Area.cell("Days", 5, 14))
        >>> cells.drop("lodging", 0)
        >>> dict(cells.items())["lodging[0].tax"].address
        'Days!O6'
        """
        for known in list(self._areas):
            entry = _ENTRY.fullmatch(known.removeprefix(path)) if known.startswith(f"{path}[") else None
            if entry is None:
                continue
            number, rest = int(entry[1]), entry[2]
            area, label = self._areas.pop(known), self._labels.pop(known)
            if number != index:
                self.add(f"{path}[{number - (number > index)}]{rest}", area, label)

    def items(self) -> Iterable[tuple[str, Area]]:
        """Every field that is known, and where it stands."""
        return self._areas.items()

    def label(self, path: str) -> str:
        """What people see at exactly this field; empty for a group."""
        return self._labels.get(path, "")
