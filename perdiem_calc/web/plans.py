"""Budgets and comparisons of sites: computed by the command line, in a process of its own with limits, and kept.

A plan is a folder of its user's: what was asked, what was answered, and the files to download. It computes while the
page says for how long it has; nothing is computed here.
"""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

SECONDS, BYTES = 120, 3 << 30
KEPT, KEPT_SECONDS = 10, 24 * 3600
"""So many plans of a user are kept, and so long."""
SHOWN = 200
"""So many rows are shown; the files have all."""
TABLE, ASKED, ANSWERED = "table", "asked.json", "answered.json"
GROUPINGS = ("state", "agency", "site", "month")
FILES: Mapping[str, str] = {
    "budget.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "budget.csv": "text/csv; charset=utf-8",
    "map.svg": "image/svg+xml",
    "sites.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sites.csv": "text/csv; charset=utf-8",
    "sites.svg": "image/svg+xml",
}
"""What can be fetched of a plan, with its kind."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a user: its folder, and what was asked."""

    folder: Path
    asked: Record

    @property
    def token(self) -> str:
        """Its name in an address."""
        return self.folder.name.partition("-")[2]

    @property
    def answer(self) -> Record | None:
        """What came of it: `records`, `errors` (where, what, fix) and `said`; None while it is computed."""
        try:
            return dict(json.loads((self.folder / ANSWERED).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    @property
    def seconds(self) -> int:
        """How long ago it was begun."""
        return int(time.time() - (self.folder / ASKED).stat().st_mtime)

    def rows(self, name: str) -> tuple[list[str], list[list[str]], int]:
        """The head and the first rows of one of its tables, and how many rows it has."""
        with open(self.folder / name, encoding="utf-8-sig", newline="") as file:
            head, *rows = [*csv.reader(file)] or [[]]
        return head, rows[:SHOWN], len(rows)


def plan_of(data: Path, user: int, token: str) -> Plan | None:
    """A user's plan; None where there is none of that name."""
    folder = data / "plans" / f"{user}-{token}"
    if not token.isalnum() or not (folder / ASKED).is_file():
        return None
    return Plan(folder, json.loads((folder / ASKED).read_text(encoding="utf-8")))


def begin(data: Path, user: int, asked: Record, content: bytes, suffix: str, source: str) -> Plan:
    """Keep what is asked, and begin to compute it."""
    plans = data / "plans"
    plans.mkdir(mode=0o700, exist_ok=True)
    _forget(plans, user)
    folder = plans / f"{user}-{secrets.token_hex(12)}"
    folder.mkdir(mode=0o700)
    (folder / f"{TABLE}{suffix}").write_bytes(content)
    (folder / ASKED).write_text(json.dumps(asked), encoding="utf-8")
    plan = Plan(folder, asked)
    work = _budget if asked["kind"] == "budget" else _sites
    threading.Thread(target=work, args=(plan, f"{TABLE}{suffix}", source), daemon=True).start()
    return plan


def pasted(text: str) -> bytes:
    """A pasted table as a file: as it is where its first line has several cells, else a place in each line."""
    first = text.strip().partition("\n")[0]
    if "\t" in first or ";" in first or first.lower().strip() in ("place", "site") or first.count(",") > 1:
        return text.encode()
    made = io.StringIO()
    csv.writer(made).writerows([["place"], *([line.strip()] for line in text.splitlines() if line.strip())])
    return made.getvalue().encode()


def _forget(plans: Path, user: int) -> None:
    """Remove what is old, and all but a user's last ones."""
    every = sorted(plans.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    own = [folder for folder in every if folder.name.startswith(f"{user}-")]
    old = [folder for folder in every if time.time() - folder.stat().st_mtime > KEPT_SECONDS]
    for folder in {*own[KEPT - 1 :], *old}:
        shutil.rmtree(folder, ignore_errors=True)


def _supposed(asked: Record) -> list[str]:
    options = {"--limit": asked.get("limit"), "--rooms": asked.get("rooms")}
    return [part for name, value in options.items() if value for part in (name, value)]


def _budget(plan: Plan, table: str, source: str) -> None:
    years = ["--fiscal-years", plan.asked["years"]] if plan.asked.get("years") else []
    common = [*_supposed(plan.asked), *years, "--by", ",".join(GROUPINGS), "--source", source, "--json"]
    answer = _run(plan.folder, "estimate", table, "-o", "budget.csv", "--chart", "map.svg", *common)
    if not answer["errors"]:
        _run(plan.folder, "estimate", table, "-o", "budget.xlsx", *common)
    _answer(plan, answer)


def _sites(plan: Plan, table: str, source: str) -> None:
    asked = plan.asked
    start = ["--from", asked["start"]] if asked.get("start") else []
    order = ["--by", asked["by"]] if asked.get("by") else []
    common = [*_supposed(asked), *start, *order, "--source", source, "--json"]
    weeks = f"{asked['first']}..{asked['last']}"
    files = ("--chart", "sites.svg", "-o", "sites.csv")
    answer = _run(plan.folder, "sites", "--sites", table, "--weeks", weeks, *files, *common)
    if (plan.folder / "sites.csv").is_file():
        _as_excel(plan, "sites")
    _answer(plan, answer)


def _answer(plan: Plan, answer: Record) -> None:
    part = plan.folder / f"{ANSWERED}.part"
    part.write_text(json.dumps(answer), encoding="utf-8")
    os.replace(part, plan.folder / ANSWERED)


def _run(folder: Path, *arguments: str) -> Record:
    """What the command prints: the records, and the errors; a code of 3 says that some rows have no rate."""
    command = [sys.executable, "-m", "perdiem_calc", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        _limit(process.pid)
        try:
            out, said = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            what = f"takes longer than {SECONDS} seconds"
            fix = "split the table, or run it in a terminal: perdiem estimate"
            return {"records": [], "errors": [{"where": "", "what": what, "fix": fix}], "said": []}
    records = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    errors = [record["error"] for record in records if set(record) == {"error"}]
    if process.returncode not in (0, 3) and not errors:
        last = next(iter(reversed(said.splitlines())), "the table could not be computed")
        errors = [{"where": "", "what": last.removeprefix("perdiem: "), "fix": ""}]
    return {
        "records": [record for record in records if set(record) != {"error"}],
        "errors": errors,
        "said": said.splitlines(),
    }


def _limit(process: int) -> None:
    """Limit the memory of a process, where the system can."""
    if sys.platform == "linux":
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (BYTES, BYTES))


def _as_excel(plan: Plan, name: str) -> None:
    """A CSV file of a plan as an Excel sheet: numbers as numbers, and no text as a formula."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": True}
    with xlsxwriter.Workbook(str(plan.folder / f"{name}.xlsx"), options) as book:
        sheet, bold = book.add_worksheet(name.capitalize()), book.add_format({"bold": True})
        with open(plan.folder / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            for row, cells in enumerate(csv.reader(file)):
                sheet.write_row(row, 0, cells, bold if row == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.autofit(300)


def without_blank(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """The columns of a table in which some row says something, each with its cells."""
    return [(name, [row[at] for row in rows]) for at, name in enumerate(names) if any(row[at] for row in rows)]
