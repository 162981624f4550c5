"""Reads back what the reviewer filled in on an audited copy: the decisions on Findings, NASRO's box on Claim.

Nothing else is read here: the claim of the copy is audited anew before anything is concluded (see `reviewed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.known import Verdict
from perdiem_calc.money import dollars
from perdiem_calc.reviewed import FindingDecision, ReviewedClaim
from perdiem_calc.workbook import layout, values
from perdiem_calc.workbook.claim_page import FOR_NASRO
from perdiem_calc.workbook.columns import DECISIONS, FINDINGS
from perdiem_calc.workbook.layout import FIRST_ROW, HEADER_ROW, Area, name_of
from perdiem_calc.workbook.opening import OpenBook, ReadCell, open_book
from perdiem_calc.workbook.values import Unfit

READ = ("check", "where", "message", "decision", "decision_reason")
"""The columns of Findings that are read."""


def read_decisions(path: Path) -> ReviewedClaim:
    """What a reviewer filled in on an audited copy, in a file that is never trusted.

    A finding without a decision is passed over, whatever else stands beside it; a blank box of NASRO's says nothing.

    Raises InputError where the file is no claim workbook, or not safe to read; InputErrors with every cell that is
    refused: a word that is no decision, an adjust without a reason, an amount that is none or has three decimals.
    """
    book = open_book(path, (layout.CLAIM, layout.FINDINGS))
    if book.named("claim_id") is None or layout.FINDINGS not in book.cells:
        raise InputError("is not an audited copy of a claim", mend="name a copy that the audit wrote")
    reading = _Reading(book)
    found = ReviewedClaim(
        source=str(path),
        claim_id=str(reading.box("claim_id", values.text) or ""),
        decisions=tuple(reading.decisions()),
        approved_amount=reading.box(f"{FOR_NASRO}approved_amount", _amount),
        approved_by=reading.box(f"{FOR_NASRO}approved_by", values.text) or "",
        approved_on=reading.box(f"{FOR_NASRO}approved_on", _day),
        payment_number=reading.box(f"{FOR_NASRO}payment_number", values.text) or "",
        amount_cell=reading.where(f"{FOR_NASRO}approved_amount"),
    )
    if reading.refused:
        raise InputErrors(reading.refused)
    return found


@dataclass
class _Reading:
    """One copy being read, and the cells that were refused."""

    book: OpenBook
    refused: list[InputError] = field(default_factory=list)

    def box(self, path: str, reader: Callable[[object], Any]) -> Any:
        """What stands in a cell of the sheet Claim; None where it is blank, not there, or refused."""
        cell = self.book.named(name_of(path))
        return None if cell is None else self._value(cell, reader)

    def where(self, path: str) -> str:
        """The address of a cell of the sheet Claim."""
        cell = self.book.named(name_of(path))
        return layout.CLAIM if cell is None else _address(cell)

    def decisions(self) -> Iterator[FindingDecision]:
        """The decisions that were made, row by row."""
        columns = self._columns()
        rows = sorted({row for row, _ in self.book.cells[layout.FINDINGS] if row >= FIRST_ROW})
        for row in rows if columns else ():
            cells = {key: self.book.cell(layout.FINDINGS, row, columns[key]) for key in READ}
            if not cells["decision"].is_blank and (found := self._decision(cells)) is not None:
                yield found

    def _columns(self) -> dict[str, int]:
        """Where the columns are, by their headers; nothing where one of them is gone."""
        headers: dict[str, int] = {}
        for (row, place), cell in self.book.cells[layout.FINDINGS].items():
            if row == HEADER_ROW:
                headers.setdefault(str(cell.value).strip(), place)
        for key in READ:
            header = FINDINGS.column(key).header
            if header not in headers:
                area = Area.cell(layout.FINDINGS, HEADER_ROW, FINDINGS.places[key])
                self._refuse(area.address, f'the column "{header}" is missing', "fill in the copy that was written")
                return {}
        return {key: headers[FINDINGS.column(key).header] for key in READ}

    def _decision(self, cells: dict[str, ReadCell]) -> FindingDecision | None:
        said = {key: self._value(cell, values.text) or "" for key, cell in cells.items()}
        decided = self._value(cells["decision"], _verdict)
        if decided is None:
            return None
        if not said["check"]:
            self._refuse(_address(cells["check"]), "the check is missing", "fill in the copy that was written")
            return None
        if decided == "adjust" and not said["decision_reason"]:
            self._refuse(_address(cells["decision_reason"]), "adjust needs a reason", "say why")
            return None
        return FindingDecision(
            check=said["check"],
            where=said["where"],
            cell=_address(cells["decision"]),
            verdict=decided,
            reason=said["decision_reason"],
            message=said["message"],
        )

    def _value(self, cell: ReadCell, reader: Callable[[object], Any]) -> Any:
        """What a cell states; None where it is blank, or was refused."""
        if cell.is_blank:
            return None
        try:
            if cell.value is None or cell.is_error:
                raise Unfit("a formula without a value", "type the value itself")
            return reader(cell.value)
        except Unfit as unfit:
            self._refuse(_address(cell), unfit.what, unfit.mend)
            return None

    def _refuse(self, where: str, what: str, mend: str) -> None:
        if all(error.where != where for error in self.refused):
            self.refused.append(InputError(what, where=where, mend=mend))


def _address(cell: ReadCell) -> str:
    return Area.cell(cell.area.sheet, cell.area.row, cell.area.column).address


def _choose() -> str:
    return f"choose {', '.join(DECISIONS)}"


def _verdict(value: object) -> Verdict:
    said = values.choice(value)
    if said not in DECISIONS:
        raise Unfit(f"{said[:40]!r} is not a decision", _choose())
    return cast(Verdict, said)


def _amount(value: object) -> Decimal:
    try:
        return dollars(values.amount(value))
    except InputError as error:
        raise Unfit(error.what, error.mend) from None


def _day(value: object) -> date:
    found = values.day(value)
    if isinstance(found, str):
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise Unfit(f"{found[:40]!r} is not a date", "type it like 10/04/2026") from None
    return cast(date, found)
