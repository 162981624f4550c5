"""What a submitted workbook states beside the claim: amounts that are not the program's, and what cannot be read.

A computed cell that holds our formula states nothing of its own. One that was typed over, or holds another formula,
states an amount; the checks compare it with the one that the rules give.

>>> ceiling = StatedCell("lodging_ceiling", "Lodging ceiling", "Days!I5", Decimal("145.00"), stated=Decimal("199.00"))
>>> ceiling.excess
Decimal('54.00')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from perdiem_calc.money import ZERO

Value = Decimal | str
"""An amount in dollars, a number, or a text."""

How = Literal["typed", "formula", "changed"]
"""A value typed over a formula, another formula, or a locked cell of the program with another value."""


@dataclass(frozen=True, slots=True)
class StatedCell:
    """A cell of the program that is not as the program writes it.

    `key` is the column's key on Days or Expenses (`lodging_ceiling`), or the defined name of a cell (`payable`);
    `label` what people see above or beside it; `cell` its address. `due` is what the rules give there, `stated` what
    stands there (None: nothing). `line` is the id of the line it belongs to, empty on the claim; `on` the line's day.
    `formula` is the other formula, if one is there.
    """

    key: str
    label: str
    cell: str
    due: Value
    line: str = ""
    on: date | None = None
    stated: Value | None = None
    how: How = "typed"
    formula: str = ""

    @property
    def excess(self) -> Decimal:
        """What is stated above what is due, dollars; below it negative, zero where either is no amount."""
        if isinstance(self.stated, Decimal) and isinstance(self.due, Decimal):
            return self.stated - self.due
        return ZERO


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A per diem rate that the workbook's formulas use and that is not the one in force.

    `field` says which amount differs: `lodging`, or one of the M&IE tier (`total`, `breakfast`); `cell` is the cell on Rates; `lines` the lines priced with it, `on` their days.
    `named` is the locality, month and fiscal year that the workbook gives it; `is_other` says that this is another
    place's, month's or year's than is due, otherwise the amount itself was changed. Dollars.
    """

    field: str
    cell: str
    named: str
    stated: Decimal
    due: Decimal
    lines: tuple[str, ...]
    on: tuple[date, ...]
    is_other: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a submission that bars it: the check's id, where it stands, what is wrong, how to mend it.

    The check is `malformed`, `stops-not-continuous` or `rate-unresolved`.
    """

    check: str
    where: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submitted workbook states beside the claim: see StatedCell, StatedRate, Refused."""

    cells: tuple[StatedCell, ...] = ()
    rates: tuple[StatedRate, ...] = ()
    refused: tuple[Refused, ...] = ()
