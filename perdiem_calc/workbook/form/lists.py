"""Several texts in one cell, with semicolons between them, and back.

>>> as_list(("Lee Park", "Reyes; J.", "2026-ORL-0002"))
'Lee Park; "Reyes; J."; 2026-ORL-0002'
>>> from_list('Lee Park; "Reyes; J."; 2026-ORL-0002')
('Lee Park', 'Reyes; J.', '2026-ORL-0002')
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO


def as_list(texts: Iterable[str]) -> str:
    """The texts as one; a text that holds a semicolon, a quotation mark or a line break stands in quotation marks."""
    return "; ".join(_quoted(text) for text in texts)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ';"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def from_list(text: str) -> tuple[str, ...]:
    """The texts that a cell lists; empty ones are left out."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=";", skipinitialspace=True)
    return tuple(part.strip() for row in reader for part in row if part.strip())
