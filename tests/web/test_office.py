"""An office server: who may open what, signing in, sessions and what was typed, people, proxy, backup and restore."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from perdiem_calc.errors import InputError
from tests.support.command import Perdiem
from tests.support.house_rules import ROOT
from tests.support.office import (
    PASSWORD,
    Visitor,
    browser,
    member,
    office,
    run,
    sign_in,
    signed_in,
)
from tests.support.office import add_account as add
from tests.support.office import serving_office as serving
from tests.support.site import CSP, SAMPLE, addresses, begun, messages_of

TABLE = tomllib.loads((ROOT / "perdiem_calc/web/site/permissions.toml").read_text(encoding="utf-8"))
ROLES = ("preparer", "reviewer", "accountant", "analyst", "manager")
MINUTE = 60
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is refused


@pytest.fixture
def server() -> Iterator[None]:
    """An office server without encryption."""
    with office():
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock of the sessions: `clock(600)` is ten minutes later."""
    moved = [time.time()]
    monkeypatch.setattr("perdiem_calc.web.site.sessions.time", lambda: moved[0])

    def later(seconds: float) -> None:
        moved[0] += seconds

    return later


# ---- who may open what


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_open_to_the_roles_of_the_table_and_closed_to_all_others(server: None, role: str) -> None:
    one = member("ann", role)
    claim = begun(signed_in(member("other", "preparer")), {**SAMPLE, "officer": {"name": "Zelda Quimby"}})
    open_to = {*TABLE["anyone"], *TABLE["signed_in"], *TABLE[role]}
    every = addresses(claim.pk)
    assert set(every) == {page for pages in TABLE.values() for page in pages}
    wrong = []
    for name, address in every.items():
        for method in ("get", "post"):
            answer = getattr(signed_in(one), method)(address)
            is_closed = answer.status_code == 403 and b"belongs to another role" in answer.content
            if name == "claims" and name not in open_to:  # who types the server's name comes to the start page
                is_closed = answer.status_code == 302 and answer.headers["Location"] != "/"
            if is_closed is (name in open_to):
                wrong.append(f"{method} {name}: {answer.status_code}")
            if answer.status_code >= 500 or b"Quimby" in getattr(answer, "content", b""):
                wrong.append(f"{method} {name}: {answer.status_code} or another's claim")
            if set(answer.headers["Content-Security-Policy"].split("; ")) != CSP:
                wrong.append(f"{method} {name}: no policy")
            if answer.headers["Cache-Control"].find("no-store") < 0:
                wrong.append(f"{method} {name}: may be stored")
    assert wrong == []


def test_without_signing_in_every_page_leads_to_the_page_to_sign_in(server: None) -> None:
    claim = begun(signed_in(member("other", "preparer")), SAMPLE)
    for name, address in addresses(claim.pk).items():
        for method in ("get", "post"):
            answer = getattr(browser(), method)(address)
            if name in TABLE["anyone"] and name != "open":
                assert answer.status_code in (200, 302, 405, 422), name
            else:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/sign-in?next="), name


def test_roles_that_matter_by_name(server: None) -> None:
    for role, page, status in (
        ("manager", "/people", 200),
        ("manager", "/claims/new", 403),
        ("preparer", "/people", 403),
        ("preparer", "/claims/new", 200),
        ("reviewer", "/claims/new", 403),
        ("accountant", "/people", 403),
    ):
        assert signed_in(member(f"{role}{page.count('/')}{status}", role)).get(page).status_code == status, role


def test_the_navigation_shows_what_a_role_may_open_and_nothing_else(server: None) -> None:
    for role in ROLES:
        page = signed_in(member(role, role)).get("/help").content.decode()
        links = re.findall(r'href="([^"]+)"', page.partition('aria-label="Main"')[2].partition("</nav>")[0])
        assert "/rate" in links
        assert ("/" in links) is (role == "preparer"), role
        assert ("/people" in links) is (role == "manager"), role


def test_another_preparers_claim_does_not_exist_even_of_the_same_agency(server: None) -> None:
    claim = begun(signed_in(member("ann", "preparer", "Rome PD")), SAMPLE)
    other = signed_in(member("bob", "preparer", "Rome PD"))
    for name, address in addresses(claim.pk).items():
        if f"/claims/{claim.pk}/" in address:
            assert other.get(address).status_code in (404, 405), name
            assert other.post(address, {"version": 1}).status_code == 404, name


def test_an_account_without_a_member_opens_nothing(server: None) -> None:
    from django.contrib.auth import get_user_model

    owner, _ = get_user_model().objects.get_or_create(username="owner")
    client = browser()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").headers["Location"] == "/sign-in?next=%2F"


def test_the_one_time_address_of_ones_own_computer_opens_no_office(server: None) -> None:
    from perdiem_calc.web.site.views import common

    common.expect("a-token")
    client = browser()
    assert client.get("/open/a-token").headers["Location"].startswith("/sign-in")
    assert client.get("/").status_code == 302


# ---- signing in


def test_a_person_signs_in_to_the_page_that_was_asked_for_and_out_again(server: None) -> None:
    member("ann", "preparer")
    client = browser()
    assert client.get("/claims/new").headers["Location"] == "/sign-in?next=%2Fclaims%2Fnew"
    answer = sign_in(client, "ann", typed={"next": "/claims/new"})
    assert answer.headers["Location"] == "/claims/new"
    assert b"Signed in as ann (Preparer)" in client.get("/").content
    assert client.post("/sign-out").headers["Location"] == "/signed-out"
    assert b"You are signed out" in client.get("/signed-out").content
    assert client.get("/").status_code == 302


def test_signing_in_leads_to_no_other_server(server: None) -> None:
    member("ann", "preparer")
    assert sign_in(browser(), "ann", typed={"next": "https://evil.example/"}).headers["Location"] == "/"


def test_each_role_comes_to_a_page_that_it_may_open(server: None) -> None:
    for role in ROLES:
        member(role, role)
        client = browser()
        home = sign_in(client, role).headers["Location"]
        assert client.get(home).status_code == 200, role


def test_passwords_are_kept_as_argon2_hashes(server: None) -> None:
    assert member("ann", "preparer").user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_unknown_name_a_wrong_password_and_a_closed_account_get_the_same_answer(server: None) -> None:
    from perdiem_calc.web.site import people

    member("ann", "preparer")
    people.close(member("gone", "preparer"))
    answers = [sign_in(browser(), name, word) for name, word in (("ann", "x"), ("nobody", "x"), ("gone", PASSWORD))]
    assert [one.status_code for one in answers] == [422] * 3
    plain = [re.sub(r'value="[^"]*"', "", one.content.decode()) for one in answers]
    assert len(set(plain)) == 1
    assert messages_of(plain[0]) == ["The name or the password is wrong. Both matter to the letter: check Caps Lock."]


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_five_failures_lock_the_pair_of_name_and_address_for_15_minutes(server: None, name: str) -> None:
    from axes.models import AccessAttempt
    from django.utils import timezone

    member("ann", "preparer")
    member("bob", "preparer")
    at = {"REMOTE_ADDR": "10.0.0.1"}
    codes = [sign_in(browser(), name, "wrong", **at).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    locked = sign_in(browser(), name, PASSWORD, **at)
    assert locked.status_code == 429
    assert b"locked here for 15 minutes" in locked.content
    assert sign_in(browser(), "bob", **at).status_code == 302  # another name from there
    elsewhere = sign_in(browser(), name, REMOTE_ADDR="10.0.0.2")
    assert elsewhere.status_code == (302 if name == "ann" else 422)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=50))
    assert sign_in(browser(), name, **at).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(browser(), name, **at).status_code == (302 if name == "ann" else 422)


def test_a_right_password_in_between_forgets_the_wrong_ones(server: None) -> None:
    member("ann", "preparer")
    for _ in range(3):
        assert [sign_in(browser(), "ann", "wrong").status_code for _ in range(4)] == [422] * 4
        assert sign_in(browser(), "ann").status_code == 302


# ---- sessions


def test_a_session_ends_after_30_minutes_without_a_request(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    for _ in range(3):
        clock(29 * MINUTE)
        assert client.get("/").status_code == 200
    clock(30 * MINUTE)
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_session_ends_after_8_hours_at_the_latest(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    for _ in range(24):
        clock(20 * MINUTE - 1)
        assert client.get("/").status_code == 200
    clock(24)
    assert client.get("/").status_code == 302


def test_the_page_and_the_header_say_when_the_session_ends(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    page = client.get("/")
    assert 'data-left="1800"' in page.content.decode()
    for _ in range(23):
        clock(20 * MINUTE)
        client.get("/stay")
    clock(10 * MINUTE)  # 7:50 of 8 hours
    stay = client.get("/stay")
    assert (stay.status_code, stay.headers["Session-Ends"]) == (204, str(10 * MINUTE))


def test_what_was_typed_when_the_session_had_ended_is_shown_again_and_saved_by_the_person(
    server: None, clock: Any
) -> None:
    ann = member("ann", "preparer")
    client = signed_in(ann)
    claim = begun(client, SAMPLE)
    page = f"/claims/{claim.pk}/agency"
    clock(31 * MINUTE)
    typed = {"version": 1, "agency.name": "Rome <PD>", "agency.remit_to": "5 Main St\nRome, GA", "then": "list"}
    live = client.post(page, typed, headers={"hx-request": "true"})
    assert live.status_code == 403
    answer = client.post(page, typed, headers={"referer": f"http://127.0.0.1{page}?fix=1"})
    assert answer.headers["Location"].startswith("/sign-in?")
    assert "What you typed is kept" in client.get(answer.headers["Location"]).content.decode()
    answer = sign_in(client, "ann")
    assert answer.headers["Location"] == f"{page}?fix=1"
    claim.refresh_from_db()
    assert claim.version == 1  # the server replays nothing
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Your session had ended before this was saved" in shown
    assert "no longer has a box" not in shown
    assert 'value="Rome &lt;PD&gt;"' in shown
    assert "5 Main St\nRome, GA</textarea>" in shown
    assert client.post(page, typed).status_code == 302
    claim.refresh_from_db()
    assert (claim.version, claim.content["agency"]["name"]) == (2, "Rome <PD>")
    assert "had ended" not in client.get(f"{page}?fix=1").content.decode()


def test_what_was_typed_meets_a_claim_that_was_saved_meanwhile(server: None, clock: Any) -> None:
    ann = member("ann", "preparer")
    client = signed_in(ann)
    claim = begun(client, SAMPLE)
    page = f"/claims/{claim.pk}/agency"
    clock(31 * MINUTE)
    client.post(page, {"version": 1, "agency.name": "Mine"}, headers={"referer": f"http://127.0.0.1{page}"})
    signed_in(ann).post(page, {"version": 1, "agency.name": "Meanwhile"})
    sign_in(client, "ann")
    shown = client.get(page).content.decode()
    assert 'name="version" value="1"' in shown
    assert client.post(page, {"version": 1, "agency.name": "Mine"}).status_code == 422
    claim.refresh_from_db()
    assert claim.content["agency"]["name"] == "Meanwhile"


def test_what_was_typed_is_dropped_when_another_person_signs_in(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    member("bob", "preparer")
    clock(31 * MINUTE)
    client.post("/claims/new", {"officer.name": "Kim Park"}, headers={"referer": "http://127.0.0.1/claims/new"})
    assert sign_in(client, "bob").headers["Location"] == "/"
    assert "Kim Park" not in client.get("/claims/new").content.decode()
    client.post("/sign-out")
    assert sign_in(client, "ann").headers["Location"] == "/"
    assert "Kim Park" not in client.get("/claims/new").content.decode()


def test_what_was_typed_can_be_discarded(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    clock(31 * MINUTE)
    client.post("/claims/new", {"officer.name": "Kim Park"}, headers={"referer": "http://127.0.0.1/claims/new"})
    sign_in(client, "ann")
    assert 'value="Kim Park"' in client.get("/claims/new").content.decode()
    answer = client.post("/discard", {"path": "/claims/new", "page": "/claims/new"})
    assert answer.headers["Location"] == "/claims/new"
    assert "Kim Park" not in client.get("/claims/new").content.decode()
    assert client.post("/discard", {"path": "/", "page": "//evil.example"}).headers["Location"] == "/"


def test_a_form_opened_before_signing_in_again_is_shown_again_and_not_lost(server: None) -> None:
    client = signed_in(member("ann", "preparer"), enforce_csrf_checks=True)
    client.get("/claims/new")
    answer = client.post(
        "/claims/new",
        {"officer.name": "Kim Park", "csrfmiddlewaretoken": "x" * 64},
        headers={"referer": "http://127.0.0.1/claims/new"},
    )
    assert answer.headers["Location"] == "/claims/new"
    assert 'value="Kim Park"' in client.get("/claims/new").content.decode()


def test_each_kind_of_box_shows_what_was_typed_and_the_rest_is_named(server: None) -> None:
    from django.test import RequestFactory

    from perdiem_calc.web.site.sessions import filled

    boxes = (
        "<input name=text value=old><textarea name=lines>old</textarea>"
        "<input type=hidden name=csrfmiddlewaretoken value=fresh>"
        "<input type=checkbox name=on value=1><input type=checkbox name=off value=1 checked>"
        "<input type=radio name=way value=car checked><input type=radio name=way value=air>"
        "<select name=kind><option value=a selected>A<option value=b>B</select><input type=file name=scan>"
    )
    page = f"<main id=main><form method=post action=/other></form><form method=post>{boxes}</form></main>"
    typed = {"text": ["new"], "lines": ["a <b>"], "on": ["1"], "way": ["air"], "kind": ["b"], "gone": ["x", "y"]}
    typed |= {"then": ["next"]}
    kept = {"fields": typed, "page": "/form", "files": True}
    shown = filled(RequestFactory().get("/form"), page, "/form", kept).decode()
    assert '<input name="text" value="new">' in shown
    assert "a &lt;b&gt;</textarea>" in shown
    assert '<input type="checkbox" name="on" value="1" checked>' in shown
    assert '<input type="checkbox" name="off" value="1">' in shown
    assert '<input type="radio" name="way" value="car">' in shown
    assert '<input type="radio" name="way" value="air" checked>' in shown
    assert '<option value="a">' in shown
    assert '<option value="b" selected>' in shown
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="fresh">' in shown
    assert "<li>gone: x, y</li>" in shown
    assert "Choose the files again." in shown


@pytest.mark.parametrize("referer", ["http://evil.example/x", "http://127.0.0.1//evil.example/", "", "nonsense"])
def test_what_was_typed_leads_to_no_other_server(server: None, clock: Any, referer: str) -> None:
    client = signed_in(member("ann", "preparer"))
    clock(31 * MINUTE)
    client.post("/claims/new", {"officer.name": "Kim Park"}, headers={"referer": referer})
    assert sign_in(client, "ann").headers["Location"] == "/claims/new"


def test_passwords_are_never_kept(server: None, clock: Any) -> None:
    client = signed_in(member("ann", "preparer"))
    clock(31 * MINUTE)
    client.post("/password", {"old_password": PASSWORD, "new_password1": "secret words here", "other": "x"})
    assert "secret" not in str(client.session["kept"])
    assert PASSWORD not in str(client.session["kept"])


# ---- people


def test_a_manager_adds_a_person_who_chooses_the_password_by_a_link_that_works_once(server: None) -> None:
    manager = signed_in(member("boss", "manager"))
    page = manager.post("/people", {"name": "ann", "role": "preparer", "agency": "Rome PD"}).content.decode()
    (link,) = re.findall(r'value="(http://127\.0\.0\.1/choose-password/[^"]+)"', page)
    path = urlsplit(link).path
    assert sign_in(browser(), "ann", "").status_code == 422
    client = browser()
    shown = client.get(path)
    form = shown.headers["Location"]
    weak = client.post(form, {"new_password1": "password", "new_password2": "password"})
    assert weak.status_code == 422
    assert any("too short" in one for one in messages_of(weak.content.decode()))
    assert client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert sign_in(client, "ann").status_code == 302
    assert b"This link no longer works" in browser().get(path, follow=True).content
    assert b"ann" in manager.get("/people").content
    assert b"Signed in as boss (Manager)" in manager.get(f"/people/{_pk('ann')}").content


def _pk(name: str) -> int:
    """The number of a person."""
    from perdiem_calc.web.site import people

    return int(people.member_named(name).pk)


def test_a_name_is_given_once_whatever_its_letters_case(server: None) -> None:
    manager = signed_in(member("boss", "manager"))
    for name, words in (
        ("BOSS", "is taken"),
        ("owner", "is taken"),
        ("a b", "valid username"),
        ("", "Answer this: Name to sign in with"),
    ):
        answer = manager.post("/people", {"name": name, "role": "preparer"})
        assert answer.status_code == 422, name
        assert any(words in one for one in messages_of(answer.content.decode())), (name, answer.content.decode())


def test_another_role_ends_the_sessions_and_opens_other_pages(server: None) -> None:
    manager, ann = signed_in(member("boss", "manager")), member("ann", "preparer")
    client = signed_in(ann)
    assert client.get("/").status_code == 200
    address = f"/people/{ann.pk}"
    manager.post(address, {"do": "change", "role": "reviewer", "agency": ""})
    assert client.get("/").status_code == 302
    sign_in(client, "ann")
    assert client.get("/claims/new").status_code == 403
    assert manager.post(address, {"do": "change", "role": "emperor"}).status_code == 422


@pytest.mark.parametrize("do", ["end", "reset", "close"])
def test_a_manager_ends_sessions_resets_and_closes(server: None, do: str) -> None:
    manager, ann = signed_in(member("boss", "manager")), member("ann", "preparer")
    both = [signed_in(ann), signed_in(ann)]
    assert [one.get("/").status_code for one in both] == [200, 200]
    answer = manager.post(f"/people/{ann.pk}", {"do": do})
    assert [one.get("/").status_code for one in both] == [302, 302]
    assert sign_in(browser(), "ann").status_code == (302 if do == "end" else 422)
    assert (b"/choose-password/" in answer.content) is (do == "reset")
    if do == "close":
        assert b"Closed" in manager.get("/people").content
        assert b"/choose-password/" in manager.post(f"/people/{ann.pk}", {"do": "reset"}).content


def test_the_last_manager_stays(server: None) -> None:
    boss = member("boss", "manager")
    manager, address = signed_in(boss), f"/people/{boss.pk}"
    answer = manager.post(address, {"do": "change", "role": "analyst"})
    assert answer.status_code == 422
    assert messages_of(answer.content.decode()) == [
        "There is no other manager than boss. Make another person a manager first."
    ]
    assert manager.post(address, {"do": "close"}).headers["Location"] == address
    assert b"no other manager than boss" in manager.get(address).content
    second = member("second", "manager")
    assert manager.post(f"/people/{second.pk}", {"do": "close"}).status_code == 302
    assert manager.post(address, {"do": "close"}).headers["Location"] == address  # a closed one does not count


def test_a_person_changes_the_password_and_is_signed_out_elsewhere(server: None) -> None:
    ann = member("ann", "preparer")
    here, elsewhere = signed_in(ann), signed_in(ann)
    new = "nine purple barns"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password", {**typed, "old_password": "wrong"}).status_code == 422
    assert here.post("/password", typed).headers["Location"] == "/"
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert sign_in(browser(), "ann", new).status_code == 302


# ---- network


def test_behind_a_proxy_cookies_are_secure_and_the_browser_is_told_to_encrypt() -> None:
    with office(proxy="127.0.0.1", hosts=("claims.example",)):
        member("ann", "preparer")
        plain = browser().get("/sign-in")
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://127.0.0.1/sign-in")
        from django.test import Client

        client = Client(headers={"host": "claims.example"})
        page = client.get("/sign-in", secure=True)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert b"not encrypted" not in page.content
        sign_in(client, "ann", secure=True)
        assert client.get("/", secure=True).status_code == 200
        cookies = dict(client.cookies)
        assert set(cookies) == {"__Host-perdiem-test", "__Host-perdiem-form-test"}
        for cookie in cookies.values():
            assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
                True,
                True,
                "Strict",
                "/",
            )
            assert cookie["domain"] == ""
        assert cookies["__Host-perdiem-test"]["max-age"] == ""  # gone with the browser
        assert client.get("/", secure=True, headers={"host": "other.example"}).status_code == 400


def test_without_encryption_every_page_shows_it(server: None) -> None:
    client = signed_in(member("ann", "preparer"))
    for page in ("/", "/claims/new", "/help", "/nothing-there"):
        assert b"This server is not encrypted" in client.get(page).content
    assert b"This server is not encrypted" in browser().get("/sign-in").content


def test_an_office_does_not_say_that_it_runs_on_this_computer(server: None) -> None:
    client = signed_in(member("ann", "preparer"))
    from django.conf import settings

    for page in ("/", "/about", "/accessibility", "/nothing-there"):
        shown = client.get(page).content.decode()
        assert "this computer" not in shown
        assert str(settings.SERVING.data) not in shown


def test_a_failure_of_the_database_is_a_page_with_a_number(server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from perdiem_calc.web.site import sessions

    client = signed_in(member("ann", "preparer"))

    def fail(session: object) -> int:
        raise OperationalError("secret host")

    monkeypatch.setattr(sessions, "_seconds_left", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert re.search(rb"incident number is [0-9a-f]{8}\.", answer.content)
    assert b"secret" not in answer.content


def test_the_log_has_no_password_no_name_and_no_link(server: None, caplog: pytest.LogCaptureFixture) -> None:
    boss = member("boss", "manager")
    with caplog.at_level(logging.DEBUG):
        manager = signed_in(boss)
        page = manager.post("/people", {"name": "ann.lee", "role": "preparer"}).content.decode()
        (token,) = re.findall(r"choose-password/[^/]+/([^\"]+)\"", page)
        client = browser()
        form = client.get(f"/choose-password/MQ/{token}", follow=True)
        assert form.status_code == 200
        for _ in range(6):
            sign_in(client, "my-password-typed-as-name", "wrong-secret")
        sign_in(client, "boss")
    assert "sign-in refused from 127.0.0.1" in caplog.text
    assert "sign-in locked for 127.0.0.1" in caplog.text
    assert f"user {boss.user.pk} signed in from 127.0.0.1" in caplog.text
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    for secret in (PASSWORD, "wrong-secret", "my-password-typed-as-name", token, "ann.lee", "boss"):
        assert not [line for line in lines if secret in line], secret


# ---- the commands, and the server as a program


@pytest.mark.loopback
def test_an_office_server_without_encryption(tmp_path: Path) -> None:
    data = tmp_path / "data"
    add(data, "ann", "preparer", "--agency", "Rome PD")
    with serving(data, "--bind", "127.0.0.1", "--insecure-lan", "--host", "office.example") as where:
        ann = Visitor(where)
        assert ann.ask("GET", "/")[2]["Location"] == "/sign-in?next=%2F"
        assert ann.sign_in("ann") == 302
        status, page, _ = ann.ask("GET", "/")
        assert (status, "No claims yet" in page, "not encrypted" in page) == (200, True, True)
        assert Visitor(where, Host="office.example").ask("GET", "/sign-in")[0] == 200
        assert Visitor(where, Host="evil.example").ask("GET", "/sign-in")[0] == 400
        done = run("users", "reset", "ann", "--data", data, typed="nine purple barns\nnine purple barns\n")
        assert done.stdout == "ann has a new password, and was signed out everywhere.\n", done.stderr
        assert ann.ask("GET", "/")[0] == 302
        assert Visitor(where).sign_in("ann") == 422
        assert Visitor(where).sign_in("ann", "nine purple barns") == 302
        # Nobody forwards here: what says so is a stranger's claim, and the pair is locked all the same.
        codes = [Visitor(where, **{"X-Forwarded-For": f"10.0.0.{at}"}).sign_in("ann", "x") for at in range(6)]
        assert codes[-1] == 429
        busy = run("serve", "restore", tmp_path / "none.tar", "--data", data, "--force")
        assert (busy.returncode, "the application runs; stop it first" in busy.stderr) == (2, True)
    log = (data / "web.log").read_text()
    assert "POST sign_in 302" in log
    for secret in (PASSWORD, "nine purple barns", "ann"):
        assert secret not in log


@pytest.mark.loopback
def test_the_address_of_a_client_comes_from_the_proxy_that_is_named_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    add(data, "ann", "preparer")
    how = ("--bind", "127.0.0.1", "--behind-proxy", "127.0.0.1", "--host", "claims.example")
    with serving(data, *how) as where:

        def forwarded(client: str, **more: str) -> Visitor:
            headers = {"Host": "claims.example", "X-Forwarded-For": client, "X-Forwarded-Proto": "https"}
            return Visitor(where, **{**headers, **more})

        ann = forwarded("203.0.113.9")
        status, page, headers = ann.ask("GET", "/sign-in")
        assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
        assert "not encrypted" not in page
        # What the client itself wrote into the header comes before what the proxy adds.
        codes = [forwarded(f"198.51.100.{at}, 203.0.113.9").sign_in("ann", "x") for at in range(5)]
        assert codes[-1] == 429
        assert ann.sign_in("ann") == 429
        assert forwarded("203.0.113.10").sign_in("ann") == 302
        # Another than the proxy is not believed: not about the encryption, so there is nothing to sign in to.
        stranger = Visitor(where, come_from="127.0.0.2", **ann.headers)
        status, _, headers = stranger.ask("GET", "/sign-in")
        assert (status, headers["Location"]) == (301, "https://claims.example/sign-in")
        assert headers["Strict-Transport-Security"] is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--bind", EVERYWHERE), "web.bind.encryption"),
        (("--bind", "127.0.0.1", "--insecure-lan", "--behind-proxy", "127.0.0.1"), "web.bind.encryption"),
        (("--bind", EVERYWHERE, "--insecure-lan"), "web.host.missing"),
        (("--bind", "127.0.0.1", "--behind-proxy", "127.0.0.1"), "web.host.missing"),
        (("--bind", "my-server", "--insecure-lan"), "web.address.invalid"),
        (("--bind", "127.0.0.1", "--behind-proxy", "proxy", "--host", "a.example"), "web.address.invalid"),
        (("--bind", "127.0.0.1", "--insecure-lan", "--host", "https://a.example"), "web.host.invalid"),
        (("--behind-proxy", "127.0.0.1"), "web.bind.missing"),
        (("--insecure-lan",), "web.bind.missing"),
        (("--host", "a.example"), "web.bind.missing"),
        (("--database", "postgresql://ann:secret@db/claims"), "web.database.password"),
        (("--database", "mysql://db/claims"), "web.database.kind-unknown"),
        (("--database", "postgresql://ann@db/claims?what=1"), "web.database.settings"),
        (("--database", "postgresql://ann@db:port/claims"), "web.database.invalid"),
        (("--port", "1", "backup", "a.tar"), "web.option.misplaced"),
        (("backup", "a.tar"), "web.backup.nothing"),
        (("restore", "a.tar"), "web.backup.missing"),
    ],
)
def test_what_would_not_be_safe_is_refused_with_what_to_do(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], code: str
) -> None:
    from perdiem_calc.cli import serve

    monkeypatch.setattr(serve, "user_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    done = perdiem("serve", *given)
    assert done.code == 2
    assert "; " in done.err  # what is wrong, and what to do
    assert "secret" not in done.err + done.out
    with pytest.raises(InputError) as refused:
        serve.app(list(given), standalone_mode=False)
    assert refused.value.code == code


def test_an_office_that_nobody_can_sign_in_to_is_not_opened(tmp_path: Path) -> None:
    done = run("serve", "--data", tmp_path / "data", "--bind", "127.0.0.1", "--insecure-lan")
    assert done.returncode == 2
    assert done.stderr == (
        "perdiem: --bind: nobody can sign in to this server yet; "
        "make the first account with: perdiem users add NAME --role manager\n"
    )


def test_accounts_are_kept_by_commands(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("users", "list", "--data", data).stdout.startswith("Nobody has an account yet.")
    add(data, "boss", "manager")
    add(data, "ann", "preparer", "--agency", "Rome PD")
    listed = [json.loads(line) for line in run("users", "list", "--data", data, "--json").stdout.splitlines()]
    assert listed == [
        {"name": "ann", "role": "preparer", "agency": "Rome PD", "is_open": True},
        {"name": "boss", "role": "manager", "agency": "", "is_open": True},
    ]
    changed = run("users", "role", "ann", "--role", "reviewer", "--data", data, "--json")
    assert json.loads(changed.stdout) == listed[0] | {"role": "reviewer"}
    assert run("users", "remove", "ann", "--data", data).stdout == (
        "ann can sign in no more. The claims of ann are kept.\n"
    )
    assert "(closed)" in run("users", "list", "--data", data).stdout
    for words, given, typed in (
        ("there is no other manager than boss", ("remove", "boss"), ""),
        ("there is no other manager than boss", ("role", "boss", "--role", "analyst"), ""),
        ("'king' is no role", ("role", "ann", "--role", "king"), ""),
        ("'king' is no role", ("add", "eve", "--role", "king"), ""),
        ("the name 'Ann' is taken", ("add", "Ann", "--role", "analyst"), f"{PASSWORD}\n{PASSWORD}\n"),
        ("too short", ("add", "eve", "--role", "analyst"), "short\nshort\n"),
        ("entirely numeric", ("reset", "boss"), "904183756201\n904183756201\n"),
        ("the two passwords differ", ("reset", "ann"), f"{PASSWORD}\nother words here\n"),
        ("no one has the name 'eve'", ("remove", "eve"), ""),
    ):
        done = run("users", *given, "--data", data, typed=typed)
        assert done.returncode == 2, given
        assert words in done.stderr, given
        assert "Traceback" not in done.stderr
    assert PASSWORD not in str(listed)


# ---- backup and restore


def fill(data: Path) -> None:
    """A claim with a document, in a data folder in which ann has an account."""
    program = (
        "import sys, datetime\n"
        "from pathlib import Path\n"
        "from perdiem_calc.web.serving import begin\n"
        "from perdiem_calc.web.site.settings import Serving\n"
        "import os\n"
        "begin(Serving(Path(sys.argv[1]), server=os.environ.get('PERDIEM_WEB_DATABASE', '')))\n"
        "from django.contrib.auth import get_user_model\n"
        "from perdiem_calc.web.site.models import Document, Preparation\n"
        "owner = get_user_model().objects.get(username='ann')\n"
        "made = Preparation.objects.create(owner=owner, content={'officer': {'name': 'Kim \\u00c5'}})\n"
        "made.keep('new')\n"
        "Document.objects.create(preparation=made, item='folio', name='f.pdf', kind='application/pdf', size=4,\n"
        "    file='ab.pdf')\n"
        "(Path(sys.argv[1]) / 'documents' / 'ab.pdf').write_bytes(b'%PDF')\n"
        "print(made.pk)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(data)], check=True, capture_output=True)


@pytest.mark.loopback
def test_a_backup_while_it_runs_is_restored_to_the_same(tmp_path: Path) -> None:
    data, file, again = tmp_path / "data", tmp_path / "backup.tar", tmp_path / "again"
    add(data, "ann", "preparer")
    fill(data)
    office_options = ("--bind", "127.0.0.1", "--insecure-lan")
    with serving(data, *office_options) as where:
        ann = Visitor(where)
        assert ann.sign_in("ann") == 302
        done = run("serve", "backup", file, "--data", data, "--json")
        assert json.loads(done.stdout) == {"claims": 1, "documents": 1, "file": str(file)}, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["backup.json", "key", "web.sqlite", "documents/ab.pdf"]
    refused = run("serve", "backup", file, "--data", data)
    assert "already exists; choose another name, or give --force" in refused.stderr
    restored = run("serve", "restore", file, "--data", again)
    assert restored.stdout == f"Restored to {again}: 1 claims, 1 documents.\n", restored.stderr
    assert (again / "documents" / "ab.pdf").read_bytes() == b"%PDF"
    assert (again / "key").read_bytes() == (data / "key").read_bytes()
    assert {stat.S_IMODE(one.stat().st_mode) for one in (again / "key", again / "web.sqlite")} == {0o600}
    with serving(again, *office_options) as where:
        ann.where = where
        assert ann.ask("GET", "/")[0] == 302  # nobody is signed in
        assert ann.sign_in("ann") == 302
        assert "Kim Å" in ann.ask("GET", "/")[1]
    refused = run("serve", "restore", file, "--data", again)
    assert "something is kept there already" in refused.stderr
    (again / "documents" / "newer.pdf").write_bytes(b"%PDF-newer")
    assert run("serve", "restore", file, "--data", again, "--force").returncode == 0
    assert [one.name for one in (again / "documents").iterdir()] == ["ab.pdf"]
    assert sorted(one.name for one in again.iterdir() if one.is_dir() and one.name != "static") == [
        "documents",
        "inbox",
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder with a claim, and its backup."""
    folder = tmp_path_factory.mktemp("kept")
    data, file = folder / "data", folder / "good.tar"
    add(data, "ann", "preparer")
    fill(data)
    assert run("serve", "backup", file, "--data", data).returncode == 0
    return data, file


@pytest.mark.parametrize(
    "wrong", ["no archive", "cut", "outside", "link", "twice", "newer", "document missing", "database", "other kind"]
)
def test_what_is_no_whole_backup_changes_nothing(kept: tuple[Path, Path], tmp_path: Path, wrong: str) -> None:
    (data, good), file = kept, tmp_path / "bad.tar"
    with tarfile.open(good) as archive:
        members = {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]  # they are files, so there is content
    if wrong == "newer":
        record = json.loads(members["backup.json"])
        record["migrations"].append(["web", "9999_later"])
        members["backup.json"] = json.dumps(record).encode()
    if wrong == "other kind":
        members["backup.json"] = members["backup.json"].replace(b'"sqlite"', b'"postgresql"')
    if wrong == "document missing":
        del members["documents/ab.pdf"]
    if wrong == "database":
        members["web.sqlite"] = members["web.sqlite"][:9000] + b"\xff" * 9000
    if wrong == "outside":
        members["../evil"] = b"x"
    with tarfile.open(file, "w") as archive:
        for name, content in members.items():
            for _ in range(2 if wrong == "twice" and name == "key" else 1):
                one = tarfile.TarInfo(name)
                one.size = len(content)
                archive.addfile(one, io.BytesIO(content))
        if wrong == "link":
            one = tarfile.TarInfo("documents/link")
            one.type, one.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(one)
    if wrong == "no archive":
        file.write_bytes(b"nothing of the kind")
    if wrong == "cut":
        file.write_bytes(good.read_bytes()[:20_000])
    before = (data / "web.sqlite").read_bytes()
    done = run("serve", "restore", file, "--data", data, "--force")
    assert done.returncode == 2, done.stdout
    words = {"newer": "newer program", "other kind": "was made of a postgresql database"}
    assert words.get(wrong, "is no whole backup") in done.stderr
    assert "Traceback" not in done.stderr
    assert (data / "web.sqlite").read_bytes() == before
    assert (data / "documents" / "ab.pdf").read_bytes() == b"%PDF"
    assert not (data.parent / "evil").exists()
    assert not [one for one in data.iterdir() if one.name.startswith(("restoring-", "replaced-"))]


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(tmp_path: Path) -> None:
    data, file, again = tmp_path / "data", tmp_path / "backup.tar", tmp_path / "again"
    add(data, "ann", "preparer")
    fill(data)
    with closing(sqlite3.connect(data / "web.sqlite")) as book, book:  # as it was before 0003_office
        for table in ("web_submission", "web_arrival"):
            book.execute(f"DROP TABLE {table}")
        book.execute("DELETE FROM django_migrations WHERE app = 'web' AND name >= '0003'")
        book.execute("ALTER TABLE web_member DROP COLUMN generation")
        book.execute("ALTER TABLE web_preparation DROP COLUMN withdrawn_at")
    assert run("serve", "backup", file, "--data", data).returncode == 0
    assert run("serve", "restore", file, "--data", again).returncode == 0
    assert "ann" in run("users", "list", "--data", again).stdout


@pytest.mark.loopback
def test_an_office_on_a_postgresql_server(postgres: Any, tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "backup.tar"
    url = postgres.new_database("office_one")
    add(data, "ann", "preparer", database=url)
    os.environ["PERDIEM_WEB_DATABASE"] = url
    try:
        fill(data)
    finally:
        del os.environ["PERDIEM_WEB_DATABASE"]
    with serving(data, "--bind", "127.0.0.1", "--insecure-lan", database=url) as where:
        ann = Visitor(where)
        assert ann.sign_in("ann") == 302
        assert "Kim Å" in ann.ask("GET", "/")[1]
        done = run("serve", "backup", file, "--data", data, "--json", database=url)
        assert json.loads(done.stdout) == {"claims": 1, "documents": 1, "file": str(file)}, done.stderr
    assert not (data / "web.sqlite").exists()
    other, again = postgres.new_database("office_two"), tmp_path / "again"
    restored = run("serve", "restore", file, "--data", again, database=other)
    assert restored.stdout == f"Restored to {again}: 1 claims, 1 documents.\n", restored.stderr
    refused = run("serve", "restore", file, "--data", again, database=other)
    assert "the database: something is kept there already" in refused.stderr
    assert run("serve", "restore", file, "--data", again, "--force", database=other).returncode == 0
    add(again, "bob", "analyst", database=other)  # gets a number that is free
    with serving(again, "--bind", "127.0.0.1", "--insecure-lan", database=other) as where:
        ann = Visitor(where)
        assert ann.sign_in("ann") == 302
        assert "Kim Å" in ann.ask("GET", "/")[1]


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://ann:topsecret@127.0.0.1:{free.getsockname()[1]}/claims"
    done = run("users", "list", "--data", tmp_path / "data", database=url)
    assert done.returncode == 2
    assert "--database: the database cannot be used" in done.stderr
    assert "topsecret" not in done.stderr + done.stdout
