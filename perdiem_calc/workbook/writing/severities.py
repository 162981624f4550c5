"""How the severities look, in the lists of findings and on the cells in question: a fill for each.

The same colour means the same everywhere, so that the column Severity is the key to the marks.
"""

from __future__ import annotations

from collections.abc import Mapping

from perdiem_calc.checks.finding import Severity
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.sheet import Sheet

FILLS: Mapping[Severity, str] = {
    Severity.BLOCKS: "#F4A9A8",
    Severity.ADJUSTS: "#FBCB9A",
    Severity.REVIEW: "#FFE373",
    Severity.INFO: "#DCE8F6",
}
INKS: Mapping[Severity, str] = {
    Severity.BLOCKS: "#7A0014",
    Severity.ADJUSTS: "#6B3600",
    Severity.REVIEW: "#574500",
    Severity.INFO: "#1F3864",
}
CHART_FILLS: Mapping[Severity, str] = {
    Severity.BLOCKS: "#9C0F22",
    Severity.ADJUSTS: "#E8883A",
    Severity.REVIEW: "#F2CB3D",
    Severity.INFO: "#B7CBE6",
}
"""Stronger than the fills, and from dark to light, so that they are told apart in grey too."""


def colour_words(book: Book, sheet: Sheet, area: Area, words: Mapping[str, Severity]) -> None:
    """Fill the cells of an area that hold one of the words as its severity is filled, however they are sorted."""
    for word, severity in words.items():
        look = book.look(
            {"font_color": INKS[severity], "bg_color": FILLS[severity], "bold": severity > Severity.REVIEW}
        )
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
        sheet.conditional_format(area.row, area.column, area.last_row, area.last_column, rule)


def colour_severities(book: Book, sheet: Sheet, area: Area) -> None:
    """Fill the cells of an area that name a severity."""
    colour_words(book, sheet, area, {severity.value: severity for severity in Severity})
