"""Every file of a public report, opened: no school is named in it, no pupil is known by it."""

import base64
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import polars as pl
import pytest

from analysis import clean, project, sources
from analysis.render import site
from analysis.run.build.report import build
from analysis.run.request import resolve

COUNTY = "990101"


def letters(path: Path) -> str:
    """Return all text of a file: parts of an office file, the words of a PDF, anything else as it is."""
    if path.suffix in {".docx", ".xlsx"}:
        with zipfile.ZipFile(path) as parts:
            every = "\n".join(parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
        # Words may be cut by markup.
        return every + re.sub(r"<[^>]+>", "", every)
    if path.suffix == ".pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed")
        done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
        return re.sub(r"\s", "", done.stdout)
    text = path.read_text(encoding="utf-8")
    pictures = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)
    return "\n".join([text, *(base64.b64decode(each).decode("utf-8") for each in pictures)])


@pytest.mark.slow
def test_no_file_names_a_school_or_a_pupil(tmp_path: Path) -> None:
    outcome = build(resolve(COUNTY, audience="public", out=str(tmp_path)))
    shutil.copytree(outcome.folder, tmp_path / "site" / COUNTY / "2024")
    site.write(tmp_path / "site", audience="public", date="2025-01-01")
    records = clean.clean_county(sources.load(project.raw()), COUNTY, project.processed())
    schools = set(records.schools["name"].drop_nulls())
    scores = pl.read_csv(project.raw() / COUNTY / "scores_2024.csv.gz", schema_overrides={"考生号": pl.String})
    pupils = set(scores["考生号"].drop_nulls().head(500))
    assert schools
    assert min(map(len, pupils)) >= 10  # no other number is so long by chance
    files = [tmp_path / "site" / "index.html", *(path for path in outcome.folder.iterdir() if path.is_file())]
    assert len(files) == 8
    for path in files:
        said = letters(path)
        assert "均衡" in said or path.name.startswith(".")
        assert not [name for name in schools if name in said], path.name
        assert not [pupil for pupil in pupils if pupil in said], path.name
