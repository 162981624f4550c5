"""How a finding names lines and days, and says what was cut, in words a finance clerk reads.

>>> days_said([date(2026, 10, 4), date(2026, 10, 5), date(2026, 10, 6)])
'2026-10-04 to 2026-10-06'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from perdiem_calc.checks.case import Cut
from perdiem_calc.lines import Line
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.wording import capitalized

BORNE = "nothing to mend: the agency bears what is not paid"

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
    "other": "expense",
    "pov_over_comparable": "driving",
}


def listed(items: Sequence[str]) -> str:
    """Items in a row, the last after "and".

    >>> listed(["folio", "mileage log", "approvals"])
    'folio, mileage log and approvals'
    """
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def days_said(days: Iterable[date]) -> str:
    """Days in order, each once, runs of them from first to last.

    >>> days_said([date(2026, 10, 9), date(2026, 10, 4), date(2026, 10, 5)])
    '2026-10-04 to 2026-10-05 and 2026-10-09'
    """
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed([str(run[0]) if run[0] == run[-1] else f"{run[0]} to {run[-1]}" for run in runs])


def lines_said(lines: Sequence[Line]) -> str:
    """What lines are: their kind, days and, other than lodging, their ids. They are of one kind.

    A night and its tax count as one kind.
    """
    days = days_said(line.on for line in lines)
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


def cut_said(cut: Cut, mend: str = "") -> str:
    """What was cut and why, as a sentence: the lines, the amount that is not paid, the reasons, and the mend.

    The reasons of nights stand for those of their taxes.
    """
    lines = list({line.id: line for line, _ in cut}.values())
    before = sum((step.before for _, step in cut), ZERO)
    lost = -sum((step.effect for _, step in cut), ZERO)
    if lost == before:
        amount = f"none of the {in_dollars(before)} is paid"
    else:
        amount = f"{in_dollars(lost)} of {in_dollars(before)} is not paid"
    ending = f"; {mend}" if mend else ""
    return f"{lines_said(lines)}: {amount}, because {_reasons_said(cut)}{ending}."


def _reasons_said(cut: Cut) -> str:
    """Each reason once; one that differs by the night alone is said of each night."""
    rooms = [(line, step) for line, step in cut if line.group == "lodging"]
    reasons = dict.fromkeys(step.why for _, step in rooms or cut)
    of_each = dict.fromkeys(step.why.replace(f"the night of {line.on}", "each night") for line, step in rooms)
    return "; ".join(of_each if len(of_each) == 1 and len(reasons) > 1 else reasons)
