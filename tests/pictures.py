"""The pictures of the guides, made anew by the guides' own commands: `make pictures`.

Charts are what the commands write; of workbooks the first page, printed by LibreOffice and drawn by poppler.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.house_rules import ROOT
from tests.libreoffice import to_pdf, to_png
from tests.pages import faults_of_page

DOCS = ROOT / "docs"
DOTS_PER_INCH = 100
GUIDES = ("clerk", "analyst", "programmer")
WORKBOOKS = ("form.xlsx", "claim.xlsx")


def draw(guide: str, folder: Path) -> list[Path]:
    """Runs a guide, and copies the pictures of what it wrote to docs/; which they are. LibreOffice is asked once."""
    faults = faults_of_page(DOCS / f"{guide}.md", folder)
    if faults:
        raise SystemExit("\n".join(faults))
    pictures = sorted(folder.glob("*.png"))
    written = [folder / name for name in WORKBOOKS if guide == "clerk"]
    for pdf in to_pdf(written, folder / "pdf"):
        page = to_png(pdf, folder / "pages", DOTS_PER_INCH)[0]
        pictures.append(page.rename(folder / f"{pdf.stem}.png"))
    return [Path(shutil.copy(picture, DOCS)) for picture in pictures]


def main() -> None:
    """Draws every guide's pictures."""
    for guide in GUIDES:
        with tempfile.TemporaryDirectory(prefix="perdiem_calc_pictures_") as folder:
            for picture in draw(guide, Path(folder)):
                print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
