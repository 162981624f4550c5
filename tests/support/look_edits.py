"""Edits of what a workbook looks like, as people make them: formats, colors, heights, widths, joined cells.

`after(content, look("Days!K5", code='"$98.00"'))` is a workbook whose cell shows another amount than it holds.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy

from lxml import etree

from tests.support.edits import MAIN, Edit, Package

STYLES = "xl/styles.xml"


def look(
    where: str | Collection[str], *, code: str = "", font: str = "", fill: str = "", alignment: str = ""
) -> Edit:
    """Another look of cells: a number format, and as XML the insides of a font, of a fill and of an alignment.

    What is left out stays as the first of the cells has it.
    """

    def edit(package: Package) -> None:
        cells = [package.cell(one) for one in ([where] if isinstance(where, str) else where)]
        styles = package.tree(STYLES)
        looks = _listed(styles, "cellXfs")
        other = deepcopy(looks[int(cells[0].get("s", "0"))])
        if code:
            other.set("numFmtId", str(900 + len(looks)))
            formats = _listed(styles, "numFmts")
            etree.SubElement(formats, f"{MAIN}numFmt", numFmtId=str(900 + len(looks)), formatCode=code)
        for kind, attribute, inside in (("fonts", "fontId", font), ("fills", "fillId", fill)):
            if inside:
                other.set(attribute, str(len(_listed(styles, kind))))
                _listed(styles, kind).append(_xml(f"<{kind[:-1]}>{inside}</{kind[:-1]}>"))
        if alignment:
            for old in other.findall(f"{MAIN}alignment"):
                other.remove(old)
            other.insert(0, _xml(f"<alignment {alignment}/>"))
        looks.append(other)
        for cell in cells:
            cell.set("s", str(len(looks) - 1))

    return edit


def ink(color: str, size: float = 9, name: str = "Calibri") -> str:
    """The inside of a font."""
    return f'<sz val="{size}"/><color {color}/><name val="{name}"/>'


def ground(color: str) -> str:
    """The inside of a plain fill."""
    return f'<patternFill patternType="solid"><fgColor {color}/></patternFill>'


def row_height(sheet: str, number: int, points: float) -> Edit:
    """A row of another height, by its number from 1."""
    return lambda package: package.row(sheet, number).attrib.update({"ht": str(points), "customHeight": "1"})


def column_width(sheet: str, letter: str, width: float | None) -> Edit:
    """A column of another width; None hides it."""
    shape = {"hidden": "1", "width": "9"} if width is None else {"width": str(width), "customWidth": "1"}
    return lambda package: package.shape_column(sheet, letter, shape)


def joined(sheet: str, block: str) -> Edit:
    """Cells joined to one."""

    def edit(package: Package) -> None:
        found = package.sheet(sheet).find(f"{MAIN}mergeCells")
        if found is None:
            found = etree.Element(f"{MAIN}mergeCells")
            data = package.sheet(sheet).find(f"{MAIN}sheetData")
            assert data is not None
            data.addnext(found)
        etree.SubElement(found, f"{MAIN}mergeCell", ref=block)

    return edit


def conditional(sheet: str, block: str, change: str, rule: str = "") -> Edit:
    """A conditional format that is always met: as XML the inside of what it changes, or a rule of its own."""

    def edit(package: Package) -> None:
        inside = rule
        if change:
            changes = _listed(package.tree(STYLES), "dxfs")
            changes.append(_xml(f"<dxf>{change}</dxf>"))
            number = len(changes) - 1
            inside = f'<cfRule type="expression" dxfId="{number}" priority="90"><formula>TRUE</formula></cfRule>'
        data = package.sheet(sheet).find(f"{MAIN}sheetData")
        assert data is not None
        data.addnext(_xml(f'<conditionalFormatting sqref="{block}">{inside}</conditionalFormatting>'))

    return edit


def _listed(styles: etree._Element, kind: str) -> etree._Element:
    """A list of the part with styles; made where it is not there."""
    found = styles.find(f"{MAIN}{kind}")
    if found is None:
        found = etree.Element(f"{MAIN}{kind}")
        styles.insert(0, found)
    return found


def _xml(text: str) -> etree._Element:
    return etree.fromstring(f'<a xmlns="{MAIN[1:-1]}">{text}</a>')[0]
