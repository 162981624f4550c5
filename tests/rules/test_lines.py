"""How the workings of a line remember what reduced it, and what waiving one step alone would gain."""

from __future__ import annotations

from decimal import Decimal

from perdiem_calc.rules.lines import Workings


def dollars(text: str) -> Decimal:
    """A short name for amounts."""
    return Decimal(text)


def test_a_limit_that_is_not_reached_is_no_step() -> None:
    work = Workings(dollars("100.00"))
    work.at_most(dollars("100.00"), "c", "r", "why")
    work.less(dollars("0.00"), "c", "r", "why")
    assert (work.amount, work.finished()) == (dollars("100.00"), ())


def test_a_reason_is_worded_only_where_a_step_is_taken() -> None:
    asked = []

    def why() -> str:
        asked.append(1)
        return "too much"

    work = Workings(dollars("100.00"))
    work.at_most(dollars("120.00"), "c", "r", why)
    assert asked == []
    work.at_most(dollars("80.00"), "c", "r", why, about="amount")
    (step,) = work.finished()
    assert (step.why, step.before, step.after, step.effect, step.field) == (
        "too much",
        dollars("100.00"),
        dollars("80.00"),
        dollars("-20.00"),
        "amount",
    )


def test_waiving_one_step_leaves_the_others_in_force() -> None:
    work = Workings(dollars("100.00"))
    work.at_most(dollars("80.00"), "first", "r", "a")
    work.at_most(dollars("50.00"), "second", "r", "b")
    work.less(dollars("10.00"), "third", "r", "c")
    assert work.amount == dollars("40.00")
    # without the first, the second cuts to 50 all the same; without the second 80 - 10; without the third 50
    assert [(step.check, step.field, step.gain) for step in work.finished()] == [
        ("first", "", dollars("0.00")),
        ("second", "", dollars("30.00")),
        ("third", "", dollars("10.00")),
    ]


def test_a_rule_without_effect_holds_when_an_earlier_step_is_waived() -> None:
    work = Workings(dollars("100.00"))
    work.nothing("first", "r", "a")
    work.at_most(dollars("60.00"), "second", "r", "b")
    assert [(step.check, step.field, step.gain) for step in work.finished()] == [("first", "", dollars("60.00"))]


def test_two_bars_of_one_line_gain_nothing_alone() -> None:
    work = Workings(dollars("100.00"))
    work.nothing("first", "r", "a")
    work.nothing("second", "r", "b")
    assert [(step.check, step.gain) for step in work.finished()] == [("first", dollars("0.00"))]


def test_a_credit_takes_off_no_more_than_there_is() -> None:
    work = Workings(dollars("30.00"))
    work.less(dollars("50.00"), "credit-applied", "credits", "a refund")
    assert (work.amount, work.finished()[0].gain) == (dollars("0.00"), dollars("30.00"))
