"""The letter to the agency: its amounts add up, it says what to do and by when, and nothing of anybody else."""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from perdiem_calc.checks.cell_wording import describe_cell, describe_concealed, describe_input_formula, describe_shown
from perdiem_calc.checks.finding import Severity
from perdiem_calc.checks.submission import Concealed, How, Shown, StatedCell
from perdiem_calc.claims.check_ids import CHECK_IDS
from perdiem_calc.claims.documents import FingerprintKind
from perdiem_calc.history.conflicts import AS_COPY, COPY_FIX
from perdiem_calc.history.records import Attendance, Verdict
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.review.letters import SINCE_THEN, WIDTH, plain
from perdiem_calc.rules.law import load_law
from perdiem_calc.text import Worded
from tests.support.audited_claims import audited_of, not_computed, question
from tests.support.checking import Edits, moody
from tests.support.claim_data import sample
from tests.support.claims import Record, claims
from tests.support.drafted_letters import NOTHING, ON, amounts, draft, final, flat, letter, of
from tests.support.house_rules import COSTLY, ROOT
from tests.support.known_claims import ATTENDED, OTHER_COURSE, asked, earlier, seen

PAID_MORE = earlier(paid=Decimal("950.00"))


def not_allowed(text: str) -> Decimal:
    """The sum of the column on the right of the lines."""
    cells = re.findall(r"^    [NTDECPOV]+\d* +\d{4}-\d\d-\d\d .* (-?[\d,]+\.\d\d)$", text, re.MULTILINE)
    return sum((Decimal(cell.replace(",", "")) for cell in cells), NOTHING)


def adds_up(text: str) -> bool:
    """Whether claimed less every cause is what is paid, and the lines sum to their row."""
    first, *causes, last = amounts(text)
    lines = -sum((amount for label, amount in causes if label.startswith("Not allowed")), NOTHING)
    return first[1] + sum((amount for _, amount in causes), NOTHING) == last[1] and lines == not_allowed(text)


# --- the amounts ---------------------------------------------------------------------------------------------------


def test_a_claim_above_ceilings_and_limit_says_what_each_takes() -> None:
    text = letter(audited_of(sample("2026-ORL-0001"), "a.xlsx", stated="1250.00"), load_law(), ON)
    assert amounts(text) == [
        ("Claimed", Decimal("1820.56")),
        ("Not allowed, line by line below", Decimal("-78.75")),
        ("Above what is left of the officer's limit", Decimal("-741.81")),
        ("Suggested for payment", Decimal("1000.00")),
    ]
    assert adds_up(text)
    assert re.findall(r"^    N2 .*$", text, re.MULTILINE) == [
        "    N2    2026-10-05        159.00      145.00         14.00"
    ]
    assert text.count("above the ceiling of $145.00 for Orlando (41 CFR 301-11.19).") == 1
    assert "pay $1,000.00 to Jacksonville Police Department. The workbook itself states $1,250.00." in flat(text)
    assert "up to $1,000.00 for each officer, over all claims. $0.00 was paid before, as the claim states" in flat(
        text
    )
    assert "$0.00 would be left after this claim." in flat(text)


def test_a_claim_that_is_paid_in_full_has_two_rows_and_nothing_to_do() -> None:
    text = draft({}, stated={"payable": Decimal("898.68")})
    assert amounts(text) == [("Claimed", Decimal("898.68")), ("Suggested for payment", Decimal("898.68"))]
    assert "line by line" not in text
    assert "What to send" not in text
    assert "workbook itself" not in text


def test_what_was_paid_before_comes_from_the_record_where_there_is_one() -> None:
    paid = earlier("A-0", paid=Decimal("400.00"), **OTHER_COURSE)
    text = draft({}, asked(paid))
    assert "$400.00 was paid before; $0.00 would be left after this claim." in flat(text)
    assert amounts(text)[1:] == [
        ("Above what is left of the officer's limit", Decimal("-298.68")),
        ("Suggested for payment", Decimal("600.00")),
    ]


def test_a_correction_is_paid_what_it_gives_beyond_the_claim_it_corrects() -> None:
    known = asked(earlier("A-0", paid=Decimal("500.00")))
    correction = {"kind": "corrected", "replaces": "A-0"}
    assert amounts(draft(correction, known))[1:] == [
        ("Paid before for the same expenses", Decimal("-500.00")),
        ("Suggested for payment", Decimal("398.68")),
    ]


def test_a_correction_that_gives_less_asks_for_the_difference_back() -> None:
    known = asked(earlier("A-0", paid=Decimal("950.00")))
    audited = of({"kind": "corrected", "replaces": "A-0"}, known)
    assert "By the audit nothing is payable under this claim" in letter(audited, load_law(), ON)
    text = final(audited, "accept", "-51.32")
    assert "please return $51.32 to NASRO." in flat(text)
    assert amounts(text) == [
        ("Claimed", Decimal("898.68")),
        ("Paid before for the same expenses", Decimal("-950.00")),
        ("To be returned to NASRO", Decimal("-51.32")),
    ]


def test_another_amount_by_decision_is_a_row_of_its_own_with_the_reason() -> None:
    finding = question("duplicate-line", Severity.REVIEW, "Expenses!J5", message="Two lines are alike.")
    decision = FindingDecision("duplicate-line", "Expenses!J5", "Findings!I5", "adjust", "One of the taxis is paid.")
    text = final(of({}), "adjust", "850.00", (finding, decision))
    assert amounts(text)[1:] == [
        ("Decided by NASRO, for the reasons below", Decimal("-48.68")),
        ("Approved for payment", Decimal("850.00")),
    ]
    assert (
        "What NASRO decided ------------------ 1. Needs review: Two lines are alike. [Expenses!J5] Decided by NASRO: "
        "One of the taxis is paid."
    ) in flat(text)


def test_a_letter_on_a_claim_that_is_paid_asks_for_nothing() -> None:
    """What a reviewer adjusted is told, and what came up since then is not asked for."""
    folio = question("duplicate-document", Severity.BLOCKS, "Days!O5", message="Folio 77 was claimed before.")
    later = question("trips-overlap", Severity.BLOCKS, "Claim!B20", message="The trips overlap.")
    shared = FindingDecision("duplicate-document", "Days!O5", "Findings!I5", "adjust", "shared with Ana Ruiz")
    text = flat(final(of({}), "adjust", "749.00", (folio, shared), (later, None)))
    assert "Folio 77 was claimed before. [Days!O5] Decided by NASRO: shared with Ana Ruiz" in text
    for asked_for in ("What to send or fix", "Please send", "The trips overlap", "due on"):
        assert asked_for not in text


@COSTLY
@given(record=claims())
def test_of_any_claim_the_amounts_add_up_to_the_cent_and_the_lines_are_short(record: Record) -> None:
    audited = audited_of(record, "any.xlsx")
    texts = [letter(audited, load_law(), ON)]
    decided: list[tuple[Verdict, str]] = [("return", "0.00"), ("adjust", "12.34")]
    texts += [final(audited, verdict, amount) for verdict, amount in decided]
    for text in texts:
        assert adds_up(text), text
        assert max(map(len, text.splitlines())) <= WIDTH
        assert not [sign for sign in text if sign != "\n" and unicodedata.category(sign)[0] == "C"]
        assert "fraud" not in text.lower()


# --- drafts and decisions -----------------------------------------------------------------------------------------


def test_a_draft_says_that_nothing_is_decided_and_promises_nothing() -> None:
    text = draft({})
    assert text.startswith("DRAFT of 2026-11-23: nothing in it is decided yet, and nothing has been paid.\n")
    assert "The audit suggests that NASRO pay $898.68 to Floyd County Police Department." in flat(text)
    assert "approved" not in text.lower()


def test_a_decided_letter_names_the_payment_and_what_is_left() -> None:
    text = final(of({"agency.payee": "City of Floyd"}), "accept", "898.68", payment_number="CK-7")
    assert text.startswith("Decision of 2026-11-23.\n")
    assert "NASRO has approved $898.68 for payment to City of Floyd (payment number CK-7)." in flat(text)
    assert "$101.32 is left after this claim." in flat(text)
    assert "DRAFT" not in text
    assert "(payment number" not in final(of({}), "accept", "898.68")


def test_nothing_payable_is_said_so() -> None:
    full = earlier("A-0", paid=Decimal("1000.00"), **OTHER_COURSE)
    audited = of({}, asked(full))
    why = "nothing is payable under this claim; the amounts below say why."
    assert f"By the audit {why}" in letter(audited, load_law(), ON)
    assert why.capitalize() in final(audited, "accept", "0.00")


def test_a_claim_that_goes_back_says_what_is_payable_once_fixed() -> None:
    text = draft({"attachments.certificate": "missing"})
    assert "The audit suggests that NASRO return this claim unpaid." in text
    assert "$898.68 is payable on what is claimed now." in flat(text)
    assert amounts(text)[1:] == [
        ("Not paid until fixed, as explained below", Decimal("-898.68")),
        ("Suggested for payment", NOTHING),
    ]
    assert " 1. Documentation gap: The course certificate is not attached: attach it" in text


BARRED = {"attachments.certificate": "missing"}
NO_FOLIO = {"lodging[0].receipt": None}


def test_what_was_cut_for_lack_of_a_document_counts_once_that_is_sent() -> None:
    """The night of $98.00 and its tax of $12.74 are cut: $787.94 is payable without the bar, not $898.68."""
    text = flat(draft(BARRED | NO_FOLIO))
    assert (
        "return this claim unpaid. By what is documented so far, $787.94 is payable once the claim is no longer "
        "barred; an amount that was cut because a document is missing counts once that document is sent."
    ) in text
    assert "Once everything" not in text


def test_where_the_limit_is_reached_without_the_document_nothing_more_is_promised() -> None:
    """$400.00 was paid before: $600.00 is left, and payable with the folio or without."""
    text = flat(draft(BARRED | NO_FOLIO | {"previously_reimbursed": "400.00"}))
    assert "Once everything below is sent or fixed, $600.00 is payable on what is claimed now." in text


def test_a_claim_that_nothing_can_mend_promises_no_payment() -> None:
    text = draft({"course.outcome": "failed"})
    assert "Nothing that is added or corrected can make it payable." in flat(text)
    assert ("Not payable, as explained below", Decimal("-898.68")) in amounts(text)
    assert " 1. Not payable as submitted: The course was not completed (failed)" in text


def test_what_was_looked_at_and_is_well_is_not_asked_for_again_and_what_was_corrected_is_told() -> None:
    late, rate = question("claim-late", Severity.REVIEW, message="It came late."), question(
        "lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I5", message="The ceiling is $113.00."
    )  # fmt: skip
    fine = [(one, FindingDecision(one.check, str(one.where), "Findings!I5", "accept", "")) for one in (late, rate)]
    audited = replace(of({}), findings=(late, rate))
    before, after = letter(audited, load_law(), ON), final(audited, "accept", "898.68", *fine)
    assert "Needs review: It came late." in before
    assert "It came late." not in after
    assert "What was corrected\n------------------\n 1. The ceiling is $113.00. [Days!I5]" in after
    assert "What to send" not in after
    back = final(audited, "return", "0.00", (rate, replace(fine[1][1], verdict="return", reason="Build it anew.")))
    assert "What to send or fix\n-------------------\n 1. The ceiling is $113.00. [Days!I5] Decided" in back


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 12, 6), "It is due on December 6, 2026, 30 days after the course was completed."),
        (date(2026, 12, 5), "It is due on December 6, 2026, 30 days after the course was completed."),
        (
            date(2026, 12, 7),
            "The 30 days after the course was completed ended on December 6, 2026: send it as soon as you can.",
        ),
    ],
)
def test_it_says_by_when_and_to_whom(on: date, said: str) -> None:
    """The course was completed on 2026-11-06."""
    text = flat(draft({"attachments.mileage_log": "missing"}, on=on))
    assert f"Please send it to NASRO, in answer to this letter, and name claim 2026-MDY-0007. {said}" in text


def test_a_claim_that_goes_back_is_asked_for_as_a_corrected_one() -> None:
    """The ledger has a claim of that id then, and takes no other of the same."""
    text = flat(draft({"attachments.certificate": "missing"}, on=date(2026, 12, 5)))
    assert (
        "Please send it to NASRO as a corrected claim: choose corrected under Kind, give it a claim id of its own, "
        "and name 2026-MDY-0007 as the claim that it goes with. It is due on December 6, 2026"
    ) in text


NOTHING_TO_SEND = "Nothing needs to be sent in answer to this letter: NASRO decides on the other one."


@pytest.mark.parametrize(
    "known", [{"copy_of": "inbox/other.xlsx"}, {"corrected_by": earlier("OWN-8", kind="corrected", source="x.xlsx")}]
)
def test_for_a_claim_that_another_one_stands_for_nothing_is_asked(known: Any) -> None:
    text = flat(draft({}, asked(**known), on=date(2026, 12, 7)))
    assert f"{NOTHING_TO_SEND} Sincerely," in text
    assert "Not payable, as explained below" in text
    assert "Please send" not in text


AGAIN = (
    "If it is to be paid, please send it again as described above, with a claim id of its own. "
    "It is due on December 6, 2026"
)


@pytest.mark.parametrize(
    ("edits", "other", "said"),
    [
        (
            {"kind": "corrected", "replaces": "A-3"},
            earlier("A-5", kind="corrected", replaces="A-3", award_number=moody()["award"]["number"]),
            "Claim A-3 was corrected already, by your claim A-5: name that one as the claim that this one goes with.",
        ),
        (
            {},
            earlier(award_number=moody()["award"]["number"]),
            "by your claim A-1: if this claim corrects or supplements that one, say so and name it.",
        ),
    ],
)
def test_a_claim_beside_another_is_sent_again_as_its_finding_says(edits: Edits, other: Any, said: str) -> None:
    """The claim to name is the other one, which the finding names, and never this one."""
    text = flat(draft(edits, asked(other)))
    assert said in text
    assert AGAIN in text
    assert "name 2026-MDY-0007" not in text


def test_without_a_completion_date_the_days_are_named() -> None:
    text = draft({"course.completed_on": None})
    assert "A claim is due within 30 days after the course is completed." in flat(text)


def test_a_claim_that_cannot_be_read_is_answered_by_the_name_of_its_file() -> None:
    text = letter(not_computed("C:\\in box\\reyes.xlsx"), load_law(), ON)
    assert "The agency that sent reyes.xlsx" in text
    assert "The claim cannot be computed as submitted, so nothing is payable yet." in text
    assert " 1. Not payable as submitted: Room rate is no amount: type it like 159.00." in text
    assert "[Days!K5]" in text
    assert "Please send the fixed workbook to NASRO, in answer to this letter." in text
    assert amounts(text) == []


def test_a_claim_that_is_read_but_not_computed_has_its_heading() -> None:
    found = question("rate-unresolved", Severity.BLOCKS, path="trip.stops[0].place", message="No rate is known.")
    text = letter(replace(of({}), itemized=None, findings=(found,)), load_law(), ON)
    assert "Claim    2026-MDY-0007" in text
    assert "Not payable as submitted: No rate is known." in text
    assert "trip.stops" not in text


# --- what is not this agency's -------------------------------------------------------------------------------------

TAXI = {
    "expenses[+]": {"date": "2026-11-02", "category": "taxi", "amount": "20.00", "receipt": "TX-553311"},
}


def test_another_agencys_claim_is_another_claim_and_the_agencys_own_is_named() -> None:
    foreign = earlier("XX-SECRET-9", officer="Robin Hidden", award_number="2025ULWX0999", agency="Hidden County")
    text = draft(TAXI, asked(sightings=seen(TAXI, "receipt", foreign)))
    assert "receipt TX553311 was claimed before, in another claim: leave it out" in flat(text)
    for secret in ("XX-SECRET-9", "Robin", "2025ULWX0999", "Hidden"):
        assert secret not in text
    award = moody()["award"]["number"]
    own = earlier("OWN-7", officer="Robin Known", award_number=award.lower(), source="inbox/own.xlsx")
    text = draft(TAXI, asked(sightings=seen(TAXI, "receipt", own)))
    assert "was claimed before, in your claim OWN-7: leave it out" in flat(text)
    assert "own.xlsx" not in text
    assert "Robin Known" not in text


def test_nobody_else_on_the_roster_is_named() -> None:
    text = draft(
        {}, asked(on_roster=False, near_on_roster=("Avery Oneill, award 2024XX", "Kim O'Neal, award 2026YY"))
    )
    assert "is not on the roster: correct the name or the award number" in flat(text)
    assert "Avery Oneill" not in text
    assert "2026YY" not in text


def test_nobody_else_on_an_attendance_list_is_named() -> None:
    others = (replace(ATTENDED, agency="Hidden County Sheriff"), replace(ATTENDED, officer="Avery Oneill"))
    text = draft({}, asked(attendance=Attendance(has_class=True, near=others)))
    assert "Avery O'Neal is not on the attendance list of class NB-MOO-26: correct the name" in flat(text)
    assert "Hidden" not in text
    assert "Oneill" not in text


def test_what_the_agency_explained_is_quoted_to_it() -> None:
    prior = {"officer.prior_basic_course_on": "2026-05-04", "explanations": {"prior-course": "It was in 2016."}}
    assert 'You explain: "It was in 2016.".' in flat(draft(prior))


def test_no_file_of_nasros_is_named() -> None:
    text = draft({}, asked(copy_of="/home/ann/inbox/copy of moody.xlsx"))
    assert "This very claim is in another file too, and is decided on there: leave this one out." in flat(text)
    assert "ann" not in text.replace("annot", "")


@pytest.mark.parametrize(
    ("check", "message", "said"),
    [
        (
            "trips-overlap",
            "overlaps claim XX-9 of Robin Hid (Lee)",
            "The travel overlaps other travel of the officer.",
        ),
        (
            "claim-resubmitted",
            "A-1 was claimed by claim XX-9",
            "The claim, or a part of it, is in another claim too.",
        ),
        (
            "claim-resubmitted",
            f"{AS_COPY}in/x (2).xlsx{COPY_FIX}",
            "The same claim, or its correction, is in another file: nothing to do, NASRO decides on that one.",
        ),
        ("not-on-roster", "near it: Robin Hid (Lee), award 2025X", "The officer is not on the roster."),
        ("prior-course", "An earlier course.", "An earlier course."),
    ],
)
def test_what_a_copy_says_of_others_is_not_told_either(check: str, message: str, said: str) -> None:
    """A copy keeps the reviewer's sentence, and not the facts: the letter names only what it is about."""
    decided = FindingDecision(check, "Claim!B20", "Findings!I5", "return", "Not twice.", message)
    text = flat(final(of({}), "return", "0.00", besides=(decided,)))
    assert f"1. {said}" in text
    assert "Decided by NASRO: Not twice." in text
    for secret in ("XX-9", "Robin", "2025", "Lee", "xlsx"):
        assert secret not in text


def test_every_check_that_names_another_claim_has_words_for_when_it_is_no_more() -> None:
    """By the functions that word another claim, and the ids of checks in them."""
    found: set[str] = set()
    for path in [
        *(ROOT / "perdiem_calc" / "checks").glob("*.py"),
        ROOT / "perdiem_calc" / "history" / "conflicts.py",
    ]:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                inside = [*ast.walk(function)]
                if any(isinstance(one, ast.Name) and one.id == "claim_in_words" for one in inside):
                    found |= {str(one.value) for one in inside if isinstance(one, ast.Constant)} & set(CHECK_IDS)
                    found |= {function.name.replace("_", "-")} & set(CHECK_IDS)
    assert found >= {"second-payee-vehicle", "shared-room-split", "duplicate-line", "trips-overlap"}
    assert found <= SINCE_THEN.keys()


def test_the_claim_that_corrects_this_one_is_the_agencys_own() -> None:
    correction = earlier("OWN-8", kind="corrected", award_number=moody()["award"]["number"], source="x/own.xlsx")
    text = draft({}, asked(corrected_by=correction))
    assert "This claim is corrected by your claim OWN-8: nothing to do, NASRO decides on that one." in flat(text)


def test_a_payment_that_is_stated_otherwise_is_corrected_or_told_to_nasro() -> None:
    text = flat(draft({}, asked(earlier("A-0", paid=Decimal("400.00"), **OTHER_COURSE))))
    assert (
        "by NASRO's ledger $400.00 was paid for the officer (claim A-0): correct the amount, or tell NASRO which "
        "payment its ledger lacks." in text
    )
    # 950.00 was paid before for what gives 898.68.
    more = draft({"kind": "corrected", "replaces": "A-1", "previously_reimbursed": "950.00"}, asked(PAID_MORE))
    assert "$51.32 more than this claim gives: return it to NASRO." in flat(more)


@pytest.mark.parametrize("how", ["typed", "formula", "changed"])
def test_a_cell_that_nasro_corrected_is_left_to_the_workbook_the_next_time(how: How) -> None:
    """$113.00 is typed, or given by another formula, where the rules give $98.00; or a figure was changed to it."""
    cell = StatedCell(
        "lodging_ceiling",
        "the ceiling",
        "Days!I5",
        Decimal("98.00"),
        stated=Decimal("113.00"),
        how=how,
        formula="=113",
    )
    finding = replace(
        question("lodging-rate-not-in-force", Severity.ADJUSTS, "Days!I5"),
        to_agency=describe_cell("lodging-rate-not-in-force", cell, None).agency,
    )
    text = flat(letter(replace(of({}, asked()), findings=(finding,)), load_law(), ON))
    assert ": leave this cell as the form has it in the next one that you send." in text
    assert not any(word in text for word in ("put the", "a new form", "nobody fills"))


def test_a_name_that_was_moved_stays_where_it_is_the_next_time() -> None:
    cell = StatedCell("payable", "payable", "Claim!H80", "Claim!H70", stated="Claim!H71", how="moved")
    finding = replace(
        question("formula-overwritten", Severity.ADJUSTS, "Claim!H80"), to_agency=describe_cell("", cell, None).agency
    )
    text = flat(letter(replace(of({}, asked()), findings=(finding,)), load_law(), ON))
    assert "belongs to Claim!H70: leave its names (Formulas, Name Manager) as the form has them in the next" in text


SEEN = StatedCell("payable", "payable", "Claim!G5", Decimal("98.00"), stated=Decimal("113.00"), formula="=90+8")


@pytest.mark.parametrize(
    ("message", "clerk_is_told"),
    [
        (
            describe_shown(Shown((SEEN,), ("Claim!G5",), SEEN)),
            ": let your program compute all of the next one that you send.",
        ),
        (describe_input_formula(SEEN), ": type the value itself in the next one that you send."),
        (
            describe_concealed(Concealed(SEEN, ("Claim!G5",), "it is white")),
            ": let the next one that you send show what",
        ),
    ],
)
def test_what_a_workbook_shows_is_for_nasro_to_compare_and_for_the_clerk_to_show(
    message: Worded, clerk_is_told: str
) -> None:
    finding = replace(question("cell-display", Severity.REVIEW, "Claim!G5"), to_agency=message.agency)
    text = flat(letter(replace(of({}, asked()), findings=(finding,)), load_law(), ON))
    assert clerk_is_told in text
    assert not any(word in text for word in ("compare it", "open the workbook", "ask for a workbook"))


def test_a_text_of_the_submission_stays_on_its_line_and_turns_no_writing() -> None:
    """No field of a claim holds such a text; what a workbook's cell states, and a finding repeats, may."""
    said = "Lee\u202eCounty\nApproved for payment   $9.00"
    finding = replace(question("formula-overwritten", Severity.ADJUSTS, "Claim!H80"), message=said)
    text = letter(replace(of({}, asked()), findings=(finding,)), load_law(), ON)
    assert "LeeCounty Approved for payment $9.00" in text
    assert ("Approved for payment", Decimal("9.00")) not in amounts(text)
    assert plain("a\tb\u2028c") == "a b c"


FOREIGN = earlier("XX-9", officer="Robin Hidden", award_number="2025ULWX0999", agency="Hidden County")
PLATES: Edits = {"expenses[0].plate": "GA 771-KX", "expenses[1].plate": "GA 771-KX"}


@pytest.mark.parametrize(
    ("edits", "kind", "for_reviewer", "for_agency"),
    [
        (
            TAXI,
            "receipt",
            "was claimed before, in claim XX-9 of Robin Hidden (travel 2026-11-02 to 2026-11-06, recorded "
            "2026-11-10): find out whether it is one document, and leave it out if so.",
            "was claimed before, in another claim: find out whether it is one document, and leave it out if so.",
        ),
        (
            PLATES,
            "plate",
            "in claim XX-9 of Robin Hidden (travel 2026-11-02 to 2026-11-06, recorded 2026-11-10): find out "
            "whether it is one vehicle, since one is paid for each.",
            "another officer claims mileage of what may be the same vehicle on that day, in another claim: tell "
            "NASRO whether it is one vehicle, since one is paid for each.",
        ),
    ],
)
def test_what_may_be_one_document_or_vehicle_is_asked_of_each_reader_in_their_words(
    edits: Edits, kind: FingerprintKind, for_reviewer: str, for_agency: str
) -> None:
    sightings = seen(edits, kind, FOREIGN)
    audited = of(edits, asked(alike=sightings))
    said = [one for one in audited.findings if one.to_agency and one.severity is Severity.REVIEW]
    assert sightings
    assert said
    assert said[0].message.endswith(for_reviewer)
    assert said[0].agency_message.endswith(for_agency)
    text = flat(letter(audited, load_law(), ON))
    assert for_agency in text
    assert "Robin" not in text
