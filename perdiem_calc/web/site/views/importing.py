"""Import: a workbook, JSON or a mail; what was read is shown before anything is made or replaced."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from perdiem_calc.text import capitalized, readable
from perdiem_calc.web import following
from perdiem_calc.web.answers import get
from perdiem_calc.web.importing import read_upload
from perdiem_calc.web.judging import judge
from perdiem_calc.web.progress import missing_words
from perdiem_calc.web.site.models import Preparation, Reading
from perdiem_calc.web.site.settings import LARGEST_FILE
from perdiem_calc.web.site.views.common import too_large
from perdiem_calc.web.site.views.shared import CONFLICT, desk, saved

SUFFIXES = (".xlsx", ".json", ".toml", ".eml")
_CELL = re.compile(r"^(?P<sheet>[A-Za-z ]+)!(?P<cell>[A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)(?:: )?(?P<label>.*)$")


def import_claim(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read, and what it says is shown."""
    given = request.FILES.get("file") if request.method == "POST" else None
    if request.method != "POST":
        return render(request, "web/import.html", {"errors": []})
    if given is None:
        return _again(request, "Choose a file first.")
    if (given.size or 0) > LARGEST_FILE:
        return too_large(request)
    name = readable(Path(str(given.name)).name)[:150]
    suffix = Path(name).suffix.lower()
    if suffix not in (*SUFFIXES, ".xls", ".xlsm", ".xlsb", ".ods", ".zip"):
        return _again(
            request, f"{name} is none of the kinds that can be imported. Choose an .xlsx, .json or .eml file."
        )
    with tempfile.TemporaryDirectory(prefix="perdiem-", dir=settings.SERVING.data) as folder:
        file = Path(folder) / f"file{suffix}"
        file.write_bytes(given.read())
        found = read_upload(file, name)
    if not found["claims"]:
        rows = [_error_row(one) for one in found["errors"]]
        return render(request, "web/import.html", {"errors": [], "rows": rows, "name": name}, status=422)
    Reading.objects.filter(owner=request.user).delete()
    made = [
        Reading.objects.create(owner=request.user, source=one["source"][:200], content=one["claim"])
        for one in found["claims"]
    ]
    rows = [_error_row(one) for one in found["errors"]]
    return render(
        request, "web/imported.html", {"read": [_shown(request, one) for one in made], "rows": rows, "name": name}
    )


def _again(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "web/import.html", {"errors": [("file", why)]}, status=422)


def _error_row(error: dict[str, str]) -> dict[str, str]:
    """An error as a row: sheet, cell, what it is called, what is wrong, what to type."""
    found = _CELL.match(error["where"])
    place = found.groupdict() if found else {"sheet": "", "cell": error["where"], "label": ""}
    return {**place, "source": error["source"], "what": capitalized(error["what"]), "fix": capitalized(error["fix"])}


def _shown(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    draft = dict(reading.content)
    judged = judge(draft, desk())
    same = None
    for prep in Preparation.objects.filter(owner=request.user, deleted_at=None, sent_at=None):
        if prep.content.get("claim_id") and prep.content.get("claim_id") == draft.get("claim_id"):
            same = prep
            break
    return {
        "reading": reading,
        "draft": draft,
        "judged": judged,
        "totals": judged.itemized.totals if judged.itemized is not None else None,
        "officer": get(draft, "officer.name") or "not named",
        "agency": get(draft, "agency.name") or "not named",
        "place": ", ".join(
            str(part) for part in (get(draft, "course.place.city"), get(draft, "course.place.state")) if part
        ),
        "nights": len(draft.get("lodging") or ()),
        "expenses": len(draft.get("expenses") or ()),
        "missing": missing_words(judged),
        "same": same,
    }


def take(request: HttpRequest, number: int) -> HttpResponse:
    """Make a claim of what was read, or replace the one that has its number."""
    reading = Reading.objects.filter(owner=request.user, pk=number).first()
    if reading is None or request.method != "POST":
        raise Http404
    draft = dict(reading.content)
    replaced = str(request.POST.get("replace", ""))
    prep = (
        Preparation.objects.filter(owner=request.user, deleted_at=None, pk=int(replaced)).first()
        if replaced.isdecimal()
        else None
    )
    if prep is not None:
        if why := saved(request, prep, draft, "import"):
            messages.error(
                request, "That claim was changed meanwhile, and nothing was replaced." if why == CONFLICT else why
            )
            return redirect("tasks", prep.pk)
    else:
        today = desk().today.isoformat()
        prep = Preparation.objects.create(owner=request.user, content=following.started(draft, "", today))
        prep.keep("import")
    reading.delete()
    messages.success(request, "The claim was imported.")
    return redirect("tasks", prep.pk)
