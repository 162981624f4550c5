"""What a cell of a submitted workbook states beside what is due there.

>>> is_ours('=IF( a1="Yes",true(),0)', 'IF(A1="Yes",TRUE,0)'), is_ours('=IF(A1="yes",1)', 'IF(A1="Yes",1)')
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils.datetime import from_excel

from perdiem_calc.checks.submission import How, StatedCell, Unit
from perdiem_calc.checks.submission import Value as Stated
from perdiem_calc.money import cents
from perdiem_calc.workbook.form.layout import Area, Kind
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.stored_formulas import normalized, truth_of
from perdiem_calc.workbook.reading.values import FAR

NOISE = Decimal("0.000001")
"""What binary numbers and times of day add, at most."""
UNITS: dict[Kind, Unit] = {
    Kind.AMOUNT: "dollars",
    Kind.PERCENT: "share",
    Kind.MILEAGE_RATE: "dollars a mile",
    Kind.COUNT: "number",
}
"""The unit of each kind of cell; text for every other."""


def is_ours(found: str, ours: str) -> bool:
    """Whether a formula as it was found says the same as ours; spaces, case and how TRUE is written do not count."""
    return found == f"={ours}" or normalized(found.removeprefix("=")) == normalized(ours)


class Due(NamedTuple):
    """A cell that the workbook computes: our formula for it, what the rules give there, and what it is.

    `key`, `label`, `line` and `on` are those of a StatedCell.
    """

    cell: ReadCell
    formula: str
    value: object
    kind: Kind
    key: str
    label: str
    line: str = ""
    on: date | None = None


def computed(due: Due) -> Iterator[StatedCell]:
    """What a computed cell states that is not due; nothing where a program kept no value with our formula.

    One that was cleared states nothing, but what follows from it may differ for that.
    """
    cell, kind = due.cell, due.kind
    how: How = "kept" if cell.is_blank else "typed"
    value = cell.value
    if cell.formula is not None:
        if is_ours(cell.formula, due.formula):
            how = "kept"
            if value_of(value, kind) is None:
                return
        elif (truth := truth_of(cell.formula)) is not None:
            value = truth
        else:
            how = "formula"
    stated, right = value_of(value, kind), value_of(due.value, kind)
    if how != "formula" and (is_same(stated, right) or is_same(right, stated)):
        return
    formula = cell.formula or "" if how == "formula" else ""
    unit = UNITS.get(kind, "text")
    yield StatedCell(due.key, due.label, cell.area.address, right, due.line, due.on, stated, how, formula, unit)


def of_input(cell: ReadCell, typed: object, label: str, *, in_dollars: bool) -> StatedCell:
    """A formula in a cell that a person fills in: what it gives, and what was kept with it."""
    kind, unit = (Kind.AMOUNT, UNITS[Kind.COUNT]) if isinstance(typed, str) else (Kind.DATE, "text")
    gives = Decimal(typed) if isinstance(typed, str) else value_of(typed, kind)
    kept, formula = value_of(cell.value, kind), cell.formula or ""
    if in_dollars:
        unit = UNITS[Kind.AMOUNT]
        kept = cents(kept) if isinstance(kept, Decimal) else kept
    return StatedCell("", label, cell.area.address, gives, stated=kept, how="formula", formula=formula, unit=unit)


def changed(
    cell: ReadCell, due: object, kind: Kind, key: str, label: str, line: str = "", on: date | None = None
) -> Iterator[StatedCell]:
    """What a cell states that the program filled in, where that is something else."""
    stated, right = value_of(cell.value, kind), value_of(due, kind)
    if cell.formula is not None or not is_same(stated, right):
        unit = UNITS.get(kind, "text")
        yield StatedCell(key, label, cell.area.address, right, line, on, stated, "changed", unit=unit)


def moved(name: str, label: str, due: Area, found: Area | None, at: Area | None = None) -> StatedCell:
    """A defined name that points to another cell than its own, or is gone; `at` is where people see that."""
    stated = found.address if found is not None else None
    place = at or due.first
    return StatedCell(name, label, place.address, due.address, stated=stated, how="moved", unit="text")


def value_of(value: object, kind: Kind = Kind.AMOUNT) -> Stated | None:
    """A value as it is compared and told: a number, or a text; None for nothing.

    A date is a text, and so is a number that is none of a claim.
    """
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if kind is Kind.DATE and 0 < value < FAR:
            return _date_of(value)
        return Decimal(repr(value)) if abs(value) < FAR else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if kind is Kind.DATE and isinstance(value, time):
        return "no date"
    if isinstance(value, date | time):
        return value.isoformat(*((" ", "minutes") if isinstance(value, datetime) else ()))
    return str(value).strip() or None


def is_same(stated: Stated | None, due: Stated | None) -> bool:
    """Whether two values are the same but for what binary numbers add; zero is as good as nothing."""
    if isinstance(stated, Decimal) and isinstance(due, Decimal):
        return abs(stated - due) < NOISE
    if isinstance(stated, Decimal) and due is None:
        return stated == 0
    return stated == due


def _date_of(serial: float) -> Stated | None:
    try:
        moment = from_excel(serial)
    except (ValueError, OverflowError):
        return repr(serial)
    return value_of(moment) if isinstance(moment, datetime) else repr(serial)
