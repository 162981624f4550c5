"""Tables of trips as people save them, and what is read of them."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.planning.tables import open_trips

HEADER = "place,depart_on,return_on,officers"
ROW = '"Orlando, FL",2026-10-04,2026-10-09,3'


def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, globals: Any = None, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "pyarrow" and str((globals or {}).get("__name__")).startswith("perdiem_calc"):
            raise ImportError(name)
        return real(name, globals, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """All rows of a file, with their numbers."""
    blocks = list(open_trips(path).blocks())
    records: list[dict[str, Any]] = [
        {"row": index, **{str(name): cell for name, cell in cells.items()}}
        for block in blocks
        for index, cells in zip(block.index, block.to_dict("records"), strict=True)
    ]
    return records


def saved(folder: Path, text: str | bytes, name: str = "trips.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(folder: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    path = folder / "trips.xlsx"
    book.save(path)
    return path
