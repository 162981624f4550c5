"""A file that is complete or absent: filled beside its place, under a name that nobody can guess, and put there last.

Whoever opens it finds the file that was there before or the new one, whole, even after a power cut.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perdiem_calc.errors import OutputError


@contextmanager
def whole_file(path: Path, *, replaces: bool) -> Iterator[Path]:
    """An empty file beside `path` to fill; it gets that name when it is whole, and nothing is left behind otherwise.

    Raises FileExistsError where something has the name by then and `replaces` does not say to take it, another
    OSError where the file cannot be made.
    """
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with open(scratch, "xb"):
            pass
        yield scratch
        with open(scratch, "rb+") as file:
            os.fsync(file.fileno())
        if replaces:
            os.replace(scratch, path)
        else:
            _put_in_place(scratch, path)
    finally:
        with suppress(OSError):
            scratch.unlink()


def clear_away(path: Path) -> None:
    """Remove what is left beside `path` of a file for it, where the process that filled it was killed.

    Whoever calls this knows that nobody else is writing that file.
    """
    left = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{12}}")
    with suppress(OSError):
        for beside in path.parent.iterdir():
            if left.fullmatch(beside.name):
                beside.unlink()


def make_folder(folder: Path) -> None:
    """Make a folder, unless it is there. Raises OutputError where it cannot be made."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be made ({error.strerror})"
        raise OutputError(what, where=str(folder), mend="make it first, or choose another") from None


def unwritable(path: Path, error: OSError, mend: str = "check the space and rights of the folder") -> OutputError:
    """That a file or folder cannot be written, and why."""
    what = f"cannot be written ({error.strerror or type(error).__name__})"
    return OutputError(what, where=str(path), mend=mend)


def _put_in_place(scratch: Path, path: Path) -> None:
    """Give a finished file its name, unless something has it. Raises FileExistsError then."""
    try:
        os.link(scratch, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(path) from None
        scratch.rename(path)
