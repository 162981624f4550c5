"""The limit for each SRO as the ledger itself holds it: entered from the programme's rules, never changed."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger.reading import cents_of, dollars_of
from perdiem_calc.ledger.schema import cap_limit
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import in_dollars

RULE = "chp-cap"


def keep_limits(connection: Connection, law: Law, stamp: Stamp) -> None:
    """Enter the limits of rule `chp-cap` that are new. Raises LedgerError where the ledger has another for the day.

    A ledger may know later limits than the program; they stand.
    """
    query = sa.select(cap_limit.c.effective_from, cap_limit.c.limit_cents)
    held: dict[str, int] = {row.effective_from: row.limit_cents for row in connection.execute(query)}
    for entry in law.rules[RULE].values["limit"].entries:
        if not isinstance(entry.value, Decimal):
            raise TypeError(f"{RULE}.limit is not a decimal number")
        on = entry.effective_from.isoformat()
        if on not in held:
            row = {"effective_from": on, "limit_cents": cents_of(entry.value), "citation": entry.citation}
            connection.execute(cap_limit.insert(), {**row, **stamp.columns})
        elif held[on] != cents_of(entry.value):
            raise LedgerError(
                "ledger.limit.differs",
                f"the limit from {on} is {in_dollars(dollars_of(held[on]))} in the ledger and "
                f"{in_dollars(entry.value)} in this program",
                fix="use the program of the version that the ledger is kept with",
            )
