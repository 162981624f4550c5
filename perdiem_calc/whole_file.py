"""A file that is complete or absent: filled without a name of its own, and put in its place last.

Whoever opens it finds the file that was there before or the new one, whole, even after a power cut. Where the system
can (Linux), a file that is being filled has no name at all, so that a process that is killed leaves nothing behind;
elsewhere it has a name that nobody can guess.

What is written is about people and their money, so it is for its owner alone (mode 0600), unless the owner of the
folder chose otherwise: by an access control list for new files; by giving new files to the folder's group
(`chmod g+s`), which may then do with them what it may do with the folder; or by the mode of the file that is
replaced.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perdiem_calc.errors import OutputError

_NO_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOSYS)
"""What a file system says that has no files without a name."""
_OPEN_FILES = "/proc/self/fd"
_OWNER, _GROUP, _ANYBODY = 0o600, 0o060, 0o666


@contextmanager
def whole_file(path: Path, *, replaces: bool) -> Iterator[Path]:
    """An empty file to fill, under the path that is given; it becomes `path` when the block ends without an error.

    Raises FileExistsError where something has that name by then and `replaces` does not say to take it, another
    OSError where the file cannot be made.
    """
    mode = _mode(path, replaces=replaces)
    at_first = _ANYBODY if mode is None else _OWNER
    scratch = path.with_name(f"{_beginning(path)}{secrets.token_hex(6)}")
    unnamed = _unnamed(path.parent, at_first)
    try:
        file = _created(scratch, at_first) if unnamed is None else unnamed
        try:
            yield scratch if unnamed is None else Path(f"{_OPEN_FILES}/{file}")
            _finish(file, mode)
            if unnamed is not None and not _is_named(file, scratch if replaces else path):
                unnamed = None
                with open(f"{_OPEN_FILES}/{file}", "rb") as content, open(_created(scratch, at_first), "wb") as copy:
                    shutil.copyfileobj(content, copy)
                    copy.flush()
                    _finish(copy.fileno(), mode)
        finally:
            os.close(file)
        if replaces:
            os.replace(scratch, path)
        elif unnamed is None:
            _put_in_place(scratch, path)
    finally:
        with suppress(OSError):
            scratch.unlink()


def clear_away(path: Path) -> None:
    """Remove what is left of a file for `path`, where the process that filled it was killed.

    Whoever calls this knows that nobody else is writing that file.
    """
    left = re.compile(rf"{re.escape(_beginning(path))}[0-9a-f]{{12}}")
    with suppress(OSError):
        for other in path.parent.iterdir():
            if left.fullmatch(other.name):
                other.unlink()


def make_folder(folder: Path) -> None:
    """Make a folder for whom a file at its place would be, unless it is there.

    Raises OutputError where it cannot be made.
    """
    mode = _mode(folder, replaces=False)
    try:
        # Who may read may also enter.
        folder.mkdir(mode=0o777 if mode is None else mode | mode >> 2 & 0o110, exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be made ({error.strerror})"
        raise OutputError(what, where=str(folder), mend="make it first, or choose another") from None


def unwritable(path: Path, error: OSError, mend: str = "check the space and rights of the folder") -> OutputError:
    """That a file or folder cannot be written, and why."""
    what = f"cannot be written ({error.strerror or type(error).__name__})"
    return OutputError(what, where=str(path), mend=mend)


def _mode(path: Path, *, replaces: bool) -> int | None:
    """The mode of a new file at a path; None where an access control list of its folder says it."""
    with suppress(OSError):
        there = os.stat(path).st_mode
        if replaces and stat.S_ISREG(there):
            return stat.S_IMODE(there) & 0o777
    with suppress(OSError, AttributeError):
        os.getxattr(path.parent, "system.posix_acl_default")
        return None
    with suppress(OSError):
        folder = os.stat(path.parent).st_mode
        return _OWNER | (folder & _GROUP if folder & stat.S_ISGID else 0)
    return _OWNER


def _unnamed(folder: Path, mode: int) -> int | None:
    """A new file without a name, open; None where the system has none."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, mode)
    except OSError as error:
        if error.errno in _NO_UNNAMED:
            return None
        raise


def _created(path: Path, mode: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)


def _finish(file: int, mode: int | None) -> None:
    """Bring an open file to the disk, with its mode whatever the umask says."""
    if mode is not None and hasattr(os, "fchmod"):
        os.fchmod(file, mode)
    os.fsync(file)


def _is_named(file: int, path: Path) -> bool:
    """Give a file without a name one; whether the system can. Raises FileExistsError where something has the name."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        # Only with a folder does the system follow the link to the open file.
        os.link(f"{_OPEN_FILES}/{file}", path.name, dst_dir_fd=folder)
    except FileExistsError:
        raise
    except OSError:
        return False
    finally:
        os.close(folder)
    return True


def _beginning(path: Path) -> str:
    """How the name of a file for `path` begins while it is filled; never longer than a name may be.

    >>> _beginning(Path("claims/2026-ORL-0001.xlsx"))
    '.perdiem-f8bb2677.'
    """
    return f".perdiem-{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}."


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
