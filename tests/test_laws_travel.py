"""Clauses of the travel rules that hold for every claim: shares, credits, the authorized way, home, words, hours."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Severity, questioned
from perdiem_calc.claims.trip import elapsed_hours
from perdiem_calc.money import ZERO
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.law import load_law
from tests.support.case_files import claim_of
from tests.support.strategies import FEWER, book, claims, dollars, itemized, perhaps

Record = dict[str, Any]


# --- shared rooms ---------------------------------------------------------------------------------------------------


@FEWER
@given(
    st.integers(2, 7),
    dollars(0, 200000),
    dollars(0, 40000),
    dollars(0, 2000),
    st.lists(st.tuples(st.sampled_from(["N1", "T1"]), dollars(1, 30000)), max_size=2),
)
def test_the_shares_of_a_room_and_of_its_tax_never_exceed_the_bill(
    sharers: int, room: str, tax: str, flat_tax: str, refunds: list[tuple[str, str]]
) -> None:
    """Each officer states the whole bill, and who refunded what; together they are paid no more than it came to."""
    night = {"room_rate": room, "tax": tax, "flat_tax": flat_tax, "sharers": str(sharers)}
    credits = [{"source": "hotel", "amount": amount, "line": line} for line, amount in refunds]
    result = itemized(claim_of({"lodging": [night], "claim": {"credits": credits}}))
    stayed = {"N1": Decimal(room), "T1": Decimal(tax) + Decimal(flat_tax)}
    for line, cost in stayed.items():
        refunded = sum((Decimal(amount) for name, amount in refunds if name == line), ZERO)
        assert sharers * result.line(line).amount_claimed <= max(ZERO, cost - refunded)
        assert sharers * result.line(line).amount_allowed <= max(ZERO, cost - refunded)


# --- credits --------------------------------------------------------------------------------------------------------


@FEWER
@given(claims())
def test_no_line_is_paid_more_than_its_cost_less_its_credits(claim: Record) -> None:
    result = itemized(claim)
    named: dict[str, Decimal] = {}
    for credit in claim["credits"]:
        named[credit["line"]] = named.get(credit["line"], ZERO) + Decimal(credit["amount"])
    own = {f"E{number}": Decimal(expense["credit"]) for number, expense in enumerate(claim["expenses"], start=1)}
    shown = {  # by a receipt, which is evidence of the cost
        f"E{number}": Decimal(expense["receipt_total"])
        for number, expense in enumerate(claim["expenses"], start=1)
        if expense["receipt_total"] is not None
    }
    for line in result.lines:
        if line.group in ("lodging", "lodging_tax", "mie", "transportation", "other") and line.id != "POV":
            credited = named.get(line.id, ZERO) + own.get(line.id, ZERO)
            assert line.credit == min(credited, line.cost_stated, shown.get(line.id, line.cost_stated))
            assert line.amount_allowed <= line.cost_stated - line.credit


@FEWER
@given(claims(), st.data(), dollars(1, 90000))
def test_a_credit_never_raises_what_is_paid(claim: Record, data: st.DataObject, amount: str) -> None:
    lines = {"N": len(claim["lodging"]), "T": len(claim["lodging"]), "E": len(claim["expenses"])}
    names = [None, *(f"{kind}{number}" for kind, count in lines.items() for number in range(1, count + 1))]
    credit = {"source": "hotel", "amount": amount, "line": data.draw(st.sampled_from(names))}
    before, after = itemized(claim).totals, itemized(claim | {"credits": [*claim["credits"], credit]}).totals
    assert after.allowable <= before.allowable
    assert before.allowable - after.allowable <= Decimal(amount) + before.lodging_tax
    assert after.payable <= before.payable


# --- another way of travel ------------------------------------------------------------------------------------------

COURSE = ("Orlando, FL", date(2026, 10, 5), date(2026, 10, 9))


@st.composite
def _meals(draw: st.DrawFn, first: date) -> Record:
    """A furnished meal on each of three days."""
    return {
        f"{first + timedelta(days=n)}": {meal: draw(st.sampled_from(["host", "hotel"]))}
        for n, meal in enumerate(draw(st.permutations(["breakfast", "lunch", "dinner"])))
    }


@st.composite
def _drives(draw: st.DrawFn) -> tuple[Record, Record]:
    """A claim of a drive that states the authorized way's cost, and one of that way: at the course stop alone, flown.

    Without times, so that both trips are of 24 hours or more.
    """
    place, first, last = COURSE
    out, home = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    departed, returned = first - timedelta(days=out), last + timedelta(days=home)
    stops = [f"{place} {first} to {last}"]
    if out:
        stops.insert(0, f"Moody, AL {departed} to {first} en route")
    if home:
        stops.append(f"Atlanta, GA {last} to {returned} en route")
    nights = {
        departed + timedelta(days=n): {"room_rate": draw(dollars(0, 40000)), "tax": draw(dollars(0, 5000))}
        for n in range((returned - departed).days)
    }
    meals = draw(_meals(first))
    cost, miles = draw(dollars(1, 90000)), draw(st.integers(1, 2000))
    drive = {
        "category": "pov_mileage",
        "miles": str(miles),
        "comparable_cost": cost,
        "description": "round trip",
        "credit": draw(dollars(0, miles * 76)),  # at most what the drive cost, at 0.76 a mile
    }
    others = [
        {"category": draw(st.sampled_from(["parking", "tolls", "baggage"])), "amount": draw(dollars(1, 7500))}
        for _ in range(draw(st.integers(0, 2)))
    ]
    driven = claim_of(
        {
            "trip": f"{departed} to {returned}",
            "stops": stops,
            "meals": meals,
            "lodging": list(nights.values()),
            "expenses": [drive, *others],
        }
    )
    flown = claim_of(
        {
            "trip": f"{first} to {last}",
            "stops": [f"{place} {first} to {last}"],
            "meals": meals,
            "lodging": [night for on, night in nights.items() if first <= on < last],
            "expenses": [{"category": "airfare", "amount": cost, "receipt": "R2"}],
        }
    )
    return driven, flown


@FEWER
@given(_drives())
def test_a_trip_by_another_way_costs_no_more_than_the_authorized_way(trips: tuple[Record, Record]) -> None:
    driven, flown = trips
    without = copy.deepcopy(driven)
    without["expenses"][0]["comparable_cost"] = None
    paid, alone, authorized = (itemized(claim).totals.allowable for claim in (driven, without, flown))
    assert paid == min(alone, authorized)


@FEWER
@given(claims(), st.data(), dollars(0, 90000))
def test_stating_what_the_authorized_way_would_have_cost_never_raises_what_is_paid(
    claim: Record, data: st.DataObject, cost: str
) -> None:
    drives = [e for e in claim["expenses"] if e["category"] in ("pov_mileage", "rental_car")]
    assume(drives)
    stated = copy.deepcopy(claim)
    index = claim["expenses"].index(data.draw(st.sampled_from(drives)))
    for expense in stated["expenses"]:
        expense.pop("comparable_cost", None)
    without = copy.deepcopy(stated)
    stated["expenses"][index]["comparable_cost"] = cost
    before, after = itemized(without), itemized(stated)
    assert after.totals.allowable <= before.totals.allowable
    assert [line for line in after.lines if line.id[0] in "NTDE"] == [
        line for line in before.lines if line.id[0] in "NTDE"
    ]


# --- nights at home -------------------------------------------------------------------------------------------------


@FEWER
@given(claims(), st.data())
def test_a_night_at_home_never_earns_mie(claim: Record, data: st.DataObject) -> None:
    """However it is shown: by its entry, or by a drive home on its evening and one from home on the next morning."""
    days = sorted(day.on for day in itemized(claim).days)
    assume(len(days) > 1 and not claim["trip"].get("day_trips"))
    night = data.draw(st.sampled_from(days[:-1]))
    claim = copy.deepcopy(claim)
    claim["lodging"] = [entry for entry in claim["lodging"] if entry["night"] != f"{night}"]
    if data.draw(st.booleans()):
        claim["lodging"].append({"night": f"{night}", "type": "own_home"})
    else:
        drive = {"category": "pov_mileage", "miles": "10", "receipt": None}
        claim["expenses"] = [
            expense for expense in claim["expenses"] if expense["category"] not in ("airfare", "rail_bus")
        ]
        claim["expenses"] += [
            drive | {"date": f"{night}", "from": "the course", "to": "Home"},
            drive | {"date": f"{night + timedelta(days=1)}", "from": "the office", "to": "the course"},
        ]
    claim["credits"] = []
    result = itemized(claim)
    earned = {line.on: line.amount_allowed for line in result.lines if line.group == "mie"}
    assert (earned[night], earned[night + timedelta(days=1)]) == (ZERO, ZERO)


@FEWER
@given(claims())
def test_nothing_is_paid_for_staying_in_the_city_of_the_station(claim: Record) -> None:
    claim = copy.deepcopy(claim)
    place = claim["course"]["place"]
    claim["trip"]["official_station"] = place | {"city": place["city"].upper()}
    claim["trip"].pop("station_approval", None)
    for stop in claim["trip"]["stops"]:  # each counts at the rates of its own place
        stop["place"] = dict(place)
    totals = itemized(claim).totals
    assert (totals.lodging, totals.lodging_tax, totals.mie) == (ZERO, ZERO, ZERO)


# --- text -----------------------------------------------------------------------------------------------------------

EXCUSES = ("lost", "none", "visited family", "approved by NASRO on 2026-09-01", "receipt 4471", "it was necessary")
DISALLOWING = ("optional", "prepaid fuel", "personal accident insurance", "hotel room", "a fine", "beer", "SUV")
"""Words that a rule names: they may lower what is paid, never raise it."""


def _say(claim: Record, texts: Iterator[str | None]) -> Record:
    """The claim with other texts where it explains itself: descriptions, justifications, reasons, explanations."""
    claim = copy.deepcopy(claim)
    claim["trip"]["extra_night_reason"] = next(texts)
    if claim["trip"].get("station_approval"):
        claim["trip"]["station_approval"]["reason"] = next(texts)
    for night in claim["lodging"]:
        if night.get("approval"):
            night["approval"]["reason"] = next(texts)
    for expense in claim["expenses"]:
        expense |= {"description": next(texts), "justification": next(texts)}
    answer = next(texts)
    claim["explanations"] = {"extra-night": answer} if answer else {}
    return claim


def _nothing() -> Iterator[None]:
    while True:
        yield None


def _drawn(data: st.DataObject, words: tuple[str, ...]) -> Iterator[str | None]:
    while True:
        yield data.draw(perhaps(st.sampled_from(words)))


def _questions(result: ItemizedClaim) -> dict[tuple[str, tuple[str, ...]], Severity]:
    """What is questioned above information, by check and field, with the severity."""
    found: tuple[Finding, ...] = questioned(audit(result, book(), load_law()))
    above = [finding for finding in found if finding.severity > Severity.INFO]
    return {(finding.check, finding.where.paths): finding.severity for finding in above}


@FEWER
@given(claims(), st.data())
def test_text_never_raises_what_is_paid_and_closes_no_review(claim: Record, data: st.DataObject) -> None:
    silent, explained = itemized(_say(claim, _nothing())), itemized(_say(claim, _drawn(data, EXCUSES)))
    assert explained.totals == silent.totals
    of_silent, of_explained = _questions(silent), _questions(explained)
    for where, severity in of_silent.items():
        # An approval without a reason is questioned for that alone
        assert where[0] == "justification-empty" or of_explained[where] >= severity, where


@FEWER
@given(claims(), st.data())
def test_words_that_a_rule_names_never_raise_what_is_paid(claim: Record, data: st.DataObject) -> None:
    silent, told = itemized(_say(claim, _nothing())), itemized(_say(claim, _drawn(data, DISALLOWING)))
    for before, after in zip(silent.lines, told.lines, strict=False):
        if before.id == after.id and before.group != "cap":
            assert after.amount_allowed <= before.amount_allowed
    assert told.totals.allowable <= silent.totals.allowable


# --- hours ----------------------------------------------------------------------------------------------------------

CENTRAL = ZoneInfo("America/Chicago")
MINUTE = timedelta(minutes=1)


@FEWER
@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2029, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 60 * 24 * 400),
)
def test_elapsed_hours_are_those_of_a_clock_that_never_changes(start: datetime, minutes: int) -> None:
    """Held against the time zone database; an hour that the clocks skip in spring is no time of day."""
    end = start + minutes * MINUTE
    aware = [at.replace(tzinfo=CENTRAL) for at in (start, end)]
    assume(
        all(
            at.astimezone(ZoneInfo("UTC")).astimezone(CENTRAL).replace(tzinfo=None) == at.replace(tzinfo=None)
            for at in aware
        )
    )
    elapsed = aware[1].astimezone(ZoneInfo("UTC")) - aware[0].astimezone(ZoneInfo("UTC"))
    assert elapsed_hours(start, end, changes_clocks=True) == Decimal(elapsed // MINUTE) / 60
    assert elapsed_hours(start, end, changes_clocks=False) == Decimal(minutes) / 60
