"""The answers of the service on disk, so that a second look-up of the same place and year needs no request.

A requests-cache file in SQLite, in the platform's cache folder, shared by all processes of a user. Written through
requests-cache, with its JSON serializer (a cache file is never unpickled); read with `sqlite3` alone, because
loading requests-cache takes longer than everything else that a cached look-up does. What is stored of a request is
its address: no header, so no key.

A cache that fails is never an error, only a slower program: what could not be read is asked again, what could
not be written is said in `problems`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from perdiem_calc.files import cache_folder, not_a_file
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.text import harmless

if TYPE_CHECKING:
    from requests_cache.backends.sqlite import SQLiteDict

BUSY_MILLISECONDS = 2000
FILE_NAME = "gsa_answers.sqlite"
_DIGEST = "X-Body-SHA256"
_WRITE_TRIES, _BETWEEN_TRIES = 3, 0.05
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite says of a file that is no database; even its message may be no text."""
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it came: the address asked, the body, when it was retrieved."""

    url: str
    body: bytes
    retrieved_at: datetime

    @property
    def sha256(self) -> str:
        """The SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class CacheStatus:
    """What is in the cache; `size` in bytes, `readable` false where the file is damaged."""

    path: Path
    size: int
    answers: int
    oldest: datetime | None
    newest: datetime | None
    readable: bool


def default_path() -> Path:
    """The cache file in the platform's cache folder."""
    return cache_folder() / FILE_NAME


def expires_at(year: int, retrieved_at: datetime) -> datetime | None:
    """Until when an answer about a fiscal year is taken as it is; None for ever.

    A year that was over when the answer came never expires; the year then running does after 7 days, one that was
    still to come after 1 day.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 23, tzinfo=UTC)
    >>> [str(expires_at(year, at)) for year in (2026, 2027, 2028)]
    ['None', '2026-11-30 00:00:00+00:00', '2026-11-24 00:00:00+00:00']
    """
    running = fiscal_year(retrieved_at.date())
    if year < running:
        return None
    return retrieved_at + timedelta(days=7 if year == running else 1)


def is_fresh(year: int, retrieved_at: datetime, now: datetime) -> bool:
    """Whether an answer may be used without asking again; never one that claims to come from the future."""
    expires = expires_at(year, retrieved_at)
    return retrieved_at <= now + _CLOCK_SKEW and (expires is None or now < expires)


@dataclass
class AnswerCache:
    """The cache file at `path`; open one a process, share it among its threads."""

    path: Path
    problems: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def read(self, url: str) -> Stored | None:
        """The stored answer to an address; None where there is none that is whole."""
        if self._is_strange() or not self.path.exists():
            return None
        try:
            with self._reading() as book:
                row = book.execute("SELECT value FROM responses WHERE key = ?", (_key(url),)).fetchone()
        except _DAMAGE as error:
            self._set_aside(error)
            return None
        stored = _decoded(row[0]) if row else None
        return stored if stored is not None and stored.url == url else None

    def write(self, stored: Stored, expires: datetime | None) -> bool:
        """Store an answer; False, with the reason in `problems`, where that could not be done."""
        with self._lock:
            if self._is_strange():
                return False
            reason = "it cannot be written"
            for _ in range(_WRITE_TRIES):
                try:
                    self._write(stored, expires)
                except sqlite3.OperationalError as error:
                    reason = str(error)
                    if "locked" not in reason:
                        break
                    time.sleep(_BETWEEN_TRIES)
                except _DAMAGE as error:
                    reason = "it is damaged"
                    self._set_aside(error)
                except OSError as error:
                    reason = error.strerror or reason
                    break
                else:
                    return True
            self._say(f"the answer was not kept in the cache ({reason}), so it is asked for again next time")
            return False

    def status(self) -> CacheStatus:
        """What is in the cache; reads every answer's date."""
        if self._is_strange():
            return CacheStatus(self.path, 0, 0, None, None, readable=False)
        size = sum(file.stat().st_size for file in self._files()[:2] if file.exists())
        if not self.path.exists():
            return CacheStatus(self.path, size, 0, None, None, readable=True)
        try:
            with self._reading() as book:
                values = [value for (value,) in book.execute("SELECT value FROM responses")]
        except _DAMAGE as error:
            return CacheStatus(self.path, size, 0, None, None, readable="no such table" in str(error))
        dates = [stored.retrieved_at for value in values if (stored := _decoded(value))]
        oldest, newest = (min(dates), max(dates)) if dates else (None, None)
        return CacheStatus(self.path, size, len(dates), oldest, newest, readable=True)

    def clear(self) -> int:
        """Forget every answer; returns how many there were. Raises OSError where the files cannot be removed."""
        answers = self.status().answers
        with self._lock:
            for file in self._files():
                file.unlink(missing_ok=True)
        return answers

    def _is_strange(self) -> bool:
        """Whether the file, or one that SQLite keeps next to it, is no file, or cannot be looked at."""
        for file in self._files():
            if fault := not_a_file(file):
                self._say(f"the cache is not used: {file} {fault}")
                return True
        return False

    def _files(self) -> tuple[Path, ...]:
        """The file, what is not yet in it, and SQLite's index of that."""
        return (self.path, *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm")))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that only reads; of a file on a medium that cannot be written, too."""
        with closing(_opened(self.path)) as book:
            yield book

    def _write(self, stored: Stored, expires: datetime | None) -> None:
        from requests.structures import CaseInsensitiveDict
        from requests_cache.models.request import CachedRequest
        from requests_cache.models.response import CachedResponse

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_answers(self.path)) as answers:
            answers[_key(stored.url)] = CachedResponse(
                content=stored.body,
                created_at=stored.retrieved_at,
                expires=expires,
                headers=CaseInsensitiveDict({"Content-Type": "application/json", _DIGEST: stored.sha256}),
                request=CachedRequest(method="GET", url=stored.url),
                status_code=200,
                url=stored.url,
            )

    def _set_aside(self, error: Exception) -> None:
        """Rename a file that is no cache, so that one can be begun; a busy one is left alone."""
        if isinstance(error, sqlite3.Error) and type(error) is not sqlite3.DatabaseError:
            return
        self._say("the cache file was damaged; it is set aside, and a new one is begun")
        with suppress(OSError):
            self.path.replace(self.path.with_name(f"{self.path.name}.damaged"))
            for file in self._files():
                file.unlink(missing_ok=True)

    def _say(self, problem: str) -> None:
        if harmless(problem) not in self.problems:
            self.problems.append(harmless(problem))


def _opened(path: Path) -> sqlite3.Connection:
    address = path.absolute().as_uri()
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        with suppress(sqlite3.OperationalError):
            book = sqlite3.connect(f"{address}?{mode}", uri=True, timeout=BUSY_MILLISECONDS / 1000)
            try:
                book.execute("SELECT 1 FROM sqlite_master").fetchone()
            except BaseException:
                book.close()
                raise
            return book
    raise sqlite3.OperationalError("the cache cannot be opened")


def _answers(path: Path) -> SQLiteDict:
    """requests-cache's table of answers, which waits for a lock at most `BUSY_MILLISECONDS`.

    Its own waits for ever, on a read-only file too, and says nothing when the disk is full.
    """
    from requests_cache.backends.sqlite import SQLiteDict
    from requests_cache.serializers import json_serializer

    class Answers(SQLiteDict):
        @contextmanager
        def _acquire_sqlite_lock(self) -> Iterator[None]:
            with self._lock:
                book = cast("sqlite3.Connection", self._connection)
                book.execute("BEGIN IMMEDIATE")
                self._active_transaction = True
                try:
                    yield
                    book.commit()
                except BaseException:
                    book.rollback()
                    raise
                finally:
                    self._active_transaction = False

    return Answers(
        path,
        table_name="responses",
        serializer=json_serializer,
        wal=True,
        busy_timeout=BUSY_MILLISECONDS,
        check_same_thread=False,
    )


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _decoded(value: object) -> Stored | None:
    """An answer as requests-cache wrote it; None if any part of it was changed."""
    try:
        entry: dict[str, Any] = json.loads(str(value))
        body = base64.b64decode(entry["_content"], validate=True)
        stored = Stored(entry["url"], body, datetime.fromisoformat(entry["created_at"]))
        digest = entry["headers"][_DIGEST]
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        return None
    aware = stored.retrieved_at.tzinfo is not None
    return stored if aware and digest == stored.sha256 else None
