"""What is wrong with the rows of a table: a status and a reason each, kept without a Python object a row.

>>> faults = Faults(3)
>>> faults.blame(np.array([0, 1, 1]), ["", "miles: 'far' is not a number"])
>>> faults.blame(np.array([1, 0, 1]), ["", "officers: -2 is negative"])
>>> faults.reason_of(2)
"miles: 'far' is not a number; officers: -2 is negative"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from perdiem_calc.rates.places import AMBIGUOUS, OCONUS, RESOLVED, UNRESOLVED

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ERROR, UNAVAILABLE = "error", "unavailable"


class Meaning(NamedTuple):
    """A status in words, and what to do about it."""

    words: str
    fix: str


MEANINGS = {
    RESOLVED: Meaning("priced", ""),
    ERROR: Meaning("a cell is blank, or cannot be right", "correct the cell that the reason names"),
    AMBIGUOUS: Meaning("the place may be several", "add its state, its county or its ZIP"),
    UNRESOLVED: Meaning("the place is not known", "check its spelling, or give its ZIP"),
    OCONUS: Meaning("GSA sets no rates for the place", "the reason says who does, and how to get them"),
    UNAVAILABLE: Meaning("no rate is known for the dates", "check the dates; the reason says what is known"),
}
STATUSES = tuple(MEANINGS)
"""The statuses of a row, in the order in which they are listed."""

_CODES = {status: code for code, status in enumerate(STATUSES)}


class Faults:
    """The status of each row (an index into STATUSES), and its reason (into `texts`).

    Reasons are joined in the order they were found; the first status counts. `names` are what the rows are called,
    from 0 on where nothing is given.
    """

    def __init__(self, rows: int, names: Sequence[object] | pd.Index[Any] = ()) -> None:
        self._names = names if len(names) else range(rows)
        self.status: npt.NDArray[np.int8] = np.zeros(rows, dtype=np.int8)
        self.reason: Ints = np.zeros(rows, dtype=np.int64)
        self.texts: list[str] = [""]
        self._known: dict[str, int] = {}

    @property
    def good(self) -> Mask:
        """Which rows have nothing wrong with them so far."""
        good: Mask = self.status == 0
        return good

    def blame(self, found: npt.NDArray[Any], texts: Sequence[str], status: str = ERROR) -> None:
        """Add a reason to rows: `found` holds a row's index into `texts`, where 0 means nothing is wrong."""
        rows = np.flatnonzero(found)
        if rows.size:
            self._add(rows, found[rows], texts)
            free = rows[self.status[rows] == 0]
            self.status[free] = _CODES[status]

    def blame_rows(self, wrong: Mask, text: str, status: str = ERROR) -> None:
        """Add the same reason to every row of a mask."""
        self.blame(wrong, ["", text], status)

    def note(self, rows: Mask, text: str) -> None:
        """Add a remark to rows that are priced anyway."""
        at = np.flatnonzero(rows)
        self._add(at, np.ones_like(at), ["", text])

    def spread(self, group: Ints) -> None:
        """Let a fault in one row of a group be a fault of all its rows; the reason says its name.

        `group` holds, for each row, the number of one row of its group.
        """
        bad = np.flatnonzero(self.status)
        if not bad.size:
            return
        culprit = np.full_like(group, -1)
        culprit[group[bad[::-1]]] = bad[::-1]
        of_row = culprit[group]
        fallen = np.flatnonzero((of_row >= 0) & (self.status == 0))
        causes, which = np.unique(of_row[fallen], return_inverse=True)
        texts = [
            f"trip_id: another stop of this trip (row {self._names[cause]}) cannot be priced" for cause in causes
        ]
        self._add(fallen, which + 1, ["", *texts])
        self.status[fallen] = self.status[of_row[fallen]]

    def reason_of(self, row: int) -> str:
        """Why a row is not priced, or what to know of its price."""
        return self.texts[int(self.reason[row])]

    def _add(self, rows: Ints, found: npt.NDArray[Any], texts: Sequence[str]) -> None:
        """Join texts to the rows' reasons; each distinct pair of old and new is joined once."""
        pairs, which = np.unique(self.reason[rows] * len(texts) + found, return_inverse=True)
        joined = [self._joined(*divmod(int(pair), len(texts)), texts) for pair in pairs]
        self.reason[rows] = np.array(joined)[which]

    def _joined(self, old: int, new: int, texts: Sequence[str]) -> int:
        text = "; ".join(part for part in (self.texts[old], texts[new]) if part)
        if text not in self._known:
            self._known[text] = len(self.texts)
            self.texts.append(text)
        return self._known[text]
