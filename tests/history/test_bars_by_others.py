"""What stands against a claim from outside, in its amounts: bars, blocks, and payments by the ledger's figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Outcome
from perdiem_calc.claims.documents import FingerprintKind
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import Relations, claim_in_words, outside_of
from perdiem_calc.history.records import EarlierClaim, History, NearMatch, Sighting, Take
from perdiem_calc.ledger import Entry
from perdiem_calc.rates.model import RateSource
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.chp import Block
from perdiem_calc.rules.itemize import as_record, itemize
from perdiem_calc.rules.outside import NOTHING, Bar, Outside
from perdiem_calc.text import Worded
from tests.support import claims as random_claims
from tests.support.checking import Edits
from tests.support.house_rules import COSTLY
from tests.support.known_claims import BOOK, FOLIO, OTHER_COURSE, PLATES, asked, earlier, seen, stated
from tests.support.ledgers import begun, claim, course_on
from tests.support.strategies import claims

BAR = Bar("duplicate-document", "receipts", "folio 88213 was claimed before: leave it out", "receipt")
BLOCK = Block("trips-overlap", "chp-itemized-claim", "trip.departed_at", "Two trips: correct one.")


def amounts(edits: Edits, outside: Outside, law: Law, ratebook: RateSource) -> dict[str, str]:
    """What each line that is not whole is allowed, and what is payable."""
    itemized = itemize(stated(edits), ratebook, law, outside=outside)
    cut = {line.id: str(line.amount_allowed) for line in itemized.lines if line.amount_allowed != line.amount_claimed}
    return cut | {"payable": str(itemized.totals.payable)}


def test_a_barred_night_is_paid_nothing_nor_is_its_tax(law: Law, ratebook: RateSource) -> None:
    itemized = itemize(stated({}), ratebook, law, outside=Outside({"N2": BAR}))
    night, tax = itemized.line("N2"), itemized.line("T2")
    assert (night.amount_allowed, tax.amount_allowed) == (Decimal("0.00"), Decimal("0.00"))
    assert [(step.check, step.why, step.field) for step in night.steps] == [(BAR.check, BAR.why, "receipt")]
    assert [step.why for step in tax.steps] == ["the night itself is not paid, so neither is its tax"]
    assert night.rule == "receipts"
    # 898.68 - 98.00 - 12.74
    assert itemized.totals.payable == Decimal("787.94")
    assert itemized.totals.not_allowable == itemized.totals.agency_share == Decimal("110.74")


def test_a_barred_expense_is_paid_nothing(law: Law, ratebook: RateSource) -> None:
    bar = Bar("second-payee-vehicle", "pov-one-payee", "one is paid for each vehicle: leave it out", "plate")
    assert amounts({}, Outside({"E1": bar}), law, ratebook) == {"E1": "0.00", "payable": "823.82"}


def test_a_barred_day_is_paid_no_mie(law: Law, ratebook: RateSource) -> None:
    bar = Bar("claim-resubmitted", "mie-first-last-day", "it was claimed before", "mie_paid.2026-11-03")
    assert amounts({}, Outside({"D2": bar}), law, ratebook) == {"D2": "0.00", "payable": "830.68"}
    line = itemize(stated({}), ratebook, law, outside=Outside({"D2": bar})).line("D2")
    assert line.reason == "a full day at the standard rate's $68.00; it was claimed before"
    assert [(step.check, step.field) for step in line.steps] == [(bar.check, bar.field)]


def test_a_barred_day_of_which_nothing_is_claimed_says_nothing(law: Law, ratebook: RateSource) -> None:
    """The agency states that it paid no M&IE for the day; 68.00 less is payable without any bar."""
    bar = Bar("claim-resubmitted", "mie-first-last-day", "it was claimed before")
    edits: Edits = {"mie_paid": {"2026-11-03": "0.00"}}
    line = itemize(stated(edits), ratebook, law, outside=Outside({"D2": bar})).line("D2")
    assert [step.check for step in line.steps] == ["mie-over-paid"]


def test_what_the_claim_itself_bars_is_said_first(law: Law, ratebook: RateSource) -> None:
    twice: Edits = {
        "expenses": [
            {"date": "2026-11-03", "category": "other", "amount": "20.00", "receipt": "B-5512", "description": "book"}
        ] * 2,
        "lodging[3].night": "2026-11-06",
    }  # fmt: skip
    outside = Outside({"E2": BAR._replace(why="from outside"), "N4": BAR})
    itemized = itemize(stated(twice), ratebook, law, outside=outside)
    assert [step.why[:16] for step in itemized.line("E2").steps] == ["receipt B-5512 i"]
    assert [step.check for step in itemized.line("N4").steps] == ["lodging-night-not-in-trip"]


def test_a_credit_of_a_barred_line_takes_nothing_more(law: Law, ratebook: RateSource) -> None:
    edits: Edits = {"credits": [{"source": "Hotel", "amount": "8.00", "line": "N2"}]}
    assert amounts(edits, Outside({"N2": BAR}), law, ratebook) == {
        "N2": "0.00", "T2": "0.00", "payable": "787.94"
    }  # fmt: skip


@pytest.mark.parametrize("line", ["N5", "E3", "E0", "D6", "D0", "T1", "CAP", "n1"])
def test_a_bar_of_a_line_that_is_not_there_is_a_mistake_of_the_program(
    line: str, law: Law, ratebook: RateSource
) -> None:
    with pytest.raises(ValueError, match=line):
        itemize(stated({}), ratebook, law, outside=Outside({line: BAR}))


def test_blocks_from_outside_stand_beside_the_claims_own(law: Law, ratebook: RateSource) -> None:
    itemized = itemize(stated({"course.hours": 39}), ratebook, law, outside=Outside(blocks=(BLOCK,)))
    assert [block.check for block in itemized.blocks] == ["wrong-course", "trips-overlap"]
    totals = itemized.totals
    assert (totals.payable, totals.payable_if_mended) == (Decimal("0.00"), Decimal("898.68"))
    never = replace(BLOCK, fixable=False)
    assert itemize(stated({}), ratebook, law, outside=Outside(blocks=(never,))).totals.payable_if_mended == 0


def test_what_was_paid_counts_as_the_ledger_says(law: Law, ratebook: RateSource) -> None:
    """1,000.00 less 400.00; the claim states 950.00."""
    outside = Outside(paid_before=Decimal("400.00"))
    itemized = itemize(stated({"previously_reimbursed": "950.00"}), ratebook, law, outside=outside)
    totals = itemized.totals
    assert (totals.previously_reimbursed, totals.payable, totals.over_cap) == (
        Decimal("400.00"), Decimal("600.00"), Decimal("298.68"),
    )  # fmt: skip
    assert itemized.lines[-1].amount_allowed == Decimal("-298.68")
    assert itemized.payable_if(paid_before=Decimal("950.00")) == Decimal("50.00")
    assert itemize(stated({}), ratebook, law, outside=Outside(paid_before=Decimal("0.00"))).totals == itemize(
        stated({}), ratebook, law
    ).totals  # fmt: skip


def test_a_correction_is_paid_beyond_what_was_paid_for_the_same(law: Law, ratebook: RateSource) -> None:
    """898.68 less 400.00; NASRO bears all of it, so the agency bears nothing."""
    outside = Outside(paid_before=Decimal("400.00"), paid_for_same=Decimal("400.00"))
    itemized = itemize(stated({}), ratebook, law, outside=outside)
    totals = itemized.totals
    assert (totals.payable, totals.agency_share, totals.over_cap) == (
        Decimal("498.68"), Decimal("0.00"), Decimal("0.00"),
    )  # fmt: skip
    cap = itemized.lines[-1]
    assert (cap.amount_allowed, cap.reason) == (
        Decimal("-400.00"),
        "$400.00 was paid under the claim that this one corrects",
    )
    assert totals.allowable + cap.amount_allowed == totals.payable


def test_a_correction_that_gives_less_than_was_paid_pays_nothing(law: Law, ratebook: RateSource) -> None:
    outside = Outside(paid_before=Decimal("950.00"), paid_for_same=Decimal("950.00"))
    totals = itemize(stated({}), ratebook, law, outside=outside).totals
    assert {totals.payable, totals.agency_share, totals.over_cap} == {Decimal(0)}


def test_a_claim_may_be_itemized_with_more_than_what_is_known(law: Law, ratebook: RateSource) -> None:
    parsed = stated({})
    around = outside_of(parsed, asked(earlier()), law)
    more = replace(around, blocks=(*around.blocks, BLOCK), bars={"N1": BAR})
    found = audit(itemize(parsed, ratebook, law, outside=more), ratebook, law, known=asked(earlier()))
    assert {"claim-resubmitted", "duplicate-document"} <= {one.check for one in found}
    assert not NOTHING.has_all_of(Outside({"N1": BAR}))


MOST = st.sampled_from(["0.00", "0.01", "250.00", "898.68", "1000.00", "1250.00"]).map(Decimal)


@given(claims(), MOST, MOST)
def test_causes_and_lines_add_up_with_what_the_ledger_says(
    law: Law, ratebook: RateSource, data: dict[str, Any], paid: Decimal, same: Decimal
) -> None:
    parsed = parse_claim(data)
    outside = Outside(paid_before=paid, paid_for_same=min(paid, same))
    itemized = itemize(parsed, ratebook, law, outside=outside)
    totals, cap = itemized.totals, itemized.lines[-1]
    assert totals.over_ceiling + totals.not_allowable + totals.over_cap == totals.agency_share
    assert totals.over_cap >= 0
    assert totals.allowable + cap.amount_allowed == itemized.within_limit <= max(Decimal(0), 1000 - paid)
    for line in (line for line in itemized.lines if line.steps):
        assert line.steps[-1].after - line.steps[0].before == sum(step.effect for step in line.steps)


@COSTLY
@given(random_claims.claims())
def test_asked_and_nothing_found_changes_no_amount_and_questions_nothing(
    law: Law, ratebook: RateSource, data: dict[str, Any]
) -> None:
    parsed = parse_claim(data)
    as_of = date(2026, 12, 31)
    alone = itemize(parsed, ratebook, law, as_of=as_of)
    before = [one for one in audit(alone, ratebook, law) if one.outcome is Outcome.QUESTIONED]
    paid = parsed.previously_reimbursed
    for known in (History("new"), History("new", on_roster=True), History("new", paid_before=paid, on_roster=True)):
        around = outside_of(parsed, known, law)
        assert (around.bars, around.blocks) == ({}, ())
        if known.paid_before and parsed.kind == "corrected":
            continue  # What was paid before the ledger was begun is taken off a correction.
        itemized = itemize(parsed, ratebook, law, as_of=as_of, outside=around)
        assert as_record(itemized) == as_record(alone)
        found = audit(itemized, ratebook, law, known=known)
        assert [one for one in found if one.outcome is Outcome.QUESTIONED] == before


# --- in full: what a clerk and an agency read, and the field that they go to ----------------------------------------

AT = "claim {} of {} (travel 2026-11-02 to 2026-11-06, recorded 2026-11-10)"
OFFICER = "Avery O'Neal"
DANA = earlier("B-1", officer="Dana Cole", award_number="2026ULWX0099")
SAME_ID = ": give this one an id of its own, and say that it corrects that one."


@pytest.mark.parametrize(
    ("other", "agency_reads"),
    [
        (earlier("B-1"), "your claim B-1"),
        (earlier("B-1", award_number="2026-ulwx 0021"), "your claim B-1"),
        (earlier("B-1", award_number="2026ULWX0022"), "another claim"),
    ],
    ids=["its own", "its own, spelled otherwise", "another agency's"],
)
def test_an_agency_reads_no_more_of_another_than_that_there_is_one(other: EarlierClaim, agency_reads: str) -> None:
    assert claim_in_words(other, stated({})) == Worded(AT.format("B-1", OFFICER), agency_reads)


@pytest.mark.parametrize(
    ("edits", "known", "path", "before", "other", "after"),
    [
        pytest.param(
            {},
            asked(earlier("2026-mdy-0007")),
            "claim_id",
            "Another claim has the same id, ",
            "2026-mdy-0007",
            SAME_ID,
            id="the same id",
        ),
        pytest.param(
            {},
            asked(earlier("2026-MDY-0007", verdict="return")),
            "claim_id",
            "A claim of this id was sent back, ",
            "2026-MDY-0007",
            SAME_ID,
            id="the same id, sent back",
        ),
        pytest.param(
            {},
            History("new", corrected_by=earlier("B-1")),
            "claim_id",
            "This claim is corrected by ",
            "B-1",
            (
                ": decide on that one; this one is not paid in addition.",
                ": nothing to do, NASRO decides on that one.",
            ),
            id="its correction",
        ),
        pytest.param(
            {"kind": "corrected", "replaces": "a-1"},
            asked(
                earlier("A-1", superseded_by="A-2"),
                earlier("A-2", kind="corrected", replaces="A-1", number=2),
            ),
            "replaces",
            "Claim A-1 was corrected already, by ",
            "A-2",
            ": name that one as the claim that this one goes with.",
            id="a second correction",
        ),
        pytest.param(
            {},
            asked(earlier("B-1")),
            "kind",
            "The course of 2026-11-02 to 2026-11-06 was claimed for this officer before, by ",
            "B-1",
            ": if this claim corrects or supplements that one, say so and name it.",
            id="the same course",
        ),
    ],
)
def test_a_rival_in_full(
    edits: Edits, known: History, path: str, before: str, other: str, after: str | tuple[str, str], law: Law
) -> None:
    to_reviewer, to_agency = (after, after) if isinstance(after, str) else after
    why = Worded(
        f"{before}{AT.format(other, OFFICER)}{to_reviewer}",
        f"{before}your claim {other}{to_agency}",
    )
    (rival,) = Relations(stated(edits), known).rivals
    assert (rival.claim.claim_id, rival.path, rival.why) == (other, path, why)
    (block,) = outside_of(stated(edits), known, law).blocks
    assert block == Block("claim-resubmitted", "chp-itemized-claim", path, why.reviewer, to_agency=why.agency)


def test_each_rival_is_one_of_its_own() -> None:
    """One has the same id, and two are for the same course: none hides another."""
    known = asked(earlier("2026-MDY-0007", **OTHER_COURSE), earlier("B-1", number=2), earlier("B-2", number=3))
    rivals = Relations(stated({}), replace(known, corrected_by=earlier("C-1", source="c.json"))).rivals
    assert [(one.claim.claim_id, one.path) for one in rivals] == [
        ("2026-MDY-0007", "claim_id"),
        ("C-1", "claim_id"),
        ("B-1", "kind"),
        ("B-2", "kind"),
    ]


FOLIO_SEEN = "folio 88213 was claimed before, in "
PLATE_SEEN = "mileage of the vehicle GA771KX on that day is claimed by another officer, in "


@pytest.mark.parametrize(
    ("sightings", "line", "bar", "said", "fix"),
    [
        pytest.param(
            seen(FOLIO, "folio", DANA),
            "N1",
            ("duplicate-document", "receipts", "receipt"),
            FOLIO_SEEN,
            ": leave it out; if the officers shared the room, each names the other in the claim, and how many shared "
            "it",
            id="a folio of another officer",
        ),
        pytest.param(
            seen(FOLIO, "folio", DANA, same_sro=True),
            "N1",
            ("duplicate-document", "receipts", "receipt"),
            FOLIO_SEEN,
            ": leave it out; if it carries another cost too, correct that claim instead",
            id="a folio of the same officer",
        ),
        pytest.param(
            seen(BOOK, "receipt", DANA),
            "E3",
            ("duplicate-document", "receipts", "receipt"),
            "receipt B5512 was claimed before, in ",
            ": leave it out, or correct the number",
            id="a receipt of another officer",
        ),
        pytest.param(
            seen(PLATES, "vehicle", DANA),
            "E1",
            ("second-payee-vehicle", "pov-one-payee", "plate"),
            PLATE_SEEN,
            ", and one is paid for each vehicle: leave it out, or correct the plate",
            id="a vehicle",
        ),
    ],
)
def test_a_bar_in_full(
    sightings: tuple[Sighting, ...], line: str, bar: tuple[str, str, str], said: str, fix: str, law: Law
) -> None:
    edits = FOLIO | BOOK | PLATES
    check, rule, field = bar
    why = Worded(f"{said}{AT.format('B-1', 'Dana Cole')}{fix}", f"{said}another claim{fix}")
    assert outside_of(stated(edits), asked(sightings=sightings), law).bars[line] == Bar(check, rule, why, field)


def test_the_field_of_a_document_seen_before_is_its_own(law: Law) -> None:
    """The expense has a ticket and a receipt: the one that was seen is what a clerk corrects."""
    air = {"date": "2026-11-02", "category": "airfare", "amount": "70.00", "ticket": "016 2345678901"}
    edits = {"expenses": [air | {"receipt": "B-5512"}]}
    kinds: tuple[FingerprintKind, ...] = ("ticket", "receipt")
    for kind in kinds:
        known = asked(sightings=seen(edits, kind, DANA))
        assert outside_of(stated(edits), known, law).bars["E1"].field == kind


@pytest.mark.parametrize(
    ("near", "said"),
    [((), ""), (("Avery Oneill, award 1",), " (near it: Avery Oneill, award 1)")],
    ids=["nobody near", "one near"],
)
def test_who_is_not_on_the_roster_in_full(near: tuple[str, ...], said: str, law: Law) -> None:
    """The agency is not told who else is on it."""
    known = asked(on_roster=False, near_on_roster=near)
    who = "The officer Avery O'Neal, award 2026ULWX0021, is not on the roster"
    fix = ": correct the name or the award number, or have NASRO decide whether the position is funded."
    to_agency = f"{who}{fix}" if said else ""
    assert outside_of(stated({}), known, law).blocks == (
        Block("not-on-roster", "chp-cap", "officer.name", f"{who}{said}{fix}", to_agency=to_agency),
    )


def test_a_copy_in_full(law: Law) -> None:
    (block,) = outside_of(stated({}), History("new", copy_of="b.json"), law).blocks
    said = "This very claim is in {} too, and is decided on there: leave this one out."
    assert block == Block(
        "claim-resubmitted",
        "chp-itemized-claim",
        "claim_id",
        said.format("b.json"),
        to_agency=said.format("another file"),
    )


def test_what_was_paid_for_who_may_be_this_officer_and_what_others_take_are_gone_together(law: Law) -> None:
    """$300.00 for one near and $100.00 taken: $400.00; where the claim's own statement counts, less its $50.00."""
    near = (NearMatch(7, "2026ULWX0021", "Avery Oneill", "same award", Decimal("300.00")),)
    takes = (Take(earlier("C-1", source="c.json"), Decimal("100.00")),)
    claim_of_50 = stated({"previously_reimbursed": "50.00"})
    new = asked(standing="undecided", near=near, takes=takes)
    assert outside_of(claim_of_50, new, law) == Outside(taken=Decimal("350.00"))
    on_record = replace(new, paid_before=Decimal("20.00"), spellings=(earlier().key,))
    assert outside_of(claim_of_50, on_record, law) == Outside(paid_before=Decimal("20.00"), taken=Decimal("400.00"))


def test_nothing_known_is_nothing_against_it(law: Law) -> None:
    assert outside_of(stated({}), History("new"), law) == NOTHING


AMOUNTS = st.integers(0, 130000).map(lambda cents: f"{max(1, cents) // 100}.{max(1, cents) % 100:02}")
STEPS = st.lists(
    st.tuples(st.sampled_from(["original", "corrected", "supplemental"]), AMOUNTS), min_size=1, max_size=6
)


@settings(max_examples=12)
@given(STEPS)
def test_what_is_payable_with_the_ledger_is_what_the_ledger_pays(
    law: Law, ratebook: RateSource, steps: list[tuple[str, str]]
) -> None:
    """Claims of one officer, one after the other: each correction or supplement goes with the one before it.

    Each claims one book; a day's trip without times earns nothing else.
    """
    with TemporaryDirectory() as folder, begun(str(Path(folder) / "l.sqlite"), law) as ledger:
        last, day = "", ""
        for number, (kind, amount) in enumerate(steps):
            if kind == "original" or not last:
                day = f"2026-0{number + 1}-05"
            goes_with = {"kind": kind, "replaces": last} if last and kind != "original" else {}
            book = {
                "date": day,
                "category": "other",
                "amount": amount,
                "description": "book",
                "receipt": f"R-{number}X9",
            }
            parsed = claim(f"A-{number}", **course_on(day) | goes_with | {"expenses": [book]})
            known = ledger.known(parsed)
            around = outside_of(parsed, known, law)
            itemized = itemize(parsed, ratebook, law, outside=around)
            assert itemized.blocks == ()
            assert itemized.totals.allowable == Decimal(amount)
            with ledger.writer(law) as writer:
                recorded = writer.record(Entry(AuditedClaim("claim.json", parsed, itemized, (), known)))
            assert max(Decimal(0), recorded.change) == itemized.totals.payable
            beyond = itemized.totals.allowable - around.paid_for_same
            assert recorded.change == min(beyond, itemized.totals.payable)
            last = parsed.claim_id
