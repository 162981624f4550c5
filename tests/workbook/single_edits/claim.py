"""Single edits of what a person states on the sheets Claim and Checklist."""

from __future__ import annotations

from datetime import date, time

from tests.support.edits import typed
from tests.support.single_edits import BARRED as PAID
from tests.support.single_edits import UNREAD, case, refused

LATER = date(2027, 1, 31)
KEPT = "retention-date info prepared_on"

STATED = [
    # --- claim and agency
    case("another agency", typed({"agency_name": "Rome Police Department"})),
    refused("no agency", typed({"agency_name": None}), "malformed blocks agency_name"),
    case("a line break after the agency", typed({"agency_name": "Floyd County Police Department\n"})),
    refused("a line break in the agency", typed({"agency_name": "Rome\nPolice"}), "malformed blocks agency_name"),
    refused(
        "an invisible letter in a name", typed({"officer_name": "Sam\u200b Hall"}), "malformed blocks officer_name"
    ),
    refused("a name in two alphabets", typed({"officer_name": "S\u0430m Hall"}), "malformed blocks officer_name"),
    case("two lines to remit to", typed({"agency_remit_to": "50 Court Square\nRome, GA 30161"})),
    case("a payee", typed({"agency_payee": "City of Rome"})),
    case("the officer as payee", typed({"agency_payee": "Avery O'Neal"}), "payee-questioned review agency_payee"),
    case(
        "the agency is called like the officer",
        typed({"agency_name": "O'NEAL, Avery"}),
        "payee-questioned review agency_name",
    ),
    case(
        "a person is paid",
        typed({"agency_payee_kind": "individual"}),
        f"payee-not-agency blocks agency_payee_kind: {PAID}",
    ),
    case("a payee of no kind", typed({"agency_payee_kind": "bank"}), f"malformed blocks agency_payee_kind: {PAID}"),
    refused("a claim id of two words", typed({"claim_id": "2026 MDY"}), "malformed blocks claim_id"),
    case("a correction of nothing", typed({"kind": "corrected"}), f"malformed blocks replaces: {PAID}"),
    case("an original that replaces", typed({"replaces": "2026-MDY-1"}), f"malformed blocks replaces: {PAID}"),
    case(
        "a supplement of itself",
        typed({"kind": "supplemental", "replaces": "2026-mdy-0007"}),
        f"malformed blocks replaces: {PAID}",
    ),
    case("a copy", typed({"kind": "copied"}), f"malformed blocks kind: {PAID}"),
    case(
        "prepared 24 days after the course",
        typed({"prepared_on": date(2026, 11, 30)}),
        "claim-due-soon info prepared_on",
        as_of=LATER,
    ),
    case(
        "prepared 44 days after the course",
        typed({"prepared_on": date(2026, 12, 20)}),
        "claim-late review prepared_on",
        as_of=LATER,
    ),
    case(
        "prepared next week",
        typed({"prepared_on": date(2026, 11, 25)}),
        f"date-in-future blocks prepared_on: {PAID}",
    ),
    case(
        "prepared before the course was completed",
        typed({"prepared_on": date(2026, 11, 5)}),
        f"course-not-completed blocks course_completed_on: {PAID}",
    ),
    refused("prepared soon", typed({"prepared_on": "soon"}), "malformed blocks prepared_on"),
    case(
        "received",
        typed({"received_on": date(2026, 11, 20)}),
        "retention-date info received_on",
        gone=[KEPT],
    ),
    case("an odd ORI", typed({"agency_ori": "GA57"}), "identifier-shape info agency_ori"),
    case("an odd UEI", typed({"agency_uei": "ABC"}), "identifier-shape info agency_uei"),
    case("an odd award number", typed({"award_number": "X-1"}), "identifier-shape info award_number"),
    case(
        "a Social Security number",
        typed({"agency_contact_phone": "078-05-1120"}),
        f"malformed blocks agency_contact_phone: {PAID}",
    ),
    # --- award and officer
    case(
        "an earlier letter",
        typed({"award_letter_date": date(2026, 1, 5)}),
        "training-deadline-missed review course_completed_on",
        "mou-late info award_mou_on",
    ),
    case("a late MOU", typed({"award_mou_on": date(2026, 7, 15)}), "mou-late info award_mou_on"),
    case("no day of the MOU", typed({"award_mou_on": None}), "not judged: mou-late"),
    case(
        "an award that ended",
        typed({"award_period_to": date(2026, 11, 5)}),
        "outside-award-period review trip_returned_on",
    ),
    case(
        "an award that began during the trip",
        typed({"award_period_from": date(2026, 11, 3)}),
        "outside-award-period review trip_departed_on",
    ),
    case(
        "an award that ends before it begins",
        typed({"award_period_to": date(2025, 1, 1)}),
        f"malformed blocks award_period_to: {PAID}",
        claim={"award.period_from": "2026-01-01"},
    ),
    case(
        "the supervisor travelled",
        typed({"officer_name": "Lee Park"}),
        "preparer-is-approver review signatures_supervisor_name",
    ),
    refused("a number for a name", typed({"officer_name": "123456789"}), "malformed blocks officer_name"),
    case(
        "a number of nine digits",
        typed({"officer_employee_id": 123456789}),
        f"malformed blocks officer_employee_id: {PAID}",
    ),
    case(
        "hired earlier",
        typed({"officer_sro_hired_on": date(2026, 4, 20)}),
        "training-deadline-missed review course_completed_on",
    ),
    case("a backfill", typed({"officer_position": "backfill"}), "backfill-unclear review officer_pred_completed"),
    case(
        "a predecessor who left",
        typed({"officer_pred_left": "yes"}),
        f"backfill blocks officer_position: {PAID}",
        gone=["backfill-unclear review officer_pred_left"],
        claim={"officer.position": "backfill", "officer.predecessor_completed_training": True},
    ),
    case(
        "a course a year before",
        typed({"officer_prior": date(2025, 4, 15)}),
        "prior-course review officer_prior",
    ),
    case("a course more than a year before", typed({"officer_prior": date(2025, 4, 14)})),
    # --- course
    case(
        "another course",
        typed({"course_title": "NASRO Advanced Course"}),
        f"wrong-course blocks course_title: {PAID}",
    ),
    case("39 hours", typed({"course_hours": 39}), f"wrong-course blocks course_hours: {PAID}"),
    refused("forty hours in words", typed({"course_hours": "forty"}), "malformed blocks course_hours"),
    case("the course begins a day later", typed({"course_starts_on": date(2026, 11, 3)})),
    case(
        "the course begins two days later",
        typed({"course_starts_on": date(2026, 11, 4)}),
        "extra-night review trip_departed_on",
    ),
    case(
        "the course ends a day earlier",
        typed({"course_ends_on": date(2026, 11, 5)}),
        "extra-night review trip_returned_on",
    ),
    refused(
        "the course ends before it begins",
        typed({"course_ends_on": date(2026, 11, 1)}),
        "malformed blocks course_ends_on",
    ),
    case(
        "the extra night is explained",
        typed({"extra_night_reason": "no flight on Friday"}),
        claim={"course.starts_on": "2026-11-04"},
    ),
    case("failed", typed({"course_outcome": "failed"}), f"course-not-completed blocks course_outcome: {PAID}"),
    case("cancelled", typed({"course_outcome": "cancelled"}), "course-cancelled review course_outcome"),
    # A blank outcome is the usual one: completed.
    case("no outcome", typed({"course_outcome": None})),
    case(
        "no day of completion",
        typed({"course_completed_on": None}),
        f"course-not-completed blocks course_completed_on: {PAID}",
    ),
    case(
        "completed after the claim",
        typed({"course_completed_on": date(2026, 11, 17)}),
        f"course-not-completed blocks course_completed_on: {PAID}",
    ),
    case(
        "completed on a day in words",
        typed({"course_completed_on": "Friday"}),
        f"malformed blocks course_completed_on: {PAID}",
        # Which is asked at the same cell.
        gone=["not judged: not-on-attendance"],
    ),
    case(
        "not coordinated", typed({"course_coordinated": "no"}), f"not-coordinated blocks course_coordinated: {PAID}"
    ),
    case(
        "no day of coordination",
        typed({"course_coordinated_on": None}),
        "coordination-undated review course_coordinated",
    ),
    case(
        "coordinated on the trip",
        typed({"course_coordinated_on": date(2026, 11, 3)}),
        "coordination-undated review course_coordinated_on",
    ),
    # --- earlier payments and credits
    case(
        "paid before",
        typed({"payment_amount[0]": 500}),
        "cap-applied info payment_amount[0]: 898.68 to 500.00",
    ),
    case(
        "more than the limit paid before",
        typed({"payment_amount[0]": 1200}),
        "cap-applied info payment_amount[0]: 898.68 to 0.00",
        "overpaid-before review payment_amount[0]",
    ),
    case(
        "paid before, in words",
        typed({"payment_amount[0]": "400 dollars"}),
        f"malformed blocks payment_amount[0]: {PAID}",
        gone=[UNREAD],
    ),
    case(
        "paid before, less than nothing",
        typed({"payment_amount[0]": -1}),
        f"malformed blocks payment_amount[0]: {PAID}",
        gone=[UNREAD],
    ),
    case(
        # The rows add up by themselves: $900.00 is left of the limit, and $898.68 is payable.
        "an earlier claim",
        typed(
            {
                "payment_claim_id[0]": "2026-MDY-0001",
                "payment_paid_on[0]": date(2026, 11, 10),
                "payment_amount[0]": 100,
            }
        ),
    ),
    case(
        "a credit off the total",
        typed({"credit_source[0]": "hotel", "credit_amount[0]": 50}),
        "credit-applied info credit_amount[0]: 0.00 to -50.00",
    ),
    case(
        "a larger credit",
        typed({"credit_amount[0]": 60}),
        "credit-applied info credit_amount[0]: 98.00 to 38.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 4.94",
        gone=[
            "credit-applied info credit_amount[0]: 98.00 to 48.00",
            "lodging-tax-over-share info day_tax[0]: 12.74 to 6.24",
        ],
        claim={"credits": [{"source": "hotel", "amount": "50.00", "line": "N1"}]},
    ),
    case(
        "a credit off a line that is not there",
        typed({"credit_for[0]": "E9"}),
        "malformed blocks credit_for[0]: 898.68 to 0.00",
        gone=[
            "credit-applied info credit_amount[0]: 98.00 to 48.00",
            "lodging-tax-over-share info day_tax[0]: 12.74 to 6.24",
        ],
        claim={"credits": [{"source": "hotel", "amount": "50.00", "line": "N1"}]},
    ),
    # --- signatures, checklist, NASRO's box
    case(
        "not signed",
        typed({"signatures_fiscal_name": None}),
        f"signature-missing blocks signatures_fiscal_name: {PAID}",
    ),
    case(
        "not signed by the officer",
        typed({"signatures_officer_on": None}),
        "signature-missing review signatures_officer_name",
    ),
    case(
        "the officer is the fiscal official",
        typed({"signatures_fiscal_name": "Avery O'Neal"}),
        "preparer-is-approver review signatures_fiscal_name",
    ),
    case("NASRO's own box", typed({"nasro_amount": 2000, "nasro_by": "R. Viewer"})),
    case(
        "no certificate",
        typed({"doc_status[1]": "missing"}),
        f"certificate-missing blocks doc_status[1]: {PAID}",
    ),
    case(
        "nothing said of the certificate",
        typed({"doc_status[1]": None}),
        f"certificate-missing blocks doc_status[1]: {PAID}",
    ),
    case("no mileage log", typed({"doc_status[5]": "missing"}), "attachment-missing review doc_status[5]"),
    case("nothing said of the folio", typed({"doc_status[2]": None}), "attachment-missing review doc_status[2]"),
    case("no folio needed", typed({"doc_status[2]": "not_needed"}), "attachment-missing review doc_status[2]"),
    case(
        "no proof needed",
        typed({"doc_status[9]": "not_needed"}),
        "attachment-missing review doc_status[9]",
    ),
    case("no fare, no receipt", typed({"doc_status[3]": "not_needed"})),
    case("a form of the vendor", typed({"doc_status[10]": "missing"})),
    case("a lost mileage log", typed({"doc_status[5]": "lost"}), f"malformed blocks doc_status[5]: {PAID}"),
    case("a lost certificate", typed({"doc_status[1]": "lost"}), f"malformed blocks doc_status[1]: {PAID}"),
]

TRIP = [
    case("departed later in the day", typed({"trip_departed_time": time(23, 0)})),
    case("without a time of return", typed({"trip_returned_time": None})),
    # A sixth day of M&IE would be $68.00 more, if it had a row.
    # The days are counted from the departure: the four nights begin a day earlier, and the last has no room.
    case(
        "departed a day earlier",
        typed({"trip_departed_on": date(2026, 11, 1)}),
        "meals-not-answered review day_breakfast[5], day_lunch[5], day_dinner[5]",
        "night-unanswered review day_room[0]:day_room[5]",
    ),
    case(
        "returned a day later",
        typed({"trip_returned_on": date(2026, 11, 7)}),
        "extra-night review trip_returned_on",
        "night-unanswered review day_room[0]:day_room[5]",
    ),
    # Three nights, $332.22, four days of M&IE, $238.00, and the drives, $149.72; the fourth room is on the day back.
    case(
        "departed a day later",
        typed({"trip_departed_on": date(2026, 11, 3)}),
        "lodging-night-not-in-trip blocks day_room[3], day_tax[3]: 110.74 to 0.00, payment 0.00",
        "malformed blocks day_breakfast[4]: 719.94 to 0.00",
    ),
    # Three nights, $332.22, four days of M&IE, $238.00, and the drives, $149.72; the fourth room is on the day back.
    case(
        "returned a day earlier",
        typed({"trip_returned_on": date(2026, 11, 5)}),
        "lodging-night-not-in-trip blocks day_room[3], day_tax[3]: 110.74 to 0.00, payment 0.00",
        "malformed blocks day_breakfast[4]: 719.94 to 0.00",
    ),
    refused(
        "returned before the departure",
        typed({"trip_returned_on": date(2026, 10, 5)}),
        "stops-not-continuous blocks trip_returned_on",
    ),
    refused("departed some day", typed({"trip_departed_on": "some day"}), "malformed blocks trip_departed_on"),
    case(
        "a time without colons",
        typed({"trip_departed_time": "half past five"}),
        f"malformed blocks trip_departed_time: {PAID}",
    ),
    case(
        "a time with seconds",
        typed({"trip_departed_time": (5 * 60 + 30.25) / (24 * 60)}),
        f"malformed blocks trip_departed_time: {PAID}",
    ),
    case(
        "a time of return with seconds, as text",
        typed({"trip_returned_time": "18:00:30"}),
        f"malformed blocks trip_returned_time: {PAID}",
    ),
    case("a day and a time as texts", typed({"trip_departed_on": "2026-11-02", "trip_departed_time": "05:30"})),
    case("the stop begins a day later", typed({"stop_arrived[0]": date(2026, 11, 3)})),
    case("the stop ends a day earlier", typed({"stop_left[0]": date(2026, 11, 5)})),
    refused(
        "the stop begins three days later",
        typed({"stop_arrived[0]": date(2026, 11, 5)}),
        "stops-not-continuous blocks stop_state[0]",
    ),
    refused(
        "the stop ends before it begins",
        typed({"stop_left[0]": date(2026, 11, 1)}),
        "stops-not-continuous blocks stop_left[0]",
    ),
    case("the stop was on the way", typed({"stop_reason[0]": "en_route"}), "en-route-nights review stop_reason[0]"),
    # Birmingham has $135.00 and $80.00: 306.00 of M&IE become 360.00. The rate area beside it is still Moody's.
    case(
        "the place changed",
        typed({"stop_city[0]": "Birmingham"}),
        "lodging-rate-not-in-force adjusts stop_area[0]",
        "mie-rate-not-in-force adjusts stop_area[0]: 306.00 to 360.00",
    ),
    case(
        "the place and its rate area changed",
        typed({"stop_city[0]": "Birmingham", "stop_area[0]": "Birmingham"}),
    ),
    refused(
        "a place that nobody knows",
        typed({"stop_city[0]": "Nowhereville"}),
        "rate-unresolved blocks stop_city[0]",
    ),
    refused(
        "a place that could mean several",
        typed({"stop_city[0]": "Aurora", "stop_state[0]": "IL"}),
        "rate-unresolved blocks stop_city[0]",
    ),
    case("a ZIP of four digits", typed({"stop_zip[0]": "3500"}), f"malformed blocks stop_zip[0]: {PAID}"),
    case("another station", typed({"station_city": "Atlanta"})),
    case(
        "the course's place alone",
        typed({"course_city": "Orlando", "course_state": "FL"}),
        "alternate-locality review stop_city[0]",
    ),
    case("the course's place by another name of its locality", typed({"course_city": "Selma", "course_state": "AL"})),
    case(
        "a course's place that nobody knows",
        typed({"course_city": "Nowhereville", "course_state": "AL"}),
        "not judged: alternate-locality",
    ),
]

CASES = STATED + TRIP
