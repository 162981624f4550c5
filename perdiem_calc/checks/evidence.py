"""Evidence and integrity: receipts, documents used twice, credits, signatures, the checklist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from perdiem_calc.checks.asked import not_asked
from perdiem_calc.checks.case import Case, Cut, about_claim, about_lines, blocked, not_evaluated
from perdiem_calc.checks.cell_wording import describe_concealed, describe_input_formula
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.reductions import reductions, reductions_in_words
from perdiem_calc.checks.sentences import describe_cut, describe_lines
from perdiem_calc.checks.stated import refused, shown, stated
from perdiem_calc.claims.documents import DOCUMENTS, is_label, paper_key, vendors_alike
from perdiem_calc.claims.model import CARRIERS, AttachmentItem, Expense
from perdiem_calc.claims.names import name_key
from perdiem_calc.claims.receipts import Evidence, evidence_of, has_document
from perdiem_calc.history.conflicts import RESUBMITTED, Relations, claim_in_words
from perdiem_calc.history.records import EarlierClaim, History, Sighting
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import CountySource
from perdiem_calc.rates.places import Place, state_code
from perdiem_calc.rules import chp
from perdiem_calc.rules.away import homes
from perdiem_calc.rules.expenses import document_of, folio_keys, needs_receipt
from perdiem_calc.rules.legs import HOME, names_home, names_stop, names_stop_itself, names_terminal, trips_driven
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import Message, counted, describe_days, listed, on_one_line, worded

TO_TERMINAL = 2
"""Whoever is dropped off at a terminal and picked up again has two round trips driven."""
AT_STOP = "stop"
"""The one name of the places where the officer stayed or learned."""
ON_OTHER_DOCUMENTS = CARRIERS | {"rental_car", "rental_insurance", "pov_mileage"}
"""Expenses whose document is an item of its own on the checklist."""


def receipt_missing(case: Case) -> Iterator[Finding]:
    """An expense that needs a receipt has none; with a signed statement, a person decides. Rule `receipts`."""
    check, rule = "receipt-missing", "receipts"
    yield from reductions(case, check, Severity.BLOCKS)
    for expense, line in case.paid_expenses():
        evidence = evidence_of(document_of(expense), case.law, expense.date)
        is_due = needs_receipt(expense, line.cost_stated, case.law)
        if is_due and expense.receipt_statement and evidence is not Evidence.DOCUMENT:
            yield about_lines(
                case,
                check,
                rule,
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} has a missing-receipt statement instead of a receipt: "
                "attach the signed statement, or ask the vendor for a copy.",
                field="receipt_statement",
            )


def receipt_unclear(case: Case) -> Iterator[Finding]:
    """A required receipt whose text names no document; with a signed statement, that is looked at.

    Rule `receipts`.
    """
    check, rule = "receipt-unclear", "receipts"
    nights: dict[str, list[Line]] = {}
    for night, line, _ in case.nights():
        stated = night.night
        unclear = evidence_of(stated.receipt, case.law, stated.night) is Evidence.UNCLEAR
        if unclear and stated.receipt and not stated.receipt_statement and line.amount_allowed > 0:
            nights.setdefault(stated.receipt, []).append(line)
    for receipt, lines in nights.items():
        yield about_lines(
            case, check, rule, Severity.REVIEW, lines, _unclear_message(lines, receipt), field="receipt"
        )
    for expense, line in case.paid_expenses():
        text = document_of(expense)
        is_due = needs_receipt(expense, line.cost_stated, case.law) and not expense.receipt_statement
        if text and is_due and evidence_of(text, case.law, expense.date) is Evidence.UNCLEAR:
            message = _unclear_message([line], text)
            yield about_lines(case, check, rule, Severity.REVIEW, [line], message, field="receipt")
        if expense.category == "pov_mileage":
            ends = (expense.from_ or "", expense.to or "")
            for field, end, other in zip(("from", "to"), ends, ends[::-1], strict=True):
                if not _names_a_place(case, end, other, expense.date):
                    said = (
                        f'{describe_lines([line])} needs its start and end, and "{on_one_line(end)}" names no place '
                        "that "
                        "is known here: enter its city and state, or its address."
                    )
                    yield about_lines(case, check, "pov-mileage", Severity.REVIEW, [line], said, field=field)


def _names_a_place(case: Case, end: str, other: str, on: date) -> bool:
    """Whether an end of a drive is home, a stop, a terminal, an address, or a city of a state that the trip touched.

    Words for the hotel or the course are not enough for the way between home and there.
    """
    claim, law = case.claim, case.law
    if names_home(end, claim, law, on) or names_stop_itself(end, claim) or names_terminal(end, law, on):
        return True
    if names_stop(end, claim, law, on) and not names_home(other, claim, law, on):
        return True
    words = end.replace(",", " ").split()
    if any(letter.isdecimal() for letter in end) or any(
        state_code(" ".join(words[-size:])) for size in (1, 2) if len(words) > size
    ):
        return True
    places = (*(place for _, place in homes(claim.trip)), *(stop.place for stop in claim.trip.stops))
    states = {place.state for place in places if place.state}
    return isinstance(case.rates, CountySource) and any(
        case.rates.counties(Place(city=end, state=state_code(state)), on) for state in states
    )


def _unclear_message(lines: Sequence[Line], text: str) -> str:
    return (
        f'{describe_lines(lines)} needs a receipt, and "{on_one_line(text)}" names none: enter the number of the '
        "document, or "
        'write "attached" with its name.'
    )


def receipt_total_differs(case: Case) -> Iterator[Finding]:
    """More is claimed than the receipt shows. Rule `receipts`."""
    fix = "correct the amount, or the total if the receipt shows more"
    yield from reductions(case, "receipt-total-differs", Severity.REVIEW, fix)


def duplicate_document(case: Case) -> Iterator[Finding]:
    """One receipt on several lines, here or in an earlier claim; what may be one is for a person. Rule `receipts`."""
    check, rule = "duplicate-document", "receipts"
    yield from reductions(case, check, Severity.BLOCKS)
    yield from _alike_here(case)
    if case.known is not None:
        yield from _alike_before(case, case.known)
    documents = [expense.receipt or expense.ticket for expense in case.claim.expenses]
    if any(documents) or any(night.receipt for night in case.claim.lodging):
        alone = "receipts were compared within this claim only, no earlier claims were given"
        yield from not_asked(case, check, rule, "expenses", alone)


def _alike_here(case: Case) -> Iterator[Finding]:
    """Expenses of one claim whose numbers differ by zeros before them alone, or by the kind of document."""
    first: dict[str, tuple[str, Line]] = {}
    for expense, line in case.paid_expenses():
        for number in filter(None, (expense.ticket, expense.receipt)):
            key = paper_key(number)
            before, other = first.setdefault(key.lstrip("0"), (key, line))
            is_ticket = expense.category in CARRIERS and not is_label(number)
            is_other_ticket = is_ticket and before == key and other.category != line.category
            if other is not line and (before != key or is_other_ticket):
                said = (
                    f"{describe_lines([line])} has the number {on_one_line(number)}, which {other.id} has too, "
                    "written "
                    "otherwise: find out whether it is one document, and leave one of them out if so."
                )
                yield about_lines(
                    case, "duplicate-document", "receipts", Severity.REVIEW, [line], said, field="receipt"
                )


def _alike_before(case: Case, known: History) -> Iterator[Finding]:
    """Documents of earlier claims that have the same number, and are written otherwise."""
    lines = {line.id: line for line in case.itemized.lines if line.amount_allowed > 0}
    told: set[str] = set()
    for sighting in Relations(case.claim, known).alike_before:
        seen, before = sighting.seen, sighting.before
        if seen.kind not in DOCUMENTS:
            continue
        shared = {day.isoformat() for day in sighting.shared_on}
        again = [lines[one] for one in seen.lines if one in lines and one not in told]
        again = [line for line in again if line.on.isoformat() not in shared or not line.id.startswith("N")]
        told.update(line.id for line in again)
        if again:
            at, there = (f" of {one.vendor}" if one.vendor else "" for one in (seen, before))
            said = worded(
                f"{describe_lines(again)} has {seen.kind} {on_one_line(seen.value)}{at}, and {before.kind} "
                f"{on_one_line(before.value)}{there} was claimed before, in ",
                claim_in_words(sighting.claim, case.claim),
                ": find out whether it is one document, and leave it out if so.",
            )
            yield about_lines(case, "duplicate-document", "receipts", Severity.REVIEW, again, said, field="receipt")


def ticket_twice(case: Case) -> Iterator[Finding]:
    """One ticket number on several lines. Rule `not-allowable`."""
    yield from reductions(case, "ticket-twice", Severity.BLOCKS)


def duplicate_line(case: Case) -> Iterator[Finding]:
    """The same vendor, date and amount again, without a document's number; or the same drive.

    Lines without a vendor are compared by category and description.

    Rule `receipts`, for a drive `pov-mileage`.
    """
    seen: list[tuple[Expense, Line]] = []
    for expense, line in case.paid_expenses():
        if expense.amount is None or _is_numbered(case, expense):
            continue
        first = next((other for before, other in seen if _is_same_purchase(before, expense)), line)
        seen.append((expense, line))
        if first is not line:
            yield about_lines(
                case,
                "duplicate-line",
                "receipts",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} has the same {_purchase(expense)}, date and amount as {first.id} "
                f"({in_dollars(expense.amount)}): leave one out, or enter the numbers of both receipts.",
            )
    yield from _drives_again(case)
    yield from _too_many_drives(case)
    if case.known is not None:
        yield from _lines_seen_before(case, case.known)


def _is_numbered(case: Case, expense: Expense) -> bool:
    """Whether an expense has a document's number: a word, such as "attached", is none."""
    stated = (expense.receipt, expense.ticket)
    numbers = [text for text in stated if text is not None and any(map(str.isdecimal, text))]
    return any(has_document(text, case.law, expense.date) for text in numbers)


def _is_same_purchase(one: Expense, other: Expense) -> bool:
    """Whether two expenses are of one date, amount and vendor, whose name may be shorter in one of them."""
    if (one.date, one.amount) != (other.date, other.amount):
        return False
    if one.vendor is None and other.vendor is None:
        words = (_spelled(expense.description or "") for expense in (one, other))
        return one.category == other.category and len(set(words)) == 1
    names = one.vendor or "", other.vendor or ""
    return _spelled(names[0]) == _spelled(names[1]) or vendors_alike(*map(name_key, names))


def _purchase(expense: Expense) -> str:
    return f"vendor ({_plain(expense.vendor)})" if expense.vendor else "category and words"


def _drives_again(case: Case) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], Line] = {}
    for expense, line in case.paid_expenses():
        if expense.category != "pov_mileage":
            continue
        ends = [_end_of_drive(case, text or "", expense.date) for text in (expense.from_, expense.to)]
        # Between home and a stop one drive a day is usual, however many miles each line states.
        drive = (expense.date, *ends, None if set(ends) == {HOME, AT_STOP} else expense.miles)
        first = seen.setdefault(drive, line)
        if first is not line:
            yield about_lines(
                case,
                "duplicate-line",
                "pov-mileage",
                Severity.REVIEW,
                [line],
                f"{describe_lines([line])} is the drive of {first.id} once more, from {_plain(expense.from_)} to "
                f"{_plain(expense.to)}: leave one out, or enter it once and how often it was driven as round trips.",
            )


def _end_of_drive(case: Case, text: str, on: date) -> str:
    """What an end of a drive is compared by: home and the stops are one each, however they are named."""
    if names_home(text, case.claim, case.law, on):
        return HOME
    return AT_STOP if names_stop_itself(text, case.claim) else _spelled(text)


def _too_many_drives(case: Case) -> Iterator[Finding]:
    """Drives there and back more often than the days of the trip support: once a day of the course, or a day trip.

    A terminal is driven to twice, where the officer is dropped off and picked up.
    """
    claim, trip = case.claim, case.claim.trip
    first, last = max(claim.course.starts_on, trip.departed_on), min(claim.course.ends_on, trip.returned_on)
    days = sum(first <= day <= last and day not in trip.personal_days for day in trip.days())
    of_days = (len(trip.day_trips), "day trip") if trip.day_trips else (days, "course day")
    for kind, (trips, indexes) in trips_driven(claim, case.law).items():
        most, what = (TO_TERMINAL, "way") if kind == "terminal" and not trip.day_trips else of_days
        lines = [
            line for line in (case.itemized.line(f"E{index + 1}") for index in indexes) if line.amount_allowed > 0
        ]
        # Where no day is official, every drive is questioned for its day.
        if 0 < most < trips and lines:
            said = (
                f"{describe_lines(lines)} comes to {trips.normalize():f} round trips, and the {counted(most, what)} "
                "of "
                f"the trip {'supports' if most == 1 else 'support'} {most}: correct the drives, or explain why more "
                "were necessary."
            )
            repeated = any(claim.expenses[index].round_trips > 1 for index in indexes)
            field = "round_trips" if repeated else None
            yield about_lines(case, "duplicate-line", "pov-mileage", Severity.REVIEW, lines, said, field=field)


def _spelled(vendor: str) -> str:
    """What spellings of a vendor have in common: its letters and digits, or its signs where it has none.

    >>> _spelled("Sky-Cab"), _spelled("SkyCab"), _spelled("!!")
    ('skycab', 'skycab', '!!')
    """
    text = "".join(vendor.casefold().split())
    return "".join(filter(str.isalnum, text)) or text


def _lines_seen_before(case: Case, known: History) -> Iterator[Finding]:
    found: dict[str, Sighting] = {}
    for sighting in Relations(case.claim, known).seen_before:
        if sighting.seen.kind == "line" and sighting.same_sro:
            for line_id in sighting.seen.lines:
                found.setdefault(line_id, sighting)
    for expense, line in case.paid_expenses():
        if line.id in found:
            before = found[line.id]
            yield about_lines(
                case,
                "duplicate-line",
                "receipts",
                Severity.REVIEW,
                [line],
                worded(
                    f"{describe_lines([line])} has the same {_purchase(expense)}, date and amount "
                    f"({in_dollars(line.amount_claimed)}) as {before.before.lines[0]} of ",
                    claim_in_words(before.claim, case.claim),
                    ": leave it out, or enter the numbers of both receipts.",
                ),
            )


def claim_resubmitted(case: Case) -> Iterator[Finding]:
    """The same officer and course claimed before, or this very claim recorded. Rule `chp-itemized-claim`.

    Of a claim that goes with another: a night, a day's M&IE or a drive claimed before. Rules `lodging-ceiling`,
    `mie-first-last-day`, `pov-mileage`.
    """
    check, rule, path = RESUBMITTED, "chp-itemized-claim", "claim_id"
    yield from blocked(case, check)
    yield from reductions(case, check, Severity.BLOCKS)
    alone = "no other claims were given to see whether this course was claimed for the officer before"
    yield from not_asked(case, check, rule, path, alone, of_officer=True)
    if case.known is None:
        return
    relations, own = Relations(case.claim, case.known), case.known.recorded
    if own is not None:
        yield about_claim(case, check, rule, Severity.INFO, path, _describe_recorded(own))
    if relations.goes_with_unknown:
        said = (
            f"Not judged: claim {on_one_line(case.claim.replaces or '')}, with which this one goes, is not recorded "
            "for the officer; record it first, or correct its id."
        )
        yield not_evaluated(case, check, rule, "replaces", said)


def _describe_recorded(own: EarlierClaim) -> str:
    done = "sent back" if own.verdict == "return" else f"{in_dollars(own.paid)} paid"
    after = f", and claim {own.superseded_by} took its place" if own.superseded_by else ""
    return (
        f"This very claim is recorded already ({own.recorded_at[:10]} by {on_one_line(own.recorded_by)}, {done})"
        f"{after}: no action needed, it is not counted twice."
    )


def credit_applied(case: Case) -> Iterator[Finding]:
    """A refund or credit that reduces a line or the total. Rule `credits`."""
    for finding in reductions_in_words(case, "credit-applied", Severity.INFO, _describe_credit):
        if not _beyond_cost(case).isdisjoint(finding.where.lines):
            yield replace(finding, severity=Severity.REVIEW)
            continue
        if finding.where.cells:
            yield finding
            continue
        named = [
            f"credits[{index}].amount"
            for index, credit in enumerate(case.claim.credits)
            if credit.line in finding.where.lines
        ]
        yield replace(finding, where=Where(_credit_paths(case, finding, named), finding.where.lines))


def _beyond_cost(case: Case) -> frozenset[str]:
    """The ids of the lines of what credits exceed the cost of the line they name by."""
    unnamed = {f"credits[{i}].amount" for i, credit in enumerate(case.claim.credits) if credit.line is None}
    lines = case.itemized.lines
    return frozenset(line.id for line in lines if line.category == "credit" and line.path not in unnamed)


def _credit_paths(case: Case, finding: Finding, named: list[str]) -> tuple[str, ...]:
    """The credits that name the finding's lines; an expense's own credit as well, or the credit line itself."""
    own = [
        f"{line.path.rpartition('.')[0]}.credit"
        for e, line in case.expenses()
        if e.credit and line.id in finding.where.lines
    ]
    return (*own, *named) or finding.where.paths


def _describe_credit(cut: Cut) -> Message:
    lost = -sum((step.effect for _, step in cut), Decimal(0))
    said = " and ".join(dict.fromkeys(step.why for _, step in cut))
    ending = "no action needed, unless the credit is mistaken"
    if cut[0][0].category == "credit":
        return f"{describe_lines([cut[0][0]])}: {said}, {in_dollars(lost)} in all; {ending}."
    return describe_cut(cut, ending)


def other_payer(case: Case) -> Iterator[Finding]:
    """A line that another payer bore. Rule `credits`."""
    fix = "correct who paid if that is mistaken"
    yield from reductions(case, "other-payer", Severity.INFO, fix)


def formula_overwritten(case: Case) -> Iterator[Finding]:
    """A computed cell with another formula or value, or a changed name or list. Rule `chp-itemized-claim`.

    Only where the cell has no rule of its own: a typed ceiling, say, is `lodging-rate-not-in-force`.
    """
    yield from stated(case, "formula-overwritten")


def cell_display(case: Case) -> Iterator[Finding]:
    """A cell in which a person does not see what it holds. Rule `chp-itemized-claim`."""
    for found in case.submission.concealed if case.submission is not None else ():
        where = Where((found.first.key,), cells=found.cells)
        yield _about_cells(case, "cell-display", where, describe_concealed(found))


def input_formula(case: Case) -> Iterator[Finding]:
    """A formula where a person types: what it gives by itself counts. Rule `chp-itemized-claim`."""
    for cell in case.submission.formulas if case.submission is not None else ():
        where = Where((cell.key,), cells=(cell.cell,))
        yield _about_cells(case, "input-formula", where, describe_input_formula(cell))


def _about_cells(case: Case, check: str, where: Where, message: Message) -> Finding:
    finding = about_claim(case, check, "chp-itemized-claim", Severity.REVIEW, where, message)
    return replace(finding, scope="cell")


def total_does_not_foot(case: Case) -> Iterator[Finding]:
    """A total typed over, or kept with our formula, that is not what its lines give. Rule `chp-itemized-claim`."""
    yield from stated(case, "total-does-not-foot")
    yield from shown(case)


def rate_stale(case: Case) -> Iterator[Finding]:
    """A rate that its source did not confirm when it was used. Rule `per-diem-locality`."""
    by_time: dict[tuple[str, bool], list[Line]] = {}
    for line in case.itemized.lines:
        source = line.rate.source if line.rate is not None else None
        if source is not None and source.stale_since is not None:
            by_time.setdefault((source.stale_since, source.kind == "dtmo"), []).append(line)
    for (since, is_list), lines in by_time.items():
        message = f"The rates of {describe_days(line.on for line in lines)} were not confirmed since {since}: "
        message += (
            "import the Defense Department's list of that month, and build the claim again."
            if is_list
            else "compare them with GSA's tables, or build the claim again when the service answers."
        )
        yield about_lines(
            case,
            "rate-stale",
            "per-diem-locality",
            Severity.REVIEW,
            lines,
            message,
        )


def signature_missing(case: Case) -> Iterator[Finding]:
    """No one has signed for the agency; or the officer or supervisor has not. Rule `chp-itemized-claim`."""
    yield from blocked(case, "signature-missing")
    signatures = case.claim.signatures
    for who, signature in (("officer", signatures.officer), ("supervisor", signatures.supervisor)):
        if not signature.complete:
            yield about_claim(
                case,
                "signature-missing",
                "chp-itemized-claim",
                Severity.REVIEW,
                f"signatures.{who}",
                f"The {who} has not signed: enter the name and the date of the signature.",
            )


def preparer_is_approver(case: Case) -> Iterator[Finding]:
    """The officer signs as supervisor or fiscal official too. Rule `chp-itemized-claim`."""
    signatures = case.claim.signatures
    officers = {_name(case.claim.officer.name), _name(signatures.officer.name)} - {""}
    approvers = (
        ("supervisor", "supervisor", signatures.supervisor),
        ("fiscal", "fiscal official", signatures.fiscal),
    )
    for field, title, signature in approvers:
        if _name(signature.name) in officers:
            yield about_claim(
                case,
                "preparer-is-approver",
                "chp-itemized-claim",
                Severity.REVIEW,
                f"signatures.{field}.name",
                f"The officer, {_plain(signature.name)}, signs as {title} too: ask another person to approve it.",
            )


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _name(name: str | None) -> str:
    return "".join((name or "").casefold().split())


def justification_empty(case: Case) -> Iterator[Finding]:
    """No reason for an approval or another place's rate. Rules `actual-expense-300`, `per-diem-locality`."""
    check = "justification-empty"
    nights = []
    for night, line, _ in case.nights():
        stated = night.night
        asks = stated.approval is not None or stated.alternate_place is not None
        if asks and not (stated.approval and stated.approval.reason) and line.amount_allowed > 0:
            nights.append(line)
    if nights:
        yield about_lines(
            case,
            check,
            "actual-expense-300",
            Severity.REVIEW,
            nights,
            f"{describe_lines(nights)} has an approval or another place's rate without a reason: enter the reason.",
            field="approval.reason",
        )


def attachment_missing(case: Case) -> Iterator[Finding]:
    """Items of the checklist that apply and are missing or answered away. Rule `chp-itemized-claim`."""
    shown = _shown_needed(case)
    due = chp.attachments_due(case.claim, any(_need_receipts_attached(case)), bool(_deducted(case)))
    missing = [item for item in due if case.claim.attachment(item) == "missing"]
    if missing:
        in_doubt = [_document(item) for item in missing if item not in shown]
        fix = f", or mark as not needed what there is none of: {listed(in_doubt)}" if in_doubt else ""
        names = listed([_document(item) for item in missing])
        said = f"Missing among the attachments: {names}; attach what is missing and mark it attached{fix}."
        yield _about_checklist(case, missing, said)
    answered_away = [item for item in shown if case.claim.attachment(item) == "not_needed"]
    if answered_away:
        names = listed([f"{_document(item)} ({shown[item]})" for item in answered_away])
        said = (
            f"Marked as not needed, though this claim needs it: {names}; attach what is named and mark it attached."
        )
        yield _about_checklist(case, answered_away, said)


def _about_checklist(case: Case, items: Iterable[AttachmentItem], message: str) -> Finding:
    where = Where(tuple(f"attachments.{item}" for item in items))
    return about_claim(case, "attachment-missing", "chp-itemized-claim", Severity.REVIEW, where, message)


def _document(item: AttachmentItem) -> str:
    return item.replace("_", " ").replace(" 75", " $75")


def _shown_needed(case: Case) -> dict[AttachmentItem, str]:
    """The documents that the claim itself shows to be there or due, each with the reason: `not_needed` is wrong.

    Only what is paid needs one. A folio, fare, rental or other expense needs one if it states its number: without a
    number, the line is too small to need a receipt, or a signed statement replaces it and is questioned by itself.
    """
    nights = [(priced.night, line) for priced, line, _ in case.nights() if line.amount_allowed > 0]
    bought = list(case.paid_expenses())
    lines: dict[AttachmentItem, list[Line]] = {
        "folio": [line for night, line in nights if has_document(night.receipt, case.law, night.night)],
        "carrier_receipt": [line for e, line in bought if e.category in CARRIERS and _is_documented(case, e)],
        "rental_agreement": [line for e, line in bought if e.category == "rental_car" and _is_documented(case, e)],
        "mileage_log": [line for e, line in bought if e.category == "pov_mileage"],
        "receipts_over_75": [line for e, line in _need_receipts_attached(case) if _is_documented(case, e)],
        "meals_statement": _deducted(case),
        "approvals": [
            *(line for night, line in nights if night.approval),
            *(line for expense, line in bought if expense.approval),
        ],
    }
    always: dict[AttachmentItem, str] = dict.fromkeys(("itemized_expenses", "proof_of_payment"), "always needed")
    return always | {item: _for_lines(asking) for item, asking in lines.items() if asking}


def _is_documented(case: Case, expense: Expense) -> bool:
    return has_document(document_of(expense), case.law, expense.date)


def _for_lines(lines: Sequence[Line]) -> str:
    """Where the claim shows it: nights and days by their dates, expenses by their ids."""
    nights = [line.on for line in lines if line.group == "lodging"]
    days = [line.on for line in lines if line.group == "mie"]
    said = [
        f"{what} of {describe_days(dates)}"
        for what, dates in (("lodging", nights), ("furnished meals", days))
        if dates
    ]
    return listed([*said, *(line.id for line in lines if line.group not in ("lodging", "mie"))])


def _deducted(case: Case) -> list[Line]:
    """The days on which a furnished meal is deducted."""
    return [line for line in case.itemized.lines if any(s.check == "furnished-meal-deduction" for s in line.steps)]


def _need_receipts_attached(case: Case) -> Iterator[tuple[Expense, Line]]:
    """The allowed expenses that need a receipt that no other item of the checklist carries."""
    folios = [folio for folio in folio_keys(case.claim, case.law) if folio]
    for expense, line in case.paid_expenses():
        if _is_apart(expense, folios) and needs_receipt(expense, line.cost_stated, case.law):
            yield expense, line


def _is_apart(expense: Expense, folios: Sequence[str]) -> bool:
    return expense.category not in ON_OTHER_DOCUMENTS and paper_key(expense.receipt or "") not in folios


def malformed(case: Case) -> Iterator[Finding]:
    """A cell of a submission that cannot be read: no number, a blank that is needed. Rule `chp-itemized-claim`.

    A claim that is built is refused for it; a submitted one is barred.
    """
    yield from refused(case, "malformed")
