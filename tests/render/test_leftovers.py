"""A render leaves parameters and outputs in a notebook: they go, and nothing that a person wrote."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import project
from analysis.render import leftovers

NOTEBOOKS = sorted(project.notebooks().glob("*.ipynb"))


def rendered(path: Path) -> str:
    """Leave in a notebook what Quarto leaves there; return its text as it was before."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    place = next(place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    injected = nbformat.v4.new_code_cell(
        '# Injected Parameters\ncounty = "990102"', metadata={"tags": [leftovers.INJECTED]}
    )
    notebook.cells.insert(place + 1, injected)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="said")], 3
    notebook.metadata["papermill"] = {"parameters": {"county": "990102"}}
    notebook.metadata["language_info"] |= {"version": "3.11.7", "file_extension": ".py"}
    nbformat.write(notebook, path)
    return before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_as_it_was(path: Path, tmp_path: Path) -> None:
    mine = tmp_path / path.name
    mine.write_bytes(path.read_bytes())
    before = rendered(mine)
    assert mine.read_text(encoding="utf-8") != before
    assert leftovers.clean(mine)
    assert mine.read_text(encoding="utf-8") == before
    assert not leftovers.clean(mine)


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ipynb"
    notebook: Any = nbformat.read(NOTEBOOKS[0], as_version=4)
    notebook.cells[1].source = notebook.cells[1].source.replace("990101", "990109")
    notebook.cells.append(nbformat.v4.new_markdown_cell("我的批注", id="mine", metadata={"tags": ["of-mine"]}))
    nbformat.write(notebook, mine)
    before = rendered(mine)
    leftovers.clean(mine)
    assert mine.read_text(encoding="utf-8") == before
    assert "990109" in before
    assert "我的批注" in before


@pytest.mark.parametrize("text", ["", "{}", "[1]", json.dumps({"cells": [{}], "metadata": {}})])
def test_a_file_that_is_no_notebook_is_left_alone(text: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.ipynb"
    mine.write_text(text, encoding="utf-8")
    assert not leftovers.clean(mine)
    assert mine.read_text(encoding="utf-8") == text
