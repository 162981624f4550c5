"""The checklist: documents attached here, sent by mail, or not needed."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from perdiem_calc.text import readable
from perdiem_calc.web.answers import Draft, get, put
from perdiem_calc.web.judging import judge
from perdiem_calc.web.progress import documents_needed
from perdiem_calc.web.questions import DOCUMENTS, OPTIONS, PAGES
from perdiem_calc.web.site.models import Document, Preparation
from perdiem_calc.web.site.settings import LARGEST_FILE, QUOTA
from perdiem_calc.web.site.views.common import too_large
from perdiem_calc.web.site.views.shared import after, desk, is_live, live, preparation, saved, show

KINDS = {
    b"%PDF-": ("application/pdf", ".pdf"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
}
"""How the files that can be attached begin, and what they are."""


def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a claim."""
    prep = preparation(request, pk)
    if prep.is_sent:
        return redirect("tasks", pk)
    draft, page, errors = prep.draft, PAGES["documents"], []
    if request.method == "POST":
        for item in DOCUMENTS:
            status = str(request.POST.get(f"status.{item}", ""))
            if status in OPTIONS["statuses"]:
                put(draft, f"attachments.{item}", status)
        if is_live(request):
            return live(request, prep, draft, page)
        sent = {item: request.FILES.get(f"file.{item}") for item in DOCUMENTS}
        given = {item: file for item, file in sent.items() if isinstance(file, UploadedFile)}
        if any((file.size or 0) > LARGEST_FILE for file in given.values()):
            return too_large(request)
        errors = _attach(prep, draft, given)
        if why := saved(request, prep, draft, "documents"):
            errors.append(("", why))
        if not errors:
            return after(request, "documents", pk)
    judged = judge(draft, desk())
    needed = documents_needed(draft, judged, desk())
    kept: dict[str, list[Document]] = {}
    for document in Document.objects.filter(preparation=prep):
        kept.setdefault(document.item, []).append(document)
    rows = [
        {
            "item": item,
            "name": name,
            "needed": item in needed,
            "status": get(draft, f"attachments.{item}")
            or ("not_needed" if judged.claim and item not in needed else "missing"),
            "documents": kept.get(item, []),
        }
        for item, name in DOCUMENTS.items()
    ]
    rows.sort(key=lambda row: not row["needed"])
    more = {"rows": rows, "statuses": OPTIONS["statuses"], "errors": errors, "knows": judged.claim is not None}
    return show(request, "documents", prep, draft, judged, page, status=422 if errors else 200, **more)


def _attach(prep: Preparation, draft: Draft, given: dict[str, UploadedFile[bytes]]) -> list[tuple[str, str]]:
    """Keep the files that were given; what is wrong with those that cannot be kept."""
    errors = []
    for item, file in given.items():
        begins = file.read(16)
        kind = next((kind for sign, kind in KINDS.items() if begins.startswith(sign)), None)
        name = readable(Path(str(file.name)).name)[:100]
        if kind is None:
            errors.append((f"file-{item}", f"{name} is no PDF, JPEG or PNG. Save or scan it as a PDF."))
        elif used() + (file.size or 0) > QUOTA:
            errors.append(
                (f"file-{item}", "There is no room for more files. Delete documents of claims that are paid.")
            )
        else:
            key = secrets.token_hex(16) + kind[1]
            with open(_path(key), "xb") as kept:
                for chunk in file.chunks():
                    kept.write(chunk)
            Document.objects.create(preparation=prep, item=item, name=name, kind=kind[0], size=file.size, file=key)
            put(draft, f"attachments.{item}", "attached")
    return errors


def used() -> int:
    """The bytes that all documents take."""
    return sum(Document.objects.values_list("size", flat=True))


def _path(key: str) -> Path:
    return Path(settings.SERVING.uploads) / key


def _document(request: HttpRequest, pk: int, number: int) -> Document:
    found = Document.objects.filter(preparation=preparation(request, pk), pk=number).first()
    if found is None:
        raise Http404
    return found


def document(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A document, to save: never shown by us."""
    found = _document(request, pk, number)
    if not _path(found.file).is_file():
        raise Http404
    return FileResponse(
        open(_path(found.file), "rb"), as_attachment=True, filename=found.name, content_type=found.kind
    )


@require_POST
def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Remove a document."""
    found = _document(request, pk, number)
    _path(found.file).unlink(missing_ok=True)
    found.delete()
    messages.success(request, "The document was removed. Set its status again if another is not attached.")
    return redirect("documents", pk)
