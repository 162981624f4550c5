"""Starts the programs in turns, A B C A B C ..., and keeps the least of what each took.

The least of several runs is what the work costs; what is above it, other programs on the machine cost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tools.benchmarks.peers import Material
from tools.benchmarks.peers.programs import LOOKS_UP, PRICES, PROGRAMS, RATES_ALONE

ROUNDS = 9
LONG_ROUNDS = 3
LOOP = 0.05
"""Seconds that a timed loop should take, or half of them."""

_IMPORT = """
import time
start = time.process_time()
import {modules}
print(time.process_time() - start)
"""
_WORKER = "tools.benchmarks.peers.worker"


def environment() -> dict[str, str]:
    """That of this process without a key, so that no program asks a service."""
    return {name: value for name, value in os.environ.items() if name not in ("PERDIEM_API_KEY", "GSA_API_KEY")}


@dataclass
class Taken:
    """What a work took each program: the least seconds and MiB, and what it answered."""

    seconds: dict[str, float] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def take(self, name: str, run: dict[str, Any]) -> None:
        """Take the least of this run and those before."""
        for what, kept in (("seconds", self.seconds), ("peak", self.peak)):
            if what in run:
                kept[name] = min(run[what], kept.get(name, run[what]))
        self.answers[name] = run.get("answer")


def in_turns(rounds: int, run: Callable[[str], dict[str, Any]]) -> Taken:
    """Run every program once a round; each round begins with another one."""
    taken, names = Taken(), list(PROGRAMS)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken.take(name, run(name))
    return taken


def fresh(name: str, *work: str, given: str = "") -> dict[str, Any]:
    """What a program answers in a process of its own."""
    answer: dict[str, Any] = json.loads(_printed("-m", _WORKER, name, *work, given=given))
    return answer


def _printed(*arguments: str, given: str = "") -> str:
    command = [sys.executable, *arguments]
    run = subprocess.run(command, input=given, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return run.stdout


def imports() -> Iterator[tuple[str, Taken]]:
    """What importing costs: to look a rate up, and to price a trip."""
    yield "look-up", in_turns(ROUNDS, lambda name: _imported(LOOKS_UP[name]))
    yield "trip", in_turns(ROUNDS, lambda name: _imported(PRICES[name]))


def rates_alone() -> float:
    """The seconds that importing the server's rates without its tools takes."""
    return min(_imported(RATES_ALONE)["seconds"] for _ in range(ROUNDS))


def _imported(modules: str) -> dict[str, float]:
    return {"seconds": float(_printed("-c", _IMPORT.format(modules=modules)))}


def first(by: str) -> Taken:
    """The first look-up of a process, by zip or by city."""
    return in_turns(ROUNDS, lambda name: fresh(name, "first", by))


def trips(material: Material) -> Taken:
    """The many trips."""
    return in_turns(LONG_ROUNDS, lambda name: fresh(name, "trips", given=material.as_json()))


class Workers:
    """A warm process of each program, for as long as the block lasts."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        for name in PROGRAMS:
            command = [sys.executable, "-m", _WORKER, name, "warm"]
            worker = subprocess.Popen(
                command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._running[name] = worker
            self._say(name, self._material.as_json())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._running.values():
            worker.communicate()

    def warm(self, work: str) -> Taken:
        """A work that has been done before: so many calls that a turn is long enough to be timed."""
        calls = {name: self._calls(name, work) for name in PROGRAMS}
        return in_turns(ROUNDS, lambda name: self._ask(name, work, calls[name]))

    def others(self, work: str) -> Taken:
        """Look-ups that were not made before, by a process that has made others."""
        return in_turns(LONG_ROUNDS, lambda name: self._ask(name, work, 1))

    def once(self, work: str) -> dict[str, Any]:
        """What each program answers to a work that is not timed."""
        return {name: self._ask(name, work, 1)["answer"] for name in PROGRAMS}

    def _calls(self, name: str, work: str) -> int:
        calls = 1
        self._ask(name, work, calls)  # the first time reads what later ones have
        while (seconds := self._ask(name, work, calls)["seconds"]) * calls < LOOP / 2:
            calls = max(calls * 2, min(int(LOOP / max(seconds, 1e-9)), calls * 50))
        return calls

    def _ask(self, name: str, work: str, calls: int) -> dict[str, Any]:
        self._say(name, f"{work} {calls}")
        answers = self._running[name].stdout
        assert answers is not None
        answer: dict[str, Any] = json.loads(answers.readline())
        return answer

    def _say(self, name: str, line: str) -> None:
        asked = self._running[name].stdin
        assert asked is not None
        asked.write(line + "\n")
        asked.flush()
