"""Meals and incidental expenses: each day at its share, less the meals that others paid for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from perdiem_calc.checks.case import Case, about_claim, about_lines, not_evaluated
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.reductions import reductions, reductions_in_words
from perdiem_calc.checks.sentences import BORNE, describe_lines, quoted
from perdiem_calc.checks.stated import stated
from perdiem_calc.claims.model import FurnishedBy
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.rules.days import TravelDay
from perdiem_calc.rules.expenses import has_approval
from perdiem_calc.rules.lines import Line
from perdiem_calc.rules.mie import DEDUCTED_FROM, deducted_meals
from perdiem_calc.text import describe_days, mentions, on_one_line


def mie_day_percent(case: Case) -> Iterator[Finding]:
    """The agency paid a day more than its share of M&IE. Rule `mie-first-last-day`."""
    yield from reductions(case, "mie-day-percent", Severity.ADJUSTS, BORNE)


def furnished_meal_deduction(case: Case) -> Iterator[Finding]:
    """A meal furnished with the course, by the government or the host. Rule `furnished-meal-deduction`."""
    yield from reductions_in_words(
        case,
        "furnished-meal-deduction",
        Severity.INFO,
        lambda cut: (
            f"{describe_lines([cut[0][0]])}: {in_dollars(cut[0][1].before)} becomes {in_dollars(cut[0][1].after)}, "
            f"{cut[0][1].why}; correct who furnished the meals if that is mistaken."
        ),
    )
    yield from _without_breakdown(case)


def _without_breakdown(case: Case) -> Iterator[Finding]:
    """Meals outside the contiguous states that were not deducted, because their value is not known."""
    days: dict[str, list[date]] = {}
    for day in case.itemized.days:
        rate = day.mie_rate
        if rate is not None and not rate.mie.meals_known and deducted_meals(case.claim.meals_on(day.on)):
            place = f"{rate.locality.in_words}, {in_dollars(rate.mie.total)}"
            days.setdefault(place, []).append(day.on)
    for place, on in days.items():
        yield not_evaluated(
            case,
            "furnished-meal-deduction",
            "furnished-meal-deduction",
            "furnished_meals",
            f"Not judged: the meals furnished on {describe_days(on)} were not deducted, since the breakdown by meal "
            "of "
            f"the M&IE of {place}, is not known here; take it from GSA's table for areas outside the contiguous "
            "states and import it, or deduct the meals by hand.",
        )


def complimentary_meal_deducted(case: Case) -> Iterator[Finding]:
    """A meal of the hotel or a carrier that the submission takes off. Rule `complimentary-meal-not-deducted`."""
    yield from stated(case, "complimentary-meal-deducted")


def meals_not_answered(case: Case) -> Iterator[Finding]:
    """No answer about the furnished meals of a course day that earns M&IE. Rule `furnished-meal-deduction`."""
    course = case.claim.course
    days = {day.on for day in case.itemized.days if day.share > 0 and course.starts_on <= day.on <= course.ends_on}
    if case.claim.furnished_meals is None:
        blank = [(day, "furnished_meals") for day in days]
    else:
        blank = [(day, path) for day, path, by in _meals(case) if by is None and day in days]
    if blank:
        yield about_claim(
            case,
            "meals-not-answered",
            "furnished-meal-deduction",
            Severity.REVIEW,
            Where(tuple(dict.fromkeys(path for _, path in blank))),
            f"The claim does not say whether meals were furnished on {describe_days(day for day, _ in blank)}: "
            "answer for each meal, also where it was none.",
        )


def _meals(case: Case) -> Iterator[tuple[date, str, FurnishedBy | None]]:
    """Every meal that was asked about: its day, its field, and who furnished it."""
    for index, meals in enumerate(case.claim.furnished_meals or ()):
        for meal, by in meals.by_meal().items():
            yield meals.date, f"furnished_meals[{index}].{meal}", by


def light_refreshments(case: Case) -> Iterator[Finding]:
    """A claim states that a meal was light refreshments; once a claim. Rule `complimentary-meal-not-deducted`."""
    found = [(day, path) for day, path, by in _meals(case) if by == "refreshments"]
    if found:
        yield about_claim(
            case,
            "light-refreshments",
            "complimentary-meal-not-deducted",
            Severity.REVIEW,
            Where(tuple(path for _, path in found)),
            f"Light refreshments on {describe_days(day for day, _ in found)} are not deducted: "
            "check that they were no meal; a continental breakfast in a fee is a breakfast.",
        )


def meal_statement(case: Case) -> Iterator[Finding]:
    """Full M&IE despite a furnished meal, with a statement. Rule `furnished-meal-deduction`."""
    reasons = {
        "official_business": "official business",
        "medical": "medical reasons",
        "religious": "religious reasons",
    }
    days = {day.on: (day, line) for day, line in _days(case)}
    for index, meals in enumerate(case.claim.furnished_meals or ()):
        day, line = days[meals.date]
        was_furnished = not DEDUCTED_FROM.isdisjoint(meals.by_meal().values())
        if meals.meal_statement is not None and was_furnished and day.share > 0:
            yield about_lines(
                case,
                "meal-statement",
                "furnished-meal-deduction",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} is paid in full despite a furnished meal, "
                f"for {reasons[meals.meal_statement]}: "
                "attach the statement, for medical or religious reasons with the request before travel.",
                paths=[f"furnished_meals[{index}].meal_statement"],
            )


def mie_rate_not_in_force(case: Case) -> Iterator[Finding]:
    """M&IE of another locality, tier or year, or a typed one, in a submission. Rule `mie-first-last-day`."""
    yield from stated(case, "mie-rate-not-in-force")


def mie_over_paid(case: Case) -> Iterator[Finding]:
    """The agency paid the officer less than the rules give. Rule `mie-first-last-day`."""
    yield from reductions(case, "mie-over-paid", Severity.INFO, "no action needed, unless the agency paid more")


def fiscal_year_return(case: Case) -> Iterator[Finding]:
    """The day of return takes the rate of the day before, of another fiscal year. Rule `mie-first-last-day`."""
    for day, line in _days(case):
        taken = day.mie_rate
        if taken is None or day.share == 0 or taken.fiscal_year == fiscal_year(day.on):
            continue
        try:
            own = case.rates.rate(case.claim.trip.stops[day.stop].place.place, day.on)
        except RateUnavailable:
            continue
        if own.mie.total != taken.mie.total:
            yield about_lines(
                case,
                "fiscal-year-return",
                "mie-first-last-day",
                Severity.INFO,
                [line],
                f"{describe_lines([line])} counts at the {in_dollars(taken.mie.total)} of the day before, "
                f"fiscal year {taken.fiscal_year}; by its own date the rate would be "
                f"{in_dollars(own.mie.total)}: no action needed.",
                paths=["trip.returned_at"],
            )


def meal_besides_mie(case: Case) -> Iterator[Finding]:
    """Meals or alcohol in addition to M&IE, by category or words. Rules `mie-first-last-day`, `not-allowable`."""
    check = "meal-besides-mie"
    yield from reductions(case, check, Severity.INFO, BORNE)
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification]
        word = mentions(texts, case.law.words("taxi", "meal_words", expense.date))
        if expense.category != "taxi" and word is not None:
            yield about_lines(
                case,
                check,
                "mie-first-last-day",
                Severity.REVIEW,
                [line],
                f'{describe_lines([line])} mentions "{word}", and M&IE is an allowance that covers meals: '
                "leave the line out if it is a meal, or describe it more clearly.",
                field="description",
            )


def incidentals_besides_mie(case: Case) -> Iterator[Finding]:
    """Tips in addition to M&IE, by category or words. Rule `mie-first-last-day`."""
    check, rule = "incidentals-besides-mie", "mie-first-last-day"
    yield from reductions(case, check, Severity.INFO, BORNE)
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification]
        word = mentions(texts, case.law.words(rule, "incidental_words", expense.date))
        if word is not None:
            said = (
                f'{describe_lines([line])} mentions "{word}", and M&IE covers tips to porters and hotel staff: leave '
                "the "
                "line out if it is one, or describe it more clearly."
            )
            yield about_lines(case, check, rule, Severity.REVIEW, [line], said, field="description")


def two_methods(case: Case) -> Iterator[Finding]:
    """Actual meals on some days, the allowance on others. Rule `one-method-per-trip`."""
    paid = case.claim.mie_paid
    unpaid = [day.on for day in case.itemized.days if day.share > 0 and paid.get(day.on) == ZERO]
    others = [day.on for day in case.itemized.days if day.share > 0 and paid.get(day.on) != ZERO]
    has_meals = any(expense.category == "meals" for expense in case.claim.expenses)
    if has_meals and unpaid and others:
        yield about_claim(
            case,
            "two-methods",
            "one-method-per-trip",
            Severity.REVIEW,
            f"mie_paid.{unpaid[0]}",
            f"Actual meals are claimed, with no M&IE on {describe_days(unpaid)} but M&IE on {describe_days(others)}: "
            "use the allowance for the whole trip, and leave the meals out.",
        )


def other_expense(case: Case) -> Iterator[Finding]:
    """Every expense of another kind: a person decides whether it was necessary and approved. Rule `miscellaneous`."""
    for expense, line in case.paid_expenses():
        if expense.category != "other":
            continue
        approved = f"; approved by {on_one_line(expense.approval or '')} on {expense.approved_on}"
        known = approved if has_approval(expense, case.law) else ", and it has no approval"
        yield about_lines(
            case,
            "other-expense",
            "miscellaneous",
            Severity.REVIEW,
            [line],
            f"{describe_lines([line])}{quoted(expense) or ' does not say what it was for'}{known}: decide whether it "
            "was "
            "necessary for the trip.",
            field="description",
        )


def _days(case: Case) -> Iterator[tuple[TravelDay, Line]]:
    """Every day with its line of M&IE."""
    lines = [line for line in case.itemized.lines if line.group == "mie"]
    yield from zip(case.itemized.days, lines, strict=True)
