"""What SMAA-2 costs beside the bare arithmetic: 16 options on 5 criteria at 10,000, 100,000 and 1,000,000 draws.

Run `python -m tests.benchmarks.smaa`. Prints processor seconds (the best of several runs), the most memory held at
once, and the same for the floor: one NumPy product of as many weights with as many values, nothing drawn, ranked or
counted. Both on one thread. The target is 100,000 draws in less than 0.3 s and 200 MB.
"""

from __future__ import annotations

import os
import sys
import time
import tracemalloc
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from evaluation.method.smaa import JudgedRanges, simulate
from evaluation.method.weights import AnyWeights

OPTIONS, CRITERIA = 16, 5
DRAWS = (10_000, 100_000, 1_000_000)
TIMES = {10_000: 15, 100_000: 7, 1_000_000: 3}
MEGABYTE = 1024 * 1024
SECONDS, MEGABYTES = 0.3, 200  # the target at 100,000 draws
Run = Callable[[], object]


def table() -> tuple[np.ndarray, np.ndarray]:
    """Intervals such as people judge: some points, some open, one cell without evidence."""
    rng = np.random.default_rng(1)
    low = rng.integers(0, 4, (OPTIONS, CRITERIA)) * 25.0
    high = np.minimum(low + rng.integers(0, 3, (OPTIONS, CRITERIA)) * 25.0, 100.0)
    low[0, 0], high[0, 0] = 0.0, 100.0
    return low, high


def method(draws: int) -> Run:
    """SMAA-2 as a request for results runs it."""
    views = [JudgedRanges(*table(), AnyWeights(CRITERIA))]
    return lambda: simulate(views, draws=draws, seed=1)


def floor(draws: int) -> Run:
    """The bare product of as many weights with the middles of the values."""
    weights = np.random.default_rng(1).random((draws, CRITERIA))
    low, high = table()
    values = np.ascontiguousarray(((low + high) / 2).T)
    return lambda: weights @ values


def cpu(run: Run, times: int) -> float:
    """The best processor time of several runs, in seconds."""
    run()
    found = []
    for _ in range(times):
        begun = time.process_time()
        run()
        found.append(time.process_time() - begun)
    return min(found)


def memory(run: Run) -> float:
    """The most memory that a run holds at once, in megabytes."""
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MEGABYTE


def main() -> int:
    """Measure; 1 where the target is missed."""
    print(f"{OPTIONS} options, {CRITERIA} criteria")
    missed = False
    for draws in DRAWS:
        ours, bare = method(draws), floor(draws)
        taken, least = cpu(ours, TIMES[draws]), cpu(bare, TIMES[draws])
        used = memory(ours)
        print(
            f"{draws:>9,} draws  {taken:6.3f} s  {used:5.1f} MB   floor {least:8.5f} s  {memory(bare):6.1f} MB   "
            f"{taken / least:5.1f} times the floor"
        )
        missed |= draws == 100_000 and (taken >= SECONDS or used >= MEGABYTES)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
