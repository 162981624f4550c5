"""How each program does the work. Nothing is imported before a program is loaded, so that loading can be measured.

Every look-up gives the lodging ceiling of a night and the M&IE of a full day, dollars, on `ON`; a trip gives its
total. What a program cannot do is None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tools.benchmarks.peers import LIBRARY, NIGHTS, OURS, SERVER, YEAR, Material

ON = date(2024, 1, 7)
CITY, STATE, ZIP = "Orlando", "FL", "32801"
WEEK = ("Orlando", "FL", date(2024, 1, 7))
ACROSS = ("Washington", "DC", date(2026, 9, 28))
"""Trips of five nights: city, state and day of departure; the second crosses into another fiscal year."""
SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "2026-ORL-0001.json"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Rate = tuple[float, float] | None


class Program(Protocol):
    """What is measured."""

    def by_zip(self, zip5: str) -> Rate:
        """The rate of a ZIP."""

    def by_city(self, city: str, state: str) -> Rate:
        """The rate of a city."""

    def forget(self) -> None:
        """Forget the answers given so far, but not what was read of the rates."""

    def prepare_trip(self) -> Callable[[], float]:
        """The dated trip of five nights to Orlando, ready to be priced again and again."""

    def said(self) -> dict[str, str]:
        """In words: the fiscal years it knows, what it counts money in, and the trip across fiscal years."""

    def price(self, material: Material) -> Sequence[float | None]:
        """The total of each trip."""


class PerdiemCalc:
    """This program: `Ratebook.rate`, `itemize` of a claim, `estimate` of a table."""

    def __init__(self) -> None:
        self._book = import_module("perdiem_calc.rates.ratebook").Ratebook.open()

    def by_zip(self, zip5: str) -> Rate:
        """The rate of a ZIP."""
        return self._rate(zip5)

    def by_city(self, city: str, state: str) -> Rate:
        """The rate of a city."""
        return self._rate(f"{city}, {state}")

    def _rate(self, place: str) -> Rate:
        rate = self._book.rate(place, ON)
        return float(rate.lodging), float(rate.mie.total)

    def forget(self) -> None:
        """Open the rates again: answers are remembered with them."""
        self._book = type(self._book).open()

    def prepare_trip(self) -> Callable[[], float]:
        """A claim with receipts for the five nights; each time it is read, itemized and put under the limit."""
        price, claim = self._pricing(), _claim(*WEEK)
        return lambda: float(price(claim))

    def said(self) -> dict[str, str]:
        """In words."""
        total = self._pricing()(_claim(*ACROSS))
        return {"years": _run_of(self._book.years), "money": type(total).__name__, "across": f"${total:,.2f}"}

    def _pricing(self) -> Callable[[dict[str, Any]], Any]:
        """From a claim as JSON states it to what is allowable."""
        itemize, parse = (
            import_module("perdiem_calc").itemize,
            import_module("perdiem_calc.claims.parsing").parse_claim,
        )
        law, book = import_module("perdiem_calc.rules.law").load_law(), self._book
        return lambda claim: itemize(parse(claim), book, law).totals.allowable

    def price(self, material: Material) -> Sequence[float | None]:
        """All trips as one table."""
        pandas, estimate = import_module("pandas"), import_module("perdiem_calc").estimate
        names = [f"{city}, {state}" for city, state in material.cities]
        rows = [(names[city], depart, back) for city, depart, back in material.trips]
        table = pandas.DataFrame(rows, columns=["place", "depart_on", "return_on"])
        costs = estimate(table, self._book, import_module("perdiem_calc.rules.law").load_law())
        totals: list[float | None] = costs["total"].to_list()
        return totals


class GsaPerdiemMcp:
    """gsa-perdiem-mcp: the tools of its server, called as the functions they are; rates of a whole month."""

    def __init__(self) -> None:
        self._server = import_module("gsa_perdiem_mcp.server")

    def by_zip(self, zip5: str) -> Rate:
        """The rate of a ZIP."""
        return self._rate(self._server.lookup_zip_perdiem(zip5, YEAR))

    def by_city(self, city: str, state: str) -> Rate:
        """The rate of a city."""
        return self._rate(self._server.lookup_city_perdiem(city, state, YEAR))

    def city(self, city: str, state: str, year: int) -> dict[str, Any]:
        """All that it answers for a city; where its own tables do not settle it, it would ask GSA's service."""
        return _finished(self._server.lookup_city_perdiem(city, state, year))

    @staticmethod
    def _rate(tool: Any) -> Rate:
        found = _finished(tool)
        if found.get("status") != "resolved":
            return None
        return found["lodging_by_month"][MONTHS[ON.month - 1]], found["mie_daily"]

    def forget(self) -> None:
        """It remembers no answers."""

    def prepare_trip(self) -> Callable[[], float]:
        """So many nights of a month; it takes no dates."""
        return lambda: float(self._total(*WEEK, YEAR) or 0)

    def said(self) -> dict[str, str]:
        """In words."""
        total = self._total(*ACROSS, ACROSS[2].year)
        years = self._server.snapshot.available_years()
        return {"years": _run_of(years), "money": type(total).__name__, "across": f"${total:,.2f}"}

    def _total(self, city: str, state: str, depart_on: date, year: int) -> float | None:
        month = MONTHS[depart_on.month - 1]
        found = _finished(self._server.estimate_travel_cost(city, state, NIGHTS, month, year))
        total: float | None = found.get("grand_total")
        return total

    def price(self, material: Material) -> Sequence[float | None]:
        """One trip after the other, each in the month of its departure."""
        return [
            self._total(*material.cities[index], date.fromisoformat(depart), YEAR)
            for index, depart, _ in material.trips
        ]


class Perdiem:
    """perdiem: `PerDiem.get_rates`, of which the first answer is taken, and `PerDiem.calculate_per_diem`."""

    def __init__(self) -> None:
        self._library = import_module("perdiem").PerDiem

    def by_zip(self, zip5: str) -> Rate:
        """The rate of a ZIP."""
        return self._rate(zip5)

    def by_city(self, city: str, state: str) -> Rate:
        """The rate of a city."""
        return self._rate(f"{city}, {state}")

    def _rate(self, place: str) -> Rate:
        found = self._first(place)
        return None if found is None else (found[MONTHS[ON.month - 1]], found["Meals"])

    def _first(self, place: str) -> dict[str, Any] | None:
        try:
            rates: list[dict[str, Any]] = self._library.get_rates(place)
        except ValueError:
            return None
        return rates[0]

    def forget(self) -> None:
        """It remembers no answers."""

    def prepare_trip(self) -> Callable[[], float]:
        """A look-up and a calculation, as its own example does them."""
        city, state, depart_on = WEEK
        dates = f"{depart_on}", f"{depart_on + timedelta(days=NIGHTS)}"
        return lambda: float(self._library.calculate_per_diem(self._first(f"{city}, {state}"), *dates)["total"])

    def said(self) -> dict[str, str]:
        """In words; it does not ask for a trip's year."""
        known = self._first(f"{CITY}, {STATE}") or {}
        total = self._library.calculate_per_diem(known, f"{ON}", f"{ON}")["total"]
        return {
            "years": f"{known['FiscalYear']}",
            "money": type(total).__name__,
            "across": f"no rates of {ACROSS[2].year}",
        }

    def price(self, material: Material) -> Sequence[float | None]:
        """One trip after the other; each city is looked up once, since a look-up reads its whole table."""
        rates = [self._first(f"{city}, {state}") for city, state in material.cities]
        totals: list[float | None] = []
        for index, depart, back in material.trips:
            known = rates[index]
            trip = self._library.calculate_per_diem(known, depart, back) if known else {}
            totals.append(trip.get("total"))
        return totals


def _claim(city: str, state: str, depart_on: date) -> dict[str, Any]:
    """A claim as JSON states it: the sample's officer and agency, this trip, and rooms above every ceiling."""
    claim: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    depart, back = f"{depart_on}", f"{depart_on + timedelta(days=NIGHTS)}"
    stop = {"place": {"city": city, "state": state}, "arrived_on": depart, "departed_on": back}
    claim["trip"] |= {"departed_at": depart, "returned_at": back, "stops": [stop]}
    room = {"room_rate": "600.00", "tax": "0.00", "receipt": "R1"}
    nights = [depart_on + timedelta(days=night) for night in range(NIGHTS)]
    claim["lodging"] = [{"night": f"{night}"} | room for night in nights]
    return claim | {"expenses": [], "furnished_meals": [], "mie_paid": {}}


def _run_of(years: Sequence[int]) -> str:
    return f"{years[0]} to {years[-1]}"


def _finished(tool: Any) -> dict[str, Any]:
    """What a tool of the server answers. It waits for nothing as long as it asks nobody, so no loop is needed."""
    try:
        tool.send(None)
    except StopIteration as ended:
        answer: dict[str, Any] = ended.value
        return answer
    except import_module("mcp.server.mcpserver.exceptions").ToolError:
        return {"status": "would ask GSA's service"}
    tool.close()
    raise RuntimeError("the server waits for something: is an API key set?")


PROGRAMS: dict[str, Callable[[], Program]] = {OURS: PerdiemCalc, SERVER: GsaPerdiemMcp, LIBRARY: Perdiem}
LOOKS_UP = {OURS: "perdiem_calc.rates.ratebook", SERVER: "gsa_perdiem_mcp.server", LIBRARY: "perdiem"}
"""The module that looks a rate up."""
PRICES = LOOKS_UP | {
    OURS: "perdiem_calc.rates.ratebook, perdiem_calc.rules.law, perdiem_calc.rules.itemize, "
    "perdiem_calc.claims.parsing"
}
"""The modules that price a trip."""
RATES_ALONE = "gsa_perdiem_mcp.snapshot"
"""The rates of the server without its tools."""
