"""Execute a notebook: Papermill over nbclient, in a kernel of the very Python that runs this.

No kernel need be installed (the project's environment brings its own), and parent and kernel talk over Unix sockets
where there are any: nothing listens on the network.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError
from traitlets import default

import analysis
from analysis.errors import JunhengError

#: Seconds for one cell; a county of 300 schools takes a few.
CELL_LIMIT = 600


class NotebookError(JunhengError):
    """A cell failed; the message shows its first line and says with what."""


class OwnKernel(AsyncKernelManager):
    """A manager whose kernel is the running Python, whatever kernels are installed; it sees the same `analysis`."""

    @default("transport")
    def _transport(self) -> str:
        return "tcp" if sys.platform == "win32" else "ipc"

    @default("connection_file")
    def _connection_file(self) -> str:
        # Sockets lie beside this file, and their paths may have 107 bytes.
        return str(Path(tempfile.mkdtemp(prefix="jh-")) / "kernel.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return the one kernel there is."""
        here = str(Path(analysis.__file__).parent.parent)
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            env={"PYTHONPATH": os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])},
            display_name="Python 3",
            language="python",
        )

    def cleanup_connection_file(self) -> None:
        """Remove the connection file and the folder that was made for it."""
        super().cleanup_connection_file()
        shutil.rmtree(Path(self.connection_file).parent, ignore_errors=True)


def execute(
    notebook: Path,
    parameters: dict[str, Any],
    output: Path,
    on_cell: Callable[[int, int], None] = lambda begun, of: None,
) -> None:
    """Write `notebook`, executed with `parameters`, to `output`; `on_cell` hears how many cells of how many are begun.

    Raises NotebookError where a cell fails; what was executed until then is not kept.
    """
    total = len(nbformat.read(notebook, as_version=4).cells)
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            None,
            parameters=parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=str(notebook.parent),
            execution_timeout=CELL_LIMIT,
            kernel_manager_class=OwnKernel,
            on_cell_start=lambda cell, cell_index: on_cell(cell_index + 1, total + 1),
        )
    except PapermillExecutionError as error:
        cell = next(iter(error.source.strip().splitlines()), "")
        reason = f"{error.ename}: {error.evalue}"
        raise NotebookError("notebook_failed", notebook=notebook.name, cell=cell, reason=reason) from error
    for path in ("input_path", "output_path"):
        executed.metadata.papermill.pop(path, None)
    nbformat.write(executed, output)
