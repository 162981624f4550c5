"""`perdiem letters`: the settings of the letters that `perdiem audit` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from perdiem_calc.cli.options import AsJson, Force, say
from perdiem_calc.text import harmless

app = typer.Typer(no_args_is_help=True)


@app.callback()
def letters() -> None:
    """Set up the letters of an audit.

    \b
    Example: perdiem letters init letters.toml
    """


@app.command("init")
def init(
    path: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The settings file to write.")] = Path(
        "letters.toml"
    ),
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write a settings file to fill in: name, address, signature.

    \b
    Example: perdiem letters init letters.toml
    """
    from perdiem_calc.auditing.letter_settings import write_settings

    write_settings(path, force=force)
    if as_json:
        typer.echo(json.dumps({"path": str(path)}))
    else:
        say(f"The settings file is ready to fill in: {harmless(path)}")
