"""Typed answers and a draft: a claim's JSON that need not be valid.

What can be read is stored as the claim states it; what cannot is stored as it was typed, so that nothing is lost and
the page can say what is wrong with it.

>>> from perdiem_calc.web.questions import Question
>>> draft = {}
>>> store(draft, Question("course.starts_on", "First day", "day"), "Oct 5, 2026")
>>> draft, shown(draft, Question("course.starts_on", "First day", "day"))
({'course': {'starts_on': '2026-10-05'}}, '10/5/2026')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

from perdiem_calc.web.questions import DAY_OF, TIME_OF, Kind, Question, Sections, questions_in
from perdiem_calc.workbook.reading import values as typed
from perdiem_calc.workbook.reading.values import Unfit

Draft = dict[str, Any]

READERS: Mapping[Kind, Callable[[object], object]] = {
    "text": typed.text,
    "lines": typed.lines,
    "amount": typed.amount,
    "miles": typed.miles,
    "day": typed.day,
    "time": typed.clock,
    "count": typed.count,
    "yes_no": typed.yes_or_no,
    "names": typed.several,
    "zip": typed.zip5,
    "state": typed.state,
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_CLOCK = re.compile(r"\d{2}:\d{2}(?::00)?", re.ASCII)
_APART = " at "
"""Between the day and the time of a moment one of which could not be read."""


def read(question: Question, text: str) -> object:
    """What an answer states, as the claim's JSON has it; None for a blank one. Raises Unfit."""
    if not text.strip():
        return None
    if question.kind == "choice":
        if text not in question.options:
            raise Unfit(f"{text[:40]!r} is not in the list", "choose from it")
        return text
    return _plain(READERS[question.kind](text))


def why_unfit(question: Question, text: str) -> str:
    """What is wrong with an answer and what to type instead; empty where nothing is."""
    try:
        read(question, text)
    except Unfit as error:
        return f"{error.what}; {error.fix}" if error.fix else error.what
    return ""


def _plain(value: object) -> object:
    if isinstance(value, time | datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def get(draft: Any, path: str) -> Any:
    """What a draft has at a path of field names; None where it has nothing."""
    for step in path.split("."):
        draft = draft.get(step) if isinstance(draft, dict) else None
    return draft


def put(draft: Draft, path: str, value: object) -> None:
    """Put a value at a path; None removes it, and the groups that are then empty."""
    first, _, rest = path.partition(".")
    if not rest:
        if value is None:
            draft.pop(first, None)
        else:
            draft[first] = value
        return
    inner = draft.get(first)
    if not isinstance(inner, dict):
        if value is None:
            return
        inner = draft[first] = {}
    put(inner, rest, value)
    if not inner:
        del draft[first]


def store(draft: Draft, question: Question, text: str) -> None:
    """Put an answer into a draft; what cannot be read stays as it was typed, and what was shown as it was stated."""
    if text and text == shown(draft, question):
        return
    try:
        value = read(question, text)
    except Unfit:
        value = text.strip()
    if question.path.endswith((DAY_OF, TIME_OF)):
        day, clock = _halves(get(draft, question.field))
        half = str(value) if value is not None else ""
        day, clock = (half, clock) if question.path.endswith(DAY_OF) else (day, half)
        value = _moment(day, clock)
    put(draft, question.field, value)


def shown(draft: Draft, question: Question) -> str:
    """The answer that a draft has, as a person types it."""
    value = get(draft, question.field)
    if question.path.endswith((DAY_OF, TIME_OF)):
        value = _halves(value)[question.path.endswith(TIME_OF)]
    if question.kind not in ("day", "time") and isinstance(value, str):
        return value
    return as_typed(value)


def as_typed(value: object) -> str:
    """A value of a claim's JSON as a person types it.

    >>> as_typed("2026-10-04"), as_typed("18:45"), as_typed(True), as_typed(["Ann", "Bo"])
    ('10/4/2026', '6:45 PM', 'yes', 'Ann; Bo')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    text = str(value)
    try:
        if _ISO_DAY.fullmatch(text):
            return us_day(date.fromisoformat(text))
        if _ISO_CLOCK.fullmatch(text):
            return us_time(time.fromisoformat(text))
    except ValueError:
        pass
    return text


def us_day(day: date) -> str:
    """A day as Americans write it."""
    return f"{day.month}/{day.day}/{day.year}"


def us_time(clock: time) -> str:
    """A time of day on a clock of twelve hours.

    >>> us_time(time(0, 5)), us_time(time(12, 30))
    ('12:05 AM', '12:30 PM')
    """
    return f"{(clock.hour + 11) % 12 + 1}:{clock.minute:02} {'AM' if clock.hour < 12 else 'PM'}"


def day_in(value: object) -> date | None:
    """The day that a value of a draft states, if it states one."""
    text = str(value or "")[:10]
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _halves(value: object) -> tuple[str, str]:
    text = str(value or "")
    if _APART in text:
        day, _, clock = text.partition(_APART)
        return day, clock
    if _ISO_DAY.fullmatch(text[:10]):
        return text[:10], text[11:16]
    return text, ""


def _moment(day: str, clock: str) -> str | None:
    if not clock:
        return day or None
    readable = _ISO_DAY.fullmatch(day) and _ISO_CLOCK.fullmatch(clock)
    return f"{day}T{clock}" if readable else f"{day}{_APART}{clock}"


def store_all(draft: Draft, sections: Sections, answers: Mapping[str, str], prefix: str = "") -> Draft:
    """A copy of a draft with the answers to the questions of a page, by their names; others stay as they are."""
    draft = deepcopy(draft)
    for question in questions_in(sections):
        if (text := answers.get(prefix + question.path)) is not None:
            store(draft, question, text)
    return draft


def renumbered(draft: Draft, kinds: str, places: Mapping[int, int]) -> None:
    """Let credits name the lines of the given kinds (E, or N and T) by their new places in a list.

    `places` has the new index of each old one. A credit whose line is gone is left for a person to answer.
    """
    for credit in draft.get("credits") or ():
        line = str(credit.get("line") or "")
        if line[:1] in kinds and line[1:].isdecimal():
            new = places.get(int(line[1:]) - 1)
            credit["line"] = f"{line[0]}{new + 1}" if new is not None else f"{line} was removed"


def as_json(value: Any) -> Any:
    """What TOML states, as JSON has it: days and times are text."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return _plain(value)
