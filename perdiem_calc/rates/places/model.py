"""The types of the subject: a place, a locality, a resolution, and what a gazetteer answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from perdiem_calc.errors import InputError

RESOLVED, AMBIGUOUS, UNRESOLVED, OCONUS = "resolved", "ambiguous", "unresolved", "oconus"
STANDARD_ID, STANDARD_NAME = 0, "Standard Rate"
UNNUMBERED = -1
"""The id of a locality without a known id."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a person named it: a city and state, a county and state, a ZIP, or a mix of them.

    `state` is the two-letter code; the other fields are as typed. Raises InputError for a field that is no text.

    >>> Place(zip=32801)
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: zip: 32801 is not text; write it in quotation marks
    """

    city: str | None = None
    state: str | None = None
    county: str | None = None
    zip: str | None = None

    def __post_init__(self) -> None:
        for name in ("city", "state", "county", "zip"):
            part: object = getattr(self, name)
            if part is not None and not isinstance(part, str):
                raise InputError(
                    "place.part.invalid", f"{part!r:.60} is not text", where=name, fix="write it in quotation marks"
                )


@dataclass(frozen=True, slots=True)
class Locality:
    """A per diem locality: GSA's id (0 is the standard rate), its name, and the state asked for."""

    id: int
    name: str
    state: str

    @property
    def in_words(self) -> str:
        """Its name and state, or that it is the standard rate; without the state if none was given.

        >>> Locality(98, "Orlando", "FL").in_words, Locality(0, "Standard Rate", "AL").in_words
        ('Orlando, FL', 'the standard rate in AL')
        """
        if self.id == STANDARD_ID:
            return f"{self.said} in {self.state}" if self.state else self.said
        return f"{self.name}, {self.state}" if self.state else self.name

    @property
    def said(self) -> str:
        """Its name in a sentence: the standard rate is no place."""
        return "the standard rate" if self.id == STANDARD_ID else self.name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A locality that a place may belong to, and the county (as people write it) in which it would."""

    locality: Locality
    county: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a place came to in one fiscal year, and why.

    `status` is `resolved`, `ambiguous`, `unresolved` or `oconus`; `locality` is set only when resolved.
    `candidates` are the localities it may be (also when resolved, if several at equal rates);
    `suggestions` are ways of writing that would be understood; `reason` is one sentence, `fix` what to type.
    """

    status: str
    place: Place
    fiscal_year: int
    reason: str
    locality: Locality | None = None
    candidates: tuple[Candidate, ...] = ()
    suggestions: tuple[str, ...] = ()
    fix: str = ""


class Fact(NamedTuple):
    """One thing known of a name in a state and fiscal year.

    `kind` is `destination` (a whole part of a locality's name), `carve_in` (a city with a locality of its
    own), `excluded` (left out of `locality`), `place`, `town` or `alias` (lies in `county`), or `county`.
    `locality` is the county's own one for the last four, 0 where it has none.
    """

    kind: str
    key: str
    county: str
    locality: int


class Listed(NamedTuple):
    """A locality as a fiscal year lists it; `rates` are January to December and the M&IE total, dollars."""

    name: str
    state: str
    covers: str
    rates: tuple[int, ...]


class Gazetteer(Protocol):
    """What `resolve` needs to know about the country; names are given without spaces (`squashed`)."""

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        """Everything known of a name in a state."""

    def states(self, squashed: str) -> Sequence[str]:
        """The states that know a name."""

    def zip_rows(self, zip5: str, fiscal_year: int) -> Sequence[tuple[int, str]]:
        """The localities a ZIP lies in, each with its state (blank where the publisher left it blank)."""

    def listed(self, locality: int, fiscal_year: int) -> Listed:
        """A locality as listed in a fiscal year. Raises RateUnavailable if it is not."""

    def names(self, state: str) -> Sequence[str]:
        """Every name known in a state, for suggestions."""
