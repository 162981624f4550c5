"""That something ends within the seconds promised, on a machine of any speed."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PROMISED = 5
"""Seconds of processor time in which an input is parsed or refused, on a machine that nothing else uses."""
QUIET = 0.05
"""Seconds of processor time that `_work` takes on such a machine."""


def _work() -> float:
    begun = time.process_time()
    for number in range(30_000):
        dict.fromkeys(re.findall(r"\w+", f"row {number} of a sheet"))
    return time.process_time() - begun


@contextmanager
def in_time(promises: float = 1) -> Iterator[None]:
    """What the block does must end within some promises. A machine that others use, too, has more time, and so has a
    process whose lines are counted.
    """
    before = _work()
    begun = time.process_time()
    yield
    taken = time.process_time() - begun
    slowness = max(1.0, before / QUIET, _work() / QUIET) * (2 if sys.gettrace() is not None else 1)
    assert taken < promises * PROMISED * slowness, f"{taken:.1f} s, on a machine {slowness:.1f} times as slow"
