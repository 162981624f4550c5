"""The letter to the agency: what is paid of a claim, what is not and why, what to send or fix, and by when.

`agency_letter` gives its content: sentences and amounts, each worded from the facts of a claim, a finding or a
decision. `as_text` lays it out as plain text, by the template letter.txt; a Word document has the same content.

A letter before the decision is a draft and says so; it promises nothing while a person must find out who the officer
is. Nothing in a letter is another agency's: of another claim it says no more than that there is one, unless it is of
the same award.

>>> wrapped("Send the folio.", "  1. ")
'  1. Send the folio.'
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.programme import NASRO_FINDS_OUT
from perdiem_calc.checks.sentences import describe_lines
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import award_key
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import DECIDE_ON_THAT, RESUBMITTED, Relations
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, Verdict
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.review.result import NOBODYS, AuditedClaim, Suggestion, Unreadable
from perdiem_calc.rules.chp import due_on
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import counted, harmless, readable

if TYPE_CHECKING:
    from jinja2 import Template

WIDTH = 78
OUTCOMES: Mapping[Suggestion, str] = {
    "accept": "paid",
    "decide": "open",
    "adjust": "corrected",
    "return": "returned",
}
"""What happens to a claim, in a word of a letter's table."""
ASKED = {
    "archive.encrypted": "Please send it again without a password.",
    **dict.fromkeys(("archive.", "mail.", "inbox.too-deep"), "Please send the claim workbook itself."),
    **dict.fromkeys(
        ("inbox.", "workbook.not-a-claim"),
        "Please send the claim in our claim form, saved as an Excel workbook (.xlsx).",
    ),
}
"""What a letter asks for, by the beginning of an error's code; of other files it says how to fix them."""
SINCE_THEN: Mapping[str, str] = {
    OFFICER_MAY_BE_KNOWN: f"Needs review: {NASRO_FINDS_OUT}",
    RESUBMITTED: "The claim, or a part of it, is in another claim too.",
    "trips-overlap": "The travel overlaps other travel of the officer.",
    "duplicate-document": "A document of the claim was claimed before, in another claim.",
    "duplicate-line": "A cost of the claim was claimed before, in another claim.",
    "second-payee-vehicle": "The mileage of the vehicle is in another claim too.",
    "shared-room-split": "Two claims contradict each other on who shared a room.",
    "earlier-payment-differs": "The earlier payments are not those that NASRO has on record.",
    "cap-applied": "More is claimed than is left of the officer's limit.",
    "overpaid-before": "More was paid for the officer before than the limit.",
    "not-on-roster": "The officer is not on the roster.",
    "not-on-attendance": "The officer is not on the attendance list as the claim states.",
    "payee-questioned": "The payee, its address or its e-mail domain is not the one that NASRO has for your agency.",
}
"""What a letter says of a finding that is no more, where the audit's message then may name others: the copy of the
claim keeps that message, and not the facts."""

Item = tuple[Finding, FindingDecision | None]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on a claim and recorded; dollars.

    `amount` is all that is paid under the claim, below zero if a correction gives less than was paid.
    `items` are the findings that a person decides, each with the decision; `besides` are the decisions to adjust or
    return for what is no such finding, or none any more. `remaining` is what is left of the officer's limit.
    """

    verdict: Verdict
    amount: Decimal
    remaining: Decimal
    items: tuple[Item, ...] = ()
    payment_number: str = ""
    besides: tuple[FindingDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends the letters: the organization, its address in lines, where answers go, and who signs."""

    organization: str = "NASRO"
    address: tuple[str, ...] = ()
    reply_to: str = ""
    signed_by: tuple[str, ...] = ()


class Amount(NamedTuple):
    """A row of the amounts of a claim, dollars."""

    label: str
    dollars: Decimal


class Reduction(NamedTuple):
    """Lines that are not allowed as claimed, for one reason."""

    why: str
    lines: tuple[Line, ...]


class Section(NamedTuple):
    """What a letter lists of a claim under a title."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """What a letter says of one claim.

    `about` are its id, officer and course with what they are called; `note` is for the reviewer; `amounts` lead from
    what was claimed to what is paid; `by_when` is how to send what is asked for, and by when. `claimed` is None where
    the claim cannot be computed, dollars like `paid`.
    """

    name: str
    officer: str
    about: tuple[tuple[str, str], ...]
    note: str
    opening: str
    amounts: tuple[Amount, ...]
    limit: str
    reduced: tuple[Reduction, ...]
    sections: tuple[Section, ...]
    by_when: str
    claimed: Decimal | None
    paid: Decimal
    outcome: str


@dataclass(frozen=True, slots=True)
class AgencyLetter:
    """The content of a letter: on all claims of an agency, and on the files of its that could not be read."""

    is_draft: bool
    on: date
    sender: Sender
    address: tuple[str, ...]
    salutation: str
    summary: str
    claims: tuple[ClaimPart, ...]
    unread: tuple[str, ...]

    @property
    def status(self) -> str:
        """Whether it is a draft; on files that nobody could read there is nothing to decide."""
        if not self.claims:
            return f"Notice of {self.on}."
        if self.is_draft:
            return f"DRAFT of {self.on}: nothing in it is decided yet, and nothing has been paid."
        return f"Decision of {self.on}."

    @property
    def subject(self) -> str:
        """What the letter is about, in a few words."""
        if not self.claims:
            return "The files that you sent us"
        which = f"Claim {self.claims[0].name}" if len(self.claims) == 1 else f"{len(self.claims)} claims"
        return f"{which} for reimbursement of travel"

    @property
    def dated(self) -> str:
        """The date of the letter."""
        return in_full(self.on)

    @property
    def paid(self) -> Decimal:
        """What is paid of all claims together, dollars."""
        return sum((one.paid for one in self.claims), ZERO)

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The lines of the signature."""
        return self.sender.signed_by or (self.sender.organization,)


def addressee(one: AuditedClaim | Unreadable) -> tuple[str, str]:
    """Whom a letter goes to: claims and files of one addressee share a letter.

    An agency is known by its name with its ORI, or else the award number, since agencies of two states may have one
    name. A file that nobody can read goes to whoever sent it.
    """
    if isinstance(one, Unreadable):
        return ("sender", one.origin.sender.casefold()) if one.origin.sender else ("file", one.source)
    whose = one.whose
    if not whose.agency:
        return ("sender", one.origin.sender.casefold()) if one.origin.sender else ("file", one.source)
    ori = one.claim.agency.ori if one.claim is not None else None
    return " ".join(whose.agency.casefold().split()), ori or award_key(whose.award)


def agency_letter(
    claims: Sequence[tuple[AuditedClaim, Decided | None]],
    unread: Sequence[Unreadable],
    sender: Sender,
    law: Law,
    on: date,
) -> AgencyLetter:
    """One letter on all claims of an agency, and on the files of its that could not be read.

    There is a claim or a file at least. Without decisions it is a draft of what the audit suggests.
    """
    parts = [_Claim(one, law, on, decided) for one, decided in claims]
    name, address = _address(parts, unread)
    is_draft = any(part.is_draft for part in parts)
    return AgencyLetter(
        is_draft,
        on,
        sender,
        address,
        name or "Sir or Madam",
        _summary(parts, is_draft=is_draft),
        tuple(part.content() for part in parts),
        tuple(map(_describe_unread, unread)),
    )


def _address(parts: Sequence[_Claim], unread: Sequence[Unreadable]) -> tuple[str, tuple[str, ...]]:
    """The name of whom the letter goes to, empty where none is known, and the lines of the address."""
    claim = next((part.audited.claim for part in parts if part.audited.claim is not None), None)
    if claim is not None:
        agency = claim.agency
        name = agency.contact.name
        lines = [name, agency.name, *agency.remit_to.splitlines(), agency.contact.email or ""]
    else:
        whose = parts[0].audited.whose if parts else NOBODYS
        first: AuditedClaim | Unreadable = parts[0].audited if parts else unread[0]
        name = whose.contact
        lines = [name, whose.agency, whose.email or first.origin.sender]
        if not any(lines):
            lines = [f"The agency that sent {_file_name(first.source)}"]
    return name, tuple(filter(None, lines))


def _summary(parts: Sequence[_Claim], *, is_draft: bool) -> str:
    """What the letter is about, and what comes of it, in a sentence."""
    if not parts:
        return "We could not read what you sent us."
    which = "the claim" if len(parts) == 1 else f"the {len(parts)} claims"
    if is_draft:
        return f"This letter is about {which} that you sent us."
    paid = sum((part.amount for part in parts if part.amount > 0), ZERO)
    back = sum(part.verdict == "return" for part in parts)
    results = []
    if paid or not back:
        results.append(f"{in_dollars(paid)} is approved for payment")
    if back:
        one = "it goes back" if len(parts) == 1 else f"{counted(back, 'claim')} {'goes' if back == 1 else 'go'} back"
        results.append(f"{one} to you unpaid")
    return f"We have decided on {which} that you sent us: {', and '.join(results)}."


def _describe_unread(one: Unreadable) -> str:
    code, name = one.error.code, _file_name(one.source)
    asked = next((said for start, said in ASKED.items() if code.startswith(start)), f"Please {one.error.fix}.")
    return f"{name} {harmless(one.error.what)}. {harmless(asked)}"


def _file_name(source: str) -> str:
    """The name of a file without its folders, which are nobody else's to know."""
    return harmless(source.replace("\\", "/").rpartition("/")[2])


def in_full(on: date) -> str:
    """A day as a letter writes it.

    >>> in_full(date(2026, 12, 6))
    'December 6, 2026'
    """
    return f"{on:%B} {on.day}, {on.year}"


# --- as text -------------------------------------------------------------------------------------------------------


def as_text(letter: AgencyLetter) -> str:
    """A letter in lines of at most 78 columns."""
    return _template().render(letter=letter)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    page = Environment(  # noqa: S701 - plain text, in which nothing is markup
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
    )
    page.filters.update(wrap=wrapped, column=_column, amount=_in_column, money=in_dollars, plain=plain)
    return page.from_string(files("perdiem_calc.review").joinpath("letter.txt").read_text(encoding="utf-8"))


def wrapped(text: str, first: str = "") -> str:
    """A text in lines; `first` precedes the first one, as many spaces the others."""
    others = " " * len(first)
    lines = textwrap.wrap(plain(text), WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return "\n".join(line.rstrip() for line in lines)


def _column(text: object, width: int) -> str:
    """A text in a column so wide, cut where it is longer."""
    return f"{plain(str(text))[: width - 1]:<{width}}"


def _in_column(amount: Decimal | None, width: int) -> str:
    return f"{'' if amount is None else f'{amount:,.2f}':>{width}}"


def plain(text: str) -> str:
    r"""A text on one line, without control characters and marks that turn the direction of writing.

    >>> plain("Lee\u202eCounty\r\nSheriff\x07")
    'LeeCounty Sheriff'
    """
    return " ".join(readable(text).split())


# --- what it says of a claim ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim of a letter, with what was decided on it."""

    audited: AuditedClaim
    law: Law
    on: date
    decided: Decided | None

    def content(self) -> ClaimPart:
        """What the letter says of it."""
        one, itemized = self.audited, self.audited.itemized
        opening = "The claim cannot be computed as submitted, so nothing is payable yet."
        amounts: tuple[Amount, ...] = ()
        limit = ""
        reduced: tuple[Reduction, ...] = ()
        if itemized is not None:
            opening, amounts, limit = self._opening(itemized), tuple(self._amounts(itemized)), self._limit(itemized)
            reduced = tuple(_reductions(itemized))
        sections, by_when = self._to_do()
        is_on_record = self.is_draft and one.on_record
        return ClaimPart(
            name=one.claim_id or _file_name(one.source),
            officer=one.whose.officer,
            about=tuple(self._about()),
            note=f"NOT TO BE SENT: the claim is recorded already ({one.on_record})." if is_on_record else "",
            opening=opening,
            amounts=amounts,
            limit=limit,
            reduced=reduced,
            sections=tuple(section for section in sections if section.items),
            by_when=by_when,
            claimed=itemized.totals.claimed if itemized is not None else None,
            paid=self.amount,
            outcome=OUTCOMES[self.verdict],
        )

    @property
    def is_draft(self) -> bool:
        """Whether nothing is decided yet."""
        return self.decided is None

    @property
    def verdict(self) -> Suggestion:
        """What was decided, or is suggested."""
        return self.audited.suggested if self.decided is None else self.decided.verdict

    @property
    def besides(self) -> tuple[FindingDecision, ...]:
        """What was decided for what is no finding of this audit."""
        return () if self.decided is None else self.decided.besides

    @property
    def _promises_nothing(self) -> bool:
        """Whether it is open what is payable once all is fixed: another claim, or a decision, blocks it."""
        return self.audited.is_beside_another or bool(self.besides) or self._is_identity_open

    @property
    def _is_identity_open(self) -> bool:
        """Whether NASRO must first find out who the officer is, so that no amount is promised."""
        return self.is_draft and self.audited.is_identity_open

    @property
    def _is_open(self) -> bool:
        """Whether a person must decide on a question before anything is paid."""
        return self.is_draft and any(one.severity is Severity.REVIEW for one in self.audited.questioned)

    @property
    def amount(self) -> Decimal:
        """All that is paid under the claim, or would be; dollars."""
        if self.decided is not None:
            return self.decided.amount
        return ZERO if self._is_identity_open else self.audited.payable

    def _about(self) -> Iterator[tuple[str, str]]:
        """Which claim it is."""
        claim, whose = self.audited.claim, self.audited.whose
        if claim is None:
            yield "Claim", f"{whose.claim_id or 'without a claim id'}, in {_file_name(self.audited.source)}"
            officer = ", ".join(filter(None, (whose.officer, whose.award and f"award {whose.award}")))
            if officer:
                yield "Officer", officer
            return
        course = claim.course
        yield "Claim", f"{claim.claim_id}, prepared on {in_full(claim.prepared_on)}"
        yield "Officer", f"{claim.officer.name}, award {claim.award.number}"
        yield "Course", f"{course.title}, {in_full(course.starts_on)} to {in_full(course.ends_on)}"

    def _opening(self, itemized: ItemizedClaim) -> str:
        if self.verdict == "return":
            who = "The audit suggests that NASRO return this claim" if self.is_draft else "NASRO returns this claim"
            then = "" if self._promises_nothing else f" {_once_fixed(itemized)}"
            return f"{who} unpaid.{then}"
        if self._is_identity_open:
            return (
                "NASRO must first find out whether an earlier claim is for the same officer. Nothing is decided "
                "until then, and this letter promises no amount."
            )
        payee = itemized.claim.agency.payee or itemized.claim.agency.name
        amount = in_dollars(abs(self.amount))
        if not self.amount:
            said = "By the audit nothing is payable" if self.is_draft else "Nothing is payable"
            return f"{said} under this claim; the amounts below say why."
        if self._is_open:
            return (
                f"The audit leaves questions, listed below, on which NASRO decides. If it accepts, {amount} is "
                f"payable to {payee}.{self._instead()}"
            )
        if self.decided is None:
            return f"The audit suggests that NASRO pay {amount} to {payee}.{self._instead()}"
        if self.amount < 0:
            return (
                f"By this correction {amount} more was paid before than the same expenses give: please return "
                f"{amount} to NASRO."
            )
        number = f" (payment number {self.decided.payment_number})" if self.decided.payment_number else ""
        return f"NASRO has approved {amount} for payment to {payee}{number}.{self._instead()}"

    def _instead(self) -> str:
        stated = self.audited.stated_payable
        if stated is None or stated == self.amount:
            return ""
        return f" The workbook itself states {in_dollars(stated)}."

    # --- the amounts -----------------------------------------------------------------------------------------------

    def _amounts(self, itemized: ItemizedClaim) -> Iterator[Amount]:
        """Claimed, less each cause, is what is paid: to the cent."""
        left = itemized.totals.claimed
        yield Amount("Claimed", left)
        for label, amount in self._causes(itemized):
            left -= amount
            yield from [Amount(label, -amount)] if amount else []
        if left != self.amount:
            yield Amount(self._last_cause(itemized), self.amount - left)
        yield Amount(self._result(), self.amount)

    def _causes(self, itemized: ItemizedClaim) -> Iterator[tuple[str, Decimal]]:
        """What the rules alone take off, and for which cause."""
        totals, same = itemized.totals, itemized.outside.paid_for_same
        if self.amount >= 0:
            same = min(same, totals.allowable)
        due = totals.allowable - same
        yield "Not allowed, line by line below", totals.claimed - totals.allowable
        yield "Paid before for the same expenses", same
        yield "Above what is left of the officer's limit", max(due, ZERO) - itemized.within_limit

    def _last_cause(self, itemized: ItemizedClaim) -> str:
        """Why what is paid is not what the rules alone give."""
        if self.verdict == "adjust" and not self.is_draft:
            return "Decided by NASRO, for the reasons below"
        if self._is_identity_open and self.verdict != "return":
            return "Open until NASRO knows who the officer is"
        fixable = all(block.fixable for block in itemized.blocks) and not self._promises_nothing
        return "Not paid until fixed, as explained below" if fixable else "Not payable, as explained below"

    def _result(self) -> str:
        if self.is_draft:
            return "Payable if NASRO accepts" if self._is_open and self.amount else "Suggested for payment"
        return "To be returned to NASRO" if self.amount < 0 else "Approved for payment"

    def _limit(self, itemized: ItemizedClaim) -> str:
        totals, outside = itemized.totals, itemized.outside
        limit = f"NASRO reimburses up to {in_dollars(totals.cap)} for each officer, over all claims."
        if self._is_identity_open:
            return limit
        said = "" if outside.paid_before is not None else ", as the claim states"
        paid = f"{in_dollars(totals.previously_reimbursed)} was paid before{said}"
        if self.decided is not None:
            return f"{limit} {paid}; {in_dollars(self.decided.remaining)} is left after this claim."
        taken = f"; {in_dollars(outside.taken)} goes to other claims for this officer" if outside.taken else ""
        left = in_dollars(max(ZERO, itemized.left_of_limit - self.amount))
        return f"{limit} {paid}{taken}; {left} would be left after this claim."

    # --- what to do ------------------------------------------------------------------------------------------------

    def _to_do(self) -> tuple[list[Section], str]:
        """What to send or fix, and what was corrected; nothing that was looked at and is well. And by when.

        Where a claim is paid all is decided, and nothing is asked for.
        """
        if self.decided is not None:
            items = [item for item in self.decided.items if not _is_settled(*item)]
        else:
            items = [(finding, None) for finding in self.audited.to_decide]
        is_sent_back = self.verdict == "return"
        corrected = [item for item in items if item[0].severity is Severity.ADJUSTS and not is_sent_back]
        others = [item for item in items if item not in corrected]
        besides = [_describe_since(decision) for decision in self.besides]
        sections = [Section("What was corrected", tuple(_describe(*item) for item in corrected))]
        if self.decided is not None and not is_sent_back:
            told = [_describe(finding, decision) for finding, decision in others if decision is not None]
            return [*sections, Section("What NASRO decided", (*besides, *told))], ""
        asked = (*besides, *(_describe(*item) for item in others))
        by_when = self._by_when([finding for finding, _ in others]) if asked else ""
        return [*sections, Section("What to send or fix", asked)], by_when

    def _by_when(self, asked: Iterable[Finding]) -> str:
        """How to send what is requested, and by when; a conflict between claims follows its finding."""
        claim = self.audited.claim
        if claim is None:
            return "Please send the fixed workbook to NASRO, in answer to this letter."
        is_beside = any(one.check == RESUBMITTED and one.scope == "claim" for one in asked)
        besides = [one for one in self.besides if one.check == RESUBMITTED]
        if (is_beside and self._is_left_to_another(claim)) or any(one.is_left_to_another for one in besides):
            return "Nothing needs to be sent in answer to this letter: NASRO decides on the other one."
        to = f"Please send it to NASRO, in answer to this letter, and name claim {claim.claim_id}."
        if is_beside or besides:
            to = "If it is to be paid, please send it again as described above, with a claim id of its own."
        elif self.verdict == "return" and self.audited.itemized is not None:
            to = (
                "Please send it to NASRO as a corrected claim: choose corrected under Kind, give it a claim id of "
                f"its own, and name {claim.claim_id} as the claim that it goes with."
            )
        return f"{to} {_due(claim, self.law, self.on)}"

    def _is_left_to_another(self, claim: Claim) -> bool:
        """Whether NASRO decides on another file with this very claim, or on the claim that corrects it."""
        known = self.audited.known
        if known is None or known.copy_of:
            return known is not None
        rivals = Relations(claim, known).rivals
        return known.corrected_by is not None and bool(rivals) and rivals[0].claim == known.corrected_by


def _reductions(itemized: ItemizedClaim) -> Iterator[Reduction]:
    """Every line whose allowed amount differs from the claimed one, those with a common reason together."""
    lines = (line for line in itemized.lines if line.group != "cap" and line.amount_claimed != line.amount_allowed)
    for (_, why), group in groupby(lines, key=lambda line: (line.category, _reason(line))):
        together = tuple(group)
        citations = ", ".join(dict.fromkeys(line.citation for line in together))
        yield Reduction(f"{describe_lines(together)}: {why} ({citations}).", together)


def _reason(line: Line) -> str:
    """Why a line is not allowed as claimed, as the agency reads it."""
    if any(step.to_agency for step in line.steps):
        return "; ".join(step.to_agency or step.why for step in line.steps)
    return line.reason


def sentence(finding: Finding, decision: FindingDecision | None) -> str:
    """What a letter says of a finding with the decision on it; empty where it says nothing of it."""
    return "" if _is_settled(finding, decision) else _describe(finding, decision)


def _describe(finding: Finding, decision: FindingDecision | None) -> str:
    said = finding.agency_message
    if finding.check == OFFICER_MAY_BE_KNOWN:
        # Who the other officer is, and of which agency, is not this agency's to know, whoever worded the finding.
        said = NASRO_FINDS_OUT
    said = f"{_kind(finding)}{said}"
    if any(cell not in said for cell in finding.where.cells):
        said += f" [{finding.where}]"
    return f"{said}{_describe_decided(decision)}" if decision is not None else said


def _describe_since(decision: FindingDecision) -> str:
    """A finding that a copy has and this audit has not, with what was decided."""
    said = SINCE_THEN.get(decision.check, decision.message)
    if decision.is_left_to_another:
        said = f"The same claim, or its correction, is in another file: {DECIDE_ON_THAT.agency}."
    return f"{said}{_describe_decided(decision)}"


def _describe_decided(decision: FindingDecision) -> str:
    return f" Decided by NASRO: {decision.reason}" if decision.reason else ""


def _once_fixed(itemized: ItemizedClaim) -> str:
    if any(not block.fixable for block in itemized.blocks):
        return "Nothing that is added or corrected can make it payable."
    fixed = in_dollars(itemized.within_limit)
    if itemized.lacks_documents:
        return (
            f"By what is documented so far, {fixed} is payable once the claim is no longer barred; an amount that "
            "was cut because a document is missing counts once that document is sent."
        )
    return f"Once everything below is sent or fixed, {fixed} is payable on what is claimed now."


def _is_settled(finding: Finding, decision: FindingDecision | None) -> bool:
    """Whether a finding was looked at and accepted; one that adjusts an amount is listed in any case."""
    return decision is not None and decision.verdict == "accept" and finding.severity is not Severity.ADJUSTS


def _kind(finding: Finding) -> str:
    if finding.check.endswith("-missing"):
        return "Documentation gap: "
    if finding.severity is Severity.ADJUSTS:
        return ""
    return "Not payable as submitted: " if finding.severity is Severity.BLOCKS else "Needs review: "


def _due(claim: Claim, law: Law, on: date) -> str:
    """By when to answer. Rule `chp-30-days`."""
    days = law.count("chp-30-days", "days", claim.course.ends_on)
    if claim.course.completed_on is None:
        return f"A claim is due within {days} days after the course is completed."
    due = due_on(claim.course.completed_on, days)
    if due < on:
        return f"The {days} days after the course was completed ended on {in_full(due)}: send it as soon as you can."
    return f"It is due on {in_full(due)}, {days} days after the course was completed."
