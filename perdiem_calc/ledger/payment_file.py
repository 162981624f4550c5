"""Payments as people state them: the options of a command, or the lines of a CSV file.

Columns `claim_id`, `number`, `date` and `method`; `status` (paid where it is blank), `amount`, `reason` and `sro` may
follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from perdiem_calc.errors import InputError, InputErrors, PerdiemError
from perdiem_calc.files import CsvTable, content_of, day_in, decoded
from perdiem_calc.ledger.paying import STATUSES, PaymentOrder, PaymentStatus
from perdiem_calc.money import dollars
from perdiem_calc.text import LONGEST_OPTION, listed, why_no_line

REQUIRED = ("claim_id", "number", "date", "method")
OPTIONAL = ("status", "amount", "reason", "sro")


def order_of(stated: Mapping[str, str], line: int = 0) -> PaymentOrder:
    """The payment that these texts state, by the names of the columns. Raises InputError or LedgerError."""
    texts = {name: stated.get(name, "").strip() for name in REQUIRED + OPTIONAL}
    for name, text in texts.items():
        if why := why_no_line(text, LONGEST_OPTION if name != "reason" else None):
            raise InputError("payment.text.invalid", why, where=name)
    if not texts["claim_id"]:
        raise InputError("payment.claim.missing", "is missing", where="claim_id", fix="give the id of the claim")
    return PaymentOrder(
        texts["claim_id"],
        _status(texts["status"] or "paid"),
        texts["number"],
        _day(texts["date"]) if texts["date"] else None,
        texts["method"],
        dollars(texts["amount"]) if texts["amount"] else None,
        texts["reason"],
        _number(texts["sro"]) if texts["sro"] else None,
        line,
    )


def read_payments(path: Path) -> list[PaymentOrder]:
    """The payments in a CSV file. Raises InputErrors with the line of each refusal."""
    try:
        return parse_payments(content_of(path))
    except PerdiemError as error:
        raise error.in_file(path) from None


def parse_payments(content: bytes) -> list[PaymentOrder]:
    """The payments in the content of a CSV file. Raises InputErrors with the line of each refusal."""
    table = CsvTable.of_text(decoded(content))
    named = [name for name in table.plain_names if name]
    missing = [name for name in REQUIRED if name not in named]
    unknown = [name for name in named if name not in REQUIRED + OPTIONAL]
    if missing or unknown:
        what = f"has no column {listed(missing)}" if missing else f"has a column {listed(unknown)}"
        fix = f"use the columns {listed(REQUIRED)}; {listed(OPTIONAL)} may follow"
        raise InputError("payment.column", what, where=f"line {table.header_line}", fix=fix)
    orders: list[PaymentOrder] = []
    wrong: list[InputError] = []
    for line, cells in table.rows():
        try:
            orders.append(order_of(dict(zip(table.plain_names, cells, strict=True)), line))
        except PerdiemError as error:
            wrong.append(
                InputError(error.code, error.what, where=f"line {line}: {_column(error)}".rstrip(": "), fix=error.fix)
            )
    if wrong:
        raise InputErrors(wrong)
    if not orders:
        raise InputError("payment.file.empty", "holds no payment", fix="write a line for each payment")
    return orders


def _column(error: PerdiemError) -> str:
    """The column that an error is about; an option is called as it is on the command line."""
    return {"--on": "date"}.get(error.where, error.where.removeprefix("--"))


def _status(text: str) -> PaymentStatus:
    for status in STATUSES:
        if status == text.casefold():
            return status
    raise InputError(
        "payment.status.unknown",
        f"{text!r} is no status of a payment",
        where="--status",
        fix=f"use {listed(STATUSES)}",
    )


def _day(text: str) -> date:
    day = day_in(text)
    if day is None:
        fix = "write year-month-day, like 2026-12-01"
        raise InputError("payment.day.invalid", f"{text!r} is not a date", where="--on", fix=fix)
    return day


def _number(text: str) -> int:
    if not text.isdecimal():
        raise InputError(
            "payment.officer.invalid",
            f"{text!r} is no number of an SRO",
            where="--sro",
            fix="take one that `show` prints",
        )
    return int(text)
