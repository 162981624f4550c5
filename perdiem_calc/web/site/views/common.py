"""Pages that belong to no claim: opening, what went wrong, help, and what the application is."""

from __future__ import annotations

import hmac
import sys
import threading
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from perdiem_calc import __version__
from perdiem_calc.web.site.guides import GUIDES, guide_html
from perdiem_calc.web.site.middleware import INCIDENT, note_failure
from perdiem_calc.web.site.roles import permissions
from perdiem_calc.web.site.sessions import is_live, keep, page_of

_lock = threading.Lock()
_tokens: set[str] = set()
OWNER = "owner"


def expect(token: str) -> None:
    """Let a token open this installation, once."""
    with _lock:
        _tokens.add(token)


def open_up(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the one-time token for the cookie of this installation."""
    with _lock:
        known = next((one for one in _tokens if hmac.compare_digest(one, token)), None)
        _tokens.discard(known or "")
    if known is None or settings.SERVING.is_office:
        return redirect("claims") if request.user.is_authenticated else closed(request)
    user, _ = get_user_model().objects.get_or_create(username=OWNER)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("claims")


def problem(request: HttpRequest, status: int, title: str, text: str, *steps: str) -> HttpResponse:
    """A page about something that went wrong: what, and what to do."""
    more = {"title": title, "text": text, "steps": steps, "failed": INCIDENT in request.META}
    return render(request, "web/problem.html", more, status=status)


def closed(request: HttpRequest) -> HttpResponse:
    """Without the cookie, or without a session that lasts."""
    if settings.SERVING.is_office:
        return ask_to_sign_in(request)
    return problem(
        request,
        403,
        "Open the application from its window",
        "This address works only in the browser in which the application was opened.",
        "Go to the window in which perdiem serve runs.",
        "Stop it with Ctrl-C, and start it again with: perdiem serve",
        "It opens a new address in your browser. Your claims are all there.",
    )


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the page to sign in, and from there to the page that was asked for. What was typed is kept."""
    if is_live(request):
        return HttpResponse(status=403)
    page = request.get_full_path()
    if request.method == "POST":
        page = page_of(request)
        if keep(request):
            messages.warning(
                request, "You were signed out. What you typed is kept: sign in, and the form shows it again."
            )
        elif SESSION_KEY in request.session:
            messages.error(
                request, "You were signed out, and what you typed is too long to be kept. Go back in your browser, "
                "copy it, and sign in."
            )  # fmt: skip
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': page})}")


def not_yours(request: HttpRequest) -> HttpResponse:
    """A page of another role."""
    return problem(
        request,
        403,
        "This page belongs to another role",
        "Your account does not open it. Nothing was changed.",
        "If it should, ask the person who manages the accounts of this server.",
    )


def forbidden(request: HttpRequest, reason: str = "", exception: object = None) -> HttpResponse:
    """A form without its secret, as another site would send it; or one that is very old.

    On an office server a form that was opened before its user signed in again is shown again, with what was typed.
    """
    match = request.resolver_match
    if (
        settings.SERVING.is_office
        and reason.startswith("CSRF token")
        and SESSION_KEY in request.session
        and match is not None
        and match.url_name not in permissions()["anyone"]
    ):
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not is_live(request) and keep(request):
            return redirect(page_of(request))
    return problem(
        request,
        403,
        "This form could not be accepted",
        "It was opened too long ago, or in another browser. Nothing was changed.",
        "Go back, load the page again, and send it once more.",
    )


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """No such page, or another person's."""
    return problem(
        request,
        404,
        "There is no such page",
        "The address is not right, or the claim was deleted.",
        "Go to the start page, and look for it from there.",
        "A deleted claim can be taken back on the page My claims for 30 days.",
    )


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    """A request that no page of ours sends."""
    return problem(
        request, 400, "This request could not be read", "Nothing was changed.", "Go back and try it again."
    )


def failed(request: HttpRequest) -> HttpResponse:
    """The program failed; the incident number is in the log."""
    number = note_failure(request, sys.exc_info()[1])
    return problem(
        request,
        500,
        "The application failed",
        f"This is its fault, not yours. What was saved before is safe. The incident number is {number}.",
        "Go back and try it again.",
        "If it fails again, send the incident number to whoever keeps the program.",
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """A file, or a post, above the limits."""
    return problem(
        request,
        413,
        "The file is too large",
        "A file can have 10 MB, and all files together 100 MB. Nothing was changed.",
        "Scan the document in black and white, or in a lower resolution, and attach it again.",
    )


def about(request: HttpRequest) -> HttpResponse:
    """What this is."""
    return render(request, "web/about.html", {"version": __version__, "data": str(settings.SERVING.data)})


def accessibility(request: HttpRequest) -> HttpResponse:
    """How it can be used by everyone."""
    return render(request, "web/accessibility.html")


def papers(request: HttpRequest) -> HttpResponse:
    """Which paper goes where, with a drawn folio."""
    return render(request, "web/papers.html")


def help_page(request: HttpRequest) -> HttpResponse:
    """The guides there are."""
    return render(request, "web/help.html", {"guides": GUIDES})


def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One guide: the same text as docs/ has."""
    if name not in GUIDES:
        raise Http404
    more: dict[str, Any] = {"title": GUIDES[name], "text": guide_html(name), "name": name}
    return render(request, "web/guide.html", more)
