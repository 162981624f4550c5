"""Estimates on a Dask cluster (the extra `dask`): blocks of trips are independent, so each goes to some worker.

`estimate_frame` is for tables that Dask holds already, a partition a task. `Cluster` serves the command line: it
sends blocks as they are read and takes the results back in order, with only a few on their way, so that memory stays
flat; reading and writing stay with the command, which bounds it at about a million rows a second. Trips with several
rows must not be cut: `tables` reads blocks so, and partitions of your own must be made so.
"""

from __future__ import annotations

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

_OF_THREAD = threading.local()
_CONNECT_SECONDS = 10
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
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS) if address else Client(dashboard_address=None)
        except (OSError, ValueError) as error:
            fix = "give the address of a running scheduler, like tcp://10.0.0.5:8786"
            raise InputError(
                "command.scheduler.unreachable", f"no Dask scheduler answers ({error})", where="--scheduler", fix=fix
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

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
        costs, sources = future.result()
        future.release()
        self._sources.update(sources)
        return block, costs
