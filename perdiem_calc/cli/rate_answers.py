"""The questions of `perdiem rate`, from the command line or a file, and their answers as JSON or as lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from perdiem_calc.cli.options import iso_day, say
from perdiem_calc.errors import InputError, PerdiemError, PlaceNotResolved, RateUnavailable
from perdiem_calc.files import CsvTable, in_unnamed_column, opened
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import PerDiemRate, Provenance, fiscal_year
from perdiem_calc.rates.places import (
    COUNTY,
    RESOLVED,
    UNRESOLVED,
    Locality,
    Place,
    Resolution,
    parse_place,
    parse_place_in,
    state_code,
    zip_code,
)

if TYPE_CHECKING:
    from perdiem_calc.rates.sources import Rates


MOST_DAYS = 366

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One question: `where` it stands (a row of a file), the place as typed, the days.

    `first` is text where a file says it; `line` is the row's line in the file, or its row in a workbook; `fault` is
    what is wrong with the row itself.
    """

    where: str
    place: str
    county: str
    zip: str
    state: str
    first: date | str
    last: date | None
    line: int | None = None
    fault: InputError | None = None

    @property
    def said(self) -> str:
        """The place as it was typed."""
        county = self.county
        if county and not COUNTY.match(county) and "," not in county:
            county = f"{county} County"
        return ", ".join(" ".join(part.split()) for part in (self.place, county, self.state, self.zip) if part)


@dataclass(frozen=True)
class Answer:
    """What a question came to: `record` is its JSON; `rates` those of the days that have one."""

    asked: Asked
    record: Record
    exit_code: int = 0
    reason: str = ""
    rates: list[tuple[date, PerDiemRate]] = field(default_factory=list)


def worse(one: int, other: int) -> int:
    """The exit code of two answers: malformed input (2) before a missing rate (3) before none."""
    return min(one or 9, other or 9) % 9


def answer(asked: Asked, book: Rates) -> Answer:
    """The rates of the place on each day asked; an error is an answer too."""
    try:
        if asked.fault:
            raise asked.fault
        found = _answer(asked, _place(asked), _first_day(asked), book)
    except PerdiemError as error:
        found = _refused(asked, error, asked.first)
    return found if asked.line is None else replace(found, record=found.record | {"line": asked.line})


def _first_day(asked: Asked) -> date:
    if isinstance(asked.first, date):
        return asked.first
    return iso_day(asked.first, "on", or_else=", or give an .xlsx table whose cells are dates")


def _refused(asked: Asked, error: PerdiemError, on: date | str) -> Answer:
    record = {
        "status": "unavailable" if isinstance(error, RateUnavailable) else "error",
        "input": asked.said,
        "fiscal_year": fiscal_year(on) if isinstance(on, date) else None,
        "on": str(on),
        **_why(asked, error),
    }
    return Answer(asked, record, error.exit_code, str(error))


def _why(asked: Asked, error: PerdiemError) -> Record:
    """Why there is no rate, and what to do: the same fields whatever went wrong."""
    if asked.where:
        error.at(asked.where)
    return {"reason": error.what, "fix": error.fix, "error": error.as_record()}


def _place(asked: Asked) -> Place:
    """The place that the parts of a question name together. Raises InputError where two of them differ."""
    county, state = asked.county, asked.state
    if "," in county:
        county, _, given = (part.strip() for part in county.rpartition(","))
        state = state or given
    place = parse_place_in(asked.place, state) if asked.place else Place()
    if state and place.state and "," not in asked.place:
        said_twice = place.state == state_code(state) and (place.city or place.county)
        if not said_twice:  # the city of New York, or Fort Washington in Maryland
            place = parse_place(f"{asked.place}, {state}")
    if state and place.state and state_code(state) is None:
        raise InputError("place.state.unknown", f"{state!r} is not a state", fix="write it like FL or Florida")
    if state and place.state and state_code(state) != state_code(place.state):
        raise InputError("place.state.contradictory", f"{asked.place!r} is not in {state}", fix="give the state once")
    if asked.zip and place.zip and zip_code(asked.zip) != place.zip:
        raise InputError("place.zip.repeated", f"two ZIPs: {place.zip} and {asked.zip}", fix="give one")
    return replace(
        place,
        county=county or place.county,
        state=(state and (state_code(state) or state)) or place.state,
        zip=zip_code(asked.zip) if asked.zip else place.zip,
    )


def _answer(asked: Asked, place: Place, first: date, book: Rates) -> Answer:
    if asked.last is None:
        return _on_one_day(asked, place, first, book)
    days = (asked.last - first).days + 1
    if not 0 < days <= MOST_DAYS:
        raise InputError(
            "command.days.too-many",
            f"{days} days from {first} until {asked.last}",
            fix=f"ask for 1 to {MOST_DAYS} days at once",
        )
    found = [_on_one_day(asked, place, first + timedelta(days=day), book) for day in range(days)]
    worst = next((one for one in found if one.exit_code), found[0])
    head = {"status": worst.record["status"], "input": asked.said}
    if "locality" in worst.record:
        head["locality"] = worst.record["locality"]
    head |= {name: worst.record[name] for name in ("reason", "fix", "error") if name in worst.record}
    record = head | {"on": str(first), "until": str(asked.last), "dates": [one.record for one in found]}
    rates = [rate for one in found for rate in one.rates]
    return Answer(asked, record, worst.exit_code, worst.reason, rates)


def _on_one_day(asked: Asked, place: Place, on: date, book: Rates) -> Answer:
    try:
        resolution = book.resolve_on(place, on)
    except RateUnavailable as error:
        return _refused(asked, error, on)
    if resolution.locality is None:
        record = _unresolved(asked, resolution, on, book)
        return Answer(asked, record, RateUnavailable.exit_code, _to_read(resolution, record))
    rate = book.rate(place, on)
    record = _rate_record(rate, on) | {"input": asked.said, "reason": resolution.reason}
    if resolution.candidates:
        record["candidates"] = _candidates(resolution, on, book)
    return Answer(asked, record, 0, resolution.reason, [(on, rate)])


def _rate_record(rate: PerDiemRate, on: date) -> Record:
    tier, source = rate.mie, rate.source
    return {
        "status": RESOLVED,
        "locality": _locality(rate.locality),
        "fiscal_year": rate.fiscal_year,
        "on": str(on),
        "lodging": str(rate.lodging),
        "mie": str(tier.total),
        "first_last_day": str(tier.first_last_day),
        "meals": {
            "breakfast": str(tier.breakfast),
            "lunch": str(tier.lunch),
            "dinner": str(tier.dinner),
            "incidental": str(tier.incidental),
        },
        "source": _source(source),
    }


def _source(source: Provenance) -> Record:
    doubts = {"stale_since": source.stale_since, "instead_of": source.instead_of, "differs": source.differs}
    return source.as_record() | {name: said for name, said in doubts.items() if said is not None}


def _unresolved(asked: Asked, resolution: Resolution, on: date, book: Rates) -> Record:
    record: Record = {
        "status": resolution.status,
        "input": asked.said,
        "fiscal_year": resolution.fiscal_year,
        "on": str(on),
        **_why(asked, PlaceNotResolved(resolution.reason, status=resolution.status, fix=resolution.fix)),
    }
    if resolution.candidates:
        record["candidates"] = _candidates(resolution, on, book)
    if resolution.suggestions or resolution.status == UNRESOLVED:
        record["suggestions"] = list(resolution.suggestions)
    return record


def _candidates(resolution: Resolution, on: date, book: Rates) -> list[Record]:
    found = []
    for candidate in resolution.candidates:
        try:
            rate = book.rate(candidate.locality, on)
        except RateUnavailable:
            amounts = {}
        else:
            amounts = {"lodging": str(rate.lodging), "mie": str(rate.mie.total)}
        found.append({"county": candidate.county, "locality": _locality(candidate.locality), **amounts})
    return found


def _locality(locality: Locality) -> Record:
    return {"id": locality.id, "name": locality.name, "state": locality.state}


# ---- to read


def _to_read(resolution: Resolution, record: Record) -> str:
    """Why there is no rate, the candidates, and what to type."""
    lines = [resolution.reason]
    for one in record.get("candidates", ()):
        named = Locality(**one["locality"]).in_words
        where = one["county"] or one["locality"]["state"]
        amounts = f", lodging ${one['lodging']}, M&IE ${one['mie']}" if "lodging" in one else ""
        lines.append(f"  {where}: {named}{amounts}")
    if resolution.status == UNRESOLVED and resolution.suggestions:
        lines.append(f"  close names: {'; '.join(resolution.suggestions)}")
    if resolution.fix:
        lines.append(f"  {resolution.fix}")
    return "\n".join(lines)


def show(answer: Answer, *, as_json: bool, brief: bool) -> None:
    """Print an answer: as JSON, as one line (`brief`), or in full; what went wrong also on standard error."""
    if answer.exit_code:
        where = f"{answer.asked.where}: " if brief and answer.asked.where not in answer.reason else ""
        say(f"perdiem: {where}{answer.reason}", err=True)
    if as_json:
        typer.echo(json.dumps(answer.record))
    elif brief:
        say(_in_one_line(answer))
    elif answer.rates:
        say(_in_full(answer))


def _in_one_line(answer: Answer) -> str:
    """A row of a batch: the place, the day, the locality, lodging and M&IE."""
    said = f"{answer.asked.said[:31]:<32}"
    if not answer.rates:
        return f"{said}{answer.record['on']}  {answer.record['status']}"
    lines = []
    for on, rate in answer.rates:
        locality = rate.locality.in_words[:35]
        lines.append(f"{said}{on}  {locality:<36}{in_dollars(rate.lodging):>9}{in_dollars(rate.mie.total):>9}")
    return "\n".join(lines)


def _in_full(answer: Answer) -> str:
    first = answer.rates[0][1]
    lines = [f"{first.locality.in_words} ({answer.reason})", ""]
    lines.append(f"{'day':<16}{'lodging ceiling':>16}{'M&IE':>10}{'first/last day':>16}")
    lines += [_day_line(on, rate) for on, rate in answer.rates] + [""]
    for tier in dict.fromkeys(rate.mie for _, rate in answer.rates):
        meals = f"breakfast {in_dollars(tier.breakfast)}, lunch {in_dollars(tier.lunch)}"
        rest = f"dinner {in_dollars(tier.dinner)}, incidental {in_dollars(tier.incidental)}"
        lines.append(f"Meals of {in_dollars(tier.total)}: {meals}, {rest}")
    for source in dict.fromkeys(rate.source for _, rate in answer.rates):
        lines += [f"Source: {source.published_as}"] if source.published_as else []
        lines.append(f"Read from: {source.name}, retrieved {source.retrieved_at}, SHA-256 {source.sha256[:12]}...")
        lines += [f"Note: {doubt}" for doubt in source.doubts]
    return "\n".join(lines)


def _day_line(on: date, rate: PerDiemRate) -> str:
    amounts = f"{in_dollars(rate.lodging):>16}{in_dollars(rate.mie.total):>10}"
    return f"{on:%a} {on}  {amounts}{in_dollars(rate.mie.first_last_day):>16}"


COLUMNS = ("place", "county", "zip", "state", "on")
WORKBOOKS = (".xlsx", ".xlsm")


def read_batch(path: Path, on: date, last: date | None) -> Iterator[Asked]:
    """The questions of a file, a row each; a row without `on` is asked of the day given.

    Rows and columns that are blank, as spreadsheets leave them behind, ask nothing. Raises InputError for a file
    that cannot be read, or whose columns are not those known.
    """
    if path.suffix.lower() in WORKBOOKS:
        yield from _of_workbook(path, on, last)
        return
    try:
        with opened(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            table = CsvTable.of(text)
            header = _header(table.names)
            for line, cells in table.every_row():
                if cells:
                    yield _asked(path, line, header, cells, on, last, table.fault(cells))
    except UnicodeDecodeError as error:
        fix = 'save it as "CSV UTF-8" or .xlsx'
        raise InputError("file.encoding", "is not text in UTF-8", where=str(path), fix=fix) from error
    except InputError as error:
        raise error.in_file(path) from None


def _of_workbook(path: Path, on: date, last: date | None) -> Iterator[Asked]:
    """The questions of a workbook's first sheet; its dates are dates, and a number in it is a ZIP."""
    from perdiem_calc.planning.tables import open_trips
    from perdiem_calc.planning.tables.read import blank_name

    table = open_trips(path, COLUMNS)
    blocks = list(table.blocks())  # which closes the workbook
    named = ["" if name == blank_name(number) else name for number, name in enumerate(table.columns, start=1)]
    try:
        header = _header(named)
    except InputError as error:
        raise error.in_file(path) from None
    for block in blocks:
        for number, cells in zip(block.index, block.itertuples(index=False, name=None), strict=True):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield _asked(path, int(number), header, texts, on, last, in_unnamed_column(header, texts))


def _text(cell: object) -> str:
    from perdiem_calc.planning.estimator.ratetable import cell_text

    if isinstance(cell, datetime) and cell.time() == time():
        return str(cell.date())
    return cell_text(cell)


def _header(cells: Sequence[str]) -> list[str]:
    """The names of the columns. Raises InputError where one is unknown or there twice, or none names a place."""
    header = [cell.strip().lower() for cell in cells]
    unknown = [name for name in header if name and name not in COLUMNS]
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if unknown:
        what = f"unknown columns: {', '.join(unknown)}"
    elif twice:
        what = f"columns that are there twice: {', '.join(twice)}"
    elif not {"place", "county", "zip"} & set(header):
        what = "no column names a place"
    else:
        return header
    raise InputError("table.columns.unknown", what, fix=f"use the columns {', '.join(COLUMNS)}")


def _asked(
    path: Path,
    line: int,
    header: Sequence[str],
    cells: Sequence[str],
    on: date,
    last: date | None,
    fault: InputError | None,
) -> Asked:
    row = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(str.strip, cells), strict=False))
    where = f"{path}, line {line}"
    return Asked(where, row["place"], row["county"], row["zip"], row["state"], row["on"] or on, last, line, fault)
