"""Takes in what was put into the inbox: in a process of its own, with limits of time and memory.

`python -m perdiem_calc.web.taking FOLDER INTO DAY SOURCE` copies every claim of a folder into another under a name of
our own, and prints what it found as JSON; `take_in` starts it and never fails. Where a file takes the process down,
each file is read alone, so that it takes none with it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

from perdiem_calc.web.importing import TOO_MUCH, limit_this_process

SECONDS = 60
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
Found = dict[str, list[Any]]


def name_on_disk(name: str, taken: Collection[str]) -> str:
    """A name for a file that was given: of plain letters, and none of those that are taken.

    >>> name_on_disk("../Claim é.xlsx", ()), name_on_disk("a.pdf", {"a.pdf"})
    ('Claim -.xlsx', 'a 2.pdf')
    """
    plain = _UNSAFE.sub("-", re.split(r"[/\\]", name)[-1])[-100:].lstrip(".-") or "file"
    stem, dot, suffix = plain.rpartition(".")
    names = (f"{stem or suffix} {number}{dot}{suffix if stem else ''}" for number in count(2))
    return next(one for one in chain([plain], names) if one.casefold() not in {other.casefold() for other in taken})


def take_in(folder: Path, names: Mapping[str, str], into: Path, day: date, source: str) -> Found:
    """What a folder holds: `claims`, `errors` and `passed_over`. `names` are the files' own, by those on disk."""
    found = _run(folder, into, day, source)
    if found is None:
        found = {"claims": [], "errors": [], "passed_over": []}
        for file in sorted(folder.iterdir()):
            for kind, ones in _alone(file, into, day, source).items():
                found[kind] += ones
    return {kind: [_named(one, folder, names) for one in ones] for kind, ones in found.items()}


def _alone(file: Path, into: Path, day: date, source: str) -> Found:
    with tempfile.TemporaryDirectory(prefix="perdiem-", dir=into) as folder:
        shutil.copy(file, Path(folder) / file.name)
        found = _run(Path(folder), into, day, source)
        if found is None:
            fix = "ask the agency to save it again as .xlsx"
            return {"errors": [{"source": file.name, "what": TOO_MUCH, "fix": fix, "sender": ""}]}
        return {kind: [_named(one, Path(folder), {}) for one in ones] for kind, ones in found.items()}


def _run(folder: Path, into: Path, day: date, source: str) -> Found | None:
    command = [sys.executable, "-m", "perdiem_calc.web.taking", str(folder), str(into), day.isoformat(), source]
    try:
        run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own program
        return dict(json.loads(run.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return None


def _named(one: Any, folder: Path, names: Mapping[str, str]) -> Any:
    """What was found, with the names that the files had."""
    if isinstance(one, dict):
        return {key: _named(value, folder, names) for key, value in one.items()}
    if isinstance(one, list):
        return [_named(value, folder, names) for value in one]
    if not isinstance(one, str):
        return one
    text = one.replace(f"{folder}/", "")
    first, slash, rest = text.partition("/")
    return f"{names[first]}{slash}{rest}" if first in names else text


def taken_in(folder: Path, into: Path, day: date, source: str) -> Found:
    """What a folder holds, read in this process."""
    import hashlib
    import secrets

    from perdiem_calc.auditing.batch import Basis
    from perdiem_calc.auditing.intake import Taken
    from perdiem_calc.auditing.receiving import received
    from perdiem_calc.history.records import canonical, content_sha256
    from perdiem_calc.review.result import AuditedClaim

    claims: list[Any] = []
    errors: list[Any] = []
    with received([folder]) as intake:
        desk = Basis(day, source).opened()
        read = [desk.read(file) for file in intake.files]
        results = [desk.audited(one, None) if isinstance(one, Taken) else one for one in read]
        for one in intake.accounted(results):
            if not isinstance(one, AuditedClaim):
                what, fix = one.error.what, one.error.fix
                errors.append({"source": one.source, "what": what, "fix": fix, "sender": one.origin.sender})
                continue
            content = Path(one.file).read_bytes()
            name = f"{secrets.token_hex(16)}{Path(one.file).suffix.lower()}"
            (into / name).write_bytes(content)
            digest = content_sha256(canonical(one.claim)) if one.claim is not None and one.itemized else ""
            claims.append(
                {
                    "source": one.source,
                    "file": name,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "content": digest,
                    "claim_id": one.claim_id,
                    "agency": one.whose.agency,
                    "sender": one.origin.sender,
                    "received_on": one.origin.received_on.isoformat() if one.origin.received_on else None,
                    "message_id": one.origin.message_id,
                    "documents": list(one.origin.documents),
                    "same": list(one.origin.same),
                }
            )
        passed = [{"source": name, "what": what} for name, what in intake.passed_over]
    return {"claims": claims, "errors": errors, "passed_over": passed}


def main(arguments: Iterable[str]) -> None:
    """Read a folder, and print what it holds."""
    folder, into, day, source = arguments
    found = taken_in(Path(folder), Path(into), date.fromisoformat(day), source)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    limit_this_process()
    main(sys.argv[1:])
