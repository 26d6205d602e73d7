"""What can be asked of a document is said, all of it, and nothing that can't be."""

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import nbformat
import pytest

from analysis import project
from analysis.errors import RequestError
from analysis.kinds import kinds
from analysis.tell.documents import names
from analysis.tell.documents.document import Document

from .conftest import school, small


def asked(notebook: Path) -> set[tuple[str, str]]:
    """Return part and name of all that a notebook asks of its document."""
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    calls = [node for source in cells for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        (call.func.attr, str(call.args[0].value))
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("chapter", "table", "figure") and call.args
        if isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("kind", kinds())
def test_all_that_a_notebook_asks_for_is_said(kind: str) -> None:
    wanted = asked(project.notebooks() / kinds()[kind].notebook)
    assert wanted
    known = {(part, name) for part, found in names.names(kind).items() for name in found}
    assert wanted <= known


def test_what_makes_a_table_is_none() -> None:
    told = small([school("1")]).offers()
    assert "coefficients" in told["table"]
    assert not {"build", "items", "computed"} & set(told["table"])
    assert not {"build", "layout"} & set(told["figure"])
    assert "findings" in told["frame"]
    assert "scores" not in small([school("1")], audience="public").offers()["frame"]


@pytest.mark.parametrize(
    ("part", "name", "known"),
    [
        ("chapter", "conclusions", "conclusion"),
        ("table", "coefficient", "coefficients"),
        ("table", "build", "coefficients"),
        ("table", "no.such", "coefficients"),
        ("figure", "school", "schools"),
    ],
)
def test_an_unknown_name_says_which_there_are(part: str, name: str, known: str) -> None:
    with pytest.raises(RequestError, match=rf"{name}.*{known}"):
        getattr(small([school("1")]), part)(name)


def test_a_table_of_a_document_with_one_module_of_them_is_refused_too() -> None:
    told: Any = SimpleNamespace(kind="township")
    with pytest.raises(RequestError, match="schools"):
        Document.table(cast(Document, told), "school")
