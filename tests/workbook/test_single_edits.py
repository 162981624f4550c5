"""Law 2 of the audit: one edit of a workbook gives the findings of that edit, and no others. The edits are tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from perdiem_calc.checks.effects import AsStated
from perdiem_calc.rates.places import parse_place
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.single_edits import Case, assert_finds
from tests.workbook.single_edits import TABLES

SAMPLE = 5
"""Of so many edits one is not slow; and one is audited also as a program saves it that computes nothing."""
EDITS = [
    pytest.param(one, id=f"{table}: {one.name}", marks=[pytest.mark.slow] if number % SAMPLE else [])
    for number, (table, one) in enumerate((table, one) for table, cases in TABLES.items() for one in cases)
]


def test_every_edit_has_a_name_of_its_own() -> None:
    names = [edit.id for edit in EDITS]
    assert len(set(names)) == len(names) > 250


@pytest.mark.parametrize("one", EDITS)
def test_one_edit_gives_its_findings_alone(one: Case, tmp_path: Path) -> None:
    assert_finds(one, tmp_path)


@pytest.mark.parametrize("one", EDITS[1::SAMPLE])
def test_one_edit_gives_its_findings_alone_where_no_value_is_kept(one: Case, tmp_path: Path) -> None:
    assert_finds(one, tmp_path, is_computed_again=False)


def test_stated_rates_leave_localities_as_they_are(ratebook: Ratebook) -> None:
    moody, on = parse_place("Moody, AL"), date(2026, 11, 2)
    stated = AsStated(ratebook, {"lodging": Decimal("199.00")}, frozenset({moody}), frozenset({on}))
    assert stated.rate(moody, on).lodging == Decimal("199.00")
    assert stated.locality(moody, on) == ratebook.locality(moody, on)
    orlando = parse_place("Orlando, FL")
    assert stated.rate(orlando, on) == ratebook.rate(orlando, on)
