"""From a line of text to a place: city, state, county and ZIP."""

from __future__ import annotations

import re

from perdiem_calc.errors import InputError
from perdiem_calc.rates.places.model import Place
from perdiem_calc.rates.places.names import COUNTY, COUNTY_OF, state_code

_NATION = re.compile(r"[\s,]+(?:u\.?\s?s\.?(?:\s?a\.?)?|united states(?: of america)?)$", re.IGNORECASE)
_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
_NUMBER = re.compile(r"[0-9 -]+")
_ZIP_END = re.compile(r"(?:^|[\s,]+)(?:zip(?: code)?:? )?([0-9]{5})(?:-[0-9]{4})?$", re.IGNORECASE)


def parse_place(text: str) -> Place:
    """The place that a line of text names.

    Understood are "City, ST", "City, X County, ST", "X County, ST" and a ZIP, alone or at the end; the state
    may be spelled out, and a city without a state is kept as it is. Raises InputError for an empty text and for
    a number that is no ZIP.

    >>> parse_place("Washington, D.C.")
    Place(city='Washington', state='DC', county=None, zip=None)
    >>> parse_place("McLean, Fairfax County, Virginia")
    Place(city='McLean', state='VA', county='Fairfax', zip=None)
    >>> parse_place("8544")
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: '8544' is not a ZIP; write its five digits, with any leading zero
    """
    cleaned = _NATION.sub("", " ".join(text.split()).strip(" ,;"))
    if not cleaned:
        raise InputError(
            "place.empty", "the place is empty", fix='write a city and state like "Orlando, FL", or a ZIP'
        )
    if _NUMBER.fullmatch(cleaned):
        return Place(zip=zip_code(cleaned))
    digits = _ZIP_END.search(cleaned)
    found = digits.group(1) if digits else None
    parts = [part.strip() for part in cleaned[: digits.start() if digits else None].split(",") if part.strip()]
    parts, state = _without_state(parts)
    county = None
    if parts and (match := COUNTY.match(parts[-1]) or COUNTY_OF.match(parts[-1])):
        county = match.group(1)
        parts.pop()
    if not parts and not county and state == "DC":
        parts = ["Washington"]
    return Place(", ".join(parts) or None, state, county, found)


def parse_place_in(text: str, state: str) -> Place:
    """The place that a text and a state of its own name together, as the columns of a table do.

    A name may have a comma (a list of the Defense Department has "FT. BUCHANAN [INCL GSA SVC CTR, GUAYNABO]"): then
    what follows it is no state, and the state given counts. Raises InputError as `parse_place` does.

    >>> parse_place_in("FT. X [INCL Y, Z]", "PR").city, parse_place_in("Orlando, FL", "FL").city
    ('FT. X [INCL Y, Z]', 'Orlando')
    """
    place = parse_place(text)
    code = state_code(state)
    if code is None or place.state is None or state_code(place.state) is not None or "[" not in text:
        return place
    return parse_place(f"{text}, {code}")


def place_of(where: object) -> Place:
    """The place that a caller gives as text or as the place itself. Raises InputError for anything else.

    >>> place_of(32801)
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: 32801 is not a place; give a text like "Orlando, FL" or "32801", or a Place
    """
    if isinstance(where, str):
        return parse_place(where)
    if isinstance(where, Place):
        return where
    raise InputError(
        "place.invalid", f"{where!r:.60} is not a place", fix='give a text like "Orlando, FL" or "32801", or a Place'
    )


def zip_code(text: str) -> str:
    """The five digits of a ZIP or ZIP+4. Raises InputError for anything else.

    >>> zip_code("32801-1234")
    '32801'
    """
    match = _ZIP.fullmatch(text.strip())
    if not match:
        raise InputError(
            "place.zip.invalid", f"{text[:40]!r} is not a ZIP", fix="write its five digits, with any leading zero"
        )
    return match.group(1)


def _without_state(parts: list[str]) -> tuple[list[str], str | None]:
    """The parts less the state at their end, and the state's code (or the text in its place)."""
    if len(parts) > 1:
        last = parts[-1]
        if code := state_code(last):
            return parts[:-1], code
        if not COUNTY.match(last):
            return parts[:-1], last
        return parts, None
    words = parts[0].split() if parts else []
    for count in (3, 2, 1):
        code = state_code(" ".join(words[-count:])) if len(words) >= count else None
        if code:
            city = " ".join(words[:-count]).rstrip(" -/")
            return [city] if city else [], code
    return parts, None
