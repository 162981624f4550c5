"""Starts the server, of one's own computer or of an office: data folder, database, address, and the end by Ctrl-C."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import how_to_install
from perdiem_calc.text import harmless
from perdiem_calc.web.site.settings import Serving, configure

PORT, THREADS, OFFICE_THREADS = 8437, 4, 12


def serve(serving: Serving, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. `ready` is called with the address once pages can be asked for: on one's own computer it
    works once.

    Without a port the usual one is taken, or on one's own computer a free one where another program has it. Raises
    OutputError for a port that is not free, and InputError for an office server that nobody can sign in to.
    """
    begin(serving)
    prepare_static()
    if serving.is_office:
        _require_people()
    from waitress.server import create_server

    from perdiem_calc.web.site.views import common

    app = application()
    write_log(serving.data / "web.log")
    server = None
    how: dict[str, object] = {"threads": OFFICE_THREADS if serving.is_office else THREADS}
    if serving.proxy:
        # The server believes this one about the client's address and the encryption, and nobody else.
        how |= {"trusted_proxy": serving.proxy, "trusted_proxy_count": 1}
        how["trusted_proxy_headers"] = {"x-forwarded-for", "x-forwarded-proto"}
    for wanted in (port,) if port is not None else (PORT,) if serving.is_office else (PORT, 0):
        with suppress(OSError):
            server = create_server(
                app,
                host=serving.bind,
                port=wanted,
                ident=None,
                max_request_body_size=1 << 28,
                clear_untrusted_proxy_headers=True,
                **how,
            )
            break
    if server is None:
        if serving.is_office:
            raise OutputError(
                "web.bind.refused",
                f"port {PORT if port is None else port} of {serving.bind} cannot be used",
                where="--bind",
                fix="check that this computer has that address, and no other program that port; or give --port",
            )
        fix = "choose another with --port, or leave it out"
        raise OutputError("web.port.taken", f"port {port} is used by another program", where="--port", fix=fix)
    host = f"[{serving.bind}]" if ":" in serving.bind else serving.bind
    address = f"http://{host}:{server.effective_port}/"
    if not serving.is_office:
        token = secrets.token_urlsafe(24)
        common.expect(token)
        address += f"open/{token}"
    from perdiem_calc.web.backup import running

    with running(serving.data):
        ready(address)
        server.run()
    server.close()


def begin(serving: Serving) -> None:
    """Set Django up, and bring the database to this version.

    Raises OutputError where the database cannot be used; its message has no password.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        configure(serving)
        prepare_database()
    except ImproperlyConfigured:
        what, fix = "a PostgreSQL database needs psycopg", f"run: {how_to_install('postgres')}"
        raise OutputError("web.psycopg.missing", what, where="--database", fix=fix) from None
    except DatabaseError as error:
        if not serving.server:
            raise
        what = f"the database cannot be used ({harmless(' '.join(str(error).split())[:200])})"
        fix = "check the URL, and that the server runs and lets this user make tables"
        raise OutputError("web.database.refused", what, where="--database", fix=fix) from None


def prepare_database() -> None:
    """Bring the database to this version, and remove what was deleted long ago and the sessions that are over."""
    from django.core.management import call_command

    from perdiem_calc.web.site.incoming import go_on
    from perdiem_calc.web.site.views.claims import forget_old

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("clearsessions", verbosity=0, skip_checks=True)
    forget_old()
    go_on()


def prepare_static() -> None:
    """Bring the static files to this version."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)


def _require_people() -> None:
    from perdiem_calc.web.site.models import Member

    if not Member.objects.filter(user__is_active=True).exists():
        raise InputError(
            "web.people.none",
            "nobody can sign in to this server yet",
            where="--bind",
            fix="make the first account with: perdiem users add NAME --role manager",
        )


def application() -> Callable[..., object]:
    """The application for a server. Its log is our own: Django's would quote what was typed."""
    from django.core.handlers.wsgi import WSGIHandler

    for name in ("axes", "django", "waitress"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return WSGIHandler()


def write_log(file: Path) -> None:
    """Keep a log of a megabyte, and one before it: what was asked for and what failed, but nothing that was typed."""
    handler = RotatingFileHandler(file, maxBytes=1 << 20, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("perdiem.web")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    log.propagate = False
