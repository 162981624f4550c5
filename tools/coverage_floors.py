"""The least of the program that the tests must have run.

100 % of the core modules, which decide what is paid, and 95 % of everything, both counting branches. The
list of core modules is the one that import-linter's contracts "core" and "core-tables" hold to their rules.
``make test THOROUGH=1`` runs this last.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

CORE_FLOOR = 100
OVERALL_FLOOR = 95


def core_modules(pyproject: str) -> list[str]:
    """The core modules, as import-linter's contracts name them."""
    contracts = tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]
    core = [contract for contract in contracts if contract.get("id", "").startswith("core")]
    return [module for contract in core for module in contract["source_modules"]]


def core_files(pyproject: str) -> list[str]:
    """The files of the core modules, as patterns.

    >>> core_files('''
    ... [[tool.importlinter.contracts]]
    ... id = "core"
    ... source_modules = ["perdiem_calc.money", "perdiem_calc.checks"]
    ... ''')
    ['perdiem_calc/money.py', 'perdiem_calc/money/*', 'perdiem_calc/checks.py', 'perdiem_calc/checks/*']
    """
    paths = [module.replace(".", "/") for module in core_modules(pyproject)]
    return [pattern for path in paths for pattern in (f"{path}.py", f"{path}/*")]


def met(title: str, floor: int, *options: str) -> bool:
    """Whether coverage meets the floor; prints coverage's own table of what is short."""
    print(f"\n{title}: at least {floor} %", flush=True)
    report = [sys.executable, "-m", "coverage", "report", f"--fail-under={floor}", *options]
    return subprocess.run(report, check=False).returncode == 0


def main() -> int:
    """Both floors are always reported, so that one run shows everything that is short."""
    core = core_files(Path("pyproject.toml").read_text(encoding="utf-8"))
    floors = [
        met("Core modules", CORE_FLOOR, f"--include={','.join(core)}"),
        met("Everything", OVERALL_FLOOR),
    ]
    return 0 if all(floors) else 1


if __name__ == "__main__":
    sys.exit(main())
