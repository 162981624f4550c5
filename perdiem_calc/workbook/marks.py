"""Marks on the cells in question: a fill by severity, and a comment that says what is questioned.

The fill is a conditional format, so a cell keeps its own look under it, and a later audit can take the marks of an
earlier one away; it knows them by the formula, and the comments by how they begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from lxml import etree

from perdiem_calc.findings import Finding, Severity
from perdiem_calc.workbook.archive import Archive, xml_of
from perdiem_calc.workbook.book import Book
from perdiem_calc.workbook.cells import MAIN, namespace
from perdiem_calc.workbook.grafting import (
    OF_WORKSHEET,
    Grafted,
    adopted,
    insert,
    move_looks,
    relation_id,
)
from perdiem_calc.workbook.layout import Area
from perdiem_calc.workbook.severities import FILLS

MARK = '"audit"<>""'
"""The formula of a mark's conditional format; it is always true."""
BEGINNING = "Audit as of "
"""How a comment of an audit begins."""
AUTHOR = "Audit"

MOST_COMMENTED = 10
"""Of a block of more cells the first one alone has the comment."""
MOST_SAID, LONGEST_SAID = 5, 600
"""So many findings are told in one comment, each cut to so many characters."""
_WIDTH, _LINE, _PER_LINE, _HIGHEST = 330, 13.5, 55, 620
_MOST_COLUMNS, _MOST_ROWS = 200, 2_000

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VML = "{urn:schemas-microsoft-com:vml}"
_OF_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_SHAPE_ID = re.compile(r"_x0000_s([0-9]{1,9})")
_NOTE_SHAPE = "_x0000_t202"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

Cell = tuple[int, int]
"""A row and a column, from 0."""


@dataclass(frozen=True)
class Question:
    """What is questioned, where: some cells of one sheet, how grave it is, and the words."""

    areas: tuple[Area, ...]
    severity: Severity
    said: str


def said_of(finding: Finding) -> str:
    """A finding in a comment: severity, check, message; of what is long the beginning."""
    message = finding.message if len(finding.message) <= LONGEST_SAID else f"{finding.message[:LONGEST_SAID]} …"
    return f"{finding.severity.value}, {finding.check}: {message}"


def comment_text(said: Sequence[str], as_of: date) -> str:
    """The words of one comment.

    >>> comment_text(["review, resort-fee: Was it mandatory?"], date(2026, 11, 23))
    'Audit as of 2026-11-23\\n\\nreview, resort-fee: Was it mandatory?'
    """
    told = [f"{BEGINNING}{as_of}", *said[:MOST_SAID]]
    if len(said) > MOST_SAID:
        told.append(f"and {len(said) - MOST_SAID} more: see the sheet Findings")
    return _NOT_XML.sub("?", "\n\n".join(told))


# --- drawn in the donor ---------------------------------------------------------------------------------------------


def draw(book: Book, name: str, tree: etree._Element, questions: Sequence[Question], as_of: date) -> None:
    """Mark the cells of a sheet on the donor's sheet `name`, which gets the measures of the sheet itself."""
    sheet = book.sheets[name]
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


def _by_cell(questions: Iterable[Question], merged: Sequence[Area]) -> dict[Cell, list[Question]]:
    """The cells that get a comment, each with its questions; of joined cells it is the first that people see."""
    found: dict[Cell, list[Question]] = {}
    for question in questions:
        for area in question.areas:
            for cell in dict.fromkeys(_seen(cell, merged) for cell in _commented(area)):
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


def _seen(cell: Cell, merged: Iterable[Area]) -> Cell:
    row, column = cell
    for area in merged:
        if area.row <= row <= area.last_row and area.column <= column <= area.last_column:
            return area.row, area.column
    return cell


def _merged(tree: etree._Element) -> list[Area]:
    ns = namespace(tree)
    found = (Area.at(merged.get("ref", "")) for merged in tree.iterfind(f"{ns}mergeCells/{ns}mergeCell"))
    return [area for area in found if area is not None]


def _measure(book: Book, name: str, tree: etree._Element) -> None:
    """Give the donor's sheet the widths and heights of the sheet, by which the boxes of comments are placed."""
    sheet, ns = book.sheets[name], namespace(tree)
    usual = tree.find(f"{ns}sheetFormatPr")
    if usual is not None and _number(usual, "defaultColWidth"):
        sheet.set_column(0, _MOST_COLUMNS, _number(usual, "defaultColWidth"))
    for column in tree.iterfind(f"{ns}cols/{ns}col"):
        first, last = int(_number(column, "min")) - 1, int(_number(column, "max")) - 1
        if 0 <= first <= last and first < _MOST_COLUMNS:
            hidden = {"hidden": column.get("hidden") in ("1", "true")}
            sheet.set_column(first, min(last, _MOST_COLUMNS), _number(column, "width"), None, hidden)
    for row in tree.iterfind(f"{ns}sheetData/{ns}row"):
        number = int(_number(row, "r")) - 1
        if 0 <= number < _MOST_ROWS and (_number(row, "ht") or row.get("hidden")):
            hidden = {"hidden": row.get("hidden") in ("1", "true")}
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
    comments = archive.related(part, "comments")
    if comments is None or not any(BEGINNING in _text(comment) for comment in _comments(archive.look(comments))):
        return
    gone: set[Cell] = set()
    for comment in _comments(archive.tree(comments)):
        kept, earlier, _ = _text(comment).partition(BEGINNING)
        if earlier and kept.strip():
            _set_text(comment, kept.rstrip())
        elif earlier:
            _remove(comment)
            gone.add(_cell(comment))
    drawing = _drawing(archive, part)
    if drawing is not None:
        _keep_shapes(archive.tree(drawing), lambda cell: cell not in gone)


def _clear_fills(tree: etree._Element) -> None:
    ns = namespace(tree)
    for format_ in tree.findall(f"{ns}conditionalFormatting"):
        for rule in format_.findall(f"{ns}cfRule"):
            if rule.findtext(f"{ns}formula") == MARK:
                format_.remove(rule)
        if not len(format_):
            tree.remove(format_)


def _comments(tree: etree._Element) -> list[etree._Element]:
    return tree.findall("{*}commentList/{*}comment")


def graft_marks(archive: Archive, part: str, donor: Archive, drawn: str, grafted: Grafted) -> None:
    """Put the marks of a donor's sheet on a sheet."""
    tree, marked = archive.tree(part), donor.tree(drawn)
    ns = namespace(tree)
    move_looks(marked, grafted)
    formats = [adopted(one, ns) for one in marked.findall(f"{{{MAIN}}}conditionalFormatting")]
    rules = sum(len(format_) for format_ in formats)
    for rule in tree.iter("{*}cfRule"):
        if rule.get("priority", "").isdecimal():
            rule.set("priority", str(int(rule.get("priority", "")) + rules))
    for format_ in formats:
        insert(tree, format_, OF_WORKSHEET)
    comments, drawing = donor.related(drawn, "comments"), donor.related(drawn, "vmldrawing")
    if comments is not None and drawing is not None:
        shapes = _graft_comments(archive, part, donor.tree(comments), ns)
        _graft_shapes(archive, part, donor, drawing, shapes, ns)


def _graft_comments(archive: Archive, part: str, given: etree._Element, ns: str) -> set[Cell]:
    """Add the comments; returns the cells that had none, and so need a box."""
    comments = archive.related(part, "comments")
    ours = given.findall(f"{{{MAIN}}}commentList/{{{MAIN}}}comment")
    if comments is None:
        added = archive.add("xl/comments{}.xml", xml_of(adopted(given, ns)), _COMMENTS_TYPE)
        archive.relate(part, "comments", added)
        return {_cell(comment) for comment in ours}
    tree = archive.tree(comments)
    inner = namespace(tree)
    authors, listed = (tree.find(inner + name) for name in ("authors", "commentList"))
    if authors is None or listed is None:
        return set()
    there = {_cell(comment): comment for comment in listed}
    etree.SubElement(authors, f"{inner}author").text = AUTHOR
    new: set[Cell] = set()
    for comment in ours:
        cell = _cell(comment)
        if cell in there:
            _unthread(archive, part, authors, there[cell])
            _set_text(there[cell], f"{_text(there[cell])}\n\n{_text(comment)}")
        else:
            copy = adopted(comment, inner)
            copy.set("authorId", str(len(authors) - 1))
            listed.append(copy)
            new.add(cell)
    return new


def _unthread(archive: Archive, part: str, authors: etree._Element, comment: etree._Element) -> None:
    """Let a conversation on a cell in question be a plain comment, or Excel would show the conversation alone."""
    number = int(comment.get("authorId", "0"))
    threads = archive.related(part, "threadedcomment")
    if threads is not None and number < len(authors) and (authors[number].text or "").startswith("tc="):
        archive.unrelate(part, threads)


def _graft_shapes(archive: Archive, part: str, donor: Archive, drawing: str, cells: set[Cell], ns: str) -> None:
    """Add the boxes of the comments."""
    there = _drawing(archive, part)
    if there is None:
        added = archive.add("xl/drawings/vmlDrawing{}.vml", donor.raw(drawing), _DRAWING_TYPE)
        element = etree.Element(f"{ns}legacyDrawing")
        element.set(relation_id(ns), archive.relate(part, "vmlDrawing", added))
        insert(archive.tree(part), element, OF_WORKSHEET)
        _keep_shapes(archive.tree(added), lambda cell: cell in cells)
        return
    tree, given = archive.tree(there), donor.tree(drawing)
    kinds = {kind.get("id") for kind in tree.findall(f"{_VML}shapetype")}
    if _NOTE_SHAPE not in kinds:
        tree.extend(given.findall(f"{_VML}shapetype"))
    taken = [int(number) for shape in tree.iter(f"{_VML}shape") for number in _SHAPE_ID.findall(shape.get("id", ""))]
    for number, shape in enumerate(given.findall(f"{_VML}shape"), start=max([1024, *taken]) + 1):
        if _cell_of_shape(shape) in cells:
            shape.set("id", f"_x0000_s{number}")
            tree.append(shape)


def _keep_shapes(tree: etree._Element, wanted: Callable[[Cell | None], bool]) -> None:
    for shape in tree.findall(f"{_VML}shape"):
        if not wanted(_cell_of_shape(shape)):
            _remove(shape)


def _drawing(archive: Archive, part: str) -> str | None:
    """The drawing with the boxes of a sheet's comments."""
    tree = archive.tree(part)
    ns = namespace(tree)
    element = tree.find(f"{ns}legacyDrawing")
    if element is None:
        return None
    _, target = archive.relations(part).get(element.get(relation_id(ns), ""), ("", ""))
    return target if target in archive else None


def _cell(comment: etree._Element) -> Cell:
    area = Area.at(comment.get("ref", ""))
    return (-1, -1) if area is None else (area.row, area.column)


def _cell_of_shape(shape: etree._Element) -> Cell | None:
    row, column = (shape.findtext(f"{_OF_EXCEL}ClientData/{_OF_EXCEL}{name}", "") for name in ("Row", "Column"))
    return (int(row), int(column)) if row.isdecimal() and column.isdecimal() else None


def _text(comment: etree._Element) -> str:
    return "".join(text.text or "" for text in comment.iter("{*}t"))


def _set_text(comment: etree._Element, said: str) -> None:
    ns = namespace(comment)
    for old in comment.findall(f"{ns}text"):
        comment.remove(old)
    text = etree.Element(f"{ns}text")
    run = etree.SubElement(etree.SubElement(text, f"{ns}r"), f"{ns}t")
    run.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.text = said
    comment.insert(0, text)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def by_sheet(questions: Iterable[Question]) -> Mapping[str, list[Question]]:
    """The questions by the sheet they are on."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        for sheet in dict.fromkeys(area.sheet for area in question.areas):
            areas = tuple(area for area in question.areas if area.sheet == sheet)
            found.setdefault(sheet, []).append(Question(areas, question.severity, question.said))
    return found
