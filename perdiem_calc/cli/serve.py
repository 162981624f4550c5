"""`perdiem serve`: the browser application on one's own computer."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from perdiem_calc.cli.ledger import Where, place_of
from perdiem_calc.cli.options import Source, iso_day, say
from perdiem_calc.errors import OutputError
from perdiem_calc.files import extra, how_to_install, user_folder


def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The port [8437, or a free one].")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address, and open no browser.")] = False,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="The folder of the drafts [your own data folder].")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day that counts as today [today].")
    ] = None,
    source: Source = "auto",
    ledger: Where = None,
) -> None:
    """Prepare claims in the browser, on this computer alone.

    It prints an address that works once, and opens it. No claim leaves the computer. End it with Ctrl-C.

    \b
    Example: perdiem serve
    """
    if extra("web").missing:
        fix = f"install it with: {how_to_install('web')}"
        raise OutputError("web.extra.missing", "the browser application is not installed", fix=fix)
    from perdiem_calc.web.serving import serve as run
    from perdiem_calc.web.site.settings import Serving

    def ready(address: str) -> None:
        say("Your claims are at this address, which works once:")
        say(address)
        say("Keep this window open while you work. Ctrl-C ends the application; your claims stay.")
        if not no_open:
            webbrowser.open(address)

    day = iso_day(as_of, "--as-of") if as_of else None
    folder = data if data is not None else user_folder() / "web"
    # With a data folder of its own a server has a ledger of its own, unless one is named.
    place = ledger if ledger or data is not None else place_of(None, create=True)
    run(Serving(folder.absolute(), day, source, ledger=place), port, ready)
    say("Ended. Your claims are kept.")
