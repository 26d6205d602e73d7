"""What the layouts are made of: words.yml."""

import random
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """Return words.yml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return loaded


def weighted(rng: random.Random, weights: dict[str, float]) -> str:
    """Return one of the names, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]
