"""The table that an estimate gives, filled block by block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.planning.estimator.faults import STATUSES, Faults, Ints
from perdiem_calc.planning.estimator.in_force import CENTS

AMOUNTS = (
    "lodging",
    "lodging_tax",
    "mie",
    "transportation",
    "total",
    "allowable",
    "reimbursable",
    "agency_share",
    "group_total",
    "group_reimbursable",
    "group_agency_share",
)
"""The columns of dollars that an estimate gives."""

COLUMNS_OUT = ("locality", "status", "reason", "nights", *AMOUNTS)
"""Every column that an estimate gives, in order."""


class Results:
    """The results of `rows` rows; texts are kept as numbers until the end."""

    def __init__(self, rows: int) -> None:
        self._dollars = {name: np.full(rows, np.nan) for name in AMOUNTS}
        self._nights = np.zeros(rows, dtype=np.int64)
        self._locality = np.zeros(rows, dtype=np.int32)
        self._status = np.zeros(rows, dtype=np.int8)
        self._reason = np.zeros(rows, dtype=np.int64)
        self._reasons = {"": 0}

    def take(self, start: int, faults: Faults, localities: Ints, cents: Mapping[str, Ints]) -> None:
        """Fill in the rows from `start` on: amounts in cents by column (none where no row has any), and nights.

        `localities` are numbers from 1 on, 0 where there is none.
        """
        good = faults.good
        rows = slice(start, start + good.size)
        self._status[rows] = faults.status
        self._locality[rows] = np.where(good, localities, 0)
        if len(faults.texts) > 1:
            numbers = [self._reasons.setdefault(text, len(self._reasons)) for text in faults.texts]
            self._reason[rows] = np.array(numbers)[faults.reason]
        for name, amounts in cents.items():
            target = self._nights if name == "nights" else self._dollars[name]
            if name == "nights":
                target[rows] = amounts
            elif good.all():
                np.divide(amounts, CENTS, out=target[rows])
            else:
                target[rows][good] = amounts[good] / CENTS

    def frame(self, index: pd.Index[Any], localities: list[str]) -> pd.DataFrame:
        """The table, with the localities' names by number; amounts that are not known are blank."""
        texts: dict[str, tuple[list[str], Any]] = {
            "locality": (["", *localities], self._locality),
            "status": (list(STATUSES), self._status),
            "reason": (list(self._reasons), self._reason),
        }
        columns: dict[str, Any] = {name: pd.Series(known).take(at).array for name, (known, at) in texts.items()}
        columns["nights"] = pd.arrays.IntegerArray(self._nights, self._status != 0)
        return pd.DataFrame(columns | self._dollars, index=index, copy=False)[list(COLUMNS_OUT)]
