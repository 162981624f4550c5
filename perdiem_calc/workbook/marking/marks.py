"""Marks on the cells in question: a fill by severity, and a comment that says what is questioned.

The fill is a conditional format, so a cell keeps its own look under it, and a later audit can take the marks of an
earlier one away; it knows them by the formula, and the comments by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import ceil

from lxml import etree

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.workbook.form.layout import LAST_COLUMN, LAST_ROW, LETTERS, Area
from perdiem_calc.workbook.form.table import RESULTS
from perdiem_calc.workbook.marking.archive import Archive, whole
from perdiem_calc.workbook.marking.comments import AUTHOR, Cell, clear_comments, graft_comments
from perdiem_calc.workbook.marking.grafting import OF_WORKSHEET, Grafted, adopted, insert, move_looks
from perdiem_calc.workbook.reading.cells import MAIN, namespace
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.severities import FILLS

MARK = '"audit"<>""'
"""The formula of a mark's conditional format; it is always true."""
BEGINNING = "Audit as of "
"""How a comment of an audit begins."""
_OURS = re.compile(rf"(?:\A|\n\n){BEGINNING}[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\n\n")
"""Where the comment of an audit begins, alone or behind another; an agency may write of an audit too."""

MOST_COMMENTED = 10
"""Of a block of more cells the first one alone has the comment."""
MOST_SAID, LONGEST_SAID = 5, 600
"""The most findings in one comment, and the most characters of each."""
_WIDTH, _LINE, _PER_LINE, _HIGHEST = 330, 13.5, 55, 620
_TRUE = ("1", "true")
_MOST_COLUMNS, _MOST_ROWS = 200, 2_000

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Question:
    """What is questioned, where: some cells of one sheet, how grave it is, and the words."""

    areas: tuple[Area, ...]
    severity: Severity
    said: str


def said_of(finding: Finding) -> str:
    """A finding in a comment: its kind, check, message; of what is long the beginning."""
    message = finding.message if len(finding.message) <= LONGEST_SAID else f"{finding.message[:LONGEST_SAID]} …"
    return f"{RESULTS[finding.severity]}, {finding.check}: {message}"


def comment_text(said: Sequence[str], as_of: date) -> str:
    """The words of one comment.

    >>> comment_text(["To decide, resort-fee: Was it mandatory?"], date(2026, 11, 23))
    'Audit as of 2026-11-23\\n\\nTo decide, resort-fee: Was it mandatory?'
    """
    told = [f"{BEGINNING}{as_of}", *said[:MOST_SAID]]
    if len(said) > MOST_SAID:
        told.append(f"and {len(said) - MOST_SAID} more: see the sheet Review")
    return _NOT_XML.sub("?", "\n\n".join(told))


# --- drawn in the donor ---------------------------------------------------------------------------------------------


def draw(book: Book, name: str, tree: etree._Element, questions: Sequence[Question], as_of: date) -> None:
    """Mark the cells of a sheet on the donor's sheet `name`, which gets the measures of the sheet itself.

    What is questioned in a column that is hidden is told in the first column that is not, too.
    """
    sheet = book.sheets[name]
    questions = [*questions, *_of_hidden(questions, _hidden(tree))]
    _measure(book, name, tree)
    sheet.set_comments_author(AUTHOR)
    for severity in reversed(Severity):
        areas = [area for question in questions if question.severity is severity for area in question.areas]
        if areas:
            first = areas[0]
            ranges = " ".join(dict.fromkeys(area.address.rpartition("!")[2] for area in areas))
            look = book.look({"bg_color": FILLS[severity]})
            rule = {"type": "formula", "criteria": f"={MARK}", "format": look, "multi_range": ranges}
            sheet.conditional_format(first.row, first.column, first.row, first.column, rule)
    for (row, column), asked in _by_cell(questions, _merged(tree)).items():
        text = comment_text([question.said for question in asked], as_of)
        worst = max(question.severity for question in asked)
        lines = sum(ceil(max(1, len(line)) / _PER_LINE) for line in text.split("\n"))
        options = {"width": _WIDTH, "height": min(_HIGHEST, _LINE * (lines + 1)), "color": FILLS[worst]}
        sheet.write_comment(row, column, text, options)


def _columns(tree: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """The widths of columns that a sheet states: the first column, the last, and the element.

    They stand in order and never overlap, or Excel takes a file for damaged; one that does is passed over.
    """
    after = 0
    for column in tree.iterfind(f"{namespace(tree)}cols/{namespace(tree)}col"):
        first, last = int(_number(column, "min")) - 1, int(_number(column, "max")) - 1
        if after <= first <= last and first < _MOST_COLUMNS:
            after = last + 1
            yield first, min(after, _MOST_COLUMNS) - 1, column


def _hidden(tree: etree._Element) -> set[int]:
    """The columns that are hidden."""
    found: set[int] = set()
    for first, last, column in _columns(tree):
        if column.get("hidden") in _TRUE:
            found.update(range(first, last + 1))
    return found


def _of_hidden(questions: Iterable[Question], hidden: set[int]) -> Iterator[Question]:
    seen = next(column for column in range(_MOST_COLUMNS + 1) if column not in hidden)
    for question in questions:
        for area in question.areas:
            if hidden.issuperset(range(area.column, area.last_column + 1)):
                said = f"In the hidden column {LETTERS[area.column]}: {question.said}"
                yield Question((area._replace(column=seen, last_column=seen),), question.severity, said)


def _by_cell(questions: Iterable[Question], merged: Mapping[Cell, Cell]) -> dict[Cell, list[Question]]:
    """The cells that get a comment, each with its questions; of joined cells it is the first that people see."""
    found: dict[Cell, list[Question]] = {}
    for question in questions:
        for area in question.areas:
            for cell in dict.fromkeys(merged.get(cell, cell) for cell in _commented(area)):
                found.setdefault(cell, []).append(question)
    return found


def _commented(area: Area) -> Iterator[Cell]:
    cells = (area.last_row - area.row + 1) * (area.last_column - area.column + 1)
    if cells > MOST_COMMENTED:
        yield area.row, area.column
        return
    for row in range(area.row, area.last_row + 1):
        for column in range(area.column, area.last_column + 1):
            yield row, column


def _merged(tree: etree._Element) -> Mapping[Cell, Cell]:
    """Of each of the joined cells the first one, which is what people see."""
    ns = namespace(tree)
    found: dict[Cell, Cell] = {}
    left = LAST_ROW * LAST_COLUMN
    for merged in tree.iterfind(f"{ns}mergeCells/{ns}mergeCell"):
        area = Area.at(merged.get("ref", ""))
        if area is None:
            continue
        rows = range(area.row, min(area.last_row + 1, LAST_ROW))
        columns = range(area.column, min(area.last_column + 1, LAST_COLUMN))
        left -= len(rows) * len(columns)
        if left < 0:
            # Joined cells never overlap, so a sheet that Excel takes has no more of them.
            break
        for cell in product(rows, columns):
            found.setdefault(cell, (area.row, area.column))
    return found


def _measure(book: Book, name: str, tree: etree._Element) -> None:
    """Give the donor's sheet the widths and heights of the sheet, by which the boxes of comments are placed."""
    sheet, ns = book.sheets[name], namespace(tree)
    usual = tree.find(f"{ns}sheetFormatPr")
    if usual is not None and _number(usual, "defaultColWidth"):
        sheet.set_column(0, _MOST_COLUMNS, _number(usual, "defaultColWidth"))
    for first, last, column in _columns(tree):
        hidden = {"hidden": column.get("hidden") in _TRUE}
        sheet.set_column(first, last, _number(column, "width"), None, hidden)
    after = 0
    for row in tree.iterfind(f"{ns}sheetData/{ns}row"):
        number = int(_number(row, "r")) - 1
        if after <= number < _MOST_ROWS and (_number(row, "ht") or row.get("hidden")):
            after = number + 1
            hidden = {"hidden": row.get("hidden") in _TRUE}
            sheet.set_row(number, _number(row, "ht") or None, None, hidden)


def _number(element: etree._Element, name: str) -> float:
    """A measure; 0 where it is not stated, or is none."""
    try:
        return max(0.0, min(float(element.get(name, "0")), 1e6))
    except ValueError:
        return 0.0


# --- put into the workbook ------------------------------------------------------------------------------------------


def clear_marks(archive: Archive, part: str) -> None:
    """Take away the marks of an earlier audit from a sheet: its fills, its comments and their boxes."""
    if any(rule.text == MARK for rule in archive.look(part).iter("{*}formula")):
        _clear_fills(archive.tree(part))
    clear_comments(archive, part, _OURS)


def _clear_fills(tree: etree._Element) -> None:
    ns = namespace(tree)
    for format_ in tree.findall(f"{ns}conditionalFormatting"):
        for rule in format_.findall(f"{ns}cfRule"):
            if rule.findtext(f"{ns}formula") == MARK:
                format_.remove(rule)
        if not len(format_):
            tree.remove(format_)


def graft_marks(archive: Archive, part: str, donor: Archive, drawn: str, grafted: Grafted) -> None:
    """Put the marks of a donor's sheet on a sheet."""
    tree, marked = archive.tree(part), donor.tree(drawn)
    ns = namespace(tree)
    move_looks(marked, grafted)
    formats = [adopted(one, ns) for one in marked.findall(f"{{{MAIN}}}conditionalFormatting")]
    rules = sum(len(format_) for format_ in formats)
    for rule in tree.iter("{*}cfRule"):
        if rule.get("priority") is not None:
            rule.set("priority", str(whole(rule.get("priority")) + rules))
    there = tree.find(f"{ns}conditionalFormatting")
    for format_ in formats:
        # Ours come first: LibreOffice shows the first that applies, Excel all by their priority.
        if there is None:
            insert(tree, format_, OF_WORKSHEET)
        else:
            there.addprevious(format_)
    graft_comments(archive, part, donor, drawn)


def by_sheet(questions: Iterable[Question]) -> Mapping[str, list[Question]]:
    """The questions by the sheet they are on."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        for sheet in dict.fromkeys(area.sheet for area in question.areas):
            areas = tuple(area for area in question.areas if area.sheet == sheet)
            found.setdefault(sheet, []).append(Question(areas, question.severity, question.said))
    return found
