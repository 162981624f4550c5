"""Comments and their boxes, added to a sheet that another program wrote, next to the comments it has.

A comment stands in one part, its box in another, a drawing; a conversation (Excel 365) in a third, besides a comment
that older programs show.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.marking.archive import Archive, whole, xml_of
from perdiem_calc.workbook.marking.grafting import OF_WORKSHEET, adopted, insert, name_relation
from perdiem_calc.workbook.reading.cells import MAIN, namespace
from perdiem_calc.workbook.reading.package import damaged, relation_named

AUTHOR = "Audit"

_VML = "{urn:schemas-microsoft-com:vml}"
_OF_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_SHAPE, FIRST_SHAPE = "_x0000_s", 1024
_NOTE_SHAPE = "_x0000_t202"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

Cell = tuple[int, int]
"""A row and a column, from 0."""


def clear_comments(archive: Archive, part: str, ours: re.Pattern[str]) -> None:
    """Take away the comments of a sheet that begin like ours, and ours at the end of another comment."""
    comments = archive.related(part, "comments")
    if comments is None or not any(ours.search(_text(comment)) for comment in _comments(archive.look(comments))):
        return
    gone: set[Cell] = set()
    for comment in _comments(archive.tree(comments)):
        text = _text(comment)
        found = ours.search(text)
        if found is not None and (kept := text[: found.start()].rstrip()):
            _set_text(comment, kept)
        elif found is not None:
            _remove(comment)
            gone.add(_cell(comment))
    drawing = _drawing(archive, part)
    if drawing is not None:
        _keep_shapes(archive.tree(drawing), lambda cell: cell not in gone)


def _comments(tree: etree._Element) -> list[etree._Element]:
    return tree.findall("{*}commentList/{*}comment")


def graft_comments(archive: Archive, part: str, donor: Archive, drawn: str) -> None:
    """Put the comments of a donor's sheet on a sheet; on a cell that has one, ours follows it."""
    ns = namespace(archive.look(part))
    comments, drawing = donor.related(drawn, "comments"), donor.related(drawn, "vmldrawing")
    if comments is not None and drawing is not None:
        without = _graft_texts(archive, part, donor.tree(comments), ns)
        _graft_shapes(archive, part, donor, drawing, without, ns)


def _graft_texts(archive: Archive, part: str, given: etree._Element, ns: str) -> set[Cell]:
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
        raise damaged("its comments cannot be read")
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
    number = whole(comment.get("authorId"))
    threads = archive.related(part, "threadedcomment")
    if threads is not None and number < len(authors) and (authors[number].text or "").startswith("tc="):
        archive.unrelate(part, threads)


def _graft_shapes(archive: Archive, part: str, donor: Archive, drawing: str, cells: set[Cell], ns: str) -> None:
    """Add the boxes of the comments."""
    there = _drawing(archive, part)
    if there is None:
        added = archive.add("xl/drawings/vmlDrawing{}.vml", donor.raw(drawing), _DRAWING_TYPE)
        element = etree.Element(f"{ns}legacyDrawing")
        name_relation(element, archive.relate(part, "vmlDrawing", added))
        insert(archive.tree(part), element, OF_WORKSHEET)
        _keep_shapes(archive.tree(added), lambda cell: cell in cells)
        return
    tree, given = archive.tree(there), donor.tree(drawing)
    kinds = {kind.get("id") for kind in tree.findall(f"{_VML}shapetype")}
    if _NOTE_SHAPE not in kinds:
        tree.extend(given.findall(f"{_VML}shapetype"))
    taken = [whole(shape.get("id", "").removeprefix(_SHAPE)) for shape in tree.iter(f"{_VML}shape")]
    for number, shape in enumerate(given.findall(f"{_VML}shape"), start=max([FIRST_SHAPE, *taken]) + 1):
        if _cell_of_shape(shape) in cells:
            shape.set("id", f"{_SHAPE}{number}")
            tree.append(shape)


def _keep_shapes(tree: etree._Element, wanted: Callable[[Cell | None], bool]) -> None:
    for shape in tree.findall(f"{_VML}shape"):
        if not wanted(_cell_of_shape(shape)):
            _remove(shape)


def _drawing(archive: Archive, part: str) -> str | None:
    """The drawing with the boxes of a sheet's comments."""
    tree = archive.tree(part)
    element = tree.find(f"{namespace(tree)}legacyDrawing")
    relation = None if element is None else archive.relations(part).get(relation_named(element))
    return relation.target if relation is not None and relation.target in archive else None


def _cell(comment: etree._Element) -> Cell:
    area = Area.at(comment.get("ref", ""))
    return (-1, -1) if area is None else (area.row, area.column)


def _cell_of_shape(shape: etree._Element) -> Cell | None:
    """The cell whose comment a box is; None for what is no such box."""
    row, column = (shape.findtext(f"{_OF_EXCEL}ClientData/{_OF_EXCEL}{name}") for name in ("Row", "Column"))
    return None if row is None or column is None else (whole(row), whole(column))


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
