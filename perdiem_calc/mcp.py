"""`perdiem mcp`: the same functions for chat programs, over standard input and output (Model Context Protocol).

Every tool reads; `build_claim` and `audit_file`, which are there only where a folder was named, reach nothing outside
it, and replace nothing. A place that cannot be priced is an answer with its `status`; what the caller got wrong is a
tool error that says how to fix it. Amounts are decimal strings, dollars.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, ParamSpec, TypeVar, cast

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field
from typing_extensions import TypedDict

from perdiem_calc import __version__
from perdiem_calc.checks.auditor import audit
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, PerdiemError, RateUnavailable
from perdiem_calc.files import content_of
from perdiem_calc.rates.model import MieTier, PerDiemRate, fiscal_year
from perdiem_calc.rates.places import AMBIGUOUS, OCONUS, RESOLVED, Locality, Resolution, parse_place, state_code
from perdiem_calc.rates.places.names import OCONUS_STATES
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rates.sources import Rates, open_rates
from perdiem_calc.review.explanation import explain
from perdiem_calc.rules.itemize import ItemizedClaim, as_record, itemize
from perdiem_calc.rules.law import load_law

P = ParamSpec("P")
T = TypeVar("T")

INSTRUCTIONS = (
    "GSA per diem rates and the NASRO course's travel claims. Amounts are US dollars as decimal strings; dates are "
    "ISO 8601. Where status is not 'resolved', tell the user the reason and the fix; never assume a rate."
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
MOST_SITES = 60
"""So many places are compared at once."""

Status = Literal["resolved", "ambiguous", "not_found", "outside_conus", "not_published"]
STATUSES: dict[str, Status] = {RESOLVED: "resolved", AMBIGUOUS: "ambiguous", OCONUS: "outside_conus"}
PlaceText = Annotated[str, Field(description='Like "Orlando, FL", "Orange County, FL" or a ZIP.')]
Fields = dict[str, Any]


class Found(TypedDict):
    """What a place comes to on a day."""

    status: Status
    reason: str
    fix: NotRequired[str]
    locality: NotRequired[Fields]
    candidates: NotRequired[list[Fields]]
    suggestions: NotRequired[list[str]]


class Amounts(TypedDict, total=False):
    """What a night and a day are worth, and where that is published."""

    lodging: str
    mie: str
    first_last_day: str
    meals: dict[str, str]
    source: Fields


class Rate(Found, Amounts):
    """The rate of a place on a day."""


class OfState(TypedDict):
    """The localities of a state in a fiscal year; whatever lies in none has the standard rate."""

    status: Status
    state: str
    fiscal_year: int
    localities: list[Fields]
    source: Fields


class Tiers(TypedDict):
    """The M&IE tiers of a fiscal year."""

    fiscal_year: int
    tiers: list[dict[str, str]]
    source: Fields


class Trip(TypedDict):
    """What a trip may cost at most."""

    status: Status
    reason: str
    total: NotRequired[str]
    lodging: NotRequired[str]
    mie: NotRequired[str]
    days: NotRequired[list[Fields]]
    rates: NotRequired[list[Fields]]


class Sites(TypedDict):
    """Places in the order of what the trip costs there; those that have no rate come last."""

    sites: list[Fields]


class Checked(TypedDict):
    """An itemized claim and its findings, as `perdiem claim check --json` prints them."""

    claim: Fields
    findings: list[Fields]


class Explained(TypedDict):
    """The sentences that explain a line."""

    sentences: list[str]


class Cited(TypedDict):
    """A rule on a day."""

    rule: str
    title: str
    citation: str
    values: dict[str, str]


class Known(TypedDict):
    """What rates are known."""

    version: str
    years: list[Fields]


class Written(TypedDict):
    """A file that was written, and what it says is payable."""

    file: str
    payable: str


class Audited(TypedDict):
    """A submitted claim as audited."""

    claim_id: str
    suggested: str
    payable: str
    findings: list[Fields]


class Stop(TypedDict):
    """A place of a trip, and the day on which the traveler arrives there."""

    place: str
    arrives_on: date


@dataclass(frozen=True)
class Desk:
    """What the tools work with. `folder` is where files may be read and written; None: nowhere."""

    rates: Rates
    book: Ratebook
    law: Law
    today: Callable[[], date]
    folder: Path | None = None

    def find(self, place: str, on: date) -> tuple[Found, Locality | None]:
        """What a place comes to on a day."""
        try:
            found = self.rates.resolve_on(parse_place(place), on)
        except RateUnavailable as error:
            return {"status": "not_published", "reason": error.what, "fix": error.fix}, None
        return _found(found), found.locality

    def priced(self, place: str, on: date) -> tuple[Rate, PerDiemRate | None]:
        """The rate of a place on a day, where it has one."""
        found, locality = self.find(place, on)
        if locality is None:
            return cast("Rate", found), None
        try:
            rate = self.rates.rate(parse_place(place), on)
        except RateUnavailable as error:
            return {"status": "not_published", "reason": error.what, "fix": error.fix}, None
        return Rate(**found, **_priced(rate)), rate

    def itemized(self, claim: Fields) -> ItemizedClaim:
        """A claim's JSON, itemized."""
        return itemize(parse_claim(claim), self.rates, self.law, as_of=self.today())

    def path(self, name: str) -> Path:
        """A file below the folder. Raises InputError for one that lies outside it, by a link too."""
        folder = self.folder or Path(os.devnull)
        path = Path(os.path.realpath(folder / name)) if name.isprintable() else folder
        if not path.is_relative_to(folder) or path == folder:
            raise InputError(
                "command.file.outside",
                f"{name!r:.80} is not below the folder that was named at the start",
                where="file",
                fix="give a path relative to that folder",
            )
        return path


def _found(found: Resolution) -> Found:
    record: Found = {"status": STATUSES.get(found.status, "not_found"), "reason": found.reason}
    if found.fix:
        record["fix"] = found.fix
    if found.locality is not None:
        record["locality"] = _locality(found.locality)
    if found.candidates:
        record["candidates"] = [{"county": one.county, **_locality(one.locality)} for one in found.candidates]
    if found.suggestions:
        record["suggestions"] = [*found.suggestions]
    return record


def _locality(locality: Locality) -> Fields:
    return {"id": locality.id, "name": locality.name, "state": locality.state}


def _priced(rate: PerDiemRate) -> Amounts:
    return {
        "lodging": str(rate.lodging),
        "mie": str(rate.mie.total),
        "first_last_day": str(rate.mie.first_last_day),
        "meals": _meals(rate.mie),
        "source": {**rate.source.as_record(), "doubts": [*rate.source.doubts]},
    }


def _meals(tier: MieTier) -> dict[str, str]:
    return {name: str(getattr(tier, name)) for name in ("breakfast", "lunch", "dinner", "incidental")}


def _moment(text: str, usual: time, where: str) -> datetime:
    """A day, or a day with its time. Raises InputError for another text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            "command.date.invalid", f"{text!r:.40} is not a date", where=where, fix="write 2026-10-04"
        ) from None
    return datetime.combine(moment.date(), moment.time() if "T" in text or " " in text else usual)


def _trip(desk: Desk, station: str, stops: list[Stop], departs: str, returns: str, meals: list[Fields]) -> Trip:
    """A trip at the ceiling of each night, by the itemizer: a claim of which only the travel counts."""
    leaves, comes = _moment(departs, time(6), "departs"), _moment(returns, time(18), "returns")
    if leaves.date() == comes.date() and "T" not in departs + returns:
        raise InputError(
            "command.date.invalid",
            "a trip of one day needs its hours: per diem begins above 12",
            where="departs",
            fix="write 2026-10-04T06:00",
        )
    days = [stop["arrives_on"] for stop in stops] + [comes.date()]
    if not stops or days != sorted(days) or days[0] < leaves.date():
        raise InputError(
            "command.stops.invalid",
            "the stops are not in the order of travel, from the departure to the return",
            where="stops",
            fix="give each place with the day of arrival there, at least one",
        )
    ends = days[1:]
    lodging, rates = [], []
    for stop, end in zip(stops, ends, strict=True):
        night = stop["arrives_on"]
        record, rate = desk.priced(stop["place"], night)
        if rate is None:
            return {"status": record["status"], "reason": f"{stop['place']}: {record['reason']}"}
        rates.append({"place": stop["place"], "on": str(night), **_priced(rate)})
        while night < end:
            price = desk.rates.rate(parse_place(stop["place"]), night).lodging
            lodging.append({"night": str(night), "room_rate": str(price), "tax": "0.00", "receipt": "planned"})
            night = date.fromordinal(night.toordinal() + 1)
    claim = {
        "schema": "perdiem-claim/1",
        "claim_id": "PLANNED",
        "prepared_on": str(comes.date()),
        "agency": {"name": "planned", "remit_to": "planned", "contact": {"name": "planned"}},
        "award": {"number": "planned", "letter_date": str(leaves.date())},
        "officer": {"name": "planned", "sro_hired_on": str(leaves.date())},
        "course": {
            "title": "NASRO Basic SRO Course",
            "hours": 40,
            "place": _place(stops[0]["place"]),
            "starts_on": str(leaves.date()),
            "ends_on": str(comes.date()),
        },
        "trip": {
            "official_station": _place(station),
            "departed_at": leaves.isoformat(timespec="minutes"),
            "returned_at": comes.isoformat(timespec="minutes"),
            "stops": [
                {"place": _place(stop["place"]), "arrived_on": str(stop["arrives_on"]), "departed_on": str(end)}
                for stop, end in zip(stops, ends, strict=True)
            ],
        },
        "lodging": lodging,
        "furnished_meals": meals,
    }
    lines = [line for line in desk.itemized(claim).lines if line.group in ("lodging", "mie")]
    sums = {group: sum(line.amount_allowed for line in lines if line.group == group) for group in ("lodging", "mie")}
    return {
        "status": "resolved",
        "reason": "each night at its ceiling without tax; transportation and other costs are not in it",
        "total": f"{sum(sums.values()):.2f}",
        "lodging": f"{sums['lodging']:.2f}",
        "mie": f"{sums['mie']:.2f}",
        "days": [
            {"on": str(line.on), "what": line.group, "allowed": str(line.amount_allowed), "why": line.reason}
            for line in lines
        ],
        "rates": rates,
    }


def _place(text: str) -> Fields:
    place = parse_place(text)
    parts = {"city": place.city, "state": place.state, "county": place.county, "zip": place.zip}
    return {name: part for name, part in parts.items() if part}


def _told(tool: Callable[P, T]) -> Callable[P, T]:
    """What the caller got wrong is a tool error, in the words of the program."""

    @wraps(tool)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return tool(*args, **kwargs)
        except PerdiemError as error:
            raise ToolError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - whoever waits for an answer gets a sentence, not our code
            kind = type(error).__name__
            raise ToolError(f"the program failed ({kind}), and this is its fault, not yours; ask otherwise") from None

    return told


class Tools(Desk):
    """The tools: each method is one, and its docstring is what the chat program reads."""

    def resolve_place(self, place: PlaceText, on: date) -> Found:
        """Find the per diem locality of a place on a day."""
        return self.find(place, on)[0]

    def rate(self, place: PlaceText, on: date) -> Rate:
        """Look up the lodging ceiling a night and M&IE a day of a place on a day, with the published source."""
        return self.priced(place, on)[0]

    def rates_of_state(self, state: str, on: date) -> OfState:
        """List the localities of a state with their rates on a day."""
        code = state_code(state)
        if code is None:
            raise InputError(
                "place.state.unknown", f"{state!r:.40} is not a state", fix="write it like FL or Florida"
            )
        year = fiscal_year(on)
        found = []
        for locality in self.book.localities(year):
            if locality.state == code:
                one = self.book.rate(locality, on)
                covers = self.book.listed(locality.id, year).covers
                amounts = {"lodging": str(one.lodging), "mie": str(one.mie.total)}
                found.append({**_locality(locality), "counties": covers, **amounts})
        return {
            "status": "outside_conus" if code in OCONUS_STATES else "resolved",
            "state": code,
            "fiscal_year": year,
            "localities": found,
            "source": self.book.source(year).as_record(),
        }

    def mie_breakdown(self, year: Annotated[int, Field(description="A fiscal year, like 2027.")]) -> Tiers:
        """List the M&IE tiers of a fiscal year by meal, and what the first and the last day of travel earn."""
        tiers = [
            {"total": str(one.total), **_meals(one), "first_last_day": str(one.first_last_day)}
            for one in self.book.tiers(year)
        ]
        return {"fiscal_year": year, "tiers": tiers, "source": self.book.source(year).as_record()}

    def estimate_trip(
        self,
        official_station: PlaceText,
        stops: list[Stop],
        departs: str,
        returns: str,
        furnished_meals: list[Fields] | None = None,
    ) -> Trip:
        """Estimate lodging at the ceiling and M&IE of a trip. A furnished meal: {"date": ..., "lunch": "host"}."""
        return _trip(self, official_station, stops, departs, returns, furnished_meals or [])

    def compare_sites(self, official_station: PlaceText, places: list[str], departs: str, returns: str) -> Sites:
        """Rank places by what the same trip costs there, the cheapest first."""
        if not 0 < len(places) <= MOST_SITES:
            raise InputError(
                "command.sites.too-many", f"{len(places)} places", where="places", fix=f"give 1 to {MOST_SITES}"
            )
        on = _moment(departs, time(6), "departs").date()
        trips: list[Fields] = [
            {"place": one, **_trip(self, official_station, [{"place": one, "arrives_on": on}], departs, returns, [])}
            for one in places
        ]
        return {"sites": sorted(trips, key=lambda one: (("total" not in one), float(one.get("total", 0))))}

    def claim_schema(self) -> Fields:
        """Get the JSON Schema of a claim, for check_claim."""
        return Claim.model_json_schema(by_alias=True)

    def check_claim(self, claim: Fields) -> Checked:
        """Itemize a claim and say what a reviewer would ask."""
        itemized = self.itemized(claim)
        findings = audit(itemized, self.rates, self.law)
        return {"claim": as_record(itemized), "findings": [one.as_record() for one in findings]}

    def explain_line(
        self, claim: Fields, line: Annotated[str, Field(description="Like N1, T1, D1, E1 or CAP.")]
    ) -> Explained:
        """Explain how the amount of a claim's line comes about: the rate, each step, the rule, its citation."""
        return {"sentences": [*explain(self.itemized(claim), line, self.law)]}

    def cite_rule(self, rule: Annotated[str, Field(description="Like lodging-ceiling.")], on: date) -> Cited:
        """Cite a rule, with its values, as in force on a day of travel."""
        known = self.law.rules.get(rule)
        if known is None:
            raise InputError(
                "command.rule.unknown",
                f"{rule!r:.60} is not a rule",
                where="rule",
                fix=f"choose one of {', '.join(self.law.rules)}",
            )
        values = {name: str(value.on(on)) for name, value in known.values.items()}
        return {"rule": rule, "title": known.title, "citation": known.citation.on(on), "values": values}

    def data_status(self) -> Known:
        """Say which fiscal years are known, and from which published documents."""
        years: list[Fields] = [
            {
                "fiscal_year": year.fiscal_year,
                "localities": year.localities,
                "sources": [{**one.document.as_record(), "retrieved_at": one.retrieved_at} for one in year.sources],
            }
            for year in self.book.status()
        ]
        return {"version": __version__, "years": years}

    def build_claim(
        self, claim: Fields, file: Annotated[str, Field(description="A new .xlsx in the folder.")]
    ) -> Written:
        """Write a claim's Excel workbook into the folder; nothing is replaced."""
        from perdiem_calc.workbook.writing.write import write_claim

        path, itemized = self.path(file), self.itemized(claim)
        write_claim(path, itemized, self.rates, self.law)
        return {"file": str(path.relative_to(self.folder or path)), "payable": str(itemized.totals.payable)}

    def audit_file(self, file: Annotated[str, Field(description="A workbook or JSON in the folder.")]) -> Audited:
        """Audit a submitted claim: what is payable, what is not, and why."""
        from perdiem_calc.auditing.intake import examine, take

        path = self.path(file)
        content_of(path)
        audited = examine(take(path, self.rates, self.law, self.today()), self.rates, self.law)
        return {
            "claim_id": audited.claim_id,
            "suggested": audited.suggested,
            "payable": str(audited.payable),
            "findings": [one.as_record() for one in audited.findings],
        }


READING = (
    Tools.resolve_place,
    Tools.rate,
    Tools.rates_of_state,
    Tools.mie_breakdown,
    Tools.estimate_trip,
    Tools.compare_sites,
    Tools.claim_schema,
    Tools.check_claim,
    Tools.explain_line,
    Tools.cite_rule,
    Tools.data_status,
)


def server(tools: Tools) -> MCPServer[Any]:
    """The server with its tools; those on files only where there is a folder."""
    made: MCPServer[Any] = MCPServer("perdiem", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR")
    offered: list[tuple[Any, ToolAnnotations]] = [(tool, READS) for tool in READING]
    if tools.folder is not None:
        offered += [(Tools.build_claim, WRITES), (Tools.audit_file, READS)]
    for tool, kind in offered:
        made.add_tool(_told(getattr(tools, tool.__name__)), annotations=kind)
    return made


def serve(source: str, folder: Path | None) -> None:
    """Serve on standard input and output until it ends. Raises InputError for a folder that is none."""
    if folder is not None and not folder.is_dir():
        raise InputError("folder.missing", "is no folder", where=str(folder), fix="name one that is there")
    rates, book = open_rates(source), Ratebook.open()
    where = Path(os.path.realpath(folder)) if folder is not None else None
    server(Tools(rates, book, load_law(), date.today, where)).run("stdio")
