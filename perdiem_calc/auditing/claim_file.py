"""Reads a claim from a file: JSON, TOML, or the workbook."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from perdiem_calc.claims.fields import shortened, without_ssn
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.files import LARGEST_TOML, content_of, decoded, toml_of
from perdiem_calc.history.attendance import AttendanceList, parse_attendance
from perdiem_calc.history.roster import Roster, parse_roster
from perdiem_calc.workbook.form.layout import CellMap

LARGEST_JSON = 4 << 20
"""Bytes; a claim of a thousand expenses, each with every field, is far smaller."""
MOST_VALUES = 100_000
SUFFIXES = (".json", ".toml", ".xlsx")
OTHER_KINDS = {
    ".xls": "a workbook of the old kind (.xls)",
    ".xlsm": "a workbook with macros (.xlsm)",
    ".xlsb": "a binary workbook (.xlsb)",
    ".ods": "a workbook of LibreOffice's own kind (.ods)",
}
"""Spreadsheets that an agency may send by mistake, and what they are."""


class ReadClaim(NamedTuple):
    """A claim with the cells of its fields in the workbook; a claim from a text file has no cells."""

    claim: Claim
    cells: CellMap


def read_claim_file(path: str | os.PathLike[str]) -> Claim:
    """The claim in a file; raises as `read_with_cells` does."""
    return read_with_cells(Path(path)).claim


def read_with_cells(path: Path) -> ReadClaim:
    """The claim in a file; the suffix says whether it is JSON, TOML or a workbook.

    Raises InputError (InputErrors where several fields are refused) with the file's name, the field's path or the
    cell, and the fix.
    """
    suffix = path.suffix.lower()
    try:
        _require_file(path)
        if suffix in (".json", ".toml"):
            return ReadClaim(parse_claim(_parsed(path)), CellMap())
        from perdiem_calc.workbook.reading import read

        return ReadClaim(*read.read_with_cells(path))
    except PerdiemError as error:
        raise error.in_file(path) from None


def stated_in(path: Path) -> Any:
    """What a JSON or TOML file states. Raises InputError, with the file's name, where it states no values at all."""
    try:
        _require_file(path)
        return _parsed(path)
    except PerdiemError as error:
        raise error.in_file(path) from None


def claim_files(inputs: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The claim files that the inputs name, a folder's in order of name; and what was passed over in folders.

    Raises InputError for a folder without a claim.
    """
    found: list[Path] = []
    passed_over: list[Path] = []
    for path in inputs:
        if not os.path.isdir(path):
            found.append(path)
            continue
        files = sorted(entry for entry in path.iterdir() if entry.is_file())
        claims = [entry for entry in files if _looks_like_claim(entry)]
        if not claims:
            raise InputError(
                "claim-file.folder.empty",
                "the folder holds no claim",
                where=str(path),
                fix="put .json, .toml or .xlsx claims into it",
            )
        found += claims
        passed_over += [entry for entry in files if entry not in claims]
    return found, passed_over


def _looks_like_claim(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))


def _require_file(path: Path) -> None:
    if not os.path.exists(path):  # which answers for every name, however long
        raise InputError("file.missing", "the file does not exist", fix="check the name and the folder")
    if kind := OTHER_KINDS.get(path.suffix.lower()):
        raise InputError(
            "claim-file.kind.convertible", f"is {kind}", fix="save it as .xlsx (File, Save As, Excel Workbook)"
        )
    if path.suffix.lower() not in SUFFIXES:
        kind = f"a file of kind {path.suffix}" if path.suffix else "a folder or a file without a suffix"
        raise InputError("claim-file.kind.unknown", f"{kind} is not a claim", fix="give a .json, .toml or .xlsx file")


def _parsed(path: Path) -> Any:
    """What a JSON or TOML file states."""
    is_json = path.suffix.lower() == ".json"
    text = decoded(content_of(path, LARGEST_JSON if is_json else LARGEST_TOML))
    if not text.strip():
        raise InputError("file.empty", "is empty", fix="write the claim into it, or give another file")
    kind = "JSON" if is_json else "TOML"
    try:
        stated = _from_json(text) if is_json else toml_of(text)
    except RecursionError:
        raise InputError(
            "claim-file.nested-too-deeply", f"is not {kind} of a claim: nested too deeply", fix="check the brackets"
        ) from None
    except ValueError as error:
        # Python's own words on this are for programmers.
        why = "a number has more than 4,300 digits" if "integer string conversion" in str(error) else error
        raise InputError("claim-file.syntax", f"is not {kind}: {why}", fix="correct it at the place named") from None
    _check_extent(stated)
    return stated


def _check_extent(stated: Any) -> None:
    """Raises InputError for far more values than a claim has: to say what is wrong with each would take minutes."""
    left, count = [stated], 0
    while left:
        value = left.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        count += len(inner)
        if count > MOST_VALUES:
            what = f"holds more than {MOST_VALUES:,} values"
            raise InputError(
                "claim-file.too-many-entries", what, fix="a claim has a few hundred; check that it is the right file"
            )
        left += inner


def _from_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise InputError(
            "claim-file.field.repeated",
            f'the field "{shortened(without_ssn(twice))}" appears twice',
            fix="leave one of the two out",
        )
    return fields


def _no_constant(name: str) -> NoReturn:
    raise InputError(
        "claim-file.number.impossible", f"{name} is not a value of a claim", fix="write an amount like 159.00"
    )


def read_roster(path: Path) -> Roster:
    """The roster in a CSV file. Raises InputErrors with the line of each refusal."""
    try:
        return parse_roster(content_of(path), path.name)
    except PerdiemError as error:
        raise error.in_file(path) from None


def read_attendance(path: Path) -> AttendanceList:
    """The attendance lists in a CSV file. Raises InputErrors with the line of each refusal."""
    try:
        return parse_attendance(content_of(path), path.name)
    except PerdiemError as error:
        raise error.in_file(path) from None
