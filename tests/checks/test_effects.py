"""The payment effect of a cell that was typed over, where the single edits of workbooks do not reach."""

from __future__ import annotations

from decimal import Decimal

from perdiem_calc.checks.case import Case
from perdiem_calc.checks.effects import Effect, effect_of_cell
from perdiem_calc.checks.submission import StatedCell
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import Desk


def test_a_ceiling_on_a_day_without_a_night_changes_nothing(law: Law, ratebook: RateSource) -> None:
    itemized = Desk(law, ratebook).itemized({})
    case = Case(itemized.claim, itemized, ratebook, law)
    lowered = StatedCell("ceiling_applied", "Ceiling", "Days!J5", Decimal("113.00"), "N1", stated=Decimal("90.00"))
    of_return = StatedCell("ceiling_applied", "Ceiling", "Days!J9", None, "D5", stated=Decimal("90.00"))
    assert effect_of_cell(case, lowered) != effect_of_cell(case, of_return)
    assert effect_of_cell(case, of_return) == Effect(Decimal("0.00"), Decimal("0.00"))
