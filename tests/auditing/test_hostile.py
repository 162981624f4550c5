"""An audit of a workbook in which nothing can be read ends soon, and says of each cell what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from perdiem_calc.auditing.intake import take
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from tests.support.hostile import EXPENSES, expenses, stretched
from tests.support.timed import in_time


def test_thousands_of_cells_that_cannot_be_read_are_told_in_five_seconds(tmp_path: Path) -> None:
    path = tmp_path / "mail.xlsx"
    path.write_bytes(stretched({EXPENSES: expenses(b'<c t="b"><v>1</v></c>', rows=1_000)}))
    with in_time():
        taken = take(path, Ratebook.open(), load_law(), date(2026, 11, 23))
    assert taken.claim is None
    assert taken.submission is not None
    assert len(taken.submission.refused) > 1_000
