"""The application in the test's own process: one set-up for all tests, a database of its own for each."""

from __future__ import annotations

import json
import os
import re
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.house_rules import ROOT
from tests.support.serving import TODAY

SAMPLE = json.loads((ROOT / "data" / "samples" / "2026-ORL-0001.json").read_text(encoding="utf-8"))
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
"""The Content-Security-Policy of every answer."""

# Playwright keeps an event loop in the thread of the tests, and Django takes every thread with one for a server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@cache
def set_up() -> Path:
    """Configure Django once in this process; the data folder."""
    from perdiem_calc.web.serving import application, prepare_database, prepare_static
    from perdiem_calc.web.site.settings import Serving, configure

    folder = Path(tempfile.mkdtemp(prefix="perdiem-site-")) / "data"
    configure(Serving(folder, date.fromisoformat(TODAY), "ratebook"))
    prepare_database()
    prepare_static()
    application()
    return folder


def client(name: str = "owner", **options: Any) -> Any:
    """A browser without a screen, with the cookie of a user."""
    set_up()
    from django.contrib.auth import get_user_model
    from django.test import Client

    user, _ = get_user_model().objects.get_or_create(username=name)
    made = Client(raise_request_exception=False, headers={"host": "127.0.0.1"}, **options)
    made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def begun(client: Any, claim: dict[str, Any]) -> Any:
    """A claim in preparation of the client's user."""
    from django.contrib.auth import get_user_model

    from perdiem_calc.web.site.models import Preparation

    user = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    prep = Preparation.objects.create(owner=user, content=claim)
    prep.keep("new")
    return prep


def messages_of(html: str) -> list[str]:
    """The errors in the summary of a page."""
    found = re.search(r'id="summary".*?</div>', html, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", found[0]) if found else []


def addresses(pk: int) -> dict[str, str]:
    """Every address of the application, by name."""
    from django.urls import URLPattern, get_resolver

    places = {"pk": pk, "on": "2026-10-05", "slug": "expenses", "number": 1, "name": "clerk", "token": "no"}
    places |= {"uidb64": "MQ", "table": "officers", "kind": "csv", "sro": 1, "claim_id": "A-1"}
    found = {}
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern)
        address = "/" + str(pattern.pattern)
        for name, value in places.items():
            for kind in ("int:", "day:", "slug:", "str:", ""):
                address = address.replace(f"<{kind}{name}>", str(value))
        found[str(pattern.name)] = address
    return found
