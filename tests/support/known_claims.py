"""What is known around the claim to Moody, by hand: earlier claims, and where its documents were seen before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from perdiem_calc.claims.documents import FingerprintKind, fingerprints
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.history.batch import Submitted, known_together
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import Attendance, Attendee, EarlierClaim, History, Sighting, canonical
from perdiem_calc.rules.law import load_law
from tests.support.checking import Edits, edited, moody

OTHER_COURSE: dict[str, Any] = {
    "course_starts_on": date(2026, 9, 7),
    "course_ends_on": date(2026, 9, 11),
    "departed_on": date(2026, 9, 6),
    "returned_on": date(2026, 9, 11),
}
"""A course two months before that to Moody."""


ATTENDED = Attendee("NB-MOO-26", "Avery O'Neal", "Floyd County Police Department", date(2026, 11, 6), 40)
"""The entry of the officer to Moody on the host's list."""


def stated(edits: Edits) -> Claim:
    """The claim to Moody with edits."""
    return parse_claim(edited(moody(), edits))


def earlier(claim_id: str = "A-1", **fields: Any) -> EarlierClaim:
    """A claim of the officer to Moody for the same course, recorded on November 10; `fields` are otherwise."""
    default: dict[str, Any] = {
        "kind": "original",
        "replaces": "",
        "officer": "Avery O'Neal",
        "award_number": "2026ULWX0021",
        "agency": "Floyd County Police Department",
        "course_title": "NASRO Basic School Resource Officer Course",
        "course_starts_on": date(2026, 11, 2),
        "course_ends_on": date(2026, 11, 6),
        "class_id": "",
        "departed_on": date(2026, 11, 2),
        "returned_on": date(2026, 11, 6),
        "claimed": Decimal("898.68"),
        "allowable": Decimal("898.68"),
        "verdict": "accept",
        "paid": Decimal("0.00"),
        "superseded_by": "",
        "content_sha256": f"content of {claim_id}",
        "recorded_at": "2026-11-10T09:00:00.000000Z",
        "recorded_by": "Ann",
        "number": 1,
    }
    return EarlierClaim(claim_id=claim_id, **(default | fields))


def stating(edits: Edits, claim_id: str = "A-1", **fields: Any) -> EarlierClaim:
    """That earlier claim, which states what the claim to Moody does with edits."""
    return earlier(claim_id, content=canonical(stated(edits)), **fields)


def asked(*claims: EarlierClaim, **fields: Any) -> History:
    """What a ledger with these claims of the officer says; the officer is on roster and attendance list.

    `fields` are otherwise.
    """
    paid = sum((one.paid for one in claims), Decimal("0.00"))
    default: dict[str, Any] = {"standing": "recorded" if claims else "new", "paid_before": paid, "on_roster": True}
    default["attendance"] = Attendance(has_class=True, found=(ATTENDED,))
    return History(claims=claims, **(default | fields))


def seen(
    edits: Edits, kind: FingerprintKind, before: EarlierClaim, *, same_sro: bool = False, shared_on: Any = ()
) -> tuple[Sighting, ...]:
    """The documents of one kind of the claim to Moody with edits, seen in an earlier claim."""
    marks = [mark for mark in fingerprints(stated(edits)) if mark.kind == kind]
    return tuple(Sighting(mark, mark, before, same_sro, frozenset(shared_on)) for mark in marks)


def night(day: int, **fields: Any) -> dict[str, Any]:
    return {"night": f"2026-10-0{day}", "room_rate": "150.00", "receipt": "Folio 88213", "hotel": "Lake Inn"} | fields


def together(*claims: Claim) -> tuple[History, ...]:
    """What is known around claims in the files 0.xlsx, 1.xlsx ..., nobody asked but they themselves."""
    return known_together([Submitted(f"{number}.xlsx", one) for number, one in enumerate(claims)])


def bars(stated: Claim, known: History) -> list[str]:
    return [f"{line} {bar.check}" for line, bar in outside_of(stated, known, load_law()).bars.items()]


Fields = dict[str, Any]

PLATES: Fields = {"expenses[0].plate": "GA 771-KX", "expenses[1].plate": "GA 771-KX"}
FOLIO: Fields = {f"lodging[{n}].{field}": value for n in range(4) for field, value in
                (("receipt", "Folio 88-213"), ("hotel", "Lake Inn"))}  # fmt: skip
BOOK: Fields = {
    "expenses[+]": {"date": "2026-11-03", "category": "tolls", "amount": "20.00", "description": "toll road",
                    "receipt": "B-5512", "vendor": "Book Shop"}
}  # fmt: skip
CORRECTED: Fields = {"kind": "corrected", "replaces": "a-1"}
PAID = earlier(paid=Decimal("400.00"))
STATED: Fields = {"previously_reimbursed": "400.00"}
OTHER_SRO = earlier("B-1", officer="Dana Cole")
