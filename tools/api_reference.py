"""The reference of the Python interface, made from the docstrings by pdoc: `make docs` writes it to out/docs.

It covers the public interface, the core, which decides what is paid, and the adapters that a program begins with.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import perdiem_calc
from tests.support.house_rules import ROOT
from tools.coverage_floors import core_modules

ADAPTERS = ("planning.charts", "auditing.claim_file", "rates.gsa", "ledger", "rates.ratebook", "rates.sources")


def modules() -> list[str]:
    """The modules of the reference."""
    core = core_modules((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return ["perdiem_calc", *sorted({*core, *(f"perdiem_calc.{name}" for name in ADAPTERS)})]


def write(folder: Path) -> None:
    """Write the reference, a page a module, with an index and a search."""
    import pdoc

    # The fields of a NamedTuple are shown as written: pdoc does not know in which module to look them up.
    warnings.filterwarnings("ignore", r"Error parsing type annotation ForwardRef\(", UserWarning)
    for name in perdiem_calc.__all__:  # each is loaded when it is first used; pdoc looks for what is there
        setattr(perdiem_calc, name, getattr(perdiem_calc, name))
    pdoc.render.configure(
        docformat="markdown", show_source=False, footer_text=f"perdiem_calc {perdiem_calc.__version__}"
    )
    pdoc.pdoc(*modules(), output_directory=folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    print(f"The reference: {sys.argv[1]}/index.html")
