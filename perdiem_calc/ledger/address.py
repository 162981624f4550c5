"""Where a ledger is: a SQLite file, or a database on a PostgreSQL server. A password is never shown.

>>> Address.of("postgresql://ann:secret@db.example/claims").shown
'postgresql://ann@db.example/claims'
>>> Address.of("sqlite:///claims/ledger.sqlite").shown
'claims/ledger.sqlite'
"""

from __future__ import annotations

import gc
import os
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import Pool, QueuePool, StaticPool

from perdiem_calc.errors import InputError, LedgerError, PerdiemError
from perdiem_calc.files import how_to_install
from perdiem_calc.text import harmless

SCHEMA = "perdiem_ledger"
BUSY_SECONDS = 60
OLDEST_SQLITE = (3, 37, 0)
PATIENCE = "connect_timeout"

_SERVERS = {"postgresql", "postgres", "postgresql+psycopg"}
_SERVER_SETTINGS = {
    "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", PATIENCE
}  # fmt: skip
_BOTH = "name a file, like ledger.sqlite, or a server, like postgresql://user@host/database"


@dataclass(frozen=True)
class Address:
    """A ledger's place. Exactly one of `file` and `server` is set; `server` may hold a password."""

    file: Path | None
    server: URL | None

    @classmethod
    def of(cls, text: str) -> Address:
        """The place that a file's name or a URL states. Raises InputError, without repeating a password."""
        if not text.strip() or "\0" in text:
            raise InputError(
                "ledger.address.empty",
                "is empty" if "\0" not in text else "holds a NUL byte",
                where="--ledger",
                fix=_BOTH,
            )
        if "://" not in text:
            return cls._of_file(text)
        scheme = text.partition("://")[0].lower()
        if scheme == "sqlite":
            return cls._of_file(_sqlite_path(text))
        if scheme in _SERVERS:
            return cls(None, _server(text))
        raise InputError(
            "ledger.address.kind-unknown", f"{scheme[:20]!r} is not a kind of ledger", where="--ledger", fix=_BOTH
        )

    @classmethod
    def _of_file(cls, text: str) -> Address:
        if text == ":memory:" or text.startswith("file:"):
            raise InputError(
                "ledger.address.not-lasting", f"{text[:40]!r} is not a file that lasts", where="--ledger", fix=_BOTH
            )
        return cls(Path(os.path.expanduser(text)), None)

    @property
    def shown(self) -> str:
        """The place as it may be printed."""
        if self.server is None:
            return harmless(self.file)
        url = self.server
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        return harmless(shown.render_as_string())

    def engine(self) -> Engine:
        """What connects to the place. Raises LedgerError where the driver is missing or SQLite is too old."""
        if self.server is None:
            return _sqlite_engine(self.file or Path())
        return _server_engine(self.server)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Says in plain words what the database refuses: raises LedgerError, naming the place."""
        try:
            yield
        except PerdiemError:
            raise
        except (sa.exc.SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
            what, fix = _explained(error, server=self.server is not None)
            let_go(error)
            raise LedgerError(
                "ledger.database.refused", self._without_password(what), where=self.shown, fix=fix
            ) from None
        except OSError as error:
            raise LedgerError(
                "ledger.file.unreadable", f"{error.strerror}", where=self.shown, fix="check the name and the folder"
            ) from None

    def _without_password(self, text: str) -> str:
        password = str(self.server.password or "") if self.server is not None else ""
        return "the server refuses" if password and password in text else text


_left: list[bool] = []
"""Not empty where a statement failed since `tidy` was last called."""


def let_go(error: BaseException | None) -> None:
    """Forget what the frames of an error hold: a statement of SQLite in them would keep its lock on the file."""
    _left.append(True)
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error.__traceback__, error = None, error.__context__


def tidy() -> None:
    """Let go of connections whose statement failed, which Python would keep open until it tidies its memory."""
    if _left:
        _left.clear()
        gc.collect()


def _sqlite_path(text: str) -> str:
    rest = text.partition("://")[2]
    if not rest.startswith("/") or len(rest) == 1:
        raise InputError(
            "ledger.address.slashes",
            "a ledger's URL names a file after three slashes",
            where="--ledger",
            fix="write sqlite:///ledger.sqlite, or sqlite:////full/path/ledger.sqlite",
        )
    if "?" in rest:
        raise InputError(
            "ledger.address.settings",
            "a SQLite ledger takes no settings",
            where="--ledger",
            fix="leave out the ? and the rest",
        )
    return rest[1:]


def _server(text: str) -> URL:
    try:
        url = make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise InputError(
            "ledger.address.invalid", "cannot be read as a server's URL", where="--ledger", fix=_BOTH
        ) from None
    if "@" in (url.host or ""):
        raise InputError(
            "ledger.address.password",
            "has an @ within the password",
            where="--ledger",
            fix="write %40 for it; or use PGPASSWORD",
        )
    unknown = sorted(set(url.query) - _SERVER_SETTINGS)
    if unknown:
        raise InputError(
            "ledger.address.settings",
            f"takes no setting {unknown[0]!r}",
            where="--ledger",
            fix=f"possible: {', '.join(sorted(_SERVER_SETTINGS))}",
        )
    if not url.database:
        raise InputError("ledger.address.database-missing", "names no database", where="--ledger", fix=_BOTH)
    return url.set(drivername="postgresql+psycopg")


def _sqlite_engine(file: Path) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise LedgerError(
            "ledger.sqlite.too-old",
            f"SQLite {sqlite3.sqlite_version} is too old for the ledger",
            fix="use a Python with SQLite 3.37 or later",
        )
    # An existing file alone: a mistyped name must not begin an empty ledger in which nothing was ever paid.
    mode = "rw" if os.access(file, os.W_OK) else "ro"
    uri = f"{file.resolve().as_uri()}?mode={mode}"

    return _engine_of(uri, QueuePool)


def engine_in_memory() -> Engine:
    """What makes a new ledger, which becomes a file when it is whole; `stored` gives its bytes."""
    return _engine_of("file::memory:", StaticPool)


def stored(engine: Engine) -> bytes:
    """The bytes of a ledger that was made in memory."""
    with closing(engine.raw_connection()) as connection:
        database: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]  # what `creator` gave
        return database.serialize()


def _engine_of(uri: str, pool: type[Pool]) -> Engine:
    made: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        made.append(connection)
        # A commit has reached the disk, journal's folder included; what the file holds is data, never code.
        for setting in ("foreign_keys = ON", "synchronous = EXTRA", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}")
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=pool)
    sa.event.listen(engine, "begin", _begin)

    @sa.event.listens_for(engine, "engine_disposed")
    def close(_: Engine) -> None:
        """Close them all: the pool does not know those on which the first statement failed."""
        while made:
            made.pop().close()

    return engine


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once, so that what it reads stays true until it has written."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _server_engine(url: URL) -> Engine:
    patient = url if PATIENCE in url.query else url.update_query_dict({PATIENCE: "10"})
    settings = f"-csearch_path={SCHEMA} -clock_timeout={BUSY_SECONDS}s -csynchronous_commit=on"
    try:
        return sa.create_engine(patient, connect_args={"options": settings})
    except ModuleNotFoundError:
        raise LedgerError(
            "ledger.psycopg.missing",
            "a ledger on a PostgreSQL server needs psycopg",
            fix=f"run: {how_to_install('postgres')}",
        ) from None


_ENDED = "no such savepoint"
"""What SQLite answers where it has ended the transaction by itself, as for a disk that refuses."""


def _explained(error: Exception, *, server: bool) -> tuple[str, str]:
    """What the database said, in plain words, and what to do."""
    cause = error
    while _ENDED in str(cause) and isinstance(cause.__context__, Exception):
        cause = cause.__context__
    if cause is not error and "disk i/o error" in str(cause).lower():
        return "the disk refuses (disk I/O error)", "nothing was written; check the disk and its space, and try again"
    error = cause
    said = str(getattr(error, "orig", error) or error).strip()
    if isinstance(error, UnicodeDecodeError) or said.startswith("Could not decode to UTF-8"):
        said = "malformed: text that is not UTF-8"  # the text itself is part of a person's claim
    low = said.lower()
    first = harmless(" ".join(said.splitlines()[0].split())[:200]) if said else "no reason given"
    for signs, what, fix in _SIGNS:
        if any(sign in low for sign in signs):
            return what.format(first), fix
    if server and isinstance(error, sa.exc.OperationalError):
        return f"the server cannot be used ({first})", "check the URL and that the server runs"
    return f"the database refuses ({first})", "nothing was written; run `perdiem ledger verify`"


_SIGNS = (
    (("not a database",), "is not a ledger: no SQLite database", "check the name"),
    (
        ("malformed", "corrupt", "disk i/o error", "invalid page", "could not read block"),
        "the ledger is damaged ({})",
        "keep the file as it is, and go on with the latest backup",
    ),
    (("database is locked", "lock timeout"), "is busy with another writer", "nothing was written; try again"),
    (("readonly", "read-only", "permission denied"), "may not be written ({})", "ask who keeps it for the right"),
    (("disk is full", "disk full", "no space left"), "the disk is full", "nothing was written; make room, try again"),
    (("unable to open",), "cannot be opened", "check the name, the folder and your rights"),
)
