"""Writes the form: place, dates and rates filled in, everything else for the agency to complete.

A form is the workbook of a claim about which little is known yet. What nobody has stated stays blank, and the reader
names every blank cell that a claim needs.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from perdiem_calc.claims.model import SCHEMA, Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rates.places import Place
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.writing.write import write_contents

COURSE = "NASRO Basic School Resource Officer Course"
NOBODY = "to be filled in"

UNKNOWN = frozenset(
    {
        "claim_id",
        "prepared_on",
        "previously_reimbursed",
        "agency.name",
        "agency.remit_to",
        "agency.contact.name",
        "award.number",
        "award.letter_date",
        "officer.name",
        "officer.sro_hired_on",
        "course.starts_on",
        "course.ends_on",
        "course.outcome",
        "trip.official_station.city",
        "trip.official_station.state",
    }
)
"""The fields that a claim needs and a form leaves blank."""


def write_form(
    path: Path, place: Place, departs: date, returns: date, rates: RateSource, law: Law, *, force: bool = False
) -> None:
    """Write a form for a trip to one place.

    Raises RateUnavailable and InputError as the rate source does, InputErrors for impossible dates, OutputError as
    `write_claim` does.
    """
    rates.rate(place, departs)
    claim = _claim_to_be(place, departs, returns, law)
    write_contents(path, Contents(itemize(claim, rates, law), (), law, UNKNOWN), force=force)


def _claim_to_be(place: Place, departs: date, returns: date, law: Law) -> Claim:
    """A claim with what is known, and anything at all in the fields that stay blank."""
    where: dict[str, Any] = {"city": place.city, "state": place.state, "county": place.county, "zip": place.zip}
    return parse_claim(
        {
            "schema": SCHEMA,
            "claim_id": "form",
            "prepared_on": returns,
            "agency": {"name": NOBODY, "remit_to": NOBODY, "contact": {"name": NOBODY}},
            "award": {"number": NOBODY, "letter_date": departs},
            "officer": {"name": NOBODY, "sro_hired_on": departs},
            "course": {
                "title": COURSE,
                "hours": law.count("chp-course", "hours", departs),
                "place": where,
                "starts_on": departs,
                "ends_on": max(departs, returns),
            },
            "trip": {
                "official_station": {"city": NOBODY, "state": NOBODY},
                "departed_at": departs,
                "returned_at": returns,
                "stops": [{"place": where, "arrived_on": departs, "departed_on": max(departs, returns)}],
            },
        }
    )
