"""Page, command and Python are one program: the same figures and findings; and a page that is saved as it is shown
leaves the claim as it was.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc import Claim, audit, itemize
from perdiem_calc.errors import PerdiemError
from perdiem_calc.web import nights
from perdiem_calc.web.judging import judge, questioned
from tests.support.claims import random_claim
from tests.support.house_rules import ROOT, seeds
from tests.support.site import begun, client

SAMPLES = [
    json.loads(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "data" / "samples").glob("*.json"))
]


class Form(HTMLParser):
    """What a browser would send of the form of a page that is not touched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        self._select, self._first, self._text = "", True, ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Boxes, choices and texts of the first form."""
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self._inside = "novalidate" in found
        if not self._inside:
            return
        kind = found.get("type", "text")
        if (tag == "input" and name and kind not in ("radio", "file")) or (kind == "radio" and "checked" in found):
            self.answers[name] = found.get("value", "")
        if tag == "select":
            self._select, self._first = name, True
        if tag == "option" and self._select and (self._first or "selected" in found):
            self.answers[self._select], self._first = found.get("value", ""), False
        if tag == "textarea":
            self._text = name
            self.answers[name] = ""

    def handle_data(self, data: str) -> None:
        """The text in a box of several lines."""
        if self._text:
            self.answers[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a form, a choice or a text."""
        if tag == "textarea":
            self.answers[self._text] = self.answers[self._text].removeprefix("\n")
            self._text = ""
        if tag == "select":
            self._select = ""
        if tag == "form":
            self._inside = False


@pytest.fixture
def clerk() -> Iterator[Any]:
    """A clerk with a cookie."""
    yield client()
    from perdiem_calc.web.site.models import Preparation

    Preparation.objects.all().delete()


def claims_of(seed: int) -> dict[str, Any]:
    """A random claim that the rules can price, as JSON."""
    claim: dict[str, Any] = json.loads(json.dumps(random_claim(random.Random(seed)), default=str))
    return claim


def assert_page_is_the_engine(clerk: Any, claim: dict[str, Any]) -> None:
    """The check page has every figure and finding of the engine, and the judgement is the engine's own."""
    from perdiem_calc.web.site.views.shared import desk

    model = Claim.model_validate(claim)
    judged = judge(claim, desk())
    if judged.itemized is None:
        with pytest.raises(PerdiemError) as refused:
            itemize(model, desk().rates, desk().law, as_of=desk().today)
        assert refused.value.said == judged.why_not
        return
    itemized = itemize(model, desk().rates, desk().law, as_of=desk().today)
    findings = audit(itemized, desk().rates, desk().law)
    page = clerk.get(f"/claims/{begun(clerk, claim).pk}/check").content.decode()
    for line in itemized.lines:
        sign = "-" if line.amount_allowed < 0 else ""
        assert f'data-allowed="{line.id}">{sign}${abs(line.amount_allowed):,.2f}<' in page, line.id
        assert f'data-claimed="{line.id}">${line.amount_claimed:,.2f}<' in page, line.id
    for name in ("payable", "claimed", "allowable", "agency_share", "over_ceiling", "not_allowable", "over_cap"):
        amount = getattr(itemized.totals, name)
        sign = "-" if amount < 0 else ""
        assert f'data-total="{name}">{sign}${abs(amount):,.2f}<' in page, name
    for finding in questioned(findings):
        assert escape(finding.message).replace("&#x27;", "&#39;") in page.replace("&#x27;", "&#39;"), finding.check


@pytest.mark.parametrize("claim", SAMPLES, ids=lambda claim: claim["claim_id"])
def test_the_samples_on_the_page_are_those_of_python(clerk: Any, claim: dict[str, Any]) -> None:
    assert_page_is_the_engine(clerk, claim)


@pytest.mark.unmeasured
def test_random_claims_on_the_page_are_those_of_python(clerk: Any) -> None:
    for seed in seeds(0, 200):
        assert_page_is_the_engine(clerk, claims_of(seed))


def test_page_and_command_agree(clerk: Any, perdiem: Any, tmp_path: Path) -> None:
    for claim in SAMPLES:
        prep = begun(clerk, claim)
        file = tmp_path / "page.json"
        file.write_bytes(clerk.get(f"/claims/{prep.pk}/json").content)
        record = perdiem("claim", "check", file, "--as-of", "2026-11-23", "--json", "--source", "ratebook").record
        page = clerk.get(f"/claims/{prep.pk}/check").content.decode()
        assert f'data-total="payable">${float(record["totals"]["payable"]):,.2f}<' in page
        asked = [one["check"] for one in record["findings"] if one["outcome"] == "questioned"]
        assert [one.check for one in questioned(judge(prep.draft, _desk()).findings)] == asked


def _desk() -> Any:
    from perdiem_calc.web.site.views.shared import desk

    return desk()


def pages_of(claim: dict[str, Any]) -> Iterator[str]:
    """The pages whose answers the claim has."""
    yield from ("agency", "course", "nights", "certify")
    yield from (f"nights/{day}" for day in nights.days_of(claim))
    for path, slug in (("expenses", "expenses"), ("credits", "refunds"), ("previous_claims", "payments")):
        yield from (f"list/{slug}/{number + 1}" for number in range(len(claim.get(path) or ())))
    yield from (f"list/places/{number + 1}" for number in range(len(claim["trip"]["stops"])))


def assert_saving_changes_nothing(clerk: Any, claim: dict[str, Any]) -> None:
    """Each page saved as it is shown leaves the same claim."""
    prep = begun(clerk, claim)
    before = Claim.model_validate(claim)
    for page in pages_of(claim):
        address = f"/claims/{prep.pk}/{page}"
        answers = Form(clerk.get(address).content.decode()).answers
        assert "version" in answers, page
        assert clerk.post(address, answers).status_code == 302, page
        prep.refresh_from_db()
        assert Claim.model_validate(prep.content) == before, page


@pytest.mark.parametrize("claim", SAMPLES, ids=lambda claim: claim["claim_id"])
def test_a_page_of_a_sample_that_is_saved_as_shown_changes_nothing(clerk: Any, claim: dict[str, Any]) -> None:
    assert_saving_changes_nothing(clerk, claim)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_a_page_of_a_random_claim_that_is_saved_as_shown_changes_nothing(clerk: Any) -> None:
    for seed in seeds(1000, 100):
        assert_saving_changes_nothing(clerk, claims_of(seed))
