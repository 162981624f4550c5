"""Writes the sheet Review: what NASRO asks of a claim, the agency's answers, and the decisions to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.workbook.form import table
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.form.table import AUDIT_MARK, NOT_CHECKED, RESULTS, REVIEWED
from perdiem_calc.workbook.writing.page import GRAY, Pages
from perdiem_calc.workbook.writing.severities import colour_words
from perdiem_calc.workbook.writing.sheet import shortened

NOTE = (
    "Blank until NASRO has reviewed the claim. Answer each question in the yellow column and send the workbook back."
)
LONG = ("check", "asks", "where", "citation", "answer")
"""The columns whose texts take several lines."""
SPARE = 2
"""Blank rows below the findings."""
LAST = len(REVIEWED.columns) - 1


def write_review(
    pages: Pages,
    placed: Sequence[tuple[Finding, str]] = (),
    note: str = NOTE,
    mark: str = "",
    answers: Mapping[str, str] | None = None,
) -> None:
    """Fill the sheet Review: a row a finding, each given with its place; what could not be checked comes last.

    `mark` says which claim was audited; `answers` are the agency's, by the id of the check; those to what is not
    asked come last.
    """
    sheet = pages.book.sheets[table.REVIEW]
    left = dict(answers or {})
    others = left.keys() - {finding.check for finding, _ in placed}
    told = replace(REVIEWED, rows=max(REVIEWED.rows, len(placed) + len(others) + SPARE))
    for column in told.columns:
        sheet.set_column(*told.places[column.key], column.width)
    pages.title(table.REVIEW, LAST, "Questions from NASRO", note)
    sheet.height(1, 24)
    sheet.height(told.header, 24)
    in_order = sorted(placed, key=lambda one: one[0].outcome is Outcome.NOT_EVALUATED)
    cells: dict[str, object] = {}
    for index, (finding, where) in enumerate(in_order):
        for key, value in _row(finding, where, left.pop(finding.check, None)).items():
            cells[f"review_{key}[{index}]"] = value
    for index, (check, said) in enumerate(sorted(left.items()), start=len(placed)):
        cells |= {f"review_check[{index}]": check, f"review_answer[{index}]": said}
    pages.values = {**pages.values, **cells}
    pages.table(told, wraps=True)
    for index in range(told.rows):
        texts = [(cells.get(f"review_{key}[{index}]"), told.column(key).width) for key in LONG]
        sheet.fit_row(told.first_row + index, texts)
    kinds = told.area("result")
    colour_words(pages.book, sheet, kinds, {words: severity for severity, words in RESULTS.items()})
    sheet.value(0, LAST + 2, mark, pages.style(font_color=GRAY, font_size=7.5))
    pages.book.name(AUDIT_MARK, Area.cell(table.REVIEW, 0, LAST + 2))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(told.header)
    sheet.print_area(0, 0, told.first_row + told.rows - 1, LAST)
    sheet.freeze_panes(told.first_row, 2)


def _row(finding: Finding, where: str, answer: str | None) -> dict[str, object]:
    is_asked = finding.outcome is Outcome.QUESTIONED
    return {
        "check": finding.check,
        "result": RESULTS[finding.severity] if is_asked else NOT_CHECKED,
        "asks": shortened(finding.message),
        "where": shortened(where),
        "claimed": finding.claimed if is_asked else None,
        "allowed": finding.allowed if is_asked else None,
        "change": finding.payment_effect if is_asked else None,
        "citation": shortened(finding.citation),
        "answer": answer,
    }
