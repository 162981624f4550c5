"""The audit report: one workbook of all claims that were audited, for the reviewer and the finance officer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from perdiem_calc.audited import AuditedClaim, Unreadable


def write_report(
    path: Path,
    audited: Sequence[AuditedClaim],
    unreadable: Sequence[Unreadable],
    *,
    as_of: date,
    force: bool = False,
) -> None:
    """Write the report on some claims and on the files that could not be read, in the order given.

    `as_of` is the day the claims were audited for. The same input gives the same bytes.

    Raises OutputError where it cannot be written, or is there already and `force` does not say to replace it; nothing
    half-written is left behind.
    """
    raise NotImplementedError
