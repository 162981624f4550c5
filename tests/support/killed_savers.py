"""Saves a draft again and again in a child that is killed in the midst of it; what is kept must be a whole version.

`python -m tests.support.killed_savers FOLDER 100`, on a system that can fork.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from perdiem_calc.web.site.settings import Serving, configure

PADDING = "x" * 20_000
"""So that a version is more than one page of the database."""


def main(folder: Path, kills: int) -> None:
    """Kill so many children; raises AssertionError where something is lost."""
    configure(Serving(folder))
    from django.contrib.auth import get_user_model
    from django.db import connections

    from perdiem_calc.web.serving import prepare_database
    from perdiem_calc.web.site.models import Preparation

    prepare_database()
    owner = get_user_model().objects.create(username="owner")
    pk = Preparation.objects.create(owner=owner, content={"saved": 0}).pk
    saved = 0
    for _ in range(kills):
        connections.close_all()
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            prep = Preparation.objects.get(pk=pk)
            while True:
                number = prep.content["saved"] + 1
                prep.save_draft({"saved": number, "padding": PADDING}, prep.version, "agency")
                os.write(writes, number.to_bytes(4, "big"))
        os.close(writes)
        first = os.read(reads, 4)  # it has begun
        time.sleep(random.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = first
        while more := os.read(reads, 4):
            told = more
        os.close(reads)
        known = int.from_bytes(told, "big")
        saved = _kept(folder, pk)
        assert saved in (known, known + 1), (saved, known)
    print(f"{kills} kills, nothing lost")


def _kept(folder: Path, pk: int) -> int:
    """The number of the version that is kept, after the database was found whole."""
    book = sqlite3.connect(folder / "web.sqlite")
    try:
        assert book.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = (
            "SELECT json_extract(p.content, '$.saved'), p.version, max(v.number), json_extract(v.content, '$.saved')"
        )
        saved, version, newest, last = book.execute(
            f"{query} FROM web_preparation p JOIN web_version v ON v.preparation_id = p.id WHERE p.id = ?",
            (pk,),
        ).fetchone()
    finally:
        book.close()
    assert (version, saved) == (newest, last)
    return int(saved)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
