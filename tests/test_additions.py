"""README's 'To add something, touch this', row by row and to the letter, in a copy of the project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
COUNTY, YEAR = "990108", 2024

INDICATOR = """  library_books:
    label: {zh: 生均图书册数, en: Library books per pupil}
    short: {zh: 图书, en: library books}
    amount: books
    by_stage: false
    per: 1
    unit: books_per_pupil
    decimals: 1
    article: 试加
    floor: {primary: 9000, junior: 9000}
    cv: {primary: 0.01, junior: 0.01}
"""
TABLE = """  canteens:
    title: {zh: 学校食堂情况统计表, en: Canteens of schools}
    key: [school]
    columns:
      school: {zh: 学校代码, kind: code, required: true}
      seats: {zh: 食堂座位数, en: Canteen seats, kind: count, unit: 个}
"""
STANDARD = """id: our-own
name: {zh: 本县标准, en: Our standard}
title: {zh: 本县标准, en: Our standard}
extends: national-2017
document: 县政发〔2024〕1号
from: 2024-01-01
"""
CHAPTER = '''"""A chapter."""

from typing import Any

from analysis.tell.case.case import Case


def facts(case: Case) -> dict[str, Any]:
    """Return what the chapter says."""
    return {"schools": case.rows["school"].n_unique()}
'''
OF_TABLE = '''"""A table."""

from analysis.tell.case.case import Case
from analysis.tell.parts.table import Table
from analysis.tell.parts.tables.build import Column, make, text


def table(case: Case) -> Table | None:
    """Return one row."""
    return make(case, "welcome", [Column("name")], [{"name": text(case.name)}])
'''
OF_FIGURE = '''"""A figure."""

from typing import Any

import polars as pl

from analysis.tell.case.case import Case


def welcome_data(case: Case) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return one row."""
    return pl.DataFrame({"name": [case.name]}), {}


def draw_welcome(frame: pl.DataFrame, said: dict[str, str], brand: Any) -> Any:
    """Draw nothing."""
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1))
'''
KIND = """welcome:
  notebook: welcome.ipynb
  parts: documents.welcome
  texts: welcome_
  formats: [html]
  options: [year, lang]
  titles:
    zh: {title: "{name}", subtitle: "{document}"}
    en: {title: "{name}", subtitle: "{document}"}
"""
OF_KIND = '''"""A kind of document."""

from dataclasses import dataclass
from typing import Any, ClassVar

from analysis.tell.case.case import Case
from analysis.tell.documents.document import Document
from analysis.tell.speech.filters import Voice, marked


@dataclass(frozen=True, eq=False)
class Welcome(Document):
    """A page of welcome."""

    kind: ClassVar[str] = "welcome"

    case: Case

    def voice(self, name: str) -> Voice:
        """Return who speaks."""
        return marked(self.case)

    def facts(self, name: str) -> dict[str, Any]:
        """Return what the texts know."""
        return {"told": self}
'''
TABLES_OF_KIND = '''"""Tables of a kind of document."""

from analysis.tell.parts.tables.welcome import table


def guests(told):
    """Return one row."""
    return table(told.case)
'''
ASKED = """
import json
from analysis.tell import open_report
from analysis.tell.documents.welcome import Welcome

report = open_report({county!r}, {year}, {standard!r}, lang={lang!r})
own = Welcome(report)
print(json.dumps({{
    "chapters": report.chapter("conclusion").text + report.chapter("resources").text,
    "tables": "".join(one.markdown() for name in ("coefficients", "accounts", "sources", "problems")
                      if (one := report.table(name))),
    "chapter": report.chapter("welcome").text,
    "table": report.table("welcome").markdown(),
    "figure": report.figure("welcome").caption,
    "kind": own.chapter("page").text + own.table("guests").markdown(),
    "standard": report.standard.id,
}}, ensure_ascii=False))
"""


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def put(path: Path, after: str, text: str) -> None:
    """Put text behind the line `after` of a file."""
    old = path.read_text(encoding="utf-8")
    assert f"{after}\n" in old
    path.write_text(old.replace(f"{after}\n", f"{after}\n{text}", 1), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with everything added that README names."""
    copy = tmp_path_factory.mktemp("copy")
    skipped = shutil.ignore_patterns("__pycache__", "output")
    for name in ("analysis", "notebooks", "reports"):
        shutil.copytree(ROOT / name, copy / name, ignore=skipped)
    for name in ("_brand.yml", "_quarto.yml", "requirements.txt"):
        shutil.copy(ROOT / name, copy / name)
    raw = copy / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        shutil.copy(ROOT / "data" / "raw" / name, raw / name)
    shutil.copytree(ROOT / "data" / "raw" / COUNTY, raw / COUNTY)

    put(copy / "analysis/standards/national-2017.yml", "indicators:", INDICATOR)
    put(copy / "analysis/read/fields.yml", "tables:", TABLE)
    written(raw / COUNTY / f"canteens_{YEAR}.csv", "学校代码,食堂座位数\n9901080001,120\n9901080002,80\n")
    written(copy / "analysis/standards/our-own.yml", STANDARD)
    parts = copy / "analysis/tell/parts"
    written(parts / "chapters/welcome.py", CHAPTER)
    written(parts / "tables/welcome.py", OF_TABLE)
    written(parts / "figures/welcome.py", OF_FIGURE)
    for lang, said in (("zh", "共有{{ schools|whole }}所学校。"), ("en", "There are {{ schools|whole }} schools.")):
        folder = copy / "reports/templates" / lang
        written(folder / "welcome.md.j2", f"{said}\n")
        written(folder / "welcome_page.md.j2", "{{ report.name }}\n")
        for file, entry in (
            ("tables.yml", "welcome:\n  caption: W\n  columns: {name: N}\n"),
            ("figures.yml", "welcome: {title: T, caption: Seen, alt: A}\n"),
        ):
            old = (folder / file).read_text(encoding="utf-8")
            written(folder / file, f"{old}\n{entry}")
    written(copy / "analysis/kinds.yml", (copy / "analysis/kinds.yml").read_text(encoding="utf-8") + KIND)
    written(copy / "analysis/tell/documents/welcome/__init__.py", OF_KIND)
    written(copy / "analysis/tell/documents/welcome/tables.py", TABLES_OF_KIND)
    return copy


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    told = {name: value for name, value in os.environ.items() if not name.startswith("JUNHENG_")}
    environment = told | {"PYTHONPATH": str(copy), "REPORT_LANG": "zh"}
    return subprocess.run([sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_that_is_added_is_shown(copy: Path, lang: str) -> None:
    done = run(copy, "-c", ASKED.format(county=COUNTY, year=YEAR, standard="our-own", lang=lang))
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    books, canteens = {"zh": ("图书", "学校食堂情况统计表"), "en": ("library books", "Canteens of schools")}[lang]
    assert books in told["chapters"].lower()
    assert books in told["tables"].lower()
    assert canteens in told["tables"]
    assert f"canteens_{YEAR}.csv" in told["tables"]
    assert ("共有" if lang == "zh" else "There are") in told["chapter"]
    assert "#tbl-welcome" in told["table"]
    assert told["figure"] == "Seen"
    assert "#tbl-welcome" in told["kind"]
    assert told["standard"] == "our-own"


def test_the_check_and_the_standards_know_what_is_added(copy: Path) -> None:
    done = run(copy, "-m", "analysis", "check", "--county", COUNTY)
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    assert f"canteens_{YEAR}.csv" in done.stdout
    assert "Traceback" not in done.stderr
    assert run(copy, "-m", "analysis", "standards", "check", "national-2017").returncode == 0
    assert "our-own" in run(copy, "-m", "analysis", "standards", "list").stdout
    assert run(copy, "-m", "analysis", "template", "canteens").returncode == 0


@pytest.mark.slow
def test_a_report_shows_what_is_added(copy: Path) -> None:
    notebook = copy / "notebooks" / "county_report.ipynb"
    told = json.loads(notebook.read_text(encoding="utf-8"))
    cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "id": "welcome"}
    cell |= {"metadata": {}, "outputs": []}
    told["cells"].append(cell | {"source": ['report.chapter("welcome")']})
    written(notebook, json.dumps(told, ensure_ascii=False))
    done = run(copy, "-m", "analysis", "report", COUNTY, "--formats", "html")
    assert done.returncode == 0, done.stderr[-2000:]
    page = (copy / "reports/output" / COUNTY / str(YEAR) / "report.html").read_text(encoding="utf-8")
    assert "图书" in page
    assert "学校食堂情况统计表" in page
    assert "共有" in page
