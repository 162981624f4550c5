"""Transportation and other expenses: what the rules cut, and what a person must look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from perdiem_calc import ftr
from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, about_claim, about_lines, not_evaluated
from perdiem_calc.checks.legs import is_round_trip, open_end, ways
from perdiem_calc.checks.reductions import reductions, reductions_in_words
from perdiem_calc.checks.sentences import BORNE, lines_said
from perdiem_calc.checks.stated import stated
from perdiem_calc.claim import CARRIERS, Expense
from perdiem_calc.documents import plate_cores
from perdiem_calc.expense_lines import extra_bags
from perdiem_calc.findings import Finding, Severity
from perdiem_calc.known import Known
from perdiem_calc.lines import Line, index_of
from perdiem_calc.money import in_dollars
from perdiem_calc.parameters import Law
from perdiem_calc.relations import Relations, claim_in_words
from perdiem_calc.wording import mentions, on_one_line


def mileage_rate_not_in_force(case: Case) -> Iterator[Finding]:
    """A rate a mile that is not the one in force on the day driven, in a submission. Rule `pov-mileage`."""
    yield from stated(case, "mileage-rate-not-in-force")


def miles_over_map(case: Case) -> Iterator[Finding]:
    """Miles driven well above the map's. Rule `pov-mileage`."""
    for expense, line in case.paid_expenses():
        if expense.miles is None or expense.map_miles is None:
            continue
        share = case.law.number("pov-mileage", "map_tolerance_share", expense.date)
        tolerance = Decimal(case.law.count("pov-mileage", "map_tolerance_miles", expense.date))
        if ftr.miles_exceed_map(expense.miles, expense.map_miles, share, tolerance):
            yield about_lines(
                case,
                "miles-over-map",
                "pov-mileage",
                Severity.REVIEW,
                [line],
                f"{lines_said([line])} claims {expense.miles} miles where the map shows {expense.map_miles}: "
                "correct the miles, or explain the detour.",
            )


def fuel_besides_mileage(case: Case) -> Iterator[Finding]:
    """Fuel of a privately owned vehicle. Rule `pov-mileage`."""
    mend = "claim the miles driven, or enter it as fuel of the agency vehicle or the rental car if it was"
    yield from reductions(case, "fuel-besides-mileage", Severity.INFO, mend)


def agency_vehicle_at_pov_rate(case: Case) -> Iterator[Finding]:
    """Miles of an agency vehicle, by its plate, or by its words. Rule `agency-vehicle`."""
    check, rule = "agency-vehicle-at-pov-rate", "agency-vehicle"
    yield from reductions(case, check, Severity.INFO)
    for expense, line in case.paid_expenses():
        alike = _agency_plate_like(case, expense)
        if alike:
            said = (
                f"is of the vehicle {on_one_line(expense.plate or '')}, and fuel is claimed for the agency's vehicle "
                f"{on_one_line(alike)}: find out whether it is one vehicle; an agency vehicle is paid by its fuel"
            )
            yield _review(case, check, rule, line, said, "plate")
        word = mentions([expense.description], case.law.words(rule, "vehicle_words", expense.date))
        denied = mentions([expense.description], case.law.words(rule, "denial_words", expense.date))
        if expense.category == "pov_mileage" and word is not None and denied is None:
            why = "an agency vehicle is paid by its fuel"
            yield _review_of_words(
                case,
                check,
                rule,
                line,
                word,
                why,
                mend="claim the fuel if it was one, or describe the car more clearly",
            )


def _agency_plate_like(case: Case, expense: Expense) -> str:
    """The plate of an agency vehicle that may be that of a drive, with or without the letters of its state."""
    if expense.category != "pov_mileage" or not expense.plate:
        return ""
    own = plate_cores(expense.plate)
    for fuel in case.claim.expenses:
        if fuel.category == "agency_vehicle_fuel" and fuel.plate:
            pairs = product(own, plate_cores(fuel.plate))
            if any(
                one == other and ("" in (state, place) or state == place) for (one, state), (other, place) in pairs
            ):
                return fuel.plate
    return ""


def agency_car_assigned(case: Case) -> Iterator[Finding]:
    """Miles of a private car where an agency car was assigned. Rule `pov-agency-car-assigned`."""
    yield from reductions(case, "agency-car-assigned", Severity.INFO, BORNE)


def second_payee_vehicle(case: Case) -> Iterator[Finding]:
    """The same vehicle claimed by another officer. Rule `pov-one-payee`.

    A vehicle is told again by its plate, so mileage without one is not judged.
    """
    check, rule = "second-payee-vehicle", "pov-one-payee"
    yield from reductions(case, check, Severity.BLOCKS)
    driven = [(n, expense) for n, expense in enumerate(case.claim.expenses) if expense.category == "pov_mileage"]
    if not driven:
        return
    path = f"expenses[{driven[0][0]}].plate"
    alone = "no other claims were given to see whether another officer claims the same vehicle"
    yield from not_asked(case, check, rule, path, alone, of_officer=True)
    if case.known is not None:
        yield from _alike_vehicles(case, case.known)
    unnamed = [index for index, expense in driven if expense.plate is None]
    if unnamed and case.known is not None:
        said = "Not judged: mileage without a plate cannot be compared with other officers'; enter the plate."
        yield not_evaluated(case, check, rule, f"expenses[{unnamed[0]}].plate", said)


def _alike_vehicles(case: Case, known: Known) -> Iterator[Finding]:
    """A plate that may be that of another officer's mileage, with or without the letters of its state."""
    undecided, told = {match.key for match in known.near}, set()
    plates = {f"E{number}": expense.plate for number, expense in enumerate(case.claim.expenses, start=1)}
    for sighting in Relations(case.claim, known).alike_before:
        other = sighting.claim
        is_other_officer = not sighting.same_sro and other.key not in undecided
        if sighting.seen.kind != "plate" or not is_other_officer or not other.is_for_same_course(case.claim):
            continue
        for expense, line in case.paid_expenses():
            if expense.category == "pov_mileage" and line.id in sighting.seen.lines and line.id not in told:
                told.add(line.id)
                said = (
                    f"is of the vehicle {on_one_line(plates[line.id] or '')}, and another officer claims mileage of "
                    f"{sighting.before.vendor or sighting.seen.vendor} {sighting.seen.value.split()[0]} on that day, "
                    f"in {claim_in_words(other)}: find out whether it is one vehicle, since one is paid for each"
                )
                yield _review(case, "second-payee-vehicle", "pov-one-payee", line, said, "plate")


def pov_over_comparable(case: Case) -> Iterator[Finding]:
    """Driving by choice above the cost of the authorized carrier. Rule `pov-constructive-cost`."""
    yield from reductions_in_words(
        case,
        "pov-over-comparable",
        Severity.INFO,
        lambda cut: f"{in_dollars(-cut[0][1].effect)} of the driving is not paid, because {cut[0][1].why}; {BORNE}.",
    )


def pov_comparison_missing(case: Case) -> Iterator[Finding]:
    """A long drive, in one line or more, without the cost of the authorized carrier. Rule `pov-constructive-cost`."""
    driven = {index_of(line.id): (e, line) for e, line in case.paid_expenses() if e.category == "pov_mileage"}
    if any(expense.comparable_cost is not None for expense, _ in driven.values()):
        return
    far: set[int] = set()
    for way in ways(case.claim, case.law):
        if _is_far([driven[index][0] for index in way if index in driven], case.law):
            far.update(way)
    lines = [line for index, (_, line) in driven.items() if index in far]
    if lines:
        above = case.law.count("pov-constructive-cost", "review_above_miles", lines[0].on)
        yield about_lines(
            case,
            "pov-comparison-missing",
            "pov-constructive-cost",
            Severity.REVIEW,
            lines,
            f"{lines_said(lines)} is above {above} miles one way: enter what the authorized carrier would have "
            "cost as the comparable cost, or say why driving was necessary.",
            field="comparable_cost",
        )


def _is_far(way: Sequence[Expense], law: Law) -> bool:
    """Whether the drives of one way, or a round trip, are so long that a carrier would have been taken."""
    if not way:
        return False
    above = law.count("pov-constructive-cost", "review_above_miles", way[0].date)
    miles = sum((expense.miles for expense in way if expense.miles), Decimal(0))
    return ftr.pov_needs_comparison(miles, above, is_round_trip=is_round_trip(way[0], law))


def fare_class(case: Case) -> Iterator[Finding]:
    """A fare above coach class. Rule `coach-class`."""
    yield from reductions(case, "fare-class", Severity.INFO)


def seat_fee(case: Case) -> Iterator[Finding]:
    """A seat fee: not paid without an approval, looked at with one. Rule `coach-class`."""
    yield from reductions(case, "seat-fee", Severity.INFO, "enter the approval, or leave the fee out")
    for expense, line in case.paid_expenses():
        if expense.category == "seat_fee":
            said = "is paid because of its approval: check that the approval is attached and gives the need"
            yield _review(case, "seat-fee", "coach-class", line, said, "approval")


def extra_bag(case: Case) -> Iterator[Finding]:
    """A second or heavy bag: not paid without an approval, looked at with one. Rule `baggage-fee`."""
    check, rule = "extra-bag", "baggage-fee"
    yield from reductions(case, check, Severity.INFO, "enter the approval, or leave the bag out")
    extra = {f"E{index + 1}" for index in extra_bags(case.claim.expenses)}
    for expense, line in case.paid_expenses():
        words = case.law.words(rule, "extra_words", expense.date)
        named = mentions([expense.description], words) is not None
        if expense.category == "baggage" and (named or line.id in extra):
            said = "is for more than the first standard bag: attach the approval, or leave it out"
            yield _review(case, check, rule, line, said, "approval")


def fare_refunded(case: Case) -> Iterator[Finding]:
    """A ticket that was changed or refunded, without a credit. Rule `credits`."""
    credited = {credit.line for credit in case.claim.credits}
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification]
        word = mentions(texts, case.law.words("coach-class", "refund_words", expense.date))
        denied = mentions(texts, case.law.words("coach-class", "refund_denials", expense.date))
        has_credit = bool(expense.credit) or None in credited or line.id in credited
        if expense.category in CARRIERS and word is not None and denied is None and not has_credit:
            why = "no credit is entered for it"
            yield _review_of_words(
                case, "fare-refunded", "credits", line, word, why, mend="enter the credit, or say that there was none"
            )


def rental_justification(case: Case) -> Iterator[Finding]:
    """A rental car without a justification. Rule `rental-car`."""
    for expense, line in case.paid_expenses():
        if expense.category == "rental_car" and expense.justification is None:
            said = "has no justification: say why a rental car was needed"
            yield _review(case, "rental-justification", "rental-car", line, said, "justification")


def rental_insurance(case: Case) -> Iterator[Finding]:
    """Insurance of a rental: of the person not paid, a collision waiver looked at. Rule `rental-car`."""
    yield from reductions(case, "rental-insurance", Severity.INFO, BORNE)
    for expense, line in case.paid_expenses():
        if expense.category == "rental_insurance":
            said = "is paid only as a collision waiver that the agency requires: check the rental agreement"
            yield _review(case, "rental-insurance", "rental-car", line, said, "description")


def prepaid_fuel(case: Case) -> Iterator[Finding]:
    """Fuel of a rental prepaid by choice. Rule `rental-car`."""
    mend = "enter the justification if the fuel had to be prepaid"
    yield from reductions(case, "prepaid-fuel", Severity.INFO, mend)


def terminal_parking(case: Case) -> Iterator[Finding]:
    """Parking at a terminal above the taxi fares, or high without them. Rule `terminal-parking`."""
    check = "terminal-parking"
    yield from reductions(case, check, Severity.INFO, BORNE)
    for expense, line in case.paid_expenses():
        above = case.law.number(check, "review_above", expense.date)
        hotel = mentions(
            [expense.description, expense.vendor, expense.justification],
            case.law.words(check, "hotel_words", expense.date),
        )
        at_terminal = expense.category == "parking" and expense.taxi_equivalent is None and hotel is None
        if at_terminal and line.amount_claimed > above:
            said = (
                f"is above {in_dollars(above)}, and terminal parking is paid up to the taxi fares it saves: "
                "enter those fares, or name the hotel if it was hotel parking"
            )
            yield _review(case, check, check, line, said, "taxi_equivalent")


def taxi_to_meals(case: Case) -> Iterator[Finding]:
    """A taxi to a meal, by its words. Rule `taxi`."""
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification, expense.from_, expense.to]
        word = mentions(texts, case.law.words("taxi", "meal_words", expense.date))
        if expense.category == "taxi" and word is not None:
            why = "a taxi to a meal is paid only where there was none nearer"
            yield _review_of_words(
                case, "taxi-to-meals", "taxi", line, word, why, mend="attach the statement, or leave it out"
            )


def laundry(case: Case) -> Iterator[Finding]:
    """Laundry: not paid on a short stay, looked at on a longer one. Rule `laundry`."""
    yield from reductions(case, "laundry", Severity.REVIEW, BORNE)
    for expense, line in case.paid_expenses():
        if expense.category == "laundry":
            said = "is paid where the length of the stay made it necessary: check the receipt and the need"
            yield _review(case, "laundry", "laundry", line, said, None)


def not_allowable(case: Case) -> Iterator[Finding]:
    """Fines, alcohol and entertainment, by category, or by words in another one. Rule `not-allowable`."""
    check = "not-allowable"
    yield from reductions(case, check, Severity.INFO, BORNE)
    for expense, line in case.paid_expenses():
        words = case.law.words(check, "fine_words", expense.date)
        words += case.law.words(check, "pleasure_words", expense.date)
        word = mentions([expense.description], words)
        if word is not None:
            why = "fines, alcohol, entertainment and personal trips are not paid"
            mend = "leave the line out if it is one of these, or describe it more clearly"
            yield _review_of_words(case, check, check, line, word, why, mend=mend)


def return_leg_missing(case: Case) -> Iterator[Finding]:
    """Drives, or a one-way ticket, in one direction only. Rule `pov-mileage`, for a ticket `coach-class`."""
    index = open_end(case.claim, case.law)
    if index is None:
        return
    expense = case.claim.expenses[index]
    is_drive = expense.category == "pov_mileage"
    what = f"The drive of {expense.date} from {expense.from_} to {expense.to}"
    if not is_drive:
        what = f"The one-way ticket of {expense.date}"
    yield about_claim(
        case,
        "return-leg-missing",
        "pov-mileage" if is_drive else "coach-class",
        Severity.REVIEW,
        f"expenses[{index}].{'to' if is_drive else 'one_way'}",
        f"{what} has no way back: claim the other direction too, or say how the officer travelled.",
    )


def _review(case: Case, check: str, rule: str, line: Line, said: str, field: str | None) -> Finding:
    return about_lines(case, check, rule, Severity.REVIEW, [line], f"{lines_said([line])} {said}.", field=field)


def _review_of_words(
    case: Case,
    check: str,
    rule: str,
    line: Line,
    word: str,
    why: str,
    *,
    mend: str,
) -> Finding:
    said = f'mentions "{word}", and {why}: {mend}'
    return _review(case, check, rule, line, said, "description")
