"""Estimates of a few rows, for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from perdiem_calc import estimate
from perdiem_calc.dated import Dated, Entry, Law
from perdiem_calc.rates.ratebook import Ratebook

ORLANDO = {"place": "Orlando, FL", "depart_on": "2026-10-04", "return_on": "2026-10-09"}
"""Five nights at $145 and $80: 725.00 lodging, and 2 x 60 + 4 x 80 = 440.00 M&IE."""

BOOK = Ratebook.open()


def of(law: Law, *rows: Mapping[str, object]) -> pd.DataFrame:
    """The estimate of some rows."""
    return estimate(pd.DataFrame(list(rows)), BOOK, law)


def one(law: Law, **columns: object) -> dict[str, Any]:
    """The estimate of one row: the Orlando trip, with other columns or others' values."""
    (row,) = of(law, ORLANDO | columns).to_dict("records")
    return {str(name): value for name, value in row.items()}


def with_setting(law: Law, rule: str, name: str, *entries: tuple[date, object], until: date | None = None) -> Law:
    """The law with another dated value, known until a day."""
    dated: Dated[Any] = Dated(name, tuple(Entry(on, until, value) for on, value in entries))
    changed = replace(law.rules[rule], values={**law.rules[rule].values, name: dated})
    return Law({**law.rules, rule: changed})
