"""Runs the tests on every Python that this machine has, with the newest and with the lowest allowed dependencies.

``python -m tools.matrix tests/test_money.py`` runs one file, and ``--pythons 3.13`` on one of the Pythons; what else
is given goes to pytest. A Python that is not there is skipped, with a message. Each combination has an environment of
its own in out/matrix, which is kept for the next time. Ends with 1 where tests failed, or none could be run;
``--others`` leaves out the Python that runs this, and a machine that has no other is no failure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.house_rules import ROOT

PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = {"newest": "highest", "lowest": "lowest-direct"}
"""What uv calls the newest versions that pyproject.toml allows of what it names, and the lowest."""
ENVIRONMENTS = ROOT / "out" / "matrix"
WHICH = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
UV = (sys.executable, "-m", "uv")
TESTS = ("-m", "pytest", "--numprocesses", "logical", "--dist", "worksteal")


def python_named(version: str) -> str | None:
    """A Python of a version: the command of that name, or the one that pyenv has; None where there is none."""
    found = [f"python{version}"]
    if shutil.which("pyenv"):
        latest = _describe("pyenv", "latest", version)
        found += [_describe("pyenv", "prefix", latest) + "/bin/python"] if latest else []
    for command in found:
        number, _, path = _describe(command, "-c", WHICH).partition(" ")
        if number == version:
            return path
    return None


def _describe(*command: str) -> str:
    """What a command prints; nothing where it cannot be run."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def environment(python: str, version: str, dependencies: str) -> Path:
    """The Python of an environment with the dependencies that a resolution gives, and the project as it is."""
    folder = ENVIRONMENTS / f"{version}-{dependencies}"
    made = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    _run(*UV, "venv", "--quiet", "--allow-existing", "--no-project", "--python", python, str(folder))
    install = (*UV, "pip", "install", "--quiet", "--python", str(made))
    how = (
        "--resolution",
        RESOLUTIONS[dependencies],
        "--requirements",
        str(ROOT / "pyproject.toml"),
        "--group",
        "dev",
    )
    _run(*install, "--upgrade", *how)
    _run(*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    return made


def _run(*command: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT)


def main() -> int:
    """Run the tests in every combination; what came of each is printed at the end."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description=__doc__)
    parser.add_argument("--pythons", nargs="+", default=PYTHONS, choices=PYTHONS, help="which Pythons [all]")
    parser.add_argument("--dependencies", nargs="+", default=[*RESOLUTIONS], choices=[*RESOLUTIONS], help="[both]")
    parser.add_argument("--others", action="store_true", help="all but the one that runs this, if there are any")
    asked, tests = parser.parse_known_args()
    came_of: dict[str, str] = {}
    this = "{}.{}".format(*sys.version_info)
    for version in asked.pythons:
        if asked.others and version == this:
            continue
        python = python_named(version)
        if python is None:
            came_of[f"Python {version}"] = "skipped: there is no such Python here"
            continue
        for dependencies in asked.dependencies:
            name = f"Python {version}, {dependencies} dependencies"
            print(f"--- {name}", flush=True)
            made = environment(python, version, dependencies)
            code = subprocess.run([made, *TESTS, *tests], check=False, cwd=ROOT).returncode
            came_of[name] = "passed" if code == 0 else f"FAILED ({code})"
    print("\n".join(f"{name}: {outcome}" for name, outcome in came_of.items()))
    is_tried = asked.others or "passed" in came_of.values()
    return 0 if is_tried and not any("FAILED" in one for one in came_of.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
