"""`perdiem doctor`: what is installed, which rates, cache, ledger and law are in use, and what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.cli.ledger import Where, place_of
from perdiem_calc.cli.options import AsJson, day_asked
from perdiem_calc.text import harmless_lines

if TYPE_CHECKING:
    from perdiem_calc.cli.examination import Fact


def doctor(
    where: Where = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The day whose rates and rules must be known [today]."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is installed and in use, and what is missing.

    With what is missing or broken comes what to do. Looking changes nothing. Exit 1 if something is broken.

    \b
    Example: perdiem doctor
    """
    from perdiem_calc.cli.examination import State, examine

    facts = list(examine(day_asked(as_of, "--as-of"), place_of(where)))
    broken = sum(fact.state is State.BROKEN for fact in facts)
    if as_json:
        record = {"whole": not broken, "facts": [fact.as_record() for fact in facts]}
        typer.echo(json.dumps(record))
    else:
        _show(facts)
        count = "1 thing is" if broken == 1 else f"{broken} things are"
        typer.echo(
            f"\n{count} broken: see above." if broken else "\nEverything that the basic commands need is there."
        )
    raise typer.Exit(1 if broken else 0)


def _show(facts: list[Fact]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {"ok": "green", "note": "yellow", "broken": "bold red"}
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    part = ""
    for fact in facts:
        if fact.part != part:
            part = fact.part
            table.add_row("", "", "")
            table.add_row(Text(part.capitalize(), "bold"), "", "")
        table.add_row(
            Text(f"  {fact.state.value}", styles[fact.state.value]), fact.name, Text(harmless_lines(fact.said))
        )
        if fact.fix:
            table.add_row("", "", Text(harmless_lines(f"-> {fact.fix}")))
    Console(highlight=False).print(table)
