"""Puts the sheet Review that a donor workbook holds into a submitted workbook, in the place of its own.

The submission's own sheet may be missing, renamed or damaged; what stands in it is never used. Its place among the
sheets stays; without one the new sheet comes last.
"""

from __future__ import annotations

from lxml import etree

from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.form.table import AUDIT_MARK, REVIEW, REVIEWED, SHEETS
from perdiem_calc.workbook.marking.archive import Archive, whole, xml_of
from perdiem_calc.workbook.marking.grafting import (
    OF_WORKBOOK,
    Grafted,
    adopted,
    child,
    name_relation,
    worksheet_of,
    worksheets,
)
from perdiem_calc.workbook.reading.cells import MAIN, namespace
from perdiem_calc.workbook.reading.package import relation_named

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OWN_NAMES = "_xlnm."
"""How names begin that Excel itself gives to a sheet: what is printed, which rows are repeated."""


def put_review_sheet(archive: Archive, donor: Archive, grafted: Grafted) -> None:
    """Put the donor's sheet Review, with the defined names of its cells, into a workbook."""
    workbook = archive.workbook
    tree = archive.tree(workbook)
    ns = namespace(tree)
    entry = _entry(tree, ns)
    old = archive.relations(workbook).get(relation_named(entry))
    given = worksheets(donor)[REVIEW]
    sheet = worksheet_of(donor, given, grafted, ns)
    _select(tree, ns, entry, sheet)
    part = archive.add("xl/worksheets/sheet{}.xml", xml_of(sheet), _SHEET_TYPE)
    name_relation(entry, archive.relate(workbook, "worksheet", part))
    if old is not None:
        archive.unrelate(workbook, old.target)
    _put_names(tree, ns, entry, donor.tree(donor.workbook))
    order = archive.related(workbook, "calcchain")
    if order is not None:
        # It may list cells that are no longer there; Excel makes a new one.
        archive.unrelate(workbook, order)


def _entry(tree: etree._Element, ns: str) -> etree._Element:
    """The sheet's entry in the list of sheets: by its name, by the name of its cells, or a new one."""
    sheets = child(tree, "sheets", OF_WORKBOOK)
    entries = {entry.get("name", "").casefold(): entry for entry in sheets}
    named = next(
        (
            area.sheet
            for name in tree.iterfind(f"{ns}definedNames/{ns}definedName")
            if name.get("name") == REVIEWED.name("check") and (area := Area.at(name.text or "")) is not None
        ),
        REVIEW,
    )
    entry = entries.get(REVIEW.casefold())
    if entry is None and named.casefold() not in {name.casefold() for name in SHEETS}:
        entry = entries.get(named.casefold())
    if entry is None:
        numbers = [whole(one.get("sheetId")) for one in sheets]
        entry = etree.SubElement(sheets, f"{ns}sheet", {"sheetId": str(max(numbers, default=0) + 1)})
    entry.set("name", REVIEW)
    entry.set("state", "visible")
    return entry


def _select(tree: etree._Element, ns: str, entry: etree._Element, sheet: etree._Element) -> None:
    """Let the sheet be the chosen one where its place is that of the chosen one."""
    view = tree.find(f"{ns}bookViews/{ns}workbookView")
    chosen = whole(view.get("activeTab")) if view is not None else 0
    if _place(entry) == chosen:
        for one in sheet.iter(f"{ns}sheetView"):
            one.set("tabSelected", "1")


def _place(entry: etree._Element) -> int:
    parent = entry.getparent()
    return parent.index(entry) if parent is not None else 0


def _put_names(tree: etree._Element, ns: str, entry: etree._Element, given: etree._Element) -> None:
    """Say what of the sheet is printed and repeated, in the place of what was said of the old one."""
    place = str(_place(entry))
    names = child(tree, "definedNames", OF_WORKBOOK)
    own = {AUDIT_MARK, *map(REVIEWED.name, REVIEWED.places)}
    for name in list(names):
        is_local = name.get("localSheetId") == place and name.get("name", "").startswith(_OWN_NAMES)
        if is_local or (name.get("localSheetId") is None and name.get("name") in own):
            names.remove(name)
    for name in given.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        is_local = name.get("localSheetId") == "0"
        if is_local or name.get("name") in own:
            copy = adopted(name, ns)
            if is_local:
                copy.set("localSheetId", place)
            names.append(copy)
