"""Starting: what a person waits for before anything is computed. Each run is a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys

from tools.benchmarks import Measurement

RUNS = 11

IMPORT = """
import time
start = time.perf_counter()
{statement}
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
