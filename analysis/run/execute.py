"""Execute a notebook: Papermill over nbclient, in a kernel of the very Python that runs this.

No kernel need be installed (the project's environment brings its own), and parent and kernel talk over Unix sockets
where there are any: nothing listens on the network.
"""

import json
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.parameterize import parameterize_notebook
from traitlets import default

import analysis
from analysis.errors import DataError, JunhengError, RequestError
from analysis.project import JUPYTER_SESSION
from analysis.run import warm

#: Seconds for one cell; a county of 300 schools takes a few.
CELL_LIMIT = 600
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
            argv=[sys.executable, "-m", "analysis.run.kernel", "-f", "{connection_file}", "--log-level=ERROR"],
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


class WarmKernel(OwnKernel):
    """A manager whose kernel is forked from the process that has everything imported (run.warm)."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**words)
        self.provisioner = WarmProvisioner(kernel_id=str(uuid.uuid4()), kernel_spec=self.kernel_spec, parent=self)


class WarmProvisioner(LocalProvisioner):
    """Has a kernel forked instead of started; the rest is as for any local kernel."""

    async def launch_kernel(self, cmd: list[str], **words: Any) -> KernelConnectionInfo:
        """Ask for the fork and take it for the kernel's process."""
        environment = words.get("env") or dict(os.environ)
        # cmd is [python, -m, module, arguments ...]; a fork has the module at hand.
        request = {"do": "kernel", "arguments": cmd[3:], "cwd": words.get("cwd") or str(Path.cwd()), "env": environment}
        # The line stays open as long as this process lives: it ends with it, and so does the kernel.
        self._line = warm.ask(os.environ[warm.ADDRESS], request)
        try:
            self.pid = next(self._line)["pid"]
            self.process = warm.Forked(self.pid)  # type: ignore[assignment]
        except (StopIteration, OSError) as fault:  # whoever forks has ended, or the kernel has at once
            raise ConnectionResetError("no kernel was forked") from fault
        return self.connection_info


@contextmanager
def kernel(folder: Path) -> Iterator[OwnKernel]:
    """Start a kernel that works in `folder`, without waiting until it is ready; it ends with the context."""
    manager = (WarmKernel if warm.ADDRESS in os.environ else OwnKernel)(kernel_name="python3")
    try:
        # Asked for from a notebook of a person's own, the report is made as from anywhere.
        environment = {name: value for name, value in os.environ.items() if name != JUPYTER_SESSION}
        run_sync(manager.start_kernel)(cwd=str(folder), env=environment)
        yield manager
    finally:
        manager.end()


class Finishing(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine; what it has executed is finished before Papermill writes it."""

    name = "finishing"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, finish: Callable[[Any], None], **words: Any
    ) -> None:
        """Execute as nbclient does; `finish` gets the notebook unless a cell failed."""
        super().execute_managed_notebook(nb_man, kernel_name, **words)
        told = nb_man.nb.metadata.papermill
        for path in ("input_path", "output_path"):
            told.pop(path, None)
        if not told.exception:
            finish(nb_man.nb)


papermill_engines.register(Finishing.name, Finishing)


def execute(
    notebook: Path,
    parameters: dict[str, Any],
    output: Path,
    manager: OwnKernel,
    on_cell: Callable[[int, int], None] = lambda begun, of: None,
    finish: Callable[[Any], None] = lambda executed: None,
) -> Any:
    """Write `notebook`, executed with `parameters` in the kernel of `manager`, to `output`, and return it.

    `on_cell` hears how many cells of how many are begun; `finish` may change what was executed before it is written
    (a notebook of megabytes is read and written once less). Raises NotebookError where a cell fails, DataError with its
    line where the data do; what was executed until then is not kept.
    """
    total = len(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(output).replace("{", "{{").replace("}", "}}"),  # Papermill fills in what stands between braces
            parameters=parameters,
            engine_name=Finishing.name,
            request_save_on_cell_execute=False,
            finish=finish,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            execution_timeout=CELL_LIMIT,
            km=manager,
            on_cell_start=lambda cell, cell_index: on_cell(cell_index + 1, total + 1),
        )
    except PapermillExecutionError as error:
        output.unlink(missing_ok=True)
        if error.ename in (RequestError.__name__, DataError.__name__):  # told in one line already, and no cell's fault
            raise DataError("told", line=error.evalue) from error
        cell = next(iter(error.source.strip().splitlines()), "")
        reason = f"{error.ename}: {error.evalue}"
        raise NotebookError("notebook_failed", notebook=notebook.name, cell=cell, reason=reason) from error
    with output.open("a", encoding="utf-8") as file:
        file.write("\n")  # as nbformat ends a file
    return executed


def rename(notebook: Path, parameters: dict[str, Any]) -> None:
    """Write `parameters` into an executed notebook where those stand that it was executed with.

    What was made from a copy of the data (run.worker) then reads as if it had been made where the data lie.
    """
    executed = nbformat.read(notebook, as_version=4)
    told = parameterize_notebook(deepcopy(executed), parameters, kernel_name="python3", language="python")
    for cell, named in zip(executed.cells, told.cells, strict=True):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = named.source
    executed.metadata.papermill["parameters"] = parameters
    nbformat.write(executed, notebook)
