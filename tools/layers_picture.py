"""The picture of the layers in docs/contributing.md, made from the contract in pyproject.toml.

`python -m tools.layers_picture` writes it again; a test says when it must be.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterator

from tests.support.house_rules import ROOT

PAGE = ROOT / "docs" / "contributing.md"
BEGIN, END = "<!-- layers: begin -->", "<!-- layers: end -->"
GLUE = "\N{NO-BREAK SPACE}"
WIDTH, LABEL = 104, 32

NO_ROOMS = ("__main__", "ratebook")
"""Other names of what is elsewhere."""

# The rows from top to bottom: what they are, and the module that each begins with.
ROWS = (
    ("faces", "cli"),
    ("files, workbooks, databases", "auditing"),
    ("a claim reviewed", "review"),
    ("a claim or a plan computed", "history"),
    ("what is stated, and the rates", "claims"),
    ("plain values", "errors"),
)


def layers(pyproject: str) -> list[list[str]]:
    """The layers of the contract, highest first, each the modules in it; what is not built yet is left out.

    >>> layers('''
    ... [[tool.importlinter.contracts]]
    ... type = "layers"
    ... layers = ["(__main__)", "(cli) : (not_built)", "(rules) | (claims)"]
    ... ''')
    [['cli'], ['rules', 'claims']]
    """
    (contract,) = (
        one for one in tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"] if one["type"] == "layers"
    )
    found = [[name for name in re.findall(r"\w+", layer) if name not in NO_ROOMS] for layer in contract["layers"]]
    built = [[name for name in layer if _is_built(name)] for layer in found]
    return [layer for layer in built if layer]


def _is_built(name: str) -> bool:
    folder = ROOT / "perdiem_calc"
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


def rows(found: list[list[str]]) -> Iterator[tuple[str, list[list[str]]]]:
    """The layers of each row, with what the row is."""
    firsts = {first: label for label, first in ROWS}
    label, row = "", list[list[str]]()
    for layer in found:
        beginning = [name for name in layer if name in firsts]
        if beginning and row:
            yield label, row
            row = []
        label = firsts[beginning[0]] if beginning else label
        row.append(layer)
    yield label, row


def picture(pyproject: str) -> str:
    """The rows as text: a bar between the modules of a layer, a `>` before the next layer."""
    lines = []
    for label, row in rows(layers(pyproject)):
        said = " ".join(f"{' | '.join(layer)} >".replace(" ", GLUE) for layer in row).removesuffix(f"{GLUE}>")
        wrapped = textwrap.wrap(said, WIDTH - LABEL, break_long_words=False, break_on_hyphens=False)
        lines += [f"{label:<{LABEL}}{wrapped[0]}", *[" " * LABEL + line for line in wrapped[1:]]]
    return "\n".join(lines).replace(GLUE, " ")


def drawn(readme: str, pyproject: str) -> str:
    """The page with the picture of these layers between its two marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n```text\n{picture(pyproject)}\n```\n{END}{after}"


def main() -> None:
    """Write the picture into docs/contributing.md."""
    readme = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(drawn(readme, (ROOT / "pyproject.toml").read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
