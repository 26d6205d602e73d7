"""The notebook for researchers: committed clean, runs, and its coefficient worked out by hand is the report's."""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.notebooks.conftest import ROOT, is_clean, texts_of

NOTEBOOK = ROOT / "notebooks" / "research.ipynb"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return texts_of(NOTEBOOK, tmp_path_factory.mktemp("notebook"))


def test_is_committed_without_outputs() -> None:
    assert is_clean(NOTEBOOK)


def test_what_a_researcher_works_out_is_what_the_report_says(results: dict[str, Any]) -> None:
    assert float(results["told"]) == pytest.approx(float(results["coefficient"]), rel=1e-9)
    assert 0 < float(results["told"]) < 2


def test_schools_are_shown_as_a_table_with_their_names(results: dict[str, Any]) -> None:
    assert "小学" in results["schools"]


@pytest.mark.slow
def test_runs_in_a_kernel_of_its_own() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOK)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
