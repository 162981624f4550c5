"""The command `perdiem`: parses, calls one function, prints. Each module here is one group of commands."""

from __future__ import annotations

import sys

import typer

from perdiem_calc.cli import cache, claim, estimate, options, planning, rate, ratebook
from perdiem_calc.errors import PerdiemError

app = typer.Typer(
    name="perdiem",
    help="Travel claims of school resource officers, at GSA per diem rates.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("rate")(rate.rate)
app.add_typer(claim.app, name="claim")
app.command("explain")(claim.explain)
app.command("estimate")(estimate.estimate)
app.command("sites")(planning.sites)
app.command("forecast")(planning.forecast)
app.add_typer(ratebook.app, name="ratebook")
app.add_typer(cache.app, name="cache")


def main() -> None:
    """Run the command line. What a person can mend is a message on standard error, and an exit code."""
    try:
        app()
    except PerdiemError as error:
        typer.echo(f"perdiem: {error}", err=True)
        sys.exit(error.exit_code)
    finally:
        options.say_problems()
