"""An office server, in the test's own process or as a program of its own, and people who are signed in."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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


def run(*arguments: object, typed: str = "", database: str = "") -> subprocess.CompletedProcess[str]:
    """A command in a process of its own; what is typed answers its questions."""
    environment = {name: value for name, value in os.environ.items() if name != "PERDIEM_WEB_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", "perdiem_calc", *map(str, arguments)],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # without a terminal, a password is read from the input
        env=environment | ({"PERDIEM_WEB_DATABASE": database} if database else {}),
    )


def add_account(data: Path, name: str, role: str, *more: object, database: str = "") -> None:
    """An account, made by the command."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    done = run("users", "add", name, "--role", role, "--data", data, *more, typed=typed, database=database)
    assert (done.returncode, done.stdout) == (0, f"{name} can sign in.\n"), done.stderr


@contextmanager
def serving_office(data: Path, *more: object, database: str = "") -> Iterator[str]:
    """`perdiem serve` for an office while the block lasts: host and port."""
    log = data.with_name(f"{data.name}.log")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"} | ({"PERDIEM_WEB_DATABASE": database} if database else {})
    command = [sys.executable, "-m", "perdiem_calc", "serve", "--data", str(data), "--port", "0", *map(str, more)]
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        until = time.monotonic() + 60
        while not (found := re.search(r"runs at http://(\S+)/", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield found[1]
    finally:
        process.kill()
        process.wait()


class Visitor:
    """The least of a browser, from an address of this computer and with headers as a proxy would add them."""

    def __init__(self, where: str, come_from: str = "127.0.0.1", **headers: str) -> None:
        self.where, self.come_from, self.headers = where, come_from, headers
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **typed: str) -> tuple[int, str, Any]:
        """Status, content and headers."""
        return self._ask(
            method, path, urlencode(typed).encode() if typed else None, "application/x-www-form-urlencoded"
        )

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str, Any]:
        host, _, port = self.where.rpartition(":")
        link = http.client.HTTPConnection(host, int(port), timeout=30, source_address=(self.come_from, 0))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **self.headers}
        if method == "POST":
            headers["Content-Type"] = kind
            encrypted = self.headers.get("X-Forwarded-Proto") == "https"
            headers["Origin"] = f"{'https' if encrypted else 'http'}://{self.headers.get('Host', self.where)}"
        with closing(link):
            link.request(method, path, body, headers)
            answer = link.getresponse()
            text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text, answer.headers

    def sign_in(self, name: str, password: str = PASSWORD) -> int:
        """The status of the answer to name and password."""
        _, page, _ = self.ask("GET", "/sign-in")
        return self.send("/sign-in", page, username=name, password=password)[0]

    def send(self, path: str, page: str, **typed: str) -> tuple[int, str, Any]:
        """Send a form of a page."""
        return self.ask("POST", path, csrfmiddlewaretoken=_secret_of(page), **typed)

    def upload(self, path: str, page: str, files: Sequence[tuple[str, bytes]]) -> tuple[int, str, Any]:
        """Send files by a form of a page."""
        mark = secrets.token_hex(16)
        fields = [('name="csrfmiddlewaretoken"', _secret_of(page).encode())]
        fields += [(f'name="files"; filename="{name}"', content) for name, content in files]
        body = b"".join(
            f"--{mark}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode() + content + b"\r\n"
            for what, content in fields
        )
        return self._ask("POST", path, body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")


def _secret_of(page: str) -> str:
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert found is not None, page[:500]
    return found[1]
