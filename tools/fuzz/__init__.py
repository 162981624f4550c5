"""Coverage-guided fuzzing of everything that reads what comes from outside: ``make fuzz``.

A target is a function of bytes. What it reads may be refused with the project's own errors, whose message can be
printed; anything else is a crash. The seeds are the project's own samples, so that the fuzzer begins behind the first
checks, and a target may bring a way of changing them that keeps their outer form (a JSON text stays JSON, a workbook
stays a ZIP of XML).

    make fuzz SECONDS=60 TARGET=workbook

runs one target for a minute; ``python -m tools.fuzz --help`` says more. What was found is kept in out/fuzz/, and a
crash becomes a case of tools/fuzz/test_targets.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Target:
    """What is fuzzed: `run` reads bytes, `seeds` are good ones, `change` makes others of them (None: any bytes)."""

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    change: Change | None = None
    longest: int = 4_096
