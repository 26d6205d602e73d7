"""The notebook that walks one county through the second reader: committed clean, runs, and says what it works out."""

import ast
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.notebooks.conftest import ROOT, is_clean, texts_of

NOTEBOOK = ROOT / "notebooks" / "verification.ipynb"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return texts_of(NOTEBOOK, tmp_path_factory.mktemp("notebook"))


def test_is_committed_without_outputs() -> None:
    assert is_clean(NOTEBOOK)


def test_imports_nothing_of_the_first_program() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert "import analysis" not in code
    assert "from analysis" not in code


def test_the_coefficient_worked_out_in_a_cell_is_the_readers(results: dict[str, Any]) -> None:
    assert float(results["coefficient"]) == pytest.approx(float(results["same"]), rel=1e-12)


def test_a_sentence_about_another_stage_is_found_wrong(results: dict[str, Any]) -> None:
    assert [printed for printed, _ in ast.literal_eval(results["sentence"])] == ["0.49", "0.47"]


@pytest.mark.slow
def test_runs_in_a_kernel_of_its_own() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOK)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
