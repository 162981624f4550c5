"""The lists of the audit report: which columns they have, and how a list is put on its sheet.

A list stands below a title and a note, has its headers in the row of every table of the house, and below it, where
amounts are added up, a row of totals, which are formulas over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.claims.model import Claim
from perdiem_calc.money import ZERO
from perdiem_calc.review.result import AuditedClaim, Origin, Unreadable
from perdiem_calc.review.suggestion import main_reason, next_step, promised
from perdiem_calc.rules.itemize import Totals
from perdiem_calc.text import harmless
from perdiem_calc.workbook.form.layout import LETTERS, Area, Kind
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.severities import colour_severities, colour_words
from perdiem_calc.workbook.writing.sheet import Sheet, shortened

SUMMARY, FINDINGS, RECEIVED = "Summary", "Findings", "Received"
HEADER_ROW, FIRST_ROW = 3, 4
"""The row (from 0) of the headers of a list, and that of its first entry."""
HEADER_HEIGHT = 36
FROZEN = 2
"""So many columns stay in sight: the file and the claim."""

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class ReportColumn(Generic[Entry]):
    """A column of a list: its key, its header, its width in characters, and what it says of an entry.

    `total` says that the column is added up below the list.
    """

    key: str
    header: str
    width: float
    value: Callable[[Entry], Any]
    kind: Kind = Kind.TEXT
    total: bool = False


@dataclass(frozen=True)
class ReportList(Generic[Entry]):
    """A list that was put on a sheet, and where its cells are."""

    sheet: str
    columns: tuple[ReportColumn[Entry], ...]
    entries: tuple[Entry, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """The position of each column, by key, from 0."""
        return {column.key: place for place, column in enumerate(self.columns)}

    @property
    def last_row(self) -> int:
        """The row of the last entry; the header's where there is none."""
        return HEADER_ROW + len(self.entries)

    @property
    def total_row(self) -> int:
        """The row of the totals."""
        return self.last_row + 1

    def area(self, key: str) -> Area:
        """The cells of a column; there is at least one entry."""
        return Area(self.sheet, FIRST_ROW, self.places[key], self.last_row, self.places[key])

    def total(self, key: str) -> Area:
        """The cell of a column's total."""
        return Area.cell(self.sheet, self.total_row, self.places[key])

    def sum(self, key: str) -> Decimal | int:
        """What a column adds up to."""
        column = self.columns[self.places[key]]
        values = [column.value(entry) for entry in self.entries]
        return sum((value for value in values if value is not None), 0 if column.kind is Kind.COUNT else ZERO)


Came = AuditedClaim | Unreadable
"""A file that came in."""


class Questioned(NamedTuple):
    """A finding and the claim it is of."""

    audited: AuditedClaim
    finding: Finding


def write_list(book: Book, title: str, note: str, shown: ReportList[Entry], *, severities: str = "") -> None:
    """Put a list on its sheet: title, note, headers, entries, totals; and how it looks, filters and prints.

    `severities` is the key of the column whose words are coloured.
    """
    sheet, plain = book.sheets[shown.sheet], book.styles.plain
    sheet.text(0, 0, title, plain("title"))
    sheet.height(0, 22)
    sheet.text(1, 0, note, plain("hint"))
    for place, column in enumerate(shown.columns):
        sheet.text(HEADER_ROW, place, column.header, plain("header"))
        sheet.set_column(place, place, column.width)
    sheet.height(HEADER_ROW, HEADER_HEIGHT)
    for row, entry in enumerate(shown.entries, start=FIRST_ROW):
        _write_entry(book, sheet, row, shown.columns, entry)
    if shown.entries:
        _write_totals(book, sheet, shown)
        sheet.autofilter(HEADER_ROW, 0, shown.last_row, len(shown.columns) - 1)
        if severities:
            colour_severities(book, sheet, shown.area(severities))
    sheet.freeze_panes(FIRST_ROW, FROZEN)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)


def _write_entry(book: Book, sheet: Sheet, row: int, columns: Sequence[ReportColumn[Entry]], entry: Entry) -> None:
    texts: list[tuple[object, float]] = []
    for place, column in enumerate(columns):
        value = column.value(entry)
        if isinstance(value, str):
            value = shortened(value) or None
            texts.append((value, column.width))
        sheet.value(row, place, value, book.styles.of(column.kind))
    sheet.fit_row(row, texts)


def _write_totals(book: Book, sheet: Sheet, shown: ReportList[Entry]) -> None:
    if not any(column.total for column in shown.columns):
        return
    row, plain = shown.total_row, book.styles.plain
    for place, column in enumerate(shown.columns):
        if not column.total:
            sheet.blank(row, place, plain("total_label"))
            continue
        letter = LETTERS[place]
        formula = f"SUM({letter}{FIRST_ROW + 1}:{letter}{shown.last_row + 1})"
        style = plain("total_count" if column.kind is Kind.COUNT else "total")
        sheet.formula(row, place, formula, style, shown.sum(column.key))
    sheet.text(row, 0, "Total", plain("total_label"))
    sheet.height(row, 18)


def colour_decisions(book: Book, shown: ReportList[Entry], key: str) -> None:
    """Color what is suggested where it is not to accept."""
    words = {"return": Severity.BLOCKS, "adjust": Severity.ADJUSTS, "decide": Severity.REVIEW}
    colour_words(book, book.sheets[shown.sheet], shown.area(key), words)


# --- what the lists say ---------------------------------------------------------------------------------------------


def _of_claim(value: Callable[[Claim], Any]) -> Callable[[AuditedClaim], Any]:
    """What a claim states; nothing where it cannot be read as one."""
    return lambda audited: None if audited.claim is None else value(audited.claim)


def _of_totals(value: Callable[[Totals], Decimal]) -> Callable[[AuditedClaim], Decimal | None]:
    """An amount of the computed claim; nothing where it cannot be computed."""
    return lambda audited: None if audited.itemized is None else value(audited.itemized.totals)


def _taken(audited: AuditedClaim) -> Decimal | None:
    """What other claims take of the officer's limit; nothing where the claim cannot be computed."""
    return None if audited.itemized is None else audited.itemized.outside.taken


def _course(claim: Claim) -> str:
    """Where the course was, and its class.

    The title is the same for nearly all; another one is a finding.
    """
    course = claim.course
    return course.place.in_words + (f", class {course.class_id}" if course.class_id else "")


def _counted(value: Callable[[AuditedClaim], Any]) -> Callable[[AuditedClaim], Any]:
    """What is added up of a claim; nothing of a copy, which counts in another file."""
    return lambda audited: None if audited.copy_of else value(audited)


def _amount(key: str, header: str, value: Callable[[AuditedClaim], Decimal | None]) -> ReportColumn[AuditedClaim]:
    return ReportColumn(key, header, 9.8, _counted(value), Kind.AMOUNT, total=True)


def _day(key: str, header: str, value: Callable[[Claim], date]) -> ReportColumn[AuditedClaim]:
    return ReportColumn(key, header, 9.3, _of_claim(value), Kind.DATE)


_FILE: ReportColumn[AuditedClaim] = ReportColumn("file", "File", 13, lambda one: harmless(one.source))
_CLAIM_ID: ReportColumn[AuditedClaim] = ReportColumn("claim_id", "Claim id", 10.5, lambda one: one.claim_id)
_AGENCY: ReportColumn[AuditedClaim] = ReportColumn("agency", "Agency", 14, lambda one: one.whose.agency)
_OFFICER: ReportColumn[AuditedClaim] = ReportColumn("officer", "Officer", 11, lambda one: one.whose.officer)
_CLAIMED = _amount("claimed", "Claimed", _of_totals(lambda totals: totals.claimed))
_STATED = _amount("stated", "Stated payable", lambda one: one.stated_payable)
_PAYABLE = _amount("payable", "Payable", lambda one: one.payable)
_FIXED = _amount("fixed", "Payable once fixed", lambda one: None if one.itemized is None else promised(one))
_SHARE = _amount("agency_share", "Agency share", _of_totals(lambda totals: totals.agency_share))
_TO_DECIDE: ReportColumn[AuditedClaim] = ReportColumn(
    "to_decide", "To look at", 7, _counted(lambda one: len(one.to_decide)), Kind.COUNT, total=True
)
_REASON: ReportColumn[AuditedClaim] = ReportColumn("reason", "Main reason", 40, main_reason)

OF_SUMMARY: tuple[ReportColumn[AuditedClaim], ...] = (
    _FILE,
    _CLAIM_ID,
    _AGENCY,
    _OFFICER,
    ReportColumn("award", "Award", 14, lambda one: one.whose.award),
    ReportColumn("course", "Course", 12, _of_claim(_course)),
    _day("departed", "Departed", lambda claim: claim.trip.departed_on),
    _day("returned", "Returned", lambda claim: claim.trip.returned_on),
    _CLAIMED,
    _STATED,
    _amount("allowable", "Allowable", _of_totals(lambda totals: totals.allowable)),
    _amount("paid_before", "Paid before", _of_totals(lambda totals: totals.previously_reimbursed)),
    ReportColumn("taken", "Other claims", 9.8, _counted(_taken), Kind.AMOUNT),
    _PAYABLE,
    _FIXED,
    _SHARE,
    ReportColumn("worst", "Worst finding", 8.5, lambda one: one.worst.value, Kind.CHOICE),
    _TO_DECIDE,
    ReportColumn("suggested", "Suggested", 9.5, lambda one: one.suggested, Kind.CHOICE),
    _REASON,
)
OF_DECISION: tuple[ReportColumn[AuditedClaim], ...] = (
    _FILE,
    _CLAIM_ID,
    _AGENCY,
    _OFFICER,
    _CLAIMED,
    _STATED,
    _PAYABLE,
    _FIXED,
    _SHARE,
    _TO_DECIDE,
    ReportColumn("next", "What to do next", 40, next_step),
    _REASON,
)


def _came(
    key: str, header: str, width: float, value: Callable[[Origin], Any], kind: Kind = Kind.TEXT
) -> ReportColumn[Came]:
    return ReportColumn(key, header, width, lambda one: value(one.origin), kind)


def _files(names: Sequence[str]) -> str:
    return harmless("; ".join(names))


OF_RECEIVED: tuple[ReportColumn[Came], ...] = (
    ReportColumn("file", "File", 40, lambda one: harmless(one.source)),
    ReportColumn("claim_id", "Claim id", 14, lambda one: one.claim_id if isinstance(one, AuditedClaim) else None),
    _came("sender", "From", 28, lambda origin: origin.sender),
    _came("received_on", "Received", 11, lambda origin: origin.received_on, Kind.DATE),
    _came("message_id", "Message id", 28, lambda origin: origin.message_id),
    _came("documents", "Came with it, not read", 40, lambda origin: _files(origin.documents)),
    _came("same", "Also in", 40, lambda origin: _files(origin.same)),
)
"""How each file came in."""


def _effect(key: str, header: str, value: Callable[[Finding], Decimal]) -> ReportColumn[Questioned]:
    return ReportColumn(key, header, 9.8, lambda one: value(one.finding), Kind.AMOUNT)


def _describe(
    key: str, header: str, width: float, value: Callable[[Finding], str], kind: Kind = Kind.TEXT
) -> ReportColumn[Questioned]:
    return ReportColumn(key, header, width, lambda one: value(one.finding), kind)


OF_FINDINGS: tuple[ReportColumn[Questioned], ...] = (
    ReportColumn("file", "File", 13, lambda one: harmless(one.audited.source)),
    ReportColumn("claim_id", "Claim id", 10.5, lambda one: one.audited.claim_id),
    ReportColumn("officer", "Officer", 11, lambda one: _OFFICER.value(one.audited)),
    _describe("check", "Check", 17, lambda finding: finding.check),
    _describe("severity", "Severity", 8.5, lambda finding: finding.severity.value, Kind.CHOICE),
    _describe("where", "Where", 18, lambda finding: str(finding.where)),
    _effect("claimed", "Claimed", lambda finding: finding.claimed),
    _effect("allowed", "Allowed", lambda finding: finding.allowed),
    _effect("line_effect", "Line effect", lambda finding: finding.line_effect),
    _effect("payment_effect", "Payment effect", lambda finding: finding.payment_effect),
    _describe("message", "What it is, and how to fix it", 52, lambda finding: finding.message),
    _describe("citation", "Citation", 18, lambda finding: finding.citation),
    _describe("rule", "Rule", 15, lambda finding: finding.rule),
)
