"""Texts typed with blanks around them, as people and pastes leave them: the workbook takes them as the reader does.

Each is an edit of the claim to Orlando, as in tests/workbook/test_recalculation.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

NO_BREAK = "\u00a0"
Cells = dict[str, Any]


def typed(**cells: Any) -> Cells:
    """Cells that somebody types into, like `Days_K5`, or defined names."""
    return cells


BLANKS: dict[str, Cells] = {
    "choices on Claim with blanks around them": typed(
        attachments_certificate="attached ",
        agency_payee_kind=f"agency{NO_BREAK}",
        course_outcome=" Completed",
        course_coordinated="YES ",
        officer_position=f"{NO_BREAK}original ",
    ),
    "a person is paid, with a blank": typed(agency_payee_kind="Individual "),
    "failed, with a no-break space": typed(course_outcome=f"failed{NO_BREAK}"),
    "not coordinated, with a blank": typed(course_coordinated=" no"),
    "a backfill, with blanks": typed(
        officer_position="backfill ",
        officer_predecessor_completed_training=f"yes{NO_BREAK}",
        officer_predecessor_left_agency=" yes",
    ),
    "no certificate, with a blank": typed(attachments_certificate="missing "),
    "nobody signed but a no-break space": typed(signatures_fiscal_name=NO_BREAK),
    "not received but a blank": typed(received_on=" "),
    "personal days with blanks": typed(Days_H9="Yes ", Days_H10=f"yes{NO_BREAK}"),
    "choices on Days with blanks": typed(
        Days_Y6="host ",
        Days_X7=f"Registration{NO_BREAK}",
        Days_X8=" none",
        Days_Z9=" ",
        Days_AJ5=f"other{NO_BREAK}",
        Days_S7=None,
        Days_T7="yes ",
        Days_M8="dormitory ",
        Days_J9=150,
        Days_AK9="NASRO ",
        Days_AL9=date(2026, 9, 1),
    ),
    "a room rate and M&IE that are a space": typed(Days_K6=" ", Days_O6=None, Days_S6=None, Days_AA7=" "),
    "choices on Expenses with blanks": typed(
        Expenses_C5="airfare ",
        Expenses_O5=f"premium{NO_BREAK}",
        Expenses_AJ5=250,
        Expenses_C6=" Baggage",
        Expenses_C8=f"{NO_BREAK}taxi",
        Expenses_J8=75.01,
        Expenses_M8="yes ",
        Expenses_C10="pov_mileage ",
        Expenses_AD10=" yes",
        Expenses_V9="other ",
    ),
    "an agency vehicle, with blanks": typed(
        Expenses_B12=date(2026, 10, 8),
        Expenses_C12=f"agency_vehicle_fuel{NO_BREAK}",
        Expenses_J12=30,
        Expenses_P12="G 1",
        Expenses_P10="G 1",
        Expenses_P11="P 2",
    ),
    "driving, with blanks": typed(
        Expenses_C10="pov_mileage ",
        Expenses_H10=700,
        Expenses_C11="POV_mileage",
        Expenses_C8="tolls ",
        Expenses_C9=f"parking{NO_BREAK}",
    ),
    "a credit off a night, with a no-break space": typed(
        credits_0_source="hotel", credits_0_amount=50, credits_0_line=f"N2{NO_BREAK}"
    ),
}
