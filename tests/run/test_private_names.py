"""The names of Papermill and nbclient that are no part of what they promise, and what they must take and give.

Both are pinned exactly (tests/test_dependencies.py). A version in which one of these fails can't be taken as it is.
"""

import inspect

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from nbclient.util import run_hook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.parameterize import parameterize_notebook

from analysis.run.build.execute import Finishing


def parameters(called: object) -> list[str]:
    """Return the names of what a function takes, `self` apart."""
    return [name for name in inspect.signature(called).parameters if name not in ("self", "cls")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("owner", "name", "takes"),
    [
        (NotebookClient, "_get_timeout", ["cell"]),
        (NotebookClient, "_check_raise_for_error", ["cell", "cell_index", "exec_reply"]),
        (NotebookClient, "process_message", ["msg", "cell", "cell_index"]),
        (NotebookClient, "reset_execution_trackers", []),
        (NotebookClient, "async_execute_cell", ["cell", "cell_index", "execution_count", "store_history"]),
        (CellTimeoutError, "error_from_timeout_and_cell", ["msg", "timeout", "cell"]),
        (PapermillNotebookClient, "__init__", ["nb_man", "km", "raise_on_iopub_timeout", "kw"]),
        (PapermillNotebookClient, "papermill_execute_cells", []),
        (NotebookExecutionManager, "cell_exception", ["cell", "cell_index", "kwargs"]),
    ],
)
def test_a_method_takes_what_it_is_given(owner: type, name: str, takes: list[str]) -> None:
    assert parameters(getattr(owner, name)) == takes


@pytest.mark.parametrize("name", ["skip_cells_with_tag", "on_cell_start", "clear_before_next_output"])
def test_a_client_has_the_setting(name: str) -> None:
    assert hasattr(PapermillNotebookClient, name) or name in inspect.getsource(NotebookClient)


def test_the_check_of_errors_and_the_hook_are_awaited() -> None:
    assert inspect.iscoroutinefunction(NotebookClient._check_raise_for_error)
    assert inspect.iscoroutinefunction(run_hook)


def test_the_engine_is_that_of_papermill_and_gets_the_manager_first() -> None:
    assert papermill_engines.get_engine(Finishing.name) is Finishing
    assert parameters(NBClientEngine.execute_managed_notebook)[:2] == ["nb_man", "kernel_name"]


def test_parameters_are_written_into_a_copy_by_kernel_and_language() -> None:
    assert parameters(parameterize_notebook)[:2] == ["nb", "parameters"]
    assert {"kernel_name", "language"} <= set(parameters(parameterize_notebook))
