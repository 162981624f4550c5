"""The notes of the sheet Claim: what a clerk who clicks on a cell reads, where its kind does not say it all.

>>> note_of("course.place.state"), note_of("trip.stops[2].place.state")
('Two letters, like FL.', 'Two letters, like FL.')
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_INDEX = re.compile(r"\[[0-9]+\]")
_PLACE = {
    "city": "The city or town, like Orlando.",
    "state": "Two letters, like FL.",
    "county": "Where the city lies in several counties: the county, like Orange.",
    "zip": "Five digits, like 32801; enough without the city.",
}

NOTES: Mapping[str, str] = {
    "agency.name": "The law enforcement agency, as the award names it.",
    "agency.payee": "Whom NASRO pays: the agency, its city, county or finance office, never a person.",
    "agency.payee_kind": "agency; or government: its city, county or finance office. An individual is not paid.",
    "claim_id": "Yours to choose, like 2026-ORL-0001; no two claims may share one.",
    "kind": "original: the first claim for this course. corrected: states everything anew. "
    "supplemental: states only what came later.",
    "replaces": "For a corrected or supplemental claim only: the id of the claim that it goes with.",
    "agency.remit_to": "The address to which the payment goes.",
    "agency.ori": "The agency's ORI, of 7 or 9 characters.",
    "agency.uei": "The agency's UEI, of 12 characters.",
    "agency.ein": "The agency's EIN.",
    "agency.contact.name": "Who at the agency answers questions about this claim.",
    "agency.contact.email": "The e-mail address of the contact.",
    "agency.contact.phone": "The telephone number of the contact.",
    "agency.vendor_number": "The agency's vendor number, where it has one.",
    "award.number": "The number of the award, like 15JCOPS-24-GG-03715-UHPX.",
    "award.program_manager": "The award's CHP program manager, to whom a copy of the certificate goes.",
    "agency.accounting_code": "The agency's own code for this expense.",
    "authorization": "The number of the agency's travel authorization.",
    "officer.name": "The school resource officer who travelled.",
    "officer.rank": "The officer's rank.",
    "officer.employee_id": "A badge or payroll number, never a Social Security number.",
    "officer.position": "original: the officer was hired into the position when it was funded. "
    "backfill: the officer follows one who left it. Blank means original.",
    "officer.predecessor_completed_training": "For a backfill only. yes: the officer before completed the training.",
    "officer.predecessor_left_agency": "For a backfill only. yes: the officer before has left the agency.",
    "course.title": "The course, as the certificate names it.",
    "course.class_id": "The id of the class.",
    "course.host": "Who hosted the course.",
    "course.outcome": "completed: say on which day. failed, withdrawn: nothing is paid. "
    "cancelled: by the host of the course.",
    "course.coordinated": "yes: the agency coordinated the travel with NASRO, and when. no: nothing is paid.",
    "course.coordinated_with": "With whom at NASRO it was coordinated.",
    "trip.stops.reason": "course: the place of the course. en_route: a night on the way. Blank means course.",
    "trip.extra_night_reason": "Why the officer arrived earlier than the day before the course, or returned later "
    "than the day it ends.",
    "trip.station_approval.reason": "Only for a course in the city of the official station or the residence: why "
    "NASRO "
    "or the COPS Office approved per diem.",
    "previous_claims.claim_id": "The id of a claim that NASRO paid for this officer before.",
    "credits.source": "Who gave money back, or bore a part of the cost.",
    "credits.line": "The line that it reduces, like E1 or N2. Blank: it is taken off the total.",
    "credits.note": "What it was for.",
    "previously_reimbursed": "All that NASRO paid for this officer before, like 400.00; 0.00 where that is nothing.",
    "signatures.officer.name": "The officer who travelled; beside it the day of the signature.",
    "signatures.supervisor.name": "The officer's supervisor; beside it the day of the signature.",
    "signatures.fiscal.name": "The agency's fiscal official, without whom nothing is paid; beside it the day.",
    "nasro.approved_by": "For NASRO: who decided.",
    "nasro.payment_number": "For NASRO: the number of the payment.",
    **{
        f"{place}.{part}": note
        for place in ("course.place", "trip.official_station", "trip.residence", "trip.stops.place")
        for part, note in _PLACE.items()
    },
}
"""By the field's path, without the place of an entry in its list."""


def note_of(path: str) -> str:
    """The note of a field's cell; empty where the cell's kind says what is due."""
    return NOTES.get(_INDEX.sub("", path), "")
