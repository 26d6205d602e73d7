"""A person reads HTML, at JupyterLab or in what nbconvert makes; a report is made from Markdown alone."""

from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.project import RENDERERS, RENDERS, root
from analysis.tell import Narrative
from analysis.tell.speech.display import as_html, frames

from .conftest import school, small

TEXT = """# 结论 {#sec-conclusion}

系数[0.46]{.n f="resources.cv_sports_area.junior"}（[@fig-schools]），[@tbl-items-entry]列出各项。"""


def test_reports_are_made_from_markdown_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RENDERS, "1")
    assert Narrative("conclusion", TEXT)._repr_mimebundle_() == {"text/plain": "conclusion", "text/markdown": TEXT}


def test_a_person_sees_numbers_with_their_findings_and_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    shown = Narrative("conclusion", TEXT)._repr_mimebundle_()
    assert shown["text/markdown"] == TEXT
    html = shown["text/html"]
    assert (
        '<span class="n" title="resources.cv_sports_area.junior">0.46</span>，<code>items_entry</code>列出各项。'
        in html
    )
    assert not any(mark in html for mark in ("[@", "#sec", "{."))


def test_a_person_sees_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    table = small([school("1"), school("2")]).table("schools_primary")
    assert table
    html = table._repr_mimebundle_()["text/html"]
    assert "<caption>2024年小学各校指标</caption>" in html
    assert '<p class="source">标准：' in html


def test_what_is_delivered_is_converted_at_once_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    texts = [TEXT, "::: {.source}\n变动。\n:::\n"]
    alone = [Narrative("", text)._repr_mimebundle_()["text/html"] for text in texts]
    assert [page.split() for page in as_html(texts)] == [page.split() for page in alone]
    assert as_html([]) == []


def test_quarto_executes_a_notebook_for_markdown_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RENDERS, raising=False)
    monkeypatch.setenv("QUARTO_FIG_FORMAT", "svg")
    assert "text/html" not in Narrative("conclusion", TEXT)._repr_mimebundle_()


def test_frames_of_a_rendered_notebook_are_tables_and_no_html(monkeypatch: pytest.MonkeyPatch) -> None:
    shell: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    frame = pd.DataFrame({"学校": ["甲"], "数": [1]})
    for name in RENDERERS:
        monkeypatch.delenv(name, raising=False)
    frames()
    assert "text/markdown" not in shell.display_formatter.format(frame)[0]
    monkeypatch.setenv(RENDERS, "1")
    frames()
    shown = shell.display_formatter.format(frame)[0]
    assert "text/html" not in shown
    assert shown["text/markdown"].startswith("```{=html}\n<table")
    assert "<td>甲</td>" in shown["text/markdown"]


def test_each_output_brings_the_rules_that_its_page_needs_and_no_others() -> None:
    sheet = (root() / "reports" / "html" / "notebook.css").read_text(encoding="utf-8")
    rows = "<table><tr><td class='num'>1</td></tr></table>"
    prose, verdict, table = as_html(["甲县。", "::: {.verdict .met}\n达到\n:::", f"```{{=html}}\n{rows}\n```"])
    assert ".junheng { max-width" in prose
    assert all(name not in prose for name in (".verdict", ".fields", "table", ".num"))
    assert all(rule in verdict for rule in (".verdict {", ".verdict.met", ".verdict > p:first-child"))
    assert all(name not in verdict for name in ("span.not-met", ".fields", "table"))
    assert all(rule in table for rule in (".junheng table td", ".junheng table .num"))
    assert ".verdict" not in table
    everything = as_html([f"```\n{sheet}\n```"])[0]
    assert all(line in everything.partition("</style>")[0] for line in sheet.splitlines()[1:])
