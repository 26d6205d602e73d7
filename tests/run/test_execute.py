"""Executing a notebook: parameters in, outputs out, one line where a cell fails, nothing left behind."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import analysis
from analysis.errors import DataError, message
from analysis.project import RENDERS
from analysis.run.build import forking
from analysis.run.build.execute import NotebookError, execute, kernel
from analysis.run.processes import forkserver

pytestmark = pytest.mark.cold

#: In a process of its own: what `kernel` gives before and after Polars executed something, and what a cell prints.
FORKS = """
import os, sys
from pathlib import Path
import polars
from analysis.run.build.execute import NotebookError, execute, kernel

source, output = Path(sys.argv[1]), Path(sys.argv[2])
with kernel(source.parent) as manager:
    execute(source, {"county": "990101"}, output, manager)
    print(type(manager).__name__)
with kernel(source.parent) as manager:
    try:
        execute(source, {"county": "killed"}, output.with_name("other.ipynb"), manager)
    except NotebookError as fault:
        print(fault)
polars.DataFrame({"a": [1]}).lazy().select(polars.col("a") * 2).collect()
with kernel(source.parent) as manager:
    print(type(manager).__name__)
"""


def notebook(folder: Path, *cells: str) -> Path:
    first = new_code_cell('county = ""', metadata={"tags": ["parameters"]})
    path = folder / "a.ipynb"
    nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)]), path)
    return path


def run(path: Path, output: Path, on_cell: Callable[[int, int], None] = lambda begun, of: None) -> None:
    with kernel(path.parent) as manager:
        execute(path, {"county": "990101"}, output, manager, on_cell)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Execute in a kernel, whatever this process has done before."""
    monkeypatch.setattr(forking, "can_fork", lambda: False)


@pytest.mark.skipif(not forkserver.possible(), reason="this system can't fork")
def test_cells_are_executed_in_a_fork_until_polars_has_begun(tmp_path: Path) -> None:
    """And a child that the system kills is told in one line."""
    asks = "import os, signal, sys; print(county, os.getcwd(), os.environ.get('JUNHENG_ASKED'))"
    dies = "if county == 'killed': os.kill(os.getpid(), signal.SIGKILL)"
    path, output = notebook(tmp_path, asks, dies), tmp_path / "out.ipynb"
    environment = os.environ | {"JUNHENG_ASKED": "yes", "OPENBLAS_NUM_THREADS": "4"}
    done = subprocess.run(
        [sys.executable, "-c", FORKS, path, output], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    first, killed, last = done.stdout.splitlines()
    assert (first, last) == ("_Forked", "OwnKernel")
    assert killed == message("notebook_ended", notebook=path.name)
    assert nbformat.read(output, as_version=4).cells[2].outputs[0].text == f"990101 {tmp_path} yes\n"
    assert not output.with_name("other.ipynb").exists()


def test_the_kernel_is_this_python_with_this_package_and_no_port(tmp_path: Path, temporary: Path) -> None:
    asks = "import os, sys, analysis; print(county, sys.executable, analysis.__file__, os.getcwd(), sep='\\n')"
    begun: list[tuple[int, int]] = []
    ports = "from ipykernel.kernelapp import IPKernelApp; print(IPKernelApp.instance().transport)"
    path = notebook(tmp_path, asks, ports)
    run(path, tmp_path / "out.ipynb", lambda cell, of: begun.append((cell, of)))

    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    said = executed.cells[2].outputs[0].text.splitlines()
    assert said == ["990101", sys.executable, analysis.__file__, str(tmp_path)]
    assert executed.cells[3].outputs[0].text.strip() == "ipc"
    assert begun[-1] == (4, 4)
    assert not list(temporary.iterdir())


def test_the_executed_notebook_says_nothing_of_where_it_was_executed(tmp_path: Path) -> None:
    """Cells see the whole path; what is kept names the folder alone."""
    path = notebook(tmp_path, "import os; assert os.path.isabs(data) and data.endswith('/raw')")
    with kernel(path.parent) as manager:
        words = {"county": "990101", "data": str(tmp_path / "raw"), "standard": "national-2017", "plan": None}
        executed = execute(path, words, tmp_path / "out.ipynb", manager)
    assert executed.metadata.papermill["parameters"] == words | {"data": "raw"}
    assert 'data = "raw"' in executed.cells[1].source
    assert len(executed.cells) == 3
    assert str(tmp_path) not in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_in_a_folder_too_deep_for_sockets_the_kernel_takes_the_loopback(
    tmp_path: Path, temporary: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deep = temporary / ("d" * 100)
    deep.mkdir()
    tempfile.tempdir = str(deep)
    path = notebook(tmp_path, "from ipykernel.kernelapp import IPKernelApp; print(IPKernelApp.instance().transport)")
    run(path, tmp_path / "out.ipynb")
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[2].outputs[0].text.strip() == "tcp"
    assert not list(deep.iterdir())
    assert "WARNING" not in capfd.readouterr().err


def test_the_executed_notebook_names_no_place(tmp_path: Path) -> None:
    run(notebook(tmp_path, "1 + 1"), tmp_path / "out.ipynb")
    assert str(tmp_path) not in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_what_was_executed_is_finished_once_before_it_is_written_and_returned(tmp_path: Path) -> None:
    path, output = notebook(tmp_path, "1 + 1"), tmp_path / "{county} out.ipynb"
    finished: list[nbformat.NotebookNode] = []

    def finish(executed: nbformat.NotebookNode) -> None:
        executed.cells[2].source = "2"
        finished.append(executed)

    with kernel(tmp_path) as manager:
        executed = execute(path, {"county": "990101"}, output, manager, finish=finish)
    assert finished == [executed]
    nbformat.write(executed, tmp_path / "again.ipynb")
    assert executed.cells[2].source == "2"
    assert output.read_bytes() == (tmp_path / "again.ipynb").read_bytes()


def test_a_notebook_with_a_failed_cell_is_not_finished(tmp_path: Path) -> None:
    path = notebook(tmp_path, "1 / 0")
    with kernel(tmp_path) as manager, pytest.raises(NotebookError):
        execute(path, {"county": "990101"}, tmp_path / "out.ipynb", manager, finish=pytest.fail)


def test_cells_know_that_they_are_rendered(tmp_path: Path) -> None:
    run(notebook(tmp_path, f"import os; print(os.environ.get({RENDERS!r}))"), tmp_path / "out.ipynb")
    executed = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert executed.cells[2].outputs[0].text.strip() == "1"


#: As where a traceback can't be shown: IPython then writes what it can, and no message tells the fault.
UNSHOWN = "get_ipython().showtraceback = lambda *_, **__: None\nraise KeyError('library_books')"


def test_a_cell_whose_traceback_cannot_be_shown_tells_its_cause(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"KeyError: 'library_books'"):
        run(notebook(tmp_path, UNSHOWN), tmp_path / "out.ipynb")


def test_a_failing_cell_is_told_in_one_line_and_nothing_is_written(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(NotebookError) as fault:
        run(notebook(tmp_path, "value = 1 / 0"), tmp_path / "out.ipynb")
    assert "value = 1 / 0" in str(fault.value)
    assert "ZeroDivisionError" in str(fault.value)
    assert fault.value.exit_code == 1
    assert not (tmp_path / "out.ipynb").exists()
    assert not list(temporary.iterdir())


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["DataError", "RequestError"])
def test_a_fault_of_the_data_is_told_as_it_is_and_not_as_a_cells(tmp_path: Path, kind: str) -> None:
    asked = f"from analysis.errors import {kind}\nraise {kind}('ledger_unreadable', file='{{x}}.xlsx')"
    with pytest.raises(DataError) as fault:
        run(notebook(tmp_path, asked), tmp_path / "out.ipynb")
    assert fault.value.exit_code == 2
    assert str(fault.value) == str(DataError("ledger_unreadable", file="{x}.xlsx"))
