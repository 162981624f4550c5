"""What was in force on a day, and that nothing is in force where nothing was written down."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc.dated import Dated, Entry, Law, Rule, day_of
from perdiem_calc.errors import InputError, RateUnavailable

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MILEAGE = Dated("car", (Entry(FIRST, JUNE, "0.725"), Entry(JULY, LAST, "0.76")))


@pytest.mark.parametrize(("on", "value"), [(FIRST, "0.725"), (JUNE, "0.725"), (JULY, "0.76"), (LAST, "0.76")])
def test_a_value_holds_from_its_first_to_its_last_day(on: date, value: str) -> None:
    assert MILEAGE.on(on) == value
    assert MILEAGE.entry(on).value == value


def test_a_datetime_counts_as_its_day() -> None:
    """June has 30 days: its last minute is June's."""
    assert MILEAGE.on(datetime(2026, 6, 30, 23, 59)) == "0.725"
    assert MILEAGE.on(pd.Timestamp(2026, 7, 1)) == "0.76"


@pytest.mark.parametrize("on", ["2026-06-30", None, 20260630, float("nan"), pd.NaT, np.datetime64("2026-06-30")])
def test_what_is_no_day_is_refused(on: Any) -> None:
    for ask in (MILEAGE.on, day_of):
        with pytest.raises(InputError, match=r"is not a day; give a datetime.date, like date\(2026, 10, 4\)"):
            ask(on)


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_outside_its_days_no_value_is_in_force(on: date) -> None:
    with pytest.raises(RateUnavailable, match=f"no car is known for {on}; known: 2026-01-01 to 2026-12-31"):
        MILEAGE.on(on)


def test_a_value_until_further_notice_holds_for_ever() -> None:
    cap = Dated("limit", (Entry(FIRST, None, Decimal(1000)),))
    assert cap.on(date(2199, 1, 1)) == 1000
    with pytest.raises(RateUnavailable, match="known: 2026-01-01 to now"):
        cap.on(date(2025, 12, 31))


def _law(value: object) -> Law:
    dated = Dated[object]("r.v", (Entry(FIRST, None, value),))
    return Law({"r": Rule("r", "A rule", Dated("r.citation", (Entry(FIRST, None, "41 CFR"),)), {"v": dated})})


def test_a_rules_values_are_read_by_their_kind() -> None:
    assert _law(Decimal("0.75")).number("r", "v", FIRST) == Decimal("0.75")
    assert _law(12).count("r", "v", FIRST) == 12
    assert _law("capped").setting("r", "v", FIRST) == "capped"
    assert _law(("hotel", "inn")).words("r", "v", FIRST) == ("hotel", "inn")
    assert _law(12).citation("r", FIRST) == "41 CFR"


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (12, "number", "r.v is not a decimal number"),
        (Decimal(12), "count", "r.v is not a whole number"),
        (True, "count", "r.v is not a whole number"),
        (12, "setting", "r.v is not a setting"),
        ("hotel", "words", "r.v is not a list of words"),
    ],
)
def test_a_value_of_another_kind_is_a_mistake_of_the_data(value: object, kind: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        getattr(_law(value), kind)("r", "v", FIRST)


def test_a_rule_nobody_wrote_down_is_a_mistake_of_the_code() -> None:
    with pytest.raises(KeyError, match="no-such-rule"):
        _law(1).citation("no-such-rule", FIRST)
    with pytest.raises(KeyError, match=r"there is no rule 'x'; Law\.rules has them all"):
        _law(1).number("x", "v", FIRST)
    with pytest.raises(KeyError, match="rule r has no value 'limit'; it has v"):
        _law(1).number("r", "limit", FIRST)
