"""Fills docs/benchmarks/reports.md from what is kept in benchmarks/results/: `python -m benchmarks.reports.page`."""

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


BLOCKS = {"table": table, "projection": projection}


def filled(text: str) -> str:
    """Return the page with its blocks made anew."""
    for name, make in BLOCKS.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, rest = text.split(start)
        text = f"{before}{start}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
