"""The formulas of a sheet as they were stored: text, with the equals sign, and never anything else.

A spreadsheet program stores a formula that was filled down once, and at the other cells only that it is shared; here
each cell has its own text again. A formula that points out of the workbook is refused.

>>> points_outside("'[1]Other book'!A1+1"), points_outside('Days[Amount]*2&"[1]Sheet!A1"')
(True, False)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.package import BROKEN_MEND

if TYPE_CHECKING:
    from openpyxl.formula.translate import Translator

LONGEST_FORMULA = 8_192
"""Characters, as in Excel."""
MOST_SHARED = 1_000_000
"""Characters of formulas that are written down once and shared by many cells, for all these cells together."""

_PIECES = re.compile(r"\"[^\"]*\"?|'[^']*'?|[^\"']+")
_OTHER_BOOK = re.compile(r"(?<![\w.\]])\[[^\[\]]*\][\w.: ]*!")


def points_outside(formula: str) -> bool:
    """Whether a formula names another workbook, a file, or another program (DDE).

    A table's column in square brackets, and any text in double quotes, is no such thing.
    """
    if "[" not in formula and "'" not in formula and "|" not in formula:
        return False
    pieces = [piece for piece in _PIECES.findall(formula) if not piece.startswith('"')]
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece.startswith("'"):
            if after.startswith(("!", "'", "#")) and any(mark in piece for mark in "[]\\/"):
                return True
        elif "|" in piece or _OTHER_BOOK.search(piece):
            return True
    return False


class StoredFormulas:
    """The formulas of one sheet, those that are shared by their number."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._shared: dict[str, tuple[str, Translator]] = {}
        self._left = MOST_SHARED

    def text(self, formula: etree._Element, reference: str) -> str:
        """The formula of a cell, with the equals sign.

        Raises InputError for one that points to another workbook, is longer than Excel takes, or shares one that is
        not there.
        """
        kind, own = formula.get("t", "normal"), formula.text or ""
        if len(own) > LONGEST_FORMULA:
            raise self._wrong(reference, "holds a formula that is longer than Excel takes", "shorten it")
        if points_outside(own):
            raise self._wrong(reference, "holds a formula that points to another workbook", "replace it by its value")
        if kind == "dataTable":
            return "=TABLE()"
        if kind != "shared":
            return f"={own}"
        number = formula.get("si", "")
        if own:
            self._share(number, own, reference)
            return f"={own}"
        return self._translated(number, reference)

    def _share(self, number: str, own: str, reference: str) -> None:
        from openpyxl.formula.tokenizer import TokenizerError
        from openpyxl.formula.translate import Translator

        try:
            self._shared[number] = own, Translator(f"={own}", reference)
        except (TokenizerError, ValueError, LookupError):
            raise self._wrong(reference, "holds a formula that cannot be read") from None

    def _translated(self, number: str, reference: str) -> str:
        from openpyxl.formula.translate import TranslatorError

        if number not in self._shared:
            raise self._wrong(reference, "shares a formula that is not there")
        own, translator = self._shared[number]
        self._left -= len(own)
        if self._left < 0:
            raise InputError("has more formulas than a claim", mend="remove what is not the claim's")
        try:
            return str(translator.translate_formula(reference))
        except (TranslatorError, ValueError, LookupError):
            raise self._wrong(reference, "shares a formula that cannot be moved there") from None

    def _wrong(self, reference: str, what: str, mend: str = BROKEN_MEND) -> InputError:
        return InputError(what, where=f"{self._sheet}!{reference[:12]}", mend=mend)
