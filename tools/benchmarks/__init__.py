"""How fast the program is, against what it promises. ``make bench`` prints a table; no test asserts a speed.

A module ``bench_<topic>.py`` here holds functions ``bench_*`` without arguments. Each returns measurements:

    from tools.benchmarks import Measurement, median_seconds

    def bench_itemize() -> list[Measurement]:
        claim, rates, law = ...
        seconds = median_seconds(lambda: itemize(claim, rates, law), calls=100)
        return [Measurement("itemize a 6-day claim", seconds, limit=0.0005)]

A promise of "at least so many" is a rate:

        Measurement("workbooks built", 31.5, limit=20, unit="/s")
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SECONDS = "s"


@dataclass(frozen=True)
class Measurement:
    """One figure: what was done, what was measured, and what was promised of it.

    In seconds (``unit="s"``), in MiB (``unit="MiB"``) and as a multiple (``unit="times"``) the limit is the most; in
    any other unit, which is then something by the second, the least. Without a limit the figure is for information.
    """

    what: str
    measured: float
    limit: float | None = None
    unit: str = SECONDS

    @property
    def ratio(self) -> float | None:
        """How much of the limit was used: 1.0 is just on it, less is better.

        >>> Measurement("look-up", 0.004, limit=0.005).ratio
        0.8
        >>> Measurement("workbooks", 25, limit=20, unit="/s").ratio
        0.8
        """
        if self.limit is None:
            return None
        at_most = self.unit in (SECONDS, "MiB", "times")
        return self.measured / self.limit if at_most else self.limit / self.measured


def median_seconds(run: Callable[[], object], *, rounds: int = 7, calls: int = 1, warm_up: bool = True) -> float:
    """The median of the processor's time of one call, over `rounds` of `calls` calls each."""
    if warm_up:
        run()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(calls):
            run()
        times.append((time.process_time() - start) / calls)
    return statistics.median(times)


def median_seconds_of(*commands: Sequence[str], rounds: int = 11) -> list[float]:
    """The median of the processor's time of each command, run in turns, so that all of them meet the same machine."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, taken in zip(commands, times, strict=True):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return [statistics.median(taken) for taken in times]
