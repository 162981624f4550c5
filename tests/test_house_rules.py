"""The rules that all other tests rely on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.house_rules import ROOT, NetworkForbidden


def pytest_on(test: Path, **environment: str) -> str:
    """What pytest prints for one file, run by itself under the house rules."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.house_rules", "-p", "no:randomly", "-ra"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(test.parent), "-c", os.devnull, str(test)]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    return run.stdout


@pytest.fixture
def skips(tmp_path: Path) -> Path:
    file = tmp_path / "test_skips.py"
    file.write_text(
        "import pytest\n"
        "def test_inside(): pytest.skip('no moon')\n"
        "@pytest.mark.skip(reason='no sun')\n"
        "def test_marked(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_known_to_fail(): assert False\n"
        "def test_that_runs(): pass\n"
    )
    return file


def test_a_skip_is_a_failure_with_its_reason_where_skips_are_forbidden(skips: Path) -> None:
    assert "1 passed, 2 skipped, 1 xfailed" in pytest_on(skips, PERDIEM_NO_SKIP="0")
    forbidden = pytest_on(skips, PERDIEM_NO_SKIP="1")
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in forbidden
    assert "no moon" in forbidden
    assert "no sun" in forbidden


def test_a_module_that_skips_itself_is_an_error_where_skips_are_forbidden(tmp_path: Path) -> None:
    file = tmp_path / "test_module.py"
    file.write_text("import pytest\npytest.importorskip('no_such_library')\n")
    assert "1 skipped" in pytest_on(file, PERDIEM_NO_SKIP="0")
    assert "1 error" in pytest_on(file, PERDIEM_NO_SKIP="1")


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
