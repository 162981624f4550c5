"""Estimates on a Dask cluster (the extra `dask`): blocks of trips are independent, so each goes to some worker.

`estimate_frame` is for tables that Dask holds already, a partition a task. `Cluster` serves the command line: it
sends blocks as they are read and takes the results back in order, with only a few on their way, so that memory stays
flat; reading and writing stay with the command, which bounds it at about a million rows a second. Trips with several
rows must not be cut: `tables` reads blocks so, and partitions of your own must be made so.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.files import how_to_install
from perdiem_calc.planning.estimator import Estimator, WhatIf
from perdiem_calc.rates.sources import open_rates
from perdiem_calc.rules.law import load_law

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_VERSION = "perdiem_calc.__version__"
_OF_THREAD = threading.local()
_CONNECT_SECONDS = 5
_LOOK_SECONDS = 1
"""How often it is checked whether a cluster that gives no result is still there."""
_IN_FLIGHT = 2


def estimate_block(
    trips: pd.DataFrame, source: str, supposed: WhatIf | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The costs of some trips, and the sources of the rates; what a worker runs.

    An estimator is kept by each thread of each worker, so that a place is looked up once there.
    """
    estimators: dict[object, Estimator] = _OF_THREAD.__dict__.setdefault("estimators", {})
    key = (source, supposed)
    if key not in estimators:
        estimators[key] = Estimator(open_rates(source), load_law(), supposed or WhatIf())
    return estimators[key].estimate(trips), estimators[key].sources()


def estimate_frame(trips: Any, source: str = "auto") -> Any:
    """The costs of the trips of a dask table, lazily; the columns of an estimate, partition by partition."""
    empty = estimate_block(trips.partitions[0].head(0, compute=True), source)[0]
    return trips.map_partitions(_costs, source, meta=empty)


def _costs(trips: pd.DataFrame, source: str) -> pd.DataFrame:
    return estimate_block(trips, source)[0]


class Cluster:
    """A Dask cluster: the one at `address`, or else one of this machine's own processes."""

    def __init__(self, address: str | None, source: str, supposed: WhatIf | None = None) -> None:
        try:
            from distributed import Client
        except ImportError:
            fix = f"run: {how_to_install('dask')}"
            raise InputError(
                "command.dask.missing", "the engine dask is not installed", where="--engine", fix=fix
            ) from None
        self._source, self._supposed = source, supposed
        self._sources: set[str] = set()
        self._address = address
        # What distributed itself logs of a lost connection says less than the error.
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS) if address else Client(dashboard_address=None)
        except (OSError, ValueError, ImportError) as error:
            fix = "start one with: dask scheduler; and give its address, like tcp://10.0.0.5:8786"
            raise InputError(
                "command.scheduler.unreachable", f"no Dask scheduler answers ({error})", where="--scheduler", fix=fix
            ) from error
        try:
            self._check_workers()
        except BaseException:
            self._close()
            raise

    def _check_workers(self) -> None:
        """Raises InputError where the scheduler has no worker, or one that lacks this version of the program."""
        from pydoc import locate

        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except (TimeoutError, OSError):
            fix = f"start one with: dask worker {self._address}"
            raise InputError(
                "command.scheduler.no-worker", "the scheduler has no worker", where="--scheduler", fix=fix
            ) from None
        ours = locate(_VERSION)
        versions = self._client.run(locate, _VERSION, on_error="return")
        for worker, version in versions.items():
            if version != ours:
                has = f"has version {version} of" if isinstance(version, str) else "does not have"
                raise InputError(
                    "command.worker.other-version",
                    f"the worker {worker} {has} perdiem_calc, which is version {ours} here",
                    where="--scheduler",
                    fix="install this version in the worker's environment, and start the worker again",
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        # A scheduler that is gone would be waited for.
        self._client.close(timeout=_CONNECT_SECONDS)

    def sources(self) -> list[str]:
        """Where the rates came from."""
        return sorted(self._sources)

    def estimates(self, blocks: Iterator[pd.DataFrame]) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Each block with its costs, in order."""
        under_way: deque[tuple[pd.DataFrame, Any]] = deque()
        most = max(1, _IN_FLIGHT * len(self._client.scheduler_info()["workers"]))
        for block in blocks:
            under_way.append((block, self._submitted(block)))
            if len(under_way) >= most:
                yield self._first(under_way)
        while under_way:
            yield self._first(under_way)

    def _submitted(self, block: pd.DataFrame) -> Any:
        return self._client.submit(estimate_block, block, self._source, self._supposed, pure=False)

    def _first(self, under_way: deque[tuple[pd.DataFrame, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
        block, future = under_way.popleft()
        costs, sources = self._result(future)
        self._sources.update(sources)
        return block, costs

    def _result(self, future: Any) -> tuple[pd.DataFrame, list[str]]:
        """A block's costs. Raises InputError where the cluster lost its scheduler or its workers."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        without_worker = 0
        while True:
            try:
                found: tuple[pd.DataFrame, list[str]] = future.result(timeout=_LOOK_SECONDS)
            except TimeoutError:
                if self._client.status != "running":
                    raise self._lost("the scheduler does not answer any more") from None
                workers = self._client.scheduler_info()["workers"]
                without_worker = 0 if workers else without_worker + 1
                if without_worker * _LOOK_SECONDS >= _CONNECT_SECONDS:
                    raise self._lost("the last worker is gone") from None
            except (CancelledError, OSError):
                raise self._lost("the scheduler does not answer any more") from None
            except KilledWorker:
                raise self._lost("workers died at a block, perhaps for lack of memory") from None
            else:
                future.release()
                return found

    @staticmethod
    def _lost(what: str) -> InputError:
        fix = "start the scheduler and its workers again, and run the command again; nothing was written"
        return InputError("command.cluster.lost", what, where="--scheduler", fix=fix)
