"""One program in a process of its own, and what its work costs there: seconds of processor time, peak memory.

    python -m tools.benchmarks.peers.worker PROGRAM first zip|city
    python -m tools.benchmarks.peers.worker PROGRAM trips < material
    python -m tools.benchmarks.peers.worker PROGRAM warm

Each prints a line of JSON. A warm worker reads the material, then lines of a work and a number of calls, and answers
each with the seconds of one call.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tools.benchmarks.peers import Material
from tools.benchmarks.peers.programs import CITY, LOOKS_UP, PROGRAMS, STATE, ZIP, Program

now = time.process_time


def peak_mebibytes() -> float:
    """The most memory this process held; where Linux says so, without what the parent held when it began."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024
    except OSError:
        resource = import_module("resource")
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def first(name: str, by: str) -> dict[str, Any]:
    """The first look-up of a process; opening the rates is part of it, importing the program is not."""
    import_module(LOOKS_UP[name])
    start = now()
    program = PROGRAMS[name]()
    answer = program.by_zip(ZIP) if by == "zip" else program.by_city(CITY, STATE)
    return {"seconds": now() - start, "peak": peak_mebibytes(), "answer": answer}


def trips(name: str, material: Material) -> dict[str, Any]:
    """All trips, from their dates to their totals, with the import of what that takes."""
    start = now()
    totals = PROGRAMS[name]().price(material)
    return {"seconds": now() - start, "peak": peak_mebibytes(), "answer": list(totals)}


class Warm:
    """What a program does that has done it before."""

    def __init__(self, program: Program, material: Material) -> None:
        self.program = program
        self.again: dict[str, Callable[[], object]] = {
            "zip": lambda: program.by_zip(ZIP),
            "city": lambda: program.by_city(CITY, STATE),
            "trip": program.prepare_trip(),
            "said": program.said,
        }
        self.others: dict[str, Callable[[], list[object]]] = {
            "zips": lambda: [program.by_zip(zip5) for zip5 in material.zips],
            "cities": lambda: [program.by_city(city, state) for city, state in material.cities],
        }

    def answer(self, work: str, calls: int) -> dict[str, Any]:
        """The seconds of one call (of one look-up, where the work is many that were not made before)."""
        if work in self.others:
            self.program.forget()
            start = now()
            answers = self.others[work]()
            return {"seconds": (now() - start) / len(answers), "answer": answers}
        run = self.again[work]
        start = now()
        for _ in range(calls - 1):
            run()
        answer = run()
        return {"seconds": (now() - start) / calls, "answer": answer}


def main() -> None:
    """Do what the arguments say."""
    name, mode, *by = sys.argv[1:]
    if mode == "first":
        print(json.dumps(first(name, *by)))
        return
    material = Material(**json.loads(sys.stdin.readline()))
    if mode == "trips":
        print(json.dumps(trips(name, material)))
        return
    warm = Warm(PROGRAMS[name](), material)
    for line in sys.stdin:
        work, calls = line.split()
        print(json.dumps(warm.answer(work, int(calls))), flush=True)


if __name__ == "__main__":
    main()
