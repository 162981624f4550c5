"""One file with all that the application keeps: its database, the documents and the key of the cookies.

The backup is the state of one moment, also while the application runs. The database is the SQLite file or, of a
PostgreSQL server, each table as it copies it. A backup of an earlier version is brought to this one when it is
restored; nobody is signed in after that.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from perdiem_calc import __version__
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import unwritable
from perdiem_calc.web.serving import begin
from perdiem_calc.web.site.settings import PRIVATE, Serving, configure, prepare

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

MANIFEST, KEY, SQLITE, TABLES = "backup.json", "key", "web.sqlite", "tables"
FORMAT = 1
OWNERS_ALONE = 0o600
_NOT_KEPT = {"static", TABLES}
"""The folders that hold no document."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,2}")
_MISSING = "SELECT file FROM web_document"
LOCK = "running"


@contextmanager
def running(data: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the data folder while a program uses it. Raises OutputError where `alone` is asked and another does."""
    try:
        import fcntl
    except ImportError:  # Windows refuses by itself to replace files that are open
        yield
        return
    with open(os.open(data / LOCK, os.O_RDWR | os.O_CREAT, OWNERS_ALONE), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except OSError:
            fix = "stop it first: Ctrl-C, or systemctl stop perdiem"
            raise OutputError("web.restore.running", "the application runs", where=str(data), fix=fix) from None
        yield


# ---- saving


def save(serving: Serving, file: Path, *, force: bool) -> dict[str, Any]:
    """Write a backup; how many claims and documents it has.

    Raises InputError where there is nothing to save, OutputError where the file exists or cannot be written.
    """
    if not (serving.data / KEY).is_file() or not (serving.server or serving.database.is_file()):
        what, fix = "nothing is kept there yet", "name the folder with --data"
        raise InputError("web.backup.nothing", what, where=str(serving.data), fix=fix)
    if file.exists() and not force:
        fix = "choose another name, or give --force"
        raise OutputError("web.backup.exists", "a file with that name already exists", where=str(file), fix=fix)
    configure(serving)
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=serving.data) as folder:
            scratch = Path(folder)
            # A document that comes or goes meanwhile: those of before, the database, and those of after.
            files = dict(_documents(serving.data))
            record = _dumped(serving, scratch)
            files |= dict(_documents(serving.data))
            with _private_file(file) as out, tarfile.open(fileobj=out, mode="w") as archive:
                record["documents"] = _archived(archive, serving, scratch, files, record)
    except OSError as error:
        raise unwritable(file, error) from None
    return {name: record[name] for name in ("claims", "documents")} | {"file": str(file)}


@contextmanager
def _private_file(file: Path) -> Iterator[IO[bytes]]:
    """A file to fill that nobody else can read at any time; it becomes `file` once it is whole."""
    scratch = file.with_name(f".{file.name}-{secrets.token_hex(6)}")
    try:
        with open(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_ALONE), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(file)
    finally:
        scratch.unlink(missing_ok=True)


def _documents(data: Path) -> Iterator[tuple[str, Path]]:
    """The files in the folders of the data folder."""
    for folder in sorted(one for one in data.iterdir() if one.is_dir() and one.name not in _NOT_KEPT):
        if not folder.name.startswith(("backup-", "restoring-", "replaced-")):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(data).as_posix()
                if path.is_file() and _NAME.fullmatch(name):
                    yield name, path


def _archived(
    archive: tarfile.TarFile, serving: Serving, scratch: Path, files: dict[str, Path], record: dict[str, Any]
) -> int:
    """Fill the archive; the number of documents."""
    _add(archive, MANIFEST, json.dumps(record).encode())
    _add(archive, KEY, (serving.data / KEY).read_bytes())
    for path in sorted(one for one in scratch.rglob("*") if one.is_file()):
        archive.add(path, path.relative_to(scratch).as_posix(), filter=_private)
    count = 0
    for name, path in sorted(files.items()):
        with suppress(FileNotFoundError):  # removed since
            archive.add(path, name, filter=_private)
            count += 1
    return count


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), OWNERS_ALONE
    archive.addfile(member, io.BytesIO(content))


def _private(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = OWNERS_ALONE
    return member


def _dumped(serving: Serving, scratch: Path) -> dict[str, Any]:
    """Write the database as it is at one moment; the record of the backup."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "program": __version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "kind": "postgresql" if serving.server else "sqlite",
    }
    if serving.server:
        return record | _dumped_tables(scratch)
    with closing(sqlite3.connect(serving.database)) as book, closing(sqlite3.connect(scratch / SQLITE)) as copy:
        book.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (record["claims"],) = copy.execute(_CLAIMS).fetchone()
        record["migrations"] = copy.execute(_MIGRATIONS).fetchall()
    return record


_CLAIMS = "SELECT count(*) FROM web_preparation WHERE deleted_at IS NULL"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


def _dumped_tables(scratch: Path) -> dict[str, Any]:
    from django.db import connection

    (scratch / TABLES).mkdir()
    record: dict[str, Any] = {"tables": {}}
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            for table in _tables(connection):
                described = connection.introspection.get_table_description(cursor, table)
                record["tables"][table] = [one.name for one in described]
                with open(scratch / TABLES / table, "wb") as out:
                    _copy_out(connection, table, record["tables"][table], out)
            cursor.execute(_CLAIMS)
            (record["claims"],) = cursor.fetchone()
            cursor.execute(_MIGRATIONS)
            record["migrations"] = cursor.fetchall()
        finally:
            cursor.execute("ROLLBACK")
    return record


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    ours = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*ours, "django_migrations"} & set(connection.introspection.table_names()))


def _copying(connection: BaseDatabaseWrapper, table: str, columns: list[str], way: str) -> str:
    quoted = ", ".join(connection.ops.quote_name(one) for one in columns)
    return f"COPY {connection.ops.quote_name(table)} ({quoted}) {way}"


def _copy_out(connection: BaseDatabaseWrapper, table: str, columns: list[str], out: IO[bytes]) -> None:
    with connection.connection.cursor() as raw, raw.copy(_copying(connection, table, columns, "TO STDOUT")) as rows:
        for data in rows:
            out.write(data)


# ---- restoring


def restore(serving: Serving, file: Path, *, force: bool) -> dict[str, Any]:
    """Bring back a backup; how many claims and documents it has.

    Raises InputError for a file that is no whole backup, or one of a newer program; OutputError where something is
    kept already and `force` is not given, or the application runs.
    """
    prepare(serving.data)
    with running(serving.data, alone=True):
        if serving.database.exists() and not force:
            raise _something_there(str(serving.data))
        scratch = serving.data / f"restoring-{secrets.token_hex(6)}"
        scratch.mkdir(mode=PRIVATE)
        try:
            record = _unpacked(file, scratch)
            _check(serving, record, scratch, file)
            documents = sum(1 for _ in _documents(scratch))
            _put_in_place(serving, record, scratch, force=force)
        finally:
            shutil.rmtree(scratch)
        begin(serving)
        _settle()
    return {"claims": record["claims"], "documents": documents, "data": str(serving.data)}


def _settle() -> None:
    """Nobody is signed in any more, and what is added next gets numbers of its own."""
    from django.apps import apps
    from django.contrib.sessions.models import Session
    from django.core.management.color import no_style
    from django.db import connection

    Session.objects.all().delete()
    models = list(apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _something_there(where: str) -> OutputError:
    fix = "name an empty place, or give --force, which replaces it"
    return OutputError("web.restore.exists", "something is kept there already", where=where, fix=fix)


def _unpacked(file: Path, scratch: Path) -> dict[str, Any]:
    """Unpack a backup, and nothing else that an archive may hold; its record."""
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                if not member.isfile() or not _NAME.fullmatch(member.name):
                    raise _no_backup(file)
                target = scratch / member.name
                target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
                content = archive.extractfile(member)
                assert content is not None  # noqa: S101 - it is a file
                with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_ALONE), "wb") as out:
                    shutil.copyfileobj(content, out)
        record: dict[str, Any] = json.loads((scratch / MANIFEST).read_bytes())
        if record["format"] != FORMAT or not isinstance(record["claims"], int):
            raise _no_backup(file)
        (scratch / KEY).read_text(encoding="ascii")
        return record
    except FileNotFoundError as error:
        if error.filename == str(file):
            fix = "check its name"
            raise InputError("web.backup.missing", "there is no such file", where=str(file), fix=fix) from None
        raise _no_backup(file) from None
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError, FileExistsError):
        raise _no_backup(file) from None


def _no_backup(file: Path) -> InputError:
    fix = "give a file that `perdiem serve backup` wrote; nothing was changed"
    return InputError("web.backup.invalid", "is no whole backup", where=str(file), fix=fix)


def _check(serving: Serving, record: dict[str, Any], scratch: Path, file: Path) -> None:
    """Raise InputError for a backup that cannot be restored here."""
    kind = "postgresql" if serving.server else "sqlite"
    if record["kind"] != kind:
        what = f"was made of a {record['kind']} database, and this one is {kind}"
        fix = "restore it with --database" if kind == "sqlite" else "restore it without --database"
        raise InputError("web.backup.kind-unknown", what, where=str(file), fix=fix)
    configure(serving)
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations)
    if {tuple(one) for one in record["migrations"] if one[0] == "web"} - known:
        what = f"was made by a newer program ({record['program']})"
        raise InputError("web.backup.newer", what, where=str(file), fix="install that version, and restore it then")
    if kind == "sqlite":
        try:
            with closing(sqlite3.connect(scratch / SQLITE)) as book:
                whole = book.execute("PRAGMA integrity_check").fetchall()
                missing = [name for (name,) in book.execute(_MISSING) if not _is_document(scratch, name)]
        except sqlite3.DatabaseError:
            raise _no_backup(file) from None
        if whole != [("ok",)] or missing:
            raise _no_backup(file)


def _is_document(scratch: Path, name: str) -> bool:
    return (scratch / "documents" / name).is_file()


def _put_in_place(serving: Serving, record: dict[str, Any], scratch: Path, *, force: bool) -> None:
    """Replace what is kept. What was there before is removed last."""
    replaced = serving.data / f"replaced-{secrets.token_hex(6)}"
    replaced.mkdir(mode=PRIVATE)
    if serving.server:
        _load_tables(record, scratch / TABLES, force=force)
        shutil.rmtree(scratch / TABLES)
    (scratch / MANIFEST).unlink()
    (scratch / "documents").mkdir(mode=PRIVATE, exist_ok=True)
    old = [serving.data / f"{SQLITE}{suffix}" for suffix in ("-wal", "-shm")] if not serving.server else []
    old += [serving.data / new.name for new in scratch.iterdir()]
    for path in old:
        if path.exists():
            path.rename(replaced / path.name)
    for new in sorted(scratch.iterdir()):
        new.rename(serving.data / new.name)
    shutil.rmtree(replaced)


def _load_tables(record: dict[str, Any], folder: Path, *, force: bool) -> None:
    """Fill the database in one transaction: as it was is what it stays where that fails."""
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    there = _tables(connection)
    if there and not force:
        raise _something_there("the database")
    applied = [tuple(one) for one in record["migrations"]]
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in there:
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        executor = MigrationExecutor(connection)
        known = [one for one in applied if one in executor.loader.graph.nodes]
        last = dict(known)  # of each app
        executor.migrate(list(last.items()))
        with connection.cursor() as cursor:
            for table in _tables(connection):
                cursor.execute(f"TRUNCATE {connection.ops.quote_name(table)} CASCADE")
            for table, columns in record["tables"].items():
                with (
                    open(folder / table, "rb") as rows,
                    connection.connection.cursor() as raw,
                    raw.copy(_copying(connection, table, columns, "FROM STDIN")) as into,
                ):
                    while data := rows.read(1 << 16):
                        into.write(data)
