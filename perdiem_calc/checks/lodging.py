"""Lodging: every night within its ceiling, its tax in proportion, its folio there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, about_claim, about_lines, not_evaluated
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.reductions import reductions
from perdiem_calc.checks.sentences import BORNE, describe_lines, quoted
from perdiem_calc.checks.stated import stated
from perdiem_calc.claims.receipts import Evidence, evidence_of
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.history.conflicts import Relations, claim_in_words
from perdiem_calc.history.records import EarlierClaim, History
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules import ftr
from perdiem_calc.rules.lines import Line, index_of
from perdiem_calc.rules.lodging import PricedNight
from perdiem_calc.text import mentions, worded


def lodging_over_ceiling(case: Case) -> Iterator[Finding]:
    """A room above the ceiling of its night. Rule `lodging-ceiling`.

    Information where such a night is cut to the ceiling, a bar where the programme's setting refuses it.
    """
    refused = any(night.is_refused for night in case.itemized.nights)
    severity = Severity.BLOCKS if refused else Severity.INFO
    yield from reductions(case, "lodging-over-ceiling", severity, BORNE)


def lodging_rate_not_in_force(case: Case) -> Iterator[Finding]:
    """A ceiling of another place, month or year, or a typed one, in a submission. Rule `lodging-ceiling`."""
    yield from stated(case, "lodging-rate-not-in-force")


def lodging_tax_over_share(case: Case) -> Iterator[Finding]:
    """Tax on the part of the room that is not paid. Rule `lodging-tax-share`."""
    yield from reductions(case, "lodging-tax-over-share", Severity.INFO, BORNE)


def lodging_night_not_in_trip(case: Case) -> Iterator[Finding]:
    """The night of return, one outside the trip, or one claimed twice. Rule `lodging-ceiling`."""
    yield from reductions(case, "lodging-night-not-in-trip", Severity.BLOCKS)


def lodging_equals_ceiling(case: Case) -> Iterator[Finding]:
    """Every night at exactly the ceiling, and no folio attached. Rule `lodging-ceiling`."""
    nights = [night for night in case.itemized.nights if not night.night.costs_nothing]
    at_ceiling = all(night.rate is not None and night.room == night.ceiling for night in nights)
    if nights and at_ceiling and case.claim.attachment("folio") != "attached":
        yield about_claim(
            case,
            "lodging-equals-ceiling",
            "lodging-ceiling",
            Severity.INFO,
            "attachments.folio",
            "Every night is claimed at exactly the lodging rate and no folio is attached: attach the folio, "
            "since lodging is paid at its actual cost.",
        )


def lodging_tax_high(case: Case) -> Iterator[Finding]:
    """Tax that is high against the room rate, or tax on a free room. Rule `lodging-tax-share`."""
    high = []
    for night, _, tax in case.nights():
        share = case.law.number("lodging-tax-share", "high_share", night.night.night)
        is_high = ftr.lodging_tax_is_high(night.night.tax, night.night.room_rate, share)
        matters = night.bar is None and (tax.amount_allowed > 0 or night.night.room_rate == ZERO)
        if is_high and matters:
            high.append((tax, share))
    if high:
        lines = [tax for tax, _ in high]
        yield about_lines(
            case,
            "lodging-tax-high",
            "lodging-tax-share",
            Severity.REVIEW,
            lines,
            f"{describe_lines(lines)} is above {high[0][1]:.0%} of the room rate: compare it with the folio, "
            "and enter fees as expenses of their own.",
        )


def flat_tax(case: Case) -> Iterator[Finding]:
    """A flat charge a night in addition to the lodging tax. Rule `lodging-tax-share`."""
    yield from _about_nights(
        case,
        "flat-tax",
        "lodging-tax-share",
        lambda night, tax: night.night.flat_tax > 0 and tax.amount_allowed > 0,
        "includes a flat charge a night: check that the folio shows it as a tax, not as a fee of the hotel",
        field="flat_tax",
        of_tax=True,
    )


def resort_fee(case: Case) -> Iterator[Finding]:
    """A resort fee: a mandatory one is looked at, an optional one is not paid. Rule `not-allowable`."""
    fix = "leave it out, or correct the description if the fee was mandatory"
    yield from reductions(case, "resort-fee", Severity.REVIEW, fix)
    for expense, line in case.paid_expenses():
        if expense.category == "resort_fee":
            yield about_lines(
                case,
                "resort-fee",
                "not-allowable",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} is paid only where the hotel charges it to every guest: "
                "check that the folio says so.",
            )


def lodging_fee(case: Case) -> Iterator[Finding]:
    """A charge of a hotel that is no night, paid up to the ceiling of that night. Rule `lodging-ceiling`."""
    check, rule = "lodging-fee", "lodging-ceiling"
    fix = "compare the charge with the hotel's bill; the agency bears what is not paid"
    yield from reductions(case, check, Severity.REVIEW, fix)
    for expense, line in case.paid_expenses():
        if expense.category == "lodging_fee":
            yield about_lines(
                case,
                check,
                rule,
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} is no night's lodging{quoted(expense)}: decide whether the charge could "
                "not "
                "be "
                "avoided.",
                field="description",
            )


def lodging_claimed_twice(case: Case) -> Iterator[Finding]:
    """Lodging that is among the expenses too. Rule `lodging-ceiling`."""
    yield from reductions(case, "lodging-claimed-twice", Severity.BLOCKS)


def shared_room_split(case: Case) -> Iterator[Finding]:
    """A room shared with others; the officer's part counts. Rule `shared-room`.

    Where only one of two officers' claims says that they shared it, a person decides.
    """
    check, rule = "shared-room-split", "shared-room"
    yield from reductions(case, check, Severity.INFO, "check who shared the room")
    for word, lines in _named_in_hotel(case, rule, "companion_words").items():
        single = [line for line in lines if case.claim.lodging[index_of(line.id)].single_rate is None]
        if single:
            said = (
                f'{describe_lines(single)} mentions "{word}", and with a companion who is not an officer the single '
                "room "
                "counts: enter its rate as the single rate, or show that the officer was alone."
            )
            yield about_lines(case, check, rule, Severity.REVIEW, single, said, field="hotel")
    if any(night.shared_with for night in case.claim.lodging):
        alone = "no claims of the officers named under Shared with were given"
        yield from not_asked(case, check, rule, "lodging", alone)
    if case.known is not None:
        for (other, is_whole), lines in _rooms_at_odds(case, case.known).items():
            theirs, room = claim_in_words(other, case.claim), describe_lines(lines)
            if is_whole:
                message = worded(
                    f"{room} is claimed as a whole room, and this claim or ",
                    theirs,
                    " says that both officers shared it: enter how many shared it and with whom, or have the "
                    "mistaken claim corrected.",
                )
            else:
                message = worded(
                    f"{room} is shared, by this claim, with an officer for whom ",
                    theirs,
                    " states the whole room: correct the claim that is mistaken.",
                )
            yield about_lines(case, check, rule, Severity.REVIEW, lines, message, field="sharers")


def _rooms_at_odds(case: Case, known: History) -> dict[tuple[EarlierClaim, bool], list[Line]]:
    """The paid nights that another claim contradicts, by that claim and whether this one has a whole room."""
    found: dict[tuple[EarlierClaim, bool], list[Line]] = {}
    sightings = [one for one in Relations(case.claim, known).seen_before if one.seen.kind == "room"]
    for night, line, _ in case.nights():
        others = dict.fromkeys(one.claim for one in sightings if line.id in one.seen.lines)
        for other in others if line.amount_allowed > 0 else ():
            found.setdefault((other, night.night.sharers == 1), []).append(line)
    return found


def lodging_type(case: Case) -> Iterator[Finding]:
    """Lodging with friends, by home-sharing, in a dormitory, or in the officer's own home. Rule `lodging-type`."""
    check, rule = "lodging-type", "lodging-type"
    yield from reductions(case, check, Severity.INFO)
    kinds = (
        (
            "friends_family",
            "was with friends or relatives, where only extra cost that they bore is paid: "
            "attach what substantiates it",
        ),
        (
            "home_sharing",
            "was home-sharing, which is paid only where no conventional lodging was available: say so, with the "
            "search",
        ),
        (
            "dormitory",
            "was in a dormitory, which is paid only where no hotel was available: say so, and attach the bill of the "
            "institution",
        ),
    )
    for kind, said in kinds:
        yield from _about_nights(case, check, rule, _is_paid_type(kind), said, field="type")

    for word, lines in _named_in_hotel(case, rule, "type_words").items():
        said = (
            f'{describe_lines(lines)} is entered as a hotel, and its name mentions "{word}": enter the type that it '
            "was, "
            "or show that it was a hotel."
        )
        yield about_lines(case, check, rule, Severity.REVIEW, lines, said, field="hotel")


def _named_in_hotel(case: Case, rule: str, words: str) -> dict[str, list[Line]]:
    """The paid nights in a hotel whose name mentions one of a rule's words, by the word."""
    found: dict[str, list[Line]] = {}
    for night, line, _ in case.nights():
        word = mentions([night.night.hotel], case.law.words(rule, words, night.night.night))
        if night.night.type == "hotel" and line.amount_allowed > 0 and word is not None:
            found.setdefault(word, []).append(line)
    return found


def _is_paid_type(kind: str) -> Callable[[PricedNight, Line], bool]:
    return lambda night, line: night.night.type == kind and line.amount_allowed > 0


def alternate_locality(case: Case) -> Iterator[Finding]:
    """The rate of another locality than the course's is claimed. Rule `per-diem-locality`."""
    yield from _stops_elsewhere(case)
    for is_used, said in (
        (
            True,
            "is priced at the hotel's own locality: check that the approval allows it and says why (through December "
            "7, 2025 no lodging was available at the course, since then it was to the advantage of the program)",
        ),
        (
            False,
            "asks for the rate of the hotel's own locality, and the course's counts without an approval by NASRO "
            "or the COPS Office given before the trip: attach one, or leave the other place out",
        ),
    ):
        yield from _about_nights(
            case,
            "alternate-locality",
            "per-diem-locality",
            _claims_alternate(case, is_used=is_used),
            said,
            field="alternate_place",
        )


def _stops_elsewhere(case: Case) -> Iterator[Finding]:
    """Stops for the course that count, on some day, at other rates than those of the place where it was."""
    check, rule, course = "alternate-locality", "per-diem-locality", case.claim.course.place.place
    for index, stop in enumerate(case.claim.trip.stops):
        lines = _lines_of_stop(case, index)
        if stop.reason != "course" or stop.place.place == course or not lines:
            continue
        # The day of return takes the rate of the day before.
        days = sorted({line.on for line in lines} - {case.claim.trip.returned_on}) or [stop.arrived_on]
        try:
            pairs = [(case.rates.rate(stop.place.place, on), case.rates.rate(course, on)) for on in days]
        except RateUnavailable as error:
            said = f"Not judged: whether the stops lie where the course was, whose place has no rate; {error.fix}."
            yield not_evaluated(case, check, rule, "course.place", said)
            return
        at_odds = [pair for pair in pairs if _are_at_odds(*pair)]
        if at_odds:
            here, there = (f"{in_dollars(rate.lodging)} and {in_dollars(rate.mie.total)}" for rate in at_odds[0])
            said = (
                f"The stop of {stop.arrived_on} to {stop.departed_on} is in {stop.place.in_words}, and the course "
                "was in "
                f"{case.claim.course.place.in_words}; the stop's rates count (lodging and M&IE of {here}; the "
                "course's "
                f"are {there}): correct the place that is mistaken, or explain why the officer was there."
            )
            paths = [f"trip.stops[{index}].place"]
            yield about_lines(case, check, rule, Severity.REVIEW, lines, said, paths=paths)


def _are_at_odds(one: PerDiemRate, other: PerDiemRate) -> bool:
    """Whether two rates are of different places and not alike."""
    return one.locality.id != other.locality.id and (one.lodging, one.mie) != (other.lodging, other.mie)


def _lines_of_stop(case: Case, index: int) -> list[Line]:
    """The nights and days of M&IE at a stop that are paid at least in part."""
    on = {day.on for day in case.itemized.days if day.stop == index}
    groups = ("lodging", "mie")
    return [one for one in case.itemized.lines if one.group in groups and one.on in on and one.amount_allowed > 0]


def _claims_alternate(case: Case, *, is_used: bool) -> Callable[[PricedNight, Line], bool]:
    def claims(night: PricedNight, line: Line) -> bool:
        claimed = night.night.alternate_place is not None and line.amount_allowed > 0
        return claimed and _approval_is_accepted(case, night) is is_used

    return claims


def above_ceiling_approval(case: Case) -> Iterator[Finding]:
    """An approval that is undated, late, the agency's alone, or too high. Rule `actual-expense-300`."""
    problems: dict[str, list[Line]] = {}
    for night, line, _ in case.nights():
        said = _approval_problem(case, night)
        if said and night.bar is None:
            problems.setdefault(said, []).append(line)
    for said, lines in problems.items():
        yield about_lines(
            case,
            "above-ceiling-approval",
            "actual-expense-300",
            Severity.REVIEW,
            lines,
            f"{describe_lines(lines)} has an approval {said}.",
            field="approval",
        )


def _approval_problem(case: Case, night: PricedNight) -> str:
    """What is wrong with a night's approval, with the fix; empty where it is accepted and within the limit."""
    approval = night.night.approval
    if approval is None:
        return ""
    if approval.by == "agency":
        return "by the agency alone, which does not count: ask NASRO or the COPS Office"
    if approval.on is None:
        return "without a date: enter the date of the written approval"
    if not _approval_is_accepted(case, night):
        return (
            f"of {approval.on}, after the departure on {case.claim.trip.departed_on}, so that the ceiling counts: "
            "correct the date, or ask NASRO to accept the approval"
        )
    if approval.ceiling is not None and approval.ceiling > night.limit:
        return (
            f"of {in_dollars(approval.ceiling)}, above the most that can be approved, {in_dollars(night.limit)}: "
            "correct the amount, or let the agency bear the difference"
        )
    if approval.ceiling is None and night.room > night.ceiling and night.night.alternate_place is None:
        return "that names no ceiling, so that the place's own counts: enter the ceiling that was approved"
    if approval.on == case.claim.trip.departed_on and _matters(night):
        return "of the day of departure: check that it was given before the trip began"
    return ""


def _matters(night: PricedNight) -> bool:
    """Whether an approval changes what the night is paid: a ceiling above the own one, or another rate."""
    raises = night.approved is not None and night.rate is not None and night.room > night.rate.lodging
    return raises or night.night.alternate_place is not None


def _approval_is_accepted(case: Case, night: PricedNight) -> bool:
    approval = night.night.approval
    departed_on = case.claim.trip.departed_on
    return approval is not None and ftr.approval_is_accepted(approval.by, approval.on, departed_on)


def lodging_receipt_missing(case: Case) -> Iterator[Finding]:
    """A night without a folio; with a signed statement instead, a person decides. Rule `receipts`."""
    check, rule = "lodging-receipt-missing", "receipts"
    yield from reductions(case, check, Severity.BLOCKS)
    yield from _about_nights(
        case,
        check,
        rule,
        lambda night, line: (
            night.night.receipt_statement
            and evidence_of(night.night.receipt, case.law, night.night.night) is not Evidence.DOCUMENT
            and line.amount_allowed > 0
        ),
        "has a missing-receipt statement instead of a folio: attach the signed statement, "
        "or ask the hotel for a copy of the folio",
        field="receipt_statement",
    )


def _about_nights(
    case: Case,
    check: str,
    rule: str,
    applies: Callable[[PricedNight, Line], bool],
    said: str,
    *,
    field: str,
    of_tax: bool = False,
) -> Iterator[Finding]:
    """One review of all nights, or of their taxes, to which something applies; none where it applies to none."""
    lines = []
    for night, room, tax in case.nights():
        line = tax if of_tax else room
        if applies(night, line):
            lines.append(line)
    if lines:
        message = f"{describe_lines(lines)} {said}."
        yield about_lines(case, check, rule, Severity.REVIEW, lines, message, field=field)
