"""A parameter that a notebook does not know is refused: nothing would heed it, and the report would be another's."""

from types import SimpleNamespace
from typing import Any

import pytest

from analysis.errors import RequestError
from analysis.tell import open_report
from analysis.tell.documents import injected

OWN = '#| tags: [parameters]\ncounty = "990101"\nyear = None'
OPENS = "report = open_report(county, year)"


def in_shell(monkeypatch: pytest.MonkeyPatch, *cells: str) -> None:
    """Have IPython say that it has executed these cells."""
    shell = SimpleNamespace(user_ns={"In": ["", *cells]})
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)


@pytest.mark.parametrize("head", injected.HEADS)
def test_a_misspelt_parameter_is_refused(monkeypatch: pytest.MonkeyPatch, head: str) -> None:
    in_shell(monkeypatch, OWN, f"{head}\ncuonty = 990102", OPENS)
    with pytest.raises(RequestError, match=r"cuonty.*county、year"):
        open_report("990101")


@pytest.mark.parametrize(
    "cells",
    [
        (),
        (OWN, OPENS),
        (OWN, '# Parameters\ncounty = "990102"\nyear = 2023', OPENS),
        (OWN, "#| tags: [parameters]\n# Injected Parameters\ncounty = 990102", OPENS),
        (OWN, "cuonty = 1", OPENS),  # what a person wrote is a person's own
        ("import os", "# Parameters\nlang = 'en'"),  # without a cell of parameters nothing is known of them
        (OWN, "# Parameters\nthis is no code"),
    ],
)
def test_all_else_passes(monkeypatch: pytest.MonkeyPatch, cells: tuple[str, ...]) -> None:
    in_shell(monkeypatch, *cells)
    injected.check()


def test_the_last_notebook_of_a_kernel_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    in_shell(monkeypatch, OWN, "# Parameters\ncuonty = 1", OWN, "# Parameters\ncounty = 1")
    injected.check()


def test_a_fault_is_one_line_in_a_notebook() -> None:
    fault: Any = RequestError("parameter_unknown", names="cuonty", known="county")
    assert fault._render_traceback_() == [str(fault)]
