"""Where the benchmarks of the statistics find whole files and leave their results."""

import os
import platform
from pathlib import Path

import numpy as np
import polars as pl
import scipy

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("JUNHENG_SHARED") or ROOT.parent / "shared") / "data"
CARRIED = ROOT / "tests" / "real" / "data"
RESULTS = ROOT / "benchmarks" / "results"
SPEED = ROOT / "docs" / "benchmarks" / "speed.json"


def machine() -> dict[str, object]:
    """Return what a reader needs to know of the machine, naming neither it nor a path on it."""
    model = platform.processor() or platform.machine()
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "polars": pl.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
