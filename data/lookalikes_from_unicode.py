"""Rewrite perdiem_calc/claims/lookalikes.py: which letters look like a plain Latin letter or digit.

    python data/lookalikes_from_unicode.py confusables.json

The file is that of confusable_homoglyphs 3.3.1 (MIT), made from confusables.txt of Unicode 15.1 (Unicode Technical
Standard #39; Unicode License). Taken are single letters that look like one Latin letter or digit, less those that are
taken apart into it anyway (NFKD without marks). A letter that looks like a small capital counts as that letter.
Running the script again, and `ruff format` on what it wrote, gives the same bytes.
"""

from __future__ import annotations

import json
import sys
import textwrap
import unicodedata
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "perdiem_calc" / "lookalikes.py"
HEAD = '''"""Letters that look like a plain Latin letter or digit, by that letter: Unicode's confusables (UTS #39).

Written by data/lookalikes_from_unicode.py, from Unicode 15.1; do not edit it by hand.
"""

from __future__ import annotations

LOOKALIKES = {
'''
# What confusables.txt takes as the shape of a group, and which Latin letter a reader takes it for.
SHAPES = dict(zip("\u0299\u029c\u0138\u028d\u0274\u1d1b\uab53\u00df\u028f\u0262\u029f", "bhkmntxbygl", strict=True))


def plain(text: str) -> str:
    """A text without marks, as far as Unicode takes it apart."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def main() -> None:
    """Write the module."""
    groups = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    for letter, looks_like in groups.items():
        if len(letter) != 1 or unicodedata.category(letter)[0] not in "LN" or plain(letter) != letter:
            continue
        for one in looks_like:
            shape = plain(SHAPES.get(one["c"], one["c"])).casefold()
            if len(shape) == 1 and shape.isascii() and shape.isalnum() and not letter.isascii():
                found[shape].add(letter)
    lines = [HEAD]
    for shape, letters in sorted(found.items()):
        escaped = "".join(letter.encode("unicode_escape").decode("ascii") for letter in sorted(letters))
        parts = textwrap.wrap(escaped.replace("\\", " \\"), 100)
        said = [f'"{part.replace(" ", "")}"' for part in parts]
        lines.append(f'    "{shape}": {said[0]},\n' if len(said) == 1 else f'    "{shape}": (\n')
        lines += [f"        {part}\n" for part in said if len(said) > 1] + ["    ),\n" for _ in said[1:2]]
    lines.append("}\n")
    TARGET.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
