"""Dated values and citations: what was in force on a day.

>>> from datetime import date
>>> mileage = Dated("car", (Entry(date(2026, 1, 1), date(2026, 6, 30), "0.725"),
...                         Entry(date(2026, 7, 1), None, "0.76")))
>>> mileage.on(date(2026, 6, 30)), mileage.on(date(2026, 7, 1))
('0.725', '0.76')
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from perdiem_calc.errors import InputError, RateUnavailable

T = TypeVar("T")


def day_of(on: object) -> date:
    """The day that a date or a datetime states; raises InputError for whatever is neither.

    >>> day_of(datetime(2026, 10, 4, 23, 59))
    datetime.date(2026, 10, 4)
    >>> day_of("2026-10-04")
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: '2026-10-04' is not a day; give a datetime.date, like date(2026, 10, 4)
    """
    if isinstance(on, date) and on == on:  # the missing date of pandas calls itself a date, and equals nothing
        return on.date() if isinstance(on, datetime) else on
    raise InputError(
        "python.day.invalid", f"{on!r:.60} is not a day", fix="give a datetime.date, like date(2026, 10, 4)"
    )


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One value and the days it is in force, both inclusive; `effective_to` None means until further notice.

    `citation` is the source of the value itself (a bulletin, a fact sheet), `reviewed_on` the day a person
    last compared it with that source, `known` how well a citation is attested (`confirmed`, `unconfirmed`).
    """

    effective_from: date
    effective_to: date | None
    value: T
    citation: str = ""
    reviewed_on: date | None = None
    known: str = ""


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value that changes by date. Entries are in order and do not overlap."""

    name: str
    entries: tuple[Entry[T], ...]
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(entry.effective_from for entry in self.entries))

    def entry(self, on: date) -> Entry[T]:
        """The entry in force on a day. Raises RateUnavailable when there is none, InputError for what is no day."""
        if type(on) is not date:
            on = day_of(on)
        index = bisect_right(self._starts, on) - 1
        if index >= 0:
            entry = self.entries[index]
            if entry.effective_to is None or on <= entry.effective_to:
                return entry
        raise RateUnavailable(
            "law.value.unknown",
            f"no {self._describe()} is known for {on}",
            fix=f"known: {self._known()}; check the date, or update the program",
        )

    def on(self, on: date) -> T:
        """The value in force on a day; raises as `entry` does."""
        return self.entry(on).value

    def _describe(self) -> str:
        """Its name as a person reads it: of a value, the part of its name after the rule's id."""
        return self.name.rpartition(".")[2].replace("_", " ")

    def _known(self) -> str:
        last = self.entries[-1].effective_to
        return f"{self.entries[0].effective_from} to {last or 'now'}"


@dataclass(frozen=True)
class Rule:
    """A rule by its permanent id: what it says, its dated citations, and its dated values."""

    id: str
    title: str
    citation: Dated[str]
    values: Mapping[str, Dated[object]]


@dataclass(frozen=True)
class Law:
    """All rules in force: the regulation's and the award program's.

    There is one method for each kind of value. An unknown rule or name raises KeyError, since names are written in
    code; a value of another kind TypeError; a day on which no value is in force RateUnavailable; an argument that is
    not a day InputError.
    """

    rules: Mapping[str, Rule]

    def citation(self, rule: str, on: date) -> str:
        """The citation of a rule in force on a day."""
        return self._rule(rule).citation.entry(on).value

    def number(self, rule: str, name: str, on: date) -> Decimal:
        """A rule's decimal value in force on a day (dollars, a fraction, a rate a mile)."""
        value = self._value(rule, name, on)
        if not isinstance(value, Decimal):
            raise TypeError(f"{rule}.{name} is not a decimal number")
        return value

    def count(self, rule: str, name: str, on: date) -> int:
        """A rule's whole number in force on a day (days, hours, months)."""
        value = self._value(rule, name, on)
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{rule}.{name} is not a whole number")
        return value

    def setting(self, rule: str, name: str, on: date) -> str:
        """A rule's setting by name in force on a day (`capped`, `review`)."""
        value = self._value(rule, name, on)
        if not isinstance(value, str):
            raise TypeError(f"{rule}.{name} is not a setting")
        return value

    def words(self, rule: str, name: str, on: date) -> tuple[str, ...]:
        """A rule's list of words in force on a day."""
        value = self._value(rule, name, on)
        if not isinstance(value, tuple):
            raise TypeError(f"{rule}.{name} is not a list of words")
        return value

    def _value(self, rule: str, name: str, on: date) -> object:
        try:
            dated = self.rules[rule].values[name]
        except KeyError:
            there = ", ".join(self._rule(rule).values) or "none"
            raise KeyError(f"rule {rule} has no value {name!r}; it has {there}") from None
        return dated.entry(on).value

    def _rule(self, rule: str) -> Rule:
        if rule not in self.rules:
            raise KeyError(f"there is no rule {rule!r}; Law.rules has them all")
        return self.rules[rule]
