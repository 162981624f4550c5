"""docs/where.md, made from the code: where each rule is decided, each check made and worded, and what guards them.

`make reference` writes it, tests/tools/test_where.py compares it. A function belongs to a rule or a check when its
docstring or a text in it is the id; a test file when it has the id, or the name of a function that decides the rule.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from perdiem_calc.checks import CHECKS, IDS
from perdiem_calc.rules.law import load_law
from tests.support.house_rules import ROOT

PAGE = ROOT / "docs" / "where.md"
PACKAGE = ROOT / "perdiem_calc"
QUOTED = re.compile(r"[\"'`]([a-z0-9-]+)[\"'`]")
SEVERITY = re.compile(r"Severity\.([A-Z]+)")
BY_CALL = {"blocked": "BLOCKS", "refused": "BLOCKS", "stated": "ADJUSTS", "shown": "ADJUSTS"}
"""The severity of what these functions of other modules find."""
LISTS = {"check_ids.py", "formulas.py"}
"""These list every id, and decide and word nothing."""


class Function(NamedTuple):
    """A function of the program, with its source."""

    file: Path
    name: str
    source: str
    quoted: frozenset[str]

    @property
    def link(self) -> str:
        """The function, leading to its file."""
        return f"[{self.file.stem}.{self.name}](../{self.file.relative_to(ROOT)})"

    def names(self, one: str) -> bool:
        """Whether an id is in the function, in its docstring or as a text."""
        return one in self.quoted


@cache
def functions() -> tuple[Function, ...]:
    """The functions and methods of the program, and the module-level tables, each by its name."""
    return tuple(one for file in sorted(PACKAGE.rglob("*.py")) if file.name not in LISTS for one in _functions(file))


def _functions(file: Path) -> Iterator[Function]:
    text = file.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    parts = [*tree.body, *(node for one in tree.body if isinstance(one, ast.ClassDef) for node in one.body)]
    for node in parts:
        source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        quoted = frozenset(QUOTED.findall(source))
        if isinstance(node, ast.FunctionDef):
            yield Function(file, node.name, source, quoted)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield Function(file, ast.unparse(target), source, quoted)


@cache
def tests() -> dict[Path, frozenset[str]]:
    """The test files and the files of cases, with their words."""
    here = ROOT / "tests"
    edits = (here / "workbook" / "single_edits").glob("*.py")
    found = [*here.rglob("test_*.py"), *edits, *(here / "cases").glob("*.yaml")]
    return {
        file: frozenset(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))
        for file in sorted(found)
        if file.parent.name != "tools"
    }


def deciding(rule: str) -> list[Function]:
    """The functions in rules/ that decide a rule."""
    return [one for one in functions() if one.file.parent.name == "rules" and one.names(rule)]


def checks_of(rule: str) -> list[str]:
    """The ids of the checks that question something by a rule."""
    return [check for check in IDS if rule in rules_of(check)]


@cache
def rules_of(check: str) -> tuple[str, ...]:
    """The rules by which a check questions something; of one without a rule of its own, none."""
    own = check_function(check)
    return tuple(rule for rule in load_law().rules if own.names(rule))


def check_function(check: str) -> Function:
    """The function of a check."""
    made = CHECKS[IDS.index(check)]
    file = ROOT / (made.__module__.replace(".", "/") + ".py")
    return next(one for one in functions() if (one.file, one.name) == (file, made.__name__))


def wording(check: str) -> list[Function]:
    """What else of the program names a check: the function that bars the claim, the tables of sentences and fixes."""
    return [one for one in functions() if one.names(check) and one != check_function(check) and one.name != "CHECKS"]


def severities(check: str) -> list[str]:
    """How much the findings of a check weigh."""
    own = check_function(check)
    called, sources = {""}, [own.source]
    for source in sources:  # and those of the same module that it calls
        new = {*re.findall(r"\b([a-z_]+)\(", source)} - called
        called |= new
        sources += [one.source for one in functions() if one.file == own.file and one.name in new]
    found = {level for source in sources for level in SEVERITY.findall(source)}
    found |= {level for name, level in BY_CALL.items() if name in called}
    return [one for one in ("blocks", "adjusts", "review", "info") if one.upper() in found]


def guarding(one: str, names: Iterable[str] = ()) -> list[Path]:
    """The test files that name an id; of the tests of rules/, also those that name one of some functions.

    A rule's id of one word, such as `taxi`, is a word of many claims: it counts in the tests of rules/ and the cases.
    """
    found = []
    for file, words in tests().items():
        of_rules = file.parent.name in {"rules", "cases"}
        if (one in words and (of_rules or "-" in one or one == "malformed")) or (
            of_rules and not words.isdisjoint(names)
        ):
            found.append(file)
    return found


def guarding_rule(rule: str) -> list[Path]:
    """The test files that guard a rule; those of its checks where no other does."""
    public = [one.name for one in deciding(rule) if not one.name.startswith("_") and "_" in one.name]
    return guarding(rule, public) or sorted({file for check in checks_of(rule) for file in guarding(check)})


def page() -> str:
    """The whole page."""
    lines = [
        "# Where it is",
        "",
        "*Where each rule is decided, which checks question by it, and which tests and cases guard it.* "
        "`make reference` makes this page from the code.",
        "",
        "## The packages",
        "",
        "| module | what is in it |",
        "|---|---|",
        *_modules(),
        "",
        "## The rules",
        "",
        "The numbers and citations are in [ftr.toml](../perdiem_calc/rules/ftr.toml), "
        "[chp.toml](../perdiem_calc/rules/chp.toml).",
        "",
        "| rule | what it is | decided in | checks | tests and cases |",
        "|---|---|---|---|---|",
        *_rules(),
        "",
        "## The checks",
        "",
        "A check's sentence is in its function, or where the last but one column leads.",
        "",
        "| check | severity | rule | function | also worded or used in | tests and cases |",
        "|---|---|---|---|---|---|",
        *_checks(),
    ]
    return "\n".join(lines) + "\n"


def _modules() -> Iterator[str]:
    for file in sorted(PACKAGE.rglob("*.py"), key=lambda file: (file.parent, file.name)):
        documented = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        name = str(file.parent.relative_to(ROOT) if file.name == "__init__.py" else file.relative_to(ROOT))
        first = documented.split("\n\n")[0]
        if first and name != "perdiem_calc":
            yield _row(f"[{name.removeprefix('perdiem_calc/')}](../{name})", _cell(first))


def _rules() -> Iterator[str]:
    for rule, entry in load_law().rules.items():
        decided = deciding(rule)
        checks = ", ".join(f"`{check}`" for check in checks_of(rule))
        yield _row(f"`{rule}`", _cell(entry.title), _links(decided), checks, _files(guarding_rule(rule)))


def _checks() -> Iterator[str]:
    for check in IDS:
        own, rules = check_function(check), ", ".join(f"`{rule}`" for rule in rules_of(check))
        tested = _files(guarding(check))
        yield _row(f"`{check}`", ", ".join(severities(check)), rules, own.link, _links(wording(check)), tested)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _links(found: Iterable[Function]) -> str:
    return ", ".join(dict.fromkeys(one.link for one in found))


def _files(files: Iterable[Path]) -> str:
    return ", ".join(f"[{file.parent.name}/{file.name}](../{file.relative_to(ROOT)})" for file in files)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
