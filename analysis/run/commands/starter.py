"""What `junheng starter` does: a project for Quarto that holds the notebooks and the look, and no county yet."""

import io
import zipfile
from pathlib import Path

from analysis import project, storage
from analysis.errors import RequestError
from analysis.run.build.placing import near

#: What of the project whoever renders with Quarto needs beside him; all else is in the installed package.
PARTS = (
    "_quarto*.yml", "_environment-*", "_brand.yml", ".vscode/settings.json", "notebooks/*.ipynb", "reports/words.yml",
    "reports/reference.docx", "reports/filters/*", "reports/html/*", "reports/typst/*", "reports/quarto/**/*",
)  # fmt: skip
#: The files that say where to begin, where raw statistics of this project are (here), and what git leaves alone.
START, HERE, IGNORED = "START.md", "_environment", ".gitignore"
#: `quarto use template` leaves out files whose name begins with a dot, unless the template says so here.
DOTTED = {".quartoignore": b"!.*\n"}
NAME = "junheng-county.zip"
#: All files of the archive are of one day, so that it is the same whenever it is made.
DAY = (2024, 1, 1, 0, 0, 0)


def files() -> dict[str, bytes]:
    """Return path -> content of every file of the project."""
    root = project.root()
    found = {path for part in PARTS for path in root.glob(part) if path.is_file() and path.suffix != ".pyc"}
    laid = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(found)}
    here = f"# Raw statistics, clean tables and reports lie in this folder.\n{project.HERE}=.\n"
    told = {START: Path(__file__).with_suffix(".md"), IGNORED: Path(__file__).with_suffix(".txt")}
    return laid | DOTTED | {name: path.read_bytes() for name, path in told.items()} | {HERE: here.encode()}


def run(out: str) -> Path:
    """Write the project to a zip, or into a folder that holds nothing yet; return it.

    Raises RequestError where the folder holds something: nobody's file is written over.
    """
    target = Path(out or NAME)
    if target.suffix == ".zip":
        storage.write_whole(target, _packed())
        return target
    if target.exists() and any(target.iterdir()):
        raise RequestError("starter_in_use", folder=near(target))
    for name, content in files().items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    return target


def _packed() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files().items():
            archive.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
