"""The looks of cells: a person's cells are shaded and unlocked, all others are white and locked."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook

from perdiem_calc.workbook.form.layout import Kind, Role

FONT = "Calibri"
NAVY, INK, GREY, LINE, PALE, SHADE, RED = "#1F3864", "#1A1A1A", "#595959", "#BFC7D5", "#EAF0F8", "#FFF7DC", "#B00020"

NUMBER_FORMATS: dict[Kind, str] = {
    Kind.TEXT: "@",
    Kind.LIST: "@",
    Kind.CHOICE: "@",
    Kind.YES_NO: "@",
    Kind.AMOUNT: "$#,##0.00_);-$#,##0.00_)",
    Kind.DATE: "mm/dd/yyyy",
    Kind.TIME: "hh:mm",
    Kind.MOMENT: "[<1]hh:mm;mm/dd/yyyy hh:mm",
    Kind.COUNT: "0",
    Kind.MILES: "#,##0.0#",
    Kind.MILEAGE_RATE: "$0.000",
    Kind.PERCENT: "0%",
    Kind.HOURS: "0.0#",
    # Said in words where a program applies it to TRUE; with "General" LibreOffice 7.4 fails to export the page.
    Kind.TRUTH: '"yes";"yes";"no"',
}
_LOOKS_LIKE = {Kind.LIST: Kind.TEXT, Kind.YES_NO: Kind.CHOICE}
_LEFT = frozenset({Kind.TEXT, Kind.LIST})
_CENTRED = frozenset(
    {Kind.CHOICE, Kind.YES_NO, Kind.DATE, Kind.TIME, Kind.MOMENT, Kind.COUNT, Kind.PERCENT, Kind.HOURS, Kind.TRUTH}
)

_PLAIN: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "font_color": NAVY, "valign": "vcenter"},
    "subtitle": {"font_size": 9, "font_color": GREY, "valign": "vcenter"},
    "section": {"font_size": 9, "bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "valign": "vcenter"},
    "caption": {"font_size": 7.5, "font_color": GREY, "valign": "bottom", "shrink": True},
    "caption_needed": {"font_size": 7.5, "font_color": NAVY, "bold": True, "valign": "bottom", "shrink": True},
    "note": {"font_size": 8, "font_color": GREY, "text_wrap": True, "valign": "top"},
    "hint": {"font_size": 8, "font_color": GREY, "valign": "vcenter"},
    "label": {"font_size": 9, "font_color": INK, "valign": "vcenter", "bottom": 1, "bottom_color": LINE},
    "label_strong": {
        "font_size": 9,
        "bold": True,
        "font_color": INK,
        "valign": "vcenter",
        "bottom": 1,
        "bottom_color": LINE,
    },
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
    "header_input": {
        "font_size": 8.5,
        "bold": True,
        "font_color": NAVY,
        "bg_color": "#F3E3AE",
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
    "subheader_right": {
        "font_size": 8,
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "valign": "vcenter",
        "align": "right",
        "bottom": 1,
        "bottom_color": LINE,
    },
    "headline_caption": {
        "font_size": 8.5,
        "font_color": GREY,
        "bg_color": PALE,
        "align": "center",
        "valign": "bottom",
    },
    "headline": {
        "font_size": 15,
        "bold": True,
        "font_color": NAVY,
        "bg_color": PALE,
        "align": "center",
        "valign": "vcenter",
        "num_format": NUMBER_FORMATS[Kind.AMOUNT],
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
    "certify": {"font_size": 8.5, "font_color": INK, "text_wrap": True, "valign": "vcenter"},
    "ink": {"bottom": 1, "bottom_color": INK},
    "alert": {"font_size": 9, "font_color": RED, "text_wrap": True, "valign": "vcenter"},
    "tiny": {"font_size": 7.5, "font_color": GREY, "valign": "vcenter"},
    "tiny_right": {"font_size": 7.5, "font_color": GREY, "valign": "vcenter", "align": "right"},
    "tiny_left": {"font_size": 7.5, "font_color": GREY, "valign": "vcenter", "align": "left"},
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

    def of(self, role: Role, kind: Kind) -> int:
        """The format of a cell by who fills it in and what it holds."""
        key = (role is Role.INPUT, _LOOKS_LIKE.get(kind, kind))
        return self._numbers.get(key) or self._make(key, _cell(*key))

    def _make(self, key: object, look: dict[str, Any]) -> int:
        number = int(self._workbook.add_format({"font_name": FONT, **look})._get_xf_index())
        self._numbers[key] = number
        return number


def _cell(is_input: bool, kind: Kind) -> dict[str, Any]:
    align = "left" if kind in _LEFT else "center" if kind in _CENTRED else "right"
    look: dict[str, Any] = {
        "font_size": 9,
        "num_format": NUMBER_FORMATS[kind],
        "align": align,
        "valign": "vcenter",
        "border": 1,
        "border_color": LINE,
        "text_wrap": kind in _LEFT or kind is Kind.CHOICE,
    }
    if kind in _LEFT:
        look["indent"] = 1
    if is_input:
        look |= {"bg_color": SHADE, "locked": False}
    return look
