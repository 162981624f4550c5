"""What can be installed beside the program, what for, and the command that does it: the extras of pyproject.toml.

>>> extra("ledger").modules
('sqlalchemy',)
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

DISTRIBUTION = "perdiem-calc"


@dataclass(frozen=True, slots=True)
class Extra:
    """A group of libraries that some commands need: its name, what for, and the modules it brings."""

    name: str
    use: str
    modules: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The modules that are not there. Nothing is loaded to find that out."""
        return tuple(module for module in self.modules if find_spec(module) is None)


NEEDED = Extra(
    "",
    "everything",
    (
        "lxml",
        "openpyxl",
        "pandas",
        "platformdirs",
        "pydantic",
        "requests",
        "requests_cache",
        "rich",
        "typer",
        "xlsxwriter",
    ),
)
"""What is always installed."""

EXTRAS = (
    Extra("ledger", "the ledger of what was paid", ("sqlalchemy",)),
    Extra("postgres", "a ledger on a PostgreSQL server", ("sqlalchemy", "psycopg")),
    Extra("analysis", "pictures, Parquet, fast CSV, planning distances", ("matplotlib", "pyarrow", "zipcodes")),
    Extra("dask", "estimates on several machines", ("dask", "distributed")),
)


def extra(name: str) -> Extra:
    """An extra by its name."""
    return next(one for one in EXTRAS if one.name == name)


def how_to_install(name: str = "") -> str:
    """The command that installs an extra into the Python that runs, from where the program was installed from.

    >>> how_to_install("ledger").endswith('[ledger]"')
    True
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{python} -m pip install {_what(f'[{name}]' if name else '')}"


def _what(wanted: str) -> str:
    """What pip is to be told: a folder, an archive, or the name alone."""
    origin = _origin()
    url = str(origin.get("url", ""))
    if "dir_info" in origin:
        editable = "-e " if origin["dir_info"].get("editable") else ""
        return f'{editable}"{url2pathname(urlsplit(url).path)}{wanted}"'
    return f'"{DISTRIBUTION}{wanted} @ {url}"' if "archive_info" in origin else f'"{DISTRIBUTION}{wanted}"'


def _origin() -> dict[str, Any]:
    """What pip wrote down of where the program came from; nothing where it is no installation, or from an index."""
    try:
        stated = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return {}
    return dict(json.loads(stated)) if stated else {}
