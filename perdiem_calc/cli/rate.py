"""`perdiem rate`: the per diem of a place on a day, from the live service or the embedded rates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from perdiem_calc.cli.options import AsJsonLines, Source, iso_day, line_given, rates_of

PlaceAsTyped = Annotated[
    list[str] | None, typer.Argument(metavar="PLACE", help='A place: "Orlando, FL", "Orange County, FL", or a ZIP.')
]
Zip = Annotated[str | None, typer.Option("--zip", metavar="ZIP", help="A ZIP, alone or with the place.")]
County = Annotated[str | None, typer.Option("--county", metavar="NAME", help="A county, with --state or a place.")]
State = Annotated[str | None, typer.Option("--state", metavar="STATE", help="The state of the county or the place.")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of travel [today].")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="The last of several days, itself included.")
]
Batch = Annotated[
    str | None,
    typer.Option(
        "--batch", metavar="FILE", help="Many places, .csv or .xlsx: columns place, county, zip, state, on."
    ),
]


def rate(
    place: PlaceAsTyped = None,
    zip_code: Zip = None,
    county: County = None,
    state: State = None,
    on: On = None,
    until: Until = None,
    batch: Batch = None,
    source: Source = "auto",
    as_json: AsJsonLines = False,
) -> None:
    """Look up the lodging ceiling and M&IE of a place on a day.

    \b
    Example: perdiem rate "Orlando, FL" --on 2026-10-04
    """
    from datetime import date

    from perdiem_calc.cli import rate_answers as answers
    from perdiem_calc.errors import InputError

    first = iso_day(on, "--on") if on is not None else date.today()
    last = iso_day(until, "--until") if until is not None else None
    if batch is None and last and last < first:
        raise InputError(
            "command.dates.reversed", f"{last} is before {first}", where="--until", fix="give the later day"
        )
    typed = {"PLACE": " ".join(place or ()), "--county": county, "--zip": zip_code, "--state": state}
    said, county, zip_code, state = (line_given(text or "", where, most=None) for where, text in typed.items())
    if batch is not None and (said or zip_code or county or state):
        raise InputError(
            "command.options.contradictory", "a file and a place are given", where="--batch", fix="give one of them"
        )
    if batch is None:
        asked = answers.Asked("", said, county, zip_code, state, first, last)
        questions = iter([asked])
    else:
        from perdiem_calc.cli.rate_answers import read_batch

        questions = read_batch(Path(batch), first, last)
    rates = rates_of(source)
    exit_code = 0
    for question in questions:
        answer = answers.answer(question, rates)
        answers.show(answer, as_json=as_json, brief=batch is not None)
        exit_code = answers.worse(exit_code, answer.exit_code)
    raise typer.Exit(exit_code)
