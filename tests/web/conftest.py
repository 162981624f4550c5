"""One server and one browser for all browser tests; what a page must never do fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.serving import CHROMIUM, Server, chromium_missing_reason, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`perdiem serve` with an empty data folder."""
    with serving(tmp_path_factory.mktemp("web") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    if reason := chromium_missing_reason():
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, server: Server) -> Any:
    """The cookies of a browser in which the one-time address was opened."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(server.opening)
    assert page.title().startswith("My claims")
    state = context.storage_state()
    context.close()
    return state


Opener = Callable[..., Page]


def watch(page: Page, base: str, faults: list[str]) -> None:
    """Note what a page must never do: console errors, reports of the Content-Security-Policy, requests elsewhere."""
    page.context.set_default_timeout(10_000)
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type in ("error", "warning") and not _expected(message.text)
            else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if not request.url.startswith(base) else None)
    page.on("dialog", lambda dialog: dialog.accept())


@pytest.fixture
def opened(chromium: Browser, signed_in: Any, server: Server) -> Iterator[Opener]:
    """Opens a page in a context of its own: `opened(java_script_enabled=False)`. A fault of a page fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(
            storage_state=signed_in, base_url=server.base, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, server.base, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _expected(text: str) -> bool:
    """Whether a message only says that a page answered with an error, as it should, or that htmx gave up asking for
    live amounts because the page was left.
    """
    given_up = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
    return text.startswith(("Failed to load resource: the server responded with a status of 4", *given_up))


@pytest.fixture
def samples() -> Path:
    """The folder of sample claims."""
    from tests.support.house_rules import ROOT

    return ROOT / "data" / "samples"
