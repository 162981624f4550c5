"""What a claim states: every field, the ways of writing it, and what is meant where it is left out."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args

import pytest

from perdiem_calc.claims.model import CARRIERS, TRANSPORTATION, Category, Claim, FurnishedMeals
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.claims.trip import Model
from perdiem_calc.rules.constructive import TRAVEL
from perdiem_calc.rules.expenses import BASE_RULES, NEVER
from tests.support.claim_data import DEPARTED, MILES, PREPARED, ROOM, Path, changed, complete, orlando


def test_the_complete_claim_states_every_field() -> None:
    stated: dict[type[Model], set[str]] = {}

    def look(value: object) -> None:
        if isinstance(value, Model):
            stated.setdefault(type(value), set()).update(value.model_fields_set)
            for name in type(value).model_fields:
                look(getattr(value, name))
        elif isinstance(value, tuple):
            for inner in value:
                look(inner)

    look(parse_claim(complete()))
    assert {model.__name__: set(model.model_fields) - names for model, names in stated.items()} == {
        model.__name__: set() for model in stated
    }
    assert set(stated) == set(Model.__subclasses__())


def test_the_samples_and_the_complete_claim_come_back_as_they_were_written() -> None:
    for claim in (orlando(), complete()):
        parsed = parse_claim(claim)
        assert parse_claim(parsed.model_dump(mode="json", by_alias=True)) == parsed
        assert parse_claim(parsed.model_dump(by_alias=True)) == parsed
    dumped = parse_claim(complete()).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert dumped == complete()


@pytest.mark.parametrize(
    ("path", "given", "held"),
    [
        (ROOM, "159", Decimal("159.00")),
        (ROOM, Decimal("159.00"), Decimal("159.00")),
        (ROOM, "0.00", Decimal("0.00")),
        (MILES, "98.50", Decimal("98.5")),
        (MILES, 100, Decimal(100)),
        (MILES, Decimal("98.5"), Decimal("98.5")),
        (PREPARED, date(2026, 10, 20), date(2026, 10, 20)),
        (DEPARTED, "2026-10-04 12:30:00", datetime(2026, 10, 4, 12, 30)),
        (DEPARTED, "2026-10-04", date(2026, 10, 4)),
        (DEPARTED, datetime(2026, 10, 4, 12, 30), datetime(2026, 10, 4, 12, 30)),
        (("course", "ends_at"), "15:00:00", time(15)),
        (("course", "ends_at"), time(15), time(15)),
        (("agency", "name"), "  Café Police  ", "Café Police"),
    ],
)
def test_what_may_be_written_in_several_ways_means_one_thing(path: Path, given: object, held: object) -> None:
    parsed: Any = parse_claim(changed(orlando(), path, given))
    for part in path:
        parsed = parsed[part] if isinstance(part, int) else getattr(parsed, part)
    assert parsed == held
    assert type(parsed) is type(held)
    assert str(parsed) == str(held)


def test_a_day_trip_may_end_on_a_date_and_time() -> None:
    for back in ("2026-10-06T06:00", datetime(2026, 10, 6, 6)):
        path: Path = ("trip", "day_trips", 0, "returned_at")
        claim = changed(changed(complete(), path, back), ("trip", "day_trips", 0, "left_at"), "16:00")
        assert parse_claim(claim).trip.day_trips[0].back == datetime(2026, 10, 6, 6)


def test_meals_are_answered_by_an_entry_or_by_the_key_alone() -> None:
    claim = parse_claim(orlando())
    stated = claim.meals_on(date(2026, 10, 7))
    assert stated is not None
    assert stated.by_meal() == {"breakfast": "none", "lunch": "registration", "dinner": "none"}
    assert claim.meals_on(date(2026, 10, 5)) == FurnishedMeals(date=date(2026, 10, 5))
    silent = orlando()
    del silent["furnished_meals"]
    assert parse_claim(silent).meals_on(date(2026, 10, 7)) is None


def test_what_a_claim_leaves_out_has_the_stated_default() -> None:
    claim = parse_claim(orlando())
    assert (claim.award.awarded_on, claim.counted_on) == (date(2026, 3, 2), date(2026, 10, 20))
    assert (claim.attachment("folio"), claim.attachment("approvals")) == ("attached", "missing")
    assert claim.course.was_coordinated is True
    stated = parse_claim(complete())
    assert (stated.award.awarded_on, stated.counted_on) == (date(2026, 3, 1), date(2026, 10, 20))


def test_every_category_is_governed() -> None:
    categories = set(get_args(Category))
    assert categories >= TRANSPORTATION
    assert categories >= CARRIERS | TRAVEL | set(BASE_RULES) | set(NEVER)
    assert categories - set(BASE_RULES) == {"resort_fee", "alcohol", "fine", "entertainment"}


def test_meals_left_blank_on_every_day_are_meals_not_answered() -> None:
    data = orlando()
    blank = {"breakfast": None, "lunch": None, "dinner": None}
    every_day = [{"date": f"2026-10-{day:02}", **blank} for day in range(4, 10)]
    without = {name: value for name, value in data.items() if name != "furnished_meals"}
    assert parse_claim(data | {"furnished_meals": every_day}) == parse_claim(without)
    assert parse_claim(data | {"furnished_meals": every_day[:-1]}) != parse_claim(without)


def test_the_schema_says_the_limits_and_shapes_that_a_claim_is_held_to() -> None:
    """A program that checks its claims by the schema is not refused afterwards: whole numbers have the limits of
    CLAIM.md's fields in the words of JSON Schema, and a ZIP, a claim's id and a credit's line their shapes.
    """
    schema = Claim.model_json_schema(by_alias=True)
    of = {name: group["properties"] for name, group in schema["$defs"].items()}
    numbers = {
        "hours": of["Course"]["hours"],
        "sharers": of["LodgingNight"]["sharers"],
        "passengers": of["Expense"]["passengers"]["anyOf"][0],
        "round_trips": of["Expense"]["round_trips"],
    }
    limits = {name: (number["type"], number["minimum"], number["maximum"]) for name, number in numbers.items()}
    assert limits == {
        "hours": ("integer", 1, 400),
        "sharers": ("integer", 1, 20),
        "passengers": ("integer", 0, 50),
        "round_trips": ("integer", 1, 400),
    }
    claim_id, line = schema["properties"]["claim_id"], of["Credit"]["line"]["anyOf"][0]
    assert (claim_id["maxLength"], line["type"]) == (60, "string")
    shapes = (claim_id["pattern"], line["pattern"], of["ClaimPlace"]["zip"]["anyOf"][0]["pattern"])
    for shape, right, wrong in zip(shapes, ("2026-ORL-0001", "E1", "32801-1234"), ("a/b", "C1", "3280"), strict=True):
        assert re.search(shape, right)
        assert not re.search(shape, wrong)


def test_a_claim_is_no_other_thing() -> None:
    assert parse_claim(orlando()) != "a claim"
