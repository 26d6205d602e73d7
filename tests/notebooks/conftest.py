"""Notebooks of the project: what their cells show when they run, and that they are committed clean."""

import json
from pathlib import Path

import nbformat

from analysis.run.build.execute import execute, kernel

ROOT = Path(__file__).parents[2]


def texts_of(notebook: Path, folder: Path) -> dict[str, str]:
    """Return the text that each cell of a notebook shows, by the cell's id; it is executed into `folder`."""
    with kernel(notebook.parent) as manager:
        execute(notebook, {}, folder / notebook.name, manager)
    cells = nbformat.read(folder / notebook.name, as_version=4).cells
    return {cell.id: cell.outputs[0].data["text/plain"] for cell in cells if cell.get("outputs")}


def is_clean(notebook: Path) -> bool:
    """Tell whether a notebook is committed without outputs."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = (cell for cell in cells if cell["cell_type"] == "code")
    return all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
