"""The ledger as files for other programs: every entry as JSON lines, or a table of `accounts` as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.errors import OutputError
from perdiem_calc.files import unwritable, whole_file
from perdiem_calc.ledger.accounts import AccountTable
from perdiem_calc.ledger.reading import dollars_of
from perdiem_calc.ledger.schema import KINDS, TAKEN_BACK, award, claim, decision, metadata, payment, sro

SIGNS = {kind: -1 if kind in TAKEN_BACK else 1 for kind in KINDS}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entries(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every entry of every table, in order; `entry` names the table. Amounts in integer cents, as they are kept."""
    for table in metadata.tables.values():
        for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings():
            yield {"entry": table.name, **row}


def payments(connection: Connection, number: int | None = None) -> Iterator[dict[str, str]]:
    """Every movement, or those of one SRO, with whom and what it was for; dollars, below zero where taken back."""
    query = (
        sa.select(payment, award.c.number, sro.c.officer, claim.c.agency, claim.c.claim_id.label("named"))
        .join(sro, sro.c.id == payment.c.sro_id)
        .join(award, award.c.id == sro.c.award_id)
        .outerjoin(claim, claim.c.id == payment.c.claim_id)
        .order_by(payment.c.id)
    )
    if number is not None:
        query = query.where(payment.c.sro_id == number)
    for row in connection.execute(query).mappings():
        yield {
            "payment": str(row["id"]),
            "sro": str(row["sro_id"]),
            "award_number": row["number"],
            "officer": row["officer"],
            "agency": row["agency"] or "",
            "claim_id": row["named"] or "",
            "amount": str(dollars_of(row["amount_cents"] * SIGNS[row["kind"]])),
            **{name: row[name] for name in ("kind", "counted_on", "paid_on", "reference", "method", "reason")},
            "recorded_at": row["recorded_at"],
            "recorded_by": row["recorded_by"],
        }


def history(connection: Connection, number: int) -> list[dict[str, str]]:
    """The decisions and payments of an SRO in the order of recording; `what` is a verdict, or a payment's kind."""
    query = (
        sa.select(decision, claim.c.claim_id.label("named"))
        .join(claim, claim.c.id == decision.c.claim_id)
        .where(claim.c.sro_id == number)
        .order_by(decision.c.id)
    )
    made = [
        {
            "what": row["verdict"],
            "claim_id": row["named"],
            "amount": "" if row["check_id"] else str(dollars_of(row["amount_cents"])),
            "paid_on": "",
            "reference": "",
            "method": "",
            "reason": "; ".join(filter(None, (row["check_id"], row["place"], row["reason"]))),
            "recorded_at": row["recorded_at"],
            "recorded_by": row["recorded_by"],
        }
        for row in connection.execute(query).mappings()
    ]
    kept = ("claim_id", "amount", "paid_on", "reference", "method", "reason", "recorded_at", "recorded_by")
    moved = [{"what": row["kind"], **{name: row[name] for name in kept}} for row in payments(connection, number)]
    return sorted((*made, *moved), key=lambda entry: entry["recorded_at"])


def write_csv(table: AccountTable, file: TextIO) -> None:
    """Write a table as CSV, a row a line; texts are such that a spreadsheet takes none for a formula."""
    writer = csv.writer(file)
    writer.writerow([column.key for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(row[column.key]) for column in table.columns])


def _cell(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = ", ".join(filter(None, map(str.strip, value.splitlines())))
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_entries(connection: Connection, file: TextIO) -> int:
    """Write every entry as a line of JSON; how many."""
    count = 0
    for entry in entries(connection):
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        count += 1
    return count


@contextmanager
def text_file(target: Path, *, force: bool = False) -> Iterator[TextIO]:
    """A new text file; it is complete or absent. Raises OutputError where it exists (unless `force`)."""
    exists = OutputError(
        "output.exists", "already exists", where=str(target), fix="choose another name, or add --force"
    )
    if target.exists() and not force:
        raise exists
    try:
        with (
            whole_file(target, replaces=force) as scratch,
            open(scratch, "w", encoding="utf-8", newline="") as file,
        ):
            yield file
    except FileExistsError:
        raise exists from None
    except OSError as error:
        raise unwritable(target, error) from None
