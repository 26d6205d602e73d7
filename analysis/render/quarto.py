"""The Quarto engine: the same notebook and the same look, through the `quarto` command."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from analysis.brand import font_folder
from analysis.errors import DataError
from analysis.files import bounds
from analysis.project import root

from . import docx, fonts, html
from .document import escape, join, loaded
from .meta import CAPTIONS, Meta, words_of

#: What Quarto calls our formats, and how its files end.
TARGETS = {"html": ("html", "html"), "pdf": ("typst", "pdf"), "docx": ("docx", "docx")}
#: What of the project a render needs; templates of the narrative and built reports are not among it.
PARTS = (
    "_brand.yml",
    "reports/words.yml",
    "reports/reference.docx",
    "reports/filters",
    "reports/html",
    "reports/typst",
    "reports/quarto",
)


@cache
def version() -> str:
    """Return what `quarto --version` answers, empty where the command is absent or broken."""
    command = shutil.which("quarto")
    if command is None:
        return ""
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


class Quarto:
    """One `quarto render` of a small project that holds the notebook once per format."""

    name = "quarto"

    @property
    def version(self) -> str:
        """Quarto's own version."""
        return version()

    def render(self, notebook: Path | NotebookNode, targets: dict[str, Path], meta: Meta) -> None:
        """Write `targets` from the executed `notebook`. Raises DataError with Quarto's last words where it fails."""
        executed = loaded(notebook)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            _lay_out(folder)
            for name in targets:
                nbformat.write(_prepared(executed, name, meta), folder / f"{name}.ipynb")
            _run(folder, meta)
            contents = {name: _finished(folder, name, meta) for name in targets}
        if "pdf" in targets:
            fonts.tell_lacking(fonts.lacking(join(executed, "report.ipynb").text))
        for name, path in targets.items():
            path.write_bytes(contents[name])


def _lay_out(folder: Path) -> None:
    for part in PARTS:
        source, target = root() / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    settings = yaml.safe_load((root() / "_quarto.yml").read_text(encoding="utf-8"))
    settings["project"] = {"type": "default"}
    settings["execute"]["enabled"] = False
    del settings["format"]["typst"]["font-paths"]  # the environment names their folder
    (folder / "_quarto.yml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _prepared(executed: NotebookNode, name: str, meta: Meta) -> Any:
    """Return the notebook for one format: title and words in front, no SVG where an office program must show it."""
    words = words_of(meta.lang)
    front = {
        "title": escape(meta.title),
        "subtitle": escape(meta.subtitle),
        "office": escape(meta.office),
        "page-header": escape(meta.header),
        "page-mark": escape(meta.mark),
        "report-lang": meta.lang,
        "brief": meta.brief,
        "lang": words["quarto_lang"],
        "words": {key: words[key] for key in CAPTIONS},
        "format": TARGETS[name][0],
    }
    notebook = nbformat.from_dict(executed)
    kept = [cell for cell in notebook.cells if not (cell.cell_type == "raw" and cell.source.lstrip().startswith("---"))]
    head = nbformat.v4.new_raw_cell(
        f"---\n{yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10000)}---"
    )
    prepared = nbformat.v4.new_notebook(cells=[head, *kept], metadata=notebook.metadata)
    # HTML is for people; of a drawing Quarto would put the vector into DOCX too.
    prepared = without(prepared, "text/html", "text/markdown")
    return without(prepared, "image/svg+xml", "image/png") if name == "docx" else prepared


def without(notebook: Any, dropped: str, better: str) -> Any:
    """Return the notebook whose outputs lack the kind `dropped` wherever they have the `better` one."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if better in data:
                output["data"] = {key: value for key, value in data.items() if key != dropped}
    return notebook


def _run(folder: Path, meta: Meta) -> None:
    stamp = int(datetime.fromisoformat(meta.date).replace(tzinfo=UTC).timestamp())
    environment = os.environ | {
        "QUARTO_PYTHON": sys.executable,
        "SOURCE_DATE_EPOCH": str(stamp),
        "TYPST_FONT_PATHS": str(font_folder()),
    }
    command, limit = [str(shutil.which("quarto")), "render", "."], bounds().quarto_seconds
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise DataError("engine_slow", engine="quarto", format="", seconds=limit) from fault
    if done.returncode != 0:
        raise DataError("engine_failed", engine="quarto", format="", reason=" ".join(done.stderr.split())[-400:])


def _finished(folder: Path, name: str, meta: Meta) -> bytes:
    path = folder / f"{name}.{TARGETS[name][1]}"
    if not path.exists():
        raise DataError("engine_failed", engine="quarto", format=name, reason="-")
    if name == "html":
        return html.from_quarto(path.read_text(encoding="utf-8"), meta).encode("utf-8")
    return docx.finish(path.read_bytes(), meta) if name == "docx" else path.read_bytes()
