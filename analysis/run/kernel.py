"""The kernel of a report's notebook: an IPython kernel that imports what every report needs before its first cell."""

import importlib
import os
import sys
from typing import Any

#: What a report's notebook imports, and what that draws with.
LIBRARIES = ("analysis.tell", "matplotlib.pyplot")


def start(arguments: list[str], **settings: Any) -> None:
    """Run a kernel with the arguments and settings of ipykernel until it is told to end."""
    import matplotlib
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance(**settings)
    app.initialize(arguments)
    # The kernel names its backend for figures in the environment, where an imported matplotlib looks no more.
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
    app.start()


if __name__ == "__main__":
    for name in LIBRARIES:
        importlib.import_module(name)
    start(sys.argv[1:])
