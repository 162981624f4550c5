"""What a cell of a submitted workbook states beside what is due there.

>>> is_ours('=IF( a1="Yes",true(),0)', 'IF(A1="Yes",TRUE,0)'), is_ours('=IF(A1="yes",1)', 'IF(A1="Yes",1)')
(True, False)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

from openpyxl.utils.datetime import from_excel

from perdiem_calc.submission import How, StatedCell, Unit
from perdiem_calc.submission import Value as Stated
from perdiem_calc.workbook.layout import Area, Kind
from perdiem_calc.workbook.opening import ReadCell
from perdiem_calc.workbook.values import FAR

NOISE = Decimal("0.000001")
"""What binary numbers and times of day add, at most."""
UNITS: dict[Kind, Unit] = {
    Kind.AMOUNT: "dollars",
    Kind.PERCENT: "share",
    Kind.MILEAGE_RATE: "dollars a mile",
    Kind.COUNT: "number",
    Kind.HOURS: "number",
}
"""The unit of each kind of cell; text for every other."""

TRUTHS = {"TRUE": True, "FALSE": False}
"""Formulas that are no more than a value typed: so LibreOffice writes it."""

_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_CALLED_TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)")


def is_ours(found: str, ours: str) -> bool:
    """Whether a formula as it was found says the same as ours; spaces, case and how TRUE is written do not count."""
    return found == f"={ours}" or _normalised(found.removeprefix("=")) == _normalised(ours)


def _normalised(formula: str) -> str:
    parts = _TEXTS.split(formula)
    parts[::2] = ["".join(part.upper().split()).replace("_XLFN.", "") for part in parts[::2]]
    parts[::2] = [_CALLED_TRUTH.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def computed(
    cell: ReadCell,
    ours: str,
    due: Callable[[], object],
    kind: Kind,
    key: str,
    label: str,
    line: str = "",
    on: date | None = None,
) -> Iterator[StatedCell]:
    """What a computed cell states beside our formula; nothing where it holds it, or is blank."""
    how: How = "typed"
    value = cell.value
    if cell.formula is not None:
        if is_ours(cell.formula, ours):
            return
        said = _normalised(cell.formula.removeprefix("="))
        if said in TRUTHS:
            value = TRUTHS[said]
        else:
            how = "formula"
    elif cell.is_blank:
        return
    stated, right = value_of(value, kind), value_of(due(), kind)
    if how == "typed" and is_same(stated, right):
        return
    unit = UNITS.get(kind, "text")
    formula = cell.formula or "" if how == "formula" else ""
    yield StatedCell(key, label, cell.area.address, right, line, on, stated, how, formula, unit)


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
