"""A PostgreSQL server for tests: made in a temporary folder, reached by a Unix socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120
SUPERUSER = "tester"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine, where Debian and others put it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: float(folder.parent.name), default=None)


def missing_reason() -> str | None:
    """Why no server can be started here; None if one can."""
    if programs() is None:
        return "PostgreSQL is not installed (initdb not found)"
    if os.geteuid() == 0 and _unprivileged() is None:
        return "PostgreSQL does not run as root, and there is no user postgres or nobody"
    return None


def _unprivileged() -> str | None:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


@dataclass
class Server:
    """A running server. `folder` holds its data and its socket."""

    folder: Path
    user: str | None

    def url(self, database: str = "postgres", *, user: str = SUPERUSER) -> str:
        """The URL of a database of it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> str:
        """What one of PostgreSQL's programs prints, run as the server's user."""
        folder = programs()
        assert folder is not None
        output = self.folder / "output"
        with open(output, "wb") as file:  # a file, not a pipe: the server would keep a pipe open
            done = subprocess.run(
                [folder / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                user=self.user,
                timeout=SECONDS,
                check=False,
            )
        printed = output.read_text()
        assert done.returncode == 0, printed
        return printed

    def start(self) -> None:
        """Start it and wait until it answers. What it writes outlives every program, though not the machine."""
        options = f"-c fsync=off -c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=120"
        self.run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is as a crash: nothing is written any more."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def new_database(self, name: str) -> str:
        """Make an empty database; its URL."""
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql prints for a statement, rows alone."""
        return self.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database)).strip()


@contextmanager
def running_server() -> Iterator[Server]:
    """A server of its own for as long as it is needed."""
    user = _unprivileged() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = Server(folder, user)
        server.run("initdb", "-D", str(folder / "data"), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C")
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder)
