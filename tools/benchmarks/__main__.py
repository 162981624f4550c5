"""Runs every benchmark, or those of the topics named, and prints one table.

``python -m tools.benchmarks import`` runs bench_import.py alone.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.benchmarks import SECONDS, Measurement


def measured(topics: list[str]) -> list[Measurement]:
    """The measurements of each ``bench_*`` function of each ``bench_*.py``, in the order of the files."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    found: list[Measurement] = []
    for name in names:
        if topics and name.removeprefix("bench_") not in topics:
            continue
        module = importlib.import_module(f"tools.benchmarks.{name}")
        for function in [value for key, value in vars(module).items() if key.startswith("bench_")]:
            print(f"{name}: {function.__name__}", file=sys.stderr)
            found += function()
    return found


def as_text(amount: float | None, unit: str) -> str:
    """An amount in the unit a person would choose.

    >>> as_text(0.0000213, "s"), as_text(0.0031, "s"), as_text(2.5, "s"), as_text(31.46, "/s")
    ('21.3 µs', '3.1 ms', '2.5 s', '31.5 /s')
    """
    if amount is None:
        return ""
    if unit != SECONDS:
        return f"{amount:,.1f} {unit}"
    for factor, name in ((1, "s"), (1e3, "ms")):
        if amount * factor >= 1:
            return f"{amount * factor:.4g} {name}"
    return f"{amount * 1e6:.4g} µs"


def main() -> None:
    """Prints the table. Nothing fails where a promise is missed: a busy machine proves nothing."""
    table = Table("what", title="perdiem_calc, measured (median of several runs)")
    for heading in ("measured", "promised", "of the limit"):
        table.add_column(heading, justify="right")
    for figure in measured(sys.argv[1:]):
        ratio = figure.ratio
        verdict = "" if ratio is None else f"{ratio:.0%}{'  MISSED' if ratio > 1 else ''}"
        table.add_row(figure.what, as_text(figure.measured, figure.unit), as_text(figure.limit, figure.unit), verdict)
    Console().print(table)


if __name__ == "__main__":
    main()
