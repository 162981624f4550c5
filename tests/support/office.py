"""An office server in the test's own process: the settings of one, and people who are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.support.site import set_up

PASSWORD = "seven green tractors"  # noqa: S105 - of the tests


@contextmanager
def office(**serving: Any) -> Iterator[None]:
    """Whatever is asked in the block is asked of an office server; `serving` says more about how it runs."""
    set_up()
    from django.conf import settings
    from django.test import override_settings

    from perdiem_calc.web.site.settings import office_values

    how = replace(settings.SERVING, is_office=True, **serving)
    with override_settings(**office_values(how, "test")):
        try:
            yield
        finally:
            _forget()


def _forget() -> None:
    from axes.models import AccessAttempt
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.models import Session

    for model in (AccessAttempt, Session):
        model.objects.all().delete()
    get_user_model().objects.filter(member__isnull=False).delete()


def member(name: str, role: str, agency: str = "") -> Any:
    """A person with an account."""
    from perdiem_calc.web.site import people

    return people.add(name, role, agency, PASSWORD)


def browser(**options: Any) -> Any:
    """A browser without a screen that is not signed in."""
    from django.test import Client

    return Client(raise_request_exception=False, headers={"host": "127.0.0.1"}, **options)


def signed_in(one: Any, **options: Any) -> Any:
    """A browser in which a person is signed in."""
    made = browser(**options)
    made.force_login(one.user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def sign_in(client: Any, name: str, password: str = PASSWORD, **more: Any) -> Any:
    """The answer to a name and a password."""
    return client.post("/sign-in", {"username": name, "password": password, **more.pop("typed", {})}, **more)
