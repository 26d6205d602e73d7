"""Fills docs/benchmarks/reports.md and docs/scale.md from benchmarks/results/: `python -m benchmarks.reports.page`."""

from pathlib import Path

from benchmarks import outcome
from benchmarks.statistics.places import ROOT

PAGE = ROOT / "docs" / "benchmarks" / "reports.md"
COUNTRY = 2844
MACHINES = (1, 8, 64)


def table() -> str:
    """Return the table of every part that was run, with machine and versions."""
    return outcome.page().split("\n\n", 1)[1].strip()


def projection() -> str:
    """Return hours for all counties' reports on several machines like the one measured, from processor seconds."""
    kept = outcome.load("reports")
    if not kept:
        return "Not measured yet."
    each, cores = kept["found"]["seconds"]["ours"]["median"], kept["machine"]["cores"]
    text = (
        f"Projected, not measured: {COUNTRY:,} reports in all four formats at {each:.1f} s of the processor each, on "
        f"machines of {cores} cores that share nothing but the counties' list."
    )
    lines = ["| machines | hours |", "| --- | --- |"]
    lines += [f"| {number} | {each * COUNTRY / cores / number / 3600:.2g} |" for number in MACHINES]
    return "\n\n".join([text, "\n".join(lines)])


def workers() -> str:
    """Return what two workers reach on two processors, and what a worker holds in memory."""
    kept, of_memory = outcome.load("workers"), outcome.load("memory")
    if not kept or not of_memory:
        return "Not measured yet."
    scaling, held = kept["found"], of_memory["found"]
    shared = ", ".join(f"{name} {kept['machine'][name]}" for name in ("processor", "cores", "system"))
    lines = [
        f"- Two workers on two processors build {scaling['ours']['median']:.2f} times as many reports as one on one; "
        f"two busy loops reach {scaling['loops']['median']:.2f} times: {scaling['share']['median']:.0%} of that "
        f"({scaling['counties']} counties, {scaling['rounds']} rounds, spread "
        f"{scaling['share']['spread']:.0%}).",
        f"- A worker with its children and programs holds {held['worker']['median']:,.0f} MB of its own, "
        f"{held['most']:,.0f} MB at most, over {held['reports']} reports one after the other (formats: "
        f"{held['formats']}); by 100 reports this changes by {held['slope_per_100']:+.1f} MB.",
        f"- Measured on: {shared}.",
    ]
    return "\n".join(lines)


SCALE = ROOT / "docs" / "scale.md"
#: Page -> block -> what fills it.
BLOCKS = {PAGE: {"table": table, "projection": projection}, SCALE: {"workers": workers, "projection": projection}}


def filled(page: Path) -> str:
    """Return the text of a page with its blocks made anew."""
    text = page.read_text(encoding="utf-8")
    for name, make in BLOCKS[page].items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, rest = text.split(start)
        text = f"{before}{start}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    for page in BLOCKS:
        page.write_text(filled(page), encoding="utf-8")
