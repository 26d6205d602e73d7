"""Fills the table of docs/quarto.md from benchmarks/results/quarto.json: `python -m benchmarks.quarto.page`."""

import json
from pathlib import Path

from analysis.kinds import kinds
from benchmarks.quarto.matrix import KEPT, SAME
from benchmarks.statistics.places import ROOT

PAGE = ROOT / "docs" / "quarto.md"
START, END = "<!-- matrix -->", "<!-- /matrix -->"
FORMATS = ("html", "pdf", "docx")


def table(kept: dict[str, dict[str, dict[str, str]]]) -> str:
    """Return the table of what was tried with each version of Quarto, a row for each kind and language."""
    if not kept:
        return "Not tried yet."
    versions = sorted(kept, key=lambda version: [int(part) for part in version.split(".")], reverse=True)
    heads = [f"{version} {form.upper()}" for version in versions for form in FORMATS]
    lines = [f"| document | {' | '.join(heads)} |", "|---|" + "---|" * len(heads)]
    rows = [f"{kind}.{lang}" for kind in kinds() for lang in ("zh", "en")]
    for row in rows:
        cells = [_cell(row, form, kept[version]) for version in versions for form in FORMATS]
        lines.append(f"| {row.replace('.', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: str, form: str, tried: dict[str, dict[str, str]]) -> str:
    """Return one cell: empty where a kind has no such format, `not tried` where it was not."""
    if form not in kinds()[row.split(".")[0]].formats:
        return ""
    found = tried.get(row, {}).get(form, "not tried")
    return found if found == SAME else found.replace("|", "/")


def filled() -> str:
    """Return the page with its table made anew."""
    text = PAGE.read_text(encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    before, rest = text.split(START)
    return f"{before}{START}\n\n{table(kept)}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    Path(PAGE).write_text(filled(), encoding="utf-8")
