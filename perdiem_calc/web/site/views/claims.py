"""My claims, a new one, and what is done with a whole claim: copy, delete, versions, send, correct, export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from perdiem_calc.errors import PerdiemError
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.web import following, output
from perdiem_calc.web.answers import Draft, as_typed, day_in, get, put, store_all
from perdiem_calc.web.judging import Judged, judge
from perdiem_calc.web.progress import deadline, missing_words
from perdiem_calc.web.questions import NEW, PAGES, questions_in
from perdiem_calc.web.site.forms import QuestionForm, summary
from perdiem_calc.web.site.incoming import submit
from perdiem_calc.web.site.models import KEPT_DELETED, Conflict, Document, Preparation, Submission, Version
from perdiem_calc.web.site.reviewing import State, states_of
from perdiem_calc.web.site.views.shared import CONFLICT, SENT, desk, preparation, saved, show, typed_in


@dataclass(frozen=True, slots=True)
class Row:
    """A claim in the list: its state in words, what is missing, who acts next, the days left of the 30."""

    prep: Preparation
    draft: Draft
    judged: Judged
    state: str
    kind: str
    missing: str
    acts: str
    days_left: int | None

    @property
    def officer(self) -> str:
        """Whose claim it is."""
        return str(get(self.draft, "officer.name") or "Officer not named yet")

    @property
    def place(self) -> str:
        """Where the course was."""
        parts = (get(self.draft, "course.place.city"), get(self.draft, "course.place.state"))
        return ", ".join(str(part) for part in parts if part)

    @property
    def days(self) -> str:
        """The days of the trip."""
        ends = (get(self.draft, "trip.departed_at"), get(self.draft, "trip.returned_at"))
        return " to ".join(as_typed(day.isoformat()) for day in map(day_in, ends) if day)


def _row(prep: Preparation, states: Mapping[int, State]) -> Row:
    draft = prep.draft
    judged = judge(draft, desk())
    due = deadline(draft, desk().law)
    left = (due - desk().today).days if due is not None and not prep.is_sent else None
    if prep.is_sent:
        correction = Preparation.objects.filter(corrects=prep, deleted_at=None).first()
        state = f"Corrected by {correction.draft.get('claim_id')}" if correction is not None else "Sent"
        came = states.get(prep.pk)
        if came is not None and (correction is None or prep.withdrawn_at is not None):
            return Row(prep, draft, judged, came.words, came.kind, "", came.acts or "Nobody: it is done", None)
        return Row(prep, draft, judged, state, "done", "", "NASRO reviews it", None)
    ready = judged.is_complete and missing_words(judged) == "Ready to send"
    state, kind = ("Ready to send", "done") if ready else ("Draft", "open")
    return Row(prep, draft, judged, state, kind, "" if ready else missing_words(judged), "You", left)


def _mine(request: HttpRequest) -> list[Preparation]:
    return list(Preparation.objects.filter(owner=request.user, deleted_at=None))


def claims(request: HttpRequest) -> HttpResponse:
    """My claims."""
    gone = Preparation.objects.filter(owner=request.user, deleted_at__gt=timezone.now() - KEPT_DELETED)
    mine = _mine(request)
    states = states_of(mine, request.user)
    rows = [_row(prep, states) for prep in mine]
    return render(request, "web/claims.html", {"rows": rows, "gone": gone})


def _taken(request: HttpRequest) -> set[str]:
    return {str(prep.content.get("claim_id")) for prep in Preparation.objects.filter(owner=request.user)}


def new(request: HttpRequest) -> HttpResponse:
    """The first questions of a claim; from then on it is saved."""
    begun = _remembered(request)
    template = Preparation.objects.filter(owner=request.user, pk=_number(request.GET.get("copy"))).first()
    if template is not None:
        begun = following.copied(template.draft)
    if request.method != "POST":
        form = QuestionForm(NEW, begun)
        return _show_new(request, form, [])
    draft = store_all(begun, NEW, typed_in(request))
    _split_city(draft, "course.place")
    _split_city(draft, "trip.official_station")
    form = QuestionForm(NEW, draft, typed_in(request))
    errors = _new_errors(form, draft)
    if errors:
        return _show_new(request, form, errors, status=422)
    today = desk().today.isoformat()
    draft = following.started(draft, following.new_claim_id(draft, today, _taken(request)), today)
    prep = Preparation.objects.create(owner=request.user, content=draft)
    prep.keep("new")
    return redirect("tasks", prep.pk)


def _new_errors(form: QuestionForm, draft: Draft) -> list[tuple[str, str]]:
    """What keeps a claim from being started: only what cannot be read, and days that cannot be."""
    judged = judge(draft, desk())
    form.is_valid()
    form.take(judged, missing=False)
    for question in questions_in(NEW):
        if question.needed and not form.data[question.path].strip():
            form.add_error(question.path, f"Answer this: {question.label}")
    return summary(form.box(question) for question in questions_in(NEW))


def _show_new(
    request: HttpRequest, form: QuestionForm, errors: list[tuple[str, str]], status: int = 200
) -> HttpResponse:
    more = {"form": form, "errors": errors, "cities": cities()}
    return render(request, "web/new.html", more, status=status)


def cities() -> list[str]:
    """The localities of the rates, to choose from while typing."""
    from perdiem_calc.rates.ratebook import Ratebook

    return [f"{one.name}, {one.state}" for one in Ratebook.open().localities(fiscal_year(desk().today)) if one.id]


def _split_city(draft: Draft, path: str) -> None:
    """A city typed with its state is both."""
    city = str(get(draft, f"{path}.city") or "")
    name, comma, state = city.rpartition(",")
    if comma and (get(draft, f"{path}.state") in (None, state.strip(), state.strip().upper())):
        put(draft, f"{path}.city", name.strip())
        put(draft, f"{path}.state", state.strip().upper())


def _remembered(request: HttpRequest) -> Draft:
    """The agency's own data, as the last claim had it."""
    begun: Draft = {}
    last = Preparation.objects.filter(owner=request.user, content__has_key="agency").first()
    if last is not None:
        for path in ("agency", "award", "trip.official_station"):
            put(begun, path, get(last.draft, path))
    return begun


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def task_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks of one claim."""
    prep = preparation(request, pk)
    judged = judge(prep.draft, desk())
    due = deadline(prep.draft, desk().law)
    more: dict[str, Any] = {
        "due": due,
        "left": (due - desk().today).days if due else None,
        "missing": missing_words(judged),
    }
    if prep.is_sent:
        more["came"] = states_of([prep], request.user).get(prep.pk)
    return show(request, "sent" if prep.is_sent else "tasks", prep, prep.draft, judged, None, **more, **_old(prep))


def _old(prep: Preparation) -> dict[str, Any]:
    """The amounts of the claim that this one corrects."""
    if prep.corrects is None:
        return {}
    before = judge(prep.corrects.draft, desk())
    return {
        "old": before.itemized.totals if before.itemized is not None else None,
        "old_id": prep.corrects.content.get("claim_id"),
    }


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a claim, so that it can be taken back for 30 days."""
    prep = preparation(request, pk)
    prep.deleted_at = timezone.now()
    prep.save(update_fields=["deleted_at"])
    messages.success(request, "The claim was deleted. You can take it back for 30 days, below.")
    return redirect("claims")


def ask_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a claim is deleted."""
    if request.method == "POST":
        return delete(request, pk)
    prep = preparation(request, pk)
    return show(request, "delete", prep, prep.draft, judge(prep.draft, desk()), None)


@require_POST
def undelete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a deleted claim back."""
    gone = Preparation.objects.filter(owner=request.user, deleted_at__gt=timezone.now() - KEPT_DELETED, pk=pk)
    if not gone.update(deleted_at=None):
        raise Http404
    messages.success(request, "The claim is back.")
    return redirect("claims")


def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The last versions of a draft, each of which can be taken back."""
    prep = preparation(request, pk)
    titles = {slug: page.title for slug, page in PAGES.items()} | {
        "new": "Started",
        "import": "Imported",
        "undo": "Taken back",
    }
    every = [(one, titles.get(one.page, one.page)) for one in Version.objects.filter(preparation=prep)]
    if request.method == "POST":
        number = _number(request.POST.get("number"))
        version = Version.objects.filter(preparation=prep, number=number).first()
        if version is None:
            raise Http404
        if why := saved(request, prep, dict(version.content), "undo"):
            messages.error(request, why)
        else:
            messages.success(request, f"The claim is again as it was in version {number}.")
        return redirect("versions", pk)
    return show(request, "versions", prep, prep.draft, judge(prep.draft, desk()), None, every=every)


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as JSON."""
    prep = preparation(request, pk)
    return _attachment(output.json_of(prep.draft), "application/json", output.file_name(prep.draft, ".json"))


def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim as the workbook for NASRO."""
    prep = preparation(request, pk)
    judged = judge(prep.draft, desk())
    if not judged.is_complete:
        messages.error(request, f"The workbook can be made once the claim is complete: {missing_words(judged)}.")
        return redirect("check", pk)
    try:
        content = output.workbook_of(judged, desk())
    except PerdiemError as error:
        messages.error(request, f"The workbook has no room for this claim: {error.said}. Send it as JSON instead.")
        return redirect("certify", pk)
    return _attachment(content, output.XLSX, output.file_name(prep.draft, ".xlsx"))


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the claim was sent: from then on it is read-only."""
    prep = preparation(request, pk)
    draft = prep.draft
    if get(draft, "submitted_on") is None:
        put(draft, "submitted_on", desk().today.isoformat())
    if not judge(draft, desk()).is_complete:
        messages.error(request, "The claim is not complete yet.")
        return redirect("check", pk)
    try:
        prep.save_draft(draft, prep.version, "certify", sent_at=timezone.now())
    except Conflict:
        messages.error(request, SENT if prep.is_sent else CONFLICT)
    else:
        if settings.SERVING.is_office:
            return _submit(request, prep)
    return redirect("tasks", pk)


def _submit(request: HttpRequest, prep: Preparation) -> HttpResponse:
    """Put the workbook with its documents into the queue of this server; where that fails, the claim is not sent."""
    names = [str(one.name) for one in Document.objects.filter(preparation=prep)]
    try:
        submit(prep, output.workbook_of(judge(prep.draft, desk()), desk()), names)
    except (PerdiemError, ValueError) as error:
        Preparation.objects.filter(pk=prep.pk).update(sent_at=None)
        why = error.said if isinstance(error, PerdiemError) else str(error)
        messages.error(request, f"The claim could not be sent: {why}. Send the workbook by mail instead.")
        return redirect("certify", prep.pk)
    return redirect("tasks", prep.pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a claim that was sent, unless NASRO has decided on it."""
    prep = preparation(request, pk)
    came = states_of([prep], request.user).get(prep.pk)
    if not prep.is_sent or prep.withdrawn_at is not None:
        messages.error(request, "Only a claim that was sent can be withdrawn.")
    elif came is not None and not came.waits:
        messages.error(request, f"The claim cannot be withdrawn any more: {came.words}. Make a correction instead.")
    else:
        Preparation.objects.filter(pk=pk).update(withdrawn_at=timezone.now())
        # What a reviewer types meanwhile is a conflict, and the claim leaves the queue.
        Submission.objects.filter(preparation=prep).update(version=F("version") + 1)
        messages.success(request, "The claim is withdrawn. NASRO does not decide on it.")
    return redirect("tasks", pk)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a correction of a claim that was sent; where it was withdrawn, the same claim again."""
    prep = preparation(request, pk)
    today = desk().today.isoformat()
    taken, number = _taken(request), 2
    while (name := f"{str(prep.content.get('claim_id'))[:55]}-C{number - 1}") in taken:
        number += 1
    draft = (following.corrected if prep.withdrawn_at is None else following.again)(prep.draft, name, today)
    made = Preparation.objects.create(owner=request.user, content=draft, corrects=prep)
    made.keep("new")
    return redirect("tasks", made.pk)


def forget_old() -> None:
    """Remove what was deleted more than 30 days ago."""
    Preparation.objects.filter(deleted_at__lt=timezone.now() - KEPT_DELETED - timedelta(days=1)).delete()
