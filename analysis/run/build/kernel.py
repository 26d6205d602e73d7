"""The kernel of a report's notebook: an IPython kernel that imports what every report needs before its first cell."""

import importlib
import os
import sys
from typing import Any

#: What a report's notebook imports, and what that draws with.
LIBRARIES = ("analysis.tell", "matplotlib.pyplot")

#: What shells and figures import as they begin; a process that children are forked from has it imported before.
LATER = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
)


def ready() -> None:
    """Import what a report's notebook and its figures need; Polars executes nothing here."""
    for name in (*LIBRARIES, *LATER):
        importlib.import_module(name)


def draw_inline() -> None:
    """Have figures shown in the notebook; an imported matplotlib looks no more into the environment."""
    import matplotlib

    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]


def start(arguments: list[str]) -> None:
    """Run a kernel with the arguments of ipykernel until it is told to end."""
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance()
    app.config.HistoryManager.enabled = False  # a report's cells are nobody's history
    app.initialize(arguments)
    draw_inline()
    app.start()


if __name__ == "__main__":
    for name in LIBRARIES:
        importlib.import_module(name)
    start(sys.argv[1:])
