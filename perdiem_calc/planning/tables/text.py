"""Text that a spreadsheet reads as text, and amounts with two decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?", re.ASCII)


def harmless(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: what begins like one begins with an apostrophe.

    >>> harmless("=1+1"), harmless("@SUM(A1)"), harmless("-2"), harmless("Orlando, FL")
    ("'=1+1", "'@SUM(A1)", '-2', 'Orlando, FL')
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def harmless_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column whose texts are harmless; other columns are as they were."""
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column
    try:
        codes, distinct = pd.factorize(column, use_na_sentinel=False)
    except TypeError:
        # Lists and the like, which cannot be compared.
        return column.map(lambda cell: harmless(str(cell)), na_action="ignore")
    made = [harmless(value) if isinstance(value, str) else value for value in distinct]
    if all(new is old for new, old in zip(made, distinct, strict=True)):
        return column
    changed: pd.Series[Any] = pd.Series(made, dtype=object).take(codes)
    changed.index = column.index
    changed.name = column.name
    return changed


def header(names: Iterable[str]) -> list[str]:
    """The names of columns, harmless."""
    return [harmless(name) for name in names]


def money_texts(amounts: pd.Series[Any]) -> list[str]:
    """Dollars with two decimals; blank where there is no amount.

    >>> money_texts(pd.Series([1477.4, float("nan"), 0.05]))
    ['1477.40', '', '0.05']
    """
    cents = np.rint(amounts.to_numpy(dtype=np.float64, na_value=np.nan) * 100)
    return ["" if cent != cent else f"{int(cent) // 100}.{int(cent) % 100:02d}" for cent in cents.tolist()]
