"""What a submitted workbook states in addition to the claim: other amounts, and cells that cannot be read.

A computed cell that was typed over, or holds another formula, states an amount of its own; the checks compare it with
the one that the rules give. Where it holds our formula, the value kept with it is what its sender saw.

>>> ceiling = StatedCell("lodging_ceiling", "Lodging ceiling", "Days!I5", Decimal("145.00"), stated=Decimal("199.00"))
>>> ceiling.excess
Decimal('54.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from perdiem_calc.money import ZERO

Value = Decimal | str
"""An amount in dollars, a number, or a text."""

Unit = Literal["dollars", "dollars a mile", "share", "number", "text"]
"""What a cell holds. A date is a text, written year-month-day."""

How = Literal["typed", "formula", "changed", "moved", "kept"]
"""A value typed over a formula, another formula, a locked cell that the program had filled in and that was changed,
a defined name that points elsewhere, or our own formula with another value kept in its cell.
"""


@dataclass(frozen=True, slots=True)
class StatedCell:
    """A cell of the program that is not as the program writes it.

    `key` is what a column of Days or Expenses states (`lodging_ceiling`), the defined name of a cell (`payable`), or
    what was changed on the sheet Rates (`rates.amount`); `label` what people see above or next to it; `cell` its
    address. `due` is what the rules give there, None where they give nothing or it is not known; `stated` what it
    holds, None for nothing. `line` is the id of the line it belongs to, empty on the claim; `on` the line's day.
    `formula` is the other formula, if one is there.
    """

    key: str
    label: str
    cell: str
    due: Value | None
    line: str = ""
    on: date | None = None
    stated: Value | None = None
    how: How = "typed"
    formula: str = ""
    unit: Unit = "dollars"

    @property
    def excess(self) -> Decimal:
        """The stated amount less the right amount, dollars; a blank counts as zero.

        Zero also if either side is a text.
        """
        stated, due = self.stated or ZERO, self.due or ZERO
        return stated - due if isinstance(stated, Decimal) and isinstance(due, Decimal) else ZERO


@dataclass(frozen=True, slots=True)
class StatedRate:
    """A per diem rate of another place, which the workbook's formulas use. Dollars.

    `is_lodging` says whether it is a lodging rate or M&IE; `stated` and `due` are its amounts, by `lodging` or by
    those of the M&IE tier (`total` first, `breakfast`). `lines` are the lines priced with it, `on` the days that it
    is used for. `named` is the place that the workbook has chosen, in `cells`.
    """

    is_lodging: bool
    cells: tuple[str, ...]
    named: str
    stated: Mapping[str, Decimal]
    due: Mapping[str, Decimal]
    lines: tuple[str, ...]
    on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the workbook shows by the program's own formulas, where that is not what the rules give.

    `first` are the cells where the difference begins, `cells` their addresses, blocks of them together; `total` is
    the total that it leads to, as the sender saw it, or the first of `first` where it reaches none.
    """

    first: tuple[StatedCell, ...]
    cells: tuple[str, ...]
    total: StatedCell


@dataclass(frozen=True, slots=True)
class Concealed:
    """Cells in which a person does not see what they hold, for one cause.

    `first` is the first of them with what it holds, `cells` the addresses of all, blocks of them together; `how` says
    what a person sees instead, or why nothing.
    """

    first: StatedCell
    cells: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a submission that bars it: the check's id, where it is, what is wrong, how to fix it.

    The check is `malformed`, `stops-not-continuous` or `rate-unresolved`.
    """

    check: str
    where: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submitted workbook states in addition to the claim: see StatedCell, StatedRate, Refused, Shown.

    `unread` are the cells that cannot be read, so that what they state was left out of the claim. `formulas` are
    those in cells that a person fills in, each with what it gives as due, and the value kept with it as stated.
    `concealed` is what a person does not see as it is.
    """

    cells: tuple[StatedCell, ...] = ()
    rates: tuple[StatedRate, ...] = ()
    refused: tuple[Refused, ...] = ()
    unread: tuple[str, ...] = ()
    shown: Shown | None = None
    formulas: tuple[StatedCell, ...] = ()
    concealed: tuple[Concealed, ...] = ()
