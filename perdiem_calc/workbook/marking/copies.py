"""The audited copy: the workbook that the agency sent, with the audit's findings in it and room to decide on them.

What the agency sent is changed in place, part by part, and never written again: a part that is not touched stays byte
for byte, a cell keeps its formula, its value and its look. XlsxWriter draws what is added into a donor workbook, from
which it is taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perdiem_calc.checks.finding import Finding, Outcome, Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import RateSource
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.workbook.form.layout import LAST_COLUMN, LAST_ROW, Area
from perdiem_calc.workbook.form.table import CLAIM, FOR_NASRO, REVIEW, REVIEWED
from perdiem_calc.workbook.form.where import as_on_form, located
from perdiem_calc.workbook.marking.archive import Archive
from perdiem_calc.workbook.marking.grafting import compute_on_opening, graft_styles, put_cell_blank, worksheets
from perdiem_calc.workbook.marking.marks import Question, by_sheet, clear_marks, draw, graft_marks, said_of
from perdiem_calc.workbook.marking.review_sheet import put_review_sheet
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.decisions import mark
from perdiem_calc.workbook.reading.opening import OpenBook
from perdiem_calc.workbook.reading.package import Package, open_package
from perdiem_calc.workbook.reading.read import ReadForm, answer_name, form_in, nasro_cell
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save
from perdiem_calc.workbook.writing.page import Pages
from perdiem_calc.workbook.writing.review import write_review
from perdiem_calc.workbook.writing.write import claim_bytes

NOTE = (
    "Audit as of {as_of}: {payable} is payable, suggested: {suggested}. {count} questioned, in order of payment "
    "effect. NASRO: choose Accept, Adjust or Return at each that is more than to know (Adjust needs the reason), "
    "then fill in the box for NASRO on Claim. Agency: answer in the yellow column, and send the workbook back."
)
CLEARED = (
    "To decide: {said!r} stood here when the claim came in. This box is NASRO's to fill in, so the audit cleared it."
)

RECEIVED_ON = "received_on"
LONGEST_SHOWN = 80
MOST_FINDINGS = LAST_ROW - REVIEWED.first_row
"""Further down a copy is not read back, so that no decision could stand there."""

Areas = tuple[Area, ...]


def write_copy(
    submitted: Path,
    audited: AuditedClaim,
    target: Path,
    rates: Callable[[], RateSource],
    law: Law,
    *,
    as_of: date,
    force: bool = False,
) -> None:
    """Write a copy of a submission with its findings, the cells in question marked, and the decisions to choose.

    `submitted` is the file as it came; of one in JSON or TOML the copy is the workbook that the program builds of the
    claim, with `rates`. Everything the agency sent stays, formulas with their values included; the sheet Review is
    written again with the agency's answers, and what stood in NASRO's box and beside the findings is cleared, since
    both are NASRO's to fill in.

    Raises InputError where the submission is no claim workbook, is not safe to read, came as JSON or TOML and cannot
    be computed or needs more than the form has, or has more findings than a copy is read back with; OutputError where
    the copy cannot be written, or is there already and `force` does not say to replace it. Nothing half-written is
    left behind.
    """
    refuse_to_replace(target, force=force)
    is_record = submitted.suffix.lower() in (".json", ".toml")
    package = _built(audited, rates(), law) if is_record else open_package(submitted)
    base = _base(package, audited, is_built=is_record)
    save(copied(base, as_of), target, force=force)


@dataclass(frozen=True)
class Base:
    """A workbook that is to be marked: its parts, the findings with their places, and the cells that are known.

    `mark` tells the claim as it was audited from one that was changed.
    `placed` gives each finding its place in words and its cells; `claim_cell` is where the claim's id stands, None
    where that is not known; `boxes` are NASRO's cells in which something stands. `received` is the blank
    cell of the day that the claim came in, and that day as a workbook counts it, where its mail states it.
    """

    archive: Archive
    claim_id: str
    payable: str
    suggested: str
    mark: str
    placed: tuple[tuple[Finding, str, Areas], ...]
    answers: Mapping[str, str]
    claim_cell: Area | None
    boxes: tuple[ReadCell, ...] = ()
    received: tuple[Area, int] | None = None

    def questions(self, sheets: Collection[str]) -> Iterator[Question]:
        """What is questioned, and on which cells of the sheets there are.

        Findings above "info" that have no cell are attached to the claim-id cell.
        """
        claim = (self.claim_cell,) if self.claim_cell is not None and self.claim_cell.sheet in sheets else ()
        for finding, _, areas in self.placed:
            if finding.outcome is Outcome.QUESTIONED:
                there = tuple(area for area in areas if area.sheet in sheets and _is_of_claim(area))
                if finding.severity is not Severity.INFO:
                    there = there or claim
                yield Question(there, finding.severity, said_of(finding))
        for box in self.boxes:
            yield Question((box.area,), Severity.REVIEW, CLEARED.format(said=str(box.value)[:LONGEST_SHOWN]))


def _is_of_claim(area: Area) -> bool:
    return area.sheet != REVIEW and area.last_row < LAST_ROW and area.last_column < LAST_COLUMN


def _base(package: Package, audited: AuditedClaim, *, is_built: bool) -> Base:
    """A workbook as it was sent, or as the program writes it, with the findings at their cells."""
    form = form_in(package)
    cell = form.book.named("claim_id")
    boxes = (nasro_cell(form.book, name) for name, _, _ in FOR_NASRO)
    found: Iterable[Finding] = audited.findings
    if is_built and audited.claim is not None and form.claim is not None:
        found = as_on_form(found, audited.claim, form.claim)
    findings = tuple(located(found, form.cells))
    return Base(
        archive=Archive(package),
        claim_id=audited.claim_id,
        payable=_payable(audited),
        suggested=audited.suggested,
        mark=mark(audited.content, audited.on_record),
        placed=tuple((finding, _place(finding), _areas(finding.where.cells)) for finding in findings),
        answers=_answers(form, {finding.check for finding in findings}),
        claim_cell=None if cell is None else cell.area,
        boxes=tuple(box for box in boxes if box is not None and not box.is_blank),
        received=_received(form.book, audited),
    )


def _answers(form: ReadForm, asked: Collection[str]) -> Mapping[str, str]:
    """The agency's answers by check: to what is asked, and those that stand on no other sheet."""
    answers = form.claim.explanations if form.claim is not None else {}
    on_check = {check: form.book.named(answer_name(check)) for check in answers}
    return {
        check: said
        for check, said in answers.items()
        if check in asked or (cell := on_check[check]) is None or cell.is_blank
    }


def _place(finding: Finding) -> str:
    """A finding's place as cells; the sheet alone where it is about no field."""
    return str(finding.where) if finding.where.cells else CLAIM


def _received(book: OpenBook, audited: AuditedClaim) -> tuple[Area, int] | None:
    """Where the day goes that the claim came in by its mail, so that the copy is audited as the claim was."""
    on = audited.claim.received_on if audited.claim is not None else None
    cell = book.named(RECEIVED_ON)
    if on is None or cell is None or not cell.is_blank:
        return None
    return cell.area.first, (on - book.epoch.date()).days


def _built(audited: AuditedClaim, rates: RateSource, law: Law) -> Package:
    """The workbook that the program writes of a claim. Raises InputError where the claim cannot be computed."""
    if audited.itemized is None:
        raise InputError(
            "copy.claim.not-computable",
            "the claim cannot be computed, so there is no workbook to mark",
            where=audited.source,
            fix="fix what its findings say, and audit it again",
        )
    return Package.of(claim_bytes(audited.itemized.claim, rates, law))


def _payable(audited: AuditedClaim) -> str:
    """What is payable; nobody says so while the officer may be another."""
    return "no amount" if audited.is_identity_open else in_dollars(audited.payable)


def _areas(addresses: Iterable[str]) -> Areas:
    found = map(Area.at, addresses)
    return tuple(area for area in found if area is not None)


def copied(base: Base, as_of: date) -> bytes:
    """The marked workbook as a file's content; the same base gives the same bytes.

    Raises InputError for more findings than a copy is read back with.
    """
    if len(base.placed) > MOST_FINDINGS:
        raise InputError(
            "copy.findings.too-many",
            f"has {len(base.placed):,} findings; a copy is read back with at most {MOST_FINDINGS:,}",
            fix="return it to be fixed first",
        )
    archive = base.archive
    sheets = worksheets(archive)
    for part in sheets.values():
        clear_marks(archive, part)
    for box in base.boxes:
        put_cell_blank(archive.tree(sheets[box.area.sheet]), box.area)
    if base.received is not None:
        area, day = base.received
        put_cell_blank(archive.tree(sheets[area.sheet]), area, day)
        compute_on_opening(archive)
    asked = by_sheet(base.questions(sheets))
    drawn = {name: f"Marks {number}" for number, name in enumerate(asked, start=1)}
    footer = base.claim_id.replace("&", "&&")
    book = Book(footer, f"Audit of {base.claim_id}", as_of, (REVIEW, *drawn.values()))
    count = sum(finding.outcome is Outcome.QUESTIONED for finding, _, _ in base.placed)
    note = NOTE.format(as_of=as_of, count=count, payable=base.payable, suggested=base.suggested)
    placed = [(finding, where) for finding, where, _ in base.placed]
    write_review(Pages(book, {}, {}), placed, note, base.mark, base.answers)
    for name, questions in asked.items():
        draw(book, drawn[name], archive.tree(sheets[name]), questions, as_of)
    donor = Archive.of(book.bytes())
    grafted = graft_styles(archive, donor)
    put_review_sheet(archive, donor, grafted)
    given = worksheets(donor)
    for name in asked:
        graft_marks(archive, sheets[name], donor, given[drawn[name]], grafted)
    return archive.content()
