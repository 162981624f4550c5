"""The tables of single edits of a workbook, one for each sheet and what is done there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.single_edits import Case
from tests.workbook.single_edits import claim, days, expenses, looks

TABLES: Mapping[str, Sequence[Case]] = {
    "claim": claim.CASES,
    "days": days.CASES,
    "expenses": expenses.CASES,
    "looks": looks.CASES,
}
