"""What reports are made with."""

import platform
from functools import cache
from importlib import metadata

#: What the method chapter tells, beside Python.
LIBRARIES = ("polars", "numpy", "scipy", "matplotlib", "jinja2", "papermill")


@cache
def versions() -> dict[str, str]:
    """Return name and version of what reports are made with."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in LIBRARIES}}
