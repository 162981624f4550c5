"""Whether the ratebook and GSA's service state the same of a fiscal year: localities, months, tiers and ZIPs.

Three requests (endpoints 4 to 6), or none where their answers are kept. What differs is listed, never fixed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from perdiem_calc.rates.gsa import Answer, GsaClient, GsaUnavailable, RateRow
from perdiem_calc.rates.gsa.bodies import MONTHS
from perdiem_calc.rates.gsa.names import same_name
from perdiem_calc.rates.gsa.transport import SERVICE
from perdiem_calc.rates.model import MieTier
from perdiem_calc.rates.places import STANDARD_ID, Listed
from perdiem_calc.rates.ratebook import Ratebook

STEPS = 3
T = TypeVar("T")
Key = TypeVar("Key", int, str)
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two state differently; blank where one does not have it."""

    what: str
    ratebook: str
    service: str

    def __str__(self) -> str:
        return f"{self.what}: ratebook {self.ratebook or 'has none'}, service {self.service or 'has none'}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared, and what differs."""

    fiscal_year: int
    localities: int
    tiers: int
    zips: int
    differences: tuple[Difference, ...]


def verify_year(
    book: Ratebook, client: GsaClient, year: int, *, sample: int | None = None, tell: Told = lambda step: None
) -> Report:
    """Compare a fiscal year, or `sample` localities and as many ZIPs of it, the same ones at every run.

    `tell` is called with the name of each step. Raises GsaUnavailable where the service does not answer again or
    within the time that its kept answers are good for, RateUnavailable for a year the ratebook does not have.
    """
    tell("localities")
    ours = {one.id: book.listed(one.id, year) for one in book.localities(year)}
    rows = fresh(client.conus_lodging(year)).rows
    theirs: dict[int, list[RateRow]] = {}
    for row in rows:
        theirs.setdefault(row.did if row.did is not None else STANDARD_ID, []).append(row)
    ids = _chosen({*ours, *theirs}, year, sample)
    found = [difference for did in ids for difference in _of_locality(did, ours.get(did), theirs.get(did, []))]
    tell("M&IE tiers")
    tiers = {tier.total: tier for tier in book.tiers(year)}
    stated = {tier.total: tier for tier in fresh(client.conus_mie(year)).rows}
    found += _of(tiers, stated, sorted({*tiers, *stated}), lambda total: f"M&IE tier ${total}", _describe_tier)
    tell("ZIPs")
    places, listed = _by_zip(book.zips(year)), _by_zip(fresh(client.conus_zipcodes(year)).rows)
    zips = _chosen({*places, *listed}, year, sample)
    found += _of(places, listed, zips, lambda zip5: f"ZIP {zip5}", _describe_localities)
    return Report(year, len(ids), len({*tiers, *stated}), len(zips), tuple(found))


def fresh(answer: Answer[T]) -> Answer[T]:
    """An answer, unless it was kept beyond its time. Raises GsaUnavailable then."""
    if answer.source.stale_since is None and answer.rows:
        return answer
    reason = f"the answer that was kept is stale since {answer.source.stale_since}"
    raise GsaUnavailable(
        "gsa.answer.missing",
        reason if answer.rows else "the service has no data for this fiscal year",
        where=f"{SERVICE} {answer.source.name}",
        fix="try again when the service answers; a new fiscal year appears in August or September",
    )


def _chosen(keys: Iterable[Key], year: int, sample: int | None) -> list[Key]:
    ordered = sorted(keys)
    if sample is None or sample >= len(ordered):
        return ordered
    return sorted(random.Random(year).sample(ordered, sample))  # noqa: S311 - a sample, no secret


def _of(
    ours: Mapping[T, object],
    theirs: Mapping[T, object],
    keys: Iterable[T],
    name: Callable[[T], str],
    said: Callable[[object], str],
) -> Iterator[Difference]:
    for key in keys:
        one, other = ours.get(key), theirs.get(key)
        if one != other:
            yield Difference(name(key), said(one), said(other))


def _of_locality(did: int, ours: Listed | None, theirs: list[RateRow]) -> Iterator[Difference]:
    """A locality, in every state that lists it."""
    if ours is None or not theirs:
        name = f"locality {did}"
        known = f"{ours.name}, {ours.state}" if ours else ""
        yield Difference(name, known, f"{theirs[0].city}, {theirs[0].state}" if theirs else "")
        return
    said = dict.fromkeys(
        difference for row in theirs for difference in _of_row(f"{ours.name}, {ours.state} ({did})", ours, row)
    )
    yield from said


def _of_row(name: str, ours: Listed, row: RateRow) -> Iterator[Difference]:
    if not same_name(ours.name, row.city):
        yield Difference(f"{name} name", ours.name, row.city)
    for month, known, stated in zip(MONTHS, ours.rates, row.months, strict=False):
        if known != stated:
            yield Difference(f"{name} {month} lodging", str(known), f"{stated:f}" if stated else "")
    if ours.rates[12] != row.mie:
        yield Difference(f"{name} M&IE", str(ours.rates[12]), f"{row.mie:f}" if row.mie else "")


def _by_zip(rows: Iterable[tuple[str, int, str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for zip5, did, _ in rows:
        found.setdefault(zip5, set()).add(did)
    return {zip5: frozenset(dids) for zip5, dids in found.items()}


def _describe_tier(tier: object) -> str:
    if not isinstance(tier, MieTier):
        return ""
    return f"{tier.breakfast}/{tier.lunch}/{tier.dinner}/{tier.incidental}, {tier.first_last_day}"


def _describe_localities(dids: object) -> str:
    return ", ".join(f"locality {did}" for did in sorted(dids)) if isinstance(dids, frozenset) else ""
