"""Figures and tables of a report one by one: what the notebook drew, as files for slides."""

import base64
import json
from pathlib import Path

import openpyxl

from analysis.render import slides
from analysis.run.commands import beside_report

TABLE = """::: {#tbl-fields}

```{=html}
<table><caption>2024年各领域判定情况</caption><thead><tr><th>领域</th><th>项数</th></tr></thead>
<tbody><tr><td>资源配置</td><td class="num">1,234</td></tr><tr><td>=甲</td><td>85.3%</td></tr></tbody></table>
```
:::"""


def notebook(path: Path) -> Path:
    drawn = {
        "data": {"image/png": base64.b64encode(b"png").decode(), "image/svg+xml": ["<svg/>"]},
        "metadata": {"junheng": {"id": "fig-schools", "caption": "各校"}},
    }
    cells = [{"outputs": [drawn]}, {"outputs": [{"data": {"text/markdown": TABLE}}]}, {"source": "text"}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_each_figure_is_a_file_and_each_table_a_sheet(tmp_path: Path) -> None:
    names = slides.write(notebook(tmp_path / "report.ipynb"), tmp_path)
    assert names == ["fig-schools.png", "fig-schools.svg", "tables.xlsx", "captions.txt"]
    assert (tmp_path / "fig-schools.png").read_bytes() == b"png"
    page = openpyxl.load_workbook(tmp_path / "tables.xlsx")["1 fields"]
    rows = [("2024年各领域判定情况", None), ("领域", "项数"), ("资源配置", 1234), ("=甲", "85.3%")]
    assert list(page.iter_rows(values_only=True)) == rows
    captions = (tmp_path / "captions.txt").read_text(encoding="utf-8").splitlines()
    assert captions == ["fig-schools　各校", "tbl-fields　2024年各领域判定情况"]


def test_they_lie_in_a_folder_of_the_report_and_what_is_no_more_goes(tmp_path: Path) -> None:
    notebook(tmp_path / "report.ipynb")
    assert "figures" in beside_report.figures(tmp_path)
    (tmp_path / "report.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    beside_report.figures(tmp_path)
    assert sorted(path.name for path in (tmp_path / "figures").glob("[!.]*")) == ["captions.txt"]


def test_figures_are_asked_for_among_formats() -> None:
    asked = {"html,figures": ("html", True), "figures": ("html", True), "pdf": ("pdf", False), "": ("", False)}
    assert {words: beside_report.asked(words) for words in asked} == asked
