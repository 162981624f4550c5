"""Reads the claims in a file that a person uploaded: in a process of its own, with limits of time and memory.

`python -m perdiem_calc.web.importing FILE` prints what was read as JSON; `read_upload` starts it and never fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS, BYTES = 30, 2 << 30
TOO_MUCH = "takes too much time or memory to read"


def read_upload(file: Path, name: str) -> dict[str, Any]:
    """What a file holds: `claims`, each with its `source` and `claim`, and `errors` with where, what and fix."""
    command = [sys.executable, "-m", "perdiem_calc.web.importing", str(file)]
    try:
        run = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own program
        found = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        fix = "save it again as .xlsx, or give another file"
        return {"claims": [], "errors": [{"source": name, "where": "", "what": TOO_MUCH, "fix": fix}]}
    for one in (*found["claims"], *found["errors"]):
        one["source"] = one["source"].replace(str(file), name)
    return dict(found)


def claims_in(file: Path) -> dict[str, Any]:
    """What a file holds, read in this process."""
    from perdiem_calc.auditing.claim_file import read_with_cells, stated_in
    from perdiem_calc.auditing.receiving import received
    from perdiem_calc.errors import InputError, InputErrors, PerdiemError
    from perdiem_calc.review.result import Unreadable
    from perdiem_calc.web.answers import as_json

    claims: list[dict[str, Any]] = []
    errors: list[dict[str, str]] = []

    def refuse(source: str, error: PerdiemError) -> None:
        every = error.errors if isinstance(error, InputErrors) else (error,)
        errors.extend({"source": source, "where": one.where, "what": one.what, "fix": one.fix} for one in every)

    if file.suffix.lower() in (".json", ".toml"):
        try:
            stated = stated_in(file)
        except PerdiemError as error:
            refuse(file.name, error)
        else:
            if isinstance(stated, dict):
                claims.append({"source": file.name, "claim": as_json(stated)})
            else:
                errors.append(
                    {"source": file.name, "where": "", "what": "holds no claim", "fix": "give another file"}
                )
        return {"claims": claims, "errors": errors}
    with received([file]) as intake:
        for entry in intake.files:
            try:
                read = read_with_cells(entry.path)
            except PerdiemError as error:
                refuse(entry.source, error)
            else:
                record = read.claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                claims.append({"source": entry.source, "claim": record})
        done = InputError("web.file.read", "was read")
        for one in intake.accounted([Unreadable(entry.source, done) for entry in intake.files]):
            if isinstance(one, Unreadable) and one.error is not done:
                refuse(one.source, one.error)
    return {"claims": claims, "errors": errors}


def limit_this_process() -> None:
    """Limit what this process may take."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit is the parent's
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.write(json.dumps(claims_in(Path(sys.argv[1]))))
