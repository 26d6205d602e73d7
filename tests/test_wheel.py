"""The wheel carries all that a report is made from: installed apart, it makes one in an empty folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.project import root

CARRIED = (
    "analysis/standards/national-2017.yml", "analysis/shipped/notebooks/county_report.ipynb",
    "analysis/shipped/reports/templates/zh/conclusion.md.j2", "analysis/shipped/reports/fonts/fonts.yml",
    "analysis/shipped/reports/reference.docx", "analysis/shipped/_quarto.yml", "verification/checked/zh.yml",
    "analysis/shipped/.vscode/settings.json", "analysis/run/commands/starter.txt",
)  # fmt: skip


def ran(*command: str, cwd: Path, **variables: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUNHENG_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=kept | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_it_makes_and_verifies_a_report_where_no_checkout_is(tmp_path: Path) -> None:
    source, site, here = tmp_path / "source", tmp_path / "site", tmp_path / "here"
    here.mkdir()
    ran("git", "clone", "--quiet", "--shared", str(root()), str(source), cwd=tmp_path)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    quiet = ("--no-deps", "--no-index", "--no-build-isolation")
    ran(*pip, "wheel", *quiet, "--wheel-dir", str(tmp_path), str(source), cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    ran(*pip, "install", *quiet, "--target", str(site), str(wheel), cwd=tmp_path)
    assert not [name for name in CARRIED if not (site / name).is_file()]
    junheng = (sys.executable, "-m", "analysis")
    shutil.copytree(root() / "data" / "raw", here / "data" / "raw")
    asked = ("990101", "--formats", "html,xlsx", "--engine", "embedded")
    ran(*junheng, "report", *asked, cwd=here, PYTHONPATH=str(site))
    assert (here / "reports" / "output" / "990101" / "2024" / "report.html").is_file()
    assert (here / "data" / "processed").is_dir()
    ran(*junheng, "verify", "990101", cwd=here, PYTHONPATH=str(site))
