"""What the review pages stand on: the queue audited as one batch with the ledger, what a page showed, a decision.

Nothing here judges or words anything of its own: the batch, the decisions and the ledger of the core do.
"""

from __future__ import annotations

import getpass
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing

from perdiem_calc.auditing.batch import Around, Basis, Batch, Desk, Read
from perdiem_calc.auditing.receiving import Received
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.records import Chosen, Verdict
from perdiem_calc.ledger import Ledger, Standing
from perdiem_calc.ledger.address import Address
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.decisions import FindingDecision, ReviewedClaim, ToldFinding
from perdiem_calc.review.result import AuditedClaim, Origin, Unreadable
from perdiem_calc.rules.law import load_law
from perdiem_calc.web.site.incoming import place_of
from perdiem_calc.web.site.models import Preparation, Submission

AMOUNT = "amount"
"""What an error about the approved amount is called after."""
_lock = threading.Lock()
_read: dict[tuple[int, date], Read] = {}
_audits: dict[str, Any] = {"key": None, "batch": None, "found": {}}
MOST_READ = 1000


def today() -> date:
    """The day that counts as today."""
    return settings.SERVING.day or date.today()


def name_of(user: Any) -> str:
    """In whose name something is recorded: the user's of the server, or of one's own computer."""
    return str(user.get_username()) if settings.SERVING.is_office else getpass.getuser()


@contextmanager
def ledger_of(user: Any) -> Iterator[Ledger]:
    """The ledger, in the name of a user; a new one where there is no file yet."""
    place = settings.SERVING.ledger_place
    file = Address.of(place).file
    if file is not None and not file.exists():
        with _lock:
            if not file.exists():
                Ledger.begin(place, load_law(), by=name_of(user)).close()
    with Ledger.open(place, by=name_of(user)) as ledger:
        yield ledger


def received(submission: Submission) -> Received:
    """A submission as the audit takes it."""
    file = place_of(submission)
    origin = Origin(
        str(submission.sender),
        submission.received_on,
        str(submission.message_id),
        tuple(submission.documents),
        tuple(submission.same),
        unpacked=str(file),
    )
    return Received(file, str(submission.source), origin)


def batch_of(submissions: Sequence[Submission], ledger: Ledger, sro: Chosen = None) -> Batch:
    """Submissions as one batch; a file is read once."""
    numbers = {str(place_of(one)): one.pk for one in submissions}
    basis = Basis(today(), settings.SERVING.source)

    def read(desk: Desk, file: Received) -> Read:
        key = (numbers[str(file.path)], basis.as_of)
        if key not in _read:
            if len(_read) >= MOST_READ:
                _read.clear()
            _read[key] = desk.read(file)
        return _read[key]

    return Batch([received(one) for one in submissions], basis, Around(ledger, sro=sro), read=read)


@dataclass(frozen=True, slots=True)
class Queue:
    """The claims that wait for a decision, in order; and what the ledger says of all others."""

    waiting: tuple[Submission, ...]
    standings: Mapping[str, Standing]

    def standing(self, one: Submission) -> Standing | None:
        """What the ledger says of a claim; None where it says nothing."""
        return self.standings.get(str(one.content)) if one.content else None


def queue(ledger: Ledger) -> Queue:
    """The queue as the ledger has it now."""
    every = list(Submission.objects.filter(sent_back_at=None).select_related("taken_by", "preparation"))
    found = ledger.standings({str(one.content) for one in every if one.content})
    waiting = (one for one in every if str(one.content) not in found and not one.is_withdrawn)
    return Queue(tuple(waiting), found)


def audits(waiting: Sequence[Submission], ledger: Ledger) -> dict[int, AuditedClaim | Unreadable]:
    """The audit of each claim of the queue; made again once the queue, the ledger or the day is another."""
    key = (tuple(one.pk for one in waiting), ledger.head().sha256, today())
    with _lock:
        if _audits["key"] != key:
            batch = batch_of(waiting, ledger)
            found = {one.pk: batch.audited(number) for number, one in enumerate(waiting)}
            _audits.update(key=key, found=found)
        return dict(_audits["found"])


def with_queue(one: Submission, waiting: Sequence[Submission], sro: Chosen) -> list[Submission]:
    """The claims that one is audited with: the queue; by itself where a person says who the officer is."""
    if sro is not None:
        return [one]
    return [*waiting, *([one] if one.pk not in {other.pk for other in waiting} else [])]


# --- what a page showed --------------------------------------------------------------------------------------------


def seen_of(audited: AuditedClaim) -> dict[str, Any]:
    """What a page shows of a claim, as far as a decision rests on it."""
    known = audited.known
    paid_before = known.paid_before if known is not None else None
    told = [
        [one.check, one.severity.value, str(one.claimed), str(one.allowed), str(one.payment_effect)]
        for one in audited.questioned
    ]
    return {
        "content": audited.content,
        "on_record": audited.on_record,
        "payable": str(audited.payable),
        "paid_before": str(paid_before) if paid_before is not None else "",
        "near": [str(match) for match in known.near] if known is not None else [],
        "on_roster": known.on_roster if known is not None else None,
        "told": told,
    }


def signed(seen: Mapping[str, Any], pk: int) -> str:
    """What a page showed, for its form: nobody else can make it."""
    return signing.dumps(dict(seen), salt=f"seen-{pk}", compress=True)


def unsigned(text: str, pk: int) -> dict[str, Any]:
    """What a page showed; nothing where the form has not what a page gave it."""
    try:
        return dict(signing.loads(text, salt=f"seen-{pk}"))
    except signing.BadSignature:
        return {}


def changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is another since a page was shown, in sentences; empty where nothing is."""
    if not then:
        return ["The page was opened too long ago."]
    said = []
    if then["content"] != now["content"]:
        said.append("What the agency claims is not what the page showed.")
    if then["on_record"] != now["on_record"]:
        said.append(f"The ledger has a decision on it now: {now['on_record'] or 'none'}.")
    if then["paid_before"] != now["paid_before"]:
        was, is_now = (in_dollars(Decimal(one["paid_before"] or 0)) for one in (then, now))
        said.append(f"What counts for the officer besides this claim was {was}, and is {is_now} now.")
    if then["payable"] != now["payable"]:
        was, is_now = (in_dollars(Decimal(one["payable"])) for one in (then, now))
        said.append(f"Payable was {was}, and is {is_now} now.")
    if then["on_roster"] != now["on_roster"]:
        said.append(f"The officer is {'' if now['on_roster'] else 'not '}on the roster now.")
    if then["near"] != now["near"]:
        said.append("The officers on record who may be the same person are others now.")
    was_told, is_told = ([tuple(row) for row in one["told"]] for one in (then, now))
    still = {row[0] for row in is_told}
    said += [f"New or different: {row[0]}." for row in sorted({*is_told} - {*was_told})]
    said += [f"No longer questioned: {check}." for check in sorted({row[0] for row in was_told} - still)]
    return said


# --- decisions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer typed about one finding."""

    check: str
    where: str
    verdict: str = ""
    pick: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        """The reason from the list and the text, together."""
        picked = self.pick.strip()
        return f"{picked}: {self.reason.strip()}" if picked and self.reason.strip() else picked or self.reason.strip()

    def decision(self, number: int, message: str) -> FindingDecision | None:
        """The decision; None where there is none yet."""
        verdict: Mapping[str, Verdict] = {"accept": "accept", "adjust": "adjust", "return": "return"}
        if self.verdict not in verdict:
            return None
        return FindingDecision(
            self.check, self.where, f"question {number}", verdict[self.verdict], self.words, message
        )


def typed_of(submission: Submission, audited: AuditedClaim) -> list[Typed]:
    """What was typed so far about each finding to decide."""
    kept = [Typed(**one) for one in submission.decisions.get("findings", [])]
    found = []
    for finding in audited.to_decide:
        blank = Typed(finding.check, str(finding.where))
        found.append(next((one for one in kept if (one.check, one.where) == (blank.check, blank.where)), blank))
    return found


def decisions_of(audited: AuditedClaim, typed: Sequence[Typed]) -> tuple[FindingDecision, ...]:
    """The decisions that were made."""
    pairs = zip(audited.to_decide, typed, strict=True)
    made = [one.decision(number, finding.message) for number, (finding, one) in enumerate(pairs, 1)]
    return tuple(one for one in made if one is not None)


def reviewed_of(
    audited: AuditedClaim, typed: Sequence[Typed], amount: Decimal | None, seen: Mapping[str, Any], by: str
) -> ReviewedClaim:
    """The claim as the reviewer leaves it, in the form in which an audited copy is read.

    Where nothing goes back, the amount is always stated: nobody approves another amount than the page showed.
    """
    decisions = decisions_of(audited, typed)
    goes_back = any(one.verdict == "return" for one in decisions)
    if amount is None and not goes_back and not any(one.verdict == "adjust" for one in decisions):
        amount = Decimal(seen["payable"])
    told = tuple(
        ToldFinding(check, severity, *(Decimal(one) for one in amounts)) for check, severity, *amounts in seen["told"]
    )
    return ReviewedClaim(
        audited.source,
        audited.claim_id,
        decisions,
        approved_amount=amount,
        approved_by=by,
        approved_on=today(),
        amount_cell=AMOUNT,
        told=told,
        content=str(seen["content"]),
        on_record=str(seen["on_record"]),
    )


# --- states --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """Where a claim is, in words; `kind` is for the color, `acts` who acts next; `waits` for NASRO to decide."""

    words: str
    kind: str
    acts: str
    waits: bool = False


WITHDRAWN = State("Withdrawn", "open", "")


def state_of(submission: Submission, standing: Standing | None) -> State:
    """The state of a claim that was sent: from the application's file, then from the ledger."""
    if standing is None:
        if submission.sent_back_at is not None:
            return State("Returned", "wrong", "The agency corrects it")
        if submission.is_withdrawn:
            return WITHDRAWN
        if submission.taken_by_id is not None:
            return State("In review", "open", "NASRO decides", waits=True)
        return State("Sent", "done", "NASRO reviews it", waits=True)
    verdict = standing.claim.verdict
    if standing.claim.superseded_by:
        return State(f"Corrected by {standing.claim.superseded_by}", "done", "")
    if verdict == "return":
        return State("Returned", "wrong", "The agency corrects it")
    words = "Accepted" if verdict == "accept" else "Adjusted"
    if standing.voided:
        return State(f"{words}, payment void", "review", f"NASRO pays {in_dollars(standing.voided)} again")
    if standing.is_paid:
        return State(f"Paid {in_dollars(standing.moved)}", "done", "")
    if standing.due < ZERO:
        return State(words, "review", f"The agency returns {in_dollars(-standing.due)}")
    return State(words, "done", f"NASRO pays {in_dollars(standing.due)}" if standing.due else "")


def states_of(preparations: Collection[Preparation], user: Any) -> dict[int, State]:
    """The states of claims that were sent from here, by the number of the preparation."""
    withdrawn = {one.pk: WITHDRAWN for one in preparations if one.withdrawn_at is not None}
    sent = list(Submission.objects.filter(preparation__in=preparations).select_related("preparation", "taken_by"))
    if not sent:
        return withdrawn
    try:
        with ledger_of(user) as ledger:
            found = ledger.standings({str(one.content) for one in sent if one.content})
    except LedgerError:
        unknown = State("Sent", "done", "NASRO's records cannot be read just now")
        return {one.preparation_id or 0: unknown for one in sent}
    return withdrawn | {one.preparation_id or 0: state_of(one, found.get(str(one.content))) for one in sent}
