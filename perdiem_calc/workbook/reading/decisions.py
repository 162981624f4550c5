"""Reads back what the reviewer filled in on an audited copy: the decisions on Review, NASRO's box on Claim.

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

from perdiem_calc.checks.finding import Severity
from perdiem_calc.claims.fields import shown
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.history.records import VERDICTS, Verdict
from perdiem_calc.money import ZERO, dollars
from perdiem_calc.review.decisions import FindingDecision, ReviewedClaim, ToldFinding
from perdiem_calc.text import LONGEST_OPTION, why_no_line, with_blanks
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.form.table import AUDIT_MARK, CHOICES, RESULTS, REVIEW, REVIEWED
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.opening import OpenBook
from perdiem_calc.workbook.reading.package import open_package
from perdiem_calc.workbook.reading.read import book_in, nasro_cell
from perdiem_calc.workbook.reading.values import Unfit

DECIDED = ("check", "where", "asks", "decision", "reason")
TOLD = ("result", "claimed", "allowed", "change")
READ = (*DECIDED, *TOLD)
"""The columns of Review that are read."""
DECISIONS = tuple(CHOICES["decisions"])

MARK, _NOTHING = "Content of the claim as audited: ", "nothing"
_MARKED = re.compile(rf"{MARK}([0-9a-f]+); decided before: ({_NOTHING}|[a-z]+ \$[0-9,.]+)")


def read_decisions(path: Path) -> ReviewedClaim:
    """What a reviewer filled in on an audited copy, in a file that is never trusted.

    A finding without a decision is passed over, whatever else stands beside it; a blank box of NASRO's says nothing.

    Raises InputError where the file is no claim workbook, or not safe to read; InputErrors with every cell that is
    refused: a word that is no decision, an adjust without a reason, an amount that is none or has three decimals.
    """
    book = book_in(open_package(path))
    reading = _Reading(book)
    content, on_record = marked(book)
    found = ReviewedClaim(
        source=str(path),
        claim_id=reading.box("claim_id", values.text) or "",
        decisions=tuple(reading.decisions()),
        told=tuple(reading.told()),
        approved_amount=reading.box("nasro_amount", _amount),
        approved_by=reading.box("nasro_by", _line) or "",
        approved_on=reading.box("nasro_on", _day),
        payment_number=reading.box("nasro_payment", _line) or "",
        amount_cell=reading.where("nasro_amount"),
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
    if not marked(book_in(open_package(path)))[0]:
        return False
    found = read_decisions(path)
    return bool(found.decisions) or found.is_approved


def mark(content: str, on_record: str) -> str:
    """What a copy says of the claim that was audited, and of what was decided on it before."""
    return f"{MARK}{content}; decided before: {on_record or _NOTHING}"


def marked(book: OpenBook) -> tuple[str, str]:
    """The content that was audited and what was decided on it before, as a copy says; blank in any other workbook."""
    cell = book.named(AUDIT_MARK)
    found = _MARKED.fullmatch(str(cell.value or "").strip()) if cell is not None else None
    return (found[1], found[2].replace(_NOTHING, "")) if found else ("", "")


@dataclass
class _Reading:
    """One copy being read, and the cells that were refused."""

    book: OpenBook
    refused: list[InputError] = field(default_factory=list)

    def box(self, name: str, reader: Callable[[object], Any]) -> Any:
        """What stands in a box of the sheet Claim; None where it is blank, or refused."""
        cell = nasro_cell(self.book, name)
        if cell is None:
            self._refuse("Claim", "the box for NASRO is not where it was", "fill in the copy that was written")
            return None
        return self._value(cell, reader)

    def where(self, name: str) -> str:
        """The address of a box of the sheet Claim."""
        cell = nasro_cell(self.book, name)
        return _address(cell) if cell is not None else "Claim"

    def decisions(self) -> Iterator[FindingDecision]:
        """The decisions that were made, row by row."""
        for cells in self._rows:
            if not cells["decision"].is_blank and (found := self._decision(cells)) is not None:
                yield found

    def told(self) -> Iterator[ToldFinding]:
        """The findings that were questioned, as they stand on the sheet, row by row."""
        severities = {words: severity for severity, words in RESULTS.items()}
        for cells in self._rows:
            check, result = (self._value(cells[key], values.text) or "" for key in ("check", "result"))
            severity: Severity | None = severities.get(result)
            if check and severity is not None:
                amounts = [self._value(cells[key], _effect) or ZERO for key in ("claimed", "allowed", "change")]
                yield ToldFinding(check, severity.value, *amounts)

    @cached_property
    def _rows(self) -> list[dict[str, ReadCell]]:
        """The cells of each row, by their columns' keys."""
        areas: dict[str, Area] = {}
        for key in READ:
            area = self.book.names.get(REVIEWED.name(key))
            if area is None:
                what = f'the column "{REVIEWED.column(key).header}" is missing'
                self._refuse(REVIEW, what, "fill in the copy that was written")
                return []
            areas[key] = area
        rows = range(areas["check"].row, areas["check"].last_row + 1)
        return [{key: self.book.cell(area.sheet, row, area.column) for key, area in areas.items()} for row in rows]

    def _decision(self, cells: dict[str, ReadCell]) -> FindingDecision | None:
        said = {key: self._value(cells[key], values.text) or "" for key in DECIDED}
        decided = self._value(cells["decision"], _verdict)
        if decided is None:
            return None
        if not said["check"]:
            self._refuse(_address(cells["check"]), "the check is missing", "fill in the copy that was written")
            return None
        if decided == "adjust" and not said["reason"]:
            self._refuse(_address(cells["reason"]), "Adjust needs a reason", "say why")
            return None
        return FindingDecision(
            check=said["check"],
            where=said["where"],
            cell=_address(cells["decision"]),
            verdict=decided,
            reason=said["reason"],
            message=said["asks"],
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


def _verdict(value: object) -> Verdict:
    said = values.text(value)
    decided = said.casefold()
    if decided not in VERDICTS:
        raise Unfit(f"{shown(said)} is not a decision", f"choose {', '.join(DECISIONS[:-1])} or {DECISIONS[-1]}")
    return decided


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
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return -_amount(-value)
    said = values.text(value)
    return -_amount(said[1:]) if said.startswith("-") else _amount(value)


def _day(value: object) -> date:
    return cast(date, values.day(value))
