"""The pictures of the guides, made again by the guides' own commands: `make pictures`.

Charts are what the commands write; of workbooks a page, printed by LibreOffice and drawn by poppler.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.support.house_rules import ROOT
from tests.support.libreoffice import to_pdf, to_png
from tests.support.pages import faults_of_page

DOCS = ROOT / "docs"
GUIDES = ("clerk", "reviewer", "analyst", "programmer")


class Printed(NamedTuple):
    """A page of a workbook that a guide wrote, counted from 1 over all its sheets, and the picture's name."""

    workbook: str
    page: int
    picture: str
    dots_per_inch: int = 100


PRINTED = {
    "clerk": (Printed("form.xlsx", 1, "claim-form.png"), Printed("claim.xlsx", 1, "claim.png")),
    "reviewer": (Printed("copies/2026-ORL-0001.xlsx", 7, "decided.png", dots_per_inch=130),),
}


def draw(guide: str, folder: Path) -> list[Path]:
    """Runs a guide, and copies the pictures of what it wrote to docs/; which they are. LibreOffice is asked once."""
    faults = faults_of_page(DOCS / f"{guide}.md", folder)
    if faults:
        raise SystemExit("\n".join(faults))
    pictures = sorted(folder.glob("*.png"))
    printed = PRINTED.get(guide, ())
    for one, pdf in zip(printed, to_pdf([folder / one.workbook for one in printed], folder / "pdf"), strict=True):
        page = to_png(pdf, folder / "pages", one.dots_per_inch)[one.page - 1]
        pictures.append(page.rename(folder / one.picture))
    return [Path(shutil.copy(picture, DOCS)) for picture in pictures]


def main() -> None:
    """Draws every guide's pictures."""
    for guide in GUIDES:
        with tempfile.TemporaryDirectory(prefix="perdiem_calc_pictures_") as folder:
            for picture in draw(guide, Path(folder)):
                print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
