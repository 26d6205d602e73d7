"""README's 'To add something, touch this', row by row and to the letter, in a copy of the project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.read.fields import table
from tests.workbooks import book

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
RULE = """
enough_books:
  of: schools
  rests: {schools: [books]}
  unit: books
  sense: at_least
  reasons:
    books_short: {zh: 图书不够试加的册数, en: fewer books than the trial asks}
  parameters:
    each: {type: number, above: 0, required: true}
"""
OF_RULE = '''"""Books of a school against a number for each pupil."""

import polars as pl

from analysis.judge.computed import Inputs, judged, of_stages
from analysis.standards import Sense


def schools(inputs: Inputs) -> pl.DataFrame:
    """Return each school's books: at least `each` for each pupil."""
    limit = of_stages(inputs, "pupils") * inputs.number("each")
    rows = inputs.schools.with_columns(pl.col("books").alias("value"), limit.alias("target"))
    return judged(rows, Sense.AT_LEAST, "missing_amount", "books_short")
'''
CASE_OF_RULE = """parameters: {each: 10}
met: {schools: [{pupils_primary: 100, books: 1000}]}
not_met: {schools: [{pupils_primary: 100, books: 999}]}
"""
ITEM = """items:
  trial_books:
    field: government
    number: 90
    label: {zh: 试加图书, en: Trial of books}
    kind: computed
    rule: enough_books
    parameters: {each: 9000}
    schools: [{school_type: [primary, teaching_point, junior, nine_year]}]
    target: {sense: at_least, unit: share, values: 1}
    article: 试加
"""
#: A county that `junheng new` lays; what another printed fills its workbook, under headers that nobody knows.
NEW, NEW_NAME = "990777", "新设县"
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
ALIASES = "schools: {books: [各校纸书]}\n"
CHAPTER = '''"""A chapter."""

from dataclasses import dataclass

from analysis.tell.case.case import Case


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the chapter says."""

    schools: int


def facts(case: Case) -> Facts:
    """Return what the chapter says."""
    return Facts(schools=case.rows["school"].n_unique())
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

from dataclasses import dataclass
from typing import Any

import polars as pl

from analysis.tell.case.case import Case


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the words know."""

    name: str


def welcome_data(case: Case) -> tuple[pl.DataFrame, Facts]:
    """Return one row."""
    return pl.DataFrame({"name": [case.name]}), Facts(name=case.name)


def draw_welcome(frame: pl.DataFrame, said: dict[str, str], brand: Any) -> Any:
    """Draw nothing."""
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1))
'''
KIND = """welcome:
  notebook: welcome.ipynb
  parts: documents.welcome
  texts: welcome_
  folder: welcome
  formats: [html]
  options: [year, standard, lang, formats, engine, data, out]
  titles:
    zh: {title: "{name}", subtitle: "{document}"}
    en: {title: "{name}", subtitle: "{document}"}
"""
OF_KIND = '''"""A kind of document."""

from dataclasses import dataclass
from typing import ClassVar

from analysis.tell.documents.beside import Beside


@dataclass(frozen=True, eq=False)
class Welcome(Beside):
    """A page of welcome."""

    kind: ClassVar[str] = "welcome"
'''
TABLES_OF_KIND = '''"""Tables of a kind of document."""

from analysis.tell.parts.tables.welcome import table


def guests(told):
    """Return one row."""
    return table(told.case)
'''
CELLS_OF_KIND = (
    'county, year, standard, lang, data, processed, date = "", None, "national-2017", None, None, None, ""',
    "from analysis.tell.documents.welcome import Welcome\n\n"
    "told = Welcome.open(county, year, standard=standard, lang=lang, data=data, processed=processed, date=date)\n"
    "told.front()",
    'told.chapter("page")',
    'told.table("guests")',
)
COMMAND_OF_KIND = """

@office.command(help="A page of welcome.")
@shared(*kind("welcome").options)
def welcome(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help=message("help_county"))] = "", **words: str
) -> None:
    \"\"\"Build the page of welcome.\"\"\"
    from analysis.run.commands import beside

    typer.echo(beside.run(kind("welcome"), county, words.pop("year"), words))
"""
#: A standard and a plan of an office's own, in files of its own.
ANYWHERE = """id: office
name: {zh: 本局标准, en: Office}
title: {zh: 本局试行标准, en: Standard of the office}
extends: national-2017
document: 县政发〔2024〕2号
from: 2024-01-01
"""
PLAN_ANYWHERE = ANYWHERE.replace("id: office", "id: office-plan").replace("本局标准", "本局推进规划") + (
    "items:\n  senior_places: {target: {values: [{from: 2023-12-31, value: 0.7}]}}\n"
)
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
    "rule": report.now.get("government.trial_books").verdict,
    "reasons": "".join(report.word("reasons", one.reason)
                       for one in report.now if one.item == "trial_books" and one.reason),
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


def cell(number: int, source: str) -> dict[str, Any]:
    """Return a cell of code."""
    return {"cell_type": "code", "execution_count": None, "id": f"welcome-{number}", "metadata": {}, "outputs": [],
            "source": source}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with everything added that README names."""
    copy = tmp_path_factory.mktemp("copy")
    skipped = shutil.ignore_patterns("__pycache__", "output")
    for name in ("analysis", "notebooks", "reports"):
        shutil.copytree(ROOT / name, copy / name, ignore=skipped)
    for name in ("_brand.yml", "_quarto.yml", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    for name in ("__init__.py", "standards/inputs.py", "standards/test_rule_cases.py"):
        written(copy / "tests" / name, (ROOT / "tests" / name).read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "tests/standards/cases", copy / "tests/standards/cases")
    raw = copy / "data" / "raw"
    raw.mkdir(parents=True)
    for name in ("sources.yml", "corrections.yml", "identity.yml"):
        shutil.copy(ROOT / "data" / "raw" / name, raw / name)
    shutil.copytree(ROOT / "data" / "raw" / COUNTY, raw / COUNTY)

    put(copy / "analysis/standards/national-2017.yml", "indicators:", INDICATOR)
    put(copy / "analysis/read/fields.yml", "tables:", TABLE)
    written(raw / COUNTY / f"canteens_{YEAR}.csv", "学校代码,食堂座位数\n9901080001,120\n9901080002,80\n")
    written(copy / "analysis/standards/our-own.yml", STANDARD + ITEM)
    of_rules = copy / "analysis/standards/rules.yml"
    written(of_rules, of_rules.read_text(encoding="utf-8") + RULE)
    written(copy / "analysis/judge/rules/enough_books.py", OF_RULE)
    written(copy / "tests/standards/cases/rules/enough_books.yml", CASE_OF_RULE)
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
    cells = [cell(number, source) for number, source in enumerate(CELLS_OF_KIND)]
    cells[0]["metadata"]["tags"] = ["parameters"]
    notebook = json.loads((copy / "notebooks/deadlines.ipynb").read_text(encoding="utf-8")) | {"cells": cells}
    written(copy / "notebooks/welcome.ipynb", json.dumps(notebook, ensure_ascii=False))
    commands = copy / "analysis/run/commands/office_app.py"
    written(commands, commands.read_text(encoding="utf-8") + COMMAND_OF_KIND)
    return copy


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    told = {name: value for name, value in os.environ.items() if not name.startswith("JUNHENG_")}
    environment = told | {"PYTHONPATH": str(copy), "REPORT_LANG": "zh"}
    return subprocess.run([sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True)


@pytest.mark.sampled(1)
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
    assert told["rule"] == "not_met"
    assert {"zh": "图书不够试加的册数", "en": "fewer books than the trial asks"}[lang] in told["reasons"]


def test_the_check_and_the_standards_know_what_is_added(copy: Path) -> None:
    done = run(copy, "-m", "analysis", "check", "--county", COUNTY)
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    assert f"canteens_{YEAR}.csv" in done.stdout
    assert "Traceback" not in done.stderr
    assert run(copy, "-m", "analysis", "standards", "check", "national-2017").returncode == 0
    assert "our-own" in run(copy, "-m", "analysis", "standards", "list").stdout
    assert run(copy, "-m", "analysis", "template", "canteens").returncode == 0


#: Of the cases that the copy brings along, the one that is added.
ALONE = ("-k", "enough_books")


@pytest.mark.slow
def test_a_rule_that_is_added_is_held_by_its_case(copy: Path) -> None:
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/standards/test_rule_cases.py", *ALONE)
    assert done.returncode == 0, done.stdout[-2000:]
    case = copy / "tests/standards/cases/rules/enough_books.yml"
    written(case, CASE_OF_RULE.replace("999", "1000"))
    wrong = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/standards/test_rule_cases.py", *ALONE)
    written(case, CASE_OF_RULE)
    assert wrong.returncode == 1
    assert "enough_books" in wrong.stdout


@pytest.fixture(scope="module")
def laid(copy: Path) -> Path:
    """Return the copy with a new county, laid by the command that README names, its headers under names of its own."""
    done = run(copy, "-m", "analysis", "new", NEW, NEW_NAME, "--year", str(YEAR))
    assert done.returncode == 0, done.stderr[-2000:]
    known = {column.name: column for column in table("schools").columns.values()}
    mine = {"books": "各校纸书", "sports_area": "操场大小（平方米）"}
    names = ("school", "name", "school_type", "township", "area", "run_by", "pupils_primary", *mine)
    heads = [mine.get(name, known[name].headers[0].replace("/", "")) for name in names]
    rows = [
        [f"{NEW}000{place}", f"第{place}小学", "小学", "东镇", "镇区", "县级教育部门"]
        + [number * place for number in (100, 1500, 800)]
        for place in (1, 2)
    ]
    book(copy / f"data/own/{NEW}/schools_{YEAR}.xlsx", [heads, *rows])
    for path in (copy / f"data/own/{NEW}").glob("*.xlsx"):
        if not path.name.startswith("schools_"):
            path.unlink()
    lines = (copy / "data/own/sources.yml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if f"{NEW}/" not in line or f"{NEW}/schools_" in line]
    written(copy / "data/own/sources.yml", "\n".join(kept) + "\n")
    return copy


ASKED_OF_COUNTY = """
import json
from analysis.tell import open_report

report = open_report({county!r})
rows = report.frame("schools").sort_values("school")
values = [str(one) for one in [*rows["books"], *rows["sports_area"]]]
print(json.dumps({{"name": report.name, "values": values}}, ensure_ascii=False))
"""


def asked_of(copy: Path) -> dict[str, Any]:
    done = run(copy, "-c", ASKED_OF_COUNTY.format(county=NEW))
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_county_and_a_layout_that_are_added_are_read(laid: Path) -> None:
    told = asked_of(laid)
    assert told["name"] == NEW_NAME
    assert told["values"] == ["<NA>", "<NA>", "nan", "nan"]  # nobody knows these headers yet
    written(laid / "data/own/aliases.yml", ALIASES)
    fields = laid / "analysis/read/fields.yml"
    entry = "sports_area: {zh: 体育运动场馆面积, en: Sports area,"
    text = fields.read_text(encoding="utf-8")
    assert text.count(entry) == 1
    written(fields, text.replace(entry, f"{entry} aliases: [操场大小],"))
    assert asked_of(laid)["values"] == ["1500", "3000", "800.0", "1600.0"]


@pytest.mark.slow
def test_a_report_shows_what_is_added(copy: Path) -> None:
    notebook = copy / "notebooks" / "county_report.ipynb"
    told = json.loads(notebook.read_text(encoding="utf-8"))
    shown = ('report.chapter("welcome")', 'report.table("welcome")', 'report.figure("welcome")')
    told["cells"] += [cell(number, source) for number, source in enumerate(shown)]
    written(notebook, json.dumps(told, ensure_ascii=False))
    office = {name: copy.parent / f"{copy.name}-{name}.yml" for name in ("standard", "plan")}
    written(office["standard"], ANYWHERE)
    written(office["plan"], PLAN_ANYWHERE)
    words = [word for name, path in office.items() for word in (f"--{name}", str(path))]
    done = run(copy, "-m", "analysis", "report", COUNTY, "--formats", "html", *words)
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = (copy / "reports/output" / COUNTY / str(YEAR)).rglob("report.html")
    page = path.read_text(encoding="utf-8")
    for added in ("图书", "学校食堂情况统计表", "共有", 'id="tbl-welcome"', "Seen", "本局试行标准", "本局推进规划"):
        assert added in page, added


@pytest.mark.slow
def test_a_kind_that_is_added_is_built_by_its_command(copy: Path) -> None:
    done = run(copy, "-m", "analysis", "welcome", COUNTY)
    assert done.returncode == 0, done.stderr[-2000:]
    (path,) = (copy / "reports/output" / COUNTY / str(YEAR) / "welcome").glob("*.html")
    page = path.read_text(encoding="utf-8")
    assert 'id="tbl-welcome"' in page
    assert "<h1" in page
