"""What an engine is, and which one is used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from nbformat import NotebookNode

from analysis.errors import RequestError

from .meta import Meta

FORMATS = ("html", "pdf", "docx")
ENGINES = ("auto", "quarto", "embedded")


class Engine(Protocol):
    """Turns an executed notebook into documents; `name` and `version` are told in the method chapter."""

    name: str

    @property
    def version(self) -> str:
        """Version of the programs behind it."""
        ...

    def render(self, notebook: Path | NotebookNode, targets: dict[str, Path], meta: Meta) -> None:
        """Write `targets` (format -> file). Raises DataError where a document can't be made; no file is left half."""
        ...


def pick(name: str = "auto") -> Engine:
    """Return the engine `name`; `auto` is Quarto where its command answers, else the embedded one.

    Raises RequestError for an unknown name, or where Quarto is asked for and does not answer.
    """
    from . import quarto
    from .embedded import Embedded

    if name not in ENGINES:
        raise RequestError("engine_unknown", engine=name, known=", ".join(ENGINES))
    if name != "embedded" and quarto.version():
        return quarto.Quarto()
    if name == "quarto":
        raise RequestError("engine_missing")
    return Embedded()


def render(
    notebook: Path | NotebookNode,
    folder: Path,
    formats: Sequence[str],
    engine: Engine,
    meta: Meta,
    stem: str = "report",
) -> dict[str, Path]:
    """Render the executed `notebook` into `folder` as `<stem>.<format>`; return format -> file.

    `notebook` is its file, or the notebook itself. Raises RequestError for an unknown format and DataError where an
    engine fails.
    """
    for name in formats:
        if name not in FORMATS:
            raise RequestError("format_unknown", format=name, known=", ".join(FORMATS))
    folder.mkdir(parents=True, exist_ok=True)
    targets = {name: folder / f"{stem}.{name}" for name in FORMATS if name in formats}
    engine.render(notebook, targets, meta)
    return targets
