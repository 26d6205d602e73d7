"""Cells executed in a forked child (cell_server): what stands in a kernel's place, and Papermill's client for it.

All that an executed notebook holds is put there by nbclient and Papermill, from the same messages as a kernel's.
"""

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError
from nbclient.util import run_hook
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from analysis.run.build import line

Message = dict[str, Any]


class Child:
    """A child at the other end of a line, that executes cells; it ends when the line does.

    Raises ConnectionError where the child has ended, as does `run`.
    """

    def __init__(self, to_child: socket.socket, request: Message | None = None) -> None:
        """Wait until the child is there; `request` is what to say before, if anything."""
        self._line = to_child
        self._answers = to_child.makefile("rb")
        try:
            self._ask(request)
        except BaseException:
            self.end()
            raise

    def run(self, source: str, seconds: int | None) -> tuple[list[Message], Message]:
        """Execute a cell; return messages and reply (cells.run). Raises TimeoutError after `seconds`."""
        self._line.settimeout(seconds)
        answer = self._ask({"source": source})
        return answer["messages"], answer["reply"]

    def _ask(self, request: Message | None) -> Message:
        if request is not None:
            self._line.sendall(json.dumps(request).encode() + b"\n")
        answer = self._answers.readline()
        if not answer.endswith(b"\n"):
            raise ConnectionResetError("the forked child has ended")
        answer_line: Message = json.loads(answer)
        return answer_line

    def end(self) -> None:
        """Let the child end, in whatever state it is."""
        self._answers.close()
        self._line.close()


def asked(folder: str, environment: dict[str, str]) -> Child:
    """Return a child of the process at `line.ADDRESS` that works in `folder`; ConnectionError where it has ended."""
    try:
        to_child = line.connected(os.environ[line.ADDRESS])
    except FileNotFoundError as fault:
        raise ConnectionResetError("what children are forked from has ended") from fault
    return Child(to_child, {"do": "cells", "cwd": folder, "env": environment})


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client, with a forked child in the place of a kernel."""

    def __init__(self, managed: Any, child: Child, **words: Any) -> None:
        super().__init__(managed, **words)
        self._child = child

    def execute(self, **_: Any) -> NotebookNode:
        """Execute the notebook cell by cell until one fails."""
        self.reset_execution_trackers()
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        """Execute a cell. Raises CellExecutionError where it fails, CellTimeoutError where it takes too long."""
        await run_hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        cell.metadata["execution"], cell.outputs = {}, []
        self.clear_before_next_output = False
        limit = self._get_timeout(cell)
        try:
            messages, reply = self._child.run(cell.source, limit)
        except TimeoutError as fault:
            raise CellTimeoutError.error_from_timeout_and_cell("", limit, cell) from fault
        with suppress(CellExecutionComplete):
            for message in messages:
                message["header"]["date"] = datetime.fromisoformat(message["header"]["date"])
                self.process_message(message, cell, cell_index)
        cell.metadata["execution"]["shell.execute_reply"] = cell.metadata["execution"]["iopub.status.idle"]
        await self._check_raise_for_error(cell, cell_index, {"content": reply})
        return cell

    execute_cell: Callable[..., NotebookNode] = run_sync(async_execute_cell)
