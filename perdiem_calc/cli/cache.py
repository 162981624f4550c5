"""`perdiem cache`: the answers of GSA's service that are kept on this machine."""

from __future__ import annotations

import json

import typer

from perdiem_calc.cli.options import AsJson
from perdiem_calc.text import harmless

app = typer.Typer(no_args_is_help=True)


@app.callback()
def cache() -> None:
    """See or forget the kept answers of GSA's service.

    \b
    Example: perdiem cache status
    """


@app.command("status")
def status(
    as_json: AsJson = False,
) -> None:
    """Say where the kept answers are, how many and how old.

    \b
    Example: perdiem cache status
    """
    from perdiem_calc.rates.gsa.cache import AnswerCache, default_path

    cache = AnswerCache(default_path())
    found = cache.status()
    oldest, newest = (at.isoformat(timespec="seconds") if at else None for at in (found.oldest, found.newest))
    if as_json:
        record = {"path": str(found.path), "bytes": found.size, "answers": found.answers}
        typer.echo(json.dumps(record | {"oldest": oldest, "newest": newest, "readable": found.readable}))
        return
    typer.echo(f"Kept answers: {found.answers} ({found.size:,} bytes) in {harmless(found.path)}")
    if not found.readable:
        damaged = "The file is damaged. It is begun again when the service is next asked."
        typer.echo("\n".join(cache.problems) or damaged)
    if oldest:
        typer.echo(f"Retrieved from {oldest} to {newest}")


@app.command("clear")
def clear(
    as_json: AsJson = False,
) -> None:
    """Forget every kept answer.

    The next question about a place goes to the service again.

    \b
    Example: perdiem cache clear
    """
    from perdiem_calc.errors import OutputError
    from perdiem_calc.rates.gsa.cache import AnswerCache, default_path

    path = default_path()
    try:
        answers = AnswerCache(path).clear()
    except OSError as error:
        reason = error.strerror or "it cannot be removed"
        raise OutputError(
            "output.cache.in-use", reason, where=str(path), fix="remove it yourself, once no other program uses it"
        ) from None
    record = {"path": str(path), "forgotten": answers}
    typer.echo(json.dumps(record) if as_json else f"Forgotten: {answers} answers")
