"""The sources of the website: what Quarto is given of every built county, and nothing that is not for its readers."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
import yaml

from analysis.render import website


@pytest.fixture
def output(built: Path, tmp_path: Path) -> Path:
    """A folder of reports: one county in Chinese for the office, the same in English, an earlier year."""
    folder = tmp_path / "output"
    for place in ("990101/2024", "990101/2024/internal-en-national-2017", "990101/2023"):
        (folder / place).mkdir(parents=True)
        for name in ("report.ipynb", "results.json", "report.pdf"):
            shutil.copy(built / name, folder / place / name)
    return folder


def head(page: Path) -> dict[str, object]:
    text = page.read_text(encoding="utf-8")
    return dict(yaml.safe_load(text.split("---")[1]))


def test_a_county_has_its_latest_report_as_its_page(output: Path, tmp_path: Path) -> None:
    (entry,) = website.lay(output, tmp_path, "zh", "internal")
    assert entry.folder == "990101/2024"
    page = nbformat.read(tmp_path / "site" / "counties" / "9901" / "990101.ipynb", as_version=4)
    front = yaml.safe_load(page.cells[0].source.strip("-"))
    assert front == {"title": "青溪县", "execute": {"enabled": False}, "categories": ["未达到"], "format": "html"}
    assert "[PDF](990101/report.pdf)" in page.cells[1].source
    assert (tmp_path / "site" / "counties" / "9901" / "990101" / "report.pdf").exists()
    kinds = {kind for cell in page.cells for output in cell.get("outputs", []) for kind in output.get("data", {})}
    assert "text/markdown" in kinds
    assert "text/html" not in kinds


def test_the_overview_lists_verdicts_and_leads_to_pages_that_are_there(output: Path, tmp_path: Path) -> None:
    website.lay(output, tmp_path, "zh", "internal")
    for page in (tmp_path / "index.qmd", tmp_path / "site" / "counties" / "9901" / "index.qmd"):
        listing = head(page)["listing"]
        assert isinstance(listing, dict)
        items = page.parent / listing["contents"]
        (row,) = yaml.safe_load(items.read_text(encoding="utf-8"))
        assert (tmp_path / row["path"].removeprefix("/")).exists()
        assert (row["title"], row["year"], row["overall"]) == ("青溪县", "2024", "未达到")
        assert set(listing["fields"]) <= set(row)
    assert head(page)["title"] == "云川市"


def test_each_language_has_its_own_reports(output: Path, tmp_path: Path) -> None:
    (entry,) = website.lay(output, tmp_path, "en", "internal")
    assert entry.folder.endswith("internal-en-national-2017")
    assert {path.name for path in (tmp_path / "site").glob("*.qmd")} == {"about.qmd", "method.qmd"}
    assert head(tmp_path / "site" / "about.qmd")["title"] == "About"


def test_the_public_sees_no_internal_report_and_no_notebook_that_names_schools(output: Path, tmp_path: Path) -> None:
    assert website.lay(output, tmp_path, "zh", "public") == []
    assert not (tmp_path / "site" / "research").exists()
    public = output / "990101" / "2024" / "public-zh-national-2017"
    shutil.copytree(output / "990101" / "2023", public)
    told = json.loads((public / "results.json").read_text(encoding="utf-8")) | {"audience": "public"}
    (public / "results.json").write_text(json.dumps(told), encoding="utf-8")
    assert [entry.folder for entry in website.lay(output, tmp_path, "zh", "public")] == [
        "990101/2024/public-zh-national-2017"
    ]
    assert not (tmp_path / "site" / "research").exists()


def test_what_the_last_render_had_and_this_one_has_not_is_gone(output: Path, tmp_path: Path) -> None:
    website.lay(output, tmp_path, "zh", "internal")
    shutil.rmtree(output / "990101")
    assert website.lay(output, tmp_path, "zh", "internal") == []
    assert not list((tmp_path / "site" / "counties").rglob("*.ipynb"))


def test_what_quarto_has_executed_lies_there_again_until_a_cell_or_the_data_change(
    output: Path, tmp_path: Path
) -> None:
    """Quarto freezes by the bytes of a notebook after it has written into it what cells gave."""
    website.lay(output, tmp_path, "zh", "internal")
    walks = {name: tmp_path / "site" / "research" / f"{name}.ipynb" for name in website.WALKS}
    for path in walks.values():
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        code[0].outputs = [nbformat.v4.new_output("stream", text="executed")]
        nbformat.write(notebook, path)
    left = {name: path.read_bytes() for name, path in walks.items()}

    notebook = nbformat.read(walks["what_if"], as_version=4)
    notebook.cells[-1].source += "\n1"
    nbformat.write(notebook, walks["what_if"])
    notebook = nbformat.read(walks["walk_rate"], as_version=4)
    notebook.metadata["junheng"]["data"] = "of before"
    nbformat.write(notebook, walks["walk_rate"])
    website.lay(output, tmp_path, "zh", "internal")
    assert {name for name, path in walks.items() if path.read_bytes() == left[name]} == {"walk_coefficient"}
    assert all(b"executed" not in walks[name].read_bytes() for name in ("what_if", "walk_rate"))


def test_a_notebook_that_a_killed_render_left_is_laid_anew(output: Path, tmp_path: Path) -> None:
    website.lay(output, tmp_path, "zh", "internal")
    path = tmp_path / "site" / "research" / "walk_rate.ipynb"
    path.write_bytes(path.read_bytes()[:100])
    website.lay(output, tmp_path, "zh", "internal")
    assert nbformat.read(path, as_version=4).cells
