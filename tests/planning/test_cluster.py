"""Estimates on a Dask cluster of two worker processes: the same figures as in one."""

from __future__ import annotations

import builtins
import random
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from distributed import KilledWorker

from perdiem_calc import __version__
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.cluster import Cluster, estimate_frame
from perdiem_calc.planning.estimator import estimate
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.command import Perdiem
from tests.support.planned_trips import a_trip

pytestmark = [
    pytest.mark.loopback,
    # Sockets and processes that the cluster lets go of late are its own.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a cluster of two worker processes on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield str(cluster.scheduler_address)


def some_trips(count: int) -> pd.DataFrame:
    draw = random.Random(8)
    return pd.DataFrame([row for number in range(count) for row in a_trip(draw, f"T{number}")])


@pytest.mark.slow
def test_a_cluster_gives_the_same_table_as_one_process(
    scheduler: str, perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: Law
) -> None:
    monkeypatch.setattr("perdiem_calc.planning.tables.read.BLOCK_BYTES", 5000)
    trips = some_trips(300)
    trips.loc[7, "miles"] = "far"
    trips.to_csv(tmp_path / "trips.csv", index=False)
    alone = perdiem("estimate", tmp_path / "trips.csv", "-o", tmp_path / "alone.csv", "--json")
    many = perdiem(
        *("estimate", tmp_path / "trips.csv", "-o", tmp_path / "many.csv", "--json"),
        *("--engine", "dask", "--scheduler", scheduler),
    )
    assert (alone.code, many.code) == (2, 2)
    assert {**many.record, "output": ""} == {**alone.record, "output": ""}
    assert (tmp_path / "many.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
    book = perdiem(
        *("estimate", tmp_path / "trips.csv", "-o", tmp_path / "many.xlsx", "--json"),
        *("--engine", "dask", "--scheduler", scheduler),
    )
    assert book.record["totals"] == alone.record["totals"]

    from dask import dataframe
    from distributed import Client

    with Client(scheduler):
        single = some_trips(200).drop(columns="trip_id").ffill()
        costs = estimate_frame(dataframe.from_pandas(single, npartitions=4)).compute()
    pd.testing.assert_frame_equal(costs, estimate(single, Ratebook.open(), law), check_dtype=False)


def test_a_scheduler_that_does_not_answer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match=r"--scheduler: no Dask scheduler answers"):
        Cluster("tcp://127.0.0.1:9", "ratebook")


def test_a_scheduler_without_a_worker_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("perdiem_calc.planning.cluster._CONNECT_SECONDS", 1)
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as cluster:
        address = str(cluster.scheduler_address)
        with pytest.raises(InputError, match=f"the scheduler has no worker; start one with: dask worker {address}"):
            Cluster(address, "ratebook")


class Client:
    """A client of distributed whose cluster is in some state."""

    def __init__(self, *, status: str = "running", workers: int = 1, version: object = __version__) -> None:
        self.status, self._workers, self._version = status, workers, version

    def wait_for_workers(self, count: int, timeout: float) -> None: ...

    def run(self, call: object, name: str, on_error: str) -> dict[str, object]:
        return {"tcp://10.0.0.6:1": __version__, "tcp://10.0.0.7:1": self._version}

    def scheduler_info(self) -> dict[str, Any]:
        return {"workers": range(self._workers)}

    def close(self, timeout: float) -> None: ...


class Future:
    """A result that comes, or what is raised instead, in order."""

    def __init__(self, *outcomes: object) -> None:
        self._outcomes = list(outcomes)

    def result(self, timeout: float) -> object:
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def release(self) -> None: ...


def cluster_of(monkeypatch: pytest.MonkeyPatch, client: Client) -> Cluster:
    monkeypatch.setattr("distributed.Client", lambda address, timeout: client)
    return Cluster("tcp://10.0.0.5:8786", "ratebook")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (None, "the worker tcp://10.0.0.7:1 does not have perdiem_calc, which is version"),
        (ImportError("perdiem_calc"), "the worker tcp://10.0.0.7:1 does not have perdiem_calc"),
        ("0.0.9", "the worker tcp://10.0.0.7:1 has version 0.0.9 of perdiem_calc"),
    ],
)
def test_a_worker_without_the_program_or_with_another_version(
    monkeypatch: pytest.MonkeyPatch, version: object, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        cluster_of(monkeypatch, Client(version=version))


@pytest.mark.parametrize(
    ("client", "outcomes", "said"),
    [
        (Client(status="connecting"), [TimeoutError()], "the scheduler does not answer any more"),
        (Client(), [TimeoutError(), CancelledError()], "the scheduler does not answer any more"),
        (Client(), [OSError("refused")], "the scheduler does not answer any more"),
        (Client(workers=0), [TimeoutError()] * 5, "the last worker is gone"),
        (Client(), [KilledWorker("block", None, 3)], "workers died at a block, perhaps for lack of memory"),
    ],
)
def test_a_cluster_that_is_lost_is_reported(
    monkeypatch: pytest.MonkeyPatch, client: Client, outcomes: list[object], said: str
) -> None:
    cluster = cluster_of(monkeypatch, client)
    with pytest.raises(InputError, match=f"--scheduler: {said}; start the scheduler and its workers again"):
        cluster._result(Future(*outcomes))


def test_a_result_that_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (pd.DataFrame({"total": [1.0]}), ["ratebook"])
    with cluster_of(monkeypatch, Client()) as cluster:
        assert cluster._result(Future(*[TimeoutError()] * 9, found)) is found


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(InputError, match=r'run: .* -m pip install .*\[dask\]"'):
        Cluster(None, "ratebook")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "abacus"], "--engine: 'abacus' is not an engine; use pandas or dask"),
        (["--scheduler", "tcp://127.0.0.1:9"], "--scheduler: goes with --engine dask"),
    ],
)
def test_engines_are_two(perdiem: Perdiem, tmp_path: Path, options: list[str], message: str) -> None:
    (tmp_path / "trips.csv").write_text("place,depart_on,return_on\n32801,2026-10-04,2026-10-09\n")
    run = perdiem("estimate", tmp_path / "trips.csv", "-o", tmp_path / "out.csv", *options)
    assert (run.code, message in run.err) == (2, True)
    assert not (tmp_path / "out.csv").exists()
