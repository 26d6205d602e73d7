"""A plain `quarto render` knows of a document only what its notebook's head says."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.pagewords import words_of
from analysis.render import pandoc, plain, zips
from analysis.render.reference import path as reference_path
from tests.render import office
from tests.tell.conftest import school, small

MARK = "合成数据，仅供演示"


def head(**words: Any) -> str:
    return small([school("1")], **words).front().markdown() + "\n# 结论\n\n首段。\n"


def read(text: str, metadata: dict[str, Any], target: str = "json") -> Any:
    """Return what front.lua makes of a document, as pandoc's tree."""
    return json.loads(pandoc.convert(text, pandoc.MARKDOWN, target, metadata, pandoc.filters("front"), Path.cwd()))


def words(value: Any) -> str:
    """Return the text of a value of the metadata."""
    if isinstance(value, dict):
        return (
            value["c"] if value.get("t") == "Str" else " " if value.get("t") == "Space" else words(value.get("c", ""))
        )
    return "".join(map(words, value)) if isinstance(value, list) else ""


def test_the_head_fills_in_what_nobody_has_said() -> None:
    tree = read(head(), {"title": "县域义务教育优质均衡监测报告", "lang": "en"})
    meta = {name: words(value) for name, value in tree["meta"].items()}
    assert meta["title"].startswith("试验县义务教育")
    assert "教督〔2017〕6号" in meta["subtitle"]
    assert meta["office"].startswith("试验县")
    assert meta["page-mark"] == MARK
    assert tree["meta"]["lang"] == {"t": "MetaString", "c": words_of("zh")["pandoc_lang"]}
    assert [block["t"] for block in tree["blocks"]] == ["Header", "Para"]


def test_it_changes_nothing_that_is_known() -> None:
    known = {"title": "甲", "page-mark": "", "lang": "en", "words": {"figure": "图"}}
    tree = read(head(), known)
    assert words(tree["meta"]["title"]) == "甲"
    assert words(tree["meta"]["page-mark"]) == ""
    assert "office" not in tree["meta"]
    assert [block["t"] for block in tree["blocks"]] == ["Header", "Para"]


def test_a_web_page_bears_the_mark_above_its_text() -> None:
    page = pandoc.convert(head(), pandoc.MARKDOWN, "html", {}, pandoc.filters("front"), Path.cwd())
    assert page.index(MARK) < page.index("结论")
    final = pandoc.convert(head(synthetic=False), pandoc.MARKDOWN, "html", {}, pandoc.filters("front"), Path.cwd())
    assert MARK not in final


@pytest.mark.parametrize(("lang", "mark"), [("zh", MARK), ("en", "Synthetic data, for demonstration only")])
def test_an_office_document_is_finished(lang: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "one.docx"
    given = [f"--output={path}", f"--reference-doc={reference_path()}", *pandoc.filters("front", "contents", "style")]
    table = "\n| 甲 | 乙 |\n|:--|--:|\n| 1 | 2 |\n"
    pandoc.convert(head(lang=lang) + table + "\n# 资源配置\n\n正文。\n", pandoc.MARKDOWN, "docx", {}, given, tmp_path)
    path.write_bytes(plain.finish(path.read_bytes()))
    heads = [part for name, part in zips.read(path.read_bytes()).items() if name.startswith("word/header")]
    assert heads
    assert all(mark in part.decode() for part in heads)
    styles = [style for style, _ in office.told(path).paragraphs]
    assert styles.index("TOCHeading") < styles.index("Heading1")  # with the title, before the text
    assert office.doubled(path) == []


def test_a_document_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.docx"
    pandoc.convert("# A\n\nB\n", pandoc.MARKDOWN, "docx", {"title": "mine"}, [f"--output={path}"], tmp_path)
    assert plain.finish(path.read_bytes()) == path.read_bytes()
