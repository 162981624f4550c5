"""The pages on which a claim is prepared."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from perdiem_calc.claims.model import CARRIERS
from perdiem_calc.review.explanation import explain
from perdiem_calc.rules.days import TravelDay
from perdiem_calc.text import capitalized
from perdiem_calc.web import nights as days
from perdiem_calc.web.answers import Draft, day_in, get, put, read, renumbered, store, store_all, why_unfit
from perdiem_calc.web.following import follow
from perdiem_calc.web.judging import Judged, judge
from perdiem_calc.web.questions import (
    COST,
    DAY,
    ITEMS,
    LINES,
    MILEAGE,
    NIGHT,
    OPTIONS,
    PAGES,
    Items,
    Question,
    Section,
    Sections,
    entry_of,
    page_of,
    question_at,
    questions_in,
)
from perdiem_calc.web.site.forms import QuestionForm, html_id, summary, wording
from perdiem_calc.web.site.models import Preparation
from perdiem_calc.web.site.views.claims import cities
from perdiem_calc.web.site.views.shared import (
    after,
    all_findings,
    desk,
    is_live,
    link_of,
    live,
    preparation,
    saved,
    show,
    typed_in,
)


def _closed_by_sending(prep: Preparation) -> HttpResponse | None:
    return redirect("tasks", prep.pk) if prep.is_sent else None


def _errors(form: QuestionForm) -> list[tuple[str, str]]:
    return summary(form.box(question) for question in questions_in(form.sections))


def section(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A page of plain questions: the agency, or the course and the trip; or the certification."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    page = PAGES[slug]
    draft, typed, conflict = prep.draft, None, ""
    if request.method == "POST":
        typed = typed_in(request)
        draft = _answered(prep.draft, page.sections, typed)
        if is_live(request):
            return live(request, prep, draft, page)
        conflict = saved(request, prep, draft, slug)
    judged = judge(draft, desk())
    form = QuestionForm(page.sections, draft, typed)
    form.is_valid()
    others = form.take(judged, missing="fix" in request.GET)
    links = [(link_of(one.path, pk, draft)[0], wording(one, None)) for one in others if page_of(one.path) is page]
    errors = [*_errors(form), *links]
    if conflict:
        errors = [("", conflict), *errors]
    if request.method == "POST" and not errors:
        return after(request, slug, pk)
    more: dict[str, Any] = {
        "form": form,
        "errors": errors,
        "cities": cities(),
        "others": others,
        "saved": bool(typed) and not conflict,
        "commuter": days.is_commuter(draft),
    }
    return show(request, slug, prep, draft, judged, page, status=422 if typed and errors else 200, **more)


def _answered(draft: Draft, sections: Sections, typed: dict[str, str]) -> Draft:
    after_it = store_all(draft, sections, typed)
    if "commuter" in typed:
        _set_commuter(after_it, drives_home=typed["commuter"] == "yes")
    return follow(after_it, draft)


def _set_commuter(draft: Draft, *, drives_home: bool) -> None:
    """Day trips instead of nights, or nights instead of day trips."""
    if drives_home == days.is_commuter(draft):
        return
    if drives_home:
        first, last = day_in(get(draft, "course.starts_on")), day_in(get(draft, "course.ends_on"))
        inside = [day for day in days.days_of(draft) if first and last and first <= day <= last]
        put(draft, "trip.day_trips", [{"date": day.isoformat()} for day in inside] or None)
        put(draft, "lodging", None)
    else:
        put(draft, "trip.day_trips", None)
    put(draft, "trip.stops", None)


def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Certify the claim and make the workbook."""
    return section(request, pk, "certify")


def nights(request: HttpRequest, pk: int) -> HttpResponse:
    """A row a day: the room, its tax, the meals."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    page, draft, conflict, filled = PAGES["nights"], prep.draft, "", ""
    fill_errors: list[tuple[str, str]] = []
    typed = typed_in(request) if request.method == "POST" else None
    if typed is not None:
        do = typed.get("do", "")
        rows, filled, fill_errors = _typed_rows(draft, typed, do)
        answered = {"no": False, "yes": True}.get(typed.get("furnished", ""))
        draft = days.put_rows(draft, rows, meals_answered=answered)
        if is_live(request):
            return live(request, prep, draft, page, rows=_grid(draft, judge(draft, desk()), None)[0])
        conflict = saved(request, prep, draft, "nights")
        if do and not conflict and not fill_errors:
            if do == "fill":
                messages.success(request, "The nights are filled in. Check them below.")
            anchor = f"#row-{filled}" if filled else "#nights"
            return redirect(reverse("nights", args=(pk,)) + anchor)
    judged = judge(draft, desk())
    grid, errors = _grid(draft, judged, typed if conflict else None, missing="fix" in request.GET)
    errors = [*([("", conflict)] if conflict else []), *fill_errors, *errors]
    if typed is not None and not errors:
        return after(request, "nights", pk)
    more = {
        "rows": grid,
        "errors": errors,
        "furnished": _furnished(draft),
        "bill": _bill(draft),
        "fill": _fill_values(draft, typed if fill_errors else None),
        "commuter": days.is_commuter(draft),
        "sources": _sources(judged),
    }
    return show(request, "nights", prep, draft, judged, page, status=422 if typed and errors else 200, **more)


def _typed_rows(draft: Draft, typed: dict[str, str], do: str) -> tuple[Draft, str, list[tuple[str, str]]]:
    """The rows as typed, and what a button did: the day it filled in, or why it could not."""
    rows = days.rows_of(draft)
    before, filled, errors = days.bill_of(rows), "", []
    for _, questions in days.grid_questions(rows):
        for question in questions:
            if question.path in typed:
                store(rows, question, typed[question.path])
    if do == "fill":
        errors = _fill(rows, typed)
    elif do.startswith("same:") and do[5:] in rows:
        filled = do[5:]
        days.same_as_above(rows, filled)
    if BILL.path in typed:
        days.put_bill(rows, typed[BILL.path].strip(), before)
    return rows, filled, errors


def _furnished(draft: Draft) -> str:
    meals = draft.get("furnished_meals")
    return "" if meals is None else "yes" if meals else "no"


def _sources(judged: Judged) -> list[str]:
    if judged.itemized is None:
        return []
    used = {(rate.locality.in_words, rate.fiscal_year, rate.source.name) for rate in judged.itemized.rates_used()}
    return [f"{capitalized(place)}, fiscal year {year} ({name})" for place, year, name in sorted(used)]


def _grid(
    draft: Draft, judged: Judged, typed: dict[str, str] | None, *, missing: bool = False
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The rows of the page, and what is wrong in them."""
    rows = days.rows_of(draft)
    by_day = {day.on: day for day in judged.itemized.days} if judged.itemized is not None else {}
    found, errors = [], []
    for at, (on, questions) in enumerate(days.grid_questions(rows)):
        form = QuestionForm((Section("", _with_open_meals(questions, rows[on])),), rows, typed)
        form.is_valid()
        for path, key, part in (("lodging", "night", "night"), ("furnished_meals", "date", "meals")):
            index = days.index_of(draft, path, key, on)
            for problem in judged.at(f"{path}[{index}]") if index is not None else ():
                name = f"{on}.{part}.{problem.path.partition('].')[2]}"
                if name in form.fields and name not in form.errors and (missing or not problem.is_missing):
                    form.add_error(name, wording(problem, None))
        boxes = [form.box(question) for question in form.sections[0].questions]
        errors += summary(boxes)
        day = date.fromisoformat(on)
        travel = by_day.get(day)
        night = days.index_of(draft, "lodging", "night", on)
        found.append(
            {
                "on": on,
                "day": days.in_words(day),
                "is_first": at == 0,
                "room": [box for box in boxes if ".night." in box.question.path],
                "meals": [box for box in boxes if ".meals." in box.question.path],
                "where": _place(by_day, day),
                "ceiling": travel.lodging_rate.lodging if travel and travel.lodging_rate else None,
                "mie": travel.mie_rate.mie.total if travel and travel.mie_rate else None,
                "share": f"{travel.share:.0%}" if travel else "",
                "kind": capitalized(travel.kind.value) if travel else "",
                "room_allowed": _allowed(judged, "N", night),
                "tax_allowed": _allowed(judged, "T", night),
                "mie_allowed": _mie(judged, day),
                "special": _special(rows[on]),
                "rare": html_id(f"rare-{on}"),
            }
        )
    return found, errors


def _with_open_meals(questions: tuple[Question, ...], row: Draft) -> tuple[Question, ...]:
    """The boxes of a row, with the choice "not answered" for meals that the claim leaves open."""
    return tuple(
        replace(one, choices="open_meals") if get(row, one.path.partition(".")[2]) == days.UNANSWERED else one
        for one in questions
    )


def _allowed(judged: Judged, kind: str, index: int | None) -> Decimal | None:
    line = judged.line(kind, "lodging", index) if index is not None else None
    return line.amount_allowed if line is not None else None


def _place(by_day: dict[date, TravelDay], day: date) -> str:
    """Whose rates a day takes, where they are not those of the day before."""
    rates = [travel.lodging_rate for on in (day, day - timedelta(days=1)) if (travel := by_day.get(on))]
    if not rates or rates[0] is None or (len(rates) > 1 and rates[1] and rates[1].locality == rates[0].locality):
        return ""
    return rates[0].locality.in_words


def _mie(judged: Judged, day: date) -> Decimal | None:
    if judged.itemized is None:
        return None
    return next(
        (line.amount_allowed for line in judged.itemized.lines if line.group == "mie" and line.on == day), None
    )


def _special(row: Draft) -> list[str]:
    """What a row holds that only the day's own page shows."""
    said = []
    kind = get(row, "night.type")
    if kind and kind != "hotel":
        said.append(OPTIONS["rooms"].get(str(kind), str(kind)))
    if get(row, "day.personal") is True:
        said.append("Day of leave")
    if get(row, "night.sharers"):
        said.append(f"Shared by {get(row, 'night.sharers')}")
    if get(row, "night.approval"):
        said.append("Approval")
    if get(row, "night.receipt"):
        said.append(f"Bill {get(row, 'night.receipt')}")
    if get(row, "day.mie_paid"):
        said.append(f"Agency paid ${get(row, 'day.mie_paid')}")
    return said


BILL = Question(
    "bill",
    "What is the number of the hotel bill?",
    hint="Write a number on it, like R1. A room without a bill is not paid. Another bill some night? Open that day.",
    width="short",
)


def _bill(draft: Draft) -> QuestionForm:
    form = QuestionForm((Section("", (BILL,)),), {"bill": days.bill_of(days.rows_of(draft))})
    form.is_valid()
    return form


FILL = (
    Question("fill.first", "First night", "day", width="short"),
    Question("fill.last", "Last night", "day", width="short"),
    Question("fill.room", "Room, before tax", "amount", width="short"),
    Question("fill.tax", "Tax on the room", "amount", width="short"),
)


def _fill_values(draft: Draft, typed: dict[str, str] | None) -> QuestionForm:
    every = days.days_of(draft)
    begun = {"fill": {"first": every[0].isoformat(), "last": every[-2].isoformat()}} if len(every) > 1 else {}
    form = QuestionForm((Section("", FILL),), begun, typed)
    form.is_valid()
    return form


def _fill(rows: Draft, typed: dict[str, str]) -> list[tuple[str, str]]:
    """Fill in several nights as typed; what is wrong with it."""
    found: dict[str, Any] = {}
    errors = []
    for question in FILL:
        text = typed.get(question.path, "")
        if why := why_unfit(question, text) or ("" if text.strip() or question.path == "fill.tax" else "is missing"):
            errors.append((html_id(question.path), f"{question.label}: {why}"))
        else:
            found[question.path.partition(".")[2]] = read(question, text)
    if errors:
        return errors
    within = [on for on in sorted(rows)[:-1] if found["first"] <= on <= found["last"]]
    if not within:
        return [("fill-first", "First night: none of these nights is within the trip; check both days")]
    room, tax = Decimal(found["room"]), Decimal(found["tax"] or "0.00")
    days.fill(rows, within, room, tax, is_whole_bill=typed.get("how") == "bill")
    return []


def day(request: HttpRequest, pk: int, on: date) -> HttpResponse:
    """What is rare about one day and its night."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    key, page, conflict = on.isoformat(), PAGES["nights"], ""
    draft = prep.draft
    rows = days.rows_of(draft)
    if key not in rows:
        raise Http404
    typed = typed_in(request) if request.method == "POST" else None
    sections = _day_sections(rows, key)
    if typed is not None:
        rows = store_all(rows, sections, typed)
        if get(rows, f"{key}.night.type") == "hotel":
            put(rows, f"{key}.night.type", None)
        draft = days.put_rows(draft, rows)
        if get(rows, f"{key}.day.left_at") and not days.is_commuter(prep.draft):
            put(draft, "trip.stops", None)
            draft = follow(draft, prep.draft)
        if is_live(request):
            return live(request, prep, draft, page)
        conflict = saved(request, prep, draft, "nights")
    judged = judge(draft, desk())
    form = QuestionForm(sections, rows, typed)
    form.is_valid()
    for path, name, part in (("lodging", "night", "night"), ("trip.day_trips", "date", "day")):
        index = days.index_of(draft, path, name, key)
        for problem in judged.at(f"{path}[{index}]") if index is not None else ():
            box = f"{key}.{part}.{problem.path.partition('].')[2]}"
            if box in form.fields and box not in form.errors and ("fix" in request.GET or not problem.is_missing):
                form.add_error(box, wording(problem, None))
    errors = [*([("", conflict)] if conflict else []), *_errors(form)]
    if typed is not None and not errors:
        return redirect(reverse("nights", args=(pk,)) + f"#row-{key}")
    more = {"form": form, "errors": errors, "day": days.in_words(on), "cities": cities()}
    return show(request, "day", prep, draft, judged, page, status=422 if errors and typed else 200, **more)


def _day_sections(rows: Draft, key: str) -> Sections:
    is_last = key == max(rows)
    parts = [(NIGHT, "night")] if not is_last or get(rows, f"{key}.night") else []
    parts.append((DAY, "day"))
    return tuple(
        Section(one.title, tuple(_below(question, f"{key}.{part}") for question in one.questions), one.rare, one.hint)
        for sections, part in parts
        for one in sections
    )


def _below(question: Question, prefix: str) -> Question:
    return replace(question, path=f"{prefix}.{question.path}")


def expenses(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of expenses and refunds."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    judged = judge(prep.draft, desk())
    return show(
        request,
        "expenses",
        prep,
        prep.draft,
        judged,
        PAGES["expenses"],
        **lists(prep.draft, judged, "expenses", "refunds"),
    )


def lists(draft: Draft, judged: Judged, *slugs: str) -> dict[str, Any]:
    """The entries of lists, for a page."""
    return {"lists": [(ITEMS[slug], _entries(draft, judged, ITEMS[slug])) for slug in slugs]}


def _entries(draft: Draft, judged: Judged, items: Items) -> list[dict[str, Any]]:
    found = []
    for index, entry in enumerate(get(draft, items.path) or ()):
        line = judged.line("E", items.path, index) if items.path == "expenses" else None
        problems = judged.at(f"{items.path}[{index}]")
        found.append(
            {
                "number": index + 1,
                "entry": entry,
                "title": _title(items, entry),
                "on": day_in(entry.get("date") or entry.get("on") or entry.get("paid_on") or entry.get("arrived_on")),
                "claimed": line.amount_claimed if line is not None else entry.get("amount"),
                "line": line,
                "problem": problems[0].said if problems else "",
            }
        )
    return found


def _title(items: Items, entry: dict[str, Any]) -> str:
    if items.path == "expenses":
        name = OPTIONS["categories"].get(str(entry.get("category")), "Expense")
        more = entry.get("vendor") or entry.get("description")
        if entry.get("category") == "pov_mileage":
            more = f"{entry.get('from') or '?'} to {entry.get('to') or '?'}, {entry.get('miles') or '?'} miles"
        return f"{name}: {more}" if more else name
    if items.path == "trip.stops":
        place = entry.get("place") or {}
        return ", ".join(str(place[name]) for name in ("city", "state") if place.get(name)) or str(
            place.get("zip") or "Place"
        )
    return str(entry.get("source") or entry.get("claim_id") or items.one)


def items(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A list of entries by itself: places, or earlier payments."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    if slug not in ITEMS:
        raise Http404
    if ITEMS[slug].page == "expenses":
        return redirect("expenses", pk)
    judged = judge(prep.draft, desk())
    return show(
        request,
        "items",
        prep,
        prep.draft,
        judged,
        PAGES["course"],
        items=ITEMS[slug],
        **lists(prep.draft, judged, slug),
    )


def item(request: HttpRequest, pk: int, slug: str, number: int = 0) -> HttpResponse:
    """One entry of a list, to add (0) or to change; it is saved at once."""
    prep = preparation(request, pk)
    if gone := _closed_by_sending(prep):
        return gone
    items = ITEMS.get(slug)
    entries = list(get(prep.draft, items.path) or []) if items is not None else []
    if items is None or number > len(entries):
        raise Http404
    page, draft, conflict = PAGES[items.page], prep.draft, ""
    entry = deepcopy(entries[number - 1]) if number else {}
    if not number and request.GET.get("kind") == "mileage":
        entry["category"] = "pov_mileage"
    sections = items.sections_of(entry)
    typed = typed_in(request) if request.method == "POST" else None
    if typed is not None:
        entry = _stated(store_all(entry, sections, typed), entry, sections, items)
        entries = [*entries[: number - 1], entry, *entries[number:]] if number else [*entries, entry]
        put(draft, items.path, entries)
        draft = follow(draft, prep.draft)
        if is_live(request):
            return live(request, prep, draft, page)
        conflict = saved(request, prep, draft, items.page)
        if not conflict and not number:
            number = len(entries)
    judged = judge(draft, desk())
    form = QuestionForm(sections, entry, typed)
    form.is_valid()
    at = f"{items.path}[{number - 1}]"
    others = form.take(judged, missing=typed is not None or "fix" in request.GET, at=at) if number else []
    errors = [*([("", conflict)] if conflict else []), *_errors(form), *(("", wording(one, None)) for one in others)]
    if typed is not None and not errors:
        return redirect(_after_item(pk, slug, typed))
    more = {
        "form": form,
        "errors": errors,
        "items": items,
        "number": number,
        "cities": cities(),
        "is_saved": typed is not None and not conflict,
    }
    more["action"] = reverse("item", args=(pk, slug, number)) if number else request.get_full_path()
    more["is_carrier"] = entry.get("category") in CARRIERS
    return show(request, "item", prep, draft, judged, page, status=422 if errors and typed else 200, **more)


def _stated(entry: Draft, before: Draft, sections: Sections, items: Items) -> Draft:
    """An entry without answers that say what no answer says, unless they were there before."""
    for question in questions_in(sections):
        name = question.path
        if question.default and entry.get(name) == question.default and name not in before:
            entry.pop(name)
    if sections is MILEAGE:
        entry["category"] = "pov_mileage"
    return entry


def _after_item(pk: int, slug: str, typed: dict[str, str]) -> str:
    if typed.get("then") == "another":
        return reverse("item_add", args=(pk, slug)) + ("?kind=mileage" if typed.get("kind") == "mileage" else "")
    return reverse("expenses", args=(pk,)) if ITEMS[slug].page == "expenses" else reverse("items", args=(pk, slug))


def item_delete(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """Ask, and take an entry out of its list; the version before can be taken back."""
    prep = preparation(request, pk)
    items = ITEMS.get(slug)
    entries = list(get(prep.draft, items.path) or []) if items is not None else []
    if items is None or not 0 < number <= len(entries):
        raise Http404
    draft = prep.draft
    if request.method == "POST":
        del entries[number - 1]
        if items.path == "expenses":
            renumbered(
                draft, "E", {old: old - (old >= number) for old in range(len(entries) + 1) if old != number - 1}
            )
        keeps_empty = items.path == "previous_claims"
        put(draft, items.path, entries if entries or keeps_empty else None)
        if why := saved(request, prep, follow(draft, prep.draft), items.page):
            messages.error(request, why)
        else:
            messages.success(request, f"The {items.one} was removed. Earlier versions has the claim as it was.")
        return redirect(_after_item(pk, slug, {}))
    title = _title(items, entries[number - 1])
    judged = judge(draft, desk())
    return show(
        request, "item_delete", prep, draft, judged, PAGES[items.page], items=items, number=number, title=title
    )


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The four amounts, every line with its reason, and every finding as the reviewer will see it."""
    prep = preparation(request, pk)
    draft, conflict = prep.draft, ""
    page = PAGES["check"]
    if request.method == "POST" and not prep.is_sent:
        answers = {name[8:]: value for name, value in typed_in(request).items() if name.startswith("explain.")}
        for name, text in answers.items():
            store(draft, Question(f"explanations.{name}", "", "lines"), text)
        conflict = saved(request, prep, draft, "check")
        if not conflict:
            messages.success(request, "Your answers are saved.")
            return redirect("check" if request.POST.get("then") == "stay" else "certify", pk)
    judged = judge(draft, desk())
    lines = []
    if judged.itemized is not None:
        lines = [
            (
                line,
                OPTIONS["categories"].get(line.category) or LINES.get(line.category, line.category),
                explain(judged.itemized, line.id, desk().law),
            )
            for line in judged.itemized.lines
        ]
    more: dict[str, Any] = {
        "errors": [("", conflict)] if conflict else [],
        "groups": all_findings(judged, prep, draft),
        "lines": lines,
        "open": _open_problems(judged, prep, draft),
    }
    return show(request, "check", prep, draft, judged, page, **more)


def _open_problems(judged: Judged, prep: Preparation, draft: Draft) -> list[tuple[str, str, str]]:
    """What is missing or wrong, each with the link to its question."""
    found = []
    for problem in judged.problems:
        link, place = link_of(problem.path, prep.pk, draft)
        question = question_at(problem.path)
        label = question.label if question is not None and entry_of(problem.path) is None else place
        said = "is not answered yet" if problem.what == "is missing" else wording(problem, None)
        found.append((link, label, said))
    return found


__all__ = ["COST", "certify", "check", "day", "expenses", "item", "item_delete", "items", "nights", "section"]
