"""Where benchmarks keep what they found: a JSON file for each part and one table over all, in benchmarks/results/."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from statistics import median
from typing import Any

from benchmarks.statistics.places import ROOT, machine

FOLDER = ROOT / "benchmarks" / "results"
TABLE = FOLDER / "table.md"
LIBRARIES = ("matplotlib", "papermill", "nbclient", "ipykernel", "pypandoc_binary", "typst", "XlsxWriter", "nbconvert")
HEADER = ("what", "ours", "peer", "ratio", "spread", "target", "holds")

Spread = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One line of the table: medians with spread of ours, of the peer and of the ratio, target and whether it holds.

    `peer` is None where something is bounded without a peer, and `ratio` is then what is bounded; `target` is "" where
    a figure is only stated.
    """

    what: str
    ours: Spread
    peer: Spread | None
    ratio: Spread
    target: str
    holds: bool


def spread(values: Sequence[float]) -> Spread:
    """Return the median, and (max - min) / median as `spread`."""
    middle = median(values)
    return {"median": middle, "spread": (max(values) - min(values)) / abs(middle) if middle else 0.0}


def about() -> dict[str, Any]:
    """Return what a reader needs to know of the machine and of what runs on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return machine() | {"gigabytes": round(memory, 1)} | {name: metadata.version(name) for name in LIBRARIES}


def keep(part: str, told: dict[str, Any], rows: Sequence[Row]) -> None:
    """Write what a part found, print its lines, and write the table anew."""
    FOLDER.mkdir(exist_ok=True)
    kept = {"machine": about(), "rows": [asdict(row) for row in rows], "found": told}
    (FOLDER / f"{part}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(list(rows)))
    TABLE.write_text(page(), encoding="utf-8")


def load(part: str) -> dict[str, Any]:
    """Return what a part has found; empty where it was not run."""
    path = FOLDER / f"{part}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def parts() -> list[str]:
    """Return the parts that have results in rows, with the machine that they are of, by name."""
    return sorted(
        path.stem for path in FOLDER.glob("*.json") if "machine" in load(path.stem) and load(path.stem)["rows"]
    )


def table(rows: list[Row]) -> str:
    """Return rows as a table of Markdown."""
    lines = [" | ".join(HEADER), " | ".join("---" for _ in HEADER)]
    for row in rows:
        peer = _shown(row.peer) if row.peer else ""
        holds = "" if not row.target else "yes" if row.holds else "**no**"
        ratio, wide = f"{row.ratio['median']:.2f}", f"{100 * row.ratio['spread']:.0f} %"
        lines.append(" | ".join([row.what, _shown(row.ours), peer, ratio, wide, row.target, holds]))
    return "\n".join(f"| {line} |" for line in lines)


def page() -> str:
    """Return the table over all parts, with the machine of each."""
    blocks = ["# What was measured", "Made by `make bench`; numbers are medians, spread is (max - min) / median."]
    for part in parts():
        kept = load(part)
        told = ", ".join(f"{name} {value}" for name, value in kept["machine"].items())
        blocks += [f"## {part}", table([Row(**row) for row in kept["rows"]]), told]
    return "\n\n".join(blocks) + "\n"


def _shown(value: Spread) -> str:
    number = value["median"]
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
