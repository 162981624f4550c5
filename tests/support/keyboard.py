"""A page used by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page


def tab_to(page: Page, id: str) -> None:
    """Press Tab until a box or button has the focus, which must be visible."""
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate("(() => {const e = document.activeElement; return e.id || e.innerText || '';})()")
        if at == id:
            width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert width != "0px", f"the focus is not visible at {id}"
            return
    raise AssertionError(f"{id} cannot be reached by keyboard")


def type_into(page: Page, id: str, text: str) -> None:
    """Go to a box by keyboard, and type."""
    tab_to(page, id)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
