"""`python -m analysis` is `junheng`. Who asks for the version alone waits for no command to be imported."""

import sys

from analysis import __version__


def main() -> int:
    """Run `junheng` with the arguments of the process and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"junheng {__version__}\n")
        return 0
    from analysis.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
