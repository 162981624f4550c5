"""Rates: the first look-up in a fresh process, later ones, and `perdiem rate` as a person runs it."""

from __future__ import annotations

import statistics
import subprocess
import sys
from datetime import date

from perdiem_calc.rates.ratebook import Ratebook
from tools.benchmarks import Measurement, median_seconds, median_seconds_of

RUNS = 11
ON = date(2026, 10, 4)

FIRST = """
import time
from datetime import date
import perdiem_calc
from perdiem_calc.rates.ratebook import Ratebook
start = time.perf_counter()
Ratebook.open().rate("Orlando, FL", on=date(2026, 10, 4))
print(time.perf_counter() - start)
"""
COMMAND = [sys.executable, "-m", "perdiem_calc", "rate", "Orlando, FL", "--on", "2026-10-04", "--json"]


def bench_first_look_up() -> list[Measurement]:
    """Opening the rates and the first look-up, in a process that has imported them."""
    Ratebook.open()  # in a checkout, the text may have to be compiled first
    times = []
    for _ in range(RUNS):
        run = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
        times.append(float(run.stdout))
    return [Measurement("first look-up of a rate", statistics.median(times), limit=0.005)]


def bench_later_look_ups() -> list[Measurement]:
    """A look-up of a place seen before, and of 295 places never seen."""
    book = Ratebook.open()
    again = median_seconds(lambda: book.rate("Orlando, FL", on=ON), calls=1000)
    names = [f"{one.name}, {one.state}" for one in book.localities(2027)[1:]]

    def all_new() -> None:
        fresh = Ratebook.open()
        for name in names:
            fresh.rate(name, on=ON)

    new = median_seconds(all_new) / len(names)
    return [
        Measurement("look-up of a place seen before", again, limit=0.00003),
        Measurement("look-up of a place not seen before", new, limit=0.000_035),
    ]


def bench_rate_command() -> list[Measurement]:
    """`perdiem rate` from cold, beside Python that does nothing."""
    bare, rate = median_seconds_of([sys.executable, "-c", "pass"], COMMAND)
    return [
        Measurement("perdiem rate, from cold", rate),
        Measurement("  against python -c pass", rate / bare, limit=10, unit="times"),
    ]
