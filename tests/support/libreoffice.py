"""LibreOffice as a second opinion: recalculates workbooks, and shows what they look like on paper.

Starting LibreOffice takes seconds and a file takes a fraction of one, so every function takes many files.

    if reason := soffice_missing_reason():
        pytest.skip(reason)
    (recalculated,) = recalculate([workbook], tmp_path / "recalculated")
    openpyxl.load_workbook(recalculated, data_only=True)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
 </item>
</oor:items>
"""  # 0: always; the other two are "never" and "ask". By default only foreign files are recalculated.


class LibreOfficeError(RuntimeError):
    """LibreOffice, or a program that reads what it made, did not do what was asked; says what it printed."""


def soffice_missing_reason() -> str | None:
    """Why workbooks cannot be recalculated here, or None when they can."""
    if shutil.which("soffice"):
        return None
    return "LibreOffice is not installed (no `soffice`; Debian: apt-get install libreoffice-calc)"


def pdftoppm_missing_reason() -> str | None:
    """Why pages cannot be made into pictures here, or None when they can."""
    if shutil.which("pdftoppm"):
        return None
    return "poppler is not installed (no `pdftoppm`; Debian: apt-get install poppler-utils)"


def recalculate(paths: list[Path], out: Path) -> list[Path]:
    """Opens each workbook, computes every formula anew, and writes it into `out` under its own name."""
    return _convert(paths, out, "xlsx:Calc MS Excel 2007 XML", ".xlsx")


def to_pdf(paths: list[Path], out: Path) -> list[Path]:
    """Prints each workbook, recalculated, into `out`."""
    return _convert(paths, out, "pdf:calc_pdf_Export", ".pdf")


def to_png(pdf: Path, out: Path, dots_per_inch: int = 80) -> list[Path]:
    """A picture of each page, in order."""
    out.mkdir(parents=True, exist_ok=True)
    _run(["pdftoppm", "-png", "-r", str(dots_per_inch), str(pdf), str(out / pdf.stem)], timeout=120)
    return sorted(out.glob(f"{pdf.stem}-*.png"))


def _convert(paths: list[Path], out: Path, to: str, suffix: str) -> list[Path]:
    if not paths:
        return []
    made = [out / f"{path.stem}{suffix}" for path in paths]
    if len(set(made)) < len(made):
        raise ValueError("two of the files have the same name; LibreOffice would write one over the other")
    if {path.resolve() for path in paths} & {path.resolve() for path in made}:
        raise ValueError(f"{out} holds the files themselves; name another folder for what is made of them")
    out.mkdir(parents=True, exist_ok=True)
    for path in made:
        path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="perdiem_calc_soffice_") as profile:
        # A profile of its own: LibreOffice hands its work to a running instance of the same profile.
        settings = Path(profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir()
        settings.write_text(_SETTINGS, encoding="utf-8")
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", to, "--outdir", str(out), *map(str, paths)]
        printed = _run(command, timeout=120 + 3 * len(paths))
    lacking = [path.name for path in made if not path.exists()]
    if lacking:
        raise LibreOfficeError(f"LibreOffice did not write {', '.join(lacking)}. It printed:\n{printed}")
    return made


def _run(command: list[str], timeout: float) -> str:
    environment = os.environ | {"SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            # soffice is a script: the program itself is its child, in the same session.
            os.killpg(process.pid, 9)
            printed, _ = process.communicate()
            raise LibreOfficeError(f"{command[0]} took more than {timeout} s. It printed:\n{printed}") from None
    if process.returncode != 0:
        raise LibreOfficeError(f"{command[0]} ended with exit code {process.returncode}. It printed:\n{printed}")
    return printed
