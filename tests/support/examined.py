"""What is wrong with a page in the browser: what axe finds, and what it does not see."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DANGLING = """() => {
  const missing = [];
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for", "list"])
    for (const one of document.querySelectorAll(`[${name}]`))
      for (const id of one.getAttribute(name).split(/\\s+/))
        if (!document.getElementById(id)) missing.push(`${name}=${id}`);
  for (const one of document.querySelectorAll("a[href^='#']"))
    if (!document.getElementById(decodeURIComponent(one.hash.slice(1)))) missing.push(one.hash);
  const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  return missing.concat(ids.filter((id, at) => ids.indexOf(id) !== at));
}"""
STATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("usual", {}),
    ("without script", {"java_script_enabled": False}),
    ("320 px", {"viewport": {"width": 320, "height": 640}}),
    ("forced colors", {"forced_colors": "active", "reduced_motion": "reduce"}),
)
"""What a context of the browser is made with, so that every page is looked at in each."""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def examine(page: Page, where: str, *, axe: bool = True) -> list[str]:
    """What is wrong with a page: axe's violations, ids that are not there, text beyond the window, headings."""
    found = []
    if axe:
        # Evaluated by the debugger, as the policy of the page forbids a script of others.
        page.evaluate(AXE)
        result = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", TAGS)
        found += [
            f"{where}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in result["violations"]
        ]
    found += [f"{where}: dangling or double {one}" for one in page.evaluate(DANGLING)]
    if (beyond := page.evaluate(WIDER)) > 0:
        found.append(f"{where}: {beyond} px wider than the window")
    if (count := page.locator("h1").count()) != 1:
        found.append(f"{where}: {count} h1")
    return found
