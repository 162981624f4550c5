"""What stands between the cells of a CSV file: a comma, semicolon, tab or bar."""

from __future__ import annotations

import re

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""The separators, and what they are called."""

_STATED = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)


def separator_of(header: str) -> str:
    """The separator that stands most often between the names of the columns; a comma where there is one name.

    >>> separator_of('"place, or so";zip'), separator_of("place")
    (';', ',')
    """
    outside_quotes = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside_quotes.count)


def stated_separator(line: str) -> str | None:
    """The separator that a file's first line states, which Excel then takes for no row; None for any other line.

    >>> stated_separator("sep=;"), stated_separator("place;zip")
    (';', None)
    """
    match = _STATED.fullmatch(line)
    return match[1] if match else None
