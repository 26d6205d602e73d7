"""Drafts and final reports: what is asked for, what every page says, and the day of signing as an input."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import project
from analysis.errors import RequestError
from analysis.render import annex, html, results
from analysis.render.meta import Meta
from analysis.render.workbook import plain
from analysis.run.build import stale, titles
from analysis.run.build.report import words_of
from analysis.run.request import resolve
from analysis.tell import Report, open_published

MARK = {"zh": "征求意见稿", "en": "Draft for comment"}


@pytest.mark.parametrize(
    ("given", "status"), [("", "final"), ("final", "final"), ("draft", "draft"), (" Draft ", "draft")]
)
def test_a_report_is_final_unless_a_draft_is_asked_for(given: str, status: str) -> None:
    request = resolve("990101", status=given)
    assert (request.status, request.variant) == (status, "")


@pytest.mark.parametrize(
    "words", [{"status": "approved"}, {"date": "2025-02-29"}, {"date": "15.1.2025"}, {"date": "2025"}]
)
def test_what_is_no_status_or_date_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(RequestError, match=next(iter(words.values())).replace(".", r"\.")):
        resolve("990101", **words)


def test_both_belong_to_the_key_and_to_the_notebook() -> None:
    requests = [resolve("990101", **words) for words in ({}, {"status": "draft"}, {"date": "2025-01-15"})]
    assert len({stale.key(one, "embedded") for one in requests}) == 3
    assert "status" not in words_of(requests[0])
    assert words_of(requests[1])["status"] == "draft"
    assert words_of(requests[2])["date"] == "2025-01-15"


@pytest.fixture(scope="module")
def published() -> Callable[..., Report]:
    return lambda **words: open_published("340103", data=project.raw(), **words)


@pytest.mark.parametrize(
    ("lang", "date", "said"),
    [("zh", "2025-01-05", "日期：2025年1月5日"), ("en", "2025-01-05", "Date: 5 January 2025"), ("zh", "", "日期：\n")],
)
def test_the_day_of_signing_is_printed_or_left_open(
    published: Callable[..., Report], lang: str, date: str, said: str
) -> None:
    report = published(lang=lang, date=date)
    assert said in report.chapter("sign").text
    assert results.results(report)["date"] == (date or None)
    assert titles.meta(report).date == (date or titles.latest(report.source_files, report.year))
    assert titles.meta(report).signed == date


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("status", ["draft", "final"])
def test_every_form_of_a_draft_bears_its_mark_and_no_final_report_does(
    published: Callable[..., Report], lang: str, status: str, tmp_path: Path
) -> None:
    report = published(lang=lang, status=status)
    meta, drafted = titles.meta(report), status == "draft"
    assert (MARK[lang] in meta.subtitle) is drafted
    assert (meta.mark == MARK[lang]) is drafted
    page = html.compose("", "<p>x</p>", meta)
    assert ("@top-right { content:" in page) is drafted
    assert (f'<p class="mark">{MARK[lang]}</p>' in page) is drafted
    annex.write(report, tmp_path / "annex.xlsx", meta)
    results.write(report, tmp_path / "results.json")
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["status"] == status
    with zipfile.ZipFile(tmp_path / "annex.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert all((plain(MARK[lang]) in one) is drafted for one in sheets)
    unsigned = {"zh": "尚未签署", "en": "is not signed"}[lang]
    assert (unsigned in report.chapter("sign").text) is drafted


def test_a_draft_of_synthetic_data_bears_both_marks() -> None:
    both = Meta("", "", "", 2024, "zh", "internal", True, "2025-01-01", "", draft=True)
    assert both.mark == "征求意见稿 · 合成数据，仅供演示"
    assert Meta("", "", "", 2024, "zh", "internal", False, "2025-01-01", "").mark == ""


def test_a_mark_in_a_style_sheet_ends_nothing() -> None:
    assert html._css_string('a"</style>') == '"a\\22 \\3c \\2f style\\3e "'
