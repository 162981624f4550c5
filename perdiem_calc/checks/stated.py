"""Amounts that a submitted workbook states and that are not those the rules give, and what cannot be read of it.

Each cell that is not as the program writes it belongs to exactly one check: that of the rule which gives its amount,
or `formula-overwritten` where the cell has no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from perdiem_calc.checks.case import Case, payment_effect
from perdiem_calc.checks.effects import effect_of_cell, effect_of_rate
from perdiem_calc.checks.sentences import days_said
from perdiem_calc.days import DayKind
from perdiem_calc.findings import Finding, Scope, Severity, Where
from perdiem_calc.lines import Line
from perdiem_calc.mie_lines import NOT_DEDUCTED, meal_value
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.parameters import Law
from perdiem_calc.submission import Refused, StatedCell, StatedRate

LODGING_RATE, MIE_RATE = "lodging-rate-not-in-force", "mie-rate-not-in-force"
OVERWRITTEN, FOOT, PERCENT = "formula-overwritten", "total-does-not-foot", "mie-day-percent"

ALLOWED_OF_LINE = frozenset({"lodging_allowed", "tax_allowed", "allowed", "mie_allowed"})
MIE_AMOUNTS = frozenset({"mie_allowed", "mie_entitlement", "mie_claimed"})
TYPED = {
    "lodging_ceiling": LODGING_RATE,
    "ceiling_applied": LODGING_RATE,
    "mie_rate": MIE_RATE,
    "breakfast_value": MIE_RATE,
    "lunch_value": MIE_RATE,
    "dinner_value": MIE_RATE,
    "incidental": MIE_RATE,
    "mie_percent": PERCENT,
    "day_type": PERCENT,
    "mileage_rate": "mileage-rate-not-in-force",
    "day_total": FOOT,
}
"""The check of a computed cell of Days or Expenses that was typed over, by column."""
CHANGED = {
    "alternate_ceiling": LODGING_RATE,
    "alternate_mie": LODGING_RATE,
    "mileage_rates": "mileage-rate-not-in-force",
}
"""The check of a figure that the program filled in and that was changed, by column or list."""
PARAMETERS_ARE = "rate-edited"
NOT_PARAMETERS = frozenset({"disallowed", "expense_kinds", "category_groups", "never_paid", "meals_deducted"})

RULES = {
    LODGING_RATE: "lodging-ceiling",
    MIE_RATE: "mie-first-last-day",
    PERCENT: "mie-first-last-day",
    "complimentary-meal-deducted": "complimentary-meal-not-deducted",
    "mileage-rate-not-in-force": "pov-mileage",
    "rate-edited": "per-diem-locality",
    "rate-unresolved": "per-diem-locality",
    "stops-not-continuous": "per-diem-locality",
    "cap-applied": "chp-cap",
    "personal-day-paid": "personal-days",
    "short-trip": "entitlement-12-hours",
}
"""The rule behind each check of this module; `chp-itemized-claim` behind every other."""

REDUCES_WITHOUT_BAR = frozenset(
    {
        "registration-not-claimable",
        "lodging-over-ceiling",
        "lodging-tax-over-share",
        "shared-room-split",
        "lodging-type",
        "furnished-meal-deduction",
        "mie-over-paid",
        "mie-day-percent",
        "personal-day-paid",
        "short-trip",
        "meal-besides-mie",
        "incidentals-besides-mie",
        "fuel-besides-mileage",
        "agency-vehicle-at-pov-rate",
        "agency-car-assigned",
        "fare-class",
        "seat-fee",
        "extra-bag",
        "terminal-parking",
        "not-allowable",
        "credit-applied",
        "other-payer",
        "receipt-total-differs",
    }
)
"""Checks that inform of a reduction, and adjust where the workbook states the amount without it."""


def stated(case: Case, check: str) -> Iterator[Finding]:
    """What the submission states under a check's id, a finding a cell; nothing for a claim that is no workbook."""
    if case.submission is None:
        return
    for cell in case.submission.cells:
        if check_of(case, cell) == check:
            yield _of_cell(case, check, cell)
    for rate in case.submission.rates:
        if _check_of_rate(rate) == check:
            yield _of_rate(case, check, rate)


def refused(case: Case, check: str) -> Iterator[Finding]:
    """What of the submission was refused under a check's id."""
    for one in case.submission.refused if case.submission is not None else ():
        if one.check == check:
            yield finding_of(one, case.law, case.claim.trip.returned_on, case)


def finding_of(one: Refused, law: Law, on: date, case: Case | None = None) -> Finding:
    """A refusal as a finding; without a case the claim could not be computed, and no amount is known."""
    rule = RULES.get(one.check, "chp-itemized-claim")
    is_cell = "!" in one.where
    totals = case.itemized.totals if case is not None else None
    return Finding(
        check=one.check,
        rule=rule,
        severity=Severity.BLOCKS,
        scope="cell" if is_cell else "claim",
        where=Where((one.where,), cells=(one.where,) if is_cell else ()),
        citation=law.citation(rule, on),
        message=f"{one.what[0].upper()}{one.what[1:]}: {one.mend or 'correct it'}.",
        claimed=totals.allowable - totals.over_cap if totals is not None else ZERO,
        allowed=ZERO,
        payment_effect=payment_effect(case, without_block=one.check) if case is not None else ZERO,
    )


def check_of(case: Case, cell: StatedCell) -> str:
    """The one check that a cell belongs to."""
    if cell.how == "formula":
        return OVERWRITTEN
    if cell.how == "changed":
        if cell.key in NOT_PARAMETERS or cell.label.startswith("the name "):
            return OVERWRITTEN
        return CHANGED.get(cell.key, PARAMETERS_ARE)
    if cell.key in TYPED:
        return TYPED[cell.key]
    if not cell.line:
        return _check_of_total(case, cell)
    line = _line(case, cell)
    if cell.key in MIE_AMOUNTS:
        return _check_of_mie(case, cell, line)
    if cell.key in ALLOWED_OF_LINE and cell.excess > 0:
        return _check_of_reduction(line, cell) or OVERWRITTEN
    return OVERWRITTEN


def _check_of_total(case: Case, cell: StatedCell) -> str:
    if not isinstance(cell.due, Decimal) or cell.key in ("due_on", "keep_until", "trip_hours", "longest_stay"):
        return OVERWRITTEN
    if cell.key == "payable" and cell.excess > 0 and case.itemized.totals.over_cap > 0:
        return "cap-applied"
    return FOOT if cell.key not in ("official_first", "official_last") else OVERWRITTEN


def _check_of_mie(case: Case, cell: StatedCell, line: Line) -> str:
    """A day's M&IE that is not the rule's: for its share, its meals, or a personal or short day."""
    day = case.itemized.days[int(line.id[1:]) - 1]
    if day.kind is DayKind.PERSONAL:
        return "personal-day-paid"
    if day.kind in (DayKind.TOO_SHORT, DayKind.NO_TIMES, DayKind.HOME):
        return "short-trip"
    if cell.excess < 0 and -cell.excess == _complimentary(case, line):
        return "complimentary-meal-deducted"
    if cell.excess > 0:
        return _check_of_reduction(line, cell) or PERCENT
    return PERCENT


def _complimentary(case: Case, line: Line) -> Decimal:
    """What the meals of a day are worth that a hotel or carrier gave, and that are not deducted."""
    day = case.itemized.days[int(line.id[1:]) - 1]
    meals = case.claim.meals_on(day.on)
    if meals is None or day.mie_rate is None:
        return ZERO
    given = [meal for meal, by in meals.by_meal().items() if by in NOT_DEDUCTED]
    return sum((meal_value(day.mie_rate.mie, meal) for meal in given), ZERO)


def _check_of_reduction(line: Line, cell: StatedCell) -> str:
    """The check of the reduction without which the line is stated; empty where none fits."""
    steps = [step for step in line.steps if step.check in REDUCES_WITHOUT_BAR]
    fitting = [step for step in steps if step.before == cell.stated]
    return next((step.check for step in (*fitting, *steps)), "")


def _check_of_rate(rate: StatedRate) -> str:
    if not rate.is_other:
        return PARAMETERS_ARE
    return LODGING_RATE if rate.field == "lodging" else MIE_RATE


def _of_cell(case: Case, check: str, cell: StatedCell) -> Finding:
    effect = effect_of_cell(case, cell)
    line = _line(case, cell) if cell.line else None
    due = line.amount_allowed if line is not None else ZERO
    if line is None and isinstance(cell.due, Decimal) and isinstance(cell.stated, Decimal):
        effect_on_line, due = cell.excess, cell.due
    else:
        effect_on_line = effect.line
    rule = line.rule if line is not None and check not in RULES else RULES.get(check, "chp-itemized-claim")
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.ADJUSTS,
        scope=_scope(check, line),
        where=Where((line.path if line is not None else cell.key,), (cell.line,) if line else (), (cell.cell,)),
        citation=case.law.citation(rule, cell.on or case.claim.trip.returned_on),
        message=f"{_said(cell)}: {_mend(cell)}.",
        claimed=due + effect_on_line,
        allowed=due,
        payment_effect=-effect.payment,
    )


def _of_rate(case: Case, check: str, rate: StatedRate) -> Finding:
    effect = effect_of_rate(case, rate)
    lines = [line for line in case.itemized.lines if line.id in rate.lines]
    allowed = sum((line.amount_allowed for line in lines), ZERO)
    rule = RULES[check]
    what = "lodging rate" if rate.field == "lodging" else "M&IE"
    if rate.is_other:
        said = f"the {what} of {days_said(rate.on)} is that of {rate.named}, {in_dollars(rate.stated)}"
        mend = "build the workbook again with the right place and dates"
    else:
        part = what if rate.field in ("lodging", "total") else f"{rate.field} part of the M&IE"
        said = f"{rate.cell} gives the {part} of {rate.named} as {in_dollars(rate.stated)}"
        mend = "the rates are filled in by the program; build the workbook again"
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.ADJUSTS,
        scope="line",
        where=Where(tuple(dict.fromkeys(line.path for line in lines)), rate.lines, (rate.cell,)),
        citation=case.law.citation(rule, rate.on[0]),
        message=f"{said[0].upper()}{said[1:]}, and {in_dollars(rate.due)} is in force: {mend}.",
        claimed=allowed + effect.line,
        allowed=allowed,
        payment_effect=-effect.payment,
    )


def _scope(check: str, line: Line | None) -> Scope:
    return "cell" if check in (OVERWRITTEN, FOOT) or line is None else "line"


def _said(cell: StatedCell) -> str:
    place = f"{cell.label[0].upper()}{cell.label[1:]} ({cell.cell})"
    if cell.how == "formula":
        gives = "" if cell.stated is None else f", which gives {_shown(cell, cell.stated)} instead of {_due(cell)}"
        return f"{place} holds another formula than the program's, {cell.formula[:80]}{gives}"
    if cell.how == "changed" and cell.label.startswith("the name "):
        found = f"points to {cell.stated}" if cell.stated else "is gone"
        return f"{place} {found}, and belongs to {cell.due}"
    return f"{place} states {_shown(cell, cell.stated)}, and the rules give {_due(cell)}"


def _mend(cell: StatedCell) -> str:
    if cell.how == "changed":
        return "this is filled in by the program; build the workbook again"
    return "put the workbook's own formula back, or build the workbook again"


def _due(cell: StatedCell) -> str:
    return _shown(cell, cell.due)


def _shown(cell: StatedCell, value: Decimal | str | None) -> str:
    """A value as people read it: dollars, a share, a rate a mile, or as it stands."""
    if not isinstance(value, Decimal):
        return f'"{value[:60]}"' if value else "nothing"
    if cell.key in ("mie_percent", "first_last_share"):
        return f"{value.normalize():.0%}"
    if cell.key in ("mileage_rate", "mileage_rates"):
        return f"${value:.3f}".removesuffix("0")
    counts = (
        "number",
        "minutes",
        "nights",
        "hours",
        "stay",
        "days",
        "months",
        "multiple",
        "_on",
        "until",
        "official",
    )
    if any(part in cell.key for part in counts) or value != value.quantize(Decimal("0.01")):
        return f"{value.normalize():f}"
    return in_dollars(value)


def _line(case: Case, cell: StatedCell) -> Line:
    return case.itemized.line(cell.line)
