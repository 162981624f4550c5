"""What every page has around its content: the links its reader may follow, who is signed in, and where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from perdiem_calc.web.site.middleware import INCIDENT
from perdiem_calc.web.site.roles import ROLES, may_open
from perdiem_calc.web.site.sessions import LEFT

LINKS: Mapping[str, str] = {
    "claims": "My claims",
    "inbox": "Inbox",
    "queue": "Review",
    "ledger": "Ledger",
    "people": "People",
    "budget": "Budget",
    "sites": "Sites",
    "rate": "Look up a rate",
    "help": "Help",
}
"""The pages of the main navigation, in its order, with their words. The first that a person may open is that
person's start page.
"""


_ARGUMENTS: Mapping[str, tuple[str, ...]] = {"ledger": ("officers",)}
"""What the address of a page begins with, where it needs that."""


def _address(name: str) -> str:
    return reverse(name, args=_ARGUMENTS.get(name, ()))


def home_of(user: Any) -> str:
    """The start page of a user."""
    return next((_address(name) for name in LINKS if may_open(user, name)), reverse("about"))


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What the frame of a page shows. Of a failure it shows no more than is known without the database."""
    serving = settings.SERVING
    frame: dict[str, Any] = {"office": serving.is_office, "insecure": serving.is_insecure}
    user = getattr(request, "user", None)
    if INCIDENT in request.META or user is None or not user.is_authenticated:
        return frame
    match = request.resolver_match
    here = match.url_name if match is not None else ""
    links = [(_address(name), words, name == here) for name, words in LINKS.items() if may_open(user, name)]
    frame |= {"links": links, "home": home_of(user), "session_left": request.META.get(LEFT)}
    if serving.is_office:
        member = getattr(user, "member", None)
        frame |= {"who": user.get_username(), "who_is": ROLES.get(member.role, "") if member is not None else ""}
    return frame
