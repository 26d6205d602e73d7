"""The benchmark suite with its peers, one table out: `python -m benchmarks small|full [part ...]` (`make bench SIZE=`).

Each part runs in a process of its own and keeps what it finds in benchmarks/results/. `small` shows in minutes that all
runs; `full` takes hours and is what the pages tell.
"""

import subprocess
import sys

from benchmarks import outcome
from benchmarks.statistics.places import ROOT

#: Part -> size -> command.
PARTS: dict[str, dict[str, list[str]]] = {
    "reports": {
        "small": ["benchmarks.reports.speed", "--counties", "2", "--groups", "1"],
        "full": ["benchmarks.reports.speed", "--counties", "100", "--groups", "5"],
    },
    "older": {
        "small": ["benchmarks.reports.older", "--counties", "3", "--rounds", "1"],
        "full": ["benchmarks.reports.older"],
    },
    "workers": {
        "small": ["benchmarks.reports.workers", "--counties", "2", "--rounds", "1"],
        "full": ["benchmarks.reports.workers"],
    },
    "memory": {
        "small": ["benchmarks.reports.memory", "--counties", "4"],
        "full": ["benchmarks.reports.memory"],
    },
    "nation": {
        "small": ["benchmarks.country.nation", "--counties", "20", "--small", "10", "--rounds", "1"],
        "full": ["benchmarks.country.nation"],
    },
    "judge": {
        "small": ["benchmarks.judge.country", "--schools", "10000"],
        "full": ["benchmarks.judge.country"],
    },
    "clean": {
        "small": ["benchmarks.clean.speed", "20000"],
        "full": ["benchmarks.clean.speed"],
    },
    "workbooks": {
        "small": ["benchmarks.clean.workbooks", "2000"],
        "full": ["benchmarks.clean.workbooks"],
    },
}  # fmt: skip


def main(words: list[str]) -> int:
    """Run the parts that are asked for, all by default, and print the table over what is known."""
    size, *asked = words or ["small"]
    if size not in ("small", "full") or set(asked) - set(PARTS):
        print(f"SIZE=small|full, parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    failed = 0
    for part in asked or PARTS:
        print(f"{part} ({size})", flush=True)
        failed |= subprocess.run([sys.executable, "-m", *PARTS[part][size]], cwd=ROOT, check=False).returncode
    print(outcome.page())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
