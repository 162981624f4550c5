"""Cuts a version: `make release VERSION=1.0.0` changes the files, builds the packages, tries them, and commits.

What is written to out/release: the wheel and the source distribution, their bill of materials (CycloneDX), the manual
page, the changelog's section, and the SHA-256 of each. The wheel is installed with every extra into an empty
environment of each Python that is here, and the main command of each extra is run there; the source distribution is
unpacked, and its own tests of what a change needs are run with each Python. Where one fails, nothing is committed,
and the changed files are put back. `--dry-run` tries a version that is committed already, and changes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.support.house_rules import ROOT
from tests.support.serving import serving
from tools.matrix import PYTHONS, UV, python_named

OUT = ROOT / "out" / "release"
VERSION = ROOT / "perdiem_calc" / "__init__.py"
CHANGELOG = ROOT / "CHANGELOG.md"
CITATION = ROOT / "CITATION.cff"
UNRELEASED = "## [Unreleased]\n"
SAMPLE = "data/samples/2026-ORL-0001.json"
TRIPS = 'place,officers,depart_on,return_on\n"Orlando, FL",2,2026-10-04,2026-10-09\n'
COMMANDS: Sequence[tuple[str, ...]] = (
    ("doctor", "--as-of", "2026-11-23"),
    ("rate", "Orlando, FL", "--on", "2026-10-04"),
    ("claim", "build", SAMPLE, "-o", "claims/claim.xlsx", "--as-of", "2026-11-23"),
    ("audit", "claims", "--as-of", "2026-11-23", "--letters", "letters", "--word"),
    ("ledger", "record", SAMPLE, "--ledger", "paid.sqlite", "--create", "--by", "R. Viewer"),
    ("estimate", "trips.csv", "-o", "budget.xlsx", "--chart", "map.png"),
    ("estimate", "trips.csv", "-o", "dask.csv", "--engine", "dask"),
)
"""The basic commands, and the main command of each extra that needs nothing else to run."""


class Failed(Exception):
    """A step of the release did not come out as it must."""


def dated(changelog: str, version: str, on: date) -> str:
    """The changelog with what is unreleased as the section of a version.

    >>> dated("# Changelog\\n\\n## [Unreleased]\\n\\n- A form.\\n", "1.0.0", date(2026, 12, 1))
    '# Changelog\\n\\n## [Unreleased]\\n\\n## [1.0.0] - 2026-12-01\\n\\n- A form.\\n'
    """
    if section(changelog, "Unreleased") == "":
        raise Failed("CHANGELOG.md has nothing that is unreleased")
    return changelog.replace(UNRELEASED, f"{UNRELEASED}\n## [{version}] - {on}\n", 1)


def section(changelog: str, version: str) -> str:
    """What the changelog says of a version.

    >>> section("## [Unreleased]\\n\\n## [1.0.0] - 2026-12-01\\n\\n- A form.\\n", "1.0.0")
    '- A form.'
    """
    found = re.search(rf"^## \[{re.escape(version)}\].*?\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


@contextmanager
def changed(version: str, on: date) -> Iterator[None]:
    """The files that state the version, changed; put back where what follows fails."""
    before = {file: file.read_text(encoding="utf-8") for file in (VERSION, CHANGELOG, CITATION)}
    try:
        _rewrite(VERSION, r'^__version__ = ".*"$', f'__version__ = "{version}"')
        _rewrite(CITATION, r"^version: .*$", f"version: {version}")
        _rewrite(CITATION, r"^date-released: .*$", f"date-released: {on}")
        CHANGELOG.write_text(dated(before[CHANGELOG], version, on), encoding="utf-8")
        yield
    except BaseException:
        for file, text in before.items():
            file.write_text(text, encoding="utf-8")
        raise


def _rewrite(file: Path, line: str, by: str) -> None:
    text, count = re.subn(line, by, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if count != 1:
        raise Failed(f"{file.name} has {count} lines that state the version")
    file.write_text(text, encoding="utf-8")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command; what it prints. Raises Failed where it fails."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PERDIEM", "VIRTUAL"))
    }
    done = subprocess.run([*map(str, command)], cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def step(text: str) -> None:
    print(f"- {text}", flush=True)


def build(version: str) -> tuple[Path, Path]:
    """The wheel and the source distribution, and what goes with them."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    run(sys.executable, "-m", "hatchling", "build", "--directory", OUT)
    (wheel,), (sdist,) = OUT.glob("*.whl"), OUT.glob("*.tar.gz")
    (OUT / "CHANGES.md").write_text(section(CHANGELOG.read_text(encoding="utf-8"), version) + "\n", encoding="utf-8")
    run(sys.executable, "-m", "tools.manual_page", OUT / "perdiem.1", version)
    return wheel, sdist


def environment(python: str, folder: Path, *what: str) -> Path:
    """The Python of an empty environment with the versions of the lock; where the programs are is its folder."""
    run(*UV, "venv", "--quiet", "--no-project", "--python", python, folder)
    made = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    versions = ("--constraint", ROOT / "requirements" / "dev.txt")
    run(*UV, "pip", "install", "--quiet", "--python", made, *versions, *what)
    return made


def try_wheel(python: str, wheel: Path, folder: Path) -> Path:
    """Install the wheel with every extra, and run the main command of each; the environment's Python."""
    what = f"perdiem-calc[{','.join(_extras())}]=={wheel.name.split('-')[1]}"
    made = environment(python, folder / "environment", "--find-links", str(wheel.parent), what)
    perdiem = made.with_name("perdiem")
    work = folder / "work"
    work.mkdir()
    where = "import perdiem_calc, pathlib; print(pathlib.Path(perdiem_calc.__file__).parent / 'data')"
    data = run(made, "-c", where, cwd=work)
    shutil.copytree(Path(data.strip()) / "samples", work / "data" / "samples")
    (work / "trips.csv").write_text(TRIPS, encoding="utf-8")
    (work / "claims").mkdir()
    for command in COMMANDS:
        run(perdiem, *command, cwd=work)
    _try_page(perdiem, work)
    return made


def _extras() -> list[str]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["optional-dependencies"]]


def _try_page(perdiem: Path, work: Path) -> None:
    """Start the browser application, and ask it for a page: without the cookie it says how to get it."""
    with serving(work / "web", program=[str(perdiem)]) as server:
        try:
            with urlopen(server.base + "/", timeout=30) as answer:  # noqa: S310 - the address that it printed
                raise Failed(f"a stranger was let in: {answer.status}")
        except HTTPError as error:
            if error.code != 403:
                raise Failed(f"perdiem serve answered {error.code}") from None


def try_sdist(python: str, sdist: Path, folder: Path) -> None:
    """Unpack the source distribution, install it, and run its own tests of what a change needs."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    made = environment(python, folder / "environment", "--group", f"{source / 'pyproject.toml'}:dev", str(source))
    run(*UV, "pip", "install", "--quiet", "--python", made, "--no-deps", "--no-build-isolation", "--editable", source)
    tests = ("-m", "pytest", "--numprocesses", "logical", "--dist", "worksteal", "-m", "fast")
    run(made, *tests, cwd=source)


def write_bill(python: Path, version: str) -> None:
    """The bill of materials of the program with every extra: each package, its version and its license."""
    bill = OUT / f"perdiem_calc-{version}.cdx.json"
    run(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "-o", bill, python)


def write_hashes() -> None:
    """SHA256SUMS, as sha256sum reads it."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(OUT.iterdir())]
    (OUT / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def release(version: str, pythons: Sequence[str], *, with_tests: bool) -> None:
    """Build, and try with each Python."""
    step(f"building {version}")
    wheel, sdist = build(version)
    found = {name: path for name in pythons if (path := python_named(name))}
    for name in pythons:
        if name not in found:
            step(f"Python {name} is not here: not tried")
    if not found:
        raise Failed(f"none of the Pythons {', '.join(pythons)} is here")
    for name, python in found.items():
        with tempfile.TemporaryDirectory(prefix="perdiem-release-") as folder:
            step(f"Python {name}: the wheel in an empty environment, and {len(COMMANDS) + 1} commands")
            made = try_wheel(python, wheel, Path(folder))
            if name == next(iter(found)):
                write_bill(made, version)
        if with_tests:
            with tempfile.TemporaryDirectory(prefix="perdiem-release-") as folder:
                step(f"Python {name}: the source distribution, and its own tests")
                try_sdist(python, sdist, Path(folder))
    write_hashes()


def main() -> int:
    """Cut the version, or try it."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("version", help="like 1.0.0")
    parser.add_argument("--dry-run", action="store_true", help="change and commit nothing")
    parser.add_argument("--without-tests", action="store_true", help="do not run the source distribution's tests")
    parser.add_argument("--pythons", nargs="+", default=PYTHONS, choices=PYTHONS, help="which Pythons [all]")
    asked = parser.parse_args()
    try:
        if not re.fullmatch(r"\d+\.\d+\.\d+", asked.version):
            raise Failed(f"{asked.version} is no version; give one like 1.0.0")
        if asked.dry_run:
            release(asked.version, asked.pythons, with_tests=not asked.without_tests)
        else:
            if run("git", "status", "--porcelain"):
                raise Failed("there are changes that are not committed")
            with changed(asked.version, datetime.now(UTC).date()):
                release(asked.version, asked.pythons, with_tests=not asked.without_tests)
                run("git", "commit", "--quiet", "--all", "--message", f"Version {asked.version}")
                run("git", "tag", f"v{asked.version}")
    except Failed as error:
        print(f"No release: {error}", file=sys.stderr)
        return 1
    print("\n".join(["The release is in out/release:", *(f"  {file.name}" for file in sorted(OUT.iterdir()))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
