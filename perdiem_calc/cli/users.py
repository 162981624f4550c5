"""`perdiem users`: the accounts of an office server."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.cli.options import AsJson, AsJsonLines, say
from perdiem_calc.cli.serve import Data, Database, serving_of
from perdiem_calc.errors import InputError

if TYPE_CHECKING:
    from perdiem_calc.web.site.models import Member

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, like ann.lee.")]
Role = Annotated[
    str,
    typer.Option(
        "--role", metavar="ROLE", help="What the person does: preparer, reviewer, analyst, accountant or manager."
    ),
]
Agency = Annotated[
    str | None, typer.Option("--agency", metavar="AGENCY", help="The agency of the person [as it was, or none].")
]


@app.callback()
def users() -> None:
    """Keep the accounts of an office server.

    \b
    Example: perdiem users list
    """


@app.command("add")
def add(
    ctx: typer.Context,
    name: Name,
    role: Role,
    agency: Agency = None,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Add a person; the password is asked for.

    \b
    Example: perdiem users add ann.lee --role preparer --agency "Rome PD"
    """
    _begin(ctx, data, database)
    from perdiem_calc.web.site import people

    people.checked_role(role)
    member = people.add(name, role, agency or "", _password())
    _show(member, as_json, f"{member.user.username} can sign in.")


@app.command("list")
def list_all(ctx: typer.Context, data: Data = None, database: Database = None, as_json: AsJsonLines = False) -> None:
    """List everyone who has an account.

    \b
    Example: perdiem users list
    """
    _begin(ctx, data, database)
    from perdiem_calc.web.site import people

    members = people.members()
    for member in members:
        state = "" if member.user.is_active else "  (closed)"
        agency = f"  {member.agency}" if member.agency else ""
        _show(member, as_json, f"{member.user.username:20}  {member.role:10}{agency}{state}")
    if not members and not as_json:
        say("Nobody has an account yet. Make the first with: perdiem users add NAME --role manager")


@app.command("role")
def role(
    ctx: typer.Context,
    name: Name,
    role: Role,
    agency: Agency = None,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Change a person's role or agency.

    The person is signed out everywhere.

    \b
    Example: perdiem users role ann.lee --role reviewer
    """
    _begin(ctx, data, database)
    from perdiem_calc.web.site import people

    member = people.member_named(name)
    people.change(member, role, member.agency if agency is None else agency)
    _show(member, as_json, f"{name} is {member.role} now, and was signed out everywhere.")


@app.command("remove")
def remove(
    ctx: typer.Context, name: Name, data: Data = None, database: Database = None, as_json: AsJson = False
) -> None:
    """Close an account. The person's claims are kept; `reset` opens it again.

    \b
    Example: perdiem users remove ann.lee
    """
    _begin(ctx, data, database)
    from perdiem_calc.web.site import people

    member = people.member_named(name)
    people.close(member)
    _show(member, as_json, f"{name} can sign in no more. The claims of {name} are kept.")


@app.command("reset")
def reset(
    ctx: typer.Context, name: Name, data: Data = None, database: Database = None, as_json: AsJson = False
) -> None:
    """Give a person a new password, which is asked for.

    The person is signed out everywhere. A closed account opens again.

    \b
    Example: perdiem users reset ann.lee
    """
    _begin(ctx, data, database)
    from perdiem_calc.web.site import people

    member = people.member_named(name)
    people.reset(member, _password())
    _show(member, as_json, f"{name} has a new password, and was signed out everywhere.")


def _begin(ctx: typer.Context, data: Path | None, database: str | None) -> None:
    """Open the database of the server."""
    serving = serving_of(ctx, data, database, is_office=True)
    from perdiem_calc.web.serving import begin

    begin(serving)


def _password() -> str:
    """A password, typed twice."""
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("The same again: "):
        raise InputError("web.password.differs", "the two passwords differ", fix="run it again")
    return first


def _show(member: Member, as_json: bool, text: str) -> None:
    record = {
        "name": member.user.username,
        "role": member.role,
        "agency": member.agency,
        "is_open": member.user.is_active,
    }
    say(json.dumps(record) if as_json else text)
