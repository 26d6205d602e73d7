"""Every kind of document that is registered, as somebody asks for it at a terminal: for what must hold of them all."""

import shutil
from pathlib import Path

import openpyxl

from analysis.cli import main
from analysis.kinds import kinds
from analysis.project import root
from analysis.read.fieldcheck import words

#: What `junheng` is asked for to make one of a kind; a kind that is registered and not here is a failed test.
ASKED: dict[str, tuple[str, ...]] = {
    "county": ("report", "990101"),
    "published": ("report", "340103"),
    "region": ("region", "9901"),
    "township": ("township", "990101", "长岭镇"),
    "school": ("school", "9901010002"),
    "subject": ("subject-report", "990101", "mathematics"),
    "fieldcheck": ("fieldcheck", "990101"),
    "deadlines": ("deadlines", "990101"),
    "warning": ("warning", "990101"),
    "notice": ("notice", "990101"),
    "selfassessment": ("selfassessment", "990101"),
    "application": ("selfassessment", "990101"),
    "review": ("review", "9901"),
}


def raw(folder: Path) -> Path:
    """Copy the sample's raw statistics to `folder`, with a field check in which a value is verified; return it."""
    shutil.copytree(root() / "data" / "raw", folder)
    assert main(["fieldcheck", "990101", "--data", str(folder), "--out", str(folder.parent / "nowhere")]) == 0
    path = next((folder / "fieldcheck").glob("990101_*.xlsx"))
    book = openpyxl.load_workbook(path)
    heads, page = words()["values"], book["核查表"]
    columns = {cell.value: cell.column for row in page.iter_rows(max_row=3) for cell in row}
    reported = next(
        row
        for row in range(4, page.max_row)
        if isinstance(page.cell(row, columns[heads["reported"]["zh"]]).value, int | float)
    )
    page.cell(reported, columns[heads["verified"]["zh"]]).value = page.cell(
        reported, columns[heads["reported"]["zh"]]
    ).value
    book.save(path)
    return folder


def build(kind: str, lang: str, data: Path, out: Path, formats: str = "", engine: str = "auto") -> list[Path]:
    """Make one document of a kind below `out` and return its files, hidden ones left out."""
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    asked = [*ASKED[kind], "--lang", lang, "--data", str(data), "--out", str(out), "--engine", engine]
    only = ["--formats", formats] if formats and "formats" in kinds()[kind].options else []
    assert main([*asked, *only]) == 0
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return [path for path in files if before.get(path) != path.stat().st_mtime_ns]
