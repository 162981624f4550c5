"""Deciding on a claim: totals, what remains of the limit now, who the officer is, the letter; recorded in the ledger.

The decision goes where that of an audited copy goes: `auditing.resuming.decide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from perdiem_calc.auditing.outputs import Item, Places, write
from perdiem_calc.auditing.recording import Office
from perdiem_calc.auditing.resuming import Resumed
from perdiem_calc.auditing.resuming import decide as decided_on
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.ledger import Ledger
from perdiem_calc.money import ZERO, dollars
from perdiem_calc.review.decisions import Conclusion, ReviewedClaim, concluded, paired
from perdiem_calc.review.letters import Decided, Sender, agency_letter, as_text
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.rules.law import load_law
from perdiem_calc.text import capitalized
from perdiem_calc.web.site import reviewing
from perdiem_calc.web.site.incoming import is_whole
from perdiem_calc.web.site.models import Conflict, Submission
from perdiem_calc.web.site.views.review import (
    SAVED_ELSEWHERE,
    asks_ledger,
    chosen_of,
    filters_of,
    is_office,
    look_at,
    submission,
    why_not,
)
from perdiem_calc.web.site.views.shared import version_of
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.values import Unfit

PRODUCTS = {
    "letter": ("letter.txt", "text/plain; charset=utf-8"),
    "copy": ("copy.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "report": ("report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
COPIED = "The copy was not written, though the decision is recorded: {why}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What recording would do: the conclusion and the letter; `error` where the decisions do not fit together."""

    conclusion: Conclusion | None
    letter: str
    error: tuple[str, str] | None = None


WHO_IS_IT = "Say first who the officer is, above, and audit the claim with this officer."


def is_open(one: Submission, audited: AuditedClaim) -> bool:
    """Whether a person must first say who the officer is."""
    return audited.is_identity_open and chosen_of(one) is None


def folder_of(one: Submission) -> Path:
    """Where the letter, the copy and the report of a decided claim are."""
    return Path(settings.SERVING.inbox) / "decided" / str(one.pk)


def _amount_in(text: str) -> Decimal | None:
    """An amount that was typed. Raises Unfit or InputError."""
    return dollars(values.amount(text)) if text.strip() else None


@asks_ledger
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Totals, the officer, the letter; and the record of it."""
    one = submission(pk)
    if why := why_not(request, one):
        messages.error(request, why)
        return redirect(f"{reverse('review', args=(pk,))}{filters_of(request)}")
    if request.method == "POST" and request.POST.get("then") == "officer":
        return _choose(request, one)
    with reviewing.ledger_of(request.user) as ledger:
        look = look_at(one, ledger, fresh=request.method == "POST")
        audited = look.audited
        if isinstance(audited, Unreadable):
            return redirect("review", pk)
        typed_amount = str(request.POST.get("amount", one.decisions.get("amount", "")))[:40]
        errors: list[tuple[str, str]] = []
        amount: Decimal | None = None
        try:
            amount = _amount_in(typed_amount)
        except (Unfit, InputError) as unfit:
            errors.append(("amount", f"Amount to pay: {unfit.what}; {unfit.fix}"))
        if request.method == "POST" and not errors:
            outcome = _record(request, one, look, amount, ledger)
            if isinstance(outcome, HttpResponse):
                return outcome
            errors = outcome
            one.refresh_from_db()
            look = look_at(one, ledger)
            audited = look.audited if isinstance(look.audited, AuditedClaim) else audited
    return _show(request, one, audited, amount, typed_amount, errors)


def _choose(request: HttpRequest, one: Submission) -> HttpResponse:
    """Keep who the reviewer says the officer is; the claim is then audited with that."""
    officer = str(request.POST.get("officer", ""))
    officer = officer if officer == "new" or officer.isdecimal() else ""
    try:
        one.keep(version_of(request), decisions={**one.decisions, "officer": officer}, seen={}, taken_by=request.user)
    except Conflict:
        messages.error(request, SAVED_ELSEWHERE.format(who="another window"))
    return redirect(f"{reverse('decide', args=(one.pk,))}{filters_of(request)}")


def _show(
    request: HttpRequest,
    one: Submission,
    audited: AuditedClaim,
    amount: Decimal | None,
    typed_amount: str,
    errors: list[tuple[str, str]],
) -> HttpResponse:
    seen = reviewing.seen_of(audited)
    typed = reviewing.typed_of(one, audited)
    reviewed = reviewing.reviewed_of(audited, typed, amount, seen, reviewing.name_of(request.user))
    moved = reviewing.changed(one.seen, seen) if one.seen else []
    preview = preview_of(audited, reviewed)
    left = _left(audited)
    totals = audited.itemized.totals if audited.itemized is not None else None
    decisions = list(zip(audited.to_decide, typed, strict=True))
    pays = preview.conclusion.amount if preview.conclusion is not None else None
    more: dict[str, Any] = {
        "one": one,
        "audited": audited,
        "totals": totals,
        "left": left,
        "left_after": max(ZERO, left - pays) if left is not None and pays is not None else None,
        "decisions": decisions,
        "open": [
            (number, finding) for number, (finding, each) in enumerate(decisions, 1) if not each.verdict
        ] if not reviewed.returned else [],
        "returns": bool(reviewed.returned),
        "adjusts": any(each.verdict == "adjust" for _, each in decisions),
        "near": audited.known.near if audited.known is not None else (),
        "who": WHO_IS_IT if is_open(one, audited) and not errors else "",
        "officer": str(one.decisions.get("officer", "")),
        "preview": preview,
        "problem": preview.error if not errors else None,
        "amount": typed_amount,
        "seen": reviewing.signed(seen, one.pk),
        "moved": moved,
        "errors": errors,
        "query": filters_of(request),
    }  # fmt: skip
    return render(request, "web/decide.html", more, status=409 if errors else 200)


def _left(audited: AuditedClaim) -> Decimal | None:
    """What is left of the officer's limit now, without this claim."""
    if audited.itemized is None:
        return None
    totals = audited.itemized.totals
    return max(ZERO, totals.cap - totals.previously_reimbursed)


def preview_of(audited: AuditedClaim, reviewed: ReviewedClaim) -> Preview:
    """What the decisions come to, and the letter as it will read."""
    try:
        conclusion = concluded(audited, reviewed)
    except PerdiemError as error:
        anchor = error.where if error.where == reviewing.AMOUNT else ""
        return Preview(None, "", (anchor, capitalized(f"{error.what}; {error.fix}" if error.fix else error.what)))
    left = _left(audited) or ZERO
    decided = Decided(
        conclusion.verdict,
        conclusion.amount,
        max(ZERO, left - conclusion.amount),
        paired(audited.to_decide, reviewed.decisions),
    )
    letter = agency_letter([(audited, decided)], [], Sender(), load_law(), reviewing.today())
    return Preview(conclusion, as_text(letter))


def _record(
    request: HttpRequest, one: Submission, look: Any, amount: Decimal | None, ledger: Ledger
) -> HttpResponse | list[tuple[str, str]]:
    """Record the decision: the page after it, or why nothing was written."""
    audited: AuditedClaim = look.audited
    seen = reviewing.unsigned(request.POST.get("seen", ""), one.pk)
    moved = [] if is_whole(one) else ["The file of the claim is not the one that came."]
    moved += reviewing.changed(seen, reviewing.seen_of(audited))
    if moved:
        return [("", text) for text in ("Nothing was recorded: something changed since this page was shown.", *moved)]
    if is_open(one, audited):
        return [("officer-none", WHO_IS_IT)]
    decisions = {**one.decisions, "amount": str(request.POST.get("amount", ""))[:40]}
    try:
        one.keep(version_of(request), decisions=decisions, taken_by=request.user)
    except Conflict:
        who = one.taken_by.get_username() if one.taken_by is not None and is_office() else "another window"
        return [("", f"Nothing was recorded. {SAVED_ELSEWHERE.format(who=who)}")]
    name = reviewing.name_of(request.user)
    reviewed = reviewing.reviewed_of(audited, reviewing.typed_of(one, audited), amount, seen, name)
    done = decided_on(look.batch, look.number, reviewed, Office(ledger, name))
    if isinstance(done, Unreadable):
        return [("", done.reason)]
    if done.status in ("recorded", "not_computed"):
        if done.status == "not_computed":
            Submission.objects.filter(pk=one.pk).update(sent_back_at=timezone.now(), sent_back_by=name)
        _write(request, one, done, reviewed)
        return redirect(f"{reverse('done', args=(one.pk,))}{filters_of(request)}")
    if done.status == "already_recorded":
        messages.success(request, done.why[0])
        return redirect(f"{reverse('done', args=(one.pk,))}{filters_of(request)}")
    if done.status == "changed":
        said = reviewing.changed(seen, reviewing.seen_of(done.audited))
        return [("", text) for text in ("Nothing was recorded: something changed just now.", *said)]
    return [("amount" if why.startswith("amount") else "", capitalized(why)) for why in done.why]


def _write(request: HttpRequest, one: Submission, done: Resumed, reviewed: ReviewedClaim) -> None:
    """Write the letter, the marked copy and the report of what was decided."""
    folder = folder_of(one)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    decided = done.decided
    if decided is None:
        decided = Decided("return", ZERO, ZERO, paired(done.audited.to_decide, reviewed.decisions))
    places = Places(folder / "report.xlsx", folder, folder, force=True, source=settings.SERVING.source)
    item = Item(done.audited, folder / "copy.xlsx", folder / "letter.txt", decided)
    for failed in write([item], [], places, as_of=reviewing.today(), jobs=1):
        messages.error(request, COPIED.format(why=failed.error.said))


@asks_ledger
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided: letter, marked copy, report, history."""
    one = submission(pk)
    with reviewing.ledger_of(request.user) as ledger:
        now = reviewing.queue(ledger)
        standing = now.standing(one)
        history = ledger.history(standing.claim.sro) if standing is not None else []
        waiting = len(now.waiting)
    if standing is None and one.sent_back_at is None:
        return redirect("review", pk)
    folder = folder_of(one)
    letter = folder / PRODUCTS["letter"][0]
    more = {
        "one": one,
        "standing": standing,
        "state": reviewing.state_of(one, standing),
        "history": [entry for entry in history if entry["claim_id"] in ("", str(one.claim_id))],
        "letter": letter.read_text(encoding="utf-8") if letter.is_file() else "",
        "products": [kind for kind, (name, _) in PRODUCTS.items() if (folder / name).is_file()],
        "waiting": waiting,
        "query": filters_of(request),
    }
    return render(request, "web/done.html", more)


def product(request: HttpRequest, pk: int, kind: str) -> HttpResponse | FileResponse:
    """The letter, the marked copy or the report, to save."""
    one = submission(pk)
    if kind not in PRODUCTS or not (folder_of(one) / PRODUCTS[kind][0]).is_file():
        raise Http404
    name, content_type = PRODUCTS[kind]
    return FileResponse(
        open(folder_of(one) / name, "rb"),
        as_attachment=True,
        filename=f"{one.claim_id or 'claim'}-{name}",
        content_type=content_type,
    )
