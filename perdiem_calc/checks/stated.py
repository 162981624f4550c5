"""Findings on a submitted workbook: amounts that differ from what the rules give, and cells that cannot be read.

Each cell that is not as the program writes it belongs to exactly one check: that of the rule which gives its amount,
or `formula-overwritten` where the cell has no rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from perdiem_calc.checks.case import Case, payment_effect
from perdiem_calc.checks.cell_wording import describe_cell, describe_rates, describe_shown
from perdiem_calc.checks.effects import ALLOWED, AT_TOP, Effect, effect_of_cell, effect_of_rates
from perdiem_calc.checks.finding import Finding, Scope, Severity, Where
from perdiem_calc.checks.submission import Refused, Shown, StatedCell, StatedRate, Value
from perdiem_calc.claims.trip import NOT_CONTINUOUS
from perdiem_calc.dated import Law
from perdiem_calc.money import ZERO
from perdiem_calc.rules.days import DayKind
from perdiem_calc.rules.lines import Line, index_of
from perdiem_calc.rules.mie import NOT_DEDUCTED, meal_value
from perdiem_calc.text import capitalized

LODGING_RATE, MIE_RATE = "lodging-rate-not-in-force", "mie-rate-not-in-force"
MILEAGE_RATE, RATE_EDITED = "mileage-rate-not-in-force", "rate-edited"
OVERWRITTEN, FOOT, PERCENT = "formula-overwritten", "total-does-not-foot", "mie-day-percent"
PAID_BEFORE = "earlier-payment-differs"

OF_LODGING = frozenset({"lodging_allowed", "tax_allowed"})
MIE_ALLOWED = "mie_allowed"
MIE_SHARES = frozenset({"mie_percent", "day_type"})
TYPED = {
    "lodging_ceiling": LODGING_RATE,
    "mie_rate": MIE_RATE,
    "mileage_rate": MILEAGE_RATE,
    "day_total": FOOT,
    "previously_reimbursed": PAID_BEFORE,
}
"""The check of a computed cell that was typed over, where it is always the same."""
CHANGED = {
    **dict.fromkeys(("rates.amount", "rates.area", "rates.zip"), RATE_EDITED),
    **dict.fromkeys(("tier_key", "tier_breakfast", "tier_lunch", "tier_dinner", "tier_incidental"), RATE_EDITED),
    **dict.fromkeys(("mileage_from", "mileage_rate", "mileage_low"), MILEAGE_RATE),
}
"""The check of a figure that the program filled in and that was changed; any other is `formula-overwritten`."""
LIMITS = frozenset({"payable", "cap_limit", "cap_left"})
CUTS = {"credits_allowed_total": "credit-applied"}
"""Reductions of the claim as a whole, and the check that reports each."""

RULES = {
    LODGING_RATE: "lodging-ceiling",
    MIE_RATE: "mie-first-last-day",
    PERCENT: "mie-first-last-day",
    MILEAGE_RATE: "pov-mileage",
    RATE_EDITED: "per-diem-locality",
    "complimentary-meal-deducted": "complimentary-meal-not-deducted",
    "rate-unresolved": "per-diem-locality",
    NOT_CONTINUOUS: "per-diem-locality",
    "cap-applied": "chp-cap",
    PAID_BEFORE: "chp-cap",
    "credit-applied": "credits",
    "personal-day-paid": "personal-days",
    "over-constructive-cost": "constructive-cost",
    "short-trip": "entitlement-12-hours",
}
"""The rule behind a check of this module where no step of a line names it."""
ITEMIZED = "chp-itemized-claim"
"""The rule behind every other."""

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
        "over-constructive-cost",
        "fare-class",
        "seat-fee",
        "extra-bag",
        "terminal-parking",
        "not-allowable",
        "receipt-total-differs",
        "credit-applied",
        "other-payer",
    }
)
"""Checks that inform of a reduction, and adjust where the workbook states the amount without it."""

_NAMES = re.compile(r"""("[^"]*"|'[^']*')|\b[a-z]+(?:_[a-z]+)+\b""")


def stated(case: Case, check: str) -> Iterator[Finding]:
    """What the submission states under a check's id, a finding a cell; nothing for a claim that is no workbook.

    Rates of another place share one finding: they have one cause.
    """
    if case.submission is None:
        return
    for cell in case.submission.cells:
        if check_of(case, cell) == check:
            yield _of_cell(case, check, cell)
    rates = [rate for rate in case.submission.rates if check_of_rate(rate) == check]
    if rates:
        yield _of_rates(case, check, rates)


def shown(case: Case) -> Iterator[Finding]:
    """The totals that a workbook shows by its own formulas, where those are not what the rules give: one finding."""
    if case.submission is not None and case.submission.shown is not None:
        yield _of_shown(case, case.submission.shown)


def refused(case: Case, check: str) -> Iterator[Finding]:
    """What of the submission was refused under a check's id."""
    if case.submission is not None:
        found = [one for one in case.submission.refused if one.check == check]
        yield from findings_of(found, case.law, case.claim.trip.returned_on, case)


def findings_of(refused: Sequence[Refused], law: Law, on: date, case: Case | None = None) -> Iterator[Finding]:
    """Refusals as findings; without a case the claim could not be computed, and no amount is known.

    Days and stops that do not fit together are one finding: it is one trip.
    """
    of_trip = [one for one in refused if one.check == NOT_CONTINUOUS]
    if of_trip:
        yield _of_refused(of_trip, law, on, case)
    for one in refused:
        if one.check != NOT_CONTINUOUS:
            yield _of_refused([one], law, on, case)


def _of_refused(refused: Sequence[Refused], law: Law, on: date, case: Case | None) -> Finding:
    check, places = refused[0].check, tuple(dict.fromkeys(one.where for one in refused))
    rule = RULES.get(check, ITEMIZED)
    is_cell = "!" in places[0]
    told = dict.fromkeys(f"{one.what}; {one.fix}" if one.fix else one.what for one in refused)
    said = _in_words("; ".join(told))
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.BLOCKS,
        scope="cell" if is_cell else "claim",
        where=Where(places, cells=places if is_cell else ()),
        citation=law.citation(rule, on),
        message=f"{capitalized(said)}.",
        claimed=case.itemized.within_limit if case is not None else ZERO,
        allowed=ZERO,
        payment_effect=payment_effect(case, without_block=check) if case is not None else ZERO,
    )


def _in_words(text: str) -> str:
    """A text with the fields' names as words; quoted parts stay as they are."""
    return _NAMES.sub(lambda match: match[1] or match[0].replace("_", " "), text)


# --- which check ----------------------------------------------------------------------------------------------------


def check_of(case: Case, cell: StatedCell) -> str:
    """The one check that a cell belongs to."""
    if cell.how in ("formula", "moved"):
        return OVERWRITTEN
    if cell.how == "changed":
        return CHANGED.get(cell.key, OVERWRITTEN)
    if cell.key in TYPED:
        return TYPED[cell.key]
    if not cell.line:
        return _check_of_total(case, cell)
    line = case.itemized.line(cell.line)
    if line.group == "mie":
        return _check_of_day(case, cell, line)
    if cell.key in ALLOWED and cell.excess > 0:
        return _check_of_reduction(line, cell) or OVERWRITTEN
    return OVERWRITTEN


def _check_of_total(case: Case, cell: StatedCell) -> str:
    if not isinstance(cell.due, Decimal) or cell.unit != "dollars":
        return OVERWRITTEN
    if cell.excess > 0 and cell.due < 0 and cell.key in CUTS:
        return CUTS[cell.key]
    if cell.key.removeprefix(AT_TOP) in LIMITS and _overstates_the_limit(case, cell):
        return "cap-applied"
    return OVERWRITTEN if cell.key == "cap_limit" else FOOT


def _overstates_the_limit(case: Case, cell: StatedCell) -> bool:
    """Whether more is stated than the limit leaves of what is allowable."""
    is_payable = cell.key.removeprefix(AT_TOP) == "payable"
    overstated = _number(cell.stated) - case.itemized.within_limit if is_payable else cell.excess
    return case.itemized.totals.over_cap > 0 and overstated > 0


def _number(value: Value | None) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


def _check_of_day(case: Case, cell: StatedCell, line: Line) -> str:
    """A day's M&IE that is not the rule's, for its share, its meals, or a personal or short day; or its lodging."""
    day = case.itemized.days[index_of(line.id)]
    if cell.key not in (MIE_ALLOWED, *MIE_SHARES, *OF_LODGING):
        return OVERWRITTEN
    if day.kind is DayKind.PERSONAL:
        return "personal-day-paid"
    if cell.key in OF_LODGING:
        return OVERWRITTEN
    if day.kind in (DayKind.TOO_SHORT, DayKind.NO_TIMES, DayKind.HOME):
        return "short-trip"
    if cell.key in MIE_SHARES:
        return PERCENT
    if _deducts_complimentary(case, cell, line):
        return "complimentary-meal-deducted"
    if cell.excess > 0:
        return _check_of_reduction(line, cell) or PERCENT
    return PERCENT


def _deducts_complimentary(case: Case, cell: StatedCell, line: Line) -> bool:
    """Whether just the meals that a hotel or carrier gave, or some of them, are missing in a day's M&IE."""
    day = case.itemized.days[index_of(line.id)]
    meals = case.claim.meals_on(day.on)
    if meals is None or day.mie_rate is None:
        return False
    tier = day.mie_rate.mie
    values = [meal_value(tier, meal) for meal, by in meals.by_meal().items() if by in NOT_DEDUCTED]
    some = (sum(of, ZERO) for count in range(1, len(values) + 1) for of in combinations(values, count))
    lacking = -cell.excess
    return any(lacking == value or (cell.stated == tier.incidental and 0 < lacking < value) for value in some)


def _check_of_reduction(line: Line, cell: StatedCell) -> str:
    """The check of the reduction without which the line is stated; empty where none fits."""
    steps = [step for step in line.steps if step.check in REDUCES_WITHOUT_BAR]
    fitting = [step for step in steps if step.before == cell.stated]
    return next((step.check for step in (*fitting, *steps)), "")


def check_of_rate(rate: StatedRate) -> str:
    """The one check that a rate belongs to."""
    return LODGING_RATE if rate.is_lodging else MIE_RATE


# --- the findings ---------------------------------------------------------------------------------------------------


def _of_cell(case: Case, check: str, cell: StatedCell) -> Finding:
    effect = effect_of_cell(case, cell)
    lines = _lines_of(case, cell)
    claimed, allowed = _amounts(case, check, cell, lines, effect)
    rule = _rule(check, lines)
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.ADJUSTS,
        scope=_scope(check, lines),
        where=Where((lines[0].path if lines else cell.key,), tuple(line.id for line in lines), (cell.cell,)),
        citation=case.law.citation(rule, cell.on if lines and cell.on else case.claim.trip.returned_on),
        message=(said := describe_cell(check, cell, lines[0] if lines else None)).reviewer,
        to_agency=said.agency,
        claimed=claimed,
        allowed=allowed,
        payment_effect=-effect.payment,
    )


def _of_shown(case: Case, found: Shown) -> Finding:
    total = found.total
    claimed, allowed = _amounts(case, FOOT, total, (), Effect()) if total.unit == "dollars" else (ZERO, ZERO)
    return Finding(
        check=FOOT,
        rule=ITEMIZED,
        severity=Severity.ADJUSTS,
        scope="cell",
        where=Where((total.key,), (), found.cells if total in found.first else (*found.cells, total.cell)),
        citation=case.law.citation(ITEMIZED, case.claim.trip.returned_on),
        message=(said := describe_shown(found)).reviewer,
        to_agency=said.agency,
        claimed=claimed,
        allowed=allowed,
        payment_effect=-effect_of_cell(case, total).payment,
    )


def _lines_of(case: Case, cell: StatedCell) -> tuple[Line, ...]:
    """The lines that a cell bears on: its own, and with the limit of a room the tax too."""
    if not cell.line:
        return ()
    own = case.itemized.line(cell.line)
    with_tax = cell.key == "lodging_ceiling" and own.group == "lodging"
    return (own, case.itemized.line(f"T{cell.line[1:]}")) if with_tax else (own,)


def _amounts(
    case: Case, check: str, cell: StatedCell, lines: Sequence[Line], effect: Effect
) -> tuple[Decimal, Decimal]:
    """Claimed and allowed: of a total as stated, of lines, or of all that is allowable."""
    is_total = check == FOOT or (not lines and cell.unit == "dollars" and cell.how != "changed")
    if is_total and isinstance(cell.due, Decimal):
        return (cell.due if cell.stated is None else cell.due + cell.excess), cell.due
    allowed = sum((line.amount_allowed for line in lines), ZERO) if lines else case.itemized.totals.allowable
    return (allowed + effect.line, allowed) if lines or effect.line else (ZERO, ZERO)


def _of_rates(case: Case, check: str, rates: Sequence[StatedRate]) -> Finding:
    effect = effect_of_rates(case, rates)
    ids = {line for rate in rates for line in rate.lines}
    lines = [line for line in case.itemized.lines if line.id in ids]
    allowed = sum((line.amount_allowed for line in lines), ZERO)
    rule = RULES[check]
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.ADJUSTS,
        scope="line" if lines else "cell",
        where=Where(
            tuple(dict.fromkeys(line.path for line in lines)) or ("trip.stops",),
            tuple(line.id for line in lines),
            tuple(dict.fromkeys(cell for rate in rates for cell in rate.cells)),
        ),
        citation=case.law.citation(rule, rates[0].on[0]),
        message=(said := describe_rates(rates)).reviewer,
        to_agency=said.agency,
        claimed=allowed + effect.line,
        allowed=allowed,
        payment_effect=-effect.payment,
    )


def _rule(check: str, lines: Sequence[Line]) -> str:
    of_line = (step.rule for line in lines for step in line.steps if step.check == check)
    return next(of_line, RULES.get(check, ITEMIZED))


def _scope(check: str, lines: Sequence[Line]) -> Scope:
    if check in (OVERWRITTEN, FOOT):
        return "cell"
    if lines:
        return "line"
    return "claim" if check in ("cap-applied", PAID_BEFORE, *CUTS.values()) else "cell"
