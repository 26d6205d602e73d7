"""The notebook that asks what it would take: it runs, and is committed clean."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.notebooks.conftest import is_clean

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "plan.ipynb"


def test_it_is_committed_clean() -> None:
    assert is_clean(NOTEBOOK)


@pytest.mark.slow
def test_it_runs_in_a_kernel_of_its_own() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOK)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
