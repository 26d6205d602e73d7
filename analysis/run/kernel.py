"""The kernel of a report's notebook: an IPython kernel that imports what every report needs before its first cell."""

import importlib
import os
import sys
from typing import Any

#: What a report's notebook imports, and what that draws with.
LIBRARIES = ("analysis.tell", "matplotlib.pyplot")

#: What kernels and figures import as they begin; a process that kernels are forked from has it imported before.
LATER = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)


def start(arguments: list[str], **settings: Any) -> None:
    """Run a kernel with the arguments and settings of ipykernel until it is told to end."""
    import matplotlib
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance(**settings)
    app.config.HistoryManager.enabled = False  # a report's cells are nobody's history
    app.initialize(arguments)
    # The kernel names its backend for figures in the environment, where an imported matplotlib looks no more.
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    app.start()


if __name__ == "__main__":
    for name in LIBRARIES:
        importlib.import_module(name)
    start(sys.argv[1:])
