"""Programs that render: one that hangs is stopped, one that writes nothing is told, and no other takes its place."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import files
from analysis.errors import DataError
from analysis.render import pandoc, pdf, pick, render
from tests.render import handmade


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a renderer a fifth of a second."""
    bounds = dataclasses.replace(files.bounds(), renderer_seconds=0.2)  # type: ignore[arg-type]
    monkeypatch.setattr(files, "bounds", lambda: bounds)


def stub(folder: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Put a shell script in the place of pandoc."""
    path = folder / "pandoc"
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setattr(pandoc, "program", lambda: str(path))


def convert(folder: Path, *arguments: str) -> str:
    return pandoc.convert("# a", pandoc.MARKDOWN, "html5", {}, arguments, folder)


@pytest.mark.usefixtures("hasty")
def test_a_pandoc_that_hangs_is_stopped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(tmp_path, monkeypatch, "exec /bin/sleep 600")
    with pytest.raises(DataError) as told:
        convert(tmp_path)
    assert (told.value.key, told.value.values["engine"]) == ("engine_slow", "pandoc")


@pytest.mark.usefixtures("hasty")
def test_a_typst_that_hangs_is_left_behind_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    class Hanging:
        def __init__(self, *given: object, **more: object) -> None:
            pass

        def compile(self, **words: object) -> bytes:
            free.wait()
            return b""

    monkeypatch.setattr("typst.Compiler", Hanging)
    with pytest.raises(DataError) as told:
        pdf.write("a", handmade.META, tmp_path)
    free.set()
    assert (told.value.key, told.value.values["engine"]) == ("engine_slow", "typst")


@pytest.mark.parametrize("lines", [["exit 0"], ["echo"], ["echo '  '"]])
def test_a_pandoc_that_prints_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    stub(tmp_path, monkeypatch, *lines)
    with pytest.raises(DataError) as told:
        convert(tmp_path)
    assert told.value.key == "engine_empty"


@pytest.mark.parametrize(
    "lines", [["exit 0"], ['for last; do case "$last" in --output=*) : > "${last#--output=}";; esac; done']]
)
def test_a_pandoc_that_leaves_its_file_empty_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    stub(tmp_path, monkeypatch, *lines)
    with pytest.raises(DataError) as told:
        convert(tmp_path, f"--output={tmp_path / 'a.docx'}")
    assert told.value.key == "engine_empty"


@pytest.mark.parametrize("of", ["nothing", "hanging"])
def test_what_was_there_stays_where_a_renderer_gives_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    notebook = handmade.write(tmp_path / "report.ipynb", schools=2, names=("一", "二"))
    (tmp_path / "report.html").write_text("good", encoding="utf-8")
    stub(tmp_path, monkeypatch, "exit 0" if of == "nothing" else "exit 3")
    with pytest.raises(DataError):
        render(notebook, tmp_path, ("html",), pick("embedded"), handmade.META)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "good"


@pytest.fixture
def asked_anew() -> Iterator[None]:
    pandoc.program.cache_clear()
    yield
    pandoc.program.cache_clear()


@pytest.mark.usefixtures("asked_anew")
def test_no_variable_puts_another_pandoc_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = pandoc.program()
    pandoc.program.cache_clear()
    (tmp_path / "pandoc").write_text("#!/bin/sh\necho 'pandoc 99.9'\n", encoding="utf-8")
    (tmp_path / "pandoc").chmod(0o755)
    monkeypatch.setenv("PYPANDOC_PANDOC", str(tmp_path / "pandoc"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pandoc.program() == own
    assert "pypandoc" in own


def test_a_pandoc_and_a_typst_in_time_write_as_ever(tmp_path: Path) -> None:
    assert "<h1" in convert(tmp_path)
    assert pdf.write("= a", handmade.META, tmp_path).startswith(b"%PDF")
