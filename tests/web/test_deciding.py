"""Review, ledger and plans in the browser: two people at once, by keyboard alone, accessible in each state."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.command import Perdiem
from tests.support.examined import STATES, examine
from tests.support.house_rules import ROOT
from tests.support.inbox import put_workbook
from tests.support.keyboard import tab_to, type_into
from tests.support.office import PASSWORD, add_account, run, serving_office
from tests.support.serving import TODAY
from tests.web.conftest import watch
from tools.screenshots import imported

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.unmeasured]
AWARD, OFFICER = "15JCOPS-25-GG-01234-UHPX", "Alma Ortiz"
SAMPLES = ROOT / "data" / "samples"
ROSTER = f"""award,officer,agency,paid_before
{AWARD},{OFFICER},Jacksonville Police Department,
{AWARD},Bea Novak,Jacksonville Police Department,
{AWARD},Cy Dunn,Jacksonville Police Department,
{AWARD},Sam Whitfield,Springfield Police Department,400.00
"""
TRIPS = (
    "Place\tSROs\tDepart on\tReturn on\nOrlando, FL\t2\t10/4/2026\t10/9/2026\nSpringfield\t1\t10/4/2026\t10/9/2026\n"
)
AT = ("--as-of", TODAY)
Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an office in which everybody has one role; a claim of Cy Dunn is to be paid."""
    top = tmp_path_factory.mktemp("deciding")
    folder, roster = top / "data", top / "roster.csv"
    add_account(folder, "pat", "preparer", "--agency", "Jacksonville Police Department")
    for name, role in (("rae", "reviewer"), ("rob", "reviewer"), ("ann", "accountant"), ("bo", "analyst")):
        add_account(folder, name, role)
    roster.write_text(ROSTER, encoding="utf-8")
    ledger = folder / "ledger.sqlite"
    run("ledger", "import-roster", roster, "--ledger", ledger, "--create", "--by", "R. Viewer")
    run("ledger", "record", workbook(top, "PAY-1", "Cy Dunn", "1001"), "--ledger", ledger, "--by", "R. Viewer", *AT)
    return folder


@pytest.fixture(scope="module")
def place(data: Path) -> Iterator[str]:
    """The address of the office's server."""
    with serving_office(data, "--bind", "127.0.0.1", "--insecure-lan", *AT) as where:
        yield f"http://{where}"


@pytest.fixture
def entered(chromium: Browser, place: str) -> Iterator[Enter]:
    """Signs a person in, in a browser of one's own: `entered("rae")`."""
    faults: list[str] = []
    contexts = []

    def enter(name: str, **options: Any) -> Page:
        context = chromium.new_context(base_url=place, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page, place, faults)
        page.goto("/")
        type_into(page, "id_username", name)
        type_into(page, "id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert faults == []


def claim_of(claim_id: str, officer: str, employee_id: str) -> dict[str, Any]:
    """The week in Orlando, of another officer."""
    claim: dict[str, Any] = json.loads((SAMPLES / "2026-ORL-0001.json").read_text(encoding="utf-8"))
    claim["claim_id"] = claim_id
    claim["officer"] |= {"name": officer, "employee_id": employee_id}
    claim["signatures"]["officer"]["name"] = officer
    return claim


def workbook(tmp_path: Path, *whose: str) -> Path:
    """The workbook of that claim."""
    return put_workbook(tmp_path, claim_of(*whose))


def give(page: Page, *files: Path) -> None:
    """Put files into the inbox, and wait until they were read."""
    page.goto("/inbox")
    page.set_input_files("#files", [str(file) for file in files])
    page.get_by_role("button", name="Take them in").click()
    until = time.monotonic() + 60
    while page.get_by_text("Being read").count():
        assert time.monotonic() < until
        page.wait_for_timeout(200)
        page.goto("/inbox")


def judge(page: Page, verdict: str, reason: str) -> None:
    """Decide alike on every finding, and go to the decision."""
    for box in page.get_by_label(verdict, exact=True).all():
        box.check()
    for text in page.locator("textarea[name^=reason]").all():
        text.fill(reason)
    page.get_by_role("button", name="Save and go to the decision").click()
    page.wait_for_url("**/decide*")


def shown(page: Page, name: str) -> str:
    return page.locator(f'[data-total="{name}"]').first.inner_text()


def main_text(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def pay(page: Page, **answers: str) -> None:
    """Enter what became of a payment."""
    page.select_option("#status", answers.pop("status"))
    for name, text in answers.items():
        page.fill(f"#{name}", text)
    page.get_by_role("button", name="Enter it").click()
    page.wait_for_load_state()


def test_two_browsers_from_sending_to_the_reissued_check(
    entered: Enter, data: Path, tmp_path: Path, perdiem: Perdiem
) -> None:
    """An agency sends, a reviewer returns, it corrects, the reviewer accepts, the accountant pays, voids, reissues.

    The claim of the sample comes to $1,741.81; the officer has the whole limit of $1,000.00.
    """
    ledger = data / "ledger.sqlite"
    claim = claim_of("2026-ORL-0001", OFFICER, "1002")
    claim["attachments"]["certificate"] = "missing"
    source = tmp_path / "claim.json"
    source.write_text(json.dumps(claim), encoding="utf-8")

    def on_record() -> dict[str, Any]:
        return dict(perdiem("ledger", "show", AWARD, OFFICER, "--ledger", ledger, "--json").record)

    agency, reviewer, accountant = entered("pat"), entered("rae"), entered("ann")
    sent = imported(agency, source)
    agency.goto(f"{sent}certify")
    agency.locator('form[action$="/send"] button').click()
    agency.get_by_text("NASRO has it: Sent").wait_for()

    reviewer.goto("/review/")
    reviewer.get_by_role("link", name="2026-ORL-0001").click()
    judge(reviewer, "Return", "Send the certificate.")
    agency.goto("/")
    assert "In review" in main_text(agency)
    assert "$0.00 to pay; $1,000.00 of the limit is left then" in main_text(reviewer)
    reviewer.get_by_role("button", name="Record the decision").click()
    reviewer.wait_for_url("**/done*")
    assert "Decided by NASRO: Send the certificate." in main_text(reviewer)
    agency.goto("/")
    assert "Returned Next: The agency corrects it" in main_text(agency)
    assert [(one["verdict"], one["paid"]) for one in on_record()["claims"]] == [("return", "0.00")]

    agency.goto(sent)
    agency.get_by_role("button", name="Make a correction").click()
    agency.wait_for_url(lambda url: url != sent and "/claims/" in url)
    corrected = agency.url
    agency.goto(f"{corrected}documents")
    agency.locator("#status-certificate").select_option("attached")
    agency.get_by_role("button", name="Save and continue").click()
    agency.goto(f"{corrected}certify")
    for name, text in (("fiscal-name", "Dana Cole"), ("fiscal-on", "10/20/2026")):
        agency.fill(f"#signatures-{name}", text)
    agency.get_by_role("button", name="Save", exact=True).click()
    agency.locator('form[action$="/send"] button').click()
    agency.get_by_text("NASRO has it: Sent").wait_for()

    reviewer.goto("/review/")
    reviewer.get_by_role("link", name="2026-ORL-0001-C1").click()
    assert (shown(reviewer, "allowable"), shown(reviewer, "payable")) == ("$1,741.81", "$1,000.00")
    judge(reviewer, "Accept", "Looked at.")
    reviewer.get_by_role("button", name="Record the decision").click()
    reviewer.wait_for_url("**/done*")
    assert "$1,000.00 is approved for payment" in main_text(reviewer)
    with reviewer.expect_download() as download:
        reviewer.get_by_role("link", name="Save the letter").click()
    letter = Path(download.value.path()).read_text(encoding="utf-8")
    assert "$1,000.00 is approved for payment" in " ".join(letter.split())

    accountant.goto("/ledger/payables")
    accountant.get_by_role("link", name="Payment of 2026-ORL-0001-C1").click()
    payment = accountant.url
    for step, due, moved, state in (
        ({"status": "paid", "number": "CK-1", "date": "11/23/2026"}, "$0.00", "$1,000.00", "Paid $1,000.00"),
        (
            {"status": "void", "number": "CK-1", "date": "11/23/2026", "reason": "came back"},
            "$0.00",
            "$0.00",
            "Accepted, payment void Next: NASRO pays $1,000.00 again",
        ),
        ({"status": "reissued", "number": "CK-2", "date": "11/23/2026"}, "$0.00", "$1,000.00", "Paid $1,000.00"),
    ):
        accountant.goto(payment)
        pay(accountant, **step)
        accountant.goto(payment)
        assert (shown(accountant, "due"), shown(accountant, "moved")) == (due, moved), step
        agency.goto("/")
        assert state in main_text(agency)
        last = on_record()["history"][-1]
        assert (last["what"], last["recorded_by"]) == (step["status"], "ann")
        reviewer.goto(payment.partition("pay/")[0])
        assert step["status"] in main_text(reviewer)
    assert [one["paid"] for one in on_record()["claims"]] == ["0.00", "1000.00"]
    left = perdiem("ledger", "remaining", AWARD, OFFICER, "--ledger", ledger, "--json").record
    assert (left["remaining"], left["paid"]) == ("0.00", "1000.00")
    perdiem("ledger", "verify", "--ledger", ledger)


def test_the_whole_decide_flow_by_keyboard_alone(entered: Enter, tmp_path: Path) -> None:
    """$2,752.05 are claimed. $400.00 of the limit were used before, so that $600.00 is payable."""
    page = entered("rae")
    give(page, put_workbook(tmp_path, json.loads((SAMPLES / "2026-DCA-0003.json").read_text(encoding="utf-8"))))
    page.goto("/review/")
    tab_to(page, "2026-DCA-0003")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/*/*")
    for number in range(1, page.locator("textarea[name^=reason]").count() + 1):
        tab_to(page, f"verdict-{number}-accept")
        page.keyboard.press("Space")
        tab_to(page, f"pick-{number}")
        page.keyboard.type("The document")
        type_into(page, f"reason-{number}", "Folio 88121.")
    tab_to(page, "Save and go to the decision")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decide*")
    assert page.evaluate("document.activeElement.tagName") in ("BODY", "H1", "MAIN")
    tab_to(page, "Record the decision")
    page.keyboard.press("Enter")
    page.wait_for_url("**/done*")
    assert "$600.00 is approved for payment" in main_text(page)
    tab_to(page, "Save the letter")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "2026-DCA-0003-letter.txt"


def test_the_second_of_two_reviewers_keeps_what_was_typed(entered: Enter, tmp_path: Path) -> None:
    one, two = entered("rae"), entered("rob")
    claim = claim_of("TWO-1", "Bea Novak", "1003")
    claim["attachments"]["certificate"] = "missing"
    give(one, put_workbook(tmp_path, claim))
    for page in (one, two):
        page.goto("/review/")
        page.get_by_role("link", name="TWO-1").click()
    one.fill("#reason-1", "mine")
    one.get_by_role("button", name="Save and show the sentences").click()
    one.get_by_text("Saved. The sentences").wait_for()
    two.fill("#reason-1", "typed by rob")
    two.get_by_role("button", name="Save and show the sentences").click()
    two.wait_for_selector("#summary")
    assert two.title().startswith("Error: ")
    assert two.evaluate("document.activeElement.id") == "summary"
    assert "rae has this claim" in main_text(two)
    assert two.input_value("#reason-1") == "typed by rob"
    assert examine(two, "a conflict") == []


@pytest.mark.slow
@pytest.mark.parametrize(("state", "options"), STATES, ids=[name for name, _ in STATES])
def test_every_page_of_the_review_is_accessible(
    entered: Enter, tmp_path: Path, state: str, options: dict[str, Any]
) -> None:
    page = entered("rae", **options)
    axe = options.get("java_script_enabled", True)
    found = []

    def look(name: str, on: Page = page) -> None:
        found.extend(examine(on, f"{name}, {state}", axe=axe))

    number = [name for name, _ in STATES].index(state) + 1
    officer = f"Cyrus{'s' * number} Dunn"  # with the id of one on record: a person says who it is
    broken = tmp_path / "scan.xlsx"
    broken.write_bytes(b"%PDF-1.7")
    give(page, workbook(tmp_path, f"SEE-{number}", officer, "1001"), broken)
    look("inbox")
    for address in ("/review/", "/review/?severity=info&agency=nobody"):
        page.goto(address)
        look(address)
    page.goto("/review/")
    page.get_by_role("link", name=f"SEE-{number}").click()
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    look("claim, unfolded")
    page.get_by_role("button", name="Save and go to the decision").click()
    page.wait_for_url("**/decide*")
    look("decide, nothing decided")
    page.get_by_label("None of them: another person").check()
    page.get_by_role("button", name="Audit it with this officer").click()
    page.wait_for_load_state()
    page.get_by_role("link", name="Back to the findings").click()
    judge(page, "Return", "Send it again.")
    page.fill("#amount", "many")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_selector("#summary")
    look("decide, errors")
    assert page.input_value("#amount") == "many"
    page.fill("#amount", "")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**/done*")
    look("done")
    page.get_by_role("link", name="the officer in the ledger").click()
    look("officer")
    for table in ("officers", "payables", "payments", "reconciliation"):
        page.goto(f"/ledger/{table}")
        look(f"ledger, {table}")
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize(("state", "options"), STATES, ids=[name for name, _ in STATES])
def test_the_pages_of_the_accountant_and_the_analyst_are_accessible(
    entered: Enter, state: str, options: dict[str, Any]
) -> None:
    axe = options.get("java_script_enabled", True)
    found = []
    page = entered("ann", **options)
    page.goto("/ledger/payables")
    found += examine(page, f"payables, {state}", axe=axe)
    page.get_by_role("link", name="Payment of").first.click()
    found += examine(page, f"pay, {state}", axe=axe)
    page.select_option("#status", "void")
    page.get_by_role("button", name="Enter it").click()
    page.wait_for_selector("#summary")
    found += examine(page, f"pay, errors, {state}", axe=axe)
    page.goto("/ledger/payments/file")
    found += examine(page, f"many payments, {state}", axe=axe)
    page = entered("bo", **options)
    for kind, button, table in (
        ("budget", "Compute", TRIPS),
        ("sites", "Compare", "Orlando, FL\nSpringfield\nVail, CO"),
    ):
        page.goto(f"/{kind}")
        found += examine(page, f"{kind}, empty, {state}", axe=axe)
        page.get_by_role("button", name=button).click()
        page.wait_for_selector("#summary")
        found += examine(page, f"{kind}, errors, {state}", axe=axe)
        page.fill("#table", table)
        if kind == "sites":
            page.fill("#start", "Peoria, IL")
            page.fill("#first", "1/4/2027")
            page.fill("#last", "1/11/2027")
        page.get_by_role("button", name=button).click()
        page.wait_for_url("**/plans/*")
        until = time.monotonic() + 60
        while page.get_by_text("Computing").count():
            assert time.monotonic() < until
            page.wait_for_timeout(300)
            page.goto(page.url)
        found += examine(page, f"{kind}, {state}", axe=axe)
    assert found == []
