"""The command `perdiem`: parses, calls one function, prints. Each module here is one group of commands."""

from __future__ import annotations

import os
import sqlite3
import sys
from io import TextIOWrapper
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from perdiem_calc.cli import audit, cache, claim, doctor, estimate, ledger, options, planning, rate, ratebook
from perdiem_calc.errors import PerdiemError
from perdiem_calc.plain_text import harmless

# As a claim's life goes, and not as the commands are registered.
ORDER = (
    "rate",
    "claim",
    "explain",
    "audit",
    "ledger",
    "estimate",
    "sites",
    "forecast",
    "ratebook",
    "cache",
    "doctor",
)


class InOrder(TyperGroup):
    """The commands, in the order in which a person meets them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands; those that `ORDER` does not name come last."""
        return sorted(self.commands, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = typer.Typer(
    name="perdiem",
    cls=InOrder,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("rate")(rate.rate)
app.add_typer(claim.app, name="claim")
app.command("explain")(claim.explain)
app.command("audit")(audit.audit)
app.command("estimate")(estimate.estimate)
app.command("sites")(planning.sites)
app.command("forecast")(planning.forecast)
app.add_typer(ratebook.app, name="ratebook")
app.add_typer(ledger.app, name="ledger")
app.add_typer(cache.app, name="cache")
app.command("doctor")(doctor.doctor)


def _print_version(asked: bool) -> None:
    if asked:
        from perdiem_calc import __version__

        typer.echo(f"perdiem {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Travel claims of school resource officers, at GSA per diem rates.

    Each command's own help says more: perdiem claim build --help

    \b
    Example: perdiem claim build data/samples/2026-ORL-0001.json -o claim.xlsx
    """


def main() -> None:
    """Run the command line. What a person can mend is a message on standard error, and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old console cannot show every letter
    try:
        app()
    except PerdiemError as error:
        options.say(f"perdiem: {error}", err=True)
        sys.exit(error.exit_code)
    except sqlite3.DatabaseError as error:
        typer.echo(f"perdiem: a database of the program is damaged ({error}); run: perdiem doctor", err=True)
        sys.exit(2)
    except OSError as error:
        _end_refused(error)
    finally:
        options.say_problems()


def _end_refused(error: OSError) -> NoReturn:
    """End when the system refused: quietly where the reader of the output went away, else with a message."""
    if not isinstance(error, BrokenPipeError):
        what = f"{harmless(str(error.filename))} cannot be used" if error.filename else "the output cannot be written"
        options.say(f"perdiem: {what} ({error.strerror}); mend that and run it again", err=True)
    # What is still buffered would fail again when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(2)
