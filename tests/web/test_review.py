"""A reviewer's way through a claim in the browser, from the inbox to the ledger; and an office working together."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.support import office as offices
from tests.support.command import Perdiem
from tests.support.hostile_files import REFUSED
from tests.support.house_rules import ROOT
from tests.support.inbox import put_workbook
from tests.support.mails import archive, gmail
from tests.support.serving import TODAY
from tests.support.site import begun, client, messages_of, set_up

LARGEST_FILE = 10_000_000
SAMPLE = json.loads((ROOT / "data" / "samples" / "2026-ORL-0001.json").read_text(encoding="utf-8"))
WASHINGTON = json.loads((ROOT / "data" / "samples" / "2026-DCA-0003.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No claim, user or ledger of another test."""
    data = set_up()
    yield
    from django.contrib.auth import get_user_model

    from perdiem_calc.web.site.models import Arrival, Preparation, Submission

    for model in (Submission, Arrival, Preparation):
        model.objects.all().delete()
    get_user_model().objects.exclude(username="owner").delete()
    for file in data.glob("ledger.sqlite*"):
        file.unlink()


@pytest.fixture
def office() -> Iterator[None]:
    """The server of an office, where everybody has one role."""
    with offices.office():
        yield


def member(name: str, role: str, agency: str = "") -> Any:
    """A browser of a user with a role, who may have had another one."""
    from perdiem_calc.web.site.models import Member

    known = Member.objects.filter(user__username=name).first()
    if known is None:
        known = offices.member(name, role, agency)
    known.role, known.agency = role, agency
    known.save()
    return offices.signed_in(known)


def put(reviewer: Any, *files: tuple[str, bytes]) -> int:
    """Put files into the inbox; the status of the answer."""
    posted = []
    for name, content in files:
        file = BytesIO(content)
        file.name = name
        posted.append(file)
    return int(reviewer.post("/inbox", {"files": posted}).status_code)


def given(reviewer: Any, *files: tuple[str, bytes]) -> Any:
    """Files put into the inbox, once they were read; the page."""
    assert put(reviewer, *files) == 302
    from perdiem_calc.web.site.incoming import is_idle

    until = time.monotonic() + 600
    while not is_idle() and time.monotonic() < until:
        time.sleep(0.05)
    return reviewer.get("/inbox")


def incomplete() -> dict[str, Any]:
    """A claim whose certificate is missing."""
    claim: dict[str, Any] = json.loads(json.dumps(SAMPLE))
    claim["attachments"]["certificate"] = "missing"
    return claim


def workbook(tmp_path: Path, claim: dict[str, Any]) -> bytes:
    """The workbook that an agency sends."""
    return put_workbook(tmp_path, claim).read_bytes()


def pk_of(claim_id: str) -> int:
    from perdiem_calc.web.site.models import Submission

    return int(Submission.objects.get(claim_id=claim_id).pk)


def text_of(answer: Any) -> str:
    """The page as a person reads it."""
    page = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(page).split())


def fields(answer: Any) -> dict[str, str]:
    """The hidden fields of the page's last form that records something."""
    page = answer.content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def total(answer: Any, name: str) -> str:
    found = re.search(rf'data-total="{name}">([^<]*)<', answer.content.decode())
    assert found is not None, name
    return found[1]


def judged(reviewer: Any, pk: int, verdict: str, reason: str, **more: str) -> Any:
    """Decide alike on every finding of a claim, and go to the decision."""
    page = reviewer.get(f"/review/{pk}/")
    typed = fields(page)
    numbers = [name.partition(".")[2] for name in typed if name.startswith("check.")]
    typed |= {f"verdict.{number}": verdict for number in numbers}
    typed |= {f"reason.{number}": reason for number in numbers}
    return reviewer.post(f"/review/{pk}/", {**typed, "then": "decide", **more}, follow=True)


def recorded(reviewer: Any, pk: int, amount: str = "") -> Any:
    page = reviewer.get(f"/review/{pk}/decide")
    return reviewer.post(f"/review/{pk}/decide", {**fields(page), "amount": amount, "then": "record"}, follow=True)


ROSTER = """award,officer,agency,paid_before
15JCOPS-25-GG-01234-UHPX,Jordan Reyes,Jacksonville Police Department,
15JCOPS-25-GG-01234-UHPX,Sam Whitfield,Springfield Police Department,400.00
"""


def with_roster(perdiem: Perdiem, tmp_path: Path) -> None:
    """The server's ledger, with a roster that the command line imported."""
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER, encoding="utf-8")
    ledger = set_up() / "ledger.sqlite"
    perdiem("ledger", "import-roster", file, "--ledger", ledger, "--create", "--by", "R. Viewer")


def saved(browser: Any, address: str) -> bytes:
    """A file that a page offers to save."""
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def shown(perdiem: Perdiem, award: str, officer: str) -> dict[str, Any]:
    """What the command line says of an officer."""
    ledger = set_up() / "ledger.sqlite"
    return dict(perdiem("ledger", "show", award, officer, "--ledger", ledger, "--json").record)


def test_from_the_inbox_to_the_letter(tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = client()
    with_roster(perdiem, tmp_path)
    content = workbook(tmp_path, WASHINGTON)
    mail = gmail({"2026-DCA-0003.xlsx": content})
    page = text_of(given(reviewer, ("claim.eml", mail), ("scan.xlsx", b"%PDF-1.7")))
    assert "claim.eml/2026-DCA-0003.xlsx" in page
    assert "from " in page
    assert "message " in page
    assert "received " in page
    assert "scan.xlsx is a PDF under a new name" in page

    page = text_of(given(reviewer, ("again.zip", archive({"copy.xlsx": content}))))
    assert "again.zip/copy.xlsx is the same file as 2026-DCA-0003" in page

    pk = pk_of("2026-DCA-0003")
    queue = text_of(reviewer.get("/review/"))
    assert "2026-DCA-0003" in queue
    claim = reviewer.get(f"/review/{pk}/")
    # data/samples: $2,752.05 claimed, $400 paid before, so that $600.00 of the $1,000.00 is left.
    assert (total(claim, "claimed"), total(claim, "payable")) == ("$2,752.05", "$600.00")
    decide = judged(reviewer, pk, "accept", "")
    assert "It will be recorded as accept , $600.00 to pay" in text_of(decide)
    done = recorded(reviewer, pk)
    assert "2026-DCA-0003 is decided" in text_of(done)
    assert "$600.00 is approved for payment" in text_of(done)
    letter = saved(reviewer, f"/review/{pk}/done/letter").decode()
    assert "$600.00 is approved for payment" in " ".join(letter.split())
    assert saved(reviewer, f"/review/{pk}/done/copy").startswith(b"PK")
    record = shown(perdiem, "15JCOPS-25-GG-01234-UHPX", "Sam Whitfield")
    assert [(one["claim_id"], one["verdict"], one["paid"]) for one in record["claims"]] == [
        ("2026-DCA-0003", "accept", "600.00")
    ]
    assert "Nothing waits" in text_of(reviewer.get("/review/"))


def test_an_office_from_sending_to_the_reissued_check(office: None, tmp_path: Path, perdiem: Perdiem) -> None:
    """An agency sends, a reviewer returns, the agency corrects, another accepts, the accountant pays."""
    from perdiem_calc.web.site.models import Preparation, Submission

    with_roster(perdiem, tmp_path)
    police = "Jacksonville Police Department"
    preparer, reviewer = member("pat", "preparer", police), member("rae", "reviewer")
    accountant = member("ann", "accountant")
    award = "15JCOPS-25-GG-01234-UHPX"

    prep = begun(preparer, incomplete())
    assert preparer.post(f"/claims/{prep.pk}/send").status_code == 302
    assert "NASRO has it: Sent" in text_of(preparer.get(f"/claims/{prep.pk}/"))
    assert "NASRO reviews it" in text_of(preparer.get("/"))
    first = pk_of("2026-ORL-0001")
    assert "Blocked" in text_of(reviewer.get("/review/"))

    decide = judged(reviewer, first, "return", "Send the certificate.")
    assert "In review" in text_of(preparer.get("/"))
    assert "It will be recorded as return , $0.00 to pay; $1,000.00 of the limit is left then" in text_of(decide)
    assert "Decided by NASRO: Send the certificate." in text_of(decide)
    done = recorded(reviewer, first)
    assert "Returned. The agency corrects it." in text_of(done)
    assert "Decided by NASRO: Send the certificate." in text_of(done)
    row = text_of(preparer.get("/"))
    assert "Returned" in row
    assert "Next: The agency corrects it" in row
    record = shown(perdiem, award, "Jordan Reyes")
    assert [(one["verdict"], one["paid"], one["recorded_by"]) for one in record["claims"]] == [
        ("return", "0.00", "rae")
    ]

    # The agency corrects it.
    preparer.post(f"/claims/{prep.pk}/correct")
    correction = Preparation.objects.get(corrects=prep)
    draft = correction.draft
    draft["attachments"]["certificate"] = "attached"
    draft["signatures"] = SAMPLE["signatures"]
    correction.save_draft(draft, correction.version, "documents")
    assert preparer.post(f"/claims/{correction.pk}/send").status_code == 302
    assert f"Corrected by {draft['claim_id']}" in text_of(preparer.get("/"))
    second = int(Submission.objects.get(preparation=correction).pk)
    decide = judged(reviewer, second, "accept", "Looked at.")
    # $1,741.81 is allowable, and the officer's whole limit is left.
    assert total(decide, "left") == "$1,000.00 of $1,000.00"
    assert (total(decide, "allowable"), total(decide, "payable")) == ("$1,741.81", "$1,000.00")
    done = recorded(reviewer, second)
    assert "Accepted. NASRO pays $1,000.00." in text_of(done)
    assert "NASRO pays $1,000.00" in text_of(preparer.get("/"))

    # The accountant pays; the check comes back, and another is sent.
    sro = shown(perdiem, award, "Jordan Reyes")["sro"]
    named = f"/ledger/officers/{sro}/pay/{draft['claim_id']}"
    payables = text_of(accountant.get("/ledger/payables"))
    assert draft["claim_id"] in payables
    assert "$1,000.00" in payables
    check = {"number": "CK-1042", "date": "11/25/2026", "method": "check"}
    assert reviewer.get(named).status_code == 403
    steps = (
        ({**check, "status": "scheduled", "date": "11/24/2026", "number": ""}, "$1,000.00", "$0.00", "NASRO pays"),
        ({**check, "status": "paid"}, "$0.00", "$1,000.00", "Paid $1,000.00"),
        ({**check, "status": "void", "reason": "came back", "date": "11/26/2026"}, "$0.00", "$0.00", "payment void"),
        ({**check, "status": "reissued", "number": "CK-1050", "date": "11/27/2026"}, "$0.00", "$1,000.00", "Paid"),
    )
    for asked, due, moved, state in steps:
        answer = accountant.post(named, asked)
        assert answer.status_code == 302, messages_of(answer.content.decode())
        page = accountant.get(named)
        assert (total(page, "due"), total(page, "moved")) == (due, moved), asked["status"]
        assert state in text_of(preparer.get("/"))
        history = shown(perdiem, award, "Jordan Reyes")["history"]
        assert (history[-1]["what"], history[-1]["recorded_by"]) == (asked["status"], "ann")
        assert history[-1]["what"] in text_of(reviewer.get(f"/ledger/officers/{sro}/"))
    officer = reviewer.get(f"/ledger/officers/{sro}/")
    record = shown(perdiem, award, "Jordan Reyes")
    assert total(officer, "left") == "$0.00"
    assert total(officer, "paid") == "$2,000.00"
    assert total(officer, "void") == "$1,000.00"
    ledger = set_up() / "ledger.sqlite"
    left = perdiem("ledger", "remaining", award, "Jordan Reyes", "--ledger", ledger, "--json").record
    assert (left["remaining"], left["paid"]) == ("0.00", "1000.00")
    assert "$1,000.00 is approved for payment" in text_of(reviewer.get(f"/review/{second}/done"))
    again = accountant.post(named, steps[-1][0])
    assert again.status_code == 422
    assert len(shown(perdiem, award, "Jordan Reyes")["history"]) == len(record["history"])
    perdiem("ledger", "verify", "--ledger", set_up() / "ledger.sqlite")


def decided_by(reviewer: Any, pk: int) -> None:
    judged(reviewer, pk, "accept", "Looked at.")
    recorded(reviewer, pk)


def test_who_prepared_a_claim_or_is_of_its_agency_does_not_decide(office: None, tmp_path: Path) -> None:
    police = str(SAMPLE["agency"]["name"])
    both, own, other = member("pat", "preparer"), member("ina", "reviewer", police.upper()), member("rae", "reviewer")
    prep = begun(both, SAMPLE)
    both.post(f"/claims/{prep.pk}/send")
    pk = pk_of("2026-ORL-0001")
    prepared = member("pat", "reviewer")
    for browser, why in ((prepared, "You prepared this claim"), (own, "is your own agency's")):
        assert why in text_of(browser.get(f"/review/{pk}/"))
        page = text_of(browser.post(f"/review/{pk}/decide", {"then": "record"}, follow=True))
        assert why in page
    assert "Save and go to the decision" in text_of(other.get(f"/review/{pk}/"))
    from perdiem_calc.ledger import Ledger

    with Ledger.open(set_up() / "ledger.sqlite", by="x") as ledger:
        assert ledger.table("officers").rows == ()


def test_who_decides_a_claim_does_not_enter_its_payment(office: None, tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = member("rae", "reviewer")
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    decided_by(reviewer, pk_of("2026-ORL-0001"))
    both = member("rae", "accountant")
    asked = {"status": "paid", "number": "CK-1", "date": "11/25/2026"}
    answer = both.post("/ledger/officers/1/pay/2026-ORL-0001", asked)
    assert answer.status_code == 403
    assert "You decided on claim 2026-ORL-0001" in text_of(answer)
    file = BytesIO(b"claim_id,number,date,method\n2026-ORL-0001,CK-1,11/25/2026,check\n")
    file.name = "checks.csv"
    assert both.post("/ledger/payments/file", {"file": file}).status_code == 403
    accountant = member("ann", "accountant")
    file.seek(0)
    assert accountant.post("/ledger/payments/file", {"file": file}).status_code == 302
    payments = shown(perdiem, SAMPLE["award"]["number"], "Jordan Reyes")["payments"]
    assert [one["kind"] for one in payments] == ["approved", "paid"]


def test_the_second_of_two_reviewers_gets_a_message_and_loses_nothing(office: None, tmp_path: Path) -> None:
    one, two = member("rae", "reviewer"), member("rob", "reviewer")
    given(one, ("claim.xlsx", workbook(tmp_path, incomplete())))
    pk = pk_of("2026-ORL-0001")
    first, second = one.get(f"/review/{pk}/"), two.get(f"/review/{pk}/")
    one.post(f"/review/{pk}/", {**fields(first), "reason.1": "mine", "verdict.1": "accept"})
    late = two.post(f"/review/{pk}/", {**fields(second), "reason.1": "typed by rob", "verdict.1": "return"})
    assert late.status_code == 409
    page = text_of(late)
    assert "rae has this claim" in page
    assert "typed by rob" in page
    # Taken over, the form of before is still refused: what rae saved would be lost.
    two.post(f"/review/{pk}/take")
    late = two.post(f"/review/{pk}/", {**fields(second), "reason.1": "typed by rob", "verdict.1": "return"})
    assert late.status_code == 409
    assert "typed by rob" in text_of(late)
    assert "Saved meanwhile by another: accept, mine" in text_of(late)
    now = two.get(f"/review/{pk}/")
    assert "mine" in text_of(now)
    kept = two.post(f"/review/{pk}/", {**fields(now), "reason.1": "typed by rob", "verdict.1": "return"})
    assert kept.status_code == 302
    # Who decides second on the very page is not recorded.
    assert "rob has this claim" in text_of(one.post(f"/review/{pk}/decide", {"then": "record"}, follow=True))


@pytest.mark.slow
def test_a_hundred_hostile_files_are_each_named_and_stop_nobody(office: None, tmp_path: Path) -> None:
    """A claim among them is taken in, and others are answered meanwhile."""
    from perdiem_calc.web.site.models import Submission

    reviewer, preparer = member("rae", "reviewer"), member("pat", "preparer")
    every = [make() for make, _ in REFUSED.values()]
    files = [(f"hostile-{number}.xlsx", every[number % len(every)]) for number in range(100)]
    small = [(name, content) for name, content in files if len(content) <= LARGEST_FILE]
    assert len(small) > 95
    asked = []
    for first in range(0, len(small), 20):
        asked.append(put(reviewer, *small[first : first + 20]))
        assert preparer.get("/").status_code == 200
    page = text_of(given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE))))
    assert asked == [302] * len(asked)
    assert [name for name, _ in small if f"{name} " not in page] == []
    assert [str(one.claim_id) for one in Submission.objects.all()] == ["2026-ORL-0001"]


def test_an_agency_withdraws_a_claim_until_it_is_decided(office: None, tmp_path: Path, perdiem: Perdiem) -> None:
    from perdiem_calc.web.site.models import Preparation

    preparer = member("pat", "preparer", "Jacksonville Police Department")
    reviewer = member("rae", "reviewer")
    prep = begun(preparer, incomplete())
    refused = preparer.post(f"/claims/{prep.pk}/withdraw", follow=True)
    assert "Only a claim that was sent can be withdrawn" in text_of(refused)
    preparer.post(f"/claims/{prep.pk}/send")
    pk = pk_of("2026-ORL-0001")
    judged(reviewer, pk, "accept", "Looked at.")
    page = reviewer.get(f"/review/{pk}/decide")
    assert "Withdraw the claim" in text_of(preparer.get(f"/claims/{prep.pk}/"))
    assert "is withdrawn" in text_of(preparer.post(f"/claims/{prep.pk}/withdraw", follow=True))

    # The reviewer, who had the page open, records nothing; the queue and the ledger know nothing of the claim.
    answer = reviewer.post(f"/review/{pk}/decide", {**fields(page), "then": "record"}, follow=True)
    assert "The agency withdrew this claim" in text_of(answer)
    assert "Nothing waits" in text_of(reviewer.get("/review/"))
    assert "Withdrawn" in text_of(preparer.get("/"))
    ledger = set_up() / "ledger.sqlite"
    assert (
        perdiem("ledger", "export", tmp_path / "all.csv", "--table", "officers", "--ledger", ledger, "--json").record[
            "rows"
        ]
        == 0
    )

    # The same claim again, under a number of its own: it replaces nothing, as nothing is on record.
    preparer.post(f"/claims/{prep.pk}/correct")
    again = Preparation.objects.get(corrects=prep).draft
    assert (again["claim_id"], again["kind"], again.get("replaces")) == ("2026-ORL-0001-C1", "original", None)
    assert "Withdrawn" in text_of(preparer.get("/"))


def test_a_claim_that_is_decided_cannot_be_withdrawn(office: None, tmp_path: Path) -> None:
    preparer, reviewer = member("pat", "preparer", "Jacksonville Police Department"), member("rae", "reviewer")
    prep = begun(preparer, SAMPLE)
    preparer.post(f"/claims/{prep.pk}/send")
    decided_by(reviewer, pk_of("2026-ORL-0001"))
    assert "Withdraw the claim" not in text_of(preparer.get(f"/claims/{prep.pk}/"))
    page = text_of(preparer.post(f"/claims/{prep.pk}/withdraw", follow=True))
    assert "cannot be withdrawn any more: Accepted" in page
    prep.refresh_from_db()
    assert prep.withdrawn_at is None


def test_nothing_is_written_where_the_ledger_moved(tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = client()
    with_roster(perdiem, tmp_path)
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    pk = pk_of("2026-ORL-0001")
    judged(reviewer, pk, "accept", "")
    page = reviewer.get(f"/review/{pk}/decide")
    # Meanwhile $300.00 that were paid before are entered for the officer with the roster.
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER.replace("Jacksonville Police Department,", "Jacksonville Police Department,300.00"))
    perdiem("ledger", "import-roster", file, "--ledger", set_up() / "ledger.sqlite", "--by", "R. Viewer")
    answer = reviewer.post(f"/review/{pk}/decide", {**fields(page), "amount": "1,000.00", "then": "record"})
    assert answer.status_code == 409
    said = messages_of(answer.content.decode())
    assert said[0].startswith("Nothing was recorded: something changed since this page was shown.")
    assert "What counts for the officer besides this claim was $0.00, and is $300.00 now." in said
    assert "Payable was $1,000.00, and is $700.00 now." in said
    assert 'value="1,000.00"' in answer.content.decode()
    assert shown(perdiem, SAMPLE["award"]["number"], "Jordan Reyes")["claims"] == []


def test_the_file_of_a_claim_that_was_changed_is_not_recorded(tmp_path: Path) -> None:
    from perdiem_calc.web.site.incoming import place_of
    from perdiem_calc.web.site.models import Submission

    reviewer = client()
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    pk = pk_of("2026-ORL-0001")
    judged(reviewer, pk, "accept", "")
    page = reviewer.get(f"/review/{pk}/decide")
    with open(place_of(Submission.objects.get(pk=pk)), "ab") as file:
        file.write(b" ")
    answer = reviewer.post(f"/review/{pk}/decide", {**fields(page), "then": "record"})
    assert answer.status_code == 409
    assert "not the one that came" in text_of(answer)


def test_an_amount_needs_a_reason_and_a_double_post_records_once(tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = client()
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    pk = pk_of("2026-ORL-0001")
    judged(reviewer, pk, "accept", "")
    answer = recorded(reviewer, pk, "500")
    assert answer.status_code == 409
    assert "no finding is decided adjust" in text_of(answer)
    assert 'value="500"' in answer.content.decode()
    assert "Amount to pay:" in text_of(recorded(reviewer, pk, "many"))
    page = reviewer.get(f"/review/{pk}/decide")
    asked = {**fields(page), "amount": "", "then": "record"}
    assert reviewer.post(f"/review/{pk}/decide", asked).status_code == 302
    twice = reviewer.post(f"/review/{pk}/decide", asked)
    assert twice.status_code == 409
    assert len(shown(perdiem, SAMPLE["award"]["number"], "Jordan Reyes")["claims"]) == 1


def test_near_officers_are_a_choice(tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = client()
    other = json.loads(json.dumps(SAMPLE))
    other["claim_id"], other["officer"]["name"] = "2026-ORL-0002", "Jordon Reyes"
    other["course"]["class_id"] = "OTHER"
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    decided_by(reviewer, pk_of("2026-ORL-0001"))
    given(reviewer, ("other.xlsx", workbook(tmp_path, other)))
    pk = pk_of("2026-ORL-0002")
    judged(reviewer, pk, "return", "It is claimed already.")
    page = reviewer.get(f"/review/{pk}/decide")
    text = text_of(page)
    assert "The same person as Jordan Reyes" in text
    assert "Counted so far: $1,000.00" in text
    refused = recorded(reviewer, pk)
    assert refused.status_code == 409
    assert messages_of(refused.content.decode()) == [
        "Say first who the officer is, above, and audit the claim with this officer."
    ]
    assert "--sro" not in text_of(refused)
    chosen = reviewer.post(
        f"/review/{pk}/decide", {**fields(reviewer.get(f"/review/{pk}/decide")), "officer": "1", "then": "officer"},
        follow=True,
    )  # fmt: skip
    assert total(chosen, "left") == "$0.00 of $1,000.00"
    judged(reviewer, pk, "return", "It is claimed already.")
    done = recorded(reviewer, pk)
    assert "Returned" in text_of(done), messages_of(done.content.decode())
    record = shown(perdiem, SAMPLE["award"]["number"], "Jordan Reyes")
    assert [(one["claim_id"], one["verdict"]) for one in record["claims"]] == [
        ("2026-ORL-0001", "accept"),
        ("2026-ORL-0002", "return"),
    ]


def test_a_list_is_filtered_in_the_address_and_next_goes_on_in_it(tmp_path: Path) -> None:
    reviewer = client()
    given(
        reviewer,
        ("a.xlsx", workbook(tmp_path, SAMPLE)),
        ("b.xlsx", workbook(tmp_path, WASHINGTON)),
    )
    first, other = pk_of("2026-ORL-0001"), pk_of("2026-DCA-0003")
    agency = SAMPLE["agency"]["name"]
    page = text_of(reviewer.get("/review/", {"agency": agency}))
    assert "2026-ORL-0001" in page
    assert "2026-DCA-0003" not in page
    every = reviewer.get(f"/review/{first}/").content.decode()
    assert f'href="/review/{other}/">Next in this list' in every
    alone = reviewer.get(f"/review/{first}/", {"agency": agency}).content.decode()
    assert "Next in this list" not in alone
    assert "Claim 1 of 1 in this list" in alone


def test_exports_are_those_of_the_command_line(tmp_path: Path, perdiem: Perdiem) -> None:
    reviewer = client()
    given(reviewer, ("claim.xlsx", workbook(tmp_path, SAMPLE)))
    decided_by(reviewer, pk_of("2026-ORL-0001"))
    for table in ("officers", "payables", "payments", "reconciliation"):
        assert reviewer.get(f"/ledger/{table}").status_code == 200
        target = tmp_path / f"{table}.csv"
        perdiem("ledger", "export", target, "--table", table, "--ledger", set_up() / "ledger.sqlite")
        answer = reviewer.get(f"/ledger/{table}/export/csv")
        assert answer.content == target.read_bytes()
        assert reviewer.get(f"/ledger/{table}/export/xlsx").content.startswith(b"PK")
    assert reviewer.get("/ledger/nothing").status_code == 404


def test_the_day_of_these_tests_is_the_servers() -> None:
    from perdiem_calc.web.site import reviewing

    set_up()
    assert reviewing.today().isoformat() == TODAY
