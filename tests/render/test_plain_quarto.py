"""`quarto render` by those who type it: whose document it is, nothing left behind, nothing misspelt."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import project
from tests.render import office

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on PATH"),
]
PARTS = ("_quarto.yml", "_brand.yml", "notebooks", "reports")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of what Quarto sees of the project."""
    for part in PARTS:
        source = project.root() / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("output"))
        else:
            shutil.copy(source, tmp_path / part)
    return tmp_path


def rendered(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    python = {"QUARTO_PYTHON": sys.executable, "PYTHONPATH": str(project.root()), "JUNHENG_ROOT": str(project.root())}
    return subprocess.run(
        ["quarto", "render", *words], cwd=folder, env=os.environ | python, capture_output=True, text=True, check=False
    )


def notebooks(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (folder / "notebooks").glob("*.ipynb")}


def test_the_next_render_is_not_of_the_last_ones_county(mine: Path) -> None:
    before = notebooks(mine)
    page = mine / "_output" / "notebooks" / "county_report.html"
    for given, title in ((["-P", "county:990102"], "明河县义务教育"), ([], "青溪县义务教育")):
        done = rendered(mine, "notebooks/county_report.ipynb", "--to", "html", *given)
        assert done.returncode == 0, done.stderr
        assert f"<title>{title}" in page.read_text(encoding="utf-8")
        assert notebooks(mine) == before
    assert not list((mine / "notebooks").glob("*.html"))
    assert not re.search(r'(src|href)="(https?:)?//', page.read_text(encoding="utf-8"))


def test_a_misspelt_parameter_is_told_in_a_line(mine: Path) -> None:
    done = rendered(mine, "notebooks/school.ipynb", "--to", "html", "-P", "shcool:9901010002")
    assert done.returncode != 0
    assert "笔记本没有参数 shcool。" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((mine / "_output").rglob("*.html"))


def test_a_sheet_in_english_is_english(mine: Path) -> None:
    done = rendered(mine, "notebooks/school.ipynb", "-P", "lang:en", "-P", "school:9901010002")
    assert done.returncode == 0, done.stderr
    folder = mine / "_output" / "notebooks"
    page = (folder / "school.html").read_text(encoding="utf-8")
    assert "sheet of the school</title>" in page
    assert not re.search("目录|合成数据", page)
    told = office.told(folder / "school.docx")
    assert ("Subtitle", "Qingxi County 2024, school code 9901010002, by Jiaodu [2017] No. 6") in told.paragraphs
    assert office.doubled(folder / "school.docx") == []
    assert (folder / "school.pdf").exists()


def test_a_notebook_converted_to_text_is_rendered_as_the_notebook_is(mine: Path) -> None:
    command = ["quarto", "convert", "notebooks/school.ipynb", "--output", "notebooks/mine.qmd"]
    subprocess.run(command, cwd=mine, capture_output=True, check=True)
    before = (mine / "notebooks" / "mine.qmd").read_text(encoding="utf-8")
    done = rendered(mine, "notebooks/mine.qmd", "--to", "html", "-P", "school:9901010002")
    assert done.returncode == 0, done.stderr
    page = (mine / "_output" / "notebooks" / "mine.html").read_text(encoding="utf-8")
    assert re.search("<title>[^<]+一校一表", page)
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert (mine / "notebooks" / "mine.qmd").read_text(encoding="utf-8") == before
    assert not list((mine / "notebooks").glob("mine*.html"))
    done = rendered(mine, "notebooks/mine.qmd", "--to", "html", "-P", "shcool:9901010002")
    assert done.returncode != 0
    assert "笔记本没有参数 shcool。" in done.stderr
