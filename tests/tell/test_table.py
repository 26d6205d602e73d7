"""Tables leave a cell as one fenced block of HTML that both engines read."""

import polars as pl
import pypandoc
import pytest

from analysis.tell.parts.table import Cell, Table

from .conftest import school, small


def one(name: str = "第*一*小学", caption: str = "各校") -> Table:
    body = ((Cell(name), Cell("0.47", number=True, verdict="not_met", finding="resources.cv_sports_area.junior")),)
    return Table(
        "schools",
        caption,
        pl.DataFrame({"a": [name], "b": [0.47]}),
        ("a", "b"),
        ("学校", "差异系数"),
        (False, True),
        body,
    )


def test_cells_carry_their_class_and_their_finding() -> None:
    assert '<td class="num not-met" data-f="resources.cv_sports_area.junior">0.47</td>' in one().html()
    assert "<td>第*一*小学</td>" in one().html()


def test_what_is_met_is_not_shaded() -> None:
    assert Cell("0.33", number=True, verdict="met").html() == '<td class="num">0.33</td>'


def test_the_output_is_markdown_with_its_name() -> None:
    shown = one()._repr_mimebundle_()
    assert set(shown) == {"text/plain", "text/markdown", "text/html"}
    assert shown["text/markdown"].startswith("::: {#tbl-schools}\n\n```{=html}\n<table>")


def test_no_name_ends_the_fence_or_opens_a_tag() -> None:
    nasty = "```\n</table>\n:::\n`#read()`{=typst}"
    table = one(nasty, caption=nasty)
    assert table.markdown().count("```") == 2
    assert table.html().count("</table>") == 1
    printed = pypandoc.convert_text(table.html(), "plain", format="html", extra_args=["--wrap=none"])
    assert "``` </table> ::: `#read()`{=typst}" in printed


@pytest.mark.parametrize(("kind", "said"), [("nine_year", True), ("primary", False)])
def test_a_table_says_where_what_stages_share_is_split(kind: str, said: bool) -> None:
    for lang, words in (("zh", "全校共用的资产按加权学生数分摊到本学段"), ("en", "is split by weighted pupils")):
        table = small([school("1"), school("2", school_type=kind)], lang=lang).table("schools_primary")
        assert table is not None
        assert (words in table.source) == said


@pytest.mark.parametrize(("standard", "below", "limits"), [("national-2012", False, "综合差异系数上限"),
                                                           ("national-2017", True, "。差异系数上限")])  # fmt: skip
def test_a_note_speaks_of_what_the_table_has(standard: str, below: bool, limits: str) -> None:
    table = small([school("1"), school("2", sports_area=900.0)], standard=standard).table("resources")
    assert table is not None
    assert any(column.startswith("below") for column in table.columns) == below
    assert ("低于标准" in table.source) == below
    assert limits in table.source
