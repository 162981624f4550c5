"""What every answer carries, who may ask, and how much: the layers around the views."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from perdiem_calc.web.site.roles import may_open, roles_of
from perdiem_calc.web.site.settings import LARGEST_POST

INCIDENT = "perdiem.incident"
"""Where the number of a failure is noted of a request."""
Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("perdiem.web")
_NOTHING_ELSE = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"


class Outermost:
    """Headers on every answer, errors too; and one line of log that names no person, amount or content."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with its headers."""
        begun = time.perf_counter()
        response = self._answer(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = _NOTHING_ELSE
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        match = request.resolver_match
        view = match.view_name if match is not None else "-"
        milliseconds = 1000 * (time.perf_counter() - begun)
        log.info("%s %s %d %.0f ms", request.method, view, response.status_code, milliseconds)
        return response


def note_failure(request: HttpRequest, error: BaseException | None) -> str:
    """Give a failure its number, and log where it happened: never its message, which may quote what was typed."""
    number = request.META[INCIDENT] = secrets.token_hex(4)
    steps = traceback.extract_tb(error.__traceback__ if error is not None else None)
    where = " < ".join(f"{step.filename.rpartition('/')[2]}:{step.lineno}" for step in reversed(steps[-5:]))
    log.error("incident %s: %s at %s", number, type(error).__name__, where)
    return number


class SizeLimit:
    """A post that is too large is refused before it is read."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or a refusal."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_POST:
            from perdiem_calc.web.site.views.common import too_large

            return too_large(request)
        return self._answer(request)


class ClosedUnlessOpened:
    """A page is open to the roles that permissions.toml names, and closed to everybody else."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer."""
        return self._answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """The page that says how to get in, or that this is another role's page; None lets the request through."""
        from perdiem_calc.web.site.navigation import home_of
        from perdiem_calc.web.site.views.common import closed, not_yours

        match = request.resolver_match
        if may_open(request.user, str(match.url_name) if match is not None else ""):
            return None
        if not roles_of(request.user):
            return closed(request)
        if request.path == "/":
            return redirect(home_of(request.user))
        return not_yours(request)
