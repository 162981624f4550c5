"""What a receipt, folio or ticket field says: a document, none, or something that a person must look at.

A word is no receipt. Rule `receipts`.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from functools import cache

from perdiem_calc.dated import Law

_WORD = re.compile(r"[^\W_]+")
_SIGNS = re.compile(r"^[\W_]+")


class Evidence(Enum):
    """What a field that must name a document says."""

    NONE = "none"
    DOCUMENT = "document"
    UNCLEAR = "unclear"


def evidence_of(text: str | None, law: Law, on: date) -> Evidence:
    """What a receipt, folio or ticket field says on a day. Rule `receipts`.

    >>> from perdiem_calc.rules.law import load_law
    >>> [evidence_of(text, load_law(), date(2026, 11, 6)).value for text in ("lost 11/5", "No. 4471", "yes")]
    ['none', 'document', 'unclear']
    """
    if denies(text, law, on):
        return Evidence.NONE
    stated = _folded(text)
    words = _WORD.findall(stated)
    names = [word for word in words if word != "attached"]
    is_named = len(names) == 1 and names[0] in law.words("receipts", "document_words", on)
    if is_named or any(letter.isdecimal() for letter in stated):
        return Evidence.DOCUMENT
    return Evidence.UNCLEAR


def has_document(text: str | None, law: Law, on: date) -> bool:
    """Whether a field names a document, or something that a person must look at."""
    return evidence_of(text, law, on) is not Evidence.NONE


def denies(text: str | None, law: Law, on: date) -> bool:
    """Whether a field is empty or says that there is nothing: no receipt, no approver."""
    stated = _folded(text)
    if not stated:
        return True
    opening = _SIGNS.sub("", stated)
    denials = law.words("receipts", "denials", on)
    if stated in denials or opening in denials:
        return True
    first = _WORD.match(opening)
    if first is not None and first[0] in law.words("receipts", "denial_first_words", on):
        return True
    denial = _denial(law.words("receipts", "denial_beginnings", on), law.words("receipts", "denied_papers", on))
    return denial.match(opening) is not None


@cache
def _denial(beginnings: tuple[str, ...], papers: tuple[str, ...]) -> re.Pattern[str]:
    begun, denied = ("|".join(map(re.escape, words)) for words in (beginnings, papers))
    return re.compile(rf"(?:(?:{begun})|no[\W_]+(?:{denied})s?)(?![^\W_])")


def refuses(text: str | None, law: Law, on: date) -> bool:
    """Whether a field for who approved something is empty, or states that no one did.

    >>> from perdiem_calc.rules.law import load_law
    >>> [refuses(text, load_law(), date(2026, 11, 6)) for text in ("Denied by A", "Chief Park", "not approved")]
    [True, False, True]
    """
    first = _WORD.search(_folded(text))
    refused = first is not None and first[0] in law.words("receipts", "refusal_first_words", on)
    return refused or denies(text, law, on)


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
