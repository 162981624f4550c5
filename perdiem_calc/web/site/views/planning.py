"""Plan: a budget of planned trips, and course sites ranked. The command line computes; these pages ask and show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from perdiem_calc.text import capitalized
from perdiem_calc.web.answers import as_typed, read, why_unfit
from perdiem_calc.web.plans import FILES, GROUPINGS, Plan, begin, pasted, plan_of, without_blank
from perdiem_calc.web.questions import Question
from perdiem_calc.web.site.settings import LARGEST_FILE
from perdiem_calc.web.site.views.common import too_large

SUFFIXES = (".csv", ".xlsx")
WORDS = {"group_total": "Cost of the trips", "group_reimbursable": "NASRO pays", "group_agency_share": "Agencies pay"}
AMOUNTS = tuple(WORDS)
DAYS = {"first": Question("first", "", "day", width="short"), "last": Question("last", "", "day", width="short")}

Errors = list[tuple[str, str]]


def budget(request: HttpRequest) -> HttpResponse:
    """Ask for a table of trips and what is supposed of them."""
    return _asked(request, "budget", ("limit", "rooms", "years"))


def sites(request: HttpRequest) -> HttpResponse:
    """Ask for sites and weeks."""
    return _asked(request, "sites", ("limit", "rooms", "start", "by", "first", "last"))


def _asked(request: HttpRequest, kind: str, names: tuple[str, ...]) -> HttpResponse:
    page = f"web/{kind}.html"
    if request.method != "POST":
        return render(request, page, {"asked": {}, "errors": []})
    typed = {name: str(request.POST.get(name, "")).strip()[:200] for name in names}
    text = str(request.POST.get("table", ""))
    given = request.FILES.get("file")
    if given is not None and (given.size or 0) > LARGEST_FILE:
        return too_large(request)
    suffix = Path(str(given.name)).suffix.lower() if given is not None else ".csv"
    asked: dict[str, Any] = {**typed, "kind": kind, "table": text}
    errors: Errors = [(name, capitalized(why_unfit(DAYS[name], typed[name]))) for name in DAYS if name in typed]
    errors = [(name, why) for name, why in errors if why]
    errors += [(name, "Write the Monday on which a course may begin.") for name in DAYS if typed.get(name) == ""]
    if suffix not in SUFFIXES:
        errors.append(("file", "Choose a .csv or .xlsx file."))
    if given is None and not text.strip():
        errors.append(("table", "Paste a table, or choose a file."))
    if errors:
        return render(request, page, {"asked": asked, "errors": errors}, status=422)
    days = {name: str(read(DAYS[name], typed[name])) for name in DAYS if name in typed}
    content = given.read() if given is not None else pasted(text)
    user = int(str(request.user.pk))
    plan = begin(settings.SERVING.data, user, {**asked, **days, "typed": typed}, content, suffix, _source())
    return redirect("plan", plan.token)


def _source() -> str:
    return str(settings.SERVING.source)


def plan(request: HttpRequest, token: str) -> HttpResponse:
    """What came of a plan, or that it is being computed."""
    found = _plan(request, token)
    kind = found.asked["kind"]
    more: dict[str, Any] = {"plan": found, "asked": {**found.asked, **found.asked["typed"]}, "errors": []}
    answer = found.answer
    if answer is None:
        return render(request, "web/computing.html", more)
    if answer["errors"]:
        more["errors"] = [("table", _sentence(error)) for error in answer["errors"]]
        return render(request, f"web/{kind}.html", more)
    files = [name for name in FILES if (found.folder / name).is_file() and not name.endswith(".svg")]
    more |= {"files": files, "picture": next((one for one in FILES if _has_picture(found, one)), None)}
    more |= _budget(found, answer) if kind == "budget" else _sites(answer)
    return render(request, f"web/{kind}.html", more)


def _has_picture(plan: Plan, name: str) -> bool:
    return name.endswith(".svg") and (plan.folder / name).is_file()


def _sentence(error: dict[str, str]) -> str:
    fix = f"; {error['fix']}" if error.get("fix") else ""
    where = f"{error['where']}: " if error.get("where") else ""
    return capitalized(f"{where}{error['what']}{fix}.")


def _budget(plan: Plan, answer: dict[str, Any]) -> dict[str, Any]:
    (record,) = answer["records"]
    years = record.get("fiscal_years") or {"": record}
    names, rows, count = plan.rows("budget.csv")
    table = without_blank(names, rows)
    return {
        "record": record,
        "sums": [
            (WORDS[name], [one["totals"][name] for one in years.values()], record.get("change", {}).get(name))
            for name in AMOUNTS
        ],
        "years": [name for name in years if name],
        "groups": [(name, [*_groups(record["by"][name], years)]) for name in GROUPINGS if record["by"].get(name)],
        "amounts": [*WORDS.values()],
        "head": [name.replace("_", " ") for name, _ in table],
        "rows": [*zip(*(cells for _, cells in table), strict=True)],
        "count": count,
    }


def _groups(groups: Iterable[dict[str, Any]], years: Iterable[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The name of each group, the fiscal year where there are several, and its figures."""
    for group in groups:
        for year in years:
            yield group["name"], year, group[year] if year else group


def _sites(answer: dict[str, Any]) -> dict[str, Any]:
    ranked = [one | {"week": as_typed(one["week"])} for one in answer["records"] if one.get("rank") is not None]
    return {"ranked": ranked, "not_compared": [one for one in answer["records"] if one.get("rank") is None]}


def plan_file(request: HttpRequest, token: str, name: str) -> FileResponse:
    """A file of a plan: a picture to be shown, another to be kept."""
    path = _plan(request, token).folder / name
    if name not in FILES or not path.is_file():
        raise Http404
    return FileResponse(
        open(path, "rb"),
        content_type=FILES[name],
        as_attachment=not name.endswith(".svg"),
        filename=name,
    )


def _plan(request: HttpRequest, token: str) -> Plan:
    found = plan_of(settings.SERVING.data, int(str(request.user.pk)), token)
    if found is None:
        raise Http404
    return found
