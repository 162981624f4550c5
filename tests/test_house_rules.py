"""The rules that all other tests rely on."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import socket
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support import house_rules
from tests.support.house_rules import ROOT, NetworkForbidden, seeds
from tools.long_functions import FUNCTION_LINES, too_long

# None of these runs the program; a pytest of its own takes three times as long when it is measured.
pytestmark = pytest.mark.unmeasured


def pytest_on(folder: Path, *options: str, **environment: str) -> str:
    """What pytest prints for the tests of a folder, run by themselves under the house rules."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.house_rules", "-p", "no:randomly", "-ra"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(folder), "-c", os.devnull, *options, str(folder)]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    return run.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_skip_is_a_failure_with_its_reason_where_skips_are_forbidden(tmp_path: Path, workers: str) -> None:
    """In one process or in workers; of one test, and of a module that skips itself."""
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_library')\n")
    (tmp_path / "test_skips.py").write_text(
        "import pytest\n"
        "def test_inside(): pytest.skip('no moon')\n"
        "@pytest.mark.skip(reason='no sun')\n"
        "def test_marked(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_known_to_fail(): assert False\n"
        "def test_that_runs(): pass\n"
    )
    # --continue-on-collection-errors: a module that cannot be read is no reason to leave out the others.
    options = ("-n", workers, "--continue-on-collection-errors")
    assert "1 passed, 3 skipped, 1 xfailed" in pytest_on(tmp_path, *options, PERDIEM_NO_SKIP="0")
    forbidden = pytest_on(tmp_path, *options, PERDIEM_NO_SKIP="1")
    assert "1 failed, 1 passed, 1 xfailed, 2 errors" in forbidden
    assert all(reason in forbidden for reason in ("no moon", "no sun", "no_such_library"))


def test_a_worker_reaches_no_network_either(tmp_path: Path) -> None:
    file = tmp_path / "test_network.py"
    file.write_text("import socket\ndef test_call(): socket.create_connection(('192.0.2.1', 9), timeout=1)\n")
    assert "NetworkForbidden: A test may not connect to 192.0.2.1" in pytest_on(tmp_path, "-n", "2")


def test_no_test_reaches_the_network() -> None:
    with pytest.raises(NetworkForbidden, match="may not connect to"):
        requests.get("https://example.org", timeout=1)
    with socket.socket() as client, pytest.raises(NetworkForbidden):
        client.connect(("127.0.0.1", 9))
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(NetworkForbidden):
        client.sendto(b"", ("192.0.2.1", 9))


@pytest.mark.loopback
def test_a_test_so_marked_reaches_its_own_machine_and_no_other() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("192.0.2.1", 9))


def test_programs_that_a_test_starts_reach_nothing_either() -> None:
    fetch = "import requests; requests.get('https://example.org', timeout=2)"
    run = subprocess.run([sys.executable, "-c", fetch], capture_output=True, text=True, check=False)
    assert "ProxyError" in run.stderr


def test_what_chance_or_a_large_test_runs_is_not_measured_and_what_the_next_one_runs_is(tmp_path: Path) -> None:
    functions = [f"def {name}():\n    return '{name}'\n" for name in ("chance", "large", "child", "following")]
    (tmp_path / "subject.py").write_text("".join(functions))
    (tmp_path / "test_subject.py").write_text(
        "import subprocess, sys, hypothesis, pytest, subject\n"
        "@hypothesis.given(hypothesis.strategies.none())\n"
        "def test_chance(_): subject.chance()\n"
        "@pytest.mark.unmeasured\n"
        "def test_large():\n"
        "    subject.large()\n"
        "    subprocess.run([sys.executable, '-c', 'import subject; subject.child()'], check=True)\n"
        "def test_following(): subject.following()\n"
    )
    (tmp_path / ".coveragerc").write_text("[run]\nbranch = true\nparallel = true\nsource = .\npatch = subprocess\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment["PYTHONPATH"] = str(ROOT)
    pytest_there = ["run", "-m", "pytest", "-p", "tests.support.house_rules", "-p", "no:randomly", "-c", os.devnull]
    for arguments in ([*pytest_there, "--rootdir", ".", "."], ["combine"], ["json"]):
        command = [sys.executable, "-m", "coverage", *arguments]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    measured = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))
    functions_measured = measured["files"]["subject.py"]["functions"].items()
    ran = {name for name, function in functions_measured if name and not function["missing_lines"]}
    assert ran == {"following"}


@pytest.mark.parametrize(("profile", "count"), [("ci", 40), ("thorough", 40), ("dev", 4), ("mutants", 4)])
def test_a_developer_tries_a_tenth_of_the_random_inputs_and_ci_all(
    profile: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house_rules, "PROFILE", profile)
    chosen = seeds(100, 40)
    assert len(set(chosen)) == count
    assert set(chosen) <= set(range(100, 140))
    assert len(seeds(7, 3)) == (3 if count == 40 else 1)


# --- a room is read at once ---------------------------------------------------------------------------------------

OURS = sorted(
    {
        *ROOT.glob("*.py"),
        *(file for part in ("data", "perdiem_calc", "tests") for file in (ROOT / part).rglob("*.py")),
    }
)
EXEMPTION = re.compile(
    r"# *(type: *ignore(\[[\w, -]*\])?|noqa(: *[A-Z]+[0-9]+(, *[A-Z]+[0-9]+)*)?|pragma: *no cover)"
)


def unexplained(source: str) -> Iterator[str]:
    """The exemptions from the checks that do not say why: after the exemption, at least two words."""
    if not EXEMPTION.search(source):
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and EXEMPTION.search(token.string):
            reason = EXEMPTION.sub("", token.string)
            if len(re.findall(r"[\w']+", reason)) < 2:
                yield f"line {token.start[0]}: {token.string} does not say why"


def test_every_exemption_says_why() -> None:
    found = []
    for file in OURS:
        source = file.read_text(encoding="utf-8")
        found += [f"{file.relative_to(ROOT)}: {fault}" for fault in unexplained(source)]
    assert not found, "\n".join(found)


def test_no_test_imports_from_another_test_file() -> None:
    """What tests share is in tests/support/; a program that a test starts may import that test's own file."""
    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in imported(node)
        if re.search(r"\.test_\w+$", name)
    ]
    assert not found, "\n".join(found)


def imported(node: ast.AST) -> Iterator[str]:
    """The modules that a statement imports, or imports from."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names if (node.module or "").startswith("tests"))


def test_no_function_of_the_tests_is_left_over_so_that_no_test_is_passed_over_for_its_name() -> None:
    """One that nobody calls may be a test that was renamed by mistake and never runs. A fixture runs by itself."""
    sources = {file: file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py")}
    words = Counter(re.findall(r"\w+", "\n".join(sources.values())))
    found = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for file, source in sources.items()
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and words[node.name] == 1
        if not node.name.startswith(("test_", "pytest_"))
        if not any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert not found, "\n".join(found)


def test_what_is_too_long_is_found_at_its_length_and_not_before() -> None:
    body = "def long():\n" + "    pass\n" * (FUNCTION_LINES - 1)
    assert list(too_long(body)) == []
    assert list(too_long(f"x = 1\n{body}    pass\n")) == ["line 2: long has 51 lines, above 50"]


@pytest.mark.parametrize(
    "bare", ["noqa", "noqa: S101", "type: ignore[arg-type]", "pragma: no cover", "noqa: E501, S101"]
)
def test_an_exemption_needs_a_reason_on_its_line(bare: str) -> None:
    assert list(unexplained(f"x = 1  # {bare}\n")) == [f"line 1: # {bare} does not say why"]
    assert list(unexplained(f"x = 1  # {bare} - as the statute says\n")) == []
    assert list(unexplained(f"x = 1  # {bare}  # as the statute says\n")) == []
    assert list(unexplained(f"x = '# {bare}'\n")) == []
