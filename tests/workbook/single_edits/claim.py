"""Single edits of what a person states on the sheets Claim and Checklist."""

from __future__ import annotations

from datetime import date, time

from tests.support.edits import typed
from tests.support.single_edits import BARRED as PAID
from tests.support.single_edits import UNREAD, case, refused

LATER = date(2027, 1, 31)
KEPT = "retention-date info Claim!I10"

STATED = [
    # --- claim and agency
    case("another agency", typed({"agency_name": "Rome Police Department"})),
    refused("no agency", typed({"agency_name": None}), "malformed blocks Claim!A8"),
    case("a line break after the agency", typed({"agency_name": "Floyd County Police Department\n"})),
    refused("a line break in the agency", typed({"agency_name": "Rome\nPolice"}), "malformed blocks Claim!A8"),
    refused("an invisible letter in a name", typed({"officer_name": "Sam\u200b Hall"}), "malformed blocks Claim!A22"),
    refused("a name in two alphabets", typed({"officer_name": "S\u0430m Hall"}), "malformed blocks Claim!A22"),
    case("two lines to remit to", typed({"agency_remit_to": "50 Court Square\nRome, GA 30161"})),
    case("a payee", typed({"agency_payee": "City of Rome"})),
    case("the officer as payee", typed({"agency_payee": "Avery O'Neal"}), "payee-questioned review Claim!F8"),
    case(
        "the agency is called like the officer",
        typed({"agency_name": "O'NEAL, Avery"}),
        "payee-questioned review Claim!A8",
    ),
    case("a person is paid", typed({"agency_payee_kind": "individual"}), f"payee-not-agency blocks Claim!J8: {PAID}"),
    case("a payee of no kind", typed({"agency_payee_kind": "bank"}), f"malformed blocks Claim!J8: {PAID}"),
    refused("a claim id of two words", typed({"claim_id": "2026 MDY"}), "malformed blocks Claim!A10"),
    case("a correction of nothing", typed({"kind": "corrected"}), f"malformed blocks Claim!F10: {PAID}"),
    case("an original that replaces", typed({"replaces": "2026-MDY-1"}), f"malformed blocks Claim!F10: {PAID}"),
    case(
        "a supplement of itself",
        typed({"kind": "supplemental", "replaces": "2026-mdy-0007"}),
        f"malformed blocks Claim!F10: {PAID}",
    ),
    case("a copy", typed({"kind": "copied"}), f"malformed blocks Claim!D10: {PAID}"),
    case(
        "prepared 24 days after the course",
        typed({"prepared_on": date(2026, 11, 30)}),
        "claim-due-soon info Claim!I10",
        as_of=LATER,
    ),
    case(
        "prepared 44 days after the course",
        typed({"prepared_on": date(2026, 12, 20)}),
        "claim-late review Claim!I10",
        as_of=LATER,
    ),
    case(
        "prepared next week",
        typed({"prepared_on": date(2026, 11, 25)}),
        f"date-in-future blocks Claim!I10: {PAID}",
    ),
    case(
        "prepared before the course was completed",
        typed({"prepared_on": date(2026, 11, 5)}),
        f"course-not-completed blocks Claim!C31: {PAID}",
    ),
    refused("prepared soon", typed({"prepared_on": "soon"}), "malformed blocks Claim!I10"),
    case(
        "received",
        typed({"received_on": date(2026, 11, 20)}),
        "retention-date info Claim!K10",
        gone=[KEPT],
    ),
    case("an odd ORI", typed({"agency_ori": "GA57"}), "identifier-shape info Claim!G12"),
    case("an odd UEI", typed({"agency_uei": "ABC"}), "identifier-shape info Claim!I12"),
    case("an odd award number", typed({"award_number": "X-1"}), "identifier-shape info Claim!A17"),
    case(
        "a Social Security number",
        typed({"agency_contact_phone": "078-05-1120"}),
        f"malformed blocks Claim!H14: {PAID}",
    ),
    # --- award and officer
    case(
        "an earlier letter",
        typed({"award_letter_date": date(2026, 1, 5)}),
        "training-deadline-missed review Claim!C31",
        "mou-late info Claim!D19",
    ),
    case("a late MOU", typed({"award_mou_on": date(2026, 7, 15)}), "mou-late info Claim!D19"),
    case("no day of the MOU", typed({"award_mou_on": None}), "not judged: mou-late"),
    case(
        "an award that ended",
        typed({"award_period_to": date(2026, 11, 5)}),
        "outside-award-period review Claim!H36",
    ),
    case(
        "an award that began during the trip",
        typed({"award_period_from": date(2026, 11, 3)}),
        "outside-award-period review Claim!H34",
    ),
    case(
        "an award that ends before it begins",
        typed({"award_period_to": date(2025, 1, 1)}),
        f"malformed blocks Claim!K17: {PAID}",
        claim={"award.period_from": "2026-01-01"},
    ),
    case(
        "the supervisor travelled",
        typed({"officer_name": "Lee Park"}),
        "preparer-is-approver review Claim!E61",
    ),
    refused("a number for a name", typed({"officer_name": "123456789"}), "malformed blocks Claim!A22"),
    case("a number of nine digits", typed({"officer_employee_id": 123456789}), f"malformed blocks Claim!G22: {PAID}"),
    case(
        "hired earlier",
        typed({"officer_sro_hired_on": date(2026, 4, 20)}),
        "training-deadline-missed review Claim!C31",
    ),
    case("a backfill", typed({"officer_position": "backfill"}), "backfill-unclear review Claim!C24"),
    case(
        "a predecessor who left",
        typed({"officer_predecessor_left_agency": "yes"}),
        f"backfill blocks Claim!A24: {PAID}",
        gone=["backfill-unclear review Claim!F24"],
        claim={"officer.position": "backfill", "officer.predecessor_completed_training": True},
    ),
    case(
        "a course a year before",
        typed({"officer_prior_basic_course_on": date(2025, 4, 15)}),
        "prior-course review Claim!J24",
    ),
    case("a course more than a year before", typed({"officer_prior_basic_course_on": date(2025, 4, 14)})),
    # --- course
    case(
        "another course",
        typed({"course_title": "NASRO Advanced Course"}),
        f"wrong-course blocks Claim!A27: {PAID}",
    ),
    case("39 hours", typed({"course_hours": 39}), f"wrong-course blocks Claim!F27: {PAID}"),
    refused("forty hours in words", typed({"course_hours": "forty"}), "malformed blocks Claim!F27"),
    case("the course begins a day later", typed({"course_starts_on": date(2026, 11, 3)})),
    case(
        "the course begins two days later",
        typed({"course_starts_on": date(2026, 11, 4)}),
        "extra-night review Claim!H34",
    ),
    case(
        "the course ends a day earlier",
        typed({"course_ends_on": date(2026, 11, 5)}),
        "extra-night review Claim!H36",
    ),
    refused(
        "the course ends before it begins", typed({"course_ends_on": date(2026, 11, 1)}), "malformed blocks Claim!J29"
    ),
    case(
        "the extra night is explained",
        typed({"trip_extra_night_reason": "no flight on Friday"}),
        claim={"course.starts_on": "2026-11-04"},
    ),
    case("failed", typed({"course_outcome": "failed"}), f"course-not-completed blocks Claim!A31: {PAID}"),
    case("cancelled", typed({"course_outcome": "cancelled"}), "course-cancelled review Claim!A31"),
    case("no outcome", typed({"course_outcome": None}), f"malformed blocks Claim!A31: {PAID}"),
    case(
        "no day of completion",
        typed({"course_completed_on": None}),
        f"course-not-completed blocks Claim!C31: {PAID}",
    ),
    case(
        "completed after the claim",
        typed({"course_completed_on": date(2026, 11, 17)}),
        f"course-not-completed blocks Claim!C31: {PAID}",
    ),
    case(
        "completed on a day in words", typed({"course_completed_on": "Friday"}), f"malformed blocks Claim!C31: {PAID}"
    ),
    case("not coordinated", typed({"course_coordinated": "no"}), f"not-coordinated blocks Claim!E31: {PAID}"),
    case(
        "no day of coordination",
        typed({"course_coordinated_on": None}),
        "coordination-undated review Claim!E31",
    ),
    case(
        "coordinated on the trip",
        typed({"course_coordinated_on": date(2026, 11, 3)}),
        "coordination-undated review Claim!G31",
    ),
    # --- earlier payments and credits
    case(
        "paid before",
        typed({"previously_reimbursed": 500}),
        "cap-applied info Claim!K50: 898.68 to 500.00",
    ),
    case(
        "more than the limit paid before",
        typed({"previously_reimbursed": 1200}),
        "cap-applied info Claim!K50: 898.68 to 0.00",
        "overpaid-before review Claim!K50",
    ),
    case(
        "paid before, in words",
        typed({"previously_reimbursed": "400 dollars"}),
        f"malformed blocks Claim!K50: {PAID}",
        gone=[UNREAD],
    ),
    case(
        "paid before, less than nothing",
        typed({"previously_reimbursed": -1}),
        f"malformed blocks Claim!K50: {PAID}",
        gone=[UNREAD],
    ),
    case(
        "an earlier claim that is not in the sum",
        typed(
            {
                "previous_claims_0_claim_id": "2026-MDY-0001",
                "previous_claims_0_paid_on": date(2026, 11, 10),
                "previous_claims_0_amount": 100,
            }
        ),
        f"malformed blocks Claim!K50: {PAID}",
        gone=[UNREAD],
    ),
    case(
        "a credit off the total",
        typed({"credits_0_source": "hotel", "credits_0_amount": 50}),
        "credit-applied info Claim!H45: 0.00 to -50.00",
    ),
    case(
        "a larger credit",
        typed({"credits_0_amount": 60}),
        "credit-applied info Claim!H45: 98.00 to 38.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 4.94",
        gone=["credit-applied info Claim!H45: 98.00 to 48.00", "lodging-tax-over-share info Days!O5: 12.74 to 6.24"],
        claim={"credits": [{"source": "hotel", "amount": "50.00", "line": "N1"}]},
    ),
    case(
        "a credit off a line that is not there",
        typed({"credits_0_line": "E9"}),
        "malformed blocks Claim!I45: 898.68 to 0.00",
        gone=["credit-applied info Claim!H45: 98.00 to 48.00", "lodging-tax-over-share info Days!O5: 12.74 to 6.24"],
        claim={"credits": [{"source": "hotel", "amount": "50.00", "line": "N1"}]},
    ),
    # --- signatures, checklist, NASRO's box
    case("not signed", typed({"signatures_fiscal_name": None}), f"signature-missing blocks Claim!I61: {PAID}"),
    case("not signed by the officer", typed({"signatures_officer_on": None}), "signature-missing review Claim!A61"),
    case(
        "the officer is the fiscal official",
        typed({"signatures_fiscal_name": "Avery O'Neal"}),
        "preparer-is-approver review Claim!I61",
    ),
    case("NASRO's own box", typed({"nasro_approved_amount": 2000, "nasro_approved_by": "R. Viewer"})),
    case(
        "no certificate",
        typed({"attachments_certificate": "missing"}),
        f"certificate-missing blocks Checklist!C6: {PAID}",
    ),
    case(
        "nothing said of the certificate",
        typed({"attachments_certificate": None}),
        f"certificate-missing blocks Checklist!C6: {PAID}",
    ),
    case("no mileage log", typed({"attachments_mileage_log": "missing"}), "attachment-missing review Checklist!C10"),
    case("nothing said of the folio", typed({"attachments_folio": None}), "attachment-missing review Checklist!C7"),
    case("no folio needed", typed({"attachments_folio": "not_needed"}), "attachment-missing review Checklist!C7"),
    case(
        "no proof needed",
        typed({"attachments_proof_of_payment": "not_needed"}),
        "attachment-missing review Checklist!C14",
    ),
    case("no fare, no receipt", typed({"attachments_carrier_receipt": "not_needed"})),
    case("a form of the vendor", typed({"attachments_vendor_form": "missing"})),
    case("a lost mileage log", typed({"attachments_mileage_log": "lost"}), f"malformed blocks Checklist!C10: {PAID}"),
    case("a lost certificate", typed({"attachments_certificate": "lost"}), f"malformed blocks Checklist!C6: {PAID}"),
]

TRIP = [
    case("departed later in the day", typed({"trip_departed_at_time": time(23, 0)})),
    case("without a time of return", typed({"trip_returned_at_time": None})),
    # A sixth day of M&IE would be $68.00 more, if it had a row.
    case(
        "departed a day earlier",
        typed({"trip_departed_at": date(2026, 11, 1)}),
        "stops-not-continuous blocks Days!A5: 966.68 to 0.00",
    ),
    case(
        "returned a day later",
        typed({"trip_returned_at": date(2026, 11, 7)}),
        "stops-not-continuous blocks Days!A5: 966.68 to 0.00",
    ),
    refused(
        "departed a day later",
        typed({"trip_departed_at": date(2026, 11, 3)}),
        "stops-not-continuous blocks Days!A5, Claim!H38",
    ),
    refused(
        "returned a day earlier",
        typed({"trip_returned_at": date(2026, 11, 5)}),
        "stops-not-continuous blocks Days!A9, Claim!J38",
    ),
    refused(
        "returned before the departure",
        typed({"trip_returned_at": date(2026, 10, 5)}),
        "stops-not-continuous blocks Claim!H36",
    ),
    refused("departed some day", typed({"trip_departed_at": "some day"}), "malformed blocks Claim!H34"),
    case(
        "a time without colons",
        typed({"trip_departed_at_time": "half past five"}),
        f"malformed blocks Claim!J34: {PAID}",
    ),
    case(
        "a time with seconds",
        typed({"trip_departed_at_time": (5 * 60 + 30.25) / (24 * 60)}),
        f"malformed blocks Claim!J34: {PAID}",
    ),
    case(
        "a time of return with seconds, as text",
        typed({"trip_returned_at_time": "18:00:30"}),
        f"malformed blocks Claim!J36: {PAID}",
    ),
    case("a day and a time as texts", typed({"trip_departed_at": "2026-11-02", "trip_departed_at_time": "05:30"})),
    case("the stop begins a day later", typed({"trip_stops_0_arrived_on": date(2026, 11, 3)})),
    case("the stop ends a day earlier", typed({"trip_stops_0_departed_on": date(2026, 11, 5)})),
    refused(
        "the stop begins three days later",
        typed({"trip_stops_0_arrived_on": date(2026, 11, 5)}),
        "stops-not-continuous blocks Claim!A38",
    ),
    refused(
        "the stop ends before it begins",
        typed({"trip_stops_0_departed_on": date(2026, 11, 1)}),
        "stops-not-continuous blocks Claim!J38",
    ),
    case("the stop was on the way", typed({"trip_stops_0_reason": "en_route"}), "en-route-nights review Claim!L38"),
    # Birmingham has $135.00 and $80.00: 306.00 of M&IE become 360.00, and the rooms stay below either ceiling.
    case(
        "the place changed",
        typed({"trip_stops_0_place_city": "Birmingham"}),
        "alternate-locality review Claim!A38",
        "lodging-rate-not-in-force adjusts Days!I5:I8",
        "mie-rate-not-in-force adjusts Days!U5:U9: 306.00 to 360.00",
    ),
    refused(
        "a place that nobody knows",
        typed({"trip_stops_0_place_city": "Nowhereville"}),
        "rate-unresolved blocks Claim!A38",
    ),
    refused(
        "a place that could mean several",
        typed({"trip_stops_0_place_city": "Aurora", "trip_stops_0_place_state": "IL"}),
        "rate-unresolved blocks Claim!A38",
    ),
    case("a ZIP of four digits", typed({"trip_stops_0_place_zip": "3500"}), f"malformed blocks Claim!G38: {PAID}"),
    case("another station", typed({"trip_official_station_city": "Atlanta"})),
    case(
        "the course's place alone",
        typed({"course_place_city": "Orlando", "course_place_state": "FL"}),
        "alternate-locality review Claim!A38",
    ),
    case("the course's place by another name of its locality", typed({"course_place_city": "Selma"})),
    case(
        "a course's place that nobody knows",
        typed({"course_place_city": "Nowhereville"}),
        "not judged: alternate-locality",
    ),
]

CASES = STATED + TRIP
