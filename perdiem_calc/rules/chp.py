"""The programme's rules: eligibility, deadlines, the cap. Policy of the COPS Office and NASRO.

>>> payable(allowable=Decimal("1741.81"), limit=Decimal("1000.00"), paid_before=Decimal("400.00"))
Decimal('600.00')
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from perdiem_calc.claims.model import CARRIERS, AttachmentItem, Award, Claim, Course, Officer
from perdiem_calc.dated import Law
from perdiem_calc.money import ZERO
from perdiem_calc.text import Message, for_reviewer, holds_any, only_for_agency


@dataclass(frozen=True, slots=True)
class Block:
    """Why a whole claim is not payable as submitted: check and rule ids, the field, a sentence with the fix.

    `to_agency` is the sentence for the agency, where that is another. Where `fixable` is False nothing the agency can
    add or correct makes the claim payable.
    """

    check: str
    rule: str
    path: str
    why: str
    fixable: bool = True
    to_agency: str = ""

    @classmethod
    def worded(cls, check: str, rule: str, path: str, why: Message) -> Block:
        """A block with a sentence that may differ for the agency."""
        return cls(check, rule, path, for_reviewer(why), to_agency=only_for_agency(why))


def payable(allowable: Decimal, limit: Decimal, paid_before: Decimal) -> Decimal:
    """What NASRO pays: the allowable total, up to what is left of the officer's limit.

    Rule `chp-cap`; dollars.

    >>> payable(Decimal("898.68"), Decimal("1000.00"), Decimal("0.00"))
    Decimal('898.68')
    >>> payable(Decimal("500.00"), Decimal("1000.00"), Decimal("1200.00"))
    Decimal('0.00')
    """
    return max(ZERO, min(allowable, limit - paid_before))


def add_months(day: date, months: int) -> date:
    """The same day some months later (or earlier), clipped to the month's last day.

    >>> add_months(date(2026, 8, 31), 6), add_months(date(2027, 8, 31), 6)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    >>> add_months(date(2026, 3, 2), -12)
    datetime.date(2025, 3, 2)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class CourseWords(NamedTuple):
    """The words by which the title of NASRO's basic course is known, and those of its other courses."""

    provider: tuple[str, ...]
    course: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, law: Law, on: date) -> CourseWords:
        """Those in force on the first day of a course. Rule `chp-course`."""
        names = ("provider_words", "course_words", "other_course_words")
        return cls(*(law.words("chp-course", name, on) for name in names))


def is_basic_course(title: str, words: CourseWords) -> bool:
    """Whether a title names NASRO's basic course: a word for the provider, one for the course, none for another.

    Rule `chp-course`.

    >>> words = CourseWords(("nasro",), ("basic",), ("advanced",))
    >>> is_basic_course("NASRO Basic SRO Course", words)
    True
    >>> is_basic_course("NASRO Advanced SRO Course (after Basic)", words)
    False
    """
    return holds_any(title, words.provider) and holds_any(title, words.course) and not holds_any(title, words.others)


def due_on(completed_on: date, days: int) -> date:
    """The last day to submit: the day of completion is day 0.

    Rule `chp-30-days`.

    >>> due_on(date(2026, 10, 9), 30)
    datetime.date(2026, 11, 8)
    >>> due_on(date(2028, 2, 1), 30)
    datetime.date(2028, 3, 2)
    """
    return completed_on + timedelta(days=days)


def timeliness(
    completed_on: date, counted_on: date, days: int, note_days: int
) -> Literal["in time", "due soon", "late"]:
    """Whether a claim came within the days after completion, with `note_days` or fewer left, or late.

    Rule `chp-30-days`. `counted_on` is the day submitted, else received, else prepared.

    >>> timeliness(date(2026, 10, 9), date(2026, 10, 28), 30, 10)
    'in time'
    >>> timeliness(date(2026, 10, 9), date(2026, 10, 29), 30, 10)
    'due soon'
    >>> timeliness(date(2026, 10, 9), date(2026, 11, 8), 30, 10)
    'due soon'
    >>> timeliness(date(2026, 10, 9), date(2026, 11, 9), 30, 10)
    'late'
    """
    left = (due_on(completed_on, days) - counted_on).days
    if left < 0:
        return "late"
    return "due soon" if left <= note_days else "in time"


def timeliness_of(claim: Claim, law: Law) -> Literal["in time", "due soon", "late"] | None:
    """Whether a claim came in time; None without a completion date. Rule `chp-30-days`."""
    if claim.course.completed_on is None:
        return None
    on = claim.course.ends_on
    return timeliness(
        claim.course.completed_on,
        claim.counted_on,
        law.count("chp-30-days", "days", on),
        law.count("chp-30-days", "note_days", on),
    )


def coordination_state(
    course: Course, departed_on: date
) -> Literal["coordinated", "refused", "not answered", "undated", "after departure"]:
    """What a claim says of the coordination with NASRO, which comes before the trip.

    Rule `chp-coordination`.
    """
    if course.was_coordinated is None:
        return "not answered"
    if not course.was_coordinated:
        return "refused"
    if course.coordinated_on is None:
        return "undated"
    return "after departure" if course.coordinated_on > departed_on else "coordinated"


def is_outside_award_period(award: Award, day: date) -> bool:
    """Whether a day lies before or after the award period, where one is stated. Rule `not-allowable`."""
    early = award.period_from is not None and day < award.period_from
    return early or (award.period_to is not None and day > award.period_to)


def training_deadline(letter_date: date, hired_on: date, from_letter: int, from_hire: int) -> date:
    """The last day to complete the training; months from the letter and from hire, whichever ends first.

    Rule `chp-training-deadline`. An officer hired before the letter is bound by the letter alone.

    >>> training_deadline(date(2026, 3, 2), date(2026, 5, 18), 9, 6)
    datetime.date(2026, 11, 18)
    >>> training_deadline(date(2026, 3, 2), date(2020, 1, 1), 9, 6)
    datetime.date(2026, 12, 2)
    """
    by_letter = add_months(letter_date, from_letter)
    if hired_on < letter_date:
        return by_letter
    return min(by_letter, add_months(hired_on, from_hire))


def backfill_state(officer: Officer) -> Literal["payable", "recipient pays", "unclear"]:
    """Who pays for an officer in a backfilled position.

    Rule `chp-backfill`: the recipient, when the predecessor left the agency after completing the training.
    """
    if officer.position == "original" or officer.predecessor_completed_training is False:
        return "payable"
    if officer.predecessor_completed_training and officer.predecessor_left_agency:
        return "recipient pays"
    return "unclear"


def prior_course_counts(prior: date, awarded_on: date, months: int) -> bool:
    """Whether an earlier basic course may fulfil the condition: within the months before the award, or after it.

    Rule `chp-prior-course`.

    >>> prior_course_counts(date(2025, 3, 2), date(2026, 3, 2), 12)
    True
    >>> prior_course_counts(date(2025, 3, 1), date(2026, 3, 2), 12)
    False
    """
    return prior >= add_months(awarded_on, -months)


def keep_until(counted_on: date, months: int) -> date:
    """The day before which documents must not be thrown away.

    Rule `chp-retention`; 2 CFR 200.334 counts from the final financial report, so the true date may be later.

    >>> keep_until(date(2026, 10, 20), 36)
    datetime.date(2029, 10, 20)
    """
    return add_months(counted_on, months)


def has_usual_shape(identifier: str, shapes: tuple[str, ...]) -> bool:
    """Whether an award number, ORI or UEI has one of its usual shapes (patterns); nothing is refused for it.

    Rule `chp-identifiers`.

    >>> has_usual_shape("2020UMWX0068", ("[0-9]{4}[A-Z]{4}[0-9]{4}",))
    True
    >>> has_usual_shape("GA057", ("[A-Z0-9]{7}", "[A-Z0-9]{9}"))
    False
    """
    return any(re.fullmatch(shape, identifier) for shape in shapes)


def blocks(claim: Claim, law: Law, as_of: date | None) -> tuple[Block, ...]:
    """Everything that bars a claim from payment as submitted, whatever its amounts.

    `as_of` decides what lies in the future; None leaves that question open.
    """
    found = [
        *_course(claim.course, law),
        *_completion(claim),
        *_position(claim.officer),
        *_agency(claim),
    ]
    dates = (
        ("prepared_on", "is dated", claim.prepared_on),
        ("submitted_on", "was submitted on", claim.submitted_on),
        ("received_on", "was received on", claim.received_on),
    )
    for field, said, day in dates:
        if as_of is not None and day is not None and day > as_of:
            why = f"The claim {said} {day}, after {as_of}: correct the date."
            found.append(Block("date-in-future", "chp-itemized-claim", field, why))
    late = timeliness_of(claim, law) == "late"
    if late and law.setting("chp-settings", "late_claim", claim.course.ends_on) == "blocks":
        found.append(
            Block(
                "claim-late",
                "chp-30-days",
                claim.counted_path,
                f"The claim of {claim.counted_on} came too late after the course was completed on "
                f"{claim.course.completed_on}: correct the date if it is mistaken.",
                fixable=False,
            )
        )
    return tuple(found)


def _course(course: Course, law: Law) -> Iterator[Block]:
    on = course.starts_on
    hours = law.count("chp-course", "hours", on)
    if not is_basic_course(course.title, CourseWords.of(law, on)):
        yield Block(
            "wrong-course",
            "chp-course",
            "course.title",
            f'"{course.title}" is not the NASRO Basic SRO Course: only that course is reimbursed; '
            "if the title is mistaken, write it as on the certificate.",
        )
    elif course.hours < hours:
        yield Block(
            "wrong-course",
            "chp-course",
            "course.hours",
            f"The course had {course.hours} hours; the programme requires {hours}: "
            "if the hours are mistaken, write them as on the certificate.",
        )


def _completion(claim: Claim) -> Iterator[Block]:
    course = claim.course
    check, rule = "course-not-completed", "chp-completed"
    if course.outcome in ("failed", "withdrawn"):
        yield Block(
            check,
            rule,
            "course.outcome",
            f"The course was not completed ({course.outcome}), so nothing can be paid; "
            "a retake may be claimed within the same limit.",
            fixable=False,
        )
        return
    if course.outcome == "cancelled":
        return
    if course.completed_on is None:
        yield Block(
            check,
            rule,
            "course.completed_on",
            "The course has no completion date: give the date on the certificate.",
        )
    elif course.completed_on > claim.counted_on:
        yield Block(
            check,
            rule,
            "course.completed_on",
            f"The course was completed on {course.completed_on}, after the claim of {claim.counted_on}: "
            "submit the claim after completion, or correct the date.",
        )
    if claim.attachment("certificate") != "attached":
        yield Block(
            "certificate-missing",
            "chp-certificate",
            "attachments.certificate",
            "The course certificate is not attached: attach it and mark it attached.",
        )


def _position(officer: Officer) -> Iterator[Block]:
    if backfill_state(officer) == "recipient pays":
        yield Block(
            "backfill",
            "chp-backfill",
            "officer.position",
            "The officer backfills one who left after completing the training: "
            "the agency pays for this training itself.",
            fixable=False,
        )


def _agency(claim: Claim) -> Iterator[Block]:
    if claim.agency.payee_kind == "individual":
        yield Block(
            "payee-not-agency",
            "chp-payee",
            "agency.payee_kind",
            "The payee is a person: NASRO pays the agency, its city or county; name that as the payee.",
        )
    if claim.course.was_coordinated is False:
        yield Block(
            "not-coordinated",
            "chp-coordination",
            "course.coordinated",
            "The agency did not coordinate with NASRO: contact NASRO's COPS grant coordinator "
            "(888-31-NASRO) and enter the date.",
        )
    if not claim.signatures.fiscal.complete:
        yield Block(
            "signature-missing",
            "chp-itemized-claim",
            "signatures.fiscal",
            "The agency's fiscal official has not signed: enter the name and the date of the signature.",
        )


def deadline_of(claim: Claim, law: Law) -> date | None:
    """The training deadline of a claim's officer; None for a backfill of whom no placement is stated.

    Rules `chp-training-deadline`, and `chp-backfill` for a payable backfill: months from placement in the school.
    """
    on = claim.course.ends_on
    if claim.officer.position == "backfill":
        placed_on = claim.officer.placed_on
        if placed_on is None:
            return None
        return add_months(placed_on, law.count("chp-backfill", "months_from_placement", on))
    return training_deadline(
        claim.award.letter_date,
        claim.officer.sro_hired_on,
        law.count("chp-training-deadline", "months_from_letter", on),
        law.count("chp-training-deadline", "months_from_hire", on),
    )


def mou_is_late(award: Award, days: int) -> bool:
    """Whether the MOU came later than the days allowed after the letter. Rule `chp-mou`; False without a date."""
    return award.mou_on is not None and award.mou_on > award.letter_date + timedelta(days=days)


def attachments_due(claim: Claim, over_threshold: bool, deducted_meal: bool) -> tuple[AttachmentItem, ...]:
    """The checklist items that apply to a claim, the certificate apart.

    Rule `chp-itemized-claim`. `over_threshold`: an allowed line of another kind needs a receipt; `deducted_meal`:
    a furnished meal was deducted.
    """
    categories = {expense.category for expense in claim.expenses}
    applies: dict[AttachmentItem, bool] = {
        "itemized_expenses": True,
        "proof_of_payment": True,
        "folio": any(not night.costs_nothing for night in claim.lodging),
        "carrier_receipt": bool(categories & CARRIERS),
        "rental_agreement": "rental_car" in categories,
        "mileage_log": "pov_mileage" in categories,
        "receipts_over_75": over_threshold,
        "meals_statement": deducted_meal,
        "approvals": any(night.approval for night in claim.lodging)
        or any(expense.approval for expense in claim.expenses)
        or claim.trip.station_approval is not None,
    }
    return tuple(item for item, applied in applies.items() if applied)
