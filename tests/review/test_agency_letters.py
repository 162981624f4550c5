"""One letter to an agency on all its claims of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from perdiem_calc.errors import InputError
from perdiem_calc.review.letters import Decided, Sender, addressee, agency_letter, as_text
from perdiem_calc.review.result import AuditedClaim, Origin, Unreadable, Whose
from perdiem_calc.rules.law import load_law
from tests.support.drafted_letters import ON, of

SENDER = Sender(
    "NASRO Awards", ("1 Main Street", "Hoover, AL 35244"), "claims@nasro.example", ("R. Viewer", "Grants")
)
FROM = Origin("Dana Cole <dcole@town.example>", date(2026, 11, 20), "<1@town.example>")


def unread(code: str, what: str, fix: str, source: str = "in/mail.eml/a.xls", origin: Origin = FROM) -> Unreadable:
    return Unreadable(source, InputError(code, what, fix=fix), origin)


def letter_of(*claims: tuple[AuditedClaim, Decided | None], files: tuple[Unreadable, ...] = ()) -> list[str]:
    return as_text(agency_letter(claims, files, SENDER, load_law(), ON)).splitlines()


def decided(audited: AuditedClaim, verdict: str = "accept") -> Decided:
    paid = audited.payable if verdict == "accept" else audited.payable - audited.payable
    return Decided(verdict, paid, audited.payable - paid)  # type: ignore[arg-type]  # a word of the test


def test_a_letter_has_sender_date_addressee_table_claims_reply_address_and_signature() -> None:
    """$898.68 of the first claim is paid; the second lacks its certificate and goes back: together $898.68."""
    first, second = of({}), of({"claim_id": "A-2", "attachments.certificate": "missing"})
    lines = letter_of((first, decided(first)), (second, decided(second, "return")))
    assert lines[:21] == [
        "Decision of 2026-11-23.",
        "",
        "NASRO Awards",
        "1 Main Street",
        "Hoover, AL 35244",
        "",
        "November 23, 2026",
        "",
        "Accounts Payable",
        "Floyd County Police Department",
        "3 Government Plaza, Rome, GA 30161",
        "ap@floyd.example",
        "",
        "Re: 2 claims for reimbursement of travel",
        "",
        "Dear Accounts Payable:",
        "",
        "We have decided on the 2 claims that you sent us: $898.68 is approved for",
        "payment, and 1 claim goes back to you unpaid.",
        "",
        "Claim             Officer                     Claimed  To be paid  Outcome",
    ]
    assert [line.split()[-3:] for line in lines[21:23]] == [
        ["898.68", "898.68", "paid"],
        ["898.68", "0.00", "returned"],
    ]
    assert lines[23].split() == ["Together", "898.68"]
    assert lines[-6:] == [
        "Please send your answer to claims@nasro.example.",
        "",
        "Sincerely,",
        "",
        "R. Viewer",
        "Grants",
    ]
    text = "\n".join(lines)
    order = (
        "Claim    2026-MDY-0007",
        "NASRO has approved $898.68",
        "Claim    A-2",
        "NASRO returns this claim unpaid.",
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "DRAFT" not in text


def test_without_a_decision_it_is_a_draft_and_says_so_first() -> None:
    one = of({})
    lines = letter_of((one, None))
    assert lines[0] == "DRAFT of 2026-11-23: nothing in it is decided yet, and nothing has been paid."
    assert "This letter is about the claim that you sent us." in lines
    assert not any(line.startswith("Together") for line in lines)
    assert all(len(line) <= 78 for line in lines)


def test_files_that_nobody_could_read_are_in_the_letter_with_what_to_send() -> None:
    files = (
        unread("inbox.kind.unknown", "is a workbook of the old kind (.xls)", "ask for it as .xlsx"),
        unread("archive.encrypted", "is encrypted", "ask for it again", "in/mail.eml/b.zip"),
        unread("workbook.macros", "holds macros", "save it without macros", "in\\c.xlsx"),
    )
    text = " ".join(" ".join(letter_of(files=files)).split())
    assert "Dcole" not in text
    whose = "Dana Cole <dcole@town.example> Re: The files that you sent us Dear Sir or Madam:"
    assert f"{whose} We could not read what you sent us. Files" in text
    assert (
        "1. a.xls is a workbook of the old kind (.xls). Please send the claim in our claim form, saved as an Excel "
        "workbook (.xlsx). 2. b.zip is encrypted. Please send it again without a password. "
        "3. c.xlsx holds macros. Please save it without macros." in text
    )
    assert text.startswith("Notice of 2026-11-23. NASRO Awards")
    nobody = replace(files[0], origin=Origin())
    assert "The agency that sent a.xls" in letter_of(files=(nobody,))


def test_a_broken_claim_goes_to_the_agency_that_can_be_read() -> None:
    broken = replace(
        of({}),
        claim=None,
        itemized=None,
        as_named=Whose("A-1", "Town PD", "Ann Lee", "A", "Dana Cole", "d@t.example"),
    )
    lines = letter_of((broken, None))
    assert lines[8:12] == ["Dana Cole", "Town PD", "d@t.example", ""]
    assert "Dear Dana Cole:" in lines
    assert ["A-1", "Ann", "Lee", "0.00", "returned"] in [line.split() for line in lines]


def test_claims_of_one_agency_share_a_letter_and_those_of_another_never_do() -> None:
    one = of({})
    assert addressee(one) == addressee(of({"claim_id": "A-2", "agency.name": "Floyd County  POLICE Department"}))
    assert addressee(one) != addressee(of({"agency.ori": "AL0010000"}))
    nameless = replace(one, claim=None, origin=FROM)
    assert addressee(nameless) == addressee(unread("x.y", "is odd", "fix it"))
    assert addressee(replace(nameless, origin=Origin())) == ("file", nameless.source)
    assert addressee(unread("x.y", "is odd", "fix it", origin=Origin())) == ("file", "in/mail.eml/a.xls")


def test_a_claim_that_is_recorded_already_is_not_to_be_sent_as_a_draft() -> None:
    from tests.support.known_claims import asked, earlier

    recorded = of({})
    known = asked(recorded=earlier(paid=recorded.payable))
    lines = letter_of((replace(recorded, known=known), None))
    assert any(line.startswith("NOT TO BE SENT: the claim is recorded already") for line in lines)
