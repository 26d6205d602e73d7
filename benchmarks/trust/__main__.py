"""`python -m benchmarks.trust [kills=100 kept=1000 built=1000 full pairs=20]`: attacks, each with what came of it.

What comes out is kept in benchmarks/results/trust.json; docs/trust.md tells it.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.outcome import FOLDER, about
from benchmarks.trust import flips, full, kills, pairs
from benchmarks.trust.ground import Ground, laid

#: Attack -> how many, what does it with this number.
ATTACKS: dict[str, tuple[int, Callable[[Ground, int], tuple[int, list[str]]]]] = {
    "built": (1000, lambda ground, number: flips.built(ground, number, 18)),
    "kept": (1000, lambda ground, number: flips.kept(ground, number, 18)),
    "full": (len(full.LEVELS), lambda ground, _: full.attack(ground, ground.folder / "disk")),
    "kills": (100, lambda ground, number: kills.attack(ground, number, 18)),
    "pairs": (20, pairs.attack),
}
FILE = FOLDER / "trust.json"


def main(words: list[str]) -> int:
    """Attack as asked, all by default; return 1 where anything was found wrong."""
    asked = dict(word.partition("=")[::2] for word in words or ATTACKS)
    if set(asked) - set(ATTACKS):
        print(f"attacks: {', '.join(ATTACKS)}", file=sys.stderr)
        return 2
    told = json.loads(FILE.read_text(encoding="utf-8"))["attacks"] if FILE.is_file() else {}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        ground = laid(Path(folder))
        for name, number in asked.items():
            usual, attack = ATTACKS[name]
            begun, many = time.monotonic(), int(number or usual)
            hit, wrong = attack(ground, many)
            told[name] = {"number": many, "hit": hit, "wrong": wrong, "seconds": round(time.monotonic() - begun)}
            print(name, json.dumps(told[name], ensure_ascii=False), flush=True)
            FILE.write_text(
                json.dumps({"machine": about(), "attacks": told}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            failed |= bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
