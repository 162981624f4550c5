"""What a rate is and where it came from, and what every source of rates can do.

>>> from datetime import date
>>> fiscal_year(date(2026, 9, 30)), fiscal_year(date(2026, 10, 1))
(2026, 2027)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

from perdiem_calc.dated import day_of
from perdiem_calc.rates.places import Locality, Place


def fiscal_year(on: date) -> int:
    """The federal fiscal year of a day: October 1 to September 30, named for the year it ends in.

    Raises InputError for what is no day.

    >>> fiscal_year(date(2027, 1, 1))
    2027
    """
    if type(on) is not date:
        on = day_of(on)
    return on.year + (on.month >= 10)


@dataclass(frozen=True, slots=True)
class MieTier:
    """One row of GSA's M&IE table, in whole dollars a day but for the 75 % amount.

    Meals and the incidental amount add up to the total. Outside the contiguous states the breakdown by meal may not
    be known: then `meals_known` is false and the meals are zero.
    """

    total: Decimal
    breakfast: Decimal
    lunch: Decimal
    dinner: Decimal
    incidental: Decimal
    first_last_day: Decimal
    meals_known: bool = True


class Document(NamedTuple):
    """What a publisher put out, so that an outsider can get it and compare: its file's name, address and SHA-256.

    `published` is ISO 8601, and empty where the publisher states no day; the other fields are empty where they are
    not known.
    """

    publisher: str
    document: str
    url: str
    published: str = ""
    sha256: str = ""

    def as_record(self) -> dict[str, str | None]:
        """Its facts for programs; None for what is not known."""
        return {name: value or None for name, value in self._asdict().items()}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a rate came from: what kind of source, its name, the SHA-256 of its text, when it was retrieved.

    `kind` is `ratebook`, `api`, `dtmo` or `recorded`; `retrieved_at` is ISO 8601; `document` is what the publisher
    put out, where `name` is a copy of its figures. `stale_since` is set when a cached answer was used after its time
    because the service did not answer. `instead_of` names a source that was to be used and why it was not; `differs`
    says what another source states of the same rate.
    """

    kind: str
    name: str
    sha256: str
    retrieved_at: str
    stale_since: str | None = None
    instead_of: str | None = None
    differs: str | None = None
    document: Document | None = None

    def as_record(self) -> dict[str, str | None]:
        """Its facts for programs, but for `doubts`: the publisher's document first, then our copy of it."""
        return {
            "kind": self.kind,
            **(self.document or Document("", "", "")).as_record(),
            "retrieved_at": self.retrieved_at,
            "file": self.name,
            "file_sha256": self.sha256,
        }

    @property
    def published_as(self) -> str:
        """The publisher's document in words; empty where none is known.

        >>> Provenance("ratebook", "a.csv", "", "", document=Document("GSA", "a.xlsx", "https://a/a.xlsx")).published_as
        'GSA, https://a/a.xlsx, publication date not stated'
        >>> Provenance("recorded", "a.json", "", "").published_as
        ''
        """
        if self.document is None:
            return ""
        publisher, name, address, published, sha256 = self.document
        said = [publisher, "" if address.endswith(f"/{name}") else name, address]
        said += [f"published {published}" if published else "publication date not stated"]
        return ", ".join(filter(None, [*said, f"SHA-256 {sha256}" if sha256 else ""]))

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a reader must know of this source, a clause each; none where there is nothing to doubt.

        >>> Provenance("api", "/rates", "0" * 64, "2026-11-01", stale_since="2026-11-08").doubts
        ('the service did not answer: its kept answer is stale since 2026-11-08',)
        """
        said = []
        if self.stale_since is not None and self.kind == "dtmo":
            said.append(f"no later list is imported: this one prices the days before {self.stale_since}")
        elif self.stale_since is not None:
            said.append(f"the service did not answer: its kept answer is stale since {self.stale_since}")
        if self.instead_of is not None:
            said.append(f"the embedded rates were used instead of {self.instead_of}")
        if self.differs is not None:
            said.append(f"another source states otherwise: {self.differs}")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class PerDiemRate:
    """The per diem of one locality in one month of one fiscal year: lodging ceiling and M&IE, dollars.

    `season` says from when to when it is in force (MM/DD) where seasons do not follow the months.
    """

    locality: Locality
    fiscal_year: int
    month: int
    lodging: Decimal
    mie: MieTier
    source: Provenance
    season: str | None = None


class RateSource(Protocol):
    """Anything that knows per diem rates: the embedded ratebook, the live API, rates read from a claim."""

    def locality(self, place: Place, on: date) -> Locality:
        """The one per diem locality of `place` on a day.

        Raises PlaceNotResolved (ambiguous, unknown, or outside the contiguous states), InputError where
        the place contradicts itself, RateUnavailable where the fiscal year is not known.
        """

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force at a place or locality on a day; raises as `locality` does."""


@runtime_checkable
class CountySource(RateSource, Protocol):
    """A source that knows in which counties a place may lie, as the embedded ratebook does."""

    def counties(self, place: Place, on: date) -> frozenset[str]:
        """The keys of the counties (as `place_key` writes them) in which a place may lie; none if unknown."""


@runtime_checkable
class SeasonalSource(RateSource, Protocol):
    """A source some of whose rates change within a month too, as those of Alaska do."""

    def changes(self, first: date, last: date) -> Sequence[date]:
        """The days from `first` to `last`, both inclusive, but the first of a month, on which a rate may change."""
