"""The guides of docs/ as pages: the little of Markdown that they use.

>>> html_of("# A *claim*\\n\\nSee [rates](rates.md) and `perdiem`.")
'<h2>A <em>claim</em></h2>\\n<p>See rates and <code>perdiem</code>.</p>'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import count
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

import perdiem_calc

GUIDES = {
    "clerk": "Prepare a claim",
    "web": "Run the application",
    "office": "Run a server for an office",
    "glossary": "Words",
}
_PACKAGE = Path(perdiem_calc.__file__).parent
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|!?\[([^\]]*)\]\(([^)]*)\)")


def folder() -> Path:
    """Where the guides are: in the installed package, or in the checkout."""
    inside = _PACKAGE / "docs"
    return inside if inside.is_dir() else _PACKAGE.parent / "docs"


@cache
def guide_html(name: str) -> SafeString:
    """A guide as HTML; its own title is left to the page."""
    text = (folder() / f"{name}.md").read_text(encoding="utf-8")
    return mark_safe(html_of(re.sub(r"\A# .*\n", "", text)))  # noqa: S308 - our own guides, escaped below


def html_of(text: str) -> str:
    """Markdown as HTML. No heading is of the first level, which the page has."""
    return "\n".join(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    at, examples = 0, count(1)
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), len(lines))
            code = escape("\n".join(lines[at + 1 : end]))
            yield f'<pre tabindex="0" role="region" aria-label="Example {next(examples)}"><code>{code}</code></pre>'
            at = end + 1
        elif found := re.match(r"(#{1,5}) +(.*)", line):
            level = max(len(found[1]), 2)
            yield f"<h{level}>{_inline(found[2])}</h{level}>"
            at += 1
        elif line.startswith("|"):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("|")), len(lines))
            yield _table(lines[at:end], next(examples))
            at = end
        elif re.match(r"([*-]|\d+\.) ", line):
            end = next((n for n in range(at, len(lines)) if not lines[n].strip()), len(lines))
            kind = "ul" if line[0] in "*-" else "ol"
            entries = re.split(r"\n(?=(?:[*-]|\d+\.) )", "\n".join(lines[at:end]))
            inner = "".join(f"<li>{_inline(re.sub(r'^(?:[*-]|[0-9]+[.]) ', '', one))}</li>" for one in entries)
            yield f"<{kind}>{inner}</{kind}>"
            at = end
        elif line.strip() and not line.startswith("!["):
            end = next(
                (n for n in range(at, len(lines)) if not lines[n].strip() or lines[n].startswith("```")), len(lines)
            )
            yield f"<p>{_inline(' '.join(lines[at:end]))}</p>"
            at = end
        else:
            at += 1


def _table(rows: list[str], number: int) -> str:
    cells = [[_inline(cell.strip()) for cell in row.strip().strip("|").split("|")] for row in rows]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in cells[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells[2:])
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table {number}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _inline(text: str) -> str:
    def said(found: re.Match[str]) -> str:
        code, strong, emphasis, link, target = found.groups()
        if code:
            return f"<code>{code}</code>"
        if strong or emphasis:
            return f"<strong>{strong}</strong>" if strong else f"<em>{emphasis}</em>"
        return f'<a href="{target}">{link}</a>' if target.startswith("https://") else link

    return _INLINE.sub(said, escape(text, quote=False))
