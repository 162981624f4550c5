"""`perdiem ratebook`: what the embedded rates are and where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from perdiem_calc.ratebook import YearStatus

app = typer.Typer(help="The embedded rates.", no_args_is_help=True)


@app.callback()
def ratebook() -> None:
    """The embedded rates: what is in them, and where they came from."""


@app.command("status")
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")] = False,
) -> None:
    """Say which fiscal years are embedded, how much of each, and the sources.

    Example: perdiem ratebook status
    """
    from perdiem_calc.ratebook import Ratebook

    years = Ratebook.open().status()
    if as_json:
        import json

        typer.echo(json.dumps({"years": [_record(year) for year in years]}))
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
            typer.echo(f"    from {source.origin}")


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
                "file": source.file,
                "sha256": source.sha256,
                "retrieved_at": source.retrieved_at,
                "origin": source.origin,
            }
            for source in year.sources
        ],
    }
