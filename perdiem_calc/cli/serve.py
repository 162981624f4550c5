"""`perdiem serve`: the browser application, on one's own computer or for an office; its backup and restore."""

from __future__ import annotations

import json
import re
import webbrowser
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perdiem_calc.cli.ledger import Where, place_of
from perdiem_calc.cli.options import AsJson, Force, Source, iso_day, say
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.files import extra, how_to_install, user_folder

if TYPE_CHECKING:
    from perdiem_calc.web.site.settings import Serving

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="The folder of the application [in your own data folder]."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="PERDIEM_WEB_DATABASE",
        show_envvar=True,
        help="postgresql://user@host/database [a file in the folder].",
    ),
]
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, like backup.tar.")]

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")

app = typer.Typer(invoke_without_command=True)


@app.callback(invoke_without_command=True)
def serve(
    ctx: typer.Context,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The port [8437, or a free one].")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address, and open no browser.")] = False,
    data: Data = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day that counts as today [today].")
    ] = None,
    source: Source = "auto",
    ledger: Where = None,
    bind: Annotated[
        str | None,
        typer.Option("--bind", metavar="ADDRESS", help="Serve an office at this address; people sign in."),
    ] = None,
    behind_proxy: Annotated[
        str | None,
        typer.Option("--behind-proxy", metavar="ADDRESS", help="With --bind: the proxy that encrypts."),
    ] = None,
    insecure_lan: Annotated[
        bool, typer.Option("--insecure-lan", help="With --bind: without encryption; every page shows it.")
    ] = False,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", help="With --bind: a name that people type; repeat for more."),
    ] = None,
    database: Database = None,
) -> None:
    """Prepare claims in the browser.

    On your own computer it prints an address that works once, and opens it. No claim leaves the computer. End it
    with Ctrl-C.

    With --bind it serves an office: people sign in with the accounts that `perdiem users` keeps.

    \b
    Example: perdiem serve
    """
    if ctx.invoked_subcommand is not None:
        _refuse_misplaced(ctx)
        return
    serving = serving_of(ctx, data, database, as_of=as_of, source=source)
    serving = _for_office(serving, bind, behind_proxy, insecure_lan, host or [])
    # With a data folder of its own a server has a ledger of its own, unless one is named.
    place = ledger if ledger or data is not None else place_of(None, create=True)
    serving = replace(serving, ledger=place)
    from perdiem_calc.web.serving import serve as run

    def ready(address: str) -> None:
        if serving.is_office:
            reached = f"; people reach it as {', '.join(serving.hosts)}" if serving.hosts else ""
            say(f"The office server runs at {address}{reached}")
            return
        say("Your claims are at this address, which works once:")
        say(address)
        say("Keep this window open while you work. Ctrl-C ends the application; your claims stay.")
        if not no_open:
            webbrowser.open(address)

    run(serving, port, ready)
    say("Ended. All claims are kept." if serving.is_office else "Ended. Your claims are kept.")


@app.command("backup")
def backup(
    ctx: typer.Context,
    file: BackupFile,
    data: Data = None,
    database: Database = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Save all that the application keeps in one file.

    The application may run meanwhile. Only you can read the file, which holds the key of the cookies.

    \b
    Example: perdiem serve backup backup.tar
    """
    serving = serving_of(ctx, data, database)
    from perdiem_calc.web.backup import save

    record = save(serving, file, force=force)
    said = f"{file}: {record['claims']} claims, {record['documents']} documents."
    say(json.dumps(record) if as_json else f"{said} It holds the key of the cookies: keep it as safe as the server.")


@app.command("restore")
def restore(
    ctx: typer.Context,
    file: BackupFile,
    data: Data = None,
    database: Database = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what the application keeps now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what `backup` wrote.

    The application must not run meanwhile. Nobody is signed in afterwards.

    \b
    Example: perdiem serve restore backup.tar --data new-folder
    """
    serving = serving_of(ctx, data, database)
    from perdiem_calc.web.backup import restore as bring_back

    record = bring_back(serving, file, force=force)
    said = f"Restored to {serving.data}: {record['claims']} claims, {record['documents']} documents."
    say(json.dumps(record) if as_json else said)


def serving_of(
    ctx: typer.Context,
    data: Path | None,
    database: str | None,
    *,
    as_of: str | None = None,
    source: str = "auto",
    is_office: bool = False,
) -> Serving:
    """Where the application keeps its data. Raises OutputError where the extra is missing, and InputError for a
    password that every user of this computer could see.
    """
    if extra("web").missing:
        fix = f"install it with: {how_to_install('web')}"
        raise OutputError("web.extra.missing", "the browser application is not installed", fix=fix)
    from perdiem_calc.web.site.settings import Serving, server_settings

    if database is not None and server_settings(database)["PASSWORD"] and _is_typed(ctx, "database"):
        raise InputError(
            "web.database.password",
            "has a password, which the list of processes shows",
            where="--database",
            fix="set PERDIEM_WEB_DATABASE to the URL instead, or use PGPASSFILE",
        )
    day = iso_day(as_of, "--as-of") if as_of else None
    folder = data if data is not None else user_folder() / "web"
    return Serving(folder.absolute(), day, source, is_office=is_office, server=database or "")


def _is_typed(ctx: typer.Context, name: str) -> bool:
    source: Any = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _refuse_misplaced(ctx: typer.Context) -> None:
    """Raise InputError for an option before `backup` or `restore`, which would do nothing there."""
    for one in ctx.command.params:
        if _is_typed(ctx, one.name):
            raise InputError(
                "web.option.misplaced",
                f"does nothing before {ctx.invoked_subcommand}",
                where=one.opts[0],
                fix=f"put it after {ctx.invoked_subcommand}, if that has it",
            )


def _for_office(serving: Serving, bind: str | None, proxy: str | None, insecure: bool, hosts: list[str]) -> Serving:
    """The same for an office, where --bind says so. Raises InputError for what would not be safe."""
    if bind is None:
        for given, name in ((proxy, "--behind-proxy"), (insecure, "--insecure-lan"), (hosts, "--host")):
            if given:
                fix = "add --bind ADDRESS, or leave it out"
                raise InputError("web.bind.missing", "is for an office server", where=name, fix=fix)
        return serving
    if (proxy is None) is not insecure:
        raise InputError(
            "web.bind.encryption",
            "needs to know who encrypts" if proxy is None else "cannot be encrypted and not encrypted",
            where="--bind",
            fix="give either --behind-proxy ADDRESS, or --insecure-lan where you trust the whole network",
        )
    for name in hosts:
        if not _HOST.fullmatch(name):
            raise InputError(
                "web.host.invalid",
                f"{name!r} is no name of a server",
                where="--host",
                fix="give the name alone, like claims.example.org",
            )
    address = _address(bind, "--bind")
    if not hosts and (proxy is not None or ip_address(address).is_unspecified):
        raise InputError(
            "web.host.missing",
            "does not say under which name it is reached",
            where="--bind",
            fix="add --host NAME, the name that people type in the browser",
        )
    known = tuple(name.lower() for name in hosts)
    behind = _address(proxy, "--behind-proxy") if proxy is not None else ""
    return replace(serving, is_office=True, bind=address, hosts=known, proxy=behind)


def _address(text: str, where: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        fix = "give one like 192.168.1.20"
        raise InputError("web.address.invalid", f"{text[:60]!r} is no address", where=where, fix=fix) from None
