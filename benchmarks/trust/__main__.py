"""`python -m benchmarks.trust [kills=100 kept=1000 built=1000 full=20 pairs=20]`: attacks, each with what came of it.

`kills=50/19` is a part of its own, drawn from the seed 19. What comes out is kept in benchmarks/results/trust.json by
attack and seed; docs/trust.md tells it.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import outcome
from benchmarks.trust import flips, full, kills, pairs
from benchmarks.trust.ground import Ground, laid

SEED = 18
#: Attack -> how many, what does it with this number and a seed.
ATTACKS: dict[str, tuple[int, Callable[[Ground, int, int], tuple[int, list[str]]]]] = {
    "built": (1000, flips.built),
    "kept": (1000, flips.kept),
    "full": (full.LEVELS, lambda ground, number, _: full.attack(ground, ground.folder / "disk", number)),
    "kills": (100, kills.attack),
    "pairs": (20, lambda ground, number, _: pairs.attack(ground, number)),
}
FILE = outcome.FOLDER / "trust.json"


def main(words: list[str]) -> int:
    """Attack as asked, all by default; return 1 where anything was found wrong."""
    asked = dict(word.partition("=")[::2] for word in words or ATTACKS)
    if set(asked) - set(ATTACKS):
        print(f"attacks: {', '.join(ATTACKS)}", file=sys.stderr)
        return 2
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        ground = laid(Path(folder))
        for name, asked_of in asked.items():
            usual, attack = ATTACKS[name]
            number, _, seed = asked_of.partition("/")
            begun, many = time.monotonic(), int(number or usual)
            hit, wrong = attack(ground, many, int(seed or SEED))
            found = {"number": many, "hit": hit, "wrong": wrong, "seconds": round(time.monotonic() - begun)}
            print(name, json.dumps(found, ensure_ascii=False), flush=True)
            _keep(name, seed or str(SEED), found)
            failed |= bool(wrong)
    return int(failed)


def _keep(name: str, seed: str, found: dict[str, Any]) -> None:
    """Add what a part found to the file; other parts may have come to their end meanwhile."""
    told = outcome.load("trust").get("attacks", {})
    told.setdefault(name, {})[seed] = found
    text = json.dumps({"machine": outcome.about(), "rows": [], "attacks": told}, indent=1, ensure_ascii=False) + "\n"
    FILE.write_text(text, encoding="utf-8")
    outcome.TABLE.write_text(outcome.page(), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
