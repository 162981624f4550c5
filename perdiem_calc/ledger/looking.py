"""What a ledger is, without touching it: where, of which version, how much is in it, whether it may be written."""

from __future__ import annotations

import os
from dataclasses import dataclass

import sqlalchemy as sa

from perdiem_calc.ledger.address import Address
from perdiem_calc.ledger.migrations import NEWEST
from perdiem_calc.ledger.schema import claim, payment, sro
from perdiem_calc.ledger.store import Store, read_version


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a ledger. An older `version` than the `newest` is brought forward when it is next used.

    `writable` is None for a server, which says so only when it is written to.
    """

    shown: str
    version: int
    newest: int
    sros: int
    claims: int
    payments: int
    writable: bool | None


def look(place: str) -> Look:
    """Look at the ledger at a place; nothing is begun, brought forward or written. Raises LedgerError as `open`."""
    address = Address.of(place)
    store = Store.open(address)
    try:
        with store.reading() as connection:
            version = read_version(connection)
            counts = [
                connection.execute(sa.select(sa.func.count()).select_from(table)) for table in (sro, claim, payment)
            ]
            sros, claims, payments = (int(count.scalar_one()) for count in counts)
    finally:
        store.close()
    writable = os.access(address.file, os.W_OK) if address.file is not None else None
    return Look(address.shown, version, NEWEST, sros, claims, payments, writable)
