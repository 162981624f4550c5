"""Reads back what the reviewer filled in on an audited copy: the decisions on Findings, NASRO's box on Claim.

Nothing else is read here: the claim of the copy is audited again before anything is concluded (see `reviewed`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from perdiem_calc.checks.finding import Outcome
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.history.records import VERDICTS, Verdict
from perdiem_calc.money import ZERO, dollars
from perdiem_calc.review.decisions import FindingDecision, ReviewedClaim, ToldFinding
from perdiem_calc.text import LONGEST_OPTION, why_no_line, with_blanks
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import FOR_NASRO, REVIEW, Field
from perdiem_calc.workbook.form.columns import FINDINGS
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW, Area
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.named import NamedCells
from perdiem_calc.workbook.reading.opening import OpenBook, ReadCell, open_book
from perdiem_calc.workbook.reading.values import Unfit

DECIDED = ("check", "where", "message", "decision", "decision_reason")
TOLD = ("severity", "claimed", "allowed", "payment_effect", "outcome")
READ = (*DECIDED, *TOLD)
"""The columns of Findings that are read."""

CLAIM_ID = Field("claim_id", "Claim id", 3)

MARK_ROW = 2
"""The row of Findings in which a copy says which claim was audited."""
MARK, _NOTHING = "Content of the claim as audited: ", "nothing"
_MARKED = re.compile(rf"{MARK}([0-9a-f]+); decided before: ({_NOTHING}|[a-z]+ \$[0-9,.]+)")


def read_decisions(path: Path) -> ReviewedClaim:
    """What a reviewer filled in on an audited copy, in a file that is never trusted.

    A finding without a decision is passed over, whatever else stands beside it; a blank box of NASRO's says nothing.

    Raises InputError where the file is no claim workbook, or not safe to read; InputErrors with every cell that is
    refused: a word that is no decision, an adjust without a reason, an amount that is none or has three decimals.
    """
    book = open_book(path, (layout.CLAIM, layout.FINDINGS))
    if not {layout.CLAIM, layout.FINDINGS} <= book.cells.keys():
        raise InputError(
            "decision.not-a-copy", "is not an audited copy of a claim", fix="name a copy that the audit wrote"
        )
    reading = _Reading(book)
    content, on_record = marked(book)
    found = ReviewedClaim(
        source=str(path),
        claim_id=reading.box("claim_id", values.text) or "",
        decisions=tuple(reading.decisions()),
        told=tuple(reading.told()),
        approved_amount=reading.box(f"{FOR_NASRO}approved_amount", _amount),
        approved_by=reading.box(f"{FOR_NASRO}approved_by", _line) or "",
        approved_on=reading.box(f"{FOR_NASRO}approved_on", _day),
        payment_number=reading.box(f"{FOR_NASRO}payment_number", _line) or "",
        amount_cell=reading.where(f"{FOR_NASRO}approved_amount"),
        content=content,
        on_record=on_record,
    )
    if reading.refused:
        raise InputErrors(reading.refused)
    return found


def is_decided(path: Path) -> bool:
    """Whether a file is a copy that an audit wrote, and in which a person decided or entered a name.

    Raises as `read_decisions` does where it is such a copy and cannot be read.
    """
    book = open_book(path, (layout.CLAIM, layout.FINDINGS))
    if layout.FINDINGS not in book.cells or not marked(book)[0]:
        return False
    found = read_decisions(path)
    return bool(found.decisions) or found.is_approved


def mark(content: str, on_record: str) -> str:
    """What a copy says of the claim that was audited, and of what was decided on it before."""
    return f"{MARK}{content}; decided before: {on_record or _NOTHING}"


def marked(book: OpenBook) -> tuple[str, str]:
    """The content that was audited and what was decided on it before, as a copy says; blank in any other workbook."""
    found = _MARKED.fullmatch(str(book.cell(layout.FINDINGS, MARK_ROW, 0).value or "").strip())
    return (found[1], found[2].replace(_NOTHING, "")) if found else ("", "")


def review_cells(book: OpenBook) -> dict[str, ReadCell]:
    """The cell of the claim's id and those of NASRO's box, by path.

    One is left out where rows were inserted and its name points to the cell of another field, or is gone.
    """
    named = NamedCells(book)
    moved = {one.name: one.due for one in named.moved_fields()}
    found: dict[str, ReadCell] = {}
    for field_ in (CLAIM_ID, *REVIEW):
        cell = named.cell(field_)
        if cell is not None and cell.area == moved.get(field_.name, cell.area):
            found[field_.path] = cell
    return found


@dataclass
class _Reading:
    """One copy being read, and the cells that were refused."""

    book: OpenBook
    refused: list[InputError] = field(default_factory=list)

    def box(self, path: str, reader: Callable[[object], Any]) -> Any:
        """What stands in a cell of the sheet Claim; None where it is blank, or refused."""
        cell = self._cells.get(path)
        if cell is None:
            self._refuse(layout.CLAIM, "the box for NASRO is not where it was", "fill in the copy that was written")
            return None
        return self._value(cell, reader)

    def where(self, path: str) -> str:
        """The address of a cell of the sheet Claim."""
        return _address(self._cells[path]) if path in self._cells else layout.CLAIM

    @cached_property
    def _cells(self) -> dict[str, ReadCell]:
        return review_cells(self.book)

    def decisions(self) -> Iterator[FindingDecision]:
        """The decisions that were made, row by row."""
        for cells in self._rows:
            if not cells["decision"].is_blank and (found := self._decision(cells)) is not None:
                yield found

    def told(self) -> Iterator[ToldFinding]:
        """The findings that were questioned, as they stand on the sheet, row by row."""
        for cells in self._rows:
            said = {key: self._value(cells[key], values.text) or "" for key in ("check", "severity", "outcome")}
            if said["check"] and said["outcome"] == Outcome.QUESTIONED:
                amounts = [
                    self._value(cells[key], _effect) or ZERO for key in ("claimed", "allowed", "payment_effect")
                ]
                yield ToldFinding(said["check"], said["severity"], *amounts)

    @cached_property
    def _rows(self) -> list[dict[str, ReadCell]]:
        """The cells of each row, by their columns' keys."""
        columns = self._columns()
        rows = sorted({row for row, _ in self.book.cells[layout.FINDINGS] if row >= FIRST_ROW}) if columns else []
        return [{key: self.book.cell(layout.FINDINGS, row, columns[key]) for key in READ} for row in rows]

    def _columns(self) -> dict[str, int]:
        """Where the columns are, by their headers; nothing where one of them is gone."""
        headers = self.book.headers(layout.FINDINGS)
        for key in READ:
            header = FINDINGS.column(key).header
            if header not in headers:
                area = Area.cell(layout.FINDINGS, HEADER_ROW, FINDINGS.places[key])
                self._refuse(area.address, f'the column "{header}" is missing', "fill in the copy that was written")
                return {}
        return {key: headers[FINDINGS.column(key).header] for key in READ}

    def _decision(self, cells: dict[str, ReadCell]) -> FindingDecision | None:
        said = {key: self._value(cells[key], values.text) or "" for key in DECIDED}
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
            return reader(values.typed_in(cell, reader, self.book.epoch))
        except Unfit as unfit:
            self._refuse(_address(cell), unfit.what, unfit.fix)
            return None

    def _refuse(self, where: str, what: str, fix: str) -> None:
        if all(error.where != where for error in self.refused):
            self.refused.append(InputError("decision.cell.invalid", what, where=where, fix=fix))


def _address(cell: ReadCell) -> str:
    return cell.area.first.address


def _choose() -> str:
    return f"choose {', '.join(VERDICTS)}"


def _verdict(value: object) -> Verdict:
    said = values.choice(value)
    if said not in VERDICTS:
        raise Unfit(f"{said[:40]!r} is not a decision", _choose())
    return said


def _line(value: object) -> str:
    line = with_blanks(values.text(value))
    if why := why_no_line(line, LONGEST_OPTION):
        what, _, fix = why.partition("; ")
        raise Unfit(what, fix)
    return line


def _amount(value: object) -> Decimal:
    try:
        return dollars(values.amount(value))
    except InputError as error:
        raise Unfit(error.what, error.fix) from None


def _effect(value: object) -> Decimal:
    """An amount, or what a rule takes off it."""
    said = values.amount(value)
    return -_amount(said[1:]) if said.startswith("-") else _amount(said)


def _day(value: object) -> date:
    found = values.day(value)
    if isinstance(found, str):
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise Unfit(f"{found[:40]!r} is not a date", values.TYPE_DATE) from None
    return cast(date, found)
