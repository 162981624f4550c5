"""From a field of a claim to the cell it stands in: what findings and the reader's refusals point at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perdiem_calc.checks.finding import Finding
from perdiem_calc.workbook.form.layout import CellMap, joined


def located(findings: Iterable[Finding], cells: CellMap) -> Iterator[Finding]:
    """Findings on a workbook that was read, each with the cells of its fields there."""
    for finding in findings:
        areas = [area for area in map(cells.area, finding.where.paths) if area is not None]
        if finding.where.cells or not areas:
            yield finding
        else:
            places = tuple(joined(areas).split(", "))
            yield replace(finding, where=replace(finding.where, cells=places))


def place_of(path: str, cells: CellMap) -> str:
    """The cell in which a field stands in a workbook that was read; the field's path where it has none."""
    area = cells.area(path)
    return area.address if area is not None else path
