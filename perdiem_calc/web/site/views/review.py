"""The inbox, the queue, and one claim with what is decided on it; recording a decision is in `deciding`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger import Ledger
from perdiem_calc.money import ZERO
from perdiem_calc.review.explanation import explain
from perdiem_calc.review.letters import sentence
from perdiem_calc.review.result import AuditedClaim, Unreadable, tally
from perdiem_calc.review.suggestion import main_reason, next_step
from perdiem_calc.rules.law import load_law
from perdiem_calc.web.site import reviewing
from perdiem_calc.web.site.incoming import give, place_of, used
from perdiem_calc.web.site.models import Arrival, Conflict, Document, Submission
from perdiem_calc.web.site.reviewing import Typed
from perdiem_calc.web.site.roles import may_open
from perdiem_calc.web.site.settings import LARGEST_FILE, QUOTA
from perdiem_calc.web.site.views.common import problem, too_large
from perdiem_calc.web.site.views.shared import version_of

View = Callable[..., HttpResponse]
SHOWN_ARRIVALS = 20
SEVERITIES = {
    Severity.BLOCKS: "Blocked",
    Severity.ADJUSTS: "Amount differs",
    Severity.REVIEW: "To look at",
    Severity.INFO: "Nothing to decide",
}
"""The gravest finding of a claim in words for a list."""
ONE_FINDING = {
    Severity.BLOCKS: "Blocks payment",
    Severity.ADJUSTS: "Adjusts an amount",
    Severity.REVIEW: "Needs a look",
    Severity.INFO: "To know",
}
REASONS = (
    "The document was looked at and is in order",
    "The agency explained it",
    "A document is missing",
    "Another amount is documented",
    "It is not a cost of the course",
    "The agency corrects it and sends it again",
)
"""Reasons to choose from; text may follow."""
VERDICTS = (("accept", "Accept"), ("adjust", "Adjust"), ("return", "Return"))
SAVED_ELSEWHERE = (
    "This claim was saved by {who} after this page was opened. Nothing is lost: what you typed is below, and not "
    "saved yet. Compare it with what is saved, and save again."
)


def asks_ledger(view: View) -> View:
    """A page that needs the ledger; another that says what is wrong with it where it cannot be had."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LedgerError as error:
            return problem(request, 503, "The ledger cannot be used", f"{error}", "Nothing was written.")

    return asked


# --- the inbox -----------------------------------------------------------------------------------------------------


def inbox(request: HttpRequest) -> HttpResponse:
    """What came in; drop files to be read."""
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        files = [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]
        if not files:
            errors.append(("files", "Choose at least one file first."))
        elif any((file.size or 0) > LARGEST_FILE for file in files):
            return too_large(request)
        elif used() + sum(file.size or 0 for file in files) > QUOTA:
            errors.append(("files", "There is no room for more files. Ask the person who runs the server."))
        else:
            give(request.user, files)
            return redirect("inbox")
    arrivals = list(Arrival.objects.select_related("by")[:SHOWN_ARRIVALS])
    claims = {one.pk: one for one in Submission.objects.filter(pk__in=_claims_in(arrivals))}
    rows = [{"arrival": one, **_found(one, claims)} for one in arrivals]
    more = {"rows": rows, "errors": errors, "waits": any(one.found is None for one in arrivals)}
    return render(request, "web/inbox.html", more, status=422 if errors else 200)


def _claims_in(arrivals: Sequence[Arrival]) -> list[int]:
    return [claim["claim"] for one in arrivals for claim in (one.found or {}).get("claims", [])]


def _found(arrival: Arrival, claims: dict[int, Submission]) -> dict[str, Any]:
    found = arrival.found or {}
    new = [claims[one["claim"]] for one in found.get("claims", []) if not one["is_same"] and one["claim"] in claims]
    same = [
        (one["source"], claims[one["claim"]])
        for one in found.get("claims", [])
        if one["is_same"] and one["claim"] in claims
    ]
    return {
        "new": new,
        "same": same,
        "unread": found.get("errors", []),
        "passed_over": found.get("passed_over", []),
    }


# --- the queue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A claim in the queue."""

    submission: Submission
    audited: AuditedClaim | Unreadable

    @property
    def severity(self) -> Severity:
        """The gravest of its findings; a file that cannot be read blocks."""
        return self.audited.worst if isinstance(self.audited, AuditedClaim) else Severity.BLOCKS

    @property
    def words(self) -> str:
        """The severity in words."""
        return SEVERITIES[self.severity]

    @property
    def why(self) -> str:
        """What the suggestion rests on most."""
        return main_reason(self.audited) if isinstance(self.audited, AuditedClaim) else self.audited.reason

    @property
    def whose(self) -> Any:
        """Whose claim it is."""
        return self.audited.whose if isinstance(self.audited, AuditedClaim) else None

    @property
    def suggested(self) -> str:
        """What the audit suggests."""
        return self.audited.suggested if isinstance(self.audited, AuditedClaim) else "return"

    @property
    def payable(self) -> Decimal:
        """What is payable as it is."""
        return self.audited.payable if isinstance(self.audited, AuditedClaim) else ZERO

    @property
    def effect(self) -> Decimal:
        """The largest effect of one finding on the payment."""
        found = self.audited.questioned if isinstance(self.audited, AuditedClaim) else ()
        return max((one.payment_effect for one in found), key=abs, default=ZERO)

    @property
    def days(self) -> int:
        """The days that it waits."""
        since = self.submission.received_on or timezone.localdate(self.submission.arrived_at)
        return max(0, (reviewing.today() - since).days)

    @property
    def has(self) -> str:
        """Who has it."""
        return str(self.submission.taken_by.get_username()) if self.submission.taken_by else ""


ORDERS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "days": ("Longest waiting", lambda row: (-row.days, row.submission.pk)),
    "effect": ("Largest effect on the payment", lambda row: (-abs(row.effect), row.submission.pk)),
    "severity": ("Gravest first", lambda row: (-row.severity.rank, row.submission.pk)),
    "agency": ("Agency", lambda row: (str(row.submission.agency).casefold(), row.submission.pk)),
}
FILTERS = ("severity", "agency", "who", "sort")


def rows_of(ledger: Ledger) -> list[Row]:
    """Every claim that waits."""
    waiting = reviewing.queue(ledger).waiting
    found = reviewing.audits(waiting, ledger)
    return [Row(one, found[one.pk]) for one in waiting]


def listed(request: HttpRequest, rows: Sequence[Row]) -> list[Row]:
    """The rows that the address asks for, in its order."""
    severity, agency, who = (request.GET.get(name, "") for name in FILTERS[:3])
    kept = [
        row
        for row in rows
        if (not severity or row.severity.value == severity)
        and (not agency or str(row.submission.agency) == agency)
        and (who != "me" or row.submission.taken_by_id == request.user.pk)
        and (who != "nobody" or row.submission.taken_by_id is None)
    ]
    return sorted(kept, key=ORDERS.get(request.GET.get("sort", ""), ORDERS["days"])[1])


def filters_of(request: HttpRequest) -> str:
    """The filters of the address, to go on with."""
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


@asks_ledger
def queue(request: HttpRequest) -> HttpResponse:
    """The claims that wait for a decision."""
    with reviewing.ledger_of(request.user) as ledger:
        rows = rows_of(ledger)
    shown = listed(request, rows)
    counts = [
        (one.value, words, sum(row.severity is one for row in rows))
        for one, words in sorted(SEVERITIES.items(), key=lambda pair: -pair[0].rank)
    ]
    more = {
        "rows": shown,
        "total": len(rows),
        "counts": counts,
        "tally": tally(row.audited for row in rows if isinstance(row.audited, AuditedClaim)),
        "agencies": sorted({str(row.submission.agency) for row in rows if row.submission.agency}),
        "orders": [(name, words) for name, (words, _) in ORDERS.items()],
        "query": filters_of(request),
        "is_office": is_office(),
    }
    return render(request, "web/queue.html", more)


def is_office() -> bool:
    """Whether several people work on this server."""
    return bool(settings.SERVING.is_office)


def submission(pk: int) -> Submission:
    """A claim that was sent."""
    found = Submission.objects.select_related("taken_by", "preparation").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def why_not(request: HttpRequest, one: Submission) -> str:
    """Why this user may not decide on the claim; empty where that is possible."""
    if one.is_withdrawn:
        return "The agency withdrew this claim. There is nothing to decide."
    if not is_office():
        return ""
    if one.preparation is not None and one.preparation.owner_id == request.user.pk:
        return "You prepared this claim, so another reviewer decides on it."
    member = getattr(request.user, "member", None)
    own = str(member.agency).casefold().split() if member is not None else []
    if own and own == str(one.agency).casefold().split():
        return "The claim is your own agency's, so a reviewer of another decides on it."
    if one.taken_by_id not in (None, request.user.pk):
        return f"{one.taken_by.get_username()} has this claim. Ask for it to be given back, or take it over."
    return ""


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim; also from whoever has it, who is named."""
    one = submission(pk)
    had = one.taken_by if one.taken_by_id not in (None, request.user.pk) else None
    Submission.objects.filter(pk=pk).update(taken_by=request.user)
    messages.success(request, f"You have the claim now{f'; {had.get_username()} had it' if had else ''}.")
    return redirect(f"{reverse('review', args=(pk,))}{filters_of(request)}")


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a claim back to the queue."""
    Submission.objects.filter(pk=submission(pk).pk, taken_by=request.user).update(taken_by=None)
    messages.success(request, "The claim is back in the queue. What was typed is kept.")
    return redirect(f"{reverse('queue')}{filters_of(request)}")


def submitted(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was sent, to save."""
    one = submission(pk)
    path = place_of(one)
    if not path.is_file():
        raise Http404
    name = f"{one.claim_id or 'claim'}{path.suffix}"
    return FileResponse(open(path, "rb"), as_attachment=True, filename=name, content_type="application/octet-stream")


def submitted_document(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A document that a preparer of this server attached, to save."""
    found = Document.objects.filter(preparation__submission=submission(pk), pk=number).first()
    path = Path(settings.SERVING.uploads) / found.file if found is not None else None
    if found is None or path is None or not path.is_file():
        raise Http404
    return FileResponse(open(path, "rb"), as_attachment=True, filename=found.name, content_type=found.kind)


# --- one claim -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A finding as the page shows it, with what was typed about it."""

    number: int
    finding: Finding
    typed: Typed | None
    rule: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    letter: str
    answer: str
    saved: str = ""

    @property
    def kind(self) -> str:
        """The severity in one word, for the color."""
        return self.finding.severity.value

    @property
    def heading(self) -> str:
        """The severity in words."""
        return ONE_FINDING[self.finding.severity]


def asked_of(audited: AuditedClaim, typed: Sequence[Typed], saved: Sequence[Typed] = ()) -> list[Asked]:
    """The findings of a claim in the order of what they change; those to decide have a number.

    `saved` is what somebody else saved meanwhile; where it differs, the page shows it, too.
    """
    law = load_law()
    to_decide = audited.to_decide
    answers = dict(getattr(audited.claim, "explanations", None) or {})
    found = []
    for finding in audited.questioned:
        number = to_decide.index(finding) + 1 if finding in to_decide else 0
        own = typed[number - 1] if number else None
        other = saved[number - 1] if number and saved else own
        decision = own.decision(number, finding.message) if own is not None else None
        itemized = audited.itemized
        known = {one.id for one in itemized.lines} if itemized is not None else set()
        named = [line for line in finding.where.lines if line in known][:3]
        lines = tuple((line, explain(itemized, line, law)) for line in named) if itemized is not None else ()
        found.append(
            Asked(
                number,
                finding,
                own,
                law.rules[finding.rule].title if finding.rule in law.rules else "",
                lines,
                sentence(finding, decision),
                str(answers.get(finding.check, "")),
                ""
                if other is None or other == own
                else f"{other.verdict or 'undecided'}, {other.words or 'no reason'}",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """One claim as it is audited now; `audited` with the officer whom the reviewer chose, if one was chosen."""

    submission: Submission
    audited: AuditedClaim | Unreadable
    standing: Any
    batch: Any = None
    number: int = 0


def chosen_of(one: Submission) -> Any:
    """The officer whom the reviewer chose: a number of the ledger, "new", or None."""
    officer = one.decisions.get("officer", "")
    return int(officer) if str(officer).isdecimal() else "new" if officer == "new" else None


def look_at(one: Submission, ledger: Ledger, *, fresh: bool = False) -> Look:
    """A claim audited with the queue and the ledger; with `fresh`, by a batch of its own, to record it."""
    now = reviewing.queue(ledger)
    sro = chosen_of(one)
    waits = any(other.pk == one.pk for other in now.waiting)
    if waits and sro is None and not fresh:
        return Look(one, reviewing.audits(now.waiting, ledger)[one.pk], now.standing(one))
    together = reviewing.with_queue(one, now.waiting, sro)
    batch = reviewing.batch_of(together, ledger, sro)
    number = next(place for place, other in enumerate(together) if other.pk == one.pk)
    return Look(one, batch.audited(number), now.standing(one), batch, number)


def typed_in(request: HttpRequest, audited: AuditedClaim) -> list[Typed]:
    """What was typed on the page of a claim, for the findings that it showed."""
    post = request.POST
    found = []
    for number in range(1, 400):
        if f"check.{number}" not in post:
            break
        values = (post.get(f"{name}.{number}", "")[:1000] for name in ("check", "where", "verdict", "pick", "reason"))
        found.append(Typed(*values))
    wanted = {(finding.check, str(finding.where)) for finding in audited.to_decide}
    return [one for one in found if (one.check, one.where) in wanted]


@asks_ledger
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: its lines, its findings, and the decision on each next to it."""
    one = submission(pk)
    with reviewing.ledger_of(request.user) as ledger:
        look = look_at(one, ledger)
        rows = listed(request, rows_of(ledger))
    audited = look.audited
    query = filters_of(request)
    order = [row.submission.pk for row in rows]
    after = _after(order, pk)
    if isinstance(audited, Unreadable):
        return problem(request, 422, "The file cannot be read", audited.reason, "Ask the agency to send it again.")
    typed, problems, status = reviewing.typed_of(one, audited), [], 200
    if request.method == "POST":
        given = typed_in(request, audited)
        kept = {(each.check, each.where): each for each in given}
        typed = [kept.get((each.check, each.where), each) for each in typed]
        problems = _save(request, one, audited, typed)
        if not problems:
            return _saved(request, pk, query)
        status = 409
        one.refresh_from_db()
    seen = reviewing.seen_of(audited)
    moved = reviewing.changed(one.seen, seen) if one.seen else []
    asked = asked_of(audited, typed, reviewing.typed_of(one, audited) if problems else ())
    more = {
        "one": one,
        "audited": audited,
        "standing": look.standing,
        "state": reviewing.state_of(one, look.standing),
        "totals": audited.itemized.totals if audited.itemized is not None else None,
        "lines": [
            (line, explain(audited.itemized, line.id, load_law())) for line in audited.itemized.lines
        ] if audited.itemized is not None else [],
        "asked": [each for each in asked if each.number],
        "others": [each for each in asked if not each.number],
        "open": sum(1 for each in asked if each.number and (each.typed is None or not each.typed.verdict)),
        "step": next_step(audited),
        "seen": reviewing.signed(seen, pk),
        "moved": moved,
        "errors": problems,
        "why_not": why_not(request, one),
        "may_decide": may_open(request.user, "decide"),
        "reasons": REASONS,
        "verdicts": VERDICTS,
        "query": query,
        "next": after,
        "place": order.index(pk) + 1 if pk in order else 0,
        "of": len(order),
        "documents": Document.objects.filter(preparation__submission=one),
        "is_office": is_office(),
    }  # fmt: skip
    return render(request, "web/review.html", more, status=status)


def _after(order: Sequence[int], pk: int) -> int | None:
    """The next claim of the list."""
    others = [one for one in order if one != pk]
    if pk in order and order.index(pk) + 1 < len(order):
        return order[order.index(pk) + 1]
    return others[0] if others else None


def _save(
    request: HttpRequest, one: Submission, audited: AuditedClaim, typed: Sequence[Typed]
) -> list[tuple[str, str]]:
    """Save what was typed; why that was not possible."""
    if why := why_not(request, one):
        return [("", f"{why} Nothing is lost: what you typed is below.")]
    seen = reviewing.unsigned(request.POST.get("seen", ""), one.pk)
    if moved := reviewing.changed(seen, reviewing.seen_of(audited)):
        return [("", f"Since this page was shown: {' '.join(moved)} Look again; what you typed is below.")]
    decisions = {**one.decisions, "findings": [asdict(each) for each in typed]}
    try:
        one.keep(version_of(request), decisions=decisions, seen=seen, taken_by=request.user)
    except Conflict:
        who = one.taken_by.get_username() if one.taken_by is not None and is_office() else "another window"
        return [("", SAVED_ELSEWHERE.format(who=who))]
    return []


def _saved(request: HttpRequest, pk: int, query: str) -> HttpResponse:
    if request.POST.get("then") == "decide":
        return redirect(f"{reverse('decide', args=(pk,))}{query}")
    messages.success(request, "Saved. The sentences of the letter are below.")
    return redirect(f"{reverse('review', args=(pk,))}{query}")
