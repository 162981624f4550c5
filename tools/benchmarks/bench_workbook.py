"""The claim workbook: building one, a thousand of them, what that leaves in memory, and reading one back."""

from __future__ import annotations

import json
import resource
import tempfile
import time
from pathlib import Path

from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.reading.read import read_claim
from perdiem_calc.workbook.writing.write import write_claim
from tests.golden import SAMPLES, itemized_of
from tools.benchmarks import Measurement, median_seconds

MANY = 1_000
SETTLED = 100
"""After so many workbooks every cache is full; what memory grows then, it would grow for ever."""


def bench_one_workbook() -> list[Measurement]:
    """The claim to Orlando: six days, seven expenses."""
    itemized = itemized_of(json.loads(SAMPLES[-1].read_text(encoding="utf-8")))
    rates, law = Ratebook.open(), load_law()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claim.xlsx")
        build = median_seconds(lambda: write_claim(path, itemized, rates, law, force=True), rounds=31)
        read = median_seconds(lambda: read_claim(path), rounds=11)
    return [
        Measurement("build the workbook of a 6-day claim", build, limit=0.025),
        Measurement("read it back", read),
    ]


def bench_many_workbooks() -> list[Measurement]:
    """A thousand workbooks one after the other, from the itemized claim to the file."""
    claims = [itemized_of(json.loads(path.read_text(encoding="utf-8"))) for path in SAMPLES]
    rates, law = Ratebook.open(), load_law()
    memory = 0
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for number in range(MANY):
            write_claim(Path(folder, f"{number}.xlsx"), claims[number % len(claims)], rates, law)
            if number == SETTLED:
                memory = _peak_memory()
        seconds = time.perf_counter() - start
    grown = (_peak_memory() - memory) / 1024
    return [
        Measurement(f"workbooks built, {MANY} in a row", MANY / seconds, limit=5, unit="/s"),
        Measurement("memory grown from the 100th to the 1,000th", grown, limit=20, unit="MiB"),
    ]


def _peak_memory() -> int:
    """The most memory that this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
