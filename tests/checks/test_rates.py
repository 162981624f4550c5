"""What the checks say of where a claim's rates came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rates.places import Locality, Place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.explanation import explain
from perdiem_calc.rules.itemize import as_record
from tests.support.checking import Desk

NIGHTS_AND_DAYS = ("N1", "N2", "N3", "N4", "D1", "D2", "D3", "D4", "D5")


class Doubtful:
    """The ratebook, every rate of it with doubts about its source."""

    def __init__(self, book: Ratebook, **doubts: Any) -> None:
        self.book, self.doubts = book, doubts

    def locality(self, place: Place, on: date) -> Locality:
        return self.book.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        rate = self.book.rate(where, on)
        return replace(rate, source=replace(rate.source, **self.doubts))


@pytest.mark.parametrize(
    ("doubts", "check", "said"),
    [
        (
            {"instead_of": "the GSA Per Diem API: status 404"},
            "rate-source-failed",
            "are those of the embedded ratebook instead of the GSA Per Diem API: status 404",
        ),
        (
            {"differs": "the ratebook has Moody: lodging $99.00, M&IE $68.00"},
            "rate-sources-differ",
            "lodging $113.00, M&IE $68.00, but the ratebook has Moody: lodging $99.00",
        ),
        ({"stale_since": "2026-11-20"}, "rate-stale", "not confirmed since 2026-11-20"),
        (
            {"stale_since": "2026-10-01", "kind": "dtmo"},
            "rate-stale",
            "not confirmed since 2026-10-01: import the Defense Department's list of that month",
        ),
    ],
)
def test_a_doubtful_source_is_a_review(
    law: Law, ratebook: Ratebook, doubts: dict[str, str], check: str, said: str
) -> None:
    desk = Desk(law, Doubtful(ratebook, **doubts))
    (finding,) = [finding for finding in desk.findings({}) if finding.check == check]
    assert finding.severity.value == "review"
    assert set(NIGHTS_AND_DAYS) <= set(finding.where.lines)
    assert finding.line_effect == finding.payment_effect == 0
    assert said in finding.message


def test_the_claim_itself_says_so(law: Law, ratebook: Ratebook) -> None:
    itemized = Desk(law, Doubtful(ratebook, instead_of="the service")).itemized({})
    doubt = "the embedded rates were used instead of the service"
    assert all(rate["source"]["doubts"] == [doubt] for rate in as_record(itemized)["rates"])
    assert "The embedded rates were used instead of the service." in explain(itemized, "N1", law)


def test_a_source_without_doubts_is_not_mentioned(law: Law, ratebook: Ratebook) -> None:
    desk = Desk(law, ratebook)
    assert not any(finding.check.startswith("rate-") for finding in desk.findings({}))
    assert all("doubts" not in rate["source"] for rate in as_record(desk.itemized({}))["rates"])
