"""The inbox: what was given is kept, read one after the other in a process of its own, and put into the queue."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from perdiem_calc.text import readable
from perdiem_calc.web import taking
from perdiem_calc.web.site.models import Arrival, Preparation, Submission

SUFFIX = ".xlsx"
log = logging.getLogger("perdiem.web")
_waiting: SimpleQueue[int] = SimpleQueue()
_lock = threading.Lock()
_reader: threading.Thread | None = None


def place_of(submission: Submission) -> Path:
    """Where the file of a submission is."""
    return Path(settings.SERVING.inbox) / str(submission.file)


def used() -> int:
    """The bytes that everything in the inbox takes."""
    return sum(file.stat().st_size for file in Path(settings.SERVING.inbox).rglob("*") if file.is_file())


def give(user: Any, files: Iterable[Any]) -> Arrival:
    """Keep files that were given, to be read soon."""
    key = secrets.token_hex(16)
    folder = Path(settings.SERVING.inbox) / key / "given"
    folder.mkdir(mode=0o700, parents=True)
    names: dict[str, str] = {}
    for file in files:
        name = readable(str(file.name).replace("\\", "/").rpartition("/")[2])[:150]
        own = taking.name_on_disk(name, names)
        names[own] = name
        with open(folder / own, "xb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    arrival = Arrival.objects.create(by=user, folder=key, names=names)
    _wait_for(arrival.pk)
    return arrival


def go_on() -> None:
    """Read what was waiting when the server ended."""
    for pk in Arrival.objects.filter(found__isnull=True).order_by("pk").values_list("pk", flat=True):
        _wait_for(pk)


def _wait_for(pk: int) -> None:
    global _reader  # noqa: PLW0603 - one reader for the process
    _waiting.put(pk)
    with _lock:
        if _reader is None or not _reader.is_alive():
            _reader = threading.Thread(target=_read_all, name="inbox", daemon=True)
            _reader.start()


def _read_all() -> None:
    while True:
        pk = _waiting.get()
        try:
            _read(pk)
        except Exception as error:  # noqa: BLE001 - one arrival never stops the next
            log.error("inbox: %s", type(error).__name__)
            what = {"source": "", "what": f"the program failed on these files ({type(error).__name__})", "fix": ""}
            what["fix"] = "give them one by one; send the one that fails to whoever keeps the program"
            Arrival.objects.filter(pk=pk).update(found={"errors": [what], "passed_over": [], "claims": []})
        finally:
            connection.close()


def _read(pk: int) -> None:
    arrival = Arrival.objects.filter(pk=pk, found__isnull=True).first()
    if arrival is None:
        return
    top = Path(settings.SERVING.inbox) / arrival.folder
    serving = settings.SERVING
    found = taking.take_in(top / "given", arrival.names, top, serving.day or timezone.localdate(), serving.source)
    with transaction.atomic():
        claims = [_entered(arrival, one) for one in found["claims"]]
        Arrival.objects.filter(pk=pk).update(found={**found, "claims": claims})


def _entered(arrival: Arrival, one: dict[str, Any]) -> dict[str, Any]:
    """Put a claim into the queue, unless its very file is there already; what the page says of it."""
    before = Submission.objects.filter(sha256=one["sha256"]).first()
    if before is not None:
        (Path(settings.SERVING.inbox) / arrival.folder / one["file"]).unlink(missing_ok=True)
        return {"source": one["source"], "claim": before.pk, "is_same": True}
    made = Submission.objects.create(
        arrival=arrival,
        file=f"{arrival.folder}/{one['file']}",
        received_on=date.fromisoformat(one["received_on"]) if one["received_on"] else None,
        source=one["source"][:400],
        claim_id=one["claim_id"][:80],
        agency=one["agency"][:200],
        sender=one["sender"][:200],
        message_id=one["message_id"][:300],
        **{name: one[name] for name in ("sha256", "content", "documents", "same")},
    )
    return {"source": one["source"], "claim": made.pk, "is_same": False}


def submit(prep: Preparation, workbook: bytes, documents: Sequence[str]) -> Submission:
    """Put a claim that was prepared here into the queue. Raises OutputError where its own workbook cannot be read."""
    key = secrets.token_hex(16)
    top = Path(settings.SERVING.inbox) / key
    (top / "given").mkdir(mode=0o700, parents=True)
    name = f"{str(prep.content.get('claim_id') or 'claim')[:60]}{SUFFIX}"
    own = taking.name_on_disk(name, ())
    (top / "given" / own).write_bytes(workbook)
    serving = settings.SERVING
    found = taking.take_in(top / "given", {own: name}, top, serving.day or timezone.localdate(), serving.source)
    arrival = Arrival.objects.create(by=prep.owner, folder=key, names={own: name}, found={})
    entered = [_entered(arrival, one) for one in found["claims"]]
    Arrival.objects.filter(pk=arrival.pk).update(found={**found, "claims": entered})
    if len(entered) != 1:
        raise ValueError("a workbook of our own is one claim")
    made = Submission.objects.get(pk=entered[0]["claim"])
    Submission.objects.filter(pk=made.pk).update(preparation=prep, documents=list(documents))
    return made


def is_whole(submission: Submission) -> bool:
    """Whether its file is still the one that came."""
    try:
        return hashlib.sha256(place_of(submission).read_bytes()).hexdigest() == str(submission.sha256)
    except OSError:
        return False


def is_idle() -> bool:
    """Whether nothing waits to be read."""
    return not Arrival.objects.filter(found__isnull=True).exists()
