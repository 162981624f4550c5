"""The ledger as files for other programs: every entry as JSON lines, or the payments as a table for Excel."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.errors import OutputError
from perdiem_calc.files import unwritable, whole_file
from perdiem_calc.ledger.reading import dollars_of
from perdiem_calc.ledger.schema import KINDS, TAKEN_BACK, award, claim, decision, metadata, payment, sro

COLUMNS = (
    "payment", "sro", "award_number", "officer", "agency", "claim_id", "kind", "amount", "counted_on", "paid_on",
    "reference", "method", "reason", "recorded_at", "recorded_by",
)  # fmt: skip
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


def export(connection: Connection, target: Path, *, force: bool = False) -> int:
    """Write the ledger to a `.jsonl` file (every entry) or a `.csv` file (the payments); how many rows.

    Raises OutputError where the name ends otherwise, where the file exists (unless `force`) or cannot be written.
    The file is complete or absent.
    """
    writers = {".jsonl": _as_json_lines, ".csv": _as_csv}
    write = writers.get(target.suffix.lower())
    if write is None:
        raise OutputError(
            "output.export.ending", "is neither .jsonl nor .csv", where=str(target), fix="end the name in one of them"
        )
    exists = OutputError(
        "output.exists", "exists already", where=str(target), fix="choose another name, or say --force"
    )
    if target.exists() and not force:
        raise exists
    try:
        with (
            whole_file(target, replaces=force) as scratch,
            open(scratch, "w", encoding="utf-8", newline="") as file,
        ):
            count = write(connection, file)
    except FileExistsError:
        raise exists from None
    except OSError as error:
        raise unwritable(target, error) from None
    return count


def _as_json_lines(connection: Connection, file: TextIO) -> int:
    count = 0
    for entry in entries(connection):
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        count += 1
    return count


def _as_csv(connection: Connection, file: TextIO) -> int:
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    count = 0
    for row in payments(connection):
        writer.writerow({name: value if name == "amount" else _as_text(value) for name, value in row.items()})
        count += 1
    return count


def _as_text(value: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
