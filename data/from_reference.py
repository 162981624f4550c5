"""Rewrite the starting figures (FY2021 to FY2027) into this folder's own text.

    python data/from_reference.py FOLDER [--retrieved-on 2026-11-23]

FOLDER holds the tables the figures started from: `conus_rates_monthly.csv`, `mie_breakdown.csv`,
`zip_destination.csv.gz`, `state_destinations.csv`, `county_destination.csv`, `places_census2020.csv.gz`, and
`sources.csv`, which has the address, the publication date and the SHA-256 of each document they were made from.
Every locality, month, tier, ZIP, listing, county and city exception is carried over unchanged; months are put
into calendar order, and each fiscal year gets its own folder. `aliases.csv` is written by hand and is not
touched. Running the script again gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import unquote

DATA = Path(__file__).resolve().parent
sys.path.insert(0, str(DATA.parent))

from perdiem_calc.rates.model import Document  # noqa: E402  (the checkout need not be installed)
from perdiem_calc.rates.ratebook import text  # noqa: E402  (the checkout need not be installed)

Rows = list[dict[str, str]]

KINDS = {"place_carve_in": "carve_in", "place_excluded_from": "excluded_from"}
CHECKED = {
    2024: "held against two further copies: every locality's thirteen figures and every ZIP; no difference",
    2026: "held against two further copies: every locality's thirteen figures and every ZIP; no difference",
    2027: "a second parse of all 295 localities, and recorded API answers for 21 areas; no difference",
}
ONE_PARSE = "one parse of the published file, held against no second copy"
DERIVED = "1102tools (James Jenrette), MIT licence, from the publisher's county descriptions"


def read(path: Path) -> Rows:
    """All rows of a CSV file (gzip where it is named so), by column name."""
    content = path.read_bytes()
    unpacked = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(io.StringIO(unpacked.decode("utf-8"), newline="")))


def by_year(rows: Iterable[dict[str, str]]) -> dict[int, Rows]:
    """The rows of each fiscal year."""
    years: dict[int, Rows] = defaultdict(list)
    for row in rows:
        years[int(row["fiscal_year"])].append(row)
    return years


def lodging(rows: Rows) -> tuple[text.LodgingRow, ...]:
    """The localities in the order of state and name, the standard rate first."""
    found = [
        text.LodgingRow(
            int(row["did"]),
            row["state"],
            row["destination"] if row["did"] != "0" else "Standard Rate",
            row["county"],
            tuple(int(row[month]) for month in text.MONTHS),
            int(row["mie"]),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: (row.state, row.city, row.did)))


def tiers(rows: Rows) -> tuple[text.TierRow, ...]:
    """The M&IE tiers, lowest first."""
    found = [
        text.TierRow(
            total=int(row["total"]),
            breakfast=int(row["breakfast"]),
            lunch=int(row["lunch"]),
            dinner=int(row["dinner"]),
            incidental=int(row["incidentals"]),
            first_last_day=row["first_last_day_75"],
        )
        for row in rows
    ]
    return tuple(sorted(found))


def documents(rows: Rows) -> dict[tuple[str, str], Document]:
    """The published documents, by fiscal year and kind (rates, zip, mie)."""
    return {
        (row["fiscal_year"], row["kind"]): Document(
            row["publisher"],
            unquote(row["url"].rpartition("/")[2]),
            row["url"],
            row["published"],
            row["sha256"],
        )
        for row in rows
    }


def provenance(year: int, retrieved_on: date, found: Mapping[tuple[str, str], Document]) -> str:
    """Where each file of a fiscal year came from, and how it was checked."""
    rates, zips, meals = (found[str(year), kind] for kind in ("rates", "zip", "mie"))
    derived = rates._replace(publisher=DERIVED)
    checked = CHECKED.get(year, ONE_PARSE)
    stated = {
        text.LODGING: (rates, checked),
        text.MIE: (meals, "meals add up to the total, and 75 % is exact, in every tier"),
        text.ZIPCODES: (zips, ONE_PARSE if year == 2027 else checked),
        text.STATES: (rates, "every locality is listed by its state; blank states as published"),
        text.COUNTIES: (derived, "every county is one the Census Bureau knows"),
        text.EXCEPTIONS: (derived, "against the description of each locality in lodging.csv"),
    }
    files = {name: text.documented(of, retrieved_on.isoformat(), how) for name, (of, how) in stated.items()}
    comment = (
        f"Sources of fiscal year {year} (October 1, {year - 1} to September 30, {year}).\n"
        "retrieved_at is the day on which this project took the figures over."
    )
    return text.describe(files, comment)


def write(source: Path, target: Path, retrieved_on: date) -> list[int]:
    """Write every fiscal year and the Census places below `target`; returns the years written."""
    rates = by_year(read(source / "conus_rates_monthly.csv"))
    breakdown = by_year(read(source / "mie_breakdown.csv"))
    zips = by_year(read(source / "zip_destination.csv.gz"))
    states = by_year(read(source / "state_destinations.csv"))
    counties = by_year(read(source / "county_destination.csv"))
    found = documents(read(source / "sources.csv"))
    for year in sorted(rates):
        mapped = counties[year]
        written = text.RateYear(
            fiscal_year=year,
            lodging=lodging(rates[year]),
            tiers=tiers(breakdown[year]),
            zips=tuple(sorted(text.ZipRow(r["zip"], int(r["did"]), r["state"]) for r in zips[year])),
            listings=tuple(sorted(text.ListingRow(r["state"], int(r["did"])) for r in states[year])),
            counties=tuple(
                sorted(text.CountyRow(r["state"], r["name"], int(r["did"])) for r in mapped if r["kind"] == "county")
            ),
            exceptions=tuple(
                sorted(
                    text.ExceptionRow(KINDS[r["kind"]], r["state"], r["name"], int(r["did"]))
                    for r in mapped
                    if r["kind"] != "county"
                )
            ),
            provenance=provenance(year, retrieved_on, found),
        )
        for fault in text.lint_year(written):
            raise SystemExit(f"FY{year}: {fault}")
        text.write_year(target / "rates" / str(year), written)
    places = read(source / "places_census2020.csv.gz")
    rows = sorted(text.PlaceRow(r["state"], r["place_norm"], r["county_norm"], r["kind"]) for r in places)
    text.write_places(target / text.PLACES, rows)
    return sorted(rates)


def main() -> None:
    """Read the arguments, write the text, say what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with the starting tables")
    parser.add_argument("--into", type=Path, default=DATA, help="the data folder to write (default: this one)")
    parser.add_argument("--retrieved-on", type=date.fromisoformat, default=date(2026, 11, 23))
    arguments = parser.parse_args()
    years = write(arguments.folder, arguments.into, arguments.retrieved_on)
    print(f"wrote fiscal years {years[0]} to {years[-1]}")


if __name__ == "__main__":
    main()
