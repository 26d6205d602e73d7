"""The form of a region's review: its counties' own verdicts and counts, and what the review finds left open."""

import re
from pathlib import Path

import pytest

from analysis.errors import RequestError
from analysis.render import region as beside
from analysis.tell.documents.region import RegionReport
from analysis.tell.documents.region import gathering as parts
from analysis.tell.documents.review import ReviewForm
from tests.tell.conftest import school, small
from tests.tell.test_region import county, poor, region_of


def paper(lang: str = "zh") -> RegionReport:
    return region_of(
        (county("990701"), small(poor()), parts.JUDGED),
        (county("990702"), small([school(f"{n}") for n in range(3)]), parts.JUDGED),
        (county("990704"), None, parts.ABSENT),
        lang=lang,
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_figures_are_those_of_the_regions_results(lang: str) -> None:
    region = paper(lang)
    told = ReviewForm(region=region)
    results = beside.results(region)
    counts = {one["id"]: one["value"] for one in results["counts"]}
    text = told.text().text
    found = re.findall(r'\[([\d,]+)\]\{\.n f="([^"]+)"', text)
    assert found
    for shown, id in found:
        assert int(shown) == counts[id]
    table = told.table("counties")
    assert table is not None
    rows = {row["county"]: row for row in table.frame.iter_rows(named=True)}
    for one, row in zip(region.counties, rows.values(), strict=True):
        verdict = next(each for each in results["counties"] if each["county"] == one.code)["verdict"]
        assert row["verdict"] == (verdict or region.base.word("region_states", one.state))
        assert row["unmet"] == (len(one.unmet) if verdict else None)
    assert "None" not in text
    assert text.count(":::") % 2 == 0


def test_what_the_review_finds_is_left_open() -> None:
    text = ReviewForm(region=paper()).text().text
    assert set(re.findall("【此处由复核组填写：([^】]+)】", text)) == {"复核时间", "复核组成员", "复核结论", "复核意见"}


def test_a_template_of_ones_own_is_used_or_told_as_faulty(tmp_path: Path) -> None:
    own = tmp_path / "review.zh.md.j2"
    own.write_text("{{ report.name }}{{ told.show('counties') }}", "utf-8")
    assert ReviewForm(region=paper(), template=str(own)).text().text.startswith("试验市")
    own.write_text("{{ told.nothing }}", "utf-8")
    with pytest.raises(RequestError, match="nothing"):
        ReviewForm(region=paper(), template=str(own)).text()
