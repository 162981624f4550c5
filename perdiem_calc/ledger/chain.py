"""The chain of the entries: each has a hash over its whole content and the hash before it.

An entry that is changed, removed, inserted or moved breaks the chain there. Where someone computes the rest of the
chain again, or cuts off its end, a hash that was noted before shows it: the head, the hash of the last entry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.ledger.schema import chain, metadata
from perdiem_calc.text import harmless

_BEFORE_THE_FIRST = "0" * 64
_ENTRIES = {name: table for name, table in metadata.tables.items() if table is not chain}
AT = "%Y-%m-%dT%H:%M:%S.%fZ"
"""How an instant is written in an entry."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a ledger must never show: what, and in which entry."""

    what: str
    where: str

    def __str__(self) -> str:
        return harmless(f"{self.where}: {self.what}")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries there are, and the hash of the last one."""

    entries: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.entries} entries, {self.sha256}"


NOTHING = Head(0, _BEFORE_THE_FIRST)


def digest(number: int, before: str, entry: str, row: Mapping[str, Any]) -> str:
    """The hash of one entry: of its place, the hash before it, its table and its whole content.

    >>> digest(1, "0" * 64, "award", {"id": 1, "number": "A-5"})[:12]
    'e263d55e7a74'
    """
    text = json.dumps([number, before, entry, dict(row)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head(connection: Connection) -> Head:
    """The end of the chain."""
    last = connection.execute(sa.select(chain.c.id, chain.c.sha256).order_by(chain.c.id.desc()).limit(1)).first()
    return NOTHING if last is None else Head(int(last.id), last.sha256)


def place_of(connection: Connection, sha256: str) -> int | None:
    """The number of the entry with that hash; None where no entry has it."""
    return connection.execute(sa.select(chain.c.id).where(chain.c.sha256 == sha256)).scalar()


def last_at(connection: Connection) -> datetime | None:
    """When the last entry was made."""
    last = connection.execute(sa.select(chain.c.recorded_at).order_by(chain.c.id.desc()).limit(1)).scalar()
    return None if last is None else datetime.strptime(last, AT).replace(tzinfo=UTC)


def extend(connection: Connection) -> Head:
    """Add the entries of this transaction to the chain; its new end."""
    end = head(connection)
    links = []
    for name, row in _not_chained(connection):
        sha256 = digest(end.entries + 1, end.sha256, name, row)
        end = Head(end.entries + 1, sha256)
        who = {column: row[column] for column in ("recorded_at", "recorded_by")}
        links.append({"id": end.entries, "table_name": name, "row_id": row["id"], "sha256": sha256, **who})
    if links:
        connection.execute(chain.insert(), links)
    return end


def _not_chained(connection: Connection) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries that came after the last one of their table in the chain."""
    query = sa.select(chain.c.table_name, sa.func.max(chain.c.row_id)).group_by(chain.c.table_name)
    last = {row[0]: int(row[1]) for row in connection.execute(query)}
    for name, table in _ENTRIES.items():
        rows = sa.select(table).where(table.c.id > last.get(name, 0)).order_by(table.c.id)
        for row in connection.execute(rows).mappings():
            yield name, dict(row)


def broken_since(connection: Connection, verified: Head) -> Iterator[Problem]:
    """What is wrong since the chain was verified up to there: the same end, or links that continue it."""
    if verified.entries:
        held = connection.execute(sa.select(chain.c.sha256).where(chain.c.id == verified.entries)).scalar()
        if held != verified.sha256:
            yield Problem("is not what it was when this began", f"chain {verified.entries}")
            return
    rows = list(connection.execute(sa.select(chain).where(chain.c.id > verified.entries).order_by(chain.c.id)))
    wanted: dict[str, list[int]] = {}
    for link in rows:
        wanted.setdefault(link.table_name, []).append(link.row_id)
    contents = {}
    for name, numbers in wanted.items():
        table = _ENTRIES.get(name)
        if table is not None:
            found = connection.execute(sa.select(table).where(table.c.id.in_(numbers))).mappings()
            contents.update({(name, row["id"]): dict(row) for row in found})
    yield from _broken(rows, contents, verified)
    for name, row in _not_chained(connection):
        yield _unchained(name, row["id"])


def broken(connection: Connection) -> Iterator[Problem]:
    """Everything that is wrong with the chain: entries changed, gone, added, or out of order."""
    links = list(connection.execute(sa.select(chain).order_by(chain.c.id)))
    contents = {
        (name, row["id"]): dict(row)
        for name, table in _ENTRIES.items()
        for row in connection.execute(sa.select(table)).mappings()
    }
    yield from _broken(links, contents, NOTHING)
    chained = {(link.table_name, link.row_id) for link in links}
    for name, number in contents:
        if (name, number) not in chained:
            yield _unchained(name, number)


def _unchained(name: str, number: int) -> Problem:
    return Problem("was not recorded by this program: it is not in the chain", f"{name} {number}")


def _broken(
    links: list[sa.Row[Any]], contents: Mapping[tuple[str, int], Mapping[str, Any]], before: Head
) -> Iterator[Problem]:
    end, at = before, ""
    for link in links:
        where = harmless(f"{link.table_name} {link.row_id}")
        if link.id != end.entries + 1:
            yield Problem(f"does not follow entry {end.entries}: the chain has a gap", f"chain {link.id}")
        row = contents.get((link.table_name, link.row_id))
        if row is None:
            yield Problem("is gone", where)
        else:
            if digest(link.id, end.sha256, link.table_name, row) != link.sha256:
                yield Problem("is not what was recorded", where)
            if (link.recorded_at, link.recorded_by) != (row["recorded_at"], row["recorded_by"]):
                yield Problem("names another time or person than its entry", f"chain {link.id}")
            if row["recorded_at"] < at:
                yield Problem("is recorded before the entry that came before it", where)
            at = row["recorded_at"]
        end = Head(link.id, link.sha256)
