"""`perdiem mcp`: the same functions for a chat program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perdiem_calc.cli.options import Source
from perdiem_calc.errors import OutputError
from perdiem_calc.files import extra, how_to_install


def mcp(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", metavar="FOLDER", help="The one folder where claims may be built and audited [none]."
        ),
    ] = None,
    source: Source = "auto",
) -> None:
    """Answer a chat program (MCP) about rates, trips and claims.

    The chat program starts it, and talks to it over standard input and output.

    \b
    Example: perdiem mcp --folder claims
    """
    if extra("mcp").missing:
        fix = f"install it with: {how_to_install('mcp')}"
        raise OutputError("mcp.extra.missing", "the tools for chat programs are not installed", fix=fix)
    from perdiem_calc.mcp import serve

    serve(source, folder)
