"""How far a claim in preparation has come: the state of each task, and what is missing, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.rules.chp import due_on
from perdiem_calc.text import counted
from perdiem_calc.web.answers import Draft, day_in, get
from perdiem_calc.web.judging import Desk, Judged, Problem, judge, questioned
from perdiem_calc.web.questions import PAGES, Page, page_of

NOT_STARTED, IN_PROGRESS, DONE = "Not started", "In progress", "Done"


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a claim: its page, its state in words, and the state's kind for its color."""

    page: Page
    state: str
    kind: str
    hint: str = ""


def tasks(draft: Draft, judged: Judged) -> list[Task]:
    """The tasks of a claim, in their order."""
    return [_task(page, draft, judged) for page in PAGES.values()]


def _task(page: Page, draft: Draft, judged: Judged) -> Task:
    problems = problems_on(page, judged)
    wrong = sum(not one.is_missing for one in problems)
    blocking = [one for one in findings_on(page, judged) if one.severity is Severity.BLOCKS]
    missing = len(problems) - wrong
    hint = f"{counted(missing, 'answer')} missing" if missing else ""
    if page.slug == "check":
        return _check(page, judged)
    if not is_started(page, draft):
        return Task(page, NOT_STARTED, "none", hint)
    if wrong or blocking:
        return Task(page, f"Needs correction ({wrong + len(blocking)})", "wrong", hint)
    return Task(page, IN_PROGRESS, "open", hint) if missing or _is_open(page, draft) else Task(page, DONE, "done")


def _check(page: Page, judged: Judged) -> Task:
    if not judged.is_complete:
        return Task(page, NOT_STARTED, "none", "Shows the amounts at any time")
    blocking = sum(one.severity is Severity.BLOCKS for one in judged.findings)
    if blocking:
        return Task(page, f"Needs correction ({blocking})", "wrong")
    open_questions = to_explain(judged)
    if open_questions:
        return Task(page, IN_PROGRESS, "open", f"{counted(len(open_questions), 'question')} a reviewer will ask")
    return Task(page, DONE, "done")


def is_started(page: Page, draft: Draft) -> bool:
    """Whether anything was answered on a page that the start of a claim does not answer by itself."""
    asked = {
        "agency": ("agency.name", "award.number", "officer.sro_hired_on"),
        "course": ("course.starts_on", "trip.departed_at"),
        "nights": ("lodging", "furnished_meals", "trip.day_trips"),
        "expenses": ("expenses",),
        "documents": ("attachments",),
        "certify": ("signatures",),
    }
    return any(get(draft, path) is not None for path in asked.get(page.slug, ()))


def _is_open(page: Page, draft: Draft) -> bool:
    """Whether a page that could be sent as it is leaves a question open that NASRO will ask."""
    if page.slug == "nights":
        return get(draft, "furnished_meals") is None
    return page.slug == "certify" and not (
        get(draft, "signatures.fiscal.name") and get(draft, "signatures.fiscal.on")
    )


def problems_on(page: Page, judged: Judged) -> list[Problem]:
    """The problems of a page's fields."""
    return [one for one in judged.problems if page_of(one.path) is page]


def findings_on(page: Page, judged: Judged) -> list[Finding]:
    """The findings about a page's fields."""
    return [one for one in questioned(judged.findings) if one.where.paths and page_of(one.where.paths[0]) is page]


def to_explain(judged: Judged) -> list[Finding]:
    """The reviews that the agency has not answered yet."""
    answered = judged.claim.explanations if judged.claim is not None else {}
    return [
        one for one in questioned(judged.findings) if one.severity is Severity.REVIEW and one.check not in answered
    ]


def deadline(draft: Draft, law: Law) -> date | None:
    """The day by which NASRO wants the claim; None while the course's last day is open."""
    on = day_in(get(draft, "course.completed_on")) or day_in(get(draft, "course.ends_on"))
    if on is None:
        return None
    try:
        return due_on(on, law.count("chp-30-days", "days", day_in(get(draft, "course.ends_on")) or on))
    except RateUnavailable:
        return None


def missing_words(judged: Judged) -> str:
    """What is still to do before a claim can be sent, in a few words."""
    if judged.is_complete:
        blocking = sum(one.severity is Severity.BLOCKS for one in judged.findings)
        return f"{counted(blocking, 'thing')} to fix before NASRO can pay" if blocking else "Ready to send"
    wrong = sum(not one.is_missing for one in judged.problems)
    missing = len(judged.problems) - wrong
    parts = [counted(wrong, "answer") + " to correct"] * bool(wrong) + [
        counted(missing, "answer") + " missing"
    ] * bool(missing)
    return ", ".join(parts)


def documents_needed(draft: Draft, judged: Judged, desk: Desk) -> frozenset[str]:
    """The items of the checklist that the checks ask for when none is there."""
    if judged.claim is None:
        return frozenset()
    bare = judge({**draft, "attachments": {}}, desk)
    paths = [path for one in bare.findings for path in one.where.paths if path.startswith("attachments.")]
    return frozenset(path.partition(".")[2] for path in paths)
