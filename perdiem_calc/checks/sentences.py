"""How a finding names lines and days, and what was cut, in words a finance clerk reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perdiem_calc.checks.case import Cut
from perdiem_calc.claims.model import Expense
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rules.lines import Line, Step
from perdiem_calc.text import Message, Worded, capitalized, describe_days, on_one_line, worded

BORNE = "no action needed: the agency bears what is not paid"

_NAMES = {
    "rail_bus": "rail or bus fare",
    "seat_fee": "seat fee",
    "pov_mileage": "mileage",
    "pov_fuel": "fuel",
    "agency_vehicle_fuel": "fuel of the agency vehicle",
    "rental_car": "rental car",
    "rental_fuel": "fuel of the rental car",
    "rental_insurance": "rental insurance",
    "resort_fee": "resort fee",
    "lodging_fee": "hotel charge",
    "other": "expense",
    "over_constructive_cost": "another way of travel",
}


def describe_lines(lines: Sequence[Line]) -> str:
    """What lines are: their kind, days and, other than lodging, their ids. They are of one kind.

    A night and its tax count as one kind.
    """
    days = describe_days(line.on for line in lines)
    groups = {line.group for line in lines}
    nights = {line.on for line in lines}
    if groups == {"lodging_tax"}:
        return f"Lodging tax of {days}"
    if "lodging" in groups:
        tax = " with its tax" if "lodging_tax" in groups else ""
        return f"Lodging of the {'night' if len(nights) == 1 else 'nights'} of {days}{tax}"
    ids = ", ".join(line.id for line in lines)
    if groups == {"mie"}:
        return f"M&IE of {days} ({ids})"
    name = _NAMES.get(lines[0].category, lines[0].category)
    return f"{capitalized(name)} of {days} ({ids})"


def describe_cut(cut: Cut, fix: str = "") -> Message:
    """What was cut and why, as a sentence: the lines, the amount that is not paid, the reasons, and the fix.

    The reason of a night is also that of its tax.
    """
    lines = list({line.id: line for line, _ in cut}.values())
    before = sum((step.before for _, step in cut), ZERO)
    lost = -sum((step.effect for _, step in cut), ZERO)
    if lost == before:
        amount = f"none of the {in_dollars(before)} is paid"
    else:
        amount = f"{in_dollars(lost)} of {in_dollars(before)} is not paid"
    ending = f"; {fix}" if fix else ""
    reasons = Worded(
        _describe_reasons(cut, lambda step: step.why), _describe_reasons(cut, lambda step: step.to_agency or step.why)
    )
    return worded(f"{describe_lines(lines)}: {amount}, because ", reasons, f"{ending}.")


def _describe_reasons(cut: Cut, why: Callable[[Step], str]) -> str:
    """Each reason once; one that differs only by the night is repeated for each night."""
    rooms = [(line, step) for line, step in cut if line.group == "lodging"]
    reasons = dict.fromkeys(why(step) for _, step in rooms or cut)
    of_each = dict.fromkeys(why(step).replace(f"the night of {line.on}", "each night") for line, step in rooms)
    return "; ".join(of_each if len(of_each) == 1 and len(reasons) > 1 else reasons)


def quoted(expense: Expense) -> str:
    """What an expense says of itself, for a person who decides: its description and justification, quoted.

    Empty where it says nothing.
    """
    texts = [on_one_line(text, 1000) for text in (expense.description, expense.justification) if text]
    return f' (it says "{"; ".join(texts)}")' if texts else ""
