"""Where a person's own files lie, on every platform: rates fetched or imported, the ledger, kept answers.

None of the folders need exist; who writes a file makes its folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = "perdiem_calc"


def user_folder() -> Path:
    """The folder of what is kept: fiscal years fetched, imported files, the ledger."""
    return user_data_path(_PROGRAM, appauthor=False)


def cache_folder() -> Path:
    """The folder of what can be had again: the answers of GSA's service."""
    return user_cache_path(_PROGRAM, appauthor=False)
