"""What the pages of a claim share: the claim of this user, the desk it is judged at, saving, and what is live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.web.answers import Draft, day_in, get
from perdiem_calc.web.judging import Desk, Judged, judge, questioned
from perdiem_calc.web.nights import in_words
from perdiem_calc.web.progress import findings_on, tasks
from perdiem_calc.web.questions import ITEMS, PAGES, Page, entry_of, page_of, question_at
from perdiem_calc.web.site.forms import html_id
from perdiem_calc.web.site.models import Conflict, Preparation
from perdiem_calc.web.site.sessions import is_live as is_live

CONFLICT = (
    "This claim was saved in another window, or twice, after this page was opened. Nothing is lost: what you typed "
    "is below, and not saved yet. Check it, and save again."
)
SENT = "This claim was sent and can no longer be changed. To change something, make a correction."


@cache
def desk() -> Desk:
    """The rates and the law of this server."""
    return Desk.open(settings.SERVING.day, settings.SERVING.source)


def preparation(request: HttpRequest, pk: int) -> Preparation:
    """A claim of this user; another's does not exist."""
    found = Preparation.objects.filter(owner=request.user, deleted_at=None, pk=pk).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a page shows it: its words, its kind, and the link to its field."""

    finding: Finding
    link: str
    place: str
    asks: bool = False
    answer: str = ""

    @property
    def kind(self) -> str:
        """The severity in one word, for the color."""
        return self.finding.severity.value

    @property
    def heading(self) -> str:
        """The severity in plain words."""
        return HEADINGS[self.finding.severity]


HEADINGS: Mapping[Severity, str] = {
    Severity.BLOCKS: "Must be fixed",
    Severity.ADJUSTS: "Amount changed",
    Severity.REVIEW: "A reviewer will ask",
    Severity.INFO: "For your information",
}


def told(findings: Sequence[Finding], pk: int, draft: Draft) -> list[Told]:
    """Findings for a page."""
    return [Told(one, *link_of(one.where.paths[0] if one.where.paths else "", pk, draft)) for one in findings]


def link_of(path: str, pk: int, draft: Draft) -> tuple[str, str]:
    """The address of the question that fills a field, and the words for the link."""
    page = page_of(path)
    entry = entry_of(path)
    if entry is not None:
        for slug, items in ITEMS.items():
            if items.path == entry[0]:
                question = question_at(path)
                anchor = f"#{html_id(question.path)}" if question is not None else ""
                return (
                    f"{reverse('item', args=(pk, slug, entry[1] + 1))}?fix=1{anchor}",
                    f"{items.one} {entry[1] + 1}",
                )
        on = _day_of(path, entry, draft)
        if on:
            name = {"room_rate": "night.room_rate", "tax": "night.tax"}.get(entry[2])
            name = name or (f"meals.{entry[2]}" if entry[0] == "furnished_meals" and entry[2] else None)
            if name:
                return f"{reverse('nights', args=(pk,))}?fix=1#{html_id(f'{on}.{name}')}", _said(on)
            return f"{reverse('day', args=(pk, on))}?fix=1", _said(on)
    if path.startswith("mie_paid."):
        on = path.partition(".")[2]
        return f"{reverse('day', args=(pk, on))}?fix=1", _said(on)
    return f"{address_of(page, pk)}?fix=1{_anchor(path)}", page.title


def _anchor(path: str) -> str:
    question = question_at(path)
    if question is not None:
        return f"#{html_id(question.path)}"
    name = path.removeprefix("attachments.")
    return f"#{html_id(f'status.{name}')}" if name != path else ""


def _said(on: str) -> str:
    day = day_in(on)
    return in_words(day) if day is not None else on


def _day_of(path: str, entry: tuple[str, int, str], draft: Draft) -> str:
    entries = get(draft, entry[0])
    if not isinstance(entries, list) or entry[1] >= len(entries):
        return ""
    one = entries[entry[1]]
    on = one if isinstance(one, str) else one.get("night") or one.get("date") if isinstance(one, dict) else ""
    return str(on) if day_in(on) else ""


def address_of(page: Page, pk: int) -> str:
    """The address of a task."""
    return reverse(page.slug, args=(pk,))


def next_address(slug: str, pk: int) -> str:
    """The address of the task after one."""
    slugs = list(PAGES)
    at = slugs.index(slug) + 1
    return address_of(PAGES[slugs[at]], pk) if at < len(slugs) else reverse("tasks", args=(pk,))


def context(prep: Preparation, draft: Draft, judged: Judged, page: Page | None, **more: Any) -> dict[str, Any]:
    """What every page of a claim shows."""
    about = findings_on(page, judged) if page is not None else []
    return {
        "prep": prep,
        "draft": draft,
        "judged": judged,
        "page": page,
        "totals": judged.itemized.totals if judged.itemized is not None else None,
        "officer": get(draft, "officer.name") or "Officer not named yet",
        "place": ", ".join(filter(None, (get(draft, "course.place.city"), get(draft, "course.place.state")))),
        "first": day_in(get(draft, "trip.departed_at")),
        "last": day_in(get(draft, "trip.returned_at")),
        "about": told([one for one in about if one.severity is not Severity.INFO], prep.pk, draft),
        "notes": told([one for one in about if one.severity is Severity.INFO], prep.pk, draft),
        "tasks": tasks(draft, judged),
        "left_out": len(judged.left_out),
        **more,
    }


def show(
    request: HttpRequest,
    template: str,
    prep: Preparation,
    draft: Draft,
    judged: Judged,
    page: Page | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page of a claim."""
    return render(request, f"web/{template}.html", context(prep, draft, judged, page, **more), status=status)


def live(request: HttpRequest, prep: Preparation, draft: Draft, page: Page, **more: Any) -> HttpResponse:
    """The computed parts of a page for what is typed and not saved yet: the same that saving would show."""
    judged = judge(draft, desk())
    return render(request, "web/live.html", context(prep, draft, judged, page, live=True, **more))


def version_of(request: HttpRequest) -> int:
    """The version that the page was made from."""
    text = str(request.POST.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def saved(request: HttpRequest, prep: Preparation, draft: Draft, page: str) -> str:
    """Save a draft; why that was not possible, or nothing."""
    try:
        prep.save_draft(draft, version_of(request), page)
    except Conflict:
        prep.refresh_from_db()
        return SENT if prep.is_sent else CONFLICT
    return ""


def after(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where a page goes once it is saved."""
    if request.POST.get("then") == "list":
        return redirect("tasks", pk)
    if request.POST.get("then") == "stay":
        messages.success(request, "Saved.")
        return redirect(address_of(PAGES[slug], pk))
    return redirect(next_address(slug, pk))


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What was typed, by the names of the boxes."""
    return {name: str(value) for name, value in request.POST.items()}


def all_findings(judged: Judged, prep: Preparation, draft: Draft) -> list[tuple[str, str, list[Told]]]:
    """All findings in groups, the gravest first: the kind, its heading with their number, and them."""
    found = questioned(judged.findings)
    groups = []
    for severity in reversed(Severity):
        of_it = [one for one in found if one.severity is severity]
        if of_it:
            rows = told(of_it, prep.pk, draft)
            if severity is Severity.REVIEW:
                rows = _with_answers(rows, draft.get("explanations") or {})
            groups.append((severity.value, f"{HEADINGS[severity]} ({len(of_it)})", rows))
    return groups


def _with_answers(rows: list[Told], answers: Mapping[str, str]) -> list[Told]:
    """The first finding of each check, with the box for the agency's answer to that check."""
    asked: set[str] = set()
    found = []
    for one in rows:
        check = one.finding.check
        found.append(replace(one, asks=check not in asked, answer=str(answers.get(check) or "")))
        asked.add(check)
    return found
