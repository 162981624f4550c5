"""The programme: is the officer, the course and the agency one that NASRO reimburses, in time and within the limit?

`chp.blocks` decides what bars a claim; here each bar becomes a finding, with those that a person must look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, about_claim, about_lines, blocked, not_evaluated, payment_effect
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.reductions import reductions, reductions_in_words
from perdiem_calc.checks.sentences import describe_lines
from perdiem_calc.checks.stated import stated
from perdiem_calc.claims.model import Claim, claim_key
from perdiem_calc.claims.names import award_key
from perdiem_calc.history.conflicts import Relations, claim_in_words
from perdiem_calc.history.payees import differences, resembles_officer
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, Attendance, History
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rules import chp
from perdiem_calc.text import (
    Message,
    Worded,
    for_agency,
    for_reviewer,
    listed,
    mentions,
    on_one_line,
    some,
    some_worded,
    worded,
)

NASRO_FINDS_OUT = "NASRO finds out whether an earlier claim is for the same officer."
WEEKEND = (5, 6)
"""Saturday and Sunday, as `date.weekday` numbers them."""
OR_THE_LEDGER = Worded("or the ledger if a payment is missing there", "or tell NASRO which payment its ledger lacks")
HAVE_IT_RETURNED = Worded("have the agency return it", "return it to NASRO")


def not_on_roster(case: Case) -> Iterator[Finding]:
    """The award and the officer are not on the roster. Rule `chp-cap`."""
    check, rule = "not-on-roster", "chp-cap"
    yield from blocked(case, check)
    if case.known is None or case.known.on_roster is None:
        said = "Not judged: no roster was given; look the award and the officer up among the funded positions."
        yield not_evaluated(case, check, rule, "officer.name", said)


def wrong_course(case: Case) -> Iterator[Finding]:
    """Not the NASRO Basic course, or too few hours. Rule `chp-course`."""
    yield from blocked(case, "wrong-course")


def course_not_completed(case: Case) -> Iterator[Finding]:
    """Failed, withdrawn, no completion date, or one after the claim. Rule `chp-completed`."""
    yield from blocked(case, "course-not-completed")


def course_cancelled(case: Case) -> Iterator[Finding]:
    """The host cancelled the course: only what could not be refunded is paid. Rule `chp-completed`.

    Lodging and M&IE are paid only if the officer traveled anyway.
    """
    check, rule = "course-cancelled", "chp-completed"
    yield from reductions(case, check, Severity.REVIEW)
    if case.claim.course.outcome != "cancelled":
        return
    totals = case.itemized.totals
    per_diem = totals.lodging + totals.lodging_tax + totals.mie
    traveled = (
        f", {in_dollars(per_diem)} of that for lodging and M&IE of an officer who traveled"
        if per_diem
        else ", none of it per diem"
    )
    yield replace(
        about_claim(
            case,
            check,
            rule,
            Severity.REVIEW,
            "course.outcome",
            f"The host cancelled the course, and what could not be refunded is paid: {in_dollars(totals.payable)} is "
            f"payable of {in_dollars(totals.allowable)} allowable{traveled}: attach the cancellation, and show that "
            "each cost could not be refunded.",
        ),
        claimed=totals.payable,
        allowed=totals.payable,
    )


def certificate_missing(case: Case) -> Iterator[Finding]:
    """The course certificate is not attached. Rule `chp-certificate`."""
    yield from blocked(case, "certificate-missing")


def backfill(case: Case) -> Iterator[Finding]:
    """The officer backfills one who left after completing the training. Rule `chp-backfill`."""
    yield from blocked(case, "backfill")


def backfill_unclear(case: Case) -> Iterator[Finding]:
    """A backfill whose predecessor's training or departure is not stated. Rule `chp-backfill`."""
    officer = case.claim.officer
    if chp.backfill_state(officer) != "unclear":
        return
    if officer.predecessor_left_agency is False:
        said = "is still in the agency: explain why the position is backfilled and how both are funded"
        field = "predecessor_left_agency"
    elif officer.predecessor_completed_training is None:
        said = "may have completed the training: state whether the training was completed"
        field = "predecessor_completed_training"
    else:
        said = "completed the training: state whether the predecessor left the agency afterwards"
        field = "predecessor_left_agency"
    yield about_claim(
        case,
        "backfill-unclear",
        "chp-backfill",
        Severity.REVIEW,
        f"officer.{field}",
        f"The officer backfills a position whose predecessor {said}.",
    )


def prior_course(case: Case) -> Iterator[Finding]:
    """An earlier basic course may already fulfil the condition. Rule `chp-prior-course`."""
    prior = case.claim.officer.prior_basic_course_on
    awarded_on = case.claim.award.awarded_on
    months = case.law.count("chp-prior-course", "months", case.claim.trip.returned_on)
    if prior is not None and chp.prior_course_counts(prior, awarded_on, months):
        yield about_claim(
            case,
            "prior-course",
            "chp-prior-course",
            Severity.REVIEW,
            "officer.prior_basic_course_on",
            f"The officer completed a basic course on {prior}, within the {months} months before the award of "
            f"{awarded_on} or after it, which may fulfil the condition already: ask the COPS Office Response "
            "Center whether this course was needed.",
        )


def training_deadline_missed(case: Case) -> Iterator[Finding]:
    """Completed after the training deadline. Rule `chp-training-deadline`, for a backfill `chp-backfill`."""
    completed_on = case.claim.course.completed_on
    deadline = chp.deadline_of(case.claim, case.law)
    rule = "chp-backfill" if case.claim.officer.position == "backfill" else "chp-training-deadline"
    if deadline is None:
        said = "Not judged: the deadline of a backfill counts from the placement in the school; enter that date."
        yield not_evaluated(case, "training-deadline-missed", rule, "officer.placed_on", said)
    elif completed_on is not None and completed_on > deadline:
        yield about_claim(
            case,
            "training-deadline-missed",
            rule,
            Severity.REVIEW,
            "course.completed_on",
            f"The course was completed on {completed_on}, after the award's deadline of {deadline}"
            f"{_literal_deadline(case)}: correct the dates, or attach the extension or the reason.",
        )


def _literal_deadline(case: Case) -> str:
    """For an officer hired before the award letter, the date that the fact sheet's words give if read literally."""
    officer, letter_on = case.claim.officer, case.claim.award.letter_date
    if officer.position == "backfill" or officer.sro_hired_on >= letter_on:
        return ""
    months = case.law.count("chp-training-deadline", "months_from_hire", case.claim.course.ends_on)
    literal = chp.add_months(officer.sro_hired_on, months)
    return (
        " (the officer was hired before the letter, so that only the letter counts; read literally, the fact sheet's "
        f"words give {literal})"
    )


def claim_late(case: Case) -> Iterator[Finding]:
    """Submitted too many days after completion. Rule `chp-30-days`.

    A review, or a bar where the programme's setting says so. A claim sent in time that arrived late is information.
    """
    yield from blocked(case, "claim-late")
    course, law = case.claim.course, case.law
    if course.completed_on is None:
        return
    due = chp.due_on(course.completed_on, law.count("chp-30-days", "days", course.ends_on))
    sent_on, received_on = case.claim.submitted_on, case.claim.received_on
    if sent_on is not None and received_on is not None and sent_on <= due < received_on:
        yield about_claim(
            case,
            "claim-late",
            "chp-30-days",
            Severity.INFO,
            "received_on",
            f"The claim was sent on {sent_on}, in time for {due}, and received on {received_on}; no action needed.",
        )
    is_barred = law.setting("chp-settings", "late_claim", course.ends_on) == "blocks"
    if is_barred or chp.timeliness_of(case.claim, law) != "late":
        return
    yield about_claim(
        case,
        "claim-late",
        "chp-30-days",
        Severity.REVIEW,
        case.claim.counted_path,
        f"The claim of {case.claim.counted_on} was due on {due}, after completion on {course.completed_on}: "
        "explain the delay; no penalty is stated.",
    )


def claim_due_soon(case: Case) -> Iterator[Finding]:
    """Submitted in time, with few days left. Rule `chp-30-days`."""
    course, law = case.claim.course, case.law
    if course.completed_on is None or chp.timeliness_of(case.claim, law) != "due soon":
        return
    due = chp.due_on(course.completed_on, law.count("chp-30-days", "days", course.ends_on))
    weekend = f", a {due:%A}" if due.weekday() in WEEKEND else ""
    yield about_claim(
        case,
        "claim-due-soon",
        "chp-30-days",
        Severity.INFO,
        case.claim.counted_path,
        f"The claim of {case.claim.counted_on} is in time; the last day to submit it to NASRO is {due}{weekend}.",
    )


def not_coordinated(case: Case) -> Iterator[Finding]:
    """The agency says that it did not coordinate with NASRO. Rule `chp-coordination`."""
    yield from blocked(case, "not-coordinated")


def coordination_undated(case: Case) -> Iterator[Finding]:
    """Coordination not answered, without its date, or after departure. Rule `chp-coordination`."""
    course, departed_on = case.claim.course, case.claim.trip.departed_on
    field = "coordinated_on"
    match chp.coordination_state(course, departed_on):
        case "not answered":
            field = "coordinated"
            said = "The claim does not say whether the agency coordinated with NASRO: answer, and enter the date."
        case "undated":
            said = "The coordination with NASRO has no date: enter it."
        case "after departure":
            said = (
                f"The agency coordinated with NASRO on {course.coordinated_on}, after the departure on "
                f"{departed_on}: correct the date, or explain why it came late."
            )
        case _:
            return
    yield about_claim(case, "coordination-undated", "chp-coordination", Severity.REVIEW, f"course.{field}", said)


def payee_not_agency(case: Case) -> Iterator[Finding]:
    """The payee is a person. Rule `chp-payee`."""
    yield from blocked(case, "payee-not-agency")


def payee_questioned(case: Case) -> Iterator[Finding]:
    """The payee is or resembles the officer, or was not paid for this agency before. Rule `chp-payee`."""
    check, rule, agency = "payee-questioned", "chp-payee", case.claim.agency
    payee, path = agency.payee or agency.name, "agency.payee" if agency.payee else "agency.name"
    is_officer = agency.payee_kind != "individual" and resembles_officer(payee, case.claim.officer.name)
    if is_officer:
        said = (
            f'The payee "{on_one_line(payee)}" is or resembles the officer, {on_one_line(case.claim.officer.name)}: '
            "NASRO pays the agency, its city or county; name that, or show that it is the agency."
        )
        yield about_claim(case, check, rule, Severity.REVIEW, path, said)
    alone = "no roster and no earlier claims of the agency were given to compare the payee with"
    yield from not_asked(case, check, rule, path, alone)
    for found in differences(case.claim, case.known.paid_to if case.known is not None else ()):
        if is_officer and found.path == path:
            continue  # That it was not paid before follows from what it is.
        stated_as = f'The {found.what} "{on_one_line(found.stated)}"'
        # Whoever asks to be paid elsewhere need not learn where the agency was paid before.
        message = Worded(
            f'{stated_as} is none of those known for this agency, such as "{on_one_line(found.before)}": ask the '
            "agency at its known address, or correct it.",
            f"{stated_as} is not the one that NASRO has for your agency: confirm the change in a signed letter of "
            "your agency, or correct it.",
        )
        yield about_claim(case, check, rule, Severity.REVIEW, found.path, message)


def officer_may_be_known(case: Case) -> Iterator[Finding]:
    """The officer may be one known already, under another name, award or spelling. Rule `chp-cap`."""
    check, rule, path = OFFICER_MAY_BE_KNOWN, "chp-cap", "officer.name"
    alone = "no other claims were given to see whether the officer is known under another name"
    yield from not_asked(case, check, rule, path, alone)
    known, itemized = case.known, case.itemized
    if known is None or not known.near:
        return
    limit = in_dollars(itemized.totals.cap)
    finding = about_claim(
        case,
        check,
        rule,
        Severity.REVIEW,
        path,
        Worded(
            f"The officer may be one known already, {some([str(match) for match in known.near])}: a person decides "
            f"who it is before anything is paid; until then both count against one limit of {limit}.",
            NASRO_FINDS_OUT,
        ),
    )
    if known.is_undecided_on_record:
        finding = replace(
            finding,
            claimed=itemized.within_limit_if(taken=known.taken),
            allowed=itemized.within_limit,
            payment_effect=itemized.totals.payable - itemized.payable_if(taken=known.taken),
        )
    yield finding


def overpaid_before(case: Case) -> Iterator[Finding]:
    """More was paid for the officer before than the limit, as stated or by NASRO's records. Rule `chp-cap`."""
    totals, stated_paid = case.itemized.totals, case.claim.previously_reimbursed
    paid = max(totals.previously_reimbursed, stated_paid)
    if paid > totals.cap:
        said = "the claim states" if paid == stated_paid else "NASRO's ledger has"
        yield about_claim(
            case,
            "overpaid-before",
            "chp-cap",
            Severity.REVIEW,
            "previously_reimbursed",
            worded(
                f"As {said}, {in_dollars(paid)} was paid for the officer before, {in_dollars(paid - totals.cap)} "
                f"more than the limit of {in_dollars(totals.cap)}: correct the amount, or ",
                HAVE_IT_RETURNED,
                ".",
            ),
        )


def not_on_attendance(case: Case) -> Iterator[Finding]:
    """The officer, the class or the completion date is not on the attendance list. Rule `chp-completed`.

    Nothing is asked of a course that was not completed, which bars the claim already, or that the host cancelled.
    """
    check, rule, course = "not-on-attendance", "chp-completed", case.claim.course
    listed_as = case.known.attendance if case.known is not None else None
    if listed_as is None:
        said = "Not judged: no attendance list was given; compare the certificate with the host's list of the class."
        yield not_evaluated(case, check, rule, "course.completed_on", said)
    elif course.outcome == "completed" and course.completed_on is not None:
        for path, message in _not_as_listed(case.claim, course.completed_on, listed_as):
            yield about_claim(case, check, rule, Severity.REVIEW, path, message)


def _not_as_listed(claim: Claim, completed_on: date, listed_as: Attendance) -> Iterator[tuple[str, Message]]:
    """The fields that are not as the attendance list has them, each with the message."""
    course, officer = claim.course, on_one_line(claim.officer.name)
    class_key = claim_key(course.class_id or "")
    own = [one for one in listed_as.found if not class_key or claim_key(one.class_id) == class_key]
    if not own:
        others = [f"class {one.class_id}, completed on {one.completed_on}" for one in listed_as.found]
        else_listed = f"; the officer is on the list of {some(others)}" if others else ""
        if class_key and not listed_as.has_class:
            what = f"No attendance list has the class {on_one_line(course.class_id or '')}{else_listed}"
            yield "course.class_id", f"{what}: correct the class, or attach the host's confirmation."
            return
        where = f"class {on_one_line(course.class_id)}" if course.class_id else f"a class completed on {completed_on}"
        near = [f"{on_one_line(one.officer)}, {on_one_line(one.agency)}" for one in listed_as.near]
        near_it = f" (near it: {some(near)})" if near else ""
        said = worded(
            f"{officer} is not on the attendance list of {where}",
            Worded(near_it, ""),
            f"{else_listed}: correct the name or the class, or attach the host's confirmation.",
        )
        yield "officer.name", said
        return
    entry = next((one for one in own if one.completed_on == completed_on), own[0])
    if entry.completed_on != completed_on:
        yield (
            "course.completed_on",
            f"The claim states that the course was completed on {completed_on}, and the attendance list has "
            f"{entry.completed_on}: correct the date, or attach the host's confirmation.",
        )
    if entry.hours < course.hours:
        yield (
            "course.hours",
            f"The claim states {course.hours} course hours, and the attendance list has {entry.hours}: correct the "
            "hours, or attach the host's confirmation.",
        )


def registration_not_claimable(case: Case) -> Iterator[Finding]:
    """Tuition or registration, by category or by its words. Rule `chp-fee-not-claimable`."""
    check, rule = "registration-not-claimable", "chp-fee-not-claimable"
    fix = "no action needed: ask NASRO for the fee if the agency paid it"
    yield from reductions(case, check, Severity.INFO, fix)
    for expense, line in case.paid_expenses():
        words = case.law.words(rule, "fee_words", expense.date)
        word = mentions([expense.description, expense.vendor], words)
        if word is not None and expense.category != "pov_mileage":
            yield about_lines(
                case,
                check,
                rule,
                Severity.REVIEW,
                [line],
                f'{describe_lines([line])} mentions "{word}", and the COPS Office pays the course fee to NASRO '
                "directly: leave the line out if it is the fee, or describe it more clearly.",
                field="description",
            )


def cap_applied(case: Case) -> Iterator[Finding]:
    """What is allowable exceeds what is left of the officer's limit. Rule `chp-cap`."""
    totals = case.itemized.totals
    if totals.over_cap == ZERO:
        return
    within = case.itemized.within_limit
    due = within + totals.over_cap
    beyond = " beyond what was paid under the corrected claim" if due < totals.allowable else ""
    gone = list(_gone(case))
    before: Message = ""
    if gone:
        reviewers, agencies = ([reader(one) for one in gone] for reader in (for_reviewer, for_agency))
        before = Worded(f" less {listed(reviewers)}", f" less {listed(agencies)}")
    yield replace(
        about_claim(
            case,
            "cap-applied",
            "chp-cap",
            Severity.INFO,
            Where(("previously_reimbursed",), ("CAP",)),
            worded(
                f"{in_dollars(due)} is allowable{beyond}, and the officer's limit of {in_dollars(totals.cap)}",
                before,
                f" leaves {in_dollars(within)}: no action needed, the agency bears the "
                f"{in_dollars(totals.over_cap)} above it.",
            ),
        ),
        claimed=due,
        allowed=within,
        payment_effect=-totals.over_cap if not case.itemized.blocks else ZERO,
    )
    yield from stated(case, "cap-applied")


def _gone(case: Case) -> Iterator[Message]:
    """What of the limit is gone for the claim, each in words."""
    paid, known = case.itemized.totals.previously_reimbursed, case.known
    takes = known.takes if known is not None else ()
    if paid:
        yield f"{in_dollars(paid)} paid before"
    for take in takes:
        if not take.is_paid:
            other = claim_in_words(take.claim, case.claim)
            yield worded(f"{in_dollars(take.amount)} taken by ", other, Worded(" in this batch", ""))
    near = case.itemized.outside.taken - (known.taken if known is not None else ZERO)
    if near:
        yield Worded(f"{in_dollars(near)} paid for an officer who may be this one", "what may have been paid before")


def earlier_payment_differs(case: Case) -> Iterator[Finding]:
    """Stated earlier payments are not the ledger's. Rule `chp-cap`.

    What was paid for the same expenses under the claim that this one corrects is compared as well, since no claim
    subtracts it itself; and the finding names the officer's claims that NASRO has not paid yet. What was paid under
    another claim of the batch since the batch began is no difference: the agency could not know it.
    """
    check, rule = "earlier-payment-differs", "chp-cap"
    known, path = case.known, "previously_reimbursed"
    yield from stated(case, check)
    is_undecided = known is not None and known.is_undecided_on_record
    alone = "no record of payments was given; compare the earlier payments with NASRO's own"
    yield from not_asked(case, check, rule, path, alone, of_officer=is_undecided, few=alone)
    if known is None:
        return
    if known.paid_before is not None and not is_undecided:
        yield from _of_ledger(case, known, known.paid_before)
    unpaid = [claim_in_words(other, case.claim) for other in Relations(case.claim, known).unpaid]
    if unpaid:
        limit = in_dollars(case.itemized.totals.cap)
        said = worded(
            "Another claim of this officer is not paid yet, ",
            some_worded(unpaid),
            Worded(f": decide on it first, they share {limit}.", f": they share {limit}."),
        )
        yield about_claim(case, check, rule, Severity.INFO, path, said)


def _of_ledger(case: Case, known: History, paid: Decimal) -> Iterator[Finding]:
    """What the ledger has otherwise than the claim, and what it takes off for the claim that is corrected."""
    check, rule = "earlier-payment-differs", "chp-cap"
    stated_paid, itemized = case.claim.previously_reimbursed, case.itemized
    if stated_paid not in (paid, paid - known.paid_meanwhile):
        others = [other for other in known.claims if other.paid and other != known.recorded]
        award = award_key(case.claim.award.number)
        own = [other for other in others if award_key(other.award_number) == award]
        under, own_under = (
            f" (claim {some([one.claim_id for one in found])})" if found else "" for found in (others, own)
        )
        yield replace(
            about_claim(
                case,
                check,
                rule,
                Severity.ADJUSTS,
                "previously_reimbursed",
                worded(
                    f"The claim states {in_dollars(stated_paid)} as paid before, and by NASRO's ledger "
                    f"{in_dollars(paid)} was paid for the officer",
                    Worded(under, own_under),
                    ": correct the amount, ",
                    OR_THE_LEDGER,
                    ".",
                ),
            ),
            claimed=itemized.within_limit_if(paid_before=stated_paid),
            allowed=itemized.within_limit,
            payment_effect=itemized.totals.payable - itemized.payable_if(paid_before=stated_paid),
        )
    for_same = itemized.outside.paid_for_same
    beyond = itemized.totals.allowable - for_same
    severity = Severity.REVIEW if beyond < ZERO else Severity.INFO
    for finding in reductions_in_words(
        case, check, severity, lambda cut: worded(cut[0][1].why, _describe_beyond(beyond), ".")
    ):
        yield replace(finding, payment_effect=payment_effect(case, gain=for_same))


def _describe_beyond(beyond: Decimal) -> Message:
    if beyond < ZERO:
        return worded(f", which is {in_dollars(-beyond)} more than this claim gives: ", HAVE_IT_RETURNED)
    return f": no action needed, this claim gives {in_dollars(beyond)} beyond it"


def outside_award_period(case: Case) -> Iterator[Finding]:
    """The trip begins or ends outside the award period. Rule `not-allowable`."""
    award, trip = case.claim.award, case.claim.trip
    for field, what, day in (
        ("departed_at", "departure", trip.departed_on),
        ("returned_at", "return", trip.returned_on),
    ):
        if chp.is_outside_award_period(award, day):
            limits = (("begins", award.period_from), ("ends", award.period_to))
            period = " and ".join(f"{verb} on {limit}" for verb, limit in limits if limit)
            yield about_claim(
                case,
                "outside-award-period",
                "not-allowable",
                Severity.REVIEW,
                f"trip.{field}",
                f"The {what} on {day} lies outside the award period, which {period}: "
                "correct the dates, or attach the award's extension.",
            )
            return


def mou_late(case: Case) -> Iterator[Finding]:
    """The MOU was submitted too many days after the award letter. Rule `chp-mou`."""
    award = case.claim.award
    days = case.law.count("chp-mou", "days", case.claim.trip.returned_on)
    if award.mou_on is None:
        yield not_evaluated(
            case,
            "mou-late",
            "chp-mou",
            "award.mou_on",
            "Not judged: the claim does not say when the MOU was submitted; enter the date if it is known.",
        )
    elif chp.mou_is_late(award, days):
        yield about_claim(
            case,
            "mou-late",
            "chp-mou",
            Severity.INFO,
            "award.mou_on",
            f"The MOU of {award.mou_on} came more than {days} days after the award letter of {award.letter_date}: "
            "no action needed in this claim.",
        )


def retention_date(case: Case) -> Iterator[Finding]:
    """How long the documents are kept, at least. Rule `chp-retention`."""
    months = case.law.count("chp-retention", "months", case.claim.trip.returned_on)
    until = chp.keep_until(case.claim.counted_on, months)
    yield about_claim(
        case,
        "retention-date",
        "chp-retention",
        Severity.INFO,
        case.claim.counted_path,
        f"Keep all documents of this claim, not before {until} may any be thrown away; the time counts from the "
        "award's final financial report, so it may end later.",
    )


def identifier_shape(case: Case) -> Iterator[Finding]:
    """Award number, ORI or UEI of an unusual shape. Rule `chp-identifiers`."""
    agency = case.claim.agency
    stated = (
        ("award.number", "award number", "award_number_shapes", case.claim.award.number),
        ("agency.ori", "ORI", "ori_shapes", agency.ori),
        ("agency.uei", "UEI", "uei_shapes", agency.uei),
    )
    for path, what, shapes, value in stated:
        usual = case.law.words("chp-identifiers", shapes, case.claim.trip.returned_on)
        if value is not None and not chp.has_usual_shape(value, usual):
            yield about_claim(
                case,
                "identifier-shape",
                "chp-identifiers",
                Severity.INFO,
                path,
                f'The {what} "{value}" has an unusual shape: compare it with the award documents.',
            )
