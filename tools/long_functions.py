"""Names functions that are too long to be read at once. It is a warning: a table is as long as its subject.

`python -m tools.long_functions` is a part of `make lint`, and never fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.house_rules import ROOT

FUNCTION_LINES = 50


def too_long(source: str) -> Iterator[str]:
    """The functions that are longer than can be read at once; a module is as long as its subject."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {lines} lines, above {FUNCTION_LINES}"


if __name__ == "__main__":
    for file in sorted((ROOT / "perdiem_calc").rglob("*.py")):
        for found in too_long(file.read_text(encoding="utf-8")):
            print(f"warning: {file.relative_to(ROOT)}: {found}")
