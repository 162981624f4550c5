"""The letter to the agency: what is paid of a claim, what is not and why, what to send or fix, and by when.

A letter before the decision is a draft and says so; it promises nothing while a person must find out who the officer
is. Nothing in a letter is another agency's: of another claim it says no more than that there is one, unless it is of
the same award.

>>> wrapped("Send the folio.", "  1. ")
['  1. Send the folio.']
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from perdiem_calc.checks.cell_wording import FIXES, THE_NEXT_TIME
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.programme import HAVE_IT_RETURNED, OR_THE_LEDGER
from perdiem_calc.checks.sentences import describe_lines
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import award_key
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import (
    AS_COPY,
    CLAIM_IN_WORDS,
    COPY_FIX,
    DECIDE_ON_THAT,
    RESUBMITTED,
    claim_in_words,
)
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, EarlierClaim, History, Verdict
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.decisions import FindingDecision
from perdiem_calc.review.result import NOBODYS, AuditedClaim, Suggestion, Unreadable
from perdiem_calc.rules.chp import due_on
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import harmless, readable, some

WIDTH = 78
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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

TO_CLERK = {
    **{f": {fix}.": f": {THE_NEXT_TIME[how]}." for how, fix in FIXES.items()},
    OR_THE_LEDGER: "or tell NASRO which payment its ledger lacks",
    HAVE_IT_RETURNED: "return it to NASRO",
    DECIDE_ON_THAT: "nothing to do, NASRO decides on that one",
}
"""What the audit says to a reviewer, and what a letter says to the agency's clerk instead."""

WHO_THE_OFFICER_IS = "Needs review: NASRO finds out whether an earlier claim is for the same officer."
_NEAR_ON_ROSTER = re.compile(r" \(near it: .*\)")

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


def letter(audited: AuditedClaim, law: Law, on: date, decided: Decided | None = None) -> str:
    """The letter on a claim, in lines of at most 78 columns; `on` is its date.

    Without a decision it is a draft of what the audit suggests.
    """
    return "\n".join(_Letter(audited, law, on, decided).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends the letters: the organization, its address in lines, where answers go, and who signs."""

    organization: str = "NASRO"
    address: tuple[str, ...] = ()
    reply_to: str = ""
    signed_by: tuple[str, ...] = ()


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
) -> str:
    """One letter on all claims of an agency, and on the files of its that could not be read, in lines of text.

    There is a claim or a file at least. Without decisions it is a draft of what the audit suggests.
    """
    parts = [_Letter(one, law, on, decided) for one, decided in claims]
    return "\n".join(_frame(parts, unread, sender, on)) + "\n"


def _frame(parts: Sequence[_Letter], unread: Sequence[Unreadable], sender: Sender, on: date) -> Iterator[str]:
    if any(part.is_draft for part in parts) or not parts:
        yield f"DRAFT of {on}: nothing in it is decided yet, and nothing has been paid."
    else:
        yield f"Decision of {on}."
    yield ""
    for line in (sender.organization, *sender.address):
        yield from wrapped(line)
    yield from ("", f"{MONTHS[on.month - 1]} {on.day}, {on.year}", "")
    salutation = yield from _address(parts, unread)
    yield from ("", f"Dear {salutation}:", "")
    if parts:
        is_one = len(parts) == 1
        yield from wrapped(
            f"This letter is about {'the claim' if is_one else f'{len(parts)} claims'} that you sent us."
        )
        yield from ("", *_table(parts))
    for part in parts:
        yield from ("", "", *part.about())
    if unread:
        yield from _section("Files that we could not read", _numbered(map(_unread_in_words, unread)))
    yield ""
    if sender.reply_to:
        yield from wrapped(f"Please send your answer to {sender.reply_to}.")
        yield ""
    yield from ("Sincerely,", "", *(plain(line) for line in sender.signed_by or (sender.organization,)))


def _address(parts: Sequence[_Letter], unread: Sequence[Unreadable]) -> Generator[str, None, str]:
    """The lines of whom the letter goes to; returns the name in the salutation."""
    one = next((part.audited for part in parts if part.audited.claim is not None), None)
    if one is not None and one.claim is not None:
        agency = one.claim.agency
        lines = [agency.contact.name, agency.name, *agency.remit_to.splitlines(), agency.contact.email or ""]
    else:
        whose = parts[0].audited.whose if parts else NOBODYS
        first: AuditedClaim | Unreadable = parts[0].audited if parts else unread[0]
        lines = [whose.contact, whose.agency, whose.email or first.origin.sender]
        if not any(lines):
            lines = [f"The agency that sent {_file_name(first.source)}"]
    for line in filter(None, lines):
        yield from wrapped(line)
    return plain(lines[0]) if lines[0] and not lines[0].startswith("The agency") else "Sir or Madam"


def _table(parts: Sequence[_Letter]) -> Iterator[str]:
    """The claims, a line each, and what is paid of them together."""
    yield f"{'Claim':<18}{'Officer':<24}{'Claimed':>11}{'To be paid':>12}  {'Outcome'}"
    for part in parts:
        one = part.audited
        claimed = f"{one.itemized.totals.claimed:,.2f}" if one.itemized is not None else ""
        name, officer = plain(one.claim_id or _file_name(one.source)), plain(one.whose.officer)
        outcome = OUTCOMES[part.verdict]
        yield f"{name[:17]:<18}{officer[:23]:<24}{claimed:>11}{part.amount:>12,.2f}  {outcome}"
    if len(parts) > 1:
        yield f"{'Together':<42}{'':>11}{sum((part.amount for part in parts), ZERO):>12,.2f}"


def _unread_in_words(one: Unreadable) -> str:
    code, name = one.error.code, _file_name(one.source)
    asked = next((said for start, said in ASKED.items() if code.startswith(start)), f"Please {one.error.fix}.")
    return f"{name} {harmless(one.error.what)}. {harmless(asked)}"


def _file_name(source: str) -> str:
    """The name of a file without its folders, which are nobody else's to know."""
    return harmless(source.replace("\\", "/").rpartition("/")[2])


def wrapped(text: str, first: str = "") -> list[str]:
    """A text in lines; `first` precedes the first one, as many spaces the others."""
    others = " " * len(first)
    lines = textwrap.wrap(plain(text), WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return [line.rstrip() for line in lines]


def plain(text: str) -> str:
    r"""A text on one line, without control characters and marks that turn the direction of writing.

    >>> plain("Lee\u202eCounty\r\nSheriff\x07")
    'LeeCounty Sheriff'
    """
    return " ".join(readable(text).split())


@dataclass(frozen=True, slots=True)
class _Letter:
    audited: AuditedClaim
    law: Law
    on: date
    decided: Decided | None

    def lines(self) -> Iterator[str]:
        """The lines of a letter on this claim alone."""
        yield from self._heading()
        yield from self._content()

    def about(self) -> Iterator[str]:
        """The lines on this claim in a letter on several."""
        if self.is_draft and self.audited.on_record:
            yield from wrapped(f"NOT TO BE SENT: the claim is recorded already ({self.audited.on_record}).")
        yield from self._claim()
        yield from self._content()

    def _content(self) -> Iterator[str]:
        itemized = self.audited.itemized
        if itemized is None:
            unread = "The claim cannot be computed as submitted, so nothing is payable yet."
            yield from ("", *wrapped(unread))
        else:
            yield from ("", *wrapped(self._opening(itemized)))
            yield from _section("The amounts", self._amounts(itemized))
            yield from _section("Not allowed, line by line", self._reduced(itemized))
        yield from self._to_do()

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

    # --- whom it goes to, and what is decided ----------------------------------------------------------------------

    def _heading(self) -> Iterator[str]:
        draft = f"DRAFT of {self.on}: nothing in it is decided yet, and nothing has been paid."
        if self.audited.on_record:
            draft = f"DRAFT of {self.on}, not to be sent: the claim is recorded already ({self.audited.on_record})."
        yield draft if self.is_draft else f"NASRO, {self.on}"
        yield ""
        claim, whose = self.audited.claim, self.audited.whose
        if claim is None:
            file = _file_name(self.audited.source)
            to = ", ".join(filter(None, (whose.contact, whose.agency))) or f"the agency that sent {file}"
            yield from wrapped(to, "To       ")
            yield from wrapped(whose.email, "         ")
        else:
            yield from wrapped(f"{claim.agency.contact.name}, {claim.agency.name}", "To       ")
            yield from wrapped(claim.agency.contact.email or "", "         ")
        yield from self._claim()

    def _claim(self) -> Iterator[str]:
        """Which claim it is."""
        claim, whose = self.audited.claim, self.audited.whose
        if claim is None:
            file = _file_name(self.audited.source)
            yield from wrapped(f"{whose.claim_id or 'without a claim id'}, in {file}", "Claim    ")
            officer = ", ".join(filter(None, (whose.officer, whose.award and f"award {whose.award}")))
            yield from wrapped(officer, "Officer  ") if officer else ()
            return
        course = claim.course
        yield from wrapped(f"{claim.claim_id}, prepared on {claim.prepared_on}", "Claim    ")
        yield from wrapped(f"{claim.officer.name}, award {claim.award.number}", "Officer  ")
        yield from wrapped(f"{course.title}, {course.starts_on} to {course.ends_on}", "Course   ")

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

    def _amounts(self, itemized: ItemizedClaim) -> Iterator[str]:
        """Claimed, less each cause, is what is paid: to the cent."""
        left = itemized.totals.claimed
        yield _amount("Claimed", left)
        for label, amount in self._causes(itemized):
            left -= amount
            yield from [_amount(label, -amount)] if amount else []
        if left != self.amount:
            yield _amount(self._last_cause(itemized), self.amount - left)
        yield _amount(self._result(), self.amount)
        yield ""
        yield from wrapped(self._limit(itemized))

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

    def _reduced(self, itemized: ItemizedClaim) -> Iterator[str]:
        """Every line whose allowed amount differs from the claimed one; lines with a common reason are below it."""
        lines = (
            line for line in itemized.lines if line.group != "cap" and line.amount_claimed != line.amount_allowed
        )
        for _, group in groupby(lines, key=lambda line: (line.category, line.reason)):
            together = list(group)
            citations = ", ".join(dict.fromkeys(line.citation for line in together))
            yield from wrapped(self._for_agency(f"{describe_lines(together)}: {together[0].reason} ({citations})."))
            yield f"    {'Line':<6}{'Date':<12}{'Claimed':>12}{'Allowed':>12}{'Not allowed':>14}"
            yield from map(_row, together)

    # --- what to do ------------------------------------------------------------------------------------------------

    def _to_do(self) -> Iterator[str]:
        """What to send or fix, and what was corrected; nothing that was looked at and is well.

        Where a claim is paid all is decided, and nothing is asked for.
        """
        if self.decided is not None:
            items = [item for item in self.decided.items if not _is_settled(*item)]
        else:
            items = [(finding, None) for finding in self.audited.to_decide]
        corrected = [item for item in items if item[0].severity is Severity.ADJUSTS and self.verdict != "return"]
        others = [item for item in items if item not in corrected]
        besides = [self._said_besides(decision) for decision in self.besides]
        yield from _section("What was corrected", _numbered(self._describe(*item) for item in corrected))
        if self.decided is not None and self.verdict != "return":
            told = [self._describe(finding, decision) for finding, decision in others if decision is not None]
            yield from _section("What NASRO decided", _numbered([*besides, *told]))
            return
        said = [*besides, *(self._describe(*item) for item in others)]
        yield from _section("What to send or fix", _numbered(said))
        if said:
            yield from ("", *wrapped(self._by_when([finding for finding, _ in others])))

    def _describe(self, finding: Finding, decision: FindingDecision | None) -> str:
        if finding.check == OFFICER_MAY_BE_KNOWN:
            # Who the other officer is, and of which agency, is not this agency's to know.
            return (
                f"{WHO_THE_OFFICER_IS}{_describe_decided(decision)}" if decision is not None else WHO_THE_OFFICER_IS
            )
        said = f"{_kind(finding)}{self._for_agency(finding.message)}"
        if any(cell not in said for cell in finding.where.cells):
            said += f" [{finding.where}]"
        return f"{said}{_describe_decided(decision)}" if decision is not None else said

    def _said_besides(self, decision: FindingDecision) -> str:
        """What a copy says of a finding, as it knew other claims when it was written."""
        if decision.check == OFFICER_MAY_BE_KNOWN:
            return f"{WHO_THE_OFFICER_IS}{_describe_decided(decision)}"
        said = for_agency_then(decision.message, self.audited.claim, self.audited.known)
        return f"{said}{_describe_decided(decision)}"

    def _by_when(self, asked: Iterable[Finding]) -> str:
        """How to send what is requested, and by when; a conflict between claims follows its finding."""
        claim = self.audited.claim
        if claim is None:
            return "Please send the fixed workbook to NASRO, in answer to this letter."
        to = f"Please send it to NASRO, in answer to this letter, and name claim {claim.claim_id}."
        beside = [one.message for one in asked if one.check == RESUBMITTED and one.scope == "claim"]
        beside += [one.message for one in self.besides if one.check == RESUBMITTED]
        if any(said.startswith(AS_COPY) or DECIDE_ON_THAT in said for said in beside):
            return "Nothing needs to be sent in answer to this letter: NASRO decides on the other one."
        if beside:
            to = "If it is to be paid, please send it again as described above, with a claim id of its own."
        elif self.verdict == "return" and self.audited.itemized is not None:
            to = (
                "Please send it to NASRO as a corrected claim: choose corrected under Kind, give it a claim id of "
                f"its own, and name {claim.claim_id} as the claim that it goes with."
            )
        return f"{to} {_due(claim, self.law, self.on)}"

    def _for_agency(self, text: str) -> str:
        """A sentence of the audit without what is not this agency's to know."""
        return for_agency(text, self.audited.claim, self.audited.known)


def for_agency(text: str, claim: Claim | None, known: History | None) -> str:
    """A sentence of the audit on a claim, without other agencies' claims, other officers, and names of files.

    A claim of the same award is named by its id. What a reviewer is to do is said as what the clerk is to do.
    """
    for to_reviewer, to_clerk in TO_CLERK.items():
        text = text.replace(to_reviewer, to_clerk)
    if claim is None or known is None:
        return text
    for other in _others(known):
        is_own = award_key(other.award_number) == award_key(claim.award.number)
        text = text.replace(claim_in_words(other), f"your claim {other.claim_id}" if is_own else "another claim")
    if known.copy_of:
        text = text.replace(harmless(known.copy_of), "another file")
    return text.replace(f" (near it: {some(known.near_on_roster)})", "")


def for_agency_then(text: str, claim: Claim | None, known: History | None) -> str:
    """A sentence of an earlier audit, from a copy, as `for_agency` says one.

    It names other claims as they were known then; one of the same award is named by its id, of the ones known now.
    """
    text = for_agency(text, claim, known)
    if text.startswith(AS_COPY):
        return f"{AS_COPY}another file{COPY_FIX}"
    own = award_key(claim.award.number) if claim is not None else ""
    others = _others(known) if known is not None else ()
    ids = {one.claim_id for one in others if award_key(one.award_number) == own}
    text = CLAIM_IN_WORDS.sub(lambda found: f"your claim {found[1]}" if found[1] in ids else "another claim", text)
    return _NEAR_ON_ROSTER.sub("", text)


def _others(known: History) -> Iterator[EarlierClaim]:
    yield from known.claims
    yield from (sighting.claim for sighting in known.sightings)
    yield from (take.claim for take in known.takes)
    if known.corrected_by is not None:
        yield known.corrected_by


def _numbered(said: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(said, start=1):
        yield from wrapped(text, f"{number:>2}. ")


def _describe_decided(decision: FindingDecision) -> str:
    return f" Decided by NASRO: {decision.reason}" if decision.reason else ""


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A section of the letter; nothing where it has no lines."""
    content = list(lines)
    if content:
        yield from ("", title, "-" * len(title), *content)


def _amount(label: str, amount: Decimal) -> str:
    return f"    {label:<44}{in_dollars(amount):>12}"


def _row(line: Line) -> str:
    amounts = (line.amount_claimed, line.amount_allowed)
    less = line.amount_claimed - line.amount_allowed
    return f"    {line.id:<6}{line.on!s:<12}{amounts[0]:>12,.2f}{amounts[1]:>12,.2f}{less:>14,.2f}"


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
        return f"The {days} days after the course was completed ended on {due}: send it as soon as you can."
    return f"It is due on {due}, {days} days after the course was completed."
