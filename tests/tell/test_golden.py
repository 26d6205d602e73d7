"""The text of three counties with opposite stories, as it was read line by line; a change of a word shows here.

JUNHENG_GOLDEN=write puts today's text in place of the one that was read: read it again before committing.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.tell import Report

from .conftest import CHAPTERS

GOLDEN = Path(__file__).parent / "golden"
#: Versions of software stand in the chapter on data and method; it is no story.
TOLD = [name for name in CHAPTERS if name != "data"]


def read_aloud(report: Report) -> str:
    """Return the text as a reader hears it: numbers without their marks."""
    text = "\n".join(report.chapter(name).text for name in TOLD)
    return re.sub(r"\[([^\]]*)\]\{\.n [^}]*\}", r"\1", text)


@pytest.mark.parametrize(("county", "lang"), [("990101", "zh"), ("990102", "zh"), ("990109", "zh"), ("990101", "en")])
def test_the_story_reads_as_it_was_read(sample: Callable[..., Report], county: str, lang: str) -> None:
    path = GOLDEN / f"{county}.{lang}.md"
    told = read_aloud(sample(county, lang=lang))
    if os.environ.get("JUNHENG_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")
