"""What a number format makes of a value: the text that a spreadsheet shows, and whether it is still that value.

A format may show another amount than the cell holds: a literal "$98.00", thousands, percent, a decimal point that is
only text. So the value is written out as Excel does it, and the text is read again as a person reads it.

>>> misleads(113, '"$98.00"', Kind.AMOUNT), misleads(113, "0.00,", Kind.AMOUNT), misleads(113, ";;;", Kind.AMOUNT)
('"$98.00" whatever it holds', '"0.11"', 'nothing')
>>> [misleads(113.5, code, Kind.AMOUNT) for code in ("General", "$#,##0.00_);-$#,##0.00_)", '#,##0.00 "USD"')]
['', '', '']
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils.datetime import to_excel

from perdiem_calc.text import on_one_line
from perdiem_calc.workbook.form.layout import Kind

NOTHING = "nothing"
COLORS = {
    "black": "000000",
    "white": "FFFFFF",
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "yellow": "FFFF00",
    "magenta": "FF00FF",
    "cyan": "00FFFF",
}
"""The colors that a format may name."""
FIRST_COLOR = 7
"""[Color1] is number 8 of the workbook's palette."""
MOST, MOST_PLACES = 10**12, 15
"""So large a number is no amount of a claim, and no spreadsheet keeps more places."""

_TOKENS = re.compile(
    r'"(?P<text>[^"]*)"?|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]?|(?P<general>general)'
    r"|(?P<power>e[+-])|(?P<date>am/pm|a/p|[ymdhsgeb]+)|(?P<digit>[0#?])|(?P<mark>[.,%/@;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-(.*))?")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_COLOR = re.compile(r"color\s*([0-9]{1,2})", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_ORDINARY_LOCALE = re.compile(r"[0-9A-F]{0,4}|F[48]00|[a-z]{2}(?:-[a-z0-9]{2,4})*|x-sys(?:date|time)", re.IGNORECASE)
"""A language, or the system's own long date or time; more digits would choose other numerals or another calendar."""

_UNITS = {
    Kind.AMOUNT: r"US\$|USD|\$",
    Kind.MILEAGE_RATE: r"US\$|USD|\$",
    Kind.MILES: r"miles|mi\.?",
    Kind.COUNT: r"hours|hrs?\.?|h",
}
"""What may be written next to a number without making it another."""
_CLOSE = {
    Kind.AMOUNT: Decimal("0.0051"),
    Kind.MILES: Decimal("0.0005"),
}
"""How far what is shown may be from what is held: an amount to the cent."""
_NOISE = Decimal("0.00001")
_NUMBER = re.compile(r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(\.[0-9]*)?(E[+-][0-9]+)?(%?)")
_OF_DATES = re.compile(r"[t,./ :-]|at|of|de", re.IGNORECASE)
"""What may be written between the parts of a date."""
_TRUTHS = {True: ("yes", "true"), False: ("no", "false")}


class _Token(NamedTuple):
    kind: str
    text: str = ""


class _Section(NamedTuple):
    """One of the up to four parts of a format: what it writes, when, and in which color."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None = None
    color: str | int | None = None

    def has(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)


_GENERAL = _Section((_Token("general"),))


def misleads(value: object, code: str, kind: Kind) -> str:
    """What a person sees instead of a value, in words; empty where a person sees the value.

    Zero may be shown as a dash or not at all. `kind` is what the cell holds: `0%` shows a share, not an amount.
    """
    seen = shown(value, code)
    if seen is None:
        return "another calendar or other numerals"
    if not isinstance(value, bool) and value != 0 and not _writes(value, code):
        return f"{_quoted(seen)} whatever it holds" if _plain(seen) else NOTHING
    if isinstance(value, str):
        return "" if _plain(seen) == _plain(value) else _quoted(seen)
    if isinstance(value, bool):
        is_described = _plain(seen).casefold() in _TRUTHS[value]
        return "" if is_described or _is_same(seen, Decimal(int(value)), kind) else _quoted(seen)
    if isinstance(value, int | float):
        return "" if _is_same(seen, _decimal(value), kind) else _quoted(seen)
    if kind not in (Kind.DATE, Kind.TIME, Kind.TEXT):
        return "a date or time"
    return _quoted(f"… {_plain(seen)}") if _OF_DATES.sub("", _plain(seen)) else ""


def color_of(value: object, code: str) -> str | int | None:
    """The color that a format gives a value, or its number in the workbook's palette; None where it gives none."""
    found = _section_of(value, _sections(code))
    return found[0].color if found is not None else None


def shown(value: object, code: str) -> str | None:
    """The text that a format makes of a value; None where it asks for other numerals or another calendar.

    Of a date it is only what the format adds to it.

    >>> shown(-1234.5, "#,##0.00;(#,##0.00)"), shown(98, '"USD" 0.0#'), shown("R1", '@" lost"')
    ('(1,234.50)', 'USD 98.0', 'R1 lost')
    """
    found = _section_of(value, _sections(code))
    if found is None:
        return value if isinstance(value, str) else ""
    section, is_negative = found
    if isinstance(value, str):
        return "".join(value if token.kind == "@" else _literal(token) for token in section.tokens)
    if section.has("script"):
        return None
    if not isinstance(value, int | float):
        return "".join(map(_literal, section.tokens))
    text = _written(section.tokens, abs(_decimal(value)))
    return f"-{text}" if is_negative and re.search("[1-9]", text) else text


# --- reading what is shown ------------------------------------------------------------------------------------------


def _is_same(seen: str, held: Decimal, kind: Kind) -> bool:
    """Whether a text reads as a number."""
    text = _plain(seen)
    if kind in _UNITS:
        text = re.sub(rf"(?<![A-Za-z])(?:{_UNITS[kind]})(?![A-Za-z])", "", text, flags=re.IGNORECASE)
    text = "".join(text.split())
    if not text.strip("-."):
        return held == 0
    is_negative = text.startswith("(") and text.endswith(")")
    match = _NUMBER.fullmatch(text[1:-1] if is_negative else text)
    if match is None or not re.search("[0-9]", match[2] + (match[3] or "")):
        return False
    sign, whole, part, power, percent = match.groups()
    if percent and kind is not Kind.PERCENT:
        return False
    number = Decimal(f"{whole.replace(',', '') or 0}{part or ''}{power or ''}") / (100 if percent else 1)
    number = -number if is_negative or sign == "-" else number
    return abs(number - held) < _CLOSE.get(kind, _NOISE)


def _writes(value: object, code: str) -> bool:
    """Whether a format writes the value itself, and not only a text in its place, though it be the same by now."""
    found = _section_of(value, _sections(code))
    if found is None:
        return isinstance(value, str)
    kinds = ("@",) if isinstance(value, str) else ("digit", "general", "date")
    return any(token.kind in kinds for token in found[0].tokens)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _quoted(seen: str) -> str:
    return f'"{on_one_line(seen, 40)}"' if _plain(seen) else NOTHING


# --- sections -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format.

    >>> [len(section.tokens) for section in _sections('[Red]0.00;"a;b";;@')]
    [4, 1, 0, 1]
    """
    sections: list[_Section] = []
    tokens: list[_Token] = []
    condition: tuple[str, Decimal] | None = None
    color: str | int | None = None
    for match in _TOKENS.finditer(code):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "mark" and text == ";":
            sections.append(_Section(tuple(tokens), condition, color))
            tokens, condition, color = [], None, None
        elif kind != "bracket":
            tokens.append(_token(kind, text))
        elif when := _CONDITION.fullmatch(text):
            condition = when[1], Decimal(when[2])
        elif (named := _color(text)) is not None:
            color = named
        else:
            tokens.append(_bracket(text))
    return (*sections, _Section(tuple(tokens), condition, color))


def _token(kind: str, text: str) -> _Token:
    match kind:
        case "text" | "escaped" | "other":
            return _Token("literal", text)
        case "pad":
            return _Token("literal", " ")
        case "fill":
            return _Token("literal", text * 2 if text.isalnum() else "")
        case "mark":
            return _Token(text, text)
        case _:
            return _Token(kind, text)


def _color(text: str) -> str | int | None:
    if text.casefold() in COLORS:
        return COLORS[text.casefold()]
    numbered = _COLOR.fullmatch(text)
    return int(numbered[1]) + FIRST_COLOR if numbered else None


def _bracket(text: str) -> _Token:
    """A currency with its language, an elapsed time, or what chooses other numerals."""
    if _ELAPSED.fullmatch(text):
        return _Token("date", text)
    currency = _CURRENCY.fullmatch(text)
    if currency is None or not _ORDINARY_LOCALE.fullmatch(currency[2] or ""):
        return _Token("script")
    return _Token("literal", currency[1])


def _literal(token: _Token) -> str:
    """What a token writes whatever the value is."""
    return token.text if token.kind in ("literal", ".", ",", "%", "/") else ""


def _section_of(value: object, sections: Sequence[_Section]) -> tuple[_Section, bool] | None:
    """The section that writes a value, and whether a minus sign comes before it; None where the value stays as it is.

    Raises ValueError or OverflowError for a date outside the calendar.
    """
    of_text = sections[3] if len(sections) > 3 else sections[-1] if sections[-1].has("@") else None
    if isinstance(value, str):
        return None if of_text is None else (of_text, False)
    numeric = sections[:3] if len(sections) > 3 else sections if of_text is None else sections[:-1]
    number = _decimal(value)
    if not numeric:
        return _GENERAL, number < 0
    if any(section.condition for section in numeric[:2]):
        for section in numeric[:2]:
            if section.condition and _meets(number, section.condition):
                return section, number < 0
        rest = numeric[2:] if all(section.condition for section in numeric[:2]) else numeric[1:]
        return (rest[0], number < 0) if rest else None
    if number < 0 and len(numeric) > 1:
        section = numeric[1]
        # Excel offers red without a minus sign for negative numbers.
        return section, section.color == COLORS["red"] and not _has_sign(section)
    return numeric[2 if number == 0 and len(numeric) > 2 else 0], number < 0


def _has_sign(section: _Section) -> bool:
    return any(sign in _literal(token) for token in section.tokens for sign in "-(")


def _meets(number: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, limit = condition
    return {
        "<": number < limit,
        ">": number > limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]


def _decimal(value: object) -> Decimal:
    """A number, date or time as the number that the cell holds."""
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, datetime | date | time | timedelta):
        value = float(to_excel(value))  # type: ignore[no-untyped-call]  # the stubs leave it without types
    return Decimal(f"{value:.15g}")


# --- numbers --------------------------------------------------------------------------------------------------------


def _written(tokens: Sequence[_Token], number: Decimal) -> str:
    """A number that is not negative, as a section writes it."""
    digits = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    number *= 100 ** sum(token.kind == "%" for token in tokens)
    if any(token.kind == "general" for token in tokens):
        return "".join(_general(number) if token.kind == "general" else _literal(token) for token in tokens)
    if not digits:
        return "".join(map(_literal, tokens))
    power = next((place for place, token in enumerate(tokens) if token.kind == "power"), len(tokens))
    if power < len(tokens):
        return _with_power(tokens, power, number)
    slash = next((place for place, token in enumerate(tokens) if token.kind == "/"), -1)
    if digits[0] < slash < digits[-1]:
        return _fraction(tokens, slash, number)
    return _in_digits(tokens, digits, number)


def _general(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _with_power(tokens: Sequence[_Token], power: int, number: Decimal) -> str:
    point = next((place for place in range(power) if tokens[place].kind == "."), power)
    places = sum(token.kind == "digit" for token in tokens[point:power])
    return _around(tokens, f"{number:.{places}E}")


def _fraction(tokens: Sequence[_Token], slash: int, number: Decimal) -> str:
    """A number that is shown as a fraction: as it is, where the fraction has places enough."""
    places = sum(token.kind == "digit" for token in tokens[slash:])
    near = Fraction(number).limit_denominator(10 ** min(places, 6) - 1)
    return _around(tokens, _general(number) if near == Fraction(number) else f"about {near}")


def _around(tokens: Sequence[_Token], text: str) -> str:
    """A text with all that is written literally around it."""
    return "".join([*(token.text for token in tokens if token.kind == "literal"), text])


def _in_digits(tokens: Sequence[_Token], digits: Sequence[int], number: Decimal) -> str:
    """A number in the places of a section, what is written between them included."""
    point = next((place for place, token in enumerate(tokens) if token.kind == "."), len(tokens))
    before, behind = [place for place in digits if place < point], [place for place in digits if place > point]
    scaling = _scaling(tokens, before) | _scaling(tokens, behind)
    number /= 1000 ** len(scaling)
    commas = {place for place, token in enumerate(tokens) if token.kind == ","}
    grouped = bool(before) and any(before[0] < place < before[-1] for place in commas - scaling)
    if number >= MOST:
        return f"{number:f}"
    rounded = number.quantize(Decimal(1).scaleb(-min(len(behind), MOST_PLACES)), ROUND_HALF_UP)
    whole, _, part = f"{rounded:f}".partition(".")
    part = part.ljust(len(behind), "0")
    put = _whole(tokens, before, "" if whole == "0" else whole, grouped) | _part(tokens, behind, part)
    text = []
    for place, token in enumerate(tokens):
        if place == point and not before and whole != "0":
            text.append(whole)
        text.append(put[place] if place in put else "" if place in commas else _literal(token))
    return "".join(text)


def _scaling(tokens: Sequence[_Token], digits: Sequence[int]) -> set[int]:
    """The commas right behind the last digit, each of which leaves three digits out."""
    found: set[int] = set()
    place = digits[-1] + 1 if digits else len(tokens)
    while place < len(tokens) and tokens[place].kind == ",":
        found.add(place)
        place += 1
    return found


def _whole(tokens: Sequence[_Token], places: Sequence[int], whole: str, grouped: bool) -> dict[int, str]:
    """The digits before the point in their places, from right to left; the first place takes all that are left."""
    put: dict[int, str] = {}
    left, count = whole, 0
    for place in reversed(places):
        mine = left if place == places[0] else left[-1:]
        left = left[: len(left) - len(mine)]
        text = ""
        for digit in reversed(mine or {"0": "0", "?": " "}.get(tokens[place].text, "")):
            text = digit + ("," if grouped and count and count % 3 == 0 else "") + text
            count += digit != " "
        put[place] = text
    return put


def _part(tokens: Sequence[_Token], places: Sequence[int], part: str) -> dict[int, str]:
    """The digits behind the point in their places; zeros at the end only where the format asks for them."""
    needed = len(part.rstrip("0"))
    return {
        place: digit if at < needed else {"0": "0", "?": " "}.get(tokens[place].text, "")
        for at, (place, digit) in enumerate(zip(places, part, strict=True))
    }
