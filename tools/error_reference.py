"""docs/errors.md, made from the code: `make reference` writes it, tests/tools/test_error_reference.py compares it.

An error's code is the first argument wherever an error is made: a text in the code itself, or the code of the error
that is passed on. A function that makes errors for others takes `code` as its first parameter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from perdiem_calc.claims.parsing import FIXES
from tests.support.house_rules import ROOT

PAGE = ROOT / "docs" / "errors.md"
CODE = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*){1,2}")
PLACEHOLDER, WORDS = re.compile(r"\{.*?\}"), re.compile(r"[a-z]{3}")
PASSED_ON = re.compile(r"code|\w+(\[\d\])?\.code|str\(context\['code'\]\)")
"""A first argument that passes on the code of another error, or the one that the caller gave."""

SUBJECTS = {
    "amount": "An amount of money, wherever it is given.",
    "archive": "A .zip archive that came in.",
    "audit": "The audit of one file; the other files are audited.",
    "claim": "The fields of a claim, in any kind of file. `where` is the field's path or the cell.",
    "claim-file": "A claim's file: JSON, TOML or Excel.",
    "command": "The options and arguments of a command.",
    "copy": "The marked copy of an audited workbook.",
    "decision": "A reviewer's decisions in a marked copy.",
    "distance": "Distances between places, for a plan.",
    "dtmo": "DTMO's file of rates for Alaska, Hawaii and the territories.",
    "estimate": "The cells of a table of planned trips.",
    "explain": "The line that `perdiem explain` is to explain.",
    "file": "Any file that is read.",
    "folder": "A folder that is read.",
    "forecast": "The numbers that a forecast begins with.",
    "form": "The blank claim form, and claims written as one.",
    "gsa": "GSA's service, and what it answers.",
    "inbox": "Files that came in and hold no claim that can be read.",
    "input": "Several errors of one file; with `--json`, `errors` has each of them.",
    "law": "The values of the regulation and of the award program.",
    "letters": "The settings file of the letters.",
    "ledger": "The ledger of what was paid. Nothing is written where one of these is raised.",
    "mail": "A mail, saved as .eml.",
    "mcp": "The tools for chat programs.",
    "output": "A file that is to be written. What was there before is left as it was.",
    "payment": "A payment, or a correction of one, to be entered in the ledger.",
    "place": "A place: city and state, county or ZIP.",
    "python": "The Python interface, and the libraries that it needs.",
    "rate": "The rate of a place on a day.",
    "ratebook": "The rates that come with the program.",
    "attendance": "An attendance list: who completed which class.",
    "roster": "The list of awards and officers.",
    "sites": "The table of sites that are compared.",
    "table": "The rows and columns of a table, in CSV, Excel or Parquet.",
    "web": "The browser application: how it is started, and what it reads.",
    "workbook": "The Excel workbook of a claim.",
}
"""What the first part of a code names."""

MEANINGS = {
    "command.cluster.lost": "The Dask cluster cannot be reached, or was lost during the run.",
    "claim-file.kind.convertible": "The file is of a kind that Excel can save as .xlsx.",
    "claim.value.invalid": "The value is not of the kind that the field holds.",
    "command.text.invalid": "The text cannot be a name or a line of text.",
    "decision.cell.invalid": "The cell of the marked copy cannot be read, or lacks what the decision needs.",
    "dtmo.meals.invalid": "The breakdown of meals is not the published table.",
    "forecast.site.invalid": "The site cannot be priced.",
    "forecast.site.no-rate": "The site has no rate in one of the weeks.",
    "dtmo.line.amount": "An amount is not in whole dollars.",
    "inbox.kind.unknown": "The file is of a kind that cannot be a claim.",
    "ledger.claim.already-recorded": "This claim is recorded with this decision.",
    "ledger.database.refused": "The database refused what the program asked of it.",
    "ledger.file.not-regular": "The ledger's name leads to a folder, a pipe or a device.",
    "ledger.file.unreadable": "The ledger's file cannot be read.",
    "ledger.payment-number.invalid": "The payment's number is not a line of text.",
    "ledger.reason.invalid": "The reason is not text that can be kept.",
    "ledger.recorder.invalid": "The name of the person who records is not a name.",
    "input.several": "Several things are wrong with the file.",
    "gsa.service.no-answer": "GSA's service did not answer, or refused the request.",
    "output.cache.in-use": "The cache of answers cannot be removed.",
    "place.ambiguous": "The place is in several localities with different rates.",
    "place.oconus": "The place is outside the contiguous states.",
    "place.unresolved": "No such place is known.",
    "ratebook.file.invalid": "The file is not a ratebook.",
    "ratebook.provenance.missing": "The source of a file of rates is not stated.",
    "ratebook.text.invalid": "The text of the rates contradicts itself.",
    "attendance.cell.invalid": "The cell does not hold what its column needs.",
    "roster.cell.invalid": "The cell does not hold what its column needs.",
    "sites.weeks.not-monday": "The first week does not begin on a Monday.",
    "web.account.invalid": "The name cannot be one to sign in with.",
    "web.agency.invalid": "The name of the agency is not a line of text.",
    "web.password.weak": "The password is easy to guess.",
    "workbook.cell.damaged": "The workbook's file is damaged at this cell.",
    "workbook.cell.invalid": "The cell does not hold what the claim needs there.",
    "workbook.formula.damaged": "The workbook's file is damaged at this formula.",
    "workbook.sheet.hidden": "Part of the claim is hidden.",
    "payment.refused": "Several payments of a file are refused; nothing was written.",
    "payment.text.invalid": "A number, method or reason cannot be a line of text.",
}
"""Of the codes whose messages consist of what is filled in."""


class Raised(NamedTuple):
    """One place where an error is made."""

    at: str
    code: str
    what: str
    fix: str


def error_classes(trees: dict[Path, ast.Module]) -> set[str]:
    """The names of the error classes of the program."""
    found = {"PerdiemError"}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(4):  # the tree of errors is not deeper
        found |= {node.name for node in classes if any(getattr(base, "id", "") in found for base in node.bases)}
    return found - {"InputErrors", "PlaceNotResolved"}  # these choose their code themselves


def package() -> dict[Path, ast.Module]:
    """The modules of the program."""
    return {file: ast.parse(file.read_text("utf-8")) for file in sorted((ROOT / "perdiem_calc").rglob("*.py"))}


def faults(trees: dict[Path, ast.Module]) -> Iterator[str]:
    """The errors made without a code that a reader of the source can see."""
    known = error_classes(trees)
    for file, tree in trees.items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _name(call.func) in known:
                first = call.args[0] if call.args else ast.Constant(None)
                if not (_is_code(first) or PASSED_ON.fullmatch(ast.unparse(first))):
                    yield f"{file.relative_to(ROOT)}:{call.lineno}: {ast.unparse(first)} is not an error's code"


def raised(trees: dict[Path, ast.Module]) -> Iterator[Raised]:
    """Every code, with its message and its fix, in the order of the files."""
    known = error_classes(trees)
    for file, tree in trees.items():
        makers = {
            node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _gives_code(node)
        }
        if file.parent.name == "claims":  # one function for both modules that refuse a claim
            makers |= {"refuse": _function(trees[file.with_name("trip.py")], "refuse")}
        for function, call in _calls(tree, tree):
            name = _name(call.func)
            if (name not in known and name not in makers) or not call.args or not _is_code(call.args[0]):
                continue
            said = {word.arg: word.value for word in call.keywords}
            names = (
                [arg.arg for arg in makers[name].args.args if arg.arg != "self"] if name in makers else ["", "what"]
            )
            said |= dict(zip(names, call.args, strict=False))
            words = _Words(file, function)
            what, fix = words.of(said.get("what")), words.of(said.get("fix"))
            if not fix:
                what, _, fix = what.partition("; ")
            at = f"{file.relative_to(ROOT)}:{call.lineno}"
            yield Raised(at, ast.literal_eval(call.args[0]), what, fix)
    for code, what, fix in FIXES.values():
        yield Raised("perdiem_calc/claims/parsing.py", code, what, fix)
    for status in ("ambiguous", "unresolved", "oconus"):
        yield Raised("perdiem_calc/errors.py", f"place.{status}", "{reason}", "{fix}")
    yield Raised("perdiem_calc/workbook/reading/read.py", "workbook.cell.invalid", "{label} {what}", "{fix}")


def without_meaning(trees: dict[Path, ast.Module]) -> set[str]:
    """The codes of which no message has words of its own, so that `MEANINGS` describes them."""
    found = [*raised(trees)]
    return {one.code for one in found} - {one.code for one in found if WORDS.search(PLACEHOLDER.sub("", one.what))}


def page() -> str:
    """The whole page."""
    found: dict[str, dict[str, dict[tuple[str, str], None]]] = {}
    for one in raised(package()):
        found.setdefault(one.code.split(".")[0], {}).setdefault(one.code, {})[one.what, one.fix] = None
    lines = [
        "# Errors",
        "",
        "*A program that calls this one distinguishes errors by their code, which never changes. The words of a "
        "message may change.* With `--json` an error is an object `error` with `code`, `where` (a field's path, a "
        "cell, a line or a file), `what` and `fix`. The program fills in the words in braces. `make reference` makes "
        "this page from the code.",
    ]
    for subject, codes in sorted(found.items()):
        lines += ["", f"## {subject}", "", SUBJECTS[subject], "", "| code | message | what to do |", "|---|---|---|"]
        for code, messages in sorted(codes.items()):
            what = MEANINGS.get(code) or "<br>".join(dict.fromkeys(_cell(what) for what, _ in messages))
            fix = "<br>".join(
                dict.fromkeys(_cell(fix) for _, fix in messages if WORDS.search(PLACEHOLDER.sub("", fix)))
            )
            lines.append(f"| `{code}` | {what} | {fix} |")
    return "\n".join(lines) + "\n"


class _Words:
    """The words of an argument where it is a text, or a name of one that the function or the module defines."""

    def __init__(self, file: Path, function: ast.AST) -> None:
        self._function = function
        parts = file.relative_to(ROOT).with_suffix("").parts
        self._module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def of(self, value: ast.expr | None) -> str:
        """The words, with `{name}` for what is filled in."""
        if value is None:
            return ""
        if isinstance(value, ast.Constant):
            return str(value.value)
        if isinstance(value, ast.JoinedStr):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else self._filled(part) for part in value.values
            )
        if isinstance(value, ast.IfExp):
            return self.of(value.body) or self.of(value.orelse)
        if isinstance(value, ast.BinOp):
            return self.of(value.left) + self.of(value.right)
        if isinstance(value, ast.Name):
            return self._named(value)
        return f"{{{_noun(value)}}}"

    def _filled(self, part: ast.expr) -> str:
        return f"{{{_noun(part.value if isinstance(part, ast.FormattedValue) else part)}}}"

    def _named(self, name: ast.Name) -> str:
        given: ast.expr | None = None
        for node in ast.walk(self._function):
            if isinstance(node, ast.Assign) and node.lineno < name.lineno:
                target, value = node.targets[0], node.value
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = [*zip(target.elts, value.elts, strict=True)]
                else:
                    pairs = [(target, value)]
                given = next((one for at, one in pairs if _name(at) == name.id), given)
        if given is not None and not isinstance(given, ast.Name):
            return self.of(given)
        constant = getattr(import_module(self._module), name.id, None)
        return constant if isinstance(constant, str) else f"{{{name.id}}}"


def _noun(value: ast.expr) -> str:
    """The last name in an expression, as words: `in_dollars(entry.amount)` gives `amount`."""
    if isinstance(value, ast.Call):
        inner = value.args[0] if value.args and not isinstance(value.args[0], ast.Constant) else value.func
        return _noun(inner)
    if isinstance(value, ast.Subscript | ast.BinOp):
        return _noun(value.value if isinstance(value, ast.Subscript) else value.left)
    if isinstance(value, ast.IfExp):
        return _noun(value.test)
    return (_name(value) or "value").strip("_").replace("_", " ").lower()


def _name(node: ast.AST) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _is_code(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(CODE.fullmatch(value.value))


def _gives_code(function: ast.FunctionDef) -> bool:
    return [arg.arg for arg in function.args.args if arg.arg != "self"][:1] == ["code"]


def _function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)


def _calls(node: ast.AST, function: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call below a node, with the function that it is in."""
    for child in ast.iter_child_nodes(node):
        inside = child if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call):
            yield inside, child
        yield from _calls(child, inside)


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;").strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}")
