"""Transportation and other expenses: what the rules cut, and what a person must look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, about_claim, about_lines, not_evaluated
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.reductions import reductions, reductions_in_words
from perdiem_calc.checks.sentences import BORNE, describe_lines, quoted
from perdiem_calc.checks.stated import stated
from perdiem_calc.claims.documents import plate_cores
from perdiem_calc.claims.model import CARRIERS, Expense
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import Relations, claim_in_words
from perdiem_calc.history.records import History
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rules import ftr
from perdiem_calc.rules.away import drives_of_nights_at_home, nights_with_room
from perdiem_calc.rules.constructive import stated_costs
from perdiem_calc.rules.expenses import has_approval
from perdiem_calc.rules.legs import (
    counts_as_round_trip,
    is_round_trip,
    names_home,
    names_stop,
    names_terminal,
    open_end,
    ways,
)
from perdiem_calc.rules.lines import Line, index_of
from perdiem_calc.text import Message, Worded, describe_days, mentions, on_one_line, without, worded

RENTAL = frozenset({"rental_car", "rental_fuel"})
OF_CARS = RENTAL | {"rental_insurance", "pov_mileage", "agency_vehicle_fuel"}
"""Expenses of a vehicle in which words of fuel are no surprise."""


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
                f"{describe_lines([line])} claims {expense.miles} miles where the map shows {expense.map_miles}: "
                "correct the miles, or explain the detour.",
            )


def fuel_besides_mileage(case: Case) -> Iterator[Finding]:
    """Fuel of a privately owned vehicle. Rule `pov-mileage`."""
    fix = "claim the miles driven, or enter it as fuel of the agency vehicle or the rental car if it was"
    check, rule = "fuel-besides-mileage", "pov-mileage"
    yield from reductions(case, check, Severity.INFO, fix)
    for expense, line in case.paid_expenses():
        word = mentions(
            [expense.description, expense.justification], case.law.words(rule, "fuel_words", expense.date)
        )
        if expense.category not in OF_CARS and word is not None:
            why = "fuel, oil, repairs and insurance of a private car are inside the mileage rate"
            fix = "leave the line out if it is one of these, or describe it more clearly"
            yield _review_of_words(case, check, rule, line, word, why, fix=fix)


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
        word = _vehicle_word(expense, case.law)
        if expense.category == "pov_mileage" and word is not None:
            why = "an agency vehicle is paid by its fuel"
            yield _review_of_words(
                case,
                check,
                rule,
                line,
                word,
                why,
                fix="claim the fuel if it was one, or describe the car more clearly",
            )


def _vehicle_word(expense: Expense, law: Law) -> str | None:
    """The agency's vehicle as a description names it, apart from phrases that deny it ("no agency car")."""
    words = law.words("agency-vehicle", "vehicle_words", expense.date)
    before, after = (law.words("agency-vehicle", f"denials_{side}", expense.date) for side in ("before", "after"))
    denials = [f"{denial} {word}" for denial in before for word in words]
    denials += [f"{word} {denial}" for denial in after for word in words]
    return mentions([without(expense.description, tuple(denials))], words)


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

    A vehicle is recognized by its plate, so mileage without one is not judged.
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


def _alike_vehicles(case: Case, known: History) -> Iterator[Finding]:
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
                state = sighting.before.vendor or sighting.seen.vendor
                said = worded(
                    f"is of the vehicle {on_one_line(plates[line.id] or '')}, and another officer claims mileage of ",
                    Worded(f"{state} {sighting.seen.value.split()[0]}", "what may be the same vehicle"),
                    " on that day, in ",
                    claim_in_words(other, case.claim),
                    ": ",
                    Worded("find out whether it is one vehicle", "tell NASRO whether it is one vehicle"),
                    ", since one is paid for each",
                )
                yield _review(case, "second-payee-vehicle", "pov-one-payee", line, said, "plate")


def over_constructive_cost(case: Case) -> Iterator[Finding]:
    """A trip by another way than the authorized one, at a higher cost. Rule `constructive-cost`."""
    yield from reductions_in_words(
        case,
        "over-constructive-cost",
        Severity.INFO,
        lambda cut: f"{in_dollars(-cut[0][1].effect)} of the trip is not paid, because {cut[0][1].why}; {BORNE}.",
    )


def comparison_missing(case: Case) -> Iterator[Finding]:
    """A long drive without the cost of the authorized way, or lines that disagree on it. Rule `constructive-cost`."""
    yield from _costs_at_odds(case)
    driven = {index_of(line.id): (e, line) for e, line in case.paid_expenses() if e.category == "pov_mileage"}
    if case.itemized.comparison is not None:
        return
    far: set[int] = set()
    for way in ways(case.claim, case.law):
        if _is_far(case, [driven[index][0] for index in way if index in driven]):
            far.update(way)
    lines = [line for index, (_, line) in driven.items() if index in far]
    if lines:
        above = case.law.count("constructive-cost", "review_above_miles", lines[0].on)
        yield about_lines(
            case,
            "comparison-missing",
            "constructive-cost",
            Severity.REVIEW,
            lines,
            f"{describe_lines(lines)} is above {above} miles one way{_quoted_of(case, lines)}: enter what the "
            "authorized "
            "way would have cost as the comparable cost, or explain why driving was necessary.",
            field="comparable_cost",
        )


def _costs_at_odds(case: Case) -> Iterator[Finding]:
    """Lines that state different costs of the authorized way: one figure a trip, and the lowest counts."""
    stated = stated_costs(case.claim)
    if len({cost for _, cost in stated}) > 1:
        lines = [case.itemized.line(f"E{index + 1}") for index, _ in stated]
        said = ", ".join(f"{in_dollars(cost)} in E{index + 1}" for index, cost in stated)
        yield about_lines(
            case,
            "comparison-missing",
            "constructive-cost",
            Severity.REVIEW,
            lines,
            f"The lines state different costs of the authorized way ({said}); the lowest counts: state one figure "
            "for "
            "the whole trip.",
            field="comparable_cost",
        )


def _quoted_of(case: Case, lines: Sequence[Line]) -> str:
    """What the expenses of some lines say of themselves, in quotation marks."""
    said = dict.fromkeys(quoted(case.claim.expenses[index_of(line.id)]) for line in lines)
    return "".join(said)


def two_ways(case: Case) -> Iterator[Finding]:
    """One leg both driven and traveled by a carrier, or nights at home with a paid room.

    Rules `not-allowable`, `official-station`.
    """
    check = "two-ways"
    driven = _driven_ways(case)
    carried = _carried_ways(case)
    both = [way for way in ("to the course", "home") if driven.get(way) and way in carried]
    if both:
        lines = [line for way in both for line in driven[way]]
        yield about_claim(
            case,
            check,
            "not-allowable",
            Severity.REVIEW,
            Where(tuple(dict.fromkeys(line.path for line in lines)), tuple(dict.fromkeys(line.id for line in lines))),
            f"{describe_lines(list(dict.fromkeys(lines)))} is the way {' and '.join(both)}, for which a carrier is "
            "claimed too: leave one of them out, or explain why both were necessary.",
        )
    rooms = nights_with_room(case.claim)
    nights = {on: path for on, path in drives_of_nights_at_home(case.claim, case.law).items() if on in rooms}
    if nights:
        yield about_claim(
            case,
            check,
            "official-station",
            Severity.REVIEW,
            Where(tuple(dict.fromkeys(nights.values()))),
            f"The drives show that the officer slept at home in the nights of {describe_days(nights)}, for which a "
            "room "
            "is "
            "claimed: correct the drives or the lodging, or explain both.",
        )


def _driven_ways(case: Case) -> dict[str, list[Line]]:
    """The drives between home or the station and the city of a stop, by direction; none to or from a terminal."""
    found: dict[str, list[Line]] = {}
    for expense, line in case.paid_expenses():
        if expense.category != "pov_mileage" or any(
            names_terminal(text, case.law, expense.date) for text in (expense.from_, expense.to)
        ):
            continue
        home = [names_home(text, case.claim, case.law, expense.date) for text in (expense.from_, expense.to)]
        stop = [names_stop(text, case.claim, case.law, expense.date) for text in (expense.from_, expense.to)]
        both = is_round_trip(expense, case.law)
        if (home[0] and stop[1]) or (both and home[1] and stop[0]):
            found.setdefault("to the course", []).append(line)
        if (home[1] and stop[0]) or (both and home[0] and stop[1]):
            found.setdefault("home", []).append(line)
    return found


def _carried_ways(case: Case) -> set[str]:
    """The directions for which a carrier is claimed; of a single one-way ticket by its date."""
    carriers = [expense for expense, _ in case.paid_expenses() if expense.category in CARRIERS]
    one_way = [expense for expense in carriers if expense.one_way]
    if len(one_way) != len(carriers) or len(one_way) > 1:
        return {"to the course", "home"}
    return {"home" if expense.date >= case.claim.course.ends_on else "to the course" for expense in one_way}


def _is_far(case: Case, way: Sequence[Expense]) -> bool:
    """Whether the drives of one way, or a round trip, are so long that a carrier would have been taken."""
    if not way:
        return False
    above = case.law.count("constructive-cost", "review_above_miles", way[0].date)
    miles = sum((expense.miles for expense in way if expense.miles), Decimal(0))
    both_ways = counts_as_round_trip(way[0], case.claim, case.law)
    return ftr.drive_needs_comparison(miles, above, is_round_trip=both_ways)


def fare_class(case: Case) -> Iterator[Finding]:
    """A fare above coach class. Rule `coach-class`."""
    check, rule = "fare-class", "coach-class"
    yield from reductions(case, check, Severity.INFO)
    for expense, line in case.paid_expenses():
        words, denials = (case.law.words(rule, f"premium_{kind}", expense.date) for kind in ("words", "denials"))
        word = mentions([without(text, denials) for text in _texts(expense)], words)
        if expense.category in CARRIERS and expense.fare_class == "coach" and word is not None:
            said = (
                f'is entered as a coach fare and mentions "{word}"{quoted(expense)}: enter the class as premium with '
                "what coach would have cost, or show that coach was flown"
            )
            yield _review(case, check, rule, line, said, "fare_class")


def seat_fee(case: Case) -> Iterator[Finding]:
    """A seat fee: not paid without an approval, looked at with one. Rule `coach-class`."""
    yield from reductions(case, "seat-fee", Severity.INFO, "enter the approval, or leave the fee out")
    for expense, line in case.paid_expenses():
        if expense.category == "seat_fee":
            said = "is paid because of its approval: check that the approval is attached and gives the need"
            yield _review(case, "seat-fee", "coach-class", line, said, "approval")
        elif expense.category in CARRIERS:
            word = mentions(_texts(expense), case.law.words("coach-class", "seat_words", expense.date))
            if word is not None:
                why = "a seat fee is paid with an approval only"
                fix = "enter it as a seat fee of its own, or show that none was paid"
                yield _review_of_words(case, "seat-fee", "coach-class", line, word, why, fix=fix)


def extra_bag(case: Case) -> Iterator[Finding]:
    """A second or heavy bag: not paid without an approval, looked at with one. Rule `baggage-fee`."""
    check, rule = "extra-bag", "baggage-fee"
    yield from reductions(case, check, Severity.INFO, "enter the approval, or leave the bag out")
    extra = {f"E{index + 1}" for index in case.itemized.facts.extra_bags}
    for expense, line in case.paid_expenses():
        if expense.category != "baggage" and expense.category not in CARRIERS:
            continue
        named = _extra_bag_named(expense, case.law)
        if named or line.id in extra:
            why = f' (it mentions "{on_one_line(named)}")' if named else ""
            said = f"is for more than the first standard bag{why}: attach the approval, or leave it out"
            yield _review(case, check, rule, line, said, "approval")


def _extra_bag_named(expense: Expense, law: Law) -> str:
    """What an expense says of a bag after the first, or of several bags; empty where it says nothing of them."""
    words, nouns, counts, numbers = (
        law.words("baggage-fee", name, expense.date)
        for name in ("extra_words", "bag_nouns", "bag_counts", "bag_numbers")
    )
    noun, count, number = ("|".join(map(re.escape, some)) for some in (nouns, counts, numbers))
    several = re.compile(
        rf"(?<![\w/.-])(?:(?:{count})\s*[x\u00d7]?\W+(?:[^\W\d]+\W+){{0,2}}(?:(?:{noun})s|(?:{noun})\s+fees?)"
        rf"|(?:{number})\W+(?:[^\W\d]+\W+){{0,2}}(?:{noun})s?|(?:{noun})s?[\s#(:x\u00d7]+(?:{count})(?![\w/.-]))(?!\w)",
        re.IGNORECASE,
    )
    for text in _texts(expense):
        found = several.search(text)
        if found is not None:
            return found[0]
    return mentions(_texts(expense), words) or ""


def fare_refunded(case: Case) -> Iterator[Finding]:
    """A changed ticket, or an expense that another party paid in part, without a credit. Rule `credits`."""
    credited = {credit.line for credit in case.claim.credits}
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification]
        denials = case.law.words("coach-class", "refund_denials", expense.date)
        stated = [without(text, denials) for text in texts]
        words = case.law.words("coach-class", "credit_words", expense.date)
        if expense.category in CARRIERS:
            words += case.law.words("coach-class", "refund_words", expense.date)
        word = mentions(stated, words)
        has_credit = bool(expense.credit) or None in credited or line.id in credited
        if word is not None and not has_credit:
            why = "no credit is entered for it"
            yield _review_of_words(
                case, "fare-refunded", "credits", line, word, why, fix="enter the credit, or say that there was none"
            )


def rental_justification(case: Case) -> Iterator[Finding]:
    """A rental car: information with an approval dated before the trip, else a person decides. Rule `rental-car`."""
    check, rule = "rental-justification", "rental-car"
    for expense, line in case.paid_expenses():
        if expense.category != "rental_car":
            continue
        approved_on = expense.approved_on if has_approval(expense, case.law) else None
        if approved_on is not None and approved_on < case.claim.trip.departed_on:
            yield about_lines(
                case,
                check,
                rule,
                Severity.INFO,
                [line],
                f"{describe_lines([line])} was approved by {on_one_line(expense.approval or '')} on {approved_on}; "
                "no "
                "action "
                "needed.",
                field="approval",
            )
        else:
            said = (
                f"has no approval dated before the trip{quoted(expense)}: enter the approval, or decide whether the "
                "car "
                "was necessary"
            )
            yield _review(case, check, rule, line, said, "justification")


def rental_class(case: Case) -> Iterator[Finding]:
    """A rental car of a larger class than compact, by its words. Rule `rental-car`."""
    for expense, line in case.paid_expenses():
        word = mentions(_texts(expense), case.law.words("rental-car", "class_words", expense.date))
        if expense.category == "rental_car" and word is not None:
            said = (
                f'mentions "{word}"{quoted(expense)}, and a compact car is what is paid: enter what a compact car '
                "would "
                "have cost, or explain the larger one"
            )
            yield _review(case, "rental-class", "rental-car", line, said, "description")


def rental_insurance(case: Case) -> Iterator[Finding]:
    """Insurance of a rental: never of the person; a waiver outside the contiguous states only. Rule `rental-car`."""
    fix = "check the rental agreement; the agency bears what is not paid"
    yield from reductions(case, "rental-insurance", Severity.REVIEW, fix)
    for expense, line in case.paid_expenses():
        if expense.category == "rental_insurance":
            said = "is paid only as a collision waiver that the agency requires: check the rental agreement"
            yield _review(case, "rental-insurance", "rental-car", line, said, "description")
        elif expense.category in RENTAL:
            words, denials = (
                case.law.words("rental-car", f"insurance_{kind}", expense.date) for kind in ("words", "denials")
            )
            word = mentions([without(text, denials) for text in _texts(expense)], words)
            if word is not None:
                why = "insurance is no part of a rental's price"
                fix = "enter it as rental insurance, apart from the rental, or show that none was bought"
                yield _review_of_words(case, "rental-insurance", "rental-car", line, word, why, fix=fix)


def prepaid_fuel(case: Case) -> Iterator[Finding]:
    """Prepaid fuel of a rental, which is never paid. Rule `rental-car`."""
    fix = "claim the fuel that was bought, or correct the description if it was not prepaid"
    yield from reductions(case, "prepaid-fuel", Severity.REVIEW, fix)
    for expense, line in case.paid_expenses():
        words, denials = (
            case.law.words("rental-car", name, expense.date) for name in ("prepaid_fuel_words", "prepaid_denials")
        )
        word = mentions([without(text, denials) for text in _texts(expense)], words)
        if word is not None:
            said = (
                f'mentions "{word}"{quoted(expense)}, and prepaid fuel is never paid: take its cost out of the '
                "amount, or correct the description if it was not prepaid"
            )
            yield _review(case, "prepaid-fuel", "rental-car", line, said, "description")


def _is_terminal_parking(expense: Expense, law: Law) -> bool:
    """Whether parking is not certainly a hotel's: its words name a hotel, and no terminal."""
    texts = [expense.description, expense.vendor, expense.justification]
    hotel = law.words("terminal-parking", "hotel_words", expense.date)
    terminal = law.words("pov-mileage", "terminal_words", expense.date)
    says_hotel = mentions(texts, hotel) is not None and mentions(texts, terminal) is None
    return expense.category == "parking" and (expense.taxi_equivalent is not None or not says_hotel)


def terminal_parking(case: Case) -> Iterator[Finding]:
    """Parking at a terminal above the taxi fares, or high without them. Rule `terminal-parking`."""
    check = "terminal-parking"
    yield from reductions(case, check, Severity.INFO, BORNE)
    parked = [(expense, line) for expense, line in case.paid_expenses() if _is_terminal_parking(expense, case.law)]
    if not parked:
        return
    above = case.law.number(check, "review_above", parked[0][0].date)
    fares = [expense.taxi_equivalent for expense, _ in parked if expense.taxi_equivalent is not None]
    with_fares = [line for expense, line in parked if expense.taxi_equivalent is not None]
    without = [line for expense, line in parked if expense.taxi_equivalent is None]
    terminal = [without] if case.itemized.facts.has_carrier else [[line] for line in without]
    for lines in terminal:
        if sum((line.amount_allowed for line in lines), ZERO) > above:
            yield about_lines(
                case,
                check,
                check,
                Severity.REVIEW,
                lines,
                f"{describe_lines(lines)} is above {in_dollars(above)}, and terminal parking is paid up to the taxi "
                "fares it saves: enter those fares, or show that it was the hotel's.",
                field="taxi_equivalent",
            )
    if fares and sum((line.amount_allowed for line in with_fares), ZERO) > max(fares):
        said = (
            f"{describe_lines(with_fares)} is above {in_dollars(max(fares))}, and the taxi fares that parking saves "
            "count once a trip: claim no more than those fares in all."
        )
        yield about_lines(case, check, check, Severity.REVIEW, with_fares, said, field="taxi_equivalent")


def taxi_to_meals(case: Case) -> Iterator[Finding]:
    """A taxi to a meal, by its words. Rule `taxi`."""
    for expense, line in case.paid_expenses():
        texts = [expense.description, expense.justification, expense.from_, expense.to]
        word = mentions(texts, case.law.words("taxi", "meal_words", expense.date))
        if expense.category == "taxi" and word is not None:
            why = "a taxi to a meal is paid only where there was none nearer"
            yield _review_of_words(
                case, "taxi-to-meals", "taxi", line, word, why, fix="attach the statement, or leave it out"
            )


def laundry(case: Case) -> Iterator[Finding]:
    """Laundry: paid after four nights, since December 8, 2025 with an approval; a person looks. Rule `laundry`."""
    fix = "check the nights and the approval; the agency bears what is not paid"
    yield from reductions(case, "laundry", Severity.REVIEW, fix)
    for expense, line in case.paid_expenses():
        if expense.category == "laundry":
            when = f" on {expense.approved_on}" if expense.approved_on else ""
            approved = f", approved by {on_one_line(expense.approval)}{when}" if expense.approval else ""
            nights = case.law.count("laundry", "nights", line.on)
            early = (
                f", and was bought before {nights} nights of the trip had passed"
                if (line.on - case.claim.trip.departed_on).days < nights
                else ""
            )
            said = f"is paid where the trip made it necessary{approved}{early}: check the receipt and the need"
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
            fix = "leave the line out if it is one of these, or describe it more clearly"
            yield _review_of_words(case, check, check, line, word, why, fix=fix)


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


def _texts(expense: Expense) -> list[str]:
    """What an expense says of itself in words."""
    return [text for text in (expense.description, expense.justification, expense.vendor) if text]


def _review(case: Case, check: str, rule: str, line: Line, said: Message, field: str | None) -> Finding:
    message = worded(f"{describe_lines([line])} ", said, ".")
    return about_lines(case, check, rule, Severity.REVIEW, [line], message, field=field)


def _review_of_words(
    case: Case,
    check: str,
    rule: str,
    line: Line,
    word: str,
    why: str,
    *,
    fix: str,
) -> Finding:
    said = f'mentions "{word}", and {why}: {fix}'
    return _review(case, check, rule, line, said, "description")
