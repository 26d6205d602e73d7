"""A report of the sample county that fails, made once, in all formats."""

import ast
import base64
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import project
from analysis.render import Meta, annex, pick, render, results
from analysis.tell import Report, open_report


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return open_report("990101", data=project.raw(), processed=tmp_path_factory.mktemp("processed"))


@pytest.fixture(scope="session")
def meta(report: Report) -> Meta:
    return Meta(
        title=f"{report.name}{report.year}年义务教育优质均衡监测报告",
        subtitle="",
        county=report.name,
        year=report.year,
        lang="zh",
        audience="internal",
        synthetic=True,
        date="2024-11-20",
        office="办公室",
        province=report.province["zh"],
    )


def executed(report: Report) -> Any:
    """Return the county's notebook as a kernel would leave it, without the seconds that a kernel takes."""
    notebook = nbformat.read(project.notebooks() / "county_report.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        last = ast.parse(cell.source).body[-1]
        if not isinstance(last, ast.Expr):
            continue
        shown = eval(ast.unparse(last), {"report": report})
        if shown is None:
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(project.RENDERS, "1")
            given = shown._repr_mimebundle_()
        data, about = given if isinstance(given, tuple) else (given, {})
        texts = {kind: base64.b64encode(one).decode() if isinstance(one, bytes) else one for kind, one in data.items()}
        cell.outputs = [nbformat.v4.new_output("execute_result", texts, metadata=about, execution_count=1)]
    return notebook


@pytest.fixture(scope="session")
def built(report: Report, meta: Meta, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole report: report.html, report.pdf, report.docx, annex.xlsx, results.json."""
    folder = tmp_path_factory.mktemp("built")
    nbformat.write(executed(report), folder / "report.ipynb")
    render(folder / "report.ipynb", folder, ("html", "pdf", "docx"), pick("embedded"), meta)
    annex.write(report, folder / "annex.xlsx", meta)
    results.write(report, folder / "results.json")
    return folder
