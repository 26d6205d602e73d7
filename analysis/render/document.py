"""An executed notebook joined into one Pandoc Markdown document, as Quarto joins it: code hidden, outputs in place."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import yaml
from nbformat import NotebookNode

from analysis.errors import DataError

#: Where the document looks for its figures; the filters keep no other image.
FIGURES = "figures"


@dataclass(frozen=True)
class Figure:
    """One drawing of the notebook: `svg` for HTML and PDF, `png` for DOCX."""

    name: str
    svg: bytes
    png: bytes


@dataclass(frozen=True)
class Document:
    """Markdown without front matter, the front matter, and the figures that the text names `figures/<name>`."""

    text: str
    front: dict[str, Any]
    figures: tuple[Figure, ...]

    def write_figures(self, folder: Path) -> None:
        """Write every figure below `folder` as SVG and PNG."""
        (folder / FIGURES).mkdir(parents=True, exist_ok=True)
        for figure in self.figures:
            (folder / FIGURES / f"{figure.name}.svg").write_bytes(figure.svg)
            (folder / FIGURES / f"{figure.name}.png").write_bytes(figure.png)


def read(notebook: Path | NotebookNode) -> Document:
    """Join an executed notebook: the file at `notebook`, or one that is at hand.

    Raises DataError where the file is no notebook or a cell failed: a report with a hole must not be printed.
    """
    return join(loaded(notebook), notebook.name if isinstance(notebook, Path) else "report.ipynb")


def loaded(notebook: Path | NotebookNode) -> NotebookNode:
    """Return the notebook in the file at `notebook`; one that is at hand is returned as it is.

    Raises DataError where the file is no notebook.
    """
    if not isinstance(notebook, Path):
        return notebook
    try:
        return nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as fault:
        raise DataError("notebook_unreadable", file=notebook, reason=type(fault).__name__) from fault


def join(notebook: Any, name: str) -> Document:
    """Join the cells of `notebook`; `name` is told where a cell failed (DataError).

    Raises DataError too where a figure has no alternative text, or a table no caption: who can't see the page would
    hear nothing of the one, and not what the other is.
    """
    parts: list[str] = []
    figures: list[Figure] = []
    front: dict[str, Any] = {}
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "raw":
            if not front:
                front = _front(cell.source)
        elif cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            for text, figure in _outputs(cell, position, name):
                _check_captions(text)
                parts.append(text)
                if figure:
                    figures.append(figure)
    return Document("\n\n".join(parts) + "\n", front, tuple(figures))


def options(source: str) -> dict[str, Any]:
    """Return the Quarto options at the head of a code cell (`#| key: value` lines)."""
    lines = []
    for line in source.splitlines():
        if not line.startswith("#|"):
            break
        lines.append(line[2:].removeprefix(" "))
    loaded = yaml.safe_load("\n".join(lines)) if lines else None
    return loaded if isinstance(loaded, dict) else {}


def escape(text: str) -> str:
    """Return `text` as Markdown that prints as it stands, whatever it holds; on one line."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$@~^\"'&:=])", r"\\\1", " ".join(text.split()))


def _front(source: str) -> dict[str, Any]:
    match = re.fullmatch(r"\s*---\s*\n(.*?)\n(?:---|\.\.\.)\s*", source, re.DOTALL)
    loaded = yaml.safe_load(match[1]) if match else None
    return loaded if isinstance(loaded, dict) else {}


def _outputs(cell: Any, position: int, name: str) -> Iterator[tuple[str, Figure | None]]:
    opts = options(cell.source)
    hidden = opts.get("include") is False or opts.get("output") is False
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise DataError("cell_failed", file=name, cell=position + 1, reason=f"{output.ename}: {output.evalue}")
        if hidden or output.output_type == "stream":
            continue
        data = output.data
        if "image/svg+xml" in data or "image/png" in data:
            yield _figure(data, output.get("metadata", {}).get("junheng", {}), opts, f"fig-{position + 1}")
        elif "text/markdown" in data:
            yield _text(data["text/markdown"]), None


def _check_captions(text: str) -> None:
    tables = lxml.html.fromstring(f"<div>{text}</div>").iter("table") if "<table" in text else ()
    for table in tables:
        if not table.findtext("caption", "").strip():
            raise DataError("table_unspoken", table=" ".join(" ".join(table.itertext()).split())[:60])


def _figure(data: Any, about: dict[str, str], opts: dict[str, Any], fallback: str) -> tuple[str, Figure]:
    label = str(about.get("id") or opts.get("label") or fallback)
    label = label if label.startswith("fig-") else f"fig-{label}"
    label = re.sub(r"[^A-Za-z0-9_-]", "-", label)
    caption = escape(about["caption"]) if "caption" in about else str(opts.get("fig-cap", ""))
    alt = escape(str(about.get("alt") or opts.get("fig-alt") or ""))
    if not alt:
        raise DataError("figure_unspoken", figure=label)
    png = base64.b64decode(_text(data.get("image/png", "")))
    svg = _text(data.get("image/svg+xml", "")).encode()
    return f'![{caption}]({FIGURES}/{label}){{#{label} alt="{alt}"}}', Figure(label, svg, png)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
