"""What names a document, what denies one, and what a person must look at: each word of the rule and its neighbors."""

from __future__ import annotations

from datetime import date

import pytest

from perdiem_calc.claims.receipts import Evidence, denies, evidence_of, has_document
from perdiem_calc.dated import Law

ON = date(2026, 11, 6)

NONE = (
    None,
    "",
    "  ",
    "\t\n",
    # The whole text
    *("-", "--", "?", "x", "no", "none", "nil", "n/a", "na", "unknown", "pending"),
    *(" NONE ", "N/A", "Nil", "X", "Unknown", "(none)", '"n/a"', "- none -", "…none"),
    # Its first word
    *("none kept", "lost 11/5", "Lost: see memo 12", "missing, invoice 4", "misplaced by the hotel", "unknown no 7"),
    *("pending from Avis", "Pending (4471)", "lost-4471", "NONE.", "missing\t12"),
    # Its beginning
    *(
        "n/a (hotel closed)",
        "N/A 4471",
        "not available",
        "Not  available until 12/1",
        "to follow",
        "To follow: folio 7",
    ),
    # "no" and the name of a paper
    *("no receipt", "No receipts", "no folio 4471", "no-ticket", "no bill", "NO INVOICE 12", "no: receipt"),
)
DOCUMENT = (
    # Any other text with a digit
    *("R1", "4471", "Folio 88-213", "X-4471", "x 4471", "na-4471", "no 4471", "No. 4471", "?4471", "nil 7"),
    *("Nonesuch Inn 12", "Lostwood Inn 3", "Missingham 4", "Pendingville 5", "unknowns 6", "none4", "lost4471"),
    *("to followers 9", "not availables 1", "no receipted 4", "nofolio 7", "notice 8", "tomorrow 11/5"),
    # One of the papers, alone or with "attached"
    *("folio", "Receipt", "BILL", "invoice", "ticket", "statement", "folio attached", "Attached: receipt"),
    *("attached bill", "  invoice   attached ", "ticket, attached"),
)
UNCLEAR = (
    *("tbd", "yes", "ok", "attached", "see file", "hotel", "nope", "nothing", "not yet", "later", "by mail"),
    *(
        "receipt enclosed",
        "folio and bill",
        "folio folio",
        "the receipt",
        "receipts",
        "Lostwood Inn",
        "xx",
        "---",
        "??",
    ),
    *("noreceipt", "n a", "to-follow", "availability", "attached attached", "*x*"),
)


@pytest.mark.parametrize("text", NONE)
def test_a_word_that_denies_is_no_receipt(text: str | None, law: Law) -> None:
    assert evidence_of(text, law, ON) is Evidence.NONE
    assert denies(text, law, ON)
    assert not has_document(text, law, ON)


@pytest.mark.parametrize("text", DOCUMENT)
def test_what_names_a_document_is_one(text: str, law: Law) -> None:
    assert evidence_of(text, law, ON) is Evidence.DOCUMENT
    assert has_document(text, law, ON)
    assert not denies(text, law, ON)


@pytest.mark.parametrize("text", UNCLEAR)
def test_anything_else_is_for_a_person(text: str, law: Law) -> None:
    assert evidence_of(text, law, ON) is Evidence.UNCLEAR
    assert has_document(text, law, ON)
