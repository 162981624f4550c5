"""The itemized claim as a whole: the sample claims to the cent, its record, and what asking for a line gives."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, Located, PerdiemError, RateUnavailable
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules import chp
from perdiem_calc.rules.itemize import ItemizedClaim, as_record, itemize
from tests.support.case_files import claim_of
from tests.support.house_rules import ROOT

SAMPLES = {"orlando": "2026-ORL-0001", "moody": "2026-MDY-0007", "washington": "2026-DCA-0003"}


def _read(path: str) -> Any:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def _sample(name: str, rates: RateSource, law: Law) -> ItemizedClaim:
    return itemize(parse_claim(_read(f"data/samples/{SAMPLES[name]}.json")), rates, law)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_figures_to_the_cent(name: str, law: Law, ratebook: RateSource) -> None:
    itemized = _sample(name, ratebook, law)
    expected = _read(f"tests/contract/itemized.{name}.json")
    record = as_record(itemized)
    by_day = {line["on"]: line["amount_allowed"] for line in record["lines"] if line["category"] == "mie"}
    assert by_day == expected["mie_allowed_by_day"]
    assert {total: record["totals"][total] for total in expected["totals"]} == expected["totals"]


def test_the_lines_of_orlando_in_their_order(law: Law, ratebook: RateSource) -> None:
    lines = _sample("orlando", ratebook, law).lines
    ids = [f"{kind}{n}" for kind, count in (("N", 5), ("T", 5), ("D", 6), ("E", 7)) for n in range(1, count + 1)]
    assert [line.id for line in lines] == [*ids, "CAP"]
    assert {line.path for line in lines if line.group == "lodging_tax"} == {f"lodging[{n}].tax" for n in range(5)}


def test_a_line_says_how_its_amount_came_about(law: Law, ratebook: RateSource) -> None:
    itemized = _sample("orlando", ratebook, law)
    night, day, drive, cap = (itemized.line(name) for name in ("N1", "d4", "E6", "cap"))
    assert night.basis == "The room cost $159.00 for the night of 2026-10-04"
    assert night.reason == "the room at $159.00 is above the ceiling of $145.00 for Orlando"
    assert day.basis == "A full day at Orlando's $80.00"
    assert day.reason == (
        "a full day at Orlando's $80.00; "
        "furnished lunch ($22.00) taken off, down to no less than the incidental $5.00"
    )
    assert itemized.line("D1").basis == "First day: 75% of Orlando's $80.00"
    assert drive.basis == (
        "38 miles on 2026-10-04 at $0.76 a mile (GSA privately owned vehicle rates from 2026-07-01)"
    )
    assert cap.basis == "The lines are allowable at $1,741.81"


def test_the_record_of_a_claim_names_its_rates_once(law: Law, ratebook: RateSource) -> None:
    record = as_record(_sample("washington", ratebook, law))
    assert [(rate["fiscal_year"], rate["month"], rate["lodging"], rate["mie"]) for rate in record["rates"]] == [
        (2026, 9, "275.00", "92.00"),
        (2027, 10, "287.00", "92.00"),
    ]
    assert record["rates"][0]["locality"] == {"id": 75, "name": "District of Columbia", "state": "DC"}
    published = {"publisher", "document", "url", "published", "sha256"}
    assert set(record["rates"][0]["source"]) == {"kind", *published, "retrieved_at", "file", "file_sha256"}
    assert record["lines"][0] == {
        "id": "N1",
        "on": "2026-09-27",
        "category": "lodging",
        "cost_stated": "301.00",
        "credit": "0.00",
        "amount_claimed": "301.00",
        "amount_allowed": "275.00",
        "rule": "lodging-ceiling",
        "citation": "41 CFR 301-11.19",
        "reason": "the room at $301.00 is above the ceiling of $275.00 for District of Columbia",
    }
    assert json.loads(json.dumps(record)) == record


def test_a_datetime_decides_as_its_day_what_lies_in_the_future(law: Law, ratebook: RateSource) -> None:
    """The claim of Orlando is prepared on 2026-10-20: on the day before, that lies in the future."""
    claim = parse_claim(_read(f"data/samples/{SAMPLES['orlando']}.json"))
    for as_of, barred in ((datetime(2026, 10, 19, 23), True), (datetime(2026, 10, 20, 0), False)):
        itemized = itemize(claim, ratebook, law, as_of=as_of)
        assert (itemized.as_of, bool(itemized.blocks)) == (as_of.date(), barred)
        assert type(itemized.as_of) is date


def test_what_is_no_claim_or_no_day_is_refused(law: Law, ratebook: RateSource) -> None:
    data = _read(f"data/samples/{SAMPLES['orlando']}.json")
    with pytest.raises(InputError, match=r"a dict is not a claim; .* parse_claim of perdiem_calc\.claims\.parsing"):
        itemize(data, ratebook, law)
    day: Any = "2026-11-23"
    with pytest.raises(InputError, match="'2026-11-23' is not a day"):
        itemize(parse_claim(data), ratebook, law, as_of=day)


def test_asking_for_a_line_that_is_not_there_names_those_that_are(law: Law, ratebook: RateSource) -> None:
    itemized = _sample("moody", ratebook, law)
    with pytest.raises(InputError) as refusal:
        itemized.line("E9")
    assert str(refusal.value).startswith("'E9' is not a line of claim 2026-MDY-0007; choose from N1, N2")


def test_documents_are_lacking_where_more_would_be_payable_with_them(law: Law, ratebook: RateSource) -> None:
    """M&IE of 440.00: a taxi of 75.01 without a receipt would be paid on top of it, unless the limit is reached."""
    taxi = {"category": "taxi", "amount": "75.01"}
    for fields, paid_before, lacks in (
        ({}, "0.00", True),
        ({"receipt": "lost"}, "0.00", True),
        ({"receipt": "R1"}, "0.00", False),
        ({}, "560.00", False),
        ({}, "559.99", True),
    ):
        case = {"expenses": [taxi | fields], "claim": {"previously_reimbursed": paid_before}}
        assert itemize(parse_claim(claim_of(case)), ratebook, law).lacks_documents is lacks, (fields, paid_before)


def test_what_would_be_payable(law: Law, ratebook: RateSource) -> None:
    itemized = itemize(parse_claim(claim_of({"case": ""})), ratebook, law)  # M&IE 440.00
    assert itemized.payable_if(gain=Decimal("100.00")) == Decimal("540.00")
    assert itemized.payable_if(gain=Decimal("600.00")) == Decimal("1000.00")
    block = chp.Block("payee-not-agency", "chp-payee", "agency.payee_kind", "The payee is a person.")
    barred = replace(itemized, blocks=(block,))
    assert barred.payable_if() == Decimal("0.00")
    assert barred.payable_if(without_block="payee-not-agency") == Decimal("440.00")
    twice = replace(barred, blocks=(block, replace(block, check="certificate-missing")))
    assert twice.payable_if(without_block="payee-not-agency") == Decimal("0.00")


def test_what_would_be_payable_had_another_amount_been_paid_before(law: Law, ratebook: RateSource) -> None:
    """Of the 440.00 what is left of the limit of 1,000.00, whatever the claim itself states."""
    claim = parse_claim(claim_of({"claim": {"previously_reimbursed": "800.00"}}))
    itemized = itemize(claim, ratebook, law)
    assert itemized.payable_if() == Decimal("200.00")
    assert itemized.payable_if(paid_before=Decimal("900.00")) == Decimal("100.00")
    assert itemized.payable_if(paid_before=Decimal("0.00")) == Decimal("440.00")
    assert itemized.payable_if(gain=Decimal("20.00"), paid_before=Decimal("550.00")) == Decimal("450.00")


def test_a_located_block_leaves_a_place_that_is_named_already() -> None:
    with pytest.raises(RateUnavailable) as first, Located("outer"), Located("inner"):
        raise RateUnavailable("file.unreadable", "no rate", fix="wait")
    assert str(first.value) == "inner: no rate; wait"
    with pytest.raises(KeyError), Located("outer"):
        raise KeyError("a mistake of the code")
    with Located("outer"):
        pass


def test_an_error_may_be_said_of_a_place_around_it() -> None:
    assert str(PerdiemError("file.unreadable", "not a date", where="B7").at("Days")) == "Days (B7): not a date"
    assert str(PerdiemError("file.unreadable", "not a date").at("Days!B7")) == "Days!B7: not a date"


def test_the_reason_tells_no_times_from_too_few_hours(law: Law, ratebook: RateSource) -> None:
    said = {}
    for trip in ("2026-10-05 to 2026-10-05", "2026-10-05 06:00 to 2026-10-05 18:00"):
        said[trip] = itemize(parse_claim(claim_of({"trip": trip})), ratebook, law).line("D1").reason
    assert list(said.values()) == [
        "a trip within one day earns M&IE only when its times show more than 12 hours",
        "12 hours or less earn no M&IE",
    ]


def test_the_reason_names_the_part_of_the_room_that_the_tax_counts_on(law: Law, ratebook: RateSource) -> None:
    itemized = _sample("orlando", ratebook, law)
    assert itemized.line("T1").reason == "tax counts on $145.00 of the room's $159.00 only"
