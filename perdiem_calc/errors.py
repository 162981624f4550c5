"""Errors that a person can fix: a stable code for programs, and for people what is wrong, where, and how to fix it.

docs/errors.md lists every code; tools/error_reference.py makes it from the code.

>>> print(InputError("amount.invalid", "is negative", where="expenses[0].amount", fix="leave out the minus"))
expenses[0].amount: is negative; leave out the minus
"""

from __future__ import annotations

import copyreg
from collections.abc import Sequence
from typing import Any

from perdiem_calc.text import harmless, harmless_lines

MOST_SAID = 100
"""At most so many errors of one input are listed in its message."""


class PerdiemError(Exception):
    """Base of all errors that a person can fix. `exit_code` is what a command ends with.

    `code` names the kind of error and never changes, like `roster.column.missing`; the words of a message may.
    `file` names the input file, once it is known; the message then begins with it.
    """

    exit_code = 2

    def __init__(self, code: str, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(code, what, where, fix)
        self.code = code
        self.what = what
        self.where = where
        self.fix = fix
        self.file = ""

    @property
    def said(self) -> str:
        """The message without the file's name: where, what and how to fix it."""
        located = f"{harmless(self.where)}: {self.what}" if self.where else self.what
        return harmless_lines(f"{located}; {self.fix}" if self.fix else located)

    def as_record(self) -> dict[str, Any]:
        """The error as `--json` prints it; `where` is the file if no place in it is known.

        >>> InputError("file.empty", "is empty", fix="fill it in").in_file("a.json").as_record()
        {'code': 'file.empty', 'where': 'a.json', 'what': 'is empty', 'fix': 'fill it in'}
        """
        return {"code": self.code, "where": self.where or self.file, "what": self.what, "fix": self.fix}

    def __str__(self) -> str:
        file = harmless(self.file)
        return "\n".join(f"{file}: {line}" for line in self.said.splitlines()) if file else self.said

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the error whole in another process; an exception by itself loses its named arguments.

        >>> import pickle
        >>> print(pickle.loads(pickle.dumps(InputError("file.empty", "is empty", where="a.json", fix="fill it"))))
        a.json: is empty; fill it
        """
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]  # not in the stubs

    def at(self, where: str) -> PerdiemError:
        """The same error with its place in the input (a field's path, or sheet and cell)."""
        self.where = f"{where} ({self.where})" if self.where else where
        return self

    def in_file(self, path: object) -> PerdiemError:
        """The same error, with the file's name before it."""
        self.file = str(path)
        return self


class Located:
    """A block in which an error without a place gets the place `where`, a path in the input.

    >>> with Located("expenses[0].date"):
    ...     raise RateUnavailable("rate.missing", "no rate is in force")
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.RateUnavailable: expenses[0].date: no rate is in force
    """

    __slots__ = ("where",)

    def __init__(self, where: str) -> None:
        self.where = where

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PerdiemError) and not error.where:
            error.where = self.where


class InputError(PerdiemError):
    """The input is malformed: not readable, of the wrong type, or contradicting itself.

    `check` is the id of the check that names it when a claim was submitted so, where that is another than
    `malformed`.
    """

    check = ""


class InputErrors(InputError):
    """Several things wrong with one input, each with its own place and fix; the message says the first hundred.

    >>> wrong = [InputError("workbook.cell.invalid", "is not a date", where=f"A{row}") for row in range(1, 2_001)]
    >>> str(InputErrors(wrong)).splitlines()[-2:]
    ['A100: is not a date', 'and 1,900 more']
    """

    def __init__(self, errors: Sequence[InputError]) -> None:
        said = [str(error) for error in errors[:MOST_SAID]]
        if len(errors) > MOST_SAID:
            said.append(f"and {len(errors) - MOST_SAID:,} more")
        super().__init__("input.several", "\n".join(said))
        self.errors = tuple(errors)

    def as_record(self) -> dict[str, Any]:
        """The error as `--json` prints it, with each of the `errors`."""
        return super().as_record() | {"errors": [error.as_record() for error in self.errors]}


class OutputError(PerdiemError):
    """A result could not be written; nothing half-written is left behind."""


class LedgerError(PerdiemError):
    """The ledger cannot be opened, or refuses an entry; nothing was written."""


class RateUnavailable(PerdiemError):
    """No rate in force is known for this place or date."""

    exit_code = 3


class PlaceNotResolved(RateUnavailable):
    """A place that leads to no one locality. `status` is ambiguous, unresolved or oconus.

    `candidates` are each a `places.Candidate`, `suggestions` ways of writing that would be understood.
    """

    def __init__(
        self,
        what: str,
        *,
        status: str,
        candidates: Sequence[Any] = (),
        suggestions: Sequence[str] = (),
        where: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(f"place.{status}", what, where=where, fix=fix)
        self.status = status
        self.candidates = tuple(candidates)
        self.suggestions = tuple(suggestions)
