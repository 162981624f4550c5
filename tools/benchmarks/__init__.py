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

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = "s"


@dataclass(frozen=True)
class Measurement:
    """One figure: what was done, what was measured, and what was promised of it.

    In seconds (``unit="s"``) and in MiB (``unit="MiB"``) the limit is the most; in any other unit, which is
    then something by the second, the least. Without a limit the figure is for information.
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
        at_most = self.unit in (SECONDS, "MiB")
        return self.measured / self.limit if at_most else self.limit / self.measured


def median_seconds(run: Callable[[], object], *, rounds: int = 7, calls: int = 1, warm_up: bool = True) -> float:
    """The median time of one call, over `rounds` of `calls` calls each."""
    if warm_up:
        run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        times.append((time.perf_counter() - start) / calls)
    return statistics.median(times)
