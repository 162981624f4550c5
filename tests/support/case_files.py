"""The cases of tests/cases/*.yaml: what a clerk writes there, made into a claim.

A file is a list of cases. Every value is text, as it stands; amounts are dollars. A case holds

``case``         a sentence that a travel clerk can check: the name of the test
``trip``         "2026-10-04 12:30 to 2026-10-09 18:45", or without times; the week in Orlando when left out
``at``           the place of the course, where the officer stays the whole trip: "Orlando, FL"
``stops``        instead of ``at``, a list like "Chicago, IL 2026-10-04 to 2026-10-06", maybe ending in "en route"
``rooms``        "159.00 + 19.88": every night's room and tax; or ``lodging``, an entry a night, in order or dated
``meals``        by day, who furnished which meal; {} says that none was, and so does a case that expects questions
``expenses``     the fields of CLAIM.md; a date left out is the day of departure
``claim``        any other field of a claim
``law``          a setting of the programme, set otherwise
``as_of``        the day that decides what lies in the future

and what must come out, derived by hand from the rules and the rate tables:

``expect``       the allowed amount of a line or total; "145.00 of 159.00" states the claimed amount too; ``days``,
                 ``nights`` and ``taxes`` list those lines' amounts in order
``because``      the checks that reduced a line, in order ("nothing" where none did)
``cites``        the citation of a line
``blocked``      the checks that bar the claim; left out, nothing may
``refused``      the claim cannot be read, and the message holds these words
``no_rate``      a rate or place cannot be had (exit 3), and the message holds these words
``contradicts``  the claim contradicts itself (exit 2), and the message holds these words
``at_most``      totals that may not be exceeded

and what the checks must find:

``asks``         exactly the checks above information, in the order of the catalogue, each with its severity
``finds``        checks that must be among those questioned, maybe with the severity: "laundry review"
``finds_not``    checks that must not be
``least``        a finding of this severity or above
``review_on``    a field, or the beginning of one, that a finding above information is about
``says``         by check, a pattern that its message matches, whatever the case; "any" is any check
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from perdiem_calc.claims.model import AttachmentItem
from perdiem_calc.dated import Dated, Entry, Law

FOLDER = Path(__file__).parents[1] / "cases"
FILES = (
    "mileage",
    "rates",
    "trips",
    "meals",
    "lodging",
    "expenses",
    "programme",
    "borders",
    "away",
    "evidence",
    "limits",
)
INPUTS = {"trip", "at", "stops", "rooms", "lodging", "meals", "expenses", "claim", "law", "as_of"}
AMOUNTS = {"expect", "because", "cites", "blocked", "refused", "no_rate", "contradicts", "at_most"}
QUESTIONS = {"asks", "finds", "finds_not", "least", "review_on", "says"}
OUTCOMES = AMOUNTS | QUESTIONS
COUNTS = {"hours", "sharers", "round_trips", "passengers"}
WEEK = "2026-10-04 12:30 to 2026-10-09 18:45"
YES_OR_NO = {"true": True, "false": False, "null": None}

Case = dict[str, Any]


def read(name: str) -> Any:
    """What a file of tests/cases holds; every scalar as text, just as it is written."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only


def all_cases() -> Iterator[tuple[str, Case]]:
    """Every case, with the name of its file."""
    for name in FILES:
        for case in cast(list[Case], read(name)):
            unknown = case.keys() - INPUTS - OUTCOMES - {"case"}
            if unknown or not case.keys() & OUTCOMES:
                raise ValueError(f"{name}: {case.get('case')}: check {sorted(unknown) or 'what is expected'}")
            yield name, case


def claim_of(case: Case) -> dict[str, Any]:
    """The claim of a case, as JSON would state it: complete and signed, so that nothing else bars it."""
    departed_at, _, returned_at = case.get("trip", WEEK).partition(" to ")
    departed_on, returned_on = date.fromisoformat(departed_at[:10]), date.fromisoformat(returned_at[:10])
    nights = [departed_on + timedelta(days=n) for n in range((returned_on - departed_on).days)]
    stops = case.get("stops") or [f"{case.get('at', 'Orlando, FL')} {departed_on} to {returned_on}"]
    claim: dict[str, Any] = {
        "schema": "perdiem-claim/1",
        "claim_id": "CASE-1",
        "prepared_on": f"{returned_on + timedelta(days=11)}",
        "agency": {
            "name": "Jacksonville Police Department",
            "remit_to": "Jacksonville, IL",
            "contact": {"name": "Finance"},
        },
        "award": {"number": "15JCOPS-25-GG-01234-UHPX", "letter_date": f"{departed_on - timedelta(days=90)}"},
        "officer": {"name": "Jordan Reyes", "sro_hired_on": f"{departed_on - timedelta(days=60)}"},
        "course": {
            "title": "NASRO Basic School Resource Officer Course",
            "hours": 40,
            "place": _place_of_course(stops),
            "starts_on": f"{departed_on}",
            "ends_on": f"{returned_on}",
            "completed_on": f"{returned_on}",
            "coordinated_on": f"{departed_on - timedelta(days=30)}",
        },
        "trip": {
            "official_station": {"city": "Jacksonville", "state": "IL"},
            "departed_at": departed_at.replace(" ", "T"),
            "returned_at": returned_at.replace(" ", "T"),
            "stops": [_stop(text) for text in stops],
        },
        "lodging": [
            {"night": entry.get("night") or f"{nights[number]}", "receipt": "R1"} | entry
            for number, entry in enumerate(_rooms(case, len(nights)))
        ],
        "expenses": [_expense(entry, departed_on) for entry in case.get("expenses", ())],
        "attachments": dict.fromkeys(get_args(AttachmentItem), "attached"),
        "signatures": {
            who: {"name": name, "on": f"{returned_on + timedelta(days=11)}"}
            for who, name in (("officer", "Jordan Reyes"), ("supervisor", "Lee Park"), ("fiscal", "Dana Cole"))
        },
    }
    if "meals" in case or case.keys() & QUESTIONS:
        claim["furnished_meals"] = [{"date": day} | meals for day, meals in case.get("meals", {}).items()]
    return cast(dict[str, Any], _typed(_merged(claim, case.get("claim", {}))))


def law_of(case: Case, law: Law) -> Law:
    """The law, with the settings that a case sets otherwise."""
    settings = law.rules["chp-settings"]
    changed = {
        name: Dated[object](name, (Entry(date(2019, 1, 1), None, value),))
        for name, value in case.get("law", {}).items()
    }
    return Law({**law.rules, "chp-settings": replace(settings, values={**settings.values, **changed})})


def _stop(text: str) -> dict[str, Any]:
    en_route = text.endswith(" en route")
    place, arrived_on, _, departed_on = text.removesuffix(" en route").rsplit(maxsplit=3)
    city, _, state = place.partition(", ")
    return {
        "place": {"city": city, "state": state},
        "arrived_on": arrived_on,
        "departed_on": departed_on,
        "reason": "en_route" if en_route else "course",
    }


def _place_of_course(stops: list[str]) -> dict[str, str]:
    """Orlando where a stop is there, else the place of the last stop for the course."""
    orlando = {"city": "Orlando", "state": "FL"}
    of_course: list[dict[str, str]] = [_stop(text)["place"] for text in stops if not text.endswith(" en route")]
    return orlando if orlando in of_course or not of_course else of_course[-1]


def _rooms(case: Case, nights: int) -> list[dict[str, Any]]:
    if "rooms" in case:
        room, _, tax = case["rooms"].partition(" + ")
        return [{"room_rate": room, "tax": tax or "0.00"}] * nights
    return cast(list[dict[str, Any]], case.get("lodging", []))


def _expense(entry: dict[str, Any], departed_on: date) -> dict[str, Any]:
    there_and_back = {"from": "Jacksonville, IL", "to": "Orlando, FL"} if entry["category"] == "pov_mileage" else {}
    return {"date": f"{departed_on}"} | there_and_back | entry


def _merged(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _typed(value: Any, key: str = "") -> Any:
    """The same with true, false, null and whole numbers as JSON has them."""
    if isinstance(value, dict):
        return {name: _typed(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    if value in YES_OR_NO:
        return YES_OR_NO[value]
    return int(value) if key in COUNTS and str(value).isdigit() else value
