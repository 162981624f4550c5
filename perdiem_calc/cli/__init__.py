"""The command `perdiem`: parses, calls one function, prints. Each module here is one group of commands."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from itertools import pairwise
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from perdiem_calc.cli import options
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.text import harmless

COMMANDS = {
    "serve": "serve.app",
    "users": "users.app",
    "rate": "rate.rate",
    "claim": "claim.app",
    "explain": "claim.explain",
    "audit": "audit.audit",
    "letters": "letters.app",
    "ledger": "ledger.app",
    "estimate": "estimate.estimate",
    "sites": "planning.sites",
    "forecast": "planning.forecast",
    "ratebook": "ratebook.app",
    "cache": "cache.app",
    "mcp": "chat.mcp",
    "doctor": "doctor.doctor",
}
"""The commands in the order in which a person meets them, each with its home: a function, or an app of several."""

_WIDTH = re.compile(r"[2-9][0-9]|[1-9][0-9]{2,3}")
"""The widths for which text can be laid out; a terminal that states another, such as 0, has the usual one."""
_EMPTY_OPTION = re.compile(r"(--[a-z-]+)=")


def _as_typed(parameter: Any) -> Any:
    """A parameter that is a switch, or a text that its command checks: typer would load pydantic to check it, which
    takes longer than to look up a rate.
    """
    called = parameter.callback
    parameter.process_value = lambda context, value: called(context, parameter, value) if called else value
    return parameter


class AsTyped(TyperCommand):
    """A command that reads its texts itself."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, whose values are left as they were typed."""
        return [_as_typed(one) for one in super().get_params(ctx)]


class Loaded(Mapping[str, Any]):
    """The commands; each is imported when it is used, because all of them take longer than most take to answer."""

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __getitem__(self, name: str) -> Any:
        module, _, member = COMMANDS[name].partition(".")
        found = getattr(import_module(f"perdiem_calc.cli.{module}"), member)
        home = typer.Typer(rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            home.add_typer(found, name=name)
        else:
            home.command(name, cls=AsTyped if name == "rate" else None)(found)
        return typer.main.get_group(home).commands[name]


class Commands(TyperGroup):
    """A group of the commands there are."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": Loaded()})

    def get_params(self, ctx: Any) -> list[Any]:
        """The switches of the program itself."""
        return [_as_typed(one) for one in super().get_params(ctx)]


app = typer.Typer(
    name="perdiem",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    """Run the command line. What a person can fix is a message on standard error, and an exit code."""
    _hold_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old console cannot show every letter
    if not _WIDTH.fullmatch(os.environ.get("COLUMNS", "80")):
        del os.environ["COLUMNS"]
    try:
        try:
            _refuse_empty(sys.argv)
            app()
        finally:
            options.say_problems()
            if sys.stdout is not None:
                sys.stdout.flush()
    except PerdiemError as error:
        if "--json" in sys.argv:
            with suppress(OSError, ValueError):
                typer.echo(json.dumps({"error": error.as_record()}))
        _end(f"perdiem: {error}", error.exit_code)
    except sqlite3.DatabaseError as error:
        _end(f"perdiem: a database of the program is damaged ({harmless(error)}); run: perdiem doctor")
    except OSError as error:
        _end_refused(error)
    except Exception as error:  # noqa: BLE001 - whoever waits for an answer gets a sentence, not our code
        _end(
            f"perdiem: the program failed ({type(error).__name__} at {_where(error)}), and this is its fault, not "
            "yours; send this line and the input to whoever keeps the program"
        )


def _refuse_empty(arguments: Sequence[str]) -> None:
    """Refuse an empty argument, as a script's blank variable leaves it: as a path it would be the working folder, as
    a ledger none, as a day today.
    """
    for before, argument in pairwise(arguments):
        option = _EMPTY_OPTION.fullmatch(argument)
        if not argument or option:
            what = f"an argument is empty: the one after {harmless(option[1] if option else before)}"
            raise InputError("command.argument.empty", what, fix="give it, or leave it out")


def _hold_standard_streams() -> None:
    """Where a standard stream is closed, no file that is opened later may get its number: what is printed would
    end up in it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free


def _where(error: BaseException) -> str:
    """The line of the program where an error was raised, by the name of its file."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if "perdiem_calc" in step.filename]
    return f"{os.path.basename(steps[-1].filename)}:{steps[-1].lineno}" if steps else "its start"


def _end(message: str, code: int = 2) -> NoReturn:
    """End with a message, if there is still somewhere to write it."""
    with suppress(OSError, ValueError):
        typer.echo(message, err=True)
    sys.exit(code)


def _end_refused(error: OSError) -> NoReturn:
    """End when the system refused: quietly where the reader of the output went away, else with a message."""
    # What is still buffered would fail again when Python ends.
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    if sys.stdout is not None:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        sys.exit(2)
    what = f"{harmless(error.filename)} cannot be used" if error.filename else "the output cannot be written"
    _end(f"perdiem: {what} ({error.strerror}); fix that and run it again")
