"""Fuzzes the targets one after the other, each in a process of its own; ends with 1 where one crashed.

``python -m tools.fuzz --seconds 60 workbook place`` runs two of them for a minute each. Needs atheris (Linux alone);
``make fuzz`` installs it.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

FOUND = Path("out", "fuzz")
SLOW, MOST_MEMORY = 10, 1_500
"""Seconds and MiB after which one input counts as a crash; instrumented code is several times slower."""
OWN_SHARE = 0.7
"""How often a target's own way of changing an input is taken, instead of the fuzzer's."""


def main() -> int:
    """Fuzz what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="which to run [all]")
    parser.add_argument("--seconds", type=int, default=600, help="for each target [600]")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        fuzz(asked.targets[0], asked.seconds)
        return 0
    from tools.fuzz.targets import TARGETS

    unknown = set(asked.targets) - TARGETS.keys()
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    crashed = []
    for name in asked.targets or TARGETS:
        print(f"--- {name}, {asked.seconds} s", flush=True)
        command = [sys.executable, "-m", "tools.fuzz", "--inside", "--seconds", str(asked.seconds), name]
        if subprocess.run(command, check=False).returncode:
            crashed.append(name)
    print(f"crashed: {', '.join(crashed)}; see {FOUND}" if crashed else "no crash")
    return 1 if crashed else 0


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["perdiem_calc"]):
        from tools.fuzz.targets import TARGETS
    target = TARGETS[name]
    folder = FOUND / name
    corpus, seeds = folder / "corpus", folder / "seeds"
    for path in (corpus, seeds):
        path.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (seeds / f"{number:03}").write_bytes(seed)

    def change(data: bytes, longest: int, number: int) -> bytes:
        rng = random.Random(number)
        if target.change is None or rng.random() > OWN_SHARE:
            return bytes(atheris.Mutate(data, longest))
        return target.change(data, rng)[:longest]

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.longest}",
        f"-timeout={SLOW}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
    ]
    more: dict[str, Any] = {} if target.change is None else {"custom_mutator": change}
    atheris.Setup([sys.argv[0], *options, str(corpus), str(seeds)], target.run, **more)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
