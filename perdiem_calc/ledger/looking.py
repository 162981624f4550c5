"""Facts about a ledger, without changing it: its place, version and size, and whether it may be written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from perdiem_calc.ledger.address import Address
from perdiem_calc.ledger.reading import dollars_of
from perdiem_calc.ledger.schema import VERSION, claim, effect, payment, sro
from perdiem_calc.ledger.store import Store
from perdiem_calc.money import in_dollars
from perdiem_calc.text import counted


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a ledger.

    `writable` is None for a server, which says so only when it is written to.
    """

    shown: str
    version: int
    sros: int
    claims: int
    payments: int
    used: Decimal
    paid: Decimal
    writable: bool | None

    @property
    def counts(self) -> dict[str, int | str]:
        """How much is in it, for programs; dollars as text."""
        return {
            "officers": self.sros,
            "claims": self.claims,
            "payments": self.payments,
            "used": str(self.used),
            "paid": str(self.paid),
        }

    @property
    def content(self) -> str:
        """How much is in it, to read."""
        officers, claims = counted(self.sros, "officer"), counted(self.claims, "claim")
        payments = f"{counted(self.payments, 'payment')}, {in_dollars(self.paid)} paid"
        return f"{officers}, {claims}, {in_dollars(self.used)} used of the limits; {payments}"


def look(place: str) -> Look:
    """Look at the ledger at a place; nothing is begun or written. Raises LedgerError as `open`."""
    address = Address.of(place)
    store = Store.open(address)
    try:
        with store.reading() as connection:
            made = sa.select(payment.c.id).where(payment.c.kind.in_(["paid", "reissued"]))
            counts = [
                connection.execute(sa.select(sa.func.count()).select_from(rows))
                for rows in (sro, claim, made.subquery())
            ]
            sros, claims, payments = (int(count.scalar_one()) for count in counts)
            totals = [sa.func.coalesce(sa.func.sum(effect(name, payment)), 0) for name in ("counted", "moved")]
            used, paid = (dollars_of(int(total)) for total in connection.execute(sa.select(*totals)).one())
    finally:
        store.close()
    writable = os.access(address.file, os.W_OK) if address.file is not None else None
    return Look(address.shown, VERSION, sros, claims, payments, used, paid, writable)
