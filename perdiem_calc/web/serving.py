"""Starts the server of one's own computer: data folder, database, one-time address, and the end by Ctrl-C."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from perdiem_calc.errors import OutputError
from perdiem_calc.web.site.settings import Serving, configure

HOST, PORT, THREADS = "127.0.0.1", 8437, 4


def serve(serving: Serving, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. `ready` is called with the one-time address once pages can be asked for.

    Without a port the usual one is taken, or a free one where another program has it. Raises OutputError for a port
    that is not free.
    """
    configure(serving)
    prepare_database()
    from waitress.server import create_server

    from perdiem_calc.web.site.views import common

    app = application()
    write_log(serving.data / "web.log")
    server = None
    for wanted in (port,) if port is not None else (PORT, 0):
        with suppress(OSError):
            server = create_server(
                app, host=HOST, port=wanted, threads=THREADS, ident=None, max_request_body_size=1 << 28
            )
            break
    if server is None:
        fix = "choose another with --port, or leave it out"
        raise OutputError("web.port.taken", f"port {port} is used by another program", where="--port", fix=fix)
    token = secrets.token_urlsafe(24)
    common.expect(token)
    ready(f"http://{HOST}:{server.effective_port}/open/{token}")
    server.run()
    server.close()


def prepare_database() -> None:
    """Bring the database and the static files to this version, and remove what was deleted long ago."""
    from django.core.management import call_command

    from perdiem_calc.web.site.incoming import go_on
    from perdiem_calc.web.site.views.claims import forget_old

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    forget_old()
    go_on()


def application() -> Callable[..., object]:
    """The application for a server. Its log is our own: Django's would quote what was typed."""
    from django.core.handlers.wsgi import WSGIHandler

    for name in ("django", "waitress"):
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
