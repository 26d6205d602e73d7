"""The notebook of a county: committed clean, runs from top to bottom, shows only what both engines read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from analysis.run.build.execute import execute, kernel

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "county_report.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("notebook")
    with kernel(NOTEBOOK.parent) as manager:
        execute(NOTEBOOK, {"processed": str(folder / "processed")}, folder / "report.ipynb", manager)
    return nbformat.read(folder / "report.ipynb", as_version=4)


def test_is_committed_without_outputs_and_with_lists_of_lines() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(isinstance(cell["source"], list) for cell in cells)
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells if cell["cell_type"] == "code"
    )


def test_opens_with_front_matter_and_has_one_cell_of_parameters() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    front = yaml.safe_load("".join(cells[0]["source"]).strip("-\n"))
    assert cells[0]["cell_type"] == "raw"
    assert front["title"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    defined: dict[str, Any] = {}
    exec("".join(tagged[0]["source"]), defined)
    assert {"county", "year", "standard", "plan", "audience", "lang", "data", "processed"} <= defined.keys()
    assert defined["county"] == "990101"


def test_shows_markdown_and_pictures_alone(executed: Any) -> None:
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {frozenset(output.data) for output in outputs}
    assert all(output.output_type == "execute_result" for output in outputs)
    assert {kind - {"text/plain"} for kind in kinds} == {
        frozenset({"text/markdown"}),
        frozenset({"image/svg+xml", "image/png"}),
    }


def test_pictures_carry_their_caption_and_text_for_those_who_cannot_see_them(executed: Any) -> None:
    said = [
        output.metadata["junheng"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "image/png" in output.data
    ]
    assert {one["id"] for one in said} >= {"fig-schools", "fig-trends", "fig-levels", "fig-rates"}
    assert all(one["caption"] and one["alt"] for one in said)


def test_chapters_come_in_the_order_of_the_field(executed: Any) -> None:
    text = "\n".join(
        output.data["text/markdown"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/markdown" in output.data
    )
    body = ["结论", "基本情况", "主要指标达标情况", "进展情况", "存在的主要问题", "意见建议与整改要求"]
    annexes = ["各校指标一览", "差异系数及变化", "逐项判定依据", "整改台账与工作日历", "本县测试", "方法与来源"]
    heads = [line.removeprefix("# ").split(" {")[0] for line in text.splitlines() if line.startswith("# ")]
    assert heads == [*body, "数据说明", *annexes]


@pytest.mark.cold
def test_runs_in_a_kernel_of_its_own() -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(NOTEBOOK)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
