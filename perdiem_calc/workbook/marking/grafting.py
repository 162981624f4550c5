"""Puts sheets and marks that XlsxWriter wrote into a workbook that another program wrote: elements, styles, sheets.

Styles are added behind those that are there, so that no cell of the other workbook looks different.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from perdiem_calc.workbook.form.layout import Area, column_number
from perdiem_calc.workbook.marking.archive import Archive, whole
from perdiem_calc.workbook.reading.cells import MAIN, STRICT, namespace
from perdiem_calc.workbook.reading.package import RELATED, RELATED_STRICT, relation_named

FIRST_OWN_FORMAT = 164
"""Number formats below are Excel's own."""

OF_WORKSHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties "
    "cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
OF_STYLES = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
OF_WORKBOOK = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
)
"""The elements of a part in the order without which Excel takes a file for damaged."""


@dataclass(frozen=True)
class Grafted:
    """Where the donor's styles are in the other workbook: cell formats by number, and the first differential one."""

    cell_formats: Mapping[str, str]
    first_dxf: int


def adopted(element: etree._Element, ns: str) -> etree._Element:
    """A copy of a donor's element in the namespace of the other workbook, which may be a strict one."""
    copy = deepcopy(element)
    for one in copy.iter(f"{{{MAIN}}}*"):
        one.tag = ns + etree.QName(one).localname
    etree.cleanup_namespaces(copy)
    return copy


def name_relation(element: etree._Element, name: str) -> None:
    """Let an element name this relation, and no other."""
    is_strict = etree.QName(element).namespace == STRICT
    etree.strip_attributes(element, f"{{{RELATED}}}id", f"{{{RELATED_STRICT}}}id")
    element.set(f"{{{RELATED_STRICT if is_strict else RELATED}}}id", name)


def child(tree: etree._Element, name: str, order: str) -> etree._Element:
    """The child of that name; a new one in its place where there is none."""
    ns = namespace(tree)
    found = tree.find(ns + name)
    return found if found is not None else insert(tree, etree.Element(ns + name), order)


def insert(tree: etree._Element, element: etree._Element, order: str) -> etree._Element:
    """Put a child behind those that come before it or are its like; returns it."""
    listed = order.split()
    before = set(listed[: listed.index(etree.QName(element).localname) + 1])
    place = 0
    for number, one in enumerate(tree, start=1):
        if etree.QName(one).localname in before:
            place = number
    tree.insert(place, element)
    return element


# --- styles --------------------------------------------------------------------------------------------------------


def graft_styles(archive: Archive, donor: Archive) -> Grafted:
    """Add the donor's styles to a workbook; where it has none, the donor's are its own."""
    given, workbook = donor.tree("xl/styles.xml"), archive.workbook
    part = archive.related(workbook, "styles")
    if part is None:
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
        free = "xl/styles{}.xml" if "xl/styles.xml" in archive else "xl/styles.xml"
        part = archive.add(free, donor.raw("xl/styles.xml"), content_type)
        archive.relate(workbook, "styles", part)
        formats = given.findall(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")
        return Grafted({str(number): str(number) for number in range(len(formats))}, 0)
    styles = archive.tree(part)
    numbers = _number_formats(styles, given)
    first = {name: _append(styles, given, name) for name in ("fonts", "fills", "borders")}
    return Grafted(_cell_formats(styles, given, numbers, first), _append(styles, given, "dxfs"))


def _append(styles: etree._Element, given: etree._Element, name: str) -> int:
    """Add the donor's elements of a group to those that are there; returns the number of the first."""
    group = child(styles, name, OF_STYLES)
    first = len(group)
    ns = namespace(styles)
    for element in given.iterfind(f"{{{MAIN}}}{name}/*"):
        group.append(adopted(element, ns))
    group.set("count", str(len(group)))
    return first


def _number_formats(styles: etree._Element, given: etree._Element) -> dict[str, str]:
    """Add the donor's number formats under numbers that are free; returns the new ones by the old."""
    ns = namespace(styles)
    found = given.findall(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")
    if not found:
        return {}
    group = child(styles, "numFmts", OF_STYLES)
    taken = [whole(one.get("numFmtId")) for one in group]
    free = max([FIRST_OWN_FORMAT - 1, *taken]) + 1
    numbers: dict[str, str] = {}
    for number, element in enumerate(found, start=free):
        copy = adopted(element, ns)
        numbers[copy.get("numFmtId", "")] = str(number)
        copy.set("numFmtId", str(number))
        group.append(copy)
    group.set("count", str(len(group)))
    return numbers


def _cell_formats(
    styles: etree._Element, given: etree._Element, numbers: Mapping[str, str], first: Mapping[str, int]
) -> dict[str, str]:
    group = child(styles, "cellXfs", OF_STYLES)
    ns = namespace(styles)
    places: dict[str, str] = {}
    for number, element in enumerate(given.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")):
        copy = adopted(element, ns)
        copy.set("numFmtId", numbers.get(copy.get("numFmtId", "0"), copy.get("numFmtId", "0")))
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            copy.set(attribute, str(int(copy.get(attribute, "0")) + first[name]))
        copy.set("xfId", "0")
        places[str(number)] = str(len(group))
        group.append(copy)
    group.set("count", str(len(group)))
    return places


# --- sheets --------------------------------------------------------------------------------------------------------


def worksheets(archive: Archive) -> dict[str, str]:
    """The parts of a workbook's worksheets, by the names of the sheets."""
    tree = archive.look(archive.workbook)
    ns = namespace(tree)
    relations = archive.relations(archive.workbook)
    found: dict[str, str] = {}
    for sheet in tree.iterfind(f"{ns}sheets/{ns}sheet"):
        relation = relations.get(relation_named(sheet))
        if relation is not None and relation.kind == "worksheet":
            found[sheet.get("name", "")] = relation.target
    return found


def worksheet_of(donor: Archive, part: str, grafted: Grafted, ns: str) -> etree._Element:
    """A donor's sheet as the other workbook takes it: its texts in the cells, its styles by their new numbers."""
    texts = donor.tree("xl/sharedstrings.xml").findall(f"{{{MAIN}}}si")
    tree = deepcopy(donor.tree(part))
    for cell in tree.iter(f"{{{MAIN}}}c"):
        cell.set("s", grafted.cell_formats[cell.get("s", "0")])
        if cell.get("t") == "s":
            _inline(cell, texts)
    move_looks(tree, grafted)
    sheet = adopted(tree, ns)
    for view in sheet.iter(f"{ns}sheetView"):
        view.set("tabSelected", "0")
    return sheet


def _inline(cell: etree._Element, texts: list[etree._Element]) -> None:
    shared = texts[int(cell.findtext(f"{{{MAIN}}}v") or 0)]
    cell[:] = []
    inline = etree.SubElement(cell, f"{{{MAIN}}}is")
    inline.extend(deepcopy(one) for one in shared)
    cell.set("t", "inlineStr")


def move_looks(tree: etree._Element, grafted: Grafted) -> None:
    """Let conditional formats of the donor name its looks by their new numbers."""
    for rule in tree.iter(f"{{{MAIN}}}cfRule"):
        rule.set("dxfId", str(int(rule.get("dxfId", "0")) + grafted.first_dxf))


def put_cell_blank(tree: etree._Element, area: Area, number: int | None = None) -> None:
    """Take away what stands in a cell, or put a whole number there; its style stays."""
    ns = namespace(tree)
    row_number = 0
    for row in tree.iterfind(f"{ns}sheetData/{ns}row"):
        row_number = whole(row.get("r")) or row_number + 1
        if row_number == area.row + 1:
            cell = _cell(row, ns, area)
            if cell is not None:
                etree.strip_attributes(cell, "t")
                cell[:] = []
                if number is not None:
                    etree.SubElement(cell, f"{ns}v").text = str(number)


def compute_on_opening(archive: Archive) -> None:
    """Let a spreadsheet program compute every formula again when it opens the workbook."""
    child(archive.tree(archive.workbook), "calcPr", OF_WORKBOOK).set("fullCalcOnLoad", "1")


def _cell(row: etree._Element, ns: str, area: Area) -> etree._Element | None:
    """The cell of a row in a column; programs may leave out a cell's address that follows from its place."""
    column = -1
    for cell in row.iterchildren(f"{ns}c"):
        stated = cell.get("r")
        column = column + 1 if stated is None else column_number(stated.rstrip("0123456789"))
        if column == area.column:
            return cell
    return None
