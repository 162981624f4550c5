"""A fiscal year fetched from GSA's service and written as the ratebook's text, once every check of it has passed.

Three requests (endpoints 4 to 6). Which counties a locality is made of is carried over from the year before by the
locality's id; where a locality is new, or described in other words, its counties are read from the description. City
exceptions are carried over too. All of that is listed for a person to review, since the service does not state it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import unwritable
from perdiem_calc.rates.gsa import Answer, GsaClient, RateRow, ZipRow
from perdiem_calc.rates.gsa.names import same_name
from perdiem_calc.rates.gsa.transport import PUBLISHER, SERVICE
from perdiem_calc.rates.model import Document, MieTier, Provenance
from perdiem_calc.rates.places import STANDARD_NAME, place_key
from perdiem_calc.rates.places.names import bare_county
from perdiem_calc.rates.ratebook import text
from perdiem_calc.rates.verify import Told, fresh

WITHIN = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A fiscal year as written: where, how much, and what a person should look at."""

    folder: Path
    localities: int
    tiers: int
    zips: int
    review: tuple[str, ...]


class RefreshRefused(InputError):
    """What the service gave did not pass a check; nothing was changed."""


def year_before(year: int, folders: Sequence[Path]) -> text.RateYear:
    """The text that a fiscal year is held against: its own, if there is one, else the last one before it.

    Raises InputError for a year that none comes before.
    """
    years = [folder for folder in folders if text.year_of(folder) <= year]
    if not years:
        raise InputError(
            "ratebook.year.too-early",
            f"no fiscal year before {year} is known",
            where="--fiscal-year",
            fix="give a later year",
        )
    return text.read_year(years[-1])


def known_counties(data_folder: Path) -> Set[tuple[str, str]]:
    """The counties that the Census knows, as states and keys."""
    return {(row.state, place_key(row.county)) for row in text.read_places(data_folder / text.PLACES)}


def refresh_year(
    client: GsaClient,
    year: int,
    before: text.RateYear,
    counties: Set[tuple[str, str]],
    into: Path,
    *,
    tell: Told = lambda step: None,
) -> Refreshed:
    """Fetch a fiscal year and write it to `into`/rates; `before` is the year it is held against.

    `counties` are those that the Census knows, as states and keys; `tell` is called with the name of each step.
    Raises GsaUnavailable where the service does not answer, RefreshRefused naming the check that failed,
    OutputError where the folder cannot be written. In all of them nothing changes.
    """
    tell("localities")
    listed = fresh(client.conus_lodging(year))
    tell("M&IE tiers")
    tiers = fresh(client.conus_mie(year))
    tell("ZIPs")
    zips = fresh(client.conus_zipcodes(year))
    found = _as_year(year, before, listed, tiers, zips)
    mapped, review = _counties(found, before, counties)
    found = replace(found, counties=mapped)
    _check(found, before)
    folder = into / "rates" / str(year)
    _replace(folder, found)
    return Refreshed(folder, len(found.lodging) - 1, len(found.tiers), len({r.zip for r in found.zips}), review)


def _as_year(
    year: int, before: text.RateYear, listed: Answer[RateRow], tiers: Answer[MieTier], zips: Answer[ZipRow]
) -> text.RateYear:
    lodging = tuple(_lodging(listed.rows, before))
    here = {row.did for row in lodging}
    sources = {text.LODGING: listed.source, text.MIE: tiers.source, text.ZIPCODES: zips.source}
    return text.RateYear(
        fiscal_year=year,
        lodging=lodging,
        tiers=tuple(sorted(_tier(tier) for tier in tiers.rows)),
        zips=tuple(sorted(text.ZipRow(*row) for row in zips.rows)),
        listings=tuple(sorted({text.ListingRow(row.state, _did(row)) for row in listed.rows if _did(row)})),
        counties=tuple(row for row in before.counties if row.did in here),
        exceptions=tuple(row for row in before.exceptions if row.did in here),
        provenance=_provenance(year, sources, before.fiscal_year),
    )


def _lodging(rows: Sequence[RateRow], before: text.RateYear) -> Iterator[text.LodgingRow]:
    """One row a locality, in the order of state and name. Raises RefreshRefused where its rows differ."""
    by_did: dict[int, list[RateRow]] = {}
    for row in rows:
        if row.faults:
            raise _refused(f"{row.city}, {row.state}: {'; '.join(row.faults)}")
        by_did.setdefault(_did(row), []).append(row)
    homes = {row.did: row.state for row in before.lodging}
    found = []
    for did, same in by_did.items():
        if len({(row.months, row.mie) for row in same}) > 1 or not all(
            same_name(row.city, same[0].city) for row in same
        ):
            raise _refused(f"locality {did} is listed with different names or rates")
        home = next((row for row in same if row.state == homes.get(did)), same[0])
        months = tuple(_whole(month, home) for month in home.months)
        if did == 0:
            everywhere = "All CONUS locations not in a listed destination"
            found.append(text.LodgingRow(0, "", STANDARD_NAME, everywhere, months, _whole(home.mie, home)))
        else:
            found.append(text.LodgingRow(did, home.state, home.city, home.county, months, _whole(home.mie, home)))
    yield from sorted(found, key=lambda row: (row.state, row.city, row.did))


def _did(row: RateRow) -> int:
    return row.did or 0


def _whole(amount: Decimal | None, row: RateRow) -> int:
    if amount is None or amount != int(amount):
        raise _refused(f"{row.city}, {row.state}: {amount} is not whole dollars")
    return int(amount)


def _tier(tier: MieTier) -> text.TierRow:
    amounts = (tier.total, tier.breakfast, tier.lunch, tier.dinner, tier.incidental)
    if any(amount != int(amount) for amount in amounts):
        raise _refused(f"M&IE tier {tier.total} is not in whole dollars")
    total, breakfast, lunch, dinner, incidental = (int(amount) for amount in amounts)
    return text.TierRow(total, breakfast, lunch, dinner, incidental, f"{tier.first_last_day:.2f}")


def _counties(
    found: text.RateYear, before: text.RateYear, known: Set[tuple[str, str]]
) -> tuple[tuple[text.CountyRow, ...], tuple[str, ...]]:
    """The counties of every locality, and what of them, and of the city exceptions, a person should review."""
    rows, review = set(found.counties), []
    old = {row.did: row for row in before.lodging}
    for row in found.lodging:
        if row.did in old and (old[row.did].city, old[row.did].county) == (row.city, row.county):
            continue
        said = f"was {old[row.did].county!r} and is now" if row.did in old else "is new:"
        read, unread = _described(row, known)
        if not unread:
            rows = {one for one in rows if one.did != row.did and (one.state, one.county) not in read}
            rows |= {text.CountyRow(*county, row.did) for county in read}
        reading = f"could not be read in full ({', '.join(unread)})" if unread else "read as counties"
        review.append(f"{row.city}, {row.state} ({row.did}) {said} {row.county!r}: {reading}; check {text.COUNTIES}")
    here = {row.did: row.city for row in found.lodging}
    gone = [row for row in before.lodging if row.did not in here]
    review += [f"{row.city}, {row.state} ({row.did}) is no longer listed: the standard rate applies" for row in gone]
    for exception in found.exceptions:
        kind = exception.kind.replace("_", " ")
        review.append(f"carried over: {exception.city}, {exception.state} {kind} {here[exception.did]}")
    return tuple(sorted(rows)), tuple(review)


def _described(row: text.LodgingRow, known: Set[tuple[str, str]]) -> tuple[set[tuple[str, str]], list[str]]:
    """The counties that a locality's description names, and the words of it that are none."""
    read, unread = set(), []
    for part in row.county.split("/"):
        name = " ".join(part.split()).removesuffix(" Counties")
        keys = [(row.state, place_key(bare_county(name))), (row.state, place_key(name))]
        county = next((key for key in keys if key in known), None)
        if county is not None:
            read.add(county)
        else:
            unread.append(name or "nothing")
    return read, unread


def _provenance(year: int, sources: dict[str, Provenance], before: int) -> str:
    stated = {
        name: text.documented(
            source.document or Document(PUBLISHER, source.name, ""),
            source.retrieved_at[:10],
            "the program's checks at retrieval",
        )
        for name, source in sources.items()
    }
    carried = Document(PUBLISHER, f"carried over from fiscal year {before} by locality id", "")
    retrieved = stated[text.LODGING]["retrieved_at"]
    derived = {
        name: text.documented(carried, retrieved, "the program's checks at retrieval")
        for name in (text.COUNTIES, text.EXCEPTIONS)
    }
    files = {**stated, text.STATES: stated[text.LODGING], **derived}
    comment = f"Sources of fiscal year {year} (October 1, {year - 1} to September 30, {year}), from GSA's service."
    return text.describe(files, comment)


def _check(found: text.RateYear, before: text.RateYear) -> None:
    """Raises RefreshRefused for the first check that fails."""
    counts = {
        "localities": (len(found.lodging), len(before.lodging)),
        "M&IE tiers": (len(found.tiers), len(before.tiers)),
        "ZIPs": (len(found.zips), len(before.zips)),
    }
    for name, (now, then) in counts.items():
        if abs(now - then) > max(int(then * WITHIN), 1):
            raise _refused(f"{now} {name}, and {then} in fiscal year {before.fiscal_year}: more than 10 % apart")
    for fault in text.lint_year(found):
        raise _refused(fault)


def _refused(check: str) -> RefreshRefused:
    return RefreshRefused(
        "gsa.refresh.refused",
        f"what the service gave failed a check: {check}",
        where=SERVICE,
        fix="nothing was changed; compare gsa.gov and try again later",
    )


def _replace(folder: Path, year: text.RateYear) -> None:
    """Write the year under another name, read it back, and only then rename it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        new, old = scratch / folder.name, scratch / "before"
        text.write_year(new, year)
        if text.read_year(new) != year:
            raise OutputError(
                "output.not-read-back", "what was written does not read back", where=str(folder), fix="check the disk"
            )
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            with suppress(OSError):
                old.rename(folder)
            raise
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
