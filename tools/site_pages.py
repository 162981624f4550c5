"""What mkdocs does beyond its own to the pages of the documentation site, so that they are read from a folder.

A link to a file of the source becomes its name. The search, which would fetch a script from the network, uses ours.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

LEADS_OUT = re.compile(r"\[([^\]]*)\]\(\.\./[^)]*\)")
FETCHED = re.compile(r'src="https://[^"]*iframe-worker[^"]*"')
WORKER = Path(__file__).with_name("site_worker.js")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Called by mkdocs for each page.

    >>> on_page_markdown("See [rules/ftr.py](../perdiem_calc/rules/ftr.py) and [Rules](rules.md).")
    'See `rules/ftr.py` and [Rules](rules.md).'
    """
    return LEADS_OUT.sub(r"`\1`", markdown)


def on_post_build(config: Mapping[str, str]) -> None:
    """Called by mkdocs when the site is written."""
    site = Path(config["site_dir"])
    shutil.copy(WORKER, site / "assets")
    for page in site.glob("*.html"):
        html, count = FETCHED.subn(f'src="assets/{WORKER.name}"', page.read_text(encoding="utf-8"))
        if count:
            page.write_text(html, encoding="utf-8")
