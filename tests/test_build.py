"""What gets installed: the wheel, from the checkout or from the source distribution, carries the rates."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hatch_build import text_files
from tests.support.house_rules import ROOT, unmeasured


def build(target: str, source: Path, out: Path) -> Path:
    """Runs hatchling as pip would."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (made,) = out.iterdir()
    return made


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with unmeasured():
        return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_the_rates_as_text_and_compiled(wheel: Path) -> None:
    carried = contents(wheel)
    texts = {f"perdiem_calc/{file.relative_to(ROOT).as_posix()}" for file in text_files(ROOT / "data")}
    assert texts <= carried.keys()
    assert [name for name in texts if name.startswith("perdiem_calc/data/samples/")]
    assert carried["perdiem_calc/data/ratebook.sqlite"].startswith(b"SQLite format 3\0")
    others = carried.keys() - texts - {"perdiem_calc/data/ratebook.sqlite"}
    pages = {
        name
        for name in others
        if name.startswith(("perdiem_calc/web/site/templates/", "perdiem_calc/web/site/static/"))
    }
    assert {Path(name).suffix for name in pages} == {".html", ".css", ".js", ".svg"}
    guides = {f"perdiem_calc/docs/{file.name}" for file in (ROOT / "docs").glob("*.md")}
    assert guides <= others
    assert {Path(name).suffix for name in others - pages - guides} <= {".py", ".toml", ".typed", ".txt"}


@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_wheel_made_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    again = build("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "again")
    assert contents(again) == contents(wheel)


@pytest.mark.unmeasured
@pytest.mark.slow
def test_the_wheel_works_where_there_is_no_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # noqa: S202 - our own wheel, and of a zip file, which stays in its folder
    look_up = (
        "from datetime import date; import perdiem_calc; from perdiem_calc.rates.ratebook import Ratebook; "
        "print(perdiem_calc.__file__); print(Ratebook.open().rate('Orlando, FL', on=date(2026, 10, 4)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", look_up],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(site))


def test_the_compiler_of_the_rates_needs_the_standard_library_alone() -> None:
    """An isolated build has hatchling and nothing else; looking up rates wants platformdirs."""
    compiler = (
        "import importlib, sys; from pathlib import Path; from hatch_build import bare_packages\n"
        "before = set(sys.modules)\n"
        "with bare_packages(Path.cwd()):\n"
        "    importlib.import_module('perdiem_calc.rates.ratebook.compiled')\n"
        "    new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*sorted(new - sys.stdlib_module_names))\n"
        "print(*[name for name in sys.modules if name.startswith('perdiem_calc')])"
    )
    run = subprocess.run([sys.executable, "-c", compiler], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["perdiem_calc", ""]
