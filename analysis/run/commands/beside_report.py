"""What goes with a report at a terminal: its figures one by one, how to open it, what to do next."""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from analysis import storage
from analysis.errors import message
from analysis.run.build import placing, stale
from analysis.run.build.placing import near

#: The folder of figures and tables one by one, and the word for it among formats.
FIGURES = "figures"
#: What was written there; the name says that it is no report's folder.
_STATE = f".slides{stale.STATE}"


def asked(formats: str) -> tuple[str, bool]:
    """Return the formats of the report, and whether its figures are asked for one by one.

    >>> asked("html,figures"), asked("figures"), asked("pdf"), asked("")
    (('html', True), ('html', True), ('pdf', False), ('', False))
    """
    words = [word.strip() for word in formats.split(",") if word.strip()]
    others = [word for word in words if word.lower() != FIGURES]
    return ",".join(others) or ("html" if words else ""), len(others) < len(words)


def figures(folder: Path) -> str:
    """Write the figures and tables of a report one by one, for slides; return the line that says where."""
    from analysis.render import slides

    with tempfile.TemporaryDirectory(prefix="junheng-") as work:
        names = slides.write(folder / "report.ipynb", Path(work))
        key = storage.digest_of_file(folder / "report.ipynb")
        before = list(stale.state(folder / FIGURES, _STATE).files)
        placing.put_files(Path(work), folder / FIGURES, names, before, key, _STATE)
    return message("report_figures", folder=near(folder / FIGURES))


def hints(folder: Path, files: Iterable[str], county: str) -> list[str]:
    """Return how to open the report, and what to do next; nothing where no one reads it at a terminal."""
    if not sys.stdout.isatty():
        return []
    first = next((name for name in files if name.endswith((".html", ".pdf"))), "")
    opened = [message("report_open", file=near(folder / first))] if first else []
    return [*opened, message("report_next", county=county)]
