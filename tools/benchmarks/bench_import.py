"""Starting: what a person waits for before anything is computed. Each run is a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from tools.benchmarks import Measurement

RUNS = 11
PERDIEM = Path(sys.executable).parent / "perdiem"

IMPORT = """
import time
start = time.perf_counter()
{statement}
print(time.perf_counter() - start)
"""

FIRST_LOOK_UP = """
import time
from datetime import date
import perdiem_calc
from perdiem_calc.rates.ratebook import Ratebook
start = time.perf_counter()
Ratebook.open().rate("Orlando, FL", on=date(2026, 10, 4))
print(time.perf_counter() - start)
"""


def fresh_process(program: str) -> float:
    """The median of the seconds that a program, run by itself, says it took."""
    command = [sys.executable, "-c", program]
    return statistics.median(
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)
    )


def bench_import() -> list[Measurement]:
    """The package alone, and with the names that are loaded when they are first used."""
    package = "import perdiem_calc"
    everything = "from perdiem_calc import *"
    return [
        Measurement(f"{package}, fresh process", fresh_process(IMPORT.format(statement=package)), limit=0.150),
        Measurement(f"{everything}, fresh process", fresh_process(IMPORT.format(statement=everything))),
    ]


def bench_first_look_up() -> list[Measurement]:
    return [Measurement("first look-up after import", fresh_process(FIRST_LOOK_UP), limit=0.005)]


def bench_cold_command() -> list[Measurement]:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([PERDIEM, "rate", "Orlando, FL", "--on", "2026-10-04"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return [Measurement("perdiem rate, from cold", statistics.median(times), limit=0.35)]
