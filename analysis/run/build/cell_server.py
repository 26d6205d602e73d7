"""The forked child that executes a notebook's cells: a kernel's shell without the kernel.

Shell, display hook and publisher are ipykernel's own, so that a cell is told in the messages that a kernel would send
of it; but they go as one line of JSON for each cell over the socket by which the child was asked for, where a kernel
takes five sockets, an event loop and three threads.
"""

import io
import json
import os
import queue
import socket
import sys
import threading
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

from analysis.run.build import kernel


class Heard(Session):
    """A session whose messages are kept instead of sent."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *words: Any, **named: Any) -> None:
        """Keep a message."""
        self.messages.append(self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type)

    def taken(self) -> list[dict[str, Any]]:
        """Return what was kept, and keep it no longer."""
        messages, self.messages = self.messages, []
        return messages


class Stream(io.TextIOBase):
    """Standard output or error of cells: a message whenever it is flushed."""

    encoding = "UTF-8"

    def __init__(self, name: str, session: Heard) -> None:
        self.name = name
        self._session = session
        self._parts: list[str] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Take text until the next flush."""
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Tell what was written since the last flush, if anything was."""
        parts, self._parts = self._parts, []
        if text := "".join(parts):
            self._session.send(None, "stream", {"name": self.name, "text": text})


class Shell(ZMQInteractiveShell):
    """A kernel's shell where there is no kernel whose loop a window could share."""

    def enable_gui(self, gui: Any = None) -> None:
        """Take note of the name only."""
        self.active_eventloop = gui


def shell(session: Heard) -> Any:
    """Return the shell of this process, its output told to `session`."""
    quiet = Config()
    quiet.HistoryManager.enabled = False  # a report's cells are nobody's history
    kernel_shell: Any = Shell.instance(config=quiet, user_ns={}, compiler_class=XCachingCompiler)
    kernel_shell.displayhook.session = kernel_shell.display_pub.session = session
    kernel_shell.displayhook.topic = b"execute_result"
    sys.stdout, sys.stderr = Stream("stdout", session), Stream("stderr", session)
    if "" not in sys.path:
        sys.path.insert(0, "")  # modules beside the notebook
    kernel.draw_inline()
    return kernel_shell


def run(source: str, kernel_shell: Any, session: Heard) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Execute a cell; return its messages and what a kernel would reply (`status`, and of an error what it is)."""
    session.send(None, "status", {"execution_state": "busy"})
    session.send(None, "execute_input", {"code": source, "execution_count": kernel_shell.execution_count})
    ended = kernel_shell.run_cell(source, store_history=True)
    sys.stdout.flush()
    sys.stderr.flush()
    session.send(None, "status", {"execution_state": "idle"})
    messages = session.taken()
    errors = [message["content"] for message in messages if message["msg_type"] == "error"]
    if ended.success and not errors:
        return messages, {"status": "ok"}
    fault = ended.error_before_exec or ended.error_in_exec
    # Where IPython can't show a traceback (of a template, say), no message tells what is wrong.
    reply = {"ename": type(fault).__name__, "evalue": str(fault), "traceback": []}
    return messages, {"status": "error", **(errors[-1] if errors else reply)}


def serve(line: socket.socket, folder: str, environment: dict[str, str]) -> None:
    """Work in `folder`, execute each cell that comes over `line` and answer it, until whoever asks has ended.

    Of variables, cells see those of `environment` and no others. An empty answer says that the child is there; then a
    request is a line of JSON, `{"source": ...}`, the answer one, `{"messages": [...], "reply": {...}}`.
    """
    line.sendall(b"{}\n")
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(line, asked), daemon=True).start()
    session = Heard()
    kernel_shell = shell(session)
    while True:
        messages, reply = run(asked.get(), kernel_shell, session)
        line.sendall(session.pack({"messages": messages, "reply": reply}) + b"\n")


def _listen(line: socket.socket, asked: "queue.SimpleQueue[str]") -> None:
    """Take requests, and end this process when whoever asks has ended, however that came: nobody else would."""
    try:
        with line.makefile("rb") as requests:
            for request in requests:
                asked.put(json.loads(request)["source"])
    finally:
        os._exit(1)
