"""From the place a person typed to a per diem locality; never a guess."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a person named it: a city and state, a county and state, a ZIP, or a mix of them.

    `state` is the two-letter code; the other fields are as typed.
    """

    city: str | None = None
    state: str | None = None
    county: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True)
class Locality:
    """A per diem locality: GSA's destination id (0 is the standard rate), its name, and the state asked for."""

    id: int
    name: str
    state: str
