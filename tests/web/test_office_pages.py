"""The pages of an office server in the browser: accessible in each state; what a person sees as a session ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.examined import examine
from tests.support.office import PASSWORD, add_account, run, serving_office

pytestmark = [pytest.mark.browser, pytest.mark.loopback, pytest.mark.unmeasured]
STATES: tuple[dict[str, Any], ...] = (
    {},
    {"viewport": {"width": 320, "height": 640}},
    {"java_script_enabled": False, "viewport": {"width": 320, "height": 640}},
    {"forced_colors": "active"},
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An office server with a manager and a preparer: its address and its data."""
    data = tmp_path_factory.mktemp("office") / "data"
    add_account(data, "dana.cole", "manager")
    add_account(data, "ann.lee", "preparer", "--agency", "Rome PD")
    with serving_office(data, "--bind", "127.0.0.1", "--insecure-lan") as where:
        yield f"http://{where}", data


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Name and password, by keyboard."""
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("options", STATES, ids=["usual", "320 px", "without script", "forced colors"])
def test_every_page_of_an_office_is_accessible(
    chromium: Browser, place: tuple[str, Path], options: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    page = chromium.new_context(base_url=place[0], **options).new_page()
    axe = options.get("java_script_enabled", True)
    found = []

    def look(name: str) -> None:
        found.extend(examine(page, name, axe=axe))

    page.goto("/")
    look("sign in")
    sign_in(page, "dana.cole", "wrong")
    page.wait_for_selector("#summary")
    look("sign in, wrong")
    sign_in(page, "dana.cole")
    page.wait_for_url("**/people")
    look("people")
    person = f"kim{STATES.index(options)}"
    page.fill("#id_name", person)
    page.get_by_role("button", name="Add").click()
    page.wait_for_selector("#summary")
    look("people, errors")
    page.select_option("#id_role", "reviewer")
    page.get_by_role("button", name="Add").click()
    page.wait_for_selector("#link")
    look("invited")
    link = page.input_value("#link")
    for address in ("/people/1", "/password", "/help/office", "/about", "/accessibility", "/claims/new", "/nothing"):
        page.goto(address)
        look(address)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signed-out")
    look("signed out")
    page.goto(link)
    look("choose a password")
    page.fill("#id_new_password1", "abc")
    page.fill("#id_new_password2", "abcd")
    page.keyboard.press("Enter")
    page.wait_for_selector("#summary")
    look("choose a password, errors")
    page.goto(f"{link}x")
    look("a link that is over")
    assert found == []


def test_two_minutes_before_its_end_a_session_can_be_prolonged(chromium: Browser, place: tuple[str, Path]) -> None:
    page = chromium.new_context(base_url=place[0]).new_page()
    page.clock.install()
    page.goto("/")
    sign_in(page, "ann.lee")
    page.wait_for_url("**/")
    ending = page.locator("#session")
    page.clock.fast_forward(27 * 60 * 1000)
    assert not ending.is_visible()
    page.clock.fast_forward(61 * 1000)
    assert ending.is_visible()
    assert examine(page, "ending") == []
    with page.expect_response("**/stay") as stayed:
        page.get_by_role("button", name="Stay signed in").click()
    assert stayed.value.status == 204
    ending.wait_for(state="hidden")
    page.clock.fast_forward(28 * 60 * 1000 + 1000)
    ending.wait_for(state="visible")


def test_what_a_person_typed_when_the_session_had_ended_is_in_the_form_again(
    chromium: Browser, place: tuple[str, Path]
) -> None:
    page = chromium.new_context(base_url=place[0]).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/claims/new")
    sign_in(page, "ann.lee")
    page.wait_for_url("**/claims/new")
    page.fill("[name='officer.name']", "Kim Park")
    assert run("users", "role", "ann.lee", "--role", "preparer", "--data", place[1]).returncode == 0
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_text("What you typed is kept").wait_for()
    assert examine(page, "sign in, kept") == []
    sign_in(page, "ann.lee")
    page.wait_for_url("**/claims/new")
    assert page.input_value("[name='officer.name']") == "Kim Park"
    assert examine(page, "kept") == []
    page.get_by_role("button", name="Discard what I typed").click()
    page.wait_for_url("**/claims/new")
    assert page.input_value("[name='officer.name']") == ""
