"""Writes the sheets Checklist and Findings."""

from __future__ import annotations

from collections.abc import Sequence

from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import (
    ATTACHMENTS,
    EXPLANATION_ROWS,
    STATUS_COLUMN,
    STATUSES,
    checklist_area,
    explanation_areas,
    explanation_names,
)
from perdiem_calc.workbook.form.columns import FINDINGS
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW, Area, Kind, Role, name_of
from perdiem_calc.workbook.form.where import cells_of, describe_where
from perdiem_calc.workbook.reading.decisions import MARK_ROW
from perdiem_calc.workbook.writing.book import Book, validation
from perdiem_calc.workbook.writing.claim_sheet import put_value
from perdiem_calc.workbook.writing.severities import colour_severities
from perdiem_calc.workbook.writing.sheet import Sheet, shortened
from perdiem_calc.workbook.writing.tables import HEADER_HEIGHT, finish, fit_height, write_head

CHECKLIST_WIDTHS = (70, 44, 20)


def write_checklist_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Checklist: what must be attached, each with a status to choose."""
    sheet, plain = book.sheets[layout.CHECKLIST], book.styles.plain
    sheet.text(0, 0, "Checklist: what goes with the claim", plain("title"))
    sheet.height(0, 22)
    note = "Choose a status for each document: attached, not_needed or missing. Keep the originals."
    sheet.text(1, 0, note, plain("hint"))
    for column, header in enumerate(("Document", "When it is needed", "Status")):
        style = plain("header_input") if column >= STATUS_COLUMN else plain("header")
        sheet.text(HEADER_ROW, column, header, style)
        sheet.set_column(column, column, CHECKLIST_WIDTHS[column])
    status_style = book.styles.of(Role.INPUT, Kind.CHOICE)
    for row, (item, label, when) in enumerate(ATTACHMENTS, start=FIRST_ROW):
        sheet.text(row, 0, label, plain("wrapped"))
        sheet.text(row, 1, when, plain("wrapped"))
        stated = None if f"attachments.{item}" in contents.unknown else contents.claim.attachments.get(item)
        put_value(sheet, row, STATUS_COLUMN, stated, Kind.CHOICE, status_style)
        sheet.height(row, 24)
        book.name(name_of(f"attachments.{item}"), checklist_area(item))
    _write_explanations(book, sheet, contents)
    last = FIRST_ROW + len(ATTACHMENTS) - 1
    statuses = Area(layout.CHECKLIST, FIRST_ROW, STATUS_COLUMN, last, STATUS_COLUMN)
    told = validation(Kind.CHOICE, [statuses], label="Status", choices=STATUSES)
    if told is not None:
        sheet.data_validation(*told)
    missing = book.look({"font_color": "#B00020", "bold": True})
    sheet.conditional_format(
        FIRST_ROW,
        STATUS_COLUMN,
        last,
        STATUS_COLUMN,
        {"type": "cell", "criteria": "==", "value": '"missing"', "format": missing},
    )
    sheet.height(HEADER_ROW, HEADER_HEIGHT)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.freeze_panes(FIRST_ROW, 0)


def _write_explanations(book: Book, sheet: Sheet, contents: Contents) -> None:
    """The agency's answers to what NASRO may ask, by the id of the check."""
    plain, style = book.styles.plain, book.styles.of(Role.INPUT, Kind.TEXT)
    answers = list(contents.claim.explanations.items())
    caption = explanation_areas(0)[0].row - 1
    for column, header in enumerate(("Explanation of (the check, as on Findings)", "What the agency explains")):
        sheet.text(caption, column, header, plain("header_input"))
    for index in range(len(answers) + EXPLANATION_ROWS):
        stated = answers[index] if index < len(answers) else (None, None)
        for value, area, name in zip(stated, explanation_areas(index), explanation_names(index), strict=True):
            put_value(sheet, area.row, area.column, value, Kind.TEXT, style)
            book.name(name, area)


def write_findings_sheet(book: Book, contents: Contents) -> None:
    """Fill the sheet Findings of a claim's workbook."""
    cells = cells_of(contents) if contents.findings else None
    placed = [(finding, describe_where(finding.where, cells) if cells else "") for finding in contents.findings]
    write_findings(book, placed, _note(contents))


def write_findings(book: Book, placed: Sequence[tuple[Finding, str]], note: str, mark: str = "") -> None:
    """Fill the sheet Findings: a row a finding, each given with its place; what could not be evaluated comes last.

    `mark` stands below the note.
    """
    sheet = book.sheets[layout.FINDINGS]
    write_head(book, sheet, FINDINGS, note)
    if mark:
        sheet.text(MARK_ROW, 0, mark, book.styles.plain("hint"))
    in_order = sorted(placed, key=lambda one: one[0].outcome is Outcome.NOT_EVALUATED)
    for row, (finding, where) in enumerate(in_order, start=FIRST_ROW):
        _write_finding(book, sheet, row, finding, where)
    if not placed:
        _write_blank_row(book)
    rows = max(len(placed), 1)
    finish(sheet, FINDINGS, rows, (), frozen=1)
    colour_severities(book, sheet, FINDINGS.area("severity", rows))


def _write_finding(book: Book, sheet: Sheet, row: int, finding: Finding, where: str) -> None:
    said = {
        "check": finding.check,
        "severity": finding.severity.value,
        "where": shortened(where),
        "claimed": finding.claimed,
        "allowed": finding.allowed,
        "line_effect": finding.line_effect,
        "payment_effect": finding.payment_effect,
        "message": shortened(finding.message),
        "citation": shortened(finding.citation),
        "rule": finding.rule,
        "outcome": finding.outcome.value,
    }
    for place, column in enumerate(FINDINGS.columns):
        style = book.styles.of(column.role, column.kind)
        put_value(sheet, row, place, said.get(column.key), column.kind, style)
    fit_height(sheet, row, ((said[key], FINDINGS.column(key).width) for key in ("where", "message", "citation")))


def _note(contents: Contents) -> str:
    if contents.is_form:
        return "A form has no findings: they are made when the claim is built."
    questioned = sum(finding.outcome is Outcome.QUESTIONED for finding in contents.findings)
    return (
        f"As of the build, {contents.built_on}: {questioned} questioned, in order of payment effect. "
        "Findings do not change when cells do."
    )


def _write_blank_row(book: Book) -> None:
    sheet = book.sheets[layout.FINDINGS]
    for place, column in enumerate(FINDINGS.columns):
        sheet.blank(FIRST_ROW, place, book.styles.of(Role.FIXED, column.kind))
