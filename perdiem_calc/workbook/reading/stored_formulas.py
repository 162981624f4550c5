"""The formulas of a workbook as they were stored: text, with the equals sign, and never anything else.

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
from perdiem_calc.workbook.reading.package import BROKEN_FIX, LESS_FIX

if TYPE_CHECKING:
    from openpyxl.formula.translate import Translator

LONGEST_FORMULA = 8_192
"""Characters, as in Excel."""
MOST_FORMULAS = 5_000_000
"""Characters of all formulas of a workbook together."""
MOST_SHARED = 1_000_000
"""Characters of those formulas that are written down once and shared by many cells, for all these cells together."""
LEAST_SHARED = 100
"""What a short formula that is shared counts: the work of reading it is never less."""

_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_CALLED_TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)")
_QUOTED = re.compile(r"\"[^\"]*\"")
_OUTSIDE = re.compile(r"(?<![\w.\]])\[[^\[\]]*\][^\[\]!'(),]*'?!|[\\/][^'!\\/]*'[!#]|\|")


def normalized(formula: str) -> str:
    """A formula without its equals sign, spaces and capitals, and TRUE written in one way; texts in it stay.

    >>> normalized('=IF( a1="Yes",true(),0)')
    'IF(A1="Yes",TRUE,0)'
    """
    parts = _TEXTS.split(formula.removeprefix("="))
    parts[::2] = ["".join(part.upper().split()).replace("_XLFN.", "") for part in parts[::2]]
    parts[::2] = [_CALLED_TRUTH.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def truth_of(formula: str) -> bool | None:
    """The truth that a formula is no more than, as LibreOffice writes one that was typed; None for any other.

    >>> truth_of("=TRUE()"), truth_of("=NOT(TRUE())") is None
    (True, True)
    """
    return {"TRUE": True, "FALSE": False}.get(normalized(formula))


def points_outside(formula: str) -> bool:
    """Whether a formula names another workbook, a file, or another program (DDE).

    A table's column in square brackets, and any text in double quotes, is no such thing.
    """
    if "[" not in formula and "'" not in formula and "|" not in formula:
        return False
    return _OUTSIDE.search(_QUOTED.sub("", formula)) is not None


class StoredFormulas:
    """The formulas of one workbook while it is read, those among them that are shared by their number."""

    def __init__(self) -> None:
        self._shared: dict[tuple[str, str], tuple[str, str]] = {}
        self._translators: dict[tuple[str, str], Translator] = {}
        self._left, self._left_shared = MOST_FORMULAS, MOST_SHARED

    def own(self, formula: etree._Element, sheet: str, reference: str) -> str:
        """What is written down at a cell, without the equals sign.

        Raises InputError for what points to another workbook, and for more or longer formulas than a claim has.
        """
        text = formula.text or ""
        self._left -= len(text)
        if self._left < 0:
            raise InputError("workbook.formulas.too-many", "has more formulas than a claim", fix=LESS_FIX)
        if len(text) > LONGEST_FORMULA:
            raise _wrong(sheet, reference, "holds a formula that is longer than Excel takes")
        if points_outside(text):
            what = "holds a formula that points out of the workbook"
            raise _wrong(sheet, reference, what, "replace it by its value")
        return text

    def text(self, formula: etree._Element, sheet: str, reference: str) -> str:
        """The formula of a cell, with the equals sign.

        Raises InputError as `own` does, and for a shared formula that is not there.
        """
        own = self.own(formula, sheet, reference)
        kind = formula.get("t")
        if kind == "shared":
            number = sheet, formula.get("si", "")
            if not own:
                return self._translated(number, reference)
            self._shared[number] = own, reference
            self._translators.pop(number, None)
        return "=TABLE()" if kind == "dataTable" else f"={own}"

    def _translated(self, number: tuple[str, str], reference: str) -> str:
        from openpyxl.formula.tokenizer import TokenizerError
        from openpyxl.formula.translate import Translator, TranslatorError

        if number not in self._shared:
            raise _wrong(number[0], reference, "shares a formula that does not exist")
        own, origin = self._shared[number]
        self._left_shared -= max(len(own), LEAST_SHARED)
        if self._left_shared < 0:
            raise InputError("workbook.formulas.too-many", "has more formulas than a claim", fix=LESS_FIX)
        try:
            translator = self._translators.get(number) or Translator(f"={own}", origin)
            self._translators[number] = translator
            return str(translator.translate_formula(reference))
        except (TokenizerError, TranslatorError, ValueError, LookupError):
            raise _wrong(number[0], reference, "shares a formula that cannot be read") from None


def _wrong(sheet: str, reference: str, what: str, fix: str = BROKEN_FIX) -> InputError:
    return InputError("workbook.formula.damaged", what, where=f"{sheet}!{reference[:12]}", fix=fix)
