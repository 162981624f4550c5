"""Sessions of an office server: how long they last, and what was typed when one had ended.

A session ends 30 minutes after the last request, 8 hours after signing in, and when the user's role or password
changes. It is still known then: a form that arrives too late is kept in it, for its user alone. Once that user signs
in again the form shows what was typed, for the person to save; when another user signs in, it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import INTERNAL_SERVER_ERROR as SERVER_FAILED
from http.client import OK
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from lxml import html

from perdiem_calc.web.site.models import Member
from perdiem_calc.web.site.settings import IDLE, LONGEST

BEGUN, SEEN, GENERATION, KEPT = "begun", "seen", "generation", "kept"
SEEN_EVERY = 60
"""A session notes at most once in so many seconds that it is used."""
MOST_KEPT = 1 << 18
"""So many characters of typed text are kept of one session."""
ENDS = "Session-Ends"
"""The header that says in how many seconds the session ends if nothing is asked for."""
LEFT, IS_KEPT = "perdiem.left", "perdiem.kept"
"""What is noted of a request: those seconds, and that its form was kept."""
_NEVER_KEPT = ("csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2")

_OF_BUTTONS = ("version", "then", "do")
"""What a page sends that nobody typed."""

Answer = Callable[[HttpRequest], HttpResponseBase]


def address_of(request: HttpRequest) -> str:
    """The address of the client. The server takes it from the proxy that was named, and from no other."""
    return str(request.META.get("REMOTE_ADDR") or "")


def is_live(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page, and shows nothing else."""
    return request.headers.get("HX-Request") == "true"


def begin(sender: object, request: HttpRequest, user: Any, **more: object) -> None:
    """Note in a session when it began, and for which generation of the user's sessions. Called on each sign-in."""
    now = int(time())
    member = Member.objects.filter(user=user).first()
    request.session[BEGUN] = request.session[SEEN] = now
    request.session[GENERATION] = member.generation if member is not None else None


class Sessions:
    """Ends sessions of an office server; puts what was kept into the form of its page."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer. A user whose session has ended is nobody."""
        if not settings.SERVING.is_office or SESSION_KEY not in request.session:
            return self._answer(request)
        left = _seconds_left(request.session)
        if left <= 0:
            request.user = AnonymousUser()
            return self._answer(request)
        request.META[LEFT] = left
        response = self._answer(request)
        if request.user.is_authenticated:
            response.headers[ENDS] = str(left)
            _show_kept(request, response)
        return response


def _seconds_left(session: Any) -> int:
    """How long a session lasts from this request on; none where it has ended."""
    now = int(time())
    begun, seen = session.get(BEGUN), session.get(SEEN)
    if not isinstance(begun, int) or not isinstance(seen, int):
        return 0
    idle, longest = int(IDLE.total_seconds()), int(LONGEST.total_seconds())
    if now >= seen + idle or now >= begun + longest:
        return 0
    generation = Member.objects.filter(user=session[SESSION_KEY], user__is_active=True).values_list("generation")
    if [(session.get(GENERATION),)] != list(generation):
        return 0
    if now >= seen + SEEN_EVERY:
        session[SEEN] = seen = now
    return min(seen + idle, begun + longest) - now


# ---- what was typed


def keep(request: HttpRequest) -> bool:
    """Keep the form that was sent, in the session of the user whom it was shown to; whether it could be kept.

    Files and passwords are not kept.
    """
    if request.method != "POST" or SESSION_KEY not in request.session:
        return False
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in _NEVER_KEPT}
    kept = {path: one for path, one in request.session.get(KEPT, {}).items() if path != request.path}
    kept[request.path] = {"fields": fields, "page": page_of(request), "files": bool(request.FILES)}
    if sum(len(str(one)) for one in kept.values()) > MOST_KEPT:
        return False
    request.session[KEPT] = kept
    request.META[IS_KEPT] = True
    return True


def page_of(request: HttpRequest) -> str:
    """The page with the form: where the request came from on this server, or the address it was sent to."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    # A path that begins with two slashes would be another server's address.
    is_ours = came_from.netloc == request.get_host() and came_from.path[:1] == "/" != came_from.path[1:2]
    return came_from._replace(scheme="", netloc="", fragment="").geturl() if is_ours else request.path


def kept_for(request: HttpRequest, user: Any) -> dict[str, Any]:
    """What is kept in the session for a user who signs in; nothing where it was another who typed it."""
    is_theirs = request.session.get(SESSION_KEY) == str(user.pk)
    return dict(request.session.get(KEPT, {})) if is_theirs else {}


def page_to_open(kept: Mapping[str, Any]) -> str:
    """The page of the form that was kept last; nothing without one."""
    return str(list(kept.values())[-1]["page"]) if kept else ""


def drop(session: Any, path: str) -> None:
    """Keep a form no longer."""
    if path in session.get(KEPT, {}):
        session[KEPT] = {other: one for other, one in session[KEPT].items() if other != path}


def _show_kept(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put what was kept into the form of its page. A form that is sent again is kept no longer."""
    kept = request.session.get(KEPT)
    if not kept:
        return
    if request.method == "POST" and response.status_code < SERVER_FAILED and not is_live(request):
        if IS_KEPT not in request.META:
            drop(request.session, request.path)
        return
    is_page = response.status_code == OK and response.headers.get("Content-Type", "").startswith("text/html")
    if request.method == "GET" and is_page and isinstance(response, HttpResponse):
        for path, one in kept.items():
            if one["page"] == request.get_full_path():
                response.content = filled(request, response.content.decode(), path, one)


def filled(request: HttpRequest, page: str, path: str, kept: Mapping[str, Any]) -> bytes:
    """A page with what was kept in the form that is sent to a path, and a note on top that says so."""
    document: Any = html.document_fromstring(page)
    forms = [one for one in document.forms if one.method == "POST" and _target(one, request.path) == path]
    left = {name: list(values) for name, values in kept["fields"].items() if any(values)}
    form = next((one for one in forms if set(left) & set(one.fields.keys())), None)
    if form is not None:
        for element in form.inputs:
            values = kept["fields"].get(element.name)
            if values is None and element.get("type") == "checkbox":
                values = []  # a box that is not checked is not sent
            if values is not None and element.name not in _NEVER_KEPT:
                _fill(element, values)
                left.pop(element.name, None)
    more = {"path": path, "files": kept["files"], "is_in_form": form is not None, "left": _listed(left)}
    note = render_to_string("web/kept.html", more, request)
    document.get_element_by_id("main").insert(0, html.fragment_fromstring(note))
    return bytes(html.tostring(document, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _target(form: Any, shown: str) -> str:
    """The path that a form is sent to."""
    return urlsplit(form.get("action") or shown).path


def _fill(element: Any, values: list[str]) -> None:
    """Put what was typed into a box, a list or a choice. A choice that is not offered any more is left out."""
    kind = element.get("type", "text")
    if element.tag == "select":
        for option in element.iter("option"):
            is_chosen = option.get("value", option.text) in values
            option.attrib.pop("selected", None)
            if is_chosen:
                option.set("selected", "selected")
    elif element.tag == "textarea":
        element.text = "\n" + values[0]
    elif kind in ("radio", "checkbox"):
        element.attrib.pop("checked", None)
        if element.get("value", "on") in values:
            element.set("checked", "checked")
    elif kind not in ("file", "password", "submit", "button"):
        element.set("value", values[0])


def _listed(left: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """What was typed where the form has no box any more."""
    return [(name, ", ".join(values)) for name, values in left.items() if name not in _OF_BUTTONS]
