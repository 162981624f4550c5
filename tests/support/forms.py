"""Forms (layout 2) for tests: of the samples, of random claims that a form can state, and what their cells hold."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import PerdiemError
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.edition import Edition, edition_of
from perdiem_calc.workbook.writing.fill import cells_of, kept_values
from perdiem_calc.workbook.writing.write import BLANK, form_bytes
from tests.support.claims import random_claim

SAMPLES = sorted(Path("data/samples").glob("*.json"))
LATEST = 2026


@cache
def rates() -> Ratebook:
    """The embedded rates."""
    return Ratebook.open()


@cache
def edition(first: int = LATEST) -> Edition:
    """The edition for a fiscal year and the next."""
    return edition_of((first, first + 1), rates(), load_law())


def blank_form() -> bytes:
    """The blank form."""
    return form_bytes(edition(), load_law(), BLANK)


@dataclass(frozen=True)
class Filled:
    """A claim and its form; `cells` are those filled in."""

    claim: Claim
    itemized: ItemizedClaim
    content: bytes


def filled(record: Mapping[str, Any], change: Callable[[dict[str, object]], None] | None = None) -> Filled:
    """The form of a claim as JSON states it; `change` types other things into its cells.

    Raises PerdiemError for a claim that no form can state.
    """
    claim = parse_claim(record)
    itemized = itemize(claim, rates(), load_law())
    told = edition(min(LATEST, fiscal_year(claim.trip.departed_on)))
    cells = cells_of(claim, told, rates())
    if change is not None:
        change(cells)
    return Filled(claim, itemized, form_bytes(told, load_law(), cells, kept_values(itemized)))


def sample(name: str = "2026-ORL-0001") -> dict[str, Any]:
    """A sample claim as JSON states it."""
    found: dict[str, Any] = json.loads(Path(f"data/samples/{name}.json").read_text(encoding="utf-8"))
    return found


def random_forms(count: int, seed: int) -> Iterator[Filled]:
    """The forms of random claims that a form can state."""
    rng, made = random.Random(seed), 0
    while made < count:
        record = random_claim(rng)
        try:
            form = filled(fit_for_a_form(record, rng))
        except PerdiemError:
            continue
        made += 1
        yield form


def fit_for_a_form(record: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A random claim without what no form can state: two rooms in one night, nights off the trip, and the like."""
    first, last = (str(record["trip"][name])[:10] for name in ("departed_at", "returned_at"))
    seen: set[str] = set()
    nights = []
    for night in sorted(record["lodging"], key=lambda one: str(one["night"])):
        if night["night"] not in seen and first <= night["night"] <= last:
            seen.add(night["night"])
            night["shared_with"] = [name.replace(";", ",") for name in night.get("shared_with", [])]
            night.get("alternate_place", {}).pop("county", None)
            nights.append(night)
    record["lodging"] = nights
    for credit in record["credits"]:
        line = credit.get("line", "")
        if line[:1] in ("N", "T") and int(line[1:]) > len(nights):
            del credit["line"]
    if rng.random() < 2 / 3:
        stops = record["trip"]["stops"]
        at = [stop for stop in stops if stop.get("reason", "course") == "course"] or stops
        record["course"]["place"] = dict(at[0]["place"])
    return record


class Computed:
    """The values of a form's cells by their defined names, as a spreadsheet program left them."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path, data_only=True)

    def __getitem__(self, name: str) -> Any:
        """A cell's value, or those of a column."""
        sheet, _, area = self.book.defined_names[name].attr_text.rpartition("!")
        cells = self.book[sheet.strip("'")][area.replace("$", "")]
        return [row[0].value for row in cells] if isinstance(cells, tuple) else cells.value

    def checks(self) -> dict[str, str]:
        """What Check says, by what is checked."""
        rows = self.book["Check"].iter_rows(min_row=5, max_col=3)
        return {str(title.value): f"{result.value}: {what.value}" for result, title, what in rows if title.value}


def once_for_every_day(cells: dict[str, object]) -> None:
    """The hotel bill and the meals of the Orlando sample typed once, but for the meals that differ."""
    for key in ("room", "tax", "receipt", "breakfast", "lunch", "dinner"):
        cells[f"every_{key}"] = once = cells[f"day_{key}[0]"]
        for index in range(6):
            if cells.get(f"day_{key}[{index}]") == once:
                del cells[f"day_{key}[{index}]"]
