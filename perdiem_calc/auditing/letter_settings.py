"""The settings file of letters: who sends them, where answers go, and who signs.

>>> sender_of({"organization": "NASRO", "signed_by": ["R. Viewer", "Grants"]}).signed_by
('R. Viewer', 'Grants')
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.files import LARGEST_TOML, content_of, decoded, toml_of
from perdiem_calc.review.letters import Sender
from perdiem_calc.text import harmless, why_no_line
from perdiem_calc.workbook.writing.book import save

TEMPLATE = """\
# Who sends the letters of `perdiem audit --letters FOLDER --sender FILE`. A text of a list is a line.
organization = "NASRO"
address = ["Street", "City, State ZIP"]
reply_to = "claims@example.org"
signed_by = ["Name", "Title"]
"""
_LISTS = ("address", "signed_by")
_LINES = ("organization", "reply_to")
LONGEST_LINE = 70


def write_settings(path: Path, *, force: bool = False) -> None:
    """Write a settings file to fill in. Raises OutputError where it cannot be written, or is there."""
    save(TEMPLATE.encode(), path, force=force, what="the settings file")


def read_sender(path: Path) -> Sender:
    """Who sends the letters, as a settings file says. Raises InputError with the file, the field and the fix."""
    try:
        return sender_of(_stated(decoded(content_of(path, LARGEST_TOML))))
    except PerdiemError as error:
        raise error.in_file(path) from None


def _stated(text: str) -> dict[str, Any]:
    try:
        return toml_of(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "letters.settings.syntax", f"is not TOML: {error}", fix="correct it at the place named"
        ) from None


def sender_of(stated: Mapping[str, Any]) -> Sender:
    """Who sends the letters, as the fields say. Raises InputError for a field that is unknown or no line of text."""
    for name, value in stated.items():
        if name not in _LINES + _LISTS:
            fix = f"write {', '.join(_LINES + _LISTS)}"
            raise InputError(
                "letters.settings.unknown", "is not a field of the settings", where=harmless(name), fix=fix
            )
        lines = value if name in _LISTS else [value]
        if not isinstance(lines, list) or not all(map(_is_line, lines)):
            due = "a list of lines" if name in _LISTS else "a line"
            fix = f"write {due} in quotation marks, of at most {LONGEST_LINE} characters"
            raise InputError("letters.settings.invalid", f"is not {due}", where=name, fix=fix)
    return Sender(
        organization=stated.get("organization", Sender().organization),
        address=tuple(stated.get("address", ())),
        reply_to=stated.get("reply_to", ""),
        signed_by=tuple(stated.get("signed_by", ())),
    )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not why_no_line(value, LONGEST_LINE)
