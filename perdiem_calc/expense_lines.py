"""The lines of expenses: one for each, and one for driving above the cost of the authorized carrier.

Rules `pov-mileage`, `pov-constructive-cost`, `coach-class`, `baggage-fee`, `terminal-parking`, `rental-car`,
`laundry`, `receipts`, `not-allowable`, `chp-fee-not-claimable`, `credits`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from perdiem_calc import ftr
from perdiem_calc.claim import CARRIERS, Claim, Credit, Expense, LodgingNight
from perdiem_calc.documents import paper_key
from perdiem_calc.errors import Located, RateUnavailable
from perdiem_calc.lines import Line, Workings
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.others import Bar, Outside
from perdiem_calc.parameters import Law
from perdiem_calc.places import is_outside_conus
from perdiem_calc.wording import holds_any, mentions, says

BASE_RULES: Mapping[str, str] = {
    "airfare": "coach-class",
    "rail_bus": "coach-class",
    "baggage": "baggage-fee",
    "seat_fee": "coach-class",
    "pov_mileage": "pov-mileage",
    "pov_fuel": "pov-mileage",
    "agency_vehicle_fuel": "agency-vehicle",
    "rental_car": "rental-car",
    "rental_fuel": "rental-car",
    "rental_insurance": "rental-car",
    "taxi": "taxi",
    "parking": "terminal-parking",
    "tolls": "pov-mileage",
    "laundry": "laundry",
    "registration": "chp-fee-not-claimable",
    "meals": "mie-first-last-day",
    "tips": "mie-first-last-day",
}
"""The rule that governs a category; the others are governed by `not-allowable`."""

NEVER: Mapping[str, tuple[str, str]] = {
    "registration": ("registration-not-claimable", "the COPS Office pays the course fee to NASRO directly"),
    "pov_fuel": ("fuel-besides-mileage", "the mileage rate covers fuel"),
    "meals": ("meal-besides-mie", "M&IE is an allowance that covers meals"),
    "alcohol": ("meal-besides-mie", "alcohol is not allowable"),
    "tips": ("incidentals-besides-mie", "M&IE covers tips to porters and hotel staff"),
    "fine": ("not-allowable", "fines are not allowable"),
    "entertainment": ("not-allowable", "entertainment is not allowable"),
}
"""The categories that are never paid: check id, and why."""

WITH_POV = frozenset({"pov_mileage", "parking", "tolls"})


@dataclass(frozen=True, slots=True)
class ExpenseFacts:
    """What one expense's line needs to know of the rest of the claim.

    `bars` maps an expense's index to what bars it: another line of the claim, its date, or what other claims tell;
    `extra_bags` holds the indexes of the bags of a day beside the standard one, `agency_vehicle_plates` the plates as
    `plate_key` compares them.
    """

    bars: Mapping[int, Bar]
    extra_bags: frozenset[int]
    agency_vehicle_plates: frozenset[str]
    longest_stay: int
    has_personal_days: bool
    has_carrier: bool


def expense_lines(
    claim: Claim,
    credits_by_line: Mapping[str, Sequence[Credit]],
    law: Law,
    longest_stay: int,
    as_of: date | None,
    outside: Outside,
) -> list[Line]:
    """A line for each expense, in order; `longest_stay` in consecutive nights away.

    Raises RateUnavailable, with the path of the date, where no mileage rate is in force on a day driven.
    """
    facts = facts_of(claim, law, longest_stay, as_of, outside)
    return [expense_line(claim, index, facts, credits_by_line, law) for index in range(len(claim.expenses))]


def facts_of(claim: Claim, law: Law, longest_stay: int, as_of: date | None, outside: Outside) -> ExpenseFacts:
    """What the lines of a claim's expenses need to know of the rest of it."""
    return ExpenseFacts(
        bars=_barred_outside(claim, outside) | barred_expenses(claim, law, as_of),
        extra_bags=extra_bags(claim.expenses),
        agency_vehicle_plates=frozenset(
            plate_key(e.plate) for e in claim.expenses if e.category == "agency_vehicle_fuel"
        ),
        longest_stay=longest_stay,
        has_personal_days=bool(claim.trip.personal_days),
        has_carrier=any(e.category in CARRIERS for e in claim.expenses),
    )


def needs_receipt(expense: Expense, claimed: Decimal, law: Law) -> bool:
    """Whether an expense claimed at so many dollars needs a receipt: above the threshold, mileage never.

    Rule `receipts`.
    """
    threshold = law.number("chp-settings", "receipt_threshold", expense.date)
    return expense.category != "pov_mileage" and ftr.receipt_is_required(claimed, threshold)


def plate_key(plate: str | None) -> str:
    """A plate as it is compared: in capitals, without spaces and hyphens; empty where none is named.

    >>> plate_key("abc-123"), plate_key("ABC 123"), plate_key(None)
    ('ABC123', 'ABC123', '')
    """
    return (plate or "").upper().replace(" ", "").replace("-", "")


def extra_bags(expenses: Sequence[Expense]) -> frozenset[int]:
    """The indexes of the bags of a day beside the standard one, which is the first that has no approval.

    Rule `baggage-fee`.
    """
    bags: dict[date, list[int]] = {}
    for index, expense in enumerate(expenses):
        if expense.category == "baggage":
            bags.setdefault(expense.date, []).append(index)
    standard = {next((bag for bag in day if expenses[bag].approval is None), day[0]) for day in bags.values()}
    return frozenset(bag for day in bags.values() for bag in day) - standard


def pov_excess_line(claim: Claim, lines: Sequence[Line], law: Law) -> Line | None:
    """The one negative line for what driving by choice cost above the comparable cost; None where nothing did."""
    driven = _comparison(claim)
    if driven is None:
        return None
    index, comparable = driven
    costs = _driving_costs(lines)
    excess = ftr.pov_excess(costs, comparable)
    if excess == 0:
        return None
    on = claim.expenses[index].date
    why = (
        f"driving cost {in_dollars(costs)} with parking and tolls, "
        f"the authorized carrier would have cost {in_dollars(comparable)}"
    )
    work = Workings(ZERO)
    work.change(lambda amount: amount - excess, "pov-over-comparable", "pov-constructive-cost", why)
    return Line(
        id="POV",
        group="transportation",
        category="pov_over_comparable",
        on=on,
        amount_claimed=ZERO,
        amount_allowed=-excess,
        rule="pov-constructive-cost",
        citation=law.citation("pov-constructive-cost", on),
        reason=why,
        path=f"expenses[{index}].comparable_cost",
        basis="Driving by choice is paid up to the cost of the authorized carrier",
        steps=work.finished(),
    )


def driving_gain(claim: Claim, lines: Sequence[Line], gain: Decimal) -> Decimal:
    """What a gain of driving, parking or tolls leaves once the comparable cost is counted.

    Rule `pov-constructive-cost`; dollars.
    """
    driven = _comparison(claim)
    if driven is None:
        return gain
    costs, comparable = _driving_costs(lines), driven[1]
    return gain - ftr.pov_excess(costs + gain, comparable) + ftr.pov_excess(costs, comparable)


def _comparison(claim: Claim) -> tuple[int, Decimal] | None:
    """The first line of mileage that states the comparable cost, and that cost; None where none does."""
    for index, expense in enumerate(claim.expenses):
        if expense.category == "pov_mileage" and expense.comparable_cost is not None:
            return index, expense.comparable_cost
    return None


def _driving_costs(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount_allowed for line in lines if line.category in WITH_POV), ZERO)


def expense_line(
    claim: Claim, index: int, facts: ExpenseFacts, credits_by_line: Mapping[str, Sequence[Credit]], law: Law
) -> Line:
    """The line of one expense.

    Raises RateUnavailable, with the path of the date, where no mileage rate is in force on a day driven.
    """
    with Located(f"expenses[{index}].date"):
        return _expense_line(index, claim.expenses[index], facts, credits_by_line, law)


def _expense_line(
    index: int,
    expense: Expense,
    facts: ExpenseFacts,
    credits_by_line: Mapping[str, Sequence[Credit]],
    law: Law,
) -> Line:
    line_id = f"E{index + 1}"
    work, basis = _claimed(expense, law)
    claimed = work.amount
    _apply_category(work, index, expense, facts, law)
    _apply_evidence(work, index, expense, facts, law, claimed)
    _apply_payers(work, expense, credits_by_line.get(line_id, ()))
    steps = work.finished()
    rule = steps[-1].rule if steps else _base_rule(expense, facts)
    field = "miles" if expense.category == "pov_mileage" else "amount"
    return Line(
        id=line_id,
        group=expense.group,
        category=expense.category,
        on=expense.date,
        amount_claimed=claimed,
        amount_allowed=work.amount,
        rule=rule,
        citation=law.citation(rule, expense.date),
        reason="; ".join(step.why for step in steps) or "allowed as claimed",
        path=f"expenses[{index}].{field}",
        basis=basis,
        steps=steps,
    )


def _base_rule(expense: Expense, facts: ExpenseFacts) -> str:
    """The rule of a line from which nothing is taken: parking of a trip by car goes with its mileage."""
    if expense.category == "parking" and not facts.has_carrier and expense.taxi_equivalent is None:
        return "pov-mileage"
    return BASE_RULES.get(expense.category, "not-allowable")


def _claimed(expense: Expense, law: Law) -> tuple[Workings, str]:
    if expense.miles is None:
        amount = expense.amount or ZERO
        return Workings(amount), f"{in_dollars(amount)} was paid on {expense.date}"
    rate = _mileage_rate(expense.date, law)
    amount = ftr.pov_mileage(expense.miles, expense.round_trips, rate)
    times = f" times {expense.round_trips} round trips" if expense.round_trips > 1 else ""
    source = law.rules["pov-mileage"].values["car_no_gov_vehicle"].entry(expense.date).citation
    return Workings(amount), f"{expense.miles} miles{times} on {expense.date} at ${rate} a mile ({source})"


def _mileage_rate(on: date, law: Law) -> Decimal:
    """The rate a mile in force on a day. Raises RateUnavailable where none is known."""
    try:
        return law.number("pov-mileage", "car_no_gov_vehicle", on)
    except RateUnavailable as error:
        raise RateUnavailable(f"no mileage rate is known for {on}", mend=error.mend) from None


def _apply_category(work: Workings, index: int, expense: Expense, facts: ExpenseFacts, law: Law) -> None:
    """The rules of the expense's category."""
    category = expense.category
    if category in NEVER:
        check, why = NEVER[category]
        work.nothing(check, BASE_RULES.get(category, "not-allowable"), why, about="category")
    elif category == "pov_mileage":
        _apply_mileage(work, expense, facts, law)
    elif category in CARRIERS:
        _apply_carrier(work, expense, facts)
    elif category == "seat_fee" and expense.approval is None:
        why = "a seat fee needs an approval"
        work.nothing("seat-fee", "coach-class", why, about="approval")
    elif category == "baggage" and index in facts.extra_bags and expense.approval is None:
        why = "bags after the first one of a day need an approval"
        work.nothing("extra-bag", "baggage-fee", why, about="approval")
    elif category == "parking" and expense.taxi_equivalent is not None:
        why = f"terminal parking is paid up to the taxi fares it saved, {in_dollars(expense.taxi_equivalent)}"
        work.at_most(expense.taxi_equivalent, "terminal-parking", "terminal-parking", why, about="taxi_equivalent")
    elif category in ("rental_insurance", "rental_fuel", "resort_fee"):
        _apply_wording(work, expense, law)
    elif category == "laundry":
        nights = law.count("laundry", "nights", expense.date)
        if facts.longest_stay < nights:
            why = f"laundry is paid after {nights} consecutive nights; this trip has {facts.longest_stay}"
            work.nothing("laundry", "laundry", why, about="category")


def _apply_mileage(work: Workings, expense: Expense, facts: ExpenseFacts, law: Law) -> None:
    plates, plate = facts.agency_vehicle_plates, plate_key(expense.plate)
    if plates and (not plate or plate in plates):
        why = "an agency vehicle is paid by its fuel, not by the mile; name the plate of a private car"
        work.nothing("agency-vehicle-at-pov-rate", "agency-vehicle", why, about="plate")
    if expense.agency_car_assigned and expense.miles is not None:
        rate = law.number("pov-mileage", "car_gov_vehicle_available", expense.date)
        limit = ftr.pov_mileage(expense.miles, expense.round_trips, rate)
        why = f"an agency car was assigned, so the lower rate of ${rate} a mile applies"
        work.at_most(limit, "agency-car-assigned", "pov-agency-car-assigned", why, about="agency_car_assigned")


def _apply_carrier(work: Workings, expense: Expense, facts: ExpenseFacts) -> None:
    comparable = expense.comparable_cost
    if expense.fare_class == "premium":
        why = "only the coach fare is paid"
        if comparable is None:
            why += "; enter it as the comparable cost"
        work.at_most(comparable or ZERO, "fare-class", "coach-class", why, about="fare_class")
    elif facts.has_personal_days and comparable is not None:
        why = f"with personal days the fare is paid up to the direct-date fare, {in_dollars(comparable)}"
        work.at_most(comparable, "personal-day-paid", "personal-days", why, about="comparable_cost")


def _apply_wording(work: Workings, expense: Expense, law: Law) -> None:
    """What the description of rental insurance, rental fuel or a resort fee says about it."""
    on = expense.date
    text = expense.description
    if expense.category == "rental_insurance":
        if holds_any(text, law.words("rental-car", "personal_insurance_words", on)):
            why = "insurance of the person is not paid"
            work.nothing("rental-insurance", "rental-car", why, about="description")
    elif expense.category == "rental_fuel":
        prepaid = says(
            text, law.words("rental-car", "prepaid_words", on), law.words("rental-car", "prepaid_denials", on)
        )
        if prepaid and expense.justification is None:
            why = "fuel prepaid by choice is not paid"
            work.nothing("prepaid-fuel", "rental-car", why, about="description")
    elif says(
        text, law.words("not-allowable", "optional_words", on), law.words("not-allowable", "optional_denials", on)
    ):
        work.nothing("resort-fee", "not-allowable", "an optional fee is not paid", about="description")


def _apply_evidence(
    work: Workings, index: int, expense: Expense, facts: ExpenseFacts, law: Law, claimed: Decimal
) -> None:
    if index in facts.bars:
        bar = facts.bars[index]
        work.nothing(bar.check, bar.rule, bar.why, about=bar.field)
    if expense.receipt_total is not None:
        why = f"the receipt shows {in_dollars(expense.receipt_total)}"
        work.at_most(expense.receipt_total, "receipt-total-differs", "receipts", why, about="receipt_total")
    if needs_receipt(expense, claimed, law) and expense.receipt is None and not expense.receipt_statement:
        threshold = law.number("chp-settings", "receipt_threshold", expense.date)
        why = (
            f"an expense over {in_dollars(threshold)} needs a receipt: enter its number, "
            "or sign a missing-receipt statement"
        )
        work.nothing("receipt-missing", "receipts", why, about="receipt")


def _apply_payers(work: Workings, expense: Expense, named: Sequence[Credit]) -> None:
    if expense.paid_by == "other":
        why = "another payer bore this expense, so it is not paid again"
        work.nothing("other-payer", "credits", why, about="paid_by")
    if expense.credit:
        why = f"the credit of {in_dollars(expense.credit)} is taken off"
        work.less(expense.credit, "credit-applied", "credits", why, about="credit")
    work.credited(named, about="credit")


def _barred_outside(claim: Claim, outside: Outside) -> dict[int, Bar]:
    found = {index: outside.bars.get(f"E{index + 1}") for index in range(len(claim.expenses))}
    return {index: bar for index, bar in found.items() if bar is not None}


def barred_expenses(claim: Claim, law: Law, as_of: date | None) -> dict[int, Bar]:
    """The expenses that another line of the claim, or their date, bars. The first reason found counts."""
    bars: dict[int, Bar] = {}
    tickets: dict[str, int] = {}
    for index, expense in enumerate(claim.expenses):
        if as_of is not None and expense.date > as_of:
            why = f"the expense is dated {expense.date}, after {as_of}: correct the date"
            bars.setdefault(index, Bar("date-in-future", "chp-itemized-claim", why))
        if expense.ticket is not None and expense.category in CARRIERS:
            first = tickets.setdefault(paper_key(expense.ticket), index)
            if first != index:
                why = f"ticket {expense.ticket} is claimed in E{first + 1} already: leave one out"
                bars.setdefault(index, Bar("ticket-twice", "not-allowable", why))
        with Located(f"expenses[{index}].date"):
            if _is_lodging_again(claim, expense, law):
                why = "this looks like lodging that is claimed by the night already: leave one of them out"
                bars.setdefault(index, Bar("lodging-claimed-twice", "lodging-ceiling", why))
            if _is_laundry_outside_conus(claim, expense, law):
                why = "laundry is paid in the contiguous states only, after enough nights there"
                bars.setdefault(index, Bar("laundry", "laundry", why, "category"))
    for index, first in _repeated_receipts(claim).items():
        receipt = claim.expenses[index].receipt
        why = (
            f"receipt {receipt} is claimed in E{first + 1} already: leave out a cost that is entered twice; "
            "if one receipt carries several costs, enter its total as the receipt total of each of its lines"
        )
        bars.setdefault(index, Bar("duplicate-document", "receipts", why))
    return bars


def _is_lodging_again(claim: Claim, expense: Expense, law: Law) -> bool:
    if expense.category != "other":
        return False
    words = law.words("not-allowable", "lodging_words", expense.date)
    if mentions([expense.description, expense.vendor], words) is None:
        return False
    whole = [(night, 1) for night in claim.lodging]
    of_one = [(night, night.sharers) for night in claim.lodging]
    return expense.amount in _bills(whole) | _bills(of_one)


def _is_laundry_outside_conus(claim: Claim, expense: Expense, law: Law) -> bool:
    """Whether laundry is of a trip beyond the contiguous states with too few nights in a row within them."""
    within = [stop for stop in claim.trip.stops if not is_outside_conus(stop.place.state, stop.place.zip)]
    if expense.category != "laundry" or len(within) == len(claim.trip.stops):
        return False
    away = (day for day in claim.trip.days() if day not in claim.trip.personal_days)
    nights = [day for day in away if any(stop.arrived_on <= day < stop.departed_on for stop in within)]
    return longest_stay(nights) < law.count("laundry", "nights", expense.date)


def _bills(nights: Sequence[tuple[LodgingNight, int]]) -> set[Decimal]:
    """What a hotel's bill may come to, of a night and of all: the room, with its tax, with its flat charge too.

    Each night is shared by so many.
    """
    bills = []
    for night, sharers in nights:
        room, tax, flat = (ftr.shared(whole, sharers) for whole in (night.room_rate, night.tax, night.flat_tax))
        bills.append((room, room + tax, room + tax + flat))
    of_all = [sum((bill[part] for bill in bills), ZERO) for part in range(3)]
    return {amount for bill in (*bills, of_all) for amount in bill}


def _repeated_receipts(claim: Claim) -> dict[int, int]:
    """Expenses that repeat an earlier one's receipt, with the earlier one's index.

    One receipt may carry several expenses: a hotel folio does, and a receipt whose stated total covers its lines.
    Of those only a line equal in date, category and amount repeats.
    """
    folios = {paper_key(night.receipt) for night in claim.lodging if night.receipt}
    stated = [(paper_key(expense.receipt) if expense.receipt else "", expense) for expense in claim.expenses]
    lines_of: dict[str, list[Expense]] = {}
    for paper, expense in stated:
        lines_of.setdefault(paper, []).append(expense)
    seen: dict[str, int] = {}
    equal: dict[tuple[object, ...], int] = {}
    repeated: dict[int, int] = {}
    for index, (paper, expense) in enumerate(stated):
        if not paper or expense.category in NEVER or expense.category == "pov_mileage":
            continue
        key = (paper, expense.date, expense.category, expense.amount)
        if key in equal:
            repeated[index] = equal[key]
        elif paper in seen and not (paper in folios or _covered(lines_of[paper])):
            repeated[index] = seen[paper]
        equal.setdefault(key, index)
        seen.setdefault(paper, index)
    return repeated


def _covered(of_receipt: Sequence[Expense]) -> bool:
    """Whether expenses of one receipt each state its total, and are covered by it."""
    totals = {expense.receipt_total for expense in of_receipt}
    total = totals.pop()
    claimed = sum((expense.amount or ZERO for expense in of_receipt), ZERO)
    return not totals and total is not None and claimed <= total


def longest_stay(nights: Sequence[date]) -> int:
    """The longest run of consecutive nights.

    >>> longest_stay([date(2026, 10, 4), date(2026, 10, 5), date(2026, 10, 8)])
    2
    """
    longest = run = 0
    before: date | None = None
    for night in sorted(set(nights)):
        run = run + 1 if before is not None and night - before == timedelta(days=1) else 1
        longest = max(longest, run)
        before = night
    return longest
