"""What a formula gives that is plain arithmetic: numbers, + - * / %, parentheses and spaces, nothing else.

A cell that a person fills in may hold `=90+8`. It is computed here; the value kept with it is never believed.

>>> plain_result("=90+8"), plain_result("= -(2 * 49.00) / 10%"), plain_result("=SUM(A1:A2)") is None
(Fraction(98, 1), Fraction(-980, 1), True)
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import floor

DEEPEST = 50
"""Parentheses and signs inside each other; nobody types more."""

MOST = 10**12
"""So large a result is nothing of a claim."""

_NUMBER, _SIGN = r"[0-9]{1,20}(?:\.[0-9]{0,20})?(?![0-9.])|\.[0-9]{1,20}(?![0-9.])", r"[-+*/%()]"
_PARTS = re.compile(rf"\s*(?:({_NUMBER})|({_SIGN}))", re.ASCII)


def plain_result(formula: str) -> Fraction | None:
    """The exact result of a formula (with its equals sign); None where it is not plain arithmetic, or has no result.

    >>> plain_result("=100/3"), plain_result("=1/0"), plain_result("=2^3"), plain_result('="98"')
    (Fraction(100, 3), None, None, None)
    """
    parts: list[str] = []
    text = formula.removeprefix("=").rstrip()
    place = 0
    while place < len(text):
        found = _PARTS.match(text, place)
        if found is None:
            return None
        parts.append(found[1] or found[2])
        place = found.end()
    reading = _Reading(parts)
    try:
        result = reading.sum(0)
    except (_NotPlain, ZeroDivisionError):
        return None
    return result if reading.is_done and abs(result) < MOST else None


def rounded(result: Fraction, places: int) -> Decimal:
    """A result as a decimal number with so many places, halves away from zero.

    >>> rounded(Fraction(100, 3), 2), rounded(Fraction(-1, 200), 2), rounded(Fraction(197, 2), 2)
    (Decimal('33.33'), Decimal('-0.01'), Decimal('98.50'))
    """
    units = floor(abs(result) * 10**places + Fraction(1, 2))
    return Decimal(units if result >= 0 else -units).scaleb(-places)


class _NotPlain(ValueError):
    """What follows is no arithmetic."""


class _Reading:
    """The parts of a formula being read from left to right, each level of precedence by a function."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._place = 0

    @property
    def is_done(self) -> bool:
        return self._place == len(self._parts)

    def _next(self, *wanted: str) -> str:
        """The next part, where it is one of those wanted (any where none is named); else nothing."""
        part = "" if self.is_done else self._parts[self._place]
        if wanted and part not in wanted:
            return ""
        self._place += 1
        return part

    def sum(self, depth: int) -> Fraction:
        result = self._product(depth)
        while sign := self._next("+", "-"):
            term = self._product(depth)
            result = result + term if sign == "+" else result - term
        return result

    def _product(self, depth: int) -> Fraction:
        result = self._factor(depth)
        while sign := self._next("*", "/"):
            factor = self._factor(depth)
            result = result * factor if sign == "*" else result / factor
        return result

    def _factor(self, depth: int) -> Fraction:
        if depth > DEEPEST:
            raise _NotPlain
        part = self._next()
        if part in ("+", "-"):
            result = self._factor(depth + 1)
            return result if part == "+" else -result
        if part == "(":
            result = self.sum(depth + 1)
            if not self._next(")"):
                raise _NotPlain
        elif part[:1].isdigit() or part[:1] == ".":
            result = Fraction(part)
        else:
            raise _NotPlain
        while self._next("%"):
            result /= 100
        return result
