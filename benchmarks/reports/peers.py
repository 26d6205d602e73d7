"""The same reports without junheng's runner: by hand, a command for each step, and in the best known batch way.

Both execute the project's own notebook with Papermill and give HTML, PDF, DOCX and the workbook. Documents come from
Quarto where it is on PATH, else from nbconvert (HTML, and Markdown for the others), pandoc (DOCX) and pandoc with Typst
(PDF). Without Quarto they do less than a report needs: tables, captions and references are not carried over.
"""

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks import processor
from benchmarks.processor import NOTHING, SINGLE, Spent
from benchmarks.reports.province import Province
from benchmarks.statistics.places import ROOT

NOTEBOOK = ROOT / "notebooks" / "county_report.ipynb"
PYTHON = Path(sys.executable)
WORKBOOK = """
import sys
from pathlib import Path
from analysis.render import annex
from analysis.run.build import titles
from analysis.tell import open_report
report = open_report(sys.argv[1], data=sys.argv[2], processed=sys.argv[3])
annex.write(report, Path(sys.argv[4]), titles.meta(report))
"""
TYPST = """
import sys, typst
from analysis.brand import font_folder
typst.compile(sys.argv[1], output=sys.argv[2], root="/", font_paths=[str(font_folder())], ignore_system_fonts=True)
"""

#: References to figures would be citations of nothing, at which Typst stops.
PLAIN = ("--from=markdown-citations",)
PROJECT = """project: {type: default}
execute: {enabled: false}
format: {html: default, typst: default, docx: default}
"""


def quarto() -> bool:
    """Tell whether the renderer is Quarto."""
    return shutil.which("quarto") is not None


def renderer() -> str:
    """Return what turns notebooks into documents."""
    return "quarto" if quarto() else "nbconvert, pandoc, Typst"


def by_hand(province: Province, processed: Path, out: Path) -> Spent:
    """Per county the Papermill command, then one renderer process for each format, then the workbook."""
    spent = NOTHING
    for code in province.codes:
        folder = out / code
        folder.mkdir(parents=True)
        notebook = folder / "report.ipynb"
        words = {"county": code, "data": province.raw, "processed": processed}
        asked = [part for name, value in words.items() for part in ("-r", name, str(value))]
        command: list[str | Path] = [
            PYTHON.parent / "papermill",
            NOTEBOOK,
            notebook,
            "-k",
            "python3",
            "--cwd",
            NOTEBOOK.parent,
        ]
        spent += _run([*command, *asked])
        spent += _documents_by_hand(notebook)
        spent += _run([PYTHON, "-c", WORKBOOK, code, province.raw, processed, folder / "annex.xlsx"])
    return spent


def _run(words: list[str | Path], cwd: Path = ROOT) -> Spent:
    return processor.command(words, SINGLE, cwd)


def _documents_by_hand(notebook: Path) -> Spent:
    folder = notebook.parent
    if quarto():
        command: list[str | Path] = ["quarto", "render", notebook.name, "--no-execute", "--to"]
        return sum((_run([*command, form], folder) for form in ("html", "typst", "docx")), NOTHING)
    return _pages([notebook]) + _paper(notebook)


def _pages(notebooks: list[Path]) -> Spent:
    """HTML, and Markdown for pandoc, of notebooks by nbconvert."""
    convert: list[str | Path] = [PYTHON.parent / "jupyter-nbconvert", "--no-input", "--to"]
    return _run([*convert, "html", "--embed-images", *notebooks]) + _run([*convert, "markdown", *notebooks])


def _paper(notebook: Path) -> Spent:
    """DOCX and PDF of one notebook by pandoc and Typst; pandoc's own reader of notebooks takes many times as long."""
    import pypandoc

    folder = notebook.parent
    convert: list[str | Path] = [pypandoc.get_pandoc_path(), notebook.with_suffix(".md").name, "--standalone", *PLAIN]
    spent = _run([*convert, "--output=report.docx"], folder) + _run([*convert, "--output=report.typ"], folder)
    return spent + _run([PYTHON, "-c", TYPST, folder / "report.typ", folder / "report.pdf"], folder)


def batch(province: Province, processed: Path, out: Path, workers: int) -> Spent:
    """Papermill in a pool of processes that live on, the workbook in the same; then one render over all notebooks."""
    words = [str(word) for word in (workers, province.raw, processed, out, *province.codes)]
    spent = _run([PYTHON, "-m", "benchmarks.reports.peers", *words])
    notebooks = sorted(out.glob("*/report.ipynb"))
    if quarto():
        (out / "_quarto.yml").write_text(PROJECT, encoding="utf-8")
        return spent + _run(["quarto", "render"], out)
    return sum((_paper(notebook) for notebook in notebooks), spent + _pages(notebooks))


def _pooled(code: str, raw: str, processed: str, out: str) -> None:
    import papermill

    from analysis.render import annex
    from analysis.run.build import titles
    from analysis.tell import open_report

    folder = Path(out) / code
    folder.mkdir(parents=True)
    words = {"county": code, "data": raw, "processed": processed}
    settings = {"kernel_name": "python3", "progress_bar": False, "cwd": str(NOTEBOOK.parent)}
    papermill.execute_notebook(str(NOTEBOOK), str(folder / "report.ipynb"), words, **settings)
    report = open_report(code, data=raw, processed=processed)
    annex.write(report, folder / "annex.xlsx", titles.meta(report))


def _pool(workers: int, raw: str, processed: str, out: str, codes: list[str]) -> None:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(_pooled, code, raw, processed, out) for code in codes]
        for one in made:
            one.result()


if __name__ == "__main__":
    raw, processed, out, *codes = sys.argv[2:]
    _pool(int(sys.argv[1]), raw, processed, out, codes)
