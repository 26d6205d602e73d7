"""The notebook for researchers: committed clean, runs, and its coefficient worked out by hand is the report's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis.run.build.execute import execute, kernel

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "research.ipynb"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the text that each cell shows, by the cell's id."""
    notebook = tmp_path_factory.mktemp("notebook") / "research.ipynb"
    with kernel(NOTEBOOK.parent) as manager:
        execute(NOTEBOOK, {}, notebook, manager)
    cells = nbformat.read(notebook, as_version=4).cells
    return {cell.id: cell.outputs[0].data["text/plain"] for cell in cells if cell.get("outputs")}


def test_is_committed_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code"
    )


def test_what_a_researcher_works_out_is_what_the_report_says(results: dict[str, Any]) -> None:
    assert float(results["told"]) == pytest.approx(float(results["coefficient"]), rel=1e-9)
    assert 0 < float(results["told"]) < 2


def test_schools_are_shown_as_a_table_with_their_names(results: dict[str, Any]) -> None:
    assert "小学" in results["schools"]


def test_runs_in_a_kernel_of_its_own() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOK)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
