"""Start tags of a page are found by a parser; all else stays as it was written."""

import pytest

from analysis.render import html
from analysis.render.tags import Tag, replaced


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("<p>甲</p>\n<B class='a'>x</B >", "<p>甲</p>\n[a]x</B >"),
        ('<b class="a > b">&amp;&nbsp;</b>', "[a > b]&amp;&nbsp;</b>"),
        ("<b/><br>", "[]<br>"),
        ("<!-- <b> --><script>'<b>'</script><b>", "<!-- <b> --><script>'<b>'</script>[]"),
        ("a < b &lt;b&gt;", "a < b &lt;b&gt;"),
        ("", ""),
    ],
)
def test_tags_are_replaced_and_nothing_else(page: str, after: str) -> None:
    assert replaced(page, {"b": lambda tag: f"[{tag.attributes.get('class', '')}]"}) == after


@pytest.mark.parametrize(
    ("tag", "after"),
    [
        ("<th>", '<th scope="col">'),
        ('<th style="text-align: right;">', '<th scope="col" style="text-align: right;">'),
        ('<th scope="row">', '<th scope="row">'),
    ],
)
def test_a_head_says_that_it_is_one_of_a_column(tag: str, after: str) -> None:
    assert (
        replaced(f"<thead><tr>{tag}一</th></tr></thead>", {"th": html._head})
        == f"<thead><tr>{after}一</th></tr></thead>"
    )


def test_a_tag_tells_its_attributes_without_entities() -> None:
    seen: list[Tag] = []

    def look(tag: Tag) -> str:
        seen.append(tag)
        return tag.text

    page = '<img src="figures/fig-a" alt="&lt;甲&gt; &quot;乙&quot;">'
    assert replaced(page, {"img": look}) == page
    assert [tag.attributes for tag in seen] == [{"src": "figures/fig-a", "alt": '<甲> "乙"'}]
