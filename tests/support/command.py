"""The command line, run in the test's own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple


class Run(NamedTuple):
    """What one command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        """The one JSON object printed."""
        (record,) = self.records
        return record

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Perdiem = Callable[..., Run]


LARGE = ["numpy", "openpyxl", "pandas", "requests", "rich", "sqlite3", "typer", "xlsxwriter"]


def loaded_by(statement: str) -> list[str]:
    """Which of the large libraries a fresh process has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*[name for name in {LARGE} if name in sys.modules])"
    # Where coverage is measured, it starts in every process of its own accord, and loads what it needs.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return run.stdout.split()
