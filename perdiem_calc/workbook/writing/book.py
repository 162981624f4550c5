"""The workbook while it is being written: its sheets, styles, defined names and validations; and how it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from perdiem_calc.errors import OutputError
from perdiem_calc.files import whole_file
from perdiem_calc.workbook.form.layout import SHEETS, Area, Kind
from perdiem_calc.workbook.writing.sheet import Sheet
from perdiem_calc.workbook.writing.styles import Styles

MARGIN, EDGE = 0.4, 0.6
LONGEST_CHOICES = 255
"""Excel takes a list of choices of so many characters in a validation; longer ones stand in cells."""

PROTECTION = {"format_columns": True, "format_rows": True}


class Book:
    """A workbook in memory: the claim workbook, or another with `sheets` of its own.

    `footer` is what every page names beside its sheet; `protected` locks the cells that are not for a person, without
    a password.
    """

    def __init__(
        self,
        footer: str,
        title: str,
        made_on: date,
        sheets: Sequence[str] = SHEETS,
        *,
        protected: bool = True,
    ) -> None:
        self._bytes = BytesIO()
        self._workbook = Workbook(self._bytes, {"in_memory": True})
        self._workbook.set_properties(
            {
                "title": title,
                "subject": "Reimbursement of travel to the NASRO Basic SRO Course",
                "created": datetime.combine(made_on, time.min),
            }
        )
        self.styles = Styles(self._workbook)
        self.sheets: dict[str, Sheet] = {}
        for name in sheets:
            sheet = self._workbook.add_worksheet(name, worksheet_class=Sheet)
            if protected:
                sheet.protect("", PROTECTION)
            sheet.hide_gridlines(2)
            self.sheets[name] = sheet
            _set_page(sheet, name, footer)

    def name(self, name: str, area: Area) -> None:
        """Give a cell or a column a defined name: as XlsxWriter's define_name does, less its checks of the name."""
        self._workbook.defined_names.append([name, -1, area.absolute, False])

    def look(self, look: dict[str, Any]) -> Any:
        """A look for a conditional format."""
        return self._workbook.add_format(look)

    def chart(self, options: dict[str, Any]) -> Any:
        """A chart, to be put on a sheet."""
        return self._workbook.add_chart(options)

    def bytes(self) -> bytes:
        """The finished file."""
        self._workbook.close()
        return self._bytes.getvalue()


def _set_page(sheet: Sheet, name: str, footer: str) -> None:
    sheet.set_paper(1)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=EDGE, bottom=EDGE)
    sheet.set_footer(f"&L&8 {footer}&C&8 {name}&R&8 Page &P of &N", {"margin": 0.3})


def validation(
    kind: Kind,
    areas: Sequence[Area],
    *,
    label: str = "",
    choices: Sequence[str] = (),
    source: str = "",
    hint: str = "",
) -> tuple[int, int, int, int, dict[str, Any]] | None:
    """What a validation of some cells is told: where, what is allowed, what is said; None where any text will do."""
    rule = _rule(kind, choices, source)
    if rule is None and not hint:
        return None
    first, *others = areas
    rule = {"validate": "any"} if rule is None else rule
    due = _due(kind, choices)
    said = hint or due
    options = {
        **rule,
        "other_cells": [[a.row, a.column, a.last_row, a.last_column] for a in others],
        "input_title": (label or "To fill in")[:32],
        "input_message": said[:255],
        "error_title": "This does not fit here",
        "error_message": due[:255] or said[:255],
    }
    return first.row, first.column, first.last_row, first.last_column, options


def _rule(kind: Kind, choices: Sequence[str], source: str) -> dict[str, Any] | None:
    if choices:
        return {"validate": "list", "source": source or list(choices)}
    match kind:
        case Kind.AMOUNT:
            return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 9999999.99}
        case Kind.MILES:
            return {"validate": "decimal", "criteria": "between", "minimum": 0.01, "maximum": 99999.99}
        case Kind.COUNT:
            return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 400}
        case Kind.MOMENT:
            return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 109574}
        case Kind.DATE:
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": date(1900, 1, 1),
                "maximum": date(2199, 12, 31),
            }
        case Kind.TIME:
            return {"validate": "time", "criteria": "between", "minimum": time(0), "maximum": time(23, 59)}
        case _:
            return None


def _due(kind: Kind, choices: Sequence[str]) -> str:
    if choices:
        shown = ", ".join(choices)
        return f"Choose one of: {shown}." if len(shown) < LONGEST_CHOICES - 20 else "Choose one of the list."
    return {
        Kind.AMOUNT: "Dollars and cents, like 159.00; nothing negative.",
        Kind.MILES: "Miles with at most two decimals, like 98.5.",
        Kind.COUNT: "A whole number.",
        Kind.DATE: "A date: year-month-day, like 2026-10-04.",
        Kind.MOMENT: "A date: year-month-day, like 2026-10-04; or a time like 19:45.",
        Kind.TIME: "A time of day, like 07:30 or 19:45.",
    }.get(kind, "")


def save(content: bytes, path: Path, *, force: bool, what: str = "the workbook") -> None:
    """Write a file that is complete or absent; `what` is written, in words.

    Raises OutputError, and leaves nothing behind, where the folder is missing or not writable, the disk is full, or
    the file exists and is not to be replaced.
    """
    refuse_to_replace(path, force=force)
    try:
        with whole_file(path, replaces=force) as unfinished:
            unfinished.write_bytes(content)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise OutputError(
            "output.unwritable",
            f"{what} cannot be written ({error.strerror})",
            where=str(path),
            fix=_fix(error, path),
        ) from None


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Raises OutputError where a file is there already and is not to be replaced."""
    if path.is_dir():
        ending = ".txt" if path.suffix == ".txt" else ".xlsx"
        raise OutputError(
            "output.is-a-folder", "is a folder", where=str(path), fix=f"name a file in it, ending in {ending}"
        )
    if path.exists() and not force:
        raise _exists(path)


def _exists(path: Path) -> OutputError:
    return OutputError(
        "output.exists", "already exists", where=str(path), fix="choose another name, or add --force to replace it"
    )


def _fix(error: OSError, path: Path) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"make the folder {path.parent} first"
    if isinstance(error, PermissionError):
        return "choose a folder that you may write to, and close the file where it is open"
    return "make room on the disk, or choose another folder"
