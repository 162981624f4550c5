"""`perdiem ratebook`: what the embedded rates are and where they came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perdiem_calc.cli.options import AsJson, steps, whole
from perdiem_calc.text import counted, harmless

if TYPE_CHECKING:
    from perdiem_calc.rates.ratebook import YearStatus

FiscalYear = Annotated[
    int, typer.Option("--fiscal-year", parser=whole(), metavar="YEAR", help="The fiscal year, like 2028.")
]

app = typer.Typer(no_args_is_help=True)


@app.callback()
def ratebook() -> None:
    """See the rates inside the program, compare them, add to them.

    \b
    Example: perdiem ratebook status
    """


@app.command("status")
def status(
    as_json: AsJson = False,
) -> None:
    """Say which fiscal years are known, and from which sources.

    \b
    Example: perdiem ratebook status
    """
    from perdiem_calc.rates.ratebook import Ratebook

    years = Ratebook.open().status()
    imports = _imports()
    if as_json:
        typer.echo(json.dumps({"years": [_record(year) for year in years], "oconus": imports}))
        return
    typer.echo(f"{'FY':<6}{'localities':>11}{'tiers':>7}{'ZIPs':>9}{'counties':>10}{'standard rate':>20}")
    for year in years:
        standard = f"${year.standard_lodging} / ${year.standard_mie}"
        counts = f"{year.localities:>11}{year.tiers:>7}{year.zips:>9,}{year.counties:>10}"
        typer.echo(f"{year.fiscal_year:<6}{counts}{standard:>20}")
    for year in years:
        typer.echo(f"\nSources of fiscal year {year.fiscal_year}:")
        for source in year.sources:
            typer.echo(f"  {source.file}  retrieved {source.retrieved_at}  sha256 {source.sha256[:12]}...")
            typer.echo(f"    from {', '.join(filter(None, source.document[:3]))}")
    for one in imports:
        typer.echo(f"\nOCONUS rates of {', '.join(one['states'])}, list of {one['month']}:")
        typer.echo(f"  {one['file']}  imported {one['imported_on']}  sha256 {one['sha256'][:12]}...")


def _imports() -> list[dict[str, Any]]:
    """The imported OCONUS lists as JSON, the latest first."""
    from perdiem_calc.files import user_folder
    from perdiem_calc.rates.dtmo.store import read_imports

    return [
        {
            "file": one.name,
            "sha256": one.sha256,
            "imported_on": one.imported_on.isoformat(),
            "month": f"{one.month:%Y-%m}",
            "states": sorted({season.state for season in one.seasons}),
        }
        for one in read_imports(user_folder())
    ]


@app.command("verify")
def verify(
    fiscal_year: FiscalYear,
    sample: Annotated[
        int | None,
        typer.Option("--sample", parser=whole(1), metavar="N", help="Only N localities and N ZIPs."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a fiscal year with GSA's service. Exit 1 if they differ.

    Localities, months, M&IE tiers and ZIPs. Needs a key in GSA_API_KEY.

    \b
    Example: perdiem ratebook verify --fiscal-year 2027
    """
    from perdiem_calc.rates.gsa import GsaClient
    from perdiem_calc.rates.ratebook import Ratebook
    from perdiem_calc.rates.verify import STEPS, verify_year

    with steps(STEPS) as tell:
        report = verify_year(Ratebook.open(), GsaClient(), fiscal_year, sample=sample, tell=tell)
    differences = report.differences
    if as_json:
        from dataclasses import asdict

        typer.echo(json.dumps(asdict(report)))
    else:
        for difference in differences:
            typer.echo(str(difference))
        compared = f"{report.localities:,} localities, {report.tiers} M&IE tiers and {report.zips:,} ZIPs compared"
        typer.echo(f"Fiscal year {report.fiscal_year}: {compared}, {len(differences) or 'no'} differences")
    raise typer.Exit(1 if differences else 0)


@app.command("refresh")
def refresh(
    fiscal_year: FiscalYear,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help="The data folder to write to, instead of your own."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a new fiscal year from GSA's service.

    It is used from then on, once every check has passed. Needs a key in GSA_API_KEY.

    \b
    Example: perdiem ratebook refresh --fiscal-year 2028
    """
    from perdiem_calc.files import user_folder
    from perdiem_calc.rates.gsa import GsaClient
    from perdiem_calc.rates.ratebook import Ratebook, data_folder, text
    from perdiem_calc.rates.refresh import known_counties, refresh_year, year_before
    from perdiem_calc.rates.verify import STEPS

    own, data = user_folder(), Path(data_folder())
    known = text.year_folders(data, own if (own / "rates").is_dir() else None)
    before = year_before(fiscal_year, known)
    with steps(STEPS) as tell:
        written = refresh_year(GsaClient(), fiscal_year, before, known_counties(data), into or own, tell=tell)
    if into is None:
        Ratebook.open().close()
    if as_json:
        from dataclasses import asdict

        typer.echo(json.dumps(asdict(written) | {"folder": str(written.folder)}))
        return
    typer.echo(
        f"Fiscal year {fiscal_year}: {written.localities} localities, {written.tiers} M&IE tiers and "
        f"{written.zips:,} ZIPs are in {written.folder}"
    )
    if written.review:
        typer.echo("\nThe service does not state counties and city exceptions. Please review:")
        for line in written.review:
            typer.echo(f"  {line}")


@app.command("import-dtmo")
def import_dtmo(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="DTMO's OCONUS rates: .zip or .txt.")] = None,
    meals: Annotated[
        Path | None,
        typer.Option(
            "--meals",
            metavar="TABLE.csv",
            help="GSA's breakdown of OCONUS M&IE: columns total,breakfast,lunch,dinner,incidental.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import the rates of Alaska, Hawaii and the territories.

    The Defense Department publishes them; they are used from then on.

    \b
    Example: perdiem ratebook import-dtmo oconus.zip
    """
    from perdiem_calc.errors import InputError
    from perdiem_calc.files import user_folder
    from perdiem_calc.rates.dtmo import import_meals

    if file is None and meals is None:
        raise InputError(
            "command.file.missing", "no file is given", fix="name DTMO's file, or a breakdown with --meals"
        )
    record = {} if file is None else _import_rates(file, as_json=as_json)
    if meals is not None:
        table, target = import_meals(meals, user_folder())
        record |= {"meals": len(table), "meals_sum": f"{sum(table)}.00", "meals_file": str(target)}
        if not as_json:
            where = harmless(target)
            typer.echo(f"The meals of {len(table)} M&IE totals are in {where}; the totals add up to ${sum(table):,}")
    if as_json:
        typer.echo(json.dumps(record))


def _import_rates(file: Path, *, as_json: bool) -> dict[str, Any]:
    """Import DTMO's file; print the result at once, or return it for the JSON."""
    from datetime import date

    from perdiem_calc.files import user_folder
    from perdiem_calc.rates.dtmo import import_file

    lists = []
    for imported, found, folder in import_file(file, user_folder(), date.today()):
        states = sorted({season.state for season in imported.seasons})
        if not as_json:
            typer.echo(
                f"List of {imported.month:%Y-%m}: {len(imported.seasons)} seasons of {', '.join(states)} are in "
                f"{harmless(folder)}; {counted(found.passed_over, 'line')} of other countries "
                f"{'was' if found.passed_over == 1 else 'were'} passed over\n"
                f"Read from {harmless(found.name)}: {counted(found.lines, 'line')}; the maximum per diems of the "
                f"seasons add up to ${found.highest_per_diems:,}"
            )
        for overlap in found.overlaps:
            text = (
                f"list of {imported.month:%Y-%m}: {overlap}; on days in both there is no rate until DTMO corrects it"
            )
            typer.echo(f"perdiem: note: {text}", err=True)
        lists.append(
            {
                "month": f"{imported.month:%Y-%m}",
                "file": imported.name,
                "rows": found.lines,
                "maximum_per_diems": f"{found.highest_per_diems}.00",
                "seasons": len(imported.seasons),
                "states": states,
                "folder": str(folder),
                "passed_over": found.passed_over,
                "overlaps": [str(overlap) for overlap in found.overlaps],
            }
        )
    return {"lists": lists}


def _record(year: YearStatus) -> dict[str, Any]:
    """A fiscal year as JSON."""
    return {
        "fiscal_year": year.fiscal_year,
        "localities": year.localities,
        "tiers": year.tiers,
        "zips": year.zips,
        "counties": year.counties,
        "standard": {"lodging": str(year.standard_lodging), "mie": str(year.standard_mie)},
        "sources": [
            {
                **source.document.as_record(),
                "retrieved_at": source.retrieved_at,
                "file": source.file,
                "file_sha256": source.sha256,
            }
            for source in year.sources
        ],
    }
