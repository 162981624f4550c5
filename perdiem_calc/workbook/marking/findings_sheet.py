"""Puts the sheet Findings that a donor workbook holds into a submitted workbook, in the place of its own.

The submission's own sheet may be missing, renamed or damaged; what stands in it is never used. Its place among the
sheets stays; without one the new sheet comes last.
"""

from __future__ import annotations

from lxml import etree

from perdiem_calc.workbook.form import layout
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
_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_OWN_NAMES = "_xlnm."
"""How names begin that Excel itself gives to a sheet: what is printed, which rows are repeated."""


def put_findings_sheet(archive: Archive, donor: Archive, grafted: Grafted) -> None:
    """Put the donor's sheet Findings, its table included, into a workbook."""
    workbook = archive.workbook
    tree = archive.tree(workbook)
    ns = namespace(tree)
    entry = _entry(archive, tree, ns)
    old = archive.relations(workbook).get(relation_named(entry))
    given = worksheets(donor)[layout.FINDINGS]
    sheet = worksheet_of(donor, given, grafted, ns)
    _select(tree, ns, entry, sheet)
    part = archive.add("xl/worksheets/sheet{}.xml", xml_of(sheet), _SHEET_TYPE)
    name_relation(entry, archive.relate(workbook, "worksheet", part))
    if old is not None:
        archive.unrelate(workbook, old.target)
    _put_table(archive, part, donor.tree(donor.related(given, "table") or ""), ns)
    _put_names(tree, ns, entry, donor.tree(donor.workbook))
    order = archive.related(workbook, "calcchain")
    if order is not None:
        # It may list cells that are no longer there; Excel makes a new one.
        archive.unrelate(workbook, order)


def _entry(archive: Archive, tree: etree._Element, ns: str) -> etree._Element:
    """The sheet's entry in the list of sheets: by its name, by its table, or a new one."""
    sheets = child(tree, "sheets", OF_WORKBOOK)
    entries = {entry.get("name", "").casefold(): entry for entry in sheets}
    entry = entries.get(layout.FINDINGS.casefold())
    if entry is None:
        others = {name.casefold() for name in layout.SHEETS}
        renamed = [name for name, part in worksheets(archive).items() if _has_table(archive, part)]
        entry = next((entries[name.casefold()] for name in renamed if name.casefold() not in others), None)
    if entry is None:
        numbers = [whole(one.get("sheetId")) for one in sheets]
        entry = etree.SubElement(sheets, f"{ns}sheet", {"sheetId": str(max(numbers, default=0) + 1)})
    entry.set("name", layout.FINDINGS)
    entry.set("state", "visible")
    return entry


def _has_table(archive: Archive, part: str) -> bool:
    return layout.FINDINGS.casefold() in {name for _, name in _tables(archive, part)}


def _tables(archive: Archive, part: str) -> list[tuple[int, str]]:
    """The number and the name of each table of a sheet; names in the case in which they are compared."""
    found = dict.fromkeys(
        relation.target for relation in archive.relations(part).values() if relation.kind == "table"
    )
    trees = map(archive.look, found)
    return [(whole(tree.get("id")), tree.get("displayName", "").casefold()) for tree in trees]


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


def _put_table(archive: Archive, part: str, given: etree._Element, ns: str) -> None:
    """Add the table under a number and a name that no other table has."""
    others = [one for other in worksheets(archive).values() if other != part for one in _tables(archive, other)]
    taken = {name for _, name in others}
    free = (f"{layout.FINDINGS}{suffix}" for suffix in ("", *(f"_{number}" for number in range(2, len(taken) + 3))))
    name = next(name for name in free if name.casefold() not in taken)
    table = adopted(given, ns)
    for attribute in ("name", "displayName"):
        table.set(attribute, name)
    table.set("id", str(max((number for number, _ in others), default=0) + 1))
    added = archive.add("xl/tables/table{}.xml", xml_of(table), _TABLE_TYPE)
    for reference in archive.tree(part).iter(f"{ns}tablePart"):
        name_relation(reference, archive.relate(part, "table", added))


def _put_names(tree: etree._Element, ns: str, entry: etree._Element, given: etree._Element) -> None:
    """Say what of the sheet is printed and repeated, in the place of what was said of the old one."""
    place = str(_place(entry))
    names = child(tree, "definedNames", OF_WORKBOOK)
    for name in list(names):
        if name.get("localSheetId") == place and name.get("name", "").startswith(_OWN_NAMES):
            names.remove(name)
    for name in given.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        if name.get("localSheetId") == "0":
            copy = adopted(name, ns)
            copy.set("localSheetId", place)
            names.append(copy)
