"""What a text mentions: whole words, whatever their case.

>>> mentions(["NASRO tuition"], ("registration", "tuition"))
'tuition'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from perdiem_calc.plain_text import readable


def mentions(texts: Iterable[str | None], words: tuple[str, ...]) -> str | None:
    """The first of `words` (one word, or several in a row) that stands as whole words in a text, else None.

    >>> mentions(["Winery Inn", None], ("wine", "inn"))
    'inn'
    >>> mentions(["dinner"], ("inn",)) is None
    True
    >>> mentions(["Upgrade to Comfort+", "First-Class"], ("first class",)), mentions(["Comfort+ seat"], ("comfort+",))
    ('first-class', 'comfort+')
    """
    for text in texts:
        found = _pattern(words).search(text) if text else None
        if found:
            return " ".join(found[0].casefold().split())
    return None


def holds_any(text: str | None, parts: tuple[str, ...]) -> bool:
    """Whether a text holds one of `parts` anywhere, whatever its case (as a workbook's SEARCH finds it).

    >>> holds_any("Prepaid fuel option", ("prepaid",)), holds_any(None, ("prepaid",))
    (True, False)
    """
    return text is not None and any(part in text.casefold() for part in parts)


def says(text: str | None, parts: tuple[str, ...], denials: tuple[str, ...]) -> bool:
    """Whether a text holds one of `parts`, apart from the phrases that deny it.

    >>> says("Optional fee", ("optional",), ("not optional",)), says("Not optional", ("optional",), ("not optional",))
    (True, False)
    """
    return holds_any(without(text, denials), parts)


def without(text: str | None, phrases: tuple[str, ...]) -> str:
    """A text in lower case without some phrases: what denies a word must not hide the same word elsewhere.

    >>> without("Not prepaid; prepaid fuel", ("not prepaid",))
    ' ; prepaid fuel'
    """
    left = (text or "").casefold()
    for phrase in sorted(phrases, key=len, reverse=True):
        left = left.replace(phrase, " ")
    return left


def on_one_line(text: str, most: int = 60) -> str:
    """What a person typed, fit for a sentence: on one line, cut where it is longer than `most` characters.

    >>> on_one_line("Jordan   Reyes"), on_one_line("abcdef", 4)
    ('Jordan Reyes', 'abc…')
    """
    line = " ".join(readable(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def capitalized(text: str) -> str:
    """A text that begins a sentence: with a capital, and otherwise as it is.

    >>> capitalized("the room of Ann"), capitalized("")
    ('The room of Ann', '')
    """
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, several: str = "") -> str:
    """So many of something.

    >>> counted(1, "copy", "copies"), counted(2, "copy", "copies"), counted(0, "letter")
    ('1 copy', '2 copies', '0 letters')
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def some(items: Sequence[str], most: int = 2) -> str:
    """The first few of many, and how many more there are.

    >>> some(["a", "b", "c", "d"]), some(["a", "b"])
    ('a; b; and 2 more', 'a; b')
    """
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "; ".join([*items[:most], *more])


def listed(items: Sequence[str]) -> str:
    """Items in a row, the last after "and".

    >>> listed(["folio", "mileage log", "approvals"])
    'folio, mileage log and approvals'
    """
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def days_said(days: Iterable[date]) -> str:
    """Days in order, each once, runs of them from first to last.

    >>> from datetime import date
    >>> days_said([date(2026, 10, 9), date(2026, 10, 4), date(2026, 10, 5)])
    '2026-10-04 to 2026-10-05 and 2026-10-09'
    """
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return listed([str(run[0]) if run[0] == run[-1] else f"{run[0]} to {run[-1]}" for run in runs])


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # Between the words of one may stand any blanks or hyphens.
    alternatives = "|".join(r"[\s\u2010-\u2015-]+".join(map(re.escape, re.split("[ -]", word))) for word in words)
    return re.compile(rf"(?<!\w)(?:{alternatives})s?(?!\w)", re.IGNORECASE)
