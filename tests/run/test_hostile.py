"""Two hundred hostile names of schools through a county's statistics into every format: they stand there as written,
run nothing, and become no markup."""

import csv
import random
import re
import shutil
import subprocess
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest

from analysis import cli
from analysis.plaintext import harmless
from analysis.read.fields import tables
from tests.tell.conftest import school

COUNTY = "990999"
PIECES = (
    "= 标题", "1. 第一小学", "--暗线...学校", '`#read("/etc/passwd")`{=typst}', "<script>alert(1)</script>",
    "*强调*_下_", "$x^2$", "[链接](javascript:alert(1))", "\\newpage #pagebreak()", "W" * 60, "@fig-schools",
    "::: {.x}", "{{7*7}}", "“引号”'\"", "a|b|c", "- 列表", "+ 列表", "# 标题", "> 引用", "~~~", "<!--", "&lt;b&gt;",
    "%PDF",
    '=HYPERLINK("x")', "<img src=x onerror=alert(1)>", "'; DROP TABLE schools; --", "$(touch ran)", "`id`",
    '#eval("1")', "{% if 1 %}", "</td></tr></table>", "\u202e反", "\x1b[2J", "a\\b", "^上^~下~", "![](x.png)",
    "<https://x>", "#let a = 1", "//注", "/*注*/",
)  # fmt: skip


def names() -> list[str]:
    """Return two hundred names, no two alike."""
    chance = random.Random(18)
    made = [f"{piece}小学" for piece in PIECES]
    while len(made) < 200:
        name = f"{chance.choice(PIECES)}{chance.choice('甲乙丙丁')}{chance.choice(PIECES)}"
        made += [name] if name not in made else []
    return made


def flat(text: str) -> str:
    """Return a text without the spaces in it, those without width too."""
    return re.sub(r"[\s\u200b\ufffe\u00ad]", "", text)


def raw(folder: Path) -> Path:
    titled = {name: column.called("zh") for name, column in tables()["schools"].columns.items()}
    rows = [school(f"{9909990000 + at}", pupils=100 + at, name=name) for at, name in enumerate(names(), 1)]
    shown = [name for name in titled if name in rows[0]]
    words = {"primary": "小学", "county": "地方"}
    (folder / COUNTY).mkdir(parents=True)
    with (folder / COUNTY / "schools_2024.csv").open("w", encoding="utf-8", newline="") as written:
        lines = csv.writer(written)
        lines.writerow([titled[name] for name in shown])
        lines.writerows([[words.get(str(row[name]), row[name]) for name in shown] for row in rows])
    (folder / "sources.yml").write_text(f'counties: {{"{COUNTY}": {{zh: 甲县, en: A}}}}\n', encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_hostile_names_stand_in_every_format_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUNHENG_PROCESSED", str(tmp_path / "processed"))
    assert cli.main(["report", COUNTY, "--data", str(raw(tmp_path / "raw")), "--out", str(tmp_path / "out")]) == 0
    folder = tmp_path / "out" / COUNTY / "2024"
    page = lxml.html.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    word = docx.Document(str(folder / "report.docx"))
    book = openpyxl.load_workbook(folder / "annex.xlsx")
    printed = subprocess.run(
        ["pdftotext", "-raw", folder / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    told = {
        "html": flat("".join(page.itertext())),
        "pdf": flat(printed.stdout),
        "docx": flat("".join(each.text or "" for each in word.element.iter() if each.tag.endswith("}t"))),
        "xlsx": flat("".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)),
    }
    lost = {form: [name for name in names() if flat(harmless(name)) not in text] for form, text in told.items()}
    assert not any(lost.values()), lost
    # Nothing of them is markup: no script, no image, no link, no formula.
    assert not page.xpath(
        "//script[contains(., 'alert')] | //img[@src='x'] | //*[@onerror] | //a[contains(@href, 'javascript')]"
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [cell for cell in cells if "HYPERLINK" in str(cell.value)]
    assert not list(Path.cwd().glob("ran"))
