"""The tables of single edits of a workbook, one for each sheet and what is done there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.single_edits import Case
from tests.workbook.single_edits import (
    claim,
    day_cells,
    days,
    expense_cells,
    expenses,
    formulas,
    looks,
    rates,
    rows,
    shown,
    totals,
)

TABLES: Mapping[str, Sequence[Case]] = {
    "claim": claim.CASES,
    "days": days.CASES,
    "day cells": day_cells.CASES,
    "expenses": expenses.CASES,
    "expense cells": expense_cells.CASES,
    "rates": rates.CASES,
    "rows": rows.CASES,
    "totals": totals.CASES,
    "formulas": formulas.CASES,
    "looks": looks.CASES,
    "shown": shown.CASES,
}
