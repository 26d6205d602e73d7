"""What plausible.yml says: which values a school, a score and a county item can hardly have."""

from functools import cache
from pathlib import Path
from typing import Any

from analysis.sources import parse_yaml


@cache
def declared() -> dict[str, Any]:
    """Return what plausible.yml says."""
    loaded: dict[str, Any] = parse_yaml((Path(__file__).parent / "plausible.yml").read_text(encoding="utf-8"))
    return loaded
