"""The pages without a browser: what is open to whom, headers, saving, conflicts, versions, limits, the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.support.site import CSP, SAMPLE, addresses, begun, client, messages_of, set_up

POSTS_ONLY = {
    *("send", "withdraw", "correct", "undelete", "document_remove", "discard"),
    *("review_take", "review_give_back"),
}
OF_NOTHING = {
    *("document", "take", "open", "plan", "plan_file", "officer", "pay"),
    *("review", "submitted", "submitted_document", "decide", "done", "product"),
}
"""Pages of something that is not there in this test."""
OF_AN_OFFICE = {"sign_in", "sign_out", "signed_out", "choose_password", "password"}


@pytest.fixture
def clerk() -> Iterator[Any]:
    """A clerk with a cookie, and nothing kept from other tests."""
    yield client()
    from perdiem_calc.web.site.models import Preparation

    Preparation.objects.all().delete()


def test_every_page_has_the_headers_and_is_closed_without_the_cookie(clerk: Any) -> None:
    from django.test import Client

    prep = begun(clerk, SAMPLE)
    stranger = Client(headers={"host": "127.0.0.1"})
    every = addresses(prep.pk)
    assert len(every) > 30
    for name, address in every.items():
        closed = stranger.get(address)
        assert closed.status_code == (200 if name == "accessibility" else 403), name
        assert name == "accessibility" or b"perdiem serve" in closed.content, name
        assert b"Jordan" not in closed.content, name
        answer = clerk.get(address)
        expected = (
            {200, 302, 404}
            if name in OF_NOTHING
            else {405}
            if name in POSTS_ONLY
            else {404}
            if name in OF_AN_OFFICE
            else {403}
            if name in ("people", "person")
            else {200, 204, 302}
        )
        assert answer.status_code in expected, (name, answer.status_code)
        for one in (closed, answer, clerk.get(address + "-nothing")):
            assert set(one.headers["Content-Security-Policy"].split("; ")) == CSP, name
            assert one.headers["X-Content-Type-Options"] == "nosniff"
            assert one.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert one.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert one.headers["Referrer-Policy"] == "same-origin"
            assert "camera=()" in one.headers["Permissions-Policy"]
            assert one.headers["Cache-Control"] == "no-store"


def test_every_page_is_in_the_table_of_permissions_and_no_other_is() -> None:
    set_up()
    from perdiem_calc.web.site.roles import ROLES, permissions

    assert set(permissions()) == {"anyone", "signed_in", *ROLES}
    assert frozenset().union(*permissions().values()) == set(addresses(1))


def test_another_persons_claim_does_not_exist(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    other = client("someone else")
    for name, address in addresses(prep.pk).items():
        if f"/claims/{prep.pk}/" in address:
            assert other.get(address).status_code in (404, 405), name
            assert other.post(address, {"version": 1}).status_code == 404, name


def test_another_host_is_refused(clerk: Any) -> None:
    assert clerk.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_form_without_its_secret_is_refused() -> None:
    strict = client(enforce_csrf_checks=True)
    answer = strict.post("/claims/new", {"officer.name": "Ann Lee"})
    assert answer.status_code == 403
    assert b"could not be accepted" in answer.content


def test_the_token_opens_once() -> None:
    set_up()
    from django.test import Client

    from perdiem_calc.web.site.views import common

    common.expect("a-token")
    first, second = (Client(headers={"host": "127.0.0.1"}) for _ in range(2))
    assert first.get("/open/a-token").headers["Location"] == "/"
    assert first.get("/").status_code == 200
    assert second.get("/open/a-token").status_code == 403
    (cookie,) = [one for name, one in first.cookies.items() if name.startswith("perdiem-") and "form" not in name]
    assert cookie["samesite"] == "Strict"
    assert cookie["httponly"]


def test_the_pages_say_what_the_command_line_says(clerk: Any) -> None:
    from perdiem_calc import Claim, audit, itemize
    from perdiem_calc.web.site.views.shared import desk

    prep = begun(clerk, SAMPLE)
    page = clerk.get(f"/claims/{prep.pk}/check").content.decode()
    itemized = itemize(Claim.model_validate(SAMPLE), desk().rates, desk().law, as_of=desk().today)
    assert 'data-total="payable">$1,000.00' in page
    for line in itemized.lines:
        sign = "-" if line.amount_allowed < 0 else ""
        assert f'data-allowed="{line.id}">{sign}${abs(line.amount_allowed):,.2f}<' in page, line.id
    from html import escape

    for finding in audit(itemized, desk().rates, desk().law):
        if finding.outcome == "questioned":
            assert escape(finding.message, quote=True) in page, finding.check


def test_what_cannot_be_read_is_kept_as_typed_and_named(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    answer = clerk.post(f"/claims/{prep.pk}/course", {"version": 1, "course.starts_on": "first Monday"})
    assert answer.status_code == 422
    assert messages_of(answer.content.decode()) == ["&#x27;first Monday&#x27; is not a date; type it like 10/4/2026"]
    prep.refresh_from_db()
    assert prep.content["course"]["starts_on"] == "first Monday"
    again = clerk.get(f"/claims/{prep.pk}/course").content.decode()
    assert 'value="first Monday"' in again
    assert "<title>Error: " in again


def test_dates_that_contradict_each_other_are_named_at_their_question(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    typed = {"version": 1, "trip.returned_at:day": "10/3/2026", "trip.returned_at:time": "6 pm"}
    answer = clerk.post(f"/claims/{prep.pk}/course", typed).content.decode()
    assert "#trip-returned_at-day" in answer
    assert "is not after the departure" in answer


def test_a_second_save_from_an_old_page_is_refused_and_shows_what_was_typed(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    address = f"/claims/{prep.pk}/agency"
    assert clerk.post(address, {"version": 1, "agency.name": "First PD"}).status_code == 302
    twice = clerk.post(address, {"version": 1, "agency.name": "First PD"})
    assert twice.status_code == 302  # the same again: a double click
    other = clerk.post(address, {"version": 1, "agency.name": "Other PD"})
    assert other.status_code == 422
    page = other.content.decode()
    assert "saved in another window" in page
    assert 'value="Other PD"' in page
    assert 'name="version" value="2"' in page
    prep.refresh_from_db()
    assert (prep.version, prep.content["agency"]["name"]) == (2, "First PD")
    assert clerk.post(address, {"version": 2, "agency.name": "Other PD"}).status_code == 302


def test_fifty_versions_are_kept_and_can_be_taken_back(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    for number in range(1, 61):
        clerk.post(f"/claims/{prep.pk}/agency", {"version": number, "agency.name": f"Town {number}"})
    assert [one.number for one in prep.versions.all()] == list(range(61, 11, -1))
    clerk.post(f"/claims/{prep.pk}/versions", {"version": 61, "number": 21})
    prep.refresh_from_db()
    assert (prep.version, prep.content["agency"]["name"]) == (62, "Town 20")


def test_a_deleted_claim_can_be_taken_back(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    assert b"Delete the claim of Jordan Reyes?" in clerk.get(f"/claims/{prep.pk}/delete").content
    clerk.post(f"/claims/{prep.pk}/delete")
    assert clerk.get(f"/claims/{prep.pk}/").status_code == 404
    assert b"Take it back" in clerk.get("/").content
    clerk.post(f"/claims/{prep.pk}/undelete")
    assert clerk.get(f"/claims/{prep.pk}/").status_code == 200


def test_a_sent_claim_is_read_only_and_can_be_corrected(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    clerk.post(f"/claims/{prep.pk}/send")
    assert b"The claim was sent" in clerk.get(f"/claims/{prep.pk}/").content
    clerk.post(f"/claims/{prep.pk}/agency", {"version": 2, "agency.name": "Changed"})
    prep.refresh_from_db()
    assert prep.content["agency"]["name"] == SAMPLE["agency"]["name"]
    made = clerk.post(f"/claims/{prep.pk}/correct").headers["Location"]
    page = clerk.get(made).content.decode()
    assert "Compared with 2026-ORL-0001" in page
    content = json.loads(clerk.get(f"{made}json").content)
    assert (content["kind"], content["replaces"], content["claim_id"]) == (
        "corrected",
        "2026-ORL-0001",
        "2026-ORL-0001-C1",
    )
    assert b"Corrected by 2026-ORL-0001-C1" in clerk.get("/").content


def test_live_amounts_are_those_of_saving_and_nothing_is_saved(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    typed = {"version": 1, "2026-10-05.night.room_rate": "100.00"}
    address = f"/claims/{prep.pk}/nights"
    live = clerk.post(address, typed, headers={"hx-request": "true"}).content.decode()
    assert 'data-line="room 2026-10-05">$100.00<' in live
    assert "<input" not in live  # outputs are swapped, never inputs
    prep.refresh_from_db()
    assert prep.version == 1
    clerk.post(address, typed)
    saved = clerk.get(address).content.decode()
    for name in ("claimed", "allowable", "payable", "agency_share"):
        figure = saved.partition(f'data-total="{name}">')[2].partition("<")[0]
        assert f'data-total="{name}">{figure}<' in live
    assert 'data-line="room 2026-10-05">$100.00<' in saved


def test_a_hotel_bill_is_divided_to_the_cent(clerk: Any) -> None:
    prep = begun(clerk, {key: value for key, value in SAMPLE.items() if key != "lodging"})
    typed = {"version": 1, "do": "fill", "how": "bill", "fill.first": "10/4/2026", "fill.last": "10/8/2026"}
    typed |= {"fill.room": "500.01", "fill.tax": "62.52", "bill": "R1"}
    clerk.post(f"/claims/{prep.pk}/nights", typed)
    prep.refresh_from_db()
    rates = [night["room_rate"] for night in prep.content["lodging"]]
    assert rates == ["100.01", "100.00", "100.00", "100.00", "100.00"]
    assert [night["tax"] for night in prep.content["lodging"]] == ["12.51", "12.51", "12.50", "12.50", "12.50"]
    assert {night["receipt"] for night in prep.content["lodging"]} == {"R1"}


def test_same_as_above_copies_the_night_and_the_meals(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    clerk.post(
        f"/claims/{prep.pk}/nights", {"version": 1, "do": "same:2026-10-05", "2026-10-04.night.room_rate": "99"}
    )
    prep.refresh_from_db()
    assert [night["room_rate"] for night in prep.content["lodging"]][:3] == ["99.00", "99.00", "159.00"]


def test_a_workbook_is_imported_after_it_was_shown(clerk: Any, tmp_path: Path) -> None:
    prep = begun(clerk, SAMPLE)
    workbook = clerk.get(f"/claims/{prep.pk}/workbook")
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="2026-ORL-0001.xlsx"'
    file = BytesIO(workbook.content)
    file.name = "claim.xlsx"
    shown = clerk.post("/claims/import", {"file": file}).content.decode()
    assert 'data-total="payable">$1,000.00' in shown
    assert "already have a claim with this number" in shown
    number = shown.partition('action="/claims/import/')[2].partition('"')[0]
    clerk.post(f"/claims/import/{number}", {"replace": prep.pk, "version": 1})
    prep.refresh_from_db()
    assert prep.version == 2
    from perdiem_calc import Claim

    assert Claim.model_validate(prep.content) == Claim.model_validate(SAMPLE)


def test_errors_of_a_workbook_are_a_table_of_cells(clerk: Any, perdiem: Any, tmp_path: Path) -> None:
    perdiem("claim", "form", "-o", tmp_path / "form.xlsx", "--fiscal-years", "2026,2027")
    with open(tmp_path / "form.xlsx", "rb") as file:
        answer = clerk.post("/claims/import", {"file": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<td>Claim</td>" in page
    assert "Nothing was changed here" in page


def test_what_is_no_claim_is_refused_with_what_to_do(clerk: Any) -> None:
    for name, content, words in (
        ("a.xlsx", b"no workbook", "could not be read"),
        ("a.pdf", b"%PDF-", "none of the kinds"),
        ("a.json", b"{", "could not be read"),
    ):
        file = BytesIO(content)
        file.name = name
        answer = clerk.post("/claims/import", {"file": file})
        assert answer.status_code == 422, name
        assert words in answer.content.decode(), name


def test_documents_are_kept_by_us_under_names_of_our_own(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    good, bad = BytesIO(b"%PDF-1.7 folio"), BytesIO(b"MZ")
    good.name, bad.name = "../../folio.pdf", "folio.exe"
    address = f"/claims/{prep.pk}/documents"
    answer = clerk.post(address, {"version": 1, "file.folio": bad})
    assert answer.status_code == 422
    assert "is no PDF, JPEG or PNG" in answer.content.decode()
    clerk.post(address, {"version": 2, "file.folio": good, "then": "stay"})
    document = prep.documents.get()
    assert (document.name, document.kind) == ("folio.pdf", "application/pdf")
    got = clerk.get(f"{address}/{document.pk}")
    assert b"".join(got.streaming_content) == b"%PDF-1.7 folio"
    assert got.headers["Content-Disposition"] == 'attachment; filename="folio.pdf"'
    got.close()
    clerk.post(f"{address}/{document.pk}/remove")
    assert prep.documents.count() == 0


def test_a_file_that_is_too_large_is_refused(clerk: Any) -> None:
    prep = begun(clerk, SAMPLE)
    file = BytesIO(b"%PDF-" + bytes(10 << 20))
    file.name = "scan.pdf"
    assert clerk.post(f"/claims/{prep.pk}/documents", {"version": 1, "file.folio": file}).status_code == 413
    assert (
        clerk.post("/", b"", content_type="text/plain", headers={"content-length": str(101 << 20)}).status_code == 413
    )


def test_a_rate_is_that_of_the_ratebook(clerk: Any) -> None:
    page = clerk.get("/rate?place=Orlando, FL&on=10/4/2026").content.decode()
    assert 'data-rate="lodging">$145.00<' in page
    assert 'data-rate="mie">$80.00<' in page
    assert page.count('<rect class="bar') == 12
    wrong = clerk.get("/rate?place=Orlanda, FL&on=10/4/2026")
    assert wrong.status_code == 422
    assert clerk.get("/rate?place=Orlando, FL&on=soon").status_code == 422


def test_a_failure_has_a_number_and_the_log_quotes_nothing(
    clerk: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prep = begun(clerk, SAMPLE)
    from perdiem_calc.web.site.views import claims

    def fail(*given: object) -> None:
        raise RuntimeError("Jordan Reyes 159.00")

    monkeypatch.setattr(claims, "missing_words", fail)
    with caplog.at_level(logging.INFO):
        answer = clerk.get(f"/claims/{prep.pk}/")
        clerk.post(f"/claims/{prep.pk}/agency", {"version": 1, "agency.name": "Hidden Town PD"})
    assert answer.status_code == 500
    page = answer.content.decode()
    number = page.partition("incident number is ")[2][:8]
    assert f"incident {number}: RuntimeError at" in caplog.text
    assert len(number) == 8
    assert "POST agency 302" in caplog.text
    for secret in ("Jordan", "159", "Hidden"):
        assert secret not in caplog.text
        assert secret not in page


def test_a_claim_started_by_hand_has_what_every_claim_has(clerk: Any) -> None:
    typed = {
        "officer.name": "Ann Lee",
        "trip.official_station.city": "Rome, GA",
        "course.place.city": "Orlando",
        "course.place.state": "florida",
        "course.starts_on": "Oct 5, 2026",
        "course.ends_on": "10/9/26",
        "trip.departed_at:day": "10/4/2026",
        "trip.departed_at:time": "6:30 am",
        "trip.returned_at:day": "2026-10-09",
        "trip.returned_at:time": "1845",
    }
    made = clerk.post("/claims/new", typed)
    assert made.status_code == 302, messages_of(made.content.decode())
    claim = json.loads(clerk.get(made.headers["Location"] + "json").content)
    assert claim["trip"]["departed_at"] == "2026-10-04T06:30"
    assert claim["trip"]["returned_at"] == "2026-10-09T18:45"
    assert claim["trip"]["official_station"] == {"city": "Rome", "state": "GA"}
    assert claim["trip"]["stops"] == [
        {"place": {"city": "Orlando", "state": "FL"}, "arrived_on": "2026-10-04", "departed_on": "2026-10-09"}
    ]
    assert (claim["claim_id"], claim["course"]["hours"]) == ("2026-ORLANDO-01", 40)


def test_an_empty_first_page_names_every_question(clerk: Any) -> None:
    answer = clerk.post("/claims/new", {})
    assert answer.status_code == 422
    assert "Answer this: Who traveled?" in messages_of(answer.content.decode())


def test_credits_follow_their_line_when_another_is_removed(clerk: Any) -> None:
    credits = [{"source": "Airline", "amount": "5.00", "line": line} for line in ("E3", "E1", "E2")]
    prep = begun(clerk, {**SAMPLE, "credits": credits})
    clerk.post(f"/claims/{prep.pk}/list/expenses/2/remove", {"version": 1})
    prep.refresh_from_db()
    assert [credit["line"] for credit in prep.content["credits"]] == ["E2", "E1", "E2 was removed"]
    assert "wrong shape" in clerk.get(f"/claims/{prep.pk}/check").content.decode()


def test_a_night_added_in_between_keeps_the_credit_on_its_own_night(clerk: Any) -> None:
    first, _, third = SAMPLE["lodging"][:3]
    credits = [
        {"source": "Hotel", "amount": "5.00", "line": "N2"},
        {"source": "Hotel", "amount": "1.00", "line": "T1"},
    ]
    prep = begun(clerk, {**SAMPLE, "lodging": [first, third], "credits": credits})
    clerk.post(f"/claims/{prep.pk}/nights", {"version": 1, "2026-10-05.night.room_rate": "99"})
    prep.refresh_from_db()
    assert [night["night"][-2:] for night in prep.content["lodging"]] == ["04", "05", "06"]
    assert [credit["line"] for credit in prep.content["credits"]] == ["N3", "T1"]
