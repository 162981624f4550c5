"""A folder with the program, Python and all libraries in it, for people without Python: `make bundle`.

It is made from what a wheel installs, and runs on the system for which it was made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.house_rules import ROOT

OUT = ROOT / "out" / "bundle"
START = "from perdiem_calc.__main__ import main\n\nif __name__ == '__main__':\n    main()\n"
WHOLE = ("perdiem_calc", "csp", "django_htmx", "whitenoise", "docx", "zipcodes")
"""Packages with files that are no modules, or modules that are named in settings alone."""
LEFT_OUT = ("dask", "distributed", "IPython", "pytest", "mypy", "tkinter", "playwright")


def main() -> int:
    """Make the folder; PyInstaller's exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", name]
        subprocess.run(built, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = folder.glob("*.whl")
        unpacked = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(folder / "wheel")]
        subprocess.run(unpacked, check=True)
        (folder / "perdiem.py").write_text(START, encoding="utf-8")
        options = ["--onedir", "--noconfirm", "--log-level", "WARN", "--name", "perdiem"]
        options += ["--paths", str(folder / "wheel"), "--distpath", str(OUT)]
        options += ["--workpath", str(folder / "work"), "--specpath", name]
        options += [option for package in WHOLE for option in ("--collect-all", package)]
        options += [option for package in LEFT_OUT for option in ("--exclude-module", package)]
        made = [sys.executable, "-m", "PyInstaller", *options, str(folder / "perdiem.py")]
        run = subprocess.run(made, cwd=name, env=os.environ | {"PYTHONPATH": str(folder / "wheel")}, check=False)
    print(f"The folder: {OUT / 'perdiem'}")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
