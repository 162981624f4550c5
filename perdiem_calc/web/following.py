"""What follows from an answer until a person says otherwise: the stop from the course and the trip.

>>> draft = {"course": {"place": {"city": "Orlando", "state": "FL"}}, "trip": {"departed_at": "2026-10-04T12:30",
...          "returned_at": "2026-10-09"}}
>>> follow(draft, {})["trip"]["stops"][0]["arrived_on"]
'2026-10-04'
"""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal, InvalidOperation
from typing import Any

from perdiem_calc.claims.model import SCHEMA
from perdiem_calc.web.answers import Draft, day_in, get, put
from perdiem_calc.web.nights import is_commuter

COURSE_TITLE, COURSE_HOURS = "NASRO Basic School Resource Officer Course", 40


def started(draft: Draft, claim_id: str, today: str) -> Draft:
    """A new draft with what every claim of the program has."""
    draft = deepcopy(draft)
    for path, value in (
        ("schema", SCHEMA),
        ("claim_id", claim_id),
        ("kind", "original"),
        ("prepared_on", today),
        ("course.title", COURSE_TITLE),
        ("course.hours", COURSE_HOURS),
    ):
        if get(draft, path) is None:
            put(draft, path, value)
    return follow(draft, {})


def follow(draft: Draft, before: Draft) -> Draft:
    """A copy of a draft in which the only stop follows the course's place and the trip's ends, as it did before.

    A stop that a person changed stays as it is; what was paid before is the sum of the payments that are named.
    """
    draft = deepcopy(draft)
    stops = get(draft, "trip.stops") or []
    old, new = _stop(before), _stop(draft)
    if not stops:
        if new:
            put(draft, "trip.stops", [new])
    elif len(stops) == 1 and isinstance(stops[0], dict):
        for name in ("place", "arrived_on", "departed_on"):
            if name in new and stops[0].get(name) in (None, old.get(name)):
                stops[0][name] = deepcopy(new[name])
    payments = draft.get("previous_claims")
    if payments:
        total = _sum(payments)
        if total is not None:
            draft["previously_reimbursed"] = f"{total:.2f}"
    elif before.get("previous_claims"):
        draft.pop("previously_reimbursed", None)
        draft.pop("previous_claims", None)
    return draft


def _stop(draft: Draft) -> dict[str, Any]:
    """The stop that the course and the trip speak of, as far as they do."""
    place = get(draft, "course.place")
    first = day_in(get(draft, "trip.departed_at"))
    last = day_in(get(draft, "trip.returned_at"))
    if is_commuter(draft):
        first = last = day_in(get(draft, "course.starts_on")) or first
    if first and last and last < first:
        first = last = None
    found = {"place": place, "arrived_on": first and first.isoformat(), "departed_on": last and last.isoformat()}
    return {name: value for name, value in found.items() if value}


def _sum(payments: list[Any]) -> Decimal | None:
    try:
        return sum((Decimal(str(one["amount"])) for one in payments), Decimal("0.00"))
    except (KeyError, TypeError, InvalidOperation):
        return None


def new_claim_id(draft: Draft, today: str, taken: set[str]) -> str:
    """A number for a new claim: the year, the course's city, and the first free number.

    >>> new_claim_id({"course": {"place": {"city": "Orlando"}}}, "2026-10-20", {"2026-ORLANDO-01"})
    '2026-ORLANDO-02'
    """
    city = "".join(filter(str.isalnum, str(get(draft, "course.place.city") or "claim"))).upper()[:12]
    city = city if city.isascii() and city else "CLAIM"
    number = 1
    while (name := f"{today[:4]}-{city}-{number:02}") in taken:
        number += 1
    return name


def again(draft: Draft, claim_id: str, today: str) -> Draft:
    """A claim that was sent and withdrawn: everything again, under a number of its own, not yet certified."""
    draft = deepcopy(draft) | {"claim_id": claim_id, "prepared_on": today}
    for path in ("submitted_on", "received_on", "signatures"):
        put(draft, path, None)
    return draft


def corrected(draft: Draft, claim_id: str, today: str) -> Draft:
    """A correction of a claim that was sent, which takes its place."""
    return again(draft, claim_id, today) | {"kind": "corrected", "replaces": draft.get("claim_id")}


COPIED = ("agency", "award", "course.title", "course.hours", "course.place", "course.starts_on", "course.ends_on")
"""What the claims of an agency for one course have in common."""


def copied(draft: Draft) -> Draft:
    """What a new claim of the same agency begins with."""
    fresh: Draft = {}
    for path in (*COPIED, "course.class_id", "course.host", "trip.departed_at", "trip.returned_at"):
        put(fresh, path, deepcopy(get(draft, path)))
    put(fresh, "trip.official_station", deepcopy(get(draft, "trip.official_station")))
    return fresh
