"""What became of one of many reports, wherever it was built, and how many can be built at once."""

import os
from dataclasses import dataclass

from analysis import sources

#: A child that dies (out of memory, killed) costs its county one more try.
TRIES = 2


@dataclass(frozen=True)
class Row:
    """What became of one county: `state` is built, unchanged or failed, the last with its reason."""

    county: sources.County
    state: str
    seconds: float
    reason: str = ""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
