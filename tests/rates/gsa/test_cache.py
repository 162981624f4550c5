"""The cache on disk: nothing is asked twice, several processes share it, and a broken one never harms a rate."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.rates.gsa import AnswerCache, GsaClient
from perdiem_calc.rates.gsa.cache import BUSY_MILLISECONDS, Stored, default_path, expires_at, is_fresh
from tests.rates.gsa.conftest import KEY, NOW, PaperClock, refusal
from tests.rates.gsa.server import BOISE, Server, body, recorded

ON = date(2026, 11, 23)
TIERS = "/rates/conus/mie/2027"
TIERS_2027 = b'[{"total":86,"breakfast":22,"lunch":23,"dinner":36,"incidental":5,"FirstLastDay":64.5}]'
BOISE_BODY = recorded("city_Boise_state_ID_year_2027.json")


@pytest.fixture
def answering(server: Server) -> Server:
    """A server that knows Boise and the tiers of fiscal year 2027."""
    server.on(BOISE, body(BOISE_BODY))
    server.on(TIERS, body(TIERS_2027))
    return server


def boise(client: GsaClient, on: date = ON) -> Decimal:
    return client.rate("Boise, ID", on).lodging


def raised(month: str, dollars: int) -> bytes:
    """The recorded answer with one month's rate changed."""
    answer = json.loads(BOISE_BODY)
    for entry in answer["rates"][0]["rate"][0]["months"]["month"]:
        if entry["short"] == month:
            entry["value"] = dollars
    return json.dumps(answer).encode()


# ---- nothing is asked twice


@pytest.mark.loopback
def test_a_second_look_up_makes_no_request(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server
) -> None:
    assert boise(client) == 176
    assert answering.paths == [BOISE, TIERS]
    assert boise(client, date(2027, 6, 1)) == 201, "another month of the year is in the same answer"
    second = another()
    assert boise(second) == 176
    assert second.requests_made == 0
    assert len(answering.asked) == 2


@pytest.mark.loopback
def test_what_is_kept_says_when_it_was_retrieved(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, paper: PaperClock
) -> None:
    first = client.rate("Boise, ID", ON).source
    paper.sleep(3600)
    second = another().rate("Boise, ID", ON).source
    assert second == first
    assert first.retrieved_at == "2026-11-23T12:00:00+00:00"
    assert first.sha256 == "245995c61aca13066158b6047d993c8564d1eadde7b94edea2d521ad8e1dbdb2"
    assert (first.kind, first.name, first.stale_since) == ("api", BOISE, None)


@pytest.mark.parametrize(
    ("year", "hours", "fresh"),
    [
        (2026, 24 * 3650, True),
        (2027, 24 * 7 - 1, True),
        (2027, 24 * 7, False),
        (2028, 23, True),
        (2028, 24, False),
        (2027, -1, False),
    ],
)
def test_a_past_year_never_expires_the_current_after_a_week_a_coming_after_a_day(
    year: int, hours: int, fresh: bool
) -> None:
    assert is_fresh(year, NOW, NOW + timedelta(hours=hours)) is fresh


def test_the_fiscal_year_turns_on_october_1() -> None:
    last = datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert expires_at(2026, last) == last + timedelta(days=7)
    assert expires_at(2026, last + timedelta(hours=2)) is None
    assert expires_at(2027, last) == last + timedelta(days=1)


@pytest.mark.loopback
def test_an_expired_answer_is_asked_for_again(client: GsaClient, answering: Server, paper: PaperClock) -> None:
    assert boise(client) == 176
    paper.sleep(8 * 86400)
    answering.on(BOISE, body(raised("Nov", 180)))
    assert boise(client) == 180


@pytest.mark.loopback
def test_answers_of_different_addresses_are_kept_apart(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server
) -> None:
    assert boise(client) == 176
    elsewhere = another(base_url=f"{answering.url}/proxy")
    refusal(lambda: boise(elsewhere))


# ---- the service does not answer


@pytest.mark.loopback
@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_kept_answer_is_used_after_its_time_and_says_so(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, paper: PaperClock, status: int
) -> None:
    boise(client)
    paper.sleep(9 * 86400)
    answering.on(BOISE, body(b"", status))
    for again in (client, another()):
        rate = again.rate("Boise, ID", ON)
        assert rate.lodging == 176
        assert rate.source.retrieved_at == "2026-11-23T12:00:00+00:00"
        assert rate.source.stale_since == "2026-11-30T12:00:00+00:00"


@pytest.mark.loopback
def test_an_unusable_answer_does_not_replace_a_good_one(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, paper: PaperClock
) -> None:
    boise(client)
    paper.sleep(9 * 86400)
    answering.on(BOISE, body(b"<html>"))
    assert another().rate("Boise, ID", ON).source.stale_since is not None
    answering.on(BOISE, body(raised("Nov", 0)))
    refusal(lambda: boise(another()))
    answering.on(BOISE, body(b"<html>"))
    assert boise(another()) == 176


@pytest.mark.loopback
def test_an_answer_from_the_future_is_asked_for_again(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, paper: PaperClock
) -> None:
    boise(client)
    paper.at = NOW - timedelta(days=30)
    answering.on(BOISE, body(raised("Nov", 180)))
    assert boise(another()) == 180, "the clock was set back: when the kept answer expires is not known"
    paper.at = NOW - timedelta(days=60)
    answering.on(BOISE, body(b"", 500))
    assert another().rate("Boise, ID", ON).source.stale_since == "2026-09-24T12:00:00+00:00"


# ---- the file is broken


@pytest.mark.loopback
@pytest.mark.parametrize("content", [b"", b"this is no database" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_corrupt_cache_is_begun_anew(
    another: Callable[..., GsaClient], answering: Server, cache_file: Path, content: bytes
) -> None:
    cache_file.parent.mkdir()
    cache_file.write_bytes(content)
    assert boise(another()) == 176
    second = another()
    assert boise(second) == 176
    assert second.requests_made == 0


@pytest.mark.loopback
def test_a_file_that_is_something_else_is_set_aside_not_deleted(
    another: Callable[..., GsaClient], answering: Server, cache_file: Path
) -> None:
    cache_file.parent.mkdir()
    cache_file.write_text("my only copy\n" * 100)
    client = another()
    assert boise(client) == 176
    assert cache_file.with_name("answers.sqlite.damaged").read_text().startswith("my only copy")
    assert client.cache is not None
    assert client.cache.problems == ["the cache file was damaged; it is set aside, and a new one is begun"]


ENTRY = "SELECT value FROM responses"


@pytest.mark.loopback
@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: None,
        lambda entry: entry[: len(entry) // 2],
        lambda entry: "[]",
        lambda entry: entry.replace('"_content": "', '"_content": "!'),
        lambda entry: json.dumps(json.loads(entry) | {"_content": "eyJyYXRlcyI6W119"}),
        lambda entry: json.dumps(json.loads(entry) | {"created_at": "yesterday"}),
        lambda entry: json.dumps(json.loads(entry) | {"created_at": "2026-11-23"}),
        lambda entry: json.dumps(json.loads(entry) | {"url": "http://127.0.0.1/other"}),
    ],
)
def test_a_damaged_entry_is_asked_for_again(
    client: GsaClient,
    another: Callable[..., GsaClient],
    answering: Server,
    cache_file: Path,
    damage: Callable[[str], str | None],
) -> None:
    boise(client)
    with closing(sqlite3.connect(cache_file)) as book, book:
        for (value,) in book.execute(ENTRY).fetchall():
            book.execute("UPDATE responses SET value = ? WHERE value = ?", (damage(value), value))
    before = len(answering.asked)
    assert boise(another()) == 176
    assert len(answering.asked) > before


def refusing(monkeypatch: pytest.MonkeyPatch, pragma: str) -> None:
    """Every connection that may write gets a pragma that makes SQLite itself refuse."""
    connect = sqlite3.connect

    def limited(database: Any, *args: Any, **options: Any) -> Any:
        book = connect(database, *args, **options)
        if "mode=ro" not in str(database):
            book.execute(pragma)
        return book

    monkeypatch.setattr(sqlite3, "connect", limited)


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("pragma", "reason"),
    [
        ("PRAGMA query_only = 1", "attempt to write a readonly database"),
        ("PRAGMA max_page_count = 1", "database or disk is full"),
    ],
)
def test_a_cache_that_cannot_be_written_is_said_and_the_rate_is_right(
    client: GsaClient,
    another: Callable[..., GsaClient],
    answering: Server,
    monkeypatch: pytest.MonkeyPatch,
    pragma: str,
    reason: str,
) -> None:
    refusing(monkeypatch, pragma)
    assert boise(client) == 176
    assert client.cache is not None
    (problem,) = client.cache.problems
    assert reason in problem
    asked = len(answering.asked)
    assert boise(another()) == 176
    assert len(answering.asked) > asked


@pytest.mark.loopback
def test_a_full_disk_keeps_what_was_there(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    boise(client)
    refusing(monkeypatch, "PRAGMA max_page_count = 1")
    second = another()
    assert boise(second) == 176
    assert second.requests_made == 0


@pytest.mark.loopback
def test_a_read_only_cache_is_still_read(
    client: GsaClient, another: Callable[..., GsaClient], answering: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    boise(client)
    refusing(monkeypatch, "PRAGMA query_only = 1")
    second = another()
    assert boise(second) == 176
    assert second.requests_made == 0


@pytest.mark.loopback
def test_a_folder_that_cannot_be_made(another: Callable[..., GsaClient], answering: Server, cache_file: Path) -> None:
    cache_file.parent.write_text("a file where the folder should be")
    client = another()
    assert boise(client) == 176
    assert client.cache is not None
    assert "not kept in the cache" in client.cache.problems[0]


def test_a_medium_that_cannot_be_written_is_read_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.write(Stored("http://x", b"[]", NOW), None)
    connect = sqlite3.connect

    def no_shared_memory(database: Any, *args: Any, **options: Any) -> Any:
        if "immutable=1" not in str(database):
            raise sqlite3.OperationalError("unable to open database file")
        return connect(database, *args, **options)

    monkeypatch.setattr(sqlite3, "connect", no_shared_memory)
    assert cache.read("http://x") == Stored("http://x", b"[]", NOW)


def test_a_lock_that_is_never_released_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.rates.gsa.cache.BUSY_MILLISECONDS", 10)
    assert BUSY_MILLISECONDS == 2000
    cache = AnswerCache(tmp_path / "answers.sqlite")
    assert cache.write(Stored("http://x", b"[]", NOW), None)
    with closing(sqlite3.connect(cache.path, isolation_level=None)) as hog:
        hog.execute("BEGIN EXCLUSIVE")
        assert not cache.write(Stored("http://y", b"[]", NOW), None)
    assert "locked" in cache.problems[0]
    assert cache.write(Stored("http://y", b"[]", NOW), None)


def test_requests_cache_itself_reads_what_is_kept(tmp_path: Path) -> None:
    from requests_cache.backends.sqlite import SQLiteCache

    cache = AnswerCache(tmp_path / "answers.sqlite")
    expires = NOW + timedelta(days=7)
    cache.write(Stored("https://api.example/rates", b'[{"a":1}]', NOW), expires)
    with closing(SQLiteCache(cache.path, serializer="json")) as book:
        (response,) = book.filter(expired=True)
    assert (response.url, response.json(), response.expires) == ("https://api.example/rates", [{"a": 1}], expires)
    assert dict(response.request.headers) == {}


# ---- several processes

WORKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from perdiem_calc.rates.gsa.cache import AnswerCache, Stored

cache = AnswerCache(Path(sys.argv[1]))
for number in range(12):
    url = f"http://x/{sys.argv[2] if number % 2 else 0}/{number}"
    assert cache.write(Stored(url, b"[%d]" % number, datetime.now(UTC)), None), cache.problems
    assert cache.read(url).body == b"[%d]" % number
assert not cache.problems, cache.problems
"""


@pytest.mark.unmeasured
@pytest.mark.slow
def test_eight_processes_share_one_cache(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), str(number)], stderr=subprocess.PIPE)
        for number in range(1, 9)
    ]
    for worker in workers:
        _, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors.decode()
    assert AnswerCache(path).status().answers == 6 + 8 * 6


# ---- status and clear


def test_status_and_clear(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    assert cache.status().answers == 0
    assert cache.clear() == 0
    cache.write(Stored("http://x", b"[]", NOW), None)
    cache.write(Stored("http://y", b"[]", NOW + timedelta(days=1)), None)
    status = cache.status()
    assert (status.answers, status.oldest, status.newest) == (2, NOW, NOW + timedelta(days=1))
    assert status.size > 0
    assert cache.clear() == 2
    assert list(tmp_path.iterdir()) == []
    assert cache.read("http://x") is None


def test_status_of_a_file_that_is_no_cache(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"no database at all " * 100)
    assert not AnswerCache(path).status().readable
    path.unlink()
    with closing(sqlite3.connect(path)) as book:
        book.execute("CREATE TABLE other (x)")
    assert AnswerCache(path).status().readable


def test_the_cache_is_in_the_platforms_folder() -> None:
    assert default_path().parts[-2:] == ("perdiem_calc", "gsa_answers.sqlite")


def test_the_key_is_nowhere_in_a_client() -> None:
    client = GsaClient(KEY, None)
    assert KEY not in repr(client) + repr(vars(client))
