"""`perdiem serve` as a program: its start and end, who may read its data, and drafts that survive any end of it."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from perdiem_calc.files import Extra
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.serving import Server, serving, start

pytestmark = [pytest.mark.loopback, pytest.mark.unmeasured]
SECRET = re.compile(r'csrfmiddlewaretoken" value="([^"]+)')
VERSION = re.compile(r'name="version" value="(\d+)"')


class Browser:
    """The least of a browser: it keeps cookies, follows redirects, and sends forms."""

    def __init__(self, server: Server) -> None:
        self.base, self.cookies, self.url = server.base, dict[str, str](), ""
        self.get(urlsplit(server.opening).path)

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        """The page at a path."""
        address = urlsplit(self.base)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.strip().partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.url = path
        target = answer.getheader("Location")
        return self.get(target) if target else text

    def get(self, path: str) -> str:
        """A page."""
        return self.ask("GET", path)

    def post(self, path: str, page: str, **answers: str) -> str:
        """Send a form of a page."""
        found = SECRET.search(page)
        assert found is not None, page[:500]
        return self.ask("POST", path, urlencode({"csrfmiddlewaretoken": found[1], **answers}))


def begin(browser: Browser) -> str:
    """Start a claim; its address."""
    answers = {
        "officer.name": "Ann Lee",
        "trip.official_station.city": "Rome",
        "trip.official_station.state": "GA",
        "course.place.city": "Orlando",
        "course.place.state": "FL",
        "course.starts_on": "10/5/2026",
        "course.ends_on": "10/9/2026",
        "trip.departed_at:day": "10/4/2026",
        "trip.returned_at:day": "10/9/2026",
    }
    browser.post("/claims/new", browser.get("/claims/new"), **answers)
    return browser.url


def test_it_opens_once_keeps_its_data_private_and_ends_by_ctrl_c(tmp_path: Path) -> None:
    server = start(tmp_path / "data")
    try:
        browser = Browser(server)
        assert "No claims yet" in browser.get("/")
        stranger = Browser(server)  # the token is used up
        assert "Open the application from its window" in stranger.get("/")
        assert stat.S_IMODE(os.stat(server.data).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(server.data / "key").st_mode) == 0o600
    finally:
        code = server.end()
    assert code == 0
    said = server.log.read_text(encoding="utf-8")
    assert said.endswith("Ended. Your claims are kept.\n")
    assert "Traceback" not in said
    log = (server.data / "web.log").read_text(encoding="utf-8")
    assert "GET claims 200" in log
    assert urlsplit(server.opening).path.rpartition("/")[2] not in log


def test_it_listens_on_this_computer_alone(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        port = urlsplit(server.base).port
        with socket.socket() as other, pytest.raises(OSError, match="refused"):
            other.connect(("127.0.0.2", port))


def test_a_port_that_is_taken_is_refused_with_what_to_do(perdiem: Perdiem, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AssertionError, match="is used by another program; choose another with --port"):
            start(tmp_path / "data", "--port", str(taken.getsockname()[1]))


def test_without_the_extra_one_line_says_how_to_install_it(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perdiem_calc.cli import serve

    monkeypatch.setattr(serve, "extra", lambda name: Extra(name, "the browser", ("no_such_module",)))
    run = perdiem("serve", "--data", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("perdiem: the browser application is not installed; install it with: ")
    assert run.err.count("\n") == 1


def test_a_killed_server_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    server = start(tmp_path / "data")
    browser = Browser(server)
    path = begin(browser)
    page = browser.get(f"{path}agency")
    found = VERSION.search(page)
    assert found is not None
    browser.post(f"{path}agency", page, version=found[1], **{"agency.name": "Rome PD"})
    server.kill()
    with serving(tmp_path / "data") as again:
        assert json.loads(Browser(again).get(f"{path}json"))["agency"]["name"] == "Rome PD"


@pytest.mark.slow
def test_a_draft_survives_a_hundred_kills_in_the_midst_of_saving(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_savers", str(tmp_path / "data"), "100"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines()[-1:] == ["100 kills, nothing lost"], run.stdout + run.stderr
