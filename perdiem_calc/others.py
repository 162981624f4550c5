"""What bars a claim, or lines of it, that the claim itself cannot tell: other claims, the roster, unreadable cells.

>>> Outside({"E2": Bar("duplicate-document", "receipts", "receipt 88213 was claimed before")}).bars["E2"].check
'duplicate-document'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from perdiem_calc.chp import Block


class Bar(NamedTuple):
    """Why a line is not payable whatever it cost: check and rule ids, and the reason with the mend."""

    check: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands against a claim from outside: bars by line id (N1 bars the night's tax too), and blocks."""

    bars: Mapping[str, Bar] = field(default_factory=lambda: MappingProxyType({}))
    blocks: tuple[Block, ...] = ()
