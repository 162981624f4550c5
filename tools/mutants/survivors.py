"""The spoilt rules that no test notices, and the reasons why some cannot be noticed (survivors.toml)."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("survivors.toml")
SURVIVED, UNTESTED = 0, (5, 33)
"""What mutmut notes of a mutant that no test noticed, and of one that no test runs; anything else killed it."""


@dataclass(frozen=True, order=True)
class Mutant:
    """A function, the line as it is, and the line as it was spoilt."""

    function: str
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.function}\n  - {self.was}\n  + {self.becomes}"


def explained(file: Path = FILE) -> dict[Mutant, str]:
    """The reason of each survivor that is explained."""
    listed: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", [])
    return {Mutant(one["function"], one["was"], one["becomes"]): one["reason"] for one in listed}


def results(folder: Path) -> dict[str, int | None]:
    """What became of each mutant, by its name, in a folder where mutmut ran."""
    found: dict[str, int | None] = {}
    for meta in sorted(folder.glob("mutants/**/*.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def unnoticed(folder: Path) -> Iterator[Mutant]:
    """The mutants that no test noticed."""
    for name, code in results(folder).items():
        if code == SURVIVED or code in UNTESTED:
            command = [sys.executable, "-m", "mutmut", "show", name]
            shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
            yield mutant(name, shown)


def mutant(name: str, shown: str) -> Mutant:
    """A mutant by its name and the difference that mutmut shows.

    >>> shown = "--- money.py\\n+++ money.py\\n@@ -1 +1 @@\\n-    a + b\\n+    a - b\\n"
    >>> print(mutant("perdiem_calc.money.x_cents__mutmut_3", shown))
    perdiem_calc.money.cents
      - a + b
      + a - b
    >>> mutant("perdiem_calc.claims.trip.xǁTripǁdays__mutmut_1", "").function
    'perdiem_calc.claims.trip.Trip.days'
    """
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")

    def changed(sign: str) -> str:
        lines = [line[1:].strip() for line in shown.splitlines() if line.startswith(sign)]
        return " ".join(line for line in lines if not line.startswith(sign * 2))

    return Mutant(f"{module}.{function}", changed("-"), changed("+"))
