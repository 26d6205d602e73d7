"""Tables of plain text are written without Pandoc: the same documents as by its way, which stays for all others."""

import ast
import re
from pathlib import Path

import numpy as np
import polars as pl
import pypdfium2
import pytest
from lxml import etree

from analysis import project
from analysis.errors import DataError
from analysis.render import embedded, zips
from analysis.render.document import Document
from analysis.render.grids import grid, to_html, to_typst, widths
from analysis.render.reference import W
from analysis.tell.parts.table import Cell, Table
from tests.render import handmade

CELLS = [[("一 二", ""), ("1.5", "num")], [("= 三", "not-met"), ("—", "")]]
TRICKY = [
    [('"引号" \\ 反斜线', ""), ("1. 一", "num not-met"), ("+ a -- b...", "undecidable")],
    [("#panic() $x$ *y* _z_ @w <k>", "no-data"), ("3,000", "num"), ("", "")],
    [("letters" * 9, "met"), ("Seven words that may break between them", ""), ("2024—2025“年”", "")],
]


def fenced(rows: list[list[tuple[str, str]]] = CELLS, name: str = "a", heads: tuple[str, ...] = ("甲", "乙")) -> str:
    return handmade.table(name, f"表题{name}", heads, rows)


def test_a_table_of_plain_text_leaves_one_cell_with_its_caption() -> None:
    text, grids = grid.take("前\n\n" + fenced() + "\n后\n")
    assert text.count("<td>") == 1
    assert "<caption>表题a</caption>" in text
    assert (text.startswith("前"), text.endswith("后\n")) == (True, True)
    (taken,) = grids.values()
    assert [head.text for head in taken.heads] == ["甲", "乙"]
    assert [[cell.text for cell in row] for row in taken.rows] == [["一 二", "1.5"], ["= 三", "—"]]
    assert taken.numeric == (False, True)
    assert [row[0].verdict for row in taken.rows] == ["", "not-met"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<td class="num">1.5</td>', '<td class="num" colspan="1">1.5</td>'),
        ('<td class="num">1.5</td>', '<td class="num"><b>1.5</b></td>'),
        ('<td class="num">1.5</td>', '<td onclick="x">1.5</td>'),
        ('<td class="num">1.5</td>', ""),
        ("<tbody>", "<tbody><tr></tr>"),
        ("<thead>", '<thead><tr><th scope="col">组</th><th scope="col">组</th></tr>'),
        ("<caption>表题a", "<caption><i>表题a</i>"),
    ],
)
def test_any_other_table_stays(old: str, new: str) -> None:
    text = fenced()
    assert text.count(old) == 1
    changed = text.replace(old, new)
    assert grid.take(changed) == (changed, {})


def test_a_table_without_rows_stays() -> None:
    assert grid.take(fenced([]))[1] == {}


def test_every_table_of_a_report_is_plain_text() -> None:
    body = ((Cell("<b>", finding="a:b"), Cell("1", number=True, verdict="not_met", finding='"c"')),)
    frame = pl.DataFrame({"a": ["<b>"], "b": [1]})
    table = Table("x", "题 `&`", frame, ("a", "b"), ("甲", "乙<"), (False, True), body, "来源", sortable=True)
    text, grids = grid.take(table.markdown())
    (taken,) = grids.values()
    assert [cell.text for row in taken.rows for cell in row] == ["<b>", "1"]
    assert text.endswith("来源\n:::")


def test_text_among_numbers_stands_to_the_right_on_a_page() -> None:
    _, grids = grid.take(fenced())
    page = to_html.fill('<table id="tbl-a" data-grid="0">\n<caption>c</caption>\n<tbody>-</tbody></table>', grids)
    assert page.startswith('<table id="tbl-a">\n<caption>c</caption>\n<thead>')
    assert '<td class="num">1.5</td>' in page
    assert '<td class="" style="text-align: right">—</td>' in page
    assert '<td class="">一 二</td>' in page


def test_a_table_that_finds_no_place_is_told() -> None:
    _, grids = grid.take(fenced())
    for write in (to_html.fill, to_typst.define):
        with pytest.raises(DataError) as told:
            write("nothing calls it", grids)
        assert told.value.values["reason"] == "表题a"


def test_columns_get_what_their_texts_need() -> None:
    """By hand: five narrow letters need 2.8 em and a wide one 2, each with 1.3 beside; the type is the largest."""
    _, grids = grid.take(fenced([[("12345", "num"), ("六", "")]], heads=("a", "b")))
    laid = widths.layout(grids["0"])
    room = 442 / 9
    assert laid.size == 9
    assert laid.parts == pytest.approx([(2.8 + 1.3) * 1.5 / room, (2 + 1.3) * 1.5 / room], abs=0.001)


def test_a_word_may_break_after_its_hyphen() -> None:
    """By hand: of higher-degree the longer part, with its hyphen, has seven letters of 0.56 em."""
    assert widths._runs("higher-degree teachers") == pytest.approx((22 * 0.56, 8 * 0.56))
    assert widths._runs("higher-degree") == pytest.approx((13 * 0.56, 7 * 0.56))


def test_what_is_filled_in_by_hand_has_room() -> None:
    _, grids = grid.take(fenced([[("一" * 60, ""), ("", "")]], heads=("甲", "乙")))
    laid = widths.layout(grids["0"])
    assert laid.parts[1] * 442 / laid.size >= widths.HAND


@pytest.mark.parametrize(("rows", "size"), [(20, 8.5), (60, 7.5)])
def test_a_table_longer_than_a_page_is_set_as_short_as_it_can_be(rows: int, size: float) -> None:
    """By hand: texts of 50 em take two lines at 9 pt (49.1 em with padding), one from 8.5 pt (52 em) on."""
    _, grids = grid.take(fenced([[("一" * 50, "")]] * rows, heads=("甲",)))
    assert widths.layout(grids["0"]).size == size


def test_a_short_cell_stays_whole_beside_a_long_one_where_there_is_room() -> None:
    rows = [[("未达到", ""), ("按规定应当达到的一项要求", ""), ("学校" * 200, "")]] * 3
    _, grids = grid.take(fenced(rows, heads=("结论", "内容", "依据")))
    laid = widths.layout(grids["0"])
    assert laid.parts[0] * 442 / laid.size >= 3 + widths.PADDING - 0.05


def test_the_filter_measures_by_the_same_numbers() -> None:
    told = (project.root() / "reports" / "filters" / "widths.lua").read_text(encoding="utf-8")
    numbers: dict[str, object] = {}
    for names, values in re.findall(r"^local ([A-Z_]+(?:, [A-Z_]+)*) = (.*?)(?: *--.*)?$", told, re.MULTILINE):
        read = ast.literal_eval(values.replace("{", "(").replace("}", ")"))
        numbers |= {names: read} if "," not in names else dict(zip(names.split(", "), read, strict=True))
    assert numbers == {name: value for name, value in vars(widths).items() if name.isupper() and name[0] != "_"}


def test_both_ways_lead_to_the_same_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = ("名称", "A number of words", "说明")
    tables = (
        fenced()
        + "\n::: {.source}\n来源：甲。\n:::\n\n::: {.source}\n另有说明。\n:::\n\n"
        + fenced(TRICKY * 4, "b", heads)
        + "\n[@tbl-b]\n"
    )
    tables += fenced([[("很长的文字" * 60, ""), ("1", "num")]], "c") + "\n::: {.source}\n来源：乙。\n:::\n"
    wide = [[(f"第{row}行{column}", "num" if column else "") for column in range(14)] for row in range(60)]
    tables += fenced(wide, "d", tuple(f"第{column}列的名称" for column in range(14)))
    made = []
    for taken in (True, False):
        if not taken:
            monkeypatch.setattr(embedded, "take", lambda text: (text, {}))
        folder = tmp_path / str(taken)
        folder.mkdir()
        work = embedded.begun(Document(tables, {}, ()), handmade.META, folder)
        assert len(work.grids) == (4 if taken else 0)
        made.append({kind: make(work) for kind, make in embedded.MAKERS.items()})
    ours, pandoc = made
    assert cells(ours["docx"]) == cells(pandoc["docx"])
    for page, other in zip(pages(ours["pdf"]), pages(pandoc["pdf"]), strict=True):
        assert page[0] == other[0]
        assert np.array_equal(page[1], other[1])


def cells(document: bytes) -> list[list[object]]:
    """Return of each cell of an office document what it says and all values that dress it."""
    tree = etree.fromstring(zips.read(document)["word/document.xml"])
    rows = tree.findall(f".//{{{W}}}tr")
    return [[_told(cell) for cell in row] for row in rows]


def _told(cell: etree._Element) -> tuple[str, set[tuple[str, str]]]:
    said = "".join(cell.itertext())
    # Of an empty cell no side is seen, and a font for Chinese letters changes nothing in others.
    unseen = {"rFonts", "jc"} if not said else {"rFonts"}
    names = [(etree.QName(node).localname, node) for node in cell.iter() if node.attrib]
    return said, {(name, str(sorted(node.attrib.items()))) for name, node in names if name not in unseen}


def pages(document: bytes) -> list[tuple[str, np.ndarray]]:
    """Return what each page of a PDF says, and how it looks."""
    read = pypdfium2.PdfDocument(document)
    return [(page.get_textpage().get_text_range(), page.render(scale=1).to_numpy()) for page in read]


def test_tables_are_found_in_a_page_however_it_is_spelled() -> None:
    (taken,) = grid.take(fenced())[1].values()
    page = (
        "<p>甲\u2028乙\x0b&lt;table data-grid=\"0\"&gt;</p>\n<!-- <table data-grid='0'> -->"
        "<TABLE class='a' data-grid='0' id=t><caption>表1 <b>甲</b></caption>"
        "<tbody><tr><td>-</td></tr></tbody></TABLE><p>后</p>"
    )
    filled = to_html.fill(page, {taken.id: taken})
    before, _, rest = filled.partition('<table class="a" id="t"><caption>表1 <b>甲</b></caption>\n<thead>')
    assert before == page[: page.index("<TABLE")]
    assert rest.endswith("</tbody>\n</table><p>后</p>")
    assert rest.count("<td") == 4


def test_a_page_that_lost_a_table_is_refused() -> None:
    (taken,) = grid.take(fenced())[1].values()
    with pytest.raises(DataError, match="表题a"):
        to_html.fill("<p>无表</p>", {taken.id: taken})
