"""Pictures of the pages of `perdiem serve`, wide and narrow, into a folder; and the one of the README.

`python -m tools.screenshots out/screens` needs Chromium.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.serving import CHROMIUM, serving

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
README = ROOT / "docs" / "browser.png"
WIDTHS = (1280, 360)
PAGES = (
    ("claims", "/"),
    ("new", "/claims/new"),
    ("tasks", "{claim}"),
    ("agency", "{claim}agency"),
    ("course", "{claim}course"),
    ("nights", "{claim}nights"),
    ("day", "{claim}nights/2026-10-05"),
    ("expenses", "{claim}expenses"),
    ("expense", "{claim}list/expenses/1"),
    ("mileage", "{claim}list/expenses/add?kind=mileage"),
    ("documents", "{claim}documents"),
    ("check", "{claim}check"),
    ("certify", "{claim}certify"),
    ("versions", "{claim}versions"),
    ("delete", "{claim}delete"),
    ("import", "/claims/import"),
    ("rate", "/rate?place=Vail,+CO&on=1/15/2027"),
    ("help", "/help"),
    ("guide", "/help/clerk"),
    ("papers", "/help/papers"),
    ("about", "/about"),
    ("missing", "/nothing-here"),
    ("begun", "{begun}"),
    ("begun-nights", "{begun}nights"),
    ("begun-expenses", "{begun}expenses"),
    ("begun-check", "{begun}check"),
)


def take(folder: Path) -> None:
    """Every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving(Path(scratch) / "data") as server,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=server.base)
        page = context.new_page()
        page.goto(server.opening)
        page.screenshot(path=folder / "empty-1280.png")
        for sample in sorted(SAMPLES.glob("*.json")):
            claim = imported(page, sample)
        begun = Path(scratch) / "begun.json"
        begun.write_text(json.dumps(begun_claim()), encoding="utf-8")
        places = {"claim": claim, "begun": imported(page, begun)}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for name, address in PAGES:
                page.goto(address.format(**places))
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            for name in ("errors-new", "errors-nights"):
                _with_errors(page, name, places)
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 860})
        page.goto(places["claim"] + "nights")
        page.screenshot(path=README)
        browser.close()


def imported(page: Page, file: Path) -> str:
    """Import a claim; the address of its page."""
    page.goto("/claims/import")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Read it").click()
    page.locator("main form button").last.click()  # to make a claim of it, or to keep both
    page.wait_for_url("**/claims/*/")
    return page.url


def begun_claim() -> dict[str, object]:
    """A claim with nothing but the first answers."""
    claim = json.loads((SAMPLES / "2026-ORL-0001.json").read_text(encoding="utf-8"))
    kept = ("schema", "prepared_on", "course", "trip", "officer")
    return {name: claim[name] for name in kept} | {"claim_id": "2026-ORL-0002"}


def _with_errors(page: Page, name: str, places: dict[str, str]) -> None:
    if name == "errors-new":
        page.goto("/claims/new")
        page.fill("[name='officer.name']", "Ann Lee")
        page.fill("[name='course.starts_on']", "the first Monday")
        page.get_by_role("button", name="Save and continue").click()
    else:
        page.goto(places["begun"] + "nights")
        page.fill("#on-2026-10-05-night-room_rate", "a hundred")
        page.get_by_role("button", name="Save and continue").click()
    page.wait_for_selector("#summary")


if __name__ == "__main__":
    take(Path(sys.argv[1]))
