"""The chapter on government duties names what was reported without a document, and only that."""

from typing import Any

import pytest

from .conftest import school, small


def told(lang: str, *items: dict[str, Any]) -> str:
    rows = [{"county": "990999", "year": 2024} | row for row in items]
    return small([school("1"), school("2")], {"government": rows}, lang=lang).chapter("government").text


@pytest.mark.parametrize(("lang", "word"), [("zh", "没有写明佐证材料"), ("en", "without a document")])
def test_what_has_no_document_is_named(lang: str, word: str) -> None:
    shown = {"item": "posts_allotted", "answer": "yes", "evidence": "县编办发〔2024〕7号"}
    assert word not in told(lang, shown)
    # A value is judged as reported; still nothing shows it.
    said = told(lang, shown, {"item": "rotation", "value": 0.2}).split(word)[1]
    assert ("交流轮岗教师占符合条件教师的比例" if lang == "zh" else "share of eligible teachers who rotate") in said
    assert ("统筹分配各校编制" if lang == "zh" else "allots posts") not in said.split("\n")[0]
