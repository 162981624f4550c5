"""Look up a rate: any place and day, and its whole fiscal year as a table and a chart."""

from __future__ import annotations

from calendar import month_abbr
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from perdiem_calc.errors import PerdiemError, RateUnavailable
from perdiem_calc.rates.model import PerDiemRate, fiscal_year
from perdiem_calc.rates.places import Locality, Place, Resolution, parse_place
from perdiem_calc.text import capitalized
from perdiem_calc.web.answers import as_typed, read, us_day, why_unfit
from perdiem_calc.web.questions import Question
from perdiem_calc.web.site.views.claims import cities
from perdiem_calc.web.site.views.shared import desk

DAY = Question("on", "On which day?", "day", width="short")
WIDTH, HEIGHT, GAP = 48, 140, 10


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the table and the chart; the bar in units of the drawing."""

    name: str
    rate: PerDiemRate
    x: int
    height: int
    is_asked: bool

    @property
    def y(self) -> int:
        """Where the bar begins."""
        return HEIGHT - self.height + 20

    @property
    def middle(self) -> int:
        """The middle of the bar."""
        return self.x + (WIDTH - GAP) // 2

    @property
    def label_y(self) -> int:
        """Where its amount is written."""
        return self.y - 5


def rate(request: HttpRequest) -> HttpResponse:
    """The rates of a place on a day."""
    place, on, place2, on2 = (str(request.GET.get(name, "")).strip() for name in ("place", "on", "place2", "on2"))
    more: dict[str, Any] = {"place": place, "on": on or us_day(desk().today), "cities": cities(), "errors": []}
    more |= {"place2": place2, "on2": on2}
    if not place:
        return render(request, "web/rate.html", more)
    more |= _looked_up(place, on)
    if (place2 or on2) and not more["errors"]:
        other = _looked_up(place2 or place, on2 or on)
        more["errors"] = [(f"{name}2", text) for name, text in other["errors"]]
        if not other["errors"]:
            more |= {"other": other, "pairs": [*zip(more["months"], other["months"], strict=False)]}
    return render(request, "web/rate.html", more, status=422 if more["errors"] else 200)


def _looked_up(place: str, on: str) -> dict[str, Any]:
    """What a place comes to on a day as typed; without a day today."""
    if on and (why := why_unfit(DAY, on)):
        return {"errors": [("on", capitalized(why))], "on": on}
    day = date.fromisoformat(str(read(DAY, on))) if on else desk().today
    shown: dict[str, Any] = {"errors": [], "on": as_typed(day.isoformat())}
    try:
        asked = parse_place(place)
        return shown | _answer(asked, desk().rates.resolve(asked, fiscal_year(day)), day)
    except PerdiemError as error:
        return shown | {"errors": [("place", capitalized(error.said))]}


def _answer(asked: Place, found: Resolution, day: date) -> dict[str, Any]:
    if found.locality is None:
        fix = f" {capitalized(found.fix)}." if found.fix else ""
        return {
            "errors": [("place", f"{capitalized(found.reason)}.{fix}")],
            "candidates": [(one, _rate(one.locality, day)) for one in found.candidates],
            "suggestions": found.suggestions,
            "year": fiscal_year(day),
        }
    rate = desk().rates.rate(asked, day)
    return {"rate": rate, "reason": capitalized(found.reason), "year": rate.fiscal_year, "months": _year(asked, day)}


def _rate(locality: Locality, day: date) -> PerDiemRate | None:
    try:
        return desk().rates.rate(locality, day)
    except RateUnavailable:
        return None


def _year(asked: Place, day: date) -> list[Month]:
    """The twelve months of the fiscal year, as far as each has a rate."""
    year = fiscal_year(day)
    firsts = [date(year - (month >= 10), month, 1) for month in (10, 11, 12, *range(1, 10))]
    rates: list[tuple[date, PerDiemRate]] = []
    for first in firsts:
        try:
            rates.append((first, desk().rates.rate(asked, first)))
        except PerdiemError:
            continue
    highest = max((one.lodging for _, one in rates), default=None)
    return [
        Month(
            f"{month_abbr[first.month]} {first.year}",
            one,
            WIDTH * at,
            int(HEIGHT * one.lodging / highest) if highest else 0,
            (first.year, first.month) == (day.year, day.month),
        )
        for at, (first, one) in enumerate(rates)
    ]
