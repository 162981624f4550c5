"""Every page and state in the browser: accessible, within the window, silent, and usable by keyboard alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.clerk import Clerk
from tests.support.examined import STATES, WIDER, examine
from tests.support.house_rules import ROOT
from tests.support.keyboard import tab_to, type_into
from tests.support.serving import Server
from tests.web.conftest import Opener
from tools.screenshots import PAGES, begun_claim, imported

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.unmeasured]
TELLING = ("nights", "check")
"""The pages that have nearly everything there is; in unusual states axe looks at them alone, since it is slow."""


@pytest.fixture(scope="module")
def places(chromium: Any, signed_in: Any, server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A complete claim and one that was only begun."""
    page = chromium.new_context(storage_state=signed_in, base_url=server.base).new_page()
    begun = tmp_path_factory.mktemp("begun") / "begun.json"
    begun.write_text(json.dumps(begun_claim()), encoding="utf-8")
    sample = ROOT / "data" / "samples" / "2026-ORL-0001.json"
    return {"claim": imported(page, sample), "begun": imported(page, begun)}


@pytest.mark.parametrize(("state", "options"), STATES, ids=[name for name, _ in STATES])
def test_every_page_is_accessible(
    opened: Opener, places: dict[str, str], state: str, options: dict[str, Any]
) -> None:
    page = opened(**options)
    has_script = options.get("java_script_enabled", True)  # without it axe cannot run
    found = []
    for name, address in PAGES:
        page.goto(address.format(**places))
        found += examine(page, f"{name}, {state}", axe=has_script and (state == "usual" or name in TELLING))
    assert found == []


def test_pages_with_everything_unfolded_and_with_errors(opened: Opener, places: dict[str, str]) -> None:
    page = opened(viewport={"width": 320, "height": 640})
    found = []
    for name in ("agency", "course", "nights", "nights/2026-10-05", "list/expenses/add", "check"):
        page.goto(places["claim"] + name)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        found += examine(page, f"{name}, unfolded")
    page.goto("/claims/new")
    page.get_by_role("button", name="Save and continue").click()
    found += examine(page, "new, errors")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "summary"
    page.goto(places["begun"] + "nights")
    page.fill("#on-2026-10-05-night-room_rate", "a hundred")
    page.get_by_role("button", name="Save and continue").click()
    found += examine(page, "nights, errors")
    link = page.locator("#summary a").first
    link.click()
    assert page.evaluate("document.activeElement.id") == "on-2026-10-05-night-room_rate"
    assert page.input_value("#on-2026-10-05-night-room_rate") == "a hundred"
    page.fill("#on-2026-10-05-night-room_rate", "")
    page.get_by_role("button", name="Save and continue").click()
    assert found == []


def test_at_twice_the_size_nothing_is_beyond_the_window(opened: Opener, places: dict[str, str]) -> None:
    page = opened(viewport={"width": 640, "height": 480})
    wide = []
    for name, address in PAGES:
        page.goto(address.format(**places))
        if page.evaluate(WIDER) > 0:
            wide.append(name)
    assert wide == []


def test_live_amounts_follow_and_the_focus_stays(opened: Opener, places: dict[str, str]) -> None:
    page = opened()
    page.goto(places["claim"] + "nights")
    box = page.locator("#on-2026-10-05-night-room_rate")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        box.fill("20.00")
    page.wait_for_function("document.querySelector('[data-line=\"room 2026-10-05\"]').innerText === '$20.00'")
    assert page.evaluate("document.activeElement.id") == "on-2026-10-05-night-room_rate"
    live = page.locator("#amounts").inner_text()
    page.get_by_role("button", name="Save and go to the task list").click()
    page.wait_for_url("**/claims/*/")
    page.goto(places["claim"] + "nights")
    assert page.locator("#amounts").inner_text() == live
    box.fill("159.00")
    page.get_by_role("button", name="Save and go to the task list").click()
    page.wait_for_url("**/claims/*/")


def test_a_claim_by_keyboard_alone(opened: Opener, server: Server, tmp_path: Path) -> None:
    page = opened()
    page.goto("/")
    tab_to(page, "Start a claim")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/new")
    for id, text in (
        ("officer-name", "Kim Park"),
        ("trip-official_station-city", "Rome"),
        ("trip-official_station-state", "GA"),
        ("course-place-city", "Orlando"),
        ("course-place-state", "FL"),
        ("course-starts_on", "10/5/2026"),
        ("course-ends_on", "10/9/2026"),
        ("trip-departed_at-day", "10/4/2026"),
        ("trip-departed_at-time", "8 am"),
        ("trip-returned_at-day", "10/9/2026"),
        ("trip-returned_at-time", "6:30 pm"),
    ):
        type_into(page, id, text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/*/")
    claim = page.url
    page.goto(claim + "agency")
    for id, text in (
        ("agency-name", "Rome Police Department"),
        ("agency-remit_to", "5 Government Plaza, Rome, GA 30161"),
        ("agency-contact-name", "Finance office"),
        ("award-number", "15JCOPS-25-GG-01234-UHPX"),
        ("award-letter_date", "3/2/2026"),
        ("officer-sro_hired_on", "5/18/2026"),
    ):
        type_into(page, id, text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/course")
    type_into(page, "course-completed_on", "10/9/2026")
    type_into(page, "course-coordinated_on", "8/24/2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nights")
    tab_to(page, "furnished_0")
    page.keyboard.press("Space")
    type_into(page, "bill", "R1")
    for day in range(4, 9):
        type_into(page, f"on-2026-10-0{day}-night-room_rate", "120")
        type_into(page, f"on-2026-10-0{day}-night-tax", "15")
    tab_to(page, "Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/expenses")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents")
    for name in ("certificate", "folio", "itemized_expenses", "proof_of_payment"):
        page.locator(f"#status-{name}").focus()
        page.keyboard.type("Att")
    tab_to(page, "Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    tab_to(page, "Save and continue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/certify")
    type_into(page, "signatures-fiscal-name", "Dana Cole")
    type_into(page, "signatures-fiscal-on", "10/20/2026")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.", exact=True).wait_for()
    # 5 nights at 120 with 15 of tax, and 60 + 4 x 80 + 60 for meals, are 1,115: more than the limit.
    assert Clerk(page, server.base).amount("claimed") == "1115.00"
    assert Clerk(page, server.base).amount("payable") == "1000.00"
    tab_to(page, "Download the workbook")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "2026-ORLANDO-01.xlsx"


def test_the_printed_check_has_the_amounts_and_no_buttons(opened: Opener, places: dict[str, str]) -> None:
    page = opened()
    page.goto(places["claim"] + "check")
    page.emulate_media(media="print")
    assert page.locator("#amounts").is_visible()
    assert not page.locator("header.top").is_visible()
    assert not page.get_by_role("button", name="Save and continue").is_visible()
    assert page.locator("[data-allowed='N1']").is_visible()
