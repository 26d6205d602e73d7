"""What stands in the data comes out as it stands, whatever it would mean to Markdown, HTML or Typst."""

import html

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tell.language import escape

NASTY = [
    "第*一*小学",
    "`#read(\"/etc/hosts\")`{=typst}",
    "<script>alert(1)</script>",
    "[实验](http://example.org)小学",
    "a_b_c ~~d~~ ^e^ ~f~",
    "$x^2$ 与 $$y$$",
    "::: {.verdict}",
    "# 标题",
    "1. 第一",
    "- 列表",
    "\\newpage",
    "@fig-schools",
    "{{< include secret.md >}}",
    "| 表 | 格 |",
    "“引号” 'a' -- ... ---",
    "[0.46]{.n f=\"x\"}",
    "&lt;b&gt; &amp;",
    "!图",
]  # fmt: skip


def test_markdown_prints_every_name_as_it_stands() -> None:
    source = "\n\n".join(escape.markdown(name) for name in NASTY)
    printed = pypandoc.convert_text(source, "plain", format="markdown", extra_args=["--wrap=none"])
    assert [line for line in printed.splitlines() if line] == [escape.plain(name) for name in NASTY]


def test_a_name_inside_a_sentence_starts_nothing() -> None:
    source = "\n\n".join(f"甲{escape.markdown(name)}乙" for name in NASTY)
    printed = pypandoc.convert_text(source, "plain", format="markdown", extra_args=["--wrap=none"])
    assert [line for line in printed.splitlines() if line] == [f"甲{escape.plain(name)}乙" for name in NASTY]


@given(st.text())
def test_a_cell_holds_no_tag_no_line_and_no_fence(text: str) -> None:
    cell = escape.cell(text)
    assert not set(cell) & set('<>`\n\r"')
    assert html.unescape(cell) == html.unescape(html.escape(escape.plain(text)))


@pytest.mark.parametrize("text", ["a\nb", "a\r\n b", "a\tb", "a\u2028b", " a b "])
def test_white_space_is_one_space(text: str) -> None:
    assert escape.plain(text) == "a b"
