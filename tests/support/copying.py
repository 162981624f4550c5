"""Copies of one submission for the tests: where they are made, and what is read of them."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment

from perdiem_calc.checks.finding import Finding, Outcome, Severity
from perdiem_calc.dated import Law
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.form.table import BOXES, REVIEW, REVIEWED, TABLES
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.reading.package import Package as Opened
from perdiem_calc.workbook.reading.read import book_in
from tests.golden import BUILT_ON
from tests.support.audited_claims import audited_of, question
from tests.support.claim_data import sample
from tests.support.hostile import MAIN, own_workbook
from tests.support.sheets import cell_of


def at(name: str) -> str:
    """The cell of a box or column of the form, of `day_room[2]` the third, of `day_room[0:5]` the first five."""
    name, _, rows = name.partition("[")
    prefix, _, key = name.partition("_")
    area = BOXES[name].area.first if name in BOXES else TABLES[prefix].area(key)
    if not rows:
        return area.first.address
    first, _, after = rows.rstrip("]").partition(":")
    last = int(after) - 1 if after else int(first)
    return area._replace(row=area.row + int(first), last_row=area.row + last).address


EMPTY = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
CEILING = question(
    "lodging-rate-not-in-force",
    Severity.ADJUSTS,
    at("day_ceiling[1]"),
    claimed="199.00",
    allowed="145.00",
    message="Edited.",
)
ROOMS = question("lodging-over-ceiling", Severity.INFO, at("day_room[0:5]"), message="Above the ceiling.")
TAXES = question("lodging-tax-high", Severity.REVIEW, at("day_room[2]"), at("day_tax[2]"), message="A high tax.")
TICKET = question(
    "receipt-missing", Severity.BLOCKS, at("exp_receipt[0]"), message="=No receipt <E1> & none to come."
)
PRIOR = question("prior-course", Severity.REVIEW, message="A course was taken before.", path="nowhere")
DATES = question("retention-date", Severity.INFO, message="Keep the documents.", path="nowhere")
UNJUDGED = replace(question("mou-late", Severity.INFO, at("award_mou_on")), outcome=Outcome.NOT_EVALUATED)
ALL = (CEILING, ROOMS, TAXES, TICKET, PRIOR, DATES, UNJUDGED)


@lru_cache(maxsize=4)
def opened(content: bytes, *, values: bool = False) -> Any:
    """A workbook's cells, to be read only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(BytesIO(content), data_only=values)


class CopyDesk:
    """Where copies are made of the sample claim to Orlando, or of another workbook."""

    def __init__(self, law: Law, folder: Path) -> None:
        self.law, self.folder = law, folder
        self.audited = audited_of(sample("2026-ORL-0001"), "inbox/claim.xlsx")

    def copy(self, findings: Sequence[Finding] = ALL, content: bytes | None = None) -> bytes:
        """The copy of a submission with these findings."""
        submitted, target = self.folder / "claim.xlsx", self.folder / "copy.xlsx"
        submitted.write_bytes(own_workbook() if content is None else content)
        audited = replace(self.audited, findings=tuple(findings))
        write_copy(submitted, audited, target, Ratebook.open, self.law, as_of=BUILT_ON, force=True)
        return target.read_bytes()


def cells(content: bytes, *, values: bool) -> dict[tuple[str, str], Any]:
    """Every cell in which something stands, but those of Review."""
    book = opened(content, values=values)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        if sheet.title != REVIEW
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def comments(content: bytes) -> dict[str, str]:
    """The comments of a workbook, by address."""
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def fills(content: bytes) -> dict[str, str]:
    """The marked ranges of a workbook, each with its colour, the one that wins last."""
    found: dict[str, str] = {}
    for sheet in opened(content):
        ranked = [
            (rule.priority, str(ranges.sqref), rule)
            for ranges in sheet.conditional_formatting
            for rule in ranges.rules
            if rule.formula == ['"audit"<>""']
        ]
        for _, ranges, rule in sorted(ranked, key=lambda one: -one[0]):
            for address in ranges.split():
                found[f"{sheet.title}!{address}"] = f"#{rule.dxf.fill.bgColor.rgb[2:]}"
    return found


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def review_rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of Review that say something, each cell by its column's key, read by the program itself.

    Some of the workbooks here are none for openpyxl.
    """
    book = book_in(Opened.of(content))
    areas = {key: book.names[REVIEWED.name(key)] for key in REVIEWED.places}
    first, last = areas["check"].row, areas["check"].last_row
    rows = (
        {key: book.cell(area.sheet, row, area.column).value for key, area in areas.items()}
        for row in range(first, last + 1)
    )
    return [row for row in rows if any(value is not None for key, value in row.items() if key != "no")]


def edit(content: bytes, change: Any) -> bytes:
    """A workbook that somebody changed with openpyxl."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def commented() -> bytes:
    """The submission with two comments of the agency's, on the room of a day and the tax of another."""

    def change(book: Any) -> None:
        cell_of(book, "day_room[2]").comment = Comment("The suite was all they had.", "D. Cole")
        cell_of(book, "day_tax[4]").comment = Comment("See the folio.", "D. Cole")

    return edit(own_workbook(), change)
