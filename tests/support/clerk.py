"""A clerk at the browser: types a claim into the pages, as read from paper, and downloads the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from perdiem_calc.web import nights as days
from perdiem_calc.web.answers import get, shown
from perdiem_calc.web.questions import (
    AGENCY,
    CERTIFY,
    COURSE,
    ITEMS,
    NEW,
    Question,
    Sections,
    questions_in,
)
from perdiem_calc.web.site.forms import html_id, is_radio

Record = dict[str, Any]


class Clerk:
    """A person at the browser, with what lies on the desk: a claim as JSON."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.claim_page = ""

    def go(self, address: str = "") -> None:
        """Open a page of the claim."""
        self.page.goto(f"{self.claim_page}{address}")

    def answer(self, question: Question, text: str, below: str = "") -> None:
        """Type or choose one answer."""
        name = f"{below}.{question.path}" if below else question.path
        if is_radio(question):
            if text:
                self.page.check(f'[name="{name}"][value="{text}"]')
            return
        box = self.page.locator(f"#{html_id(name)}")
        if question.options:
            if text:
                box.select_option(text)
        elif box.input_value() != text:
            box.fill(text)

    def unfold(self) -> None:
        """Open everything that is folded away."""
        folded = self.page.locator("form details:not([open]) > summary")
        while folded.count():
            folded.first.click()

    def answer_all(self, sections: Sections, record: Record, below: str = "") -> None:
        """Answer the questions of a page that the claim answers."""
        for question in questions_in(sections):
            self.answer(question, shown(record, question) or question.default, below)

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def prepare(self, claim: Record) -> None:
        """Answer everything, page by page."""
        self.start(claim)
        for slug, sections in (("agency", AGENCY), ("course", COURSE)):
            self.go(slug)
            self.unfold()
            if slug == "course" and get(claim, "trip.day_trips"):
                self.page.check("#commuter_1")
            self.answer_all(sections, claim)
            self.press("Save and go to the task list")
        self.places(claim)
        self.entries("payments", claim)
        self.nights(claim)
        self.entries("expenses", claim)
        self.entries("refunds", claim)
        self.documents(claim)
        self.explain(claim)
        self.go("certify")
        self.answer_all(CERTIFY, claim)
        self.press("Save and go to the task list")

    def start(self, claim: Record) -> None:
        """The first page, from My claims."""
        self.page.goto(self.base)
        self.page.get_by_role("link", name="Start a claim").click()
        self.answer_all(NEW, claim)
        self.press("Save and continue")
        self.page.wait_for_url("**/claims/*/")
        self.claim_page = self.page.url

    def places(self, claim: Record) -> None:
        """The places of the trip, where they do not follow from the course and its days."""
        stops = get(claim, "trip.stops")
        self.go("list/places")
        for number, stop in enumerate(stops, start=1):
            exists = self.page.locator(f'a[href$="/list/places/{number}"]').count()
            self.go(f"list/places/{number}" if exists else "list/places/add")
            self.answer_all(ITEMS["places"].sections, stop)
            self.press("Save")
            self.page.wait_for_url("**/list/places")

    def entries(self, slug: str, claim: Record) -> None:
        """The entries of a list."""
        items = ITEMS[slug]
        for entry in get(claim, items.path) or ():
            is_drive = entry.get("category") == "pov_mileage"
            self.go(f"list/{slug}/add" + ("?kind=mileage" if is_drive else ""))
            self.unfold()
            self.answer_all(items.sections_of(entry), entry)
            self.press("Save")
            self.page.wait_for_url("**/expenses" if items.page == "expenses" else f"**/list/{slug}")

    def nights(self, claim: Record) -> None:
        """The table of nights and meals, and the days that have something rare."""
        rows = days.rows_of(claim)
        for on, row in rows.items():
            rare = {name: value for name, value in row.get("night", {}).items() if name not in ("room_rate", "tax")}
            if rare or row.get("day"):
                self.go(f"nights/{on}")
                self.unfold()
                sections = _day_sections(rows, on)
                for question, below in sections:
                    self.answer(question, shown(get(rows, below) or {}, question) or question.default, below)
                self.press("Save")
        self.go("nights")
        furnished = claim.get("furnished_meals")
        if furnished is not None:
            self.page.check("#furnished_1" if furnished else "#furnished_0")
        for _, questions in days.grid_questions(rows):
            for question in questions:
                if self.page.locator(f"#{html_id(question.path)}").count():
                    self.answer(question, shown(rows, question) or question.default)
        self.press("Save and go to the task list")
        self.page.wait_for_url("**/claims/*/")

    def documents(self, claim: Record) -> None:
        """The status of every document."""
        self.go("documents")
        for item, status in (claim.get("attachments") or {}).items():
            self.page.locator(f"#status-{item}").select_option(status)
        self.press("Save and continue")

    def explain(self, claim: Record) -> None:
        """The answers to reviews."""
        explanations: Mapping[str, str] = claim.get("explanations") or {}
        if explanations:
            self.go("check")
            for check, text in explanations.items():
                self.page.locator(f"#explain-{check}").fill(text)
            self.press("Save the answers")

    def download(self, file: Path) -> Path:
        """The workbook, saved."""
        self.go("certify")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download the workbook").click()
        download.value.save_as(file)
        return file

    def amount(self, name: str) -> str:
        """An amount that the page shows."""
        return self.page.locator(f'[data-total="{name}"]').first.inner_text().replace("$", "").replace(",", "")


def _day_sections(rows: Record, on: str) -> list[tuple[Question, str]]:
    is_last = on == max(rows) and not get(rows, f"{on}.night")
    return [
        (question, below) for question, below in days.day_questions(on) if not (is_last and below.endswith(".night"))
    ]
