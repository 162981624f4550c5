"""The looks of the cells of a report."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook

from perdiem_calc.workbook.form.layout import NUMBER_FORMATS, Kind

FONT = "Arial"
NAVY, INK, GREY, LINE, PALE = "#1F3864", "#1A1A1A", "#595959", "#BFC7D5", "#EAF0F8"

_LEFT = frozenset({Kind.TEXT, Kind.LIST})
_CENTERED = frozenset({Kind.CHOICE, Kind.YES_NO, Kind.DATE, Kind.TIME, Kind.COUNT, Kind.PERCENT})

_PLAIN: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "font_color": NAVY, "valign": "vcenter"},
    "hint": {"font_size": 8, "font_color": GREY, "valign": "vcenter"},
    "header": {
        "font_size": 8.5,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": NAVY,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "center",
        "border": 1,
        "border_color": "#FFFFFF",
    },
    "subheader": {
        "font_size": 8,
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "valign": "vcenter",
        "text_wrap": True,
        "bottom": 1,
        "bottom_color": LINE,
    },
    "total": {
        "font_size": 9,
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "align": "right",
        "valign": "vcenter",
        "num_format": NUMBER_FORMATS[Kind.AMOUNT],
    },
    "total_count": {
        "font_size": 9,
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "align": "center",
        "valign": "vcenter",
        "num_format": NUMBER_FORMATS[Kind.COUNT],
    },
    "total_label": {"font_size": 9, "bold": True, "font_color": NAVY, "bg_color": PALE, "valign": "vcenter"},
    "wrapped": {
        "font_size": 8.5,
        "font_color": INK,
        "text_wrap": True,
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": LINE,
    },
    "code": {
        "font_size": 8,
        "font_color": INK,
        "text_wrap": True,
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": LINE,
    },
    "code_count": {
        "font_size": 8,
        "font_color": INK,
        "align": "center",
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": LINE,
    },
}


class Styles:
    """The cell formats of one workbook, by number, each made when it is first needed."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._numbers: dict[object, int] = {}

    def plain(self, name: str) -> int:
        """The format of a title, a caption, a label."""
        return self._numbers.get(name) or self._make(name, _PLAIN[name])

    def of(self, kind: Kind) -> int:
        """The format of a cell by what it holds."""
        return self._numbers.get(kind) or self._make(kind, _cell(kind))

    def _make(self, key: object, look: dict[str, Any]) -> int:
        number = int(self._workbook.add_format({"font_name": FONT, **look})._get_xf_index())
        self._numbers[key] = number
        return number


def _cell(kind: Kind) -> dict[str, Any]:
    align = "left" if kind in _LEFT else "center" if kind in _CENTERED else "right"
    look: dict[str, Any] = {
        "font_size": 9,
        "num_format": NUMBER_FORMATS.get(kind, "@"),
        "align": align,
        "valign": "vcenter",
        "border": 1,
        "border_color": LINE,
        "text_wrap": kind in _LEFT or kind is Kind.CHOICE,
    }
    return look | ({"indent": 1} if kind in _LEFT else {})
