"""A child forked from this very process to execute cells in: everything is imported once for both."""

import gc
import os
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path

from analysis.run.build import kernel
from analysis.run.build.cell_client import Child


def can_fork() -> bool:
    """Tell whether a child forked from this process would find all that it needs: a fork loses threads."""
    return hasattr(os, "fork") and threading.active_count() == 1 and not _polars_runs()


def _polars_runs() -> bool:
    """Tell whether Polars has executed something: its threads (`polars-0`, ...) run from the first query on."""
    threads = Path("/proc/self/task")
    if not threads.is_dir():  # a system that does not tell
        return "polars" in sys.modules
    names = (file.read_text().strip() for file in threads.glob("*/comm"))
    return any(name.removeprefix("polars-").isdigit() for name in names if name.startswith("polars-"))


class _Forked(Child):
    """A child of this process, which waits for its end: what it spent is then known, and nothing is left of it."""

    def __init__(self, to_child: socket.socket, process: int) -> None:
        self._process = process
        super().__init__(to_child)

    def end(self) -> None:
        """Let the child end, and wait until it has."""
        super().end()
        os.waitpid(self._process, 0)


def forked(folder: str, environment: dict[str, str]) -> Child:
    """Import what cells need, and return a child of this very process that works in `folder`; see `can_fork`."""
    from analysis.run.build import cell_server

    kernel.ready()
    gc.freeze()  # the child looks at none of it, and so touches none of its memory
    ours, its = socket.socketpair()
    if child := os.fork():
        its.close()
        return _Forked(ours, child)
    code = 1
    try:
        ours.close()
        os.setsid()  # who interrupts the command interrupts the parent, with which the line ends
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        cell_server.serve(its, folder, environment)
        code = 0
    except ConnectionError:
        pass
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here, and says so
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
