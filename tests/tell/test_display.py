"""At JupyterLab a person reads HTML; a report is made from Markdown alone."""

import pytest

from analysis.project import JUPYTER_SESSION
from analysis.tell import Narrative

from .conftest import school, small

TEXT = """# 结论 {#sec-conclusion}

系数[0.46]{.n f="resources.cv_sports_area.junior"}（[@fig-schools]），[@tbl-items-entry]列出各项。"""


def test_reports_are_made_from_markdown_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(JUPYTER_SESSION, raising=False)
    assert Narrative("conclusion", TEXT)._repr_mimebundle_() == {"text/plain": "conclusion", "text/markdown": TEXT}


def test_a_person_sees_numbers_with_their_findings_and_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JUPYTER_SESSION, "notebooks/county_report.ipynb")
    shown = Narrative("conclusion", TEXT)._repr_mimebundle_()
    assert shown["text/markdown"] == TEXT
    html = shown["text/html"]
    assert (
        '<span class="n" title="resources.cv_sports_area.junior">0.46</span>，<code>items_entry</code>列出各项。'
        in html
    )
    assert not any(mark in html for mark in ("[@", "#sec", "{."))


def test_a_person_sees_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(JUPYTER_SESSION, "notebooks/county_report.ipynb")
    table = small([school("1"), school("2")]).table("schools_primary")
    assert table
    html = table._repr_mimebundle_()["text/html"]
    assert "<caption>2024年小学各校指标</caption>" in html
    assert '<p class="source">标准：' in html
