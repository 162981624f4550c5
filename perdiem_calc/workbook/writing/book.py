"""A workbook while it is being written: its sheets, styles and defined names; and how it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from perdiem_calc.errors import OutputError
from perdiem_calc.files import whole_file
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.writing.sheet import Sheet
from perdiem_calc.workbook.writing.styles import Styles

MARGIN, EDGE = 0.4, 0.6
PROTECTION = {"format_columns": True, "format_rows": True}


class Book:
    """A workbook in memory, with its `sheets`.

    `footer` is what every page names beside its sheet; `protected` locks the cells that are not for a person, without
    a password.
    """

    def __init__(
        self,
        footer: str,
        title: str,
        made_on: date,
        sheets: Sequence[str],
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

    def take_over(self, other: Book, sheets: Sequence[str]) -> None:
        """Have the texts and names of another workbook, and some of its sheets; has none of its own yet."""
        texts = self._workbook.str_table
        texts.string_table = dict(other._workbook.str_table.string_table)
        texts.count = texts.unique_count = len(texts.string_table)
        self._workbook.defined_names.extend(list(name) for name in other._workbook.defined_names)
        for sheet in sheets:
            self.sheets[sheet].take_over(other.sheets[sheet])

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
