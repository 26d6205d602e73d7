"""What a forecast reckons with (forecast.yml)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analysis.statistics.drift import Prior


@cache
def settings() -> dict[str, Any]:
    """Return what forecast.yml says."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "forecast.yml").read_text(encoding="utf-8"))
    return loaded


def prior(of: str) -> Prior:
    """Return the prior of `enrolment` or of `amounts`."""
    return Prior(**settings()[of])
