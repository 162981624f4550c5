"""Facts outside the claim that bar it or its lines: other claims, the roster, unreadable cells.

>>> Outside({"E2": Bar("duplicate-document", "receipts", "receipt 88213 was claimed before")}).bars["E2"].check
'duplicate-document'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from perdiem_calc.money import ZERO
from perdiem_calc.rules.chp import Block
from perdiem_calc.text import Message


class Bar(NamedTuple):
    """Why a line is not payable whatever it cost: check and rule ids, the reason with the fix, and the line's field
    if that is not its amount.
    """

    check: str
    rule: str
    why: Message
    field: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """Facts outside a claim that bar it: bars by line id (N1 bars the night's tax too), and blocks.

    `paid_before` is what was paid for the officer by NASRO's own records, dollars; None if they do not show it,
    and what the claim states counts. `paid_for_same` is the part of it that was paid for these very expenses, under
    the claims that this one corrects: only the rest is paid. `taken` is what else is used of the limit: other claims
    of the batch take it, or it was paid for an officer who may be this one.
    """

    bars: Mapping[str, Bar] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    paid_before: Decimal | None = None
    paid_for_same: Decimal = ZERO
    taken: Decimal = ZERO

    @property
    def _payments(self) -> tuple[Decimal | None, Decimal, Decimal]:
        return self.paid_before, self.paid_for_same, self.taken

    def has_all_of(self, other: Outside) -> bool:
        """Whether everything that another one holds against the claim is in this one too."""
        payments = self._payments == other._payments
        return payments and other.bars.items() <= self.bars.items() and set(other.blocks) <= set(self.blocks)


NOTHING = Outside()
"""No facts outside the claim bar it."""
