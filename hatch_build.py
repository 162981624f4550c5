"""Puts the rates and the guides into what gets installed.

A wheel carries everything in ``data/`` as ``perdiem_calc/data/``, and beside the text the compiled
ratebook made from it; and the guides in ``docs/``, which the browser application shows.
An editable installation reads ``data/`` where it stands, and gets
``data/ratebook.sqlite`` there.
"""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "ratebook.sqlite"


class RatebookHook(BuildHookInterface[Any]):
    """Compiles the ratebook and lists the data for the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it writes the wheel; ``version`` is "standard" or "editable"."""
        root = Path(self.root)
        data = root / "data"
        if version == "editable":
            compile_ratebook(root, data, data / COMPILED)
            return
        self._scratch = Path(tempfile.mkdtemp(prefix="perdiem_calc_build_"))
        compile_ratebook(root, data, self._scratch / COMPILED)
        carried = build_data["force_include"]
        carried[str(self._scratch / COMPILED)] = f"perdiem_calc/data/{COMPILED}"
        for file in text_files(data):
            carried[str(file)] = f"perdiem_calc/data/{file.relative_to(data).as_posix()}"
        for file in sorted((root / "docs").glob("*.md")):
            carried[str(file)] = f"perdiem_calc/docs/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the wheel is written."""
        if version != "editable":
            shutil.rmtree(self._scratch)


def text_files(data: Path) -> list[Path]:
    """The reviewed files of the data folder: no compiled ratebook, no script, nothing hidden, no cache."""
    return sorted(
        file
        for file in data.rglob("*")
        if file.is_file()
        and not file.name.startswith(COMPILED)
        and file.suffix != ".py"
        and not any(part.startswith((".", "__")) for part in file.relative_to(data).parts)
    )


def compile_ratebook(root: Path, data: Path, target: Path) -> None:
    """Runs the project's own compiler of the ratebook, which needs the standard library alone."""
    with bare_packages(root):
        compiled = importlib.import_module("perdiem_calc.rates.ratebook.compiled")
        compiled.compile_ratebook(data, target)


@contextmanager
def bare_packages(root: Path) -> Iterator[None]:
    """Makes the compiler importable without running the ``__init__`` of the packages that it lies in.

    An isolated build has hatchling and nothing else, and looking up rates wants platformdirs.
    """
    kept = _loaded()
    for module in kept:
        del sys.modules[module]
    for name in ("perdiem_calc", "perdiem_calc.rates.ratebook"):
        bare = ModuleType(name)
        bare.__path__ = [str(root.joinpath(*name.split(".")))]
        sys.modules[name] = bare
    try:
        yield
    finally:
        for module in _loaded():
            del sys.modules[module]
        sys.modules.update(kept)


def _loaded() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "perdiem_calc"}
