"""From a field of a claim to the cell it stands in: what findings and the reader's refusals point at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.model import Claim
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


_BY_DAY = re.compile(r"(lodging|furnished_meals|trip\.(?:day_trips|personal_days))\[([0-9]+)\](.*)")


def as_on_form(findings: Iterable[Finding], claim: Claim, read: Claim) -> Iterator[Finding]:
    """Findings on a claim, at the fields of the same claim as it was read from its form.

    There entries stand by day, and a day on which no meal was furnished has one too.
    """
    days, days_read = _days_of(claim), _days_of(read)

    def moved(path: str) -> str:
        found = _BY_DAY.fullmatch(path)
        if found is None:
            return path
        name, index, rest = found[1], int(found[2]), found[3]
        day = days[name][index]
        return f"{name}[{days_read[name].index(day)}]{rest}" if day in days_read[name] else name

    for finding in findings:
        yield replace(finding, where=replace(finding.where, paths=tuple(map(moved, finding.where.paths))))


def _days_of(claim: Claim) -> Mapping[str, Sequence[date]]:
    """The day of each entry of the lists that go by days."""
    return {
        "lodging": [one.night for one in claim.lodging],
        "furnished_meals": [one.date for one in claim.furnished_meals or ()],
        "trip.day_trips": [one.date for one in claim.trip.day_trips],
        "trip.personal_days": claim.trip.personal_days,
    }


def place_of(path: str, cells: CellMap) -> str:
    """The cell in which a field stands in a workbook that was read; the field's path where it has none."""
    area = cells.area(path)
    return area.address if area is not None else path
