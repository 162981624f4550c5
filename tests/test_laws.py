"""The clauses that hold for every claim, whatever is claimed."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.money import ZERO
from perdiem_calc.rates.model import PerDiemRate, fiscal_year
from perdiem_calc.rates.places import Locality, Place
from perdiem_calc.rules.itemize import as_record, itemize
from perdiem_calc.rules.law import load_law
from tests.support.strategies import FEWER, book, claims, dollars, itemized

LIMIT = Decimal("1000.00")
GROUPS = ("lodging", "lodging_tax", "mie", "transportation", "other")
ADJUSTMENTS = ("credit", "over_constructive_cost", "cap")


class Altered:
    """The embedded rates, but other figures in every fiscal year that does not count."""

    def __init__(self, counts: set[int]) -> None:
        self.counts = counts

    def locality(self, place: Place, on: date) -> Locality:
        return book().locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        rate = book().rate(where, on)
        if fiscal_year(on) in self.counts:
            return rate
        return replace(rate, lodging=rate.lodging + 7, mie=replace(rate.mie, total=rate.mie.total + 9))


@FEWER
@given(claims())
def test_no_officer_is_reimbursed_more_than_the_limit(claim: dict[str, Any]) -> None:
    totals = itemized(claim).totals
    assert ZERO <= totals.payable <= max(ZERO, LIMIT - totals.previously_reimbursed)
    assert totals.payable <= totals.payable_if_mended <= max(ZERO, LIMIT - totals.previously_reimbursed)


@FEWER
@given(claims(), st.integers(1, 3))
def test_one_officers_claims_together_stay_within_the_limit(claim: dict[str, Any], times: int) -> None:
    paid = ZERO
    for _ in range(times):
        paid += itemized(claim | {"previously_reimbursed": str(paid)}).totals.payable
    assert paid <= LIMIT


@FEWER
@given(claims())
def test_lines_sum_to_totals(claim: dict[str, Any]) -> None:
    result = itemized(claim)
    totals = result.totals
    for group in GROUPS:
        assert getattr(totals, group) == sum(
            (line.amount_allowed for line in result.lines if line.group == group), ZERO
        )
    assert totals.claimed == sum((line.amount_claimed for line in result.lines), ZERO)
    credits = sum((line.amount_allowed for line in result.lines if line.group == "credit"), ZERO)
    assert totals.allowable == sum((getattr(totals, group) for group in GROUPS), ZERO) + credits
    assert result.lines[-1].id == "CAP"
    assert totals.allowable + result.lines[-1].amount_allowed == totals.allowable - totals.over_cap


@FEWER
@given(claims())
def test_causes_sum_to_the_agencys_share(claim: dict[str, Any]) -> None:
    totals = itemized(claim).totals
    assert totals.agency_share == totals.claimed - totals.payable
    assert totals.over_ceiling + totals.not_allowable + totals.over_cap == totals.agency_share
    assert min(totals.over_ceiling, totals.not_allowable, totals.over_cap) >= 0


@FEWER
@given(claims())
def test_every_amount_has_two_decimals(claim: dict[str, Any]) -> None:
    result = itemized(claim)
    amounts = [getattr(result.totals, field.name) for field in fields(result.totals)]
    for line in result.lines:
        amounts += [line.amount_claimed, line.amount_allowed]
        amounts += [amount for step in line.steps for amount in (step.before, step.after, step.gain)]
    assert {amount.as_tuple().exponent for amount in amounts} == {-2}


@FEWER
@given(claims())
def test_no_line_is_allowed_more_than_is_claimed_or_less_than_nothing(claim: dict[str, Any]) -> None:
    for line in itemized(claim).lines:
        if line.category in ADJUSTMENTS:
            assert (line.amount_claimed, line.amount_allowed <= 0) == (ZERO, True)
        else:
            assert ZERO <= line.amount_allowed <= line.amount_claimed


@FEWER
@given(claims())
def test_the_steps_of_a_line_lead_to_its_amount_and_waiving_one_gains_nothing_negative(claim: dict[str, Any]) -> None:
    for line in itemized(claim).lines:
        for before, after in zip(line.steps, line.steps[1:], strict=False):
            assert before.after == after.before
        for step in line.steps:
            assert step.effect < 0 <= step.gain
        if line.steps and line.group != "cap":
            assert line.steps[-1].after == line.amount_allowed


@FEWER
@given(claims())
def test_every_line_names_a_rule_and_its_citation_in_force(claim: dict[str, Any]) -> None:
    law = load_law()
    for line in itemized(claim).lines:
        assert line.citation == law.citation(line.rule, line.on)
        assert line.reason
        assert line.basis[0].isupper() or line.basis[0].isdigit() or line.basis[0] == "$"


@FEWER
@given(claims())
def test_itemizing_is_deterministic(claim: dict[str, Any]) -> None:
    first = itemized(claim)
    assert itemized(claim) == first
    reread = parse_claim(parse_claim(claim).model_dump(mode="json", by_alias=True))
    assert as_record(itemize(reread, book(), load_law())) == as_record(first)


@FEWER
@given(claims())
def test_other_years_tables_never_touch_a_trip(claim: dict[str, Any]) -> None:
    first = itemized(claim)
    counts = {fiscal_year(day.on) for day in first.days}
    assert itemized(claim, Altered(counts)) == first


@FEWER
@given(claims(), st.data())
def test_a_furnished_meal_never_pays_more(claim: dict[str, Any], data: st.DataObject) -> None:
    day = data.draw(st.sampled_from([day.on for day in itemized(claim).days]))
    meal = data.draw(st.sampled_from(["breakfast", "lunch", "dinner"]))
    by = data.draw(st.sampled_from(["registration", "government", "host", "hotel", "carrier", "refreshments"]))
    furnished = copy.deepcopy(claim)
    entries = furnished.setdefault("furnished_meals", [])
    entry = next((meals for meals in entries if meals["date"] == f"{day}"), None)
    if entry is None:
        entry = {"date": f"{day}", "meal_statement": None}
        entries.append(entry)
    assume(entry.get(meal) not in ("registration", "government", "host"))
    entry[meal] = by
    before, after = itemized(claim), itemized(furnished)
    assert after.totals.allowable <= before.totals.allowable
    assert after.totals.payable <= before.totals.payable
    if by in ("hotel", "carrier", "refreshments"):
        assert after.totals.mie == before.totals.mie


@FEWER
@given(claims(), dollars(1, 20000), dollars(0, 3000), st.integers(2, 4), st.data())
def test_a_lower_room_rate_with_its_tax_in_proportion_never_pays_more(
    claim: dict[str, Any], room: str, tax: str, times: int, data: st.DataObject
) -> None:
    assume(claim["lodging"])
    index = data.draw(st.integers(0, len(claim["lodging"]) - 1))
    cheap, dear = copy.deepcopy(claim), copy.deepcopy(claim)
    for changed, factor in ((cheap, 1), (dear, times)):
        night = changed["lodging"][index]
        night.update(room_rate=str(Decimal(room) * factor), tax=str(Decimal(tax) * factor))
        night.update(sharers=1, single_rate=None, type="hotel")
    low, high = itemized(cheap).totals, itemized(dear).totals
    assert low.lodging <= high.lodging
    assert low.lodging_tax <= high.lodging_tax


@FEWER
@given(claims(), dollars(1, 300000))
def test_credits_never_make_the_total_negative(claim: dict[str, Any], amount: str) -> None:
    credited = claim | {"credits": [*claim["credits"], {"source": "union", "amount": amount}]}
    before, after = itemized(claim).totals, itemized(credited).totals
    assert after.allowable == max(ZERO, before.allowable - Decimal(amount))


@FEWER
@given(claims(), dollars(0, 120000), dollars(0, 120000))
def test_what_was_paid_before_never_raises_what_is_paid_now(claim: dict[str, Any], one: str, other: str) -> None:
    less, more = sorted((one, other), key=Decimal)
    after_less, after_more = (itemized(claim | {"previously_reimbursed": paid}).totals for paid in (less, more))
    assert after_more.payable <= after_less.payable
    assert after_more.allowable == after_less.allowable


@FEWER
@given(claims())
def test_a_barred_claim_pays_nothing_and_keeps_its_lines(claim: dict[str, Any]) -> None:
    barred = copy.deepcopy(claim)
    barred["agency"]["payee_kind"] = "individual"
    free = copy.deepcopy(claim)
    free["agency"]["payee_kind"] = "agency"
    result, without = itemized(barred), itemized(free)
    assert (result.totals.payable, result.lines) == (ZERO, without.lines)
    assert (
        result.totals.payable_if_mended
        == without.totals.payable
        == result.payable_if(without_block="payee-not-agency")
    )


@FEWER
@given(claims())
def test_a_receipt_taken_away_never_pays_more_for_a_night(claim: dict[str, Any]) -> None:
    lost = copy.deepcopy(claim)
    for night in lost["lodging"]:
        night.update(receipt=None, receipt_statement=False)
    totals = itemized(lost).totals
    assert (totals.lodging, totals.lodging_tax) == (ZERO, ZERO)


@FEWER
@given(claims())
def test_no_day_earns_more_than_its_rate_and_a_personal_day_nothing(claim: dict[str, Any]) -> None:
    result = itemized(claim)
    personal = set(claim["trip"]["personal_days"])
    by_day = {line.on: line for line in result.lines if line.group == "mie"}
    assert list(by_day) == [day.on for day in result.days]
    for day in result.days:
        assert day.mie_rate is not None
        assert by_day[day.on].amount_allowed <= day.mie_rate.mie.total * day.share
        assert f"{day.on}" not in personal or by_day[day.on].amount_allowed == 0
