"""The checks that know other claims, the ledger and the roster: found, not found, not evaluated.

The claim is the one to Moody: $898.68 is allowable, a night $98.00 with $12.74 tax, each of two drives $74.86.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.history.records import History, Take
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, Desk, Edits
from tests.support.known_claims import (
    BOOK,
    CORRECTED,
    FOLIO,
    OTHER_COURSE,
    OTHER_SRO,
    PAID,
    PLATES,
    STATED,
    Fields,
    asked,
    earlier,
    seen,
)

TICKET: Fields = {
    "expenses": [{"date": "2026-11-02", "category": "airfare", "amount": "70.00", "ticket": "016 2345678901"}]
}
TAXI: Fields = {"expenses": [{"date": "2026-11-03", "category": "taxi", "amount": "12.00", "vendor": "City Cab"}]}
SUPPLEMENT: Fields = {"kind": "supplemental", "replaces": "A-1"}
PAID_IN_OCTOBER = replace(PAID, **OTHER_COURSE)
IN_BATCH = earlier("C-9", source="c.xlsx", number=0, **OTHER_COURSE)
SHARED: Fields = {f"lodging[{n}].{field}": value for n in range(4) for field, value in
                 (("sharers", 2), ("shared_with", ["b-1"]))}  # fmt: skip
NIGHTS = [date(2026, 11, day) for day in (2, 3, 4, 5)]

BLOCKED = "898.68 to 0.00"
ALL_NIGHTS = ", ".join(f"lodging[{n}].receipt" for n in range(4))

CASES: list[tuple[str, Fields, History, list[str]]] = [
    ("nothing is found", {}, asked(), []),
    # --- the roster
    ("not on the roster", {}, asked(on_roster=False), [f"not-on-roster blocks officer.name: {BLOCKED}"]),
    # --- the same course
    ("the course was claimed before", {}, asked(earlier()), [f"claim-resubmitted blocks kind: {BLOCKED}"]),
    ("another course", {}, asked(earlier(**OTHER_COURSE)), []),
    ("a claim that was sent back", {}, asked(earlier(verdict="return")), []),
    (
        "a claim that was corrected, and its correction",
        {},
        asked(earlier(superseded_by="A-2"), earlier("A-2", kind="corrected", replaces="A-1")),
        [f"claim-resubmitted blocks kind: {BLOCKED}"],
    ),
    (
        "a claim whose correction was sent back",
        {},
        asked(earlier(), earlier("A-2", kind="corrected", replaces="A-1", verdict="return")),
        [f"claim-resubmitted blocks kind: {BLOCKED}"],
    ),
    ("a correction, whatever the case of the id", CORRECTED, asked(earlier()), []),
    ("a supplement", SUPPLEMENT, asked(earlier()), []),
    (
        "a correction of another claim than the one for the course",
        {"kind": "corrected", "replaces": "C-9"},
        asked(earlier(), earlier("C-9", **OTHER_COURSE)),
        [f"claim-resubmitted blocks kind: {BLOCKED}"],
    ),
    (
        "a second correction of one claim",
        CORRECTED,
        asked(earlier(superseded_by="A-2"), earlier("A-2", kind="corrected", replaces="A-1", number=2)),
        [f"claim-resubmitted blocks replaces: {BLOCKED}"],
    ),
    (
        "a supplement of a claim that was corrected",
        SUPPLEMENT,
        asked(earlier(superseded_by="A-2"), earlier("A-2", kind="corrected", replaces="A-1", number=2)),
        [f"claim-resubmitted blocks replaces: {BLOCKED}"],
    ),
    (
        "a correction of the correction",
        {"kind": "corrected", "replaces": "A-2"},
        asked(earlier(superseded_by="A-2"), earlier("A-2", kind="corrected", replaces="A-1")),
        [],
    ),
    (
        "a correction where a supplement of the same claim stands",
        CORRECTED,
        asked(earlier(), earlier("S-1", kind="supplemental", replaces="A-1")),
        [],
    ),
    (
        "supplements that go with each other in a circle, and this one with them",
        SUPPLEMENT,
        asked(
            earlier(kind="supplemental", replaces="A-2"),
            earlier("A-2", kind="supplemental", replaces="A-1", number=2),
        ),
        [],
    ),
    (
        "another claim of the same id",
        {},
        asked(earlier("2026-mdy-0007", **OTHER_COURSE)),
        [f"claim-resubmitted blocks claim_id: {BLOCKED}"],
    ),
    (
        "a claim of the same id that was sent back",
        {},
        asked(earlier("2026-MDY-0007", verdict="return")),
        [f"claim-resubmitted blocks claim_id: {BLOCKED}"],
    ),
    (
        "this very claim is recorded",
        {},
        asked(earlier("2026-MDY-0007"), recorded=earlier("2026-MDY-0007")),
        ["claim-resubmitted info claim_id"],
    ),
    ("the same file twice", {}, asked(copy_of="a.xlsx"), [f"claim-resubmitted blocks claim_id: {BLOCKED}"]),
    (
        "a claim that another one given with it corrects",
        {},
        asked(corrected_by=earlier("A-2", kind="corrected", replaces="2026-MDY-0007", source="b.xlsx")),
        [f"claim-resubmitted blocks claim_id: {BLOCKED}"],
    ),
    # --- trips
    (
        "two trips at once",
        {},
        asked(earlier(**OTHER_COURSE | {"returned_on": date(2026, 11, 3)})),
        [f"trips-overlap blocks trip.departed_at: {BLOCKED}"],
    ),
    (
        "the day of return is the day of departure of the next trip",
        {},
        asked(earlier(**OTHER_COURSE | {"returned_on": date(2026, 11, 2)})),
        [],
    ),
    (
        "another trip at once that was sent back",
        {},
        asked(earlier(**OTHER_COURSE | {"returned_on": date(2026, 11, 3), "verdict": "return"})),
        [],
    ),
    (
        "the trip of the claim that is corrected, with another course",
        CORRECTED,
        asked(earlier(**OTHER_COURSE | {"returned_on": date(2026, 11, 6)})),
        [],
    ),
    # --- documents
    (
        "a folio of another officer",
        FOLIO,
        asked(sightings=seen(FOLIO, "folio", OTHER_SRO)),
        [f"duplicate-document blocks {ALL_NIGHTS}: 442.96 to 0.00"],
    ),
    (
        "a receipt of another officer",
        BOOK,
        asked(sightings=seen(BOOK, "receipt", OTHER_SRO)),
        ["duplicate-document blocks expenses[2].receipt: 20.00 to 0.00"],
    ),
    (
        "a ticket of the officer's own claim for another course",
        TICKET,
        asked(
            earlier("C-9", **OTHER_COURSE),
            sightings=seen(TICKET, "ticket", earlier("C-9", **OTHER_COURSE), same_sro=True),
        ),
        ["duplicate-document blocks expenses[0].ticket: 70.00 to 0.00"],
    ),
    (
        "a receipt of the claim that this one supplements",
        SUPPLEMENT | BOOK,
        asked(earlier(), sightings=seen(BOOK, "receipt", earlier(), same_sro=True)),
        ["duplicate-document blocks expenses[2].receipt: 20.00 to 0.00"],
    ),
    (
        "a receipt of the claim that this one corrects",
        CORRECTED | BOOK,
        asked(earlier(), sightings=seen(BOOK, "receipt", earlier(), same_sro=True)),
        [],
    ),
    (
        "a receipt of a claim of that id, but of another officer",
        CORRECTED | BOOK,
        asked(earlier(), sightings=seen(BOOK, "receipt", replace(OTHER_SRO, claim_id="A-1"))),
        ["duplicate-document blocks expenses[2].receipt: 20.00 to 0.00"],
    ),
    (
        "the receipts of the claim that this one says anew",
        BOOK,
        asked(earlier(), sightings=seen(BOOK, "receipt", earlier(), same_sro=True)),
        ["claim-resubmitted blocks kind: 918.68 to 0.00"],
    ),
    (
        "a receipt of a claim that was sent back",
        BOOK,
        asked(sightings=seen(BOOK, "receipt", replace(OTHER_SRO, verdict="return"))),
        [],
    ),
    (
        "a receipt of a claim recorded after this one",
        BOOK,
        asked(
            earlier("2026-MDY-0007", number=1),
            recorded=earlier("2026-MDY-0007", number=1),
            sightings=seen(BOOK, "receipt", replace(OTHER_SRO, number=2)),
        ),
        ["claim-resubmitted info claim_id"],
    ),
    (
        "a receipt of a claim recorded before this one",
        BOOK,
        asked(
            earlier("2026-MDY-0007", number=2),
            recorded=earlier("2026-MDY-0007", number=2),
            sightings=seen(BOOK, "receipt", replace(OTHER_SRO, number=1)),
        ),
        ["claim-resubmitted info claim_id", "duplicate-document blocks expenses[2].receipt: 20.00 to 0.00"],
    ),
    (
        "a receipt of a claim recorded after this one was sent back",
        BOOK,
        asked(
            earlier("2026-MDY-0007", number=1, verdict="return"),
            recorded=earlier("2026-MDY-0007", number=1, verdict="return"),
            sightings=seen(BOOK, "receipt", replace(OTHER_SRO, number=2)),
        ),
        ["claim-resubmitted info claim_id", "duplicate-document blocks expenses[2].receipt: 20.00 to 0.00"],
    ),
    (
        "a folio without its receipt is missing, and no more",
        {**FOLIO, "lodging[0].receipt": GONE},
        asked(sightings=seen({**FOLIO, "lodging[0].receipt": GONE}, "folio", OTHER_SRO)),
        [
            f"duplicate-document blocks {ALL_NIGHTS.removeprefix('lodging[0].receipt, ')}: 332.22 to 0.00",
            "lodging-receipt-missing blocks lodging[0].receipt: 110.74 to 0.00",
        ],
    ),
    # --- the room that officers share: half of 442.96 is paid to each
    (
        "a room shared with another officer",
        FOLIO | SHARED,
        asked(sightings=seen(FOLIO | SHARED, "folio", OTHER_SRO, shared_on=NIGHTS)),
        ["shared-room-split info lodging[0].room_rate, lodging[1].room_rate, lodging[2].room_rate, "
         "lodging[3].room_rate, lodging[0].tax, lodging[1].tax, lodging[2].tax, lodging[3].tax: 442.96 to 221.48"],
    ),
    (
        "a room of two that a third officer shares",
        FOLIO | SHARED,
        asked(sightings=seen(FOLIO | SHARED, "folio", OTHER_SRO, shared_on=NIGHTS)
              + seen(FOLIO | SHARED, "folio", earlier("C-1", officer="Lee Park"), shared_on=NIGHTS)),
        [f"duplicate-document blocks {ALL_NIGHTS}: 221.48 to 0.00",
         "shared-room-split info lodging[0].room_rate, lodging[1].room_rate, lodging[2].room_rate, "
         "lodging[3].room_rate, lodging[0].tax, lodging[1].tax, lodging[2].tax, lodging[3].tax: 442.96 to 221.48, "
         "payment 0.00"],
    ),
    (
        "a room that is shared on three nights of four",
        FOLIO | SHARED | {"lodging[0].sharers": 1},
        asked(sightings=seen(FOLIO | SHARED, "folio", OTHER_SRO, shared_on=NIGHTS[1:])),
        ["duplicate-document blocks lodging[0].receipt: 110.74 to 0.00",
         "shared-room-split info lodging[1].room_rate, lodging[2].room_rate, lodging[3].room_rate, "
         "lodging[1].tax, lodging[2].tax, lodging[3].tax: 332.22 to 166.11"],
    ),
    (
        "a whole room that another officer says they shared",
        {},
        asked(sightings=seen({}, "room", OTHER_SRO)),
        ["shared-room-split review lodging[0].sharers, lodging[1].sharers, lodging[2].sharers, lodging[3].sharers"],
    ),
    (
        "a whole room that another officer says they shared, in a claim that was sent back",
        {},
        asked(sightings=seen({}, "room", replace(OTHER_SRO, verdict="return"))),
        [],
    ),
    (
        "a shared room that is whole in the claim of the officer who is named",
        SHARED | {"lodging[0].sharers": 1, "lodging[0].shared_with": []},
        asked(sightings=seen(SHARED, "room", OTHER_SRO)[8:]),
        ["shared-room-split info lodging[1].room_rate, lodging[2].room_rate, lodging[3].room_rate, "
         "lodging[1].tax, lodging[2].tax, lodging[3].tax: 332.22 to 166.11",
         "shared-room-split review lodging[2].sharers, lodging[3].sharers"],
    ),
    (
        "a room that another officer claims with its folio, which says enough",
        FOLIO,
        asked(sightings=seen(FOLIO, "folio", OTHER_SRO) + seen(FOLIO, "room", OTHER_SRO)),
        [f"duplicate-document blocks {ALL_NIGHTS}: 442.96 to 0.00"],
    ),
    # --- lines without a number
    (
        "a taxi as in a supplement's first claim",
        SUPPLEMENT | TAXI,
        asked(earlier(), sightings=seen(TAXI, "line", earlier(), same_sro=True)),
        ["duplicate-line review expenses[0].amount"],
    ),
    (
        "a taxi as another officer's",
        TAXI,
        asked(sightings=seen(TAXI, "line", OTHER_SRO)),
        [],
    ),
    (
        "a taxi as in the claim that this one corrects",
        CORRECTED | TAXI,
        asked(earlier(), sightings=seen(TAXI, "line", earlier(), same_sro=True)),
        [],
    ),
    # --- vehicles
    (
        "a car that another officer claims",
        PLATES,
        asked(sightings=seen(PLATES, "vehicle", OTHER_SRO)),
        [
            "second-payee-vehicle blocks expenses[0].plate: 74.86 to 0.00",
            "second-payee-vehicle blocks expenses[1].plate: 74.86 to 0.00",
        ],
    ),
    (
        "a car that another officer claims on one of the days",
        PLATES,
        asked(sightings=seen(PLATES, "vehicle", OTHER_SRO)[1:]),
        ["second-payee-vehicle blocks expenses[1].plate: 74.86 to 0.00"],
    ),
    (
        "the officer's own car in a supplement",
        SUPPLEMENT | PLATES,
        asked(earlier(), sightings=seen(PLATES, "vehicle", earlier(), same_sro=True)),
        [],
    ),
    (
        "a car that another officer claims for another course",
        PLATES,
        asked(sightings=seen(PLATES, "vehicle", replace(OTHER_SRO, **OTHER_COURSE))),
        [],
    ),
    # --- earlier payments: 898.68 is allowable, 1,000.00 the limit
    (
        "the ledger has a payment that is not stated",
        {},
        asked(replace(PAID, **OTHER_COURSE)),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00",
         "earlier-payment-differs adjusts previously_reimbursed: 898.68 to 600.00"],
    ),
    (
        "a payment is stated that the ledger does not have",
        STATED,
        asked(),
        ["earlier-payment-differs adjusts previously_reimbursed: 600.00 to 898.68"],
    ),
    (
        "the figures differ, and change nothing",
        {"previously_reimbursed": "50.00"},
        asked(),
        ["earlier-payment-differs adjusts previously_reimbursed"],
    ),
    (
        "a correction gives what it gives beyond what was paid before",
        CORRECTED | STATED,
        asked(PAID),
        ["earlier-payment-differs info replaces: 898.68 to 498.68, payment -101.32"],
    ),
    (
        "a correction that gives less",
        CORRECTED | {"previously_reimbursed": "950.00"},
        asked(earlier(paid=Decimal("950.00"))),
        ["earlier-payment-differs review replaces: 898.68 to 0.00, payment -50.00"],
    ),
    (
        "a correction above the limit: 1,098.68 is allowable, 698.68 beyond what was paid, 600.00 is left",
        CORRECTED | STATED | {"expenses[+]": {**BOOK["expenses[+]"], "amount": "200.00"}},
        asked(PAID),
        ["cap-applied info previously_reimbursed: 698.68 to 600.00",
         "earlier-payment-differs info replaces: 1098.68 to 698.68, payment 0.00"],
    ),
    (
        "a supplement shares what is left",
        SUPPLEMENT | STATED,
        asked(PAID),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00"],
    ),
    (
        "a ledger with exactly the limit",
        {"previously_reimbursed": "1000.00"},
        asked(earlier(paid=Decimal("1000.00"), **OTHER_COURSE)),
        ["cap-applied info previously_reimbursed: 898.68 to 0.00"],
    ),
    (
        "a ledger with more than the limit",
        {"previously_reimbursed": "1000.01"},
        asked(earlier(paid=Decimal("1000.01"), **OTHER_COURSE)),
        ["cap-applied info previously_reimbursed: 898.68 to 0.00", "overpaid-before review previously_reimbursed"],
    ),
    (
        "a claim that states more than the limit, and a ledger that has less",
        {"previously_reimbursed": "1200.00"},
        asked(),
        ["earlier-payment-differs adjusts previously_reimbursed: 0.00 to 898.68",
         "overpaid-before review previously_reimbursed"],
    ),
    (
        "another claim of the batch takes a part of the limit",
        {},
        asked(takes=(Take(IN_BATCH, Decimal("400.00")),)),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00"],
    ),
    (
        "another claim of the batch leaves just what this one gives",
        {},
        asked(takes=(Take(IN_BATCH, Decimal("101.32")),)),
        [],
    ),
    (
        "it was paid since the batch began, which this claim could not state",
        {},
        asked(PAID_IN_OCTOBER, takes=(Take(PAID_IN_OCTOBER, Decimal("400.00"), is_paid=True),)),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00"],
    ),
    (
        "it was paid since the batch began, and this claim states it",
        STATED,
        asked(PAID_IN_OCTOBER, takes=(Take(PAID_IN_OCTOBER, Decimal("400.00"), is_paid=True),)),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00"],
    ),
    (
        "it was paid since the batch began, and this claim states half of it",
        {"previously_reimbursed": "200.00"},
        asked(PAID_IN_OCTOBER, takes=(Take(PAID_IN_OCTOBER, Decimal("400.00"), is_paid=True),)),
        ["cap-applied info previously_reimbursed: 898.68 to 600.00",
         "earlier-payment-differs adjusts previously_reimbursed: 800.00 to 600.00"],
    ),
    (
        "another claim of the officer is given together with this one",
        {},
        asked(earlier("C-9", source="c.xlsx", number=0, **OTHER_COURSE)),
        ["earlier-payment-differs info previously_reimbursed"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "known", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, known: History, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits, known=known) == expected
