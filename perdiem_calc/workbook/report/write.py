"""The audit report: one workbook of all claims that were audited, for the reviewer and the finance officer.

Sheets: Summary (a row a claim, and the files that could not be read), Findings (of all claims, the largest effect on
a payment first), Accept, Decide, Adjust and Return (the claims by what is suggested), Charts, Received (how files
came in, where they came by mail or with documents), About.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import perdiem_calc
from perdiem_calc.checks.finding import Finding, Outcome, rank
from perdiem_calc.history.conflicts import RESUBMITTED
from perdiem_calc.review.result import BY_ITSELF, SUGGESTIONS, AuditedClaim, Suggestion, Unreadable, tally
from perdiem_calc.text import counted, harmless
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.report.charts import CHARTS, write_charts
from perdiem_calc.workbook.report.lists import (
    FINDINGS,
    OF_DECISION,
    OF_FINDINGS,
    OF_RECEIVED,
    OF_SUMMARY,
    RECEIVED,
    SUMMARY,
    Came,
    Questioned,
    ReportList,
    colour_decisions,
    write_list,
)
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save
from perdiem_calc.workbook.writing.sheet import shortened

ABOUT = "About"
SHEETS = (SUMMARY, FINDINGS, *(suggestion.title() for suggestion in SUGGESTIONS), CHARTS, ABOUT)
ABOUT_WIDTHS = (24, 9, 84)

MEANING: dict[Suggestion, str] = {
    "accept": "Claims of which NASRO pays what the rules give; nothing is left to decide.",
    "decide": "Claims with a question that a person decides before anything is paid.",
    "adjust": "Claims that state an amount which the rules do not give, or of which a line is blocked.",
    "return": "Claims that are blocked, or cannot be computed: nothing is paid until they are fixed.",
}
HOW_TO_READ = (
    ("Claimed", "What the agency asks for, before any rule."),
    ("Stated payable", "What the submitted workbook itself says is payable; blank where it says nothing."),
    ("Allowable", "What the rules give, line by line, before the limit for each officer."),
    ("Paid before", "What was paid for the officer before, as the claim counts it."),
    (
        "Other claims",
        "What of the officer's limit is gone to other claims of this batch, or was paid for an officer who may be "
        "this one. A limit is promised once.",
    ),
    ("Payable", "What NASRO pays as the claim is; nothing while the claim is blocked."),
    (
        "Payable once fixed",
        "What NASRO would pay once everything that blocks the claim is fixed; nothing where nobody can say.",
    ),
    (
        "Agency share",
        "What stays with the agency: claimed less payable, less what was paid before for the same.",
    ),
    ("Suggested", "What the findings suggest: accept, adjust, return, or decide on a question. A person decides."),
    ("blocks", "Not payable as submitted: a line, or the whole claim."),
    ("adjusts", "An amount that the submission states is not the one that the rules give."),
    ("review", "A person has to look and decide."),
    ("info", "The rules reduced an amount and the claim itself says so, or a date to know."),
    ("To look at", "How many findings of a claim are more than information."),
    ("Line effect", "Allowed less claimed."),
    (
        "Payment effect",
        "Payable less what would be payable with this finding alone waived. Beyond the limit a reduced line changes "
        "nothing, so these effects do not add up. Findings are in this order over all claims.",
    ),
    ("Where", "The cells of the submitted workbook, or the field of a claim that came as JSON or TOML."),
    ("not_evaluated", "The check could not be made; silence never means that all is well."),
    ("Blank amounts", "The claim cannot be computed, or counts in another file; its findings say which."),
)


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
    refuse_to_replace(path, force=force)
    save(report_bytes(audited, unreadable, as_of), path, force=force)


def report_bytes(audited: Sequence[AuditedClaim], unreadable: Sequence[Unreadable], as_of: date) -> bytes:
    """The report as a file's content."""
    every: list[Came] = [*audited, *unreadable]
    came = [one for one in every if replace(one.origin, unpacked="") != BY_ITSELF]
    sheets = SHEETS if not came else (*SHEETS[:-1], RECEIVED, ABOUT)
    book = Book(f"Audit as of {as_of}", f"Audit of {len(audited)} claims", as_of, sheets, protected=False)
    summary = ReportList(SUMMARY, OF_SUMMARY, tuple(audited))
    findings = ReportList(FINDINGS, OF_FINDINGS, _ranked(audited))
    _write_summary(book, summary, unreadable, as_of)
    _write_findings(book, findings, as_of)
    for suggestion in SUGGESTIONS:
        _write_suggested(book, suggestion, audited)
    write_charts(book, summary, findings)
    if came:
        note = "How each file came in by mail or archive, and what came with it. Documents were not read."
        write_list(book, "What came in", note, ReportList(RECEIVED, OF_RECEIVED, tuple(came)))
    _write_about(book, audited, unreadable, as_of)
    return book.bytes()


def _ranked(audited: Iterable[AuditedClaim]) -> tuple[Questioned, ...]:
    """The findings of all claims, in order of payment effect; of a copy only that it is one."""
    every = [
        Questioned(one, finding)
        for one in audited
        for finding in one.questioned
        if not one.copy_of or finding.check == RESUBMITTED
    ]
    return tuple(sorted(every, key=lambda one: rank(one.finding)))


def _write_summary(
    book: Book, summary: ReportList[AuditedClaim], unreadable: Sequence[Unreadable], as_of: date
) -> None:
    counts = tally(summary.entries)
    said = ", ".join(f"{suggestion} {count}" for suggestion, count in counts.items())
    copies = len(summary.entries) - sum(counts.values())
    note = f"As of {as_of}. {counted(sum(counts.values()), 'claim')} audited; suggested: {said}. "
    note += f"{counted(copies, 'copy', 'copies')} of one of them. " if copies else ""
    note += f"{counted(len(unreadable), 'file')} could not be read."
    write_list(book, "Audit of travel claims", note, summary, severities="worst")
    if summary.entries:
        colour_decisions(book, summary, "suggested")
        _write_unreadable(book, unreadable, summary.total_row + 2, len(OF_SUMMARY))
    else:
        _write_unreadable(book, unreadable, summary.total_row + 1, len(OF_SUMMARY))


def _write_unreadable(book: Book, unreadable: Sequence[Unreadable], row: int, columns: int) -> None:
    """The files that could not be read, each with the reason, across the width of the list above."""
    if not unreadable:
        return
    sheet, plain = book.sheets[SUMMARY], book.styles.plain
    sheet.text(row, 0, "Files that could not be read", plain("total_label"))
    widths = [column.width for column in OF_SUMMARY]
    cells = (("File", 0, 3), ("What is wrong, and how to fix it", 4, columns - 1))
    for label, first, last in cells:
        _spread(book, row + 1, first, last, label, "header")
    for at, one in enumerate(unreadable, start=row + 2):
        file = harmless(one.source)
        for (_, first, last), text in zip(cells, (file, one.reason), strict=True):
            _spread(book, at, first, last, shortened(text), "wrapped")
        sheet.fit_row(at, ((file, sum(widths[:4])), (one.reason, sum(widths[4:]))))


def _spread(book: Book, row: int, first: int, last: int, text: str, style: str) -> None:
    """Put a text over several cells of the Summary."""
    sheet, number = book.sheets[SUMMARY], book.styles.plain(style)
    sheet.text(row, first, text, number)
    for column in range(first + 1, last + 1):
        sheet.blank(row, column, number)
    sheet.merge_area(Area(SUMMARY, row, first, row, last))


def _write_findings(book: Book, findings: ReportList[Questioned], as_of: date) -> None:
    note = f"As of {as_of}. {len(findings.entries)} questioned, the largest effect on a payment first. "
    note += f"What could not be judged is on the sheet {ABOUT}: one row a check, with the reason."
    write_list(book, "Findings of all claims", note, findings, severities="severity")


def _write_suggested(book: Book, suggestion: Suggestion, audited: Iterable[AuditedClaim]) -> None:
    name = suggestion.title()
    chosen = ReportList(name, OF_DECISION, tuple(one for one in audited if one.suggested == suggestion))
    note = f"{MEANING[suggestion]} {counted(len(chosen.entries), 'claim')}."
    write_list(book, f"Suggested: {suggestion}", note, chosen)


# --- About ----------------------------------------------------------------------------------------------------------


def _write_about(book: Book, audited: Sequence[AuditedClaim], unreadable: Sequence[Unreadable], as_of: date) -> None:
    sheet, plain = book.sheets[ABOUT], book.styles.plain
    for column, width in enumerate(ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.text(0, 0, "About this report", plain("title"))
    sheet.height(0, 22)
    made = (
        ("Made by", f"perdiem_calc {perdiem_calc.__version__}"),
        ("As of", f"{as_of}: what lies after this day lies in the future"),
        ("Claims", f"{len(audited)} audited, {len(unreadable)} not readable"),
    )
    row = _write_words(book, 2, ("This report", "", ""), ((label, None, said) for label, said in made))
    row = _write_words(
        book, row + 1, ("How to read it", "", ""), ((label, None, said) for label, said in HOW_TO_READ)
    )
    _write_words(book, row + 1, ("What was not judged", "Claims", "Why, and what to do"), _unjudged(audited))
    sheet.fit_to_pages(1, 0)


def _write_words(
    book: Book, row: int, headers: tuple[str, str, str], lines: Iterable[tuple[str, int | None, str]]
) -> int:
    """Put lines of a label, a number and a text below their headers; returns the row after them."""
    sheet, plain = book.sheets[ABOUT], book.styles.plain
    for column, header in enumerate(headers):
        sheet.value(row, column, header or None, plain("subheader"))
    for label, count, said in lines:
        row += 1
        sheet.value(row, 0, label or None, plain("code"))
        sheet.value(row, 1, count, plain("code_count"))
        sheet.text(row, 2, shortened(said), plain("wrapped"))
        sheet.fit_row(row, ((label, ABOUT_WIDTHS[0]), (said, ABOUT_WIDTHS[2])))
    return row + 1


def _unjudged(audited: Iterable[AuditedClaim]) -> list[tuple[str, int | None, str]]:
    """The checks that could not be made: each with the number of claims, and the first one's reason."""
    reasons: dict[str, list[Finding]] = {}
    for one in audited:
        unjudged = {finding.check: finding for finding in one.findings if finding.outcome is Outcome.NOT_EVALUATED}
        for check, finding in unjudged.items():
            reasons.setdefault(check, []).append(finding)
    if not reasons:
        return [("", None, "Every check could be made of every claim that was read.")]
    return [(check, len(found), found[0].message) for check, found in sorted(reasons.items())]
