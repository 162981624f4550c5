"""The lines of expenses, one for each.

Rules `pov-mileage`, `coach-class`, `baggage-fee`, `terminal-parking`, `rental-car`, `laundry`, `lodging-ceiling`,
`receipts`, `miscellaneous`, `not-allowable`, `chp-fee-not-claimable`, `credits`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from perdiem_calc.claims.documents import paper_key
from perdiem_calc.claims.model import CARRIERS, Claim, Credit, Expense, LodgingNight
from perdiem_calc.claims.receipts import Evidence, evidence_of, has_document, refuses
from perdiem_calc.dated import Law
from perdiem_calc.errors import Located, RateUnavailable
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.places import is_outside_conus
from perdiem_calc.rules import ftr
from perdiem_calc.rules.lines import Line, Workings
from perdiem_calc.rules.outside import Bar
from perdiem_calc.text import holds_any, mentions, on_one_line, says

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
    "lodging_fee": "lodging-ceiling",
    "other": "miscellaneous",
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

BY_WHOM = "by whom and on what day"


@dataclass(frozen=True, slots=True)
class ExpenseFacts:
    """What one expense's line needs to know of the rest of the claim.

    `bars` maps an expense's index to why it is not paid: another line of the claim, its date, or other claims;
    `extra_bags` holds the indexes of the bags of a direction after the standard one, `agency_vehicle_plates` the
    plates as `plate_key` compares them. `fee_ceilings` are the lodging ceilings of the nights of hotel charges,
    `fares_left` what is left of the fare on the direct dates for each carrier of a trip with personal days; by index,
    in dollars.
    """

    bars: Mapping[int, Bar]
    extra_bags: frozenset[int]
    agency_vehicle_plates: frozenset[str]
    longest_stay: int
    is_conus: bool
    has_carrier: bool
    fee_ceilings: Mapping[int, Decimal]
    fares_left: Mapping[int, Decimal] = field(default_factory=dict)


def expense_lines(
    claim: Claim, facts: ExpenseFacts, credits_by_line: Mapping[str, Sequence[Credit]], law: Law
) -> list[Line]:
    """A line for each expense, in order.

    Raises RateUnavailable, with the path of the date, where no mileage rate is in force on a day driven.
    """
    return [expense_line(claim, index, facts, credits_by_line, law) for index in range(len(claim.expenses))]


def facts_of(
    claim: Claim,
    law: Law,
    longest_stay: int,
    as_of: date | None,
    bars: Mapping[str, Bar],
    fee_ceilings: Mapping[int, Decimal],
    credits_by_line: Mapping[str, Sequence[Credit]],
) -> ExpenseFacts:
    """What the expense lines need to know about the rest of the claim; `longest_stay` in consecutive nights."""
    stops = claim.trip.stops
    facts = ExpenseFacts(
        bars=_barred_outside(claim, bars) | barred_expenses(claim, law, as_of),
        extra_bags=extra_bags(claim, law),
        agency_vehicle_plates=frozenset(
            plate_key(e.plate) for e in claim.expenses if e.category == "agency_vehicle_fuel"
        ),
        longest_stay=longest_stay,
        is_conus=not any(is_outside_conus(stop.place.state, stop.place.zip) for stop in stops),
        has_carrier=any(e.category in CARRIERS for e in claim.expenses),
        fee_ceilings=fee_ceilings,
    )
    fares = _fares_left(claim, facts, credits_by_line, law)
    return replace(facts, fares_left=fares) if fares else facts


def direct_fare(claim: Claim) -> Decimal | None:
    """What the carriers of a trip with personal days are paid together: the lowest fare stated for the direct dates.

    Rule `personal-days`; dollars, None where none is stated or the trip has no personal days.
    """
    stated = [expense.direct_fare for expense in claim.expenses if expense.direct_fare is not None]
    return min(stated) if stated and claim.trip.personal_days else None


def _fares_left(
    claim: Claim, facts: ExpenseFacts, credits_by_line: Mapping[str, Sequence[Credit]], law: Law
) -> dict[int, Decimal]:
    """What is left of the fare on the direct dates for each carrier, by index, in the order of the lines."""
    left = direct_fare(claim)
    found: dict[int, Decimal] = {}
    for index, expense in enumerate(claim.expenses):
        if left is not None and expense.category in CARRIERS:
            found[index] = left
            left -= min(left, expense_line(claim, index, facts, credits_by_line, law).amount_allowed)
    return found


def has_approval(expense: Expense, law: Law) -> bool:
    """Whether an expense has an approval: by whom, and on what day. A word such as "none" or "denied" is none."""
    return expense.approved_on is not None and not refuses(expense.approval, law, expense.date)


def needs_receipt(expense: Expense, cost: Decimal, law: Law) -> bool:
    """Whether an expense that cost so many dollars needs a receipt: above the threshold, mileage never.

    Rule `receipts`.
    """
    threshold = law.number("chp-settings", "receipt_threshold", expense.date)
    return expense.category != "pov_mileage" and ftr.receipt_is_required(cost, threshold)


def document_of(expense: Expense) -> str | None:
    """What names an expense's document: its receipt, else a carrier's ticket. Rule `receipts`."""
    return expense.receipt or (expense.ticket if expense.category in CARRIERS else None)


def plate_key(plate: str | None) -> str:
    """A plate as it is compared: in capitals, without spaces and hyphens; empty where none is named.

    >>> plate_key("abc-123"), plate_key("ABC 123"), plate_key(None)
    ('ABC123', 'ABC123', '')
    """
    return (plate or "").upper().replace(" ", "").replace("-", "")


def extra_bags(claim: Claim, law: Law) -> frozenset[int]:
    """The indexes of the bags of a direction after the standard one, which is the first that has no approval.

    The way out is nearer to the day of departure than to that of the return. Rule `baggage-fee`.
    """
    bags: dict[bool, list[int]] = {}
    for index, expense in enumerate(claim.expenses):
        if expense.category == "baggage":
            on, trip = expense.date, claim.trip
            is_out = abs(on - trip.departed_on) <= abs(on - trip.returned_on)
            bags.setdefault(is_out, []).append(index)
    standard = {
        next((bag for bag in way if not has_approval(claim.expenses[bag], law)), way[0]) for way in bags.values()
    }
    return frozenset(bag for way in bags.values() for bag in way) - standard


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
    work, basis = _cost(expense, law)
    cost = work.amount
    if expense.receipt_total is not None:
        why = f"the receipt shows {in_dollars(expense.receipt_total)}"
        work.at_most(expense.receipt_total, "receipt-total-differs", "receipts", why, about="receipt_total")
    named = credits_by_line.get(line_id, ())
    credit = min(work.amount, expense.credit + sum((one.amount for one in named), ZERO))
    work.credited(named, own=expense.credit, about="credit")
    _apply_category(work, index, expense, facts, law)
    _apply_evidence(work, index, expense, facts, law, cost)
    steps = work.finished()
    rule = steps[-1].rule if steps else _base_rule(expense, facts)
    field = "miles" if expense.category == "pov_mileage" else "amount"
    return Line(
        id=line_id,
        group=expense.group,
        category=expense.category,
        on=expense.date,
        amount_claimed=cost - credit,
        amount_allowed=work.amount,
        rule=rule,
        citation=law.citation(rule, expense.date),
        reason="; ".join(step.why for step in steps) or "allowed as claimed",
        path=f"expenses[{index}].{field}",
        basis=basis,
        steps=steps,
        cost=cost,
        credit=credit,
    )


def _base_rule(expense: Expense, facts: ExpenseFacts) -> str:
    """The rule of a line from which nothing is taken: parking of a trip by car goes with its mileage."""
    if expense.category == "parking" and not facts.has_carrier and expense.taxi_equivalent is None:
        return "pov-mileage"
    return BASE_RULES.get(expense.category, "not-allowable")


def _cost(expense: Expense, law: Law) -> tuple[Workings, str]:
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
        raise RateUnavailable("rate.mileage.missing", f"no mileage rate is known for {on}", fix=error.fix) from None


def _apply_category(work: Workings, index: int, expense: Expense, facts: ExpenseFacts, law: Law) -> None:
    """The rules of the expense's category."""
    category = expense.category
    if category in NEVER:
        check, why = NEVER[category]
        work.nothing(check, BASE_RULES.get(category, "not-allowable"), why, about="category")
    elif category == "pov_mileage":
        _apply_mileage(work, expense, facts, law)
    elif category in CARRIERS:
        _apply_carrier(work, index, expense, facts)
    elif category == "seat_fee" and not has_approval(expense, law):
        why = f"a seat fee needs an approval, {BY_WHOM}"
        work.nothing("seat-fee", "coach-class", why, about="approval")
    elif category == "baggage" and index in facts.extra_bags and not has_approval(expense, law):
        why = f"bags after the first one of a direction need an approval, {BY_WHOM}"
        work.nothing("extra-bag", "baggage-fee", why, about="approval")
    elif category == "parking" and expense.taxi_equivalent is not None:
        why = f"terminal parking is paid up to the taxi fares it saved, {in_dollars(expense.taxi_equivalent)}"
        work.at_most(expense.taxi_equivalent, "terminal-parking", "terminal-parking", why, about="taxi_equivalent")
    elif category in ("rental_insurance", "rental_fuel", "resort_fee"):
        _apply_wording(work, expense, facts, law)
    elif category == "laundry":
        _apply_laundry(work, expense, facts, law)
    elif category == "lodging_fee":
        ceiling = facts.fee_ceilings[index]
        why = f"a hotel's charge is paid up to the lodging ceiling of its night, {in_dollars(ceiling)}"
        work.at_most(ceiling, "lodging-fee", "lodging-ceiling", why)


def _apply_laundry(work: Workings, expense: Expense, facts: ExpenseFacts, law: Law) -> None:
    """Laundry by its length of stay, and since December 8, 2025 by approval. Rule `laundry`."""
    nights = law.count("laundry", "nights", expense.date)
    if law.setting("laundry", "needs", expense.date) == "approval":
        if not has_approval(expense, law):
            work.nothing("laundry", "laundry", f"laundry needs an approval, {BY_WHOM}", about="approval")
    elif facts.longest_stay < nights:
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


def _apply_carrier(work: Workings, index: int, expense: Expense, facts: ExpenseFacts) -> None:
    if expense.fare_class == "premium":
        why = "only the coach fare is paid"
        if expense.coach_fare is None:
            why += "; enter what coach would have cost as the coach fare"
        work.at_most(expense.coach_fare or ZERO, "fare-class", "coach-class", why, about="fare_class")
    if index in facts.fares_left:
        left = in_dollars(facts.fares_left[index])
        why = f"with personal days the carriers are paid up to the fare on the direct dates, and {left} is left"
        work.at_most(facts.fares_left[index], "personal-day-paid", "personal-days", why, about="direct_fare")


def _apply_wording(work: Workings, expense: Expense, facts: ExpenseFacts, law: Law) -> None:
    """What the description of rental insurance, rental fuel or a resort fee says about it."""
    on = expense.date
    text = expense.description
    if expense.category == "rental_insurance":
        waiver_is_paid = law.setting("chp-settings", "collision_waiver_paid_conus", on) == "yes"
        if holds_any(text, law.words("rental-car", "personal_insurance_words", on)):
            why = "insurance of the person is not paid"
            work.nothing("rental-insurance", "rental-car", why, about="description")
        elif facts.is_conus and not waiver_is_paid:
            why = "a collision waiver or theft insurance is not paid for travel in the contiguous states"
            work.nothing("rental-insurance", "rental-car", why, about="category")
    elif expense.category == "rental_fuel":
        prepaid, denials = (law.words("rental-car", name, on) for name in ("prepaid_words", "prepaid_denials"))
        if says(text, prepaid, denials):
            work.nothing("prepaid-fuel", "rental-car", "prepaid fuel is never paid", about="description")
    elif says(
        text, law.words("not-allowable", "optional_words", on), law.words("not-allowable", "optional_denials", on)
    ):
        work.nothing("resort-fee", "not-allowable", "an optional fee is not paid", about="description")


def _apply_evidence(
    work: Workings, index: int, expense: Expense, facts: ExpenseFacts, law: Law, cost: Decimal
) -> None:
    if index in facts.bars:
        bar = facts.bars[index]
        work.nothing(bar.check, bar.rule, bar.why, about=bar.field)
    document = document_of(expense)
    is_due = needs_receipt(expense, cost, law) and not expense.receipt_statement
    if is_due and not has_document(document, law, expense.date):
        threshold = law.number("chp-settings", "receipt_threshold", expense.date)
        denied = f', and "{on_one_line(document)}" says that there is none' if document else ""
        why = (
            f"an expense over {in_dollars(threshold)} needs a receipt{denied}: enter its number, "
            "or sign a missing-receipt statement"
        )
        work.nothing("receipt-missing", "receipts", why, about="receipt")
    if expense.paid_by == "other":
        why = "another payer bore this expense, so it is not paid again"
        work.nothing("other-payer", "credits", why, about="paid_by")


def _barred_outside(claim: Claim, bars: Mapping[str, Bar]) -> dict[int, Bar]:
    found = {index: bars.get(f"E{index + 1}") for index in range(len(claim.expenses))}
    return {index: bar for index, bar in found.items() if bar is not None}


def barred_expenses(claim: Claim, law: Law, as_of: date | None) -> dict[int, Bar]:
    """The expenses that another line of the claim, or their date, bars. The first reason found counts."""
    bars: dict[int, Bar] = {}
    tickets: dict[str, int] = {}
    folios, papers = folio_keys(claim, law), _papers(claim, law)
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
            if _is_lodging_again(claim, expense, papers[index], folios, law):
                why = "this looks like lodging that is claimed by the night already: leave one of them out"
                bars.setdefault(index, Bar("lodging-claimed-twice", "lodging-ceiling", why))
            if _is_laundry_outside_conus(claim, expense, law):
                why = "laundry is paid in the contiguous states only, after enough nights there"
                bars.setdefault(index, Bar("laundry", "laundry", why, "category"))
    for index, first in _repeated_receipts(claim, papers, folios).items():
        receipt = claim.expenses[index].receipt
        why = (
            f"receipt {receipt} is claimed in E{first + 1} already: leave out a cost that is entered twice; "
            "if one receipt carries several costs, enter its total as the receipt total of each of its lines"
        )
        bars.setdefault(index, Bar("duplicate-document", "receipts", why))
    return bars


def _is_lodging_again(claim: Claim, expense: Expense, paper: str, folios: Sequence[str], law: Law) -> bool:
    """Whether an expense is a bill for nights that are claimed: of one night by its date and amount, or of the folio.

    Another receipt is another bill, unless the words are those of lodging. A folio also carries other costs, so that
    the same receipt is the same bill only where the words or the amount are those of lodging. Of any other category
    it is the same bill where receipt, date and amount are those of a night.
    """
    if expense.category in CARRIERS or expense.category == "pov_mileage":
        return False
    same_paper = [night for night, folio in zip(claim.lodging, folios, strict=True) if paper and folio == paper]
    same_date = [night for night in claim.lodging if night.night == expense.date]
    if expense.category != "other":
        return any(expense.amount in _bills([night]) for night in same_date if night in same_paper)
    words = law.words("not-allowable", "lodging_words", expense.date)
    is_lodging = mentions([expense.description, expense.vendor], words) is not None
    if any(expense.amount in _bills([night]) for night in same_date):
        return is_lodging or not paper or bool(same_paper)
    return bool(same_paper) and (is_lodging or expense.amount in _bills(same_paper))


def _is_laundry_outside_conus(claim: Claim, expense: Expense, law: Law) -> bool:
    """Whether laundry is of a trip beyond the contiguous states with too few nights in a row within them."""
    if expense.category != "laundry" or law.setting("laundry", "needs", expense.date) == "approval":
        return False
    within = [stop for stop in claim.trip.stops if not is_outside_conus(stop.place.state, stop.place.zip)]
    if len(within) == len(claim.trip.stops):
        return False
    away = (day for day in claim.trip.days() if day not in claim.trip.personal_days)
    nights = [day for day in away if any(stop.arrived_on <= day < stop.departed_on for stop in within)]
    return longest_stay(nights) < law.count("laundry", "nights", expense.date)


def _bills(nights: Sequence[LodgingNight]) -> set[Decimal]:
    """What a hotel's bill for nights may come to, of each and of all, whole or one officer's share.

    The room, with its tax, with its flat charge too. Nights without a room have none.
    """
    found: set[Decimal] = set()
    for sharers in {1, *(night.sharers for night in nights)}:
        bills = []
        for night in nights:
            room, tax, flat = (ftr.shared(whole, sharers) for whole in (night.room_rate, night.tax, night.flat_tax))
            bills.append((room, room + tax, room + tax + flat))
        of_all = [sum((bill[part] for bill in bills), ZERO) for part in range(3)]
        found.update(amount for bill in (*bills, of_all) for amount in bill if amount)
    return found


def _repeated_receipts(claim: Claim, papers: Sequence[str], folios: Sequence[str]) -> dict[int, int]:
    """Expenses that repeat an earlier one's receipt, with the earlier one's index.

    One receipt may carry several expenses: a hotel folio does, and a receipt whose stated total covers its lines.
    Of those only a line equal in date, category and amount repeats.
    """
    stated = list(zip(papers, claim.expenses, strict=True))
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


def folio_keys(claim: Claim, law: Law) -> list[str]:
    """What the folio of each night is known by, as `paper_key` gives it; empty where it names no document."""
    found = []
    for index, night in enumerate(claim.lodging):
        with Located(f"lodging[{index}].night"):
            found.append(_paper(night.receipt, law, night.night))
    return found


def _papers(claim: Claim, law: Law) -> list[str]:
    """What the receipt of each expense is known by, as `_paper` gives it."""
    found = []
    for index, expense in enumerate(claim.expenses):
        with Located(f"expenses[{index}].date"):
            found.append(_paper(expense.receipt, law, expense.date))
    return found


def _paper(text: str | None, law: Law, on: date) -> str:
    """What a receipt is known by; empty where the field names no document ("lost" twice is no receipt used twice)."""
    return paper_key(text) if text and evidence_of(text, law, on) is Evidence.DOCUMENT else ""


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
