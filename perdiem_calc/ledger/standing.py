"""What became of claims that were sent: decided, by whom, and how much of it is paid, due or void."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.engine import Connection

from perdiem_calc.history.records import EarlierClaim
from perdiem_calc.ledger.paying import Account
from perdiem_calc.ledger.reading import claims_with
from perdiem_calc.money import ZERO


@dataclass(frozen=True, slots=True)
class Standing:
    """A recorded claim, and its money together with that of its corrections; dollars.

    `due` is approved and not paid, below zero where the agency owes it; `moved` was paid, less what came back;
    `voided` waits to be reissued. `numbers` are those of the payments under the claim that are not void.
    """

    claim: EarlierClaim
    due: Decimal
    moved: Decimal
    voided: Decimal
    scheduled_on: date | None
    numbers: tuple[str, ...]

    @property
    def is_paid(self) -> bool:
        """Whether money was paid and nothing is open."""
        return self.moved > ZERO and self.due <= ZERO and not self.voided


def standings(connection: Connection, contents: Iterable[str]) -> dict[str, Standing]:
    """The standing of each content that is on record."""
    return {one.content_sha256: _standing(connection, one) for one in claims_with(connection, contents)}


def _standing(connection: Connection, one: EarlierClaim) -> Standing:
    account = Account(connection, one.number)
    numbers = tuple(made.reference for made in account.payments() if not account.is_void(made))
    return Standing(
        one, account.due, account.moved, sum(account.voided.values(), ZERO), account.scheduled_on, numbers
    )
