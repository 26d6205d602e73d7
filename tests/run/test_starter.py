"""A project for Quarto to begin with: all that it needs, nothing of a county, never over somebody's files."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.kinds import kinds


def test_the_zip_holds_every_notebook_and_all_that_the_settings_name(tmp_path: Path) -> None:
    file = tmp_path / "county.zip"
    assert main(["starter", str(file)]) == 0
    names = set(zipfile.ZipFile(file).namelist())  # at its root, where Quarto looks for a template
    assert {f"notebooks/{kind.notebook}" for kind in kinds().values()} <= names
    settings = zipfile.ZipFile(file).read("_quarto.yml").decode()
    named = [word.strip("[]{},") for word in settings.split() if word.strip("[]{},").startswith("reports/")]
    assert named
    assert {name for name in named if "." in name} <= names
    assert {"START.md", "_environment", "_brand.yml", "_quarto-site.yml", "reports/quarto/pages/zh/about.qmd"} <= names
    assert not [name for name in names if name.startswith(("data/", "reports/output", "reports/templates"))]
    assert {".gitignore", ".vscode/settings.json"} <= names
    first = file.read_bytes()
    assert main(["starter", str(file)]) == 0
    assert file.read_bytes() == first


def test_what_is_made_in_it_is_none_of_gits(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert main(["starter", str(folder)]) == 0
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    made = (
        "_output/notebooks/school.html",
        "_site/index.html",
        "index.qmd",
        "site/about.qmd",
        ".quarto/x",
        "_freeze/x",
    )
    kept = (*made, "reports/output/990101/2024/report.html", "data/own/990101/scores_2024.csv", "data/processed/x")
    asked = subprocess.run(
        ["git", "check-ignore", *kept, "notebooks/school.ipynb"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert asked.stdout.split() == list(kept)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert main(["starter", str(folder)]) == 0
    assert (folder / "START.md").is_file()
    (folder / "START.md").write_text("mine", encoding="utf-8")
    assert main(["starter", str(folder)]) == 2
    assert "不是空的" in capsys.readouterr().err
    assert (folder / "START.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "words", [["report"], ["report", "510116"], ["status", "510116"], ["check"], ["collect", "510116"], ["ledger", "x"]]
)
def test_a_project_without_a_county_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("JUNHENG_HERE", str(tmp_path))
    monkeypatch.delenv("MAKELEVEL", raising=False)
    assert main(words) == 2
    assert "junheng new 510116 双流区" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
