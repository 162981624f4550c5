"""`python -m tools.mutants [MODULE ...]`: spoils modules and prints the score.

Each module has its own copy of the project in build/mutants, made anew, where mutmut works; its log lies there too.
MUTANTS_AT_ONCE says how many are tried at once: as many as the machine has processors, where it is not set.
Ends with 1 where a mutant survives that survivors.toml does not explain.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.house_rules import ROOT
from tools.mutants.modules import MODULES, Spoilt
from tools.mutants.survivors import Mutant, explained, results, unnoticed

BUILD = ROOT / "build" / "mutants"
COPIED = ("perdiem_calc", "tests", "data")
CHILDREN = os.environ.get("MUTANTS_AT_ONCE", str(os.cpu_count() or 1))
HEADER = f"{'module':12}{'mutants':>9}{'killed':>9}{'explained':>11}{'unexplained':>13}{'score':>9}{'minutes':>9}"


@dataclass
class Score:
    """What became of a module's mutants."""

    module: str
    mutants: int
    minutes: float
    explained: list[Mutant] = field(default_factory=list)
    unexplained: list[Mutant] = field(default_factory=list)

    def __str__(self) -> str:
        killed = self.mutants - len(self.explained) - len(self.unexplained)
        score = f"{100 * killed / self.mutants:.1f} %" if self.mutants else "-"
        counts = f"{self.mutants:9}{killed:9}{len(self.explained):11}{len(self.unexplained):13}"
        return f"{self.module:12}{counts}{score:>9}{self.minutes:9.1f}"


def configuration(spoilt: Spoilt) -> str:
    """What mutmut is told, as the end of a pyproject.toml; only tests that never end are to be ended by it."""
    tests = [*(file.removesuffix("/*") for file in spoilt.files), *spoilt.tests]
    return f"""
[tool.mutmut]
source_paths = ["perdiem_calc"]
only_mutate = {list(spoilt.files)}
also_copy = ["data"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = 60
"""


def spoil(module: str, reasons: dict[Mutant, str]) -> Score:
    """Run mutmut on a module, in a copy of the project."""
    start = time.perf_counter()
    folder = BUILD / module
    shutil.rmtree(folder, ignore_errors=True)
    for part in COPIED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(project + configuration(MODULES[module]), encoding="utf-8")
    with open(folder / "mutmut.log", "w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", CHILDREN]
        environment = os.environ | {"HYPOTHESIS_PROFILE": "mutants"}
        run = subprocess.run(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, text=True, check=False
        )
    if run.returncode != 0:
        raise SystemExit(f"mutmut could not be run on {module}: see {folder / 'mutmut.log'}")
    found = sorted(unnoticed(folder))
    return Score(
        module,
        len(results(folder)),
        (time.perf_counter() - start) / 60,
        [mutant for mutant in found if mutant in reasons],
        [mutant for mutant in found if mutant not in reasons],
    )


def main(modules: Sequence[str]) -> int:
    """Spoil the modules named, or all; print the scores, and each survivor with its reason."""
    unknown = sorted(set(modules) - MODULES.keys())
    if unknown:
        raise SystemExit(f"{', '.join(unknown)}: no such module; choose from {', '.join(MODULES)}")
    reasons = explained()
    print(HEADER, flush=True)
    scores = []
    for module in modules or MODULES:
        scores.append(spoil(module, reasons))
        print(scores[-1], flush=True)
    whole = Score("all", sum(score.mutants for score in scores), sum(score.minutes for score in scores))
    for score in scores:
        whole.explained += score.explained
        whole.unexplained += score.unexplained
    print(whole)
    for mutant in whole.explained:
        print(f"\nExplained: {mutant}\n  {reasons[mutant]}")
    for mutant in whole.unexplained:
        print(f"\nUnexplained: {mutant}")
    return 1 if whole.unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
