"""Tell by the exit code whether the Python that runs this file can carry junheng: 0 where it can.

It must be 3.11 or later, of 64 bits, able to make virtual environments, and, where `wheels/` lies in the project's
folder, the version that those wheels are for. Run by whatever Python is found, so nothing stands here that an old one
can not read.
"""

import os
import sys


def main() -> int:
    """Return 0 where this Python fits, else 1."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return 1
    if sys.version_info < (3, 11) or sys.maxsize < 2**32:
        return 1
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    wanted = os.path.join(root, "wheels", "python.txt")  # noqa: PTH118
    if not os.path.isfile(wanted):  # noqa: PTH113
        return 0
    with open(wanted) as file:  # noqa: PTH123
        return int(file.read().strip() != "%d.%d" % sys.version_info[:2])  # noqa: UP031


if __name__ == "__main__":
    sys.exit(main())
