"""The lines of meals and incidental expenses (M&IE): one for each calendar day of the trip.

Rules `mie-first-last-day`, `furnished-meal-deduction`, `complimentary-meal-not-deducted`, `personal-days`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perdiem_calc.claims.model import Claim, FurnishedMeals
from perdiem_calc.dated import Law
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import MieTier, PerDiemRate
from perdiem_calc.rules import ftr
from perdiem_calc.rules.days import DayKind, TravelDay
from perdiem_calc.rules.lines import Line, Workings
from perdiem_calc.rules.outside import Bar
from perdiem_calc.text import capitalized

DEDUCTED_FROM = frozenset({"registration", "government", "host"})
NOT_DEDUCTED = frozenset({"hotel", "carrier", "refreshments"})


def deducted_meals(meals: FurnishedMeals | None) -> tuple[str, ...]:
    """The meals of a day that were furnished and are deducted; none with a statement that allows full M&IE.

    Rules `furnished-meal-deduction`, `complimentary-meal-not-deducted`.
    """
    if meals is None or meals.meal_statement is not None:
        return ()
    return tuple(meal for meal, by in meals.by_meal().items() if by in DEDUCTED_FROM)


def meal_value(tier: MieTier, meal: str) -> Decimal:
    """The value of a meal in an M&IE tier, dollars. `meal` is breakfast, lunch or dinner."""
    return {"breakfast": tier.breakfast, "lunch": tier.lunch, "dinner": tier.dinner}[meal]


def mie_entitlement(rate: PerDiemRate | None, share: Decimal, meals: FurnishedMeals | None) -> Decimal:
    """M&IE of a day at a share of its rate, less the furnished meals; dollars, whatever the agency paid.

    Rules `mie-first-last-day`, `furnished-meal-deduction`.
    """
    if rate is None:
        return ZERO
    base = ftr.mie_base(rate.mie.total, share)
    if not rate.mie.meals_known:
        return base
    values = [meal_value(rate.mie, meal) for meal in deducted_meals(meals)]
    return ftr.mie_less_furnished(base, values, rate.mie.incidental) if values else base


def mie_lines(claim: Claim, days: Sequence[TravelDay], law: Law, bars: Mapping[str, Bar]) -> list[Line]:
    """A line for each calendar day, personal days included at nothing; `bars` are by line id."""
    stated = enumerate(claim.furnished_meals or ())
    answers = {meals.date: (f"furnished_meals[{index}]", meals) for index, meals in stated}
    return [
        _mie_line(claim, day, number, answers.get(day.on, ("furnished_meals", None)), law, bars)
        for number, day in enumerate(days, start=1)
    ]


def _mie_line(
    claim: Claim,
    day: TravelDay,
    number: int,
    answer: tuple[str, FurnishedMeals | None],
    law: Law,
    bars: Mapping[str, Bar],
) -> Line:
    line_id = f"D{number}"
    meals_path, meals = answer
    paid = claim.mie_paid.get(day.on)
    work, entitled = _entitlement(day, meals, paid, meals_path)
    if paid is not None:
        why = f"the agency paid the officer {in_dollars(paid)}, and its cost is the limit"
        work.at_most(paid, "mie-over-paid", "mie-first-last-day", why, about=f"mie_paid.{day.on}")
    bar = bars.get(line_id)
    if bar is not None:
        work.nothing(bar.check, bar.rule, bar.why, about=bar.field)
    steps = work.finished()
    rule = steps[-1].rule if steps else _base_rule(day)
    said = _describe_base(day)
    return Line(
        id=line_id,
        group="mie",
        category="mie",
        on=day.on,
        amount_claimed=entitled if paid is None else paid,
        amount_allowed=work.amount,
        rule=rule,
        citation=law.citation(rule, day.on),
        reason="; ".join([said, *(step.why for step in steps)]),
        path=f"mie_paid.{day.on}" if paid is not None else meals_path,
        basis=capitalized(said),
        steps=steps,
        rate=day.mie_rate,
    )


def _entitlement(
    day: TravelDay, meals: FurnishedMeals | None, paid: Decimal | None, meals_path: str
) -> tuple[Workings, Decimal]:
    """The day's M&IE by the rules, begun at what the agency paid where that is more; and its entitlement."""
    base = ftr.mie_base(day.mie_rate.mie.total, day.share) if day.mie_rate is not None else ZERO
    work = Workings(base)
    if paid is not None and paid > base:
        work = Workings(paid)
        about = f"mie_paid.{day.on}"
        if day.kind is DayKind.PERSONAL:
            why = "the agency paid M&IE for a personal day, which earns none"
            work.at_most(base, "personal-day-paid", "personal-days", why, about=about)
        else:
            why = f"the agency paid more than the {in_dollars(base)} that the rules give before meals"
            work.at_most(base, "mie-day-percent", _base_rule(day), why, about=about)
    if day.mie_rate is not None:
        _deduct_meals(work, meals, day.mie_rate.mie, meals_path)
    return work, work.amount


def _deduct_meals(work: Workings, meals: FurnishedMeals | None, tier: MieTier, meals_path: str) -> None:
    names = deducted_meals(meals)
    if not names or not tier.meals_known:
        return
    values = {name: meal_value(tier, name) for name in names}
    work.change(
        lambda base: ftr.mie_less_furnished(base, values.values(), tier.incidental),
        "furnished-meal-deduction",
        "furnished-meal-deduction",
        lambda: _describe_meals(values, tier.incidental),
        about=f"{meals_path}.{names[0]}",
    )


def _describe_meals(values: Mapping[str, Decimal], incidental: Decimal) -> str:
    said = " and ".join(f"{name} ({in_dollars(value)})" for name, value in values.items())
    return f"furnished {said} taken off, down to no less than the incidental {in_dollars(incidental)}"


def _base_rule(day: TravelDay) -> str:
    if day.kind is DayKind.PERSONAL:
        return "personal-days"
    if day.kind in (DayKind.SHORT, DayKind.TOO_SHORT, DayKind.NO_TIMES, DayKind.DAY_TRIP, DayKind.HOME):
        return "entitlement-12-hours"
    return "mie-first-last-day"


def _describe_base(day: TravelDay) -> str:
    if day.mie_rate is None or day.kind is DayKind.PERSONAL:
        return "a personal day earns no M&IE"
    where = f"{day.mie_rate.locality.said}'s {in_dollars(day.mie_rate.mie.total)}"
    match day.kind:
        case DayKind.TOO_SHORT:
            return "12 hours or less earn no M&IE"
        case DayKind.NO_TIMES:
            return "a trip within one day earns M&IE only when its times show more than 12 hours"
        case DayKind.HOME:
            return "a day without travel earns no M&IE"
        case DayKind.FULL:
            return f"a full day at {where}"
        case _:
            return f"{day.kind.value}: {day.share:.0%} of {where}"
