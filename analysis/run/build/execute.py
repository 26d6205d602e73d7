"""Execute a notebook: Papermill over nbclient, in a kernel of the very Python that runs this, or in a forked child.

No kernel need be installed (the project's environment brings its own), and parent and kernel talk over Unix sockets
where there are any: nothing listens on the network.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, NoReturn, Union

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.parameterize import parameterize_notebook
from traitlets import default

import analysis
from analysis.errors import DataError, JunhengError, RequestError
from analysis.project import RENDERS
from analysis.render.leftovers import INJECTED
from analysis.run.build import cell_client, forking, line

#: What executes cells.
Kernel = Union["OwnKernel", cell_client.Child]

#: Seconds for one cell; a county of 300 schools takes a few.
CELL_LIMIT = 600
_TIMES = ("start_time", "end_time", "duration")
#: Bytes that the path of a Unix socket may have everywhere; in a longer folder (TMPDIR) the kernel takes the loopback.
SOCKET_LIMIT = 103
_SOCKET = "/kernel-ipc-5"


class NotebookError(JunhengError):
    """A cell failed; the message shows its first line and says with what."""


class OwnKernel(AsyncKernelManager):
    """A manager whose kernel is the running Python, whatever kernels are installed; it sees the same `analysis`."""

    def __init__(self, **words: Any) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="jh-"))
        self._clients: list[Any] = []
        super().__init__(connection_file=str(self._folder / "kernel.json"), **words)

    @default("transport")
    def _transport(self) -> str:
        short = len(os.fsencode(self._folder)) + len(_SOCKET) <= SOCKET_LIMIT
        return "ipc" if sys.platform != "win32" and short else "tcp"

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernel there is."""
        here = str(Path(analysis.__file__).parent.parent)
        return KernelSpec(
            # Of the loopback the kernel would warn in words that no reader of reports can use.
            argv=[sys.executable, "-m", "analysis.run.build.kernel", "-f", "{connection_file}", "--log-level=ERROR"],
            env={"PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])},
            display_name="Python 3",
            language="python",
        )

    def client(self, **words: Any) -> Any:
        """Return a client, and remember it for the end."""
        self._clients.append(super().client(**words))
        return self._clients[-1]

    def end(self) -> None:
        """Kill the kernel and clear away its sockets, in whatever state it is: nothing in it is worth waiting for."""
        for client in self._clients:
            client.stop_channels()
        process = getattr(self.provisioner, "process", None)
        if process:
            process.kill()
            process.wait()
        self.context.destroy(linger=0)
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def kernel(folder: Path) -> Iterator[Kernel]:
    """Start what executes cells in `folder`, without waiting until it is ready; it ends with the context.

    That is a forked child wherever one can be: of the warm process (run.processes.forkserver) in a child of it, else of
    this process, which then imports everything once for both; and a kernel where there is no fork.
    """
    environment = os.environ | {RENDERS: "1"}
    with ExitStack() as ends:
        if line.ADDRESS in os.environ or forking.can_fork():
            start = cell_client.asked if line.ADDRESS in os.environ else forking.forked
            child = start(str(folder), environment)
            ends.callback(child.end)
            yield child
        else:
            manager = OwnKernel(kernel_name="python3")
            ends.callback(manager.end)
            run_sync(manager.start_kernel)(cwd=str(folder), env=environment)
            yield manager


class Finishing(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine; what it has executed is finished before Papermill writes it."""

    name = "finishing"

    @classmethod
    def execute_notebook(cls, nb: Any, *about: Any, **words: Any) -> Any:
        """Execute, and forget when: the same data make the same notebook on any day."""
        executed = super().execute_notebook(nb, *about, **words)
        if not executed.metadata.papermill.exception:  # else Papermill asks each cell
            timeless(executed)
        return executed

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        finish: Callable[[Any], None],
        faults: list[CellExecutionError],
        km: Kernel,
        **words: Any,
    ) -> None:
        """Execute as nbclient does, in whatever `kernel` gave; `finish` gets the notebook unless a cell failed.

        Why one failed is added to `faults`: where IPython can't show a traceback, the notebook does not hold it.
        """
        noted = nb_man.cell_exception

        def note(*cell: Any, exception: CellExecutionError, **more: Any) -> None:
            faults.append(exception)
            noted(*cell, exception=exception, **more)

        nb_man.cell_exception = note
        if isinstance(km, OwnKernel):
            super().execute_managed_notebook(nb_man, kernel_name, km=km, **words)
        else:
            cell_client.Client(nb_man, km, timeout=CELL_LIMIT, on_cell_start=words["on_cell_start"]).execute()
        metadata = nb_man.nb.metadata.papermill
        for path in ("input_path", "output_path"):
            metadata.pop(path, None)
        if not metadata.exception:
            finish(nb_man.nb)


def timeless(executed: Any) -> None:
    """Take out of an executed notebook what differs from run to run: times, and the id of the cell put in."""
    for name in _TIMES:
        executed.metadata.papermill.pop(name, None)
    for cell in executed.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("papermill", None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED


papermill_engines.register(Finishing.name, Finishing)


def execute(
    notebook: Path,
    parameters: dict[str, Any],
    output: Path,
    manager: Kernel,
    on_cell: Callable[[int, int], None] = lambda begun, of: None,
    finish: Callable[[Any], None] = lambda executed: None,
) -> Any:
    """Write `notebook`, executed with `parameters` in the kernel of `manager`, to `output`, and return it.

    `on_cell` hears how many cells of how many are begun; `finish` may change what was executed before it is written
    (a notebook of megabytes is read and written once less). Raises NotebookError where a cell fails or takes longer
    than CELL_LIMIT, or what executes cells was killed, DataError with its line where the data do; what was executed
    until then is not kept. ConnectionError in a child of the warm process (run.processes) that has ended.
    """
    total = len(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    faults: list[CellExecutionError] = []
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(output).replace("{", "{{").replace("}", "}}"),  # Papermill fills in what stands between braces
            parameters=parameters,
            engine_name=Finishing.name,
            request_save_on_cell_execute=False,
            finish=lambda executed: finish(_named(executed, parameters)),
            faults=faults,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            execution_timeout=CELL_LIMIT,
            km=manager,
            on_cell_start=lambda cell, cell_index: on_cell(cell_index + 1, total + 1),
        )
    except PapermillExecutionError as error:
        output.unlink(missing_ok=True)
        name, value = (faults[-1].ename, faults[-1].evalue) if faults else (error.ename, error.evalue)
        raise _fault(notebook, error.source, name, value) from error
    except (CellTimeoutError, DeadKernelError, ConnectionError) as error:
        _tell_ended(notebook, error)
    with output.open("a", encoding="utf-8") as file:
        file.write("\n")  # as nbformat ends a file
    return executed


def ask(child: cell_client.Child, notebook: Path, source: str) -> str:
    """Return what a cell prints that is no part of `notebook`, executed after those that are.

    Raises what `execute` does.
    """
    try:
        messages, reply = child.run(source, CELL_LIMIT)
    except (TimeoutError, ConnectionError) as error:
        _tell_ended(notebook, error)
    if reply["status"] != "ok":
        raise _fault(notebook, source, reply["ename"], reply["evalue"])
    return "".join(told["content"]["text"] for told in messages if told["msg_type"] == "stream")


def _fault(notebook: Path, source: str, name: str, value: str) -> JunhengError:
    """Return what to raise of a cell that failed by an exception of this name."""
    if name in (RequestError.__name__, DataError.__name__):  # told in one line already, and no cell's fault
        return DataError("told", line=value)
    cell = next(iter(source.strip().splitlines()), "")
    return NotebookError("notebook_failed", notebook=notebook.name, cell=cell, reason=f"{name}: {value}")


def _tell_ended(notebook: Path, error: Exception) -> NoReturn:
    """Raise what tells that a cell took too long, or that what executes cells has ended."""
    if isinstance(error, (CellTimeoutError, TimeoutError)):
        raise NotebookError("notebook_slow", notebook=notebook.name, seconds=CELL_LIMIT) from error
    if line.ADDRESS in os.environ:  # whoever forked this process has another child try again
        raise error
    raise NotebookError("notebook_ended", notebook=notebook.name) from error


def rename(notebook: Path, parameters: dict[str, Any]) -> None:
    """Write `parameters` into an executed notebook where those stand that it was executed with.

    What was made from a copy of the data (run.cluster.worker) then reads as if it had been made where the data lie.
    """
    executed = nbformat.read(notebook, as_version=4)
    nbformat.write(_named(executed, parameters), notebook)


def anywhere(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters whose paths are names alone: where somebody keeps what is nobody's business.

    >>> anywhere({"county": "990101", "data": "/of-somebody/raw", "standard": "/of-somebody/county.yml"})
    {'county': '990101', 'data': 'raw', 'standard': 'county.yml'}
    """
    return {
        name: Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value
        for name, value in parameters.items()
    }


def _named(executed: Any, parameters: dict[str, Any]) -> Any:
    """Return an executed notebook, changed: it names `parameters` as those it was executed with, without places."""
    parameters_now = anywhere(parameters)
    if executed.metadata.papermill.get("parameters") == parameters_now:
        return executed
    # Papermill puts a cell into the notebook that it is given.
    bare = nbformat.v4.new_notebook(cells=list(executed.cells), metadata=deepcopy(executed.metadata))
    parameterized = parameterize_notebook(bare, parameters_now, kernel_name="python3", language="python")
    for cell, named in zip(executed.cells, parameterized.cells, strict=True):
        if INJECTED in cell.metadata.get("tags", []):
            cell.source = named.source
    executed.metadata.papermill["parameters"] = parameters_now
    return executed
