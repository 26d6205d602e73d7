"""Every table and figure of the county report is called in the text, in the order in which they stand."""

import json
import re
from collections.abc import Callable

import pytest

from analysis import project
from analysis.tell import Report

from .conftest import STORIES

CELLS = re.compile(r'report\.(chapter|table|figure)\("(\w+)"\)')


def parts() -> list[tuple[str, str]]:
    """Return the chapters, tables and figures of the notebook in order."""
    notebook = json.loads((project.notebooks() / "county_report.ipynb").read_text(encoding="utf-8"))
    return [(kind, name) for cell in notebook["cells"] for kind, name in CELLS.findall("".join(cell["source"]))]


@pytest.mark.parametrize("audience", ["internal", pytest.param("public", marks=pytest.mark.slow)])
@pytest.mark.sampled(2)
@pytest.mark.parametrize("county", STORIES)
def test_tables_and_figures_are_called_in_order(sample: Callable[..., Report], county: str, audience: str) -> None:
    report = sample(county, audience=audience)
    text = "\n".join(report.chapter(name).text for kind, name in parts() if kind == "chapter")
    for kind, mark in (("table", "tbl"), ("figure", "fig")):
        there = [f"{mark}-{made.id}" for of, name in parts() if of == kind and (made := getattr(report, kind)(name))]
        called = list(dict.fromkeys(re.findall(rf"@({mark}-[a-z-]+)", text)))
        assert called == there


@pytest.mark.sampled(2)
@pytest.mark.parametrize("county", STORIES)
def test_no_section_stands_alone(sample: Callable[..., Report], county: str) -> None:
    report = sample(county)
    text = "\n".join(report.chapter(name).text for kind, name in parts() if kind == "chapter")
    for chapter in re.split(r"(?m)^# ", text)[1:]:
        assert len(re.findall(r"(?m)^## ", chapter)) != 1, chapter[:40]
