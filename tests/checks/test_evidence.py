"""The checks of evidence and integrity: receipts, duplicates, credits, signatures, the checklist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import PerDiemRate, RateSource
from tests.support.checking import GONE, Desk, Edits, faults, no_room
from tests.support.claim_data import sample

BOOK = {"date": "2026-11-03", "category": "other", "amount": "80.00", "description": "course book", "receipt": "R9"}
LOOKED_AT = "other-expense review expenses[2].description"
"""Every other expense is looked at. Rule `miscellaneous`."""
TAXI = {"date": "2026-11-03", "category": "taxi", "amount": "12.00", "vendor": "City Cab"}
UNSIGNED = {"name": "Lee Park"}


def _book(**fields: Any) -> Edits:
    return {"expenses[+]": {k: v for k, v in {**BOOK, **fields}.items() if v is not None}}


def _taxis(**second: Any) -> Edits:
    return {"expenses": [TAXI, {k: v for k, v in {**TAXI, **second}.items() if v is not None}]}


def _words(field: str, words: str = "attached") -> Edits:
    return {"expenses": [{**TAXI, field: words}, {**TAXI, field: words}]}


def _unnamed(*lines: dict[str, str]) -> Edits:
    """Taxis without a vendor."""
    return {"expenses": [{"date": "2026-11-03", "category": "taxi", "amount": "12.00", **line} for line in lines]}


PARKING = {**BOOK, "category": "parking", "description": "garage"}
DRIVE = {"date": "2026-11-03", "category": "pov_mileage", "miles": "10", "from": "Rome, GA", "to": "Moody, AL"}
LOCAL = {**DRIVE, "from": "hotel", "to": "course"}
BACK = {**DRIVE, "from": "Moody, AL", "to": "Rome, GA"}

CASES: list[tuple[str, Edits, list[str]]] = [
    ("$75.00 without a receipt", _book(amount="75.00", receipt=None), [LOOKED_AT]),
    (
        "$75.01 without a receipt",
        _book(amount="75.01", receipt=None),
        ["receipt-missing blocks expenses[2].receipt: 75.01 to 0.00"],
    ),
    (
        "$75.01 with a statement",
        _book(amount="75.01", receipt=None, receipt_statement=True),
        [LOOKED_AT, "receipt-missing review expenses[2].receipt_statement"],
    ),
    (
        "$75.00 with a statement that is not needed",
        _book(amount="75.00", receipt=None, receipt_statement=True),
        [LOOKED_AT],
    ),
    (
        "$75.01 with a word for a receipt",
        _book(amount="75.01", receipt="lost 11/5"),
        ["receipt-missing blocks expenses[2].receipt: 75.01 to 0.00"],
    ),
    ("$75.00 with a word for a receipt, which is not needed", _book(amount="75.00", receipt="lost"), [LOOKED_AT]),
    (
        "$75.01 with a word that names no document",
        _book(amount="75.01", receipt="yes"),
        [LOOKED_AT, "receipt-unclear review expenses[2].receipt"],
    ),
    ("$75.00 with a word that names no document", _book(amount="75.00", receipt="yes"), [LOOKED_AT]),
    (
        "$75.01 with such a word, and a signed statement",
        _book(amount="75.01", receipt="yes", receipt_statement=True),
        [LOOKED_AT, "receipt-missing review expenses[2].receipt_statement"],
    ),
    (
        "two folios that name no document, each once",
        {f"lodging[{n}].receipt": word for n, word in enumerate(("tbd", "yes", "yes", "tbd"))},
        [
            "receipt-unclear review lodging[0].receipt, lodging[3].receipt",
            "receipt-unclear review lodging[1].receipt, lodging[2].receipt",
        ],
    ),
    # A ticket is a carrier's document; a taxi has none
    (
        "a fare of $75.01 with its ticket alone",
        {"expenses": [{**TAXI, "category": "airfare", "amount": "75.01", "ticket": "0012345678"}]},
        [],
    ),
    (
        "a taxi of $75.01 with a ticket alone",
        {"expenses": [{**TAXI, "amount": "75.01", "ticket": "0012345678"}]},
        ["receipt-missing blocks expenses[0].receipt: 75.01 to 0.00"],
    ),
    (
        "a receipt over less",
        _book(receipt_total="79.99"),
        [LOOKED_AT, "receipt-total-differs review expenses[2].receipt_total: 80.00 to 79.99"],
    ),
    ("a receipt over more", _book(receipt_total="95.00"), [LOOKED_AT]),
    (
        "one receipt on two lines",
        {"expenses": [PARKING, {**PARKING, "amount": "19.99"}]},
        ["duplicate-document blocks expenses[1].amount: 19.99 to 0.00"],
    ),
    ("two receipts", {"expenses": [PARKING, {**PARKING, "amount": "19.99", "receipt": "R10"}]}, []),
    ("two that say there is none", {"expenses": [{**TAXI, "receipt": "lost"}, {**TAXI, "amount": "9.00"}]}, []),
    (
        "two words that name no document are no document used twice",
        {"expenses": [{**TAXI, "receipt": "yes"}, {**TAXI, "amount": "9.00", "receipt": "yes"}]},
        [],
    ),
    (
        "one ticket on two lines",
        {
            "expenses": [
                {"date": "2026-11-02", "category": "airfare", "amount": "70.00", "ticket": "0012345678"},
                {"date": "2026-11-06", "category": "airfare", "amount": "60.00", "ticket": "0012345678"},
            ]
        },
        ["ticket-twice blocks expenses[1].amount: 60.00 to 0.00"],
    ),
    ("the same vendor, day and amount", _taxis(vendor="CITY  CAB"), ["duplicate-line review expenses[1].amount"]),
    ("the same vendor with other signs", _taxis(vendor="City-Cab."), ["duplicate-line review expenses[1].amount"]),
    ("the same vendor in one word", _taxis(vendor="CityCab"), ["duplicate-line review expenses[1].amount"]),
    ("another day", _taxis(date="2026-11-04"), []),
    ("another amount", _taxis(amount="12.01"), []),
    ("another vendor", _taxis(vendor="Yellow Cab"), []),
    ("a receipt of its own", _taxis(receipt="R9"), []),
    # A word is no number, and a blank vendor is no other vendor.
    ("a receipt in words", _taxis(receipt="attached"), ["duplicate-line review expenses[1].amount"]),
    ("a receipt that was lost", _taxis(receipt="lost 11/5"), ["duplicate-line review expenses[1].amount"]),
    ("receipts in words on both", _words("receipt"), ["duplicate-line review expenses[1].amount"]),
    ("tickets in words on both", _words("ticket", "e-ticket"), ["duplicate-line review expenses[1].amount"]),
    ("no vendor and no words", _unnamed({}, {}), ["duplicate-line review expenses[1].amount"]),
    (
        "no vendor and the same words",
        _unnamed({"description": "Hotel to course"}, {"description": "hotel  to course."}),
        ["duplicate-line review expenses[1].amount"],
    ),
    ("no vendor and other words", _unnamed({"description": "to course"}, {"description": "to hotel"}), []),
    ("no vendor, words on one of them", _unnamed({"description": "to course"}, {}), []),
    ("no vendor and another category", _unnamed({}, {"category": "tolls"}), []),
    ("no vendor and another day", _unnamed({}, {"date": "2026-11-04"}), []),
    ("a vendor on one of them", _taxis(vendor=None), []),
    # Rule pov-mileage: a drive is paid once; out and back twice over, nothing else would tell.
    (
        "each drive of a day again",
        {"expenses": [DRIVE, BACK, {**DRIVE, "from": "ROME,  GA"}, {**BACK, "miles": "10.00"}]},
        ["duplicate-line review expenses[2].miles", "duplicate-line review expenses[3].miles"],
    ),
    (
        "a drive of another day",
        {"expenses": [DRIVE, BACK, {**DRIVE, "date": "2026-11-05"}, {**BACK, "date": "2026-11-05"}]},
        [],
    ),
    (
        # Home on the evening of November 3 and out again on the 4th, in a night whose room is paid
        "a drive of the next day",
        {"expenses": [DRIVE, BACK, {**DRIVE, "date": "2026-11-04"}, {**BACK, "date": "2026-11-04"}]},
        ["two-ways review expenses[1].to"],
    ),
    # Once a day is usual between home and the course, however many miles and however the places are spelled
    (
        "a drive of other miles and in other words",
        {"expenses": [DRIVE, BACK, {**DRIVE, "miles": "11"}, {**BACK, "miles": "11", "to": "Rome, Georgia"}]},
        ["duplicate-line review expenses[2].miles", "duplicate-line review expenses[3].miles"],
    ),
    (
        "a drive of other miles at the course",
        {
            "expenses": [
                DRIVE,
                BACK,
                *({**LOCAL, "to": end, "miles": miles} for end, miles in (("course", "10"), ("course", "11"))),
            ]
        },
        [],
    ),
    # Four legs and a round trip more than the five course days have; ten in all of five days
    *(
        (f"{number} round trips at the course", {"expenses[+]": {**LOCAL, "round_trips": number}}, asked)
        for number, asked in ((5, []), (6, ["duplicate-line review expenses[2].round_trips"]))
    ),
    (
        "six round trips at the course, on two lines under two names",
        {
            "expenses": [
                DRIVE,
                BACK,
                {**LOCAL, "round_trips": 5},
                {**LOCAL, "from": "Moody, AL", "to": "hotel"},
                {**LOCAL, "from": "hotel", "to": "Moody, AL"},
            ]
        },
        ["duplicate-line review expenses[2].round_trips, expenses[3].round_trips, expenses[4].round_trips"],
    ),
    (
        "a drive to nowhere",
        {"expenses": [DRIVE, BACK, {**LOCAL, "to": "my place"}, {**LOCAL, "from": "my place", "to": "hotel"}]},
        ["receipt-unclear review expenses[2].to", "receipt-unclear review expenses[3].from"],
    ),
    (
        "the way to the course without its city",
        {"expenses": [{**DRIVE, "to": "NASRO academy"}, {**BACK, "from": "hotel"}]},
        ["receipt-unclear review expenses[0].to", "receipt-unclear review expenses[1].from"],
    ),
    (
        "drives to a city, an address and a terminal",
        {
            "expenses": [
                DRIVE,
                BACK,
                {**LOCAL, "to": "Trussville"},
                {**LOCAL, "from": "Trussville", "to": "hotel"},
                {**LOCAL, "to": "12 Main St"},
                {**LOCAL, "from": "12 Main St", "to": "hotel"},
            ]
        },
        [],
    ),
    (
        "one number in several spellings",
        {
            "expenses": [
                {**TAXI, "receipt": text, "amount": f"{n}.00", "date": f"2026-11-0{n}"}
                for n, text in enumerate(("#881", "881", "Receipt 881", "receipt no. 881", "882"), start=2)
            ]
        },
        [f"duplicate-document blocks expenses[{n}].amount: {n + 2}.00 to 0.00" for n in (1, 2, 3)],
    ),
    # Round trips above one are commuting on consecutive course days: here beside the rooms of those nights
    (
        "a drive that was driven twice, on one line",
        {"expenses": [{**DRIVE, "round_trips": 2}]},
        ["two-ways review expenses[0].round_trips"],
    ),
    (
        "a credit on a line",
        _book(credit="30.00"),
        ["credit-applied info expenses[2].credit: 80.00 to 50.00", LOOKED_AT],
    ),
    (
        "a credit on a line, and one that names it",
        {**_book(credit="30.00"), "credits": [{"source": "Shop", "amount": "5.00", "line": "E3"}]},
        ["credit-applied info expenses[2].credit, credits[0].amount: 80.00 to 45.00", LOOKED_AT],
    ),
    (
        # The tax that counts is that on the 90.00 that are left: 12.74 x 90 / 98 = 11.70
        "a credit that names a night",
        {"credits": [{"source": "Hotel", "amount": "8.00", "line": "N1"}]},
        [
            "credit-applied info credits[0].amount: 98.00 to 90.00",
            "lodging-tax-over-share info lodging[0].tax: 12.74 to 11.70",
        ],
    ),
    (
        "a credit that names a tax",
        {"credits": [{"source": "Hotel", "amount": "2.74", "line": "T1"}]},
        ["credit-applied info credits[0].amount: 12.74 to 10.00"],
    ),
    (
        # 85.00 for a taxi of 12.00 leaves 73.00 off the total
        "a credit beyond the cost of its line",
        {"expenses[+]": TAXI, "credits": [{"source": "Cab", "amount": "85.00", "line": "E3"}]},
        [
            "credit-applied info credits[0].amount: 12.00 to 0.00",
            "credit-applied review credits[0].amount: 0.00 to -73.00",
        ],
    ),
    (
        "a credit of an expense beyond its cost",
        {"expenses[+]": {**TAXI, "credit": "12.01"}},
        [
            "credit-applied info expenses[2].credit: 12.00 to 0.00",
            "credit-applied review expenses[2].credit: 0.00 to -0.01",
        ],
    ),
    (
        "a credit of just the cost of its line",
        {"expenses[+]": {**TAXI, "credit": "12.00"}},
        ["credit-applied info expenses[2].credit: 12.00 to 0.00"],
    ),
    (
        "a credit on the total",
        {"credits": [{"source": "Airline", "amount": "8.00"}]},
        ["credit-applied info credits[0].amount: 0.00 to -8.00"],
    ),
    (
        "a book somebody else paid",
        _book(paid_by="other"),
        ["other-payer info expenses[2].paid_by: 80.00 to 0.00"],
    ),
    (
        "a night somebody else paid",
        {"lodging[0].paid_by": "other"},
        ["other-payer info lodging[0].paid_by: 110.74 to 0.00"],
    ),
    ("a book the officer paid", _book(paid_by="officer"), [LOOKED_AT]),
    (
        "no fiscal official",
        {"signatures.fiscal": GONE},
        ["signature-missing blocks signatures.fiscal: 898.68 to 0.00"],
    ),
    (
        "a fiscal official without a date",
        {"signatures.fiscal": UNSIGNED},
        ["signature-missing blocks signatures.fiscal: 898.68 to 0.00"],
    ),
    ("no officer", {"signatures.officer": GONE}, ["signature-missing review signatures.officer"]),
    (
        "a supervisor without a date",
        {"signatures.supervisor": UNSIGNED},
        ["signature-missing review signatures.supervisor"],
    ),
    (
        "the officer is the supervisor",
        {"signatures.supervisor.name": "avery  o'neal"},
        ["preparer-is-approver review signatures.supervisor.name"],
    ),
    (
        "the officer is the fiscal official",
        {"signatures.fiscal.name": "Avery O'Neal"},
        ["preparer-is-approver review signatures.fiscal.name"],
    ),
    (
        "who signs for the officer is the supervisor",
        {"signatures.officer.name": "Lee Park"},
        ["preparer-is-approver review signatures.supervisor.name"],
    ),
    (
        "approvals without a reason for two nights",
        {f"lodging[{n}].approval": {"by": "nasro", "on": "2026-10-01", "ceiling": "150.00"} for n in (0, 1)},
        ["justification-empty review lodging[0].approval.reason, lodging[1].approval.reason"],
    ),
    (
        "an expense that says nothing",
        _book(description=None),
        [LOOKED_AT],
    ),
    (
        "an expense with a justification alone",
        _book(description=None, justification="required reading"),
        [LOOKED_AT],
    ),
    ("an approved expense", _book(approval="Chief Park", approved_on="2026-10-01"), [LOOKED_AT]),
    (
        "an attachment is missing",
        {"attachments.proof_of_payment": "missing"},
        ["attachment-missing review attachments.proof_of_payment"],
    ),
    (
        "two attachments are missing",
        {"attachments.proof_of_payment": GONE, "attachments.mileage_log": "missing"},
        ["attachment-missing review attachments.proof_of_payment, attachments.mileage_log"],
    ),
    (
        "what is always needed is answered away",
        {"attachments.itemized_expenses": "not_needed", "attachments.proof_of_payment": "not_needed"},
        ["attachment-missing review attachments.itemized_expenses, attachments.proof_of_payment"],
    ),
    (
        "one attachment is missing and another answered away",
        {"attachments.proof_of_payment": "not_needed", "attachments.mileage_log": "missing"},
        [
            "attachment-missing review attachments.mileage_log",
            "attachment-missing review attachments.proof_of_payment",
        ],
    ),
    *(
        (
            f"{item} is answered away where the claim shows it",
            {f"attachments.{item}": "not_needed", **edits},
            [f"attachment-missing review attachments.{item}", *others],
        )
        for item, edits, others in (
            ("folio", {}, []),
            ("mileage_log", {}, []),
            ("carrier_receipt", {"expenses": [{**BOOK, "category": "rail_bus", "amount": "20.00"}]}, []),
            (
                "rental_agreement",
                _book(category="rental_car", justification="no bus"),
                ["rental-justification review expenses[2].justification"],
            ),
            ("receipts_over_75", _book(amount="75.01"), [LOOKED_AT]),
            (
                "meals_statement",
                {"furnished_meals[0].lunch": "host"},
                ["furnished-meal-deduction info furnished_meals[0].lunch: 68.00 to 49.00"],
            ),
            ("approvals", _book(approval="memo of October 1"), [LOOKED_AT]),
            ("approvals", {"lodging[0].approval": {"by": "nasro", "on": "2026-10-01", "reason": "full"}}, []),
        )
    ),
    *(
        (f"{item} is not needed: {why}", {f"attachments.{item}": "not_needed", **edits}, others)
        for item, why, edits, others in (
            ("folio", "no lodging", {"lodging": [no_room(f"2026-11-0{day}") for day in range(2, 6)]}, []),
            ("mileage_log", "no drive", {"expenses": []}, []),
            ("carrier_receipt", "no fare", {}, []),
            (
                "carrier_receipt",
                "a fare of $20.00 without a receipt",
                {"expenses": [{**TAXI, "category": "rail_bus", "amount": "20.00"}]},
                [],
            ),
            ("rental_agreement", "no rental", {}, []),
            ("receipts_over_75", "$75.00", _book(amount="75.00"), [LOOKED_AT]),
            (
                "receipts_over_75",
                "a statement stands for the receipt",
                _book(receipt=None, receipt_statement=True),
                [LOOKED_AT, "receipt-missing review expenses[2].receipt_statement"],
            ),
            ("meals_statement", "no meal is deducted", {}, []),
            ("approvals", "nothing is approved", {}, []),
            ("vendor_form", "NASRO did not ask", {}, []),
        )
    ),
    (
        "the folio of nights that another payer bore is not needed",
        {"attachments.folio": "not_needed", **{f"lodging[{n}].paid_by": "other" for n in range(4)}},
        ["other-payer info " + ", ".join(f"lodging[{n}].paid_by" for n in range(4)) + ": 442.96 to 0.00"],
    ),
    ("a log of miles where none was driven", {"attachments.mileage_log": "missing", "expenses": []}, []),
    ("an item that never applies", {"attachments.vendor_form": "missing"}, []),
    (
        "the receipt of an expense over $75",
        {"attachments.receipts_over_75": "missing", **_book(amount="75.01")},
        ["attachment-missing review attachments.receipts_over_75", LOOKED_AT],
    ),
    (
        "no receipt is due at $75.00",
        {"attachments.receipts_over_75": "missing", **_book(amount="75.00")},
        [LOOKED_AT],
    ),
    (
        "a fare over $75 has a carrier's receipt",
        {"attachments.receipts_over_75": "missing", "expenses": [{**BOOK, "category": "airfare"}]},
        [],
    ),
    (
        "hotel parking over $75 is on the folio",
        {"attachments.receipts_over_75": "missing", **_book(category="parking", receipt="R1")},
        [],
    ),
    (
        "the statement of a furnished meal",
        {"attachments.meals_statement": "missing", "furnished_meals[0].lunch": "host"},
        [
            "attachment-missing review attachments.meals_statement",
            "furnished-meal-deduction info furnished_meals[0].lunch: 68.00 to 49.00",
        ],
    ),
    ("no statement of the hotel's breakfasts", {"attachments.meals_statement": "missing"}, []),
]


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits) == expected


def test_the_missing_are_named_in_words(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    edits = {**_book(), "attachments.receipts_over_75": GONE, "attachments.folio": GONE}
    (finding,) = [f for f in desk.findings(edits) if f.check == "attachment-missing"]
    assert finding.message == (
        "Missing among the attachments: folio and receipts over $75; attach what is missing and mark it attached."
    )


def test_what_is_missing_may_be_marked_as_not_needed_only_where_the_claim_leaves_it_open(
    law: Law, ratebook: RateSource
) -> None:
    """A bus fare of $12.00 that names no receipt may have none; the folio that a night names is there."""
    bus = {**TAXI, "category": "rail_bus"}
    edits = {"expenses[+]": bus, "attachments.carrier_receipt": GONE, "attachments.folio": GONE}
    (finding,) = [f for f in Desk(law, ratebook).findings(edits) if f.check == "attachment-missing"]
    assert finding.message.endswith("mark it attached, or mark as not needed what there is none of: carrier receipt.")


def test_what_is_answered_away_is_named_with_the_lines_that_need_it(law: Law, ratebook: RateSource) -> None:
    """The nights of November 2 to 5, the drives E1 and E2, and lunch on November 3."""
    items = ("folio", "mileage_log", "meals_statement", "proof_of_payment")
    edits = {**{f"attachments.{item}": "not_needed" for item in items}, "furnished_meals[0].lunch": "host"}
    desk = Desk(law, ratebook)
    (finding,) = [f for f in desk.findings(edits) if f.check == "attachment-missing"]
    assert finding.message == (
        "Marked as not needed, though this claim needs it: proof of payment (always needed), "
        "folio (lodging of 2026-11-02 to 2026-11-05), mileage log (E1 and E2) and "
        "meals statement (furnished meals of 2026-11-03); attach what is named and mark it attached."
    )
    assert not faults(finding, law)


def test_other_claims_are_not_known(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert {"claim-resubmitted", "duplicate-document"} <= set(desk.unjudged({}))
    assert "duplicate-document" not in desk.unjudged({"lodging": [], "expenses": []})
    assert "duplicate-document" in desk.unjudged({"lodging": [], "expenses": [BOOK]})


def test_rates_that_were_not_confirmed(law: Law, ratebook: RateSource) -> None:
    class Stale:
        """The rates of a service that did not answer since November 20."""

        locality = ratebook.locality

        def rate(self, where: Any, on: date) -> PerDiemRate:
            rate = ratebook.rate(where, on)
            return replace(rate, source=replace(rate.source, kind="api", stale_since="2026-11-20T08:00:00Z"))

    desk = Desk(law, Stale())
    (line,) = desk.questioned({}, claim=sample("2026-MDY-0007"))
    assert line.startswith("rate-stale review lodging[0].room_rate, ")
    itemized = desk.itemized({})
    (finding,) = [f for f in audit(itemized, desk.rates, law) if f.check == "rate-stale"]
    assert len(finding.where.lines) == 4 + 4 + 5
    assert "2026-11-02 to 2026-11-06" in finding.message
    assert not faults(finding, law)
